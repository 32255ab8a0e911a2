"""A keyword that no version of Keras takes: most often a slip of the pen.

## What it does
Reports a keyword of a layer, optimizer, loss, metric or callback, of `compile` or of `fit`, that the targeted
Keras rejects and that no other version knows either, with the nearest name that it does know:
`EarlyStopping(montior="loss")`, `LSTM(32, return_sequence=True)`, `compile(metric=["mae"])`.

## Why training fails
The program ends there: `TypeError: EarlyStopping.__init__() got an unexpected keyword argument 'montior'`,
`ValueError: Unrecognized keyword arguments passed to LSTM: {'return_sequence': True}`.

## Example
```python
model.add(layers.LSTM(32, return_sequence=True))
```

## Use instead
```python
model.add(layers.LSTM(32, return_sequences=True))
```
The fix renames the keyword where a similar one exists.

## What it cannot see
Keywords inside `**kwargs`, and calls of classes that the file derives from Keras's. A keyword that an older
version took is keras-removed-argument.

## References
- <https://keras.io/api/>
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from keraslint import keras_api
from keraslint.edits import Fix, replace
from keraslint.graph import Argument, Program, Span
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.names.written import Written, written_calls
from keraslint.rules.versions import judged_by, once_accepted
from keraslint.settings import Options


@rule("E7961", symptom=Symptom.RAISES, even_untrained=True)
def keras_unknown_argument(program: Program, options: Options) -> Iterator[Finding]:
    targets = judged_by(program, options)
    for call in written_calls(program) if targets else ():
        for argument in call.arguments:
            written, span = argument.written, argument.span
            if written is not None and span is not None and _is_unknown(call.name, written, targets):
                yield _finding(call, argument, span, targets[-1])


@lru_cache(maxsize=4096)
def _is_unknown(name: str, written: str, targets: tuple[str, ...]) -> bool:
    """Whether no version of what is called takes the keyword."""
    rejected = all(keras_api.refuses(name, written, target) for target in targets)
    return rejected and not once_accepted(name, written)


def _finding(call: Written, argument: Argument, span: Span, target: str) -> Finding:
    written = argument.written or ""
    near = keras_api.nearest_argument(call.name, written, target)
    taken = near is not None and any(other.name == near for other in call.arguments)
    fix = None
    if near is not None and not taken:
        keyword = Span(span.line, span.column, span.line, span.column + len(written.encode()), span.file)
        fix = Fix(f"write `{near}`", (replace(keyword, near),))
    return found(
        span,
        f"`{call.kind}` has no argument `{written}` in any version of Keras, so it raises (unexpected keyword); "
        + (f"did you mean `{near}`" if fix else "leave it out"),
        call.confidence,
        fix=fix,
        about=call.part,
    )
