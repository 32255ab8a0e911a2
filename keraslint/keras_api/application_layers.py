"""The layers inside the models of `keras.applications`; recorded from real Keras by
`tools/generate_application_layers.py`, and read from the package only when a program asks for such a model."""

from __future__ import annotations

import json
import lzma
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

CLASSES, ACTIVATION = "$classes", "$classifier_activation"
"""Stand in a row's arguments for what the builder was given."""
PADDING = "$correct_pad"
"""Stands with a kernel size for the padding that fits the size that comes in."""


@dataclass(frozen=True, slots=True)
class Row:
    """One layer or operation of a recorded model."""

    name: str | int
    """A number where Keras numbers the layers of this kind."""
    kind: str
    """The class of a public layer, ``Sequential``, the full name of an operation, or ``?`` and a private class."""
    sources: tuple[int, ...]
    """The rows that it is called on, counted from 1; 0 is the model's input."""
    arguments: dict[str, Any]
    """Those that differ from the defaults, by name."""
    operands: tuple[float | None, ...] = ()
    """Of an operation: its numbers, and None for each tensor."""
    inside: tuple[Row, ...] = ()
    """The layers of a ``Sequential``, in order."""
    params: int = 0
    """The weights of a private class, which gives back the shape of its first input."""


@dataclass(frozen=True, slots=True)
class Inside:
    """All the layers of one application, in Keras's order."""

    name: str
    """The model's own name, with which some layers' names begin."""
    body: tuple[Row, ...]
    with_top: tuple[Row, ...]
    pooled: dict[str, tuple[Row, ...]]
    """The body with ``pooling=``."""
    body_input: tuple[int | None, ...]
    """The size of the input of a body when none is asked for."""
    fits_open_size: bool
    """Whether these are also the layers for an image whose size is left open."""
    imagenet: tuple[int, Row] | None
    """The place of a row that only models with the weights of imagenet have, and the row."""

    def rows(self, include_top: bool, pooling: object, imagenet: bool) -> tuple[Row, ...]:
        """The rows of one choice of arguments."""
        rows = self.with_top if include_top else self.pooled.get(str(pooling), self.body)
        if not imagenet or self.imagenet is None:
            return rows
        place, extra = self.imagenet
        return tuple(_inserted(rows, place, extra))


def _inserted(rows: tuple[Row, ...], place: int, extra: Row) -> list[Row]:
    """The rows with another in between, through which what passed there goes now; ``place`` counts from 0."""
    moved = [_moved(row, place) for row in rows]
    return [*moved[:place], extra, *moved[place:]]


def _moved(row: Row, place: int) -> Row:
    sources = tuple(source + 1 if source >= place else source for source in row.sources)
    return Row(row.name, row.kind, sources, row.arguments, row.operands, row.inside, row.params)


@cache
def _recorded() -> dict[str, Any]:
    packed = (files("keraslint.keras_api") / "data" / "application_layers.json.xz").read_bytes()
    found: dict[str, Any] = json.loads(lzma.decompress(packed))
    return found


@cache
def layers_inside(name: str) -> Inside | None:
    """The layers of the model that a builder makes, by the builder's last name: ``ResNet50``."""
    facts = _recorded().get(name)
    if facts is None:
        return None
    body = _rows(facts["body"])
    top = _rows(facts["top"], 0 if facts["top_is_whole"] else len(body))
    pooled = {
        kind: tuple(_inserted(body, place, _row(place + 1, row))) for kind, (place, *row) in facts["pool"].items()
    }
    place, *extra = facts["imagenet"] or [0]
    return Inside(
        name=facts["name"],
        body=body,
        with_top=top if facts["top_is_whole"] else (*body, *top),
        pooled=pooled,
        body_input=tuple(facts["body_input"]),
        fits_open_size=facts["open_size"],
        imagenet=(place, _row(place + 1, extra)) if extra else None,
    )


def _rows(recorded: list[Any], before: int = 0) -> tuple[Row, ...]:
    return tuple(_row(before + index, facts) for index, facts in enumerate(recorded, 1))


def _row(index: int, facts: list[Any]) -> Row:
    """A row from ``[name, kind, sources counted back, arguments]``."""
    name, kind, back, given = facts
    sources = tuple(index - distance for distance in back)
    match given:
        case dict():
            return Row(name, kind, sources, {key: _tuples(value) for key, value in given.items()})
        case int():
            return Row(name, kind, sources, {}, params=given)
        case list() if kind == "Sequential":
            return Row(name, kind, sources, {}, inside=_rows(given))
    return Row(name, kind, sources, {}, operands=tuple(given))


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
