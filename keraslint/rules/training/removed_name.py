"""A module, name or method of Keras that the targeted version no longer has.

## What it does
Reports an import out of `keras` or `tensorflow.keras` that worked in an older version and fails in the
targeted one: modules that were dissolved (`keras.utils.np_utils`, `keras.layers.recurrent`,
`keras.layers.experimental`), names that were dropped (`CuDNNLSTM`, `multi_gpu_model`). It is reported once
for a statement, with what has the name today. Where all imports work, it reports the names that are asked for
later: functions (`K.set_value`, `K.mean`), classes (`keras.layers.CuDNNLSTM`) and methods of models
(`fit_generator`, `predict_classes`), each once. The target is the option `keras-version`, else the newest
Keras that keraslint knows.

## Why training fails
The program ends where it imports: `ModuleNotFoundError: No module named 'keras.utils.np_utils'`,
`ImportError: cannot import name 'CuDNNLSTM' from 'keras.layers'`. A name that is asked for later raises there:
`AttributeError: module 'keras.backend' has no attribute 'set_value'`, `'Sequential' object has no attribute
'fit_generator'`. Observed on Keras 3.15.

## Example
```python
from keras.layers.core import Dense
from keras.utils import np_utils
```

## Use instead
```python
from keras.layers import Dense
from keras.utils import to_categorical
```
The fix rewrites a statement on one line whose names all lie in one module today, under the names that they
had. Where the names changed, what follows the import must change with them.

## What it cannot see
Methods of a model that is not built in sight, and what no version of Keras promised: `keras.src`. It is silent
where the file reckons with another Keras: in a `try`, under an `if`, where a `__version__` is compared or
`TF_USE_LEGACY_KERAS` is set; and about packages that stopped at Keras 2 (`tf_keras`, `tensorflow.python.keras`,
`tensorflow.compat.v1.keras`). `ImageDataGenerator` and `Tokenizer` are gone from `keras` alone:
`tensorflow.keras` still has them.

## References
- <https://keras.io/guides/migrating_to_keras_3/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint import keras_api
from keraslint.edits import Fix, replace
from keraslint.graph import Confidence, Import, Program, Span
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import gone_names, imports_fail, is_gone, targets_of
from keraslint.settings import Options


@rule("E7895", symptom=Symptom.RAISES)
def keras_removed_name(program: Program, options: Options) -> Iterator[Finding]:
    targets = targets_of(options)
    if not targets:
        return
    target = options.version if len(targets) > 1 else targets[0]
    if not imports_fail(program, targets):
        yield from _asked_later(program, targets, target)
    for statement in program.imports:
        gone = gone_names(statement, targets)
        if gone:
            today = {path: keras_api.successor_of_import(path, targets[-1]) for path in gone}
            yield found(
                statement.span,
                f"Keras {target} no longer has {_shown(statement, gone, targets)}: the import raises; "
                + _remedy(today, target),
                Confidence.HIGH,
                fix=_fix(statement, today),
            )


METHODS = {
    "evaluate_generator": "use `evaluate`",
    "fit_generator": "use `fit`",
    "get_losses_for": "use `losses`",
    "predict_classes": "use `predict(x).argmax(axis=-1)`, or `predict(x) > 0.5` for one unit",
    "predict_generator": "use `predict`",
    "predict_proba": "use `predict`",
    "reset_states": "call `reset_state()` of each recurrent layer",
    "to_yaml": "use `to_json`",
}
"""What took the place of a model's methods."""

SAME_CALL = frozenset({"evaluate_generator", "fit_generator", "predict_generator", "predict_proba"})
"""Methods whose successors take the same arguments under the same names, as far as they still have them."""

BACKEND = "keras.backend."


BACKEND_TODAY = {
    "function": "use `keras.Model(inputs, outputs)`",
    "get_value": "use `keras.ops.convert_to_numpy`",
    "learning_phase": "use the argument `training`",
    "set_value": "use `variable.assign(value)`, and for a learning rate `optimizer.learning_rate = value`",
}
"""What takes the place of functions that manage state."""


