"""What reads files or arrays batch by batch: directory loaders, ``ImageDataGenerator``, windows over time series."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import Array, Dataset, Scaling, Step, Unknown
from keraslint.graph.scaling import by_function, by_number
from keraslint.graph.shape import Dim, Shape
from keraslint.reader.libraries.arrays.facts import array, shape_of_value, size
from keraslint.reader.libraries.arrays.history import with_step
from keraslint.reader.libraries.tensorflow.data import Pipelines
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.iteration import items_of
from keraslint.reader.machine.library import NativeCall, known
from keraslint.reader.machine.machine import Machine, attributes_of
from keraslint.reader.machine.places import file_of
from keraslint.reader.machine.values import External, ListValue, Native, Value

_CHANNELS = {"grayscale": 1, "rgb": 3, "rgba": 4}


def _channels(machine: Machine, given: Value) -> Dim:
    mode = machine.need(given)
    return _CHANNELS.get("rgb" if mode is None else str(mode), Unknown("the color mode"))


def _class_count(machine: Machine, given: Value) -> int | None:
    names = items_of(machine, machine.need_all(given)) if isinstance(machine.need(given), ListValue | tuple) else None
    return len(names) if names else None


def _sizes(machine: Machine, arguments: Arguments, position: int, name: str) -> tuple[Dim, Dim]:
    if not arguments.given(position, name):
        return 256, 256
    shape = shape_of_value(machine, arguments.get(position, name))
    if shape.rank_known and len(shape.dims) == 2:
        return shape.dims[0], shape.dims[1]
    return Unknown("the image size"), Unknown("the image size")


def _labels(
    mode: Value, classes: int | None, binary: tuple[None, ...] | tuple[None, int], dtype: str
) -> Array | Unknown:
    """The labels that ``label_mode`` or ``class_mode`` asks for."""
    high = classes - 1 if classes else None
    count: Dim = classes if classes else Unknown("the number of classes")
    match mode:
        case "categorical":
            return array(Shape((None, count)), "float32", 0, 1, "one-hot", classes)
        case "binary":
            return array(Shape(binary), "float32", 0, 1, "binary", 2)
        case "int" | "sparse":
            return array(Shape((None,)), dtype, 0, high, "binary" if classes == 2 else "integer", classes)
        case _:
            return Unknown("the label mode")


def _from_directory(images: bool) -> NativeCall:
    """``image_dataset_from_directory`` and ``text_dataset_from_directory``."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        mode = machine.need(arguments.get(2, "label_mode")) if arguments.given(2, "label_mode") else "int"
        if arguments.given(1, "labels") and machine.need(arguments.get(1, "labels")) is None:
            mode = None
        batch_position, size_position = (5, 6) if images else (4, 99)
        classes = _class_count(machine, arguments.get(3, "class_names"))
        batch = machine.need(arguments.get(batch_position, "batch_size"))
        batched = not (arguments.given(batch_position, "batch_size") and batch is None)
        x = array(Shape((None,)), "string")
        if images:
            high, wide = _sizes(machine, arguments, size_position, "image_size")
            channels = _channels(machine, arguments.get(4, "color_mode"))
            last = machine.need(arguments.get(None, "data_format")) in (None, "channels_last")
            shape = Shape((None, high, wide, channels)) if last else Shape.unknown("channels first")
            x = _made(machine, array(shape, "float32", 0, 255, origin="image_dataset_from_directory"), node)
        parts: tuple[Array | Unknown, ...] = (x,) if mode is None else (x, _labels(mode, classes, (None, 1), "int32"))
        if not batched:
            parts = tuple(_unbatched(part) for part in parts)
        mixed = _shuffles(machine, arguments, 7 if images else 6)
        origin = "image_dataset_from_directory" if images else ""
        made = _noted(machine, Dataset(parts, batched, endless=False, origin=origin, shuffled=mixed), node)
        both = machine.need(arguments.get(None, "subset")) == "both"
        return (made, replace(made, shuffled=False)) if both else made  # Keras leaves the second in order

    return call


def _made(machine: Machine, images: Array, node: nodes.NodeNG) -> Array:
    """Images as they come from files."""
    told = with_step(machine, images, (), "made", images.origin, node)
    assert isinstance(told, Array)
    return told


