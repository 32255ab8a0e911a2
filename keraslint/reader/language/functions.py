"""Functions and classes of the file: how they are made, how their arguments bind, and what calling them does."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import Any

from astroid import nodes

from keraslint.graph import OneOf, Tensor, Unknown
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.iteration import more, settle
from keraslint.reader.machine.machine import (
    DEEPEST_CALL,
    MOST_BLIND_RECURSION,
    MOST_RECURSION,
    Flow,
    Frame,
    Machine,
    attributes_of,
    calls_of,
    returned,
)
from keraslint.reader.machine.memory import remembered
from keraslint.reader.machine.places import file_of, nodes_in, span_of
from keraslint.reader.machine.protocols import CASES, ESCAPED, NOT_GIVEN
from keraslint.reader.machine.state import OutOfFuel, Raised, result_of
from keraslint.reader.machine.values import (
    MORE,
    BoundMethod,
    ClassValue,
    DictValue,
    External,
    FunctionValue,
    Instance,
    ListValue,
    More,
    Native,
    Scope,
    Value,
)

FORKS_IN_OTHER_FILES = 2
"""In a call of a function in another file so many undecided branches are kept apart."""
SHARE_OF_OTHER_FILES = 0.5
"""One call of a function in another file takes so much of the fuel that is left."""
COST_OF_A_CALL = 5
"""Entering a function takes as long as so many expressions take to evaluate."""


def make_function(machine: Machine, node: nodes.FunctionDef | nodes.Lambda) -> FunctionValue:
    """The function that a definition makes, its defaults evaluated here and now."""
    arguments = node.args
    defaults: dict[str, Value] = {}
    named = [*(arguments.posonlyargs or ()), *(arguments.args or ())]
    given = arguments.defaults or []
    for parameter, default in zip(named[len(named) - len(given) :], given, strict=False):
        defaults[parameter.name] = machine.evaluate(default)
    for parameter, default in zip(arguments.kwonlyargs or (), arguments.kw_defaults or (), strict=False):
        if default is not None:
            defaults[parameter.name] = machine.evaluate(default)
    scope, owner = machine.scope, None
    if scope.kind == "class" and scope.parent is not None:
        scope, owner = scope.parent, machine.open_classes[-1]
    function = FunctionValue(node, scope, defaults, owner)
    if isinstance(node, nodes.FunctionDef) and not file_of(node):
        machine.functions.append(function)
    return function


def decorated(machine: Machine, node: nodes.FunctionDef, function: FunctionValue) -> Value:
    """What a function's name stands for after its decorators: those of the file are applied, others noted."""
    value: Value = function
    decorators = node.decorators.nodes if node.decorators is not None else []
    for decorator in reversed(decorators):
        if isinstance(decorator, nodes.Attribute) and decorator.attrname in ("setter", "getter", "deleter"):
            return _completed_property(machine, node, function, decorator.attrname)
        expression = decorator.func if isinstance(decorator, nodes.Call) else decorator
        callee = machine.now(expression)
        if isinstance(callee, _OF_THE_FILE):
            callee = machine.now(decorator)
            if isinstance(callee, _OF_THE_FILE):
                value = machine.call(callee, Arguments([Given(value, decorator)]), decorator)
                continue
        name = callee.path if isinstance(callee, External) else expression.as_string()
        function.decorated = (name, *function.decorated)
        if isinstance(decorator, nodes.Call) and not file_of(node):
            function.cases = CASES.ask(machine, name, decorator, function.cases)
    return value


_OF_THE_FILE = (FunctionValue, BoundMethod, ClassValue, Instance)


def _completed_property(machine: Machine, node: nodes.FunctionDef, function: FunctionValue, part: str) -> Value:
    """``@units.setter``: the property that has been there, with a function to set it."""
    getter = machine.scope.names.get(node.name)
    if not isinstance(getter, FunctionValue):
        return function
    return replace(getter, setter=function) if part == "setter" else getter


# calling -----------------------------------------------------------------------------------------------------


