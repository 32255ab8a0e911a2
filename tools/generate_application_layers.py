"""Write `keraslint/keras_api/data/application_layers.json.xz`: the layers inside the models of `keras.applications`.

    python tools/generate_application_layers.py [NAME...]

Asked of each model, without weights in memory: its operations in Keras's own order, each with its name, class, inputs
and the arguments that differ from the defaults. What an argument of the builder puts in (`classes`, the activation of
the top, the padding that fits the size of the image) is told from builds that differ in it.

One application is a list of rows ``[name, kind, inputs, arguments]``. ``name`` is a number where Keras numbers the
layers of a kind; an input counts back from the row, 1 being the row above; ``kind`` of an operation that is no layer
starts with ``keras.ops.``, and of one that has no public name with ``?``, with its weights as the only argument.
"""

from __future__ import annotations

import inspect
import json
import lzma
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from unittest import mock

from generate_applications import builders

TARGET = Path(__file__).parent.parent / "keraslint" / "keras_api" / "data" / "application_layers.json.xz"
SIZES = (None, 200, 224, 299, 330, 331)
"""Image sizes whose builds must agree, and that come out odd after each halving in one of them; the open one may
differ, and then is not recorded."""
UNTOLD = ("name", "dtype", "trainable")
MARKS = {(1000, 7): "$classes", ("softmax", "tanh"): "$classifier_activation"}
"""What a builder's default becomes in the build that tells them, and what stands for it in a row."""
PADDING = "$correct_pad"
"""`imagenet_utils.correct_pad` for a kernel of so many rows, at the size that comes in."""

Row = list[Any]


def build(builder: Callable[..., Any], **arguments: Any) -> Any:
    import keras
    from keras.src.backend import StatelessScope

    keras.backend.clear_session()
    with StatelessScope(initialize_variables=False):
        return builder(**{"weights": None, **arguments})


def rows_of(model: Any) -> list[Row]:
    """The rows of a model built in a fresh session, its input left out."""
    import keras

    operations = [made for made in model.operations if not isinstance(made, keras.layers.InputLayer)]
    place = {id(made): index for index, made in enumerate(operations, 1)}
    rows = []
    for index, made in enumerate(operations, 1):
        (node,) = (node for node in made._inbound_nodes if node in made._inbound_nodes[:1])
        sources = [index - place.get(id(tensor._keras_history.operation), 0) for tensor in node.input_tensors]
        rows.append([name_of(made), kind_of(made), sources, arguments_of(made, node)])
    return rows


def name_of(made: Any) -> str | int:
    """The name, or its number among those that Keras names after the class."""
    from keras.src.utils.naming import to_snake_case

    numbered = re.fullmatch(rf"{to_snake_case(type(made).__name__)}(?:_(\d+))?", made.name)
    return int(numbered[1] or 0) if numbered else made.name


def kind_of(made: Any) -> str:
    import keras

    kind = type(made).__name__
    if not isinstance(made, keras.Layer):
        return f"keras.ops.{made.name.rstrip('_0123456789')}"
    return kind if hasattr(keras.layers, kind) or kind == "Sequential" else f"?{kind}"


def arguments_of(made: Any, node: Any) -> Any:
    import keras

    if isinstance(made, keras.Sequential):
        return [[name_of(layer), kind_of(layer), [1], arguments_of(layer, None)] for layer in made.layers]
    if not isinstance(made, keras.Layer):
        return [argument if isinstance(argument, int | float) else None for argument in node.arguments.args]
    if not hasattr(keras.layers, type(made).__name__):
        return made.count_params()
    defaults = {p.name: p.default for p in inspect.signature(type(made).__init__).parameters.values()}
    config = {key: plain(value) for key, value in made.get_config().items() if key in defaults}
    usual = {key: same_form(config[key], plain(default_of(defaults[key]))) for key in config}
    return {key: value for key, value in config.items() if key not in UNTOLD and value != usual[key]}


def default_of(value: object) -> object:
    return None if value is inspect.Parameter.empty else value


def same_form(value: object, default: object) -> object:
    """A default as `get_config` states it: ``(1, 1)`` for 1, ``linear`` for no activation, a whole initializer."""
    if isinstance(value, list) and isinstance(default, int):
        return [default] * len(value)
    if default is None and value in ("linear", "channels_last"):
        return value
    return default


def plain(value: object) -> object:
    """As JSON has it; an initializer by its class, in Keras's spelling of the string."""
    from keras.src.utils.naming import to_snake_case

    if isinstance(value, dict):
        only_class = not value.get("config") or set(value["config"]) <= {"seed"}
        return to_snake_case(value["class_name"]) if only_class else "?"
    return json.loads(json.dumps(value, default=lambda other: "?"))


