"""From the graph to a build plan: a training, or a bare model, with layers, compile arguments and data."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Any, NamedTuple

from keraslint.confirm import criteria, limits
from keraslint.confirm.cost import cost_of
from keraslint.confirm.datasets import input_data, label_data, symbolic_shape
from keraslint.confirm.encoding import (
    Notebook,
    TensorName,
    encode,
    encode_fact,
    encode_object,
    number_of_layer,
    only_permitted,
)
from keraslint.confirm.plan import Json, Plan, Unplannable, schedule
from keraslint.confirm.rebuilding import opened
from keraslint.confirm.shrinking import fitted
from keraslint.graph import Argument, Call, Fact, Fit, KerasObject, Layer, Model, Op, Tensor, Training

COMPILE_ARGUMENTS = ("loss", "loss_weights", "metrics", "optimizer", "weighted_metrics")
"""What of compile decides how a model learns and what it reports; the rest is about how fast it runs."""


def plan_sides(
    flagged: Training,
    twin: Training | None,
    updates: int | None = None,
    *,
    as_written: bool = False,
    exact: bool = False,
    subject: object = None,
) -> list[Plan]:
    """The plans of the flagged training and of its twin, if there is one, made smaller in the same way if at all.

    The twin says how labels look where the program does not. ``exact`` forbids to shrink anything, ``subject``
    is the part of the flagged model at fault, which is not shrunk.

    Raises:
        Unplannable: something that matters is not known, is the file's own code, or is too large.
    """
    for side in (flagged, twin):
        if side is not None and side.model.unknowns and not side.model.outputs:
            raise Unplannable(f"the model is not fully understood: {side.model.unknowns[0].reason}")
    sides, told = fitted(flagged, twin, subject, exact=exact)
    batch = min(cost_of(side.model).batch for side in sides)
    plans = [
        _plan(side, Like(sides[-1], twin or flagged), updates, batch, Notebook(as_written), exact) for side in sides
    ]
    told += [f"batches of {batch} samples: more would take too long"] if batch < criteria.BATCH else []
    return [replace(plan, assumptions=(*told, *plan.assumptions)) for plan in plans]


class Like(NamedTuple):
    """The training whose outputs and losses say how labels look where the program does not: the fixed twin."""

    small: Training
    full: Training
    """Before it was made smaller."""


def _plan(training: Training, like: Like, updates: int | None, batch: int, notes: Notebook, exact: bool) -> Plan:
    inputs = input_data(training, notes)
    document = {
        "graph": _graph(training.model, notes, inputs),
        "layers": notes.layers,
        "frozen": training.model.trainable is False,
        "compile": _compile(training, notes),
        "inputs": inputs,
        "labels": label_data(like.small, training, like.full, notes, exact),
        "batch": batch,
    }
    document["epochs"], document["steps"] = _schedule(training, updates)
    _refuse_much_data(document)
    return Plan(document, tuple(notes.assumptions))


def _refuse_much_data(document: Json) -> None:
    """Fewer samples where they would fill the memory, and none where even one epoch of them is too much."""
    elements = sum(prod(written["shape"]) for written in document["inputs"]) or 1
    most = limits.MOST_DATA // (elements * document["batch"])
    if most < 1:
        raise Unplannable(f"too large to train here: {elements:,} values in one sample")
    document["steps"] = min(document["steps"], most)


def plan_model(model: Model, *, as_written: bool = False) -> Plan:
    """The plan that only builds a model, for faults that show before anything is compiled."""
    notes = Notebook(as_written)
    model = opened(model)
    uncompiled = Training(model, KerasObject("keras.Model.compile", (), model.span))
    inputs = input_data(uncompiled, notes)
    graph = _graph(model, notes, inputs)
    document = {"graph": graph, "layers": notes.layers, "compile": None, "inputs": inputs}
    return Plan(document, tuple(notes.assumptions))


def plan_object(part: KerasObject) -> Plan:
    """The plan that only makes one object, with its arguments as written."""
    notes = Notebook(as_written=True)
    made = encode_object(part, notes, _no_tensor)
    return Plan({"object": made, "layers": notes.layers, "compile": None}, tuple(notes.assumptions))


def _graph(model: Model, notes: Notebook, inputs: list[Json] | None = None) -> Json:
    """Inputs, calls in order and outputs; tensors are named by their input or call number."""
    if not model.outputs:
        reason = model.unknowns[0].reason if model.unknowns else "it has no output in sight"
        raise Unplannable(f"the model is not fully understood: {reason}")
    if not model.own_params == 0:
        raise Unplannable(f"`{model.class_name}` makes weights of its own; only layers of Keras can be rebuilt")
    names: dict[int, Json] = {id(tensor): {"input": n} for n, tensor in enumerate(model.inputs)}
    numbers = {id(call): n for n, call in enumerate(model.calls)}

    def name_of(tensor: Tensor) -> Json:
        if id(tensor) in names:
            return names[id(tensor)]
        if tensor.producer is not None and id(tensor.producer) in numbers:
            return {"call": numbers[id(tensor.producer)], "output": tensor.index}
        return {"stray": _stray_shape(tensor)}

    if inputs is None:
        inputs = [_inner_input(tensor, notes) for tensor in model.inputs]
    return {
        "inputs": [{"shape": i["symbolic"], "dtype": i["dtype"]} for i in inputs],
        "calls": [_call(call, notes, name_of) for call in model.calls],
        "outputs": [name_of(tensor) for tensor in model.outputs],
    }


def _inner_input(tensor: Tensor, notes: Notebook) -> Json:
    """The input of a nested model."""
    return {"symbolic": symbolic_shape(tensor, None, None, notes), "dtype": "float32"}


def _stray_shape(tensor: Tensor) -> Json:
    """A tensor that comes from nowhere in this model: a graph that is not connected."""
    return [dim if isinstance(dim, int) else criteria.ASSUMED_FEATURES for dim in tensor.shape.dims[1:]]


def _call(call: Call, notes: Notebook, name_of: TensorName) -> Json:
    number = _number(call.layer, notes, name_of)
    if isinstance(call.layer, Op):
        return {"layer": number, "op": True, "arguments": notes.layers[number]["arguments"]}
    positional, keywords = _call_arguments(call)
    return {
        "layer": number,
        "positional": [encode_fact(fact, notes, name_of) for fact in positional],
        "keywords": {name: encode_fact(fact, notes, name_of) for name, fact in keywords.items()},
    }


def _number(layer: Layer | Op | Model, notes: Notebook, name_of: TensorName) -> int:
    if not isinstance(layer, Model):
        return number_of_layer(layer, notes, name_of)
    if id(layer) not in notes.numbers:
        notes.layers.append({"model": _graph(layer, notes), "frozen": layer.trainable is False})
        notes.numbers[id(layer)] = len(notes.layers) - 1
    return notes.numbers[id(layer)]


def _call_arguments(call: Call) -> tuple[list[Fact[Any]], dict[str, Fact[Any]]]:
    """Positional and keyword arguments; a call that was not written out takes its tensors as they are."""
    if not call.arguments:
        tensors = list(call.inputs)
        return [Fact(tensors[0] if len(tensors) == 1 else tensors, call.span)], {}
    given = [a for a in call.arguments if a.position is not None or a.name == "inputs"]
    keywords = {a.name: a.value for a in call.arguments if a not in given}
    return [argument.value for argument in given], keywords


def _compile(training: Training, notes: Notebook) -> Json:
    """The arguments of compile that decide the learning."""
    written: dict[str, Json] = {}
    for name in COMPILE_ARGUMENTS:
        given = training.compiled.given(name)
        if given is not None:
            value = _compile_argument(given, notes)
            if value is not None:
                written[name] = value
    if "optimizer" not in written:
        # Keras's own default is RMSprop.
        written["optimizer"] = "rmsprop" if training.compiled.given("optimizer") is None else "adam"
    return written


def _compile_argument(given: Argument, notes: Notebook) -> Json:
    """One argument of compile; but for the loss, what is not understood is left out, and said so."""
    try:
        return _encode_nested(given.value, notes, strict=given.name not in ("metrics", "weighted_metrics"))
    except Unplannable as problem:
        if given.name == "loss":
            raise Unplannable(f"the loss is not understood: {problem}") from problem
        if given.name == "optimizer":
            notes.assume(f"optimizer assumed `adam`: {problem}")
        else:
            notes.assume(f"`{given.name}` left out: {problem}")
        return None


def _encode_nested(fact: Fact[Any], notes: Notebook, *, strict: bool) -> Json:
    """A value, or a list or dict of them; unless ``strict``, items that are not understood are left out."""
    if fact.entries:
        pairs = [[key.value, _encode_nested(item, notes, strict=strict)] for key, item in fact.entries]
        return only_permitted({"dict": pairs})
    if not fact.items:
        return encode(fact.value, notes, _no_tensor)
    items = []
    for item in fact.items:
        try:
            items.append(_encode_nested(item, notes, strict=strict))
        except Unplannable as problem:
            if strict:
                raise
            notes.assume(f"a metric left out: {problem}")
    return items


def _no_tensor(tensor: Tensor) -> Json:
    raise Unplannable("a tensor of a model where a value is expected")


def _schedule(training: Training, updates: int | None) -> tuple[int, int]:
    fit = next((fit for fit in training.fits if fit.method.startswith("fit")), None)
    steps = fit.steps if fit else None
    return schedule(_epochs(fit), steps if isinstance(steps, int) else None, updates)


def _epochs(fit: Fit | None) -> int | None:
    """As many as are written; how many confirm takes where none are is its own affair."""
    given = fit.argument("epochs") if fit else None
    return given.value if given is not None and isinstance(given.value, int) else None
