"""The text of the modules that pylint is given: Keras's classes and functions out of the catalogue, other names bare.

A value that is not known is a name that nothing binds, so that astroid infers nothing at all from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from keraslint.keras_api import NEWEST, REQUIRED, VERSIONS, Parameter, Symbol, canonical, catalogue, neighbors, symbol

SYMBOLS: Final = "keraslint"
"""Below the root of a Keras, a package with a module for each class and function by its name of today: all old and new
places of a class have the same, and it is made only when it is used."""

UNKNOWN: Final = "unknown_to_keraslint"
TENSORFLOW: Final = "tensorflow."
ANYTHING: Final = "*args, **kwargs"
BASE: Final = "_Base"

CALLED_BY_KERAS: Final = ("build", "compile", "on_train_begin", "on_test_begin", "on_predict_begin")
"""Methods that Keras has called before any other can need what they set: to pylint, what the constructor calls."""

BY_CALLER: Final = frozenset({"keras.Model"})
"""Classes whose constructor takes other arguments for a functional model than for one of a derived class."""


@dataclass(frozen=True)
class Edition:
    """The versions of Keras that something has to be true of, and whether there may be others that nobody knows."""

    versions: tuple[str, ...] = VERSIONS
    is_open: bool = False

    @classmethod
    def of(cls, *versions: str) -> Edition:
        """Of all these versions; of any at all where one is unknown or older than the catalogue."""
        known = [neighbors(version) if version else () for version in versions]
        if not all(known):
            return cls(is_open=True)
        is_newer = any(
            found == (NEWEST,) and version.split(".")[:2] != NEWEST.split(".")
            for version, found in zip(versions, known, strict=True)
        )
        return cls(tuple(v for v in VERSIONS if any(v in found for found in known)), is_newer)

    def has(self, found: Symbol) -> bool:
        """Whether it is there for sure: a program may ask whether it is, and is not to hear that it always is."""
        return not self.is_open and {*self.versions} <= {*found.versions, *found.only_tensorflow}


@cache
def members() -> dict[str, tuple[str, ...]]:
    """What each class has beyond those that it is derived from; properties begin with `@`, class methods with `%`,
    static methods with `$`. Of TensorFlow's own there are those that are made to be derived from."""
    rows = (line.split("\t") for line in _lines() if "\t" in line)
    return {name: tuple(more.split()) for name, more in rows}


@cache
def parameters() -> dict[str, str]:
    """The names of all parameters that a method has in any class of Keras, separated by commas."""
    rows = (line.removesuffix(")").split("(") for line in _lines() if "\t" not in line)
    return dict(rows)


@cache
def _lines() -> tuple[str, ...]:
    return tuple(Path(__file__).with_name("members.txt").read_text(encoding="utf-8").splitlines())


def module(root: str, path: str, names: Iterable[str], edition: Edition) -> str:
    """A module with these names, under the path by which Keras's catalogue knows it, where it is Keras's.

    The root is the package whose classes they are: `keras`, `tensorflow.keras` …
    """
    return "".join(_line(root, name, f"{path}.{name}", edition) for name in names)


def _line(root: str, name: str, path: str, edition: Edition) -> str:
    found = symbol(canonical(path) or "")
    if found is not None and (found.kind == "class" or (found.kind == "function" and edition.has(found))):
        return f"{_import(root, found.name)} as {name}\n"
    public = re.sub(r"^tensorflow\.compat\.v[12]\.", TENSORFLOW, path)
    if public.startswith(TENSORFLOW) and public in members():
        return f"{_import(root, public)} as {name}\n"
    return f"{name} = {UNKNOWN}\n"


def of_module(path: str, name: str) -> str:
    """A line by which a module has another as a plain value: of an `import` pylint would not say what is in it.

    astroid looks `import a.b as b` up among the modules that it has, and `from a import b` not always.
    """
    return f"import {path} as _module_{name}\n{name} = _module_{name}\n"


def _import(root: str, name: str) -> str:
    return f"from {root}.{SYMBOLS}.{name.removeprefix(catalogue.ROOT)} import {name.rpartition('.')[2]}"


def of_symbol(root: str, short: str, edition: Edition) -> str | None:
    """The module below `SYMBOLS` with one class or function, by its name in today's Keras; None when there is none."""
    found = symbol(catalogue.ROOT + short)
    if short.startswith(TENSORFLOW) and short in members():
        found = Symbol(short, "class", "other", ())
    if found is None or found.kind not in ("class", "function"):
        return None
    if found.kind == "class":
        return "\n".join([*_class(root, found, edition), ""])
    return f"def {short.rpartition('.')[2]}({signature(found, edition)}): return {UNKNOWN}\n"


def _class(root: str, cls: Symbol, edition: Edition) -> Iterator[str]:
    """A class, without what it inherits. Of what it is derived from the nearest is enough: that has the others."""
    short = cls.name.removeprefix(catalogue.ROOT)
    if cls.bases:
        yield f"{_import(root, cls.bases[0])} as {BASE}"
    yield f"class {short.rpartition('.')[2]}({BASE if cls.bases else UNKNOWN}):"
    more = members().get(short, ())
    given = ANYTHING if cls.name in BY_CALLER else signature(cls, edition)
    yield f" def __init__({', '.join(filter(None, ('self', given)))}):"
    yield from (f"  self.{name}({UNKNOWN})" for name in CALLED_BY_KERAS if name in more)
    yield "  pass"
    if not cls.bases:
        yield f" def __getattr__(self, name): return {UNKNOWN}"
    yield from (line for member in more for line in _member(member))


def _member(member: str) -> Iterator[str]:
    kind, name = (member[0], member[1:]) if member[0] in "@%$" else ("", member)
    given = parameters().get(name, "")
    match kind:
        case "@":
            yield " @property"
            yield f" def {name}(self): return {UNKNOWN}"
            return
        case "%":
            yield " @classmethod"
        case "$":
            yield " @staticmethod"
    yield f" def {name}(*{f', {given}' if given else 'args'}): return {UNKNOWN}"


def signature(found: Symbol, edition: Edition) -> str:
    """The parameters that it has in all versions of the edition, as far as these agree; without `self`."""
    having = [version for version in edition.versions if version in found.versions + found.only_tensorflow]
    digits = {str(VERSIONS.index(version)) for version in having}
    written = [text for codes, text in found.signatures if digits & set(codes)]
    if not written:
        return ANYTHING
    if len(written) == 1 and not edition.is_open:
        return written[0]
    return ", ".join([*_shared([found.parameters(version) for version in having]), ANYTHING])


def _shared(signatures: Sequence[Sequence[Parameter]]) -> Iterator[str]:
    """The parameters with which all begin, by place and name."""
    for same in zip(*signatures, strict=False):
        first = same[0]
        needed = {one.default is REQUIRED for one in same}
        if {(one.name, one.kind) for one in same} != {(first.name, "positional")} or len(needed) > 1:
            return
        yield first.name if needed == {True} else f"{first.name}=..."
