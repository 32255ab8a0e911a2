"""A `train_step` returns a loss that no metric keeps, and Keras 3 shows 0.0 in its place.

## What it does
Reports `return {"loss": loss}` in the `train_step` of a model that has no metrics, where `loss` is the tensor itself.

## Why training fails
It does not, but one sees nothing of it: progress bar and history say `loss: 0.0000e+00` in each epoch, and callbacks
that watch the loss act upon that. Where the names that a `train_step` returns are just those of the model's metrics,
Keras 3 shows what the metrics say instead; each compiled model has one called `loss`, which only Keras's own
`train_step` updates. Observed on Keras 3.15, with and without a `loss` given to compile; Keras 2 shows the loss.

## Example
```python
def train_step(self, data):
    x, y = data
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(y - self(x, training=True)))
    gradients = tape.gradient(loss, self.trainable_variables)
    self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
    return {"loss": loss}
```

## Use instead
```python
def __init__(self):
    super().__init__()
    self.loss_tracker = keras.metrics.Mean(name="loss")

def train_step(self, data):
    x, y = data
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(y - self(x, training=True)))
    gradients = tape.gradient(loss, self.trainable_variables)
    self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
    self.loss_tracker.update_state(loss)
    return {"loss": self.loss_tracker.result()}
```
Any other name than `loss` is shown as it is returned: that of the last batch.

## What it cannot see
Losses that come from a function out of sight, and what `compute_loss` gives. It is silent where the class has metrics,
says for itself what its metrics are, or returns more names than this one.

## References
- <https://keras.io/guides/custom_train_step_in_tensorflow/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Program
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import runs_on_keras_three
from keraslint.settings import Options

GIVEN = ("metrics", "weighted_metrics")


@rule("W7903", symptom=Symptom.METRIC)
def keras_untracked_train_step_loss(program: Program, options: Options) -> Iterator[Finding]:
    if not runs_on_keras_three(program, options):
        return
    for seen in program.observations:
        if seen.kind != "logs-untracked":
            continue
        trainings = [training for training in program.trainings if training.model.class_name == seen.name]
        compiled = [training.compiled for training in trainings]
        if not compiled or any(not made.argument(name).is_default for made in compiled for name in GIVEN):
            continue
        yield found(
            seen.span,
            "no metric keeps this loss, and Keras 3 shows what the metrics say: `loss: 0.0000e+00` in each epoch; keep "
            'a `keras.metrics.Mean(name="loss")`, update it here, and return its `result()`',
            seen.confidence,
            about=trainings[-1],
        )
