"""A callback monitors a name that the fit never logs, or one of which Keras does not know which way is better.

## What it does
Reports EarlyStopping, ReduceLROnPlateau and ModelCheckpoint whose `monitor`, also the default `val_loss`, is
none of the names that the fit logs: `val_acc` where `accuracy` is logged, `val_loss` without validation data.
Of ModelCheckpoint also a field of the file's name, as in `{val_acc:.2f}`. It reports, too, a metric of the
program's own that is monitored without a `mode`.

## Why training fails
Where Keras has no metric of that name it cannot tell which way is better, and raises: `EarlyStopping callback
received monitor=val_acc, but Keras isn't able to automatically determine whether that metric should be
maximized or minimized`. Where it has, only a warning says `conditioned on metric val_loss which is not
available`: training never stops early, the rate is never reduced, and every epoch is saved as the best. A field
of a file's name raises `KeyError`. Observed on Keras 3.15.

## Example
```python
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
stop = keras.callbacks.EarlyStopping(monitor="val_acc")
model.fit(features, labels, validation_split=0.2, callbacks=[stop])
```

## Use instead
```python
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
stop = keras.callbacks.EarlyStopping(monitor="val_accuracy")
model.fit(features, labels, validation_split=0.2, callbacks=[stop])
```
The fix writes the name that is logged.

## What it cannot see
It is silent where not every name is known: a custom layer or `train_step` may log others, and so may a callback
of the program's own. Of a file for an older Keras the names of that Keras count.

## References
- <https://keras.io/api/callbacks/early_stopping/>
- <https://keras.io/api/callbacks/model_checkpoint/>
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keraslint.edits import Fix, add_argument, replace
from keraslint.graph import Confidence, Fact, Program, Reference
from keraslint.graph.views import Callback, Run, heads_of
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.training.logged import logged_instead, names_logged
from keraslint.rules.versions import judged_by
from keraslint.settings import Options

IGNORED = {
    "EarlyStopping": "training never stops early",
    "ModelCheckpoint": "every epoch is saved as the best",
    "ReduceLROnPlateau": "the learning rate is never reduced",
}
FIELD = re.compile(r"(?<!\{)\{([a-z_][a-z_0-9]*)(?:[:!][^{}]*)?\}")
ALWAYS = frozenset({"batch", "epoch"})


@rule("E7882", symptom=(Symptom.RAISES, Symptom.NONE))
def keras_monitor_unknown_metric(program: Program, options: Options) -> Iterator[Finding]:
    asked = [callback for callback in Callback.of(program) if callback.is_a(*IGNORED)]
    targets = judged_by(program, options) if asked else ()
    for callback in asked if targets else ():
        for run in callback.runs:
            logged = names_logged(run, targets) if run.fit.trains else None
            if logged is not None:
                yield from _judge(callback, run, logged, is_three=all(target.startswith("3.") for target in targets))


def _judge(callback: Callback, run: Run, logged: frozenset[str], *, is_three: bool) -> Iterator[Finding]:
    monitor, sure = callback.monitor, (callback.confidence, run.confidence)
    name = monitor.value
    if isinstance(name, str) and _is_asked_for(callback):
        base = name.removeprefix("val_")
        unguided = is_three and callback.mode == "auto" and base != "loss" and _direction_is_unknown(base, run, logged)
        if name not in logged:
            consequence = "fit raises" if unguided else IGNORED[callback.kind]
            instead = logged_instead(name, logged)
            yield found(
                callback.span if monitor.is_default else monitor.span,
                f"`{callback.kind}` monitors `{name}`, which fit does not log ({_listed(logged)}): {consequence}; "
                + (f"monitor `{instead}`" if instead else "monitor one of these"),
                *sure,
                fix=_fix(callback, monitor, instead),
            )
        elif unguided:
            yield found(
                monitor,
                f"Keras cannot tell whether `{name}` should grow or fall: `{callback.kind}` raises in the first epoch; "
                'say `mode="max"` or `mode="min"`',
                *sure,
            )
    yield from _fields(callback, logged, sure)


def _is_asked_for(callback: Callback) -> bool:
    """ModelCheckpoint looks at its monitor only where it keeps the best."""
    return callback.kind != "ModelCheckpoint" or callback.setting("save_best_only") == True  # noqa: E712


def _direction_is_unknown(base: str, run: Run, logged: frozenset[str]) -> bool:
    """No metric of the model has the name, or one of the program's own has."""
    if base not in logged:
        return True
    metrics = [spec for head in heads_of(run.training) for spec in head.metrics] if run.training else []
    references = [spec.at.value for spec in metrics if isinstance(spec.at.value, Reference)]
    return any(reference.in_file and reference.name == base for reference in references)


def _fields(callback: Callback, logged: frozenset[str], sure: tuple[Confidence, ...]) -> Iterator[Finding]:
    """The names in ``weights-{val_acc:.2f}.keras``."""
    file = callback.file
    if callback.kind != "ModelCheckpoint" or file is None or not isinstance(file.value, str):
        return
    if not callback.setting("save_freq").is_in({"epoch"}):
        return
    for field in FIELD.findall(file.value):
        if field not in logged | ALWAYS:
            instead = logged_instead(field, logged)
            text = file.value.replace(f"{{{field}", f"{{{instead}") if instead else ""
            literal = instead and file.confidence is Confidence.HIGH
            yield found(
                file,
                f"the file's name asks for `{field}`, which fit does not log ({_listed(logged)}): saving raises "
                "`KeyError`; " + (f"use `{instead}`" if instead else "use one of these"),
                *sure,
                fix=Fix(f"use `{instead}`", (replace(file.span, repr(text)),)) if literal else None,
            )


def _listed(logged: frozenset[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(logged))


def _fix(callback: Callback, monitor: Fact[object], instead: str | None) -> Fix | None:
    if instead is None:
        return None
    if monitor.is_default:
        return Fix(f"monitor `{instead}`", (add_argument(callback.span, f'monitor="{instead}"'),))
    if monitor.confidence is not Confidence.HIGH:
        return None
    return Fix(f"monitor `{instead}`", (replace(monitor.span, f'"{instead}"'),))
