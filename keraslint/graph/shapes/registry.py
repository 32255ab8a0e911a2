"""The table of shape rules and its lookup, `infer`. The modules of the families register their rules here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import Argument, KerasObject, Layer
from keraslint.graph.shape import LARGEST, Shape


class Inferred(NamedTuple):
    """What Keras would make of a layer or op called on given shapes."""

    outputs: tuple[Shape, ...]
    params: int | Unknown = 0
    """Elements of all weights."""
    non_trainable_params: int | Unknown = 0
    """Of ``params``, those that no optimizer updates, as BatchNormalization's moving statistics.

    The layer's own ``trainable=False`` is not looked at.
    """
    error: str | None = None
    """Why Keras rejects the call, in one line with what was expected and what came."""


Rule = Callable[[KerasObject, tuple[Shape, ...]], Inferred]
"""One layer's or op's shapes and weights; raises `Rejected` where Keras raises."""

RULES: dict[str, Rule] = {}
LAYERS = "keras.layers."


class Rejected(Exception):
    """Keras raises here; the text is the finding's reason."""


def op(*names: str) -> Callable[[Rule], Rule]:
    """Register a rule under canonical names."""

    def register(rule: Rule) -> Rule:
        RULES.update(dict.fromkeys(names, rule))
        return rule

    return register


def layer(*kinds: str) -> Callable[[Rule], Rule]:
    """Register a rule under names of `keras.layers`."""
    return op(*(LAYERS + kind for kind in kinds))


CALL_SETTINGS = ("return_attention_scores",)
"""Arguments of a layer's call, not of its constructor, that decide what comes out."""


def infer(layer: KerasObject, inputs: tuple[Shape, ...], call_arguments: tuple[Argument, ...] = ()) -> Inferred:
    """Output shapes and weight counts of ``layer`` on tensors of the shapes ``inputs``, or Keras's refusal.

    Never raises; what cannot be known is unknown, with its reason.
    """
    if isinstance(layer, Layer) and layer.refused:
        return undecided(layer.refused, error=layer.refused)
    rule = _rule_of(layer)
    if rule is None:
        return undecided(f"the output shape of {layer.kind} is not known")
    deciding = tuple(replace(given, written=None) for given in call_arguments if given.name in CALL_SETTINGS)
    called = replace(layer, arguments=layer.arguments + deciding) if deciding else layer
    try:
        inferred = _bounded(rule(called, inputs))
    except Rejected as rejection:
        return undecided(str(rejection), error=str(rejection))
    if isinstance(layer, Layer) and layer.reweighed:
        why = Unknown(layer.reweighed)
        return inferred._replace(params=why, non_trainable_params=why)
    return inferred


def has_rule(name: str) -> bool:
    """Whether it is known what a function makes of tensors whose shapes are known."""
    return name in RULES


def _bounded(inferred: Inferred) -> Inferred:
    """Sizes that layer after layer has multiplied beyond all bounds are unknown: even to print them takes long."""
    if all(dim is None or isinstance(dim, Unknown) or dim <= LARGEST for s in inferred.outputs for dim in s.dims):
        return inferred
    return undecided("a size beyond all bounds")


def _rule_of(layer: KerasObject) -> Rule | None:
    if layer.in_file:
        return None
    if layer.class_name.startswith(LAYERS):
        # Layers keep their last name when they move between keras.layers and its experimental corners.
        return RULES.get(LAYERS + layer.kind)
    return RULES.get(layer.class_name)


def undecided(reason: str, error: str | None = None) -> Inferred:
    """One output of which nothing is known."""
    return Inferred((Shape.unknown(reason),), Unknown(reason), Unknown(reason), error)


def single(shape: Shape) -> Inferred:
    """What an op gives that has one output and no weights."""
    return Inferred((shape,))


def unclear(shape: Shape, why: str) -> Inferred:
    """One output of unknown shape: for the reason that ``shape`` is unknown, or else for this one."""
    return single(Shape.unknown(shape.reason or why))
