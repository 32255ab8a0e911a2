"""Whether Keras's own model source, read as plain source, comes out as real Keras builds it.

    python benchmarks/applications.py [NAME…]

Each public builder of the installed `keras.applications` is read from its module's source with a call and a compile
appended, and its output shape and number of weights are compared with what real Keras said, as recorded by
`tools/generate_applications.py`. Prints one line for each builder, then how many agree.

Good: all 40 builders agree, each under 2 s on an idle machine.
In `make bench`: the whole
"""

from __future__ import annotations

import ast
import sys
import time
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from keraslint import reader
from keraslint.graph import Program, Unknown, parameters
from keraslint.keras_api.applications import application, application_names

CLASSES = 1000
SLOWEST = 2.0


def sources() -> dict[str, Path]:
    """For each builder, the module that defines it."""
    spec = find_spec("keras")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("The benchmark reads the source of the installed Keras; install keras first")
    found: dict[str, Path] = {}
    for path in sorted(Path(spec.submodule_search_locations[0], "src", "applications").glob("*.py")):
        if not path.name.endswith("_test.py"):
            body = ast.parse(path.read_text(encoding="utf-8")).body
            functions = [node.name for node in body if isinstance(node, ast.FunctionDef)]
            found.update({name: path for name in functions if name in application_names()})
    return found


def judge(name: str, program: Program) -> str:
    """How the model that the program compiles differs from the recorded one; empty when it does not."""
    expected = application(name)
    assert expected is not None
    if not program.trainings:
        return f"no model: {[unknown.reason for unknown in program.unknowns][-2:]}"
    model = program.trainings[0].model
    wanted = expected.top_params + (expected.bottleneck + 1) * CLASSES
    total, _ = parameters(model)
    if model.output_shape.dims != (None, CLASSES):
        causes = [f"{call.layer.name}: {call.output_shape}" for call in model.calls if not call.output_shape.known]
        return f"output {model.output_shape} {causes[:2]} {[unknown.reason for unknown in program.unknowns][-2:]}"
    if isinstance(total, Unknown):
        return f"weights unknown: {total.reason}"
    return "" if total == wanted else f"{total:,} weights, Keras has {wanted:,}"


def main() -> None:
    found = sources()
    names = sys.argv[1:] or sorted(found)
    agreeing = in_time = 0
    reader.read("import keras\nkeras.layers.Dense(1)\n", "warm.py")
    for name in names:
        text = found[name].read_text(encoding="utf-8")
        source = f"{text}\nmodel = {name}(weights=None)\nmodel.compile(loss='mse')\n"
        start = time.process_time()
        program = reader.read(source, str(found[name]))
        seconds = time.process_time() - start
        difference = judge(name, program)
        agreeing += not difference
        in_time += seconds < SLOWEST
        print(f"{name:22} {seconds:5.2f} s  {difference or 'agrees'}", flush=True)
    print(f"{agreeing} of {len(names)} agree exactly; {in_time} under {SLOWEST:g} s")


if __name__ == "__main__":
    main()
