"""Dropout right before BatchNormalization makes training and prediction differ.

## What it does
Reports a Dropout layer whose result goes into a BatchNormalization, with at most an activation in between.

## Why training fails
While training, dropout spreads the values wider; the normalization learns that spread and uses it in predictions, where
nothing is dropped. @@OBSERVED@@

## Example
```python
model = keras.Sequential(
    [keras.Input((8,)), layers.Dense(64, "relu"), layers.Dropout(0.5), layers.BatchNormalization(), layers.Dense(1)]
)
```

## Use instead
```python
model = keras.Sequential(
    [keras.Input((8,)), layers.Dense(64, "relu"), layers.BatchNormalization(), layers.Dropout(0.5), layers.Dense(1)]
)
```
The fix sets the rate to 0, which stands in every spelling of a model; to swap the two is better.

## What it cannot see
A normalization further behind, which is shifted as well, though less.

## References
- Li, Chen, Hu, Yang: Understanding the Disharmony between Dropout and Batch Normalization by Variance Shift, CVPR 2019
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph.views import NOISE, Wiring
from keraslint.rules.architecture.chains import argument, is_a, is_own
from keraslint.rules.framework import Finding, Symptom, found, rule

DROPOUTS = NOISE - {"keras.layers.GaussianNoise"}
BATCH_NORM = frozenset({"keras.layers.BatchNormalization"})
PASSED = frozenset(f"keras.layers.{name}" for name in ("Activation", "Flatten", "LeakyReLU", "ReLU", "Reshape"))


@rule("R7850", symptom=Symptom.SLOWER)
def keras_dropout_before_batch_norm(wiring: Wiring) -> Iterator[Finding]:
    for chain in wiring.chains:
        for index, call in enumerate(chain):
            rate = argument(call, "rate")
            if rate is None or not (is_a(call, DROPOUTS) and is_own(call) and rate > 0):
                continue
            after = next((other for other in chain[index + 1 :] if not is_a(other, PASSED)), None)
            if after is not None and is_a(after, BATCH_NORM):
                yield found(
                    call.layer.span,
                    "dropout before `BatchNormalization`: predictions see another spread than training did, so the "
                    "validation loss stays above the training loss; swap the two",
                    rate,
                    call.confidence,
                    fix=Fix("switch it off", (replace(rate.span, "0.0"),)),
                    about=call,
                )
