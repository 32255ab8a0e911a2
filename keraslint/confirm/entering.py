"""What enters a model: the data of its inputs, and the layers that these go into."""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Array, Layer, Model, Tensor, Training


def given_inputs(training: Training) -> list[Array | None]:
    """The data of each input, from the first fit that is given some."""
    return next((list(fit.inputs) for fit in training.fits if fit.x is not None and fit.dataset is None), [])


def feeds_embedding(tensor: Tensor, model: Model) -> bool:
    return any(layer.kind == "Embedding" for layer in consumers(tensor, model))


def consumers(tensor: Tensor, model: Model) -> Iterator[Layer]:
    """Layers that the tensor enters, also inside nested models."""
    for call in model.calls:
        for position, used in enumerate(call.inputs):
            if used is not tensor:
                continue
            if isinstance(call.layer, Layer):
                yield call.layer
            elif isinstance(call.layer, Model) and position < len(call.layer.inputs):
                yield from consumers(call.layer.inputs[position], call.layer)
