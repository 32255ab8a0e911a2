"""The generator of a GAN is trained with the label of fakes, and so helps the discriminator.

## What it does
Reports the generator's step of a training loop of one's own, in which the loss compares what the discriminator says of
generated samples with the same label, zeros or ones, that the discriminator's own step gives them.

## Why training fails
The generator shall be rewarded where it is taken for real. With the label of fakes it is rewarded where it is found
out: both networks want the same, both losses go to zero at once, and the samples are nothing like the data. Observed on
Keras 3.15.

## Example
```python
with tf.GradientTape() as tape:
    loss = bce(tf.zeros_like(judged), judged := discriminator(generator(noise, training=True), training=True))
gradients = tape.gradient(loss, generator.trainable_variables)
```

## Use instead
```python
with tf.GradientTape() as tape:
    loss = bce(tf.ones_like(judged), judged := discriminator(generator(noise, training=True), training=True))
gradients = tape.gradient(loss, generator.trainable_variables)
```

## What it cannot see
Losses that are not Keras's, and labels that are smoothed. Both steps have to be in sight.

## References
- <https://keras.io/examples/generative/dcgan_overriding_train_step/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Array, Call, Model, OwnStep, Program, Tensor
from keraslint.graph.views import comes_from
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("W7908", symptom=Symptom.PLATEAU)
def keras_generator_label(program: Program) -> Iterator[Finding]:
    for step in program.own_steps:
        for call in _terms(step):
            label = _label(call)
            judge, maker = _judged(call, step)
            if label is None or judge is None or maker is None:
                continue
            others = [other for other in program.own_steps if other.trains(judge) and not other.trains(maker)]
            if any(_labels_fakes(other, judge, maker) == {label} for other in others):
                yield found(
                    call.span,
                    f"the generator is trained with the label {label} for what it makes, as is the discriminator: it "
                    f"learns to be found out, and its samples stay noise; compare with {1 - label} here",
                    step.confidence,
                    call.confidence,
                    about=step,
                )


def _judged(call: Call, step: OwnStep) -> tuple[Model | None, Model | None]:
    """The model that judges what another made which the step trains, where a loss is about that."""
    predicted = _predictions(call)
    judging = predicted.producer if predicted is not None else None
    judge = judging.layer if judging is not None else None
    if judging is None or not isinstance(judge, Model) or step.trains(judge):
        return None, None
    makers = [tensor.producer.layer for tensor in judging.inputs if tensor.producer is not None]
    maker = next((made for made in makers if isinstance(made, Model) and step.trains(made)), None)
    return judge, maker


def _labels_fakes(step: OwnStep, judge: Model, maker: Model) -> set[int | None]:
    """With which labels a step compares what the judge says of what the maker made."""
    labels: set[int | None] = set()
    for call in _terms(step):
        predicted = _predictions(call)
        if predicted is None or predicted.producer is None or not _is(predicted.producer.layer, judge):
            continue
        made = [one for one in step.calls if _is(one.layer, maker)]
        if any(comes_from(predicted, one) for one in made):
            labels.add(_label(call))
    return labels


ADDS = frozenset(("add", "mean", "reduce_mean", "reduce_sum", "sum"))


def _terms(step: OwnStep) -> Iterator[Call]:
    """The losses of which the loss of a step is the sum, each as it is and not its negative."""
    waiting = [step.loss]
    while waiting:
        call = waiting.pop().producer
        if call is None:
            continue
        if call.layer.kind in ADDS:
            waiting += call.inputs
        elif _predictions(call) is not None:
            yield call


def _is(layer: object, model: Model) -> bool:
    return isinstance(layer, Model) and (layer.span, layer.name) == (model.span, model.name)


def _predictions(call: Call) -> Tensor | None:
    """What a loss of Keras is given for predictions."""
    if isinstance(call.layer, Model) or not call.layer.class_name.startswith("keras.losses."):
        return None
    value = call.layer.argument("y_pred").value
    return value if isinstance(value, Tensor) else None


def _label(call: Call) -> int | None:
    """The label that a loss compares with, where it is 0 or 1 for all."""
    if _predictions(call) is None or isinstance(call.layer, Model):
        return None
    match call.layer.argument("y_true").value:
        case Tensor(producer=Call() as made):
            return {"zeros_like": 0, "zeros": 0, "ones_like": 1, "ones": 1}.get(made.layer.kind)
        case Array(low=0, high=0):
            return 0
        case Array(low=1, high=1):
            return 1
    return None
