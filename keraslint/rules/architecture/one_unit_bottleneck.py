"""A hidden layer of one unit: all that the network knows of a sample passes through one number.

## What it does
Reports a hidden `Dense(1)` on a plain chain, between a layer that gives it several values and one with several units.

## Why training fails
Whatever stands behind it computes a curve of one number. Often it is a head that was left in when more layers were
added. Observed on Keras 3.15, three features to be given back at three outputs, the same steps: with one unit in the
middle the error ends at 0.4 to 0.6, with 16 at 0.001.

## Example
```python
model = keras.Sequential(
    [keras.Input((8,)), layers.Dense(64, "relu"), layers.Dense(1), layers.Dense(64, "relu"), layers.Dense(3)]
)
```

## Use instead
```python
model = keras.Sequential(
    [keras.Input((8,)), layers.Dense(64, "relu"), layers.Dense(16), layers.Dense(64, "relu"), layers.Dense(3)]
)
```

## What it cannot see
Layers of one's own. It is silent on gates and attention scores, on `Dense(1)` along a further axis (per step, per
pixel), on an autoencoder (as many outputs as inputs), and on a layer whose name says that it is meant: `latent`,
`bottleneck`, `code`.

## References
- <https://keras.io/api/layers/core_layers/dense/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import replace
from keraslint.graph import Call, Layer
from keraslint.graph.views import Link, Wiring
from keraslint.rules.architecture.chains import DENSE, PASSES_ON, argument, is_a, links
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.remedies import fix

PASSED = PASSES_ON | frozenset(
    f"keras.layers.{name}" for name in ("Activation", "BatchNormalization", "LayerNormalization", "LeakyReLU", "ReLU")
)
MEANT = ("bottleneck", "code", "encod", "latent", "score", "embed", "proj")


@rule("W7849", symptom=(Symptom.PLATEAU, Symptom.SLOWER))
def keras_one_unit_bottleneck(wiring: Wiring) -> Iterator[Finding]:
    for link in links(wiring):
        units = argument(link.first, "units")
        if units is not None and _is_narrow(link, wiring):
            yield found(
                units,
                "a hidden `Dense(1)`: all that the layers behind it see of a sample is one number, and the loss stays "
                "high; give it more units",
                link.first.confidence,
                fix=fix("give it 16 units", (replace(units.span, "16"),)),
                about=link.first,
            )


def _is_narrow(link: Link, wiring: Wiring) -> bool:
    first, second = link.first, link.second
    return (
        is_a(first, DENSE)
        and is_a(second, DENSE)
        and first.output_shape[-1] == 1
        and first.input_shape.rank == 2
        and _is_more_than_one(first.input_shape[-1])
        and _is_more_than_one(second.output_shape[-1])
        and all(is_a(call, PASSED) for call in link.between)
        and not _is_meant(first)
        and wiring.model.input_shape[-1] != wiring.model.output_shape[-1]
    )


def _is_more_than_one(size: object) -> bool:
    return isinstance(size, int) and size > 1


def _is_meant(call: Call) -> bool:
    return isinstance(call.layer, Layer) and any(word in call.layer.name.lower() for word in MEANT)
