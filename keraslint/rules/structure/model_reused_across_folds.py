"""A model is trained on in every fold of a cross-validation.

## What it does
Reports a `fit` in a loop over folds whose model was made before the loop, or is made in it out of layers that were,
where the fold is judged, too (`evaluate`, `predict`).

## Why training fails
From the second fold on the network has been trained on what it is tested on: the scores grow from fold to fold and say
nothing of new data. A compile in the loop does not help, since it leaves the weights as they are. Observed on Keras
3.15: with labels that are mere chance the later folds have an accuracy of 0.9 and more.

## Example
```python
model = build()
for train, test in KFold(5).split(x):
    model.fit(x[train], y[train], epochs=30)
    scores.append(model.evaluate(x[test], y[test]))
```

## Use instead
```python
for train, test in KFold(5).split(x):
    model = build()
    model.fit(x[train], y[train], epochs=30)
    scores.append(model.evaluate(x[test], y[test]))
```

## What it cannot see
Loops that call a function of their own for each fold, and models that are attributes. It is silent where the loop, or
a function or class of the file that it names, sets or loads weights or clones the model; where perhaps one fold alone
is trained on (`break`, `continue`, an `if` around the fit); where what is judged is the same in each turn; and with
`TimeSeriesSplit`, whose later tests nothing was trained on. Loops without a splitter are folds to it where all but one
part are trained on.

## References
- <https://scikit-learn.org/stable/modules/cross_validation.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Observation
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("W7991", symptom=Symptom.METRIC, even_untrained=True)
def keras_model_reused_across_folds(seen: Observation) -> Iterator[Finding]:
    if seen.kind == "model-kept":
        kept = "the model is" if seen.name == "model" else "the layers of the model are"
        yield found(
            seen.span,
            f"{kept} made before the loop over folds: from the second fold on it was trained on what it is tested on, "
            "and the scores say nothing of new data; make it anew in each turn",
            seen.confidence,
            about=seen.subject,
        )
