"""A number is given where Keras wants a shape.

## What it does
Reports a plain integer for `shape` or `batch_shape` of an `Input`, for `input_shape` of a layer, and for the
target of a `Reshape`: `Input(shape=(784))`. Parentheses around one number make no tuple; the comma does.

## Why training fails
Keras raises: `ValueError: Cannot convert '784' to a shape`, and for `Reshape` `TypeError: 'int' object is not
iterable`.

## Example
```python
inputs = keras.Input(shape=(784))
```

## Use instead
```python
inputs = keras.Input(shape=(784,))
```

## What it cannot see
Numbers that are not known. `input_dim=784` and `units` are numbers by right.

## References
- <https://keras.io/api/layers/core_layers/input/>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keraslint.edits import Fix, replace
from keraslint.graph import Fact, Layer, Program
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import runs_on_keras_three
from keraslint.settings import Options

SHAPES = ("input_shape", "batch_input_shape")
OWN_SHAPES = {"InputLayer": ("batch_shape", "shape"), "Reshape": ("target_shape",)}
"""The arguments that are shapes, of any layer and of these."""


@rule("E7871", symptom=Symptom.RAISES, even_untrained=True)
def keras_shape_not_tuple(program: Program, options: Options) -> Iterator[Finding]:
    of_inputs = runs_on_keras_three(program, options)  # Keras 2 makes a tuple of the number itself
    for seen in program.observations if of_inputs else ():
        if seen.kind == "shape-not-tuple" and not seen.assumed:
            yield found(seen.span, _message("Input", seen.name), seen.confidence, fix=_fix(seen.span, seen.name))
    used = {call.layer for call in program.calls if not call.assumed}
    for layer in program.layers:
        if not layer.in_file and layer in used and (of_inputs or layer.kind != "InputLayer"):
            yield from _arguments_of(layer)


def _arguments_of(layer: Layer) -> Iterator[Finding]:
    for argument in layer.arguments:
        if argument.name in (*SHAPES, *OWN_SHAPES.get(layer.kind, ())) and _is_number(argument.value):
            number = str(argument.value.value)
            yield found(
                argument.value,
                _message(layer.kind, number),
                layer.confidence,
                fix=_fix(argument.value.span, number),
                about=layer,
            )


def _is_number(fact: Fact[Any]) -> bool:
    return fact.is_a(int) and not fact.is_a(bool)


def _message(kind: str, number: str) -> str:
    return (
        f"`{kind}` wants a shape and gets the number {number}, so Keras raises; the comma makes a tuple: `({number},)`"
    )


def _fix(span: Any, number: str) -> Fix:
    return Fix("make it a tuple", (replace(span, f"({number},)"),))
