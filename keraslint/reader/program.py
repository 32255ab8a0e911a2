"""Reads a whole module and gathers what was recorded into a `Program`."""

from __future__ import annotations

import os
from pathlib import Path

from astroid import nodes

from keraslint.graph import Call, KerasObject, Layer, Model, Program, Span, Tensor, Unknown
from keraslint.graph.shape import Shape
from keraslint.graph.shapes import infer
from keraslint.reader.garbage import few_collections
from keraslint.reader.keras import (
    attention_parts,
    calls,
    creation,
    datasets,
    dtypes,
    freezing,
    ops,
    optimizers,
    subclasses,
)
from keraslint.reader.keras.adapting import never_adapted
from keraslint.reader.keras.folds import kept_over_folds
from keraslint.reader.keras.metric_uses import never_reset
from keraslint.reader.keras.models import graph_of
from keraslint.reader.keras.observing import observations_of
from keraslint.reader.keras.own_functions import own_functions_of
from keraslint.reader.keras.own_steps import own_steps_of, own_trainings_of
from keraslint.reader.keras.scoring import listed_files
from keraslint.reader.keras.tapes import forwards_outside_tapes
from keraslint.reader.keras.trainings import GivenWeights, fit_of, moves_weights_by_hand, trainings_of, weights_given
from keraslint.reader.keras.unused import made_in_loops, unused_results
from keraslint.reader.keras.versions import api_versions, backend_of
from keraslint.reader.language import (
    comparison,
    comprehensions,
    exceptions,
    expressions,
    inspection,
    items,
    loops,
    statements,
)
from keraslint.reader.language.running import FUEL_PER_LINE, LARGEST_SHARE, line_count, run_module
from keraslint.reader.language.testing import holds_tests, refusals_expected
from keraslint.reader.libraries import numpy, random
from keraslint.reader.libraries.arrays import operations
from keraslint.reader.libraries.tensorflow import control_flow, data, nest
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.stack import with_deep_stack
from keraslint.reader.machine.state import OutOfFuel, Raised
from keraslint.reader.machine.values import ModelValue
from keraslint.reader.project import first_party, imports
from keraslint.reader.project.files import Project
from keraslint.reader.project.import_statements import imports_of
from keraslint.reader.project.imports import Spelled
from keraslint.reader.stdlib import builtins, environment, functional, methods, parametrized, paths, records, type_tests
from keraslint.reader.uncalled import Returned, run_uncalled

ANSWERERS = (
    *(comparison, comprehensions, exceptions, expressions, inspection, items, loops, statements),
    *(first_party, imports),
    *(builtins, environment, functional, methods, parametrized, paths, records, type_tests),
    *(control_flow, data, nest, numpy, operations, random),
    *(attention_parts, calls, creation, datasets, dtypes, freezing, ops, optimizers, subclasses),
)
"""Who answers the questions of `machine.protocols`, by being imported here; what is rare is loaded when it is met."""

BASE_FUEL = 140_000


def read_program(module: nodes.Module, path: str) -> Program:
    """Read a module; whatever happens in it, the result is what could be understood."""
    machine = machine_for(module, path)
    fuel = machine.fuel
    with few_collections():
        run(machine, module)
        machine.fuel = fuel // 4
        return with_deep_stack(lambda: _gather(machine, module, path))


def machine_for(module: nodes.Module, path: str) -> Machine:
    """A machine with the fuel that a module of this length gets."""
    project = Project(Path(path).resolve() if os.path.isfile(path) else None)
    return Machine(BASE_FUEL + FUEL_PER_LINE * line_count(module), project)


def run(machine: Machine, module: nodes.Module) -> None:
    """Everything in a module: its statements, then the functions and classes that they did not use."""

    def everything() -> None:
        run_module(machine, module, machine.module)
        run_uncalled(machine, module)

    with_deep_stack(everything)


def _gather(machine: Machine, module: nodes.Module, path: str) -> Program:
    record = machine.record
    models = _models(machine)
    fits = {id(event): fit_of(event) for event in record.fits}
    returned, given = machine.memory(Returned).models, machine.memory(GivenWeights).at
    given = [0] if moves_weights_by_hand(module) else given
    every = trainings_of(record.compiles, record.fits, fits, returned, given)
    trainings = tuple(one for one in every if one.fits or id(one.compiled) not in machine.meant_to_fail)
    calls = {id(call): call for call in record.calls}
    in_models: set[Span] = set()
    for model in (*models, *(training.model for training in trainings)):
        calls.update((id(call), call) for call in model.calls)
        in_models.update(call.span for call in model.calls)
    layers = _layers(record.layers, calls.values())
    called = {id(call.layer) for call in calls.values()} | _wrapped(layers)
    lonely = [_alone(layer) for layer in layers if id(layer) not in called and not layer.in_file]
    own_steps = tuple(own_steps_of(machine))
    own_calls = [call for call in calls.values() if isinstance(call.layer, Model) or not call.layer.origin]
    unknowns = [*record.unknowns, *(unknown for model in models for unknown in model.unknowns)]
    return Program(
        path,
        models,
        trainings,
        (*own_calls, *lonely),
        tuple(layer for layer in layers if not layer.origin),
        tuple(_once([_now(machine, made) for made in record.objects])),
        tuple(fits.values()),
        tuple(unknowns),
        api_versions(machine),
        imports_of(machine.memory(Spelled).imports),
        (
            *observations_of(machine, trainings),
            *unused_results(module, models, calls.values(), in_models, trainings),
            *made_in_loops(module, models, trainings),
            *listed_files(machine, module, fits.values()),
            *kept_over_folds(module, fits.values()),
            *forwards_outside_tapes(module),
            *never_reset(machine, module),
            *weights_given(machine, module),
            *never_adapted(machine, module, fits.values()),
        ),
        holds_tests(module, path),
        refusals_expected(module),
        own_steps,
        tuple(own_trainings_of(machine, own_steps)),
        tuple(own_functions_of(machine, trainings)),
        _backend(machine, module),
        tuple(record.files),
    )


def _backend(machine: Machine, module: nodes.Module) -> str | Unknown:
    try:
        return backend_of(machine, module)
    except OutOfFuel:
        return Unknown("the backend of a program that asks for more work than is allowed")


def _models(machine: Machine) -> tuple[Model, ...]:
    """Every model as it stood at the end."""
    found: dict[int, Model] = {}
    for value in machine.record.models:
        if value.state.replaced is True:
            continue
        for graph in _variants(machine, value):
            found[id(graph)] = graph
    return tuple(found.values())


def _variants(machine: Machine, value: ModelValue) -> list[Model]:
    """The graphs of a model in the worlds in which it differs."""
    if value.kind == "subclass" and not value.state.is_functional and value.cache:
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
