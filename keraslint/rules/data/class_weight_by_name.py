"""Class weights under names are ignored: the keys have to be class numbers.

## What it does
Reports a `class_weight` whose keys are strings.

## Why training fails
Keras looks up the number of each sample's class and takes 1 where it finds none. Observed on Keras 3.15:
`{"cat": 1.0, "dog": 2.0}`, and `{"0": 1.0, "1": 2.0}` as well, train exactly as without weights, and nothing is said.

## Example
```python
model.fit(x, y, class_weight={"cat": 1.0, "dog": 5.0})
```

## Use instead
```python
model.fit(x, y, class_weight={0: 1.0, 1: 5.0})
```
With a directory of images `flow.class_indices` has the number of each name.

## What it cannot see
Keys that are unknown, or numbers of classes that do not occur.

## References
- <https://keras.io/api/models/model_training_apis/#fit-method>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keraslint.edits import Edit, Fix, replace
from keraslint.graph import Fact
from keraslint.graph.views import Run
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("W7921", symptom=Symptom.NONE, yields_to="keras-class-weight-misuse")
def keras_class_weight_by_name(run: Run) -> Iterator[Finding]:
    given = run.fit.class_weight
    several = run.training is not None and len(run.training.model.outputs) > 1
    if given is None or several or not given.entries or not run.fit.trains:
        return
    if all(isinstance(key.value, str) for key, _ in given.entries):
        yield found(
            given,
            f'`class_weight` has the key `"{given.entries[0][0].value}"`: Keras looks for class numbers and ignores '
            "names without a word, so the classes keep the same weight; use 0, 1, … as keys",
            run.confidence,
            fix=_numbered(given),
        )


def _numbered(given: Fact[Any]) -> Fix | None:
    """Strings of digits as numbers; which number a name has nobody says."""
    edits: list[Edit] = []
    for key, _ in given.entries:
        if not isinstance(key.value, str) or not key.value.isdecimal() or key.span == given.span:
            return None
        edits.append(replace(key.span, key.value))
    return Fix("use class numbers", tuple(edits))
