"""A model is compiled without a loss, and fitted or evaluated.

## What it does
Reports a compile that is given no loss, where `fit`, `evaluate` or a step on a batch follows and nothing else
in the model makes a loss.

## Why training fails
`ValueError: No loss to compute. Provide a loss argument in compile()`, from `fit` and from `evaluate`. Observed
on Keras 3.15; Keras 2 evaluates without a loss, and is not reported for that.

## Example
```python
model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
model.compile(optimizer="adam", metrics=["mae"])
model.fit(features, targets)
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse", metrics=["mae"])
model.fit(features, targets)
```
The fix adds the loss where the output has a usual one: a linear unit, or a single sigmoid.

## What it cannot see
It is silent where a loss may come from elsewhere: `add_loss`, regularizers, layers of the program's own whose `call`
is not understood, a `train_step` or `compute_loss`, and arguments that are not known.

## References
- <https://keras.io/api/models/model_training_apis/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, add_argument
from keraslint.graph import Call, KerasObject, Model, Program, Training
from keraslint.graph.views import heads_of, unwrapped
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import runs_on_keras_three
from keraslint.settings import Options

ASKING = frozenset({"evaluate", "evaluate_generator", "fit", "fit_generator", "test_on_batch", "train_on_batch"})
"""Methods that compute the loss."""


@rule("E7881", symptom=Symptom.RAISES)
def keras_compile_without_loss(program: Program, options: Options) -> Iterator[Finding]:
    evaluates_without = not runs_on_keras_three(program, options)
    for training in program.trainings:
        asking = [fit.method for fit in training.fits if fit.method in ASKING]
        if not asking or (evaluates_without and not any(method.startswith(("fit", "train")) for method in asking)):
            continue
        if training.compiled.argument("loss") == None and not training.own_step:  # noqa: E711 (facts compare by value)
            if any(seen.kind == "loss-added" for seen in program.observations) or _makes_losses(training):
                continue
            yield found(
                training.span,
                f"`compile` is given no loss: {asking[0]} raises `No loss to compute`; add `loss=`",
                training.confidence,
                fix=_fix(training),
                about=training,
            )


def _makes_losses(training: Training) -> bool:
    """Whether a layer may make a loss of its own, or something of the model is not known."""
    waiting, seen = [training.model], list[Model]()
    while waiting:
        model = waiting.pop()
        if model in seen:
            continue
        seen.append(model)
        if not model.outputs or model.unknowns:
            return True
        waiting += [call.layer for call in model.calls if isinstance(call.layer, Model)]
        waiting += [call.contents for call in model.calls if call.contents is not None]
        if any(_may_make_a_loss(call) for call in model.calls):
            return True
    return False


def _may_make_a_loss(call: Call) -> bool:
    """Whether a layer may; what is inside one of the program's own is looked at by itself."""
    return call.contents is None and any(
        not isinstance(layer, Model) and (layer.in_file or getattr(layer, "open_ended", False) or _regularizes(layer))
        for layer in dict.fromkeys((call.layer, unwrapped(call.layer)))
    )


def _regularizes(layer: KerasObject) -> bool:
    return layer.kind == "ActivityRegularization" or any(
        argument.name.endswith("regularizer") and argument.value != None  # noqa: E711 (facts compare by value)
        for argument in layer.arguments
    )


def _fix(training: Training) -> Fix | None:
    heads = heads_of(training)
    activation = heads[0].activation if len(heads) == 1 else None
    if activation is None or any(argument.name == "loss" for argument in training.compiled.arguments):
        return None
    if activation.name == "linear":
        loss = "mse"
    elif activation.name == "sigmoid" and heads[0].units == 1:
        loss = "binary_crossentropy"
    else:
        return None
    return Fix(f"add `{loss}`", (add_argument(training.span, f'loss="{loss}"'),))
