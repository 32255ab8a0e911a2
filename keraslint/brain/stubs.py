"""The text of the modules that pylint is given: Keras's classes and functions out of the catalogue, other names bare.

A value that is not known is a name that nothing binds, so that astroid infers nothing at all from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from keraslint.keras_api import NEWEST, REQUIRED, VERSIONS, Parameter, Symbol, canonical, catalogue, neighbors, symbol

CLASSES: Final = "keraslint"
"""Below the root of a Keras, the modules in which its classes are really defined, one for each module of today's Keras:
old and new places of a class are then the same class."""

UNKNOWN: Final = "unknown_to_keraslint"
ANYTHING: Final = "*args, **kwargs"

CALLED_BY_KERAS: Final = ("build", "compile", "on_train_begin", "on_test_begin", "on_predict_begin")
"""Methods that Keras has called before any other can need what they set; what the constructor calls, as pylint sees it."""

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
        is_newer = any(found == (NEWEST,) and not version.startswith(NEWEST) for version, found in zip(versions, known))
        return cls(tuple(v for v in VERSIONS if any(v in found for found in known)), is_newer)


@cache
def members() -> dict[str, tuple[str, ...]]:
    """What each class has beyond those that it is derived from; properties begin with `@`, class methods with `%`,
    static methods with `$`."""
    rows = (line.split("\t") for line in _lines() if "\t" in line)
    return {name: tuple(more.split()) for name, more in rows}


@cache
def parameters() -> dict[str, str]:
    """The names of all parameters that a method has in any class of Keras, separated by commas."""
    rows = (line.removesuffix(")").split("(") for line in _lines() if "\t" not in line)
    return {name: given for name, given in rows}


@cache
def _lines() -> tuple[str, ...]:
    return tuple(Path(__file__).with_name("members.txt").read_text(encoding="utf-8").splitlines())


def module(root: str, path: str, names: Iterable[str], edition: Edition) -> str:
    """A module with these names.

    Args:
        root: the package whose classes they are: `keras`, `tensorflow.keras` …
        path: the module as Keras's catalogue knows it, empty for one that is not Keras's.
    """
    lines, owners = [], set()
    for name in names:
        found = symbol(canonical(f"{path}.{name}") or "") if path else None
        if found is None or found.kind not in ("class", "function"):
            lines.append(f"{name} = {UNKNOWN}")
        elif found.kind == "function":
            lines.append(f"def {name}({signature(found, edition)}): return {UNKNOWN}")
        else:
            owners.add(_owner(found.name))
            lines.append(f"{name} = {_class(found.name)}")
    return "\n".join([*_imports(root, owners), *lines, ""])


def classes(root: str, owner: str, edition: Edition) -> str:
    """The module below `CLASSES` with all classes of one module of today's Keras."""
    names = (short for short, line in catalogue.symbol_lines().items() if line.startswith("class\t"))
    found = filter(None, (symbol(catalogue.ROOT + short) for short in names if _owner(short) == owner))
    lines, owners = [], set()
    for cls in sorted(found, key=lambda cls: len(cls.bases)):  # a class is derived from one above it
        lines += _definition(cls, edition)
        owners.update(_owner(base) for base in cls.bases[:1])
    return "\n".join([*_imports(root, owners - {owner}), *lines, ""])


def _definition(cls: Symbol, edition: Edition) -> Iterator[str]:
    """One class, without what it inherits. Of what it is derived from the nearest is enough: that has the others."""
    short = cls.name.removeprefix(catalogue.ROOT)
    base = cls.bases[0] if cls.bases else ""
    parent = base.rpartition(".")[2] if _owner(base) == _owner(cls.name) else _class(base) if base else ""
    yield f"class {short.rpartition('.')[2]}({parent}):"
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
    having = [v for v in edition.versions if v in found.versions + found.only_tensorflow] or [None]
    digits = {str(VERSIONS.index(version)) for version in having if version}
    written = [text for codes, text in found.signatures if digits & set(codes)]
    if not written or having == [None]:
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


def _imports(root: str, owners: Iterable[str]) -> list[str]:
    """astroid looks `import a.b as b` up among the modules that it has, and `from a import b` not always."""
    return [f"import {root}.{CLASSES}.{owner} as {_alias(owner)}" for owner in sorted(owners)]


def _class(name: str) -> str:
    return f"{_alias(_owner(name))}.{name.rpartition('.')[2]}"


def _owner(name: str) -> str:
    """The module of today's Keras that has a class, without the root; `top` for the root itself."""
    return name.removeprefix(catalogue.ROOT).rpartition(".")[0] or "top"


def _alias(owner: str) -> str:
    return f"_{owner.replace('.', '_')}_of_keras"
