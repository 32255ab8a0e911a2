"""An Embedding has fewer rows than its data have numbers.

## What it does
Reports an `Embedding` whose `input_dim` is not larger than the greatest index in the array that the model is
given.

## Why training fails
Indices run from 0 to `input_dim - 1`. On a CPU TensorFlow raises `indices[0,0] = 10 is not in [0, 10)`; on a
GPU it reads zeros in silence, so the rare words learn nothing.

## Example
```python
model = keras.Sequential([layers.Embedding(1000, 16), layers.GlobalAveragePooling1D(), layers.Dense(1)])
model.fit(np.random.randint(1, 1001, size=(256, 20)), y)
```

## Use instead
```python
model = keras.Sequential([layers.Embedding(1001, 16), layers.GlobalAveragePooling1D(), layers.Dense(1)])
model.fit(np.random.randint(1, 1001, size=(256, 20)), y)
```
For a `Tokenizer` that is `len(tokenizer.word_index) + 1`, since its indices begin at 1.

## What it cannot see
Vocabularies whose size is not known, which are most.

## References
- <https://keras.io/api/layers/core_layers/embedding/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph import Fit, Layer, Span, Unknown
from keraslint.graph.views import Wiring
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("E7866", symptom=Symptom.RAISES, even_untrained=True)
def keras_embedding_too_small(fit: Fit) -> Iterator[Finding]:
    if fit.assumed or len(fit.inputs) != len(fit.model.inputs):
        return
    wiring = Wiring(fit.model)
    for tensor, array in zip(fit.model.inputs, fit.inputs, strict=True):
        if array is None or fit.x is None or array.encoding == "continuous":
            continue
        top = array.high
        for call in wiring.consumers(tensor):
            layer = call.layer
            if isinstance(layer, Layer) and layer.class_name == "keras.layers.Embedding":
                rows = layer.argument("input_dim")
                if isinstance(top, Unknown) and rows.value is top:
                    yield found(
                        rows,
                        "the Embedding has as many rows as there are words and the indices count from 1: the last "
                        "word has no row, TensorFlow raises (indices not in the table), on a GPU it reads zeros; use "
                        "one row more, `len(word_index) + 1`",
                        fit.x,
                        fit.confidence,
                        call.confidence,
                        fix=Fix("make room for every index", (replace(_end_of(rows.span), " + 1"),)),
                        about=call,
                    )
                elif isinstance(top, int | float) and rows <= top:
                    yield found(
                        rows,
                        f"the Embedding has {rows.value} rows and the data go up to {top:.0f}: TensorFlow raises "
                        f"(indices not in [0, {rows.value})), on a GPU it reads zeros; use at least {top + 1:.0f}",
                        fit.x,
                        fit.confidence,
                        call.confidence,
                        fix=Fix("make room for every index", (replace(rows.span, f"{top + 1:.0f}"),)),
                        about=call,
                    )


def _end_of(span: Span) -> Span:
    return Span(span.end_line, span.end_column, span.end_line, span.end_column)
