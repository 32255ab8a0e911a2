"""ModelCheckpoint is given a file name that Keras 3 does not save to.

## What it does
Reports a `filepath` that ends in neither `.keras` nor `.h5`, and with `save_weights_only=True` one that does
not end in `.weights.h5`.

## Why training fails
The callback raises where it is made: `ValueError: The filepath provided must end in .keras`, or `When using
save_weights_only=True in ModelCheckpoint, the filepath provided must end in .weights.h5`. Observed on Keras 3.15.

## Example
```python
save = keras.callbacks.ModelCheckpoint("best.hdf5", save_best_only=True)
```

## Use instead
```python
save = keras.callbacks.ModelCheckpoint("best.keras", save_best_only=True)
```
The fix changes the ending of a name that is written there.

## What it cannot see
Names that are not known to their end. Older versions take any name: a program that pins one, or uses names that
only they have, is left alone.

## References
- <https://keras.io/api/callbacks/model_checkpoint/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph import Confidence, Fact, Program
from keraslint.graph.views import Callback
from keraslint.rules.file_names import ends_otherwise, shown, with_ending
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import runs_on_keras_three
from keraslint.settings import Options


@rule("E7884", symptom=Symptom.RAISES, even_untrained=True)
def keras_checkpoint_filename(program: Program, options: Options) -> Iterator[Finding]:
    wrong = [(callback, ending) for callback in Callback.of(program) if (ending := _missing(callback))]
    if not wrong or not runs_on_keras_three(program, options):
        return
    for callback, ending in wrong:
        file = callback.setting("filepath")
        what = "weights alone" if ending == ".weights.h5" else "a whole model"
        yield found(
            file,
            f"`{shown(file)}` does not end in `{ending}`: ModelCheckpoint saves {what} under no other name and raises; "
            f"use `{with_ending(shown(file), ending)}`",
            callback.confidence,
            fix=_fix(file, ending),
        )


def _missing(callback: Callback) -> str:
    """The ending that Keras wants and that is not there."""
    if not callback.is_a("ModelCheckpoint") or callback.instance.open_ended:
        return ""
    path, alone = callback.setting("filepath"), callback.setting("save_weights_only")
    if alone == True:  # noqa: E712 (a fact compares by value)
        return ".weights.h5" if ends_otherwise(path, (".weights.h5",)) else ""
    return ".keras" if alone == False and ends_otherwise(path, (".keras", ".h5")) else ""  # noqa: E712


def _fix(file: Fact[object], ending: str) -> Fix | None:
    if file.confidence is not Confidence.HIGH or not isinstance(file.value, str):
        return None
    return Fix(f"end it in `{ending}`", (replace(file.span, repr(with_ending(file.value, ending))),))
