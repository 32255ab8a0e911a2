"""Functions and classes that nothing calls: read with their defaults, and again with places for values open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from astroid import nodes

from keraslint.graph import Unknown
from keraslint.reader.keras.models import graph_of
from keraslint.reader.keras.own_steps import batch_of, note_logs
from keraslint.reader.language.functions import call_function
from keraslint.reader.language.instances import instantiate
from keraslint.reader.language.running import LARGEST_SHARE, models_within, within_share
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.machine import Machine, Return
from keraslint.reader.machine.places import nodes_in
from keraslint.reader.machine.state import Raised
from keraslint.reader.machine.values import ClassValue, Fields, FunctionValue, Instance, ListValue, Value
from keraslint.reader.stdlib.parametrized import given_by

SHARE_OF_CALLERS = 0.6
"""Functions that no other definition mentions take so much of the fuel; the rest is for those that they call."""


MOST_HEIRS = 4
"""The methods that a class leaves to its heirs are read with so many of them."""


@dataclass
class Returned:
    """Models whose further fate is not in sight."""

    models: set[int] = field(default_factory=set)
    """The ids of those that functions return whose callers are not in sight."""


def run_uncalled(machine: Machine, module: nodes.Module) -> None:
    """Functions that nothing called are read with their defaults and otherwise unknown arguments.

    Those that no other definition mentions come first: what they call is read with the arguments that they give,
    and a helper, read alone with nothing known, must not use up what they need.
    """
    heirs = _heirs_of_templates(machine)
    for cls in [cls for cls in machine.classes if cls not in heirs]:
        _run_class(machine, cls)
    for cls in reversed(heirs):
        _run_template(machine, cls, heirs[cls])
    mentions = _mentions(module)
    helpers: list[FunctionValue] = []
    with machine.share_of_fuel(SHARE_OF_CALLERS):
        done = 0
        while done < len(machine.functions):
            function = machine.functions[done]
            done += 1
            if function.owner is not None or function.node in machine.called:
                continue
            if mentions.get(function.name):
                helpers.append(function)
            else:
                _run_function(machine, function, [])
    for function in helpers:
        before = min(mentions[function.name]) < function.node.lineno
        if function.node not in machine.called or not before:
            _run_function(machine, function, [])


def _mentions(module: nodes.Module) -> dict[str, list[int]]:
    """Names that functions and classes of the module use, each with the lines of those that do."""
    found: dict[str, list[int]] = {}
    for definition in module.body:
        if isinstance(definition, nodes.FunctionDef | nodes.ClassDef):
            for name in {used.name for used in nodes_in(definition, nodes.Name)} - {definition.name}:
                found.setdefault(name, []).append(definition.lineno)
    return found


def _heirs_of_templates(machine: Machine) -> dict[ClassValue, list[ClassValue]]:
    """The classes that are never made themselves while others of the file descend from them, with these."""
    heirs: dict[ClassValue, list[ClassValue]] = {}
    for cls in machine.classes:
        for base in cls.mro[1:]:
            if base in machine.classes and base not in machine.instances:
                heirs.setdefault(base, []).append(cls)
    return {cls: heirs[cls] for cls in machine.classes if cls in heirs}


def _run_template(machine: Machine, cls: ClassValue, heirs: list[ClassValue]) -> None:
    """Read a class as its heirs have it, and by its own defaults, which nobody may ever use, what they leave unread."""
    made = [machine.instances[heir] for heir in heirs if heir in machine.instances]
    unread = [method for method in _methods(cls) if method.node not in machine.called]
    for method in unread if made else ():
        for instance in made[:MOST_HEIRS]:
            if instance.cls.lookup(method.name) == (method, cls):
                receiver = [] if "staticmethod" in method.decorated else [Given(instance, cls.node)]
                _run_function(machine, method, receiver)
    mark = machine.record.mark()
    _run_class(machine, cls)
    machine.record.keep_new_places(mark)


def _methods(cls: ClassValue) -> list[FunctionValue]:
    return [value for value in cls.names.values() if isinstance(value, FunctionValue)]


def _run_class(machine: Machine, cls: ClassValue) -> None:
    methods = _methods(cls)
    is_example = cls not in machine.instances
    init = _init_of(cls)
    by_defaults = is_example and init is not None and bool(init.defaults)
    machine.assumed += by_defaults
    try:
        _read_class(machine, cls, methods, is_example=is_example)
    finally:
        machine.assumed -= by_defaults


def _read_class(machine: Machine, cls: ClassValue, methods: list[FunctionValue], *, is_example: bool) -> None:
    """Read what of a class was not used; of one that is never made on an example."""
    if is_example:
        within_share(machine, partial(_make_example, machine, cls), cls.node, machine.module)
    instance = machine.instances.get(cls)
    if instance is None:
        return
    if is_example and _is_abstract(instance):
        machine.record.models[:] = [model for model in machine.record.models if model is not instance.model]
    elif instance.model is not None:
        _read_apart(machine, cls.node, partial(graph_of, machine, instance.model))
    notes = dict(instance.notes)
    runs = _runs(methods)
    for method in _helpers_last(methods, cls.node):
        if method.node not in machine.called:
            receiver = [] if "staticmethod" in method.decorated else [Given(instance, cls.node)]
            if method.name in ("train_step", "test_step"):
                receiver += batch_of(machine, instance)
            machine.apart = runs.get(method, {})
            _run_function(machine, method, receiver)
    machine.apart = {}
    # The instance may be part of a model that is built later: what a method did that nothing called was not done.
    instance.notes.clear()
    instance.notes.update(notes)
    if is_example:
        within_share(machine, partial(_read_made_otherwise, machine, cls, methods), cls.node, machine.module)


def _runs(methods: list[FunctionValue]) -> dict[FunctionValue, dict[Unknown, bool]]:
    """What tells the methods of a class of tests apart: each test has an instance of its own, so that what one compiles
    none of the others fits. They are counted in binary, and what is no test is the nought."""
    tests = [method for method in methods if method.name.startswith("test")]
    bits = [Unknown("which of the tests it is") for _ in range(len(tests).bit_length())]
    numbers = {method: tests.index(method) + 1 if method in tests else 0 for method in methods}
    return {
        method: {bit: bool(number >> place & 1) for place, bit in enumerate(bits)} for method, number in numbers.items()
    }


def _read_made_otherwise(machine: Machine, cls: ClassValue, methods: list[FunctionValue]) -> None:
    """The methods with models that an instance by the defaults does not come to, on one with those open that
    ``self`` is asked for on the way."""
    init = _init_of(cls)
    missed = {method: _missed_models(machine, method.node) for method in methods if method is not init}
    behind = {method: _asked_of_self(calls, method) for method, calls in missed.items() if calls}
    opened = frozenset().union(*behind.values()).intersection(init.defaults if init is not None else ())
    if not opened:
        return
    mark, example = machine.record.mark(), machine.instances.get(cls)
    machine.retried_value(lambda: instantiate(machine, cls, Arguments(flags_open=True, only=opened), cls.node))
    for method, asked in behind.items():
        if opened.intersection(asked):
            call = partial(
                call_function, machine, method, Arguments([Given(machine.instances[cls], cls.node)]), cls.node
            )
            _read_apart(machine, method.node, call)
    machine.record.keep_new_places(mark)
    if example is not None:
        machine.instances[cls] = example


def _init_of(cls: ClassValue) -> FunctionValue | None:
    found = cls.lookup("__init__")
    return found[0] if found is not None and isinstance(found[0], FunctionValue) else None


def _asked_of_self(calls: list[nodes.Call], method: FunctionValue) -> frozenset[str]:
    """The names, as an `__init__` would have them, of the attributes that the tests around a method's calls ask for."""
    return frozenset(
        attribute.attrname.lstrip("_")
        for call in calls
        for test in _tests_around(call, method.node)
        for attribute in nodes_in(test, nodes.Attribute)
        if isinstance(attribute.expr, nodes.Name) and attribute.expr.name == "self"
    )


