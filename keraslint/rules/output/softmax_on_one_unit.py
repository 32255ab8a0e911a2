"""A softmax over an axis of size 1 always outputs 1.0.

## What it does
Reports a softmax along an axis that has one element: `Dense(1, activation="softmax")`, an `Activation`, a
`Softmax` or `keras.ops.softmax` after one unit, `Conv2D(1, 1, activation="softmax")`; at the output of a
model or inside it.

## Why training fails
A softmax divides each value by the sum along its axis. With one value that is `exp(x) / exp(x) = 1`
whatever `x` is: every prediction is 1.0, the derivative is 0, and no weight before the softmax moves. With
`mse` the loss stays at its first value to the last digit. With `binary_crossentropy` Keras 3 on TensorFlow
computes the loss from the logits and shows a loss that falls, while the model always predicts the same
class.

Inside a model it is most often an attention score, where the softmax was meant along the time axis: with
the softmax over the score's single unit every step gets the weight 1.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(1, activation="softmax")])
model.compile(loss="binary_crossentropy")
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy")
```
For a regression use no activation; for attention over time use `layers.Softmax(axis=1)`.

The fix edits an `activation=` value, an `Activation` layer or a missing `axis`; it leaves a `Softmax()`
layer at an output alone. The gate that it puts in the place of a hidden softmax is not attention.

## What it cannot see
A softmax whose axis is unknown, or whose size along it is; a softmax inside a gated recurrent cell, where
the gate still varies; a softmax written by hand with `exp` and `sum`.

## References
- <https://keras.io/api/layers/activations/#softmax-function>
- Goodfellow, Bengio, Courville: Deep Learning, section 6.2.2.3
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, add_argument
from keraslint.graph.views import Activation, Head
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import BINARY, CATEGORICAL, REGRESSION, SPARSE
from keraslint.rules.remedies import fix, in_cell, set_activation, sigmoid_with_binary_crossentropy

FACT = "softmax over 1 unit always outputs 1.0"


@rule("E7800", symptom=(Symptom.CONSTANT, Symptom.NO_GRADIENT))
def keras_softmax_on_one_unit(activation: Activation) -> Iterator[Finding]:
    if activation.name == "softmax" and activation.size == 1 and not in_cell(activation):
        message, remedy = _message_and_fix(activation)
        yield found(activation.name, message, activation.size_confidence, fix=remedy)


def _message_and_fix(activation: Activation) -> tuple[str, Fix | None]:
    if activation.head is not None:
        return _at_output(activation.head)
    return _inside(activation) if activation.is_hidden else _anywhere(activation)


def _at_output(head: Head) -> tuple[str, Fix | None]:
    if head.loss_is(*REGRESSION) or (head.loss and head.loss.takes_logits):
        return (
            f"{FACT}: every prediction is the same and the loss does not change; use no activation",
            fix("use no activation", set_activation(head.activation, "linear")),
        )
    if head.loss_is(*CATEGORICAL, *SPARSE):
        return (
            f"{FACT}, so the model always predicts the same class; use `sigmoid` with `binary_crossentropy`",
            sigmoid_with_binary_crossentropy(head),
        )
    if head.loss_is(*BINARY):
        return (
            f"{FACT}, so the model always predicts the same class; use `sigmoid`",
            fix("use a sigmoid", set_activation(head.activation, "sigmoid")),
        )
    return _anywhere(head.activation)


def _inside(activation: Activation) -> tuple[str, Fix | None]:
    return (
        f"{FACT}, so no weight before it learns; take it along another axis (`Softmax(axis=1)` for attention "
        "over time), or use `sigmoid` for a gate",
        fix("use a sigmoid gate", set_activation(activation, "sigmoid")) or _along_time(activation),
    )


def _along_time(activation: Activation) -> Fix | None:
    """For a Softmax layer or op that does not say its axis, on a tensor with a time axis."""
    shape = activation.call.output_shape
    if activation.is_argument or activation.axis_is_given or not shape.has_axis(2) or shape[1] == 1:
        return None
    return Fix("take the softmax along the time axis", (add_argument(activation.layer.span, "axis=1"),))


def _anywhere(activation: Activation | None) -> tuple[str, Fix | None]:
    return (
        f"{FACT}, so its output never changes; use `sigmoid` for two classes, no activation for a regression",
        fix("use a sigmoid", set_activation(activation, "sigmoid")),
    )
