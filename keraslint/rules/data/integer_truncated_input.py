"""Inputs were scaled to 0..1 and then stored as integers: nearly all of them are 0.

## What it does
Reports inputs of an integer type that lie within 0 and 1 and were divided on their way, so that a fraction was cut off.

## Why training fails
An integer array has no room for fractions: `(images / 255).astype("uint8")` is 0 for every pixel but a fully white one.
The network sees black pictures. Observed on Keras 3.15, on two kinds of pictures: the same outputs for all of
them, and an accuracy of one half, where floats give 1.0.

## Example
```python
(x_train, y_train), _ = keras.datasets.mnist.load_data()
x_train = (x_train / 255).astype("uint8")
```

## Use instead
```python
(x_train, y_train), _ = keras.datasets.mnist.load_data()
x_train = (x_train / 255).astype("float32")
```

## What it cannot see
Values that are written into an integer array piece by piece, and a cast that does not follow right on the division:
what stands in between may have rounded or compared, as pictures of two colors are made. There is no fix, since how the
type is written differs.

## References
- <https://numpy.org/doc/stable/reference/generated/numpy.ndarray.astype.html>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import Data
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("W7922", symptom=Symptom.PLATEAU)
def keras_integer_truncated_input(data: Data) -> Iterator[Finding]:
    if data.role == "x" and data.run.fit.trains and _is_truncated(data):
        yield found(
            data.span,
            f"inputs scaled to 0..1 are stored as `{data.array.dtype}`: nearly all become 0 and the loss "
            'stays where it began; use `"float32"`',
            data.confidence,
        )


def _is_truncated(data: Data) -> bool:
    """Divided, and right after that made whole: what stands in between may have rounded or compared."""
    array, steps = data.array, data.steps
    is_whole = isinstance(array.dtype, str) and array.dtype.startswith(("int", "uint"))
    if not is_whole or not (array.low >= 0 and array.high <= 1) or len(steps) < 2:
        return False
    divided, cast = steps[-2], steps[-1]
    if (divided.kind, cast.kind) != ("scaled", "cast"):
        return False
    if divided.span.line == cast.span.line:
        between = divided.span.column - cast.span.column
        return between <= 1 or (cast.by == "tensorflow.cast" and between == len("tf.cast("))
    return cast.span.line - divided.span.line == 1
