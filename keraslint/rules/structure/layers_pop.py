"""`model.layers` is a copy: to take a layer out of it changes nothing.

## What it does
Reports `model.layers.pop()`, `del model.layers[-1]` and the like on a model in sight.

## Why training fails
`model.layers` is made anew each time it is asked for. The model keeps the layer, `model.output` is what it
was, and what is put behind it learns from the old head: 1000 probabilities instead of features.

## Example
```python
base = keras.applications.VGG16()
base.layers.pop()
outputs = layers.Dense(2, activation="softmax")(base.output)
```

## Use instead
```python
base = keras.applications.VGG16()
features = base.layers[-2].output
outputs = layers.Dense(2, activation="softmax")(features)
```
`include_top=False` leaves the head out from the start; `model.pop()` takes the last layer out of a `Sequential`.

## What it cannot see
Models that are loaded from files, and lists that were bound to a name first.

## References
- <https://keras.io/guides/transfer_learning/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Observation
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("W7980", symptom=(Symptom.NONE, Symptom.SLOWER), even_untrained=True)
def keras_layers_pop(seen: Observation) -> Iterator[Finding]:
    if seen.kind == "layers-changed":
        what = "`del`" if seen.name == "del" else f"`.{seen.name}()`"
        yield found(
            seen.span,
            f"`model.layers` is a copy, so {what} on it does not change the model: its output stays what it was; "
            "build a new one by `Model(inputs, model.layers[-2].output)`, or use `include_top=False`",
            seen.confidence,
        )
