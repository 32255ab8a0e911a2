"""The labels lie where the last activation cannot reach.

## What it does
Reports a sigmoid, tanh, relu or softmax head with a regression loss where labels are known to lie outside of its
range, and `binary_crossentropy` with labels known to lie outside of 0..1.

## Why training fails
A sigmoid or softmax puts out values between 0 and 1, a tanh between -1 and 1, a relu none below 0. A label
beyond is never met: the loss stays above what the labels would allow, the activation is driven to its end,
where it has no gradient, and the model predicts the same value for most samples. Observed on Keras 3.15, the
same data and steps: the loss ends more than four times as high as that of a linear head. With labels -1 and
1, `binary_crossentropy` becomes negative and the accuracy stays below 0.6.

## Example
```python
(x, price), _ = keras.datasets.boston_housing.load_data()
model = keras.Sequential([keras.Input((13,)), layers.Dense(1, activation="sigmoid")])
model.compile(loss="mse")
model.fit(x, price)
```

## Use instead
```python
(x, price), _ = keras.datasets.boston_housing.load_data()
model = keras.Sequential([keras.Input((13,)), layers.Dense(1)])
model.compile(loss="mse")
model.fit(x, price)
```
Or scale the labels to the range of the activation, as images are divided by 255.

## What it cannot see
Labels of unknown range, or of which only bounds are known. It is silent where they leave the range by less
than a half (below a relu by a tenth of their own range), and with losses that ask for positive values
(`msle`, `mape`).

## References
- <https://keras.io/api/layers/activations/>
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from keraslint.graph.views import Head
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import BINARY
from keraslint.rules.remedies import fix, set_activation

COMPARED = ("Huber", "LogCosh", "MeanAbsoluteError", "MeanSquaredError")
"""Losses that are smallest where the output is the label."""
LITTLE = 0.5
NEVER_NEGATIVE = ("relu", "sigmoid", "softmax")
RANGES = {"relu": (0.0, inf), "sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "tanh": (-1.0, 1.0)}


@rule(
    "E7811",
    symptom=(Symptom.PLATEAU, Symptom.DIVERGES),
    yields_to=(
        "keras-binary-loss-on-regression",
        "keras-softmax-on-one-unit",
        "keras-unflattened-output",
        "keras-units-do-not-match-classes",
    ),
)
def keras_output_range_excludes_labels(head: Head) -> Iterator[Finding]:
    loss, activation, labels = head.loss, head.activation, head.labels
    if loss is None or activation is None:
        return
    if labels.are_standardized and loss.is_a(*COMPARED) and head.activation_is(*NEVER_NEGATIVE):
        name = str(activation.name.value)
        yield found(
            activation.name,
            f"`{name}` puts out {_shown(name)} and the labels are standardized to mean 0: those below 0 are never "
            "reached and the loss stays high; use no activation",
            loss.at,
            head.confidence,
            labels.confidence,
            fix=fix("use no activation", set_activation(activation, "linear")),
        )
    if not labels.range_occurs:
        return
    if loss.is_a(*BINARY) and _leave(head, 0.0, 1.0):
        yield found(
            loss.at,
            f"`{loss.shown}` takes labels for probabilities and they lie{labels.shown_range}: the loss becomes "
            f"negative or stays high; {_scale(head)}",
            head.confidence,
            labels.confidence,
        )
    elif loss.is_a(*COMPARED) and head.activation_is(*RANGES) and _leave(head, *RANGES[str(activation.name.value)]):
        name = str(activation.name.value)
        yield found(
            activation.name,
            f"`{name}` puts out {_shown(name)} and the labels lie{labels.shown_range}: they are never reached and the "
            "loss stays high; use no activation, or scale the labels",
            loss.at,
            head.confidence,
            labels.confidence,
            fix=fix("use no activation", set_activation(activation, "linear")),
        )


def _leave(head: Head, low: float, high: float) -> bool:
    """Whether labels lie well outside: labels of a GAN are smoothed to 1.2, and an outlier below 0 does little harm."""
    labels = head.labels
    assert isinstance(labels.low, int | float)
    assert isinstance(labels.high, int | float)
    margin = (labels.high - labels.low) / 10 if high == inf else LITTLE
    return labels.low < low - margin or labels.high > high + margin


def _shown(name: str) -> str:
    low, high = RANGES[name]
    return "no value below 0" if high == inf else f"values between {low:g} and {high:g}"


def _scale(head: Head) -> str:
    if head.labels.low == -1 and head.labels.high == 1:
        return "encode the classes as 0 and 1, or use `hinge` with a `tanh` head"
    return "scale them to 0..1"
