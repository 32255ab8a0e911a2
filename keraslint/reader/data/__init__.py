"""Data as far as it decides shapes, ranges and label encoding; one module per family of libraries."""

from __future__ import annotations

from importlib import import_module

from keraslint.reader.data import keras_data, numpy, pipelines, random
from keraslint.reader.data.arrays import (
    changed_in_place,
)
from keraslint.reader.data.facts import NativeCall, as_array

_EXTERNAL: dict[str, NativeCall] = {**numpy.EXTERNAL, **random.EXTERNAL, **keras_data.EXTERNAL, **pipelines.EXTERNAL}

_RARE = {
    "keras.preprocessing.image.": "loaders",
    "keras.preprocessing.text.": "text",
    "keras.utils.": "loaders",
    "pandas.": "tables",
    "sklearn.": "sklearn",
    "tensorflow.data.": "files",
    "tensorflow.image.": "files",
    "tensorflow.io.": "files",
    "tensorflow.strings.": "strings",
}
"""What fewer programs use, by how its names start: the module that knows it is loaded by the first call of such a
name."""


def external(path: str) -> NativeCall | None:
    """What calling a function of these libraries gives, by its dotted path."""
    if path in _EXTERNAL:
        return _EXTERNAL[path]
    module = next((module for start, module in _RARE.items() if path.startswith(start)), None)
    if module is None:
        return None
    table: dict[str, NativeCall] = import_module(f"{__name__}.{module}").EXTERNAL
    return table.get(path)


__all__ = [
    "NativeCall",
    "as_array",
    "changed_in_place",
    "external",
]
