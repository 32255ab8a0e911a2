"""The output shapes that a custom layer states itself, by its own `compute_output_shape` or that of its base."""

from __future__ import annotations

from astroid import nodes

from keraslint.graph import Fact, Tensor, Unknown
from keraslint.graph.declared import shape_from
from keraslint.graph.shape import Dim, Shape
from keraslint.graph.shapes import infer
from keraslint.reader.keras.binding import current_layer, to_graph
from keraslint.reader.language.instances import call_method
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import span_of
from keraslint.reader.machine.values import FunctionValue, Instance, LayerValue, ListValue, Value


def with_declared(
    machine: Machine,
    instance: Instance,
    base: Value,
    found: tuple[Shape, ...],
    given: Arguments,
    inputs: tuple[Tensor, ...],
    node: nodes.NodeNG,
) -> tuple[Shape, ...]:
    """The shapes that `call` was found to give, with what it leaves open as the layer declares it.

    Keras 3 asks only the declaration. What reading `call` finds comes first here: it is what the layer does.
    """
    if all(shape.rank_known and all(isinstance(dim, int) for dim in shape.dims[1:]) for shape in found) and found:
        return found
    declared = _declared(machine, instance, base, given, inputs, node)
    if not found:
        return declared
    if len(declared) != len(found):
        return found
    return tuple(map(_filled, found, declared))


def _filled(found: Shape, declared: Shape) -> Shape:
    if not found.rank_known:
        return declared if declared.rank_known and _agree(found.dims, declared.dims) else found
    if not declared.rank_known or len(declared.dims) != len(found.dims):
        return found
    pairs = zip(found.dims, declared.dims, strict=True)
    return Shape(tuple(one if isinstance(one, int) or isinstance(other, Unknown) else other for one, other in pairs))


def _agree(trailing: tuple[Dim, ...], dims: tuple[Dim, ...]) -> bool:
    """Whether a shape may end in these sizes."""
    pairs = zip(reversed(trailing), reversed(dims), strict=False)
    sure = [(one, other) for one, other in pairs if isinstance(one, int) and isinstance(other, int)]
    return len(trailing) <= len(dims) and all(one == other for one, other in sure)


def _declared(
    machine: Machine, instance: Instance, base: Value, given: Arguments, inputs: tuple[Tensor, ...], node: nodes.NodeNG
) -> tuple[Shape, ...]:
    method = instance.cls.lookup("compute_output_shape")
    if method is None:
        if not isinstance(base, LayerValue):
            return ()
        return infer(current_layer(machine, base), tuple(tensor.shape for tensor in inputs)).outputs
    if not isinstance(method[0], FunctionValue) or any(isinstance(shape, Unknown) for shape in given.values):
        return ()
    result = machine.need_all(call_method(machine, instance, method[0], given, node))
    several = result.items if isinstance(result, ListValue) else result if isinstance(result, tuple) else ()
    if several and all(isinstance(part, Unknown) for part in several):
        return ()  # unknown sizes of one shape, or unknown shapes
    whole = not any(isinstance(part, tuple | ListValue) for part in several)
    return tuple(
        shape_from(Fact(to_graph(machine, part), span_of(node)), batched=True)
        for part in ([result] if whole else several)
    )
