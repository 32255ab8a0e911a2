"""Trains one build plan from several seeds, and observes what comes of it."""

from __future__ import annotations

import re
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from keraslint.confirm import criteria
from keraslint.confirm.child.answers import metrics_of, predict, proper_metrics, scores_of, scores_of_constant
from keraslint.confirm.child.building import Unsupported, build, make
from keraslint.confirm.child.pace import Late, Pace, Schedule, Seconds
from keraslint.confirm.child.preparing import rate_of, restart, subject_of
from keraslint.confirm.child.raised import OUT_OF_MEMORY, Raised, phase
from keraslint.confirm.child.subject import Array, Json, Subject
from keraslint.confirm.child.updating import make_updates


def observe(plan: Mapping[str, Json], seeds: Sequence[int], pace: Pace) -> Iterator[dict[str, Json]]:
    """Events about one plan: a ``run`` per seed, ``error`` or ``failure``; then ``done`` with warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield from _observe(plan, seeds, pace)
    pace.next_plan()
    texts = [" ".join(str(w.message).split()) for w in caught if issubclass(w.category, UserWarning)]
    # The same warning comes again for every batch size.
    distinct = {re.sub(r"\d+", "#", text): text for text in texts}
    yield {"event": "done", "warnings": sorted(distinct.values())}


def _observe(plan: Mapping[str, Json], seeds: Sequence[int], pace: Pace) -> Iterator[dict[str, Json]]:
    try:
        if "object" in plan or plan["compile"] is None:
            with phase("building"):
                make(plan) if "object" in plan else build(plan)
            return
        subject = subject_of(plan, seeds[0])
        rate = rate_of(plan, subject)
        schedule = _schedule(plan, subject, len(seeds), pace)
        steps = max(schedule.updates // schedule.epochs, 1)
        for seed in seeds[: schedule.seeds]:
            restart(plan, subject, rate, seed)
            yield {"event": "run", "seed": seed, **_run(subject, schedule.epochs, steps, pace)}
    except Raised as raised:
        yield {"event": "error", "phase": raised.phase, "error": str(raised)}
    except Unsupported as problem:
        yield _failure(str(problem))
    except Late:
        yield _failure(f"out of time: the limit is {pace.seconds:g} seconds")
    except Exception as error:  # the next plan deserves its turn
        if type(error).__name__ in OUT_OF_MEMORY:
            yield _failure("it needs more memory than is allowed")
        else:
            yield _failure(f"it could not be observed: {error!r}")


def _failure(reason: str) -> dict[str, Json]:
    return {"event": "failure", "reason": reason}


def _schedule(plan: Mapping[str, Json], subject: Subject, seeds: int, pace: Pace) -> Schedule:
    """That of the plan, or what of it fits into the time."""
    steps = _timed(lambda: make_updates(subject, criteria.STEPS_AT_ONCE))
    scores = _timed(lambda: scores_of(subject, predict(subject)))
    asked = Schedule(plan["epochs"], plan["epochs"] * plan["steps"], seeds)
    return pace.fit(asked, Seconds(steps / min(criteria.STEPS_AT_ONCE, plan["steps"]), scores))


def _timed(work: Callable[[], object]) -> float:
    """How long it takes; once more where that is soon done, since the first time more is made ready than one sees."""
    timed: list[float] = []
    while not timed or (len(timed) < 2 and timed[0] < SOON):
        begin = time.monotonic()
        work()
        timed.append(time.monotonic() - begin)
    return min(timed)


SOON = 1.0
"""Seconds."""


def _run(subject: Subject, epochs: int, steps: int, pace: Pace) -> dict[str, Json]:
    before = [np.array(weight) for weight in subject.weights]
    first = predict(subject)
    logs, errors, predictions = [], [], first
    for _ in range(epochs):
        with phase("training"):
            logs.append(_epoch(subject, steps, pace))
        predictions = predict(subject)
        errors.append([one.error if one else None for one in scores_of(subject, predictions)])
    after = [np.array(weight) for weight in subject.weights]
    moves = [np.max(np.abs(new - old), initial=0) for old, new in zip(before, after, strict=True)]
    moved = [weight for weight, move in zip(subject.weights, moves, strict=True) if move > criteria.MOVED]
    losses = [log["loss"] for log in logs]
    return {
        "updates": epochs * steps,
        "losses": losses,
        "metrics": {name: [log[name] for log in logs] for name in proper_metrics(logs[0])},
        "start": scores_of(subject, first),
        "end": scores_of(subject, predictions),
        "constant": scores_of_constant(subject, predictions),
        "errors": [list(curve) for curve in zip(*errors, strict=True)],
        "start_metrics": metrics_of(subject, first),
        "end_metrics": metrics_of(subject, predictions),
        "constant_metrics": metrics_of(subject, subject.constant),
        "spreads": [float(np.max(p.std(axis=0), initial=0)) for p in predictions],
        "magnitudes": [float(np.mean(np.abs(p))) for p in predictions],
        "always": [_one_value(p) for p in predictions],
        "moved": len(moved),
        "weights": len(moves),
        "moved_layers": len(_owners(moved)),
        "layers": len(_owners(subject.weights)),
        "prints": [float(total) for weight in after for total in (np.sum(weight), np.sum(np.abs(weight)))],
        "finite": all(bool(np.all(np.isfinite(values))) for values in (losses, *predictions, *after)),
    }


def _owners(weights: Iterable[Any]) -> set[str]:
    """The layers that the weights belong to: their paths, without the last part."""
    return {weight.path.rpartition("/")[0] for weight in weights}


def _one_value(prediction: Array) -> float | None:
    value = float(np.mean(prediction))
    return value if np.ptp(prediction) <= criteria.CONSTANT_SPREAD * max(abs(value), 1.0) else None


def _epoch(subject: Subject, steps: int, pace: Pace) -> dict[str, float]:
    """The log of one epoch, as of ``fit(shuffle=False)``: in one order, only learning changes the loss."""
    subject.model.reset_metrics()
    log = make_updates(subject, steps, pace)
    return {name: float(value) for name, value in log.items()}
