"""An argument that older versions of Keras took, and that the targeted version rejects or ignores.

## What it does
Reports a keyword of a layer, optimizer, loss, metric or callback, of `compile` or of `fit`, that some
version of Keras knows and the targeted one raises on (`Adam(lr=0.01)`), and a setting of an optimizer that
it drops although the training depends on it (`Adam(decay=1e-6)`). The target is the option `keras-version`,
else what the project pins (`tensorflow==2.10` in its requirements), else the newest Keras that keraslint
knows; `keraslint check -v` says which. Of a version between two that keraslint knows it says what is true
of both.

## Why training fails
A rejected argument ends the program: `ValueError: Argument(s) not recognized: {'lr': 0.01}`. A dropped one
is worse, since the program trains with another learning rate than it says; for `decay` Keras 3 leaves a
warning.

## Example
```python
optimizer = keras.optimizers.Adam(lr=0.001)
```

## Use instead
```python
optimizer = keras.optimizers.Adam(learning_rate=0.001)
```
The message names what took the place of the argument, where something did: another name, another call
(`keras.Input(batch_shape=…)` for `batch_input_shape`, a schedule for `decay`). The fix renames the
argument, or takes it out where nothing is lost by that; there is none where the successor takes other
values (`save_freq` counts batches, `period` counted epochs).

## What it cannot see
Arguments by position, and those in `**kwargs`. It is silent in a file that uses names which only older
versions have (`CuDNNLSTM`, `fit_generator`), since such a file cannot be meant for the newest;
set `keras-version` or pin one to check it against that. Where an import itself fails, keras-removed-name says
so, and nothing is said about arguments. A name that no version knows is not
reported here. Nor is an argument that is dropped and does no harm: `LSTM(implementation=2)` chose between
ways to the same result, `Embedding(input_length=100)` told what the input tells, and `decay=0` never
decayed; a `decay` of unknown size might be 0.

## References
- <https://keras.io/guides/migrating_to_keras_3/>
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from keraslint import keras_api
from keraslint.edits import Fix, remove_argument, replace
from keraslint.graph import Argument, Program, Span
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import calls_written, judged_by, judged_though_dated, once_accepted
from keraslint.settings import Options

# What an optimizer's training depends on, among what some version of Keras takes and ignores.
TRAINING_SETTINGS = frozenset({"lr", "decay"})

OLDEST, *_ = keras_api.VERSIONS
TRANSLATING = frozenset({"2.2"})
"""Versions before 2.4, which took what Keras 1 called otherwise, and warned."""

OTHER_VALUES = frozenset(
    {
        *("consume_less", "dim_ordering", "nb_val_samples", "samples_per_epoch", "val_samples"),
        *("kernel_dim1", "kernel_dim2", "kernel_dim3", "nb_col", "nb_row"),
    }
)
"""Old arguments whose successors take other values: numbers of batches, ``channels_last``, a number for a way, the
sizes along all axes at once."""


@rule("E7835", symptom=(Symptom.RAISES, Symptom.NONE), even_untrained=True)
def keras_removed_argument(program: Program, options: Options) -> Iterator[Finding]:
    targets = judged_by(program, options) or judged_though_dated(program, options)
    if not targets:
        return
    target = options.version if len(targets) > 1 else targets[0]
    for name, arguments, confidence in calls_written(program):
        for argument in arguments:
            fate = _fate(name, argument, targets)
            if fate and argument.span:
                owner = name.rpartition(".")[2]
                today = _today(name, argument, targets)
                instead = keras_api.instead_of(name, argument.written or "")
                yield found(
                    argument.span,
                    f"Keras {target} {fate} the argument `{argument.written}` of `{owner}`; "
                    + (f"it is called `{today}` now" if today else f"use {instead}" if instead else "remove it"),
                    confidence,
                    fix=_remedy(argument, arguments, today, lossless=instead is None or fate == "ignores"),
                )


def _fate(name: str, argument: Argument, targets: tuple[str, ...]) -> str | None:
    """What the target does with an argument that it no longer has; it lies between ``targets``, where they agree."""
    if argument.written is None:
        return None
    fates = _fates(name, argument.written, targets)
    fate = fates[0] if len(fates) == 1 else None
    return fate if fate != "ignores" or argument.value > 0 else None  # `decay=0` asks for nothing


@lru_cache(maxsize=4096)
def _fates(name: str, written: str, targets: tuple[str, ...]) -> tuple[str | None, ...]:
    return tuple({_fate_in(name, written, target): None for target in targets})


def _fate_in(name: str, written: str, target: str) -> str | None:
    if target in TRANSLATING and keras_api.accepts(name, written, OLDEST):
        return None
    if keras_api.accepts(name, written, target) is False:
        return "rejects" if once_accepted(name, written) else None
    ignored = _changes_training(name, written) and keras_api.dropped_in_silence(name, written, target)
    return "ignores" if ignored and once_accepted(name, written) else None


def _changes_training(name: str, written: str) -> bool:
    """A setting of an optimizer."""
    called = keras_api.symbol(name)
    return called is not None and called.category == "optimizer" and written in TRAINING_SETTINGS


def _today(name: str, argument: Argument, targets: tuple[str, ...]) -> str | None:
    modern = keras_api.modern_argument(name, argument.written or "")
    return modern if modern and all(keras_api.accepts(name, modern, target) for target in targets) else None


def _remedy(
    argument: Argument, all_arguments: tuple[Argument, ...], today: str | None, *, lossless: bool
) -> Fix | None:
    """Rename it, or take it out where nothing is lost by that.

    None when the new one is given, too, and when it counts or says another thing, as ``steps_per_epoch`` does for
    ``samples_per_epoch``.
    """
    assert argument.span is not None
    assert argument.written is not None
    if today is None:
        taken_out = Fix(f"remove `{argument.written}`", (remove_argument(argument.span),))
        return taken_out if lossless else _as_input_shape(argument, all_arguments)
    if argument.written in OTHER_VALUES or sum(other.name in (today, argument.name) for other in all_arguments) > 1:
        return None
    start = argument.span
    keyword = Span(start.line, start.column, start.line, start.column + len(argument.written.encode()))
    return Fix(f"rename `{argument.written}` to `{today}`", (replace(keyword, today),))


def _as_input_shape(argument: Argument, all_arguments: tuple[Argument, ...]) -> Fix | None:
    """``input_length`` beside ``input_dim``, or a ``batch_input_shape`` of any batch, as the one ``input_shape``."""
    assert argument.span is not None
    if argument.written == "input_length":
        size = next((other for other in all_arguments if other.written == "input_dim"), None)
        if size is None or size.span is None or not (size.value.is_a(int) and argument.value.is_a(int)):
            return None
        shape = f"input_shape=({argument.value.value}, {size.value.value})"
        return Fix("give the input's shape", (remove_argument(argument.span), replace(size.span, shape)))
    sizes = [size.value for size in argument.value.items]
    if argument.written != "batch_input_shape" or len(sizes) < 2 or sizes[0] is not None:
        return None
    if not all(size is None or isinstance(size, int) for size in sizes):
        return None
    return Fix("leave the batch out", (replace(argument.span, f"input_shape={tuple(sizes[1:])}"),))
