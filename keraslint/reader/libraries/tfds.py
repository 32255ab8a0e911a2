"""tensorflow_datasets: the examples of well-known data sets by name, as asked by `tools/generate_datasets.py`."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

from astroid import nodes

from keraslint.graph import Array, Dataset, Unknown
from keraslint.graph.shape import Shape
from keraslint.reader.libraries.arrays.facts import array
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.library import known
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import DictValue, Fields, ListValue, Native, Value

Told = tuple[str, list[int | None], int | None, bool]


class _Examples(NamedTuple):
    """What each example of a data set holds."""

    pair: list[str]
    """The features that ``as_supervised=True`` gives; empty where there is no such pair."""
    features: dict[str, Told | None]
    """By name: the dtype, shape and number of classes, and whether it holds pixels; None where that is not told."""


@cache
def _examples() -> dict[str, _Examples]:
    text = Path(__file__).with_name("datasets.json").read_text(encoding="utf-8")
    return {name: _Examples(*facts) for name, facts in json.loads(text).items()}


def _load(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``tfds.load("mnist", split=["train", "test"], as_supervised=True, with_info=True)``."""
    name, examples = _asked(machine, arguments, "builder_kwargs")
    if examples is None:
        return machine.unknown(name, node)
    data = _data(machine, name, examples, arguments.get(1, "split"), arguments, node)
    told = machine.need(arguments.get(None, "with_info"))
    if told is True:
        return (data, _info(examples))
    return data if told in (None, False) else machine.unknown("a data set, with or without its description", node)


def _builder(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``tfds.builder("mnist")``, which has the description, and gives the data by ``as_dataset``."""
    name, examples = _asked(machine, arguments, "config")
    if examples is None:
        return machine.unknown(name, node)
    found = examples

    def as_dataset(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        return _data(machine, name, found, arguments.get(0, "split"), arguments, node)

    prepare = Native("download_and_prepare", lambda machine, arguments, node: None)
    made = {"info": _info(examples), "as_dataset": Native("as_dataset", as_dataset), "download_and_prepare": prepare}
    return Fields(made, "the builder's")


def _asked(machine: Machine, arguments: Arguments, otherwise: str) -> tuple[str, _Examples | None]:
    """What a data set is called in messages, and its examples; ``otherwise`` is an argument that changes them."""
    name = machine.need(arguments.get(0, "name"))
    if not isinstance(name, str):
        return "a data set", None
    is_plain = not arguments.open_ended and otherwise not in arguments.keywords
    return f"the data set `{name}`", _examples().get(name.partition(":")[0]) if is_plain else None


def _data(
    machine: Machine, name: str, examples: _Examples, asked: Value, arguments: Arguments, node: nodes.NodeNG
) -> Value:
    split = machine.need_all(asked)
    if "batch_size" in arguments.keywords or split is None or isinstance(split, Unknown):
        return machine.unknown(f"the splits of {name}", node)
    as_pairs = machine.need(arguments.get(None, "as_supervised")) is True
    return _of_splits(split, examples if as_pairs else None, name)


def _of_splits(split: Value, examples: _Examples | None, origin: str) -> Value:
    """A data set for each split, in the structure in which they are asked for."""
    match split:
        case tuple():
            return tuple(_of_splits(part, examples, origin) for part in split)
        case ListValue(items=items):
            return ListValue([_of_splits(part, examples, origin) for part in items])
        case DictValue(entries=entries):
            return DictValue({key: _of_splits(part, examples, origin) for key, part in entries.items()})
    parts = tuple(_feature(examples, key, origin) for key in examples.pair) if examples is not None else ()
    # What is on disk was shuffled as it was written.
    return Dataset(parts, batched=False, endless=False, shuffled=True, origin=origin)


def _feature(examples: _Examples, key: str, origin: str) -> Array | Unknown:
    told = examples.features[key]
    if told is None:
        return Unknown(f"the feature `{key}`")
    dtype, sizes, classes, is_image = told
    shape = Shape(tuple(Unknown("a size that differs between images") if size is None else size for size in sizes))
    made = array(shape, dtype, origin=origin)
    if is_image and dtype == "uint8":
        return replace(made, low=0, high=255)
    if classes is not None:
        return array(shape, dtype, 0, classes - 1, "binary" if classes == 2 else "integer", classes, origin)
    return made


def _info(examples: _Examples) -> Fields:
    features = DictValue({key: _described(told) for key, told in examples.features.items()})
    return Fields({"features": features}, "the data set's")


def _described(told: Told | None) -> Fields:
    if told is None:
        return Fields({}, "the feature's")
    dtype, sizes, classes, _ = told
    number = {} if classes is None else {"num_classes": classes}
    return Fields({"shape": tuple(sizes), "dtype": dtype, **number}, "the feature's")


known("data", {"tensorflow_datasets.load": _load, "tensorflow_datasets.builder": _builder})
