"""Sizes to make a model smaller by, and the layers and inputs that have them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from keraslint.confirm import limits
from keraslint.graph import Argument, Layer, Shape, Tensor

WIDTHS = frozenset({"filters", "output_dim", "units"})
"""Arguments that say how wide what comes out of a layer is."""


@dataclass(frozen=True)
class Sizes:
    """What is made smaller; the same for both sides, so that they go on differing by the fix alone."""

    lengths: tuple[int | None, ...] = ()
    """For each input the most time steps, or pixels a side; None leaves it alone."""
    vocabulary: int | None = None
    divisor: int = 1
    """How many times narrower hidden layers are."""
    kept: frozenset[int] = frozenset()
    """Sizes of layers that stay: of heads, of the part at fault, and those on which the sides differ."""

    def layer(self, layer: Layer) -> Layer:
        """The layer in the smaller model; the same object when nothing of it changes."""
        arguments = tuple(map(self._argument, layer.arguments))
        if all(new is old for new, old in zip(arguments, layer.arguments, strict=True)):
            return layer
        return replace(layer, arguments=arguments)

    def _argument(self, argument: Argument) -> Argument:
        value = argument.value.value
        if isinstance(value, Layer):
            inner = self.layer(value)
            return argument if inner is value else _with_value(argument, inner)
        if not isinstance(value, int) or isinstance(value, bool) or value in self.kept:
            return argument
        if argument.name in WIDTHS and self.divisor > 1 and value > limits.NARROWEST:
            return _with_value(argument, max(value // self.divisor, limits.NARROWEST))
        return argument

    def embedding(self, layer: Layer) -> Layer:
        """An Embedding of fewer tokens."""
        rows = tokens_of(layer, "input_dim")
        if self.vocabulary is None or rows is None or rows <= self.vocabulary or rows in self.kept:
            return layer
        few = self.vocabulary
        arguments = tuple(_with_value(a, few) if a.name == "input_dim" else a for a in layer.arguments)
        return replace(layer, arguments=arguments)

    def input(self, number: int, tensor: Tensor, feeds_embedding: bool) -> Shape:
        """The shape of an input in the smaller model."""
        most = self.lengths[number] if number < len(self.lengths) else None
        if most is None or not tensor.shape.rank_known:
            return tensor.shape
        batch, *dims = tensor.shape.dims
        last = len(dims) if feeds_embedding or len(dims) == 1 else len(dims) - 1
        short = [min(d, most) if isinstance(d, int) and n < last else d for n, d in enumerate(dims)]
        return Shape((batch, *short))


def _with_value(argument: Argument, value: object) -> Argument:
    return replace(argument, value=replace(argument.value, value=value))


def tokens_of(layer: Layer, name: str) -> int | None:
    value = layer.argument(name).value
    return value if layer.kind == "Embedding" and isinstance(value, int) else None
