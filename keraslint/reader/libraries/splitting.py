"""scikit-learn: splits of the data and grids of parameters (facts asked of scikit-learn 1.7)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import islice, product

from astroid import nodes

from keraslint.graph import Array, Unknown
from keraslint.graph.shape import Dim, Shape
from keraslint.reader.libraries.arrays.facts import array, given_size, number, samples
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.iteration import items_of
from keraslint.reader.machine.library import NativeCall
from keraslint.reader.machine.machine import Machine, attributes_of
from keraslint.reader.machine.values import DictValue, ListValue, More, Native, Table, Value


def _split(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``train_test_split(X, y, …)``: each array twice, with fewer samples."""
    if arguments.open_ended:
        return machine.unknown("the parts of a split", node)
    parts: list[Value] = []
    for given in arguments.positional:
        value = machine.need(given.value)
        train, test = _sizes(machine, arguments, samples(value) if isinstance(value, Array) else None)
        if isinstance(value, Table):
            parts.extend(Table({**value.state, "rows": Unknown("the number of rows")}) for _ in range(2))
        elif isinstance(value, Array):
            parts.extend((_with_samples(value, train), _with_samples(value, test)))
        else:
            parts.extend((Unknown("a part of the data"), Unknown("a part of the data")))
    return ListValue(parts)


MOST_SAMPLES = 2**53
"""More than these no float counts exactly."""


def _sizes(machine: Machine, arguments: Arguments, count: Dim) -> tuple[Dim, Dim]:
    share = number(machine, arguments.get(None, "test_size"), 0.25)
    unknown = Unknown("the number of samples of a part")
    if not isinstance(count, int) or "train_size" in arguments.keywords or share is None:
        return unknown, unknown
    if not 0 < share < (count if isinstance(share, int) else 1) or count > MOST_SAMPLES:
        return unknown, unknown  # scikit-learn refuses such a share
    test = share if isinstance(share, int) else math.ceil(count * share)
    return (count - test, test) if test < count else (unknown, unknown)


def _with_samples(value: Array, count: Dim) -> Array:
    if not value.shape.rank_known or not value.shape.dims:
        return value
    return replace(value, shape=value.shape.with_dim(0, count))


def _shuffled(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    values = [machine.need(given.value) for given in arguments.positional]
    if "n_samples" in arguments.keywords or not values:
        return machine.unknown("shuffled data", node)
    return values[0] if len(values) == 1 else ListValue(values)


_SPLITTERS: dict[str, int] = {
    **dict.fromkeys(("GroupKFold", "KFold", "StratifiedGroupKFold", "StratifiedKFold", "TimeSeriesSplit"), 5),
    "GroupShuffleSplit": 5,
    "ShuffleSplit": 10,
    "StratifiedShuffleSplit": 10,
}
"""Into how many parts they split when they are not told."""
_REPEATED = ("RepeatedKFold", "RepeatedStratifiedKFold")
MOST_FOLDS = 10
"""Of more folds only so many are gone through."""


@dataclass(frozen=True, eq=False, repr=False)
class Splitter:
    """Cross-validation: ``KFold(5)``."""

    folds: int | Unknown


def _splitter(name: str) -> NativeCall:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        folds = given_size(machine, arguments, 0, "n_splits", _SPLITTERS.get(name, 5))
        repeats = given_size(machine, arguments, None, "n_repeats", 10) if name in _REPEATED else 1
        if arguments.open_ended or not isinstance(folds, int) or not isinstance(repeats, int):
            return Splitter(Unknown("the number of folds"))
        return Splitter(folds * repeats)

    return call


@attributes_of(Splitter)
def _splitter_attribute(machine: Machine, splitter: Splitter, name: str, node: nodes.NodeNG) -> Value:
    match name:
        case "split":
            return Native(name, lambda machine, arguments, node: _folds(splitter))
        case "get_n_splits":
            return Native(name, lambda machine, arguments, node: splitter.folds)
        case _:
            return machine.unknown(f"`{name}` of a split", node)


def _folds(splitter: Splitter) -> ListValue:
    """For each fold the rows to train on, and those to test on."""
    count = splitter.folds if isinstance(splitter.folds, int) else 1
    folds: list[Value] = [(_rows_of_fold(), _rows_of_fold()) for _ in range(min(count, MOST_FOLDS))]
    if isinstance(splitter.folds, Unknown):
        folds.append(More(splitter.folds.reason))
    elif count > MOST_FOLDS:
        folds.append(More("the later folds of many"))
    return ListValue(folds, is_generator=True)


def _rows_of_fold() -> Array:
    return array(Shape((Unknown("the number of samples in a fold"),)), "int64")


MOST_COMBINATIONS = 64
"""Of larger grids only so many points are gone through."""


def _grid(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``ParameterGrid``: a dict for each combination, in scikit-learn's order."""
    given = machine.need_all(arguments.get(0, "param_grid"))
    grids = items_of(machine, given) if isinstance(given, ListValue | tuple) else [given]
    points: list[Value] = []
    for grid in grids or [None]:
        entries = grid.entries if isinstance(grid, DictValue) and not grid.has_more else {}
        names = sorted(name for name in entries if isinstance(name, str))
        choices = [items_of(machine, entries[name]) for name in names]
        if not names or len(names) < len(entries) or None in choices:
            return machine.unknown("a grid that is not all known", node)
        found = islice(product(*(values or () for values in choices)), MOST_COMBINATIONS + 1 - len(points))
        points.extend(DictValue(dict(zip(names, point, strict=True))) for point in found)
    if len(points) > MOST_COMBINATIONS:
        points[-1:] = [More("the later points of a large grid")]
    return ListValue(points)


EXTERNAL: dict[str, NativeCall] = {
    "sklearn.model_selection.ParameterGrid": _grid,
    "sklearn.model_selection.train_test_split": _split,
    **{f"sklearn.model_selection.{name}": _splitter(name) for name in (*_SPLITTERS, *_REPEATED)},
    "sklearn.utils.shuffle": _shuffled,
}
