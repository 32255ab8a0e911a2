"""A window or crop is larger than the feature map that it is to slide over.

## What it does
Reports a convolution, pooling or cropping layer whose input is smaller than its kernel, window or crop, so
that nothing of it would be left: the sixth `MaxPooling2D` on an image of 32 × 32, `Conv1D(8, 7)` on five
steps.

## Why training fails
Keras raises while the model is built: `ValueError: Computed output size would be negative. Received:
inputs.shape=(None, 1, 1, 64)`, in Keras 2 `Negative dimension size caused by subtracting 2 from 1`.

## Example
```python
model = keras.Sequential([keras.Input((5, 4)), layers.Conv1D(8, 7)])
```

## Use instead
```python
model = keras.Sequential([keras.Input((5, 4)), layers.Conv1D(8, 7, padding="same")])
```
Leave out one of the layers before, take a larger input, or let `padding="same"` keep the size; the fix does
the last.

## What it cannot see
Inputs of open or unknown size. It is silent where the input looks like images with their channels first and
no `data_format` is named: there the layout is the fault.

## References
- <https://keras.io/api/layers/pooling_layers/max_pooling2d/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, add_argument, replace
from keraslint.graph import Call, Layer
from keraslint.graph.views import Refusal
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("E7862", symptom=Symptom.RAISES, even_untrained=True)
def keras_empty_feature_map(refusal: Refusal) -> Iterator[Finding]:
    if refusal.call is not None and refusal.leaves_nothing:
        fix = _same_padding(refusal.call)
        yield found(
            refusal.span,
            f"{refusal.error}: nothing would be left, so Keras raises (negative dimension size); leave out a pooling "
            "or strides before it" + (', use `padding="same"`' if fix else "") + " or a larger input",
            refusal.confidence,
            fix=fix,
        )


def _same_padding(call: Call) -> Fix | None:
    """Keep the size, where the layer has a padding and it is as by default."""
    if not isinstance(call.layer, Layer):
        return None
    padding = call.layer.argument("padding")
    if padding != "valid":
        return None
    text = '"same"'
    edit = add_argument(call.layer.span, f"padding={text}") if padding.is_default else replace(padding.span, text)
    return Fix("keep the size", (edit,))
