"""Functions that call functions on tensors: `tf.cond`, `tf.map_fn`, `tf.while_loop` and their likes in Keras."""

from __future__ import annotations

from astroid import nodes

from keraslint.graph import Array, Tensor, Unknown
from keraslint.graph.shape import Shape, join
from keraslint.reader.language.functions import rebuilt, tensors_in
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.library import NativeCall, known
from keraslint.reader.machine.machine import Machine, truth
from keraslint.reader.machine.places import span_of
from keraslint.reader.machine.state import Raised, tensor_behind
from keraslint.reader.machine.values import MORE, ListValue, Sizes, Value


def _cond(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """One of two functions without arguments; what they have in common where it is not known which."""
    given = machine.need(arguments.get(0, "pred", "condition"))
    functions = (arguments.get(1, "true_fn", "then_expression"), arguments.get(2, "false_fn", "else_expression"))
    test = Unknown("the test of a cond") if isinstance(given, Tensor | Array) else truth(machine, given)
    if not isinstance(test, Unknown):
        return _called(machine, functions[not test], node)

    def arm(which: bool) -> Value:
        try:
            return _called(machine, functions[not which], node)
        except Raised:
            return Unknown("a function that only raises")

    (one, changes), (other, other_changes) = machine.in_both(test, arm)
    machine.keep_common(test, changes, other_changes)
    return _common(machine, test, one, other, node)


def _called(machine: Machine, function: Value, node: nodes.NodeNG) -> Value:
    """What a function gives; a tensor stands for itself, as in ``K.switch(test, a, b)``."""
    function = machine.need(function)
    if isinstance(function, Tensor | Array | int | float):
        return function
    return machine.call(function, Arguments(), node)


def _common(machine: Machine, test: Unknown, one: Value, other: Value, node: nodes.NodeNG) -> Value:
    one, other = _as_list(machine.need(one)), _as_list(machine.need(other))
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        return tuple(_common(machine, test, a, b, node) for a, b in zip(one, other, strict=True))
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        return _made("cond", (one, other), join(one.shape, other.shape, test.reason), node)
    return machine.widen(test, one, other)


def _made(what: str, inputs: tuple[Tensor, ...], shape: Shape, node: nodes.NodeNG) -> Tensor:
    """The tensor behind an operation that holds the functions."""
    return tensor_behind(what, inputs, shape, span_of(node))


def _as_list(value: Value) -> Value:
    return tuple(value.items) if isinstance(value, ListValue) and MORE not in value.items else value


def _map(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """A function on every sample of tensors, what it gives being stacked again."""
    function, whole = arguments.get(0, "fn", "function", "f"), arguments.get(1, "elems", "elements", "xs")
    sources = tensors_in(machine, whole)
    if not sources:
        return machine.unknown("a map over something unknown", node)
    if not all(tensor.shape.rank_known and tensor.shape.dims for tensor in sources):
        return machine.opaque_tensor("a map over something unknown", tuple(sources), span_of(node))
    samples = (Tensor(Shape(tensor.shape.dims[1:]), tensor.span, dtype=tensor.dtype) for tensor in sources)
    sample = rebuilt(machine, machine.need_all(whole), samples)
    length = sources[0].shape.dims[0]

    def stacked(value: Value) -> Value:
        value = _as_list(machine.need(value))
        if isinstance(value, tuple) and not isinstance(value, Sizes):
            return tuple(map(stacked, value))
        shape = _shape_of(value)
        over = Shape((length, *shape.dims)) if shape.rank_known else shape
        return _made("map_fn", tuple(sources), over, node)

    return stacked(machine.call(function, Arguments([Given(sample, node)]), node))


def _shape_of(value: Value) -> Shape:
    if isinstance(value, Tensor | Array):
        return value.shape
    if isinstance(value, int | float):
        return Shape(())
    return Shape.unknown(value.reason if isinstance(value, Unknown) else "what a function gives for a sample")


def _while(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """The variables of a loop have the same shapes after every turn, unless the program says that they grow."""
    if arguments.given(None, "shape_invariants"):
        return machine.unknown("a loop whose variables grow", node)
    return _looped(machine, arguments.get(1, "body"), arguments.get(2, "loop_vars"), node, spread=True)


def _for(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return _looped(machine, arguments.get(2, "body_fun"), arguments.get(3, "init_val"), node, spread=False)


def _looped(machine: Machine, body: Value, variables: Value, node: nodes.NodeNG, *, spread: bool) -> Value:
    variables = machine.need_all(variables)
    items = _as_list(variables)
    if isinstance(variables, Unknown):
        return machine.unknown(variables.reason, node)
    turn = [Given(item, node) for item in items] if spread and isinstance(items, tuple) else [Given(variables, node)]
    if not spread:
        turn.insert(0, Given(machine.unknown("the turn of a loop", node), node))
    after = machine.call(body, Arguments(turn), node)
    sources = tuple(dict.fromkeys((*tensors_in(machine, variables), *tensors_in(machine, after))))

    def left(value: Value) -> Value:
        value = _as_list(machine.need(value))
        if isinstance(value, tuple):
            return tuple(map(left, value))
        return _made("while_loop", sources, _shape_of(value), node)

    return left(variables)


_FUNCTIONS: dict[str, NativeCall] = {
    **dict.fromkeys(("tensorflow.cond", "tensorflow.compat.v1.cond", "keras.ops.cond"), _cond),
    **dict.fromkeys(("tensorflow.map_fn", "tensorflow.vectorized_map", "keras.backend.map_fn"), _map),
    **dict.fromkeys(("keras.ops.map", "keras.ops.vectorized_map"), _map),
    **dict.fromkeys(("tensorflow.while_loop", "tensorflow.compat.v1.while_loop", "keras.ops.while_loop"), _while),
    "keras.ops.fori_loop": _for,
}

known("any", _FUNCTIONS)
