"""Remedies that several rules share: edits of a head's activation and its loss, put together into a fix."""

from __future__ import annotations

from itertools import chain

from keraslint.edits import Edit, Fix, add_argument, replace
from keraslint.graph import Call, Model, Program, Span
from keraslint.graph.views import Activation, Head, Spec

CELLS = frozenset(
    f"keras.layers.{name}" for name in ("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "GRU", "GRUCell", "LSTM", "LSTMCell")
)
"""Layers whose activation works inside a cell: what they put out is that activation times a gate."""


def fix(description: str, *parts: tuple[Edit, ...]) -> Fix | None:
    """The edits of all ``parts`` together; None when one of them has no edit that would do it."""
    return Fix(description, tuple(chain(*parts))) if all(parts) else None


def set_activation(activation: Activation | None, name: str) -> tuple[Edit, ...]:
    """Make the activation ``name``.

    None for a layer that is an activation of its own (``Softmax()``), since how the file spells
    ``Activation`` is not in the graph, and none for a recurrent cell, whose activation
    is not what it puts out.
    """
    if activation is None or not activation.is_argument or in_cell(activation):
        return ()
    if activation.name.is_default:
        return (add_argument(activation.name.span, f'activation="{name}"'),)
    return (replace(activation.name.span, f'"{name}"'),)


def in_cell(activation: Activation) -> bool:
    """Whether it is applied inside a gated recurrent cell."""
    return not isinstance(activation.layer, Model) and activation.layer.class_name in CELLS


def set_loss(loss: Spec | None, name: str) -> tuple[Edit, ...]:
    """Make the loss the one that the string ``name`` means, with Keras's defaults."""
    return (replace(loss.at.span, f'"{name}"'),) if loss else ()


def swap_loss(loss: Spec | None, name: str) -> tuple[Edit, ...]:
    """`set_loss`, where the loss was given no arguments that would be lost."""
    return set_loss(loss, name) if loss and not (loss.object and loss.object.arguments) else ()


def spelled(program: Program, path: str) -> str | None:
    """How the file may call a name of Keras, by what it imports; None when it imports nothing that leads there."""
    for statement in program.imports:
        for name, alias in statement.names:
            imported = f"{statement.module}.{name}" if statement.module else name
            for wanted in (path, f"tensorflow.{path}"):
                if f"{wanted}.".startswith(f"{imported}."):
                    return (alias or name) + wanted[len(imported) :]
    return None


def layer_before(program: Program, model: Model, call: Call, path: str) -> tuple[Edit, ...]:
    """Put a layer without arguments before a call: into the list of a Sequential, or around what the call gets."""
    name = spelled(program, path)
    layer = call.layer.span
    if name is None:
        return ()
    if model.kind == "sequential" and model.span.meets(layer):
        return (replace(_point(layer.line, layer.column, layer.file), f"{name}(), "),)
    given = call.arguments[0].span if len(call.inputs) == 1 and call.arguments else None
    if model.kind == "sequential" or given is None or not call.span.meets(given):
        return ()
    start = _point(given.line, given.column, given.file)
    return replace(start, f"{name}()("), replace(_point(given.end_line, given.end_column, given.file), ")")


def _point(line: int, column: int, file: str) -> Span:
    return Span(line, column, line, column, file)


def sigmoid_with_binary_crossentropy(head: Head) -> Fix | None:
    """One unit that decides between two classes, whatever loss it has now."""
    return fix(
        'use `activation="sigmoid"` with `loss="binary_crossentropy"`',
        set_activation(head.activation, "sigmoid"),
        set_loss(head.loss, "binary_crossentropy"),
    )
