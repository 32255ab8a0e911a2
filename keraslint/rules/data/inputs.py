"""Inputs: what of a model first works on the values that a fit gives it."""

from __future__ import annotations

from keraslint.graph import Call, Layer, Model, Tensor
from keraslint.graph.views import PASSED, Wiring, activation_of, applies_kernel

NORMALIZATIONS = frozenset(f"keras.layers.{name}Normalization" for name in ("Batch", "Group", "Layer", "RMS", "Unit"))
TRAINED = frozenset(f"keras.layers.Conv{n}D" for n in (1, 2, 3)) | {
    "keras.layers.Dense",
    "keras.layers.GRU",
    "keras.layers.LSTM",
    "keras.layers.SimpleRNN",
}


def first_kernel(model: Model, tensor: Tensor) -> Call | None:
    """The layer with weights that an input goes into as it is; None where it is scaled, looked up or not understood.

    A kernel with a normalization right behind it does not mind, and no more does the only one of a model.
    """
    first = _first(model, tensor)
    is_alone = sum(map(applies_kernel, model.calls)) < 2 and not _holds_models(model)
    return None if is_alone else first


def _holds_models(model: Model) -> bool:
    return any(isinstance(call.layer, Model) for call in model.calls)


def _first(model: Model, tensor: Tensor) -> Call | None:
    wiring = Wiring(model)
    while len(found := wiring.consumers(tensor)) == 1:
        [call] = found
        layer = call.layer
        if _is_of_application(call):
            return None
        if isinstance(layer, Model):
            inside = layer.inputs
            taken = len(inside) == 1 and not any(_is_of_application(inner) for inner in layer.calls)
            return _first(layer, inside[0]) if taken else None
        if layer.class_name in TRAINED:
            return None if _is_normalized(wiring, call) else call
        if layer.class_name not in PASSED or not call.output_shapes:
            return None
        outputs = [output for after in wiring.after(call) for output in after.inputs if output.producer is call]
        if not outputs:
            return None
        tensor = outputs[0]
    return None


def _is_of_application(call: Call) -> bool:
    return isinstance(call.layer, Layer) and bool(call.layer.origin)


def _is_normalized(wiring: Wiring, call: Call) -> bool:
    """Whether a normalization follows before any activation."""
    own = activation_of(call)
    following = wiring.next_on_chain(call)
    is_normal = following is not None and isinstance(following.layer, Layer)
    return is_normal and own is not None and own.name == "linear" and following.layer.class_name in NORMALIZATIONS  # type: ignore[union-attr]
