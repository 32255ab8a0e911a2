"""A layer, or a model, is given a shape that it does not take.

## What it does
Reports the first place where Keras raises for a shape: a layer that wants another rank or size (`LSTM` on
`(batch, features)`, `Conv2D` on images without channels), `Add`, `Concatenate` or an operator on shapes
that do not fit together, several tensors (`return_state=True`) for a layer that takes one, a model called on
another shape than its input's; and arrays for `fit`, `evaluate` or `predict` that the model cannot take,
such as one sample without its batch axis.

## Why training fails
Keras raises while the model is built, or in the first step: `ValueError: Input 0 of layer "lstm" is
incompatible with the layer: expected ndim=3, found ndim=2`, `Matrix size-incompatible`, `A Concatenate layer
requires inputs with matching shapes except for the concatenation axis`.

## Example
```python
model = keras.Sequential([keras.Input((28, 28)), layers.Conv2D(16, 3, activation="relu")])
```

## Use instead
```python
model = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(16, 3, activation="relu")])
```
For one sample give a batch of one: `model.predict(image[None])`. The fix does that, and takes out a
`return_state=True` whose states nobody wants; other shapes have no single remedy.

## What it cannot see
Shapes that depend on data that are not in sight, on a branch, or on defaults of a function that nothing
calls. It is silent in a `try` and under `pytest.raises`, and about a model whose input looks like images
with their channels first while no `data_format` is named, since `keras.json` may say so. Keras adds or
drops a last axis of size 1 by itself: arrays of `(60000, 28, 28)` for `Input((28, 28, 1))` are fine.

## References
- <https://keras.io/guides/functional_api/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, remove_argument, replace
from keraslint.graph import Span
from keraslint.graph.views import Refusal
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import targets_of
from keraslint.settings import Options

RECURRENT = frozenset({"Bidirectional", "GRU", "LSTM", "RNN", "SimpleRNN"})


@rule(
    "E7860",
    symptom=Symptom.RAISES,
    even_untrained=True,
    yields_to=(
        "keras-batch-in-input-shape",
        "keras-empty-feature-map",
        "keras-invalid-argument",
        "keras-missing-return-sequences",
    ),
)
def keras_incompatible_shape(refusal: Refusal, options: Options) -> Iterator[Finding]:
    if refusal.sample and refusal.fit is not None and refusal.fit.trains:
        return  # the input repeats the shape of all the data
    if _is_of_states(refusal) and not all(target.startswith("3.") for target in targets_of(options)):
        return  # Keras 2 took what follows the first tensor for the initial state
    remedy, fix = _remedy(refusal)
    asked = _asks_for_states(refusal)
    if asked is not None:
        where = f"in line {refusal.span.line} {refusal.error}"
        message = f"this layer gives its states, too, and {where}, so Keras raises; {remedy}"
        yield found(asked, message, refusal.confidence, fix=fix, about=refusal)
        return
    yield found(refusal.span, f"{refusal.error}, so Keras raises; {remedy}", refusal.confidence, fix=fix)


def _is_of_states(refusal: Refusal) -> bool:
    """Whether a list of tensors is refused by a recurrent layer."""
    recurrent = refusal.call is not None and refusal.call.layer.kind in RECURRENT
    return recurrent and refusal.error.startswith("one tensor is expected")


def _remedy(refusal: Refusal) -> tuple[str, Fix | None]:
    if refusal.sample:
        return "it is one sample without its batch axis: give a batch of one (`x[None]`)", _as_batch(refusal.span)
    if refusal.call is None:
        return "reshape the data or change the model's input", None
    if refusal.error.startswith("one tensor is expected"):
        return "leave out `return_state=True`, or pass on the first of them alone", _without_states(refusal)
    shape = refusal.call.input_shape
    if shape.rank_known and all(tensor.producer is None for tensor in refusal.call.inputs):
        lacks = "a 4-D input" in refusal.error and shape.rank == 3
        return ("add the channel axis, as in `(28, 28, 1)`" if lacks else "change the shape of its `Input`"), None
    return "change the layer before it, or the shape between them by a `Reshape`", None


def _as_batch(span: Span) -> Fix:
    start = Span(span.line, span.column, span.line, span.column, span.file)
    end = Span(span.end_line, span.end_column, span.end_line, span.end_column, span.file)
    return Fix("give a batch of one", (replace(start, "("), replace(end, ")[None]")))


def _asks_for_states(refusal: Refusal) -> Span | None:
    """Where ``return_state=True`` stands of the one layer that all inputs of the call come from."""
    if refusal.call is None or not refusal.error.startswith("one tensor is expected"):
        return None
    makers = {tensor.producer for tensor in refusal.call.inputs}
    maker = makers.pop()
    if makers or maker is None:
        return None
    given = (part for part in getattr(maker.layer, "arguments", ()) if part.written == "return_state")
    return next((part.span for part in given if part.span is not None and not part.span.file), None)


def _without_states(refusal: Refusal) -> Fix | None:
    asked = _asks_for_states(refusal)
    return Fix("leave out the states", (remove_argument(asked),)) if asked is not None else None
