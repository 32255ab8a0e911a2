"""Data that a correct model can learn: inputs with hidden causes, and labels that a teacher sees in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Json = Any
Array = Any

DATA_SEED = 20_240_229
"""One data set for all variants and seeds: what differs between runs is the initial weights alone."""

CAUSES = 3
"""Hidden causes per input: enough for several classes, few enough to be found in a hundred steps."""

SPREAD = 2.5
"""Standard normal values are cut off here when they are mapped to a range."""


def make_inputs(plans: Sequence[Mapping[str, Json]], samples: int) -> tuple[list[Array], Array]:
    """The inputs, and the hidden causes (samples, causes) behind them."""
    arrays, causes = [], []
    for number, plan in enumerate(plans):
        rng = np.random.default_rng([DATA_SEED, number])
        array, own = (_tokens if plan["kind"] == "integers" else _reals)(plan, samples, rng)
        arrays.append(array)
        causes.append(own)
    return arrays, np.concatenate(causes, axis=1) if causes else np.zeros((samples, CAUSES))


def _reals(plan: Mapping[str, Json], samples: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Columns are independent; images and sequences carry the causes in the level of their channels."""
    shape = tuple(plan["shape"])
    noise = rng.standard_normal((samples, *shape))
    if len(shape) <= 1:
        flat = noise.reshape(samples, -1)
        mixing = rng.standard_normal((flat.shape[1], CAUSES)) / np.sqrt(max(flat.shape[1], 1))
        z, causes = noise, flat @ mixing
    else:
        causes = rng.standard_normal((samples, CAUSES))
        channels = causes @ rng.standard_normal((CAUSES, shape[-1])) / np.sqrt(CAUSES)
        z = 0.6 * noise + 0.8 * channels.reshape(samples, *(1,) * (len(shape) - 1), shape[-1])
        if shape[-1] < CAUSES:
            z += 0.8 * _textures(causes, shape)
    return _ranged(z, plan).astype(plan["dtype"]), causes


def _textures(causes: Array, shape: tuple[int, ...]) -> Array:
    """Stripes, each as strong as its cause: one level of gray cannot tell several causes apart."""
    places = np.indices((*shape[:-1], 1))
    rows, columns = places[0], places[-2]
    stripes = [np.where(rows % 2, 1.0, -1.0), np.where(rows // 2 % 2, 1.0, -1.0), np.where(columns % 3, 0.7, -1.4)]
    strength = 1 + np.tanh(causes)
    return sum(strength[:, n].reshape(-1, *(1,) * len(shape)) * stripe for n, stripe in enumerate(stripes[:CAUSES]))


def _ranged(z: Array, plan: Mapping[str, Json]) -> Array:
    """Standard normal values mapped to the range of the plan, if it has one."""
    if plan.get("low") is None:
        return z
    share = (np.clip(z, -SPREAD, SPREAD) + SPREAD) / (2 * SPREAD)
    return plan["low"] + share * (plan["high"] - plan["low"])


def _tokens(plan: Mapping[str, Json], samples: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Tokens from a vocabulary whose three parts are used more or less often, as the causes say."""
    shape = tuple(plan["shape"])
    causes = rng.standard_normal((samples, CAUSES))
    share = np.exp(1.5 * causes)
    share /= share.sum(axis=1, keepdims=True)
    uniform = rng.random((samples, *shape))
    edges = np.cumsum(share, axis=1).reshape(samples, CAUSES, *(1,) * len(shape))
    part = (uniform[:, None] > edges[:, :-1]).sum(axis=1)
    size = plan["high"] - plan["low"] + 1
    tokens = plan["low"] + ((part + rng.random((samples, *shape))) * size / CAUSES).astype("int64")
    return np.clip(tokens, plan["low"], plan["high"]).astype(plan["dtype"]), causes


def make_labels(
    plan: Mapping[str, Json],
    inputs: Sequence[Array],
    causes: Array,
    output_shape: Sequence[int | None],
    number: int,
) -> Array:
    """The labels of one output, in the encoding of the plan."""
    if plan["encoding"] == "input":
        return inputs[plan["input"]]
    shape = plan["shape"] if plan["shape"] is not None else _shape_of(plan, output_shape)
    classes = plan.get("classes") or (shape[-1] if shape else 1)
    columns = {"integer": classes, "one-hot": shape[-1] if shape else classes}.get(
        plan["encoding"], shape[-1] if shape else 1
    )
    scores = _teach(causes, max(columns, 2 if plan["encoding"] == "integer" else 1), number)
    match plan["encoding"]:
        case "integer" if plan.get("ordinal") or "low" in plan:
            values = _spread(_levels(scores[:, 0], plan, classes), shape)
        case "integer":
            values = _spread(scores.argmax(axis=1), shape)
        case "one-hot":
            values = _spread_rows(np.eye(columns)[scores.argmax(axis=1)], shape)
        case "binary" | "multi-hot":
            values = _spread_rows(scores > 0, shape)
        case "sign":
            values = _spread_rows(np.where(scores > 0, 1.0, -1.0), shape)
        case _:
            values = _spread_rows(_ranged(scores, plan), shape)
    return values.astype("int32" if plan["encoding"] == "integer" else "float32")


def _shape_of(plan: Mapping[str, Json], output_shape: Sequence[int | None]) -> list[int]:
    sizes = [size or 1 for size in output_shape[1:]]
    return sizes[:-1] if plan["encoding"] == "integer" and sizes and sizes[-1] > 1 else sizes


def _teach(causes: Array, columns: int, number: int) -> Array:
    """Standardised scores (samples, columns): mostly linear in the causes, and a little bent."""
    rng = np.random.default_rng([DATA_SEED, 1000 + number])
    width = causes.shape[1]
    straight = causes @ rng.standard_normal((width, columns))
    bent = np.tanh(causes @ rng.standard_normal((width, 8))) @ rng.standard_normal((8, columns))
    scores = straight + 0.3 * bent
    return (scores - scores.mean(axis=0)) / (scores.std(axis=0) + 1e-9)


def _levels(score: Array, plan: Mapping[str, Json], classes: int) -> Array:
    """Whole numbers from low to high, each about as often: ratings, or class indices of a known range."""
    low, high = plan.get("low", 0), plan.get("high", max(classes - 1, 1))
    ranks = score.argsort().argsort() / len(score)
    return np.floor(low + ranks * (high - low + 1))


def _spread(values: Array, shape: Sequence[int]) -> Array:
    """One value per sample, repeated over the label's axes."""
    return np.broadcast_to(values.reshape(-1, *(1,) * len(shape)), (len(values), *shape)).copy()


def _spread_rows(rows: Array, shape: Sequence[int]) -> Array:
    """One row per sample, repeated over the label's axes but the last."""
    if not shape:
        return rows[:, 0].astype("float64")
    middle = (1,) * (len(shape) - 1)
    return np.broadcast_to(rows.reshape(len(rows), *middle, rows.shape[1]), (len(rows), *shape)).copy()
