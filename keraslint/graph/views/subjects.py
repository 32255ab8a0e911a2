"""What a finding is about: which trainings it belongs to, which output, and whether two are about the same.

A view may say ``about`` (the parts of the graph that it looks at), ``trainings`` and ``head``; a plain part of the
graph is about itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.facts import Fact
from keraslint.graph.objects import Call, KerasObject, Layer, Model
from keraslint.graph.once import once
from keraslint.graph.training import Training
from keraslint.graph.views.heads import Head


def about(subject: object) -> tuple[object, ...]:
    """The parts of the graph that it is about."""
    parts: tuple[object, ...] = getattr(subject, "about", (subject,))
    return parts


def trainings_about(subject: object) -> tuple[Training, ...]:
    """The trainings that it says it belongs to; empty where its parts say it."""
    if isinstance(subject, Training):
        return (subject,)
    known: tuple[Training, ...] = getattr(subject, "trainings", ())
    return known


def head_of(subject: object) -> Head | None:
    """The output that it is about, if it is about one alone."""
    head = subject if isinstance(subject, Head) else getattr(subject, "head", None)
    return head if isinstance(head, Head) else None


def name_of(subject: object) -> str:
    """The name of the layer or model that it is about; empty when it has none."""
    named = (part.name for part in about(subject) if isinstance(part, Layer | Model))
    return next(named, "")


def belongs_to(subject: object, training: Training) -> bool:
    """Whether it is about this training or a part of it."""
    known = trainings_about(subject)
    if known:
        return any(own is training for own in known)
    return not _parts_of_training(training).isdisjoint(map(id, about(subject)))


def is_in(subject: object, model: Model) -> bool:
    """Whether it is about this model or a part of it."""
    return not _parts_of_model(model).isdisjoint(map(id, about(subject)))


def are_about_the_same(one: object, other: object) -> bool:
    """Whether two are about the same output, layer or training, or one about a part of the other's training."""
    ours, theirs = trainings_about(one), trainings_about(other)
    if ours and theirs and {id(training) for training in ours}.isdisjoint(id(training) for training in theirs):
        return False
    our_head, their_head = head_of(one), head_of(other)
    if our_head is not None and their_head is not None:
        return our_head is their_head
    if not {id(part) for part in about(one)}.isdisjoint(map(id, about(other))):
        return True
    return (isinstance(one, Training) and belongs_to(other, one)) or (
        isinstance(other, Training) and belongs_to(one, other)
    )


def models_in(model: Model) -> Iterator[Model]:
    """The model and those nested in it, each once."""
    seen = {id(model)}
    waiting = [model]
    while waiting:
        outer = waiting.pop()
        yield outer
        for call in outer.calls:
            if isinstance(call.layer, Model) and id(call.layer) not in seen:
                seen.add(id(call.layer))
                waiting.append(call.layer)


def calls_in(model: Model) -> Iterator[Call]:
    """The calls of a model and of those nested in it."""
    for inner in models_in(model):
        yield from inner.calls


def learns_further(training: Training) -> bool:
    """Whether weights that are no new ones are trained on: the model's own, or those of a part from elsewhere."""
    return training.goes_on or any(
        isinstance(call.layer, Model) or getattr(call.layer, "origin", "") for call in calls_in(training.model)
    )


def objects_in(training: Training) -> Iterator[KerasObject]:
    """The layers, optimizer, loss and metrics of a training, and what stands in their arguments."""
    waiting: list[object] = [training.compiled, *(call.layer for call in calls_in(training.model))]
    while waiting:
        part = waiting.pop()
        if isinstance(part, KerasObject):
            yield part
            waiting.extend(argument.value for argument in part.arguments)
        elif isinstance(part, Fact):
            waiting.extend([part.value, *part.items, *(value for _, value in part.entries)])


@once
def _parts_of_model(model: Model) -> frozenset[int]:
    calls = tuple(calls_in(model))
    return frozenset(map(id, (*models_in(model), *calls, *(call.layer for call in calls))))


@once
def _parts_of_training(training: Training) -> frozenset[int]:
    own = (training, *training.fits, *objects_in(training))
    return _parts_of_model(training.model).union(map(id, own))
