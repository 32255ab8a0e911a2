"""Labels of shape (n,) meet predictions of shape (n, 1): the difference is a matrix of n rows and n columns.

## What it does
Reports a subtraction, a comparison or the like of labels with one axis and predictions of one column: in a loss or
metric of one's own, under a tape, in a `train_step`, or in a score that is worked out by hand behind `predict`.

## Why training fails
numpy and TensorFlow stretch both to (n, n), and each label meets each prediction. A mean over that is smallest where
every prediction is the mean of the labels: a network that is trained so learns just that. As a score it says as much:
in one program the mean squared error is 0.29 by `evaluate` and 97 by hand. Keras's own losses and metrics bring both to
the same rank, and so does `fit` for a loss of one's own; not for a metric of one's own, nor for what a `train_step` is
given. Observed on Keras 3.15; Keras 2 brings the labels of both to (n, 1).

## Example
```python
error = np.mean((y_test - model.predict(x_test)) ** 2)
```

## Use instead
```python
error = np.mean((y_test - model.predict(x_test).ravel()) ** 2)
```
In TensorFlow `tf.squeeze(predictions, axis=-1)`, or labels of shape (n, 1) from the start.

## What it cannot see
Labels whose shape is not known, and predictions that went through a function out of sight. It is silent where the
labels may be a single one.

## References
- <https://numpy.org/doc/stable/user/basics.broadcasting.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Array, Call, OwnFunction, Program, Tensor
from keraslint.graph.views import comes_from, stretches
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import runs_on_keras_three
from keraslint.settings import Options


@rule("W7905", symptom=(Symptom.METRIC, Symptom.PLATEAU))
def keras_label_broadcast(program: Program, options: Options) -> Iterator[Finding]:
    is_newest = runs_on_keras_three(program, options)  # Keras 2 brings both to one shape before
    for seen in program.observations:
        if seen.kind == "broadcast":
            count = seen.name
            yield found(seen.span, _message(f"({count},)", f"({count}, 1)", f"{count} columns"), seen.confidence)
    for own in program.own_functions if is_newest else ():
        for call in own.calls:
            if _of_both(call, own):
                yield found(call.span, _message("(n,)", "(n, 1)", "n columns"), own.confidence, about=own)
    for step in program.own_steps:
        if step.method and not is_newest:
            continue
        models = [call for call in step.calls if step.trains(call.layer)]
        for call in step.calls:
            row_column = stretches(call)
            if row_column is None:
                continue
            row, column = row_column
            predicted = any(comes_from(column, model) for model in models)
            if predicted and _is_given(row):
                yield found(call.span, _message("(n,)", "(n, 1)", "n columns"), step.confidence, about=step)


def _is_given(labels: Tensor | Array) -> bool:
    """Whether these are data as they come."""
    return isinstance(labels, Array) or labels.producer is None


def _of_both(call: Call, own: OwnFunction) -> bool:
    row_column = stretches(call)
    if row_column is None:
        return False
    row, column = row_column
    return _only(row, own.y_true, own.y_pred) and _only(column, own.y_pred, own.y_true)


def _only(tensor: Tensor | Array, one: Tensor, other: Tensor) -> bool:
    return comes_from(tensor, one) and not comes_from(tensor, other)


def _message(row: str, column: str, width: str) -> str:
    return (
        f"labels of shape {row} meet predictions of shape {column}: the result has {width}, each label beside each "
        "prediction, and its mean says nothing of the fit; bring both to one shape, as by `[:, 0]` or `ravel()`"
    )
