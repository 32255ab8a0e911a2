"""Kernels begin so large, for the number of inputs that they sum over, that values grow from layer to layer.

## What it does
Reports a hidden Dense or convolution layer whose kernel begins with `RandomNormal`, `TruncatedNormal` or
`RandomUniform` of a spread at least four times as wide as `he_normal` would make it (before a relu), or
`glorot_normal` (before another activation), in a model that normalizes nothing.

## Why training fails
A unit sums over all its inputs, so its values spread by the square root of their number times the spread of the kernel.
Each such layer multiplies what it gets, and the output ends with scores in the tens or thousands, which are taken for
certainty and have to be unlearned first. Measured on Keras 3.15, 1000 samples of 64 features, hidden relus of 128
units, Adam, the accuracy and the log loss on 500 other samples:

| spread, times `he_normal`'s | two hidden layers | three |
|---|---|---|
| 0.05 | 0.79, 0.53 | 0.77, 0.70 |
| 0.33 | 0.77, 0.56 | 0.71, 1.15 |
| 1 | 0.65, 0.86 | 0.65, 0.95 |
| 3 | 0.44, 2.5 | 0.37, 6.2 |
| 5 | 0.38, 7.4 | 0.32, 32 |
| 10 | 0.34, 34 | 0.32, 270 |

## Example
```python
model.add(layers.Dense(256, activation="relu", kernel_initializer=keras.initializers.RandomNormal(stddev=1.0)))
model.add(layers.Dense(10, activation="softmax"))
```

## Use instead
```python
model.add(layers.Dense(256, activation="relu", kernel_initializer="he_normal"))
model.add(layers.Dense(10, activation="softmax"))
```
The fix names `he_normal` before a relu, and Keras's own default before another activation.

## What it cannot see
Inputs whose number is not known. It is silent on recurrent, depthwise and transposed kernels, on outputs and
embeddings, and where anything in the model normalizes. A spread that is too small does no harm in nets of two or three
layers with an adaptive optimizer, and is not reported.

## References
- He, Zhang, Ren, Sun: Delving Deep into Rectifiers, 2015
- <https://keras.io/api/layers/initializers/>
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph import Call, Layer
from keraslint.graph.views import Initializer, Wiring, activation_of
from keraslint.rules.architecture.chains import links
from keraslint.rules.framework import Finding, Symptom, found, rule

FACTOR = 4
"""From three times on harm was measured; the fourth is for what one net bears and another does not."""

RELUS = frozenset(("elu", "gelu", "leaky_relu", "relu", "relu6", "silu", "swish"))
BOUNDED = frozenset(("linear", "selu", "softsign", "tanh"))
"""Sigmoids are left out: they are steep only where a kernel is wide."""

AXES = {"keras.layers.Dense": 0, "keras.layers.Conv1D": 1, "keras.layers.Conv2D": 2, "keras.layers.Conv3D": 3}
"""The layers that are judged, and how many axes their kernels have beside the channels."""


@rule("R7851", symptom=Symptom.SLOWER)
def keras_unscaled_initializer(wiring: Wiring) -> Iterator[Finding]:
    wide = [link.first for link in links(wiring) if _factor(link.first) >= FACTOR]
    if not wide or _normalizes(wiring):
        return
    for call in wide:
        layer, activation = call.layer, activation_of(call)
        if isinstance(layer, Layer) and activation is not None:
            instead = "he_normal" if activation.name.is_in(RELUS) else "glorot_uniform"
            given = layer.argument("kernel_initializer")
            yield found(
                given,
                f"this kernel sums over {_inputs(call, layer)} inputs and begins {_factor(call):.0f} times as wide as "
                f'suits that: values grow from layer to layer, and the loss begins far too high; use `"{instead}"`',
                min(layer.confidence, call.confidence),
                fix=Fix(f"use {instead}", (replace(given.span, f'"{instead}"'),)),
                about=call,
            )


def _normalizes(wiring: Wiring) -> bool:
    """Whether something in the model normalizes, or may: a part of one's own, or a function."""
    parts = (call.layer for call in wiring.model.calls)
    return any(
        not isinstance(part, Layer) or part.in_file or part.class_name.endswith(("Lambda", "Normalization"))
        for part in parts
    )


def _factor(call: Call) -> float:
    """How many times as wide its kernel begins as would keep the spread of values; 0 where that is not known."""
    layer, activation = call.layer, activation_of(call)
    if not isinstance(layer, Layer):
        return 0
    name = activation.name.value if activation is not None else ""
    gain = 2 if name in RELUS else 1 if name in BOUNDED else 0
    inputs, spread = _inputs(call, layer), _spread(Initializer(layer.argument("kernel_initializer")))
    return spread / math.sqrt(gain / inputs) if gain and inputs else 0


def _inputs(call: Call, layer: Layer) -> int | None:
    """How many values a unit sums over; None where that is not known."""
    axes, channels = AXES.get(layer.class_name), call.input_shape[-1]
    if axes is None or not isinstance(channels, int):
        return None
    size = layer.argument("kernel_size").value if axes else ()
    sizes = (size,) * axes if isinstance(size, int) else size
    if axes and (layer.argument("data_format") == "channels_first" or layer.argument("groups") != 1):
        return None
    whole = [one for one in sizes if isinstance(one, int)] if isinstance(sizes, list | tuple) else None
    return channels * math.prod(whole) if whole is not None and len(whole) == axes else None


def _spread(initializer: Initializer) -> float:
    """The standard deviation of what it draws; 0 where that is not known."""
    if initializer.is_a("RandomNormal", "TruncatedNormal"):
        given = initializer.setting("stddev").value
        return float(given) if isinstance(given, int | float) else 0
    if initializer.is_a("RandomUniform"):
        low, high = initializer.setting("minval").value, initializer.setting("maxval").value
        if isinstance(low, int | float) and isinstance(high, int | float):
            return (high - low) / math.sqrt(12)
    return 0
