"""Models are built in a loop, and nothing clears Keras's session.

## What it does
Reports a model that a `for` or `while` loop makes and compiles anew in each turn, in a file that never calls
`keras.backend.clear_session` or `keras.utils.clear_session`. This is advice, and off by default.

## Why training fails
It does not fail; it gets slower, and memory grows: Keras remembers in its global state what it has made, such as
the names that it has given. In TensorFlow 1 each model stayed in one graph.

## Example
```python
for units in (8, 16, 32):
    model = keras.Sequential([layers.Dense(units), layers.Dense(1)])
    model.compile(loss="mse")
```

## Use instead
```python
for units in (8, 16, 32):
    keras.utils.clear_session()
    model = keras.Sequential([layers.Dense(units), layers.Dense(1)])
    model.compile(loss="mse")
```

## What it cannot see
Functions that build models and are called in a loop; sessions that are cleared in another file.

## References
- <https://keras.io/api/utils/config_utils/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Observation
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("R7892", symptom=Symptom.NONE, even_untrained=True)
def keras_model_in_loop(seen: Observation) -> Iterator[Finding]:
    if seen.kind == "model-in-loop":
        yield found(
            seen.span,
            "each turn of the loop makes a model, and Keras keeps what it remembers of all of them: memory grows; "
            "call `keras.utils.clear_session()` at the start of a turn",
            seen.confidence,
        )
