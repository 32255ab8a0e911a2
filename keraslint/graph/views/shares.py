"""Shares: what a network is given, taken apart into data and what other networks make, with the range of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from keraslint.graph.facts import Span
from keraslint.graph.objects import Array, Call, Layer, Model, Op, Scaling, Tensor
from keraslint.graph.scaling import by_layer, by_op
from keraslint.graph.views.heads import Activation, activation_of
from keraslint.graph.views.scalings import PASSED, total_of
from keraslint.graph.views.traits import SEEN_THROUGH, producer_inside

RANGES = {"tanh": (-1.0, 1.0), "sigmoid": (0.0, 1.0)}
"""Activations that fill a range, as images have one."""
_JOINS = ("concat", "concatenate", "Concatenate", "hstack", "vstack")
DEEPEST = 50
"""No further back than so many steps a tensor is looked for."""


@dataclass(frozen=True, eq=False, repr=False)
class Share:
    """A part of what a network is given."""

    low: float
    high: float
    span: Span
    head: Activation | None = None
    """The activation that makes it; None of data."""

    def scaled(self, scaling: Scaling) -> Share | None:
        if scaling.name or scaling.factor is None or scaling.offset is None:
            return None
        low, high = sorted(end * scaling.factor + scaling.offset for end in (self.low, self.high))
        return replace(self, low=low, high=high)


def shares_of(given: Array | Tensor, span: Span) -> Iterator[Share]:
    """The shares whose ranges are known."""
    if isinstance(given, Array):
        yield from _of_array(given, span)
    else:
        yield from _of_tensor(given, span, 0)


def _of_array(array: Array, span: Span) -> Iterator[Share]:
    steps = array.steps
    joined = next((place for place in range(len(steps) - 1, -1, -1) if steps[place].of), None)
    if joined is not None:
        for part in steps[joined].of:
            yield from _with_steps(_of_array(part, span), array, joined + 1)
    elif steps and isinstance(steps[0].by, Model):
        yield from _with_steps(_of_model(steps[0].by, 0), array, 1)
    elif isinstance(array.low, int | float) and isinstance(array.high, int | float) and _are_images(array):
        last = next((step.span for step in reversed(steps) if step.kind == "scaled"), span)
        yield Share(array.low, array.high, last)


def _are_images(array: Array) -> bool:
    """Whether they come from a data set or were scaled; random numbers may stand for images of any range."""
    return bool(array.origin) or any(step.kind == "scaled" for step in array.steps)


def _with_steps(shares: Iterable[Share], array: Array, start: int) -> Iterator[Share]:
    """The shares after what was done to the whole."""
    total = total_of(array.steps[start:])
    if total is not None and not total.names:
        for share in shares:
            yield from _each(share.scaled(Scaling(total.factor, total.offset)))


def _each(share: Share | None) -> Iterator[Share]:
    if share is not None:
        yield share


def _of_tensor(tensor: Tensor, span: Span, depth: int) -> Iterator[Share]:
    call = tensor.producer
    if tensor.data is not None:
        yield from _of_array(tensor.data, span)
    if call is None or depth > DEEPEST:
        return
    layer = call.layer
    if isinstance(layer, Model):
        yield from _of_model(layer, tensor.index)
    elif layer.kind in _JOINS:
        for part in _joined(call):
            yield from _of_array(part, span) if isinstance(part, Array) else _of_tensor(part, span, depth + 1)
    elif (scaling := _scaling(call)) is not None and call.inputs:
        for share in _of_tensor(call.inputs[0], span, depth + 1):
            yield from _each(share.scaled(scaling))


def _joined(call: Call) -> Iterator[Array | Tensor]:
    """The tensors and arrays that a call joins."""
    if isinstance(call.layer, Layer):
        yield from call.inputs
        return
    for argument in call.layer.arguments if isinstance(call.layer, Op) else ():
        items = [item.value for item in argument.value.items] or argument.value.value
        for item in items if isinstance(items, list | tuple) else (items,):
            if isinstance(item, Array | Tensor):
                yield item


def _scaling(call: Call) -> Scaling | None:
    match call.layer:
        case Op() as op:
            return by_op(op)
        case Layer(class_name=name) if name in PASSED | SEEN_THROUGH:
            return Scaling(1, 0)
        case Layer() as layer:
            return by_layer(layer)
    return None


def _of_model(model: Model, index: int) -> Iterator[Share]:
    """What a network gives, where its head fills a range."""
    tensor = model.outputs[index] if index < len(model.outputs) else None
    scalings: list[Scaling] = []
    for _ in range(DEEPEST):
        call = producer_inside(tensor) if tensor is not None else None
        if call is None:
            return
        scaling = _scaling(call)
        if scaling is None or not call.inputs:
            break
        scalings.append(scaling)
        tensor = call.inputs[0]
    head = activation_of(call) if call is not None else None
    name = head.name.value if head is not None else None
    if isinstance(name, str) and name in RANGES and head is not None:
        share: Share | None = Share(*RANGES[name], head.span, head)
        for scaling in reversed(scalings):
            share = share.scaled(scaling) if share is not None else None
        yield from _each(share)
