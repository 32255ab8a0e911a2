"""Which tensors carry a mask: Keras hands it to a custom layer whose `call` has the parameter ``mask``.

Source: `keras/src/layers/layer.py` (``__call__``), checked layer by layer against Keras 3.15 and tf_keras 2.21.
"""

from __future__ import annotations

from dataclasses import dataclass

from astroid import nodes

from keraslint.graph import Call, Layer, Model, Tensor
from keraslint.graph.shape import Shape
from keraslint.reader.machine import Arguments, Given, Machine
from keraslint.reader.values import Choice, FunctionValue, Instance, ListValue, Value

_PASSING = frozenset(
    (
        *("Activation", "ActivityRegularization", "AlphaDropout", "BatchNormalization", "Bidirectional", "Dense"),
        *("Dropout", "ELU", "GaussianDropout", "GaussianNoise", "Identity", "LayerNormalization", "LeakyReLU"),
        *("MultiHeadAttention", "PReLU", "ReLU", "Softmax", "SpatialDropout1D", "TimeDistributed", "UnitNormalization"),
    )
)
"""Layers that give on the mask of their first input."""
_RECURRENT = frozenset(("GRU", "LSTM", "RNN", "SimpleRNN"))
"""These do so where they return sequences."""
_MERGING = frozenset(("Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract"))
_LONGEST_WAY = 64
"""A mask is looked for behind so many layers."""


@dataclass(frozen=True, slots=True)
class Mask:
    """The mask that a tensor carries, or may carry."""

    shape: Shape
    sure: bool = True


def with_mask(machine: Machine, function: FunctionValue, arguments: Arguments, node: nodes.NodeNG) -> Arguments:
    """The arguments of a custom layer's `call` with the mask that Keras adds where nobody gives one."""
    parameters = function.node.args
    names = {p.name for p in (*(parameters.args or ()), *(parameters.kwonlyargs or ()))}
    first = machine.need(arguments.positional[0].value) if arguments.positional else None
    if "mask" not in names or "mask" in arguments.keywords or len(arguments.positional) != 1:
        return arguments
    value = _mask_value(machine, first, node)
    if value is None:
        return arguments
    return Arguments(arguments.positional, {**arguments.keywords, "mask": Given(value, node)}, arguments.open_ended)


def _mask_value(machine: Machine, value: Value, node: nodes.NodeNG) -> Value:
    """The mask of a tensor, or a list of those of several; None where none has one."""
    match value:
        case Tensor():
            mask = mask_of(machine, value)
            if mask is None:
                return None
            tensor = Tensor(mask.shape, machine.place(node), dtype="bool", name="mask")
            if mask.sure:
                return tensor
            return Choice(machine.unknown("whether the input of a layer carries a mask", node), tensor, None)
        case ListValue(items=items) | (tuple() as items):
            masks = [_mask_value(machine, machine.need(item), node) for item in items]
            return ListValue(masks) if any(mask is not None for mask in masks) else None
        case _:
            return None


def mask_of(machine: Machine, tensor: Tensor, way: int = _LONGEST_WAY) -> Mask | None:
    """The mask of a tensor; None where it surely has none."""
    tensor = machine.outside.get(tensor, tensor)
    call = tensor.producer
    if call is None:
        return None
    if tensor not in machine.masks:
        if way == 0:
            return Mask(Shape.unknown("a mask from far behind"), sure=False)
        machine.burn()
        machine.masks[tensor] = _mask_behind(machine, call, way)
    return machine.masks[tensor]  # type: ignore[no-any-return]


def _mask_behind(machine: Machine, call: Call, way: int) -> Mask | None:
    layer = call.layer
    if isinstance(layer, Layer) and not layer.in_file:
        return _behind_layer(machine, layer, call, way)
    incoming = next((mask for t in call.inputs if (mask := mask_of(machine, t, way - 1)) is not None), None)
    if isinstance(layer, Layer | Model):
        return _behind_own(machine, layer, incoming)
    return None


def _behind_own(machine: Machine, layer: Layer | Model, incoming: Mask | None) -> Mask | None:
    """A layer of the file decides in `compute_mask`, or not at all; a model may give on what comes in."""
    made = machine.made_by.get(layer)
    if isinstance(made, Instance) and made.cls.lookup("compute_mask"):
        return Mask(incoming.shape if incoming else Shape.unknown("what `compute_mask` returns"), sure=False)
    return Mask(incoming.shape, sure=False) if incoming is not None else None


def _behind_layer(machine: Machine, layer: Layer, call: Call, way: int) -> Mask | None:
    kind = layer.kind
    source = call.inputs[0] if call.inputs else None
    if kind == "Embedding":
        wanted = layer.argument("mask_zero").value
        if source is None or wanted is False:
            return None
        return Mask(source.shape, sure=wanted is True)
    if kind == "Masking" and source is not None:
        shape = source.shape
        return Mask(Shape(shape.dims[:-1]) if shape.rank_known else Shape.unknown(shape.reason))
    if kind in _MERGING:
        masks = [mask_of(machine, tensor, way - 1) for tensor in call.inputs]
        found = next((mask for mask in masks if mask is not None), None)
        return found and Mask(found.shape, sure=all(mask is not None and mask.sure for mask in masks))
    sequences = kind in _RECURRENT and layer.argument("return_sequences").value is True
    if source is None or not (kind in _PASSING or sequences):
        return None
    return mask_of(machine, source, way - 1)
