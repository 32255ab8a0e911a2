"""The text of the modules that pylint is given: Keras's classes and functions out of the catalogue, other names bare.

A value that is not known is a name that nothing binds, so that astroid infers nothing at all from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
OTHERS: Final = (TENSORFLOW, "google.")
"""How the names of classes begin that are not Keras's."""

ANYTHING: Final = "*args, **kwargs"
BASE: Final = "_Base"
NOTHING: Final[Mapping[str, str]] = {}

ANY_NAME: Final = f"def __getattr__(name): return {UNKNOWN}\n"
"""In a module: whatever it is asked for may be there."""

CALLED_BY_KERAS: Final = ("build", "compile", "on_train_begin", "on_test_begin", "on_predict_begin")
"""Methods that Keras has called before any other can need what they set: to pylint, what the constructor calls."""

BY_CALLER: Final = frozenset({"keras.Model"})
"""Classes whose constructor takes other arguments for a functional model than for one of a derived class."""


@dataclass(frozen=True)
class Class:
    """A class with what it has beyond those that it is derived from."""

    name: str
    bases: tuple[str, ...]
    """Lines that bind a base each to the name that they end with, or just a name of Python's."""

    members: tuple[str, ...]
    """Properties begin with `@`, class methods with `%`, static methods with `$`; `!` before that says that derived
    classes have to write it."""

    parameters: Mapping[str, str]
    """The names of all that is given to a method anywhere, separated by commas."""

    given: str | None
    """The parameters of the constructor; None where it has that of a base."""

    is_called: bool = True
    """Whether derived classes have to call the constructor, as far as is known here."""


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
    """What each class of Keras has beyond those that it is derived from."""
    rows = (line.split("\t") for line in _lines("members.txt") if "\t" in line)
    return {name: tuple(more.split()) for name, more in rows}


@cache
def parameters() -> dict[str, str]:
    """The names of all parameters that a method has in any class of Keras, separated by commas."""
    rows = (line.removesuffix(")").split("(") for line in _lines("members.txt") if "\t" not in line)
    return dict(rows)


@dataclass(frozen=True)
class OfTensorFlow:
    """What tools/generate_tensorflow_members.py wrote down of TensorFlow's own classes."""

    classes: Mapping[str, tuple[str, str]]
    """The bases and the members of each."""

    aliases: Mapping[str, str]
    parameters: Mapping[str, str]

    def name(self, path: str) -> str | None:
        """The name under which a class is written down, by any of its paths."""
        public = re.sub(r"^tensorflow\.(compat|_api)\.v[12]\.", TENSORFLOW, path)
        name = self.aliases.get(public, public)
        return name if name in self.classes else None


@cache
def of_tensorflow() -> OfTensorFlow:
    classes, aliases, given = {}, {}, {}
    for line in _lines("tensorflow.txt"):
        if "\t" in line:
            name, bases, more = line.split("\t")
            classes[name] = (bases, more)
        elif "(" in line:
            name, _, names = line.partition("(")
            given[name] = names.removesuffix(")")
        else:
            alias, _, name = line.partition("=")
            aliases[alias] = name
    return OfTensorFlow(classes, aliases, given)


def _lines(file: str) -> list[str]:
    return Path(__file__).with_name(file).read_text(encoding="utf-8").splitlines()


def module(root: str, path: str, names: Iterable[str], edition: Edition, classes: Mapping[str, str] = NOTHING) -> str:
    """A module with these names, under the path by which Keras's catalogue knows it, where it is Keras's.

    The root is the package whose classes they are: `keras`, `tensorflow.keras` … Names that are classes for sure have
    the paths where these stand.
    """
    return "".join(_line(root, name, f"{path}.{name}", edition, classes.get(name)) for name in names)


def _line(root: str, name: str, path: str, edition: Edition, place: str | None) -> str:
    known = known_class(path) or (place and (known_class(place) or place))
    found = symbol(canonical(path) or "")
    if known is None and found is not None and found.kind == "function" and edition.has(found):
        known = found.name
    return f"{import_of(root, known)} as {name}\n" if known else f"{name} = {UNKNOWN}\n"


