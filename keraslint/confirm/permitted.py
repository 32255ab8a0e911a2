"""What the child may make: an allow-list of Keras names and arguments, asked by the parent and again by the child.

Whatever reads a file, opens a connection or holds code stays out, and so does all that nobody has looked at.
It knows the plan's JSON and the catalogue only; no Keras is imported here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keraslint import keras_api

Json = Any

MODULES = frozenset(
    {
        "keras.activations",
        "keras.applications",
        "keras.backend",
        "keras.constraints",
        "keras.initializers",
        "keras.layers",
        "keras.losses",
        "keras.metrics",
        "keras.ops",
        "keras.ops.image",
        "keras.optimizers",
        "keras.optimizers.schedules",
        "keras.random",
        "keras.regularizers",
    }
)
"""Where a permitted name may stand."""

CATEGORIES = frozenset(
    {
        "activation",
        "application",
        "constraint",
        "initializer",
        "layer",
        "loss",
        "metric",
        "op",
        "optimizer",
        "regularizer",
        "schedule",
    }
)
"""What it may be; `get`, `deserialize` and methods are of no such category."""

CALLBACKS = frozenset(
    f"keras.callbacks.{name}"
    for name in ("EarlyStopping", "LearningRateScheduler", "ModelCheckpoint", "ReduceLROnPlateau", "TerminateOnNaN")
)
"""Callbacks are only made, never called, and making these does nothing but keep their arguments."""

RUN_CODE = frozenset(
    f"keras.layers.{name}" for name in ("FlaxLayer", "JaxLayer", "Lambda", "TFSMLayer", "TorchModuleWrapper")
)
"""Layers that hold code, or load it from a file."""

OPERATORS = frozenset(
    f"operator.{name}"
    for name in (
        *("abs", "neg", "pos", "invert", "not_"),
        *("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"),
        *("and_", "or_", "xor", "lshift", "rshift"),
        *("eq", "ne", "lt", "le", "gt", "ge", "getitem"),
    )
)
"""Of Python's operators those that only compute; `attrgetter` and `methodcaller` reach anything."""

TENSORFLOW_OPS = {
    "tensorflow.concat": "keras.ops.concatenate",
    "tensorflow.reduce_max": "keras.ops.max",
    "tensorflow.reduce_mean": "keras.ops.mean",
    "tensorflow.reduce_min": "keras.ops.min",
    "tensorflow.reduce_sum": "keras.ops.sum",
    "tensorflow.math.reduce_mean": "keras.ops.mean",
    "tensorflow.math.reduce_sum": "keras.ops.sum",
}
"""TensorFlow functions do not take symbolic tensors in Keras 3; these are the same under Keras's name.
Others have the same last name in `keras.ops`."""

TEXT = frozenset(
    {
        *("activation", "recurrent_activation", "inner_activation", "classifier_activation", "output_activation"),
        *("init", "inner_init", "forget_bias_init", "beta_init", "gamma_init", "alpha_init", "distribution"),
        *("W_regularizer", "U_regularizer", "b_regularizer", "activity_regularizer"),
        *("W_constraint", "U_constraint", "b_constraint"),
        *("data_format", "dim_ordering", "padding", "border_mode", "implementation", "consume_less", "equation"),
        *("name", "dtype", "vocabulary_dtype", "reverse_dtype", "input_dtype", "bias_axes", "model_name"),
        *("merge_mode", "mode", "score_mode", "count_mode", "output_mode", "fill_mode", "interpolation"),
        *("encoding", "standardize", "split", "separator", "oov_token", "oov_method", "mask_token", "salt"),
        *("pooling", "window", "scaling", "side", "mask_value", "average", "jit_compile", "tie_weights"),
        *("curve", "summation_method", "class_aggregation", "reduction", "monitor", "save_freq", "shape"),
        *("optimizer", "inner_optimizer", "learning_rate", "loss", "metrics", "fn", "l1", "l2"),
    }
)
"""Arguments that may be a string: it names a way of computing. A string elsewhere may be a path: `vocabulary=`."""

TEXT_ENDINGS = ("_activation", "_constraint", "_initializer", "_regularizer")

SERIALIZED = "class_name"
"""The key by which Keras knows a serialized object, which it would make whatever it is."""


class Refused(Exception):
    """The child must not make this; the text is the reason shown to the user."""


def refuse(written: Json) -> None:
    """Let only what is permitted pass: a layer, object, reference or dict of a plan, in the plan's JSON.

    Raises:
        Refused: it may read a file, run code, or be anything.
    """
    match written:
        case {"class": name, "arguments": arguments} | {"object": name, "arguments": arguments}:
            refuse_name(name)
            _refuse_arguments(name, arguments)
        case {"reference": name}:
            refuse_name(name)
        case _:
            _refuse_serialized(written)


def refuse_name(name: str) -> None:
    """Let only permitted names pass: canonical ones of Keras, ops of TensorFlow's, and plain operators.

    Raises:
        Refused: the name is of nothing that may be made.
    """
    name = in_keras(name)
    if name in OPERATORS or name in CALLBACKS:
        return
    symbol = keras_api.symbol(name)
    module = name.rpartition(".")[0]
    if symbol is None or module not in MODULES or symbol.category not in CATEGORIES or name in RUN_CODE:
        raise Refused(f"`{name}` may read files or run code, so it is never made here")


def in_keras(name: str) -> str:
    """The op of Keras that does what a TensorFlow function does; other names as they are."""
    if not name.startswith("tensorflow."):
        return name
    return TENSORFLOW_OPS.get(name, "keras.ops." + name.rpartition(".")[2])


def _refuse_arguments(name: str, arguments: Mapping[str, Json]) -> None:
    symbol = keras_api.symbol(name)
    category = symbol.category if symbol else "op"
    if category == "application" and arguments.get("weights", "imagenet") is not None:
        raise Refused(f"`{name}` would load weights, which is never done here")
    for argument, value in arguments.items():
        _refuse_serialized(value)
        if isinstance(value, str) and category != "op" and not _may_be_text(name, argument):
            raise Refused(f"`{argument}` of `{name}` may name a file, which is never read")


def _may_be_text(name: str, argument: str) -> bool:
    if name == "keras.callbacks.ModelCheckpoint" and argument == "filepath":
        return True
    return argument in TEXT or argument.endswith(TEXT_ENDINGS)


def _refuse_serialized(value: Json) -> None:
    """Let no dict pass that Keras would turn into an object, however deep it lies."""
    match value:
        case list():
            for item in value:
                _refuse_serialized(item)
        case {"dict": pairs}:
            for key, item in pairs:
                if key == SERIALIZED:
                    raise Refused("a serialized object may be anything, so it is never made here")
                _refuse_serialized(item)
        case dict():
            for item in value.values():
                _refuse_serialized(item)
