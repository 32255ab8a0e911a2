"""A callback sets the learning rate of an optimizer that has a schedule.

## What it does
Reports LearningRateScheduler or ReduceLROnPlateau in the callbacks of a fit whose optimizer was made with a
LearningRateSchedule.

## Why training fails
Such a rate cannot be set. LearningRateScheduler raises in the first epoch, ReduceLROnPlateau as soon as it
wants to reduce: `TypeError: This optimizer was created with a LearningRateSchedule object as its learning_rate
constructor argument, hence its learning rate is not settable`. Observed on Keras 3.15.

## Example
```python
schedule = keras.optimizers.schedules.ExponentialDecay(0.01, 1000, 0.9)
model.compile(keras.optimizers.Adam(schedule), loss="mse")
model.fit(features, targets, callbacks=[keras.callbacks.ReduceLROnPlateau(monitor="loss")])
```

## Use instead
```python
model.compile(keras.optimizers.Adam(0.01), loss="mse")
model.fit(features, targets, callbacks=[keras.callbacks.ReduceLROnPlateau(monitor="loss")])
```
or the schedule without the callback. The fix takes the callback out.

## What it cannot see
Schedules and callbacks of the program's own.

## References
- <https://keras.io/api/optimizers/learning_rate_schedules/>
- <https://keras.io/api/callbacks/learning_rate_scheduler/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, remove_argument
from keraslint.graph.views import Callback, Optimizer
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("E7838", symptom=Symptom.RAISES)
def keras_schedule_conflict(callback: Callback) -> Iterator[Finding]:
    if not callback.is_a("LearningRateScheduler", "ReduceLROnPlateau"):
        return
    for run in callback.runs:
        optimizer = Optimizer(run.training.optimizer) if run.training is not None else None
        if optimizer is None or optimizer.schedule is None or not run.fit.trains:
            continue
        given = next((fact for fact in run.fit.callbacks or () if fact.value is callback.instance), None)
        if given is not None:
            yield found(
                given.span,
                f"`{callback.kind}` sets the learning rate, but `{optimizer.kind}` has the schedule "
                f"`{optimizer.schedule.kind}`: fit raises; keep one of the two",
                callback.confidence,
                optimizer.confidence,
                run.confidence,
                fix=Fix(f"take `{callback.kind}` out", (remove_argument(given.span),)),
            )
