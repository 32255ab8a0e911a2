"""Data as far as it decides shapes, ranges and label encoding; one module per family of libraries."""

from __future__ import annotations

from keraslint.reader.data import keras_data, loaders, numpy, pipelines, sklearn, text
from keraslint.reader.data.arrays import (
    array_arithmetic,
    array_comparison,
    array_inverse,
    array_item,
    array_negative,
    changed_in_place,
    set_item,
)
from keraslint.reader.data.facts import NativeCall

EXTERNAL: dict[str, NativeCall] = {
    **numpy.EXTERNAL,
    **sklearn.EXTERNAL,
    **keras_data.EXTERNAL,
    **pipelines.EXTERNAL,
    **loaders.EXTERNAL,
    **text.EXTERNAL,
}
"""What calling a function of these libraries gives, by its dotted path."""

__all__ = [
    "EXTERNAL",
    "NativeCall",
    "array_arithmetic",
    "array_comparison",
    "array_inverse",
    "array_item",
    "array_negative",
    "changed_in_place",
    "set_item",
]
