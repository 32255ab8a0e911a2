"""A softmax can only put out shares of 1, and a regression loss compares them with real values.

## What it does
Reports a softmax head of two or more units with `mse`, `mae`, `huber`, `log_cosh`, `msle` or `mape`.

## Why training fails
If the targets are real values, no softmax reaches them: the outputs of a sample lie between 0 and 1 and sum
to 1. Observed on Keras 3.15, three targets: a loss of 17.2 where a linear head reaches 0.25. If the targets
are classes, the squared error of a softmax is nearly flat where the model is sure and wrong, and learns
slower than a crossentropy.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")])
model.compile(loss="mse")
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(3)])
model.compile(loss="mse")
```
For classes keep the softmax and use `categorical_crossentropy`; the fix does so when an accuracy is among
the metrics.

## What it cannot see
An output whose size is unknown. It is silent when the labels are known to be one-hot, or to lie within
0..1, which is the Brier score of a classifier or a regression of shares.

## References
- <https://keras.io/api/losses/regression_losses/>
- Golik, Doetsch, Ney: Cross-Entropy vs. Squared Error Training, Interspeech 2013
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix
from keraslint.graph.views import Head
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import ACCURACIES, REGRESSION
from keraslint.rules.remedies import fix, set_activation, set_loss


@rule(
    "W7810",
    symptom=(Symptom.PLATEAU, Symptom.SLOWER),
    yields_to=("keras-loss-order-mismatch", "keras-output-range-excludes-labels", "keras-softmax-on-multi-label"),
)
def keras_softmax_with_regression_loss(head: Head) -> Iterator[Finding]:
    loss, activation = head.loss, head.activation
    if activation is None or loss is None or not head.activation_is("softmax"):
        return
    if not activation.is_over_last_axis:
        return
    if loss.is_a(*REGRESSION) and head.has_units(at_least=2) and not _labels_are_shares(head):
        yield found(
            activation.name,
            f"`softmax` with `{loss.shown}`: the {head.units} outputs always sum to 1, so the loss of a "
            "regression stays high; use no activation, or `categorical_crossentropy` for classes",
            loss.at,
            head.confidence,
            fix=_remedy(head),
        )


def _labels_are_shares(head: Head) -> bool:
    return head.labels.encoding == "one-hot" or head.labels.lie_within(0, 1)


def _remedy(head: Head) -> Fix | None:
    if head.measures(*ACCURACIES):
        return fix("use a crossentropy", set_loss(head.loss, "categorical_crossentropy"))
    return fix("use no activation", set_activation(head.activation, "linear"))