@calls_of(FunctionValue)
def call_function(machine: Machine, function: FunctionValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """Read the body with the arguments bound; the value that it returns."""
    machine.called.add(function.node)
    machine.burn(COST_OF_A_CALL)
    depth = sum(frame.function.node is function.node for frame in machine.frames)
    deepest = MOST_BLIND_RECURSION if machine.worlds else MOST_RECURSION
    if len(machine.frames) >= DEEPEST_CALL or depth >= deepest:
        return machine.unknown(f"{function.name} calls itself too deep", node)
    if depth and machine.worlds and all(_tells_nothing(machine, value) for value in arguments.values):
        return machine.unknown(f"{function.name} calls itself on what is not known", node)
    scope = Scope(bind(machine, function, arguments), function.scope, "function")
    if machine.scopes_begun is not None:
        machine.scopes_begun[id(scope.names)] = scope
    if machine.site is None and not file_of(node) and file_of(function.node):
        return _run_elsewhere(machine, function, scope, arguments, node)
    return _run(machine, function, scope)


def _tells_nothing(machine: Machine, value: Value) -> bool:
    """Whether a value is unknown, or holds nothing but such: a function that goes on with it learns no more."""
    match machine.need(value):
        case Unknown() | Native():
            return True
        case (tuple() as items) | ListValue(items=items):
            return all(_tells_nothing(machine, item) for item in items)
    return False


def _run_elsewhere(
    machine: Machine, function: FunctionValue, scope: Scope, arguments: Arguments, node: nodes.NodeNG
) -> Value:
    """Read a function of another file with a share of the fuel: most of this file's own is kept for itself."""
    machine.site = node
    most_forks = machine.forks + FORKS_IN_OTHER_FILES
    try:
        with machine.share_of_fuel(SHARE_OF_OTHER_FILES), machine.limited_forks(most_forks):
            return _run(machine, function, scope)
    except OutOfFuel:
        return unknown_result(machine, f"{function.name}, which asks for more work than is allowed", arguments, node)
    finally:
        machine.site = None


def _run(machine: Machine, function: FunctionValue, scope: Scope) -> Value:
    outer = machine.scope
    machine.raising.discard(function.node)
    frame = Frame(function, scope, function.owner)
    machine.frames.append(frame)
    machine.scope = scope
    loops, machine.loops = machine.loops, 0
    try:
        if isinstance(function.node, nodes.Lambda) and not isinstance(function.node, nodes.FunctionDef):
            return machine.evaluate(function.node.body)
        completion = machine.execute(function.node.body)
    finally:
        machine.scope = outer
        machine.frames.pop()
        machine.loops = loops
    if frame.yielded or is_generator(machine, function.node):
        return ListValue(frame.yielded, is_generator=True)
    if completion is Flow.RAISE:
        machine.raising.add(function.node)
        if machine.trying or machine.worlds or machine.on_defaults:
            raise Raised(machine.raised)
    return returned(machine, completion)


@remembered
def is_generator(machine: Machine, node: nodes.NodeNG) -> bool:
    """Whether a function yields."""
    return any(found.scope() is node for found in nodes_in(node, nodes.Yield, nodes.YieldFrom))


def bind(machine: Machine, function: FunctionValue, arguments: Arguments) -> dict[str, Value]:
    """The parameters' values; a parameter that nothing gives is unknown, by its name."""
    parameters = function.node.args
    named = [p.name for p in (*(parameters.posonlyargs or ()), *(parameters.args or ()))]
    positional = [given.value for given in arguments.positional]
    names: dict[str, Value] = dict(zip(named, positional, strict=False))
    if parameters.vararg:
        extra: list[Value] = positional[len(named) :]
        names[parameters.vararg] = tuple(extra) if not arguments.open_ended else Unknown(f"*{parameters.vararg}")
    accepted = {*named, *(p.name for p in parameters.kwonlyargs or ())}
    extra_named: dict[Hashable, Value] = {}
    names.update({name: given.value for name, given in arguments.keywords.items() if name in accepted})
    extra_named.update({name: given.value for name, given in arguments.keywords.items() if name not in accepted})
    if parameters.kwarg:
        names[parameters.kwarg] = DictValue(
            extra_named, has_more=arguments.open_ended, why=f"parameter `**{parameters.kwarg}`"
        )
    for name in (*named, *(p.name for p in parameters.kwonlyargs or ())):
        if name in names:
            continue
        default = function.defaults.get(name)
        if name in function.defaults and not arguments.opens(name, default):
            names[name] = default
        else:
            names[name] = _missing(machine, function, name)
    return names


def _missing(machine: Machine, function: FunctionValue, name: str) -> Unknown:
    """A parameter that nothing gives."""
    reason = f"parameter `{name}` of {function.name}"
    parameters = function.node.args
    annotations = dict(zip((p.name for p in parameters.args or ()), parameters.annotations or (), strict=False))
    known = NOT_GIVEN.ask(machine, name, annotations.get(name), reason, function.node)
    return known if known is not None else machine.unknown(reason, function.node)


@calls_of(BoundMethod)
def _call_bound(machine: Machine, method: BoundMethod, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return call_function(machine, method.function, arguments.behind(Given(method.instance, node)), node)


@calls_of(Native)
def _call_native(machine: Machine, native: Native, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return for_its_cause(machine, native.call(machine, arguments, node), arguments, node)


def for_its_cause(machine: Machine, result: Value, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """An unknown result of something that we know says why its arguments are unknown, where they are."""
    if type(result) is not Unknown:
        return result
    for given in arguments.values:
        value = machine.need(given)
        cause = value.reason if type(value) is Unknown else more(value).reason
        if cause:
            return result if cause == result.reason else machine.unknown(cause, node)
    return result


@calls_of(Unknown, OneOf)
def _call_unknown(machine: Machine, callee: Unknown, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return unknown_result(machine, callee.reason, arguments, node)


def escape(machine: Machine, value: Value, where: str) -> None:
    """A value was given to something that we cannot see into, which may change it."""
    value = machine.need(value)
    answer = ESCAPED.of(value)
    if answer:
        answer(machine, value, where)


@ESCAPED.answers(ListValue)
def _list_escaped(machine: Machine, value: ListValue, where: str) -> None:
    if value.items and MORE not in value.items:
        machine.journal.touch(value.items)
        value.items.append(MORE)


def unknown_result(
    machine: Machine, what: str, arguments: Arguments, node: nodes.NodeNG, *, only_reads: bool = False
) -> Value:
    """Calling what we do not know: on tensors it gives a tensor of unknown shape; what it is given may change."""
    tensors = tuple(tensors_in(machine, arguments.values))
    for value in () if only_reads else arguments.values:
        escape(machine, value, what)
    if tensors:
        return machine.opaque_tensor(what, tensors, span_of(node))
    return machine.unknown(result_of(what), node)


def flat_order(entries: dict[Hashable, Value]) -> list[Any]:
    """The keys of a dict in the order in which Keras flattens it."""
    keys: list[Any] = list(entries)
    kinds = set(map(type, keys))
    return sorted(keys) if kinds in ({str}, {int}) else keys


def tensors_in(machine: Machine, value: Value) -> list[Tensor]:
    """Every tensor in a value, through lists, tuples and dicts, in order."""
    value = machine.need(value)
    match value:
        case Tensor():
            return [value]
        case tuple() | list():
            machine.look_through(value)
            return [tensor for item in value for tensor in tensors_in(machine, item)]
        case ListValue(items=items):
            settle(machine, items)
            machine.look_through(items)
            return [tensor for item in items for tensor in tensors_in(machine, item)]
        case DictValue(entries=entries):
            machine.look_through(entries)
            return [tensor for key in flat_order(entries) for tensor in tensors_in(machine, entries[key])]
        case _:
            return []


def rebuilt(machine: Machine, value: Value, tensors: Iterator[Tensor]) -> Value:
    """A value with other tensors in the place of its own, in the order of `tensors_in`."""
    value = machine.need(value)
    match value:
        case Tensor():
            return next(tensors)
        case tuple():
            return tuple(rebuilt(machine, item, tensors) for item in value)
        case ListValue(items=items):
            return ListValue([item if isinstance(item, More) else rebuilt(machine, item, tensors) for item in items])
        case DictValue(entries=entries, has_more=has_more):
            anew = {key: rebuilt(machine, entries[key], tensors) for key in flat_order(entries)}
            return DictValue(anew, has_more=has_more)
        case _:
            return value


@attributes_of(FunctionValue)
def _function_attribute(machine: Machine, function: FunctionValue, name: str, node: nodes.NodeNG) -> Value:
    if name in function.attributes:
        return function.attributes[name]
    if name in ("__name__", "__qualname__"):
        return function.name
    if name == "__call__":
        return function
    return machine.unknown(f"attribute `{name}` of a function", node)
