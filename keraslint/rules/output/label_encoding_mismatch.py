"""The labels are one-hot and the loss expects class numbers, or the other way round.

## What it does
Reports `sparse_categorical_crossentropy` with labels that have a number for each class, and
`categorical_crossentropy` or `binary_crossentropy` on several units with labels that have one number for each
sample. Labels are known from arrays, `to_categorical`, built-in data sets, and the `class_mode` or `label_mode`
of what reads directories.

## Why training fails
Keras 3.15 stops at the first step: ``Argument `output` must have rank (ndim) `target.ndim - 1` `` where the
labels are one-hot and the loss is sparse; ``Arguments `target` and `output` must have the same rank (ndim)``,
or the same shape, where one number meets several units.

## Example
```python
(x, y), _ = keras.datasets.mnist.load_data()
model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10, activation="softmax")])
model.compile(loss="categorical_crossentropy")
model.fit(x / 255, y)
```

## Use instead
```python
(x, y), _ = keras.datasets.mnist.load_data()
model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(10, activation="softmax")])
model.compile(loss="sparse_categorical_crossentropy")
model.fit(x / 255, y)
```
Or keep the loss and encode the labels with `keras.utils.to_categorical(y, 10)`.

## What it cannot see
Labels that come from a file, a generator class or a function that is not read; a loss along another `axis`.

## References
- <https://keras.io/api/losses/probabilistic_losses/>
- <https://keras.io/api/utils/python_utils/#to_categorical-function>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix
from keraslint.graph.views import Head
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import BINARY, CATEGORICAL, SPARSE
from keraslint.rules.remedies import fix, set_activation, swap_loss


@rule("E7817", symptom=Symptom.RAISES, yields_to="keras-loss-order-mismatch")
def keras_label_encoding_mismatch(head: Head) -> Iterator[Finding]:
    loss, labels = head.loss, head.labels
    if loss is None or not loss.sums_over_last_axis or not head.has_units(2):
        return
    if loss.is_a(*SPARSE) and _are_rows(head):
        yield found(
            loss.at,
            f"`{loss.shown}` expects class numbers and the labels have a number for each class (one-hot): training "
            "raises a shape error; use `categorical_crossentropy`",
            head.confidence,
            labels.confidence,
            fix=fix("expect one-hot labels", swap_loss(loss, "categorical_crossentropy")),
        )
    elif loss.is_a(*BINARY, *CATEGORICAL) and _are_numbers(head):
        yield found(
            loss.at,
            f"`{loss.shown}` compares each of {head.units} units with a label and the labels have one number per "
            "sample: training raises a shape error; use `sparse_categorical_crossentropy`, or `to_categorical` "
            "for the labels",
            head.confidence,
            labels.confidence,
            fix=_sparse(head),
        )


def _are_rows(head: Head) -> bool:
    """A number for each class, in as many axes as the output has."""
    labels, rank = head.labels.shape, head.shape.rank
    if head.labels.are_rows and rank == 2:
        return True
    return labels.rank == rank and (head.labels.are_rows or (isinstance(labels[-1], int) and labels[-1] > 1))


def _are_numbers(head: Head) -> bool:
    """One number where the output has one for each class."""
    labels, rank = head.labels, head.shape.rank
    if head.loss_is("CategoricalFocalCrossentropy") and labels.shape[-1] == 1:
        return False  # it is stretched over the units without a word
    if rank == 2:
        return labels.are_numbers
    steps = labels.shape.rank == head.shape.rank and labels.shape[-1] == 1
    numbers = labels.encoding in ("integer", "binary") and labels.shape[-1] == head.shape[-2]
    return steps or (numbers and isinstance(rank, int) and labels.shape.rank == rank - 1)


def _sparse(head: Head) -> Fix | None:
    if head.loss_is("CategoricalFocalCrossentropy", "BinaryFocalCrossentropy"):
        return None
    swap = swap_loss(head.loss, "sparse_categorical_crossentropy")
    if head.activation_is("softmax"):
        return fix("expect class numbers", swap)
    return fix("expect class numbers", set_activation(head.activation, "softmax"), swap)
