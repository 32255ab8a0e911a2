"""Tests that a framework runs with several arguments: which ones, as `absl`, pytest and TensorFlow write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from astroid import nodes

from keraslint.reader.machine.arguments import Arguments, Given, arguments_of
from keraslint.reader.machine.iteration import items_of
from keraslint.reader.machine.library import known
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.protocols import CASES
from keraslint.reader.machine.values import Case, DictValue, ListValue, Value

MOST_CASES = 3
"""A test is read with so many of its cases."""

Reading = Callable[[Machine, Arguments, nodes.NodeNG], "list[Case]"]


@CASES.answers
def _with_cases(machine: Machine, name: str, decorator: nodes.Call, inner: tuple[Case, ...]) -> tuple[Case, ...]:
    if name not in PARAMETRIZING:
        return inner
    return combined(cases_of(machine, name, arguments_of(machine, decorator), decorator), inner)


def cases_of(machine: Machine, path: str, arguments: Arguments, node: nodes.NodeNG) -> list[Case]:
    """The arguments with which the decorator of this name has the function below it run, as far as they are known."""
    return PARAMETRIZING[path](machine, arguments, node)[:MOST_CASES]


def combined(outer: Sequence[Case], inner: Sequence[Case]) -> tuple[Case, ...]:
    """The cases of two decorators of one function: as many as it takes for each to have its turn."""
    if not outer or not inner:
        return tuple(outer or inner)
    pairs = ((outer[i % len(outer)], inner[i % len(inner)]) for i in range(max(len(outer), len(inner))))
    return tuple(Case((*one.positional, *other.positional), {**one.keywords, **other.keywords}) for one, other in pairs)


def given_by(case: Case, node: nodes.NodeNG) -> Arguments:
    """A case as the arguments of a call."""
    named = {name: Given(value, node) for name, value in case.keywords.items()}
    return Arguments([Given(value, node) for value in case.positional], named)


def _of_parameters(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> list[Case]:
    """``@parameterized.parameters((1, 2), (3, 4))``, or one list of them."""
    return [case for value in _listed(machine, arguments) if (case := _case(machine, value)) is not None]


def _of_named_parameters(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> list[Case]:
    """``("name", 1, 2)`` or ``dict(testcase_name="name", a=1)``."""
    found = []
    for value in _listed(machine, arguments):
        case = _case(machine, value)
        if case is None:
            continue
        named = {name: value for name, value in case.keywords.items() if name != "testcase_name"}
        found.append(Case(case.positional if case.keywords else case.positional[1:], named))
    return found


def _listed(machine: Machine, arguments: Arguments) -> Iterable[Value]:
    """The cases that a decorator is given: one after the other, or as one list of all."""
    given = [machine.need(given.value) for given in arguments.positional]
    if len(given) == 1 and not isinstance(given[0], tuple | DictValue | str):
        return items_of(machine, given[0]) or ()
    return given


def _case(machine: Machine, value: Value) -> Case | None:
    """The arguments in a tuple or list, in a dict, or a single one."""
    value = machine.need(value)
    match value:
        case DictValue(entries=entries, has_more=False):
            return Case((), {str(name): item for name, item in entries.items()})
        case tuple() | ListValue():
            items = items_of(machine, value)
            return Case(tuple(items), {}) if items is not None else None
        case DictValue():
            return None
        case _:
            return Case((value,), {})


def _of_product(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> list[Case]:
    """``@parameterized.product(a=(1, 2), b=(True, False))``: each value has its turn."""
    columns = {}
    for name, given in arguments.keywords.items():
        items = items_of(machine, given.value)
        if items:
            columns[name] = items
    longest = max(map(len, columns.values()), default=0)
    return [Case((), {name: items[i % len(items)] for name, items in columns.items()}) for i in range(longest)]


def _of_parametrize(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> list[Case]:
    """``@pytest.mark.parametrize("a, b", [(1, 2), (3, 4)])``."""
    names, rows = machine.need(arguments.get(0, "argnames")), items_of(machine, arguments.get(1, "argvalues"))
    listed = [name.strip() for name in names.split(",")] if isinstance(names, str) else items_of(machine, names)
    if not listed or rows is None:
        return []
    found = []
    for row in rows:
        row = machine.need(row)
        items = row.values if isinstance(row, _Row) else (row,) if len(listed) == 1 else items_of(machine, row)
        if items is not None and len(items) == len(listed):
            found.append(Case((), dict(zip(map(str, listed), items, strict=True))))
    return found


class _Row:
    """``pytest.param(1, 2, id="small")``."""

    def __init__(self, values: Sequence[Value]) -> None:
        self.values = values


def _param(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return _Row([given.value for given in arguments.positional])


def _of_combinations(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> list[Case]:
    """``@combinations.generate(combinations.combine(a=[1, 2], mode="eager"))``."""
    rows = items_of(machine, arguments.get(0, "combinations")) or ()
    return [case for row in rows if (case := _case(machine, row)) is not None]


def _combine(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """The dicts of ``combinations.combine``, a few that between them have every value."""
    columns = {}
    for name, given in arguments.keywords.items():
        value = machine.need(given.value)
        columns[name] = (items_of(machine, value) if isinstance(value, ListValue) else None) or (value,)
    longest = max(map(len, columns.values()), default=0)
    rows = [DictValue({name: c[i % len(c)] for name, c in columns.items()}) for i in range(min(longest, MOST_CASES))]
    return ListValue([*rows])


_COMBINATIONS = ("tensorflow.python.distribute.combinations", "tensorflow.__internal__.distribute.combinations")
PARAMETRIZING: dict[str, Reading] = {
    "absl.testing.parameterized.parameters": _of_parameters,
    "absl.testing.parameterized.named_parameters": _of_named_parameters,
    "absl.testing.parameterized.product": _of_product,
    "pytest.mark.parametrize": _of_parametrize,
    **{f"{package}.generate": _of_combinations for package in _COMBINATIONS},
}
"""Decorators that have a test run with several arguments."""
EXTERNAL: dict[str, Callable[[Machine, Arguments, nodes.NodeNG], Value]] = {
    "pytest.param": _param,
    **{f"{package}.combine": _combine for package in _COMBINATIONS},
}

known("plain", EXTERNAL)
