"""Which files of a directory are looked at: the user's own, and nothing of an environment, a cache or a build."""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from keraslint.problem import Problem
from keraslint.reader import is_named_as_notebook, is_notebook, mentions_keras

SKIPPED = frozenset(
    """
    .bzr .direnv .eggs .git .git-rewrite .hg .ipynb_checkpoints .mypy_cache .nox .pants.d .pyenv .pytest_cache .pytype
    .ruff_cache .svn .tox .venv .vscode __pycache__ __pypackages__ _build buck-out build dist node_modules
    site-packages venv
    """.split()  # noqa: SIM905
)
"""Directories that are passed over by name: the habit of ruff, and ``__pycache__``."""

ENVIRONMENT = ("pyvenv.cfg", "conda-meta")
"""What a virtual environment holds, whatever it is called."""

Ignored = Callable[[str], bool]
"""Whether the user's configuration leaves out the file or directory with this path."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is to be looked at: the files that were named, and what was found in the directories that were."""

    named: tuple[str, ...]
    found: tuple[str, ...]

    def with_keras(self) -> list[str]:
        """The files that are worth reading: those named, and those found that mention Keras."""
        return [*self.named, *filter(has_keras, self.found)]


def select(paths: Iterable[str], ignored: Ignored = lambda _: False) -> Selection:
    """The files behind these paths. What is named is always looked at, whether it exists or not.

    Raises:
        Problem: a directory holds nothing to read, and silence would look like an all-clear; or something named is
            neither a file nor a directory.
    """
    named, found = [], []
    for path in paths:
        if not os.path.isdir(path):
            require_regular(path)
            named.append(path)
            continue
        inside = list(_walk(path, ignored))
        if not inside:
            raise Problem(
                f"{path}: no Python file or notebook in this directory, environments and build results left out"
            )
        found += inside
    known = set(map(os.path.normpath, named))
    return Selection(
        tuple(dict.fromkeys(named)),
        tuple(file for file in dict.fromkeys(found) if file not in known),
    )


def require_regular(path: str) -> None:
    """Stop before what would never end to be read.

    Raises:
        Problem: it is a pipe or a device.
    """
    if os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path):
        raise Problem(f"{path}: neither a file nor a directory")


def content(path: str) -> bytes:
    """The bytes of a file. One of the kernel's may never end, as `/proc/kmsg`: they all say that they are empty."""
    return Path(path).read_bytes() if os.stat(path).st_size else b""


def _walk(directory: str, ignored: Ignored) -> Iterator[str]:
    """The Python files and notebooks below a directory.

    A directory that is itself of the kind that is passed over was named on purpose, and is searched as a whole.
    """
    on_purpose = Path(os.path.normpath(directory)).name != "" and is_skipped(directory)
    for root, directories, files in os.walk(directory):
        directories[:] = [
            name
            for name in sorted(directories)
            if (on_purpose or not is_skipped(os.path.join(root, name))) and not ignored(_path(root, name))
        ]
        for path in (_path(root, name) for name in sorted(files) if name.lower().endswith((".py", ".ipynb"))):
            if not ignored(path) and os.path.isfile(path):
                yield path


def is_skipped(directory: str) -> bool:
    """Whether this directory holds what is not the user's own code."""
    return os.path.basename(os.path.normpath(directory)) in SKIPPED or any(
        os.path.exists(os.path.join(directory, sign)) for sign in ENVIRONMENT
    )


def has_keras(path: str) -> bool:
    """Whether a file mentions Keras; one that cannot be opened may, so that somebody says why."""
    try:
        return mentions_keras(content(path))
    except OSError:
        return True


def is_plain_python(source: bytes, path: str) -> bool:
    """Whether a text is valid Python that has nothing to do with Keras, about which there is nothing to say.

    It takes a fiftieth of the time that pylint needs for the same answer.
    """
    if is_named_as_notebook(path) or is_notebook(source) or mentions_keras(source):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source, path)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _path(root: str, name: str) -> str:
    return os.path.normpath(os.path.join(root, name))
