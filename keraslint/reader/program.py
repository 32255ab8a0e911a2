"""Reads a whole module and gathers what was recorded into a `Program`."""

from __future__ import annotations

import gc
import os
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import Call, Fit, KerasObject, Layer, Model, Program, Span, Tensor, Training, Unknown
from keraslint.graph.shape import Shape
from keraslint.graph.shapes import infer
from keraslint.reader import expressions, keras_calls, statements  # noqa: F401 (they register themselves)
from keraslint.reader.bodies import FUEL_PER_LINE, LARGEST_SHARE, line_count, run_module, within_share
from keraslint.reader.classes import instantiate
from keraslint.reader.functions import call_function
from keraslint.reader.machine import Arguments, Given, Machine, Return
from keraslint.reader.models import graph_of
from keraslint.reader.parametrized import given_by
from keraslint.reader.project import Project
from keraslint.reader.state import CompileEvent, FitEvent, OutOfFuel, Raised
from keraslint.reader.values import ClassValue, Fields, FunctionValue, Instance, ListValue, ModelValue, Value

Worlds = dict[Unknown, bool]
"""Undecided tests, and how each was taken."""

BASE_FUEL = 140_000
DEEPEST_STACK = 12_000
OBJECTS_BETWEEN_COLLECTIONS = 50_000
SHARE_OF_CALLERS = 0.6
"""Functions that no other definition mentions take so much of the fuel; the rest is for those that they call."""


def read_program(module: nodes.Module, path: str) -> Program:
    """Read a module; whatever happens in it, the result is what could be understood."""
    machine = machine_for(module, path)
    fuel = machine.fuel
    with _few_collections():
        run(machine, module)
        machine.fuel = fuel // 4
        with _deep_stack():
            return _gather(machine, path)


def machine_for(module: nodes.Module, path: str) -> Machine:
    """A machine with the fuel that a module of this length gets."""
    machine = Machine(BASE_FUEL + FUEL_PER_LINE * line_count(module))
    machine.project = Project(Path(path).resolve() if os.path.isfile(path) else None)
    machine.snippet = not any(isinstance(node, nodes.Import | nodes.ImportFrom) for node in _statements(module))
    return machine


def run(machine: Machine, module: nodes.Module) -> None:
    """Everything in a module: its statements, then the functions and classes that they did not use."""
    with _deep_stack():
        run_module(machine, module, machine.module)
        _run_uncalled(machine, module)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Reading makes a great many small objects, and most of them stay: to look for garbage often costs a fifth of
    the time."""
    before = gc.get_threshold()
    gc.set_threshold(before[0] and max(before[0], OBJECTS_BETWEEN_COLLECTIONS), *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _deep_stack() -> Iterator[None]:
    """Functions inlined in functions take many frames of ours for each of theirs."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, DEEPEST_STACK))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _statements(module: nodes.Module) -> Iterator[nodes.NodeNG]:
    """The statements of the module's own level, and those in its `try` and `if`."""
    stack: list[nodes.NodeNG] = list(module.body)
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, nodes.Try | nodes.If | nodes.With):
            stack.extend(node.body)
        elif isinstance(node, nodes.FunctionDef | nodes.ClassDef):
            stack.extend(child for child in node.body if isinstance(child, nodes.Import | nodes.ImportFrom))


def _run_uncalled(machine: Machine, module: nodes.Module) -> None:
    """Functions that nothing called are read with their defaults and otherwise unknown arguments.

    Those that no other definition mentions come first: what they call is read with the arguments that they give,
    and a helper, read alone with nothing known, must not use up what they need.
    """
    for cls in list(machine.classes):
        _run_class(machine, cls)
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
            for name in {used.name for used in definition.nodes_of_class(nodes.Name)} - {definition.name}:
                found.setdefault(name, []).append(definition.lineno)
    return found


