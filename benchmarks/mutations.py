"""How many small faults in confirm's judging, data and plans, or in the rules, are noticed by their own fast tests.

    python benchmarks/mutations.py [MODULE…]                # judge, child.samples, …; all of them when none is named
    python benchmarks/mutations.py --of rules [MODULE…]     # output.softmax_on_one_unit, metrics, …

Each comparison, `and`, `or`, `not` and number is changed, one at a time, and the tests of that module run until one
fails: of a rule its fixtures and witnesses, the tests of rules that name it, and the fixtures of all others. The tests
are collected once; each mutant lives in a fork of that process, where it takes the place of the code that was loaded.
Prints for each module, and of the rules for each folder, how many mutants were noticed, and where and how the others
changed it.

Good: every mutant is noticed, and of those in the rules 95 %; one that is not asks for a test or a line in a fixture,
or for a line in `EQUIVALENT`.
In `make bench`: child.pace
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import os
import re
import signal
import sys
import types
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import _lru_cache_wrapper, cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from keraslint.graph import Program
    from keraslint.rules import Rule

HERE = Path(__file__).parent.parent
CONFIRM, RULES = "keraslint.confirm.", "keraslint.rules."
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

GENERAL = ("test_evidence.py", "test_fixtures.py", "test_new_rule.py", "test_pages.py")
"""Files of tests that speak of every rule alike."""
OF_EACH_RULE = ("test_fixtures.py", "test_witnesses.py")
"""Files of tests with parameters that name the rule."""

EQUIVALENT: dict[tuple[str, str], str] = {
    ("architecture.constant_kernel_initializer", "1.0 -> 1.5"): "only whether it is 0 is asked",
    ("data.unscaled_target", "0 -> 1"): "one of the two ends is always known there",
    ("framework", "1 -> 2"): "all ids begin with 7",
    ("metrics.loss_count_mismatch", "losses < count -> losses <= count"): "they differ by then",
}
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
        if not isinstance(value, type | types.FunctionType | _lru_cache_wrapper):
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
        case _lru_cache_wrapper(), _lru_cache_wrapper():
            _put(old.__wrapped__, new.__wrapped__)
            old.cache_clear()


def _everywhere(name: str, old: object, new: object) -> None:
    for module in list(sys.modules.values()):
        is_ours = getattr(module, "__name__", "").startswith("keraslint") or _is_of_tests(module)
        if is_ours and vars(module).get(name) is old:
            setattr(module, name, new)


def _is_of_tests(module: types.ModuleType) -> bool:
    return str(HERE / "tests") in str(getattr(module, "__file__", ""))


@dataclass(frozen=True)
class Subject:
    """A module that is mutated, and the tests that should notice."""

    name: str
    package: str
    tests: tuple[str, ...]
    """Of confirm: parts of the names of files. Of rules: the symbols of those that the module serves."""

    @property
    def folder(self) -> str:
        return self.name.partition(".")[0] if "." in self.name else ""

    @property
    def module(self) -> types.ModuleType:
        return importlib.import_module(self.package + self.name)

    @property
    def source(self) -> str:
        return _text(Path(str(self.module.__file__)))

    def items(self, session: pytest.Session) -> list[pytest.Item]:
        """Those that speak of it most directly come first; where it serves all rules, those of none."""
        if self.package == CONFIRM:
            return [item for part in self.tests for item in session.items if item.path.name == f"test_{part}.py"]
        if self.name == "framework":
            items = [item for item in session.items if item.path.name not in OF_EACH_RULE]
            return sorted(items, key=lambda item: item.path.name in GENERAL)
        named = re.compile("|".join(rf"{re.escape(symbol)}(?![\w-])" for symbol in self.tests))
        fixtures, others = [], []
        for item in session.items:
            given = item.callspec.params if hasattr(item, "callspec") else {}
            if item.path.name in OF_EACH_RULE:
                symbol = given["rule"].symbol if "rule" in given else given.get("symbol")
                fixtures += [item] if symbol in self.tests else []
            elif item.path.name not in GENERAL and named.search(_text(item.path)):
                others.append(item)
        return fixtures + others


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def subjects_of_confirm(names: Iterable[str]) -> list[Subject]:
    return [Subject(name, CONFIRM, TESTS[name]) for name in names or TESTS]


def subjects_of_rules(names: Iterable[str]) -> list[Subject]:
    """Every module of the rules that a rule is in or imports, with the symbols of these rules."""
    from keraslint.rules import all_rules

    serves: dict[str, set[str]] = defaultdict(set)
    for rule in all_rules():
        for module in _needed(rule.check.__module__):
            serves[module.removeprefix(RULES)].add(rule.symbol)
    wanted = tuple(names)
    return [
        Subject(name, RULES, tuple(sorted(symbols)))
        for name, symbols in sorted(serves.items())
        if not wanted or name.startswith(wanted)
    ]


@cache
def _needed(module: str) -> frozenset[str]:
    """A module of the rules, and those that it imports, however far."""
    source = _text(Path(str(importlib.import_module(module).__file__)))
    imported = (node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom))
    inside = {name for name in imported if name and name.startswith(RULES)}
    return frozenset({module}).union(*map(_needed, inside))


def keep_nothing_of_rules() -> None:
    """Rules loaded from now on work everything out anew: what they kept with a program is from without the mutant."""
    from keraslint.graph import once

    keeping = once.once
    once.once = lambda work_out: work_out if work_out.__module__.startswith(RULES) else keeping(work_out)


def read_once() -> None:
    """Programs that tests read are kept: a rule is no part of the reader."""
    from keraslint.reader import read

    kept = cache(read)
    for module in list(sys.modules.values()):
        if getattr(module, "read", None) is read and _is_of_tests(module):
            module.read = kept  # type: ignore[attr-defined]


class Mutations:
    """Runs the collected tests once for each mutant."""

    def __init__(self, subjects: list[Subject]) -> None:
        self.subjects = subjects
        self.killed: dict[str, int] = defaultdict(int)
        self.made: dict[str, int] = defaultdict(int)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        read_once()
        for subject in self.subjects:
            items = subject.items(session)
            if _run(session, items):
                raise SystemExit(f"the tests of {subject.name} fail without any mutant")
            if self._notices(session, items, subject, ast.parse(subject.source)):
                raise SystemExit(f"{subject.name} cannot be replaced: its tests fail with the code that it has")
            self._module(session, items, subject)
        for folder in filter(None, self.made):
            print(f"{folder}: {_share(self.killed[folder], self.made[folder])}")
        print(f"together: {_share(sum(self.killed.values()), sum(self.made.values()))}")
        return True

    def _module(self, session: pytest.Session, items: list[pytest.Item], subject: Subject) -> None:
        name, lines = subject.name, subject.source.splitlines()
        killed = made = 0
        for mutant in mutants(subject.source):
            seen = self._notices(session, items, subject, mutant.tree)
            if not seen and (name, mutant.change) in EQUIVALENT:
                continue
            made, killed = made + 1, killed + seen
            if not seen and items:
                print(f"  {name}:{mutant.line}: {mutant.change}   | {lines[mutant.line - 1].strip()}", flush=True)
        print(f"{name}: {_share(killed, made)}", flush=True)
        self.killed[subject.folder] += killed
        self.made[subject.folder] += made

    def _notices(self, session: pytest.Session, items: list[pytest.Item], subject: Subject, tree: ast.Module) -> bool:
        def put() -> None:
            put_in_place(subject.module, tree)

        seen = _in_a_fork(put, lambda: _run(session, items))
        if seen or subject.package != RULES:
            return seen
        return _in_a_fork(put, Elsewhere.of(subject.tests).is_changed)


@dataclass(frozen=True)
class Elsewhere:
    """What the rules find in the fixtures of all the others, where the marks are their test as well."""

    rules: tuple[Rule, ...]
    found: frozenset[tuple[str, int, str]]

    @classmethod
    @cache
    def of(cls, symbols: tuple[str, ...]) -> Elsewhere:
        """Of those that are on by default; with the rules that they yield to."""
        from keraslint.rules import all_rules

        asked = [rule for rule in all_rules() if rule.symbol in symbols and rule.on_by_default]
        better = {symbol for rule in asked for symbol in rule.yields_to}
        rules = tuple(rule for rule in all_rules() if rule in asked or rule.symbol in better)
        return cls(rules, cls._found(rules))

    def is_changed(self) -> bool:
        return self._found(self.rules) != self.found

    @staticmethod
    def _found(rules: tuple[Rule, ...]) -> frozenset[tuple[str, int, str]]:
        from keraslint.rules import Options, check

        return frozenset(
            (name, finding.span.line, finding.rule.symbol)
            for name, program in _programs_of_fixtures()
            for finding in check(program, Options(), rules)
            if finding.rule
        )


@cache
def _programs_of_fixtures() -> tuple[tuple[str, Program], ...]:
    from keraslint.reader import read

    paths = [path for name in ("bad", "good", "near_miss") for path in Path("fixtures/rules").glob(f"*/{name}.py")]
    return tuple((str(path), read(_text(path), "fixture.py")) for path in sorted(paths))


def _share(killed: int, made: int) -> str:
    return f"{killed} of {made} mutants noticed, {100 * killed / max(made, 1):.0f} %"


def _run(session: pytest.Session, items: list[pytest.Item]) -> bool:
    """Until one fails, which it tells."""
    for item, following in zip(items, [*items[1:], None], strict=False):
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return True
    return False


def _in_a_fork(prepare: Callable[[], None], fails: Callable[[], bool]) -> bool:
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
        os._exit(1 if fails() else 0)
    except BaseException:
        os._exit(2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--of", choices=("confirm", "rules"), default="confirm")
    parser.add_argument("modules", nargs="*", metavar="MODULE")
    given = parser.parse_args()
    os.chdir(HERE)
    sys.path.insert(0, str(HERE))
    of_rules = given.of == "rules"
    keep_nothing_of_rules()
    subjects = (subjects_of_rules if of_rules else subjects_of_confirm)(given.modules)
    named = {f"tests/confirm/test_{part}.py" for subject in subjects for part in subject.tests}
    files = map(str, Path("tests/rules").glob("test_*.py")) if of_rules else named
    present = sorted(file for file in files if Path(file).exists())
    unused = [part for name in ("terminal", "xdist", "cacheprovider") for part in ("-p", f"no:{name}")]
    options = ["-o", "addopts=", *unused, "-s", "-m", "not keras"]
    raise SystemExit(pytest.main([*options, *present], plugins=[Mutations(subjects)]))


if __name__ == "__main__":
    main()
