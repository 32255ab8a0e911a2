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


def _counts(model: Model, *, nested: bool = False) -> tuple[Count, Count]:
    """All weights, and those that do not train: inside another model each layer says so for itself, as in Keras.

    Layers that were frozen as a whole and one by one since know more than their model does.
    """
    if model.unknowns:
        return model.unknowns[0], model.unknowns[0]
    if not model.outputs:
        nothing = Unknown("the model has no outputs in sight", model.span)
        return nothing, nothing
    calls = _first_calls(model)
    for call in calls.values():
        if isinstance(call.layer, Op) and call.layer.in_file:
            hidden = Unknown(f"{call.layer.kind} may have weights", call.span)
            return hidden, hidden
    pairs = [_layer_counts(layer, calls, model) for layer in dict.fromkeys(model.layers)]
    pairs.append((model.own_params, _subtract(model.own_params, model.own_trainable_params)))
    total = _sum(total for total, _ in pairs)
    told = nested and any(layer.trainable is not True for layer in model.layers)
    match told or model.trainable:
        case Unknown() as unknown:
            return total, unknown
        case False:
            return total, total
    return total, _sum(frozen for _, frozen in pairs)


def _layer_counts(layer: Layer | Model, calls: dict[int, Call], model: Model) -> tuple[Count, Count]:
    if isinstance(layer, Model):
        return _counts(layer, nested=True)
    call = calls.get(id(layer))
    if call is None:
        if any(tensor.name == layer.name for tensor in model.inputs):
            return 0, 0
        if infer(layer, (Shape.unknown("not called"),)).params == 0:
            return 0, 0
        unused = Unknown(f"{layer.name} is not called on the way to an output", layer.span)
        return unused, unused
    match layer.trainable:
        case True:
            return call.params, call.non_trainable_params
        case False:
            return call.params, call.params
    return call.params, layer.trainable


def _sum(counts: Iterable[Count]) -> Count:
    total = 0
    for count in counts:
        if isinstance(count, Unknown):
            return count
        total += count
    return total
