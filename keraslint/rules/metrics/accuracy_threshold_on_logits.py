"""Accuracy takes 0.5 for the border between two classes, and for logits it is 0.

## What it does
Reports `accuracy` or `BinaryAccuracy` with its default threshold beside `BinaryCrossentropy(from_logits=True)` on a
head without activation.

## Why training fails
The training is fine. The metric compares `output > 0.5` with the label, though the model says "class 1" from
a logit of 0 on: every sample between 0 and 0.5 is counted as class 0. Observed on Keras 3.15 while the logits
are still small: the accuracy is the share of class 0, and `BinaryAccuracy(threshold=0.0)` of the same outputs
is above 0.75. Early stopping or a checkpoint that watches it keeps the wrong epoch.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(1)])
model.compile(loss=keras.losses.BinaryCrossentropy(from_logits=True), metrics=["accuracy"])
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(1)])
model.compile(
    loss=keras.losses.BinaryCrossentropy(from_logits=True),
    metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)],
)
```

## What it cannot see
A loss of the file's own that takes logits. A threshold that was given is left alone.

## References
- <https://keras.io/api/metrics/accuracy_metrics/#binaryaccuracy-class>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, add_argument, replace
from keraslint.graph.views import Head, Spec
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import BINARY
from keraslint.rules.remedies import fix, set_activation


@rule("W7822", symptom=Symptom.METRIC)
def keras_accuracy_threshold_on_logits(head: Head) -> Iterator[Finding]:
    loss, activation = head.loss, head.activation
    if loss is None or activation is None or not loss.is_a(*BINARY) or not loss.takes_logits:
        return
    if not head.activation_is("linear"):
        return
    for metric in head.metrics:
        if _has_default_threshold(metric) and (metric.is_a("BinaryAccuracy") or head.units == 1):
            yield found(
                metric.at,
                f"`{metric.shown}` compares logits with 0.5 and their border is 0: the accuracy is too low or stays at "
                "the share of one class; use `BinaryAccuracy(threshold=0.0)`",
                loss.from_logits,
                head.confidence,
                fix=_remedy(head, metric),
            )


def _has_default_threshold(metric: Spec) -> bool:
    if metric.object is None:
        return metric.is_a("BinaryAccuracy", "accuracy")
    return metric.is_a("BinaryAccuracy") and metric.object.argument("threshold").is_default


def _remedy(head: Head, metric: Spec) -> Fix | None:
    """A threshold of 0 where the metric is an instance, else probabilities for loss and metric."""
    if metric.object is not None:
        return Fix("put the threshold at 0", (add_argument(metric.at.span, "threshold=0.0"),))
    expects = (replace(head.loss.from_logits.span, "False"),) if head.loss else ()
    return fix("put out probabilities", set_activation(head.activation, "sigmoid"), expects)
