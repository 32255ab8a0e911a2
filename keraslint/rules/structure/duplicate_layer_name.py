"""Two layers of one model have the same name.

## What it does
Reports a Sequential or functional model of which two layers, or models inside it, were given the same `name`.

## Why training fails
Keras finds layers by their names, and raises when the model is made: `ValueError: All layers added to a Sequential
model should have unique names. Name 'hidden' is already the name of a layer in this model`, and of a functional model
`The name "hidden" is used 2 times in the model. All operation names should be unique`. Observed on Keras 3.15.

## Example
```python
x = layers.Dense(64, activation="relu", name="hidden")(inputs)
x = layers.Dense(32, activation="relu", name="hidden")(x)
model = keras.Model(inputs, layers.Dense(1)(x))
```

## Use instead
```python
x = layers.Dense(64, activation="relu", name="hidden")(inputs)
x = layers.Dense(32, activation="relu", name="hidden_2")(x)
model = keras.Model(inputs, layers.Dense(1)(x))
```
The fix gives the later layer another name. Where a function gives the same name to each layer that it makes, let it
take the name as an argument, or leave it out.

## What it cannot see
Names that are not known, and those of layers and models that a program renames afterwards (`layer._name = …`): in
such a file it is silent. A model that is made in a `try` is left alone. One layer that is used twice is one, and
shares its weights.

## References
- <https://keras.io/api/layers/base_layer/>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from keraslint.edits import Fix, replace
from keraslint.graph import Confidence, Fact, Layer, Model, Program
from keraslint.rules.framework import Finding, Symptom, found, rule

AUTOMATIC = re.compile(r"(sequential|functional|model)(_\d+)?")
"""Names that Keras gives to models, each once."""


@rule("E7984", symptom=Symptom.RAISES, even_untrained=True)
def keras_duplicate_layer_name(program: Program) -> Iterator[Finding]:
    if any(seen.kind == "renamed" for seen in program.observations):
        return
    tried = {seen.span for seen in program.observations if seen.kind == "model-in-try"}
    for model in program.models:
        if model.kind in ("sequential", "functional") and model.span.is_known and model.span not in tried:
            yield from _in_model(model)


def _in_model(model: Model) -> Iterator[Finding]:
    if len({layer.name for layer in model.layers}) == len(model.layers):
        return
    first: dict[str, Layer | Model] = {}
    for layer in model.layers:
        name = _given_name(layer)
        other = first.setdefault(name, layer) if name else layer
        if other is layer:
            continue
        at = _written(layer)
        elsewhere = other.span.is_known and other.span != layer.span and not other.span.file
        who = f"the layer in line {other.span.line}" if elsewhere else "another layer of the model"
        yield found(
            at if at is not None else model.span,
            f"{who} is called `{name}`, too: Keras raises (all layers of a model should have unique names); give each "
            "a name of its own, or leave `name` out",
            min(model.confidence, layer.confidence, other.confidence),
            fix=_fix(layer, other, {_given_name(part) for part in model.layers}),
            about=layer,
        )
        return


def _given_name(layer: Layer | Model) -> str:
    """The name that the program gave it; empty where Keras found one."""
    if isinstance(layer, Model):
        return "" if AUTOMATIC.fullmatch(layer.name) else layer.name
    name = layer.argument("name")
    return layer.name if name == layer.name and not name.is_default and not layer.expected else ""


def _written(layer: Layer | Model) -> Fact[object] | None:
    name = layer.argument("name") if isinstance(layer, Layer) and not layer.origin else None
    return name if name is not None and not name.is_default and name.span.is_known else None


def _fix(layer: Layer | Model, other: Layer | Model, taken: set[str]) -> Fix | None:
    name, same = _written(layer), _written(other)
    if name is None or (same is not None and name.span == same.span) or name.confidence is not Confidence.HIGH:
        return None
    free = next(text for number in count(2) if (text := f"{name.value}_{number}") not in taken)
    return Fix(f"call it `{free}`", (replace(name.span, f'"{free}"'),))
