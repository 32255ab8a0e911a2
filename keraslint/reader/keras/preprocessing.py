"""Images that are data and are scaled, resized or changed at random: by `preprocess_input`, functions of `tf.image`,
and Keras's layers for it."""

from __future__ import annotations

from dataclasses import replace

from astroid import nodes

from keraslint.graph import Array, Layer, Scaling, Unknown
from keraslint.graph.objects import StepKind
from keraslint.graph.scaling import by_function, by_layer
from keraslint.graph.shape import Shape
from keraslint.graph.shapes import infer
from keraslint.keras_api import preprocessing_functions
from keraslint.reader.keras.ops import op_on_data
from keraslint.reader.libraries.arrays.facts import array, dtype_of, is_float
from keraslint.reader.libraries.arrays.history import with_step
from keraslint.reader.libraries.arrays.operations import scaled_by
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.library import NativeCall, known
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import Value


def _preprocessed(path: str) -> NativeCall:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        value = machine.need(arguments.get(0, "x"))
        scaling = by_function(path)
        if not isinstance(value, Array) or scaling is None:
            return machine.unknown(f"result of {path}", node)
        shaped = op_on_data(machine, path, arguments, node)
        shape = shaped.shape if isinstance(shaped, Array) else Shape.unknown("images of unknown shape")
        made = replace(scaled_by(value, scaling), shape=shape)
        return with_step(machine, made, [value], "scaled", path, node, scaling)

    return call


def _converted(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``tf.image.convert_image_dtype(image, tf.float32)``: whole numbers are divided by the largest that there is."""
    value, kind = machine.need(arguments.get(0, "image")), dtype_of(machine, arguments.get(1, "dtype"), Unknown(""))
    if not isinstance(value, Array):
        return machine.unknown("a converted image", node)
    largest = {"uint8": 255, "uint16": 65535}.get(str(value.dtype))
    if is_float(value.dtype) and is_float(kind):
        return with_step(machine, replace(value, dtype=kind), [value], "cast", kind, node)
    if largest is None or not is_float(kind):
        return with_step(machine, array(value.shape, kind), [value], "computed", "convert_image_dtype", node)
    scaling = Scaling(1 / largest, 0)
    made = replace(scaled_by(value, scaling), dtype=kind)
    return with_step(machine, made, [value], "scaled", "convert_image_dtype", node, scaling)


def _resized(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``tf.image.resize``: what lies between pixels lies between their values, but for bends of higher degree."""
    value, method = machine.need(arguments.get(0, "images")), machine.need(arguments.get(2, "method"))
    shaped = op_on_data(machine, "tensorflow.image.resize", arguments, node)
    if not isinstance(value, Array) or not isinstance(shaped, Array):
        return machine.unknown("a resized image", node)
    if method not in (None, "area", "bilinear", "nearest"):
        return with_step(machine, shaped, [value], "computed", "tensorflow.image.resize", node)
    dtype = value.dtype if method == "nearest" else "float32"
    made = array(shaped.shape, dtype, value.low, value.high, origin=value.origin)
    return with_step(machine, made, [value], "reshaped", "tensorflow.image.resize", node)


def _flipped(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0, "image"))
    if not isinstance(value, Array):
        return machine.unknown("a flipped image", node)
    return with_step(machine, replace(value), [value], "augmented", "tensorflow.image", node)


known(
    "data",
    {
        **{path: _preprocessed(path) for path in preprocessing_functions()},
        "tensorflow.image.convert_image_dtype": _converted,
        "tensorflow.image.resize": _resized,
        **{
            f"tensorflow.image.{name}": _flipped
            for name in ("flip_left_right", "flip_up_down", "random_flip_left_right", "random_flip_up_down")
        },
    },
)


# layers ------------------------------------------------------------------------------------------------------

_MOVING = frozenset(
    ("CenterCrop", "RandomCrop", "RandomFlip", "RandomRotation", "RandomTranslation", "RandomZoom", "Resizing")
)
"""Layers that leave the size of values about as it is."""
PREPROCESSING = _MOVING | {"Normalization", "Rescaling"}
"""Layers that programs call on data, before any model."""


def preprocessed(machine: Machine, layer: Layer, data: Array, node: nodes.NodeNG) -> Array:
    """What such a layer makes of data; of pixels that were turned no bound is said, as what fills corners differs."""
    machine.burn()
    (shape,) = infer(layer, (_with_samples(data.shape),)).outputs
    shape = Shape(shape.dims[1:]) if shape.rank_known and data.shape.rank == 3 else shape
    kind: StepKind = "reshaped" if layer.kind in ("CenterCrop", "Resizing") else "augmented"
    scaling = by_layer(layer)
    made = array(shape, "float32", origin=data.origin)
    if scaling is not None:
        kind, made = "scaled", replace(scaled_by(data, scaling), shape=shape, dtype="float32")
    elif layer.kind in ("RandomFlip", "Resizing") and layer.argument("interpolation") != "bicubic":
        made = replace(made, low=data.low, high=data.high)
    told = with_step(machine, made, [data], kind, layer.class_name, node, scaling)
    assert isinstance(told, Array)
    return told


def _with_samples(shape: Shape) -> Shape:
    """A single image as one of a batch."""
    return Shape((None, *shape.dims)) if shape.rank == 3 else shape
