"""Python source → model graph, by abstract interpretation; beside the brain the only package that imports astroid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from keraslint.reader.text import ReadError, is_named_as_notebook, is_notebook, mentions_keras

if TYPE_CHECKING:
    from astroid import nodes

    from keraslint.graph import Program


def read(source: str | bytes, path: str) -> Program:
    """Read a source text.

    Args:
        source: the text, or the bytes of a file with its own encoding declaration.
        path: its name, for messages.

    Raises:
        ReadError: it is no Python, or not in the encoding that it declares.
    """
    from keraslint.reader.garbage import few_collections
    from keraslint.reader.parsing import parse

    with few_collections():
        return read_module(parse(source, path), path)


def read_module(module: nodes.Module, path: str = "") -> Program:
    """Read a module that astroid has parsed; whatever cannot be understood is unknown in the result."""
    from keraslint.reader.program import read_program

    return read_program(module, path or module.file or module.name)


__all__ = ["ReadError", "is_named_as_notebook", "is_notebook", "mentions_keras", "read", "read_module"]
