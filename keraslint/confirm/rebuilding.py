"""Copies of a graph with other layers and sizes, and with custom layers opened: tensors and calls are made anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from keraslint.confirm.plan import Unplannable
from keraslint.graph import Call, Layer, Model, Op, Shape, Tensor, Unknown
from keraslint.graph.rewiring import rewired
from keraslint.graph.shapes import infer

Change = Callable[[Layer], Layer]
"""Gives the layer that stands in the copy; the same object where nothing changes."""

LAMBDA = "keras.layers.Lambda"


class CannotRebuild(Exception):
    """With these sizes the model would not build, or it is not known whether it would."""


def opened(model: Model) -> Model:
    """The model with the calls of custom layers and Lambdas replaced by what was read in them.

    Raises:
        Unplannable: what such a layer does is not known, or it makes weights of its own.
    """
    if not any(_is_custom(call) for call in _all_calls(model)):
        return model
    return rebuilt(model, [tensor.shape for tensor in model.inputs], lambda layer: layer)


def rebuilt(model: Model, inputs: Sequence[Shape], change: Change) -> Model:
    """The model on inputs of these shapes and with changed layers; what does not change is not inferred again.

    Raises:
        CannotRebuild: Keras would refuse it, or a shape would not be known any more.
        Unplannable: as of `opened`.
    """
    return _Copy(change).model(model, inputs)


def _all_calls(model: Model) -> Iterator[Call]:
    for call in model.calls:
        yield call
        if isinstance(call.layer, Model):
            yield from _all_calls(call.layer)


def _is_custom(call: Call) -> bool:
    layer = call.layer
    return isinstance(layer, Layer) and (layer.class_name == LAMBDA or (layer.in_file and not layer.origin))


class _Copy:
    """One copy: each layer and each nested model is changed once, however often it is called."""

    def __init__(self, change: Change) -> None:
        self.change = change
        self.layers: dict[tuple[int, bool], Layer] = {}
        self.models: dict[int, Model] = {}
        self.tensors: dict[int, Tensor] = {}
        self.made: dict[tuple[int, int], Tensor] = {}
        """What each call gives, by the call's id and the output's number."""

    def model(self, model: Model, shapes: Sequence[Shape]) -> Model:
        inputs = [replace(tensor, shape=shape) for tensor, shape in zip(model.inputs, shapes, strict=True)]
        self.tensors |= {id(old): new for old, new in zip(model.inputs, inputs, strict=True)}
        for call in model.calls:
            self._apply(call, frozen=False)
        parts = tuple(self._part(layer) for layer in model.layers)
        outputs = tuple(self.tensor(tensor) for tensor in model.outputs)
        return replace(model, inputs=tuple(inputs), outputs=outputs, layers=parts)

    def _part(self, layer: Layer | Model) -> Layer | Model:
        return self.models.get(id(layer), layer) if isinstance(layer, Model) else self._layer(layer, frozen=False)

    def tensor(self, tensor: Tensor) -> Tensor:
        """The tensor of the copy; one that comes from nowhere in sight stands for itself."""
        if id(tensor) in self.tensors:
            return self.tensors[id(tensor)]
        return self.made.get((id(tensor.producer), tensor.index), tensor)

    def _layer(self, layer: Layer, *, frozen: bool) -> Layer:
        key = (id(layer), frozen)
        if key not in self.layers:
            changed = self.change(layer)
            self.layers[key] = replace(changed, trainable=False) if frozen and changed.trainable else changed
        return self.layers[key]

    def _apply(self, call: Call, *, frozen: bool) -> None:
        if _is_custom(call):
            self._open(call, frozen=frozen)
            return
        inputs = tuple(self.tensor(tensor) for tensor in call.inputs)
        arguments = rewired(call.arguments, self.tensor)
        part: Layer | Op | Model
        match call.layer:
            case Model() as nested:
                part = self._nested(nested, inputs)
                shapes, params = tuple(tensor.shape for tensor in part.outputs), call.params
            case Layer() as layer:
                part = self._layer(layer, frozen=frozen)
                shapes, params = _inferred(call, part, inputs, changed=part.arguments is not layer.arguments)
            case op:
                part = replace(op, arguments=rewired(op.arguments, self.tensor))
                shapes, params = _inferred(call, part, inputs, changed=False)
        made = replace(
            call, layer=part, inputs=inputs, arguments=arguments, output_shapes=shapes, params=params, contents=None
        )
        for index, shape in enumerate(shapes):
            self.made[id(call), index] = Tensor(shape, call.span, made, index)

    def _open(self, call: Call, *, frozen: bool) -> None:
        """What a custom layer did in this call, in the place of the call."""
        contents = _contents_of(call)
        given = list({id(tensor): tensor for tensor in call.inputs}.values())
        if len(given) != len(contents.inputs):
            raise Unplannable(f"{_named(call)} is called with something else than tensors")
        self.tensors |= {id(i): self.tensor(t) for i, t in zip(contents.inputs, given, strict=True)}
        for inner in contents.calls:
            self._apply(inner, frozen=frozen or getattr(call.layer, "trainable", True) is False)
        for index, tensor in enumerate(contents.outputs):
            self.made[id(call), index] = self.tensor(tensor)

    def _nested(self, model: Model, inputs: Sequence[Tensor]) -> Model:
        if len(inputs) != len(model.inputs):
            raise CannotRebuild(f"{model.name} is not called with one tensor for each input")
        shapes = [_entering(old.shape, new.shape) for old, new in zip(model.inputs, inputs, strict=True)]
        made = self.models.get(id(model))
        if made is None:
            made = self.models[id(model)] = self.model(model, shapes)
        elif any(not _same(tensor.shape, shape) for tensor, shape in zip(made.inputs, shapes, strict=True)):
            raise CannotRebuild(f"{model.name} is called with tensors of different shapes")
        return made


def _contents_of(call: Call) -> Model:
    """What was read in this call of a custom layer, as far as it can be built again."""
    contents, name = call.contents, _named(call)
    if contents is None or contents.unknowns or not contents.outputs:
        reason = f": {contents.unknowns[0].reason}" if contents is not None and contents.unknowns else ""
        raise Unplannable(f"what {name} computes is not fully understood, and code is only read, never run{reason}")
    if not contents.own_params == 0:
        raise Unplannable(f"{name} makes weights of its own with `add_weight`; only layers of Keras can be rebuilt")
    known = {id(tensor) for tensor in contents.inputs}
    behind = [tensor for inner in contents.calls for tensor in inner.inputs]
    if any(tensor.producer is None and id(tensor) not in known for tensor in (*behind, *contents.outputs)):
        raise Unplannable(f"{name} computes with values of its own, which cannot be rebuilt")
    return contents


def _named(call: Call) -> str:
    layer = call.layer
    if isinstance(layer, Layer) and layer.class_name == LAMBDA:
        return f"the Lambda layer in line {layer.span.line}"
    return f"the custom layer `{layer.class_name}`"


def _entering(declared: Shape, given: Shape) -> Shape:
    """The shape of a nested model's input: what it declares, with the sizes of what comes in."""
    if not declared.rank_known or not given.rank_known or len(declared.dims) != len(given.dims):
        return declared
    pairs = zip(declared.dims, given.dims, strict=True)
    return Shape(tuple(new if isinstance(new, int) else old for old, new in pairs))


