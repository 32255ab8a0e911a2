"""Every weight of the model is frozen, and it is fitted all the same.

## What it does
Reports a `compile` of a model of which no weight trains, where `fit` or `train_on_batch` follows.

## Why training fails
Nothing can change: no gradient is asked for. Keras runs all epochs without an error. Observed on Keras 3.15, with
`model.trainable = False` and with each layer frozen by itself: the loss is the same to the last digit in every epoch.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(16, trainable=False), layers.Dense(1, trainable=False)])
model.compile(loss="mse")
model.fit(features, targets)
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(16, trainable=False), layers.Dense(1)])
model.compile(loss="mse")
model.fit(features, targets)
```
The fix lets the last layer train that was made with `trainable=False`. There is no fix where the program freezes
layers by an assignment; freeze those that should keep their weights, and leave out the head.

## What it cannot see
Models with a layer whose weights are not known. It is silent on a model with a `train_step` of its own, and where
`trainable` is set again after the compile: that is what keras-trainable-changed-after-compile looks at.

## References
- <https://keras.io/guides/transfer_learning/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph.views import Frozen
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("E7852", symptom=Symptom.NO_GRADIENT)
def keras_nothing_trainable(frozen: Frozen) -> Iterator[Finding]:
    if frozen.thawed_before is None:
        yield found(
            frozen.span,
            "every weight of the model is frozen: `fit` runs, but the loss does not change; leave `trainable` True for "
            "the layers that should learn",
            frozen.confidence,
            fix=_fix(frozen),
        )


def _fix(frozen: Frozen) -> Fix | None:
    if not frozen.switches:
        return None
    return Fix("let the last layer train", (replace(frozen.switches[-1].span, "True"),))
