"""A name of a layer, model, optimizer or loss that TensorFlow cannot use.

## What it does
Reports, of a model that is trained on TensorFlow,

- layers, models inside it and losses whose `name` has a space, a bracket, a colon or any other sign but letters
  without accents, digits and `_`, `.`, `-`, `>`;
- the model itself and its optimizer for the same, and where the name begins with `_` or `-`: the name of a subclassed
  model comes from its class, and `class _Net(keras.Model)` is called `__net`.

## Why training fails
`fit`, `evaluate` and `predict` trace the model, each layer in a name scope of its own, and TensorFlow raises:
`ValueError: 'hidden layer' is not a valid scope name. A scope name has to match the following pattern: …`, and of the
model `'my model' is not a valid root scope name`. Making the layers, `summary()` and calling the model on an array all
go well. Observed on Keras 3.15 with TensorFlow.

## Example
```python
model.add(layers.Dense(64, activation="relu", name="hidden layer"))
```

## Use instead
```python
model.add(layers.Dense(64, activation="relu", name="hidden_layer"))
```
The fix writes `_` for what is not allowed, where the name is written out.

## What it cannot see
Names that are not known, and a backend that is chosen outside of the file: JAX and PyTorch take any name. A program
that sets `KERAS_BACKEND` to another, or runs its functions eagerly, is left alone, and so are names of inputs and of
metrics, which make no scope.

## References
- <https://www.tensorflow.org/api_docs/python/tf/name_scope>
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph import Confidence, Fact, KerasObject, Layer, Model, Program, Training
from keraslint.graph.views import both_ways, unwrapped
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import runs_on_keras_three
from keraslint.settings import Options

SCOPE = re.compile(r"[A-Za-z0-9_.\\/>-]*")
ROOT_SCOPE = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*")
"""Source: `name_scope` in `tensorflow/python/framework/ops.py`."""


@rule("E7964", symptom=Symptom.RAISES)
def keras_invalid_name(program: Program, options: Options) -> Iterator[Finding]:
    if program.backend != "tensorflow" or not runs_on_keras_three(program, options):
        return
    if any(seen.kind == "eager" for seen in program.observations):
        return
    for training in program.trainings:
        if training.fits and training.compiled.argument("run_eagerly") == False:  # noqa: E712 (an unknown is neither)
            yield from _in_model(training)


def _in_model(training: Training) -> Iterator[Finding]:
    model = training.model
    if model.span.is_known and not ROOT_SCOPE.fullmatch(model.name):
        yield _of_model(model, "root scope name")
    for part in _parts(model):
        if SCOPE.fullmatch(part.name):
            continue
        if isinstance(part, Model):
            if part.span.is_known:
                yield _of_model(part, "scope name")
        elif (name := _written(part)) is not None:
            yield _of_argument(part, name, "scope name")
    for argument, wanted, kind in (("optimizer", ROOT_SCOPE, "root scope name"), ("loss", SCOPE, "scope name")):
        made: object = training.compiled.argument(argument).value
        if isinstance(made, KerasObject):
            name = _written(made)
            if name is not None and not wanted.fullmatch(str(name.value)):
                yield _of_argument(made, name, kind)


def _parts(model: Model) -> Iterator[Layer | Model]:
    """The layers and models inside a model, at any depth, that open a scope."""
    for layer in model.layers:
        if isinstance(layer, Model):
            yield from (layer, *_parts(layer))
        elif layer.class_name != "keras.layers.InputLayer":
            yield layer
            inner = both_ways(unwrapped(layer))
            if isinstance(inner, Layer) and inner is not layer:
                yield inner


def _written(made: KerasObject) -> Fact[str] | None:
    """The name as the program gives it, where it is the one that Keras uses: a class of its own may use another."""
    name = made.argument("name")
    used = name.value == made.name if isinstance(made, Layer) else not made.in_file
    return name if used and isinstance(name.value, str) and name.span.is_known else None


def _of_argument(made: KerasObject, name: Fact[str], kind: str) -> Finding:
    better = re.sub(r"[^A-Za-z0-9_.>-]+", "_", str(name.value)).rstrip("_")
    better = (better.lstrip("_-") if kind.startswith("root") else better) or made.kind.lower()
    written = name.confidence is Confidence.HIGH
    return found(
        name,
        f'`name="{name.value}"` of `{made.kind}`: TensorFlow raises when training begins (is not a valid {kind}); '
        f"write `{better}`",
        made.confidence,
        fix=Fix(f"call it `{better}`", (replace(name.span, f'"{better}"'),)) if written else None,
        about=made,
    )


def _of_model(model: Model, kind: str) -> Finding:
    by_class = model.kind == "subclass" and model.class_name.startswith("_")
    instead = f"rename the class `{model.class_name}`, or give a `name`" if by_class else "give another `name`"
    return found(
        model.span,
        f"the model is called `{model.name}`: TensorFlow raises when training begins (is not a valid {kind}); "
        f"{instead}",
        model.confidence,
        about=model,
    )
