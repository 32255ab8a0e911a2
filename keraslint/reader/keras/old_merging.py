"""Keras 1's ``Merge`` and ``merge`` as today's merging layers, and the branches that a ``Merge`` takes by itself.

Source: `Merge` in `keras/engine/topology.py` of Keras 1.2.2.
"""

from __future__ import annotations

from astroid import nodes

from keraslint.graph import Tensor, Unknown
from keraslint.reader.keras.binding import auto_name
from keraslint.reader.keras.layers import apply_layer, call_layer, make_layer
from keraslint.reader.keras.models import graph_of
from keraslint.reader.language.functions import unknown_result
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.iteration import items_of
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import span_of
from keraslint.reader.machine.values import (
    External,
    FunctionValue,
    LayerValue,
    ListValue,
    Method,
    ModelState,
    ModelValue,
    Value,
)

LAYER_OF_MODE = {
    "ave": "Average",
    "concat": "Concatenate",
    "cos": "Dot",
    "dot": "Dot",
    "max": "Maximum",
    "mul": "Multiply",
    "sum": "Add",
}


def make_merge(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``Merge(mode="concat")`` is a layer, ``Merge([left, right], mode="concat")`` a model of several inputs."""
    layer = _todays_layer(machine, arguments, node)
    branches = machine.need_all(arguments.get(0, "layers"))
    if layer is None:
        return machine.unknown("a Merge whose `mode` is not known", node)
    if branches is None:
        return layer
    parts = items_of(machine, branches) if isinstance(branches, ListValue | tuple) else None
    models = [machine.need(part) for part in parts or ()]
    if not models or not all(isinstance(model, ModelValue) for model in models):
        return machine.unknown("a Merge of branches that are not all known", node)
    return _merged(machine, layer, [model for model in models if isinstance(model, ModelValue)], node)


def call_merge(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``merge(tensors, mode="concat", concat_axis=1)``: a layer made and called at once."""
    layer = _todays_layer(machine, arguments, node)
    if layer is None or not arguments.given(0, "inputs"):
        return unknown_result(machine, name, arguments, node)
    given = arguments.positional[0] if arguments.positional else arguments.keywords["inputs"]
    return call_layer(machine, layer, Arguments([given]), node)


def _todays_layer(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> LayerValue | None:
    mode = machine.need(arguments.get(1, "mode")) if arguments.given(1, "mode") else "sum"
    keywords = {"name": arguments.keywords["name"]} if "name" in arguments.keywords else {}
    if isinstance(mode, FunctionValue | Method | External):
        for position, old, new in ((1, "mode", "function"), (4, "output_shape", ""), (6, "arguments", "")):
            if arguments.given(position, old):
                keywords[new or old] = _given(arguments, position, old)
        return make_layer(machine, "keras.layers.Lambda", Arguments([], keywords), node)
    kind = LAYER_OF_MODE.get(mode) if isinstance(mode, str) else None
    if kind == "Concatenate" and arguments.given(2, "concat_axis"):
        keywords["axis"] = _given(arguments, 2, "concat_axis")
    elif kind == "Dot":
        axes = arguments.given(3, "dot_axes")
        keywords["axes"] = _given(arguments, 3, "dot_axes") if axes else Given(-1, node)
        if mode == "cos":
            keywords["normalize"] = Given(True, node)
    return make_layer(machine, f"keras.layers.{kind}", Arguments([], keywords), node) if kind else None


def _given(arguments: Arguments, position: int, name: str) -> Given:
    return arguments.positional[position] if position < len(arguments.positional) else arguments.keywords[name]


def _merged(machine: Machine, layer: LayerValue, branches: list[ModelValue], node: nodes.NodeNG) -> ModelValue:
    """What the branches give, merged: a model that takes the inputs of all of them."""
    graphs = [graph_of(machine, branch) for branch in branches]
    unknown: list[Unknown] = [why for graph in graphs for why in graph.unknowns]
    inputs: list[Value] = [tensor for graph in graphs for tensor in graph.inputs]
    ends: tuple[Tensor, ...] = tuple((graph.outputs or graph.inputs)[0] for graph in graphs)
    outputs = apply_layer(machine, layer, ends, span_of(node))
    state = ModelState(inputs=tuple(inputs), outputs=(*outputs, *unknown))
    return ModelValue("functional", auto_name(machine, "Merge", None), machine.place(node), state)
