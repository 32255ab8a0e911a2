"""How much of the models in other people's packages is recovered: completely, partly, not at all, and why not.

    python benchmarks/strangers.py --fetch FOLDER       # downloads and unpacks the packages of packages.txt
    python benchmarks/strangers.py [--list] FOLDER…     # reads them; each folder is an unpacked package

A model construction is a place in the source where a `Sequential`, a `Model` or an instance of a subclass is made.
It counts as complete when one of the models read there is; as parameterized when all that is missing is what the
program itself leaves open: a parameter of a function that nothing in the project calls with a value, the command line,
a file, data from outside, an input shape that the program never states. Times are seconds of CPU; a file is out of fuel
when anything in it asked for more work than the reader allows.

Good: no crashes (the exit code says so), and no fewer models complete than before.
In `make bench`: .corpora/*
"""

from __future__ import annotations

import gc
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from astroid import nodes

from keraslint import keras_api, reader
from keraslint.graph import Model, Program, Shape, Unknown
from keraslint.reader.parsing import parse
from keraslint.reader.program import read_program
from keraslint.summary import is_complete

PACKAGES = Path(__file__).with_name("packages.txt")

OPEN_IN_THE_PROGRAM = re.compile(
    r"^(result of )*(parameter `|hyperparameter `|the command line's|no input shape is given|field `|\*\w+$|"
    r"a model loaded by|`\w+` is not defined|an Input without a shape|"
    r"the layer is not called in sight|`\w+` of \w+ is None$)"
)
"""Reasons that a better reader would give as well."""


@dataclass
class Tally:
    """What was found in one package."""

    sites: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    files: int = 0
    dry: list[str] = field(default_factory=list)
    """The files in which the reader ran out of fuel, and the first place in each."""
    listed: list[str] = field(default_factory=list)
    """Every construction that is not known, with its reasons."""
    crashes: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")


def survey(folder: Path) -> Tally:
    """Read every file of a package."""
    tally = Tally()
    for path in sorted(folder.rglob("*.py")):
        source = path.read_bytes()
        if not reader.mentions_keras(source):
            continue
        gc.collect()  # what the files before have left is not this one's work
        began = time.process_time()
        try:
            module = parse(source, str(path))
            program = read_program(module, str(path))
        except reader.ReadError:
            continue
        except Exception as error:  # a benchmark counts crashes, and goes on
            tally.crashes.append(f"{path}: {type(error).__name__}: {error}")
            continue
        tally.slowest = max(tally.slowest, (time.process_time() - began, str(path)))
        tally.files += 1
        tally.dry += [f"{path}:{unknown.span.line if unknown.span else 0}" for unknown in _out_of_fuel(program)][:1]
        for line, models in sites(module, program).items():
            _count(tally, f"{path}:{line}", models)
    return tally


def _out_of_fuel(program: Program) -> list[Unknown]:
    return [unknown for unknown in program.unknowns if "more work than is allowed" in unknown.reason]


def _count(tally: Tally, place: str, models: list[Model]) -> None:
    verdict, reasons = judge(models)
    tally.sites[verdict] += 1
    if verdict in ("partly", "not at all"):
        tally.listed.append(f"{verdict:10}  {place}  {' · '.join(dict.fromkeys(reasons))}")
    if verdict in ("partly", "not at all", "parameterized"):
        for reason in {generalized(reason) for reason in reasons}:
            tally.reasons[verdict, reason] += 1
            tally.examples.setdefault(reason, place)


def sites(module: nodes.Module, program: Program) -> dict[int, list[Model]]:
    """The lines where models are made, and the models read there."""
    own = {cls.name for cls in module.nodes_of_class(nodes.ClassDef)}
    found: dict[int, list[Model]] = {line: [] for line in _written(module, own)}
    for model in program.models:
        if model.span.line in found or (model.kind == "subclass" and model.class_name in own):
            found.setdefault(model.span.line, []).append(model)
    return found


def _written(module: nodes.Module, own: set[str]) -> Iterator[int]:
    """Lines with a call of Keras's own model classes, or of a name that may be one of them.

    A class of the file may be called `Model` without being one; if it is one, its instances are found as such.
    """
    imported = dict(_imports(module))
    for call in module.nodes_of_class(nodes.Call):
        if not isinstance(call.func, nodes.Name | nodes.Attribute):
            continue
        owner, _, name = call.func.as_string().rpartition(".")
        given = len(call.args) + len(call.keywords)
        if name != "Sequential" and (name not in ("Model", "Functional") or given < 2):
            continue
        root, dot, rest = call.func.as_string().partition(".")
        if root in own:
            continue
        path = imported.get(root, root) + dot + rest
        if keras_api.canonical(path) or "keras" in path or (root not in imported and not owner.endswith("nn")):
            yield call.lineno


