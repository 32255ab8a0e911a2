"""How many small faults in confirm's judging, data and plans are noticed by its own fast tests.

    python benchmarks/mutations.py [MODULE…]        # judge, child.samples, …; all of them when none is named

Each comparison, `and`, `or`, `not` and number is changed, one at a time, and the tests of that module run until one
fails. The tests are collected once; each mutant lives in a fork of that process, where it takes the place of the
code that was loaded. Prints for each module how many mutants were noticed, and where and how the others changed it.

Good: every mutant is noticed; one that is not asks for a test, or for a line in `EQUIVALENT`.
In `make bench`: child.pace
"""

from __future__ import annotations

import ast
import copy
import importlib
import os
import signal
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent.parent
PACKAGE = "keraslint.confirm."
SECONDS = 30
"""A mutant that runs for longer hangs, which is noticed, too."""

JUDGING = ("comparing", "what_was_seen", "judge", "curves", "telling")
PLANNING = ("variants", "parts_of_a_case", "datasets", "planning")
TESTS: dict[str, tuple[str, ...]] = {
    "comparing": JUDGING,
    "symptoms": ("what_was_seen", "judge", "telling"),
    "judge": ("judge",),
    "telling": ("telling", "judge"),
    "curves": ("curves",),
    "criteria": (*JUDGING, "pace", *PLANNING),
    "child.scoring": ("scoring",),
    "child.pace": ("pace",),
    "child.samples": ("samples",),
    "variants": PLANNING,
    "datasets": PLANNING,
    "plan": PLANNING,
    "planning": PLANNING,
}

EQUIVALENT: dict[tuple[str, str], str] = {}
"""Changes that change nothing that could be seen, by module and by the line as it is left; with the reason."""


@dataclass(frozen=True)
class Mutant:
    """A module with one fault in it."""

    line: int
    change: str
    tree: ast.Module


SWAPPED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}


def changed(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    match node:
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                for other in SWAPPED[type(operator)]:
                    yield ast.Compare(node.left, [*node.ops[:place], other(), *node.ops[place + 1 :]], node.comparators)
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.Constant(value=float() as value):
            yield ast.Constant(value * 1.5 if value else 1.0)
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            yield from (ast.Constant(other) for other in sorted({value + 1, value * 2} - {value}))


def mutants(source: str) -> Iterator[Mutant]:
    """Every module that differs from this one by one fault."""
    tree = ast.parse(source)
    for number, node in enumerate(ast.walk(tree)):
        for other in changed(node):
            mutated = copy.deepcopy(tree)
            there = list(ast.walk(mutated))
            parent = next(one for one in there if there[number] in ast.iter_child_nodes(one))
            _replace(parent, there[number], ast.copy_location(copy.deepcopy(other), node))
            line: int = node.lineno  # type: ignore[attr-defined]
            yield Mutant(line, f"{ast.unparse(node)} -> {ast.unparse(other)}", ast.fix_missing_locations(mutated))


def _replace(parent: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for name, value in ast.iter_fields(parent):
        if value is old:
            setattr(parent, name, new)
        elif isinstance(value, list):
            value[:] = [new if item is old else item for item in value]


def put_in_place(module: types.ModuleType, tree: ast.Module) -> None:
    """Give the loaded functions the code of the mutant, and every module that imported a value its new one."""
    new = types.ModuleType(module.__name__)
    new.__file__ = module.__file__
    sys.modules[module.__name__] = new  # dataclasses look their module up
    exec(compile(tree, str(module.__file__), "exec"), vars(new))
    sys.modules[module.__name__] = module
    for name, value in vars(new).items():
        old = vars(module).get(name)
        if name.startswith("__") or value is old or getattr(value, "__module__", new.__name__) != new.__name__:
            continue
        _put(old, value)
        if not isinstance(value, type | types.FunctionType):
            _everywhere(name, old, value)


def _put(old: Any, new: Any) -> None:
    match old, new:
        case types.FunctionType(), types.FunctionType():
            old.__code__, old.__defaults__, old.__kwdefaults__ = new.__code__, new.__defaults__, new.__kwdefaults__
        case type(), type():
            for name, value in vars(new).items():
                _put(vars(old).get(name), value)
        case property(), property():
            _put(old.fget, new.fget)
        case cached_property(), cached_property():
            _put(old.func, new.func)
        case staticmethod() | classmethod(), staticmethod() | classmethod():
            _put(old.__func__, new.__func__)


def _everywhere(name: str, old: object, new: object) -> None:
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("keraslint") and vars(module).get(name) is old:
            setattr(module, name, new)


class Mutations:
    """Runs the collected tests once for each mutant."""

    def __init__(self, modules: list[str]) -> None:
        self.modules = modules
        self.killed = self.made = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for name in self.modules:
            wanted = [f"test_{part}.py" for part in TESTS[name]]
            items = [item for file in wanted for item in session.items if item.path.name == file]
            if _failed(session, items, lambda: None):
                raise SystemExit(f"the tests of {name} fail without any mutant")
            self._module(session, items, name)
        print(f"together: {_share(self.killed, self.made)}")
        return True

    def _module(self, session: pytest.Session, items: list[pytest.Item], name: str) -> None:
        module = importlib.import_module(PACKAGE + name)
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        lines = source.splitlines()
        killed = made = 0
        for mutant in mutants(source):
            seen = _failed(session, items, lambda mutant=mutant: put_in_place(module, mutant.tree))  # type: ignore[misc]
            if not seen and (name, mutant.change) in EQUIVALENT:
                continue
            made, killed = made + 1, killed + seen
            if not seen and items:
                print(f"  {name}:{mutant.line}: {mutant.change}   | {lines[mutant.line - 1].strip()}", flush=True)
        print(f"{name}: {_share(killed, made)}", flush=True)
        self.killed, self.made = self.killed + killed, self.made + made


def _share(killed: int, made: int) -> str:
    return f"{killed} of {made} mutants noticed, {100 * killed / max(made, 1):.0f} %"


def _failed(session: pytest.Session, items: list[pytest.Item], prepare: Callable[[], None]) -> bool:
    """Whether a test fails in a fork of this process, after what ``prepare`` does there."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0
    try:
        signal.alarm(SECONDS)
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        prepare()
        for item, following in zip(items, [*items[1:], None], strict=False):
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                os._exit(1)
        os._exit(0)
    except BaseException:
        os._exit(2)


def main(modules: list[str]) -> None:
    os.chdir(HERE)
    sys.path.insert(0, str(HERE))
    files = {f"tests/confirm/test_{part}.py" for name in modules for part in TESTS[name]}
    present = sorted(file for file in files if Path(file).exists())
    unused = [part for name in ("terminal", "xdist", "cacheprovider") for part in ("-p", f"no:{name}")]
    options = ["-o", "addopts=", *unused, "-s", "-m", "not keras"]
    raise SystemExit(pytest.main([*options, *present], plugins=[Mutations(modules)]))


if __name__ == "__main__":
    main(sys.argv[1:] or list(TESTS))
