"""Weights: what those of a layer begin with, what holds them small, and whether they train."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from keraslint import keras_api
from keraslint.graph.facts import Confidence, Fact, Span, Unknown
from keraslint.graph.objects import Call, KerasObject, Layer, Reference
from keraslint.graph.once import once
from keraslint.graph.program import Program
from keraslint.graph.views.traits import NOISE, parameter_names, unwrapped


@dataclass(frozen=True, eq=False, repr=False)
class Weights:
    """The weights of one built-in layer."""

    layer: Layer
    """Taken out of a TimeDistributed."""
    calls: tuple[Call, ...]
    """Where it is called; never empty: a layer without a call has no weights yet."""
    trainable_at_compile: bool | Unknown
    """As the graph knows it; unknown where ``trainable`` was set after compile."""

    @classmethod
    def of(cls, program: Program) -> Iterator[Weights]:
        """Of every built-in layer that is called and has parameters."""
        return iter(weights_of(program))

    @staticmethod
    def may_be_made_by(part: object) -> bool:
        """Whether a call makes weights, or a seed, for this part: it is one of Keras's layers that have some."""
        layer = unwrapped(part) if isinstance(part, Layer) else part
        if not isinstance(layer, Layer) or layer.in_file:
            return False
        names = parameter_names(layer.class_name)
        if layer.class_name in NOISE:
            return layer.argument("stddev" if "stddev" in names else "rate") > 0  # at 0 it needs no seed
        return any(name.endswith("_initializer") for name in names)

    @property
    def span(self) -> Span:
        return self.layer.span

    @property
    def about(self) -> tuple[Any, ...]:
        return (*self.calls, self.layer)

    @property
    def confidence(self) -> Confidence:
        return min(self.layer.confidence, self.calls[0].confidence)

    @property
    def trainable(self) -> bool | Unknown:
        """Whether they train as the layer stood at last."""
        return self.layer.trainable

    @property
    def count(self) -> int | Unknown:
        """How many numbers they are."""
        return self.calls[0].params

    @property
    def kernel_initializer(self) -> Initializer | None:
        """None where the layer has no kernel."""
        return self.initializer("kernel_initializer")

    def initializer(self, name: str) -> Initializer | None:
        """``bias_initializer`` and the like; None where the layer has no such argument."""
        if name not in parameter_names(self.layer.class_name):
            return None
        return Initializer(self.layer.argument(name))

    @property
    def regularizers(self) -> tuple[Fact[Any], ...]:
        """Those that were given, for kernel, bias, …"""
        return self._given("regularizer")

    @property
    def constraints(self) -> tuple[Fact[Any], ...]:
        return self._given("constraint")

    def _given(self, ending: str) -> tuple[Fact[Any], ...]:
        given = (argument for argument in self.layer.arguments if argument.name.endswith(ending))
        return tuple(argument.value for argument in given if not argument.value.is_a(type(None)))


@dataclass(frozen=True, eq=False, repr=False)
class Initializer:
    """What weights begin with, by string, class or instance."""

    given: Fact[Any]

    @property
    def kind(self) -> str:
        """``GlorotUniform``; empty when it is not known."""
        match self.given.value:
            case str(identifier):
                name = keras_api.from_identifier("initializer", identifier)
            case KerasObject(in_file=False, class_name=name) | Reference(in_file=False, name=name):
                pass
            case _:
                name = None
        return name.rpartition(".")[2] if name else ""

    def is_a(self, *kinds: str) -> bool:
        return self.kind in kinds

    def setting(self, name: str) -> Fact[Any]:
        """An argument, as given or as Keras's default: ``stddev``, ``value``."""
        made = self.given.value
        if not isinstance(made, KerasObject):
            path = f"keras.initializers.{self.kind}" if self.kind else ""
            made = KerasObject(path, (), self.given.span, self.given.confidence)
        return made.argument(name)


def _may_have_weights(call: Call) -> bool:
    return isinstance(call.params, Unknown) or call.params > 0


@once
def weights_of(program: Program) -> tuple[Weights, ...]:
    changed = {
        (part.span, getattr(part, "name", ""))
        for seen in program.observations
        if seen.kind in ("trainable-after-compile", "trainable-after-fit")
        for part in (seen.subject,)
        if isinstance(part, Layer)
    }
    calls: dict[tuple[Span, str], list[Call]] = {}
    layers: dict[tuple[Span, str], Layer] = {}
    for call in program.calls:
        layer = unwrapped(call.layer)
        if isinstance(layer, Layer) and not layer.in_file and call.inputs and _may_have_weights(call):
            key = layer.span, layer.name
            layers[key] = layer  # the last: a layer that was frozen in between is another part of the graph
            calls.setdefault(key, []).append(call)
    later = Unknown("`trainable` was set after compile")
    return tuple(
        Weights(layer, tuple(calls[key]), later if key in changed else layer.trainable) for key, layer in layers.items()
    )
