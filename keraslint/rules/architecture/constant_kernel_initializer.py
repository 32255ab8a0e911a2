"""A kernel that begins constant makes all units of the layer the same.

## What it does
Reports a hidden Dense or convolution layer whose kernel begins with zeros under a relu, or that has a constant kernel
(zeros, ones, Constant) and so has the layer behind it.

## Why training fails
With zeros a relu puts out 0 and its derivative is 0: neither this layer nor any before it ever gets a gradient.
Observed on Keras 3.15: only the last bias moves, and the loss stays where it is best to always predict the mean. With
two constant layers in a row all units of the first get the same values and the same gradients for ever, as if there
were one: on a target that 16 units learn to 0.09 the loss stays at 1.0, as of a linear model, and from ones at 3.5.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(16, "relu", kernel_initializer="zeros"), layers.Dense(1)])
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(16, "relu"), layers.Dense(1)])
```
The fix puts Keras's default, `glorot_uniform`, in the place of the constant.

## What it cannot see
Weights that are set later by `set_weights` or `load_weights`. A constant output layer is fine and not reported, and so
is one constant hidden layer without a relu on zeros: observed on Keras 3.15, the random weights behind it soon make
its units differ. It is silent on the last layer of a residual branch and on a layer that does not train.

## References
- <https://keras.io/api/layers/initializers/>
- Goodfellow, Bengio, Courville: Deep Learning, section 8.4
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import replace
from keraslint.graph import Call, Layer
from keraslint.graph.views import NOISE, Initializer, Link, Wiring, activation_of
from keraslint.rules.architecture.chains import PASSES_ON, argument, is_a, is_linear, links
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.remedies import fix

QUIET = PASSES_ON - NOISE
"""What treats all units alike."""
RELUS = frozenset({"keras.layers.Activation", "keras.layers.ReLU"})


@rule("W7844", symptom=(Symptom.NO_GRADIENT, Symptom.PLATEAU))
def keras_constant_kernel_initializer(wiring: Wiring) -> Iterator[Finding]:
    for link in links(wiring):
        kernel = _constant(link.first)
        message = _fault(link, kernel) if kernel is not None else ""
        if kernel is not None and message:
            yield found(
                kernel.given,
                message + "; use the default `glorot_uniform`",
                link.first.confidence,
                fix=fix("use the default", (replace(kernel.given.span, '"glorot_uniform"'),)),
                about=link.first,
            )


def _fault(link: Link, kernel: Initializer) -> str:
    if not (isinstance(link.first.layer, Layer) and link.first.layer.trainable is True):
        return ""
    if _value(kernel) == 0 and _begins_at_zero(link.first) and _ends_in_relu(link):
        return (
            "a kernel of zeros under a relu puts out 0 and gets no gradient: nothing up to here learns and the loss "
            "does not change"
        )
    units = link.first.output_shape[-1]
    alike = all(is_a(call, QUIET) or activation_of(call) is not None for call in link.between)
    if alike and isinstance(units, int) and units > 1 and _constant(link.second) is not None:
        return (
            "this kernel and the next begin constant: all units stay identical, as if there were one, and the loss "
            "stays high"
        )
    return ""


def _constant(call: Call) -> Initializer | None:
    given = argument(call, "kernel_initializer")
    kernel = Initializer(given) if given is not None else None
    return kernel if kernel is not None and _value(kernel) is not None else None


def _value(kernel: Initializer) -> float | None:
    match kernel.kind:
        case "Zeros":
            return 0.0
        case "Ones":
            return 1.0
        case "Constant":
            value = kernel.setting("value").value
            return float(value) if isinstance(value, int | float) else None
    return None


def _begins_at_zero(call: Call) -> bool:
    """It has no bias, or one of zeros."""
    use, bias = argument(call, "use_bias"), argument(call, "bias_initializer")
    return use == False or (bias is not None and Initializer(bias).is_a("Zeros"))  # noqa: E712


def _ends_in_relu(link: Link) -> bool:
    own = activation_of(link.first)
    if own is not None and own.name == "relu":
        return True
    following = next(iter(link.between), None)
    if following is None or not is_linear(link.first) or not is_a(following, RELUS):
        return False
    after = activation_of(following)
    slope = argument(following, "negative_slope") if is_a(following, frozenset({"keras.layers.ReLU"})) else None
    return after is not None and after.name == "relu" and (slope is None or slope == 0)
