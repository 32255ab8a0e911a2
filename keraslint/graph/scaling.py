"""What becomes of values: by an operator and a number, by a function of Keras or TensorFlow, by a layer."""

from __future__ import annotations

from keraslint.graph.objects import KerasObject, Op, Scaling, Tensor
from keraslint.keras_api import NO_PREPROCESSING, preprocessing_of

BY_MODE = {
    NO_PREPROCESSING: Scaling(1, 0),
    "tf": Scaling(1 / 127.5, -1),
    "torch": Scaling(name="torch"),
    "caffe": Scaling(name="caffe"),
}
"""What `preprocess_input` makes of values, by its mode: the latter two know the colors apart."""

_OPERATORS = {
    **{f"operator.{name}": op for name, op in (("add", "+"), ("sub", "-"), ("mul", "*"), ("truediv", "/"))},
    **{
        f"{module}.{name}": op
        for module in ("keras.ops", "tensorflow", "tensorflow.math")
        for name, op in (("add", "+"), ("subtract", "-"), ("multiply", "*"), ("divide", "/"), ("true_divide", "/"))
    },
}
KEPT = frozenset(
    f"{module}.{name}"
    for module in ("keras.ops", "tensorflow")
    for name in ("cast", "identity", "image.resize", "reshape")
)
"""Functions that leave values as they are."""


LARGEST = 1e100
"""With larger numbers nobody scales data."""


def by_number(value: object) -> Scaling:
    """What ``value * number`` makes of values."""
    return Scaling(_number(value), 0)


def by_operator(op: str, operand: object, *, swapped: bool) -> Scaling:
    """What becomes of a value in ``value op operand``, or in ``operand op value``."""
    number = _number(operand)
    match op:
        case "+":
            return Scaling(1, number)
        case "-" if swapped:
            return Scaling(-1, number)
        case "-":
            return Scaling(1, None if number is None else -number)
        case "*":
            return Scaling(number, 0)
        case _ if swapped or not number:
            return Scaling()
        case _:
            return Scaling(1 / number, 0)


def by_function(path: str) -> Scaling | None:
    """What a `preprocess_input` makes of values, by its full name; None of any other function."""
    mode = preprocessing_of(path)
    return BY_MODE[mode] if mode is not None else None


def by_layer(layer: KerasObject) -> Scaling | None:
    """What a layer makes of values whose business that is."""
    match layer.class_name:
        case "keras.layers.Rescaling":
            return Scaling(_number(layer.argument("scale").value), _number(layer.argument("offset").value))
        case "keras.layers.Normalization":
            return Scaling(name="Normalization")
    return None


def by_op(op: Op) -> Scaling | None:
    """What a function applied to one tensor makes of it; None where that is not to be told."""
    if op.class_name in KEPT:
        return Scaling(1, 0)
    operator = _OPERATORS.get(op.class_name)
    operands = [argument.value.value for argument in op.arguments]
    if operator is None or len(operands) != 2 or sum(isinstance(operand, Tensor) for operand in operands) != 1:
        return by_function(op.class_name)
    swapped = isinstance(operands[1], Tensor)
    return by_operator(operator, operands[0] if swapped else operands[1], swapped=swapped)


def _number(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if abs(value) <= LARGEST else None
