"""The arguments of one call, as they are evaluated."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from astroid import nodes

from keraslint.graph import Span
from keraslint.reader.machine.iteration import items_of
from keraslint.reader.machine.places import span_of
from keraslint.reader.machine.values import DictValue, Value

if TYPE_CHECKING:
    from keraslint.reader.machine.machine import Machine


@dataclass(eq=False, repr=False, slots=True)
class Given:
    """An argument as evaluated, with its node; ``keyword`` is the node of ``name=value``."""

    value: Value
    node: nodes.NodeNG
    keyword: nodes.Keyword | None = None

    @property
    def span(self) -> Span:
        return span_of(self.keyword if self.keyword is not None else self.node)


@dataclass(eq=False, repr=False, slots=True)
class Arguments:
    """The arguments of one call."""

    positional: list[Given] = field(default_factory=list)
    keywords: dict[str, Given] = field(default_factory=dict)
    open_ended: bool = False
    """There was a ``*args`` or ``**kwargs`` of unknown content."""
    unpacks: bool = False
    """There was a ``*args`` or ``**kwargs`` at all: those of a function that nobody calls are empty, too."""
    flags_open: bool = False
    """Parameters that default to None, True or False are unknown: the defaults do not reach all that is there."""
    only: frozenset[str] = frozenset()
    """Where any is named here, just these parameters are, whatever they default to."""
    order: tuple[str, ...] = ()
    """The names that the positional arguments bind to, where it is an older order than today's."""
    refused: str = ""
    """Why the Keras that the file is for raises on the call."""

    def behind(self, receiver: Given) -> Arguments:
        """These arguments after ``self`` or ``cls``."""
        return replace(self, positional=[receiver, *self.positional], order=(), refused="")

    def opens(self, name: str, default: Value) -> bool:
        """Whether a parameter that nothing gives is unknown although it has a default."""
        if self.open_ended or not self.flags_open:
            return self.open_ended
        return name in self.only if self.only else default is None or isinstance(default, bool)

    @property
    def values(self) -> list[Value]:
        return [given.value for given in (*self.positional, *self.keywords.values())]

    def get(self, position: int | None, *names: str) -> Value:
        """The value at a position or under one of the names; None when it was not given."""
        if position is not None and position < len(self.positional):
            return self.positional[position].value
        return next((self.keywords[name].value for name in names if name in self.keywords), None)

    def given(self, position: int | None, *names: str) -> bool:
        return (position is not None and position < len(self.positional)) or any(n in self.keywords for n in names)


def arguments_of(machine: Machine, node: nodes.Call) -> Arguments:
    """The arguments of a call, evaluated in order, with ``*`` and ``**`` unpacked where they are known."""
    arguments = Arguments()
    for item in node.args:
        if isinstance(item, nodes.Starred):
            arguments.unpacks = True
            items = items_of(machine, machine.now(item.value))
            if not items:
                arguments.open_ended = True  # `*args` of a function that nothing calls is empty, too
            if items is not None:
                arguments.positional.extend(Given(value, item) for value in items)
        else:
            arguments.positional.append(Given(machine.evaluate(item), item))
    for keyword in node.keywords:
        if keyword.arg is not None:
            arguments.keywords[keyword.arg] = Given(machine.evaluate(keyword.value), keyword.value, keyword)
            continue
        arguments.unpacks = True
        more = machine.now(keyword.value)
        if isinstance(more, DictValue):
            machine.look_through(more.entries)
            for name, value in more.entries.items():
                if isinstance(name, str):
                    arguments.keywords[name] = Given(value, keyword.value)
        if not isinstance(more, DictValue) or more.has_more:
            arguments.open_ended = True
    return arguments
