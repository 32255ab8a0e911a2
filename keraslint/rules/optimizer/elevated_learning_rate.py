"""A learning rate at least ten times the usual one, on a network that may well bear it.

## What it does
Reports the learning rate of Adam, AdamW, Nadam, Adamax, RMSprop and Lion of 0.01 or more (option
`keras-max-adaptive-learning-rate`) where keras-high-learning-rate stays silent. It is advice, and off by default.

## Why training fails
Often it does not: measured in Keras 3.15, a few Dense layers learned at 0.01 as well as at the default or
better, and narrow ones at 0.1 as well. The higher rate leaves less room: the loss jumps about at the end, a
classifier overfits sooner, and what works for a few layers fails when one more is added. The page of
keras-high-learning-rate has the figures.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(16, activation="relu"), layers.Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(0.05), loss="mse")
```

## Use instead
```python
model.compile(optimizer=keras.optimizers.Adam(0.001), loss="mse")
```

## What it cannot see
Whether the rate was tuned. It is silent where the rate is set by something else, as keras-high-learning-rate is, on a
linear network and on one that is not understood, and on SGD, Adadelta, Adagrad and Ftrl.

## References
- <https://keras.io/api/optimizers/adam/>
- Smith: Cyclical Learning Rates for Training Neural Networks, 2017, on finding the highest rate that works
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.optimizer.rates import Rate
from keraslint.settings import Options


@rule("R7831", symptom=Symptom.SLOWER, yields_to="keras-high-learning-rate")
def keras_elevated_learning_rate(rate: Rate, options: Options) -> Iterator[Finding]:
    network = rate.network
    is_elevated = rate.is_adaptive and rate.value >= options.max_adaptive_learning_rate
    if is_elevated and network is not None and not network.is_linear:
        yield found(
            rate.value,
            f"{rate.shown}: the loss may jump about at the end; compare with `{rate.default}`",
            rate.confidence,
            fix=rate.fix,
            about=rate.training,
        )
