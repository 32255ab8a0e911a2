"""A bias right before BatchNormalization has no effect.

## What it does
Reports a Dense or convolution layer with a bias and no activation that goes into a BatchNormalization alone.

## Why training fails
It does not: the normalization subtracts the mean, and the bias with it, and has a bias of its own (`beta`). The layer's
bias is memory and time for nothing. @@OBSERVED@@

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(64), layers.BatchNormalization(), layers.ReLU()])
```

## Use instead
```python
model = keras.Sequential(
    [keras.Input((8,)), layers.Dense(64, use_bias=False), layers.BatchNormalization(), layers.ReLU()]
)
```

## What it cannot see
Layers of one's own. It is silent with `center=False`, and on layers of an application.

## References
- <https://keras.io/api/layers/normalization_layers/batch_normalization/>
- Ioffe, Szegedy: Batch Normalization, 2015, section 3.2
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from keraslint.edits import add_argument
from keraslint.graph import Layer
from keraslint.graph.views import Wiring
from keraslint.rules.architecture.chains import DENSE_OR_CONVOLUTION, argument, is_a, is_linear, is_own
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.remedies import fix

BATCH_NORM = frozenset({"keras.layers.BatchNormalization"})


@rule("R7851", symptom=Symptom.NONE)
def keras_bias_before_batch_norm(wiring: Wiring) -> Iterator[Finding]:
    for chain in wiring.chains:
        for call, following in pairwise(chain):
            bias = argument(call, "use_bias")
            if not (is_a(call, DENSE_OR_CONVOLUTION) and is_own(call) and is_linear(call) and bias is not None):
                continue
            if bias == True and is_a(following, BATCH_NORM) and argument(following, "center") == True:  # noqa: E712
                layer = call.layer
                yield found(
                    layer.span,
                    f"the bias of `{layer.kind if isinstance(layer, Layer) else ''}` before `BatchNormalization` has "
                    "no effect: the mean is subtracted; use `use_bias=False`",
                    call.confidence,
                    fix=fix("leave it out", (add_argument(layer.span, "use_bias=False"),)) if bias.is_default else None,
                    about=call,
                )
