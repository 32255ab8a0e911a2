"""A layer has a bias that the batch normalization behind it takes away.

## What it does
Reports a Dense or convolution layer with a bias and without an activation whose only successor is a
`BatchNormalization` over the same channels.

## Why training fails
It does not; the bias is only paid for. Normalizing subtracts the mean of each channel, and with it whatever the bias
has added, and `BatchNormalization` has an offset of its own. Observed on Keras 3.15: the gradient of such a bias is 0
but for rounding, and the model learns the same without it, step by step.

## Example
```python
x = layers.Conv2D(32, 3)(x)
x = layers.BatchNormalization()(x)
x = layers.ReLU()(x)
```

## Use instead
```python
x = layers.Conv2D(32, 3, use_bias=False)(x)
x = layers.BatchNormalization()(x)
x = layers.ReLU()(x)
```
The fix says so. Weights that were saved with the bias do not fit afterwards.

## What it cannot see
Whether weights from elsewhere have to fit: it is silent in a program that loads some, and in a function that is
only read by its defaults, which may leave the normalization out. A bias before another
normalization counts: `LayerNormalization` takes the mean over the channels, and not of each.

## References
- Ioffe, Szegedy: Batch Normalization, 2015, section 3.2
- <https://keras.io/api/layers/normalization_layers/batch_normalization/>
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from keraslint.edits import Fix, add_argument, replace
from keraslint.graph import Call, Fact, Layer, Program
from keraslint.graph.views import Wiring
from keraslint.rules.architecture.chains import DENSE_OR_CONVOLUTION, argument, is_a, is_linear, is_own
from keraslint.rules.framework import Finding, Symptom, found, rule

NORMALIZATION = frozenset({"keras.layers.BatchNormalization"})


@rule("R7850", symptom=Symptom.NONE)
def keras_bias_before_batch_norm(program: Program) -> Iterator[Finding]:
    if any(call.method in ("load_model", "load_weights") for call in program.files):
        return
    for wiring in Wiring.of(program):
        for chain in wiring.chains:
            for call, following in pairwise(chain):
                if is_a(following, NORMALIZATION) and _has_idle_bias(call, following):
                    yield _finding(call)


def _has_idle_bias(call: Call, following: Call) -> bool:
    if not is_a(call, DENSE_OR_CONVOLUTION) or not is_own(call) or not is_linear(call):
        return False
    if isinstance(following.layer, Layer) and following.layer.assumed:
        return False
    bias, axis = argument(call, "use_bias"), argument(following, "axis")
    first = argument(call, "data_format") == "channels_first"
    return bias == True and axis == (1 if first else -1)  # noqa: E712 (a fact compares by value)


def _finding(call: Call) -> Finding:
    layer = call.layer
    assert isinstance(layer, Layer)
    return found(
        layer.span,
        f"the bias of this `{layer.kind}` is taken away by the `BatchNormalization` behind it, which has an offset of "
        "its own; give `use_bias=False`",
        min(layer.confidence, call.confidence),
        fix=_fix(layer),
        about=call,
    )


def _fix(layer: Layer) -> Fix | None:
    given: Fact[object] | None = next((one.value for one in layer.arguments if one.name == "use_bias"), None)
    edit = add_argument(layer.span, "use_bias=False") if given is None else replace(given.span, "False")
    return Fix("leave the bias out", (edit,))
