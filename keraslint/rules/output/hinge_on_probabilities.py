"""A hinge loss asks for outputs on both sides of 0, and the head puts out probabilities.

## What it does
Reports `hinge` and `squared_hinge` on a sigmoid or softmax head, and `categorical_hinge` on a sigmoid or softmax.

## Why training fails
A hinge loss is `max(0, 1 - y * output)` with labels -1 and 1. An output between 0 and 1 can never be on the
right side for the label -1: the loss of these samples is never below 1, and the gradient of the sigmoid
vanishes where it should be pushed on. Observed on Keras 3.15, the same data and steps: with a sigmoid the
loss stays above 0.4, with `tanh` it falls below 0.15.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(1, activation="sigmoid")])
model.compile(loss="hinge")
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(1, activation="tanh")])
model.compile(loss="hinge")
```
Or no activation. Keras turns labels 0 and 1 into -1 and 1 by itself.

## What it cannot see
Several units with `hinge`, which Keras allows; a custom activation.

## References
- <https://keras.io/api/losses/hinge_losses/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Head
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.remedies import fix, set_activation

HINGES = ("CategoricalHinge", "Hinge", "SquaredHinge")


@rule("W7815", symptom=(Symptom.PLATEAU, Symptom.SLOWER), yields_to="keras-softmax-on-one-unit")
def keras_hinge_on_probabilities(head: Head) -> Iterator[Finding]:
    loss, activation = head.loss, head.activation
    if loss and activation and loss.is_a(*HINGES) and head.activation_is("sigmoid", "softmax"):
        better = "linear" if loss.is_a("CategoricalHinge") else "tanh"
        shown = "no activation" if better == "linear" else "`tanh` or no activation"
        yield found(
            activation.name,
            f"`{activation.name.value}` with `{loss.shown}`: the loss asks for outputs on both sides of 0 and these "
            f"lie between 0 and 1, so it stays high; use {shown}",
            loss.at,
            head.confidence,
            fix=fix(f"use {shown}", set_activation(activation, better)),
        )