def marked(rows: list[Row], changed: list[Row]) -> list[Row]:
    """Rows with a mark in place of the arguments that an argument of the builder changed."""
    assert [row[:3] for row in rows] == [row[:3] for row in changed]
    return [[*row[:3], _marked(row[3], theirs[3])] for row, theirs in zip(rows, changed, strict=True)]


def _marked(ours: Any, theirs: Any) -> Any:
    if ours == theirs:
        return ours
    if isinstance(ours, dict):
        return {key: _marked(ours[key], theirs[key]) for key in ours}
    if isinstance(ours, list):
        return [_marked(one, other) for one, other in zip(ours, theirs, strict=True)]
    return MARKS[ours, theirs]


def with_paddings(builds: list[list[Row]]) -> list[Row] | None:
    """Rows that stand for every size, paddings that depend on it being named; None where more than that differs."""
    first = builds[0]
    for other in builds[1:]:
        if len(first) != len(other):
            return None
        for row, theirs in zip(first, other, strict=True):
            if row[3] != theirs[3] and row[1] == "ZeroPadding2D":
                row[3] = {"padding": [PADDING, kernel_padded(row, theirs)]}
        if any(r[:3] != t[:3] or (r[3] != t[3] and r[1] != "ZeroPadding2D") for r, t in zip(first, other, strict=True)):
            return None
    return first


def kernel_padded(row: Row, other: Row) -> int:
    """The kernel for which `correct_pad` gave the paddings of both rows: half of it goes behind."""
    if PADDING in row[3]["padding"]:
        return int(row[3]["padding"][1])
    ends = {pair[1] for found in (row, other) for pair in found[3].get("padding", [[1, 1]])}
    (half,) = ends
    return 2 * int(half) + 1


def shaped(size: int | None) -> dict[str, Any]:
    return {"input_shape": (size, size, 3)}


def rows_for(builder: Callable[..., Any], sizes: Iterable[int | None], **arguments: Any) -> list[Row] | None:
    return with_paddings([rows_of(build(builder, **shaped(size), **arguments)) for size in sizes])


def describe(builder: Callable[..., Any]) -> dict[str, Any]:
    body = rows_for(builder, SIZES, include_top=False)
    fits_open_size = body is not None
    body = body or rows_for(builder, SIZES[1:], include_top=False)
    default = build(builder)
    size = default.input_shape[1]
    sizes = (224, 299) if size is None else (size,)
    top = rows_for(builder, sizes)
    assert body
    assert top
    changed = rows_for(builder, sizes, classes=7, classifier_activation="tanh")
    assert changed
    top = marked(top, changed)
    tail = top[len(body) :]
    shared = [row[:3] for row in top[: len(body)]] == [row[:3] for row in body]
    return {
        "name": default.name,
        "open_size": fits_open_size,
        "body_input": list(build(builder, include_top=False).input_shape[1:]),
        "pool": {kind: extra_row(builder, body, pooling=kind) for kind in ("avg", "max")},
        "imagenet": extra_imagenet_row(builder, body),
        "body": body,
        "top": tail if shared else top,
        "top_is_whole": not shared,
    }


def extra_row(builder: Callable[..., Any], body: list[Row], **arguments: Any) -> Row:
    """What an argument adds to a body: ``[place, *row]``, or nothing."""
    rows = rows_for(builder, SIZES[2:3], include_top=False, **arguments)
    assert rows
    if len(rows) == len(body):
        return []
    assert len(rows) == len(body) + 1
    own = [row[:2] for row in body]
    place = next(i for i, row in enumerate(rows) if row[:2] not in own[i : i + 1])
    assert [row[:2] for row in (*rows[:place], *rows[place + 1 :])] == own
    return [place, *rows[place]]


def extra_imagenet_row(builder: Callable[..., Any], body: list[Row]) -> Row:
    """The row that a model has only with the weights of imagenet, which are not loaded for this."""
    with (
        mock.patch("keras.src.utils.file_utils.get_file", return_value="weights.h5"),
        mock.patch("keras.src.models.model.Model.load_weights"),
    ):
        return extra_row(builder, body, weights="imagenet")


def main() -> None:
    chosen = {name: made for name, made in builders().items() if not sys.argv[1:] or name in sys.argv[1:]}
    found = {}
    for name, builder in chosen.items():
        found[name] = describe(builder)
        print(name, {key: value for key, value in found[name].items() if key not in ("body", "top")}, file=sys.stderr)
    text = json.dumps(found, separators=(",", ":"))
    if sys.argv[1:]:
        print(text)
    else:
        TARGET.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


if __name__ == "__main__":
    main()
