"""Arguments and inputs as shape rules need them: sizes, flags, choices; unknown when of an unusual type."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject
from keraslint.graph.shape import Dim, Shape
from keraslint.graph.shapes.registry import Rejected

Size = int | Unknown


def value(layer: KerasObject, name: str) -> object:
    """The plain value of an argument, given or default."""
    return layer.argument(name).value


def as_size(given: object, what: str) -> Size:
    """``given`` if it is an int; an unknown keeps its own reason."""
    if isinstance(given, Unknown):
        return given
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    return Unknown(f"{what} is {'None' if given is None else 'not an integer'}")


def integer(layer: KerasObject, name: str) -> Size:
    return as_size(value(layer, name), f"`{name}` of {layer.kind}")


def positive(layer: KerasObject, name: str) -> Size:
    """An integer above 0, such as ``units``; Keras refuses others already when the layer is made."""
    size = integer(layer, name)
    return Unknown(f"`{name}` of {layer.kind} is not positive") if size <= 0 else size


def sizes(layer: KerasObject, name: str, count: int) -> tuple[Size, ...]:
    """``kernel_size=3`` or ``kernel_size=(3, 5)``: one size per spatial axis."""
    return as_sizes(value(layer, name), count, f"`{name}` of {layer.kind}")


def as_sizes(given: object, count: int, what: str) -> tuple[Size, ...]:
    if isinstance(given, Sequence) and not isinstance(given, str) and len(given) == count:
        return tuple(as_size(item, what) for item in given)
    if isinstance(given, Sequence):
        return (Unknown(f"{what} does not have {count} items"),) * count
    return (as_size(given, what),) * count


def integers(given: object, what: str) -> tuple[Size, ...] | Unknown:
    """A sequence of any length, such as ``target_shape``; a lone integer counts as a sequence of one."""
    if isinstance(given, Sequence) and not isinstance(given, str):
        return tuple(as_size(item, what) for item in given)
    size = as_size(given, what)
    return size if isinstance(size, Unknown) else (size,)


def flag(layer: KerasObject, name: str) -> bool | Unknown:
    """A truth value, as Keras takes it: None and 0 are false."""
    given = value(layer, name)
    if isinstance(given, Unknown):
        return given
    if given is None or isinstance(given, bool | int):
        return bool(given)
    return Unknown(f"`{name}` of {layer.kind} is not a truth value")


def choice(layer: KerasObject, name: str, choices: Collection[str]) -> str | Unknown:
    """A string out of ``choices``, in any case, as Keras takes ``padding``."""
    given = value(layer, name)
    if isinstance(given, Unknown):
        return given
    if isinstance(given, str) and given.lower() in choices:
        return given.lower()
    return Unknown(f"`{name}` of {layer.kind} is not one of {', '.join(sorted(choices))}")


def channels_first(layer: KerasObject) -> bool | Unknown:
    """Whether ``data_format`` puts the channels first; Keras's default is last."""
    given = value(layer, "data_format")
    if given is None:
        return False
    chosen = choice(layer, "data_format", ("channels_first", "channels_last"))
    return chosen if isinstance(chosen, Unknown) else chosen == "channels_first"


def only_input(inputs: tuple[Shape, ...]) -> Shape:
    """The input of what takes one tensor: Keras refuses several, such as all that ``return_state=True`` gives."""
    if len(inputs) > 1:
        raise Rejected(f"one tensor is expected, got {len(inputs)}: {', '.join(map(str, inputs))}")
    return inputs[0] if inputs else Shape.unknown("no input")


def axes_of(layer: KerasObject, shape: Shape, rank: int, axes: str) -> tuple[Dim, ...]:
    """The sizes of the input of a layer that takes ``rank`` only; ``axes`` names them for the message.

    The batch size of an input that is not known counts as open, as nearly all models leave it.
    """
    if shape.rank != rank and shape.rank_known:
        raise Rejected(f"{layer.kind} expects a {rank}-D input ({axes}), got {shape}")
    if shape.rank_known:
        return shape.dims
    return fill(shape, rank)


def require_features(layer: KerasObject, *shapes: Shape) -> None:
    """Reject inputs whose last axis, along which the weights run, has no fixed size."""
    for shape in shapes:
        if shape[-1] is None:
            raise Rejected(f"{layer.kind} expects an input whose last dimension is fixed, got {shape}")


def fill(shape: Shape, rank: int) -> tuple[Dim, ...]:
    """The sizes of a shape that turned out to have ``rank`` axes: trailing ones known, an open batch."""
    missing = rank - len(shape.dims)
    if missing <= 0:
        return (None, *[Unknown(shape.reason)] * (rank - 1))
    return (None, *[Unknown(shape.reason)] * (missing - 1), *shape.dims)


def normal_axis(axis: int, rank: int) -> int | None:
    """``axis`` counted from 0, or None when there is no such axis."""
    return axis % rank if -rank <= axis < rank else None
