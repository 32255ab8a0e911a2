"""A data set that never ends is fitted without a number of steps.

## What it does
Reports a tf.data pipeline with `.repeat()` that no `.take(n)` ends, given to `fit` without `steps_per_epoch`,
or as `validation_data` without `validation_steps`, or to `evaluate` without `steps`.

## Why training fails
The first epoch never ends: no `val_loss`, no callback at the end of an epoch, no checkpoint. Observed on Keras
3.15, where after ten thousand batches of a data set of eight the first epoch still went on.

## Example
```python
dataset = tf.data.Dataset.from_tensor_slices((features, labels)).batch(32).repeat()
model.fit(dataset, epochs=5)
```

## Use instead
```python
dataset = tf.data.Dataset.from_tensor_slices((features, labels)).batch(32).repeat()
model.fit(dataset, epochs=5, steps_per_epoch=100)
```
or drop `.repeat()`, since `fit` goes through the data anew in each epoch. The fix puts a `.take(100)` behind.

## What it cannot see
Generators, and pipelines with steps that are not followed. A callback of the program's own may stop training.

## References
- <https://keras.io/api/models/model_training_apis/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph import Dataset, Fact, Fit, KerasObject
from keraslint.graph.views import Run
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("E7887", symptom=Symptom.NONE)
def keras_endless_dataset(run: Run) -> Iterator[Finding]:
    fit = run.fit
    if fit.method not in ("evaluate", "fit") or _may_stop(fit):
        return
    told = "steps_per_epoch" if fit.method == "fit" else "steps"
    for fact, steps in ((fit.x, told), (fit.validation_data, "validation_steps")):
        data = fact.value if fact is not None else None
        if fact is not None and isinstance(data, Dataset) and data.endless is True and not _is_given(fit, steps):
            end = fact.span._replace(line=fact.span.end_line, column=fact.span.end_column)
            yield found(
                fact,
                f"the data set repeats without end and `{steps}` is not given: the first epoch never ends; give "
                f"`{steps}`, or drop `.repeat()`",
                run.confidence,
                fix=Fix("end it", (replace(end, ".take(100)"),)),
            )


def _is_given(fit: Fit, name: str) -> bool:
    given: Fact[object] | None = fit.argument(name)
    return given is not None and not given.is_a(type(None))


def _may_stop(fit: Fit) -> bool:
    callbacks = fit.callbacks
    return callbacks is None or any(
        not isinstance(callback.value, KerasObject) or callback.value.in_file or callback.value.kind == "LambdaCallback"
        for callback in callbacks
    )
