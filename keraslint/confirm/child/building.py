"""A real `keras.Model` out of a build plan."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import keras

from keraslint.confirm import permitted

Json = Any


class Unsupported(Exception):
    """The plan asks for something that this Keras or backend does not have; not a fault of the model."""


def resolve(name: str) -> Any:
    """The object behind a canonical name.

    Raises:
        Unsupported: there is no such name, or it is none that may be made.
    """
    _refuse({"reference": name})
    if name.startswith("operator."):
        return getattr(operator, name.removeprefix("operator."))
    parts = permitted.in_keras(name).split(".")
    try:
        return reduce(getattr, parts[1:], keras)
    except AttributeError as error:
        raise Unsupported(f"Keras {keras.__version__} has no `{name}`") from error


def _refuse(written: Json) -> None:
    """Ask the allow-list again: the child trusts no plan.

    Raises:
        Unsupported: this may read files or run code.
    """
    try:
        permitted.refuse(written)
    except permitted.Refused as problem:
        raise Unsupported(str(problem)) from problem


class Builder:
    """Builds the layers of one plan, each once, and the models that use them."""

    def __init__(self, layers: list[Json]) -> None:
        self.plans = layers
        self.made: dict[int, Any] = {}
        self.frozen: list[Any] = []

    def layer(self, number: int) -> Any:
        """The layer or nested model with this number."""
        if number not in self.made:
            self.made[number] = self._make(self.plans[number])
        return self.made[number]

    def _make(self, plan: Mapping[str, Json]) -> Any:
        if "model" in plan:
            made = self.model(plan["model"])
        else:
            _refuse(plan)
            made = resolve(plan["class"])(**self._values(plan["arguments"]))
        if plan.get("frozen"):
            self.frozen.append(made)
        return made

    def model(self, graph: Mapping[str, Json]) -> keras.Model:
        """A functional model of the graph."""
        inputs = [keras.Input(tuple(i["shape"]), dtype=i["dtype"]) for i in graph["inputs"]]
        results: list[Any] = []

        def tensor(ref: Mapping[str, Json]) -> Any:
            if "input" in ref:
                return inputs[ref["input"]]
            if "stray" in ref:
                return keras.Input(tuple(ref["stray"]))
            result = results[ref["call"]]
            return result[ref["output"]] if isinstance(result, list | tuple) else result

        for call in graph["calls"]:
            results.append(self._call(call, tensor))  # noqa: PERF401 (a call looks up earlier results)
        outputs = [tensor(ref) for ref in graph["outputs"]]
        return keras.Model(inputs[0] if len(inputs) == 1 else inputs, outputs[0] if len(outputs) == 1 else outputs)

    def _call(self, call: Mapping[str, Json], tensor: Callable[[Any], Any]) -> Any:
        if call.get("op"):
            plan = self.plans[call["layer"]]
            _refuse(plan)
            given = self._values(call["arguments"], tensor)
            # Positional arguments stay so: TensorFlow and Keras name them differently.
            positional = [given.pop(name) for name in plan["order"] if name in given]
            return resolve(plan["class"])(*positional, **given)
        positional = [self.value(value, tensor) for value in call["positional"]]
        return self.layer(call["layer"])(*positional, **self._values(call["keywords"], tensor))

    def _values(self, arguments: Mapping[str, Json], tensor: Callable[[Any], Any] | None = None) -> dict[str, Any]:
        return {name: self.value(value, tensor) for name, value in arguments.items()}

    def value(self, written: Json, tensor: Callable[[Any], Any] | None = None) -> Any:
        """A Python value out of its JSON; a dict in the plan is always a tagged value."""
        match written:
            case list():
                return [self.value(item, tensor) for item in written]
            case {"tuple": items}:
                return tuple(self.value(item, tensor) for item in items)
            case {"dict": pairs}:
                _refuse(written)
                return {key: self.value(item, tensor) for key, item in pairs}
            case {"slice": bounds}:
                return slice(*bounds)
            case {"ellipsis": True}:
                return Ellipsis
            case {"layer": number}:
                return self.layer(number)
            case {"object": name, "arguments": arguments}:
                _refuse(written)
                return resolve(name)(**self._values(arguments, tensor))
            case {"reference": name}:
                return resolve(name)
            case {"input": _} | {"call": _} | {"stray": _} if tensor is not None:
                return tensor(written)
            case _:
                return written


def build(plan: Mapping[str, Json]) -> tuple[keras.Model, list[Any]]:
    """The model, not compiled, and the weights that there are to train, those of frozen layers included."""
    builder = Builder(plan["layers"])
    model = builder.model(plan["graph"])
    weights = list(model.trainable_weights)
    for layer in builder.frozen:
        layer.trainable = False
    if plan.get("frozen"):
        model.trainable = False
    return model, weights


def make(plan: Mapping[str, Json]) -> object:
    """The single object that a plan without a model asks for."""
    return Builder(plan["layers"]).value(plan["object"])


def compile_model(model: keras.Model, arguments: Mapping[str, Json]) -> None:
    """Compile as the program does, but on TensorFlow without XLA, which takes longer than these trainings.

    JAX without it would compute every step op by op, ten times slower.
    """
    builder = Builder([])
    given = {name: builder.value(value) for name, value in arguments.items()}
    model.compile(**given, jit_compile=keras.backend.backend() == "jax")
