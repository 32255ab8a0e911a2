"""Losses and metrics of the program's own: what they make of symbolic labels and predictions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from keraslint import keras_api
from keraslint.graph import Array, Confidence, KerasObject, OwnFunction, Shape, Tensor, Training
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import span_of
from keraslint.reader.machine.state import OutOfFuel, Raised, Undecided
from keraslint.reader.machine.values import (
    BoundMethod,
    ClassValue,
    DictValue,
    External,
    FunctionValue,
    Instance,
    ListValue,
    Value,
)

SHARE = 0.25
"""One such function may take so much of what fuel is left."""

Role = Literal["loss", "metric"]
ROLES: tuple[Role, Role] = ("loss", "metric")


@dataclass
class Compiled:
    """What compiles were given."""

    of: dict[KerasObject, tuple[Value, Value]] = field(default_factory=dict)
    """The losses and the metrics as they are in the program."""


def note_compiled(machine: Machine, compiled: KerasObject, arguments: Arguments) -> None:
    """Keep the functions that a compile is given as losses and metrics."""
    given = arguments.get(1, "loss"), arguments.get(None, "metrics")
    if any(value is not None and not isinstance(value, str) for value in given):
        machine.memory(Compiled).of[compiled] = given


def own_functions_of(machine: Machine, trainings: tuple[Training, ...]) -> Iterator[OwnFunction]:
    """Each own function of each training, read on labels and predictions of the shapes that they have there."""
    kept = machine.memory(Compiled).of
    for training in trainings:
        for role, value in zip(ROLES, kept.get(training.compiled, ()), strict=False):
            try:
                functions = list(_functions(machine, value, training, role))
            except Undecided:
                continue  # which function it is depends on a branch
            for index, function in functions:
                yield _read(machine, function, training, role, index)


def _functions(machine: Machine, given: Value, training: Training, role: Role) -> Iterator[tuple[int, Value]]:
    """The functions among what is given, each with the number of the output that it is for."""
    given = machine.need(given)
    match given:
        case FunctionValue() | BoundMethod():
            if len(training.model.outputs) == 1:
                yield 0, given
        case Instance(cls=cls) if (call := cls.lookup("call")) and _is_loss(cls):
            if isinstance(call[0], FunctionValue) and len(training.model.outputs) == 1:
                yield 0, BoundMethod(call[0], given)
        case ListValue(items=items) | (tuple() as items) if role == "metric" or len(items) == 1:
            for item in items:
                yield from _functions(machine, item, training, role)
        case DictValue(entries=entries) if role == "metric" or len(entries) == 1:
            for item in entries.values():
                yield from _functions(machine, item, training, role)


def _is_loss(cls: ClassValue) -> bool:
    """Whether a class descends from Keras's `Loss`."""
    bases = [base for one in (cls.mro or (cls,)) for base in one.bases if isinstance(base, External)]
    return any(keras_api.canonical(base.path) in ("keras.Loss", "keras.losses.Loss") for base in bases)


def _read(machine: Machine, value: Value, training: Training, role: Role, index: int) -> OwnFunction:
    function = value.function if isinstance(value, BoundMethod) else value
    place = span_of(function.node)
    y_pred = Tensor(training.model.outputs[index].shape, place, name="y_pred")
    y_true = Tensor(_shape_of_labels(training, index, role, y_pred), place, name="y_true")
    mark = machine.record.mark()
    result: Value = None
    try:
        with machine.share_of_fuel(SHARE):
            given = Arguments([Given(y_true, function.node), Given(y_pred, function.node)])
            result = machine.retried_value(lambda: machine.call(value, given, function.node))
    except (OutOfFuel, RecursionError, Raised, Undecided):
        result = None
    machine.record.rewind(mark)
    found = result if isinstance(result, Tensor) else None
    owner = value.instance if isinstance(value, BoundMethod) and function.name == "call" else None
    name = str(owner.cls.name) if isinstance(owner, Instance) else function.name
    return OwnFunction(name, role, training, place, y_true, y_pred, found, _sure(training))


def _sure(training: Training) -> Confidence:
    return min(training.confidence, Confidence.INFERENCE)


def _shape_of_labels(training: Training, index: int, role: Role, y_pred: Tensor) -> Shape:
    """The shape in which Keras hands labels to a function: to a loss with as many axes as the predictions have."""
    fits = [fit for fit in training.fits if fit.trains]
    labels = fits[0].labels(training.output_names) if fits else ()
    array = labels[index] if index < len(labels) else None
    if not isinstance(array, Array) or not array.shape.rank_known or not array.shape.dims:
        return Shape.unknown("the labels are not in sight")
    dims = (None, *array.shape.dims[1:])
    predicted = y_pred.shape
    if role == "metric" or not predicted.rank_known:
        return Shape(dims)
    if len(dims) == len(predicted.dims) - 1 and predicted.dims[-1] == 1:
        return Shape((*dims, 1))
    if len(dims) == len(predicted.dims) + 1 and dims[-1] == 1:
        return Shape(dims[:-1])
    return Shape(dims)