def _asked_later(program: Program, targets: tuple[str, ...], target: str) -> Iterator[Finding]:
    """What the program asks for by an attribute: each name once, not the module that it lies in, and all of the
    backend at once."""
    gone = [seen for seen in program.observations if seen.kind == "name-gone" and _is_gone_later(seen.name, targets)]
    first = {seen.name: seen for seen in reversed(gone)}
    of_backend = [name for name in dict.fromkeys(seen.name for seen in gone) if name.startswith(BACKEND)]
    for name in dict.fromkeys(seen.name for seen in gone):
        if name in of_backend[1:] or any(other.startswith(f"{name}.") for other in first):
            continue
        seen, last = first[name], name.rpartition(".")[2]
        message = f"Keras {target} no longer has `{name}`"
        if name in of_backend and len(of_backend) > 1:
            message += f", nor {_others(of_backend[1:])}"
        yield found(
            seen.span,
            f"{message}: the program raises `AttributeError`; {_instead(name, last, targets[-1], target)}",
            seen.confidence,
            fix=_rename(seen.span, name, last, targets[-1]),
            about=seen,
        )


def _is_gone_later(name: str, targets: tuple[str, ...]) -> bool:
    if name.startswith("keras.Model."):
        return all(target.startswith("3.") for target in targets)
    return is_gone(name, targets)


def _others(names: list[str]) -> str:
    shown = ", ".join(f"`{name.removeprefix(BACKEND)}`" for name in names[:4])
    return f"{shown} and {len(names) - 4} more" if len(names) > 4 else shown


def _instead(name: str, last: str, newest: str, target: str) -> str:
    if name.startswith("keras.Model."):
        return METHODS.get(last, "nothing took its place")
    if name.startswith(BACKEND) and last in BACKEND_TODAY:
        return BACKEND_TODAY[last]
    if name.startswith(BACKEND) and keras_api.symbol(f"keras.ops.{last}") is not None:
        return f"use `keras.ops.{last}`"
    today = keras_api.successor_of_import(name, newest)
    return _remedy({name: today}, target)


def _rename(span: Span, name: str, last: str, newest: str) -> Fix | None:
    """Another name in the same place."""
    if name.startswith("keras.Model."):
        today: str | None = METHODS[last].removeprefix("use ").strip("`") if last in SAME_CALL else None
    else:
        found_today = keras_api.successor_of_import(name, newest) or ""
        same_module = found_today.rpartition(".")[0] == name.rpartition(".")[0]
        today = found_today.rpartition(".")[2] if same_module else None
    return Fix(f"use `{today}`", (replace(span, today),)) if today else None


def _shown(statement: Import, gone: tuple[str, ...], targets: tuple[str, ...]) -> str:
    """The module where it is gone as a whole, else the names."""
    if statement.module and is_gone(statement.module, targets):
        return f"`{statement.module}`"
    return _listed(gone)


def _listed(paths: tuple[str, ...]) -> str:
    return ", ".join(f"`{path}`" for path in dict.fromkeys(paths))


def _remedy(today: dict[str, str | None], target: str) -> str:
    known = tuple(name for name in today.values() if name)
    lost = tuple(path.rpartition(".")[2] for path, name in today.items() if not name)
    if not known:
        return f"nothing took its place: install the Keras that the program is for (`keras<{target.partition('.')[0]}`)"
    return f"use {_listed(known)}" + (f" (nothing took the place of {_listed(lost)})" if lost else "")


def _fix(statement: Import, today: dict[str, str | None]) -> Fix | None:
    """The same names out of the one module that has them all today."""
    span, names = statement.span, [name for name, _ in statement.names]
    modules = {name.rpartition(".")[0] if name else "" for name in today.values()}
    same = all(name and name.rpartition(".")[2] == path.rpartition(".")[2] for path, name in today.items())
    if not statement.module or not same or len(modules) != 1 or len(today) != len(names) or "*" in names:
        return None
    if span.line != span.end_line:
        return None  # what stands between the names, comments too, would be lost
    listed = ", ".join(f"{name} as {alias}" if alias else name for name, alias in statement.names)
    [module] = modules
    return Fix(f"import from `{module}`", (replace(span, f"from {module} import {listed}"),))