def _same(one: Shape, other: Shape) -> bool:
    """Whether two shapes look alike, unknown sizes at the same places."""
    return one.rank_known == other.rank_known and str(one) == str(other)


def _inferred(
    call: Call, part: Layer | Op, inputs: Sequence[Tensor], *, changed: bool
) -> tuple[tuple[Shape, ...], int | Unknown]:
    """Shapes and weights of a call in the copy."""
    before = tuple(tensor.shape for tensor in call.inputs)
    after = tuple(tensor.shape for tensor in inputs)
    if not changed and all(map(_same, before, after)):
        return call.output_shapes, call.params
    assert not isinstance(call.layer, Model)
    for chosen in _deciding(call):
        old = infer(call.layer, tuple(before[n] for n in chosen), call.arguments)
        if len(old.outputs) == len(call.output_shapes) and all(map(_same, old.outputs, call.output_shapes)):
            new = infer(part, tuple(after[n] for n in chosen), call.arguments)
            _refuse_worse(call, new.outputs, new.error)
            return new.outputs, new.params
    raise CannotRebuild(f"it is not known what {call.layer.kind} would make of smaller sizes")


def _deciding(call: Call) -> Iterator[Sequence[int]]:
    """Which inputs may decide the shape: all, or those before the masks."""
    count = len(call.inputs)
    yield range(count)
    for fewer in (3, 2, 1):
        if fewer < count:
            yield range(fewer)


def _refuse_worse(call: Call, outputs: Sequence[Shape], error: str | None) -> None:
    if error is not None and call.error is None:
        raise CannotRebuild(error)
    for old, new in zip(call.output_shapes, outputs, strict=False):
        empty = any(isinstance(dim, int) and dim < 1 for dim in new.dims)
        if len(new.dims) != len(old.dims) or empty or (old.known and not new.known):
            raise CannotRebuild(f"{call.layer!r} would give {new}")
