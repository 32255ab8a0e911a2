"""A softmax along the last axis of a channels-first feature map compares columns, not classes.

## What it does
Reports a softmax along the last axis behind a convolution with `data_format="channels_first"`: its argument, an
`Activation("softmax")` or a `Softmax()`.

## Why training fails
The classes lie along axis 1, and the softmax makes the values of each row of pixels sum to 1 instead. Observed on
Keras 3.15: the outputs of `Conv2D(3, 3, data_format="channels_first", activation="softmax")` sum to 1 along the width,
and a loss over the classes cannot reach its minimum.

## Example
```python
inputs = keras.Input((3, 64, 64))
scores = layers.Conv2D(4, 1, data_format="channels_first")(inputs)
outputs = layers.Softmax()(scores)
```

## Use instead
```python
inputs = keras.Input((3, 64, 64))
scores = layers.Conv2D(4, 1, data_format="channels_first")(inputs)
outputs = layers.Softmax(axis=1)(scores)
```

## What it cannot see
`channels_first` as a setting of Keras, or behind a Reshape or Permute.

## References
- <https://keras.io/api/layers/activation_layers/softmax/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, add_argument
from keraslint.graph import Call, Layer
from keraslint.graph.views import NOISE, Activation
from keraslint.rules.framework import Finding, Symptom, found, rule

PASS_ON = NOISE | {"keras.layers.Activation", "keras.layers.BatchNormalization", "keras.layers.Softmax"}


@rule("W7807", symptom=Symptom.SLOWER)
def keras_softmax_over_space(activation: Activation) -> Iterator[Finding]:
    if not activation.name.is_in({"softmax"}) or activation.axis_is_given or not activation.is_over_last_axis:
        return
    before = _convolution(activation.call)
    if before is not None and before.layer.argument("data_format") == "channels_first":  # type: ignore[union-attr]
        layer = activation.layer
        own = isinstance(layer, Layer) and layer.class_name == "keras.layers.Softmax"
        yield found(
            activation.name,
            "`softmax` along the last axis of a channels_first feature map: it compares the columns of the image, not "
            "the classes, and the loss stays high; use `Softmax(axis=1)`",
            activation.confidence,
            fix=Fix("compare the classes", (add_argument(layer.span, "axis=1"),)) if own else None,
        )


def _convolution(call: Call) -> Call | None:
    """The convolution whose feature map the call gets or makes, in the same layout."""
    current: Call | None = call
    while current is not None and isinstance(current.layer, Layer) and not current.layer.in_file:
        if current.layer.kind.startswith(("Conv", "SeparableConv", "DepthwiseConv")):
            return current
        if current.layer.class_name not in PASS_ON or len(current.inputs) != 1:
            return None
        current = current.inputs[0].producer
    return None
