"""The output has not as many units as the labels have classes.

## What it does
Reports an output whose size differs from the width of one-hot or multi-hot labels, fewer units than class numbers
with `sparse_categorical_crossentropy`, and one unit with `binary_crossentropy` for three classes or more. The
number of classes is known from arrays, `to_categorical(y, 10)`, built-in data sets and lists of `classes`.

## Why training fails
With one-hot labels Keras 3.15 raises at the first step: ``Arguments `target` and `output` must have the same
shape``. With class numbers it raises `Received a label value of 9 which is outside the valid range of [0, 9)` on
the CPU, and the loss becomes NaN on a GPU. One sigmoid with labels 0, 1 and 2 trains without a word: label 2 is
no probability, the loss can become negative and no more than two classes are ever told apart.

## Example
```python
(x, y), _ = keras.datasets.mnist.load_data()
model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(9, activation="softmax")])
model.compile(loss="sparse_categorical_crossentropy")
model.fit(x / 255, y)
```

## Use instead
```python
(x, y), _ = keras.datasets.mnist.load_data()
model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10, activation="softmax")])
model.compile(loss="sparse_categorical_crossentropy")
model.fit(x / 255, y)
```

## What it cannot see
Labels of unknown width, as from a directory without `classes`, or labels that a mask has filtered. More units than
class numbers are legal with a sparse loss.

## References
- <https://keras.io/api/losses/probabilistic_losses/>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keraslint.edits import Edit, Fix, replace
from keraslint.graph import Fact, Span
from keraslint.graph.views import Head, Spec
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import BINARY, CATEGORICAL, SPARSE
from keraslint.rules.remedies import fix, set_activation, swap_loss

UNITS_MEET_LABELS = BINARY | CATEGORICAL | {"CategoricalHinge", "KLDivergence"}
"""Losses that compare each unit with the label of its class."""


@rule(
    "E7816",
    symptom=(Symptom.RAISES, Symptom.NAN, Symptom.PLATEAU),
    yields_to=(
        "keras-categorical-loss-on-one-unit",
        "keras-loss-order-mismatch",
        "keras-sparse-categorical-loss-on-one-unit",
    ),
)
def keras_units_do_not_match_classes(head: Head) -> Iterator[Finding]:
    loss, labels, units = head.loss, head.labels, head.units
    if loss is None or not isinstance(units, int) or not loss.sums_over_last_axis:
        return
    classes, count = labels.width, labels.count_of_classes
    if _is_compared(head, loss) and isinstance(classes, int) and classes != units:
        yield found(
            _at(head),
            f"{_shown(units)} for labels of {classes} classes: training raises a shape error; use {classes} units",
            head.confidence,
            labels.confidence,
            fix=_one_hot(head, classes),
        )
    elif units == 1 and loss.is_a(*BINARY) and _has_rows(head):
        yield found(
            _at(head),
            "1 unit for one-hot labels (`class_mode`, `label_mode` may say so): training raises a shape error; use "
            'one unit per class with `softmax` and `categorical_crossentropy`, or `class_mode="binary"` for two',
            head.confidence,
            labels.confidence,
        )
    elif loss.is_a(*SPARSE) and isinstance(count, int) and 1 < units < count and not labels.are_rows:
        yield found(
            _at(head),
            f"{_shown(units)} for labels 0 to {count - 1}: training raises (label value outside the valid range) or "
            f"the loss becomes NaN; use {count} units",
            head.confidence,
            labels.confidence,
            fix=fix("one unit per class", _units(head, count)),
        )
    elif loss.is_a(*BINARY) and units == 1 and isinstance(count, int) and count > 2 and _is_one_number(head):
        yield found(
            loss.at,
            f"`{loss.shown}` on 1 unit tells two classes apart and the labels are 0 to {count - 1}: the accuracy stays "
            f"low and the loss can become negative; use {count} units with `softmax` and "
            "`sparse_categorical_crossentropy`",
            head.confidence,
            labels.confidence,
            fix=fix(
                "one unit per class",
                _units(head, count),
                set_activation(head.activation, "softmax"),
                swap_loss(loss, "sparse_categorical_crossentropy"),
            ),
        )


def _is_compared(head: Head, loss: Spec) -> bool:
    """Whether the loss compares the units with the labels' last axis, and cannot stretch one of the two."""
    return loss.is_a(*UNITS_MEET_LABELS) and _is_flat(head) and (head.has_units(2) or loss.is_a(*BINARY))


def _has_rows(head: Head) -> bool:
    """Whether labels of unknown width are one-hot."""
    return head.labels.encoding == "one-hot" and head.labels.are_rows and _is_flat(head)


def _is_flat(head: Head) -> bool:
    """Whether the output has no axes but those of the samples and the classes."""
    return head.shape.rank == 2


def _is_one_number(head: Head) -> bool:
    return head.labels.encoding == "integer" and head.labels.are_numbers and _is_flat(head)


def _shown(units: int) -> str:
    return "1 unit" if units == 1 else f"{units} units"


def _at(head: Head) -> Fact[Any] | Span:
    """The number of units as written, else what makes the output."""
    if head.size is not None:
        return head.size
    return head.weights.layer.span if head.weights else head.span


def _units(head: Head, count: int) -> tuple[Edit, ...]:
    return (replace(head.size.span, str(count)),) if head.size is not None else ()


def _one_hot(head: Head, count: int) -> Fix | None:
    """One unit per class; a softmax with its loss in place of one sigmoid."""
    if head.units != 1:
        return fix("one unit per class", _units(head, count))
    loss = swap_loss(head.loss, "categorical_crossentropy")
    return fix("one unit per class", _units(head, count), set_activation(head.activation, "softmax"), loss)
