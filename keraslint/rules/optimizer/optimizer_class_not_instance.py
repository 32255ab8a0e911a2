"""An optimizer's class is given to `compile` where an instance belongs.

## What it does
Reports `optimizer=Adam`: the class itself, by whatever name it was imported.

## Why training fails
`compile` raises: `ValueError: Could not interpret optimizer identifier: <class
'keras.src.optimizers.adam.Adam'>`. Observed on Keras 3.15.

## Example
```python
model.compile(optimizer=keras.optimizers.Adam, loss="mse")
```

## Use instead
```python
model.compile(optimizer=keras.optimizers.Adam(), loss="mse")
```
The fix adds the parentheses. The string `"adam"` does the same.

## What it cannot see
A class that reaches `compile` through a parameter or a dict that is not in sight.

## References
- <https://keras.io/api/optimizers/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph.views import Optimizer
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("E7836", symptom=Symptom.RAISES, even_untrained=True)
def keras_optimizer_class_not_instance(optimizer: Optimizer) -> Iterator[Finding]:
    if optimizer.is_class and optimizer.trainings:
        span = optimizer.span
        end = span._replace(line=span.end_line, column=span.end_column)
        yield found(
            span,
            f"the class `{optimizer.kind}` is given as optimizer, not an instance: `compile` raises; "
            f"call it: `{optimizer.kind}()`",
            optimizer.confidence,
            fix=Fix("make an instance", (replace(end, "()"),)),
        )
