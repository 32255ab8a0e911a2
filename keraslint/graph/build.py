"""A graph made by hand: names as Keras numbers them, layers put behind tensors, sequential and functional models."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from keraslint.graph.facts import Confidence, Fact, Span, Unknown
from keraslint.graph.objects import ONE_OF_SEVERAL, Argument, Call, Layer, Model, Op, Tensor
from keraslint.graph.order import operations
from keraslint.graph.shape import Shape
from keraslint.graph.shapes import Inferred, infer

# names -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def snake_case(name: str) -> str:
    """As `keras.src.utils.naming.to_snake_case`: ``Conv2D`` → ``conv2d``, ``PReLU`` → ``p_re_lu``."""
    name = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def base_name(class_name: str) -> str:
    """What the names of a class's layers begin with: ``keras.layers.Dense`` → ``dense``."""
    return snake_case(class_name.rpartition(".")[2])


def numbered(base: str, number: int) -> str:
    """The name of the layer that so many of its kind were made before: ``dense``, ``dense_1`` …"""
    return f"{base}_{number}" if number else base


class Names:
    """Names for layers that are given none. ``used`` says how many of each kind there are already."""

    def __init__(self, used: Mapping[str, int] | None = None) -> None:
        self.used = dict(used or {})
        self._before = dict(self.used)

    def next(self, class_name: str) -> str:
        """The name of the next layer of this class."""
        base = base_name(class_name)
        number = self.used.get(base, 0)
        self.used[base] = number + 1
        return numbered(base, number)

    def at(self, class_name: str, place: int) -> str:
        """The name of the layer that is made as number ``place`` of its class, in whatever order they are asked for."""
        base = base_name(class_name)
        number = self._before.get(base, 0) + place
        self.used[base] = max(self.used.get(base, 0), number + 1)
        return numbered(base, number)


# calls -------------------------------------------------------------------------------------------------------


def call_of(
    layer: Layer | Op | Model,
    inputs: tuple[Tensor, ...],
    inferred: Inferred,
    span: Span,
    arguments: tuple[Argument, ...] = (),
    *,
    confidence: Confidence = Confidence.HIGH,
    contents: Model | None = None,
    assumed: bool = False,
) -> Call:
    """The record of one call; an op has no weights, whatever was inferred."""
    weights = (0, 0) if isinstance(layer, Op) else (inferred.params, inferred.non_trainable_params)
    outputs = inferred.outputs
    return Call(layer, inputs, outputs, span, arguments, *weights, inferred.error, confidence, contents, assumed)


def outputs_of(call: Call) -> tuple[Tensor, ...]:
    """The tensors that a call gives, made anew each time: there should be one set of them."""
    return tuple(Tensor(shape, call.span, call, index) for index, shape in enumerate(call.output_shapes))


def shapes_through(
    model: Model, given: tuple[Shape, ...], at_each_call: Callable[[], None] = lambda: None
) -> tuple[Shape, ...]:
    """The output shapes of a model for other input shapes than it was built on."""
    own = tuple(tensor.shape for tensor in model.outputs)
    if not own:
        cause = next((unknown.reason for unknown in model.unknowns), f"the output of {model.name}")
        return (Shape.unknown(cause),)
    if len(given) != len(model.inputs) or all(a.dims == t.shape.dims for a, t in zip(given, model.inputs, strict=True)):
        return own
    same_sizes = all(a.dims[1:] == t.shape.dims[1:] for a, t in zip(given, model.inputs, strict=True))
    if same_sizes and all(shape.known for shape in own) and all(tensor.shape.known for tensor in model.inputs):
        batch = given[0][0]
        return tuple(shape.with_dim(0, batch) for shape in own)
    shapes: dict[int, tuple[Shape, ...]] = {id(t): (s,) for t, s in zip(model.inputs, given, strict=True)}
    for call in model.calls:
        at_each_call()
        incoming = tuple(_shape_in(shapes, tensor) for tensor in call.inputs)
        opaque = isinstance(call.layer, Model) or call.layer.in_file
        shapes[id(call)] = call.output_shapes if opaque else _inferred(call.layer, incoming).outputs
    return tuple(_shape_in(shapes, tensor) for tensor in model.outputs)


def _shape_in(shapes: dict[int, tuple[Shape, ...]], tensor: Tensor) -> Shape:
    if id(tensor) in shapes:
        return shapes[id(tensor)][0]
    made = shapes.get(id(tensor.producer))
    return made[tensor.index] if made is not None and tensor.index < len(made) else tensor.shape


def _inferred(layer: Layer | Op | Model, shapes: tuple[Shape, ...], arguments: tuple[Argument, ...] = ()) -> Inferred:
    if isinstance(layer, Model):
        return Inferred(shapes_through(layer, shapes))
    return infer(layer, shapes, arguments)


# models ------------------------------------------------------------------------------------------------------


