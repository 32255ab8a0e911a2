"""Dropout that is to stay on in `predict` is off there: Keras 3 overrides the `training=True` of a functional model.

## What it does
Reports `training=True` in the call of a Dropout or another layer of noise, in a functional model that is asked to
`predict` or `evaluate`, where Keras 3 is what runs it.

## Why training fails
Training does not; the uncertainty is lost. In Keras 3 the `training` that `fit`, `predict` and `evaluate` give a model
is handed to each of its layers, whatever these were told when the model was built, so that Monte-Carlo dropout drops
nothing: each `predict` of the same inputs gives the same. Keras 2 kept `training=True`. Observed on Keras 3.5, 3.10,
3.12, 3.13, 3.14 and 3.15: of 100 values behind `Dropout(0.5)(x, training=True)` none is 0 in `predict`, and about half
are in `model(x)`.

## Example
```python
dropped = layers.Dropout(0.5)(hidden, training=True)
model = keras.Model(inputs, layers.Dense(1)(dropped))
samples = [model.predict(x) for _ in range(100)]
```

## Use instead
```python
dropped = layers.Dropout(0.5)(hidden)
model = keras.Model(inputs, layers.Dense(1)(dropped))
samples = [model(x, training=True) for _ in range(100)]
```
or, where BatchNormalization must not be in training mode, a layer of your own whose `call` says `training=True` to the
Dropout. There is no fix: which of the two is meant is the author's choice.

## What it cannot see
A `predict` in another file. It is silent where a `call` of a class says it, which Keras leaves as it is; where the
model is only called (`model(x)`), which leaves it, too; and where an older Keras is pinned.

## References
- <https://keras.io/api/models/model_training_apis/>
- Gal, Ghahramani: Dropout as a Bayesian Approximation, 2016
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Call, Model, Program
from keraslint.graph.views import NOISE
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import runs_on_keras_three
from keraslint.settings import Options

ASKS = frozenset({"evaluate", "predict", "predict_on_batch", "test_on_batch"})
"""Methods that tell every layer that nothing is trained."""


@rule("W7856", symptom=Symptom.NONE, even_untrained=True)
def keras_monte_carlo_dropout(program: Program, options: Options) -> Iterator[Finding]:
    asked = [fit for fit in program.fits if fit.method in ASKS and not fit.assumed]
    if not asked or not runs_on_keras_three(program, options):
        return
    for fit in asked:
        for call in _calls_of_functional(fit.model):
            said = call.argument("training")
            if said is not None and said.value is True and getattr(call.layer, "class_name", "") in NOISE:
                yield found(
                    said,
                    f"`{fit.method}` overrides the `training=True` that a functional model was built with, in Keras 3: "
                    "nothing is dropped there; call the model itself, `model(x, training=True)`, or say it inside the "
                    "`call` of a layer of your own",
                    fit.confidence,
                    call.confidence,
                    about=call.layer,
                )


def _calls_of_functional(model: Model) -> Iterator[Call]:
    """The calls of a functional model and of such as are nested in it; a class says in its `call` what it likes."""
    waiting, seen = [model], list[Model]()
    while waiting:
        outer = waiting.pop()
        if outer.kind == "subclass" or outer in seen:
            continue
        seen.append(outer)
        yield from outer.calls
        waiting += [call.layer for call in outer.calls if isinstance(call.layer, Model)]