def _helpers_last(methods: list[FunctionValue], cls: nodes.ClassDef) -> list[FunctionValue]:
    """The methods of a class, those that others of them call behind the others: they are read with what is known of
    their arguments, and need not be read without."""
    asked = _attributes_in(cls)
    helpers = {method for method in methods if asked[method.name] > _attributes_in(method.node)[method.name]}
    return sorted(methods, key=helpers.__contains__)


def _attributes_in(node: nodes.NodeNG) -> Counter[str]:
    return Counter(attribute.attrname for attribute in nodes_in(node, nodes.Attribute))


def _is_abstract(instance: Instance) -> bool:
    """Whether an instance is of a Model subclass that leaves what it computes to its own subclasses."""
    model = instance.model
    return (
        model is not None
        and model.kind == "subclass"
        and not model.state.is_functional
        and _leaves_open(instance.cls, "call")
    )


def _leaves_open(cls: ClassValue, name: str) -> bool:
    """Whether a class has no such method, or one whose only statement raises."""
    found = cls.lookup(name)
    if found is None:
        return True
    body = found[0].node.body if isinstance(found[0], FunctionValue) else None
    return isinstance(body, list) and len(body) == 1 and isinstance(body[0], nodes.Raise)


def _make_example(machine: Machine, cls: ClassValue) -> None:
    """An instance of a class that nothing instantiates: with defaults, and once more with those open that stand in
    the way of a model, or of an instance at all."""
    init = _init_of(cls)
    if init is None:
        # What its base needs, whoever makes one gives.
        asked = Arguments(open_ended=(cls.keras_base or "").startswith("keras.layers."))
        machine.retried_value(lambda: instantiate(machine, cls, asked, cls.node))
        return

    def make(asked: Arguments) -> None:
        machine.retried_value(lambda: instantiate(machine, cls, asked, cls.node))

    _read_with_defaults(machine, init, make)
    for only in (frozenset[str](), frozenset(init.defaults)):
        if init.node in machine.raising:
            make(Arguments(flags_open=True, only=only))
    guards = _guards(_missed_models(machine, init.node), init)
    if guards:
        mark, example = machine.record.mark(), machine.instances.get(cls)
        make(Arguments(flags_open=True, only=guards))
        machine.record.keep_new_places(mark)
        if example is not None:
            machine.instances[cls] = example


