"""A recurrent layer with `stateful=True` does not know its batch size.

## What it does
Reports an `LSTM`, `GRU` or `SimpleRNN` with `stateful=True`, also inside a `Bidirectional`, whose input leaves the size
of the batch open.

## Why training fails
The layer keeps a state for each sample of a batch, so it has to know how many there are. Keras 3 raises: `When
using stateful=True in a RNN, the batch size must be static`; Keras 2 said `If a RNN is stateful, it needs to
know its batch size`.

## Example
```python
model = keras.Sequential([keras.Input((12, 4)), layers.LSTM(8, stateful=True), layers.Dense(1)])
```

## Use instead
```python
model = keras.Sequential([keras.Input(batch_shape=(32, 12, 4)), layers.LSTM(8, stateful=True), layers.Dense(1)])
```
`fit` and `predict` then need batches of that size throughout.

## What it cannot see
A Sequential without an input, which is built by its data.

## References
- <https://keras.io/api/layers/recurrent_layers/lstm/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Call, Layer
from keraslint.graph.views import both_ways
from keraslint.rules.framework import Finding, Symptom, found, rule

RECURRENT = ("GRU", "LSTM", "RNN", "SimpleRNN")


@rule("E7872", symptom=Symptom.RAISES, even_untrained=True)
def keras_stateful_batch_size(call: Call) -> Iterator[Finding]:
    layer = both_ways(call.layer)
    if call.assumed or not isinstance(layer, Layer) or layer.in_file or layer.kind not in RECURRENT:
        return
    stateful = layer.argument("stateful")
    if stateful == True and call.input_shape.rank_known and call.input_shape[0] is None:  # noqa: E712
        yield found(
            stateful,
            f"`{layer.kind}` is stateful and its input {call.input_shape} leaves the batch size open, so Keras "
            "raises; fix it by `Input(batch_shape=(32, …))`, or leave out `stateful=True`",
            call.confidence,
        )
