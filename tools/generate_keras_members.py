"""The generator of `keraslint/brain/members.txt`: methods and properties of Keras's classes, and what they are given.

What a class has beyond the class that it is derived from is asked here from real Keras 3 and, by `tf_keras`, Keras 2;
one class a line: name, tab, members, of which properties begin with `@`, class methods with `%`, static ones with `$`.
The first lines give for each method the names of all parameters that it has anywhere. Private methods are there, too:
programs override them.

    python tools/generate_keras_members.py
"""

from __future__ import annotations

import inspect
import unittest
from collections import defaultdict
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import keras
import tf_keras

from keraslint.keras_api import Symbol, canonical, catalogue, symbol

TARGET = Path(__file__).parent.parent / "keraslint" / "brain" / "members.txt"

OF_ANY_OBJECT = frozenset(dir(type("Any", (), {}))) | {"__slots__", "__annotations__", "__abstractmethods__", "__del__"}
MODULES_OF_BASES = ("layers", "models", "losses", "metrics", "optimizers", "initializers", "regularizers")
OF_PYTHON = frozenset({"__getattr__", "__setattr__", "__delattr__", "__reduce__", "__copy__", "__deepcopy__"})


OF_TESTS = frozenset(dir(unittest.TestCase)) - {"setUp", "setUpClass", "tearDown", "tearDownClass", "__call__"}
"""Nobody overrides the others, and each Python has some more."""


def classes() -> list[str]:
    """All classes of the catalogue, and what it takes for a function and is a class in Keras 3."""
    of_keras = [name for name, line in catalogue.symbol_lines().items() if line.startswith("class\t")]
    return of_keras + [known.name.removeprefix(catalogue.ROOT) for known in taken_for_functions()]


@cache
def taken_for_functions() -> dict[Symbol, type]:
    """What the catalogue takes for a function, by what older versions have, and the class that it is in Keras 3."""
    values = ((getattr(keras, name), symbol(canonical(f"keras.{name}") or "")) for name in dir(keras))
    return {known: cls for cls, known in values if inspect.isclass(cls) and known and known.kind != "class"}


def found_in_any(short: str) -> list[Any]:
    """A class as Keras 2 and Keras 3 have it."""
    everywhere = [found(short, tf_keras), found(short, keras)]
    if short == "Optimizer" or short.startswith("optimizers."):
        everywhere.append(getattr(tf_keras.optimizers.legacy, short.removeprefix("optimizers."), None))
    everywhere += [cls for known, cls in taken_for_functions().items() if known.name == catalogue.ROOT + short]
    return [cls for cls in everywhere if cls is not None]


def found(short: str, root: ModuleType) -> Any:
    """A class by its name of today, or where Keras 2 has the base classes that are at the top today."""
    for place in (short,) if "." in short else (short, *(f"{module}.{short}" for module in MODULES_OF_BASES)):
        value: Any = root
        for part in place.split("."):
            value = getattr(value, part, None)
        if inspect.isclass(value):
            return value
    return None


def marked(cls: type, name: str) -> str | None:
    """A member with the mark of its kind; None for a plain value."""
    member = inspect.getattr_static(cls, name)
    if isinstance(member, classmethod):
        return f"%{name}"
    if isinstance(member, staticmethod):
        return f"${name}"
    if callable(member):
        return None if inspect.isclass(member) else name
    return f"@{name}" if hasattr(type(member), "__get__") else None


@cache
def members(short: str) -> frozenset[str]:
    """All that a class offers in either Keras, but for what is a method in one and something else in the other."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for cls in found_in_any(short):
        for name in dir(cls):
            if name in OF_ANY_OBJECT | OF_PYTHON:
                continue
            if (member := marked(cls, name)) is not None:
                kinds[name].add(member)
    return frozenset(member for (member, *others) in kinds.values() if not others)


def given_to(function: Any) -> set[str]:
    """The names of what a method is given, by the library itself or by its callers."""
    try:
        names = {*inspect.signature(function).parameters}
    except (TypeError, ValueError):
        return set()
    return names - {"self", "cls"}


def parameters() -> dict[str, list[str]]:
    """The names of what each method is given in any class."""
    names: dict[str, set[str]] = defaultdict(set)
    for short in classes():
        for cls in found_in_any(short):
            for member in members(short):
                if member[0] != "@":
                    names[member.lstrip("%$")] |= given_to(getattr(cls, member.lstrip("%$"), None))
    return {method: sorted(found) for method, found in sorted(names.items()) if found}


def lines() -> list[str]:
    given = [f"{method}({', '.join(names)})" for method, names in parameters().items()]
    own = []
    for short in sorted(classes()):
        known = symbol(catalogue.ROOT + short)
        bases = known.bases if known else ()
        inherited = {member for base in bases for member in members(base.removeprefix(catalogue.ROOT))}
        more = sorted(members(short) - inherited, key=lambda member: member.lstrip("@%$"))
        if more:
            own.append(f"{short}\t{' '.join(more)}")
    return given + own


if __name__ == "__main__":
    TARGET.write_text("\n".join(lines()) + "\n", encoding="utf-8")
