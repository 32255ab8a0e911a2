"""Layers that leave the shape as it is: activations, dropout, noise, masking, most image augmentation."""

from __future__ import annotations

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject
from keraslint.graph.shape import Shape
from keraslint.graph.shapes.arithmetic import weight
from keraslint.graph.shapes.convolution import AXES, spatial_rank
from keraslint.graph.shapes.reading import axes_of, integers, only_input, value
from keraslint.graph.shapes.registry import Inferred, Rejected, layer


@layer(
    "Activation", "ReLU", "LeakyReLU", "ELU", "ThresholdedReLU", "Softmax", "Dropout",
    "GaussianDropout", "GaussianNoise", "AlphaDropout", "ActivityRegularization", "Masking", "Identity",
    "UnitNormalization", "Rescaling", "InputLayer", "AugMix", "AutoContrast",
    "ContrastLimitedAdaptiveHistogramEqualization", "CutMix", "MixUp", "RandAugment",
    "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast",
    "RandomElasticTransform", "RandomErasing", "RandomFlip", "RandomGaussianBlur", "RandomGrayscale",
    "RandomHue", "RandomInvert", "RandomPerspective", "RandomPosterization", "RandomRotation",
    "RandomSaturation", "RandomSharpness", "RandomShear", "RandomTranslation", "RandomZoom",
    "MaxNumBoundingBoxes", "Solarization", "Equalization",
)  # fmt: skip
def unchanged(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    return Inferred((only_input(inputs),))


@layer("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D")
def spatial_dropout(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    shape, rank = only_input(inputs), spatial_rank(layer.kind)
    axes_of(layer, shape, rank + 2, AXES[rank])
    return Inferred((shape,))


@layer("PReLU")
def prelu(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """One slope per element, or one for all places along ``shared_axes``, which count from 1."""
    shape, given = only_input(inputs), value(layer, "shared_axes")
    shared = () if given is None else integers(given, "`shared_axes` of PReLU")
    if isinstance(shared, Unknown) or not shape.rank_known:
        return Inferred((shape,), Unknown(shared.reason if isinstance(shared, Unknown) else shape.reason))
    if unknown := next((axis for axis in shared if isinstance(axis, Unknown)), None):
        return Inferred((shape,), unknown)
    if any(axis >= len(shape.dims) for axis in shared):
        raise Rejected(f"PReLU expects an input with the axes {shared} that it shares, got {shape}")
    dims = [1 if axis in shared else size for axis, size in enumerate(shape.dims) if axis]
    if None in dims:
        raise Rejected(f"PReLU expects an input of fixed size, or `shared_axes` where it is open, got {shape}")
    return Inferred((shape,), weight(*dims))
