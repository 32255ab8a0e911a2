"""Which values are instances of the abstract classes of Python's `collections.abc` and `numbers`."""

from __future__ import annotations

import collections.abc
import numbers
import types

from keraslint.graph import Array, KerasObject, Tensor
from keraslint.reader.machine.values import (
    DictValue,
    FunctionValue,
    LayerValue,
    ListValue,
    ModelValue,
    Sizes,
    TensorShape,
    Value,
)

_MODULES = ("collections.abc", "collections", "typing", "numbers", "six.moves.collections_abc")
ABSTRACT: dict[str, type] = {
    name: getattr(module, name) for module in (collections.abc, numbers) for name in module.__all__
}
_BY_WHAT_IT_HAS = frozenset(
    (
        *("Awaitable", "AsyncIterable", "Buffer", "Callable", "Collection", "Container", "Coroutine"),
        *("Hashable", "Iterable", "Iterator", "Reversible", "Sized"),
    )
)
"""Python asks of these only that a class has the methods; of the others a class says itself that it is one."""
_OF_SOME_TENSORS = frozenset(("Collection", "Container", "Reversible", "Sized"))
"""TensorFlow's eager tensors have a length, symbolic ones have none."""
_OURS: dict[type, frozenset[str]] = {
    Tensor: frozenset(("Hashable", "Iterable")),
    Array: frozenset(("Collection", "Container", "Iterable", "Sized")),
    LayerValue: frozenset(("Callable", "Hashable")),
    ModelValue: frozenset(("Callable", "Hashable")),
}
"""What holds of tensors, arrays, layers and models. Source: `isinstance` asked of those of Keras 3.15 and numpy 2."""


def abstract_class(path: str) -> str:
    """The name of an abstract class of Python by its dotted path; empty when it is none."""
    module, _, name = path.rpartition(".")
    return name if module in _MODULES and name in ABSTRACT else ""


def is_abstractly(value: Value, name: str) -> bool | None:
    """Whether a value is an instance of the abstract class ``name``; None when that is not known."""
    python = _python_type(value)
    if python is not None:
        return issubclass(python, ABSTRACT[name])
    if isinstance(value, Tensor) and name in _OF_SOME_TENSORS:
        return None
    known = _OURS.get(type(value))
    if known is not None:
        return name in known
    if isinstance(value, KerasObject) and not value.in_file:
        return None if name in _BY_WHAT_IT_HAS else False
    return None


def _python_type(value: Value) -> type | None:
    """The class of a value in the running program, where it is one of Python's own."""
    match value:
        case ListValue(is_generator=True):
            return None
        case ListValue(is_set=is_set):
            return set if is_set else list
        case DictValue():
            return dict
        case FunctionValue():
            return types.FunctionType
        case TensorShape():
            return object  # of Keras 2, where no single shape is a sequence
        case Sizes():
            return None
        case bool() | int() | float() | complex() | str() | bytes() | tuple() | range() | None:
            return type(value)
        case _:
            return None
