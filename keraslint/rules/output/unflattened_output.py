"""The output still has axes of space or time that the labels do not have.

## What it does
Reports an output with more axes than known labels: a Dense layer on a feature map without Flatten or global
pooling, or a last recurrent layer with `return_sequences=True`.

## Why training fails
With a crossentropy Keras 3.15 raises at the first step: ``Arguments `target` and `output` must have the same rank
(ndim)``, or ``Argument `output` must have rank (ndim) `target.ndim - 1` ``. With `mse` and labels of shape `(n,)` it
trains without a word and compares every prediction with the labels of all samples of the batch: the loss stays at
the variance of the labels, and each output ends near their mean.

## Example
```python
(x, y), _ = keras.datasets.mnist.load_data()
model = keras.Sequential([keras.Input((28, 28)), layers.Dense(10, activation="softmax")])
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
After a recurrent layer `return_sequences=False`, which is the fix, leaves the last step; after convolutions
`GlobalAveragePooling2D()` or `Flatten()` goes before the last Dense layer.

## What it cannot see
Labels of unknown shape. With `mse` and labels of shape `(n, 1)` Keras compares every step with the one label, which
can be meant, and it is silent.

## References
- <https://keras.io/api/layers/reshaping_layers/flatten/>
- <https://keras.io/api/layers/recurrent_layers/lstm/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph import Call, Layer
from keraslint.graph.shape import Dim
from keraslint.graph.views import Head
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import CROSSENTROPIES, SPARSE

AVERAGE_OF_ALL = ("MeanAbsoluteError", "MeanSquaredError")


@rule("E7818", symptom=(Symptom.RAISES, Symptom.PLATEAU))
def keras_unflattened_output(head: Head) -> Iterator[Finding]:
    loss, labels = head.loss, head.labels
    if loss is None or not loss.sums_over_last_axis or not _has_more_axes(head):
        return
    if loss.is_a(*CROSSENTROPIES):
        consequence = "training raises a shape error"
    elif loss.is_a(*AVERAGE_OF_ALL) and labels.shape.rank == 1:
        consequence = "every prediction is compared with the labels of the whole batch and the loss does not fall"
    else:
        return
    recurrent = _last_recurrent(head)
    remedy = "set `return_sequences=False` on the last recurrent layer" if recurrent else _flatten(head)
    at = head.weights.layer.span if head.weights else head.span
    returned = recurrent.argument("return_sequences") if recurrent else None
    yield found(
        returned if returned is not None else at,
        f"the output has the shape {head.shape} and the labels {labels.shape}: {consequence}; {remedy}",
        head.confidence,
        labels.confidence,
        fix=Fix("put out the last step only", (replace(returned.span, "False"),)) if returned is not None else None,
    )


def _has_more_axes(head: Head) -> bool:
    """Whether the labels surely lack an axis of the output, whatever Keras squeezes or stretches."""
    labels, output = head.labels.shape, head.shape
    if not labels.rank_known or not output.rank_known or len(output.dims) < 3:
        return False
    if not len(labels.dims) < len(output.dims):
        return False
    there, needed = _squeezed(head, list(labels.dims[1:]), list(output.dims[1:]))
    if len(there) >= len(needed) and not any(map(_differ, there, needed)):
        return False
    return any(isinstance(dim, int) and dim > 1 for dim in output.dims[1:-1])


def _squeezed(head: Head, labels: list[Dim], output: list[Dim]) -> tuple[list[Dim], list[Dim]]:
    """The axes that the loss compares, as Keras squeezes a last axis of size 1."""
    if head.loss_is(*SPARSE):
        return labels, output[:-1]
    if len(labels) == len(output) - 1 and output[-1] == 1:
        return labels, output[:-1]
    return labels, output


def _differ(one: Dim, other: Dim) -> bool:
    return isinstance(one, int) and isinstance(other, int) and one != other


def _last_recurrent(head: Head) -> Layer | None:
    """The recurrent layer that puts out every step, if nothing but Dense and the like comes after it."""
    call: Call | None = head.weights
    while call is not None and isinstance(call.layer, Layer):
        if call.layer.argument("return_sequences") == True:  # noqa: E712 (a fact compares by value)
            return call.layer
        call = call.inputs[0].producer if len(call.inputs) == 1 else None
    return None


def _flatten(head: Head) -> str:
    dims = len(head.shape.dims)
    pooling = f" or `GlobalAveragePooling{dims - 2}D`" if dims in (3, 4, 5) else ""
    return f"put `Flatten`{pooling} before the last layer"
