"""A batch normalization right behind a Dropout normalizes by a spread that only training has.

## What it does
Reports a `Dropout`, or another layer of its kind, that is followed by a `BatchNormalization` with nothing between them
but activations, pooling and changes of shape.

## Why training fails
Dropout leaves the mean as it is and makes values spread wider, by the factor `1 / (1 - rate)` of their mean square. The
normalization keeps the variance that it sees in training, and divides by it where nothing is dropped any more: what
comes behind gets values on another scale than it has learned with. Observed on Keras 3.15, with a Dropout of 0.5 behind
a relu: what the normalization gives deviates by 1.0 in training and by 0.64 in use, and in the other order by 1.0 both
times. That a model ends clearly worse for it was not seen in short trainings.

## Example
```python
model.add(layers.Dense(64, activation="relu"))
model.add(layers.Dropout(0.5))
model.add(layers.BatchNormalization())
```

## Use instead
```python
model.add(layers.Dense(64, activation="relu"))
model.add(layers.BatchNormalization())
model.add(layers.Dropout(0.5))
```
There is no fix, since two lines change places.

## What it cannot see
How much it costs here; that grows with the rate. With a Dense or convolution layer between the two the shift is
averaged over its inputs, and nothing is reported.

## References
- Li, Chen, Hu, Yang: Understanding the Disharmony between Dropout and Batch Normalization by Variance Shift, 2018
- <https://keras.io/api/layers/normalization_layers/batch_normalization/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Call, Layer
from keraslint.graph.views import Wiring, applies_kernel
from keraslint.rules.architecture.chains import is_a, is_own
from keraslint.rules.framework import Finding, Symptom, found, rule

NORMALIZATION = frozenset({"keras.layers.BatchNormalization"})
DROPS = frozenset(
    f"keras.layers.{kind}" for kind in ("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D")
)
"""`AlphaDropout` keeps mean and variance; noise of another kind has a spread of its own."""
BETWEEN = frozenset(
    f"keras.layers.{kind}"
    for kind in (
        *("Activation", "ELU", "Flatten", "LeakyReLU", "Permute", "ReLU", "Reshape"),
        *(f"MaxPooling{axes}D" for axes in (1, 2, 3)),
    )
)


@rule("R7845", symptom=Symptom.NONE)
def keras_dropout_before_batch_norm(wiring: Wiring) -> Iterator[Finding]:
    for chain in wiring.chains:
        dropped: Call | None = None
        for call in chain:
            if is_a(call, DROPS) and is_own(call):
                dropped = call
            elif dropped is not None and is_a(call, NORMALIZATION) and not applies_kernel(call):
                yield from _finding(dropped)
                dropped = None
            elif not is_a(call, BETWEEN):
                dropped = None


def _finding(call: Call) -> Iterator[Finding]:
    layer = call.layer
    if isinstance(layer, Layer) and layer.argument("rate") > 0:
        yield found(
            layer.span,
            f"`{layer.kind}` right before a `BatchNormalization`: that keeps the spread of values of which some are "
            "dropped, and divides by it where none are; put it behind the normalization",
            min(layer.confidence, call.confidence),
            about=call,
        )
