"""Every way from the loss to the weights goes through an operation that has no gradient.

## What it does
Reports a loss that is a function of the program, a GradientTape step or a model's own output that is behind `argmax`,
`round`, `floor`, a comparison, a cast to whole numbers, an accuracy or the like, on each way that leads to the weights.

## Why training fails
Such operations give steps: their slope is zero wherever they have one, and TensorFlow has no gradient for them at all.
Keras then raises in the first step of `fit`: `ValueError: No gradients provided for any variable.` With `sign`, whose
gradient is zero, nothing raises and no weight ever moves. Observed on Keras 3.15, operation by operation.

## Example
```python
def wrong_share(y_true, y_pred):
    return 1.0 - ops.mean(ops.cast(ops.equal(y_true, ops.round(y_pred)), "float32"))

model.compile("adam", loss=wrong_share)
```

## Use instead
```python
model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
```
Train with a loss that changes a little when the prediction does, and keep the share of right answers as a metric.
Within a network, a softmax or a sigmoid is what an `argmax` or a threshold is for a decision that has to be learned.

## What it cannot see
Functions of other files, `tf.custom_gradient`, and operations that it does not know: with one of them on the way it is
silent, and so it is where a gradient gets to the weights on another way, as in a straight-through estimator
(`x + stop_gradient(round(x) - x)`). In a model with several outputs it looks at none.

## References
- <https://www.tensorflow.org/guide/autodiff#gradients_of_none>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Call
from keraslint.graph.views import LossPath
from keraslint.rules.framework import Finding, Symptom, found, rule

ZERO = frozenset(("sign",))
"""What has a gradient, of zero."""


@rule("E7900", symptom=(Symptom.RAISES, Symptom.NO_GRADIENT))
def keras_non_differentiable_loss_path(path: LossPath) -> Iterator[Finding]:
    end = path.end
    if end is None:
        return
    if end.layer.kind in ZERO:
        fact = f"the gradient of `{end.layer.kind}` is zero everywhere"
        consequence = "no weight ever moves and the loss does not change"
    else:
        fact = f"`{_told(end)}` has no gradient"
        consequence = "training raises (No gradients provided for any variable)"
    ways = {"loss": "between the loss and the predictions", "tape": "between the loss and the weights"}
    where = ways.get(path.where, "between the output and the weights")
    yield found(
        end.span,
        f"{fact}, and every way {where} goes through it: {consequence}; train with a loss that changes smoothly, and "
        "keep this one as a metric",
        path.confidence,
        end.confidence,
        about=path.subject,
    )


_OPERATORS = {"ge": ">=", "gt": ">", "le": "<=", "lt": "<", "floordiv": "//"}


def _told(call: Call) -> str:
    """An operation as the program writes it."""
    return _OPERATORS.get(call.layer.kind, call.layer.kind)
