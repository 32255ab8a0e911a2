"""A weight penalty of 0.1 or more on several layers outweighs the loss.

## What it does
Reports a model of which two or more layers have a kernel regularizer L1 or L2 with a factor of 0.1 or more.

## Why training fails
The penalty is added to the loss for every weight, so the cheapest thing to do is to make all weights small. Observed on
Keras 3.15, two hidden layers of 16, the same data and steps: with L2 of 0.01 all samples are classified right, with
0.1 81 %, with 1.0 41 %, and the loss that is shown is mostly the penalty.

## Example
```python
model = keras.Sequential(
    [
        keras.Input((8,)),
        layers.Dense(16, "relu", kernel_regularizer=keras.regularizers.L2(0.5)),
        layers.Dense(16, "relu", kernel_regularizer=keras.regularizers.L2(0.5)),
        layers.Dense(1),
    ]
)
```

## Use instead
```python
model = keras.Sequential(
    [
        keras.Input((8,)),
        layers.Dense(16, "relu", kernel_regularizer=keras.regularizers.L2(1e-4)),
        layers.Dense(16, "relu", kernel_regularizer=keras.regularizers.L2(1e-4)),
        layers.Dense(1),
    ]
)
```

## What it cannot see
Factors that are not known, and a loss that is itself large. One such layer alone is not reported, nor are biases and
activity regularizers.

## References
- <https://keras.io/api/layers/regularizers/>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keraslint.edits import Fix, replace
from keraslint.graph import Fact, KerasObject
from keraslint.graph.views import Wiring, applies_kernel
from keraslint.rules.architecture.chains import argument, is_own
from keraslint.rules.framework import Finding, Symptom, found, rule

FACTORS = {
    "keras.regularizers.L1": ("l1",),
    "keras.regularizers.L2": ("l2",),
    "keras.regularizers.L1L2": ("l1", "l2"),
}
HIGH = 0.1


@rule("W7848", symptom=(Symptom.PLATEAU, Symptom.SLOWER))
def keras_extreme_regularization(wiring: Wiring) -> Iterator[Finding]:
    calls = [call for call in wiring.model.calls if applies_kernel(call) and is_own(call)]
    by_layer = {call.layer: _high(argument(call, "kernel_regularizer")) for call in calls}
    high = [factors[0] for factors in by_layer.values() if factors]
    if len(high) >= 2:
        yield found(
            high[0],
            f"a weight penalty of {high[0].value:g} on {len(high)} layers outweighs the loss: weights shrink and the "
            "loss stays high; use 1e-4 to 1e-2",
            high[1],
            wiring.confidence,
            fix=Fix("use 1e-4", tuple(replace(span, "1e-4") for span in dict.fromkeys(one.span for one in high))),
        )


def _high(regularizer: Fact[Any] | None) -> list[Fact[Any]]:
    """The factors of a regularizer that are known to be high."""
    made = regularizer.value if regularizer is not None else None
    if not isinstance(made, KerasObject):
        return []
    factors = (made.argument(name) for name in FACTORS.get(made.class_name, ()))
    return [factor for factor in factors if factor >= HIGH and not factor.is_default]