def _run_class(machine: Machine, cls: ClassValue) -> None:
    methods = [value for value in cls.names.values() if isinstance(value, FunctionValue)]
    is_example = cls not in machine.instances
    if is_example:
        within_share(machine, partial(_make_example, machine, cls), cls.node, machine.module)
    instance = machine.instances.get(cls)
    if instance is None:
        return
    if is_example and _is_abstract(instance):
        machine.record.models[:] = [model for model in machine.record.models if model is not instance.model]
    elif instance.model is not None:
        _read_apart(machine, cls.node, partial(graph_of, machine, instance.model))
    for method in _helpers_last(methods, cls.node):
        if method.node not in machine.called:
            receiver = [] if "staticmethod" in method.decorated else [Given(instance, cls.node)]
            _run_function(machine, method, receiver)


def _helpers_last(methods: list[FunctionValue], cls: nodes.ClassDef) -> list[FunctionValue]:
    """The methods of a class, those that others of them call behind the others: they are read with what is known of
    their arguments, and need not be read without."""
    asked = _attributes_in(cls)
    helpers = {method for method in methods if asked[method.name] > _attributes_in(method.node)[method.name]}
    return sorted(methods, key=helpers.__contains__)


def _attributes_in(node: nodes.NodeNG) -> Counter[str]:
    return Counter(attribute.attrname for attribute in node.nodes_of_class(nodes.Attribute))


def _is_abstract(instance: Instance) -> bool:
    """Whether an instance is of a Model subclass that leaves what it computes to its own subclasses."""
    model = instance.model
    return (
        model is not None
        and model.kind == "subclass"
        and "outputs" not in model.state
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
    found = cls.lookup("__init__")
    init = found[0] if found is not None else None
    if not isinstance(init, FunctionValue):
        machine.retried_value(lambda: instantiate(machine, cls, Arguments(), cls.node))
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
        _read_apart(machine, node, partial(call_function, machine, function, asked, node))

    _read_with_defaults(machine, function, call)
    missed = _missed_models(machine, node)
    if missed:
        _read_with_open(machine, function, receiver, _guards(missed, function))
    if node in machine.raising or _missed_models(machine, node):
        _read_with_open(machine, function, receiver, frozenset())
    if node in machine.raising and function.defaults:
        _read_with_open(machine, function, receiver, frozenset(function.defaults))


def _read_with_defaults(machine: Machine, function: FunctionValue, run: Callable[[Arguments], None]) -> None:
    """Read a function with its defaults; where these are no values for what it does, with places for them open."""
    mark = machine.record.mark()
    machine.on_defaults, machine.failed = bool(function.defaults), False
    try:
        with suppress(Raised):
            run(Arguments())
    finally:
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
    _read_apart(machine, function.node, partial(call_function, machine, function, arguments, function.node))
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
        for call in function.nodes_of_class(nodes.Call)
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
        for name in test.nodes_of_class(nodes.Name)
    }
    return frozenset(asked.intersection(function.defaults))


def _tests_around(node: nodes.NodeNG, function: nodes.NodeNG) -> Iterator[nodes.NodeNG]:
    """The tests that decide whether a node of a function is reached: around it, and of what returns before it."""
    while node is not function and node.parent is not None:
        before = node.previous_sibling() if node.is_statement else None
        while before is not None:
            if isinstance(before, nodes.If) and any(True for _ in before.nodes_of_class(nodes.Return)):
                yield before.test
            before = before.previous_sibling()
        node = node.parent
        if isinstance(node, nodes.If | nodes.IfExp | nodes.While):
            yield node.test


def _read_apart(machine: Machine, node: nodes.NodeNG, run: Callable[[], Value]) -> None:
    """Read something with a share of the fuel of its own, for what it makes and not for its value."""
    within_share(machine, lambda: machine.retried(lambda: Return(run())), node, machine.module)


# gathering ---------------------------------------------------------------------------------------------------


