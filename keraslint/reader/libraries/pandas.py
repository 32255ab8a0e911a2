"""pandas: tables whose columns are named, where the program says so or selects them (facts asked of pandas 3.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from astroid import nodes

from keraslint.graph import Array, Unknown
from keraslint.graph.shape import Dim, Shape
from keraslint.reader.libraries.arrays.facts import array, as_array, number_of_classes, samples
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.iteration import cause_of, items_of
from keraslint.reader.machine.library import NativeCall, known, methods
from keraslint.reader.machine.machine import Machine, attributes_of
from keraslint.reader.machine.protocols import (
    BINARY,
    COMPARE,
    DELETE_ITEM,
    ELEMENTWISE,
    ESCAPED,
    ITEM,
    ITEMS,
    PASS,
    SET_ATTRIBUTE,
    SET_ITEM,
)
from keraslint.reader.machine.values import DictValue, ListValue, Locator, Native, Table, Value

Names = tuple[Value, ...] | Unknown
TableMethod = Callable[[Machine, Table, Arguments, nodes.NodeNG], Value]

ROWS = Unknown("the number of rows")


def _table(columns: Names, rows: Dim = ROWS) -> Table:
    return Table({"columns": columns, "rows": rows})


def _columns(machine: Machine, table: Table) -> Names:
    found: Names = machine.need(table.state["columns"])
    return found


def _names(machine: Machine, table: Table) -> tuple[str | int, ...] | None:
    """The names of the columns, where all are known."""
    columns = _columns(machine, table)
    return None if isinstance(columns, Unknown) else _all_names(columns)


def _all_names(values: Iterable[Value]) -> tuple[str | int, ...] | None:
    found = tuple(values)
    return found if all(isinstance(name, str | int) for name in found) else None


def _change(machine: Machine, table: Table, columns: Names) -> None:
    machine.journal.set(table.state, "columns", columns)


def _column(table: Table) -> Array:
    """One column: its values are not known, they stand in a file."""
    return array(Shape((table.state["rows"],)))


# making ------------------------------------------------------------------------------------------------------


def _read(kind: str) -> NativeCall:
    """``pd.read_csv(path, names=[…], usecols=[…])``."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        result = machine.unknown(f"result of pandas.read_{kind}", node)
        odd = {"header", "chunksize", "iterator", "squeeze", "sheet_name"} & set(arguments.keywords)
        told = {name: machine.need(arguments.keywords[name].value) for name in odd}
        plain = all(value in (None, 0, "infer") for value in told.values()) and told.get("sheet_name", 0) == 0
        if not plain and not (odd == {"header"} and arguments.given(None, "names")):
            return result
        columns: Names = result
        for name in ("names", "usecols"):
            given = items_of(machine, machine.need_all(arguments.get(None, name)))
            columns = columns if given is None else tuple(given)
        if arguments.given(None, "usecols") and not isinstance(columns, Unknown):
            columns = tuple(name if isinstance(name, str) else Unknown("the name of a column") for name in columns)
        index = machine.need(arguments.get(None, "index_col"))
        if index is not None and index is not False and not isinstance(columns, Unknown):
            columns = _without(columns, [index], result)
        return _table(columns, result)

    return call


