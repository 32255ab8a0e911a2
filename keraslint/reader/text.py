"""What comes in: whether a text may be about Keras, or a notebook, and the error for one that cannot be read."""

from __future__ import annotations

import re

from keraslint.problem import Problem

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


def is_notebook(source: str | bytes) -> bool:
    """Whether a text is a Jupyter notebook as it is stored."""
    text = source.decode("utf-8", "replace") if isinstance(source, bytes) else source
    return text.lstrip().startswith("{") and '"nbformat"' in text and '"cells"' in text


def is_named_as_notebook(path: str) -> bool:
    """Whether a file has the name of a notebook."""
    return path.lower().endswith(".ipynb")
