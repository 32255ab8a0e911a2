"""A program sets `optimizer.lr`, which Keras 3 does not know: the learning rate stays as it was.

## What it does
Reports an assignment to `lr` of an optimizer in a program for Keras 3.

## Why training fails
It raises nothing and changes nothing: Python makes a new attribute `lr`, and the optimizer goes on with
`learning_rate`. Observed on Keras 3.15: after `model.optimizer.lr = 0.5` the rate was still 0.001.

## Example
```python
model.optimizer.lr = 1e-4
model.fit(features, targets)
```

## Use instead
```python
model.optimizer.learning_rate = 1e-4
model.fit(features, targets)
```
The fix renames the attribute.

## What it cannot see
An optimizer that comes from out of sight. To read `optimizer.lr` raises by itself, so that nobody trains with it.
Older versions have `lr`: a program that pins one, or uses names that only they have, is left alone.

## References
- <https://keras.io/guides/migrating_to_keras_3/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph import Program
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import runs_on_keras_three
from keraslint.settings import Options


@rule("E7839", symptom=Symptom.NONE)
def keras_optimizer_lr_attribute(program: Program, options: Options) -> Iterator[Finding]:
    seen = [seen for seen in program.observations if seen.kind == "optimizer-lr"]
    if seen and runs_on_keras_three(program, options):
        for place in seen:
            span = place.span
            last = span._replace(line=span.end_line, column=span.end_column - len("lr"))
            yield found(
                span,
                f"`lr` of `{place.name}` means nothing to Keras 3: the learning rate does not change; "
                "set `learning_rate`",
                place.confidence,
                fix=Fix("set `learning_rate`", (replace(last, "learning_rate"),)),
                about=place,
            )
