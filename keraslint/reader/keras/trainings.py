"""Which compile holds for which fit, in which worlds; and what a model that is trained holds of others."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from astroid import nodes

from keraslint.graph import Fit, Model, Observation, Span, Training, Unknown
from keraslint.graph.training import FITTING
from keraslint.reader.keras.own_training import has_own_step, ignores_compiled_loss
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import nodes_in, span_of
from keraslint.reader.machine.record import CompileEvent, FitEvent
from keraslint.reader.machine.values import Instance


@dataclass
class GivenWeights:
    """What is remembered of weights that come from elsewhere."""

    at: list[int] = field(default_factory=list)
    """How many fits there were whenever a model or layer was given weights."""


_BY_HAND = frozenset(("apply_gradients", "assign", "restore"))

_IN_OTHER_WAYS = frozenset(
    (
        *("assign", "assign_add", "assign_sub", "copy_from", "load_model", "load_weights", "minimize", "restore"),
        "set_weights",
    )
)
"""By these, weights may become what no fit and no tape in sight makes them."""


def weights_given(machine: Machine, module: nodes.Module) -> Iterator[Observation]:
    """The first place at which weights come from elsewhere, or may be trained out of sight."""
    steps = [event.span for event in machine.record.steps if not event.owners]
    named = [span_of(part) for part in nodes_in(module, nodes.Attribute) if part.attrname in _IN_OTHER_WAYS]
    for place in sorted([*steps, *named])[:1]:
        yield Observation("weights-given", place)


Worlds = dict[Unknown, bool]
"""Undecided tests, and how each was taken."""


def trainings_of(
    compiles: list[CompileEvent],
    fits: list[FitEvent],
    made: Mapping[int, Fit],
    returned: Container[int] = (),
    given: Sequence[int] = (),
) -> Iterator[Training]:
    """Every compile with the fits that it holds for, and with the compiled models around its model and inside it.

    ``made`` are the fits of the graph, by the ids of the events that they stand for.
    ``returned`` are the ids of the models that functions return whose callers are not in sight, ``given`` the counts
    of fits after which weights were set or loaded.
    """
    fits_of = _fits_of(compiles, fits)
    nesting = _nesting(compiles)
    replaced = _replaced(compiles, fits_of)
    compiled = {(event.model.span, event.model.name) for event in compiles}
    places = {id(fit): place for place, fit in enumerate(fits)}
    first_fits = _first_fits(fits)
    first_given = min(given, default=len(fits) + 1)
    for event in compiles:
        if id(event) in replaced:
            continue
        own = fits_of[id(event)]
        training_fits = [fit for fit in own if fit.method in FITTING]
        model = _fullest([event.model, *(fit.model for fit in training_fits)])
        around = nesting.get((event.model.span, event.model.name), ())
        owner = event.owner.model if isinstance(event.owner, Instance) else event.owner
        yield Training(
            model,
            event.compiled,
            tuple(made[id(fit)] for fit in own),
            part_of=tuple(other.model for other in around if other.owner is not event.owner),
            holds=tuple(inside for inside in _models_inside(model) if (inside.span, inside.name) in compiled),
            kept=id(owner) in returned,
            ignores_loss=isinstance(event.owner, Instance) and ignores_compiled_loss(event.owner.cls),
            own_step=isinstance(event.owner, Instance) and has_own_step(event.owner.cls),
            goes_on=_is_trained_before(event, first_fits) or first_given <= (places[id(own[0])] if own else len(fits)),
            confidence=event.confidence,
        )


def _first_fits(fits: list[FitEvent]) -> dict[int, int]:
    """By the ids of models and layers, how many fits there were before the first that trained them."""
    first: dict[int, int] = {}
    for place, fit in enumerate(fits):
        if fit.method in FITTING:
            for part in (fit.owner, *fit.model.layers):
                first.setdefault(id(part), place)
    return first


def _is_trained_before(event: CompileEvent, first_fits: Mapping[int, int]) -> bool:
    """Whether the model, or a layer of it in another, was trained before this compile."""
    return any(
        first_fits.get(id(part), event.fits_before) < event.fits_before for part in (event.owner, *event.model.layers)
    )


def moves_weights_by_hand(module: nodes.Module) -> bool:
    """Whether a file has a training loop of its own, or sets weights out of sight of the models."""
    return any(part.attrname in _BY_HAND for part in nodes_in(module, nodes.Attribute))


def _fits_of(compiles: list[CompileEvent], fits: list[FitEvent]) -> dict[int, list[FitEvent]]:
    """The fits of each compile: those that follow it. One that precedes them all, in a method that was read
    before, belongs to the last."""
    found: dict[int, list[FitEvent]] = {id(event): [] for event in compiles}
    compiled: dict[int, list[CompileEvent]] = {}
    early: list[FitEvent] = []

    def give(fit: FitEvent) -> bool:
        given = _in_force(compiled.get(id(fit.owner), []), fit.worlds)
        for event in given:
            found[id(event)].append(fit)
        return bool(given)

    waiting = deque(compiles)
    for position, fit in enumerate(fits):
        while waiting and waiting[0].fits_before <= position:
            event = waiting.popleft()
            compiled.setdefault(id(event.owner), []).append(event)
        if not give(fit):
            early.append(fit)
    for event in waiting:
        compiled.setdefault(id(event.owner), []).append(event)
    for fit in early:
        give(fit)
    return found


def _in_force(compiles: list[CompileEvent], worlds: Worlds) -> list[CompileEvent]:
    """The compiles of one model that a fit may train with: the last one, or one in each arm of a branch."""
    found: list[CompileEvent] = []
    for event in reversed(compiles):
        both = {**event.worlds, **worlds}
        if _same_world(event.worlds, worlds) and not _covered(both, [other.worlds for other in found]):
            found.append(event)
            if event.worlds.items() <= worlds.items():
                break
    return found


def _covered(worlds: Worlds, others: list[Worlds]) -> bool:
    """Whether one of ``others`` holds wherever ``worlds`` does."""
    near = [other for other in others if _same_world(other, worlds)]
    if any(other.items() <= worlds.items() for other in near):
        return True
    test = next((test for other in near for test in other if test not in worlds), None)
    return test is not None and all(_covered({**worlds, test: arm}, near) for arm in (True, False))


def _replaced(compiles: list[CompileEvent], fits_of: dict[int, list[FitEvent]]) -> set[int]:
    """The compiles that a change of their optimizer replaced before anything was fitted with them."""
    found: set[int] = set()
    last: dict[int, CompileEvent] = {}
    for event in compiles:
        before = last.get(id(event.owner))
        unused = before is not None and not fits_of[id(before)] and event.worlds.items() <= before.worlds.items()
        if event.replaces and unused:
            found.add(id(before))
        last[id(event.owner)] = event
    return found


def _nesting(compiles: list[CompileEvent]) -> dict[tuple[Span, str], list[CompileEvent]]:
    """By place and name of a model, the compiles of models that contain it."""
    found: dict[tuple[Span, str], list[CompileEvent]] = {}
    for event in compiles:
        for inner in {(model.span, model.name) for model in _models_inside(event.model)}:
            found.setdefault(inner, []).append(event)
    return found


def _models_inside(outer: Model) -> Iterator[Model]:
    """The models in a model and in those, each once."""
    seen: set[int] = set()
    stack = [outer]
    while stack:
        for call in stack.pop().calls:
            if isinstance(call.layer, Model) and id(call.layer) not in seen:
                seen.add(id(call.layer))
                stack.append(call.layer)
                yield call.layer


def _fullest(models: list[Model]) -> Model:
    """The latest of the models, unless an earlier one knows more of its shapes."""
    best = models[-1]
    if best.outputs and best.output_shape.known:
        return best
    return next((m for m in reversed(models) if m.outputs and m.output_shape.known), best)


def _same_world(one: dict[Unknown, bool], other: dict[Unknown, bool]) -> bool:
    return all(other.get(test, arm) == arm for test, arm in one.items())


def fit_of(event: FitEvent) -> Fit:
    return Fit(event.method, event.model, event.arguments, event.span, event.confidence, event.assumed)
