"""Targets in the thousands with `mse` and plain SGD: the first steps are far too long.

## What it does
Reports labels that are known to reach 1000 in size, on a linear head with `mean_squared_error` and the optimizer SGD
without clipping.

## Why training fails
The gradient of a squared error grows with the error, and the first error is as large as the target. Observed on Keras
3.15, SGD at its default rate, targets around 1000, 1500 and 300,000: the loss is NaN in the first epoch. With the same
targets standardized it falls.

## Example
```python
prices = np.random.uniform(100_000, 500_000, size=(64, 1))
model = keras.Sequential([keras.Input((8,)), layers.Dense(32, "relu"), layers.Dense(1)])
model.compile(optimizer="sgd", loss="mse")
model.fit(features, prices)
```

## Use instead
```python
prices = np.random.uniform(100_000, 500_000, size=(64, 1))
model = keras.Sequential([keras.Input((8,)), layers.Dense(32, "relu"), layers.Dense(1)])
model.compile(optimizer="sgd", loss="mse")
model.fit(features, (prices - prices.mean()) / prices.std())
```
There is no fix: predictions have to be scaled back. For prices and counts their logarithm often does better still.

## What it cannot see
Labels that are read from files. It is silent on optimizers that take steps of their own size whatever the gradient, as
Adam, which get there in the end.

## References
- <https://keras.io/api/optimizers/sgd/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import KerasObject, Reference, Training
from keraslint.graph.views import Data
from keraslint.rules.framework import Finding, Symptom, found, rule

LARGE = 1000
CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")


@rule("W7924", symptom=Symptom.NAN)
def keras_unscaled_target(data: Data) -> Iterator[Finding]:
    head, array = data.head, data.array
    if data.role != "y" or data.validates or head is None or data.run.fit is not head.training.fits[0]:
        return
    if not (array.high >= LARGE or array.low <= -LARGE) or not head.activation_is("linear"):
        return
    if head.loss_is("MeanSquaredError") and data.run.fit.trains and _is_plain_sgd(head.training):
        size = max((abs(end) for end in (array.low, array.high) if isinstance(end, int | float)), default=0)
        yield found(
            data.span,
            f"targets of up to {size:g} with `{head.loss.shown if head.loss else 'mse'}` and SGD: the first gradients "
            "are as large, and the loss becomes NaN; standardize the targets",
            data.confidence,
        )


def _is_plain_sgd(training: Training) -> bool:
    match training.optimizer.value:
        case str(name):
            return name.lower() == "sgd"
        case Reference(name="keras.optimizers.SGD"):
            return True
        case KerasObject(class_name="keras.optimizers.SGD") as made:
            return all(made.argument(name) == None for name in CLIPS)  # noqa: E711 (a fact compares by value)
    return False
