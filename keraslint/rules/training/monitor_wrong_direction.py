"""A callback takes a loss for something to be maximized, or an accuracy for something to be minimized.

## What it does
Reports `mode="max"` beside a monitored loss or error, and `mode="min"` beside an accuracy, AUC, precision,
recall and the like.

## Why training fails
Training itself goes on, but EarlyStopping stops after `patience` epochs of progress and keeps the worst
weights, ModelCheckpoint saves the worst model as the best, and ReduceLROnPlateau reduces the rate while all is
well. Observed on Keras 3.15.

## Example
```python
stop = keras.callbacks.EarlyStopping(monitor="val_loss", mode="max", patience=3)
```

## Use instead
```python
stop = keras.callbacks.EarlyStopping(monitor="val_loss", mode="min", patience=3)
```
The fix turns the mode around.

## What it cannot see
Metrics of one's own, and a loss of one's own, which may be a similarity.

## References
- <https://keras.io/api/callbacks/early_stopping/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph.views import Callback, heads_of
from keraslint.rules.framework import Finding, Symptom, found, rule

ERRORS = ("squared_error", "absolute_error", "absolute_percentage_error", "squared_logarithmic_error")
FALLING = frozenset(
    (
        *("loss", "mse", "mae", "mape", "msle", "rmse", "root_mean_squared_error", "log_cosh"),
        *(f"mean_{error}" for error in ERRORS),
        *("binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"),
    )
)
GROWING = frozenset(
    (
        *("acc", "accuracy", "auc", "precision", "recall", "f1_score", "r2_score", "mean_io_u", "binary_io_u"),
        *(f"{kind}_accuracy" for kind in ("binary", "categorical", "sparse_categorical", "top_k_categorical")),
    )
)


@rule("W7883", symptom=Symptom.NONE)
def keras_monitor_wrong_direction(callback: Callback) -> Iterator[Finding]:
    monitor, mode = callback.monitor, callback.mode
    if not callback.is_a("EarlyStopping", "ModelCheckpoint", "ReduceLROnPlateau") or not mode.is_in(("max", "min")):
        return
    if callback.kind == "ModelCheckpoint" and callback.setting("save_best_only") == False:  # noqa: E712
        return
    if not isinstance(monitor.value, str):
        return
    base = monitor.value.removeprefix("val_")
    right = "min" if base in FALLING else "max" if base in GROWING else str(mode.value)
    if mode == right or (base == "loss" and not _has_losses_of_keras(callback)):
        return
    moves = "falls" if right == "min" else "grows"
    yield found(
        mode,
        f'`mode="{mode.value}"` for `{monitor.value}`, which {moves} as training gets better: '
        f'`{callback.kind}` takes the worst epoch for the best; use `mode="{right}"`',
        callback.confidence,
        fix=Fix(f"use `{right}`", (replace(mode.span, f'"{right}"'),)),
    )


def _has_losses_of_keras(callback: Callback) -> bool:
    losses = [head.loss for training in callback.trainings for head in heads_of(training)]
    own = any(training.own_step for training in callback.trainings)
    return bool(losses) and not own and all(loss is not None and isinstance(loss.name, str) for loss in losses)
