"""Made-up runs for tests of judging: a regression whose best constant has the error 2, unless said otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from keraslint.confirm.evidence import Run, Score

CONSTANT = 2.0

LEARNS = Run(
    seed=0,
    updates=320,
    losses=(4.0, 1.0, 0.2),
    metrics={"mae": (2.0, 1.0, 0.4)},
    start=(Score(5.0),),
    end=(Score(0.2),),
    constant=(Score(CONSTANT),),
    errors=((1.5, 0.8, 0.2),),
    start_metrics={"mae": 2.2},
    end_metrics={"mae": 0.4},
    constant_metrics={"mae": 1.2},
    spreads=(1.3,),
    magnitudes=(3.0,),
    always=(None,),
    moved=6,
    weights=6,
    moved_layers=3,
    layers=3,
    prints=(1.0, 2.0),
    finite=True,
)
"""Goes from 5 to 0.2, nine tenths of the way from the best constant to a perfect answer."""


def came(share: float, **changes: Any) -> Run:
    """A regression that went this share of the way from the best constant's error to none."""
    return replace(LEARNS, end=(Score(CONSTANT * (1 - share)),), prints=(share, 1.0), **changes)


def right(accuracy: float, error: float, **changes: Any) -> Run:
    """A classifier of two classes with this balanced accuracy and log loss; a constant has 0.5 and 0.7."""
    scores = {"start": (Score(0.8, 0.45),), "end": (Score(error, accuracy),), "constant": (Score(0.7, 0.5),)}
    return replace(LEARNS, prints=(accuracy, error), **(scores | changes))
