"""A layer that has to learn from data before training never did: no `adapt`, no statistics, no vocabulary.

## What it does
Reports `Normalization`, `TextVectorization`, `StringLookup`, `IntegerLookup` and `Discretization` that get neither
`mean` and `variance`, `vocabulary` or `bin_boundaries`, nor `adapt` or anything else that could tell them, and that are
called on data or stand in a model that is trained, judged or asked to predict.

## Why training fails
These layers have no weights that training moves. Observed on Keras 3.15: a `Normalization` that was not adapted passes
its inputs on as they are, and says nothing: inputs in the hundreds reach the next layer unscaled. The others raise when
they first see data: `FailedPreconditionError: Table not initialized`, a RuntimeError that asks for the vocabulary, or
of `Discretization` a ValueError.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Normalization(), layers.Dense(64, "relu"), layers.Dense(1)])
model.compile("adam", "mse")
model.fit(features, targets)
```

## Use instead
```python
normalization = layers.Normalization()
normalization.adapt(features)
model = keras.Sequential([keras.Input((8,)), normalization, layers.Dense(64, "relu"), layers.Dense(1)])
model.compile("adam", "mse")
model.fit(features, targets)
```
There is no fix: the layer needs a name to be adapted by, and data that are those of training alone.

## What it cannot see
Layers that code out of sight is given, and files in which weights are loaded or set, or `adapt` is called on something
that is not known. A layer that is adapted too late, after the fit, is not reported.

## References
- <https://keras.io/api/layers/preprocessing_layers/numerical/normalization/>
- <https://keras.io/api/layers/preprocessing_layers/text/text_vectorization/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Observation
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("W7928", symptom=(Symptom.RAISES, Symptom.SLOWER), even_untrained=True)
def keras_normalization_not_adapted(seen: Observation) -> Iterator[Finding]:
    if seen.kind != "never-adapted":
        return
    if seen.name == "Normalization":
        told = "knows neither mean nor variance and passes its inputs on unscaled; `adapt` it to the training data"
    else:
        what = "bin boundaries" if seen.name == "Discretization" else "vocabulary"
        told = f"has no {what} and raises on the first data that it sees; `adapt` it to the training data before"
    yield found(seen.span, f"`{seen.name}` was never adapted: it {told}", seen.confidence)
