"""The class of a prediction is looked for by `argmax`, and the model has one output.

## What it does
Reports `np.argmax(model.predict(x), axis=1)`, or the method, where the predictions have one column.

## Why training fails
It does not; what one sees is a confusion matrix with one column, an accuracy of chance and a recall of 0. The largest
of one number is always the first: every sample is of class 0, whatever the network says. Observed on Keras 3.15.

## Example
```python
model = keras.Sequential([keras.Input((30,)), layers.Dense(1, activation="sigmoid")])
found = np.argmax(model.predict(x_test), axis=1)
```

## Use instead
```python
model = keras.Sequential([keras.Input((30,)), layers.Dense(1, activation="sigmoid")])
found = (model.predict(x_test) > 0.5).astype("int32").ravel()
```

## What it cannot see
Predictions that go through a function out of sight, and models that are not in sight.

## References
- <https://keras.io/api/models/model_training_apis/#predict-method>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Observation
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("W7939", symptom=Symptom.METRIC, even_untrained=True)
def keras_argmax_on_one_unit(seen: Observation) -> Iterator[Finding]:
    if seen.kind == "argmax-of-one":
        yield found(
            seen.span,
            "the model has one output, and the largest of one number is always the first: `argmax` says class 0 for "
            "every sample; ask whether the prediction is above 0.5",
            seen.confidence,
        )
