"""A model that was saved with a loss, metric or layer of the program's own is loaded without it.

## What it does
Reports a `load_model` of a file that the same program writes (`model.save`, `save_model`, a `ModelCheckpoint` of whole
models) where the model holds what Keras does not know by name: a loss, metric, optimizer or schedule that was given to
compile, or a layer, activation, initializer, regularizer or model class, which is neither registered nor among the
`custom_objects`.

## Why training fails
A file holds the name and no more. Observed on Keras 3.15: `TypeError: Could not locate function 'my_loss'. Make sure
custom classes and functions are decorated with @keras.saving.register_keras_serializable()`; from `.h5` it is
`ValueError: Unknown layer: 'MyLayer'`, `Could not interpret loss identifier` or `TypeError: string indices must be
integers`. With `compile=False` losses, metrics and optimizers are not looked for; layers and activations always are.

Two things raise although they are not the program's own. A Python lambda, as of a `Lambda` layer, is refused:
`ValueError: Requested the deserialization of a Lambda layer whose function is a Python lambda. This carries a
potential risk of arbitrary code execution`. And an `.h5` file does not find a loss by its short name: `Could not
deserialize 'keras.metrics.mse'`, while `"mean_squared_error"` is found.

## Example
```python
model.compile("adam", loss=dice_loss)
model.fit(images, masks)
model.save("unet.keras")
model = keras.models.load_model("unet.keras")
```

## Use instead
```python
model.compile("adam", loss=dice_loss)
model.fit(images, masks)
model.save("unet.keras")
model = keras.models.load_model("unet.keras", custom_objects={"dice_loss": dice_loss})
```
The fix names what is missing, where the module has it under its own name.

## What it cannot see
Files that another program writes, or of which the place is worked out anew. It is silent in files that fill Keras's
registry by hand (`get_custom_objects`, `custom_object_scope`), and about what has a decorator that it does not know. A
metric, or a loss in a list, is found missing in an `.h5` file only when the model is evaluated, and is not reported
there.

## References
- <https://keras.io/guides/serialization_and_saving/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, add_argument, replace
from keraslint.graph import Confidence, Fact, FileCall, OwnPart, Program, Saved
from keraslint.rules.file_names import shown
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import runs_on_keras_three
from keraslint.settings import Options

NATIVE = (".keras",)
LEGACY = (".h5", ".hdf5")
SHORT = {
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "kld": "kl_divergence",
    "bce": "binary_crossentropy",
}
"""Losses that an `.h5` file does not find by these names, in small letters or capitals, and the names that it finds."""


@rule("E7940", symptom=Symptom.RAISES, even_untrained=True)
def keras_load_without_custom_objects(program: Program, options: Options) -> Iterator[Finding]:
    loads = [call for call in program.files if call.saved is not None and not call.open_ended and not call.assumed]
    if not loads or _fills_the_registry(program) or _is_of_keras(program) or not runs_on_keras_three(program, options):
        return
    allows_lambdas = any(seen.kind == "unsafe-loading" for seen in program.observations)
    for call in loads:
        given = _names_given(call)
        if call.saved is None or given is None:
            continue
        missing = [part for part in _looked_up(call, call.saved) if part.name not in given]
        if allows_lambdas or not _is_safe(call):
            missing = [part for part in missing if not part.is_lambda]
        if missing:
            yield found(call.span, _said(call, missing), call.confidence, fix=_fix(call, missing), about=call)
        else:
            yield from _short_losses(call, call.saved, given)


def _fills_the_registry(program: Program) -> bool:
    return any(seen.kind == "custom-objects" for seen in program.observations)


def _is_of_keras(program: Program) -> bool:
    """Whether it is a file of Keras itself, whose own classes are found by their modules."""
    return any(statement.module.partition(".src")[1] for statement in program.imports)


def _names_given(call: FileCall) -> frozenset[str] | None:
    """The names among its `custom_objects`; None where they are not known."""
    given = call.argument("custom_objects")
    value = given.value if given is not None else None
    if value is None:
        return frozenset()
    return frozenset(value) if isinstance(value, dict) else None


def _compiles(call: FileCall) -> bool:
    given = call.argument("compile")
    return given is None or given == True  # noqa: E712 (a fact compares by value)


def _is_safe(call: FileCall) -> bool:
    given = call.argument("safe_mode")
    return given is None or given == True  # noqa: E712 (a fact compares by value)


def _looked_up(call: FileCall, saved: Saved) -> tuple[OwnPart, ...]:
    """What surely is looked for by its name when the file is read, and raises where it is not found."""
    end = call.ending
    formats = [kind for kind in (NATIVE, LEGACY) if end.endswith(kind) or any(one.endswith(end) for one in kind)]
    parts = saved.parts if _compiles(call) else tuple(part for part in saved.parts if not part.compiled)
    if not formats:
        return ()  # it is never saved there
    if LEGACY not in formats:
        return parts
    return tuple(part for part in parts if not part.compiled or (saved.with_optimizer and _is_found_missing(part)))


def _is_found_missing(part: OwnPart) -> bool:
    """Whether an `.h5` file that lacks it raises already when it is read."""
    return part.alone and part.kind != "metric"


def _short_losses(call: FileCall, saved: Saved, given: frozenset[str]) -> Iterator[Finding]:
    if not (call.ending.endswith(LEGACY) and _compiles(call) and saved.with_optimizer):
        return
    for loss in saved.short_losses:
        name = str(loss.value)
        long = SHORT.get(name.lower())
        if long is not None and name in (name.lower(), name.upper()) and name not in given:
            message = (
                f'{_place(call)} was saved with `loss="{name}"`, a name that is not found in an `.h5` file: '
                f"`load_model` raises (Could not deserialize 'keras.metrics.{name}'); compile with "
                f'`loss="{long}"`, or save as `.keras`'
            )
            yield found(call.span, message, call.confidence, fix=_long(loss, long), about=call)
            return


def _long(loss: Fact[object], name: str) -> Fix | None:
    if loss.confidence is not Confidence.HIGH:
        return None
    return Fix(f'write `"{name}"`', (replace(loss.span, f'"{name}"'),))


def _place(call: FileCall) -> str:
    return f"`{shown(call.path)}`" if call.ending else "the file"


def _said(call: FileCall, missing: list[OwnPart]) -> str:
    where = _place(call)
    lambdas = [part for part in missing if part.is_lambda]
    if lambdas:
        what = "`Lambda` layer" if lambdas[0].of_lambda_layer else lambdas[0].kind
        return (
            f"{where} was saved with a Python lambda as its {what}, which `load_model` refuses: it raises "
            "(safe_mode); write it as a function or layer that is registered"
        )
    by_name = {part.name: part for part in missing}
    names = ", ".join(f"`{name}`" for name in by_name)
    remedy = ", ".join(f'"{name}": {name if part.at_hand else "…"}' for name, part in by_name.items())
    kinds = {part.kind for part in missing}
    kind = f"{missing[0].kind} " if len(kinds) == 1 else ""
    return (
        f"{where} was saved with the {kind}{names}, of which it holds the name only: `load_model` does not find it "
        f"and raises; give `custom_objects={{{remedy}}}`"
    )


def _fix(call: FileCall, missing: list[OwnPart]) -> Fix | None:
    if call.argument("custom_objects") is not None or not all(part.at_hand for part in missing):
        return None
    named = ", ".join(f'"{name}": {name}' for name in dict.fromkeys(part.name for part in missing))
    return Fix("name what it was saved with", (add_argument(call.span, f"custom_objects={{{named}}}"),))
