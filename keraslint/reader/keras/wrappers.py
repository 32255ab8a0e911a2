"""Built-in layers around layers that the file defines: TimeDistributed over a custom layer, RNN over a custom cell."""

from __future__ import annotations

from astroid import nodes

from keraslint.graph import Tensor, Unknown
from keraslint.graph.shape import Shape
from keraslint.reader.language.functions import tensors_in
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.iteration import items_of
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import Instance, LayerValue, ListValue, Value

Count = int | Unknown
Wrapped = tuple[tuple[Shape, ...], Count, Count]


def around_custom(machine: Machine, value: LayerValue, inputs: tuple[Tensor, ...]) -> Wrapped:
    """Output shapes and weights of a wrapper, by what the wrapped layer makes of one step."""
    wrapped = machine.need(value.state.wrapped)
    assert isinstance(wrapped, Instance)
    shape = inputs[0].shape
    unclear = Unknown(f"{value.layer.kind} around {wrapped.cls.name}", value.layer.span)
    if not shape.rank_known or len(shape.dims) < 3:
        return (Shape.unknown(unclear.reason),), unclear, unclear
    step = Tensor(Shape((shape.dims[0], *shape.dims[2:])), inputs[0].span, dtype=inputs[0].dtype)
    given: list[Value] = [step]
    is_cell = value.layer.kind == "RNN"
    if is_cell:
        states = _states(machine, wrapped, step, wrapped.node)
        if states is None:
            return (Shape.unknown(unclear.reason),), unclear, unclear
        given.append(states)
    result = machine.call(wrapped, Arguments([Given(item, wrapped.node) for item in given]), wrapped.node)
    made = tensors_in(machine, result)
    if not made or made[0].producer is None:
        return (Shape.unknown(unclear.reason),), unclear, unclear
    call, output = made[0].producer, made[0].shape
    if is_cell and value.layer.argument("return_state").value is not False:
        return (Shape.unknown(unclear.reason),), call.params, call.non_trainable_params
    if not is_cell or value.layer.argument("return_sequences").value is True:
        output = Shape((output.dims[0], shape.dims[1], *output.dims[1:])) if output.rank_known else output
    return (output,), call.params, call.non_trainable_params


def _states(machine: Machine, cell: Instance, step: Tensor, node: nodes.NodeNG) -> Value:
    """The states that a cell asks for by its ``state_size``."""
    size = machine.need(machine.attribute(cell, "state_size", node))
    sizes = (size,) if isinstance(size, int) else items_of(machine, size)
    if sizes is None or not all(isinstance(one, int) for one in sizes):
        return None
    return ListValue([Tensor(Shape((step.shape.dims[0], one)), step.span) for one in sizes])
