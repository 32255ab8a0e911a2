"""A metric of a training loop of one's own is never reset: what it says is the mean over all epochs so far.

## What it does
Reports a loop over epochs that asks what a metric gives (`accuracy.result()`) where an inner loop over batches updates
the metric, the metric was made before both, and nothing in the file resets any.

## Why training fails
It does not, but one cannot see how it goes. A metric object adds up all that it was ever given; Keras resets those of a
`fit` at each epoch, and nobody resets those of a loop. The first, bad epochs weigh on each later number, so that the
accuracy rises more slowly than it does, and a network that gets worse seems to stand still. Observed on Keras 3.15: in
the program of the example a network that is right about every sample in the last epoch is said to be right about 0.88.

## Example
```python
accuracy = keras.metrics.SparseCategoricalAccuracy()
for epoch in range(12):
    for x, y in dataset:
        accuracy.update_state(y, train_step(x, y))
    print(epoch, accuracy.result())
```

## Use instead
```python
accuracy = keras.metrics.SparseCategoricalAccuracy()
for epoch in range(12):
    accuracy.reset_state()
    for x, y in dataset:
        accuracy.update_state(y, train_step(x, y))
    print(epoch, accuracy.result())
```
In Keras 2 before version 2.5 the method is called `reset_states`.

## What it cannot see
Metrics that come from another file, and loops that are spread over several functions. It is silent in a file that
resets anything, if only in a loop over several metrics, and where the metric is made anew for each epoch.

## References
- <https://keras.io/guides/writing_a_custom_training_loop_in_tensorflow/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Observation
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("W7902", symptom=Symptom.METRIC, even_untrained=True)
def keras_metric_not_reset(seen: Observation) -> Iterator[Finding]:
    if seen.kind != "metric-never-reset" or seen.assumed:
        return
    several = "," in seen.name
    yield found(
        seen.span,
        f"{seen.name} {'are' if several else 'is'} updated in each turn of this loop and never reset: what "
        f"{'they say' if several else 'it says'} of an epoch is the mean over all epochs so far; call `reset_state()` "
        "at the beginning of each",
        seen.confidence,
        about=seen.subject,
    )
