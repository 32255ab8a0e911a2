"""The layers inside a model of `keras.applications`, put behind an input from what was recorded of Keras."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from keraslint.graph import Fact, Layer, Tensor, Unknown
from keraslint.graph.build import Builder
from keraslint.graph.shapes import Inferred
from keraslint.keras_api.application_layers import ACTIVATION, CLASSES, PADDING, Inside, Row
from keraslint.reader.keras.private_helpers import padding_of

ORIGIN = "keras.applications"
COST_OF_ROW = 5
"""A recorded layer takes as long as so many expressions take to evaluate."""


@dataclass(frozen=True, eq=False, repr=False)
class Given:
    """What a program gives the builder and the rows leave open."""

    own_name: str
    classes: Fact[Any]
    activation: Fact[Any]
    dropout: Fact[Any] | None


def put_behind(build: Builder, inside: Inside, rows: tuple[Row, ...], source: Tensor, given: Given) -> Tensor:
    """Apply the rows to the input tensor; the output of the last."""
    return _Rows(build, f"{inside.name}_", given).applied(rows, source)


@dataclass(frozen=True, eq=False, repr=False)
class _Rows:
    """Makes layers of recorded rows."""

    build: Builder
    recorded: str
    """What the names of some layers begin with, as they were recorded."""
    given: Given

    def applied(self, rows: tuple[Row, ...], source: Tensor) -> Tensor:
        tensors = [source]
        for row in rows:
            inputs = tuple(tensors[index] for index in row.sources)
            tensors.append(self._apply(row, inputs))
        return tensors[-1]

    def _apply(self, row: Row, inputs: tuple[Tensor, ...]) -> Tensor:
        if row.kind.startswith("keras.ops."):
            waiting = iter(inputs)
            return self.build.op(row.kind, [next(waiting) if x is None else x for x in row.operands])
        if row.kind == "Sequential":
            return self._stack(row, inputs)
        arguments = dict(row.arguments)
        if isinstance(padding := arguments.get("padding"), tuple) and padding[0] == PADDING:
            arguments["padding"] = padding_of(inputs[0].shape, padding[1])
        private = Inferred((inputs[0].shape,), row.params) if row.kind.startswith("?") else None
        return self.build.call(self._layer(row, arguments), inputs, known=private)[0]

    def _stack(self, row: Row, inputs: tuple[Tensor, ...]) -> Tensor:
        """A ``Sequential`` inside the application, built on what comes in."""
        name = self._name(row)
        start = self.build.input(inputs[0].shape, name=f"{name}_input")
        parts = [self._layer(inner, inner.arguments) for inner in row.inside]
        return self.build.call(self.build.sequential(parts, start, name=name), inputs)[0]

    def _layer(self, row: Row, arguments: dict[str, Any]) -> Layer:
        filled = {name: self._filled(value) for name, value in arguments.items()}
        if self.given.dropout is not None and row.kind == "Dropout" and "rate" in filled:
            filled["rate"] = self.given.dropout
        private = row.kind.startswith("?")
        kind = row.kind.removeprefix("?") if private else f"keras.layers.{row.kind}"
        return self.build.layer(kind, filled, name=self._name(row), in_file=private)

    def _filled(self, value: Any) -> Any:
        """A recorded value, with what the program gave in place of its mark."""
        match value:
            case str() if value == CLASSES:
                return self.given.classes
            case str() if value == ACTIVATION:
                return self.given.activation
            case "?":
                return Unknown("not recorded of this layer")
            case tuple() if CLASSES in value:
                return tuple(self.given.classes.value if item == CLASSES else item for item in value)
        return value

    def _name(self, row: Row) -> str:
        """As recorded; those that Keras numbers go on from the layers that the program made before."""
        if isinstance(row.name, int):
            return self.build.names.at(row.kind.removeprefix("?"), row.name)
        if row.name.startswith(self.recorded):
            return row.name.replace(self.recorded, f"{self.given.own_name}_", 1)
        return row.name