def _gather(machine: Machine, path: str) -> Program:
    record = machine.record
    models = _models(machine)
    trainings = tuple(_trainings(record.compiles, record.fits))
    calls = {id(call): call for call in record.calls}
    for model in (*models, *(training.model for training in trainings)):
        calls.update((id(call), call) for call in model.calls)
    layers = _layers(record.layers, calls.values())
    called = {id(call.layer) for call in calls.values()} | _wrapped(layers)
    lonely = [_alone(layer) for layer in layers if id(layer) not in called and not layer.in_file]
    own_calls = [call for call in calls.values() if isinstance(call.layer, Model) or not call.layer.origin]
    unknowns = [*record.unknowns, *(unknown for model in models for unknown in model.unknowns)]
    return Program(
        path,
        models,
        trainings,
        (*own_calls, *lonely),
        tuple(layer for layer in layers if not layer.origin),
        tuple(_once([_now(machine, made) for made in record.objects])),
        tuple(_fit(event) for event in record.fits),
        tuple(unknowns),
        api_versions(machine),
    )


def _models(machine: Machine) -> tuple[Model, ...]:
    """Every model as it stood at the end."""
    found: dict[int, Model] = {}
    for value in machine.record.models:
        if value.state.get("replaced") is True:
            continue
        for graph in _variants(machine, value):
            found[id(graph)] = graph
    return tuple(found.values())


def _variants(machine: Machine, value: ModelValue) -> list[Model]:
    """The graphs of a model in the worlds in which it differs."""
    if value.kind == "subclass" and "outputs" not in value.state and value.cache:
        return [graph for graph in value.cache.values() if isinstance(graph, Model)][-1:]
    graphs: list[Model] = []

    def look() -> None:
        graphs.append(graph_of(machine, value))

    try:
        with machine.share_of_fuel(LARGEST_SHARE):
            machine.in_every_world(look)
    except (OutOfFuel, RecursionError, Raised):
        return []
    return graphs


def _trainings(compiles: list[CompileEvent], fits: list[FitEvent]) -> Iterator[Training]:
    fits_of = _fits_of(compiles, fits)
    nesting = _nesting(compiles)
    replaced = _replaced(compiles, fits_of)
    for event in compiles:
        if id(event) in replaced:
            continue
        own = fits_of[id(event)]
        training_fits = [fit for fit in own if not fit.method.startswith(("predict", "evaluate", "test"))]
        model = _fullest([event.model, *(fit.model for fit in training_fits)])
        around = nesting.get((event.model.span, event.model.name), ())
        others = tuple(other.model for other in around if other.owner is not event.owner)
        yield Training(model, event.compiled, tuple(_fit(fit) for fit in own), others, event.confidence)


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


def _fit(event: FitEvent) -> Fit:
    return Fit(event.method, event.model, event.arguments, event.span, event.confidence)


def _now(machine: Machine, made: KerasObject) -> KerasObject:
    """An object with what the program set anew, where that depends on no branch."""
    now = machine.changed.get(made, made)
    return now if isinstance(now, KerasObject) else made


def _once(objects: list[KerasObject]) -> list[KerasObject]:
    """Objects of the same place once: a function that is inlined twice makes them twice."""
    return list(dict.fromkeys(objects))


def _layers(recorded: list[Layer], calls: object) -> list[Layer]:
    layers: dict[int, Layer] = {id(layer): layer for layer in recorded}
    for call in calls:  # type: ignore[attr-defined]
        if isinstance(call.layer, Layer):
            layers[id(call.layer)] = call.layer
    return list(layers.values())


def _wrapped(layers: list[Layer]) -> set[int]:
    """Layers that a wrapper holds are called by it."""
    return {
        id(argument.value.value)
        for layer in layers
        for argument in layer.arguments
        if isinstance(argument.value.value, Layer)
    }


def _alone(layer: Layer) -> Call:
    """A layer that is never called, as if on a tensor of unknown shape."""
    source = Tensor(Shape.unknown("the layer is not called in sight"), layer.span)
    inferred = infer(layer, (source.shape,))
    return Call(layer, (source,), inferred.outputs, layer.span, confidence=layer.confidence)


def api_versions(machine: Machine) -> tuple[str, ...]:
    """The Keras versions that have everything the file spells."""
    allowed = keras_api.VERSIONS
    for path in machine.spellings:
        having = keras_api.versions_with(path)
        if having:
            allowed = tuple(version for version in allowed if version in having)
    return allowed
