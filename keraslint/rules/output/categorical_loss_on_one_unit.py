"""Categorical crossentropy on one unit is 0 whatever the model predicts.

## What it does
Reports `categorical_crossentropy` and `CategoricalFocalCrossentropy`, in any spelling, on an output of size
1.

## Why training fails
The loss divides the outputs of a sample by their sum, and one value divided by itself is 1: the loss is `-y
* log(1) = 0`. In Keras 3.15 it shows 0.0 from the first epoch with a sigmoid or softmax head and the
accuracy stays at the share of one class; with a relu head it becomes NaN. A loss of exactly 0 is no perfect
model here: the loss has no gradient.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(1, activation="sigmoid")])
model.compile(loss="categorical_crossentropy")
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy")
```

## What it cannot see
An output whose size is unknown; a loss of the file's own that calls the Keras function; a loss with another
`axis`.

## References
- <https://keras.io/api/losses/probabilistic_losses/#categoricalcrossentropy-class>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Head
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import CATEGORICAL
from keraslint.rules.remedies import sigmoid_with_binary_crossentropy


@rule("E7801", symptom=(Symptom.CONSTANT, Symptom.PLATEAU, Symptom.NAN), yields_to="keras-loss-order-mismatch")
def keras_categorical_loss_on_one_unit(head: Head) -> Iterator[Finding]:
    loss = head.loss
    if loss and loss.is_a(*CATEGORICAL) and loss.sums_over_last_axis and head.units == 1:
        yield found(
            loss.at,
            f"`{loss.shown}` on 1 unit is always 0: the loss does not change and nothing is learned; "
            "use a `sigmoid` with `binary_crossentropy`",
            head.confidence,
            fix=sigmoid_with_binary_crossentropy(head),
        )
