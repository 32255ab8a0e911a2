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
from typing import Any

from keraslint.edits import Fix, replace
from keraslint.graph import Call, Dim, Fact, Layer, Program, Span
from keraslint.graph.views import Head
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import CROSSENTROPIES, SPARSE
from keraslint.rules.remedies import fix, layer_before

AVERAGE_OF_ALL = ("MeanAbsoluteError", "MeanSquaredError")


@rule("E7818", symptom=(Symptom.RAISES, Symptom.PLATEAU))
def keras_unflattened_output(program: Program) -> Iterator[Finding]:
    for head in Head.of(program):
        loss, labels = head.loss, head.labels
        if loss is None or not loss.sums_over_last_axis or not _has_more_axes(head):
            continue
        if loss.is_a(*CROSSENTROPIES):
            consequence = "training raises a shape error"
        elif loss.is_a(*AVERAGE_OF_ALL) and labels.shape.rank == 1:
            consequence = "every prediction is compared with the labels of the whole batch and the loss does not fall"
        else:
            continue
        at, remedy, mended = _remedy(program, head)
        yield found(
            at,
            f"the output has the shape {head.shape} and the labels {labels.shape}: {consequence}; {remedy}",
            head.confidence,
            labels.confidence,
            fix=mended,
            about=head,
        )


def _remedy(program: Program, head: Head) -> tuple[Fact[Any] | Span, str, Fix | None]:
    """Where, what to do, and the edit: to put out the last step only, or to pool the places."""
    recurrent = _last_recurrent(head)
    if recurrent is not None:
        given = recurrent.argument("return_sequences")
        mended = Fix("put out the last step only", (replace(given.span, "False"),))
        return given, "set `return_sequences=False` on the last recurrent layer", mended
    dims = len(head.shape.dims)
    pooling = f"GlobalAveragePooling{dims - 2}D"
    named = f" or `{pooling}`" if dims in (3, 4, 5) else ""
    remedy = f"put `Flatten`{named} before the last layer"
    if head.weights is None:
        return head.span, remedy, None
    layer = head.weights.layer
    dense = isinstance(layer, Layer) and layer.kind == "Dense" and not head.after
    edits = layer_before(program, head.training.model, head.weights, "keras.layers.Flatten") if dense else ()
    return layer.span, remedy, fix("flatten it", edits)


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
