"""A model that begins with random weights is trained with fewer than 20 updates.

## What it does
Reports a fit of known data whose epochs and batches make fewer than 20 steps of the optimizer in all.

## Why training fails
Each step of Adam moves a weight by about the learning rate: 10 steps of 0.001 move it by 0.01, where a new
weight is off by ten times that. The loss is about where it began. Observed on Keras 3.15: after 8 updates the
error of a small network was still above half of a constant's, after 800 far below.

## Example
```python
model.fit(dataset, epochs=2, steps_per_epoch=5)
```

## Use instead
```python
model.fit(dataset, epochs=40, steps_per_epoch=5)
```
The fix raises the number of epochs until there are 200 updates.

## What it cannot see
Data of unknown size, and arrays that the program makes up by itself, from which nothing is to be learned. It is
silent about models that hold a pretrained part, and about one that is fitted several times. Off by default:
examples and tests train this little on purpose.

## References
- <https://keras.io/api/models/model_training_apis/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, add_argument, replace
from keraslint.graph import Model
from keraslint.graph.views import Run, calls_in
from keraslint.rules.framework import Finding, Symptom, found, rule

FEW = 20
ENOUGH = 200


@rule("R7891", symptom=Symptom.PLATEAU)
def keras_too_few_updates(run: Run) -> Iterator[Finding]:
    fit, training = run.fit, run.training
    updates = fit.updates
    if training is None or fit.method != "fit" or not isinstance(updates, int) or not 0 < updates < FEW:
        return
    if sum(other.trains for other in training.fits) > 1 or fit.argument("initial_epoch") is not None:
        return
    if any(array is not None and not array.origin and isinstance(array.shape[0], int) for array in fit.inputs):
        return  # made up in the program: nothing is to be learned from it
    if any(isinstance(call.layer, Model) or getattr(call.layer, "origin", "") for call in calls_in(training.model)):
        return
    epochs = fit.argument("epochs")
    assert isinstance(fit.steps, int)
    text = str(-(-ENOUGH // max(fit.steps, 1)))
    edit = add_argument(fit.span, f"epochs={text}") if epochs is None else replace(epochs.span, text)
    yield found(
        fit.span if epochs is None else epochs.span,
        f"{updates} updates in all: the loss stays about where it began; train for more epochs: `epochs={text}`",
        run.confidence,
        fix=Fix("train longer", (edit,)),
    )
