"""The import graph of the package: no circles, no arrow against the layers, and few imports inside functions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = "keraslint"

LAYERS = (
    ("cli", "ipython"),
    ("plugin", "live"),
    ("summary", "files", "target", "notebooks"),
    ("reader", "confirm", "requirements", "brain"),
    ("rules",),
    ("edits", "settings", "problem"),
    ("printable", "bounded"),
    ("graph",),
    ("keras_api",),
)
"""Top first; an arrow goes down, or stays within one part."""

WINGS = (
    ("program",),
    ("uncalled",),
    ("keras",),
    ("project",),
    ("stdlib", "libraries"),
    ("language",),
    ("machine",),
)
"""The same of the reader."""

STOREYS = (
    ("views",),
    ("program",),
    ("own", "training", "observations", "parameters", "order", "rewiring"),
    ("objects",),
    ("shape", "once"),
    ("facts",),
)
"""The same of the graph, where shapes and objects lean on each other."""

LATE = {
    "keraslint": "pylint's entry point: what is not a plugin needs no pylint",
    **dict.fromkeys(
        (f"keraslint.cli.{part}" for part in ("check", "confirm", "explain", "selecting", "summary")),
        "each command loads what it needs",
    ),
    "keraslint.confirm.child.__main__": "Keras is loaded once the process is ready for it",
    "keraslint.plugin.cells": "most runs of pylint see no notebook",
    "keraslint.plugin.checker": "the rules are loaded by the first file with Keras",
    "keraslint.plugin.run": "pylint is loaded when there is a file for it",
    "keraslint.plugin.sarif": "the pages are loaded by the first message of a rule",
    "keraslint.reader": "the machine is loaded by the first file with Keras",
    "keraslint.reader.keras.calls": "applications, backbones and KerasTuner are rare, and large",
    "keraslint.target": "pins are read when no option names the version",
}
"""Where something is imported inside a function, and why."""


def modules() -> dict[str, Path]:
    found = {}
    for path in (ROOT / PACKAGE).rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(tree: ast.Module, known: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What a module imports of the package: its name, and ``now``, ``late`` or ``typing``."""
    stack: list[tuple[ast.AST, str]] = [(tree, "now")]
    while stack:
        node, when = stack.pop()
        for child in ast.iter_child_nodes(node):
            inside = when
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                inside = "late"
            elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                inside = "typing"
            elif isinstance(child, ast.ImportFrom) and child.module and child.level == 0:
                for alias in child.names:
                    whole = f"{child.module}.{alias.name}"
                    yield (whole if whole in known else child.module), when
            elif isinstance(child, ast.Import):
                yield from ((alias.name, when) for alias in child.names)
            stack.append((child, inside))


def graph(when: str) -> dict[str, set[str]]:
    known = modules()
    return {
        name: {other for other, how in imported(ast.parse(path.read_text()), known) if how == when and other in known}
        for name, path in known.items()
    }


def circle(edges: dict[str, set[str]]) -> list[str]:
    """Modules that import one another in a circle, or nothing."""
    done: set[str] = set()
    path: list[str] = []

    def visit(name: str) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        path.append(name)
        found = next((way for other in sorted(edges.get(name, ())) if (way := visit(other))), [])
        path.pop()
        done.add(name)
        return found

    return next((way for name in sorted(edges) if (way := visit(name))), [])


def against(edges: dict[str, set[str]], layers: tuple[tuple[str, ...], ...], package: str) -> list[str]:
    """The arrows that go up, or to a neighbour."""
    rank = {f"{package}.{part}": n for n, parts in enumerate(layers) for part in parts}

    def part_of(name: str) -> str:
        return ".".join(name.split(".")[: package.count(".") + 2])

    wrong = []
    for name, others in edges.items():
        for other in others:
            one, two = part_of(name), part_of(other)
            if one in rank and two in rank and one != two and rank[two] <= rank[one]:
                wrong.append(f"{name} -> {other}")
    return sorted(wrong)


def test_there_is_no_circle() -> None:
    assert circle(graph("now")) == []


@pytest.mark.parametrize("when", ["now", "late"])
def test_no_arrow_goes_against_the_layers(when: str) -> None:
    assert against(graph(when), LAYERS, PACKAGE) == []


@pytest.mark.parametrize("when", ["now", "late"])
def test_no_arrow_goes_against_the_wings_of_the_reader(when: str) -> None:
    assert against(graph(when), WINGS, "keraslint.reader") == []


@pytest.mark.parametrize("when", ["now", "late"])
def test_no_arrow_goes_against_the_storeys_of_the_graph(when: str) -> None:
    assert against(graph(when), STOREYS, "keraslint.graph") == []


def test_a_rule_asks_views_and_nothing_inside_the_graph() -> None:
    allowed = {
        "keraslint.graph",
        "keraslint.graph.views",
        "keraslint.keras_api",
        "keraslint.edits",
        "keraslint.settings",
    }
    shared = {"file_names", "framework", "losses", "remedies", "versions"}
    imports = graph("now")
    for name, path in modules().items():
        text = path.read_text()
        if not name.startswith("keraslint.rules.") or "\n@rule(" not in text:
            continue
        family = ".".join(name.split(".")[:3])
        for other in imports[name]:
            own = other.startswith(f"{family}.") or other.removeprefix("keraslint.rules.") in shared
            assert other in allowed or own, f"{name} imports {other}"
        assert not re.search(r"\bid\(|\.given\(", text), f"{name} looks inside: let a view say it"


def test_every_part_has_its_place() -> None:
    for package, layers in ((PACKAGE, LAYERS), ("keraslint.reader", WINGS)):
        parts = {name.removeprefix(f"{package}.").split(".")[0] for name in modules() if name.startswith(f"{package}.")}
        placed = {part for parts in layers for part in parts}
        assert parts - placed <= {"__main__", "garbage", "parsing", "text"}


def test_imports_inside_functions_have_a_reason() -> None:
    late = {name for name, others in graph("late").items() if others}
    assert late == LATE.keys(), "import at the top, or ask through a question of `machine.protocols`"


def test_a_circle_and_a_wrong_arrow_would_be_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}}) == ["a", "b", "c", "a"]
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
    edges = {"keraslint.reader.language.names": {"keraslint.reader.keras.ops"}}
    assert against(edges, WINGS, "keraslint.reader") == [
        "keraslint.reader.language.names -> keraslint.reader.keras.ops"
    ]
    edges = {"keraslint.reader.stdlib.abcs": {"keraslint.reader.libraries.numpy"}}
    assert against(edges, WINGS, "keraslint.reader") != []
