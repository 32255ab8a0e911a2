"""A loss of one's own takes a square root that may be one of zero: its slope there is infinite.

## What it does
Reports `sqrt` or `norm` in a loss, of a sum or mean of squares sample by sample, with nothing added to it and nothing
that keeps it from zero.

## Why training fails
Where a prediction is exactly what it shall be, the square root's slope is infinite and the square's is zero, and the
gradient is their product: NaN. One such sample makes every weight NaN at once, and the loss is `nan` from then on.
It is rarer than it sounds, and comes in bunches: rows of padding, targets of zero behind a network without bias, pairs
of identical inputs. Observed on Keras 3.15: a batch with one row of zeros and the target zero is enough.

## Example
```python
def root_mean_squared_error(y_true, y_pred):
    return tf.sqrt(tf.reduce_mean(tf.square(y_true - y_pred), axis=-1))
```

## Use instead
```python
def root_mean_squared_error(y_true, y_pred):
    return tf.sqrt(tf.reduce_mean(tf.square(y_true - y_pred), axis=-1) + 1e-7)
```
Or train with the mean squared error, which has its minimum at the same place.

## What it cannot see
Losses of other files. It is silent where the root is taken of the mean over the whole batch, which is zero only once
every prediction is exact; and where something is added before it, or `maximum` or `clip` keeps it from zero.

## References
- <https://github.com/tensorflow/tensorflow/issues/12071>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Call, Op, OwnFunction, Tensor
from keraslint.graph.views import comes_from
from keraslint.rules.framework import Finding, Symptom, found, rule

ROOTS = frozenset(("sqrt",))
NORMS = frozenset(("norm",))
SUMS = frozenset(("mean", "reduce_mean", "reduce_sum", "sum"))
SQUARES = frozenset(("square", "squared_difference"))


@rule("W7907", symptom=Symptom.NAN)
def keras_unguarded_sqrt(own: OwnFunction) -> Iterator[Finding]:
    if own.role != "loss":
        return
    for call in own.calls:
        below = _under_root(call)
        if below is not None and comes_from(below, own.y_true) and comes_from(below, own.y_pred):
            yield found(
                call.span,
                f"`{call.layer.kind}` is taken of zero where a prediction is exactly right: its gradient is NaN there, "
                "and with it the loss and every weight; add an epsilon before it, such as 1e-7",
                own.confidence,
                call.confidence,
                about=own,
            )


def _under_root(call: Call) -> Tensor | None:
    """What is squared, summed up for each sample, and of which the root is taken."""
    layer = call.layer
    if not isinstance(layer, Op) or len(call.inputs) != 1 or not _for_each_sample(call.output_shape.rank):
        return None
    if layer.kind in NORMS:
        return call.inputs[0]
    if layer.kind not in ROOTS:
        return None
    summed = call.inputs[0].producer
    if summed is None or summed.layer.kind not in SUMS or len(summed.inputs) != 1:
        return None
    squared = summed.inputs[0].producer
    return squared.inputs[0] if squared is not None and _is_square(squared) else None


def _for_each_sample(rank: object) -> bool:
    return isinstance(rank, int) and rank > 0


def _is_square(call: Call) -> bool:
    if not isinstance(call.layer, Op) or not call.inputs:
        return False
    if call.layer.kind in ("pow", "power"):
        return any(given.value.value == 2 for given in call.layer.arguments)
    return call.layer.kind in SQUARES or (call.layer.kind in ("mul", "multiply") and call.inputs[0] is call.inputs[-1])
