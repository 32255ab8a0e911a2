"""Arguments of a callback stand inside the `format` of its file name, which swallows them.

## What it does
Reports a keyword of ModelCheckpoint, CSVLogger, TensorBoard and other callbacks, layers and the like that is
given to a `.format(…)` among their arguments: the bracket is closed too late.

## Why training fails
`format` takes any keyword and ignores those that its text does not name. The callback never sees
`save_best_only` or `monitor` and goes on with its defaults, without a word: ModelCheckpoint keeps the last
epoch, not the best. Observed on Keras 3.15.

## Example
```python
save = keras.callbacks.ModelCheckpoint("{}.keras".format(name, save_best_only=True))
```

## Use instead
```python
save = keras.callbacks.ModelCheckpoint("{}.keras".format(name), save_best_only=True)
```
The fix moves the argument out of the bracket.

## What it cannot see
A name that is made in another statement.

## References
- <https://keras.io/api/callbacks/model_checkpoint/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, add_argument, remove_argument
from keraslint.graph import KerasObject
from keraslint.graph.views import Observation
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("W7894", symptom=Symptom.NONE, even_untrained=True)
def keras_arguments_inside_format(seen: Observation) -> Iterator[Finding]:
    if seen.kind != "argument-in-format":
        return
    name = seen.name.partition("=")[0]
    made = seen.subject
    yield found(
        seen.span,
        f"`{name}` stands inside `format(…)`, which ignores it: `{getattr(made, 'kind', 'the call')}` goes on with its "
        "default; close the bracket before it",
        seen.confidence,
        fix=_fix(seen, made) if isinstance(made, KerasObject) else None,
    )


def _fix(seen: Observation, made: KerasObject) -> Fix:
    return Fix("move it out", (remove_argument(seen.span), add_argument(made.span, seen.name)))
