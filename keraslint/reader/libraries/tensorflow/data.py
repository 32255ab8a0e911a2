"""tf.data: pipelines and what each step does to their elements."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from astroid import nodes

from keraslint.graph import Array, Dataset, Tensor, Unknown
from keraslint.graph.objects import SHUFFLE
from keraslint.graph.shape import Shape
from keraslint.reader.libraries.arrays.drawing import drawn
from keraslint.reader.libraries.arrays.facts import array, as_array, dtype_of, shape_of_value, size
from keraslint.reader.libraries.arrays.history import with_order
from keraslint.reader.libraries.numpy import make_array
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.iteration import items_of
from keraslint.reader.machine.library import NativeCall, known, methods
from keraslint.reader.machine.machine import Machine, attributes_of
from keraslint.reader.machine.places import file_of
from keraslint.reader.machine.values import DictValue, External, ListValue, Native, Value

Step = Callable[[Machine, Dataset, Arguments, nodes.NodeNG], Value]


@dataclass
class Pipelines:
    """What is remembered of pipelines of tf.data."""

    dropped_steps: dict[nodes.NodeNG, str] = field(default_factory=dict)
    """Steps whose results are not used."""
    listed: dict[Dataset, list[nodes.Attribute]] = field(default_factory=dict)
    """Where a loader is asked for its files, or for their classes in that order."""
    loaders: dict[Dataset, nodes.NodeNG] = field(default_factory=dict)
    """The calls that made loaders which shuffle; their ``shuffle=True`` where it is written."""


def _from_slices(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    parts = _parts(machine.need_all(arguments.get(0, "tensors")))
    made = Dataset(tuple(_element(machine, part, node) for part in parts), batched=False, endless=False)
    counts = {part.shape[0] for part in parts if isinstance(part, Array) and part.shape.rank_known and part.shape.dims}
    count = counts.pop() if len(counts) == 1 else None
    return replace(made, elements=count) if isinstance(count, int) else made


def _from_tensors(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    parts = _parts(machine.need_all(arguments.get(0, "tensors")))
    return Dataset(tuple(_component(part) for part in parts), batched=Unknown("one element of all"), endless=False)


def _parts(value: Value) -> tuple[Value, ...]:
    """What one element holds; of a tuple of one nothing is said, it is no array when one goes over the data."""
    match value:
        case (_,):
            return (Unknown("a tuple of one"),)
        case tuple():
            return value
        case _:
            return (value,)


def _element(machine: Machine, value: Value, node: nodes.NodeNG) -> Array | Unknown:
    """One element of an array."""
    value = as_array(machine, value)
    if isinstance(value, Tensor):
        value = array(value.shape, value.dtype)
    if isinstance(value, ListValue):
        value = _as_tensorflow(make_array(machine, Arguments([Given(value, node)]), node))
    if not isinstance(value, Array):
        return _component(value)
    if not value.shape.rank_known or not value.shape.dims:
        return replace(value, shape=Shape.unknown("an element of a data set"))
    return replace(value, shape=Shape(value.shape.dims[1:]))


def _as_tensorflow(value: Value) -> Value:
    """TensorFlow keeps Python's numbers in 32 bits, numpy in 64."""
    if isinstance(value, Array) and isinstance(value.dtype, str):
        return replace(value, dtype=value.dtype.replace("64", "32"))
    return value


def _component(value: Value) -> Array | Unknown:
    if isinstance(value, Array | Unknown):
        return value
    return Unknown("several arrays in one component" if isinstance(value, DictValue | tuple) else "a component")


