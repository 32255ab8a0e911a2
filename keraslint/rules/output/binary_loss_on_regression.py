"""Binary crossentropy takes labels for probabilities, and these are real values.

## What it does
Reports `binary_crossentropy` with labels that are known to be real values outside of 0..1: prices, a regression data
set, numbers written with fractions.

## Why training fails
The loss is `-y * log(p) - (1 - y) * log(1 - p)`. For a label above 1 the second term is negative: the loss
falls without end while every output goes to 1, and for a label below 0 to 0. Observed on Keras 3.15 with
targets around 20: a loss below -10, and predictions that are all the same.

## Example
```python
(x, price), _ = keras.datasets.boston_housing.load_data()
model = keras.Sequential([keras.Input((13,)), layers.Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy")
model.fit(x, price)
```

## Use instead
```python
(x, price), _ = keras.datasets.boston_housing.load_data()
model = keras.Sequential([keras.Input((13,)), layers.Dense(1)])
model.compile(loss="mse")
model.fit(x, price)
```

## What it cannot see
Labels from a file, or of unknown range. Real values within 0..1, such as shares, are fine, and labels of a
GAN that are smoothed to 1.2.

## References
- <https://keras.io/api/losses/regression_losses/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix
from keraslint.graph.views import Head
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import BINARY
from keraslint.rules.remedies import fix, set_activation, set_loss


@rule("W7813", symptom=(Symptom.PLATEAU, Symptom.DIVERGES))
def keras_binary_loss_on_regression(head: Head) -> Iterator[Finding]:
    loss, labels = head.loss, head.labels
    if loss and loss.is_a(*BINARY) and labels.encoding == "continuous" and labels.leave(-0.5, 1.5):
        yield found(
            loss.at,
            f"`{loss.shown}` with labels that are real values{labels.shown_range}: the loss becomes negative and the "
            "model always predicts the same value; use `mse` without an activation",
            labels.confidence,
            head.confidence,
            fix=_remedy(head),
        )


def _remedy(head: Head) -> Fix | None:
    swap = set_loss(head.loss, "mse")
    if head.activation_is("linear"):
        return fix("use mse", swap)
    return fix("use mse without an activation", swap, set_activation(head.activation, "linear"))
