"""An output of a model depends on an input that the model is not given.

## What it does
Reports a functional `Model(inputs, outputs)` where the way back from an output ends at an `Input` that is not
among the inputs: a second input left out, or a name that was bound anew to another tensor.

## Why training fails
Keras raises: `ValueError: Output with path … is not connected to inputs`; Keras 2 said `Graph disconnected:
cannot obtain value for tensor …`.

## Example
```python
joined = layers.Concatenate()([words, numbers])
model = keras.Model(words, layers.Dense(1)(joined))
```

## Use instead
```python
joined = layers.Concatenate()([words, numbers])
model = keras.Model([words, numbers], layers.Dense(1)(joined))
```

## What it cannot see
Tensors of layers and models that are not in sight. An input that no output depends on is legal.

## References
- <https://keras.io/guides/functional_api/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Wiring
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("E7867", symptom=Symptom.RAISES, even_untrained=True)
def keras_disconnected_graph(wiring: Wiring) -> Iterator[Finding]:
    missing = next(iter(wiring.inputs_left_out), None)
    if missing is not None:
        where = f" (line {missing.span.line})" if missing.span.is_known and not missing.span.file else ""
        yield found(
            wiring.span,
            f"an output depends on the input `{missing.name}`{where}, which is not among the model's inputs, "
            "so Keras raises (graph disconnected); add it to `inputs`, or start from the right tensor",
            wiring.confidence,
        )
