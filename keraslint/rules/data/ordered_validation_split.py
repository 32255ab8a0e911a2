"""`validation_split` on data that are sorted by class: validation sees the last classes alone.

## What it does
Reports `validation_split` where the labels are known to lie class after class: zeros and ones joined one behind the
other, `np.repeat` of the classes, a list such as `[0] * 100 + [1] * 100`, a part of an array of one class that is set
to another, scikit-learn's `load_iris` and `load_wine`; and nothing has shuffled them since.

## Why training fails
Keras takes the last part of the arrays for validation before it shuffles anything. The network trains without the last
classes, or with fewer of them, and is judged on nothing else: `val_accuracy` stays at 0 while `accuracy` is near 1.
Observed on Keras 3.15, five classes that are easily told apart, `validation_split=0.2`: the accuracy of training is 1
and that of validation 0; it is 1 as well when the same samples are shuffled before.

## Example
```python
x = np.concatenate([cats, dogs])
y = np.concatenate([np.zeros(len(cats)), np.ones(len(dogs))])
model.fit(x, y, validation_split=0.2)
```

## Use instead
```python
x = np.concatenate([cats, dogs])
y = np.concatenate([np.zeros(len(cats)), np.ones(len(dogs))])
order = np.random.permutation(len(x))
model.fit(x[order], y[order], validation_split=0.2)
```
`fit(shuffle=True)` does not help, as it shuffles after the split. There is no fix: both arrays have to be shuffled
alike before, or split by `train_test_split`, which shuffles.

## What it cannot see
Labels out of files and folders, and lists that loops fill. It is silent where anything was done to the labels since
that may have changed their order.

## References
- <https://keras.io/api/models/model_training_apis/#fit-method>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Data
from keraslint.rules.framework import Finding, Symptom, found, rule

IN_ORDER = ("cast", "encoded", "reshaped")
"""What leaves samples where they are."""
BY_VALUE = "numpy.sort"
"""This sorts numbers, of which nobody knows that they are classes."""


@rule("W7927", symptom=Symptom.METRIC)
def keras_ordered_validation_split(data: Data) -> Iterator[Finding]:
    fit = data.run.fit
    split = fit.validation_split
    if data.role != "y" or data.validates or not fit.trains or split is None or fit.validation_data is not None:
        return
    if isinstance(split.value, float) and 0 < split.value < 1 and _is_by_class(data):
        yield found(
            split,
            f"labels lie class after class, and `validation_split={split.value:g}` takes the end before anything is "
            "shuffled: `val_accuracy` is that of the last classes alone, which training sees less of or never; "
            "shuffle inputs and labels alike before",
            data.confidence,
        )


def _is_by_class(data: Data) -> bool:
    """Whether the order that they were put into is the one that they have."""
    kept = [step for step in data.steps if step.kind not in IN_ORDER]
    return bool(kept) and kept[-1].kind == "sorted" and kept[-1].by != BY_VALUE
