"""What each layer and op of Keras makes of its inputs, one module per family. `infer` is the way in."""

from keraslint.graph.shapes import (
    attention,
    backbones,
    convolution,
    core,
    elementwise,
    images,
    indexing,
    layout,
    legacy,
    merging,
    normalization,
    operators,
    pooling,
    preprocessing,
    recurrent,
    reshaping,
    wrappers,
)
from keraslint.graph.shapes.operands import positional_names
from keraslint.graph.shapes.registry import Inferred, has_rule, infer

__all__ = ["FAMILIES", "Inferred", "has_rule", "infer", "positional_names"]

FAMILIES = (
    attention, backbones, convolution, core, elementwise, images, indexing, layout, legacy, merging, normalization,
    operators, pooling, preprocessing, recurrent, reshaping, wrappers,
)  # fmt: skip
"""The modules with the rules; importing one registers what it knows."""
