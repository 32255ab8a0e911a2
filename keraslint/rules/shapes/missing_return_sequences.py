"""A recurrent layer gives only its last output to a layer that needs all of them.

## What it does
Reports an `LSTM`, `GRU`, `SimpleRNN` (also in a `Bidirectional`) without `return_sequences=True` whose
output goes, maybe through Dropout, normalization or Dense layers, into another recurrent layer, a
`TimeDistributed`, a `Conv1D` or a pooling over time.

## Why training fails
Without `return_sequences=True` the output is `(batch, units)`: the time axis is gone. The next layer wants
`(batch, steps, features)` and raises while the model is built: `expected ndim=3, found ndim=2`.

## Example
```python
model = keras.Sequential([keras.Input((12, 4)), layers.LSTM(32), layers.LSTM(16), layers.Dense(1)])
```

## Use instead
```python
model = keras.Sequential(
    [keras.Input((12, 4)), layers.LSTM(32, return_sequences=True), layers.LSTM(16), layers.Dense(1)]
)
```
A decoder that is to write a sequence out of one vector takes `layers.RepeatVector(steps)` between the two.

## What it cannot see
A `return_sequences` or an input shape that is not known, and custom layers in between.

## References
- <https://keras.io/api/layers/recurrent_layers/lstm/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, add_argument, replace
from keraslint.graph import Call, Fact, KerasObject, Layer
from keraslint.graph.views import Refusal
from keraslint.rules.framework import Finding, Symptom, found, rule

RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN")
OVER_TIME = (
    *RECURRENT,
    *("Bidirectional", "TimeDistributed", "Conv1D", "SeparableConv1D", "MaxPooling1D", "AveragePooling1D"),
    *("GlobalMaxPooling1D", "GlobalAveragePooling1D"),
)
BETWEEN = ("Activation", "BatchNormalization", "Dense", "Dropout", "LayerNormalization", "LeakyReLU", "ReLU")


@rule("E7861", symptom=Symptom.RAISES, even_untrained=True, yields_to="keras-unknown-argument")
def keras_missing_return_sequences(refusal: Refusal) -> Iterator[Finding]:
    recurrent = _recurrent_before(refusal.call)
    if refusal.call is None or recurrent is None:
        return
    given = recurrent.argument("return_sequences")
    if given == False:  # noqa: E712 (a fact compares by value)
        kind, shape = refusal.call.layer, refusal.call.input_shape
        name = kind.kind if isinstance(kind, KerasObject) else kind.name
        yield found(
            recurrent.span,
            f"`{recurrent.kind}` without `return_sequences=True` gives only its last output, and `{name}` needs every "
            f"step: it expects 3 axes, found {shape}, so Keras raises; add `return_sequences=True`, "
            "or a `RepeatVector` before a decoder",
            refusal.confidence,
            *(() if given.is_default else (given,)),
            fix=_fix(recurrent, given),
            about=refusal.call,
        )


def _recurrent_before(call: Call | None) -> Layer | None:
    """The recurrent layer whose last output a layer over time is given."""
    if call is None or not isinstance(call.layer, Layer) or call.layer.kind not in OVER_TIME or len(call.inputs) != 1:
        return None
    if call.input_shape.rank != 2:
        return None
    before = call.inputs[0].producer
    while before is not None and isinstance(before.layer, Layer) and before.layer.kind in BETWEEN:
        before = before.inputs[0].producer if before.inputs else None
    if before is None or not isinstance(before.layer, Layer) or before.layer.in_file:
        return None
    inner = before.layer.argument("layer").value if before.layer.kind == "Bidirectional" else before.layer
    return inner if isinstance(inner, Layer) and not inner.in_file and inner.kind in RECURRENT else None


def _fix(recurrent: Layer, given: Fact[object]) -> Fix:
    edit = add_argument(recurrent.span, "return_sequences=True") if given.is_default else replace(given.span, "True")
    return Fix("return the whole sequence", (edit,))
