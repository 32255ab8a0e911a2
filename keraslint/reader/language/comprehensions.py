"""What comprehensions and generator expressions mean: a loop of their own that gives a list, a set or a dict."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from astroid import nodes

from keraslint.graph import Unknown
from keraslint.reader.language.assignment import assign
from keraslint.reader.language.filling import another, are_alike
from keraslint.reader.language.sweeps import a_turn_of
from keraslint.reader.machine.conversion import make_set
from keraslint.reader.machine.iteration import cause_of, element_of, is_lazy, iterated, lazily, more
from keraslint.reader.machine.machine import Machine, expression, truth
from keraslint.reader.machine.state import Raised, Undecided
from keraslint.reader.machine.values import DictValue, ListValue, More, Scope, Value, is_key

TURNS_BEFORE_A_PROOF = 4
"""After so many alike it is asked whether all elements of a list are alike."""
WORTH_A_PROOF = 32
"""Where so many turns are left."""


@expression(nodes.ListComp, nodes.SetComp)
def _list_comp(machine: Machine, node: nodes.ListComp) -> Value:
    values: list[Value] = []
    rest = _comprehend(machine, node.generators, lambda: values.append(machine.evaluate(node.elt)), values)
    made = values if rest is None else [*values[:1], rest]
    return make_set(made) if isinstance(node, nodes.SetComp) else ListValue(made)


@expression(nodes.GeneratorExp)
def _generator_exp(machine: Machine, node: nodes.GeneratorExp) -> Value:
    """Only what it goes over first is evaluated here and now."""
    first = node.generators[0]
    iterable = machine.now(first.iter)
    items = iterable if is_lazy(iterable) else iterated(machine, iterable, first.iter)
    outer = machine.scope

    def step(item: Value) -> list[Value]:
        values: list[Value] = []
        within, machine.scope = machine.scope, Scope({}, outer, "function")
        try:
            with a_turn_of(machine, node):
                rest = _turn(machine, node.generators, item, lambda: values.append(machine.evaluate(node.elt)))
        finally:
            machine.scope = within
        return values if rest is None else [*values[:1], rest]

    if items is not None:
        return lazily(step, items)
    return ListValue([*step(element_of(machine, iterable, first.iter))[:1], more(iterable)], is_generator=True)


@expression(nodes.DictComp)
def _dict_comp(machine: Machine, node: nodes.DictComp) -> Value:
    result = DictValue({})

    def add() -> None:
        key = machine.now(node.key)
        value = machine.evaluate(node.value)
        if is_key(key):
            result.entries[key] = value
        else:
            result.has_more, result.why = True, result.why or cause_of(key)

    rest = _comprehend(machine, node.generators, add)
    if rest is not None:
        result.has_more, result.why = True, rest.reason
    return result


def _comprehend(
    machine: Machine,
    generators: Sequence[nodes.Comprehension],
    add: Callable[[], None],
    values: list[Value] | None = None,
) -> More | None:
    """Run a comprehension in a scope of its own; why not all of its turns are known, None where they are.

    ``values`` are what `add` has added, where that is the elements of a list.
    """
    outer = machine.scope
    machine.scope = Scope({}, outer, "function")
    try:
        with a_turn_of(machine, generators[0].parent):
            return _turns(machine, generators, add, values)
    finally:
        machine.scope = outer


def _turns(
    machine: Machine,
    generators: Sequence[nodes.Comprehension],
    add: Callable[[], None],
    values: list[Value] | None = None,
) -> More | None:
    if not generators:
        add()
        return None
    first = generators[0]
    iterable = machine.now(first.iter)
    items = iterated(machine, iterable, first.iter)
    rest = None if items is not None else more(iterable)
    items = [element_of(machine, iterable, first.iter)] if items is None else items
    for index, item in enumerate(items):
        turn = _turn(machine, generators, item, add)
        rest = rest or turn
        left = len(items) - index - 1
        if index + 1 == TURNS_BEFORE_A_PROOF == len(values or ()) and left >= WORTH_A_PROOF:
            assert values is not None
            if len(generators) == 1 and not first.ifs and rest is None and _allare_alike(machine, first, add, values):
                values.extend(another(machine, values[-1], first.iter) for _ in range(left))
                return None
    return rest


def _turn(
    machine: Machine, generators: Sequence[nodes.Comprehension], item: Value, add: Callable[[], None]
) -> More | None:
    """What one item of the first iterable adds; why it is not known whether it does, None where it is."""
    machine.burn()
    first = generators[0]
    assign(machine, first.target, item)
    tests = [truth(machine, machine.now(test)) for test in first.ifs]
    if any(test is False for test in tests):
        return None
    undecided = next((test for test in tests if isinstance(test, Unknown)), None)
    inner = _turns(machine, generators[1:], add)
    return inner or (more(undecided) if undecided is not None else None)


def _allare_alike(
    machine: Machine, generator: nodes.Comprehension, add: Callable[[], None], values: list[Value]
) -> bool:
    """Whether a turn for any item at all gives what the first ones gave, and does nothing else: an array of which as
    much is known, or an unknown."""
    *others, last = values
    if not all(are_alike(value, last) for value in others):
        return False
    mark, count = machine.record.mark(), len(values)
    machine.journal.begin()
    with machine.watched_scopes() as inner:
        try:
            assign(machine, generator.target, machine.unknown("a later turn of a comprehension", generator.iter))
            add()
        except (Undecided, Raised):
            pass
        finally:
            changes = machine.journal.undo()
            made = values[count:]
            del values[count:]
            made_of_keras = mark != machine.record.mark()
            machine.record.rewind(mark)
    own = {id(machine.scope.names), *inner}
    does_more = made_of_keras or any(id(container) not in own for container, *_ in changes.values())
    return len(made) == 1 and are_alike(made[0], last) and not does_more
