"""What each layer and op of Keras makes of its inputs, one module per family. `infer` is the way in."""

from keraslint.graph.shapes import (
    attention,
    convolution,
    core,
    elementwise,
    merging,
    normalization,
    pooling,
    recurrent,
    reshaping,
    wrappers,
)
from keraslint.graph.shapes.registry import Inferred, infer

__all__ = [
    "Inferred", "attention", "convolution", "core", "elementwise", "infer", "merging", "normalization",
    "pooling", "recurrent", "reshaping", "wrappers",
]  # fmt: skip
