"""Arguments of calls with other tensors in place: what a copy of a graph needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from keraslint.graph.facts import Fact
from keraslint.graph.objects import Argument, Tensor

Moved = Callable[[Tensor], Tensor]
"""Gives the tensor that stands in the copy."""


def rewired(arguments: tuple[Argument, ...], moved: Moved) -> tuple[Argument, ...]:
    """The arguments with every tensor in them replaced, in lists and dicts, too."""
    return tuple(replace(argument, value=_fact(argument.value, moved)) for argument in arguments)


def _fact(fact: Fact[Any], moved: Moved) -> Fact[Any]:
    items = tuple(_fact(item, moved) for item in fact.items)
    entries = tuple((key, _fact(item, moved)) for key, item in fact.entries)
    return replace(fact, value=_value(fact.value, moved), items=items, entries=entries)


def _value(value: object, moved: Moved) -> object:
    match value:
        case Tensor():
            return moved(value)
        case list():
            return [_value(item, moved) for item in value]
        case tuple():
            return tuple(_value(item, moved) for item in value)
        case dict():
            return {key: _value(item, moved) for key, item in value.items()}
        case _:
            return value
