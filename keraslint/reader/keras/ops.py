"""Operations on symbolic tensors: operators, slicing, attributes, and functions of Keras and TensorFlow."""

from __future__ import annotations

from astroid import nodes

from keraslint.graph import Argument, Array, Confidence, Fact, Op, Tensor
from keraslint.graph.build import call_of, outputs_of
from keraslint.graph.shapes import infer, positional_names
from keraslint.reader.keras.binding import bind_keras, fact_of, to_graph
from keraslint.reader.keras.observing import note_layers_as_tensors
from keraslint.reader.language.functions import tensors_in
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.machine import Machine, attributes_of
from keraslint.reader.machine.places import span_of
from keraslint.reader.machine.protocols import BINARY, COMPARE, ITEM, PASS, UNARY
from keraslint.reader.machine.values import LayerValue, ListValue, Native, Value

COST_OF_OP = 10
"""An operation takes as long to infer as so many expressions take to evaluate."""

_OPERATORS = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "truediv",
    "//": "floordiv",
    "%": "mod",
    "**": "pow",
    "@": "matmul",
    "&": "and_",
    "|": "or_",
    "<": "lt",
    "<=": "le",
    ">": "gt",
    ">=": "ge",
}
_SYMBOLIC = ("<", "<=", ">", ">=")
"""Comparisons that make a tensor; the others are Python's own."""


@BINARY.answers(Tensor)
def _operator(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    """``left op right`` where at least one is a tensor."""
    name = _OPERATORS.get(op)
    for operand in (left, right):
        if isinstance(operand, LayerValue):
            note_layers_as_tensors(machine, operand, op, node)
    if name is None:
        return machine.opaque_tensor(f"the operator {op}", tuple(tensors_in(machine, (left, right))), span_of(node))
    return _apply(
        machine,
        f"operator.{name}",
        (_operand(machine, "a", left, node, 0), _operand(machine, "b", right, node, 1)),
        node,
    )


def _operand(machine: Machine, name: str, value: Value, node: nodes.NodeNG, position: int) -> Argument:
    return Argument(name, Fact(to_graph(machine, value), span_of(node), Confidence.INFERENCE), None, None, position)


@COMPARE.answers(Tensor)
def _comparison(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    return _operator(machine, op, left, right, node) if op in _SYMBOLIC else PASS


@UNARY.answers(Tensor)
def _unary(machine: Machine, op: str, value: Tensor, node: nodes.NodeNG) -> Value:
    name = {"-": "neg", "+": "pos", "~": "invert"}.get(op)
    if name is None:
        return machine.unknown("the truth value of a tensor", node)
    return _apply(machine, f"operator.{name}", (_operand(machine, "a", value, node, 0),), node)


@ITEM.answers(Tensor)
def _item(machine: Machine, tensor: Tensor, index: Value, node: nodes.NodeNG) -> Value:
    """``tensor[index]``."""
    arguments = (_operand(machine, "a", tensor, node, 0), _operand(machine, "key", index, node, 1))
    return _apply(machine, "operator.getitem", arguments, node)


def call_op(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """A function of Keras or TensorFlow applied to tensors."""
    return _apply(machine, name, _bound(machine, name, arguments), node, open_ended=arguments.open_ended)


def op_on_data(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """The same applied to arrays of known content or size: an array; None where that tells no shape."""
    if not any(isinstance(machine.need(value), Array) for value in arguments.values):
        return None
    bound = _bound(machine, name, arguments)
    shapes = tuple(given.value.value.shape for given in bound if isinstance(given.value.value, Array))
    made = infer(Op(name, bound, span_of(node)), shapes).outputs
    return Array(made[0]) if len(made) == 1 and made[0].rank_known else None


def _bound(machine: Machine, name: str, arguments: Arguments) -> tuple[Argument, ...]:
    if name.startswith("keras."):
        return bind_keras(machine, name, arguments)
    names = positional_names(name)
    positional = (
        Argument(
            names[position] if position < len(names) else f"argument {position}",
            fact_of(machine, given),
            None,
            given.span,
            position,
        )
        for position, given in enumerate(arguments.positional)
    )
    named = (Argument(key, fact_of(machine, given), key, given.span) for key, given in arguments.keywords.items())
    return (*positional, *named)


def _apply(
    machine: Machine, name: str, bound: tuple[Argument, ...], node: nodes.NodeNG, *, open_ended: bool = False
) -> Value:
    machine.burn(COST_OF_OP)
    op = Op(name, bound, span_of(node), machine.flow_confidence, open_ended=open_ended)
    inputs = tuple(tensor for argument in bound for tensor in _tensors(argument.value.value))
    inferred = infer(op, tuple(tensor.shape for tensor in inputs))
    call = call_of(
        op, inputs, inferred, span_of(node), confidence=machine.flow_confidence, assumed=machine.proves_nothing
    )
    machine.record.calls.append(call)
    outputs = outputs_of(call)
    return outputs[0] if len(outputs) == 1 else ListValue(list(outputs))


def _tensors(value: object) -> list[Tensor]:
    match value:
        case Tensor():
            return [value]
        case list() | tuple():
            return [tensor for item in value for tensor in _tensors(item)]
        case dict():
            return [tensor for item in value.values() for tensor in _tensors(item)]
        case _:
            return []


@attributes_of(Tensor)
def _attribute(machine: Machine, tensor: Tensor, name: str, node: nodes.NodeNG) -> Value:
    shape = tensor.shape
    match name:
        case "shape":
            return shape.dims if shape.rank_known else machine.unknown(shape.reason, node)
        case "get_shape":
            return Native("get_shape", lambda machine, arguments, node: _attribute(machine, tensor, "shape", node))
        case "_keras_shape":
            return _attribute(machine, tensor, "shape", node)
        case "dtype":
            return tensor.dtype
        case "ndim":
            return len(shape.dims) if shape.rank_known else machine.unknown(shape.reason, node)
        case "name":
            return tensor.name or machine.unknown("the name of a tensor", node)
        case "op" | "node" | "_keras_history" | "graph":
            return machine.unknown(f"`{name}` of a tensor", node)
        case _:
            what = f"{name} of a tensor"
            return Native(name, lambda machine, arguments, node: machine.opaque_tensor(what, (tensor,), span_of(node)))
