"""A data set is shuffled only after it was batched: whole batches change places, and each stays the same.

## What it does
Reports a tf.data pipeline that is trained on, in which `.shuffle()` follows `.batch()` and nothing has shuffled
the samples before.

## Why training fails
The same samples stay together in every epoch, in the order in which they were stored: where the data are sorted
by class, a batch holds one class only. Observed on Keras 3.15: on data sorted by class, training ended with a
higher loss than with the two steps in the other order.

## Example
```python
dataset = tf.data.Dataset.from_tensor_slices((features, labels)).batch(32).shuffle(1000)
model.fit(dataset)
```

## Use instead
```python
dataset = tf.data.Dataset.from_tensor_slices((features, labels)).shuffle(1000).batch(32)
model.fit(dataset)
```
The fix takes the batches apart again, which is right and costs a little time; better is the other order.

## What it cannot see
Whether the data were shuffled before they came into the pipeline. It is silent about pipelines that come in
batches from elsewhere, and where a `.shuffle()` stands before `.batch()`, too.

## References
- <https://www.tensorflow.org/guide/data>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph.views import Run
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("W7889", symptom=Symptom.SLOWER)
def keras_shuffle_after_batch(run: Run) -> Iterator[Finding]:
    fit, data = run.fit, run.fit.dataset
    if data is None or fit.x is None or not fit.trains or data.shuffled_after_batch is not True or data.origin:
        return
    end = fit.x.span._replace(line=fit.x.span.end_line, column=fit.x.span.end_column)
    size = fit.batch_size if isinstance(fit.batch_size, int) else 32
    yield found(
        fit.x,
        "the data set is shuffled after it was batched: the same samples stay together in every epoch and training is "
        "slower; put `.shuffle()` before `.batch()`",
        run.confidence,
        fix=Fix("shuffle samples", (replace(end, f".unbatch().shuffle(1000).batch({size})"),)),
    )
