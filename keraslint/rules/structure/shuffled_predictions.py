"""Predictions of shuffled files are compared with the files in order.

## What it does
Reports `generator.classes` (or `labels`, `filenames`, `filepaths`; `file_paths` of a data set) where the same loader
shuffles, as all do by default, and something predicts on it.

## Why training fails
It does not: what one sees is an accuracy of chance in the confusion matrix, while `evaluate` says that the network has
learned. `predict` gives its results in the order of the batches, which is another one each time; `classes` and
`filenames` are in the order of the folder. Observed on Keras 3.15: a model that tells every file right has an accuracy
of about one half on two classes when it is counted this way.

## Example
```python
test = ImageDataGenerator().flow_from_directory("test")
found = model.predict(test).argmax(axis=1)
print(confusion_matrix(test.classes, found))
```

## Use instead
```python
test = ImageDataGenerator().flow_from_directory("test", shuffle=False)
found = model.predict(test).argmax(axis=1)
print(confusion_matrix(test.classes, found))
```

## What it cannot see
Loaders whose `shuffle` is not known or set later, and orders that are made by hand. Lists that are only counted
(`len`, `np.bincount`, class weights) are left alone.

## References
- <https://keras.io/api/data_loading/image/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Observation
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("W7990", symptom=Symptom.METRIC, even_untrained=True)
def keras_shuffled_predictions(seen: Observation) -> Iterator[Finding]:
    if seen.kind == "files-listed":
        yield found(
            seen.span,
            f"what this loader gives is shuffled, as by default, when `predict` sees it, and `{seen.name}` is in the "
            "order of the files: every score that compares the two is chance; make it with `shuffle=False`",
            seen.confidence,
            about=seen.subject,
        )
