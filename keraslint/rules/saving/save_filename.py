"""A model is saved to, or loaded from, a name that Keras 3 does not know the format of.

## What it does
Reports a path of `model.save` or `save_model` that ends in none of `.keras`, `.h5` and `.hdf5`, one of `save_weights`
that does not end in `.weights.h5`, and one of `load_model` or `load_weights` that is the folder of a SavedModel which
the program has exported, or ends like a file that Keras 3 does not read (`.ckpt`, `.tf`, `.pb`).

## Why training fails
The model is trained, and then the call raises, so that what it learned is lost. Observed on Keras 3.15: `ValueError:
Invalid filepath extension for saving. Please add either a .keras extension for the native Keras format (recommended)
or a .h5 extension`, `The filename must end in .weights.h5`, `File format not supported: … Keras 3 only supports V3
.keras files, legacy H5 format files`. `save_format` chooses no format any more: `model.save("net", save_format="h5")`
raises, too, and beside a name that ends well it is ignored.

## Example
```python
model.save("net")
model.save_weights("weights.h5")
```

## Use instead
```python
model.save("net.keras")
model.save_weights("weights.weights.h5")
```
The fix changes the ending of a name that is written there, at every call of the program that names the same file.

## What it cannot see
Names of which the end is not known. `zipped=False` saves a folder under any name, and is not reported; nor is a
`load_model` or `load_weights` of a folder that the program has not made. Older versions take any name: a program that
pins one, or uses names that only they have, is left alone.

## References
- <https://keras.io/guides/serialization_and_saving/>
- <https://keras.io/api/models/model_saving_apis/model_saving_and_loading/>
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keraslint.edits import Edit, Fix, remove_argument, replace
from keraslint.graph import Confidence, FileCall, Program
from keraslint.rules.file_names import ends_otherwise, shown, with_ending
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import runs_on_keras_three
from keraslint.settings import Options

ENDINGS = {
    "save": (".keras", ".h5", ".hdf5"),
    "save_weights": (".weights.h5",),
    "load_model": (".keras", ".h5", ".hdf5"),
    "load_weights": (".keras", ".h5", ".hdf5", ".weights.json"),
}
"""What Keras 3.15 takes; a folder besides, of other kinds than a SavedModel."""

UNREAD = (".ckpt", ".hdf", ".pb", ".pkl", ".pt", ".pth", ".tf")
"""Endings of files, not folders, that Keras 2 or others write."""


@rule("E7942", symptom=Symptom.RAISES, even_untrained=True)
def keras_save_filename(program: Program, options: Options) -> Iterator[Finding]:
    wrong = [call for call in program.files if _writes_nowhere(call)]
    lost = [call for call in program.files if _reads_nothing(call, program.files)]
    if not (wrong or lost) or not runs_on_keras_three(program, options):
        return
    for call in wrong:
        yield _finding(call, program.files)
    saved_wrong = {call.path.value for call in wrong}
    for call in lost:
        if call.path.value not in saved_wrong:
            yield _finding(call, program.files)


def _writes_nowhere(call: FileCall) -> bool:
    """Whether Keras raises where it is to save there."""
    if call.method not in ("save", "save_weights") or not _proves(call):
        return False
    if any(call.argument(other) is not None for other in ("zipped", "max_shard_size")):
        return False
    return ends_otherwise(call.path, ENDINGS[call.method]) and not _is_remote(call)


def _reads_nothing(call: FileCall, files: Sequence[FileCall]) -> bool:
    if call.method not in ("load_model", "load_weights") or not _proves(call):
        return False
    if not ends_otherwise(call.path, ENDINGS[call.method]) or _is_remote(call):
        return False
    return call.ending.endswith(UNREAD) or _is_exported(call, files)


def _proves(call: FileCall) -> bool:
    return not call.open_ended and not (call.assumed and call.path.confidence is not Confidence.HIGH)


def _is_remote(call: FileCall) -> bool:
    return isinstance(call.path.value, str) and call.path.value.startswith("hf://")


def _is_exported(call: FileCall, files: Sequence[FileCall]) -> bool:
    """Whether the program itself has made the folder of a SavedModel there."""
    return any(other.method == "export" and other.path.value == call.path.value for other in files)


def _finding(call: FileCall, files: Sequence[FileCall]) -> Finding:
    name, ending = shown(call.path), _wanted(call)
    better = f"use `{with_ending(name, ending)}`"
    match call.method:
        case "save":
            said = f"`{name}` ends in neither `.keras` nor `.h5`: Keras 3 saves a model under no other name and raises"
        case "save_weights":
            said = f"`{name}` does not end in `.weights.h5`: Keras 3 saves weights under no other name and raises"
        case _ if _is_exported(call, files):
            said = f"`{name}` is a SavedModel that `export` wrote: Keras 3 loads no such folder and raises"
            better = f"save the model as `{with_ending(name, ending)}`, too, and load that"
        case _:
            said = f"`{name}` is no file that Keras 3 reads: it raises (File format not supported)"
            better = f"save it as `{with_ending(name, ending)}` and load that"
    fix = _fix(call, files, ending)
    return found(call.path, f"{said}; {better}", call.confidence, fix=fix, about=call)


def _wanted(call: FileCall) -> str:
    if call.method in ("save_weights", "load_weights"):
        return ".weights.h5"
    format_asked = call.argument("save_format")
    return ".h5" if format_asked is not None and format_asked == "h5" else ".keras"


def _fix(call: FileCall, files: Sequence[FileCall], ending: str) -> Fix | None:
    """Another ending wherever the same file is meant, and no `save_format`, which takes its side."""
    path = call.path
    if call.method not in ("save", "save_weights") or not isinstance(path.value, str):
        return None
    same = [other for other in files if other.path.value == path.value]
    if any(other.path.confidence is not Confidence.HIGH or other.method == "export" for other in same):
        return None
    edits = [replace(other.path.span, repr(with_ending(path.value, ending))) for other in same]
    return Fix(f"end it in `{ending}`", (*edits, *_without_format(call)))


def _without_format(call: FileCall) -> Iterator[Edit]:
    for given in call.arguments:
        if given.name == "save_format" and given.span is not None:
            yield remove_argument(given.span)
