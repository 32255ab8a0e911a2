"""Graphs that were made by hand, as those of pretrained models, taken into the program that is read."""

from __future__ import annotations

from keraslint.graph import Confidence, Layer, Model, Span
from keraslint.graph.build import Builder, Names
from keraslint.reader.keras.layers import COST_OF_A_CALL, note_call
from keraslint.reader.keras.models import made_already
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import LayerValue


def builder(machine: Machine, span: Span, origin: str = "", *, pretrained: bool = False) -> Builder:
    """What makes layers at one place of the program, with names that go on from those that are used."""
    used = {base: int(count) for base, count in machine.names_used.items()}
    return Builder(span, machine.flow_confidence, Confidence.INFERENCE, origin, pretrained, Names(used))


def take(machine: Machine, build: Builder) -> None:
    """Let the machine know all that was built, as if the program had made and called each layer itself."""
    for base, count in build.names.used.items():
        if machine.names_used.get(base, 0) != count:
            machine.journal.set(machine.names_used, base, count)
    for call, outputs in build.made.items():
        machine.burn(COST_OF_A_CALL)
        machine.record.calls.append(call)
        match call.layer:
            case Layer() as layer:
                value = machine.made_by.setdefault(layer, LayerValue(layer))
                note_call(value, call.inputs, outputs)
                if not layer.origin and not value.outputs[1:]:
                    machine.record.layers.append(layer)
            case Model() as model if model not in machine.made_by:
                made_already(machine, model, tuple(machine.made_by[layer] for layer in model.layers))
