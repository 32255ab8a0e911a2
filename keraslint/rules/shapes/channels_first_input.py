"""An input shape puts the channels first, and the layers take them to be last.

## What it does
Reports an input like `(3, 224, 224)` or `(1, 28, 28)` that goes into a convolution or pooling of images
without `data_format="channels_first"`.

## Why training fails
By default Keras takes the last axis for the channels: the image is then 3 pixels high with 224 channels. A
kernel slides over one row of three pixels, poolings run out of rows and raise (`negative dimension size`), and
what is left learns slower.

## Example
```python
model = keras.Sequential([keras.Input((3, 64, 64)), layers.Conv2D(16, 3, activation="relu")])
```

## Use instead
```python
model = keras.Sequential([keras.Input((64, 64, 3)), layers.Conv2D(16, 3, activation="relu")])
```
Data in that order are turned by `np.moveaxis(x, 1, -1)`. `data_format="channels_first"` in every layer is the
other way; TensorFlow on a CPU cannot train with it.

## What it cannot see
A `keras.json` that sets another default. It is silent where the program calls `set_image_data_format`, and in
files that are written for Keras 1.

## References
- <https://keras.io/api/layers/convolution_layers/convolution2d/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Call, Layer, Program, Tensor
from keraslint.graph.views import Wiring, channels_come_first
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import judges
from keraslint.settings import Options

OF_IMAGES = ("Conv2D", "DepthwiseConv2D", "SeparableConv2D", "MaxPooling2D", "AveragePooling2D", "ZeroPadding2D")
SMALLEST = 16
"""A smaller map with so few rows may be meant."""


@rule("W7863", symptom=(Symptom.SLOWER, Symptom.RAISES), even_untrained=True)
def keras_channels_first_input(program: Program, options: Options) -> Iterator[Finding]:
    for wiring in Wiring.of(program) if judges(program, options) else ():
        for image in wiring.model.inputs:
            if _looks_turned(image) and any(map(_takes_last, wiring.consumers(image))):
                _, channels, height, width = image.shape.dims
                yield found(
                    image.span,
                    f"the input shape ({channels}, {height}, {width}) puts the channels first, and the layers take "
                    f"the last axis for them: an image {channels} pixels high; use ({height}, {width}, {channels}), "
                    'or `data_format="channels_first"` in every layer',
                    wiring.confidence,
                    about=wiring,
                )


def _looks_turned(image: Tensor) -> bool:
    sizes = image.shape.dims[2:]
    return (
        channels_come_first(image.shape)
        and len(sizes) == 2
        and all(isinstance(size, int) and size >= SMALLEST for size in sizes)
    )


def _takes_last(call: Call) -> bool:
    layer = call.layer
    if not isinstance(layer, Layer) or layer.in_file or layer.kind not in OF_IMAGES:
        return False
    layout = layer.argument("data_format")
    return layout == "channels_last" or layout == None  # noqa: E711 (a fact compares by value)
