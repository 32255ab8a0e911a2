"""A string names no activation, loss, metric, optimizer or initializer that Keras knows.

## What it does
Reports strings that the targeted Keras cannot interpret, with the nearest that it can: activations
(`"Relu"`), losses (`"binary_cross_entropy"`), metrics (`"acuracy"`), optimizers, initializers, regularizers,
constraints, and the `padding` of convolutions and
poolings.

## Why training fails
Keras raises: `ValueError: Could not interpret activation function identifier: Relu`, `Could not interpret
loss identifier: …`, at the latest in the first step of `fit`. Names are case-sensitive, but for optimizers.

## Example
```python
model.add(layers.Dense(64, activation="Relu"))
```

## Use instead
```python
model.add(layers.Dense(64, activation="relu"))
```
The fix writes the nearest name.

## What it cannot see
It is silent in files that register objects of their own (`get_custom_objects`, `custom_object_scope`), and
about strings that it does not know completely.

## References
- <https://keras.io/api/layers/activations/>
- <https://keras.io/api/losses/>
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any

from keraslint import keras_api
from keraslint.edits import Fix, replace
from keraslint.graph import Confidence, Fact, Layer, Program, Training
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import judged_by
from keraslint.settings import Options

ENDINGS = {
    "activation": "activation",
    "initializer": "initializer",
    "regularizer": "regularizer",
    "constraint": "constraint",
}
"""How the arguments of layers end that are looked up, and in what."""

CONVOLUTIONS = frozenset(
    f"keras.layers.{kind}{axes}D{suffix}"
    for kind, suffix in (("Conv", ""), ("Conv", "Transpose"), ("DepthwiseConv", ""), ("SeparableConv", ""))
    for axes in (1, 2, 3)
)
POOLINGS = frozenset(f"keras.layers.{kind}Pooling{axes}D" for kind in ("Max", "Average") for axes in (1, 2, 3))
"""They take any text as `padding`, and raise when they are called."""
CROSSENTROPIES = ("crossentropy", "ce")
"""Keras 3 takes the crossentropy that goes with the output."""
PADDINGS = ("valid", "same")


@rule("E7960", symptom=Symptom.RAISES, even_untrained=True)
def keras_unknown_identifier(program: Program, options: Options) -> Iterator[Finding]:
    targets = judged_by(program, options)
    if not targets or any(seen.kind == "custom-objects" for seen in program.observations):
        return
    for layer in program.layers:
        if not layer.in_file and not layer.expected:
            yield from _of_layer(layer, targets, program.calls_layer)
    for training in program.trained.trainings:
        if not training.compiled.expected and any(fit.trains and not fit.assumed for fit in training.fits):
            yield from _of_training(training, targets)


def _of_layer(layer: Layer, targets: tuple[str, ...], is_called: Callable[[object], bool]) -> Iterator[Finding]:
    checks_at_once = layer.class_name not in POOLINGS
    for argument in layer.arguments:
        category = ENDINGS.get(argument.name.rpartition("_")[2])
        if category is not None:
            yield from _checked(category, argument.value, targets, layer)
        elif argument.name == "padding" and argument.value.is_a(str) and (checks_at_once or is_called(layer)):
            yield from _padding(layer, argument.value)


def _padding(layer: Layer, given: Fact[Any]) -> Iterator[Finding]:
    if layer.class_name not in CONVOLUTIONS | POOLINGS:
        return
    text = str(given.value).lower()
    over_time = layer.class_name in CONVOLUTIONS and "1D" in layer.kind  # not only Conv1D took it before Keras 3
    taken = (*PADDINGS, "causal") if over_time else PADDINGS
    if text in taken:
        return
    near = next(iter(get_close_matches(text, taken, cutoff=0.5)), None)
    what = "convolution" if layer.class_name in CONVOLUTIONS else "pooling"
    message = f'Keras knows no padding `"{given.value}"` of a {what}, so it raises (`padding` must be one of '
    message += f'valid, same); did you mean `"{near}"`' if near else 'valid, same); use `"valid"` or `"same"`'
    yield found(given, message, fix=_spelled(given, near), about=layer)


def _of_training(training: Training, targets: tuple[str, ...]) -> Iterator[Finding]:
    for argument in training.compiled.arguments:
        if argument.name == "optimizer":
            yield from _checked("optimizer", argument.value, targets, training)
        elif argument.name == "loss":
            for loss in _strings_in(argument.value):
                yield from _checked("loss", loss, targets, training)
        elif argument.name in ("metrics", "weighted_metrics"):
            for metric in _strings_in(argument.value) if argument.value.is_a((list, tuple, dict)) else ():
                yield from _checked("metric", metric, targets, training)


def _strings_in(fact: Fact[Any]) -> Iterator[Fact[Any]]:
    """Every string in a value, through lists and the values of dicts."""
    waiting = [fact]
    while waiting:
        part = waiting.pop()
        waiting += [*part.items, *(value for _, value in part.entries)]
        if part.is_a(str):
            yield part


def _checked(category: str, fact: Fact[Any], targets: tuple[str, ...], about: object) -> Iterator[Finding]:
    if not fact.is_a(str):
        return
    text = str(fact.value)
    if category == "loss" and text.lower() in ("", *CROSSENTROPIES):
        return
    known = any(keras_api.from_identifier(category, text, target) is not None for target in targets)
    if not known and not keras_api.is_class_of(category, text):
        yield _finding(category, fact, keras_api.nearest_identifier(category, text, targets[-1]), about)


def _finding(category: str, fact: Fact[Any], near: str | None, about: object) -> Finding:
    what = f"{category} function" if category == "activation" else category
    message = f'Keras knows no {what} `"{fact.value}"`, so it raises (Could not interpret {what} identifier); '
    message += f'did you mean `"{near}"`' if near else f"give a {category} of your own as an object, not by name"
    return found(fact, message, fix=_spelled(fact, near), about=about)


def _spelled(fact: Fact[Any], near: str | None) -> Fix | None:
    """The name that was meant, where one is near and it is written out."""
    sure = near is not None and fact.confidence is Confidence.HIGH
    return Fix(f'write `"{near}"`', (replace(fact.span, f'"{near}"'),)) if sure else None
