"""Which tensors carry a mask: Keras hands it to a custom layer whose `call` has the parameter ``mask``.

Source: `keras/src/layers/layer.py` (``__call__``), checked layer by layer against Keras 3.15 and tf_keras 2.21.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from astroid import nodes

from keraslint.graph import Call, Layer, Model, Tensor, Unknown
from keraslint.graph.shape import Shape
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import Choice, FunctionValue, Instance, ListValue, Value

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
BARE = ("keras.Layer", "keras.layers.Layer")
"""The class from which layers are made that have nothing of their own."""
_LONGEST_WAY = 64
"""A mask is looked for behind so many layers."""


@dataclass
class Masks:
    """What is remembered of the masks of tensors."""

    known: dict[Tensor, Mask | None] = field(default_factory=dict)
    """The masks that tensors carry, or None, as far as anyone has asked."""

    outside: dict[Tensor, Tensor] = field(default_factory=dict)
    """What a tensor inside of a custom layer is outside of it."""


@dataclass(frozen=True, slots=True)
class Mask:
    """The mask that a tensor carries, or may carry."""

    shape: Shape
    test: Unknown | None = None
    """What decides whether there is one; layers that give a mask on all ask the same."""


def _unsure(shape: Shape) -> Mask:
    return Mask(shape, Unknown("whether the input of a layer carries a mask"))


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
            return tensor if mask.test is None else Choice(mask.test, tensor, None)
        case ListValue(items=items) | (tuple() as items):
            masks = [_mask_value(machine, machine.need(item), node) for item in items]
            return ListValue(masks) if any(mask is not None for mask in masks) else None
        case _:
            return None


def mask_of(machine: Machine, tensor: Tensor, way: int = _LONGEST_WAY) -> Mask | None:
    """The mask of a tensor; None where it surely has none."""
    masks = machine.memory(Masks)
    tensor = masks.outside.get(tensor, tensor)
    call = tensor.producer
    if call is None:
        return None
    if tensor not in masks.known:
        if way == 0:
            return _unsure(Shape.unknown("a mask from far behind"))
        machine.burn()
        masks.known[tensor] = _mask_behind(machine, call, way)
    return masks.known[tensor]


def _mask_behind(machine: Machine, call: Call, way: int) -> Mask | None:
    layer = call.layer
    if isinstance(layer, Layer) and not layer.in_file:
        return _behind_layer(machine, layer, call, way)
    if not isinstance(layer, Layer | Model):
        return None
    made = machine.made_by.get(layer)
    is_own = isinstance(made, Instance) and made.cls.keras_base in BARE
    passes = _gives_on(machine, made) if isinstance(made, Instance) and is_own else None
    if passes is False:
        return None
    incoming = next((mask for t in call.inputs if (mask := mask_of(machine, t, way - 1)) is not None), None)
    if passes is True and len(call.inputs) == 1:
        return incoming
    if isinstance(made, Instance) and made.cls.lookup("compute_mask"):
        return _unsure(incoming.shape if incoming else Shape.unknown("what `compute_mask` returns"))
    return _unsure(incoming.shape) if incoming is not None else None


def _gives_on(machine: Machine, layer: Instance) -> bool | None:
    """Whether a layer of the file gives on the mask of its input; None where its `compute_mask` decides it."""
    method = layer.cls.lookup("compute_mask")
    if method is None:
        supports = machine.need(layer.attributes.get("supports_masking", _of_class(layer, "supports_masking")))
        return supports if isinstance(supports, bool) else None
    function = method[0]
    body = function.node.body if isinstance(function, FunctionValue) else None
    if not isinstance(body, list) or len(body) != 1 or not isinstance(body[0], nodes.Return):
        return None
    match body[0].value:
        case None | nodes.Const(value=None):
            return False
        case nodes.Name(name=name) if [p.name for p in function.node.args.args][2:3] == [name]:
            return True
        case _:
            return None


def _of_class(layer: Instance, name: str) -> Value:
    """What the class says of an attribute; Keras's own answer is False."""
    found = layer.cls.lookup(name)
    return False if found is None else found[0]


def _behind_layer(machine: Machine, layer: Layer, call: Call, way: int) -> Mask | None:
    kind = layer.kind
    source = call.inputs[0] if call.inputs else None
    if kind == "Embedding":
        wanted = layer.argument("mask_zero").value
        if source is None or wanted is False:
            return None
        if isinstance(wanted, Unknown):
            return Mask(source.shape, wanted)
        return Mask(source.shape) if wanted is True else _unsure(source.shape)
    if kind == "Masking" and source is not None:
        shape = source.shape
        return Mask(Shape(shape.dims[:-1]) if shape.rank_known else Shape.unknown(shape.reason))
    if kind in _MERGING:
        masks = [mask_of(machine, tensor, way - 1) for tensor in call.inputs]
        found = next((mask for mask in masks if mask is not None), None)
        if found is None or all(mask is not None and mask.test is found.test for mask in masks):
            return found
        return _unsure(found.shape)
    sequences = kind in _RECURRENT and layer.argument("return_sequences").value is True
    if source is None or not (kind in _PASSING or sequences):
        return None
    return mask_of(machine, source, way - 1)
