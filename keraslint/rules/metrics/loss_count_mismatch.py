"""The losses, their weights or the metrics do not go with the outputs of the model.

## What it does
Reports a list of losses that is longer or shorter than the outputs, a dict of losses or metrics with a key that is
no output's name, `loss_weights` for more or fewer losses than there are, and a list of metrics of another length
than the outputs.

## Why training fails
Keras 3.15 raises in the first step: `The path: (2,) in the loss argument, can't be found in either the model's
output or in the labels` for a longer list, `Expected keys ['a', 'b'] in loss dict` for other keys, `loss_weights must
match the number of losses`, and `Invalid metrics` where a model of two outputs gets a list of one. A list of
losses that is too short does not raise: the outputs without a loss get no gradient and are never trained.

## Example
```python
model = keras.Model(inputs, [price, kind])
model.compile(loss=["mse"], metrics=["mae"])
```

## Use instead
```python
model = keras.Model(inputs, [price, kind])
model.compile(loss=["mse", "sparse_categorical_crossentropy"], metrics=[["mae"], ["accuracy"]])
```
`None` in the list says that an output is meant to have no loss.

## What it cannot see
Subclasses, whose outputs have no names; dicts with unknown keys; code for Keras 2, which took one metric for every
output. Several losses for a single output do not raise, and it is silent about them.

## References
- <https://keras.io/api/models/model_training_apis/#compile-method>
- <https://keras.io/guides/training_with_built_in_methods/#passing-data-to-multiinput-multioutput-models>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keraslint.edits import Fix, replace
from keraslint.graph import Fact, Program, Training
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import runs_on_keras_three
from keraslint.settings import Options


@rule("E7825", symptom=(Symptom.RAISES, Symptom.NO_GRADIENT))
def keras_loss_count_mismatch(program: Program, options: Options) -> Iterator[Finding]:
    wrong = [finding for training in program.trainings for finding in _mismatches(training)]
    if wrong and runs_on_keras_three(program, options):
        yield from wrong


def _mismatches(training: Training) -> Iterator[Finding]:
    model = training.model
    known = model.outputs and not model.unknowns and model.kind != "subclass"
    if known and not training.own_step and not training.ignores_loss:
        for finding in (*_losses(training), *_weights(training), *_metrics(training)):
            yield finding._replace(subject=training)


def _losses(training: Training) -> Iterator[Finding]:
    given, count, names = training.compiled.argument("loss"), len(training.model.outputs), training.output_names
    losses = len(given.items)
    if losses and count > 1 and losses != count and not _is_nested(given):
        named = training.model.output_names is not None
        consequence = (
            "the others get no gradient and are not trained" if losses < count and not named else "training raises"
        )
        yield found(
            given,
            f"{_many(losses, 'loss', 'losses')} for {count} outputs: {consequence}; give one loss per output",
            training.confidence,
        )
    keys = _keys(given)
    if not keys or names is None:
        return
    strange = [key for key in keys if key not in names]
    missing = [name for name in names if name not in keys] if training.model.output_names is None else []
    if strange or (missing and _gives_list(training)):
        yield _strange_keys(training, given, "loss", strange, missing)


def _weights(training: Training) -> Iterator[Finding]:
    given, losses = training.compiled.argument("loss_weights"), training.compiled.argument("loss")
    count = len(losses.items or losses.entries)
    weights = len(given.items or given.entries)
    if count and weights and weights != count and not _is_nested(losses):
        yield found(
            given,
            f"{_many(weights, 'loss weight', 'loss weights')} for {_many(count, 'loss', 'losses')}: training raises; "
            "give one weight per loss",
            training.confidence,
            losses.confidence,
        )


def _metrics(training: Training) -> Iterator[Finding]:
    given, count, names = training.compiled.argument("metrics"), len(training.model.outputs), training.output_names
    if count < 2:
        return
    asked = len(given.items)
    if asked and asked != count:
        yield found(
            given,
            f"a list of {_many(asked, 'metric', 'metrics')} for {count} outputs: Keras 3 raises in the first step; "
            "give a list or dict with the metrics of each output",
            training.confidence,
        )
    keys = _keys(given)
    if keys and names is not None and not set(keys) <= set(names):
        yield _strange_keys(training, given, "metrics", [key for key in keys if key not in names], [])


def _strange_keys(training: Training, given: Fact[Any], what: str, strange: list[str], missing: list[str]) -> Finding:
    names = training.output_names or ()
    wrong = f"the key `{strange[0]}` of `{what}` is no output" if strange else f"`{what}` has no key `{missing[0]}`"
    shown = ", ".join(f"`{name}`" for name in names)
    key = next((key for key, _ in given.entries if strange and key == strange[0]), None)
    fix = None
    unused = [name for name in names if name not in (_keys(given) or ())]
    if key is not None and len(strange) == len(unused) == 1 and key.confidence == given.confidence:
        fix = Fix("name the output", (replace(key.span, f'"{unused[0]}"'),))
    return found(
        key if key is not None else given,
        f"{wrong}: training raises; the outputs are called {shown}",
        given.confidence,
        training.confidence,
        fix=fix,
    )


def _is_nested(given: Fact[Any]) -> bool:
    return any(loss.items or loss.entries for loss in given.items)


def _keys(given: Fact[Any]) -> list[str] | None:
    """The keys of a dict, when all of them are known."""
    keys = [key.value for key, _ in given.entries if isinstance(key.value, str)]
    return keys if len(keys) == len(given.entries) else None


def _gives_list(training: Training) -> bool:
    """Whether the labels are known to come as a list or tuple, not under names."""
    return any(fit.y is not None and bool(fit.y.items) for fit in training.fits)


def _many(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"
