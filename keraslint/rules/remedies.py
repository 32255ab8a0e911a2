"""Remedies that several rules share: edits of a head's activation and its loss, put together into a fix."""

from __future__ import annotations

from itertools import chain

from keraslint.edits import Edit, Fix, add_argument, replace
from keraslint.graph import Model
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


def sigmoid_with_binary_crossentropy(head: Head) -> Fix | None:
    """One unit that decides between two classes, whatever loss it has now."""
    return fix(
        'use `activation="sigmoid"` with `loss="binary_crossentropy"`',
        set_activation(head.activation, "sigmoid"),
        set_loss(head.loss, "binary_crossentropy"),
    )
