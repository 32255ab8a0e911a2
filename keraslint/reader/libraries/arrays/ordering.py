"""Labels that lie class after class, as they are joined, repeated or written: all of the first, then the next."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from keraslint.graph import Array
from keraslint.reader.libraries.arrays.facts import Numbers
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.iteration import items_of
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import ListValue, Value

FEWEST = 5
"""So many of a class are a run; fewer are an example that was written down."""
_JOINS = frozenset(("append", "concat", "concatenate", "hstack", "vstack"))
_MAKES = frozenset(("array", "asarray", "constant", "convert_to_tensor"))


def is_by_class(machine: Machine, name: str, arguments: Arguments, made: Array) -> bool:
    """Whether a function of this name surely put one class behind the other."""
    if name in _JOINS:
        axis = machine.need(arguments.get(None, "axis"))
        flat = made.shape.rank == 1 or (made.shape.rank == 2 and name != "hstack")
        return flat and axis in (None, 0) and _are_of_one_class_each(machine, _joined(machine, name, arguments))
    if name == "repeat":
        times = machine.need(arguments.get(1, "repeats"))
        many = not isinstance(times, int) or times >= FEWEST
        return many and made.shape.rank == 1 and _differ(machine, machine.need_all(arguments.get(0, "a", "x", "input")))
    return name in _MAKES and _runs(items_of(machine, machine.need_all(arguments.get(0))) or ())


def _joined(machine: Machine, name: str, arguments: Arguments) -> Sequence[Value]:
    if name == "append":
        return [machine.need_all(given.value) for given in arguments.positional[:2]]
    parts = machine.need_all(arguments.get(0))
    found = items_of(machine, parts) if isinstance(parts, ListValue | tuple) else None
    return [machine.need_all(part) for part in found or ()]


def _are_of_one_class_each(machine: Machine, parts: Sequence[Value]) -> bool:
    classes = [_class_of(machine, part) for part in parts]
    return len(classes) > 1 and None not in classes and len(set(classes)) == len(classes)


def _class_of(machine: Machine, part: Value) -> float | None:
    """The one number that fills a part, if it is one."""
    if isinstance(part, Array):
        several = part.shape.rank_known and not (isinstance(part.shape[0], int) and part.shape[0] < FEWEST)
        return part.low if several and isinstance(part.low, int | float) and part.low == part.high else None
    items = items_of(machine, part) if isinstance(part, ListValue) else None
    numbers = set(items) if items and all(isinstance(item, int) for item in items) else set()
    return numbers.pop() if len(numbers) == 1 and len(items or ()) >= FEWEST else None


def _differ(machine: Machine, value: Value) -> bool:
    """Whether no two elements are alike: what was counted, or a few that are known."""
    if isinstance(value, Array) and value not in machine.memory(Numbers).of:
        return [step.by for step in value.steps if step.kind != "cast"] == ["numpy.arange"]
    items = items_of(machine, value)
    plain = items is not None and all(isinstance(item, int | str) for item in items)
    return plain and 1 < len(set(items or ())) == len(items or ())


def _runs(items: Sequence[Value]) -> bool:
    """Whether each value comes in one run, and there are several."""
    if len(items) < 2 * FEWEST or not all(isinstance(item, int | str) for item in items):
        return False
    runs = [(value, len(list(run))) for value, run in groupby(items)]
    return 1 < len(runs) == len({value for value, _ in runs}) and all(length >= FEWEST for _, length in runs)


def splits_in_two(owner: Array, index: Value, value: Value) -> bool:
    """Whether ``y[n:] = 1`` makes two classes of an array of one, the one behind the other."""
    if owner.shape.rank != 1 or not isinstance(index, slice) or not isinstance(value, int | float):
        return False
    one_open = (index.start is None) is not (index.stop is None)
    constant = isinstance(owner.low, int | float) and owner.low == owner.high
    return one_open and index.step is None and constant and owner.low != value
