"""An activation is applied right after another one.

## What it does
Reports an activation that gets the values of another with no weights in between: a softmax after a softmax, a sigmoid
after a softmax, `Dense(10, activation="relu")` followed by `Activation("softmax")`.

## Why training fails
The second sees only what the first lets through. A second softmax gets values from 0 to 1: of ten classes none can
reach a probability above 0.23, and the loss cannot come near 0. A sigmoid after a relu never puts out less than
0.5, one after a tanh stays between 0.27 and 0.73. Observed on Keras 3.15, three classes, the same data and steps: with
softmax twice the loss ends at 0.61, with a sigmoid below at 0.68, with one softmax at 0.10. A `LeakyReLU` after a relu
has no effect at all.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax"), layers.Softmax()])
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(3), layers.Softmax()])
```
The fix takes the activation away from the layer below.

## What it cannot see
Activations behind a normalization, an op of unknown meaning or a layer of one's own, and functions composed on purpose
out of ops. It is silent on a relu after a relu, on a relu after what is never negative, on gates and attention scores
(`tanh` then `softmax` inside a model), and on what else is used besides.

## References
- <https://keras.io/api/layers/activations/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import KerasObject
from keraslint.graph.views import Activation, Wiring, applies_kernel
from keraslint.rules.architecture.chains import is_own, stacked
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.remedies import fix, set_activation

BOUNDED = frozenset({"hard_sigmoid", "sigmoid", "softmax", "tanh"})
KINKED = frozenset({"elu", "leaky_relu", "prelu"})
"""What passes on positive values as they are."""
SIGNED = KINKED | {"gelu", "selu", "silu", "softsign", "tanh"}
KNOWN = BOUNDED | SIGNED | {"relu", "relu6"}


@rule("W7841", symptom=(Symptom.SLOWER, Symptom.PLATEAU), yields_to=("keras-softmax-on-one-unit",))
def keras_stacked_activations(wiring: Wiring) -> Iterator[Finding]:
    for below, above, is_output in stacked(wiring):
        if _is_by_mistake(below, above, is_output):
            yield found(
                below.name if applies_kernel(below.call) else above.name,
                _message(str(below.name.value), str(above.name.value)),
                below.confidence,
                above.confidence,
                fix=fix("take the first away", set_activation(below, "linear")),
                about=above,
            )


def _is_by_mistake(below: Activation, above: Activation, is_output: bool) -> bool:
    one, other = below.name, above.name
    if not (one.is_in(KNOWN) and other.is_in(KNOWN)) or not (is_own(below.call) and is_own(above.call)):
        return False
    if one.is_default or in_op(below) or in_op(above):
        return False
    if not applies_kernel(below.call):
        return one.is_in({"softmax", "sigmoid"}) and other.is_in({"softmax", "sigmoid"}) and is_output
    if one == other:
        return one.is_in(BOUNDED)
    if other.is_in({"relu", "relu6"}):
        return one.is_in(SIGNED)
    if other == "softmax" and not is_output:
        return one.is_in({"softmax", "sigmoid"})
    return True


def in_op(activation: Activation) -> bool:
    """Whether it is a function called on a tensor: functions are composed on purpose."""
    layer = activation.layer
    return not isinstance(layer, KerasObject) or not layer.class_name.startswith("keras.layers.")


def _message(one: str, other: str) -> str:
    if one.startswith("relu") and other in KINKED:
        return f"`{other}` after `{one}` has no effect: no negative value is left; take `{one}` away"
    return (
        f"`{other}` is applied to what `{one}` puts out, with no weights in between: its outputs stay in a narrow "
        f"range and the loss stays high; use one of the two"
    )
