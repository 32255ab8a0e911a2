"""What calling a function of a library gives: one table, by its dotted path."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from keraslint.reader.libraries.arrays.facts import NativeCall

_CALLS: dict[str, NativeCall] = {}
_RARE: dict[str, str] = {
    "pandas.": "keraslint.reader.libraries.pandas",
    "sklearn.": "keraslint.reader.libraries.sklearn",
    "tensorflow.data.": "keraslint.reader.libraries.tensorflow.files",
    "tensorflow.image.": "keraslint.reader.libraries.tensorflow.files",
    "tensorflow.io.": "keraslint.reader.libraries.tensorflow.files",
    "tensorflow.strings.": "keraslint.reader.libraries.tensorflow.strings",
}


def known(calls: Mapping[str, NativeCall]) -> None:
    """Register functions by their dotted paths.

    Raises:
        ValueError: one of them is known already.
    """
    twice = _CALLS.keys() & calls.keys()
    if twice:
        raise ValueError(f"known twice: {', '.join(sorted(twice))}")
    _CALLS.update(calls)


def rare(modules: Mapping[str, str]) -> None:
    """Register what fewer programs use, by how its names start: the module that knows it, by its ``EXTERNAL``, is
    loaded by the first call of such a name."""
    _RARE.update(modules)


def external(path: str) -> NativeCall | None:
    """What calling a function of these libraries gives, by its dotted path."""
    if path in _CALLS:
        return _CALLS[path]
    module = next((module for start, module in _RARE.items() if path.startswith(start)), None)
    if module is None:
        return None
    table: dict[str, NativeCall] = import_module(module).EXTERNAL
    return table.get(path)
