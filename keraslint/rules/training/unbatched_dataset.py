"""A data set of single samples reaches `fit`: nothing has made batches of them.

## What it does
Reports a tf.data pipeline without `.batch()` that is given to `fit`, `evaluate` or `predict`, where the shape
of its elements shows that the model's input has one axis more. A `.batch()` whose result is dropped, as a
statement of its own, batches nothing.

## Why training fails
The model takes the first axis of a sample for the batch: `ValueError: Invalid input shape for input Tensor …
Expected shape (None, 4), but input has incompatible shape (4,)`. `batch_size=` of `fit` has no effect on a data
set. Observed on Keras 3.15.

## Example
```python
dataset = tf.data.Dataset.from_tensor_slices((features, labels))
dataset.batch(32)
model.fit(dataset, epochs=5)
```

## Use instead
```python
dataset = tf.data.Dataset.from_tensor_slices((features, labels))
dataset = dataset.batch(32)
model.fit(dataset, epochs=5)
```
The fix adds `.batch(32)` where the data set is given.

## What it cannot see
Elements of unknown shape. Where the last axis of the input has one value, Keras takes a missing axis for that
one, and it is silent.

## References
- <https://keras.io/api/models/model_training_apis/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph import Array, Dataset, Model
from keraslint.graph.views import Run
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("E7888", symptom=Symptom.RAISES, even_untrained=True)
def keras_unbatched_dataset(run: Run) -> Iterator[Finding]:
    fit = run.fit
    for fact in (fit.x, fit.validation_data):
        data = fact.value if fact is not None else None
        if fact is not None and isinstance(data, Dataset) and data.batched is False and _misses_axis(data, fit.model):
            end = fact.span._replace(line=fact.span.end_line, column=fact.span.end_column)
            yield found(
                fact,
                f"the data set has no batches: `{fit.method}` raises `Invalid input shape`, as the first axis of each "
                "sample is taken for the batch; add `.batch(32)` and use its result",
                run.confidence,
                fix=Fix("make batches", (replace(end, ".batch(32)"),)),
            )


def _misses_axis(data: Dataset, model: Model) -> bool:
    element = data.components[0] if data.components else None
    if not isinstance(element, Array) or len(model.inputs) != 1 or model.unknowns or model.kind == "subclass":
        return False
    wanted = model.inputs[0].shape
    if not element.shape.rank_known or not wanted.rank_known:
        return False
    last = wanted.dims[-1]
    return len(element.shape.dims) == len(wanted.dims) - 1 and isinstance(last, int) and last > 1
