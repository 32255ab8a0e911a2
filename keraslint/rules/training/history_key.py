"""A name is looked up in the history of a fit that never logged it.

## What it does
Reports `history.history["acc"]` where the fit logs `accuracy`, and `history.history["val_loss"]` where it was
given no validation data.

## Why training fails
`KeyError: 'acc'`, after the whole training is done. Keras logs a metric under the name that `compile` was given.
Observed on Keras 3.15.

## Example
```python
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
history = model.fit(features, labels)
plt.plot(history.history["acc"])
```

## Use instead
```python
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
history = model.fit(features, labels)
plt.plot(history.history["accuracy"])
```
The fix writes the name that is logged.

## What it cannot see
Names that are computed, a history that goes through functions, and one that is looked at under a test or in a
`try`. It is silent where not every logged name is known: a custom layer, `train_step` or callback may add some.
Of a file for an older Keras the names of that Keras count.

## References
- <https://keras.io/api/models/model_training_apis/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph import Program
from keraslint.graph.views import Run
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.training.logged import logged_instead, names_logged
from keraslint.rules.versions import judged_by
from keraslint.settings import Options


@rule("E7893", symptom=Symptom.RAISES)
def keras_history_key(program: Program, options: Options) -> Iterator[Finding]:
    asked = [seen for seen in program.observations if seen.kind == "history-key"]
    targets = judged_by(program, options) if asked else ()
    for seen in asked if targets else ():
        runs = [run for run in Run.of(program) if run.span == seen.subject]
        known = [names_logged(run, targets) for run in runs]
        logged = [names for names in known if names is not None]
        if not runs or len(logged) < len(known) or any(seen.name in names for names in logged):
            continue
        instead = logged_instead(seen.name, logged[0])
        listed = ", ".join(f"`{name}`" for name in sorted(logged[0]))
        yield found(
            seen.span,
            f"fit does not log `{seen.name}` ({listed}): the history raises `KeyError` after training; "
            + (f"use `{instead}`" if instead else "use one of these"),
            seen.confidence,
            *(run.confidence for run in runs),
            fix=Fix(f"use `{instead}`", (replace(seen.span, f'"{instead}"'),)) if instead else None,
            about=runs[0],
        )
