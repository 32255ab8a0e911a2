"""A build plan: one training as plain JSON, all that the child process is told. No Keras, no graph."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from keraslint.confirm import criteria

Json = Any
"""What `json` reads and writes: None, bool, int, float, str, and lists and dicts of them."""


@dataclass(frozen=True)
class Plan:
    """What to build, how to compile it, on what data and for how long to train it.

    ``document`` has the keys ``layers`` (each layer or nested model once), ``graph`` (inputs, calls and
    outputs), ``frozen``, ``compile`` (arguments, or None when the model is only built), ``inputs`` and
    ``labels`` (what data to make), ``batch`` (samples in a mini-batch), ``epochs`` and ``steps``. A single
    object instead of a model stands under ``object``, with ``layers`` and ``compile`` only.
    """

    document: Mapping[str, Json]
    assumptions: tuple[str, ...] = ()

    @cached_property
    def key(self) -> str:
        """Equal for plans that train alike, which are then trained once."""
        return json.dumps(self.document, sort_keys=True)

    @property
    def key_without_optimizer(self) -> str:
        """Equal for plans that build the same model for the same data and loss."""
        compiled = self.document.get("compile") or {}
        rest = {name: value for name, value in compiled.items() if name != "optimizer"}
        return json.dumps({**self.document, "compile": rest, "control": None}, sort_keys=True)


class Unplannable(Exception):
    """The training cannot be rebuilt from what is known; the text is the reason shown to the user."""


def schedule(epochs: int | None, steps: int | None, updates: int | None) -> tuple[int, int]:
    """How many epochs of how many steps to train.

    ``epochs`` and ``steps`` are the program's own, None when not known; ``updates`` is the user's wish for
    the total. The total is what the program makes, within limits; epochs are how often a loss is reported.
    """
    if updates is None:
        known = epochs * steps if epochs and steps else criteria.UPDATES
        updates = min(max(known, criteria.FEWEST_UPDATES), criteria.MOST_UPDATES)
    few, many = criteria.FEWEST_EPOCHS, criteria.MOST_EPOCHS
    reported = epochs if epochs and few <= epochs <= many else criteria.EPOCHS
    reported = min(reported, updates)
    return reported, max(updates // reported, 1)