def _shuffles(machine: Machine, arguments: Arguments, position: int) -> bool:
    """Whether a loader surely shuffles, as all do by default."""
    if arguments.open_ended:
        return False
    return not arguments.given(position, "shuffle") or machine.need(arguments.get(position, "shuffle")) is True


def _noted(machine: Machine, made: Dataset, node: nodes.NodeNG) -> Dataset:
    if made.shuffled and not file_of(node):
        said = [keyword for keyword in getattr(node, "keywords", ()) if keyword.arg == "shuffle"]
        machine.memory(Pipelines).loaders[made] = said[0] if said else node
    return made


def _unbatched(part: Array | Unknown) -> Array | Unknown:
    return replace(part, shape=Shape(part.shape.dims[1:])) if isinstance(part, Array) and part.shape.dims else part


def _time_series(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    data, targets = machine.need(arguments.get(0, "data")), machine.need(arguments.get(1, "targets"))
    length = size(machine.need(arguments.get(2, "sequence_length")))
    unbatched = arguments.given(5, "batch_size") and machine.need(arguments.get(5, "batch_size")) is None
    front: tuple[Dim, ...] = () if unbatched else (None,)

    def part(value: Value, *sizes: Dim) -> Array | Unknown:
        if not isinstance(value, Array):
            return value if isinstance(value, Unknown) else Unknown("windows over something unknown")
        shape = Shape((*front, *sizes, *value.shape.dims[1:])) if value.shape.rank_known else value.shape
        return replace(value, shape=shape)

    parts = (part(data, length),) if targets is None else (part(data, length), part(targets))
    return Dataset(parts, batched=not unbatched, endless=False)


# ImageDataGenerator ------------------------------------------------------------------------------------------

_KEEP_RANGE = frozenset(
    {
        "cval",
        "data_format",
        "dtype",
        "fill_mode",
        "height_shift_range",
        "horizontal_flip",
        "rescale",
        "rotation_range",
        "shear_range",
        "validation_split",
        "vertical_flip",
        "width_shift_range",
        "zoom_range",
    }
)
"""Arguments with which pixel values stay between 0 and 255 times ``rescale``."""


@dataclass(frozen=True, eq=False, repr=False)
class ImageGenerator:
    """An ``ImageDataGenerator``: by what it multiplies pixel values, None when more happens to them."""

    scale: float | None
    steps: tuple[Step, ...] = ()
    """What it does to values, in Keras's order."""


def _image_generator(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    scale = machine.need(arguments.get(None, "rescale"))
    plain = not arguments.positional and not arguments.open_ended and set(arguments.keywords) <= _KEEP_RANGE
    steps = tuple(_steps_of(machine, arguments, node))
    if not plain or machine.need(arguments.get(None, "cval")) is not None:
        return ImageGenerator(None, steps)
    return ImageGenerator(1.0 if scale is None else scale if isinstance(scale, int | float) else None, steps)


_STATISTICS = (
    *("samplewise_center", "samplewise_std_normalization", "featurewise_center", "featurewise_std_normalization"),
    "zca_whitening",
)
_SHIFTS = ("brightness_range", "channel_shift_range")
"""Arguments that change colors at random."""


def _steps_of(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Iterator[Step]:
    """First the function, then the factor, then what takes means and deviations out, as `standardize` does it."""
    if arguments.positional or arguments.open_ended:
        yield Step("computed", "ImageDataGenerator", machine.place(node))
        return
    for name in ("preprocessing_function", "rescale", *_STATISTICS, *_SHIFTS):
        value = machine.need(arguments.get(None, name))
        if value is None or value is False or not arguments.given(None, name):
            continue
        span = machine.place(arguments.keywords[name].node)
        match name, value:
            case "preprocessing_function", External(path=path) if (
                told := by_function(keras_api.canonical(path) or path)
            ) is not None:
                yield Step("scaled", keras_api.canonical(path) or path, span, told)
            case "rescale", int() | float():
                yield Step("scaled", ("*", value), span, by_number(value))
            case _ if name in _STATISTICS and value is True:
                yield Step("scaled", name, span, Scaling(name=name))
            case _:
                yield Step("augmented" if name in _SHIFTS else "computed", name, span)


def _given(images: Array, generator: ImageGenerator) -> Array:
    """Images with what the generator does to them."""
    return replace(images, steps=(*images.steps, *generator.steps))


@attributes_of(ImageGenerator)
def _image_attribute(machine: Machine, value: ImageGenerator, name: str, node: nodes.NodeNG) -> Value:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        match name:
            case "flow_from_directory":
                return _flow_from_files(machine, value, arguments, node, 1, 4, 3, 6)
            case "flow_from_dataframe":
                return _flow_from_files(machine, value, arguments, node, 5, 8, 7, 10)
            case "flow":
                return _flow(machine, value, arguments)
            case _:
                return None

    known = name.startswith("flow") or name == "fit"
    return Native(name, call) if known else machine.unknown(f"`{name}` of an ImageDataGenerator", node)


def _flow_from_files(
    machine: Machine,
    generator: ImageGenerator,
    arguments: Arguments,
    node: nodes.NodeNG,
    sizes: int,
    mode_at: int,
    classes_at: int,
    shuffle_at: int,
) -> Value:
    mode = (
        machine.need(arguments.get(mode_at, "class_mode")) if arguments.given(mode_at, "class_mode") else "categorical"
    )
    high, wide = _sizes(machine, arguments, sizes, "target_size")
    channels = _channels(machine, arguments.get(sizes + 1, "color_mode"))
    top = 255 * generator.scale if generator.scale is not None and generator.scale >= 0 else None
    shape = Shape((None, high, wide, channels))
    images = array(shape, "float32", 0 if top is not None else None, top, origin="ImageDataGenerator")
    x = _given(_made(machine, images, node), generator)
    if mode is None:
        parts: tuple[Array | Unknown, ...] = (x,)
    elif mode == "input":
        parts = (x, x)
    else:
        parts = (x, _labels(mode, _class_count(machine, arguments.get(classes_at, "classes")), (None,), "float32"))
    mixed = _shuffles(machine, arguments, shuffle_at)
    made = Dataset(parts, batched=True, endless=False, origin="ImageDataGenerator", shuffled=mixed)
    return _noted(machine, made, node)


def _flow(machine: Machine, generator: ImageGenerator, arguments: Arguments) -> Value:
    x, y = machine.need(arguments.get(0, "x")), machine.need(arguments.get(1, "y"))
    images: Array | Unknown = Unknown("the images of a generator")
    if isinstance(x, Array):
        low, high = x.low, x.high
        ends: list[float | None] = [None, None]
        if generator.scale is not None and isinstance(low, int | float) and isinstance(high, int | float):
            ends = [*sorted((low * generator.scale, high * generator.scale))]
        shape = x.shape.with_dim(0, None) if x.shape.rank_known and x.shape.dims else x.shape
        made = array(shape, "float32", ends[0], ends[1], origin=x.origin)
        images = _given(replace(made, steps=x.steps), generator)
    count, size = _count(x), machine.need(arguments.get(2, "batch_size"))
    size = 32 if size is None else size
    batches: int | Unknown = Unknown("how many batches a generator has")
    if isinstance(count, int) and isinstance(size, int) and size > 0:
        batches = -(-count // size)
    if y is None:
        return Dataset((images,), batched=True, endless=False, elements=batches)
    labels = replace(y, shape=y.shape.with_dim(0, None)) if isinstance(y, Array) and y.shape.rank_known else y
    kept = labels if isinstance(labels, Array | Unknown) else Unknown("the labels of a generator")
    return Dataset((images, kept), batched=True, endless=False, elements=batches)


def _count(images: Value) -> int | None:
    count = images.shape[0] if isinstance(images, Array) and images.shape.rank_known and images.shape.dims else None
    return count if isinstance(count, int) else None


EXTERNAL: dict[str, NativeCall] = {
    "keras.preprocessing.image.ImageDataGenerator": _image_generator,
    "keras.utils.image_dataset_from_directory": _from_directory(images=True),
    "keras.utils.text_dataset_from_directory": _from_directory(images=False),
    "keras.utils.timeseries_dataset_from_array": _time_series,
}

known("data", EXTERNAL)
