"""What each `preprocess_input` of `keras.applications` does, and which model it is for; recorded from real Keras by
`tools/generate_preprocessing.py`."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from keraslint.keras_api.catalogue import DATA
from keraslint.keras_api.names import canonical

NO_PREPROCESSING = "none"
"""The mode of a function that leaves images as they are: its models scale them themselves."""

_PREFIX, _NAME = "keras.applications.", ".preprocess_input"


@cache
def _families() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "preprocessing.json").read_text(encoding="utf-8"))
    return found


def preprocessing_functions() -> tuple[str, ...]:
    """The names of all of them but that of `imagenet_utils`, whose mode is an argument; each function once."""
    every = (f"{_PREFIX}{family}{_NAME}" for family in _families())
    return tuple(name for name in every if canonical(name) == name)


def preprocessing_of(function: str) -> str | None:
    """What a function does, by its full name: ``caffe``, ``tf``, ``torch``, or ``none``; None if it is no such."""
    family = function.removeprefix(_PREFIX).removesuffix(_NAME)
    known = function == f"{_PREFIX}{family}{_NAME}" and family in _families()
    return str(_families()[family]["mode"]) if known else None


def preprocessing_family(application: str) -> str | None:
    """The module whose `preprocess_input` a model was trained with, by the last name of what makes it."""
    return next((name for name, facts in _families().items() if application in facts["models"]), None)


def preprocessing_for(application: str) -> str | None:
    """What a model of `keras.applications` was trained with."""
    family = preprocessing_family(application)
    return None if family is None else str(_families()[family]["mode"])
