"""How far a run has come, on one scale for every task, and how far two runs lie apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from keraslint.confirm import criteria
from keraslint.confirm.evidence import Run, Score, Trained

Pair = tuple[Run, Run]
"""The flagged model and its twin, from one seed."""

Skills = tuple[float, ...]
"""Of one output: 0 is the best constant predictor, 1 a perfect one. Of real values one, R²; of classes two, by balanced
accuracy and by the log loss."""


def pairs_of(flagged: Trained, twin: Trained | None) -> list[Pair]:
    """The runs of both sides from the same seeds."""
    others = {run.seed: run for run in twin.runs} if twin else {}
    return [(run, others[run.seed]) for run in flagged.runs if run.seed in others]


def outputs(run: Run, head: int | None) -> Sequence[int]:
    """The outputs that a finding is about."""
    return range(len(run.end)) if head is None else (head,)


def skills(score: Score | None, constant: Score | None) -> Skills:
    """Of one score beside that of the best constant; empty where there is none."""
    if score is None or constant is None:
        return ()
    found = []
    if score.accuracy is not None and constant.accuracy is not None and constant.accuracy < 1:
        found.append((score.accuracy - constant.accuracy) / (1 - constant.accuracy))
    if constant.error > 0:
        found.append(1 - score.error / constant.error if math.isfinite(score.error) else -math.inf)
    return tuple(max(skill, criteria.WORST) for skill in found)


def measured(run: Run, head: int | None) -> bool:
    """Whether every output concerned could be scored."""
    return all(skills(run.end[n], run.constant[n]) for n in outputs(run, head))


def level(run: Run, head: int | None) -> float:
    """How far the run has come: by accuracy for classes, by the error for values; the mean over its outputs."""
    return _mean(skills(run.end[n], run.constant[n])[0] for n in outputs(run, head))


def learned(run: Run, head: int | None) -> bool:
    """Whether the run has come clearly further than the best constant predictor."""
    return run.finite and measured(run, head) and level(run, head) >= criteria.LEARNED


def gap(further: Run, other: Run, head: int | None) -> float:
    """How much further ``further`` has come by every measure: a model that is right as often is not behind because
    it is less sure."""
    return _mean(_least(further, other, n) for n in outputs(further, head))


def _least(further: Run, other: Run, n: int) -> float:
    mine, others = (skills(run.end[n], run.constant[n]) for run in (further, other))
    return min((a - b for a, b in zip(mine, others, strict=False)), default=0.0)


def progress(run: Run, head: int | None) -> float:
    """How much further the run has come than where it began, by the measure that moved most."""
    return _mean(_most(run, n) for n in outputs(run, head))


def _most(run: Run, n: int) -> float:
    ends, starts = skills(run.end[n], run.constant[n]), skills(run.start[n], run.constant[n])
    return max((abs(end - start) for end, start in zip(ends, starts, strict=True)), default=0.0)


def error(scores: Sequence[Score | None], run: Run, head: int | None) -> float:
    """The mean error of the outputs concerned; NaN where there is none."""
    found = [scores[n] for n in outputs(run, head)]
    return _mean(score.error if score else math.nan for score in found)


def accuracy(scores: Sequence[Score | None], run: Run, head: int | None) -> float | None:
    """The mean balanced accuracy of the outputs concerned; None for values."""
    found = [score.accuracy for n in outputs(run, head) if (score := scores[n]) and score.accuracy is not None]
    return _mean(found) if found else None


def alike(pairs: Iterable[Pair]) -> bool:
    """Whether both sides were trained alike, step by step, and answer alike: the same curves, and at the end the same
    weights and scores."""
    return all(
        len(one.prints) == len(other.prints)
        and one.finite
        and all(_near(a, b) for a, b in _together(one, other))
        and all(_answers_alike(one, other, n) for n in outputs(one, None))
        for one, other in pairs
    )


def _answers_alike(one: Run, other: Run, n: int) -> bool:
    """By how often they are right: the answers themselves are logits here and probabilities there."""
    mine, others = (skills(run.end[n], run.constant[n])[:1] for run in (one, other))
    return all(abs(a - b) <= criteria.STAYED for a, b in zip(mine, others, strict=False))


def _together(one: Run, other: Run) -> Iterator[tuple[float, float]]:
    return chain(zip(one.losses, other.losses, strict=False), zip(one.prints, other.prints, strict=True))


def _near(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=criteria.ALIKE, abs_tol=criteria.ALIKE)


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
