"""A layer stands where a tensor is needed, or a tensor where a layer is.

## What it does
Reports a layer that was made and never called and yet goes into another layer, into `Model(…)` or into arithmetic
with a tensor (`x = Dense(10)` instead of `x = Dense(10)(x)`); a tensor among a layer's own arguments
(`Dense(10, x)`); and what is no layer in a `Sequential`: a tensor, a text, a list, a class without its parentheses, a
function, `None`.

## Why training fails
Keras raises when the model is built: `All outputs values must be KerasTensors`, `Only input tensors may be
passed as positional arguments`, `Could not interpret activation function identifier: <KerasTensor …>`, `Only
instances of keras.Layer can be added to a Sequential model`. Arithmetic is taken as it is, and the first step of
`fit` raises: `Failed to convert elements of <Dense name=dense> to Tensor`. Observed on Keras 3.15.

## Example
```python
x = layers.Dense(64, activation="relu", name="hidden")(inputs)
outputs = layers.Dense(10)
model = keras.Model(inputs, outputs)
```

## Use instead
```python
x = layers.Dense(64, activation="relu", name="hidden")(inputs)
outputs = layers.Dense(10)(x)
model = keras.Model(inputs, outputs)
```
The fix moves a tensor out of a layer's arguments, and calls a class; which tensor a layer was meant for, it
cannot know.

## What it cannot see
Layers in containers that are not read completely, and layers of classes of the file's own.

## References
- <https://keras.io/guides/functional_api/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph import Argument, Layer, Program, Span, Tensor
from keraslint.graph.views import Observation
from keraslint.rules.framework import Finding, Symptom, found, rule

TAKE_NO_TENSOR = frozenset(
    (
        *("Activation", "AveragePooling2D", "BatchNormalization", "Conv1D", "Conv2D", "Dense", "Dropout", "Embedding"),
        *("Flatten", "GRU", "GlobalAveragePooling2D", "LSTM", "LayerNormalization", "LeakyReLU", "MaxPooling2D"),
        *("ReLU", "UpSampling2D"),
    )
)
"""Layers that were seen to raise where a tensor is among their own arguments; `Softmax` only raises later."""


@rule("E7869", symptom=Symptom.RAISES, even_untrained=True)
def keras_layer_not_called(program: Program) -> Iterator[Finding]:
    for seen in program.observations:
        if not seen.assumed:
            yield from _seen(seen, program.calls_layer(seen.subject))
    for layer in program.layers:
        if not layer.in_file and layer.kind in TAKE_NO_TENSOR:
            yield from _tensor_among_arguments(layer)


def _seen(seen: Observation, called: bool) -> Iterator[Finding]:
    if seen.kind == "layer-as-tensor":
        made = seen.subject if isinstance(seen.subject, Layer) else None
        layer = made.kind if made is not None else "layer"
        if made is not None and not called and made.span.is_known and not made.span.file and made.span != seen.span:
            yield found(
                made.span,
                f"this `{layer}` is never called, and in line {seen.span.line} `{seen.name}` needs a tensor: Keras "
                f"raises; call it on the tensor before it, `{layer}(…)(x)`",
                seen.confidence,
                about=made,
            )
            return
        yield found(
            seen.span,
            f"this is the layer `{layer}` itself, where `{seen.name}` needs a tensor: Keras raises; "
            f"call it on the tensor before it, `{layer}(…)(x)`",
            seen.confidence,
            about=seen.subject,
        )
    elif seen.kind == "not-a-layer":
        remedy = "give the layer without calling it" if seen.name == "a tensor" else "give an instance of a layer"
        if seen.name.startswith("the class"):
            remedy = "make one by `()`"
        elif seen.name == "a list":
            remedy = "add the layers one by one, or unpack it: `*[…]`"
        yield found(
            seen.span,
            f"{seen.name} is no layer, so Keras raises when it is added to the Sequential; {remedy}",
            seen.confidence,
            fix=_made(seen) if seen.name.startswith("the class") else None,
        )


def _made(seen: Observation) -> Fix:
    end = Span(seen.span.end_line, seen.span.end_column, seen.span.end_line, seen.span.end_column, seen.span.file)
    return Fix("make an instance", (replace(end, "()"),))


def _tensor_among_arguments(layer: Layer) -> Iterator[Finding]:
    given = [argument for argument in layer.arguments if argument.position is not None]
    for place, argument in enumerate(given):
        tensor = argument.value
        if tensor.is_a(Tensor) and argument.span is not None:
            yield found(
                tensor,
                f"a tensor is given to `{layer.kind}` as its argument `{argument.name}`, so Keras raises; "
                f"call the layer on it: `{layer.kind}(…)(x)`",
                layer.confidence,
                fix=_call_on(given[:place], argument) if len(layer.arguments) == place + 1 else None,
                about=layer,
            )


def _call_on(before: list[Argument], tensor: Argument) -> Fix | None:
    """``Dense(10, x)`` as ``Dense(10)(x)``: what stands between the two becomes the end of one call and the start of
    another."""
    assert tensor.span is not None
    start = before[-1].span if before else None
    line, column = (start.end_line, start.end_column) if start else (tensor.span.line, tensor.span.column)
    gap = Span(line, column, tensor.span.line, tensor.span.column, tensor.span.file)
    return Fix("call the layer on the tensor", (replace(gap, ")("),))
