"""What a saved model holds of the program itself: classes and functions that are not registered with Keras."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from keraslint.graph import Argument, Fact, KerasObject, Layer, OwnPart, Reference
from keraslint.graph.files import PartKind
from keraslint.reader.keras.binding import current_layer
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import ClassValue, FunctionValue, Instance, LayerValue, Value

COMPILED: dict[str, PartKind] = {
    "loss": "loss",
    "metrics": "metric",
    "weighted_metrics": "metric",
    "optimizer": "optimizer",
}
"""The arguments of compile that a file holds."""


def own_parts(machine: Machine, held: Iterable[Value], compiled: tuple[Argument, ...]) -> Iterator[OwnPart]:
    """Each that is surely not registered, once: those of the model's layers first, then those of its compile."""
    told: set[tuple[str, str, bool]] = set()
    for part in (*_of_layers(machine, held), *_of_compile(machine, compiled)):
        key = (part.kind, part.name, part.compiled)
        if key not in told:
            told.add(key)
            yield part


def short_losses(compiled: tuple[Argument, ...]) -> Iterator[Fact[Value]]:
    """Losses by name."""
    for argument in compiled:
        if argument.name == "loss":
            yield from (fact for fact, _ in _leaves(argument.value) if fact.is_a(str))


def _of_layers(machine: Machine, held: Iterable[Value]) -> Iterator[OwnPart]:
    waiting = list(held)
    while waiting:
        part = machine.need(waiting.pop(0))
        if isinstance(part, Instance):
            yield from _class(machine, part.cls, "model" if part.model is not None else "layer")
        elif isinstance(part, LayerValue):
            yield from _of_layer(machine, current_layer(machine, part))


def _of_layer(machine: Machine, layer: Layer) -> Iterator[OwnPart]:
    """Functions and objects among the arguments of a built-in layer, and the layer inside a wrapper."""
    for argument in layer.arguments:
        value, kind = argument.value.value, argument.name.rpartition("_")[2]
        if isinstance(value, Layer):
            yield from _value(machine, value, "layer") if value.in_file else _of_layer(machine, value)
        elif layer.class_name == "keras.layers.Lambda" and kind == "function":
            yield from (replace(part, of_lambda_layer=True) for part in _value(machine, value, "function"))
        elif kind == "activation":
            yield from _value(machine, value, "activation")
        elif kind in ("initializer", "regularizer", "constraint"):
            yield from _value(machine, value, "function")


def _of_compile(machine: Machine, compiled: tuple[Argument, ...]) -> Iterator[OwnPart]:
    for argument in compiled:
        kind = COMPILED.get(argument.name)
        if kind is None:
            continue
        for fact, alone in _leaves(argument.value):
            found = [*_value(machine, fact.value, kind)]
            if kind == "optimizer" and isinstance(fact.value, KerasObject) and not fact.value.in_file:
                rate = fact.value.given("learning_rate")
                found = [*_value(machine, rate.value.value, "schedule")] if rate is not None else []
            yield from (replace(part, compiled=True, alone=alone) for part in found)


def _leaves(fact: Fact[Value]) -> Iterator[tuple[Fact[Value], bool]]:
    """What is in a value, through lists and the values of dicts, and whether it stands there alone."""
    waiting = [(fact, True)]
    while waiting:
        part, alone = waiting.pop(0)
        inner = (*part.items, *(value for _, value in part.entries))
        if inner or part.is_a((list, tuple, dict)):
            waiting += [(one, False) for one in inner]
        else:
            yield part, alone


def _value(machine: Machine, value: object, kind: PartKind) -> Iterator[OwnPart]:
    match value:
        case Reference(in_file=True, makes="", name="<lambda>"):
            yield OwnPart(kind, "<lambda>")
        case Reference(in_file=True, makes="", name=name) | KerasObject(in_file=True, class_name=name):
            yield from _named(machine, name, kind, called=isinstance(value, Reference))


def _named(machine: Machine, name: str, kind: PartKind, *, called: bool = False) -> Iterator[OwnPart]:
    """By the name of a function, where it is ``called`` as one, or of a class; all that is so named has to be so."""
    here = machine.module.names.get(name)
    known = [*machine.functions, *machine.classes, here]
    found = [one for one in known if isinstance(one, FunctionValue | ClassValue) and one.name == name]
    if called:
        plain = [isinstance(one, FunctionValue) and one.owner is None and not _is_decorated(one) for one in found]
    else:
        plain = [isinstance(one, ClassValue) and one.keras_base is not None and not _is_decorated(one) for one in found]
    if found and all(plain):
        yield OwnPart(kind, name, at_hand=any(one is here for one in found) and len({id(one) for one in found}) == 1)


def _class(machine: Machine, cls: ClassValue, kind: PartKind) -> Iterator[OwnPart]:
    if not _is_decorated(cls):
        yield OwnPart(kind, cls.name, at_hand=machine.module.names.get(cls.name) is cls)


def _is_decorated(thing: FunctionValue | ClassValue) -> bool:
    """Whether a decorator may have registered it, or have put another thing in its place."""
    return getattr(thing.node, "decorators", None) is not None
