"""Accuracy is a threshold at 0.5 or an argmax, and says nothing about the error of a regression.

## What it does
Reports `accuracy` or another accuracy metric with a regression loss on a head that is linear, a relu, or a
softmax of one unit.

## Why training fails
The training may be fine, but the metric says nothing about it. What `accuracy` means Keras decides by the
shape of the output, whatever the loss is. Observed on Keras 3.15 with real-valued targets:

| output | `accuracy` is | a fit that succeeds shows |
|---|---|---|
| one unit | `BinaryAccuracy`: `prediction > 0.5` compared with the target | 0.0 while the loss goes from 9.5 to 0.09 |
| several units, as many targets | `CategoricalAccuracy`: largest unit and largest target | 0.98, whatever the error |
| several units, one target | `SparseCategoricalAccuracy`: number of the largest unit and target | 0.3 |
| softmax of one unit | `BinaryAccuracy`, and every prediction is 1 | the share of targets that are 1 |

On one unit `CategoricalAccuracy` is always 1.0 and `SparseCategoricalAccuracy` the share of targets that
are 0. Early stopping or a checkpoint that watches such a metric stops at once or keeps the first model.

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
0/1 or one-hot, also by construction (zeros and ones stacked), on a model that is a part of another compiled
one, the discriminator of a least-squares GAN, and on the output that such a part makes of a stacked model.

## References
- <https://keras.io/api/metrics/accuracy_metrics/>
- Mao et al.: Least Squares Generative Adversarial Networks, ICCV 2017
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Edit, Fix, remove_argument, replace
from keraslint.graph import Confidence
from keraslint.graph.views import Head, Spec
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import ACCURACIES, REGRESSION


@rule("W7820", symptom=Symptom.METRIC)
def keras_accuracy_with_regression_loss(head: Head) -> Iterator[Finding]:
    loss, activation = head.loss, head.activation
    if activation is None or _judges_real_or_fake(head) or _labels_are_classes(head):
        return
    regression = head.activation_is("linear", "relu") or (head.activation_is("softmax") and head.units == 1)
    for metric in head.metrics:
        if regression and loss and loss.is_a(*REGRESSION) and metric.is_a(*ACCURACIES):
            yield found(
                metric.at,
                f"`{metric.shown}` with `{loss.shown}` {_what_it_counts(metric, head)}; use `mae`",
                loss.at,
                activation.name,
                head.confidence,
                fix=Fix("measure the error", (_remedy(metric, head),)),
            )


def _judges_real_or_fake(head: Head) -> bool:
    """A discriminator, or the stacked model whose output it is: labels of a least-squares GAN are 0 and 1."""
    return bool(head.training.part_of) or head.is_of_compiled_part


def _labels_are_classes(head: Head) -> bool:
    return head.labels.encoding == "one-hot" or head.labels.hold_only_0_and_1


def _what_it_counts(metric: Spec, head: Head) -> str:
    """What Keras makes of the metric for an output of this size, and what follows for a regression."""
    one_unit = head.units == 1
    if metric.is_a("Accuracy"):
        return "counts predictions equal to the target bit by bit: the accuracy stays at 0 however well the model fits"
    if one_unit and metric.is_a("CategoricalAccuracy", "TopKCategoricalAccuracy"):
        return "compares the largest of one unit with the largest of one: the accuracy is always 1"
    if one_unit and metric.is_a("SparseCategoricalAccuracy", "SparseTopKCategoricalAccuracy"):
        return "takes the one unit for class 0: the accuracy is always the share of targets that are 0"
    if metric.is_a("BinaryAccuracy") or (one_unit and metric.is_a("accuracy")):
        if head.activation_is("softmax"):
            return "compares `prediction > 0.5`, which always holds, with the target: the accuracy never changes"
        return (
            "compares `prediction > 0.5` with the target: for targets other than 0 and 1 the accuracy stays near 0 "
            "however well the model fits"
        )
    if head.has_units(2):
        return "compares which unit is the largest (argmax), not the values: the accuracy says nothing about the error"
    return "is a threshold at 0.5 or an argmax over the units: the accuracy says nothing about the error"


def _remedy(metric: Spec, head: Head) -> Edit:
    """``mae`` in its place, or nothing where it stands already in the same list."""
    literal = metric.at.confidence == Confidence.HIGH
    if literal and any(other.is_a("MeanAbsoluteError") for other in head.metrics):
        return remove_argument(metric.at.span)
    return replace(metric.at.span, '"mae"')
