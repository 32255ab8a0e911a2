"""The layers inside a model of `keras.applications`, put behind an input from what was recorded of Keras."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from keraslint.graph import Argument, Call, Confidence, Fact, Layer, Op, Span, Tensor, Unknown
from keraslint.graph.shapes import infer
from keraslint.keras_api.application_layers import ACTIVATION, CLASSES, PADDING, Inside, Row
from keraslint.reader.keras.binding import snake_case
from keraslint.reader.keras.layers import apply_layer
from keraslint.reader.keras.models import make_sequential_of
from keraslint.reader.keras.private_helpers import padding_of
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import LayerValue, Value

COST_OF_ROW = 5
"""A recorded layer takes as long as so many expressions take to evaluate."""
ORIGIN = "keras.applications"


@dataclass(frozen=True, eq=False, repr=False)
class Given:
    """What a program gives the builder and the rows leave open."""

    own_name: str
    classes: Fact[Any]
    activation: Fact[Any]
    dropout: Fact[Any] | None
    span: Span


def put_behind(machine: Machine, inside: Inside, rows: tuple[Row, ...], source: Tensor, given: Given) -> Tensor:
    """Apply the rows to the input tensor; the output of the last."""
    tensors = [source]
    numbers = _Numbers(machine, inside.name, given.own_name)
    for row in rows:
        machine.burn(COST_OF_ROW)
        inputs = tuple(tensors[index] for index in row.sources)
        tensors.append(_apply(machine, row, inputs, numbers, given))
    numbers.count(rows)
    return tensors[-1]


class _Numbers:
    """Names of layers, those that Keras numbers going on from the layers that the program made before."""

    def __init__(self, machine: Machine, recorded_name: str, own_name: str) -> None:
        self.machine = machine
        self.recorded = f"{recorded_name}_"
        self.own = f"{own_name}_"
        self.before = dict(machine.names_used)

    def name(self, row: Row) -> str:
        if isinstance(row.name, str):
            return row.name.replace(self.recorded, self.own, 1) if row.name.startswith(self.recorded) else row.name
        base = _base(row)
        number = int(self.before.get(base, 0)) + row.name
        return f"{base}_{number}" if number else base

    def count(self, rows: tuple[Row, ...]) -> None:
        """Let the next layers of the program go on from here."""
        for row in (*rows, *(inner for outer in rows for inner in outer.inside)):
            if isinstance(row.name, int):
                base = _base(row)
                used = max(self.machine.names_used.get(base, 0), int(self.before.get(base, 0)) + row.name + 1)
                self.machine.journal.set(self.machine.names_used, base, used)


def _base(row: Row) -> str:
    return snake_case(row.kind.removeprefix("?").rpartition(".")[2])


def _apply(machine: Machine, row: Row, inputs: tuple[Tensor, ...], numbers: _Numbers, given: Given) -> Tensor:
    if row.kind.startswith("keras.ops."):
        return _operation(machine, row, inputs, given.span)
    if row.kind == "Sequential":
        return _stack(machine, row, inputs, numbers, given)
    arguments = dict(row.arguments)
    if isinstance(padding := arguments.get("padding"), tuple) and padding[0] == PADDING:
        arguments["padding"] = padding_of(inputs[0].shape, padding[1])
    value = _layer(machine, row, arguments, numbers, given)
    if row.kind.startswith("?"):
        return _private(machine, value, row, inputs, given.span)
    return apply_layer(machine, value, inputs, given.span)[0]


def _layer(machine: Machine, row: Row, arguments: dict[str, Any], numbers: _Numbers, given: Given) -> LayerValue:
    bound = tuple(_argument(name, _filled(value, given), given.span) for name, value in arguments.items())
    if given.dropout is not None and row.kind == "Dropout":
        bound = tuple(_argument(a.name, given.dropout, given.span) if a.name == "rate" else a for a in bound)
    private = row.kind.startswith("?")
    layer = Layer(
        row.kind.removeprefix("?") if private else f"keras.layers.{row.kind}",
        bound,
        given.span,
        machine.flow_confidence,
        in_file=private,
        name=numbers.name(row),
        origin=ORIGIN,
    )
    return LayerValue(layer, {"trainable": True})


def _argument(name: str, value: Any, span: Span) -> Argument:
    fact = value if isinstance(value, Fact) else Fact(value, span, Confidence.INFERENCE)
    return Argument(name, fact, None, span)


def _filled(value: Any, given: Given) -> Any:
    """A recorded value, with what the builder was given in place of its mark."""
    match value:
        case str() if value == CLASSES:
            return given.classes
        case str() if value == ACTIVATION:
            return given.activation
        case "?":
            return Unknown("not recorded of this layer")
        case tuple() if CLASSES in value:
            return tuple(given.classes.value if item == CLASSES else item for item in value)
    return value


def _operation(machine: Machine, row: Row, inputs: tuple[Tensor, ...], span: Span) -> Tensor:
    waiting = iter(inputs)
    operands = [next(waiting) if operand is None else operand for operand in row.operands]
    bound = tuple(_argument(f"x{place}", operand, span) for place, operand in enumerate(operands, 1))
    op = Op(row.kind, bound, span, machine.flow_confidence)
    inferred = infer(op, tuple(tensor.shape for tensor in inputs))
    call = Call(op, inputs, inferred.outputs, span, confidence=machine.flow_confidence)
    return Tensor(inferred.outputs[0], span, call)


def _stack(machine: Machine, row: Row, inputs: tuple[Tensor, ...], numbers: _Numbers, given: Given) -> Tensor:
    """A ``Sequential`` inside the application, built on what comes in."""
    parts: list[Value] = [_layer(machine, inner, dict(inner.arguments), numbers, given) for inner in row.inside]
    return make_sequential_of(machine, numbers.name(row), tuple(parts), inputs[0], given.span)


def _private(machine: Machine, value: LayerValue, row: Row, inputs: tuple[Tensor, ...], span: Span) -> Tensor:
    """A layer of a class that has no public name."""
    machine.made_by[value.layer] = value
    shape = inputs[0].shape
    call = Call(value.layer, inputs, (shape,), span, (), row.params, 0, confidence=machine.flow_confidence)
    made = Tensor(shape, span, call)
    value.outputs.append(made)
    value.inputs.append(inputs[0])
    return made
