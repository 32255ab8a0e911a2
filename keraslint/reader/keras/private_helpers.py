"""What helpers from inside Keras give that model source relies on: `imagenet_utils`, `operation_utils`, the backend.

Only public facts of functions that model code calls enter here, each under every path it has had.
"""

from __future__ import annotations

from collections.abc import Iterator

from astroid import nodes

from keraslint.graph import Tensor, Unknown
from keraslint.graph.shape import Shape
from keraslint.reader.language.functions import tensors_in
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.library import NativeCall, by_path
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import ListValue, Value


@by_path("keras.", "tensorflow.", "keras_applications.", ".")
def helper(path: str) -> NativeCall | None:
    """One of Keras's helpers, in whichever of its packages it lay then."""
    package, _, name = path.rpartition(".")
    return _HELPERS.get(name) if package.rpartition(".")[2] in _MODULES else None


def _obtain_input_shape(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """The shape asked for, else the default size where a top needs one, else any size."""
    given = machine.need(arguments.get(0, "input_shape"))
    size = machine.need(arguments.get(1, "default_size"))
    flatten = machine.need(arguments.get(4, "require_flatten", "include_top"))
    if given is not None:
        return given
    if isinstance(flatten, Unknown):
        return flatten
    return (size, size, 3) if flatten else (None, None, 3)


def _correct_pad(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``correct_pad(inputs, kernel_size)``; the package `keras_applications` has the backend before these."""
    has_backend = len(arguments.values) > 2
    inputs = machine.need(arguments.get(int(has_backend), "inputs"))
    kernel = machine.need(arguments.get(1 + has_backend, "kernel_size"))
    if isinstance(kernel, int):
        kernel = (kernel, kernel)
    known = isinstance(inputs, Tensor) and isinstance(kernel, tuple) and all(isinstance(size, int) for size in kernel)
    return padding_of(inputs.shape, *kernel) if known else machine.unknown("the padding of an unknown input", node)


def padding_of(shape: Shape, *kernel: int) -> tuple[tuple[int, int], ...] | Unknown:
    """`imagenet_utils.correct_pad`: the zero padding with which a strided convolution halves an image."""
    if not shape.rank_known:
        return Unknown("the padding of an input whose shape is not known")
    pairs = []
    for size, length in zip(shape.dims[1:3], kernel * (2 // len(kernel)), strict=False):
        if isinstance(size, Unknown):
            return Unknown("the padding of an input whose size is not known")
        half = length // 2
        pairs.append((half - (1 if size is None else 1 - size % 2), half))
    return tuple(pairs)


def _get_source_inputs(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """The inputs that a tensor was computed from."""
    sources = sources_of(tensors_in(machine, arguments.get(0, "tensor")))
    return ListValue(list(sources)) if sources else machine.unknown("the inputs behind a tensor", node)


def sources_of(tensors: list[Tensor]) -> tuple[Tensor, ...]:
    """The inputs that tensors were computed from."""
    return tuple(dict.fromkeys(tensor for tensor in _ancestors(tensors) if tensor.producer is None))


def _ancestors(tensors: list[Tensor]) -> Iterator[Tensor]:
    seen: set[int] = set()
    stack = list(tensors)
    while stack:
        tensor = stack.pop()
        if id(tensor) not in seen:
            seen.add(id(tensor))
            yield tensor
            stack.extend(tensor.producer.inputs if tensor.producer else ())


def _is_tensor(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0, "x"))
    return value if isinstance(value, Unknown) else isinstance(value, Tensor)


def _constant(value: Value) -> NativeCall:
    return lambda machine, arguments, node: value


def image_data_format(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """The layout of images that the program has set last, or Keras's own."""
    return machine.need(machine.config.get("image_data_format", "channels_last"))


def _standardize_tuple(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value, count = machine.need(arguments.get(0, "value")), machine.need(arguments.get(1, "n"))
    return (value,) * count if isinstance(value, int) and count in (1, 2, 3) else value


_MODULES = frozenset(
    (
        "imagenet_utils",
        "backend",
        "config",
        "keras_tensor",
        "operation_utils",
        "layer_utils",
        "topology",
        "utils",
        "argument_validation",
        "common",
    )
)
_HELPERS: dict[str, NativeCall] = {
    "obtain_input_shape": _obtain_input_shape,
    "_obtain_input_shape": _obtain_input_shape,
    "correct_pad": _correct_pad,
    "get_source_inputs": _get_source_inputs,
    "validate_activation": _constant(None),
    "image_data_format": image_data_format,
    "standardize_tuple": _standardize_tuple,
    "is_keras_tensor": _is_tensor,
}

_PRIVATE = {"keras.src.models.Functional": "keras.Model", "keras.src.models.functional.Functional": "keras.Model"}


def public_path(path: str) -> str | None:
    """The public name of a class that has only a private one."""
    return _PRIVATE.get(path)
