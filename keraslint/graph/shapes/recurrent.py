"""Recurrent layers and their cells, and convolutional LSTMs."""

from __future__ import annotations

from typing import NamedTuple

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject
from keraslint.graph.shape import Dim, Shape
from keraslint.graph.shapes.arithmetic import total, weight
from keraslint.graph.shapes.convolution import AXES, slid, spatial_rank, split, unite
from keraslint.graph.shapes.reading import (
    axes_of,
    channels_first,
    flag,
    only_input,
    positive,
    require_features,
    sizes,
    value,
)
from keraslint.graph.shapes.registry import Inferred, Rejected, layer, undecided

GATES = {"SimpleRNN": 1, "GRU": 3, "LSTM": 4, "CuDNNGRU": 3, "CuDNNLSTM": 4}
States = tuple[Dim | tuple[Dim, ...], ...]


class Cell(NamedTuple):
    """One step of a recurrent layer."""

    output: Dim
    states: States
    """The size of each state; nested for cells stacked on each other."""
    params: int | Unknown


def gated_cell(layer: KerasObject, features: Dim) -> Cell:
    """The cell of SimpleRNN, GRU and LSTM, read from the layer or from the cell object itself."""
    kind = layer.kind.removesuffix("Cell")
    gates, units = GATES[kind], positive(layer, "units")
    biases: int | Unknown = gates
    if kind.startswith("CuDNN"):
        use_bias: bool | Unknown = True
        biases = 2 * gates
    else:
        use_bias = flag(layer, "use_bias")
    if kind == "GRU":
        reset_after = flag(layer, "reset_after")
        biases = reset_after if isinstance(reset_after, Unknown) else gates * (1 + reset_after)
    params = total(weight(features, gates, units), weight(units, gates, units), weight(biases, units, when=use_bias))
    return Cell(units, (units,) * (2 if gates == 4 else 1), params)


def cell_of(cell: object, features: Dim) -> Cell:
    """The cell that ``RNN(cell)`` was given: one of Keras's, several stacked, or one that is not known."""
    if isinstance(cell, tuple | list):
        return stacked(tuple(cell), features)
    if not isinstance(cell, KerasObject) or cell.in_file:
        reason = Unknown("the cell is not one of Keras's")
        return Cell(reason, (), reason)
    if cell.kind == "StackedRNNCells":
        cells = value(cell, "cells")
        return stacked(tuple(cells) if isinstance(cells, tuple | list) else (cells,), features)
    if cell.kind.removesuffix("Cell") in GATES:
        return gated_cell(cell, features)
    reason = Unknown(f"the states of {cell.kind}")
    return Cell(reason, (), reason)


def stacked(cells: tuple[object, ...], features: Dim) -> Cell:
    read: list[Cell] = []
    for cell in cells:
        read.append(cell_of(cell, read[-1].output if read else features))
    if not read:
        reason = Unknown("no cells")
        return Cell(reason, (), reason)
    states: States = tuple(_flat(cell.states) if len(cell.states) != 1 else cell.states[0] for cell in read)
    return Cell(read[-1].output, states, total(*(cell.params for cell in read)))


def _flat(states: States) -> tuple[Dim, ...]:
    return tuple(state for state in states if not isinstance(state, tuple))


@layer("SimpleRNN", "GRU", "LSTM", "CuDNNGRU", "CuDNNLSTM")
def recurrent(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = only_input(inputs)
    batch, steps, features = axes_of(layer, shape, 3, "batch, steps, features")
    require_features(layer, shape)
    return _unrolled(layer, batch, steps, gated_cell(layer, features))


@layer("RNN")
def rnn(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = only_input(inputs)
    if shape.rank < 3:
        raise Rejected(f"RNN expects an input of 3 or more dimensions (batch, steps, features), got {shape}")
    cell = cell_of(value(layer, "cell"), shape[-1])
    batch, steps = (shape[0], shape[1]) if shape.rank_known else (None, Unknown(shape.reason))
    return _unrolled(layer, batch, steps, cell)


def _unrolled(layer: KerasObject, batch: Dim, steps: Dim, cell: Cell) -> Inferred:
    sequences, with_state = flag(layer, "return_sequences"), flag(layer, "return_state")
    if layer.given("time_major") is not None:
        return undecided("`time_major` moves the batch axis")
    if isinstance(sequences, Unknown):
        output = Shape.unknown(sequences.reason, cell.output)
    else:
        output = Shape.of(batch, steps, cell.output) if sequences else Shape.of(batch, cell.output)
    if isinstance(with_state, Unknown):
        return Inferred((output,), cell.params)
    states = tuple(_state(batch, state) for state in cell.states) if with_state else ()
    return Inferred((output, *states), cell.params)


def _state(batch: Dim, size: Dim | tuple[Dim, ...]) -> Shape:
    if isinstance(size, tuple):
        return Shape.unknown("the states of a stacked cell come as a list")
    return Shape.of(batch, size)


@layer("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
def convolutional(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, rank, first = only_input(inputs), spatial_rank(layer.kind), channels_first(layer)
    dims = axes_of(layer, shape, rank + 3, AXES[rank].replace("batch, ", "batch, time, "))
    if isinstance(first, Unknown):
        return undecided(first.reason)
    batch, spatial, channels = split((dims[0], *dims[2:]), first)
    filters, kernel = positive(layer, "filters"), sizes(layer, "kernel_size", rank)
    after = slid(layer, spatial, kernel, shape, sizes(layer, "dilation_rate", rank))
    step = unite(batch, after, filters, first)
    params = total(
        weight(*kernel, channels, 4, filters),
        weight(*kernel, filters, 4, filters),
        weight(4, filters, when=flag(layer, "use_bias")),
    )
    sequences, with_state = flag(layer, "return_sequences"), flag(layer, "return_state")
    if isinstance(sequences, Unknown):
        return Inferred((Shape.unknown(sequences.reason, *step.dims[1:]),), params)
    output = Shape.of(batch, dims[1], *step.dims[1:]) if sequences else step
    return Inferred((output, step, step) if with_state is True else (output,), params)


@layer("SimpleRNNCell", "GRUCell", "LSTMCell")
def cell_alone(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """A cell called by hand on one step: its output, then its states."""
    shape = only_input(inputs)
    cell = gated_cell(layer, shape[-1])
    batch = shape[0] if shape.rank_known else None
    return Inferred((Shape.of(batch, cell.output), *(_state(batch, s) for s in cell.states)), cell.params)
