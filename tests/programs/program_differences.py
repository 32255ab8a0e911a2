"""What Keras recorded of a program against what the reader says of it: a list of differences, empty when they agree."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from keraslint.graph import Array, Program, Training, Unknown
from keraslint.summary import JsonModel, JsonProgram, describe, describe_compile

Record = dict[str, Any]

BATCH = 0
"""The axis of samples: a model that Keras built from data shows the size of a batch there."""


Difference = tuple[int, str]
"""The line and what differs there."""


def differences(
    program: Program, source: str, record: Record, *, by_line: bool, in_old_keras: bool, may_have_more: bool
) -> list[Difference]:
    """Everything in which the reader disagrees with Keras, or that it does not know.

    Without ``by_line`` the record is of another program that makes the same models. In old Keras some data have
    another dtype than the newest Keras gives them.
    """
    described = describe(program, source)
    if not by_line:
        return [
            (0, text)
            for text in (
                *_of_models_of_line(described["models"], record["models"], may_have_more),
                *_of_compiles_of_line(
                    {_compiled(t)[1] for t in program.trainings}, set(map(_event, record["compiles"]))
                ),
            )
        ]
    return [
        *_of_models(described, record["models"], may_have_more),
        *_of_compiles(program, record),
        *_of_labels(program, record["fits"], in_old_keras),
    ]


def _by_line(entries: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for entry in entries:
        found[entry["line"]].append(entry)
    return found


def _of_models(described: JsonProgram, recorded: list[Record], may_have_more: bool) -> Iterator[Difference]:
    read = _by_line(described["models"])
    for line, built in _by_line(model for model in recorded if model["built"]).items():
        yield from ((line, text) for text in _of_models_of_line(read.get(line, []), built, may_have_more))


def _of_models_of_line(read: list[JsonModel], built: list[Record], may_have_more: bool) -> Iterator[str]:
    """A line may be run several times and make several models: the same set of them on both sides."""
    ours = [_ours(model) for model in read]
    theirs = [_theirs(model) for model in built]
    if not ours:
        yield f"not seen: {built[0]['kind']} {built[0]['name']}"
        return
    for model in _distinct(theirs):
        yield from _nearest(model, ours)
    for model in [] if may_have_more else _distinct(ours):
        if model["complete"] and not any(_same(model, real) for real in theirs):
            yield f"a model that Keras never built: {_short(model)}"


def _ours(model: JsonModel) -> Record:
    return {**model, "layers": [dict(layer) for layer in model["layers"]]}


def _theirs(model: Record) -> Record:
    return {**model, "complete": True}


def _distinct(models: list[Record]) -> list[Record]:
    found: list[Record] = []
    for model in models:
        if not any(_same(model, other) for other in found):
            found.append(model)
    return found


def _same(one: Record, other: Record) -> bool:
    return one["complete"] == other["complete"] and not list(_in_model(one, other))


def _nearest(theirs: Record, ours: list[Record]) -> Iterator[str]:
    """The differences to the model of this line that is most like it."""
    found = min((list(_in_model(model, theirs)) for model in ours), key=len)
    yield from (f"{theirs['kind']} {theirs['name']}: {difference}" for difference in found)


def _in_model(ours: Record, theirs: Record) -> Iterator[str]:
    if not ours["complete"]:
        yield "not complete"
    for name in ("kind", "params", "trainable_params"):
        if ours[name] != theirs[name]:
            yield f"{name}: {ours[name]} instead of {theirs[name]}"
    for name in ("inputs", "outputs"):
        if theirs[name] is not None and not _shapes_agree(ours[name], theirs[name]):
            yield f"{name}: {ours[name]} instead of {theirs[name]}"
    if [layer["class"] for layer in ours["layers"]] != [layer["class"] for layer in theirs["layers"]]:
        yield f"layers: {_classes(ours)} instead of {_classes(theirs)}"
        return
    for mine, real in zip(ours["layers"], theirs["layers"], strict=True):
        if mine["params"] != real["params"] and real["params"] is not None:
            yield f"layer {real['name']}: {mine['params']} instead of {real['params']} parameters"
        if real["output_shape"] is not None and not _shape_agrees(mine["output_shape"], real["output_shape"]):
            yield f"layer {real['name']}: {mine['output_shape']} instead of {real['output_shape']}"


def _classes(model: Record) -> str:
    return " ".join(layer["class"] for layer in model["layers"])


def _short(model: Record) -> str:
    return f"{model['kind']} {model['name']} {model['outputs']} {model['params']}"


def _shapes_agree(ours: Any, theirs: list[Any]) -> bool:
    return len(ours) == len(theirs) and all(map(_shape_agrees, ours, theirs))


def _shape_agrees(ours: Any, theirs: list[int | None]) -> bool:
    return isinstance(ours, list) and len(ours) == len(theirs) and ours[1:] == theirs[1:]


def _of_compiles(program: Program, record: Record) -> Iterator[Difference]:
    ours: dict[int, set[Hashable]] = defaultdict(set)
    for line, what in map(_compiled, program.trainings):
        ours[line].add(what)
    for line, events in _by_line(record["compiles"]).items():
        yield from ((line, text) for text in _of_compiles_of_line(ours.get(line, set()), set(map(_event, events))))


def _of_compiles_of_line(ours: set[Hashable], theirs: set[Hashable]) -> Iterator[str]:
    yield from (f"compile {what} is not read" for what in theirs - ours)
    yield from (f"compile {what} never happens" for what in ours - theirs)


def _event(event: Record) -> Hashable:
    return _frozen([event[name] for name in COMPILED])


COMPILED = ("loss", "optimizer", "learning_rate", "metrics")


def _compiled(training: Training) -> tuple[int, Hashable]:
    made: Any = describe_compile(training, training.model)
    return made["line"], _frozen([made[name] for name in COMPILED])


def _frozen(value: Any) -> Hashable:
    """A structure as something that a set can hold; rates to six digits, as Keras keeps them in 32 bits."""
    match value:
        case dict():
            return tuple((key, _frozen(entry)) for key, entry in sorted(value.items()))
        case list() | tuple():
            return tuple(map(_frozen, value))
        case float():
            return f"{value:.5g}"
    return value


def _of_labels(program: Program, fits: list[Record], in_old_keras: bool) -> Iterator[Difference]:
    for training in program.trainings:
        for fit in training.fits:
            real = [event["labels"] for event in fits if event["line"] == fit.span.line and event["labels"]]
            labels = replace(training, fits=(fit,)).labels if real else ()
            for index, label in enumerate(labels):
                seen = [told[index] for told in real if index < len(told)]
                if label is not None and not any(_agree(label, values, in_old_keras) for values in seen):
                    yield fit.span.line, f"labels {index}: {_told(label)} but {seen[:1]}"


def _agree(label: Array, real: Record, in_old_keras: bool) -> bool:
    return set(_in_label(label, real)) <= ({"dtype"} if in_old_keras else set())


def known_labels(program: Program, fits: list[Record]) -> tuple[int, int]:
    """How many of the outputs that Keras saw trained on labels have labels of known encoding, and of how many."""
    read = {
        (fit.span.line, index): label
        for training in program.trainings
        for fit in training.fits
        for index, label in enumerate(replace(training, fits=(fit,)).labels)
    }
    real = {(event["line"], index) for event in fits for index in range(len(event["labels"]))}
    known = [key for key in real if (label := read.get(key)) and not isinstance(label.encoding, Unknown)]
    return len(known), len(real)


ENCODINGS: dict[str, Callable[[Record], bool]] = {
    "integer": lambda real: real["whole"] and real["low"] >= 0,
    "binary": lambda real: real["binary"],
    "one-hot": lambda real: real["one_hot"],
    "multi-hot": lambda real: real["binary"],
    "continuous": lambda real: True,
}


def _in_label(label: Array, real: Record) -> Iterator[str]:
    """What the values refute."""
    if label.shape.rank_known:
        dims = label.shape.dims
        if len(dims) != len(real["shape"]):
            yield "rank"
        for ours, theirs in zip(dims[1:], real["shape"][1:], strict=False):
            if isinstance(ours, int) and ours != theirs:
                yield "size"
    if isinstance(label.dtype, str) and label.dtype != real["dtype"]:
        yield "dtype"
    if isinstance(label.encoding, str) and not ENCODINGS[label.encoding](real):
        yield "encoding"
    if not isinstance(label.low, Unknown) and real["low"] < label.low - _slack(label.low):
        yield "low"
    if not isinstance(label.high, Unknown) and real["high"] > label.high + _slack(label.high):
        yield "high"
    if isinstance(label.classes, int) and label.encoding == "integer" and real["high"] >= label.classes:
        yield "classes"


def _slack(value: float) -> float:
    return 1e-5 * abs(value) if math.isfinite(value) else 0.0


def _told(label: Array) -> str:
    return json.dumps(
        [str(label.shape), *(str(getattr(label, name)) for name in ("dtype", "encoding", "low", "high", "classes"))]
    )
