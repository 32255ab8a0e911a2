"""A function that makes a loss is given in place of the loss that it makes.

## What it does
Reports `loss=f` or a metric `f` where `f` defines a function and returns it: the loss is `f()`.

## Why training fails
Keras calls the loss with the labels and the predictions. Observed on Keras 3.15: `TypeError: f() takes 0 positional
arguments but 2 were given` where the function takes no two arguments; where it does, it returns a function, and
`TypeError: Expected float32, but got <function ...>` follows.

## Example
```python
def weighted():
    def loss(y_true, y_pred):
        return 2 * keras.ops.mean(keras.ops.square(y_true - y_pred))

    return loss


model.compile(loss=weighted)
```

## Use instead
```python
def weighted():
    def loss(y_true, y_pred):
        return 2 * keras.ops.mean(keras.ops.square(y_true - y_pred))

    return loss


model.compile(loss=weighted())
```

## What it cannot see
A function that does more than to define another and return it, one with decorators, and one of another file.

## References
- <https://keras.io/api/losses/#creating-custom-losses>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph import Reference, Span
from keraslint.graph.views import Head, Spec
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("E7827", symptom=Symptom.RAISES)
def keras_loss_factory_not_called(head: Head) -> Iterator[Finding]:
    for what, spec in (("loss", head.loss), *(("metric", metric) for metric in head.metrics)):
        made = spec.at.value if spec is not None else None
        if spec is not None and isinstance(made, Reference) and made.makes:
            needed = ", ".join(made.needs)
            yield found(
                spec.at,
                f"`{made.name}` returns the function that is the {what} and is not called: training raises a "
                f"TypeError; use `{made.name}({needed})`",
                head.confidence,
                fix=None if needed else _called(spec),
            )


def _called(spec: Spec) -> Fix:
    at = spec.at.span
    end = Span(at.end_line, at.end_column, at.end_line, at.end_column, at.file)
    return Fix("call it", (replace(end, "()"),))