def _imports(module: nodes.Module) -> Iterator[tuple[str, str]]:
    """Names that a module imports, with their dotted paths."""
    for node in module.nodes_of_class((nodes.Import, nodes.ImportFrom)):
        for name, alias in node.names:
            if isinstance(node, nodes.ImportFrom):
                yield alias or name, f"{node.modname}.{name}"
            else:
                yield (alias, name) if alias else (name.partition(".")[0],) * 2


def judge(models: list[Model]) -> tuple[str, list[str]]:
    """The verdict on one construction, and the reasons for what is missing in the model that is known best."""
    if any(is_complete(model) or _is_empty(model) for model in models):
        return "completely", []
    if not models:
        return "not at all", ["the call is never reached or not recognized"]
    best = min((list(causes(model)) for model in models), key=lambda found: sum(not is_open(r) for r in found))
    if best and all(is_open(reason) for reason in best):
        return "parameterized", best
    known = any(model.layers for model in models)
    return "partly" if known else "not at all", [reason for reason in best if not is_open(reason)] or ["?"]


def _is_empty(model: Model) -> bool:
    """A Sequential that nothing is ever added to."""
    return model.kind == "sequential" and not model.layers and not model.unknowns


def is_open(reason: str) -> bool:
    return OPEN_IN_THE_PROGRAM.match(reason) is not None


def causes(model: Model) -> Iterator[str]:
    """Why a model is not complete: each unknown where it enters, not where it is passed on."""
    yield from (unknown.reason for unknown in model.unknowns)
    if not model.outputs and not model.unknowns:
        yield "no outputs"
    for tensor in model.inputs:
        yield from _reasons(tensor.shape)
    own = {id(tensor) for tensor in model.inputs}
    for call in model.calls:
        for tensor in call.inputs:
            if tensor.producer is None and id(tensor) not in own:
                yield from _reasons(tensor.shape)
        incoming = {reason for tensor in call.inputs for reason in _reasons(tensor.shape)}
        mine = [reason for shape in call.output_shapes for reason in _reasons(shape)]
        if not incoming:
            yield from mine


def _reasons(shape: Shape) -> Iterable[str]:
    if not shape.rank_known:
        yield shape.reason
    yield from (dim.reason for dim in shape.dims if isinstance(dim, Unknown))


def generalized(reason: str) -> str:
    return re.sub(r"\d+", "N", reason)[:90]


def fetch(folder: Path) -> None:
    """Download the packages, without what they depend on, and unpack them into a folder each."""
    for name in PACKAGES.read_text(encoding="utf-8").split():
        with tempfile.TemporaryDirectory() as download:
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", download, name]
            if subprocess.run(pip, check=False).returncode != 0:
                print(f"{name}: not to be had", file=sys.stderr)
                continue
            for archive in Path(download).iterdir():
                as_zip = ["zip"] if archive.suffix == ".whl" else []
                shutil.unpack_archive(archive, folder / name, *as_zip)


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--fetch"]:
        fetch(Path(arguments[1]))
        return 0
    listing = "--list" in arguments
    folders = [argument for argument in arguments if argument != "--list"]
    total = Tally()
    print(f"{'package':34} files  sites  complete  param.  partly  not at all  out of fuel  slowest")
    for folder in map(Path, folders):
        tally = survey(folder)
        print(f"{folder.name:34} {_row(tally)}", flush=True)
        if listing:
            print(*tally.listed, *(f"out of fuel {place}" for place in tally.dry), sep="\n")
        total.sites += tally.sites
        total.reasons += tally.reasons
        total.files += tally.files
        total.dry += tally.dry
        total.crashes += tally.crashes
        total.slowest = max(total.slowest, tally.slowest)
        for reason, place in tally.examples.items():
            total.examples.setdefault(reason, place)
    print(f"{'all':34} {_row(total)}  {total.slowest[1]}")
    count = total.sites.total() or 1
    known = total.sites["completely"] + total.sites["parameterized"]
    print(f"\ncompletely or parameterized: {known} of {count} ({100 * known / count:.1f} %)")
    for verdict in ("partly", "not at all", "parameterized"):
        print(f"\n{verdict}, most common reasons:")
        rows = [(n, reason) for (kind, reason), n in total.reasons.most_common() if kind == verdict]
        for number, reason in rows[: 40 if verdict != "parameterized" else 10]:
            print(f"  {number:5}  {reason}   [{total.examples[reason]}]")
    print("\ncrashes:", *(total.crashes or ["none"]), sep="\n  ")
    return 1 if total.crashes else 0


def _row(tally: Tally) -> str:
    names = ("completely", "parameterized", "partly", "not at all")
    return (
        f"{tally.files:5}  {tally.sites.total():5}  "
        + "  ".join(f"{tally.sites[name]:7}" for name in names)
        + f"  {len(tally.dry):11}  {tally.slowest[0]:6.2f} s"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
