"""Inputs in the hundreds reach the first layer as they are.

## What it does
Reports a `fit` whose inputs are known to exceed 50 in size (built-in image data sets, `image_dataset_from_directory`
and generators with values from 0 to 255, arrays of known range), where neither the data nor the model scales them.

## Why training fails
Keras's initializers and learning rates are made for inputs near 1. Inputs of 0 to 255 make the first outputs and
gradients hundreds of times too large: relus die, and errors begin high. Observed on Keras 3.15, ten classes (to guess
has a loss of 2.30), five epochs: with Adam the loss begins at 85 and is still at 23, with SGD it stays at 2.30; with
the same inputs divided by 255 it falls to 2.07 and 2.26.

## Example
```python
(x_train, y_train), _ = keras.datasets.mnist.load_data()
model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(64, "relu"), layers.Dense(10)])
model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(x_train, y_train)
```

## Use instead
```python
(x_train, y_train), _ = keras.datasets.mnist.load_data()
x_train = x_train / 255
model = keras.Sequential([keras.Input((28, 28)), layers.Flatten(), layers.Dense(64, "relu"), layers.Dense(10)])
model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(x_train, y_train)
```
There is no fix: data for validation and prediction have to be scaled the same way. A `layers.Rescaling(1 / 255)` or an
adapted `layers.Normalization()` as the first layer does it for all of them.

## What it cannot see
Data that are read from files. It is silent where the values meet a `Rescaling`, `Normalization`, `Embedding`, an op, a
layer of one's own or an application first, where a normalization follows the first layer at once, and on a model that
has one layer with weights alone.

## References
- <https://keras.io/api/layers/preprocessing_layers/image_preprocessing/rescaling/>
- <https://keras.io/api/layers/preprocessing_layers/numerical/normalization/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Layer
from keraslint.graph.views import Data
from keraslint.rules.data.inputs import first_kernel
from keraslint.rules.framework import Finding, Symptom, found, rule

WIDE = 50
TOKENS = ("keras.datasets.imdb", "keras.datasets.reuters")


@rule("W7920", symptom=(Symptom.SLOWER, Symptom.PLATEAU))
def keras_unscaled_inputs(data: Data) -> Iterator[Finding]:
    training, fit = data.run.training, data.run.fit
    if data.role != "x" or data.validates or training is None or not fit.trains or fit is not training.fits[0]:
        return
    array = data.array
    if not (array.high > WIDE or array.low < -WIDE) or data.input is None or array.origin in TOKENS:
        return
    first = first_kernel(fit.model, data.input)
    if first is not None and isinstance(first.layer, Layer):
        remedy = "divide by 255" if array.high == 255 and array.low == 0 else "standardize them"
        yield found(
            data.span,
            f"inputs {_shown(data)} reach `{first.layer.kind}` unscaled: the loss begins high and falls slowly or "
            f"stays; {remedy}, or begin the model with `{_layer(data)}`",
            data.confidence,
        )


def _shown(data: Data) -> str:
    low, high = data.array.low, data.array.high
    if isinstance(low, int | float) and isinstance(high, int | float):
        return f"from {low:g} to {high:g}"
    return f"up to {high:g}" if isinstance(high, int | float) else f"down to {low:g}"


def _layer(data: Data) -> str:
    return "layers.Rescaling(1 / 255)" if data.array.high == 255 and data.array.low == 0 else "layers.Normalization()"
