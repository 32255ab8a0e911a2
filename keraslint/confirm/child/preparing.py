"""Makes a subject of a plan, keeps it for the next plan, and puts it back to the beginning for every seed."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from keraslint.confirm import criteria, limits
from keraslint.confirm.child.answers import constant_answers, metrics_of, predict
from keraslint.confirm.child.building import Unsupported, build, compile_model
from keraslint.confirm.child.raised import phase
from keraslint.confirm.child.samples import make_inputs, make_labels
from keraslint.confirm.child.subject import Array, Json, Subject
from keraslint.confirm.child.updating import loop_of_tensorflow, make_updates


def _settle_statistics(model: keras.Model) -> None:
    """Let moving averages follow in the few updates there are: behind by hundreds, they say nothing of the fit."""
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = min(layer.momentum, criteria.QUICK_MOMENTUM)


KEPT: dict[str, Subject] = {}
"""The last subject, by its plan without what can be changed in it: to trace another takes longer than to train it."""


def subject_of(plan: Mapping[str, Json], seed: int) -> Subject:
    """The plan's model, ready to be trained: the last one where only the learning rate is another."""
    key = json.dumps(_without_rate({name: value for name, value in plan.items() if name != "control"}))
    if key not in KEPT:
        large = any(subject.model.count_params() > criteria.WORTH_COLLECTING for subject in KEPT.values())
        KEPT.clear()
        keras.backend.clear_session(free_memory=large)
        keras.utils.set_random_seed(seed)
        KEPT[key] = _compiled(plan)
    return KEPT[key]


def _compiled(plan: Mapping[str, Json]) -> Subject:
    with phase("building"):
        model, weights = build(plan)
    if model.count_params() > limits.MOST_WEIGHTS:
        raise Unsupported(f"too large to train here: {model.count_params():,} weights")
    with phase("compiling"):
        compile_model(model, plan["compile"])
    _settle_statistics(model)
    subject = _with_data(plan, model, weights)
    with phase("training"):
        _first_step(subject)
    return subject


def _without_rate(plan: Mapping[str, Json]) -> Mapping[str, Json]:
    match plan:
        case {"compile": {"optimizer": {"object": name, "arguments": {"learning_rate": int() | float(), **others}}}}:
            return {**plan, "compile": {**plan["compile"], "optimizer": [name, others]}}
    return plan


def rate_of(plan: Mapping[str, Json], subject: Subject) -> float | None:
    """The learning rate of this plan; None where it is not a number. A control has a lower one, which is no cure."""
    rate = getattr(subject.model.optimizer, "_learning_rate", None)
    if not isinstance(rate, keras.Variable):
        return None
    match plan["compile"]:
        case {"optimizer": {"arguments": {"learning_rate": int() | float() as given}}}:
            value = float(given)
        case _:
            value = subject.rate
    return value * (criteria.NEUTRAL_RATE if plan.get("control") else 1.0)


def _with_data(plan: Mapping[str, Json], model: keras.Model, weights: list[Any]) -> Subject:
    size = plan.get("batch", criteria.BATCH)
    trained = plan["steps"] * size
    shapes = model.output_shape if isinstance(model.output_shape, list) else [model.output_shape]
    answers = min(math.prod(length or 1 for length in shape[1:-1]) for shape in shapes)
    held = criteria.HELD_BACK if answers < criteria.MANY_ANSWERS else criteria.HELD_BACK_OF_MANY
    inputs, causes = make_inputs(plan["inputs"], trained + held)
    labels = [
        make_labels(label, inputs, causes, shape, number)
        for number, (label, shape) in enumerate(zip(plan["labels"], shapes, strict=False))
    ]

    def batched(arrays: Sequence[Array]) -> list[Array]:
        return [array[:trained].reshape(plan["steps"], size, *array.shape[1:]) for array in arrays]

    small = sum(array[0].size for array in inputs) <= criteria.SMALL_SAMPLE
    return Subject(
        model,
        weights,
        batched(inputs),
        batched(labels),
        [array[trained:] for array in inputs],
        [array[trained:] for array in labels],
        plan["labels"],
        held if small else size,
    )


def _first_step(subject: Subject) -> None:
    """Make the first step, and keep the optimizer's state before it.

    Optimizer, loss and metrics get their variables before the step is traced: a trace in which variables are
    made is thrown away and done again, and tracing is most of what a small training costs.
    """
    model = subject.model
    model.optimizer.build(model.trainable_variables)
    subject.fresh.extend(np.array(variable) for variable in model.optimizer.variables)
    predictions = predict(subject)
    metrics_of(subject, predictions)
    subject.constant.extend(constant_answers(subject, predictions))
    if keras.backend.backend() == "tensorflow":
        subject.many = loop_of_tensorflow(subject)
    make_updates(subject, 1)


INITIAL: dict[str, list[Array]] = {}
"""Initial weights by architecture and seed: most fixes leave the architecture alone."""


def forget() -> None:
    """Let go of what was kept for the plans of one program."""
    INITIAL.clear()
    KEPT.clear()


def restart(plan: Mapping[str, Json], subject: Subject, rate: float | None, seed: int) -> None:
    """Put the model back to the beginning, with the initial weights of this seed; a control has others."""
    key = json.dumps([plan["graph"], plan["layers"], plan["frozen"], seed, plan.get("control")])
    if key not in INITIAL:
        keras.utils.set_random_seed(seed + (CONTROL_SEEDS if plan.get("control") else 0))
        INITIAL[key] = [np.array(variable) for variable in build(plan)[0].variables]
    for variable, value in zip(subject.model.variables, INITIAL[key], strict=True):
        variable.assign(value)
    for variable, value in zip(subject.model.optimizer.variables, subject.fresh, strict=True):
        variable.assign(value)
    if rate is not None:
        subject.model.optimizer.learning_rate = rate


CONTROL_SEEDS = 1000
"""Added to a seed, so that a control twin begins elsewhere."""
