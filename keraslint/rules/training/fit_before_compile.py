"""A model is trained or evaluated that was never compiled.

## What it does
Reports `fit`, `evaluate`, `train_on_batch` and `test_on_batch` of a model that the program makes, and that
nothing compiles before.

## Why training fails
The call raises: `ValueError: You must call compile() before using the model`. Observed on Keras 3.15. A clone
made by `clone_model` is not compiled, either.

## Example
```python
model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
model.fit(features, targets)
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
model.fit(features, targets)
```
The fix adds the compile where one loss fits the output: a linear unit or a single sigmoid.

## What it cannot see
It is silent about a model that comes from a file or from `clone_model`, that a function out of sight was given,
or that is compiled anywhere in the program when the order of things is not plain; about attributes, as
`self.model.fit`; and about classes with a `fit` or `compile` of their own. `predict` needs no compile.

## References
- <https://keras.io/api/models/model_training_apis/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph import Model, Span
from keraslint.graph.views import Observation, activation_of
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("E7880", symptom=Symptom.RAISES, even_untrained=True)
def keras_fit_before_compile(seen: Observation) -> Iterator[Finding]:
    if seen.kind != "fit-without-compile":
        return
    variable, _, method = seen.name.rpartition(".")
    yield found(
        seen.span,
        f"`{variable}` was never compiled: `{method}` raises `You must call compile()`; compile it with an optimizer "
        "and a loss first",
        seen.confidence,
        fix=_fix(variable, seen.subject, seen.span),
    )


def _fix(variable: str, model: object, fit: Span) -> Fix | None:
    """A compile before the fit, for an output that only one loss is usual for.

    The fit may be a part of a statement; then it has no place before it that is known.
    """
    maker = model.outputs[0].producer if isinstance(model, Model) and len(model.outputs) == 1 else None
    activation = activation_of(maker) if maker is not None else None
    if maker is None or activation is None:
        return None
    is_single = maker.output_shape[-1] == 1
    if activation.name == "linear":
        loss = "mse"
    elif activation.name == "sigmoid" and is_single:
        loss = "binary_crossentropy"
    else:
        return None
    start = fit._replace(end_line=fit.line, end_column=fit.column)
    if fit.column:
        return None  # not a statement of the module, or in the middle of one
    return Fix("compile it first", (replace(start, f'{variable}.compile(optimizer="adam", loss="{loss}")\n'),))
