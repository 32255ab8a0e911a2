"""How many weights a model has: each layer once however often it is called, nested models included."""

from __future__ import annotations

from collections.abc import Iterable

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import Call, Layer, Model, Op
from keraslint.graph.shape import Shape
from keraslint.graph.shapes import infer

Count = int | Unknown


def parameters(model: Model) -> tuple[Count, Count]:
    """All weights of a model, and those of them that train; unknown when a part of it is."""
    total, frozen = _counts(model)
    return total, _subtract(total, frozen)


def layer_parameters(layer: Layer | Model, model: Model) -> tuple[Count, Count]:
    """The same for one layer of a model."""
    total, frozen = _layer_counts(layer, _first_calls(model), model)
    return total, _subtract(total, frozen)


def _subtract(total: Count, frozen: Count) -> Count:
    if isinstance(total, Unknown) or isinstance(frozen, Unknown):
        return total if isinstance(total, Unknown) else frozen
    return total - frozen


def _first_calls(model: Model) -> dict[int, Call]:
    calls: dict[int, Call] = {}
    for call in model.calls:
        calls.setdefault(id(call.layer), call)
    return calls


Parts = dict[object, tuple[Count, Count]]
"""All weights of each layer and those that do not train, by what the layer is: one that is met again is no new one."""


def _counts(model: Model) -> tuple[Count, Count]:
    """All weights, and those that do not train."""
    return _summed(_parts(model))


def _summed(parts: Parts) -> tuple[Count, Count]:
    return _sum(total for total, _ in parts.values()), _sum(frozen for _, frozen in parts.values())


def _parts(model: Model, *, nested: bool = False) -> Parts:
    """The weights of a model layer by layer: inside another model each layer says for itself whether it trains, as in
    Keras.

    Layers that were frozen as a whole and one by one since know more than their model does.
    """
    if model.unknowns:
        return {id(model): (model.unknowns[0], model.unknowns[0])}
    if not model.outputs and not model.without_call:
        nothing = Unknown("the model has no outputs in sight", model.span)
        return {id(model): (nothing, nothing)}
    calls = _first_calls(model)
    for call in calls.values():
        if isinstance(call.layer, Op) and call.layer.in_file:
            hidden = Unknown(f"{call.layer.kind} may have weights", call.span)
            return {id(model): (hidden, hidden)}
    parts: Parts = {}
    for layer in dict.fromkeys(model.layers):
        _add(parts, _layer_parts(layer, calls, model))
    parts["own", id(model)] = model.own_params, _subtract(model.own_params, model.own_trainable_params)
    told = nested and any(layer.trainable is not True for layer in model.layers)
    return _frozen_by(parts, True if told else model.trainable)


def _add(parts: Parts, more: Parts) -> None:
    """What is known of a layer in one place is known of it everywhere."""
    for key, counts in more.items():
        if key not in parts or isinstance(parts[key][0], Unknown):
            parts[key] = counts


def _frozen_by(parts: Parts, trainable: bool | Unknown) -> Parts:
    """Weights in something that as a whole trains or not."""
    match trainable:
        case Unknown() as unknown:
            return {key: (total, 0 if total == 0 else unknown) for key, (total, _) in parts.items()}
        case False:
            return {key: (total, total) for key, (total, _) in parts.items()}
    return parts


def _layer_counts(layer: Layer | Model, calls: dict[int, Call], model: Model) -> tuple[Count, Count]:
    return _summed(_layer_parts(layer, calls, model))


def _layer_parts(layer: Layer | Model, calls: dict[int, Call], model: Model) -> Parts:
    if isinstance(layer, Model):
        return _parts(layer, nested=True)
    call, key = calls.get(id(layer)), id(_weighty(layer))
    if call is None:
        if any(tensor.name == layer.name for tensor in model.inputs):
            return {}
        if infer(layer, (Shape.unknown("not called"),)).params == 0:
            return {}
        unused = Unknown(f"{layer.name} is not called on the way to an output", layer.span)
        return {key: (unused, unused)}
    parts: Parts = {key: (call.params, call.non_trainable_params)} if call.contents is None else _parts(call.contents)
    return _frozen_by(parts, layer.trainable)


_WRAPPED = {"RNN": "cell", "TimeDistributed": "layer"}


def _weighty(layer: Layer) -> Layer:
    """The layer whose weights these are: a TimeDistributed or an RNN has only those of what it wraps."""
    wrapped = _WRAPPED.get(layer.kind)
    inner = layer.argument(wrapped).value if wrapped else None
    return inner if isinstance(inner, Layer) else layer


def _sum(counts: Iterable[Count]) -> Count:
    total = 0
    for count in counts:
        if isinstance(count, Unknown):
            return count
        total += count
    return total
