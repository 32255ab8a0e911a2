"""A layer or model of the program's own is saved whole, and nothing tells how to make it again.

## What it does
Reports a whole model that is saved (`model.save`, `save_model`, a `ModelCheckpoint` of whole models) where a class of
the program cannot be made again from what the file tells of it: it has no `get_config` and was given a layer, a
function or another object, its `__init__` takes no `**kwargs`, it is a model whose `__init__` requires arguments, or
its own `get_config` leaves out an argument that `__init__` requires.

## Why training fails
What was trained is lost, at once or later. Where a class has no `get_config`, Keras keeps the arguments of its
`__init__` only if all are texts, numbers, None or lists of these, and of a model none at all. Observed on Keras 3.15:
saving raises `NotImplementedError: Object Pool was created by passing non-serializable argument values in __init__(),
and therefore the object must override get_config()`. Without `**kwargs` it is saved, and no `custom_objects` help to
read the file: `TypeError: Scale.__init__() got an unexpected keyword argument 'trainable'`. With a `get_config` that
leaves an argument out: `Scale.__init__() missing 1 required positional argument: 'units'`.

## Example
```python
class Pool(layers.Layer):
    def __init__(self, inner, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner

    def call(self, x):
        return self.inner(x)


model = keras.Sequential([keras.Input((8,)), Pool(layers.Dense(4))])
model.save("pool.keras")
```

## Use instead
```python
class Pool(layers.Layer):
    def __init__(self, inner, **kwargs):
        super().__init__(**kwargs)
        self.inner = keras.saving.deserialize_keras_object(inner) if isinstance(inner, dict) else inner

    def call(self, x):
        return self.inner(x)

    def get_config(self):
        return {**super().get_config(), "inner": keras.saving.serialize_keras_object(self.inner)}
```
There is no fix, since only the class knows what it needs. `save_weights` and `load_weights` need none of this.

## What it cannot see
Classes from elsewhere, and what is given to them by a value that is not known. It is silent on classes with a
`from_config` of their own, on a `get_config` that takes its names from somewhere else, and on models that are given
their inputs and outputs.

## References
- <https://keras.io/guides/serialization_and_saving/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Program, Unmakable
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import runs_on_keras_three
from keraslint.settings import Options


@rule("W7941", symptom=Symptom.RAISES, even_untrained=True)
def keras_missing_get_config(program: Program, options: Options) -> Iterator[Finding]:
    saves = [call for call in program.files if call.unmakable and not call.assumed]
    if not saves or not runs_on_keras_three(program, options):
        return
    for call in saves:
        yield found(call.span, _said(call.unmakable[0]), call.confidence, about=call)


def _said(part: Unmakable) -> str:
    saved = f"`{part.name}` is saved whole"
    match part.why:
        case "argument":
            return (
                f"{saved} without a `get_config`, and its argument `{part.parameter}` is no plain value: saving raises "
                f"NotImplementedError (non-serializable argument values); give `{part.name}` a `get_config`, or save "
                "the weights alone"
            )
        case "required":
            return (
                f"{saved} without a `get_config`, and its `__init__` requires `{part.parameter}`: saving a model of "
                f"one's own raises NotImplementedError then; give `{part.name}` a `get_config`, or save the weights "
                "alone"
            )
        case "keywords":
            return (
                f"{saved}, and its `__init__` takes no `**kwargs`: `load_model` can never read the file (unexpected "
                "keyword argument 'trainable'); take `**kwargs` and pass them on to `super().__init__`"
            )
    return (
        f"{saved}, and its `get_config` does not tell `{part.parameter}`, which `__init__` requires: `load_model` can "
        f"never read the file (missing 1 required positional argument: '{part.parameter}'); add it to what "
        "`get_config` returns"
    )
