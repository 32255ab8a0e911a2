"""From text to astroid's tree, with errors that name file, line and remedy."""

from __future__ import annotations

import ast
import io
import tokenize

from astroid import nodes
from astroid.builder import AstroidBuilder
from astroid.exceptions import AstroidSyntaxError
from astroid.manager import AstroidManager

from keraslint.reader.text import ReadError, is_notebook


def parse(source: str | bytes, path: str) -> nodes.Module:
    """The tree of a source text.

    Raises:
        ReadError: it is no Python, or not in the encoding that it declares.
    """
    text = decode(source, path) if isinstance(source, bytes) else source
    if is_notebook(text):
        raise ReadError(f"{path}: a notebook by what it holds, and none by its name; call it *.ipynb")
    builder = AstroidBuilder(AstroidManager(), apply_transforms=False)
    try:
        # Without astroid's finishing steps, which look into imported packages.
        return builder._data_build(text, "module", path)[0]
    except (AstroidSyntaxError, RecursionError, MemoryError):
        raise _read_error(text, path) from None


def _read_error(text: str, path: str) -> ReadError:
    """Why there is no tree of a text."""
    try:
        ast.parse(text, path)
    except SyntaxError as error:
        return ReadError(f"{path}:{error.lineno or 1}: not valid Python: {error.msg}; correct the syntax first")
    except (ValueError, RecursionError, MemoryError) as error:
        return ReadError(f"{path}:1: cannot be parsed: {error}; is it really Python source?")
    return ReadError(f"{path}:1: nested too deep to be read; split the longest expression")


def decode(source: bytes, path: str) -> str:
    """The text of a file's bytes, in UTF-8 or the encoding that it declares."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        return io.IncrementalNewlineDecoder(None, translate=True).decode(source.decode(encoding), final=True)
    except (SyntaxError, UnicodeError, LookupError) as error:
        line = source[: error.start].count(b"\n") + 1 if isinstance(error, UnicodeDecodeError) else 1
        raise ReadError(f"{path}:{line}: not text in the encoding it declares ({error}); save it as UTF-8") from None
