"""`keras.metrics.Accuracy` compares floats for equality, which probabilities never are.

## What it does
Reports the class `keras.metrics.Accuracy`, not the string `"accuracy"`, on a head that puts out
probabilities, logits or other real values, and `MeanIoU` or `IoU` on one unit with a sigmoid.

## Why training fails
The training is fine, but the metric counts a prediction as right only when it equals the label bit by bit:
the accuracy stays at 0. Observed on Keras 3.15: 0.001 for a softmax that is right in 98 % of the rows and
0.008 for a sigmoid that is right in all. With integer labels and several units it raises, as the shapes
cannot be compared.

`MeanIoU` and `IoU` are the like: they cut predictions to whole numbers, so that all that a sigmoid gives counts as
class 0. Observed: an IoU of 0.41 in each of eight epochs, in which masks were learned to an IoU of 0.91.

The string `"accuracy"` is another thing: Keras replaces it by the accuracy that fits loss and shape.

## Example
```python
model.compile(loss="binary_crossentropy", metrics=[keras.metrics.Accuracy()])
```

## Use instead
```python
model.compile(loss="binary_crossentropy", metrics=["accuracy"])
```
Or `BinaryAccuracy`, `CategoricalAccuracy`, `SparseCategoricalAccuracy` by name; for masks
`BinaryIoU(target_class_ids=[0, 1], threshold=0.5)`.

## What it cannot see
An `Accuracy` that is updated by hand. It is silent where the head ends in argmax, round or another op, and
with a regression loss, where keras-accuracy-with-regression-loss speaks.

## References
- <https://keras.io/api/metrics/accuracy_metrics/#accuracy-class>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph.views import Head
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import REGRESSION

BINARY = "BinaryIoU(target_class_ids=[0, 1], threshold=0.5)"


@rule("W7821", symptom=(Symptom.METRIC, Symptom.RAISES))
def keras_exact_accuracy(head: Head) -> Iterator[Finding]:
    if head.activation is None or not head.activation.name.known or head.loss_is(*REGRESSION):
        return
    for metric in head.metrics:
        if metric.is_a("Accuracy"):
            yield found(
                metric.at,
                "`Accuracy` compares floats for equality, which probabilities never are: the accuracy stays "
                'at 0; use the string `"accuracy"`',
                head.activation.name,
                head.confidence,
                fix=Fix("let Keras choose the accuracy", (replace(metric.at.span, '"accuracy"'),)),
            )
        elif metric.is_a("IoU", "MeanIoU") and head.units == 1 and head.activation.name == "sigmoid":
            yield found(
                metric.at,
                f"`{metric.name}` cuts predictions to whole numbers, and what a sigmoid gives becomes 0: it stays the "
                f"same, whatever is learned; use `{BINARY}`",
                head.activation.name,
                head.confidence,
                fix=Fix("count from a threshold", (replace(metric.at.span, f"keras.metrics.{BINARY}"),)),
            )
