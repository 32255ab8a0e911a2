"""KerasTuner: a hyperparameter is an unknown out of known values; a tuner builds a model and fits it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from astroid import nodes

from keraslint.graph import OneOf, Unknown
from keraslint.graph.shape import length_of
from keraslint.reader.language.functions import unknown_result
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.iteration import items_of
from keraslint.reader.machine.library import NativeCall, by_path
from keraslint.reader.machine.machine import Machine, attributes_of, calls_of
from keraslint.reader.machine.values import MORE, FunctionValue, ListValue, Method, ModelValue, Native, Value

MOST_VALUES = 64
"""Of more values only the ends are kept."""
_PLAIN = (int, float, str, bool, type(None))
_TUNERS = frozenset(("BayesianOptimization", "GridSearch", "Hyperband", "RandomSearch", "SklearnTuner"))


@dataclass
class Tuning:
    """What is remembered of searches for hyperparameters."""

    hyperparameters: dict[nodes.NodeNG, HyperParameters] = field(default_factory=dict)
    """By the function or call that they come from."""


@dataclass(frozen=True, eq=False, repr=False)
class HyperParameters(Unknown):
    """The ``hp`` that a function which builds a model is given; what is asked of it by name is always the same."""

    asked: dict[str, Value] = field(default_factory=dict)


@dataclass(eq=False, repr=False)
class Tuner:
    """A search over the models that a function or a HyperModel builds."""

    hypermodel: Value
    hp: HyperParameters
    model: Value


def hyperparameters(machine: Machine, reason: str, node: nodes.NodeNG) -> HyperParameters:
    """The hyperparameters that come from ``node``."""
    known = machine.memory(Tuning).hyperparameters
    if node not in known:
        known[node] = HyperParameters(reason)
    return known[node]


@by_path("keras_tuner.", "kerastuner.")
def tuning_call(path: str) -> NativeCall | None:
    """What calling a name of KerasTuner means."""
    name = path.rpartition(".")[2]
    if name == "HyperParameters":
        return lambda machine, arguments, node: hyperparameters(machine, "hyperparameters", node)
    return _make_tuner if name in _TUNERS else None


# hyperparameters ---------------------------------------------------------------------------------------------


@attributes_of(HyperParameters)
def _attribute(machine: Machine, hp: HyperParameters, name: str, node: nodes.NodeNG) -> Value:
    ask = _ASKED.get(name)
    if name == "values":
        return hp
    if ask is None:
        return machine.derived(hp, ".", name)
    return Native(name, lambda machine, arguments, node: _remembered(machine, hp, ask, arguments, node))


@calls_of(HyperParameters)
def _call(machine: Machine, hp: HyperParameters, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return unknown_result(machine, hp.reason, arguments, node)


Ask = Callable[[Machine, str, Arguments, nodes.NodeNG], Value]


def _remembered(machine: Machine, hp: HyperParameters, ask: Ask, arguments: Arguments, node: nodes.NodeNG) -> Value:
    name = machine.need(arguments.get(0, "name"))
    if not isinstance(name, str):
        return machine.unknown("a hyperparameter", node)
    if name not in hp.asked:
        hp.asked[name] = ask(machine, name, arguments, node)
    return hp.asked[name]


def _integer(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    low, high, step = (machine.need(value) for value in _bounds(arguments))
    if not isinstance(low, int) or not isinstance(high, int) or high < low:
        return machine.unknown(f"hyperparameter `{name}`", node)
    if machine.need(arguments.get(4, "sampling")) in (None, "linear") and (step is None or isinstance(step, int)):
        steps = range(low, high + 1, step or 1) if step is None or step > 0 else range(0)
        if 0 < length_of(steps) <= MOST_VALUES:
            return one_of(name, tuple(steps))
    return _between(name, low, high)


def _number(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    low, high = (machine.need(value) for value in _bounds(arguments)[:2])
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return machine.unknown(f"hyperparameter `{name}`", node)
    return _between(name, low, high)


def _bounds(arguments: Arguments) -> tuple[Value, Value, Value]:
    return arguments.get(1, "min_value"), arguments.get(2, "max_value"), arguments.get(3, "step")


def _choice(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    values = items_of(machine, machine.need_all(arguments.get(1, "values")))
    if not values or not all(isinstance(value, _PLAIN) for value in values):
        return machine.unknown(f"hyperparameter `{name}`", node)
    return one_of(name, values)


def _boolean(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return one_of(name, (False, True))


def _fixed(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return machine.need(arguments.get(1, "value"))


def _known(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``hp.get("units")`` of a name that was not asked before."""
    return machine.unknown(f"hyperparameter `{name}`", node)


_ASKED: dict[str, Ask] = {
    "Boolean": _boolean,
    "Choice": _choice,
    "Fixed": _fixed,
    "Float": _number,
    "Int": _integer,
    "get": _known,
}


def one_of(name: str, values: Sequence[Any]) -> Value:
    """A hyperparameter with these values; the value itself if it is the only one."""
    told = ", ".join(map(repr, values)) if len(values) <= 4 else f"{values[0]!r} … {values[-1]!r}"
    only = all(value == values[0] for value in values)
    return values[0] if only else OneOf(f"hyperparameter `{name}`: {told}", None, tuple(values))


def _between(name: str, low: float, high: float) -> Value:
    return low if low == high else OneOf(f"hyperparameter `{name}`: {low} … {high}", None, (low, high), True)


# tuners ------------------------------------------------------------------------------------------------------


def _make_tuner(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    hypermodel = machine.need(arguments.get(0, "hypermodel"))
    hp = hyperparameters(machine, "hyperparameters", node)
    given = machine.need(arguments.get(None, "hyperparameters"))
    hp = given if isinstance(given, HyperParameters) else hp
    return Tuner(hypermodel, hp, machine.need(_built(machine, hypermodel, hp, node)))


def _built(machine: Machine, hypermodel: Value, hp: Value, node: nodes.NodeNG) -> Value:
    """The model that a function, or the `build` of a HyperModel, makes of hyperparameters."""
    if hypermodel is None:
        return machine.unknown("a search without a model", node)
    is_function = isinstance(hypermodel, FunctionValue | Unknown | Native)
    build = hypermodel if is_function else machine.attribute(hypermodel, "build", node)
    return machine.call(build, Arguments([Given(hp, node)]), node)


@attributes_of(Tuner)
def _tuner_attribute(machine: Machine, tuner: Tuner, name: str, node: nodes.NodeNG) -> Value:
    match name:
        case "search" if isinstance(tuner.model, ModelValue):
            return Method(tuner.model.instance or tuner.model, "fit")
        case "get_best_hyperparameters":
            return Native(name, lambda machine, arguments, node: ListValue([tuner.hp, MORE]))
        case "get_best_models":
            return Native(name, lambda machine, arguments, node: ListValue([tuner.model, MORE]))
        case "hypermodel":
            return _Builder(tuner.hypermodel)
        case _:
            return machine.unknown(f"`{name}` of a tuner", node)


@dataclass(frozen=True, eq=False, repr=False)
class _Builder:
    """``tuner.hypermodel``: has `build` also where the program gave a function."""

    hypermodel: Value


@attributes_of(_Builder)
def _builder_attribute(machine: Machine, builder: _Builder, name: str, node: nodes.NodeNG) -> Value:
    def build(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        return _built(machine, builder.hypermodel, arguments.get(0, "hp"), node)

    return Native("build", build) if name == "build" else machine.attribute(builder.hypermodel, name, node)