def _frame(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``pd.DataFrame(data, columns=[…])``."""
    data = machine.need_all(arguments.get(0, "data"))
    named = items_of(machine, machine.need_all(arguments.get(2, "columns")))
    rows: Dim = ROWS
    columns: Names = machine.unknown(cause_of(data) or "the columns of a table", node)
    match data:
        case DictValue(entries=entries, has_more=False):
            columns = tuple(entries)
        case Table():
            columns, rows = _columns(machine, data), data.state["rows"]
        case Array(shape=Shape(rank_known=True, dims=(count,))):
            columns, rows = (0,), count
        case Array(shape=Shape(rank_known=True, dims=(count, width))):
            columns, rows = tuple(range(width)) if isinstance(width, int) else columns, count
        case None if not arguments.open_ended:
            columns, rows = (), 0
    if arguments.given(2, "columns"):
        columns = machine.unknown("the columns of a table", node) if named is None else tuple(named)
    return _table(columns, rows)


def _series(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    data = machine.need(arguments.get(0, "data"))
    return data if isinstance(data, Array) and data.shape.rank == 1 else array(Shape((ROWS,)))


def _concatenated(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``pd.concat([a, b], axis=1)``: side by side, or one below the other where all have the same columns."""
    parts = items_of(machine, machine.need_all(arguments.get(0, "objs")))
    axis = machine.need(arguments.get(1, "axis"))
    columns: Names = machine.unknown("the columns of tables put together", node)
    if parts is None or arguments.given(None, "keys", "join"):
        return machine.unknown("tables put together", node)
    if axis in (1, "columns"):
        widths = [_columns(machine, part) if isinstance(part, Table) else _as_columns(part) for part in parts]
        cause = next((names for names in widths if isinstance(names, Unknown)), None)
        columns = cause if cause is not None else tuple(name for names in widths for name in names)  # type: ignore[union-attr]
        return _table(columns)
    if axis not in (None, 0, "index") or not all(isinstance(part, Table) for part in parts):
        return machine.unknown("tables put together", node)
    names = [_names(machine, part) for part in parts]
    if names and None not in names:
        columns = tuple(dict.fromkeys(name for part in names for name in part or ()))
    return _table(columns)


def _as_columns(part: Value) -> Names:
    if isinstance(part, Array) and part.shape.rank == 1:
        return (Unknown("the name of a column"),)
    return Unknown(cause_of(part) or "the columns of what is no table")


def _dummies(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    labels = machine.need(arguments.get(0, "data"))
    if isinstance(labels, Table):
        columns = _columns(machine, labels)
        why = columns.reason if isinstance(columns, Unknown) else "how many values the columns of a table hold"
        return _table(machine.unknown(why, node), labels.state["rows"])
    if not isinstance(labels, Array) or labels.shape.rank != 1 or arguments.keywords:
        return machine.unknown("result of pandas.get_dummies", node)
    classes = number_of_classes(labels)
    count: Dim = classes if classes else Unknown("the number of classes")
    return array(Shape((samples(labels), count)), None, 0, 1, "one-hot", classes)


def _same_column(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    given = machine.need(arguments.get(0, "arg"))
    return array(given.shape) if isinstance(given, Array) else machine.unknown(cause_of(given) or "a column", node)


# selecting ---------------------------------------------------------------------------------------------------


@ITEM.answers(Table)
def _item(machine: Machine, table: Table, index: Value, node: nodes.NodeNG) -> Value:
    """``table["a"]``, ``table[["a", "b"]]``, ``table[mask]``."""
    match index:
        case str() | int():
            names = _names(machine, table)
            if names is not None and index not in names:
                return machine.failure("KeyError", "a column that is not there", node)
            return _column(table)
        case slice():
            return _table(_columns(machine, table))
        case Array(dtype="bool"):
            return _table(_columns(machine, table))
        case Table():
            return _table(_columns(machine, table), table.state["rows"])
        case ListValue():
            return _table(_listed(machine, index), table.state["rows"])
        case _:
            return machine.unknown(cause_of(index) or "an element of a table", node)


@ITEMS.answers(Table)
def _names_of(machine: Machine, table: Table) -> Sequence[Value] | None:
    columns = _columns(machine, table)
    return None if isinstance(columns, Unknown) else columns


def _listed(machine: Machine, index: ListValue) -> Names:
    items = items_of(machine, machine.need_all(index))
    return Unknown(cause_of(index) or "a list of columns that is not known") if items is None else tuple(items)


@ITEM.answers(Locator)
def _located(machine: Machine, locator: Locator, index: Value, node: nodes.NodeNG) -> Value:
    """``table.loc[rows, columns]``."""
    rows, wanted = index if isinstance(index, tuple) and len(index) == 2 else (index, slice(None))
    table = locator.table
    columns = _columns(machine, table)
    if not isinstance(rows, slice | Array | ListValue) or (isinstance(rows, Array) and rows.shape.rank != 1):
        return machine.unknown(cause_of(rows) or "some rows of a table", node)
    count: Dim = table.state["rows"] if rows == slice(None) else ROWS
    match wanted:
        case slice() if wanted == slice(None):
            return _table(columns, count)
        case slice() if not isinstance(columns, Unknown):
            chosen = _between(columns, wanted, locator.name)
            return _table(machine.unknown("a slice of columns", node) if chosen is None else chosen, count)
        case slice():
            return _table(columns, count)
        case ListValue():
            items = items_of(machine, machine.need_all(wanted))
            by_place = items is not None and locator.name == "iloc"
            names = tuple(Unknown("the name of a column") for _ in items or ()) if by_place else None
            return _table(names if names is not None else _listed(machine, wanted), count)
        case str() | int():
            return array(Shape((count,)))
        case _:
            return machine.unknown(cause_of(wanted) or "some columns of a table", node)


def _between(columns: tuple[Value, ...], wanted: slice, how: str) -> tuple[Value, ...] | None:
    """The columns from one to another: by their places, or by their names and then with the last one."""
    ends = (wanted.start, wanted.stop)
    if wanted.step is not None:
        return None
    if how == "iloc":
        return columns[wanted] if all(isinstance(end, int | None) for end in ends) else None
    if not all(end is None or end in columns for end in ends):
        return None
    first = 0 if ends[0] is None else columns.index(ends[0])
    return columns[first:] if ends[1] is None else columns[first : columns.index(ends[1]) + 1]


@BINARY.answers(Table)
def _operation(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    """``table / 255``, ``table > 0``, ``(table - mean) / std``: the same columns."""
    table, other = (left, right) if isinstance(left, Table) else (right, left)
    columns = _columns(machine, table)
    if isinstance(other, Table) and (names := _names(machine, table)) is not None:
        same = _names(machine, other) == names
        columns = columns if same else machine.unknown("an operation on tables of different columns")
    if isinstance(other, Unknown) and not isinstance(columns, Unknown):
        columns = machine.unknown(other.reason)
    return _table(columns, table.state["rows"])


@COMPARE.answers(Table)
def _comparison(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    return _operation(machine, op, left, right, node) if op in ELEMENTWISE else PASS


# changing ----------------------------------------------------------------------------------------------------


@SET_ITEM.answers(Table, Locator)
def _set_column(machine: Machine, owner: Table | Locator, index: Value, value: Value, node: nodes.NodeNG) -> None:
    """``table["new"] = …``: one column more, where there is none of that name."""
    if isinstance(owner, Locator):
        if not isinstance(index, tuple) or len(index) != 2 or isinstance(index[1], slice | int):
            return
        owner, index = owner.table, index[1]
    columns = _columns(machine, owner)
    if isinstance(columns, Unknown) or isinstance(index, Array | Table):
        return
    new = items_of(machine, machine.need_all(index)) if isinstance(index, ListValue) else (index,)
    names = _all_names(columns)
    if new is None or names is None or not all(isinstance(name, str | int) for name in new):
        _change(machine, owner, machine.unknown(cause_of(index) or "columns that are added"))
        return
    _change(machine, owner, (*names, *(name for name in dict.fromkeys(new) if name not in names)))


@SET_ATTRIBUTE.answers(Table)
def _set_columns(machine: Machine, table: Table, name: str, value: Value, node: nodes.NodeNG) -> None:
    """``table.columns = […]``."""
    if name != "columns":
        return
    names = items_of(machine, machine.need_all(value))
    _change(machine, table, machine.unknown("the columns of a table") if names is None else tuple(names))


@DELETE_ITEM.answers(Table)
def _delete_column(machine: Machine, table: Table, index: Value) -> None:
    """``del table["a"]``."""
    _change(machine, table, _without(_columns(machine, table), [index], Unknown("a column that is deleted")))


@ESCAPED.answers(Table)
def _escaped(machine: Machine, table: Table, where: str) -> None:
    if where.partition(".")[0] not in READERS:
        _change(machine, table, Unknown(f"the columns after `{where}`"))


READERS = ("joblib", "keras", "matplotlib", "numpy", "pandas", "plotly", "scipy", "seaborn", "sklearn", "tensorflow")
"""Packages that leave the columns of a table as they are."""


def _without(columns: Names, gone: Iterable[Value], why: Unknown) -> Names:
    """The columns without some of them."""
    if isinstance(columns, Unknown):
        return columns
    names, gone = _all_names(columns), tuple(gone)
    if names is None or not all(name in names for name in gone):
        return why
    return tuple(name for name in names if name not in gone)


def _drop(machine: Machine, table: Table, arguments: Arguments, node: nodes.NodeNG) -> Value:
    axis = machine.need(arguments.get(1, "axis"))
    by_name = arguments.given(None, "columns")
    labels = machine.need_all(arguments.get(None, "columns") if by_name else arguments.get(0, "labels"))
    columns = _columns(machine, table)
    if by_name or axis in (1, "columns"):
        gone = (labels,) if isinstance(labels, str | int) else items_of(machine, labels)
        why = machine.unknown(cause_of(labels) or "columns that are dropped", node)
        columns = why if gone is None and not isinstance(columns, Unknown) else _without(columns, gone or (), why)
    elif axis not in (None, 0, "index"):
        columns = machine.unknown("columns that are dropped", node)
    return _in_place_or_new(machine, table, arguments, columns)


def _in_place_or_new(machine: Machine, table: Table, arguments: Arguments, columns: Names, rows: Dim = ROWS) -> Value:
    in_place = machine.need(arguments.get(None, "inplace"))
    if in_place is None or in_place is False:
        return _table(columns, rows)
    _change(machine, table, columns)
    machine.journal.set(table.state, "rows", rows)
    return None


def _same(machine: Machine, table: Table, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return _in_place_or_new(machine, table, arguments, _columns(machine, table), table.state["rows"])


def _fewer_rows(machine: Machine, table: Table, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``dropna()``, ``sample(frac=0.8)``: of the rows some, of the columns all."""
    columns = _columns(machine, table)
    axis = machine.need(arguments.get(None, "axis"))
    if axis not in (None, 0, "index"):
        columns = machine.unknown("columns that are dropped", node)
    return _in_place_or_new(machine, table, arguments, columns)


def _reset_index(machine: Machine, table: Table, arguments: Arguments, node: nodes.NodeNG) -> Value:
    columns = _columns(machine, table)
    if machine.need(arguments.get(None, "drop")) is not True and not isinstance(columns, Unknown):
        columns = machine.unknown("an index that becomes a column", node)
    return _in_place_or_new(machine, table, arguments, columns, table.state["rows"])


def _set_index(machine: Machine, table: Table, arguments: Arguments, node: nodes.NodeNG) -> Value:
    key = machine.need(arguments.get(0, "keys"))
    why = machine.unknown("a column that becomes the index", node)
    kept = arguments.given(None, "drop", "append") or not isinstance(key, str)
    columns = _columns(machine, table)
    columns = why if kept and not isinstance(columns, Unknown) else _without(columns, [key], why)
    return _in_place_or_new(machine, table, arguments, columns, table.state["rows"])


def _rename(machine: Machine, table: Table, arguments: Arguments, node: nodes.NodeNG) -> Value:
    columns = _columns(machine, table)
    new = machine.need_all(arguments.get(None, "columns"))
    if not isinstance(columns, Unknown) and isinstance(new, DictValue) and not new.has_more:
        columns = tuple(new.entries.get(name, name) if isinstance(name, str | int) else name for name in columns)
    elif not isinstance(columns, Unknown):
        columns = tuple(Unknown("a column that is renamed") for _ in columns)
    return _in_place_or_new(machine, table, arguments, columns, table.state["rows"])


def _pop(machine: Machine, table: Table, arguments: Arguments, node: nodes.NodeNG) -> Value:
    _delete_column(machine, table, machine.need(arguments.get(0, "item")))
    return _column(table)


def _merge(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``pd.merge(left, right, on="key")``."""
    rest = arguments.positional[1:]
    table = machine.need(arguments.get(0, "left"))
    if not isinstance(table, Table):
        return machine.unknown(cause_of(table) or "tables that are merged", node)
    keywords = {name: given for name, given in arguments.keywords.items() if name != "left"}
    return _merged(machine, table, Arguments(rest, keywords, arguments.open_ended), node)


def _merged(machine: Machine, table: Table, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``left.merge(right, on="key")``: the columns of both, the keys once."""
    right = machine.need(arguments.get(0, "right"))
    why = machine.unknown(cause_of(right) or "tables that are merged", node)
    mine = _names(machine, table)
    theirs = _names(machine, right) if isinstance(right, Table) else None
    odd = set(arguments.keywords) - {"right", "on", "how", "sort", "suffixes", "validate", "copy"}
    odd |= {"how"} if machine.need(arguments.get(1, "how")) == "cross" else set()
    if mine is None or theirs is None or odd or arguments.open_ended:
        return _table(_columns(machine, table) if mine is None else why)
    on = machine.need_all(arguments.get(2, "on"))
    shared = [name for name in mine if name in theirs]
    keys = shared if on is None else [on] if isinstance(on, str) else items_of(machine, on)
    if keys is None or not all(key in shared for key in keys):
        return _table(why)
    renamed = tuple(Unknown("a column with a suffix") for name in shared if name not in keys)
    kept = tuple(name for name in mine if name not in shared or name in keys)
    return _table((*kept, *renamed, *renamed, *(name for name in theirs if name not in shared)))


def _joined(machine: Machine, table: Table, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``left.join(right)``: the columns of both, which must differ."""
    right = machine.need(arguments.get(0, "other"))
    mine, why = _columns(machine, table), machine.unknown(cause_of(right) or "tables that are joined", node)
    theirs = _columns(machine, right) if isinstance(right, Table) else why
    plain = not arguments.open_ended and not arguments.given(None, "lsuffix", "rsuffix")
    if isinstance(mine, Unknown) or isinstance(theirs, Unknown) or not plain:
        return _table(mine if isinstance(mine, Unknown) else theirs if isinstance(theirs, Unknown) else why)
    return _table((*mine, *theirs))


def _appended(machine: Machine, table: Table, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``table.append(other)`` of pandas 1: below one another."""
    parts = ListValue([table, machine.need(arguments.get(0, "other"))])
    return _concatenated(machine, Arguments([Given(parts, node)]), node)


def _assigned(machine: Machine, table: Table, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``table.assign(new=…)``: a copy with one column more for each new name."""
    names = _names(machine, table)
    if names is None or arguments.open_ended:
        columns = _columns(machine, table)
        return _table(columns if isinstance(columns, Unknown) else machine.unknown("columns that are added", node))
    return _table(tuple(dict.fromkeys((*names, *arguments.keywords))), table.state["rows"])


def _of_dtypes(machine: Machine, table: Table, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return _table(machine.unknown("which columns have such a dtype", node), table.state["rows"])


def _filter(machine: Machine, table: Table, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``table.filter(["a"])``: what is not there is left out, so that it tells only of columns that are known."""
    items = items_of(machine, machine.need_all(arguments.get(0, "items")))
    names = _names(machine, table)
    if items is None or names is None:
        columns = _columns(machine, table)
        return _table(columns if isinstance(columns, Unknown) else machine.unknown("columns that are filtered", node))
    return _table(tuple(name for name in items if name in names))


def _to_numpy(machine: Machine, table: Table, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return as_array(machine, table)


def _of_each_column(machine: Machine, table: Table, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``table.mean()``: a number for each column."""
    columns = _columns(machine, table)
    if arguments.values:
        return machine.unknown("a number for each column or row", node)
    return array(Shape((columns if isinstance(columns, Unknown) else len(columns),)))


def _drop_missing(machine: Machine, table: Table, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``dropna()``; older pandas took the axis by its place."""
    if arguments.positional and machine.need(arguments.get(0)) not in (0, "index"):
        return _in_place_or_new(machine, table, arguments, machine.unknown("columns that are dropped", node))
    return _fewer_rows(machine, table, arguments, node)


_ROWS_LEFT = ("drop_duplicates", "head", "nlargest", "nsmallest", "query", "sample", "tail", "truncate")
_SAME = (
    *("abs", "applymap", "astype", "bfill", "clip", "convert_dtypes", "copy", "cumsum", "diff", "ffill", "fillna"),
    *("infer_objects", "interpolate", "isna", "isnull", "map", "mask", "notna", "notnull", "pct_change", "rank"),
    *("replace", "round", "shift", "sort_index", "sort_values", "where"),
)
_METHODS: dict[str, TableMethod] = {
    **dict.fromkeys(_SAME, _same),
    **dict.fromkeys(_ROWS_LEFT, _fewer_rows),
    **dict.fromkeys(("max", "mean", "median", "min", "std", "sum", "var"), _of_each_column),
    "append": _appended,
    "assign": _assigned,
    "drop": _drop,
    "dropna": _drop_missing,
    "filter": _filter,
    "join": _joined,
    "merge": _merged,
    "pop": _pop,
    "rename": _rename,
    "reset_index": _reset_index,
    "select_dtypes": _of_dtypes,
    "set_index": _set_index,
    "to_numpy": _to_numpy,
}


@attributes_of(Table)
def _attribute(machine: Machine, value: Table, name: str, node: nodes.NodeNG) -> Value:
    columns = _columns(machine, value)
    match name:
        case "columns":
            return columns if isinstance(columns, Unknown) else ListValue(list(columns))
        case "values":
            return as_array(machine, value)
        case "shape":
            return (value.state["rows"], columns if isinstance(columns, Unknown) else len(columns))
        case "loc" | "iloc":
            return Locator(value, name)
    method = _METHODS.get(name)
    if method is not None:
        return Native(name, lambda machine, arguments, node: method(machine, value, arguments, node))
    if not isinstance(columns, Unknown) and name in (_names(machine, value) or ()):
        return _column(value)
    return machine.unknown(f"`{name}` of a table", node)


EXTERNAL: dict[str, NativeCall] = {
    "pandas.DataFrame": _frame,
    "pandas.Series": _series,
    "pandas.concat": _concatenated,
    "pandas.get_dummies": _dummies,
    "pandas.merge": _merge,
    **{f"pandas.read_{kind}": _read(kind) for kind in ("csv", "excel", "feather", "parquet", "table")},
    "pandas.to_datetime": _same_column,
    "pandas.to_numeric": _same_column,
}

known("data", EXTERNAL)
methods("pandas.DataFrame", _METHODS)
