"""Two layers with no activation in between compute no more than one.

## What it does
Reports a Dense layer without an activation that is followed by another, or a convolution by a convolution, with nothing
but affine steps in between: Flatten, Dropout, average pooling, padding and the like.

## Why training fails
A linear function of a linear function is a linear function: the first layer adds weights and no power. Observed on
Keras 3.15, on a target with a product of two inputs: `Dense(16), Dense(16), Dense(1)` ends at a loss of 1.01, where
the best linear function lies; with `relu` on the first two it ends at 0.09.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(64), layers.Dense(1)])
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(64, activation="relu"), layers.Dense(1)])
```

## What it cannot see
Layers of one's own and ops in between, and an activation that a caller hands in. It is silent

- where `activation="linear"` or `None` is written, and so was chosen: two values to be drawn as a picture, say;
- on a convolution before a Dense layer, whose shared weights are a choice of their own;
- where the first layer is smaller than what stands on both sides: a low-rank bottleneck, as in a linear autoencoder;
- on convolutions with a kernel size of 1 along some axis, and on grouped ones;
- where the first has an activity regularizer or does not train, and on sizes that are not known;
- on a model whose input is one number: the first lesson is to find a line.

## References
- <https://keras.io/api/layers/activations/>
- Goodfellow, Bengio, Courville: Deep Learning, section 6.1
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from keraslint.graph import Call, Layer
from keraslint.graph.views import Link, Wiring, activation_of
from keraslint.rules.architecture.chains import DENSE, applies_nothing, argument, is_a, is_linear, is_same_kind, links
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.remedies import fix, set_activation


@rule("W7840", symptom=(Symptom.SLOWER, Symptom.PLATEAU))
def keras_linear_stack(wiring: Wiring) -> Iterator[Finding]:
    for link in () if _fits_a_line(wiring) else links(wiring):
        if _adds_nothing(link):
            first = link.first
            yield found(
                first.layer.span,
                f"`{_kind(first)}` without an activation before `{_kind(link.second)}`: together they compute no more "
                'than one layer can, and the loss stays higher; add `activation="relu"`',
                first.confidence,
                link.second.confidence,
                fix=fix("add a relu", set_activation(activation_of(first), "relu")),
                about=first,
            )


def _fits_a_line(wiring: Wiring) -> bool:
    """Whether the model is given one number: the first lesson is to find a line."""
    shape = wiring.model.input_shape
    return shape.rank == 2 and shape[-1] == 1


def _kind(call: Call) -> str:
    return call.layer.kind if isinstance(call.layer, Layer) else "layer"


def _adds_nothing(link: Link) -> bool:
    first, second = link.first, link.second
    return (
        is_linear(first)
        and is_same_kind(link)
        and _is_left_out(first)
        and all(map(applies_nothing, link.between))
        and first.layer is not second.layer
        and _has_wide_kernel(first)
        and _has_wide_kernel(second)
        and _is_free(first)
        and not _is_bottleneck(link)
    )


def _is_left_out(call: Call) -> bool:
    """No activation is written: one that is written, even `linear`, was chosen, or is handed in from elsewhere."""
    given = argument(call, "activation")
    return given is not None and given.is_default


def _is_free(call: Call) -> bool:
    """It trains, and only the loss looks at what it puts out."""
    regularizer = argument(call, "activity_regularizer")
    return isinstance(call.layer, Layer) and call.layer.trainable is True and regularizer == None  # noqa: E711


def _kernel_size(call: Call) -> tuple[int, ...] | None:
    size = argument(call, "kernel_size")
    value = size.value if size is not None else None
    sizes = (value,) if isinstance(value, int) else value
    known = isinstance(sizes, tuple | list) and all(isinstance(one, int) for one in sizes)
    return tuple(sizes) if known else None  # type: ignore[arg-type]


def _has_wide_kernel(call: Call) -> bool:
    """A Dense layer, or a plain convolution over several places along every axis."""
    if is_a(call, DENSE):
        return True
    size = _kernel_size(call)
    return size is not None and 1 not in size and argument(call, "groups") in (None, 1)


def _is_bottleneck(link: Link) -> bool:
    """Whether the first may be smaller than both its sides, so that it limits the rank."""
    units, features, wanted = link.first.output_shape[-1], link.first.input_shape[-1], link.second.output_shape[-1]
    if not (isinstance(units, int) and isinstance(features, int) and isinstance(wanted, int)):
        return True
    places = prod(_kernel_size(link.first) or (1,))
    return units < min(features * places, wanted)
