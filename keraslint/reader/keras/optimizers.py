"""What is changed of a compiled model's optimizer: ``model.optimizer.learning_rate = 0.1`` and its older spellings.

From there on the model trains as if it had been compiled so; a `compile` with which nothing was fitted is replaced.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import Argument, Fact, KerasObject, Unknown
from keraslint.graph.objects import default_of
from keraslint.reader.keras.binding import fact_of
from keraslint.reader.keras.observing import note
from keraslint.reader.keras.versions import api_versions, speaks_keras_1
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.memory import remembered
from keraslint.reader.machine.places import file_of, nodes_in, span_of
from keraslint.reader.machine.protocols import ASSIGNED, PASS, SET_ATTRIBUTE
from keraslint.reader.machine.record import CompileEvent
from keraslint.reader.machine.state import Undecided
from keraslint.reader.machine.values import ModelValue, Value

RATES = ("learning_rate", "lr")
"""The names that the learning rate has had."""


@dataclass
class Optimizers:
    """What is remembered of the optimizers of a program."""

    compiled_with: dict[KerasObject, CompileEvent] = field(default_factory=dict)
    """Optimizers that a compile names only by a string, as objects."""

    set_beside: dict[tuple[KerasObject, str], Value] = field(default_factory=dict)
    """Attributes that a program gives Keras's objects and that mean nothing to Keras."""


def optimizer_of(machine: Machine, model: ModelValue, node: nodes.NodeNG) -> Value:
    """``model.optimizer``: what the model was compiled with last."""
    event = _last_compile(machine, model)
    given = event.compiled.argument("optimizer").value if event is not None else None
    if event is None or isinstance(given, KerasObject):
        return machine.unknown("the optimizer of a model", node) if event is None else given
    name = keras_api.from_identifier("optimizer", given) if isinstance(given, str) else None
    if name is None:
        return machine.unknown("the optimizer of a model", node)
    made = KerasObject(name, (), event.compiled.span, machine.flow_confidence)
    machine.memory(Optimizers).compiled_with[made] = event
    return made


def _last_compile(machine: Machine, model: ModelValue) -> CompileEvent | None:
    """The last compile of a model in the world that is being read.

    Raises:
        Undecided: it depends on a branch.
    """
    here = machine.where
    for event in reversed(machine.record.compiles):
        machine.burn()
        own = event.owner is model or (event.owner is not None and event.owner is model.instance)
        if not own or any(here.get(test, arm) != arm for test, arm in event.worlds.items()):
            continue
        open_test = next((test for test in event.worlds if test not in here), None)
        if open_test is None:
            return event
        if not machine.may_fork:
            return None
        raise Undecided(open_test)
    return None


@SET_ATTRIBUTE.answers(KerasObject)
def _set_argument(machine: Machine, owner: KerasObject, name: str, value: Value, node: nodes.NodeNG) -> None:
    """``optimizer.learning_rate = 0.1``, before the optimizer is used or after."""
    now = machine.need(machine.changed.get(owner, owner))
    if not isinstance(now, KerasObject) or not now.class_name.startswith("keras.optimizers."):
        return
    if name == "lr" and not file_of(node):
        note(machine, "optimizer-lr", now, now.kind, span_of(_target(node)))
    if name == "lr" and not _has_lr(machine, now, node):
        # Keras 3 knows no such attribute: Python makes one, with which nothing trains.
        machine.journal.set(machine.memory(Optimizers).set_beside, (owner, name), value)
        return
    name = "learning_rate" if name in RATES else name
    if isinstance(default_of(owner.class_name, name), Unknown) and now.given(name) is None:
        return
    given = Argument(name, fact_of(machine, Given(value, node)), name, span_of(node))
    others = tuple(argument for argument in now.arguments if argument.name != name)
    new = replace(now, arguments=(*others, given))
    machine.journal.set(machine.changed, owner, new)
    _recompile(machine, now, new)


