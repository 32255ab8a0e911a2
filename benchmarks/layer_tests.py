"""How often our shape rules agree with Keras's own unit tests, overall and per family.

Run it with a Python that has Keras and pytest. The cases are collected in a subprocess, or read from a file
that `tools/layer_test_cases.py` wrote:

    python benchmarks/layer_tests.py [cases.json]

A case agrees when all output shapes and the numbers of weights are the same; "unknown" disagrees. Cases stay
out whose arguments are no plain values, and layers whose shape a file decides. All others that disagree are
listed, with the difference and the test they come from.

Good: at least 99 % agree; the exit code says whether they do.
In `make bench`: the whole
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from keraslint.graph.facts import Fact, Span, Unknown
from keraslint.graph.objects import Argument, Layer
from keraslint.graph.shape import Shape
from keraslint.graph.shapes import Inferred, infer
from keraslint.graph.shapes.registry import LAYERS, RULES

NOWHERE = Span(1, 0, 1, 0)
DECIDED_ELSEWHERE = ("TFSMLayer",)
"""Layers that read their computation from a file."""
COLLECTOR = Path(__file__).parent.parent / "tools" / "layer_test_cases.py"


def value_of(encoded: Any) -> Any:
    """An argument as the reader would hand it over."""
    if isinstance(encoded, list):
        return tuple(value_of(item) for item in encoded)
    if isinstance(encoded, dict) and "layer" in encoded:
        return layer_of(encoded)
    if isinstance(encoded, dict):
        return Unknown("no plain value")
    return encoded


def layer_of(case: dict[str, Any]) -> Layer:
    arguments = tuple(Argument(name, Fact(value_of(given), NOWHERE)) for name, given in case["arguments"].items())
    return Layer(LAYERS + case["layer"], arguments, NOWHERE, name=case["layer"].lower())


def is_opaque(encoded: Any) -> bool:
    """Whether an argument, or one of a layer inside it, is an object that only running the test makes."""
    if isinstance(encoded, dict) and "layer" in encoded:
        return any(map(is_opaque, encoded["arguments"].values()))
    if isinstance(encoded, list):
        return any(map(is_opaque, encoded))
    return isinstance(encoded, dict)


def difference(case: dict[str, Any], ours: Inferred) -> str:
    """What we say otherwise than Keras; empty when nothing."""
    if "error" in case:
        return "" if ours.error else f"Keras raises: {case['error']}"
    if ours.error:
        return f"FALSE ERROR {ours.error}"
    expected = [Shape(tuple(dims)) for dims in case["outputs"]]
    fits = agree if case["symbolic"] else agree_at_run_time
    if len(expected) != len(ours.outputs) or not all(map(fits, expected, ours.outputs)):
        return f"shapes {', '.join(map(str, expected))} ≠ ours {', '.join(map(str, ours.outputs))}"
    if not same_count(case["params"], ours.params):
        return f"{case['params']} weights ≠ ours {ours.params}"
    fixed = case["non_trainable_params"]
    if fixed is not None and not same_count(fixed, ours.non_trainable_params):
        return f"{fixed} fixed weights ≠ ours {ours.non_trainable_params}"
    return ""


def agree(expected: Shape, ours: Shape) -> bool:
    return ours.known and expected.dims == ours.dims


def agree_at_run_time(expected: Shape, ours: Shape) -> bool:
    """The same, but what Keras leaves open until data flows may be any size."""
    pairs = zip(expected.dims, ours.dims, strict=False)
    return ours.known and len(expected.dims) == len(ours.dims) and all(b is None or a == b for a, b in pairs)


def same_count(expected: int, ours: int | Unknown) -> bool:
    return isinstance(ours, int) and ours == expected


def families() -> dict[str, str]:
    """The module of each rule, by the layer's name."""
    return {
        name.removeprefix(LAYERS): rule.__module__.rpartition(".")[2]
        for name, rule in RULES.items()
        if name.startswith(LAYERS)
    }


def compared(case: dict[str, Any]) -> str:
    inputs = tuple(Shape(tuple(dims)) for dims in case["inputs"])
    text = difference(case, infer(layer_of(case), inputs))
    if not text:
        return ""
    call = f"{case['layer']}{json.dumps(case['arguments'])} on {', '.join(map(str, inputs))}"
    return f"{call}: {text}  [{case['test']}]"


def left_out(case: dict[str, Any]) -> bool:
    return case["layer"] in DECIDED_ELSEWHERE or any(map(is_opaque, case["arguments"].values()))


def report(cases: Iterable[dict[str, Any]]) -> float:
    """Print the figures and the disagreements; the share of agreeing cases comes back."""
    family_of, total, right, rejected = families(), Counter[str](), Counter[str](), Counter[bool]()
    for case in cases:
        text = compared(case)
        if left_out(case) and "FALSE ERROR" not in text:
            total["left out"] += 1
            continue
        family = family_of.get(case["layer"], "without a rule")
        if "error" in case:
            rejected[not text] += 1
        else:
            total[family] += 1
            right[family] += not text
        if text:
            print(f"{family}: {text}")
    print(f"\nleft out: {total.pop('left out', 0)}")
    for family in sorted(total):
        print(f"{family:20} {right[family]:5} of {total[family]:5}  {right[family] / total[family]:.1%}")
    share = right.total() / max(1, total.total())
    print(f"{'all':20} {right.total():5} of {total.total():5}  {share:.1%}")
    print(f"calls that Keras rejects: {rejected[True]} rejected by us too, {rejected[False]} not")
    return share


def collected() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "cases.json"
        subprocess.run([sys.executable, str(COLLECTOR), str(target)], check=True, stdout=subprocess.DEVNULL)
        return read(target)


def read(path: Path) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return cases


if __name__ == "__main__":
    sys.exit(report(read(Path(sys.argv[1])) if sys.argv[1:] else collected()) < 0.99)
