"""A relu inside a recurrent layer lets its state grow without bound.

## What it does
Reports an LSTM, GRU or SimpleRNN with `activation="relu"`, also inside a `Bidirectional`, in a model whose optimizer
does not clip gradients.

## Why training fails
The state is multiplied with the same kernel at every step, and nothing keeps it small: it grows until the loss jumps.
`tanh` keeps it between -1 and 1. Observed on Keras 3.15, sums over 40 steps: with relu the loss of an LSTM rises from
6.0 to 11.6 and ends at 5.4, with tanh at 0.3. On other data relu did as well.

## Example
```python
model = keras.Sequential([keras.Input((60, 4)), layers.LSTM(32, activation="relu"), layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
```

## Use instead
```python
model = keras.Sequential([keras.Input((60, 4)), layers.LSTM(32), layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
```

## What it cannot see
How long the sequences are, and how large their values. It is silent with `clipnorm`, `clipvalue` or
`global_clipnorm`, and on a recurrent kernel that begins as identity, which is made for a relu.

## References
- Le, Jaitly, Hinton: A Simple Way to Initialize Recurrent Networks of Rectified Linear Units, 2015
- <https://keras.io/api/layers/recurrent_layers/lstm/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import replace
from keraslint.graph import Layer
from keraslint.graph.views import Initializer, Optimizer, activation_name, activation_of, both_ways, calls_in
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.remedies import fix

RECURRENT = frozenset({"keras.layers.GRU", "keras.layers.LSTM", "keras.layers.SimpleRNN"})


@rule("R7857", symptom=Symptom.SLOWER)
def keras_recurrent_relu(optimizer: Optimizer) -> Iterator[Finding]:
    if optimizer.clips is not False:
        return
    for training in optimizer.trainings:
        for call in calls_in(training.model):
            layer = both_ways(call.layer)
            if not isinstance(layer, Layer) or layer.class_name not in RECURRENT:
                continue
            activation = activation_name(layer.argument("activation"))
            kernel = Initializer(layer.argument("recurrent_initializer"))
            if activation == "relu" and kernel.kind and not kernel.is_a("Identity"):
                yield found(
                    activation,
                    f"`relu` in `{layer.kind}`: its state has no bound, the loss may jump and fall slowly; use "
                    "`tanh`, or `clipnorm` in the optimizer",
                    min(activation.confidence, call.confidence),
                    fix=fix("use tanh", (replace(activation.span, '"tanh"'),)),
                    about=activation_of(call) or call,
                )
