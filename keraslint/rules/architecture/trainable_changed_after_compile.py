"""`trainable` is set after `fit`, and the next `fit` follows without a `compile`.

## What it does
Reports an assignment to `trainable` of a model or layer between two fits, with no `compile` in between; and one that
freezes a whole model after its `compile`, before its first training step, as a GAN does with its discriminator.

## Why training fails
`fit` keeps the step that it made at its first run. Observed on Keras 3.15: a layer that is frozen between two fits
trains on in the second, and one that is unfrozen keeps its weights to the last digit, so the fine-tuning does nothing.

Before the first fit it is the other way round, and new in Keras 3: what counts is not how `trainable` stood at
`compile` but how it stands when the first step is made. The well-known recipe of a GAN (compile the discriminator,
set `discriminator.trainable = False`, compile the stacked model) therefore leaves the discriminator frozen for its own
training as well: observed on Keras 3.15, none of its weights moves. In Keras 2 the recipe is right.

## Example
```python
base.trainable = False
model.compile(loss="mse")
model.fit(features, targets)
base.trainable = True
model.fit(features, targets)
```

## Use instead
```python
base.trainable = False
model.compile(loss="mse")
model.fit(features, targets)
base.trainable = True
model.compile(optimizer=keras.optimizers.Adam(1e-5), loss="mse")
model.fit(features, targets)
```
For a GAN set `discriminator.trainable = True` before `discriminator.train_on_batch` and `False` before that of the
stacked model, or write a `train_step`. There is no fix, since what to compile with is the author's choice.

## What it cannot see
Fits in other files. It is silent where several compiled models share layers and each was trained once already
(switching to and fro there does no harm), with `run_eagerly=True`, and with a `train_step` of one's own.

## References
- <https://keras.io/guides/transfer_learning/>
- <https://keras.io/examples/generative/dcgan_overriding_train_step/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Program
from keraslint.graph.views import Frozen, LateSwitch
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import imports_fail, targets_of
from keraslint.settings import Options


@rule("W7853", symptom=(Symptom.NO_GRADIENT, Symptom.NONE))
def keras_trainable_changed_after_compile(program: Program, options: Options) -> Iterator[Finding]:
    told: list[object] = []
    for switch in LateSwitch.of(program):
        if switch.training in told:
            continue  # what is set beside it wants the same new compile
        told.append(switch.training)
        yield found(
            switch.span,
            f"`trainable` of `{switch.name}` is set after `fit`: without a new `compile` the next `fit` trains the "
            "same weights as before; call `compile` again",
            switch.confidence,
            about=switch,
        )
    targets = targets_of(options)
    if targets and all(int(target.partition(".")[0]) >= 3 for target in targets) and not imports_fail(program, targets):
        for frozen in Frozen.of(program):
            if (late := frozen.thawed_before) is not None:
                yield found(
                    late.span,
                    f"`{late.name}` is frozen after its `compile` and before its first step: in Keras 3 its own "
                    "training changes nothing and its loss stays; set `trainable = True` before it trains",
                    min(late.confidence, frozen.confidence),
                    about=frozen,
                )
