"""AUC, precision and recall expect probabilities, and the head puts out any number.

## What it does
Reports `AUC` without `from_logits=True`, and `Precision`, `Recall` and their like without thresholds, on a head without
activation.

## Why training fails
The training is fine, but these metrics cut at thresholds between 0 and 1: precision and recall at 0.5, AUC at
200 values. Logits are mostly outside, so that most thresholds do not tell samples apart. Observed on Keras
3.15 for the same model: recall is more than 0.05 too low, and AUC differs from the one with
`from_logits=True`.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(1)])
model.compile(loss=keras.losses.BinaryCrossentropy(from_logits=True), metrics=[keras.metrics.AUC()])
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(1)])
model.compile(loss=keras.losses.BinaryCrossentropy(from_logits=True), metrics=[keras.metrics.AUC(from_logits=True)])
```
For precision and recall `thresholds=0.0`, or a sigmoid head.

## What it cannot see
Thresholds that were given are left alone, whatever they are.

## References
- <https://keras.io/api/metrics/classification_metrics/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, add_argument
from keraslint.graph.views import Head, Spec
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.remedies import in_cell

WITH_THRESHOLDS = ("FalseNegatives", "FalsePositives", "Precision", "Recall", "TrueNegatives", "TruePositives")


@rule("W7823", symptom=Symptom.METRIC, yields_to="keras-crossentropy-on-raw-output")
def keras_probability_metric_on_logits(head: Head) -> Iterator[Finding]:
    activation = head.activation
    if activation is None or not head.activation_is("linear") or in_cell(activation) or head.loss is None:
        return
    for metric in head.metrics:
        if metric.object is not None and _expects_probabilities(metric):
            given = "from_logits=True" if metric.is_a("AUC") else "thresholds=0.0"
            yield found(
                metric.at,
                f"`{metric.shown}` expects probabilities and the head has no activation: with thresholds between 0 "
                f"and 1 the metric is wrong; use `{given}` or a `sigmoid` head",
                activation.name,
                head.confidence,
                fix=Fix("expect logits", (add_argument(metric.at.span, given),)),
            )


def _expects_probabilities(metric: Spec) -> bool:
    made = metric.object
    assert made is not None
    if metric.is_a("AUC"):
        return metric.from_logits.is_default and metric.takes_probabilities and made.argument("thresholds").is_default
    by_rank = "top_k" in {argument.name for argument in made.arguments}
    return metric.is_a(*WITH_THRESHOLDS) and made.argument("thresholds").is_default and not by_rank
