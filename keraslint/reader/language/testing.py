"""What of a file is a test: whether it holds tests at all, and where these expect an error."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from astroid import nodes

from keraslint.graph import Span
from keraslint.reader.machine.places import nodes_in, span_of

LIBRARIES = ("absl.testing", "nose", "pytest", "unittest", "tensorflow.test", "tensorflow.python.platform.test")
NAMED_SO = re.compile(r"(^|[/\\])(test_[^/\\]*|[^/\\]*_test|conftest)\.py$")
COLLECTED = re.compile(r"(test_.*|.*_test|conftest)\.py$")
"""The names of files that make a folder one of tests; `tests` alone may be what somebody calls a folder of programs."""


def holds_tests(module: nodes.Module, path: str) -> bool:
    """Whether a file is one of tests: it has some, and by its name or its imports they are meant to be collected; or
    it lies among them and has none.

    A script that is called `test.py`, or one function of a program that is called `test`, makes none.
    """
    if not Path(path).name.startswith("test") and _lies_among_tests(Path(path)):
        return True
    return any(_tests_in(module)) and (NAMED_SO.search(path) is not None or any(map(_is_of_tests, _imports(module))))


def _lies_among_tests(path: Path) -> bool:
    """Whether a folder around a file, up to the nearest one called `tests`, has files that a runner would collect."""
    names = [folder.name for folder in path.parents]
    if "tests" not in names:
        return False
    try:
        return any(
            COLLECTED.match(name)
            for folder in path.parents[: names.index("tests") + 1]
            for name in os.listdir(folder)
            if name != path.name
        )
    except OSError:
        return False


def _tests_in(module: nodes.Module) -> Iterator[nodes.NodeNG]:
    """The functions and methods that a runner would collect."""
    for node in module.body:
        for part in node.body if isinstance(node, nodes.ClassDef) else (node,):
            if isinstance(part, nodes.FunctionDef) and re.match(r"test(_|[A-Z]|$)", part.name):
                yield part


def _imports(module: nodes.Module) -> Iterator[str]:
    for node in module.body:
        if isinstance(node, nodes.ImportFrom):
            yield from (f"{node.modname}.{name}" for name, _ in node.names)
        elif isinstance(node, nodes.Import):
            yield from (name for name, _ in node.names)


def _is_of_tests(name: str) -> bool:
    return any(name == library or name.startswith(f"{library}.") for library in LIBRARIES)


def refusals_expected(module: nodes.Module) -> tuple[Span, ...]:
    """The blocks that are written to fail: ``with pytest.raises(ValueError):`` and its likes."""
    return tuple(
        span_of(block)
        for block in nodes_in(module, nodes.With, nodes.AsyncWith)
        if any(expects_error(context) for context, _ in block.items)
    )


def expects_error(context: nodes.NodeNG) -> bool:
    """Whether it expects an error or a warning: ``pytest.raises(ValueError)``, ``self.assertWarns(UserWarning)``."""
    if not isinstance(context, nodes.Call) or not isinstance(context.func, nodes.Name | nodes.Attribute):
        return False
    name = context.func.attrname if isinstance(context.func, nodes.Attribute) else context.func.name
    return any(word in name.lower() for word in ("raises", "warns")) or name == "suppress"