def known_class(path: str) -> str | None:
    """The name under which a class of Keras or TensorFlow is known, by any of its paths."""
    found = symbol(canonical(path) or "")
    if found is not None and is_class(found):
        return found.name
    return of_tensorflow().name(path) if path.startswith(TENSORFLOW) else None


def is_class(found: Symbol) -> bool:
    """Whether it is a class in some Keras: what older ones have as a function may be one today."""
    return found.kind == "class" or (found.kind == "function" and found.name.removeprefix(catalogue.ROOT) in members())


def of_module(path: str, name: str) -> str:
    """A line by which a module has another as a plain value: of an `import` pylint would not say what is in it.

    astroid looks `import a.b as b` up among the modules that it has, and `from a import b` not always.
    """
    return f"import {path} as _module_{name}\n{name} = _module_{name}\n"


def import_of(root: str, name: str) -> str:
    """The beginning of a line that imports a class or function by its name of today."""
    return f"from {root}.{SYMBOLS}.{name.removeprefix(catalogue.ROOT)} import {name.rpartition('.')[2]}"


def of_symbol(root: str, short: str, edition: Edition) -> str | None:
    """The module below `SYMBOLS` with one class or function, by its name in today's Keras; None when there is none."""
    if short in of_tensorflow().classes and short.startswith(OTHERS):
        return of_class(_of_tensorflow(root, short))
    found = symbol(catalogue.ROOT + short)
    if found is not None and is_class(found):
        return of_class(_of_keras(root, found, edition))
    if found is None or found.kind != "function":
        return None
    return f"def {short.rpartition('.')[2]}({signature(found, edition)}): return {UNKNOWN}\n"


def _of_keras(root: str, cls: Symbol, edition: Edition) -> Class:
    """Of what it is derived from the nearest is enough: that has the others."""
    short = cls.name.removeprefix(catalogue.ROOT)
    given = ANYTHING if cls.name in BY_CALLER else signature(cls, edition)
    bases = tuple(import_of(root, base) for base in cls.bases[:1])
    return Class(short.rpartition(".")[2], bases, members().get(short, ()), parameters(), given, is_called=False)


def _of_tensorflow(root: str, name: str) -> Class:
    known = of_tensorflow()
    bases, more = known.classes[name]
    lines = tuple(import_of(root, base) if base in known.classes else base for base in bases.split())
    given = ANYTHING if "__init__" in (names := more.split()) else None
    own = tuple(one for one in names if one != "__init__")
    return Class(name.rpartition(".")[2], lines, own, known.parameters, given)


def of_class(cls: Class) -> str:
    """A module with a class, without what that inherits."""
    return "\n".join([*_class(cls), ""])


def _class(cls: Class) -> Iterator[str]:
    bases = [f"{BASE}{number}" if " " in line else line for number, line in enumerate(cls.bases)]
    yield from (f"{line} as {base}" for line, base in zip(cls.bases, bases, strict=True) if " " in line)
    is_root = not any(base.startswith(BASE) for base in bases)
    yield f"class {cls.name}({', '.join([*bases, *([UNKNOWN] if is_root else [])])}):"
    if cls.given is not None or is_root:  # where a base is unknown, pylint takes that of `object` for one to be called
        yield f" def __init__({', '.join(filter(None, ('self', cls.given or ANYTHING)))}):"
        yield from (f"  self.{name}({UNKNOWN})" for name in CALLED_BY_KERAS if name in cls.members)
        yield f"  {UNKNOWN if cls.is_called and cls.given is not None else 'pass'}"
    if is_root:
        yield f" def __getattr__(self, name): return {UNKNOWN}"
    yield from (line for member in cls.members for line in _member(member, cls.parameters))
    yield " pass"


def _member(member: str, parameters: Mapping[str, str]) -> Iterator[str]:
    name = member.lstrip("!@%$")
    given = parameters.get(name, "")
    result = "raise NotImplementedError" if member.startswith("!") else f"return {UNKNOWN}"
    match member.lstrip("!")[0]:
        case "@":
            yield " @property"
            yield f" def {name}(self): {result}"
            return
        case "%":
            yield " @classmethod"
        case "$":
            yield " @staticmethod"
    yield f" def {name}(*{f', {given}' if given else 'args'}): {result}"


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
