"""Losses and metrics as they were asked for: by string, function, class or instance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from keraslint import keras_api
from keraslint.graph.facts import Fact, Unknown
from keraslint.graph.objects import KerasObject, Reference


@dataclass(frozen=True, eq=False, repr=False)
class Spec:
    """A loss or metric as it was asked for: by string, function, class or instance."""

    name: str | Unknown
    """The class (``BinaryCrossentropy``), or ``accuracy`` for the string that Keras interprets by itself."""
    at: Fact[Any]
    """Where it was given; the finding's place."""

    @property
    def object(self) -> KerasObject | None:
        """The instance, when it is one: ``BinaryCrossentropy(from_logits=True)``."""
        return self.at.value if isinstance(self.at.value, KerasObject) else None

    @property
    def from_logits(self) -> Fact[Any]:
        """Whether the loss or metric expects logits; Keras's default is False."""
        return self.object.argument("from_logits") if self.object else Fact(False, self.at.span)

    @property
    def takes_logits(self) -> bool:
        """Whether it is known to expect logits."""
        return self.from_logits == True  # noqa: E712 (a fact compares by value)

    @property
    def takes_probabilities(self) -> bool:
        """Whether it is known to expect probabilities."""
        return self.from_logits == False  # noqa: E712 (a fact compares by value)

    @property
    def sums_over_last_axis(self) -> bool:
        """Whether the classes are known to lie along the last axis; Keras's default."""
        given = self.object.given("axis") if self.object else None
        return given is None or given.value == -1

    @property
    def shown(self) -> str:
        """What to call it in a message: the string as written, else the class."""
        return self.at.value if isinstance(self.at.value, str) else str(self.name)

    def is_a(self, *names: str) -> bool:
        """Whether it is known to be one of the classes ``names``."""
        return isinstance(self.name, str) and self.name in names


def loss_spec(fact: Fact[Any]) -> Spec:
    """Which loss ``fact`` names."""
    return Spec(_class_of("loss", fact), fact)


def metric_specs(fact: Fact[Any]) -> Iterator[Spec]:
    """The metrics in ``fact``: a single one, or a (nested) list of them."""
    if fact.items:
        for item in fact.items:
            yield from metric_specs(item)
    elif not fact.is_a((list, tuple)) and fact != None:  # noqa: E711 (a fact compares by value)
        yield Spec(_class_of("metric", fact), fact)


def _class_of(category: str, fact: Fact[Any]) -> str | Unknown:
    name: str | None = None
    match fact.value:
        case Unknown() as unknown:
            return unknown
        case str(identifier):
            name = keras_api.from_identifier(category, identifier)
            if name is not None and "." not in name:
                return name
        case KerasObject(in_file=False, class_name=name) | Reference(in_file=False, name=name):
            pass
    to_class = keras_api.loss_class if category == "loss" else keras_api.metric_class
    found = to_class(name) if name else None
    return found if found else Unknown(f"a {category} that Keras does not define", fact.span)
