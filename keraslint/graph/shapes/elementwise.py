"""What leaves the shape as it is: activations, dropout, noise, masking, most image augmentation and preprocessing."""

from __future__ import annotations

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject
from keraslint.graph.shape import Shape
from keraslint.graph.shapes.arithmetic import weight
from keraslint.graph.shapes.convolution import AXES, spatial_rank
from keraslint.graph.shapes.reading import axes_of, integers, only_input, value
from keraslint.graph.shapes.registry import Inferred, Rejected, layer, op


@layer(
    "Activation", "ReLU", "LeakyReLU", "ELU", "ThresholdedReLU", "Softmax", "Dropout",
    "GaussianDropout", "GaussianNoise", "AlphaDropout", "ActivityRegularization", "Identity",
    "UnitNormalization", "Rescaling", "InputLayer", "AugMix", "AutoContrast",
    "ContrastLimitedAdaptiveHistogramEqualization", "CutMix", "MixUp", "RandAugment",
    "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter", "RandomContrast",
    "RandomElasticTransform", "RandomErasing", "RandomFlip", "RandomGaussianBlur", "RandomGrayscale",
    "RandomHue", "RandomInvert", "RandomPerspective", "RandomPosterization", "RandomRotation",
    "RandomSaturation", "RandomSharpness", "RandomShear", "RandomTranslation", "RandomZoom",
    "MaxNumBoundingBoxes", "Solarization", "Equalization",
)  # fmt: skip
def unchanged(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """These take several tensors as well, and give as many."""
    return Inferred(inputs or (only_input(inputs),))


@layer("Masking")
def masking(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    return Inferred((only_input(inputs),))


def _preprocessing(*families: str) -> tuple[str, ...]:
    return tuple(f"keras.applications.{family}.preprocess_input" for family in families)


@op(*_preprocessing(
    "convnext", "efficientnet", "efficientnet_v2", "inception_resnet_v2", "inception_v3", "mobilenet",
    "mobilenet_v2", "mobilenet_v3", "nasnet", "resnet_v2", "xception",
))  # fmt: skip
def rescaled(function: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    return Inferred((only_input(inputs),))


@op(*_preprocessing("densenet", "imagenet_utils", "resnet", "resnet50", "vgg16", "vgg19"))
def shifted_by_color(function: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """These subtract three means; of other than three channels they make three or fail."""
    shape = only_input(inputs)
    if shape.rank_known and 3 in (shape[-1], shape[-3] if len(shape.dims) > 2 else None):
        return Inferred((shape,))
    return Inferred((Shape.unknown(f"{function.kind} of other than three channels"),))


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
    if (unknown := next((axis for axis in shared if isinstance(axis, Unknown)), None)) is not None:
        return Inferred((shape,), unknown)
    if any(axis >= len(shape.dims) for axis in shared):
        raise Rejected(f"PReLU expects an input with the axes {shared} that it shares, got {shape}")
    dims = [1 if axis in shared else size for axis, size in enumerate(shape.dims) if axis]
    if None in dims:
        raise Rejected(f"PReLU expects an input of fixed size, or `shared_axes` where it is open, got {shape}")
    return Inferred((shape,), weight(*dims))
