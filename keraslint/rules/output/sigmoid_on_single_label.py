"""Each sample has exactly one class, and the head decides every class alone.

## What it does
Reports a sigmoid head of three units or more with `binary_crossentropy` where the labels are known to be one-hot. It
is advice, and off by default.

## Why training fails
It does train. But most of the units are right for free, since most of the labels are 0, so the one right
class gets a small share of the gradient, and the outputs are no distribution: none or several can be above
0.5. Observed on Keras 3.15, three classes, the same data and steps: the squared error of the predictions is
larger by more than a tenth.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="sigmoid")])
model.compile(loss="binary_crossentropy")
model.fit(x, keras.utils.to_categorical(y, 3))
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")])
model.compile(loss="categorical_crossentropy")
model.fit(x, keras.utils.to_categorical(y, 3))
```

## What it cannot see
Labels of unknown encoding. One-against-all classifiers are sometimes meant, for unknown classes at test time.

## References
- <https://keras.io/api/losses/probabilistic_losses/#categoricalcrossentropy-class>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Head
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.remedies import fix, set_activation, swap_loss


@rule("R7808", symptom=Symptom.SLOWER, yields_to="keras-units-do-not-match-classes")
def keras_sigmoid_on_single_label(head: Head) -> Iterator[Finding]:
    loss, activation = head.loss, head.activation
    if loss is None or activation is None or not loss.is_a("BinaryCrossentropy") or not head.activation_is("sigmoid"):
        return
    if head.has_units(3) and head.labels.encoding == "one-hot":
        yield found(
            activation.name,
            f"`sigmoid` on {head.units} units where each sample has exactly one class: it learns slower and the "
            "outputs do not sum to 1; use `softmax` with `categorical_crossentropy`",
            loss.at,
            head.confidence,
            head.labels.confidence,
            fix=fix(
                "let the classes compete",
                set_activation(activation, "softmax"),
                swap_loss(loss, "categorical_crossentropy"),
            ),
        )
