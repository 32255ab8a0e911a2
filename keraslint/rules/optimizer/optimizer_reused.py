"""One optimizer trains several models that have weights of their own.

## What it does
Reports the compile of a second model with an optimizer instance that already trains another, where both are
fitted and the second has trained layers that the first has not.

## Why training fails
An optimizer of Keras 3 belongs to the weights that it met first. The first step of the second model raises:
`ValueError: Unknown variable: … This optimizer can only be called for the variables it was originally built
with`. Observed on Keras 3.15, with SGD as with Adam, also where both models have the same shapes.

## Example
```python
optimizer = keras.optimizers.Adam()
for model in (small, large):
    model.compile(optimizer=optimizer, loss="mse")
    model.fit(features, targets)
```

## Use instead
```python
for model in (small, large):
    model.compile(optimizer=keras.optimizers.Adam(), loss="mse")
    model.fit(features, targets)
```
The fix names an optimizer without settings by its string, which makes a new one.

## What it cannot see
Models that are only evaluated or never fitted in sight, and one whose layers are not all known. Keras 2 allowed
it.

## References
- <https://keras.io/api/optimizers/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint import keras_api
from keraslint.edits import Fix, replace
from keraslint.graph import Fit, Layer, Program, Span, Training
from keraslint.graph.views import Optimizer, applies_kernel, calls_in
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import runs_on_keras_three
from keraslint.settings import Options


@rule("E7837", symptom=Symptom.RAISES)
def keras_optimizer_reused(program: Program, options: Options) -> Iterator[Finding]:
    shared = [optimizer for optimizer in Optimizer.of(program) if optimizer.is_shared]
    if not shared or not runs_on_keras_three(program, options):
        return
    order = {fit: place for place, fit in enumerate(program.fits)}
    for optimizer in shared:
        fitted = [training for training in optimizer.trainings if _begins(training, order) is not None]
        fitted.sort(key=lambda training: _begins(training, order) or 0)
        for training in fitted[1:]:
            if _is_known(fitted[0]) and _is_known(training) and _trained(training) - _held(fitted[0]):
                yield found(
                    training.optimizer.span,
                    f"this `{optimizer.kind}` trains `{fitted[0].model.name}` already: the first step of "
                    f"`{training.model.name}` raises `Unknown variable`; make an optimizer for each model",
                    optimizer.confidence,
                    training.confidence,
                    fix=_fix(optimizer, training),
                    about=training,
                )


def _begins(training: Training, order: dict[Fit, int]) -> int | None:
    return min((order[fit] for fit in training.fits if fit.trains and fit in order), default=None)


def _is_known(training: Training) -> bool:
    return bool(training.model.outputs) and not training.model.unknowns and not training.own_step


def _held(training: Training) -> set[tuple[Span, str]]:
    layers = (call.layer for call in calls_in(training.model))
    return {(layer.span, layer.name) for layer in layers if isinstance(layer, Layer)}


def _trained(training: Training) -> set[tuple[Span, str]]:
    return {
        (call.layer.span, call.layer.name)
        for call in calls_in(training.model)
        if isinstance(call.layer, Layer) and call.layer.trainable is True and applies_kernel(call)
    }


def _fix(optimizer: Optimizer, training: Training) -> Fix | None:
    name = optimizer.kind.lower()
    given = optimizer.instance
    if given is None or given.arguments or keras_api.from_identifier("optimizer", name) != given.class_name:
        return None
    return Fix("make a new optimizer", (replace(training.optimizer.span, f'"{name}"'),))
