"""The metric expects labels in another encoding than the loss.

## What it does
Reports a metric that is for another kind of labels than the loss or the labels themselves:
`CategoricalAccuracy` with class numbers, `SparseCategoricalAccuracy` with one-hot labels, `BinaryAccuracy` on
a softmax of three units or more, `accuracy` or `CategoricalAccuracy` with several labels that hold at once,
`accuracy` with a hinge loss and labels -1 and 1, and `Precision`, `Recall` or `AUC` with class numbers.

## Why training fails
Observed on Keras 3.15: `sparse_categorical_accuracy` with one-hot labels, and precision, recall, AUC or
`binary_accuracy` with class numbers of shape `(n,)`, raise a shape error. The others train without a word and
show another number than the accuracy: `categorical_accuracy` is below 0.7 for a model that is right in 95 %
of the rows, since the largest of the one label is always the first; `binary_accuracy` starts at 0.6 with
three classes before anything is learned; with a hinge loss and labels -1 and 1 the label -1 never equals a
prediction of 0 or 1.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")])
model.compile(loss="sparse_categorical_crossentropy", metrics=["categorical_accuracy"])
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")])
model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
```
For the string `"accuracy"` Keras chooses by the shapes: on several units it is an argmax, so that several labels at
once need `"binary_accuracy"`.

## What it cannot see
Metrics of the file's own; a loss of the file's own beside labels of unknown encoding.

## References
- <https://keras.io/api/metrics/accuracy_metrics/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph.views import Head, Spec
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import BINARY, CATEGORICAL, SPARSE

OF_ROWS = ("CategoricalAccuracy", "TopKCategoricalAccuracy")
OF_NUMBERS = ("SparseCategoricalAccuracy", "SparseTopKCategoricalAccuracy")
OF_PAIRS = ("AUC", "FalseNegatives", "FalsePositives", "Precision", "Recall", "TrueNegatives", "TruePositives")


@rule("W7824", symptom=(Symptom.METRIC, Symptom.RAISES))
def keras_metric_label_mismatch(head: Head) -> Iterator[Finding]:
    if head.loss is None or not head.loss.sums_over_last_axis:
        return
    for metric in head.metrics:
        told = _mismatch(head, metric)
        if told:
            yield found(metric.at, told, head.loss.at, head.confidence, fix=_remedy(head, metric))


def _mismatch(head: Head, metric: Spec) -> str | None:
    loss, labels = head.loss, head.labels
    assert loss is not None
    shown = f"`{metric.shown}`"
    if not head.has_units(2):
        return _of_one_unit(head, metric)
    numbers = loss.is_a(*SPARSE) and not labels.are_rows
    rows = loss.is_a(*CATEGORICAL) and not labels.are_numbers
    if numbers and metric.is_a(*OF_ROWS):
        return (
            f"{shown} expects one-hot labels and `{loss.shown}` class numbers: the accuracy says nothing about "
            "the fit; use `accuracy`"
        )
    if rows and metric.is_a(*OF_NUMBERS):
        return (
            f"{shown} expects class numbers and `{loss.shown}` one-hot labels: training raises a shape error; "
            "use `accuracy`"
        )
    if numbers and metric.is_a(*OF_PAIRS):
        return (
            f"{shown} compares each unit with a label and the labels are class numbers: training raises a shape error; "
            "encode the labels with `to_categorical` for `categorical_crossentropy`"
        )
    if (numbers or rows) and metric.is_a("BinaryAccuracy") and head.has_units(3):
        return (
            f"{shown} judges each of {head.units} units alone and most of them are right for free: the accuracy starts "
            "high and says little; use `accuracy`"
        )
    if loss.is_a(*BINARY) and labels.encoding == "multi-hot" and metric.is_a("accuracy", *OF_ROWS):
        return (
            f"{shown} compares only the largest unit and several labels hold at once: the accuracy says little; use "
            "`binary_accuracy`"
        )
    return None


def _of_one_unit(head: Head, metric: Spec) -> str | None:
    """The accuracy of a hinge loss with labels -1 and 1."""
    signs = head.labels.low == -1 and head.labels.range_occurs
    judged = metric.is_a("accuracy", "BinaryAccuracy") and head.units == 1
    if not (signs and judged and head.loss_is("Hinge", "SquaredHinge")):
        return None
    return (
        f"`{metric.shown}` compares `prediction > 0.5` with labels -1 and 1: the label -1 is never met and the "
        "accuracy stays low; use labels 0 and 1, which the hinge loss takes as well"
    )


def _remedy(head: Head, metric: Spec) -> Fix | None:
    if head.loss_is(*BINARY):
        return Fix("judge each label", (replace(metric.at.span, '"binary_accuracy"'),))
    if metric.is_a(*OF_ROWS, *OF_NUMBERS, "BinaryAccuracy"):
        return Fix("let Keras choose the accuracy", (replace(metric.at.span, '"accuracy"'),))
    return None
