"""What `add` returns, or a builder without `return`, is used as a model, and is None.

## What it does
Reports `model = model.add(…)` and `Sequential().add(…).add(…)`, and `model = build()` where the function
`build` returns nothing, when a method of models is asked of the result.

## Why training fails
`Sequential.add` changes the model in place and returns None, as a function without `return` does. The next
line raises `AttributeError: 'NoneType' object has no attribute 'compile'`.

## Example
```python
model = keras.Sequential()
model = model.add(layers.Dense(1))
model.compile(loss="mse")
```

## Use instead
```python
model = keras.Sequential()
model.add(layers.Dense(1))
model.compile(loss="mse")
```

## What it cannot see
A result that is never used, or that goes through attributes and containers.

## References
- <https://keras.io/api/models/sequential/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Program
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("E7870", symptom=Symptom.RAISES, even_untrained=True)
def keras_add_returns_none(program: Program) -> Iterator[Finding]:
    adds = {seen.span: seen.name for seen in program.observations if seen.kind == "result-used"}
    for seen in program.observations:
        if seen.kind != "none-as-model" or seen.assumed:
            continue
        method = adds.get(seen.span)
        if method is not None:
            fact = f"`{method}` changes the model in place and returns None"
            remedy = f"write `model.{method}(…)` as a statement of its own"
        else:
            fact, remedy = "this call returns None", "let the function `return` its model"
        yield found(
            seen.span,
            f"{fact}, so `.{seen.name}` raises ('NoneType' object has no attribute '{seen.name}'); {remedy}",
            seen.confidence,
        )
