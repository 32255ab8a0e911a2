"""A softmax lets one class win, and several labels hold at once.

## What it does
Reports a softmax head of two or more units where the labels are known to be multi-hot: `MultiLabelBinarizer`, or
arrays of 0 and 1 with several ones in a row.

## Why training fails
The outputs of a softmax sum to 1, so that two labels that both hold get no more than 0.5 each, and no output
means that no label holds. Observed on Keras 3.15 with three independent labels: at most one output of a row
is above 0.5 and less than 80 % of the labels are right, with sigmoids more than 95 %.

## Example
```python
labels = MultiLabelBinarizer(classes=["cat", "dog", "night"]).fit_transform(names)
model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")])
model.compile(loss="categorical_crossentropy")
model.fit(x, labels)
```

## Use instead
```python
labels = MultiLabelBinarizer(classes=["cat", "dog", "night"]).fit_transform(names)
model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="sigmoid")])
model.compile(loss="binary_crossentropy")
model.fit(x, labels)
```

## What it cannot see
Labels from a file; rows of 0 and 1 that are computed.

## References
- <https://keras.io/api/losses/probabilistic_losses/#binarycrossentropy-class>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Head
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import BINARY
from keraslint.rules.remedies import fix, set_activation, set_loss


@rule("W7809", symptom=(Symptom.PLATEAU, Symptom.SLOWER))
def keras_softmax_on_multi_label(head: Head) -> Iterator[Finding]:
    loss, activation, labels = head.loss, head.activation, head.labels
    if activation is None or loss is None or not head.activation_is("softmax"):
        return
    if not activation.is_over_last_axis:
        return
    if labels.encoding == "multi-hot" and not head.units == 1:  # noqa: SIM201 (an unknown compares false both ways)
        parts = [set_activation(activation, "sigmoid")]
        if not loss.is_a(*BINARY):
            parts.append(set_loss(loss, "binary_crossentropy"))
        yield found(
            activation.name,
            "`softmax` makes the outputs of a sample sum to 1 and several labels hold at once: no two of them can "
            "be predicted and the loss stays high; use `sigmoid` with `binary_crossentropy`",
            loss.at,
            labels.confidence,
            head.confidence,
            fix=fix("decide each label alone", *parts),
        )
