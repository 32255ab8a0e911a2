"""Loops whose turns are alternatives: each makes or trains a model, so that what one of them tries proves little."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from astroid import nodes

from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.memory import remembered
from keraslint.reader.machine.places import nodes_in

MAKE_OR_TRAIN = frozenset(
    ("Model", "Sequential", "clone_model", "compile", "fit", "fit_generator", "train_on_batch"),
)


@contextmanager
def a_turn_of(machine: Machine, node: nodes.NodeNG) -> Iterator[None]:
    """What runs inside is one known turn of a loop or comprehension, which counts as certain unless turns are
    alternatives."""
    deeper = int(_are_alternatives(machine, node))
    machine.loops += deeper
    try:
        yield
    finally:
        machine.loops -= deeper


@remembered
def _are_alternatives(machine: Machine, node: nodes.NodeNG) -> bool:
    called = [call.func for call in nodes_in(node, nodes.Call)]
    machine.burn(1 + len(called) // 10)
    return any((getattr(func, "attrname", None) or getattr(func, "name", "")) in MAKE_OR_TRAIN for func in called)
