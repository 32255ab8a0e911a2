"""Several names are bound to the one tensor that a layer gives.

## What it does
Reports `output, h, c = LSTM(32)(x)` and the like: a layer of Keras that gives one tensor, unpacked.

## Why training fails
Keras raises `NotImplementedError: Iterating over a symbolic KerasTensor is not supported`. A recurrent layer
gives its states only with `return_state=True`.

## Example
```python
output, hidden, cell = layers.LSTM(32)(inputs)
```

## Use instead
```python
output, hidden, cell = layers.LSTM(32, return_state=True)(inputs)
```

## What it cannot see
Tensors inside `call`, where TensorFlow may unpack them, and layers of the file's own.

## References
- <https://keras.io/api/layers/recurrent_layers/lstm/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, add_argument
from keraslint.graph import Layer
from keraslint.graph.views import Observation
from keraslint.rules.framework import Finding, Symptom, found, rule

WITH_STATE = ("GRU", "LSTM", "RNN", "SimpleRNN")


@rule("E7873", symptom=Symptom.RAISES, even_untrained=True)
def keras_unpacked_layer_output(seen: Observation) -> Iterator[Finding]:
    if seen.kind != "tensor-unpacked" or seen.assumed:
        return
    layer = seen.subject if isinstance(seen.subject, Layer) else None
    with_state = seen.name in WITH_STATE
    if with_state and layer is not None and layer.argument("return_state").value is not False:
        return  # how many states a cell of the program's own has is not known
    remedy = "add `return_state=True`" if with_state else "bind it to one name"
    yield found(
        seen.span,
        f"`{seen.name}` gives one tensor, which is unpacked here: Keras raises "
        f"(iterating over a symbolic KerasTensor); {remedy}",
        seen.confidence,
        fix=Fix("return the states", (add_argument(layer.span, "return_state=True"),))
        if layer and with_state
        else None,
    )