def functional(
    name: str,
    span: Span,
    inputs: tuple[Tensor, ...],
    outputs: tuple[Tensor, ...],
    *,
    kind: Literal["functional", "subclass"] = "functional",
    class_name: str = "",
    confidence: Confidence = Confidence.HIGH,
    unknowns: tuple[Unknown, ...] = (),
    output_names: tuple[str, ...] | None = None,
    trainable: bool | Unknown = True,
    written_names: tuple[str, ...] | None = None,
) -> Model:
    """The model between two sets of tensors, with its layers in Keras's order."""
    model = Model(
        kind,
        name,
        span,
        inputs,
        outputs,
        (),
        confidence,
        unknowns,
        class_name,
        output_names,
        trainable,
        written_names=written_names,
    )
    parts = tuple(operations(model))
    layers = tuple(layer for layer in parts if isinstance(layer, Layer | Model))
    object.__setattr__(model, "layers", layers)  # a copy would walk through its calls once more
    if any(isinstance(part, Op) and part.class_name == ONE_OF_SEVERAL for part in parts):
        object.__setattr__(model, "confidence", Confidence.CONTROL_FLOW)
    return model


@dataclass
class Builder:
    """Makes layers and puts them behind tensors, all at one place of the source, or in the place of none."""

    span: Span
    confidence: Confidence = Confidence.HIGH
    of_arguments: Confidence = Confidence.HIGH
    """How sure the values of their arguments are."""
    origin: str = ""
    """What the layers are a part of; see `KerasObject`."""
    pretrained: bool = False
    names: Names = field(default_factory=Names)
    made: dict[Call, tuple[Tensor, ...]] = field(default_factory=dict)
    """Every call in order, and the tensors that it gives."""

    def arguments(self, given: Mapping[str, Any]) -> tuple[Argument, ...]:
        """Values, or facts that say more about them, as arguments."""
        return tuple(Argument(name, self._fact(value), None, self.span) for name, value in given.items())

    def _fact(self, value: Any) -> Fact[Any]:
        return value if isinstance(value, Fact) else Fact(value, self.span, self.of_arguments)

    def input(self, shape: Shape, *, dtype: str | Unknown = "float32", name: str | None = None) -> Tensor:
        return Tensor(shape, self.span, dtype=dtype, name=self.names.next("InputLayer") if name is None else name)

    def layer(
        self,
        class_name: str,
        given: Mapping[str, Any] | tuple[Argument, ...] = (),
        *,
        name: str | None = None,
        trainable: bool | Unknown = True,
        in_file: bool = False,
    ) -> Layer:
        """A layer of a class of Keras, or of one that Keras does not know (``in_file``)."""
        return Layer(
            class_name,
            given if isinstance(given, tuple) else self.arguments(given),
            self.span,
            self.confidence,
            in_file,
            origin=self.origin,
            name=self.names.next(class_name) if name is None else name,
            trainable=trainable,
            pretrained=self.pretrained,
        )

    def call(
        self,
        layer: Layer | Op | Model,
        inputs: Iterable[Tensor],
        arguments: tuple[Argument, ...] = (),
        *,
        known: Inferred | None = None,
    ) -> tuple[Tensor, ...]:
        """Put something behind tensors; ``known`` is what comes of it, where no rule of shapes says so."""
        inputs = tuple(inputs)
        inferred = known or _inferred(layer, tuple(tensor.shape for tensor in inputs), arguments)
        call = call_of(layer, inputs, inferred, self.span, arguments, confidence=self.confidence)
        self.made[call] = outputs_of(call)
        return self.made[call]

    def op(self, name: str, operands: Sequence[Any]) -> Tensor:
        """A function of tensors and plain values; its first output."""
        named = {f"x{place}": operand for place, operand in enumerate(operands, 1)}
        op = Op(name, self.arguments(named), self.span, self.confidence, origin=self.origin)
        return self.call(op, (operand for operand in operands if isinstance(operand, Tensor)))[0]

    def sequential(
        self,
        layers: Sequence[Layer | Model],
        start: Tensor,
        *,
        name: str | None = None,
        trainable: bool | Unknown = True,
    ) -> Model:
        """Layers behind one another."""
        name = self.names.next("Sequential") if name is None else name
        ends: tuple[Tensor, ...] = (start,)
        for layer in layers:
            ends = self.call(layer, ends)
        ends = ends if layers else ()
        return Model("sequential", name, self.span, (start,), ends, tuple(layers), self.confidence, trainable=trainable)

    def functional(
        self, inputs: Iterable[Tensor], outputs: Iterable[Tensor], *, name: str | None = None, **more: Any
    ) -> Model:
        """The model between two sets of tensors; ``more`` as of the function of this name."""
        name = self.names.next("Functional") if name is None else name
        more = {"confidence": self.confidence, **more}
        return functional(name, self.span, tuple(inputs), tuple(outputs), **more)
