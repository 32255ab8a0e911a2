"""The order of layers in a functional model, as Keras sorts them for `model.layers` and `summary`."""

from __future__ import annotations

from keraslint.graph.objects import Call, Layer, Model, Op, Tensor

Operation = Layer | Op | Model | Tensor
"""What a graph consists of; a tensor stands for the `InputLayer` that makes it."""


def operations(model: Model) -> tuple[Operation, ...]:
    """Layers, ops and inputs of a functional model: farthest from the outputs first, then as seen from the outputs.

    Source: `keras.src.ops.function.map_graph`. Without recursion: models may be 10,000 layers deep.
    """
    inputs = {id(tensor) for tensor in model.inputs}
    finished, seen = _walk(model, inputs)
    depths = _depths(finished, inputs)
    fed = _fed(finished, inputs) if not model.unknowns else seen.keys()
    seen = {
        **{id(tensor): tensor for tensor in model.inputs if id(tensor) not in seen},
        **{key: operation for key, operation in seen.items() if key in fed},
    }
    return tuple(sorted(seen.values(), key=lambda operation: -depths.get(id(operation), 0)))


def _fed(finished: list[Call | Tensor], inputs: set[int]) -> set[int]:
    """The operations that an input leads to. A layer called on a constant runs at once and is no part of the model."""
    nodes = set(inputs)
    fed = set(inputs)
    for node in finished:
        if isinstance(node, Call) and (
            any(id(_node(tensor, inputs)) in nodes or _may_be_fed(tensor) for tensor in node.inputs) or not node.inputs
        ):
            nodes.add(id(node))
            fed.add(id(_operation(node)))
    return fed


def _may_be_fed(tensor: Tensor) -> bool:
    """Whether something unknown makes a tensor."""
    return tensor.producer is None and not tensor.shape.rank_known


def _node(tensor: Tensor, inputs: set[int]) -> Call | Tensor:
    """What makes a tensor of the graph: a call, or nothing for an input."""
    return tensor if tensor.producer is None or id(tensor) in inputs else tensor.producer


def _operation(node: Call | Tensor) -> Operation:
    return node.layer if isinstance(node, Call) else node


def _walk(model: Model, inputs: set[int]) -> tuple[list[Call | Tensor], dict[int, Operation]]:
    """The nodes, inputs before users, and the operations in the order in which they are met from the outputs."""
    finished: dict[int, Call | Tensor] = {}
    seen: dict[int, Operation] = {}
    for output in model.outputs:
        stack: list[tuple[Call | Tensor, bool]] = [(_node(output, inputs), False)]
        while stack:
            node, is_done = stack.pop()
            if is_done:
                finished.setdefault(id(node), node)
            elif id(node) not in finished:
                operation = _operation(node)
                seen.setdefault(id(operation), operation)
                stack.append((node, True))
                if isinstance(node, Call):
                    stack.extend((_node(tensor, inputs), False) for tensor in reversed(node.inputs))
    return list(finished.values()), seen


def _depths(finished: list[Call | Tensor], inputs: set[int]) -> dict[int, int]:
    """How far each operation is from the outputs, at most."""
    nodes: dict[int, int] = {}
    depths: dict[int, int] = {}
    for node in reversed(finished):
        operation = id(_operation(node))
        depth = max(nodes.get(id(node), 0), depths.get(operation, 0))
        depths[operation] = nodes[id(node)] = depth
        if isinstance(node, Call):
            for tensor in node.inputs:
                before = id(_node(tensor, inputs))
                nodes[before] = max(nodes.get(before, 0), depth + 1)
    return depths
