"""A dropout rate of 1 or more drops everything; `rate` is a fraction, not a percentage.

## What it does
Reports a Dropout, SpatialDropout, AlphaDropout or GaussianDropout layer whose rate is 1 or more, or below 0, and a
`dropout` or `recurrent_dropout` of 1 or more of a recurrent or attention layer.

## Why training fails
`Dropout(25)` raises when it is made: `Expected a float value between 0 and 1`. `Dropout(1.0)` does not: it sets every
value to 0 while training, so no weight before it gets a gradient. Observed on Keras 3.15: of two Dense layers with
`Dropout(1.0)` in between only the last bias moves, and the loss stays where it is best to always predict the mean.
`AlphaDropout(1.0)` and `GaussianDropout(1.0)` divide by 0. A recurrent layer takes 25 for 1 without a word, and sees
an input of zeros.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(64, "relu"), layers.Dropout(25), layers.Dense(1)])
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(64, "relu"), layers.Dropout(0.25), layers.Dense(1)])
```
The fix reads a rate from 5 to 95 as a percentage, and sets any other to 0.5.

## What it cannot see
A rate that is no number in the source. A rate below 0 of a recurrent layer counts as 0 there and is not reported.

## References
- <https://keras.io/api/layers/regularization_layers/dropout/>
- Srivastava et al.: Dropout, JMLR 15, 2014
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keraslint.edits import Fix, replace
from keraslint.graph import Fact, Layer
from keraslint.graph.views import NOISE
from keraslint.rules.framework import Finding, Symptom, found, rule

DROPOUTS = NOISE - {"keras.layers.GaussianNoise"}
WITH_DROPOUT = frozenset(
    f"keras.layers.{name}"
    for name in (
        "AdditiveAttention",
        "Attention",
        "ConvLSTM1D",
        "ConvLSTM2D",
        "ConvLSTM3D",
        "GRU",
        "GRUCell",
        "GroupQueryAttention",
        "LSTM",
        "LSTMCell",
        "MultiHeadAttention",
        "SimpleRNN",
        "SimpleRNNCell",
    )
)
ARGUMENTS = ("dropout", "recurrent_dropout")


@rule("E7846", symptom=(Symptom.RAISES, Symptom.NO_GRADIENT), even_untrained=True)
def keras_dropout_rate(layer: Layer) -> Iterator[Finding]:
    if layer.in_file:
        return
    if layer.class_name in DROPOUTS:
        rate = layer.argument("rate")
        if _is_number(rate) and (rate > 1 or rate < 0):
            yield _finding(layer, rate, f"`{layer.kind}` takes a fraction from 0 to 1, not {rate.value}: it raises")
        elif _is_number(rate) and rate == 1:
            consequence = "divides by 0" if layer.kind in ("AlphaDropout", "GaussianDropout") else "drops every value"
            fact = f"`{layer.kind}` with rate 1 {consequence}: no gradient gets through and the loss does not change"
            yield _finding(layer, rate, fact)
    elif layer.class_name in WITH_DROPOUT:
        for name in ARGUMENTS:
            rate = layer.argument(name)
            if _is_number(rate) and rate >= 1:
                dropped = "every state" if name == "recurrent_dropout" else "every value"
                fact = f"`{name}={rate.value}` of `{layer.kind}` drops {dropped}: nothing of it is learned"
                yield _finding(layer, rate, fact)


def _is_number(rate: Fact[Any]) -> bool:
    return rate.is_a((int, float))


def _finding(layer: Layer, rate: Fact[Any], fact: str) -> Finding:
    fraction = f"{rate.value / 100:g}" if 5 <= rate.value <= 95 else "0.5"  # type: ignore[operator]
    return found(
        rate,
        f"{fact}; use a fraction such as {fraction}",
        layer.confidence,
        fix=Fix(f"use {fraction}", (replace(rate.span, fraction),)),
    )
