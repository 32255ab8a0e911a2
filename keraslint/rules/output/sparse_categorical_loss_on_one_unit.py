"""Sparse categorical crossentropy on one unit knows only the class 0.

## What it does
Reports `sparse_categorical_crossentropy`, in any spelling, on an output of size 1.

## Why training fails
The loss takes the label as the index of a unit. One unit leaves the index 0 alone: on the CPU Keras 3.15
raises `InvalidArgumentError: Received a label value of 1 which is outside the valid range of [0, 1)`, on a
GPU the loss is NaN, and where every label is 0 the loss is 0.0 and nothing is learned.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(1, activation="sigmoid")])
model.compile(loss="sparse_categorical_crossentropy")
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy")
```
For more than two classes give the head one unit per class and a softmax.

## What it cannot see
An output whose size is unknown; a loss of the file's own that calls the Keras function.

## References
- <https://keras.io/api/losses/probabilistic_losses/#sparsecategoricalcrossentropy-class>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Head
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import SPARSE
from keraslint.rules.remedies import sigmoid_with_binary_crossentropy


@rule("E7802", symptom=(Symptom.RAISES, Symptom.NAN, Symptom.PLATEAU), yields_to="keras-loss-order-mismatch")
def keras_sparse_categorical_loss_on_one_unit(head: Head) -> Iterator[Finding]:
    loss = head.loss
    if loss and loss.is_a(*SPARSE) and loss.sums_over_last_axis and head.units == 1:
        yield found(
            loss.at,
            f"`{loss.shown}` on 1 unit has no unit for label 1: it raises or the loss becomes NaN; "
            "use a `sigmoid` with `binary_crossentropy`, or one unit per class",
            head.confidence,
            fix=sigmoid_with_binary_crossentropy(head),
        )
