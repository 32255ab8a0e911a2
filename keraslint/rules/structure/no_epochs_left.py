"""A fit whose `initial_epoch` has reached `epochs` trains nothing.

## What it does
Reports `fit(…, epochs=5, initial_epoch=10)`. `epochs` is the number of the last epoch, counted from the very
beginning; it is not how many more there shall be.

## Why training fails
Keras goes through `range(initial_epoch, epochs)`, which is empty: no batch is looked at, no weight moves, the
history is empty, and nothing is said. Observed on Keras 3.15.

## Example
```python
model.fit(features, labels, epochs=10)
model.fit(features, labels, epochs=5, initial_epoch=10)
```

## Use instead
```python
model.fit(features, labels, epochs=10)
model.fit(features, labels, epochs=15, initial_epoch=10)
```
The fix adds the epochs to those that are over.

## What it cannot see
Numbers that are read from a file or from the history of an earlier fit. `epochs=0` without an `initial_epoch` says
plainly that nothing is to be trained, and is not reported.

## References
- <https://keras.io/api/models/model_training_apis/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, add_argument, replace
from keraslint.graph.views import Run
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("E7982", symptom=Symptom.NONE)
def keras_no_epochs_left(run: Run) -> Iterator[Finding]:
    begin, epochs, count = run.fit.argument("initial_epoch"), run.fit.argument("epochs"), run.fit.epochs
    if begin is None or not isinstance(begin.value, int) or not isinstance(count, int) or not 0 < count <= begin.value:
        return
    last = str(begin.value + count)
    edit = add_argument(run.span, f"epochs={last}") if epochs is None else replace(epochs.span, last)
    yield found(
        begin,
        f"`initial_epoch={begin.value}` with `epochs={count}` leaves no epoch: nothing is trained; `epochs` is the "
        f"number of the last one: `epochs={last}`",
        *(() if epochs is None else (epochs,)),
        run.confidence,
        fix=Fix("count from the first epoch", (edit,)),
    )
