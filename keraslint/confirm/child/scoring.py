"""One yardstick for both sides: how well predictions answer the labels, whatever loss the model was trained with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

Json = Any
Array = Any

TINY = 1e-7
"""Probabilities are kept this far from 0 and 1, as Keras does."""


class Score(NamedTuple):
    """The error, and for classes the balanced accuracy; see `keraslint.confirm.evidence.Score`."""

    error: float | None
    accuracy: float | None


Scorer = Callable[[Array], "Score | None"]


def score(plan: Mapping[str, Json], labels: Array, prediction: Array) -> Score | None:
    """The score of one output; None when its shape does not answer the labels one by one."""
    pair = _paired(plan, labels, prediction)
    if pair is None:
        return None
    truth, answer, measure = pair
    if not np.all(np.isfinite(answer)):
        return Score(None, None if measure is _of_values else measure(truth, np.zeros_like(answer)).accuracy)
    return measure(truth, answer)


def constant_score(plan: Mapping[str, Json], labels: Array, prediction: Array) -> Score | None:
    """The score of the best answer that is the same for every input, in the place of ``prediction``."""
    pair = _paired(plan, labels, prediction)
    if pair is None:
        return None
    truth, answer, measure = pair
    if measure is _of_classes:
        shares = np.bincount(truth, minlength=answer.shape[1]) / len(truth)
        return measure(truth, np.broadcast_to(shares, answer.shape))
    return measure(truth, np.broadcast_to(truth.mean(axis=0), truth.shape))


Measure = Callable[[Array, Array], Score]


def _paired(plan: Mapping[str, Json], labels: Array, prediction: Array) -> tuple[Array, Array, Measure] | None:
    """Labels and predictions in the same rows, the latter as values or probabilities, and how to compare them."""
    if plan["encoding"] in ("continuous", "input") or plan.get("ordinal"):
        truth, answer = _rows(labels), _rows(prediction)
        return (truth.astype("float64"), answer, _of_values) if truth.shape == answer.shape else None
    columns = prediction.shape[-1] if prediction.ndim > 1 else 1
    if plan["encoding"] in ("integer", "one-hot") and columns > 1:
        truth = labels.reshape(-1) if plan["encoding"] == "integer" else labels.reshape(-1, labels.shape[-1]).argmax(1)
        answer = _as_distribution(plan, prediction.reshape(-1, columns).astype("float64"))
        inside = len(truth) == len(answer) and truth.min(initial=0) >= 0 and truth.max(initial=0) < columns
        return (truth.astype("int64"), answer, _of_classes) if inside else None
    truth, answer = _rows(labels) > 0, _as_probability(plan, _rows(prediction))
    return (truth.astype("float64"), answer, _of_flags) if truth.shape == answer.shape else None


def _rows(array: Array) -> Array:
    return array.reshape(len(array), -1).astype("float64")


def _as_probability(plan: Mapping[str, Json], answer: Array) -> Array:
    """What a unit says as the probability of 1: as the model's own loss reads it."""
    match plan.get("outputs"):
        case "logits":
            return 1 / (1 + np.exp(-np.clip(answer, -50, 50)))
        case "signs":
            return (answer + 1) / 2
        case _:
            return answer


def _as_distribution(plan: Mapping[str, Json], answer: Array) -> Array:
    """What the units say as probabilities that sum to one: exponentials of logits, or shares of what is positive."""
    if plan.get("outputs") == "logits":
        answer = np.exp(answer - answer.max(axis=1, keepdims=True))
    positive = np.maximum(answer, 0) + TINY
    return positive / positive.sum(axis=1, keepdims=True)


def _of_values(truth: Array, answer: Array) -> Score:
    return Score(float(np.mean((truth - answer) ** 2)), None)


def _of_flags(truth: Array, answer: Array) -> Score:
    """Each column is a question of its own, answered by yes from one half on."""
    clipped = np.clip(answer, TINY, 1 - TINY)
    error = -np.mean(truth * np.log(clipped) + (1 - truth) * np.log(1 - clipped))
    right = (answer > 0.5) == (truth > 0)
    shares = [right[rows, column].mean() for column in range(truth.shape[1]) for rows in _kinds(truth[:, column])]
    return Score(float(error), float(np.mean(shares)))


def _kinds(column: Array) -> list[Array]:
    """The rows of each of the answers that occur."""
    return [rows for rows in (column > 0, column <= 0) if rows.any()]


def _of_classes(truth: Array, answer: Array) -> Score:
    chosen = answer[np.arange(len(truth)), truth]
    error = -np.mean(np.log(np.clip(chosen, TINY, 1)))
    right = answer.argmax(axis=1) == truth
    return Score(float(error), float(np.mean([right[truth == kind].mean() for kind in np.unique(truth)])))
