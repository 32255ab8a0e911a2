"""A tensor of the model's own graph reaches `fit` where data should be.

## What it does
Reports `fit`, `evaluate` or `predict` on an `Input` or on what a layer gives, most often because a name that
held the data was bound anew while the model was built (`x = Dense(10)(x)`).

## Why training fails
Such a tensor stands for values and holds none. Keras raises: `TypeError: int() argument must be …, not
'NoneType'`.

## Example
```python
x = keras.Input((8,))
model = keras.Model(x, layers.Dense(1)(x))
model.compile(loss="mse")
model.fit(x, y_train)
```

## Use instead
```python
inputs = keras.Input((8,))
model = keras.Model(inputs, layers.Dense(1)(inputs))
model.compile(loss="mse")
model.fit(x_train, y_train)
```

## What it cannot see
Tensors that come out of functions which are not in sight.

## References
- <https://keras.io/guides/functional_api/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Fit, Tensor
from keraslint.graph.views import is_symbolic
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("E7874", symptom=Symptom.RAISES, even_untrained=True)
def keras_fit_on_symbolic_tensor(fit: Fit) -> Iterator[Finding]:
    if fit.assumed:
        return
    for data in (fit.x, fit.y):
        if data is not None and isinstance(data.value, Tensor) and is_symbolic(data.value):
            yield found(
                data,
                f"`{fit.method}` is given a tensor of the model's graph, which holds no data, so Keras raises; "
                "give the array, and use another name for the tensor",
                fit.confidence,
            )
