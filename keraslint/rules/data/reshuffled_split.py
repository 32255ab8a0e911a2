"""A data set is shuffled anew in each epoch and then split: training and validation change their samples.

## What it does
Reports `shuffle(…)` on a tf.data pipeline of which `take` and `skip` make the data for training and for validation.

## Why training fails
`shuffle` draws another order each time it is gone over, in each epoch, and `take(n)` are the first n samples of that
order. What is validated on in one epoch is trained on in the next: after a few epochs the network has seen all of it,
and the validation says how well it remembers. A `seed` does not help. Observed on Keras 3.15: with labels that are mere
chance the accuracy of the validation comes to 1.0.

## Example
```python
dataset = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x), seed=42)
validation = dataset.take(200).batch(32)
training = dataset.skip(200).batch(32)
model.fit(training, validation_data=validation, epochs=30)
```

## Use instead
```python
dataset = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x), seed=42, reshuffle_each_iteration=False)
validation = dataset.take(200).batch(32)
training = dataset.skip(200).shuffle(600).batch(32)
model.fit(training, validation_data=validation, epochs=30)
```
The fix adds the argument. What is for training may be shuffled again behind the split.

## What it cannot see
Pipelines that a function out of sight takes part in, and parts of parts. It is silent where `cache` or `snapshot`
stands between, which keep the order of the first time, and where `shuffle` stands behind the split.

## References
- <https://www.tensorflow.org/api_docs/python/tf/data/Dataset#shuffle>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, add_argument
from keraslint.graph.views import Run
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("W7938", symptom=Symptom.METRIC)
def keras_reshuffled_split(run: Run) -> Iterator[Finding]:
    training, validation = run.fit.dataset, run.fit.validation
    judged = validation.dataset if validation is not None else None
    if training is None or judged is None or training.reshuffled is None or training.reshuffled != judged.reshuffled:
        return
    if {training.split, judged.split} == {"skip", "take"} and run.fit.epochs != 1:
        place = training.reshuffled
        yield found(
            place,
            "`shuffle` draws a new order in each epoch before `take` and `skip` split it: what is validated on in one "
            "epoch is trained on in the next, and the validation says nothing of new data; give it "
            "`reshuffle_each_iteration=False`",
            run.confidence,
            fix=Fix("keep the order", (add_argument(place, "reshuffle_each_iteration=False"),)),
        )
