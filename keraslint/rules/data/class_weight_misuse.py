"""Class weights that Keras rejects: for several outputs, for labels of each pixel or step, or as a list.

## What it does
Reports `class_weight` in `fit` of a model with several outputs, with labels that have more than one axis besides that
of the classes, beside `sample_weight`, and given as a list, an array or a string in place of a dict.

## Why training fails
Keras 3.15 raises: `class_weight is only supported for Models with a single output`; `only 0-dimensional arrays can be
converted to Python scalars` or another shape error for labels of each pixel or step; `You cannot class_weight and
sample_weight at the same time`; and `'list' object has no attribute 'get'`.

## Example
```python
model = keras.Model(inputs, [kind, color])
model.compile(loss="sparse_categorical_crossentropy")
model.fit(x, [kinds, colors], class_weight={0: 1.0, 1: 5.0})
```

## Use instead
```python
model = keras.Model(inputs, [kind, color])
model.compile(loss="sparse_categorical_crossentropy")
model.fit(x, [kinds, colors], sample_weight=[weights[kinds], weights[colors]])
```

## What it cannot see
Labels of unknown shape. Keys that are no class numbers are ignored without a word:
keras-class-weight-by-name.

## References
- <https://keras.io/api/models/model_training_apis/#fit-method>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keraslint.edits import Fix, replace
from keraslint.graph import Array, Fact, Program, Unknown
from keraslint.graph.views import Run
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import runs_on_keras_three
from keraslint.settings import Options


@rule("E7920", symptom=Symptom.RAISES)
def keras_class_weight_misuse(program: Program, options: Options) -> Iterator[Finding]:
    for run in Run.of(program):
        given = run.fit.class_weight
        if given is not None and given.known and not given.is_a(type(None)) and run.fit.trains:
            what = _rejected(run, given)
            if what and runs_on_keras_three(program, options):
                yield found(given, what, run.confidence, fix=_as_dict(given), about=run)


def _rejected(run: Run, given: Fact[Any]) -> str | None:
    training = run.training
    if given.is_a((list, tuple, str, Array)):
        return "`class_weight` is no dict: `fit` raises an AttributeError; give a dict from class number to weight"
    if training is None or training.own_step:
        return None
    outputs = len(training.model.outputs)
    if outputs > 1:
        return (
            f"`class_weight` for a model of {outputs} outputs: `fit` raises; use `sample_weight` with one array per "
            "output"
        )
    weights = run.fit.sample_weight
    if weights is not None and isinstance(weights.value, Array):
        return "`class_weight` beside `sample_weight`: `fit` raises; multiply them into one `sample_weight`"
    labels = run.fit.labels(training.output_names)
    if len(labels) == 1 and labels[0] is not None and _has_places(labels[0]):
        return (
            f"`class_weight` with labels of shape {labels[0].shape}: `fit` raises; use `sample_weight` with a weight "
            "for each place"
        )
    return None


def _has_places(labels: Array) -> bool:
    """Whether there are labels of each pixel or step: an axis of several between samples and classes."""
    dims = labels.shape.dims
    if not labels.shape.rank_known or len(dims) < 3:
        return False
    return all(isinstance(dim, int) and dim > 1 for dim in dims[1:-1])


def _as_dict(given: Fact[Any]) -> Fix | None:
    """A list of numbers as a dict by their places."""
    values = given.value if not isinstance(given.value, Unknown) else None
    if not isinstance(values, list | tuple) or not all(isinstance(value, int | float) for value in values):
        return None
    pairs = ", ".join(f"{index}: {value!r}" for index, value in enumerate(values))
    return Fix("number the classes", (replace(given.span, f"{{{pairs}}}"),))
