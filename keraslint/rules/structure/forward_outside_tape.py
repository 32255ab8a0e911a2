"""A network is called where the tape does not see it.

## What it does
Reports `outputs = net(x)` before `with tf.GradientTape() as tape:`, or `net.predict(x)` inside it, where the loss is
made of it inside, nothing else there asks the network, and the gradient with respect to its weights is taken.

## Why training fails
The tape records what happens inside its block. What went on before is a constant to it, and what `predict` gives is an
array: every gradient is None, and `apply_gradients` raises `ValueError: No gradients provided for any variable.`
Observed on Keras 3.15 with TensorFlow.

## Example
```python
logits = net(x)
with tf.GradientTape() as tape:
    loss = loss_fn(y, logits)
gradients = tape.gradient(loss, net.trainable_variables)
```

## Use instead
```python
with tf.GradientTape() as tape:
    logits = net(x, training=True)
    loss = loss_fn(y, logits)
gradients = tape.gradient(loss, net.trainable_variables)
```

## What it cannot see
Losses that a function or method of the file works out, since that may call the network itself, or a model that holds
it or is part of it; networks that are imported, and gradients with respect to several at once. A file that never
applies a gradient is left alone.

## References
- <https://www.tensorflow.org/guide/autodiff>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Observation
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("E7992", symptom=Symptom.RAISES, even_untrained=True)
def keras_forward_outside_tape(seen: Observation) -> Iterator[Finding]:
    if seen.kind != "forward-outside-tape":
        return
    network, how = seen.name.rsplit(" ", 1)
    fact = (
        f"`{network}` is called before the tape begins, which takes its outputs for constants"
        if how == "before"
        else f"`{network}.predict` gives an array, behind which the tape sees nothing"
    )
    yield found(
        seen.span,
        f"{fact}: all gradients are None and `apply_gradients` raises (No gradients provided for any variable); call "
        f"`{network}` itself inside the `with` block",
        seen.confidence,
    )
