"""A Sequential with layers is bound over without ever being used.

## What it does
Reports `model = Sequential(…)` that gets layers, and whose variable is bound anew, in the same block, before
anything but `model.add(…)` was done with it, while the next model of that name is compiled.

## Why training fails
The layers that were added before are gone: the model that is compiled and trained begins behind them. Keras says
nothing.

## Example
```python
model = keras.Sequential()
model.add(layers.Dense(64, activation="relu"))
model = keras.Sequential()
model.add(layers.Dense(1))
```

## Use instead
```python
model = keras.Sequential()
model.add(layers.Dense(64, activation="relu"))
model.add(layers.Dense(1))
```

## What it cannot see
Models that are bound over in another block or function, or by a functional model; models of which the next one is
not compiled either, and models that a function of the file reads.

## References
- <https://keras.io/guides/sequential_model/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Model
from keraslint.graph.views import Observation
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("W7981", symptom=Symptom.NONE, even_untrained=True)
def keras_model_discarded(seen: Observation) -> Iterator[Finding]:
    if seen.kind == "model-discarded" and isinstance(seen.subject, Model):
        count = len(seen.subject.layers)
        layers = "the layer" if count == 1 else f"the {count} layers"
        yield found(
            seen.span,
            f"this Sequential is never used: the variable is bound anew in line {seen.name}, and {layers} added "
            "before are in no model that is trained; go on with one model, or leave the first one out",
            seen.confidence,
        )
