"""A schedule that has shrunk the learning rate to nothing when the training has hardly begun.

## What it does
Reports an `ExponentialDecay` or `CosineDecay` for Adam and its kin whose `decay_steps` fits a count of epochs while
the fits make many more updates: all that the schedule lets the weights move is less than a tenth of what the training
would, and less than 0.1.

## Why training fails
Schedules count batches, not epochs. With `decay_steps=1` and `decay_rate=0.9` the rate is a thousandth of what it was
after 66 batches; Adam moves a weight by about the rate in each step, so each has moved by 0.01 when it ends.
Observed on Keras 3.15: on a problem that is learned to an accuracy of 0.98 with `decay_steps=1000`, the loss stays at
1.59 of 1.61 with `decay_steps=1`, and at 1.09 with 10.

## Example
```python
schedule = keras.optimizers.schedules.ExponentialDecay(0.001, decay_steps=1, decay_rate=0.9)
model.compile(keras.optimizers.Adam(schedule), loss="mse")
model.fit(x, y, epochs=30)
```

## Use instead
```python
schedule = keras.optimizers.schedules.ExponentialDecay(0.001, decay_steps=len(x) // 32, decay_rate=0.9)
model.compile(keras.optimizers.Adam(schedule), loss="mse")
model.fit(x, y, epochs=30)
```
The fix writes the batches of one epoch, for `CosineDecay` those of all.

## What it cannot see
Data of unknown size, schedules of one's own, and warm-ups. SGD is left alone, whose steps are as long as the gradient,
and so are models that need to move little: those that hold a pretrained one, were trained before, or get weights from
elsewhere. Of a fit that callbacks may end it counts what it makes at least: with EarlyStopping the epochs of its
patience, with a callback of the file nothing.

## References
- <https://keras.io/api/optimizers/learning_rate_schedules/exponential_decay/>
"""

from __future__ import annotations

from collections.abc import Iterator
from math import log

from keraslint.edits import Fix, replace
from keraslint.graph import Fit, KerasObject
from keraslint.graph.views import ADAPTIVE, Optimizer, learns_further
from keraslint.rules.framework import Finding, Symptom, found, rule

PART = 0.1
"""Less than this part of what a constant rate would let the weights move …"""
LITTLE = 0.1
"""… and less than this in all: about as much as the initial weights are wide."""
GONE = 1000
"""What is so many times smaller than at the start moves nothing any more."""


@rule("W7983", symptom=Symptom.PLATEAU)
def keras_schedule_ends_early(optimizer: Optimizer) -> Iterator[Finding]:
    schedule, training, start = optimizer.schedule, optimizer.training, optimizer.start
    if schedule is None or training is None or start is None or not optimizer.is_a(*ADAPTIVE):
        return
    fits = [fit for fit in training.fits if fit.trains]
    updates, told, course = _total(fits), schedule.argument("decay_steps"), _course(schedule)
    if told.is_default or updates is None or course is None or _counts_otherwise(optimizer):
        return
    if learns_further(training):
        return
    lasting, end = course
    if not isinstance(start.value, int | float) or start.value * lasting > LITTLE or lasting > PART * updates:
        return
    better = updates if schedule.kind == "CosineDecay" else fits[0].steps
    yield found(
        told,
        f"`{schedule.kind}` has shrunk the rate to nothing after {round(end)} of {updates} updates, since "
        f"`decay_steps` counts batches, not epochs: the loss stops falling; use `decay_steps={better}`",
        optimizer.confidence,
        schedule.confidence,
        *(fit.confidence for fit in fits),
        fix=Fix("count batches", (replace(told.span, str(better)),)),
        about=training,
    )


def _total(fits: list[Fit]) -> int | None:
    """The updates of all fits together, at least; None where they are not known."""
    counts = [_at_least(fit) for fit in fits]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


def _at_least(fit: Fit) -> int | None:
    """As many updates as a fit makes although callbacks may end it: EarlyStopping waits for its patience."""
    updates, steps = fit.updates, fit.steps
    if not isinstance(updates, int) or not isinstance(steps, int) or fit.callbacks is None:
        return None
    for callback in fit.callbacks:
        made = callback.value
        if not isinstance(made, KerasObject) or made.in_file:
            return None
        if made.kind == "EarlyStopping":
            patience = made.argument("patience").value
            if not isinstance(patience, int):
                return None
            updates = min(updates, (patience + 1) * steps)
    return updates


def _counts_otherwise(optimizer: Optimizer) -> bool:
    """Whether several batches make one step of the schedule."""
    return optimizer.written("gradient_accumulation_steps") is not None


def _course(schedule: KerasObject) -> tuple[float, float] | None:
    """How many steps at the rate of the start the whole schedule amounts to, however long it goes on, and after how
    many the rate is gone."""
    steps = schedule.argument("decay_steps").value
    if not isinstance(steps, int | float) or steps <= 0:
        return None
    if schedule.kind == "CosineDecay":
        ends = schedule.argument("alpha") == 0 and schedule.argument("warmup_target") == None  # noqa: E711
        return (steps / 2, steps) if ends else None
    return _of_exponential(steps, schedule) if schedule.kind == "ExponentialDecay" else None


def _of_exponential(steps: float, schedule: KerasObject) -> tuple[float, float] | None:
    rate, in_stairs = schedule.argument("decay_rate").value, schedule.argument("staircase").value
    if not isinstance(rate, int | float) or not isinstance(in_stairs, bool) or not 0 < rate < 1:
        return None
    return steps / (1 - rate if in_stairs else -log(rate)), steps * log(GONE) / -log(rate)
