"""Inputs and labels are shuffled one after the other, each into an order of its own.

## What it does
Reports labels that were shuffled, permuted or split right after or before the inputs of the same fit, where both surely
got another order: `np.random.shuffle(x)` and then `np.random.shuffle(y)`, two `np.random.permutation`, scikit-learn's
`shuffle` or `train_test_split` called for each alone, without a `random_state` or with two different ones; and
`Dataset.shuffle` of images and of labels before they are zipped.

## Why training fails
Each sample has the label of another one, so that there is nothing to learn: the loss stays where guessing has it, and
the accuracy at that of chance; a large network learns the training data by heart. Observed on Keras 3.15: two classes
that a small network tells apart with an accuracy of 1 in 60 steps; shuffled apart it stays at 0.5.

## Example
```python
np.random.shuffle(x)
np.random.shuffle(y)
model.fit(x, y)
```

## Use instead
```python
order = np.random.permutation(len(x))
x, y = x[order], y[order]
model.fit(x, y)
```
scikit-learn's functions take both at once: `x, y = shuffle(x, y)`. There is no fix, as the two lines become others.

## What it cannot see
Shuffles of arrays that do not stand in lines next to each other, since something between may have set a seed. It is
silent where the same seed is set before each, which gives the same order, and on seeds that are not known.

## References
- <https://numpy.org/doc/stable/reference/random/generated/numpy.random.shuffle.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import SHUFFLE, Array, Step
from keraslint.graph.views import Data
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("W7930", symptom=Symptom.PLATEAU)
def keras_shuffled_apart(data: Data) -> Iterator[Finding]:
    if data.role != "y" or data.validates or not data.run.fit.trains:
        return
    for inputs in data.run.fit.inputs:
        pair = _apart(inputs, data.array) if inputs is not None else None
        if pair is not None:
            first, second = sorted(pair, key=lambda step: step.span)
            yield found(
                second.span,
                f"inputs and labels are shuffled apart, here and in line {first.span.line}: each sample gets the label "
                "of another and the loss stays at that of guessing; shuffle both by one permutation",
                data.confidence,
            )
            return


def _apart(inputs: Array, labels: Array) -> tuple[Step, Step] | None:
    """The first two steps that surely moved the two into different orders."""
    for one, other in zip(_moves(inputs), _moves(labels), strict=False):
        if one.order == other.order:
            continue
        known = one.order is not None and other.order is not None and one.by == other.by
        near = one.by == SHUFFLE or abs(one.span.line - other.span.line) <= 1
        return (one, other) if known and near else None
    return None


def _moves(array: Array) -> list[Step]:
    """What moved samples into another order."""
    return [step for step in array.steps if step.kind == "shuffled" or step.order is not None]
