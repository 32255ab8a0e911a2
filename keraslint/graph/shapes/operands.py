"""What ops are called on: tensors, numbers and arrays as shapes, and arguments with TensorFlow's defaults."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import Array, KerasObject, Tensor
from keraslint.graph.shape import OPEN, Dim, Shape
from keraslint.graph.shapes.reading import Size, as_size, integers

TENSORFLOW = "tensorflow."
SIGNATURES = Path(__file__).with_name("tf_signatures.txt")


@cache
def _written() -> dict[str, str]:
    lines = SIGNATURES.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


@cache
def _parameters(name: str) -> dict[str, object]:
    """Parameters of a TensorFlow function with their defaults, unknown where there is no plain one."""
    written = _written().get(name.removeprefix(TENSORFLOW)) if name.startswith(TENSORFLOW) else None
    if written is None:
        return {}
    function = ast.parse(f"def f({written}): ...").body[0]
    assert isinstance(function, ast.FunctionDef)
    names = [parameter.arg for parameter in function.args.args]
    defaults = [_plain(default, name) for default in function.args.defaults]
    missing = [Unknown(f"an argument of {name}")] * (len(names) - len(defaults))
    return dict(zip(names, [*missing, *defaults], strict=True))


def _plain(default: ast.expr, name: str) -> object:
    value = ast.literal_eval(default)
    return Unknown(f"a default of {name}") if value is ... else value


def positional_names(name: str) -> tuple[str, ...]:
    """The parameters of a function of ``tensorflow.*`` or ``operator.*`` in order; empty when not known.

    Those of Keras's functions are in `keraslint.keras_api`.
    """
    if name == "operator.getitem":
        return ("a", "key")
    if name.startswith("operator."):
        return ("a", "b")
    return tuple(_parameters(name))


def setting(op: KerasObject, *names: str) -> object:
    """The plain value of the argument that goes by one of these names, given or default."""
    for name in names:
        given = op.given(name)
        if given is not None:
            return _open_as_none(given.value.value)
    if op.open_ended:
        return Unknown(f"`{names[0]}` of {op.kind}")
    for name in names:
        default = _parameters(op.class_name).get(name, op.argument(name).value)
        if not isinstance(default, Unknown):
            return default
    return Unknown(f"`{names[0]}` of {op.kind}")


def _open_as_none(given: object) -> object:
    """A value with None for sizes that stay open."""
    if isinstance(given, tuple | list) and any(item is OPEN for item in given):
        return tuple(None if item is OPEN else item for item in given)
    return None if given is OPEN else given


def axis_setting(op: KerasObject, *names: str) -> Size | None:
    """An axis, None standing for all axes."""
    given = setting(op, *(names or ("axis",)))
    return None if given is None else as_size(given, f"`axis` of {op.kind}")


def axes_setting(op: KerasObject, *names: str) -> tuple[int, ...] | Unknown | None:
    """Axes as a tuple, None standing for all of them, unknown when one is."""
    given = setting(op, *(names or ("axis",)))
    if given is None:
        return None
    axes = integers(given, f"`axis` of {op.kind}")
    if isinstance(axes, Unknown):
        return axes
    known = tuple(axis for axis in axes if isinstance(axis, int))
    return known if len(known) == len(axes) else Unknown(f"`axis` of {op.kind}")


def truth(op: KerasObject, *names: str) -> bool | Unknown:
    given = setting(op, *names)
    return given if isinstance(given, bool | Unknown) else bool(given)


def listed(given: object, what: str) -> tuple[Dim, ...] | Unknown:
    """A shape written as an argument; -1 stays, None is open."""
    if isinstance(given, Unknown):
        return given
    if isinstance(given, Tensor | Array):
        count = given.shape.dims[0] if given.shape.rank == 1 else None
        return (Unknown(f"{what} in an array"),) * count if isinstance(count, int) else Unknown(f"{what} in an array")
    items = given if isinstance(given, Sequence) and not isinstance(given, str) else (given,)
    return tuple(None if item is None else as_size(item, what) for item in items)


def shape_of(value: object) -> Shape:
    """The shape of an operand that may be a tensor, an array, a number or a nested list of numbers."""
    if isinstance(value, Tensor | Array):
        return value.shape
    if isinstance(value, Unknown):
        return Shape.unknown(value.reason)
    if value is None or isinstance(value, bool | int | float | complex | str):
        return Shape(())
    if isinstance(value, tuple | list):
        inner = shape_of(value[0]) if value else Shape(())
        return Shape((len(value), *inner.dims), inner.rank_known, inner.reason)
    return Shape.unknown("an operand that is no tensor")


def operand(op: KerasObject, inputs: tuple[Shape, ...]) -> Shape:
    """The one tensor that the op works on."""
    return inputs[0] if inputs else Shape.unknown(f"the input of {op.kind}")


def listed_operands(op: KerasObject, inputs: tuple[Shape, ...], *names: str) -> tuple[Shape, ...]:
    """The shapes of a list of tensors, arrays and numbers, which is given under one of these names."""
    given = next((argument.value.value for name in names if (argument := op.given(name))), None)
    return tuple(map(shape_of, given)) if isinstance(given, list | tuple) else inputs


def operands(op: KerasObject, inputs: tuple[Shape, ...], *names: tuple[str, ...]) -> tuple[Shape, ...]:
    """The shapes of the arguments ``names`` (each under any of its spellings), tensor or not.

    Tensors come in ``inputs`` in order; what else was given is among the arguments.
    """
    left, shapes = list(inputs), []
    for spellings in names:
        given = next((argument for name in spellings if (argument := op.given(name))), None)
        if given is not None and not isinstance(given.value.value, Tensor):
            shapes.append(shape_of(given.value.value))
        elif left:
            shapes.append(left.pop(0))
        else:
            shapes.append(Shape.unknown(f"`{spellings[0]}` of {op.kind}"))
    return tuple(shapes)
