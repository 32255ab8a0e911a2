"""Values of the graph as JSON for the child: plain values, Keras objects, references, layers and tensors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from keraslint import keras_api
from keraslint.confirm import criteria, permitted
from keraslint.confirm.plan import Json, Unplannable
from keraslint.graph import Argument, Array, Fact, KerasObject, Layer, Model, Op, Reference, Tensor, Unknown

ASSUMED_ARGUMENTS: dict[str, object] = {
    "filters": criteria.ASSUMED_FEATURES,
    "input_dim": criteria.ASSUMED_VOCABULARY,
    "key_dim": criteria.ASSUMED_FEATURES,
    "max_tokens": criteria.ASSUMED_VOCABULARY,
    "output_dim": criteria.ASSUMED_FEATURES,
    "rate": criteria.ASSUMED_RATE,
    "units": criteria.ASSUMED_FEATURES,
}
"""What stands in for a layer argument that the source does not tell."""

IMMATERIAL = frozenset({"dtype", "name", "seed"})
"""Arguments that may be left out when they are not known."""

LEFT_AT_DEFAULT = ("_constraint", "_initializer", "_regularizer")
"""Ends of the names of arguments without which a layer is built all the same."""

DECLARATIONS = frozenset(
    {"batch_input_shape", "batch_shape", "batch_size", "input_dim", "input_length", "input_shape", "weights"}
)
"""Arguments that say what comes in, or load weights; left out where today's layer has no such parameter."""


@dataclass
class Notebook:
    """What is collected while a plan is written: the layers met so far, and what had to be assumed."""

    as_written: bool = False
    """Pass arguments by the keyword that stands in the source, not by today's name."""
    layers: list[Json] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)
    assumptions: dict[str, None] = field(default_factory=dict)

    def assume(self, text: str) -> None:
        self.assumptions[text] = None


TensorName = Callable[[Tensor], Json]


def encode(value: object, notes: Notebook, name_of: TensorName) -> Json:
    """``value`` as JSON; containers other than lists are tagged by kind.

    Raises:
        Unplannable: the value is unknown, or is code of the user's own.
    """
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Unknown(reason=reason):
            raise Unplannable(reason)
        case list():
            return [encode(item, notes, name_of) for item in value]
        case tuple():
            return {"tuple": [encode(item, notes, name_of) for item in value]}
        case dict():
            return only_permitted({"dict": [[key, encode(item, notes, name_of)] for key, item in value.items()]})
        case slice():
            return {"slice": [value.start, value.stop, value.step]}
        case Tensor():
            return name_of(value)
        case Array():
            raise Unplannable("the model computes with data of the program, which are not known here")
        case Layer() | Model():
            raise Unplannable("a layer or model where a value is expected")
        case KerasObject():
            return encode_object(value, notes, name_of)
        case Reference(in_file=False, name=name):
            return only_permitted({"reference": name})
        case Reference(name=name):
            raise Unplannable(f"`{name}` is code of the file's own, which is never run")
        case _:
            if value is Ellipsis:
                return {"ellipsis": True}
            raise Unplannable(f"a value of type {type(value).__name__} is not understood")


def encode_object(value: KerasObject, notes: Notebook, name_of: TensorName) -> Json:
    """An optimizer, loss, metric, initializer, schedule …"""
    if value.in_file:
        raise Unplannable(f"`{value.kind}` is a class of the file's own, which is never run")
    return only_permitted({"object": value.class_name, "arguments": encode_arguments(value, notes, name_of)})


def only_permitted(written: Json) -> Json:
    """What is written, when the child may make it; the child asks the same again.

    Raises:
        Unplannable: it may read files or run code.
    """
    try:
        permitted.refuse(written)
    except permitted.Refused as problem:
        raise Unplannable(str(problem)) from problem
    return written


def encode_arguments(value: KerasObject, notes: Notebook, name_of: TensorName) -> Json:
    """Arguments by name, without those that only declare an input."""
    parameters = _parameters(value.class_name)
    encoded: dict[str, Json] = {}
    for argument in value.arguments:
        name = argument.written if notes.as_written and argument.written else argument.name
        if isinstance(value, Layer) and argument.name in DECLARATIONS and argument.name not in parameters:
            continue
        if argument.name == "trainable" or (argument.name == "name" and not isinstance(argument.value.value, str)):
            continue
        known = _encode_argument(value, argument, notes, name_of)
        if known is not None or argument.value.known:
            encoded[name] = known
    return encoded


def _encode_argument(value: KerasObject, argument: Argument, notes: Notebook, name_of: TensorName) -> Json:
    """The argument's value; an assumption, or None to leave it out, when it is not known."""
    try:
        return encode_fact(argument.value, notes, name_of)
    except Unplannable as problem:
        if argument.name in IMMATERIAL:
            return None
        what = f"`{argument.name}` of {value.kind}"
        if isinstance(value, Layer) and argument.name in ASSUMED_ARGUMENTS:
            assumed = ASSUMED_ARGUMENTS[argument.name]
            notes.assume(f"{what} is taken to be {assumed}: {problem}")
            return assumed
        if isinstance(value, Layer) and argument.name.endswith(LEFT_AT_DEFAULT):
            if not value.origin:
                notes.assume(f"{what} left at Keras's default: {problem}")
            return None
        if not isinstance(value, Layer | Op) and not isinstance(value.argument(argument.name).value, KerasObject):
            notes.assume(f"{what} left at Keras's default: {problem}")
            return None
        raise Unplannable(f"{what} is not known: {problem}") from problem


def encode_fact(fact: Fact[Any], notes: Notebook, name_of: TensorName) -> Json:
    """The value of a fact, in which layers may stand (the layer inside a Bidirectional)."""
    if isinstance(fact.value, Layer | Model):
        return {"layer": _number_of_layer(fact.value, notes, name_of)}
    return encode(fact.value, notes, name_of)


def _number_of_layer(layer: Layer | Model, notes: Notebook, name_of: TensorName) -> int:
    if isinstance(layer, Model):
        raise Unplannable("a model as the argument of a layer")
    return number_of_layer(layer, notes, name_of)


def number_of_layer(layer: Layer | Op, notes: Notebook, name_of: TensorName) -> int:
    """The layer's place in the plan; it is written on first sight, so that a shared layer stays shared."""
    if id(layer) in notes.numbers:
        return notes.numbers[id(layer)]
    if layer.in_file and isinstance(layer, Op):
        raise Unplannable(f"an operation is not understood: {layer.class_name}")
    if layer.origin:
        notes.assume(f"layers of {layer.origin} start from random weights: pre-trained ones are never loaded")
    if layer.in_file and layer.origin:
        raise Unplannable(
            f"`{layer.kind}` inside a model of {layer.origin} has no public name, so it cannot be made alone"
        )
    if layer.in_file:
        raise Unplannable(f"`{layer.kind}` is a layer of the file's own, which is never run")
    if layer.class_name == "keras.layers.Lambda":
        raise Unplannable("a Lambda layer holds code of the file's own, which is never run")
    written = only_permitted({"class": layer.class_name, "arguments": encode_arguments(layer, notes, name_of)})
    if isinstance(layer, Op):
        written["order"] = [a.name for a in layer.arguments if a.position is not None]
    elif layer.trainable is False:
        written["frozen"] = True
    notes.layers.append(written)
    notes.numbers[id(layer)] = len(notes.layers) - 1
    return len(notes.layers) - 1


def _parameters(class_name: str) -> frozenset[str]:
    symbol = keras_api.symbol(class_name)
    return frozenset(parameter.name for parameter in symbol.parameters()) if symbol else frozenset()
