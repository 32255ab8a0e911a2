"""A layer with weights is made inside `call`: new weights at every step, which nothing trains.

## What it does
Reports a layer with weights, or with a seed of its own as Dropout, that is made in the `call` of a Layer or Model.

## Why training fails
`call` runs once for every step or trace. Observed on Keras 3.15: `fit` and `predict` raise
(`tf.function only supports singleton tf.Variables created on the first call`). With `run_eagerly=True`
or in a GradientTape loop nothing raises: the model holds no weights of that layer, each step begins with new random
ones, and the loss does not fall.

## Example
```python
class Net(keras.Model):
    def call(self, x):
        return layers.Dense(1)(x)
```

## Use instead
```python
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(1)

    def call(self, x):
        return self.dense(x)
```
There is no fix, since it takes a new line in another method.

## What it cannot see
Layers made in a function that `call` calls, or in a `Lambda`. It is silent on layers without weights (`Flatten()`,
`Concatenate()`), on those in `build` or `__init__`, and on one that is made under a test whether it is there yet.

## References
- <https://keras.io/guides/making_new_layers_and_models_via_subclassing/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Observation, Weights
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("E7854", symptom=(Symptom.RAISES, Symptom.NO_GRADIENT), even_untrained=True)
def keras_layer_created_in_call(seen: Observation) -> Iterator[Finding]:
    if seen.kind == "layer-made-in-call" and Weights.may_be_made_by(seen.subject):
        yield found(
            seen.span,
            f"`{seen.subject.kind}` is made inside `call`: new weights at every call, which never train, and `fit` "  # type: ignore[attr-defined]
            "raises; make it in `__init__`",
            seen.confidence,
        )
