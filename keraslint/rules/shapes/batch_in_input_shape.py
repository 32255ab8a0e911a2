"""The shape of an input counts the samples, too.

## What it does
Reports an `Input` or `input_shape` that repeats the whole shape of the array that `fit` is given, its number
of samples included: `input_shape=x_train.shape`; or that counts one sample, as `(1, 28, 28, 1)` does for images
of the shape `(28, 28, 1)`.

## Why training fails
Keras puts the batch axis before the shape of one sample. The model then wants one axis more than the data
have, and `fit` raises: `expected shape=(None, 60000, 784), found shape=(None, 784)`.

## Example
```python
model = keras.Sequential([keras.Input(x_train.shape), layers.Dense(1)])
model.fit(x_train, y_train)
```

## Use instead
```python
model = keras.Sequential([keras.Input(x_train.shape[1:]), layers.Dense(1)])
model.fit(x_train, y_train)
```

## What it cannot see
Arrays whose shape is not known. Layers that reject the shape already when the model is built are reported by
keras-incompatible-shape.

## References
- <https://keras.io/api/layers/core_layers/input/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Refusal
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("W7864", symptom=Symptom.RAISES, even_untrained=True)
def keras_batch_in_input_shape(refusal: Refusal) -> Iterator[Finding]:
    fit = refusal.fit
    if fit is None or not refusal.counts_samples or not fit.trains:
        return
    image = fit.model.inputs[0]
    given = fit.inputs[0].shape.dims if fit.inputs[0] is not None else ()
    meets = f"`{fit.method}` raises on {_shown(given)}" if refusal.sample else f"the data are {_shown(given)}"
    inner = ", ".join(str(size) for size in image.shape.dims[2:])
    yield found(
        image.span,
        f"the input's shape counts the samples, too: the model wants {image.shape} and {meets}; "
        f"give the shape of one sample, `({inner}{',' if ', ' not in inner else ''})`",
        refusal.confidence,
    )


def _shown(dims: tuple[object, ...]) -> str:
    return f"({', '.join(map(str, dims))}{',' if len(dims) == 1 else ''})"
