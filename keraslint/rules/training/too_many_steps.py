"""An epoch is told more steps than its data have batches.

## What it does
Reports a `steps_per_epoch` that, times the size of a batch, is more than the known number of samples in arrays,
in a tf.data pipeline made of arrays, or in `ImageDataGenerator.flow`.

## Why training fails
Keras stops each epoch where the data end: `Your input ran out of data; interrupting training`. It trains on as
many batches as there are, not on as many as are told, so that rates and schedules made for that number are
wrong. Observed on Keras 3.15.

## Example
```python
features, labels = np.zeros((2000, 8)), np.zeros((2000, 1))
model.fit(features, labels, batch_size=32, steps_per_epoch=100)
```

## Use instead
```python
features, labels = np.zeros((2000, 8)), np.zeros((2000, 1))
model.fit(features, labels, batch_size=32)
```
The fix takes `steps_per_epoch` out.

## What it cannot see
How many elements there are in files, in a generator, and in a pipeline with steps that leave some out.

## References
- <https://keras.io/api/models/model_training_apis/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, remove_argument
from keraslint.graph import Fit, Unknown
from keraslint.graph.views import Run
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("W7890", symptom=Symptom.NONE)
def keras_too_many_steps(run: Run) -> Iterator[Finding]:
    fit = run.fit
    argument = next((argument for argument in fit.arguments if argument.name == "steps_per_epoch"), None)
    if argument is None or fit.method != "fit" or not argument.value.is_a(int):
        return
    batches = _batches(fit)
    if isinstance(batches, int) and argument.value > batches:
        yield found(
            argument.value,
            f"`steps_per_epoch={argument.value.value}`, but the data are {batches} batches: training is cut short "
            "(`ran out of data`); leave it out",
            run.confidence,
            fix=Fix("leave it out", (remove_argument(argument.span),)) if argument.written and argument.span else None,
        )


def _batches(fit: Fit) -> int | Unknown:
    """How many batches one time through the data is."""
    if fit.dataset is not None:
        return fit.dataset.elements if fit.dataset.endless is False else Unknown("data without an end")
    samples, batch, split = fit.samples, fit.batch_size, fit.validation_split
    held = 0.0 if split is None or split.is_a(type(None)) else split.value
    if isinstance(samples, Unknown) or isinstance(batch, Unknown) or batch < 1 or not isinstance(held, int | float):
        return Unknown("the number of batches")
    return -(-int(samples * (1 - held)) // batch)
