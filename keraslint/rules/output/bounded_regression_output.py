"""A regression head with a sigmoid, tanh or relu can only reach part of the real line.

## What it does
Reports a sigmoid, tanh or relu on an output of one unit with a regression loss, when the range of the
labels is not known. It is advice, and off by default: targets that were scaled to the activation's range
are fine.

## Why training fails
Targets outside the range are never reached, and near its ends the gradient vanishes; a relu that puts out 0
for every sample has none at all. Observed on Keras 3.15 with targets around 3: a sigmoid and a tanh stop at
a loss of 6.7, a linear head reaches 0.09; with targets around 0 a relu stops at 1.9.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(1, activation="relu")])
model.compile(loss="mse")
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(1)])
model.compile(loss="mse")
```

## What it cannot see
What the targets mean: a price, a share or a count can be bounded by nature. It is silent on several units
(autoencoders), on labels of known range, on a relu with a loss that needs positive values (`msle`, `mape`),
beside an accuracy metric, which says that the labels are classes, and on a discriminator.

## References
- <https://keras.io/api/losses/regression_losses/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Head
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import ACCURACIES, REGRESSION
from keraslint.rules.remedies import fix, set_activation

NEED_POSITIVE = ("MeanAbsolutePercentageError", "MeanSquaredLogarithmicError")
RANGES = {"relu": "at least 0", "sigmoid": "between 0 and 1", "tanh": "between -1 and 1"}


@rule("R7812", symptom=(Symptom.PLATEAU, Symptom.SLOWER))
def keras_bounded_regression_output(head: Head) -> Iterator[Finding]:
    loss, activation = head.loss, head.activation
    if activation is None or loss is None or head.labels.range_is_known:
        return
    if head.training.part_of or head.is_of_compiled_part or head.measures(*ACCURACIES):
        return
    if head.activation_is("relu") and loss.is_a(*NEED_POSITIVE):
        return
    if head.activation_is(*RANGES) and head.units == 1 and loss.is_a(*REGRESSION):
        name = str(activation.name.value)
        yield found(
            activation.name,
            f"`{name}` with `{loss.shown}`: predictions stay {RANGES[name]}, so the loss stops early if the "
            "targets do not; use no activation",
            loss.at,
            head.confidence,
            fix=fix("use no activation", set_activation(activation, "linear")),
        )
