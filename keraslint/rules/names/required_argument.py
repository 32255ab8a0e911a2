"""An argument without a default is not given.

## What it does
Reports a layer, optimizer, loss, metric or callback that is made without an argument that the targeted Keras
requires: `AveragePooling2D()` (`pool_size` had a default in Keras 2), `Dense(activation="relu")`.

## Why training fails
The program ends there: `TypeError: AveragePooling2D.__init__() missing 1 required positional argument:
'pool_size'`.

## Example
```python
model.add(layers.AveragePooling2D())
```

## Use instead
```python
model.add(layers.AveragePooling2D(pool_size=2))
```
The fix gives the default that an older Keras had, where it had one.

## What it cannot see
Arguments in `*args` and `**kwargs`.

## References
- <https://keras.io/guides/migrating_to_keras_3/>
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from keraslint import keras_api
from keraslint.edits import Fix, add_argument
from keraslint.graph import Program
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.names.written import Written, written_calls
from keraslint.rules.versions import judged_by
from keraslint.settings import Options

FUNCTIONS = frozenset(
    f"keras.layers.{kind}"
    for kind in ("Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Subtract")
)
"""Layers that functions of theirs (`keras.layers.dot`) make with defaults of their own."""


@rule("E7962", symptom=Symptom.RAISES, even_untrained=True)
def keras_required_argument(program: Program, options: Options) -> Iterator[Finding]:
    targets = judged_by(program, options)
    for call in written_calls(program) if targets else ():
        if call.open_ended or call.unpacks or call.name in FUNCTIONS or call.name.startswith("keras.Model."):
            continue
        missing = _missing(call, targets)
        if missing is not None:
            default = _old_default(call.name, missing)
            yield found(
                call.span,
                f"`{call.kind}` is made without `{missing}`, which Keras {options.version or targets[-1]} requires: it "
                f"raises (missing 1 required positional argument: '{missing}'); give it",
                call.confidence,
                fix=Fix(f"give `{missing}`", (add_argument(call.span, f"{missing}={default!r}"),)) if default else None,
                about=call.part,
            )


def _missing(call: Written, targets: tuple[str, ...]) -> str | None:
    """The first parameter that all targets require and the call does not give."""
    required = _required_by_all(call.name, targets)
    given = {argument.name for argument in call.arguments} if required else ()
    written = {argument.written for argument in call.arguments} if required else ()
    return next((name for name in required if name not in given and name not in written), None)


@cache
def _required_by_all(name: str, targets: tuple[str, ...]) -> tuple[str, ...]:
    first, *others = (_required(name, target) for target in targets)
    return tuple(parameter for parameter in first if all(parameter in names for names in others))


def _required(name: str, version: str) -> tuple[str, ...]:
    symbol = keras_api.symbol(name)
    parameters = symbol.parameters(version) if symbol is not None else ()
    return tuple(p.name for p in parameters if p.default is keras_api.REQUIRED and not p.kind.startswith("var_"))


def _old_default(name: str, parameter: str) -> object:
    """What it was by default in the last version that had one."""
    symbol = keras_api.symbol(name)
    for version in reversed(symbol.versions if symbol else ()):
        for one in symbol.parameters(version) if symbol else ():
            if one.name == parameter and isinstance(one.default, int | float | str | tuple):
                return one.default
    return None
