"""The `__init__` of a Layer or Model never calls Keras's own.

## What it does
Reports a class derived from `keras.Layer` or `keras.Model` whose `__init__` does not call `super().__init__()`, or
skips Keras's class (`super(Layer, self).__init__()` in a subclass of Layer), where the program makes an instance.

## Why training fails
What Keras keeps of a layer is set up there. Observed on Keras 3.15: a call raises `RuntimeError: In layer 'Net', you
forgot to call super().__init__() as the first statement in the __init__() method`; a model raises
`AttributeError: 'Net' object has no attribute ...`.

## Example
```python
class Net(keras.Model):
    def __init__(self):
        self.dense = layers.Dense(1)
```

## Use instead
```python
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(1)
```
The fix adds the call as the first statement.

## What it cannot see
Classes that the file only defines, and an `__init__` that hands `self` to a function out of sight. It is silent on a
class that is a Model by name only: one without `call`, `build` and the like, whose methods make other models. A
`super().__init__()` that comes after the layers were assigned works in Keras 3 and is not reported.

## References
- <https://keras.io/guides/making_new_layers_and_models_via_subclassing/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph.views import Observation
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("E7855", symptom=Symptom.RAISES, even_untrained=True)
def keras_missing_super_init(seen: Observation) -> Iterator[Finding]:
    if seen.kind == "missing-super-init":
        yield found(
            seen.span,
            f"`{seen.name}.__init__` never calls Keras's `__init__`: the first call or `fit` raises; begin it with "
            "`super().__init__()`",
            seen.confidence,
            fix=_fix(seen),
        )


def _fix(seen: Observation) -> Fix | None:
    """Before the first statement, where the observation reaches to it."""
    span = seen.span
    if span.end_line == span.line:
        return None
    line = "super().__init__()\n" + " " * span.end_column
    at = span._replace(line=span.end_line, column=span.end_column)
    return Fix("call it first", (replace(at, line),))
