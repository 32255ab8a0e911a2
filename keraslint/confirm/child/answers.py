"""What a model predicts for the samples held back, and how that is judged, beside a constant answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from keraslint.confirm.child.scoring import Score, constant_score, score
from keraslint.confirm.child.subject import Array, Json, Subject


def predict(subject: Subject) -> list[Array]:
    """The predictions for what was held back, as plain arrays, one per output."""
    parts = []
    for begin in range(0, len(subject.held[0]), subject.at_once):
        cut = [array[begin : begin + subject.at_once] for array in subject.held]
        made = subject.model.predict_on_batch(cut[0] if len(cut) == 1 else cut)
        parts.append(made if isinstance(made, list | tuple) else [made])
    return [np.concatenate(outputs) for outputs in zip(*parts, strict=True)]


def scores_of(subject: Subject, predictions: Sequence[Array]) -> list[Score | None]:
    together = zip(subject.reading, subject.truth, predictions, strict=False)
    return [score(label, truth, prediction) for label, truth, prediction in together]


def scores_of_constant(subject: Subject, predictions: Sequence[Array]) -> list[Score | None]:
    together = zip(subject.reading, subject.truth, predictions, strict=False)
    return [constant_score(label, truth, prediction) for label, truth, prediction in together]


def metrics_of(subject: Subject, predictions: Sequence[Array]) -> dict[str, float]:
    """The metrics of predictions, from them alone: no logits can hide behind a plain array."""
    model = subject.model
    y_pred, y, x = (_one_or_all(arrays) for arrays in (predictions, subject.truth, subject.held))
    # The loss is asked for first: Keras keeps the losses of several outputs among the metrics.
    model.compute_loss(x=x, y=y, y_pred=y_pred, training=False)
    model.reset_metrics()
    logs = model.compute_metrics(x, y, y_pred)
    values = {name: float(value) for name, value in logs.items()}
    model.reset_metrics()
    return proper_metrics(values)


def _one_or_all(arrays: Sequence[Array]) -> Any:
    tensors = [keras.ops.convert_to_tensor(array) for array in arrays]
    return tensors[0] if len(tensors) == 1 else tensors


def proper_metrics(log: Mapping[str, float]) -> dict[str, float]:
    """The metrics proper; with several outputs Keras reports the loss of each among them."""
    return {name: value for name, value in log.items() if name != "loss" and not name.endswith("_loss")}


def constant_answers(subject: Subject, predictions: Sequence[Array]) -> list[Array]:
    """What a predictor says that ignores its input: as logits, if the model puts out such; Keras's metrics judge it."""
    together = zip(subject.reading, subject.truth, predictions, strict=False)
    return [_constant_answer(label, truth, prediction) for label, truth, prediction in together]


def _constant_answer(label: Mapping[str, Json], truth: Array, prediction: Array) -> Array:
    classes = prediction.shape[-1]
    if classes > 1 and truth.shape != prediction.shape and np.issubdtype(truth.dtype, np.integer):
        truth = np.eye(classes)[np.clip(truth.reshape(-1), 0, classes - 1)]
    share = truth.reshape(-1, truth.shape[-1] if truth.ndim > 1 else 1).mean(axis=0)
    if label.get("outputs") == "logits":
        inside = np.clip(share, 1e-6, 1 - 1e-6)
        share = np.log(inside) if classes > 1 else np.log(inside / (1 - inside))
    return np.broadcast_to(share, prediction.shape).astype("float32")
