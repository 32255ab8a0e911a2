"""Accuracy counts equal values, and a regression never predicts a value exactly.

## What it does
Reports `accuracy` or another accuracy metric with a regression loss on a head that is linear, a relu, or a
softmax of one unit.

## Why training fails
The training may be fine, but the metric says nothing about it: the accuracy stays at 0 while the loss
falls. Observed on Keras 3.15: the loss goes from 9.5 to 0.09, the accuracy is 0.0 in every epoch. Early
stopping or a checkpoint that watches it stops at once or keeps the first model.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(1)])
model.compile(loss="mse", metrics=["accuracy"])
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(1)])
model.compile(loss="mse", metrics=["mae"])
```
Or `keras.metrics.RootMeanSquaredError()`.

## What it cannot see
Labels of unknown encoding: classes taught with `mse` on a linear head are reported as well. It is silent on
sigmoid, tanh and softmax heads of several units (a classifier trained with `mse`), on labels known to be
0/1 or one-hot, and on a model that is a part of another compiled one: the discriminator of a least-squares
GAN.

## References
- <https://keras.io/api/metrics/accuracy_metrics/>
- Mao et al.: Least Squares Generative Adversarial Networks, ICCV 2017
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Edit, Fix, remove_argument, replace
from keraslint.graph import Confidence, Head, Spec
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import ACCURACIES, REGRESSION


@rule("W7820", symptom=Symptom.METRIC)
def keras_accuracy_with_regression_loss(head: Head) -> Iterator[Finding]:
    loss, activation = head.loss, head.activation
    if activation is None or head.training.part_of or _labels_are_classes(head):
        return
    regression = head.activation_is("linear", "relu") or (head.activation_is("softmax") and head.units == 1)
    for metric in head.metrics:
        if regression and loss and loss.is_a(*REGRESSION) and metric.is_a(*ACCURACIES):
            yield found(
                metric.at,
                f"`{metric.shown}` with `{loss.shown}` counts predictions that equal the target exactly: "
                "the accuracy stays at 0 however well the model fits; use `mae`",
                loss.at,
                activation.name,
                head.confidence,
                fix=Fix("measure the error", (_remedy(metric, head),)),
            )


def _labels_are_classes(head: Head) -> bool:
    labels = head.labels
    return labels is not None and (labels.encoding == "binary" or labels.encoding == "one-hot")


def _remedy(metric: Spec, head: Head) -> Edit:
    """``mae`` in its place, or nothing where it stands already in the same list."""
    literal = metric.at.confidence == Confidence.HIGH
    if literal and any(other.is_a("MeanAbsoluteError") for other in head.metrics):
        return remove_argument(metric.at.span)
    return replace(metric.at.span, '"mae"')
