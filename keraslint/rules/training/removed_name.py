"""An import of a Keras module or name that the targeted version no longer has.

## What it does
Reports an import out of `keras` or `tensorflow.keras` that worked in an older version and fails in the
targeted one: modules that were dissolved (`keras.utils.np_utils`, `keras.layers.recurrent`,
`keras.layers.experimental`), names that were dropped (`CuDNNLSTM`, `multi_gpu_model`). It is reported once
for a statement, with what has the name today. The target is the option `keras-version`, else the newest
Keras that keraslint knows.

## Why training fails
The program ends where it imports: `ModuleNotFoundError: No module named 'keras.utils.np_utils'`,
`ImportError: cannot import name 'CuDNNLSTM' from 'keras.layers'`. Observed on Keras 3.15.

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
Names that are reached by attributes, as `keras.layers.CuDNNLSTM`, and what no version of Keras promised:
`keras.src`. It is silent where the file reckons with another Keras: in a `try`, under an `if`, where a
`__version__` is compared or `TF_USE_LEGACY_KERAS` is set; and about packages that stopped at Keras 2
(`tf_keras`, `tensorflow.python.keras`, `tensorflow.compat.v1.keras`). `ImageDataGenerator` and `Tokenizer`
are gone from `keras` alone: `tensorflow.keras` still has them.

## References
- <https://keras.io/guides/migrating_to_keras_3/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint import keras_api
from keraslint.edits import Fix, replace
from keraslint.graph import Confidence, Import, Program
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import gone_names, is_gone, targets_of
from keraslint.settings import Options


@rule("E7895", symptom=Symptom.RAISES)
def keras_removed_name(program: Program, options: Options) -> Iterator[Finding]:
    targets = targets_of(options)
    if not targets:
        return
    target = options.version if len(targets) > 1 else targets[0]
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
