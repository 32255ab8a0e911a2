"""Files as they come from outside: read and decoded as Python does, or refused with file, line and remedy."""

from __future__ import annotations

import io
import tokenize
from pathlib import Path

NOTEBOOK_REMEDY = "convert it first: `jupyter nbconvert --to script {}`"


class SourceError(Exception):
    """The file cannot be read as Python source; the message names it and the remedy."""


def is_notebook(path: str | None, data: bytes) -> bool:
    """Whether this is a Jupyter notebook, by its name or by its content."""
    if path is not None and path.endswith(".ipynb"):
        return True
    return data.lstrip().startswith(b"{") and b'"nbformat"' in data and b'"cells"' in data


def read_text(path: str) -> str:
    """The text of a Python file, in the encoding that it declares.

    Raises:
        SourceError: no such file, a directory, a notebook, or bytes that are no text in that encoding.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror}") from error
    if is_notebook(path, data):
        raise SourceError(f"{path}: notebooks are not read yet; {NOTEBOOK_REMEDY.format(path)}")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return io.TextIOWrapper(io.BytesIO(data), encoding).read()
    except SyntaxError as error:
        raise SourceError(f"{path}:1: {error.msg}; save the file as UTF-8") from error
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SourceError(f"{path}:{line}: not {error.encoding} text; save the file as UTF-8") from error
