"""The very data that a model is trained on are its validation data.

## What it does
Reports `validation_data` that are the same variables, or the same data set, as what `fit` trains on.

## Why training fails
Training runs, but `val_loss` and `val_accuracy` say nothing about data that the model has not seen: they follow
the training loss, overfitting stays hidden, and EarlyStopping and ModelCheckpoint choose by it. Observed on
Keras 3.15: on random labels `val_accuracy` went to 1 with the training data, and stayed at chance with others.

## Example
```python
model.fit(features, labels, validation_data=(features, labels), epochs=50)
```

## Use instead
```python
model.fit(features, labels, validation_split=0.2, epochs=50)
```
The fix holds back a fifth of the data.

## What it cannot see
Copies and parts of the same data. Arrays of a known size that come from nowhere (`np.zeros`, `np.random`,
literals) are left alone: there is nothing to be learned from them, or they are meant to be learned by heart.

## References
- <https://keras.io/api/models/model_training_apis/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph import Argument, Array, Dataset, Fact, Reference, Unknown
from keraslint.graph.views import Run
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("W7885", symptom=Symptom.NONE)
def keras_validation_is_training_data(run: Run) -> Iterator[Finding]:
    fit = run.fit
    argument = next((argument for argument in fit.arguments if argument.name == "validation_data"), None)
    validation = fit.validation
    if argument is None or validation is None or fit.x is None or not fit.trains:
        return
    if not _is_same(fit.x, validation.x) or (fit.y is not None and not _is_same(fit.y, validation.y)):
        return
    yield found(
        argument.value,
        "`validation_data` are the training data: `val_loss` says nothing about new data and hides overfitting; hold "
        "data back, as by `validation_split=0.2`",
        run.confidence,
        fix=_fix(argument, fit.y),
    )


def _is_same(one: Fact[object], other: Fact[object] | None) -> bool:
    if other is None:
        return False
    if isinstance(one.value, Reference):
        return one.value == other.value
    if one.value is not other.value:
        return False
    if isinstance(one.value, Array):
        return bool(one.value.origin) or not isinstance(one.value.shape[0], int)
    return isinstance(one.value, Dataset) or (isinstance(one.value, Unknown) and one.value.span is not None)


def _fix(argument: Argument, labels: Fact[object] | None) -> Fix | None:
    if labels is None or argument.span is None or argument.written is None:
        return None
    return Fix("hold a fifth back", (replace(argument.span, "validation_split=0.2"),))
