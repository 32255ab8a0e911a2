"""The third number of `Conv2D(32, 3, 3)` is the stride, not the width of the kernel.

## What it does
Reports convolutions whose kernel size and strides are given by position and are the same odd number, as the
kernel's height and width were given in Keras 1: two or more such layers in a file, or one under the old name
`Convolution2D`.

## Why training fails
Since Keras 2 the third argument is `strides`. Each layer keeps one value of nine: the image shrinks to a
third, and after a few layers nothing is left to learn from, or Keras raises (`negative dimension size`).

## Example
```python
model = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(32, 3, 3), layers.Conv2D(64, 3, 3)])
```

## Use instead
```python
model = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(32, (3, 3)), layers.Conv2D(64, (3, 3))])
```
Strides that are meant are clearer as a keyword: `strides=3`.

## What it cannot see
A single `Conv2D(32, 3, 3)`, which may be meant; patches (`Conv2D(64, 16, 16)`); and files of Keras 1, where
it was right.

## References
- <https://keras.io/api/layers/convolution_layers/convolution2d/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph import Layer, Program, Span
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import judges
from keraslint.settings import Options

HABITUAL = (3, 5)
"""Sizes of kernels that are no patches."""
OLD_NAME = "Convolution2D"


@rule("E7865", symptom=(Symptom.SLOWER, Symptom.RAISES), even_untrained=True)
def keras_positional_strides(program: Program, options: Options) -> Iterator[Finding]:
    layers = {layer.span: layer for layer in program.layers if _is_square(layer)}
    names = {name for statement in program.imports for name, _ in statement.names}
    if not judges(program, options) or (len(layers) < 2 and OLD_NAME not in names):
        return
    for layer in layers.values():
        kernel, strides = layer.argument("kernel_size"), layer.argument("strides")
        size = kernel.value
        whole = Span(kernel.span.line, kernel.span.column, strides.span.end_line, strides.span.end_column)
        yield found(
            strides,
            f"the third argument of `Conv2D` is `strides`, so the feature map shrinks to 1/{size} here; write the "
            f"kernel as `({size}, {size})`, or `strides={size}` if it is meant",
            layer.confidence,
            fix=Fix("make them the kernel's size", (replace(whole, f"({size}, {size})"),)),
            about=layer,
        )


def _is_square(layer: Layer) -> bool:
    """Whether kernel size and strides are the same number, both by position."""
    if layer.class_name != "keras.layers.Conv2D":
        return False
    given = {argument.name: argument for argument in layer.arguments if argument.position in (1, 2)}
    if given.keys() != {"kernel_size", "strides"}:
        return False
    kernel, strides = given["kernel_size"].value, given["strides"].value
    return kernel.is_in(HABITUAL) and strides.is_a(int) and kernel == strides
