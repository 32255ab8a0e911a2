"""One test per symptom, the same for every rule: a run of the flagged model and of its twin → was it seen?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from keraslint.confirm import criteria
from keraslint.confirm.comparing import alike, error, gap, learned, level, measured, outputs, progress
from keraslint.confirm.evidence import Run
from keraslint.rules.framework import Symptom

Test = Callable[[Run, Run, "int | None"], bool]
"""The flagged run, the twin's from the same seed, and the output concerned (None for all)."""


def constant(run: Run, twin: Run, head: int | None) -> bool:
    """The same output for every input, where the twin's depends on it."""
    varying = (n for n in outputs(run, head) if twin.spreads[n] >= criteria.VARYING_SPREAD)
    return run.finite and any(_is_flat(run, n) for n in varying)


def says_nothing(run: Run, head: int | None) -> bool:
    """Whether an output is the same for every input, whatever that of the twin is."""
    return run.finite and any(_is_flat(run, n) for n in outputs(run, head))


def _is_flat(run: Run, n: int) -> bool:
    return run.spreads[n] <= criteria.CONSTANT_SPREAD * max(run.magnitudes[n], 1.0)


def no_gradient(run: Run, twin: Run, head: int | None) -> bool:
    """Layers none of whose weights move, where those of the twin do.

    A single weight says nothing: a bias that what follows takes out again (that of keys in attention, that before a
    normalization) has no gradient but rounding, of which Adam makes steps in one training and not in another.
    """
    still = run.moved_layers < run.layers
    return run.finite and still and run.moved_layers * twin.layers < twin.moved_layers * run.layers


def nan(run: Run, twin: Run, head: int | None) -> bool:
    """A loss, weight or prediction that is not finite; or a loss on its way to minus infinity."""
    return twin.finite and (not run.finite or runs_away(run, twin))


def runs_away(run: Run, twin: Run) -> bool:
    """The loss falls below zero, where it measures no distance any more; the twin's does not."""
    return run.finite and run.last < criteria.RUNAWAY <= twin.last and run.last < run.first


def diverges(run: Run, twin: Run, head: int | None) -> bool:
    """Training makes it worse: than it began, or than twice the best constant's error; no answer gets right by it."""
    if not run.finite or not (measured(run, head) and measured(twin, head)) or level(run, head) > criteria.NO_BETTER:
        return False
    start, end, best = (error(scores, run, head) for scores in (run.start, run.end, run.constant))
    worse = end > max(start, best) + criteria.GAP * best or end > (1 - criteria.WORST) * best
    other = error(twin.end, twin, head)
    return worse and other <= end - criteria.GAP * best and other <= error(twin.start, twin, head)


def plateau(run: Run, twin: Run, head: int | None) -> bool:
    """No better than a constant, or where it began, and the twin learned; or a loss that runs away."""
    if not learned(twin, head):
        return False
    if runs_away(run, twin):
        return True
    if not run.finite or not measured(run, head) or gap(twin, run, head) < criteria.GAP:
        return False
    return level(run, head) <= criteria.NO_BETTER or progress(run, head) <= criteria.STAYED


def slower(run: Run, twin: Run, head: int | None) -> bool:
    """Clearly further from the answers than the twin, which learned; broken down counts as furthest."""
    if not learned(twin, head):
        return False
    return not run.finite or (measured(run, head) and gap(twin, run, head) >= criteria.GAP)


def metric(run: Run, twin: Run, head: int | None) -> bool:
    """The model learned, and its metric says nothing of it, or another thing than the twin's of the same answers."""
    return misleading(run, twin, head) is not None


def misleading(run: Run, twin: Run, head: int | None) -> tuple[str, str | None] | None:
    """The metric that misleads; and the one of the twin that contradicts it, None when it just stands still."""
    if not learned(run, head):
        return None
    mine, other = _only_in(run.end_metrics, twin.end_metrics), _only_in(twin.end_metrics, run.end_metrics)
    for name in mine:
        if stands_still(run, name) and all(_moves(twin, replacement) for replacement in other):
            return name, None
        for replacement in other:
            wrong, right = run.end_metrics[name], twin.end_metrics[replacement]
            comparable = _family(name) == _family(replacement) and alike([(run, twin)])
            if comparable and abs(wrong - right) > criteria.METRIC_GAP:
                return name, replacement
    return None


def _only_in(mine: Mapping[str, float], other: Mapping[str, float]) -> list[str]:
    """Metrics that the other side does not have; all when it has the same."""
    return [name for name in mine if name not in other] or list(mine)


def stands_still(run: Run, name: str) -> bool:
    """Whether the metric cannot tell a model that learned from one that did not.

    Of right answers a model that learned has more than a constant: a share that is as small or smaller tells nothing.
    """
    end, start, constant = run.end_metrics[name], run.start_metrics[name], run.constant_metrics[name]
    if _family(name) == "accuracy" and end <= constant + criteria.METRIC_STILL:
        return True
    return any(abs(end - value) <= criteria.METRIC_STILL * max(1.0, abs(value)) for value in (constant, start))


def _moves(run: Run, name: str) -> bool:
    start, end = run.start_metrics[name], run.end_metrics[name]
    return abs(end - start) > criteria.METRIC_MOVES * max(abs(start), abs(end))


def _family(name: str) -> str:
    """What a metric measures: every accuracy is a share of right answers, and ``auc_1`` is an ``auc``."""
    return "accuracy" if "acc" in name else name.rstrip("_0123456789")


TESTS: dict[Symptom, Test] = {
    Symptom.CONSTANT: constant,
    Symptom.DIVERGES: diverges,
    Symptom.METRIC: metric,
    Symptom.NAN: nan,
    Symptom.NO_GRADIENT: no_gradient,
    Symptom.PLATEAU: plateau,
    Symptom.SLOWER: slower,
}

COMPARED = frozenset({Symptom.METRIC, Symptom.PLATEAU, Symptom.SLOWER})
"""Symptoms that show only beside a model that learns, and that may rest on what was assumed about the data."""

GAPS = frozenset({Symptom.DIVERGES, Symptom.PLATEAU, Symptom.SLOWER})
"""Symptoms that are a difference of two trainings: a neutral change must not make it, too."""
