"""A crossentropy takes the logarithm of a probability, and the head does not put out probabilities.

## What it does
Reports a crossentropy without `from_logits=True` on a head that ends in no activation, or in one whose
values are no probabilities: relu, tanh, elu, softplus and the like.

## Why training fails
Keras clips the outputs to 1e-7 … 1 - 1e-7 before the logarithm. An output below 0 or above 1 has no
gradient, so its sample is never learned. Observed on Keras 3.15, three classes, the same data and steps: a
linear head with `sparse_categorical_crossentropy` ends at a loss of 0.85 and 66 % accuracy, with softmax at
0.12 and 98 %; with `categorical_crossentropy` the loss rises from 4.4 to 6.7 and the accuracy is 45 %;
after a relu it is NaN from the first step, because a row of zeros is divided by its sum.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(10)])
model.compile(loss="sparse_categorical_crossentropy")
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(10, activation="softmax")])
model.compile(loss="sparse_categorical_crossentropy")
```
Or keep the linear head and use `keras.losses.SparseCategoricalCrossentropy(from_logits=True)`.

The fix adds the sigmoid or softmax. It leaves alone an activation that is a layer of its own, and a
recurrent layer.

## What it cannot see
An activation that it does not know, a Lambda, an op or a pooling layer behind the last weights. With
`categorical_crossentropy` an `exponential` or `softplus` head is right, since the loss divides by the sum,
and on one unit keras-categorical-loss-on-one-unit speaks in its place.

## References
- <https://keras.io/api/losses/probabilistic_losses/>
- <https://keras.io/api/layers/activations/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Head, Spec
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import BINARY, CATEGORICAL, CROSSENTROPIES, NO_PROBABILITIES
from keraslint.rules.remedies import fix, set_activation

POSITIVE = frozenset({"exponential", "softplus"})
"""Not probabilities either, but a distribution once they are divided by their sum."""


@rule(
    "E7803",
    symptom=(Symptom.SLOWER, Symptom.PLATEAU, Symptom.NAN),
    yields_to=("keras-binary-loss-on-regression", "keras-loss-order-mismatch"),
)
def keras_crossentropy_on_raw_output(head: Head) -> Iterator[Finding]:
    loss = head.loss
    if loss and loss.is_a(*CROSSENTROPIES) and loss.takes_probabilities and _raw(head, loss):
        needed = "sigmoid" if loss.is_a(*BINARY) else "softmax"
        yield found(
            loss.at,
            f"`{loss.shown}` expects probabilities and the head has {_shown(head)}: outputs outside 0..1 get "
            f"no gradient, the loss stays high or becomes NaN; add `{needed}`{_or_logits(head)}",
            head.confidence,
            *([head.activation.name] if head.activation else []),
            fix=fix(f"add a {needed}", set_activation(head.activation, needed)),
        )


def _raw(head: Head, loss: Spec) -> bool:
    if head.units == 1 and not loss.is_a(*BINARY):
        return False
    if head.activation_is(*POSITIVE):
        return not loss.is_a(*CATEGORICAL)
    return head.activation_is(*NO_PROBABILITIES)


def _shown(head: Head) -> str:
    return "no activation" if head.activation_is("linear") else f"`{head.activation.name.value}`"  # type: ignore[union-attr]


def _or_logits(head: Head) -> str:
    return " or `from_logits=True`" if head.activation_is("linear") else ""
