"""A network takes part in the loss of a training loop, and nothing ever trains it.

## What it does
Reports `tape.gradient(loss, decoder.trainable_variables)` where the loss goes through a second network of the program,
such as an encoder, of whose weights no tape is asked and that no `fit` trains either.

## Why training fails
What is not among the variables stays as it was initialized. The rest learns to live with random features: the loss
falls, more slowly and less far, and nothing is said. Observed on Keras 3.15: the weights of such a network are after
the loop what they were before.

## Example
```python
with tf.GradientTape() as tape:
    loss = loss_fn(x, decoder(encoder(x, training=True), training=True))
gradients = tape.gradient(loss, decoder.trainable_variables)
```

## Use instead
```python
with tf.GradientTape() as tape:
    loss = loss_fn(x, decoder(encoder(x, training=True), training=True))
variables = encoder.trainable_variables + decoder.trainable_variables
gradients = tape.gradient(loss, variables)
```

## What it cannot see
Variables that come from a function out of sight, networks that are loaded or get weights from elsewhere, and
loops of other files: where one of these may train the network, it is silent. It leaves alone what is frozen
(`trainable = False`), what stands behind `stop_gradient`, and networks that are called a target, a teacher or the like.

## References
- <https://www.tensorflow.org/guide/autodiff>
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keraslint.graph import Confidence, Model, OwnStep, Program, Unknown
from keraslint.graph.views import gradient_reaches
from keraslint.rules.framework import Finding, Symptom, found, rule

MEANT = re.compile(r"ema|fixed|frozen|mean|momentum|old|prior|random|reference|slow|target|teacher", re.IGNORECASE)
"""How networks are called that are not meant to learn."""


@rule("W7904", symptom=Symptom.NO_GRADIENT)
def keras_untrained_submodel(program: Program) -> Iterator[Finding]:
    if any(seen.kind == "weights-given" for seen in program.observations):
        return
    for step in program.own_steps:
        for call in step.calls:
            model = call.layer
            if isinstance(model, Model) and _is_left_out(model, step, program) and gradient_reaches(step.loss, call):
                trained = ", ".join(f"`{one.name}`" for one in step.trained if isinstance(one, Model))
                yield found(
                    call.span,
                    "the loss goes through this network, but the tape is asked only for the weights of "
                    f"{trained or 'another layer'}, and nothing else trains it: its weights stay random; add its "
                    "`trainable_variables`",
                    call.confidence,
                    step.confidence,
                    Confidence.INFERENCE,
                    about=step,
                )


def _is_left_out(model: Model, step: OwnStep, program: Program) -> bool:
    if model.trainable is not True or model.unknowns or not model.outputs or not _has_weights(model):
        return False
    if MEANT.search(model.name) or any(other.trains(model) for other in program.own_steps):
        return False
    return not any(_is_part(model, training.model) for training in program.trainings)


def _has_weights(model: Model) -> bool:
    return all(not isinstance(call.params, Unknown) for call in model.calls) and any(
        isinstance(call.params, int) and call.params > 0 and getattr(call.layer, "trainable", True) is True
        for call in model.calls
    )


def _is_part(model: Model, of: Model) -> bool:
    spans = {(layer.span, layer.name) for layer in (of, *of.layers)}
    return (model.span, model.name) in spans
