"""A callback is given a value where it needs a function to call.

## What it does
Reports LearningRateScheduler given a number, None or a LearningRateSchedule object, and LambdaCallback given a
number.

## Why training fails
`fit` raises in the first epoch: `TypeError: 'float' object is not callable`. A LearningRateSchedule can be
called, but gives a tensor: `ValueError: The output of the schedule function should be a float`; it belongs into
the optimizer. Observed on Keras 3.15.

## Example
```python
rate = keras.callbacks.LearningRateScheduler(0.001)
```

## Use instead
```python
rate = keras.callbacks.LearningRateScheduler(lambda epoch: 0.001 * 0.9**epoch)
```
Where the value came from a function (`LearningRateScheduler(decay(0))`), give the function: `decay`. The fix
makes a function of a number that is written there.

## What it cannot see
Values that are not known. `LambdaCallback(on_epoch_end=print("done"))` is None to Keras and raises nothing.

## References
- <https://keras.io/api/callbacks/learning_rate_scheduler/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph import Confidence, KerasObject
from keraslint.graph.views import Callback
from keraslint.rules.framework import Finding, Symptom, found, rule

SCHEDULES = "keras.optimizers.schedules."


@rule("E7896", symptom=Symptom.RAISES, even_untrained=True)
def keras_schedule_not_callable(callback: Callback) -> Iterator[Finding]:
    if not callback.is_a("LambdaCallback", "LearningRateScheduler") or not callback.runs:
        return
    for argument in callback.instance.arguments:
        value = argument.value
        is_schedule = callback.kind == "LearningRateScheduler" and argument.name == "schedule"
        if value.is_a((int, float)) and not value.is_a(bool) and (is_schedule or argument.name.startswith("on_")):
            consequence, remedy = (
                f"fit raises `'{type(value.value).__name__}' object is not callable`",
                "give a function",
            )
        elif is_schedule and isinstance(value.value, KerasObject) and value.value.class_name.startswith(SCHEDULES):
            consequence, remedy = "it gives a tensor, and fit raises", "give it to the optimizer as `learning_rate`"
        else:
            continue
        is_literal = is_schedule and value.is_a((int, float)) and value.confidence is Confidence.HIGH
        start = value.span._replace(end_line=value.span.line, end_column=value.span.column)
        shown = value.value.kind if isinstance(value.value, KerasObject) else value.value
        yield found(
            value,
            f"`{callback.kind}` needs a function and is given `{shown}`: {consequence}; {remedy}",
            callback.confidence,
            fix=Fix("make a function of it", (replace(start, "lambda epoch: "),)) if is_literal else None,
        )
