"""Where a tensor comes from: the inputs that it depends on, and whether these are symbolic."""

from __future__ import annotations

from keraslint.graph.objects import Call, Layer, Tensor


def sources_of(call: Call) -> tuple[Tensor, ...]:
    """The tensors without a producer that a call depends on."""
    seen: set[int] = set()
    found: dict[int, Tensor] = {}
    waiting = list(call.inputs)
    while waiting:
        tensor = waiting.pop()
        if tensor.producer is None:
            found[id(tensor)] = tensor
        elif id(tensor.producer) not in seen:
            seen.add(id(tensor.producer))
            waiting.extend(tensor.producer.inputs)
    return tuple(found.values())


def is_symbolic(tensor: Tensor) -> bool:
    """Whether it is an `Input`, or comes from one through layers of Keras."""
    if tensor.producer is None:
        return is_input(tensor)
    layer = tensor.producer.layer
    made = isinstance(layer, Layer) and not layer.in_file
    return made and any(is_input(source) for source in sources_of(tensor.producer))


def is_input(tensor: Tensor) -> bool:
    """Whether it is what `keras.Input` gives: weights have a name, too, but no batch axis that is open."""
    return tensor.producer is None and bool(tensor.name) and bool(tensor.shape.dims) and tensor.shape.dims[0] is None
