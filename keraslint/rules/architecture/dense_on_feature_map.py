"""A Dense layer ends a classifier while the axes of the image are still there.

## What it does
Reports a chain of convolutions and pooling that ends in a Dense layer with a sigmoid or softmax and never flattens:
each place of a feature map, smaller than the image, gets a prediction of its own.

## Why training fails
A Dense layer works along the last axis alone. The output has the shape `(None, 13, 13, 10)` where the labels are
`(n,)` or `(n, 10)`. Observed on Keras 3.15: a crossentropy raises ``Arguments `target` and `output` must have the
same rank (ndim)``.

## Example
```python
model = keras.Sequential(
    [keras.Input((28, 28, 1)), layers.Conv2D(8, 3), layers.MaxPooling2D(), layers.Dense(10, activation="softmax")]
)
model.compile(loss="categorical_crossentropy")
```

## Use instead
```python
model = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(8, 3),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(loss="categorical_crossentropy")
```
`GlobalAveragePooling2D()` needs fewer weights.

## What it cannot see
Labels that are meant to have the size of the feature map and come from where it cannot look. It is silent where the
labels are known to have as many axes, at the resolution of the input, and on heads that are convolutions. Where
the labels are known to lack the axes, keras-unflattened-output speaks.

## References
- <https://keras.io/api/layers/core_layers/dense/>
- <https://keras.io/api/layers/reshaping_layers/flatten/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Call, Layer, Program
from keraslint.graph.views import Head
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import CROSSENTROPIES
from keraslint.rules.remedies import fix, layer_before

KEEPS_PLACES = frozenset(
    {
        "Activation",
        "BatchNormalization",
        "Dense",
        "Dropout",
        "GaussianNoise",
        "LeakyReLU",
        "ReLU",
        "Rescaling",
        "SpatialDropout1D",
        "SpatialDropout2D",
    }
)
SHRINKS = (
    "AveragePooling1D",
    "AveragePooling2D",
    "Conv1D",
    "Conv2D",
    "MaxPooling1D",
    "MaxPooling2D",
    "SeparableConv2D",
)


@rule("W7859", symptom=(Symptom.RAISES, Symptom.SLOWER), yields_to="keras-unflattened-output")
def keras_dense_on_feature_map(program: Program) -> Iterator[Finding]:
    for head in Head.of(program):
        loss, weights = head.loss, head.weights
        if loss is None or weights is None or not loss.is_a(*CROSSENTROPIES) or head.after or head.training.part_of:
            continue
        dense = isinstance(weights.layer, Layer) and weights.layer.kind == "Dense"
        if not dense or head.labels.shape.rank_known or not head.activation_is("sigmoid", "softmax"):
            continue
        if _is_smaller_than_input(head, weights):
            pooling = f"GlobalAveragePooling{len(head.shape.dims) - 2}D"
            yield found(
                weights.layer.span,
                f"`Dense` behind convolutions without `Flatten`: the output has the shape {head.shape}, which no label "
                f"of a class has, and training raises a shape error; put `Flatten` or `{pooling}` before it",
                head.confidence,
                fix=fix(
                    "pool the feature map",
                    layer_before(program, head.training.model, weights, f"keras.layers.{pooling}"),
                ),
                about=head,
            )


def _is_smaller_than_input(head: Head, last: Call) -> bool:
    """Whether a plain chain of convolutions and pooling leads to it, and left fewer places than the input has."""
    call, convolutions = last, 0
    while isinstance(call.layer, Layer):
        if call.layer.kind in SHRINKS:
            convolutions += call.layer.kind.endswith(("Conv1D", "Conv2D"))
        elif call.layer.kind not in KEEPS_PLACES:
            return False
        producer = call.inputs[0].producer
        if producer is None:
            places = zip(head.shape.dims[1:-1], call.input_shape.dims[1:-1], strict=False)
            same_rank = call.input_shape.rank == head.shape.rank
            return bool(convolutions) and same_rank and all(_between(left, whole) for left, whole in places)
        call = producer
    return False


def _between(left: object, whole: object) -> bool:
    return isinstance(left, int) and isinstance(whole, int) and 1 < left < whole
