"""The result of a layer is bound over before anything used it, or is never used at all.

## What it does
Reports the call of a layer in a functional graph whose variable is bound anew, in the same block, before anything
has read it, while a model is built of the same inputs: `x = Dense(64)(x)`, then `x = Dense(32)(inputs)`. Inside a
function also one that no line reads at all, as when the next layer is called on the wrong variable.

## Why training fails
The layer is in no model, so it never learns, and the model is smaller than it was meant to be. Keras says nothing.

## Example
```python
x = layers.Dense(64, activation="relu")(inputs)
x = layers.Dense(32, activation="relu")(inputs)
model = keras.Model(inputs, layers.Dense(1)(x))
```

## Use instead
```python
x = layers.Dense(64, activation="relu")(inputs)
x = layers.Dense(32, activation="relu")(x)
model = keras.Model(inputs, layers.Dense(1)(x))
```

## What it cannot see
Results that no variable holds, and variables of a module that are never bound again, since others may import them. It
is silent where a function of the file reads the variable, where the layer is called elsewhere, too, and where
`locals()` or the like is.

## References
- <https://keras.io/guides/functional_api/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Layer
from keraslint.graph.views import Observation
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("W7868", symptom=Symptom.NONE, even_untrained=True)
def keras_unused_branch(seen: Observation) -> Iterator[Finding]:
    if seen.kind == "branch-lost" and isinstance(seen.subject, Layer):
        why = f"the variable is bound anew in line {seen.name}" if seen.name else "no later line reads the variable"
        yield found(
            seen.span,
            f"nothing uses what this `{seen.subject.kind}` gives: {why}, so the layer is in no model and never learns; "
            "call the next layer on it, or leave it out",
            seen.confidence,
        )
