"""Python source → model graph, by abstract interpretation; the only package that imports astroid."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from keraslint.problem import Problem

if TYPE_CHECKING:
    from astroid import nodes

    from keraslint.graph import Program

_MENTION = re.compile(
    rb"keras|tensorflow|\bSequential\b|\bDense\b|(?<!re)\.compile\("
    rb"|\bConv[123]D\b|\bLSTM\b|\bModel\(|\boptimizer",
    re.ASCII,
)


class ReadError(Problem):
    """A file that cannot be read; the message names file, line, what was found and what to do."""


def mentions_keras(source: str | bytes) -> bool:
    """Whether a text can have anything to do with Keras: a cheap test before any work."""
    raw = source.encode("utf-8", "replace") if isinstance(source, str) else source
    return _MENTION.search(raw) is not None


def is_notebook(source: str | bytes, path: str) -> bool:
    """Whether this is a Jupyter notebook, by its name or by its content."""
    text = source.decode("utf-8", "replace") if isinstance(source, bytes) else source
    return path.endswith(".ipynb") or (text.lstrip().startswith("{") and '"nbformat"' in text and '"cells"' in text)


def read(source: str | bytes, path: str) -> Program:
    """Read a source text.

    Args:
        source: the text, or the bytes of a file with its own encoding declaration.
        path: its name, for messages.

    Raises:
        ReadError: it is no Python, or not in the encoding that it declares.
    """
    from keraslint.reader.parsing import parse

    return read_module(parse(source, path), path)


def read_module(module: nodes.Module, path: str = "") -> Program:
    """Read a module that astroid has parsed; whatever cannot be understood is unknown in the result."""
    from keraslint.reader.program import read_program

    return read_program(module, path or module.file or module.name)


__all__ = ["ReadError", "is_notebook", "mentions_keras", "read", "read_module"]
