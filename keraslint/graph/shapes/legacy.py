"""Layers that only Keras 1 had and that no layer of today equals: MaxoutDense and Highway.

Source: `keras/layers/core.py` of Keras 1.2.2.
"""

from __future__ import annotations

from keraslint.graph.objects import KerasObject
from keraslint.graph.shape import Dim, Shape
from keraslint.graph.shapes.arithmetic import total, weight
from keraslint.graph.shapes.reading import flag, only_input, positive
from keraslint.graph.shapes.registry import Inferred, Rejected, layer


def _features(layer: KerasObject, shape: Shape) -> Dim:
    """The last size of an input of two dimensions, the only one that these layers take."""
    if shape.rank != 2 and shape.rank_known:
        raise Rejected(f"{layer.kind} expects an input of 2 dimensions (batch, features), got {shape}")
    return shape[-1]


@layer("MaxoutDense")
def maxout_dense(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape = only_input(inputs)
    units, pieces = positive(layer, "output_dim"), positive(layer, "nb_feature")
    kernel = weight(pieces, _features(layer, shape), units)
    return Inferred((Shape.of(shape[0], units),), total(kernel, weight(pieces, units, when=flag(layer, "bias"))))


@layer("Highway")
def highway(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """One Dense for what is made of the input and one for how much of it is carried on."""
    shape = only_input(inputs)
    size = _features(layer, shape)
    one = total(weight(size, size), weight(size, when=flag(layer, "bias")))
    return Inferred((Shape.of(shape[0], size),), total(one, one))