def _run_function(machine: Machine, function: FunctionValue, receiver: list[Given]) -> None:
    """Read a function with its defaults, and once more with its flags open where they lead past a model: first with
    those that stand in the way, then with all.

    Of the later readings only what stands at new places is kept.
    """
    node = function.node
    if function.cases:
        _run_cases(machine, function, receiver)
        return

    def call(asked: Arguments) -> None:
        asked.positional[:0] = receiver
        _read_apart(machine, node, partial(_call_out_of_sight, machine, function, asked))

    _read_with_defaults(machine, function, call)
    missed = _missed_models(machine, node)
    if missed:
        _read_with_open(machine, function, receiver, _guards(missed, function))
    if node in machine.raising or _missed_models(machine, node):
        _read_with_open(machine, function, receiver, frozenset())
    if node in machine.raising and function.defaults:
        _read_with_open(machine, function, receiver, frozenset(function.defaults))


def _call_out_of_sight(machine: Machine, function: FunctionValue, arguments: Arguments) -> Value:
    """A call by nobody in sight, who gets the models that it returns."""
    value = call_function(machine, function, arguments, function.node)
    machine.memory(Returned).models.update(models_within([value]))
    note_logs(machine, function, arguments.positional, value)
    return value


def _read_with_defaults(machine: Machine, function: FunctionValue, run: Callable[[Arguments], None]) -> None:
    """Read a function with its defaults; where these are no values for what it does, with places for them open."""
    mark = machine.record.mark()
    machine.on_defaults, machine.failed = bool(function.defaults), False
    machine.assumed += machine.on_defaults
    try:
        with suppress(Raised):
            run(Arguments())
    finally:
        machine.assumed -= bool(function.defaults)
        machine.on_defaults = False
    if machine.failed and function.node in machine.raising:
        machine.record.rewind(mark)
        run(Arguments(flags_open=True, only=_placeholders(function)))


def _run_cases(machine: Machine, function: FunctionValue, receiver: list[Given]) -> None:
    """Read a parametrized test once with each of its cases, all of them with the fuel of one function."""
    with machine.share_of_fuel(LARGEST_SHARE):
        for case in function.cases:
            given = given_by(case, function.node)
            given.positional[:0] = receiver
            _read_apart(machine, function.node, partial(call_function, machine, function, given, function.node))


def _read_with_open(machine: Machine, function: FunctionValue, receiver: list[Given], only: frozenset[str]) -> None:
    mark = machine.record.mark()
    arguments = Arguments(receiver, flags_open=True, only=only)
    _read_apart(machine, function.node, partial(_call_out_of_sight, machine, function, arguments))
    machine.record.keep_new_places(mark)


def _placeholders(function: FunctionValue) -> frozenset[str]:
    """The parameters that by default are a shape with open sizes, or else those that are None."""
    defaults = function.defaults.items()
    shapes = frozenset(name for name, default in defaults if _has_open_size(default))
    return shapes or frozenset(name for name, default in defaults if default is None)


def _has_open_size(default: Value) -> bool:
    """Whether a default is a shape, or an `InputSpec` with one, of which a size is None."""
    match default:
        case tuple():
            return None in default
        case ListValue(items=items):
            return None in items
        case Fields(values=values):
            return _has_open_size(values.get("shape"))
        case _:
            return False


def _missed_models(machine: Machine, function: nodes.NodeNG) -> list[nodes.Call]:
    """The calls in a function that look like the making of a model, and that were not read."""
    return [
        call
        for call in nodes_in(function, nodes.Call)
        if call not in machine.model_sites
        and isinstance(call.func, nodes.Name | nodes.Attribute)
        and call.func.as_string().rpartition(".")[2] in ("Model", "Sequential")
    ]


def _guards(calls: list[nodes.Call], function: FunctionValue) -> frozenset[str]:
    """The parameters with a default that are asked by the tests around a function's calls."""
    asked = {
        name.name
        for call in calls
        for test in _tests_around(call, function.node)
        for name in nodes_in(test, nodes.Name)
    }
    return frozenset(asked.intersection(function.defaults))


def _tests_around(node: nodes.NodeNG, function: nodes.NodeNG) -> Iterator[nodes.NodeNG]:
    """The tests that decide whether a node of a function is reached: around it, and of what returns before it."""
    while node is not function and node.parent is not None:
        before = node.previous_sibling() if node.is_statement else None
        while before is not None:
            if isinstance(before, nodes.If) and nodes_in(before, nodes.Return):
                yield before.test
            before = before.previous_sibling()
        node = node.parent
        if isinstance(node, nodes.If | nodes.IfExp | nodes.While):
            yield node.test


def _read_apart(machine: Machine, node: nodes.NodeNG, run: Callable[[], Value]) -> None:
    """Read something with a share of the fuel of its own, for what it makes and not for its value."""
    within_share(machine, lambda: machine.retried(lambda: Return(run())), node, machine.module)
