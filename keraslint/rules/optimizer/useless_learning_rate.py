"""A learning rate of zero, with which no weight ever moves, or one below zero, which climbs.

## What it does
Reports a learning rate of 0 in the optimizer of a model that is fitted, also as the start of a schedule that
can only shrink it, and a negative one where every loss is one of Keras's own.

## Why training fails
With a rate of 0.0 every step adds nothing: the loss does not change from the first epoch to the last. A plain
`0` is refused at once: `ValueError: Argument learning_rate should be float`. A negative rate walks up the
gradient: in 30 epochs with `SGD(-0.1)` a loss of 0.77 grew to 9e15. Observed on Keras 3.15.

## Example
```python
model.compile(keras.optimizers.SGD(learning_rate=0.0), loss="mse")
model.fit(features, targets)
```

## Use instead
```python
model.compile(keras.optimizers.SGD(learning_rate=0.01), loss="mse")
model.fit(features, targets)
```
The fix writes the optimizer's default.

## What it cannot see
A rate that something sets before the first step: a callback, a schedule with a warm-up, the program itself.
With a loss of one's own a negative rate may be meant, since such a loss may be one to be maximized.

## References
- <https://keras.io/api/optimizers/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph.views import heads_of
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.optimizer.rates import AnyRate

SHRINKING = ("CosineDecay", "CosineDecayRestarts", "ExponentialDecay", "InverseTimeDecay")
"""Schedules that multiply what they begin with."""


@rule("E7832", symptom=(Symptom.NO_GRADIENT, Symptom.DIVERGES, Symptom.RAISES))
def keras_useless_learning_rate(rate: AnyRate) -> Iterator[Finding]:
    schedule = rate.optimizer.schedule
    if not rate.value <= 0 or not rate.is_fitted or (schedule is not None and schedule.kind not in SHRINKING):
        return
    if rate.value == 0:
        consequence = "no weight ever moves and the loss does not change"
    elif all(head.loss is not None and isinstance(head.loss.name, str) for head in heads_of(rate.training)):
        consequence = "each step goes up the gradient and the loss grows without end"
    else:
        return
    yield found(
        rate.value,
        f"a learning rate of `{rate.value.value}`: {consequence}; start from `{rate.default}`",
        rate.confidence,
        fix=Fix("start from the optimizer's default", (replace(rate.value.span, repr(rate.default)),)),
        about=rate.training,
    )
