"""A learning rate so small that nothing is learned in any training that ends.

## What it does
Reports a learning rate above 0 and below 1e-7, and plain SGD at 1e-5 or less where inputs and labels are known to
lie within ten of zero.

## Why training fails
Adam and its kin move a weight by about the rate in each step: at 1e-8 a hundred thousand steps move it by
0.001. SGD moves it by the rate times the gradient, which is small where data are. The loss seems to stand
still. Observed on Keras 3.15: after 30 epochs with 1e-8 the loss had changed in the seventh digit.

## Example
```python
model.compile(keras.optimizers.Adam(1e-8), loss="mse")
```

## Use instead
```python
model.compile(keras.optimizers.Adam(0.001), loss="mse")
```
The fix writes the optimizer's default.

## What it cannot see
Rates that something else sets: a callback, a schedule that warms up. Very large inputs or targets make large
gradients, so that SGD is reported only where the data are known. A model that holds a pretrained one is left
alone by the part about SGD.

## References
- <https://keras.io/api/optimizers/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph import Array
from keraslint.graph.views import ADAPTIVE, learns_further
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.optimizer.rates import SGD, AnyRate

NOTHING = 1e-7
LITTLE_FOR_SGD = 1e-5
SMALL = 10
"""Data within this of zero make gradients that are no excuse."""


@rule("W7833", symptom=Symptom.PLATEAU)
def keras_tiny_learning_rate(rate: AnyRate) -> Iterator[Finding]:
    if not rate.value > 0 or not rate.value <= LITTLE_FOR_SGD or not rate.is_fitted:
        return
    adaptive = rate.optimizer.is_a(*ADAPTIVE) and rate.value < NOTHING
    if adaptive or (rate.optimizer.is_a(SGD) and rate.optimizer.momentum == 0 and _is_plain(rate)):
        yield found(
            rate.value,
            f"a learning rate of `{rate.value.value}` for `{rate.optimizer.kind}`: the loss hardly changes in "
            f"any number of epochs; start from `{rate.default}`",
            rate.confidence,
            fix=Fix("start from the optimizer's default", (replace(rate.value.span, repr(rate.default)),)),
            about=rate.training,
        )


def _is_plain(rate: AnyRate) -> bool:
    """Data of known small values, and no part that was trained before."""
    if learns_further(rate.training):
        return False
    fits = [fit for fit in rate.training.fits if fit.trains]
    arrays = [array for fit in fits for array in (*fit.inputs, *fit.labels(rate.training.output_names))]
    return bool(arrays) and all(map(_is_small, arrays))


def _is_small(array: Array | None) -> bool:
    return array is not None and array.low >= -SMALL and array.high <= SMALL