def _zip(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    given = machine.need_all(arguments.get(0, "datasets"))
    parts = items_of(machine, given) if isinstance(given, tuple | ListValue) else None
    if len(arguments.positional) > 1:
        parts = tuple(machine.need(each.value) for each in arguments.positional)
    if not parts or not all(isinstance(part, Dataset) and len(part.components) == 1 for part in parts):
        return _opaque("datasets zipped together")
    batched = parts[0].batched if all(part.batched == parts[0].batched for part in parts) else Unknown("mixed")
    endless = all(part.endless == True for part in parts)  # noqa: E712 (an unknown has no truth value)
    bounded = any(part.endless == False for part in parts)  # noqa: E712
    return Dataset(
        tuple(part.components[0] for part in parts),
        batched,
        endless if endless or bounded else Unknown("one of several data sets may end"),
    )


def _opaque(reason: str) -> Dataset:
    return Dataset((), Unknown(reason), Unknown(reason), Unknown(reason))


def _range(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return Dataset((array(Shape(()), "int64"),), batched=False, endless=False)


def _from_generator(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``from_generator(make, output_signature=(tf.TensorSpec(…), …))``: what it says of each element."""
    signature = machine.need_all(arguments.get(None, "output_signature"))
    types = machine.need_all(arguments.get(1, "output_types"))
    shapes = machine.need_all(arguments.get(2, "output_shapes"))
    if signature is not None:
        parts = _parts(signature)
    elif isinstance(types, tuple) and isinstance(shapes, tuple) and len(types) == len(shapes) > 1:
        parts = tuple(_specified(machine, shape, kind) for shape, kind in zip(shapes, types, strict=True))
    elif not isinstance(types, tuple) and arguments.given(2, "output_shapes"):
        parts = (_specified(machine, shapes, types),)
    else:
        return _opaque("a generator")
    unknown = Unknown("a generator")
    return Dataset(tuple(map(_component, parts)), unknown, unknown)


def _specified(machine: Machine, shape: Value, dtype: Value) -> Array:
    told = shape_of_value(machine, shape)
    if told.rank_known:
        told = Shape(tuple(dim if isinstance(dim, int) else Unknown("a size left open") for dim in told.dims))
    return array(told, dtype_of(machine, dtype, Unknown("a dtype that is not told")))


def _spec(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``tf.TensorSpec(shape=(None, 3), dtype=tf.float32)`` stands for such an array."""
    dtype = arguments.get(1, "dtype") if arguments.given(1, "dtype") else "float32"
    return _specified(machine, arguments.get(0, "shape"), dtype)


# steps -------------------------------------------------------------------------------------------------------


def _batch(machine: Machine, data: Dataset, arguments: Arguments, node: nodes.NodeNG) -> Value:
    count = machine.need(arguments.get(0, "batch_size"))
    dropped = machine.need(arguments.get(1, "drop_remainder")) is True
    axis = size(count) if dropped else None
    components = tuple(_prefixed(component, axis) for component in data.components)
    batches = _in_batches(data, count, dropped=dropped)
    # Where it was batched before, these first batches were the samples: the characters of a text, cut into pieces.
    return replace(data, components=components, batched=True, elements=batches, shuffled_after_batch=False)


def _in_batches(data: Dataset, size: Value, *, dropped: bool) -> int | Unknown:
    if not isinstance(size, int) or isinstance(data.elements, Unknown) or size < 1:
        return Unknown("how many batches there are")
    return data.elements // size if dropped else -(-data.elements // size)


def _prefixed(component: Array | Unknown, axis: Any) -> Array | Unknown:
    if not isinstance(component, Array) or not component.shape.rank_known:
        return component
    return replace(component, shape=Shape((axis, *component.shape.dims)))


def _padded_batch(machine: Machine, data: Dataset, arguments: Arguments, node: nodes.NodeNG) -> Value:
    blank = tuple(Unknown("a padded batch") for _ in data.components)
    return replace(data, components=blank, batched=True, elements=Unknown("a padded batch"))


def _unbatch(machine: Machine, data: Dataset, arguments: Arguments, node: nodes.NodeNG) -> Value:
    known = data.batched == True  # noqa: E712 (an unknown has no truth value)
    components = tuple(_element(machine, part, node) if known else part for part in data.components)
    count = Unknown("unbatched")
    return replace(data, components=components, batched=False if known else count, elements=count)


def _shuffle(machine: Machine, data: Dataset, arguments: Arguments, node: nodes.NodeNG) -> Value:
    if not data.split and not arguments.open_ended:
        again = machine.need(arguments.get(2, "reshuffle_each_iteration"))
        data = replace(data, reshuffled=machine.place(node) if again in (None, True) else None)
    data = _in_new_order(machine, data, arguments, node)
    if data.shuffled:
        return data
    if data.batched == True:  # noqa: E712 (an unknown has no truth value)
        return replace(data, shuffled_after_batch=True)
    if isinstance(data.batched, Unknown):
        return replace(data, shuffled_after_batch=data.batched)
    return replace(data, shuffled=True, shuffled_after_batch=False)


def _in_new_order(machine: Machine, data: Dataset, arguments: Arguments, node: nodes.NodeNG) -> Dataset:
    """All components in one order: that of a seed and a buffer, or one that never comes again."""
    seed, size = machine.need(arguments.get(1, "seed")), machine.need(arguments.get(0, "buffer_size"))
    order: Hashable = None
    if seed is None and not arguments.open_ended:
        order = drawn(machine)
    elif type(seed) is int and type(size) is int:
        order = ("tf.data", seed, size)
    moved = (with_order(machine, part, [part], SHUFFLE, node, order) for part in data.components)
    components = tuple(part if isinstance(part, Array | Unknown) else Unknown("a component") for part in moved)
    return replace(data, components=components)


def _repeat(machine: Machine, data: Dataset, arguments: Arguments, node: nodes.NodeNG) -> Value:
    count = machine.need(arguments.get(0, "count"))
    if count is None or count == -1:
        return replace(data, endless=True)
    if not isinstance(count, int):
        unknown = Unknown("repeated an unknown number of times")
        return replace(data, endless=unknown, elements=unknown)
    return data if isinstance(data.elements, Unknown) else replace(data, elements=data.elements * count)


def _take(machine: Machine, data: Dataset, arguments: Arguments, node: nodes.NodeNG) -> Value:
    count = machine.need(arguments.get(0, "count"))
    data = _part(data, "take")
    unknown = Unknown("an unknown number of elements is taken")
    if not isinstance(count, int) or count < 0:
        return replace(data, endless=unknown, elements=unknown)
    whole = count if data.endless is True else data.elements
    return replace(data, endless=False, elements=whole if isinstance(whole, Unknown) else min(count, whole))


def _map(machine: Machine, data: Dataset, arguments: Arguments, node: nodes.NodeNG) -> Value:
    function = machine.need(arguments.get(0, "map_func"))
    given = Arguments([Given(component, node) for component in data.components])
    if not data.components or isinstance(function, External | Unknown):
        return replace(data, components=())
    result = machine.need_all(machine.call(function, given, node))
    if isinstance(result, Unknown):
        return replace(data, components=())
    return replace(data, components=tuple(map(_component, _parts(result))))


def _keep(machine: Machine, data: Dataset, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return data


def _filter(machine: Machine, data: Dataset, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """What a filter leaves may lack a class."""
    fewer = Unknown("how many classes a filter leaves")
    parts = (
        replace(p, classes=fewer) if isinstance(p, Array) and p.encoding == "integer" else p for p in data.components
    )
    return replace(data, components=tuple(parts), elements=Unknown("some elements are left out"))


def _fewer(machine: Machine, data: Dataset, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return replace(data, elements=Unknown("some elements are left out"))


def _skip(machine: Machine, data: Dataset, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return _fewer(machine, _part(data, "skip"), arguments, node)


def _part(data: Dataset, which: Literal["skip", "take"]) -> Dataset:
    """The data as one part of what is reshuffled; a part of a part lies in that."""
    return data if data.reshuffled is None or data.split else replace(data, split=which)


def _cache(machine: Machine, data: Dataset, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """What was gone over once comes in the same order again."""
    return data if data.split else replace(data, reshuffled=None)


def _concatenate(machine: Machine, data: Dataset, arguments: Arguments, node: nodes.NodeNG) -> Value:
    blank = tuple(Unknown("several data sets one after the other") for _ in data.components)
    unknown = Unknown("several data sets one after the other")
    return replace(data, reshuffled=None, components=blank, endless=unknown, elements=unknown)


def _other(machine: Machine, data: Dataset, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return _opaque("a step that is not followed")


_STEPS: dict[str, Step] = {
    "apply": _other,
    "batch": _batch,
    "cache": _cache,
    "concatenate": _concatenate,
    "filter": _filter,
    "flat_map": _other,
    "ignore_errors": _fewer,
    "interleave": _other,
    "map": _map,
    "padded_batch": _padded_batch,
    "prefetch": _keep,
    "repeat": _repeat,
    "shard": _fewer,
    "shuffle": _shuffle,
    "skip": _skip,
    "snapshot": _cache,
    "take": _take,
    "unbatch": _unbatch,
    "window": _other,
    "with_options": _keep,
}


_IN_ORDER_OF_FILES = frozenset(("classes", "file_paths", "filenames", "filepaths", "labels"))


@attributes_of(Dataset)
def _attribute(machine: Machine, value: Dataset, name: str, node: nodes.NodeNG) -> Value:
    step = _STEPS.get(name)
    if name in _IN_ORDER_OF_FILES and isinstance(node, nodes.Attribute) and not file_of(node):
        machine.memory(Pipelines).listed.setdefault(value, []).append(node)
    if step is None:
        return machine.unknown(f"`{name}` of a data set", node)

    def take(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        if isinstance(node.parent, nodes.Expr) and not file_of(node):
            machine.memory(Pipelines).dropped_steps[node] = name
        return step(machine, value, arguments, node)

    return Native(name, take)


EXTERNAL: dict[str, NativeCall] = {
    "tensorflow.data.Dataset.from_generator": _from_generator,
    "tensorflow.data.Dataset.from_tensor_slices": _from_slices,
    "tensorflow.data.Dataset.from_tensors": _from_tensors,
    "tensorflow.data.Dataset.range": _range,
    "tensorflow.data.Dataset.zip": _zip,
    "tensorflow.TensorSpec": _spec,
}

known("data", EXTERNAL)
methods("tensorflow.data.Dataset", _STEPS)