def _target(value: nodes.NodeNG) -> nodes.NodeNG:
    """What is set, where a statement sets one thing; else where the value stands."""
    statement = value.parent
    return statement.targets[0] if isinstance(statement, nodes.Assign) and len(statement.targets) == 1 else value


def _has_lr(machine: Machine, optimizer: KerasObject, node: nodes.NodeNG) -> bool:
    """Whether ``optimizer.lr`` is the learning rate, as it was until Keras 2: where the file is for no later one."""
    if any(argument.written == "lr" for argument in optimizer.arguments):
        return True
    return (
        speaks_keras_1(machine, node)
        or keras_api.NEWEST not in api_versions(machine)
        or _asks_for_lr(machine, node.root())
    )


@remembered
def _asks_for_lr(machine: Machine, module: nodes.NodeNG) -> bool:
    """Whether a file reads ``optimizer.lr`` somewhere, on which Keras 3 raises."""
    uses = [*nodes_in(module, nodes.Attribute), *nodes_in(module, nodes.AugAssign)]
    machine.burn(len(uses))
    return any(map(_reads_lr, uses))


def _reads_lr(use: nodes.NodeNG) -> bool:
    match use:
        case nodes.Attribute(attrname="lr", expr=owner):
            pass
        case nodes.AugAssign(target=nodes.AssignAttr(attrname="lr", expr=owner)):
            pass
        case _:
            return False
    name = owner.attrname if isinstance(owner, nodes.Attribute) else getattr(owner, "name", "")
    return bool(name.startswith("opt"))


def _recompile(machine: Machine, old: KerasObject, new: KerasObject) -> None:
    """The models that were compiled with an optimizer have the changed one."""
    by_name = machine.memory(Optimizers).compiled_with.get(old)
    machine.burn(len(machine.record.compiles))
    for event in list(machine.record.compiles):
        optimizer = event.compiled.given("optimizer")
        if event is not by_name and (optimizer is None or optimizer.value.value is not old):
            continue
        span = optimizer.value.span if optimizer is not None else new.span
        given = Argument("optimizer", Fact(new, span, machine.confidence(False)), None, span, 0)
        others = tuple(argument for argument in event.compiled.arguments if argument.name != "optimizer")
        compiled = replace(event.compiled, arguments=(given, *others))
        changed = replace(
            event,
            compiled=compiled,
            worlds=machine.where,
            confidence=min(event.confidence, machine.flow_confidence),
            fits_before=len(machine.record.fits),
            replaces=True,
        )
        machine.record.compiles.append(changed)


@ASSIGNED.answers
def _assigned(machine: Machine, target: nodes.NodeNG, node: nodes.NodeNG) -> Value:
    if not isinstance(target, nodes.Attribute) or target.attrname not in RATES:
        return PASS
    value = machine.evaluate(node)
    return value if set_by_call(machine, target, value) else PASS


def set_by_call(machine: Machine, target: nodes.NodeNG, value: Value) -> bool:
    """``optimizer.learning_rate.assign(0.1)``, ``K.set_value(optimizer.lr, 0.1)``: whether it is such a call.

    ``target`` is the expression that names the rate.
    """
    if not isinstance(target, nodes.Attribute) or target.attrname not in RATES:
        return False
    owner = machine.now(target.expr)
    if not isinstance(owner, KerasObject) or not owner.class_name.startswith("keras.optimizers."):
        return False
    _set_argument(machine, owner, "learning_rate", value, target)
    return True


def set_value(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``K.set_value(variable, value)``."""
    if arguments.positional:
        set_by_call(machine, arguments.positional[0].node, arguments.get(1, "value"))
    return None


def get_value(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``K.get_value(optimizer.lr)``: a number is its own value."""
    value = machine.need(arguments.get(0, "x"))
    return value if isinstance(value, int | float) else machine.unknown(f"result of {name}", node)
