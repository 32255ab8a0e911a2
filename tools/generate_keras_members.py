"""The generator of `keraslint/brain/members.txt`: methods and properties of Keras's classes, and what they are given.

What a class has beyond the class that it is derived from is asked here from real Keras 3 and, by `tf_keras`, Keras 2;
one class a line: name, tab, members, of which properties begin with `@`, class methods with `%`, static ones with `$`.
The first lines give for each method the names of all parameters that it has anywhere. Classes of TensorFlow's that are
made to be derived from stand there, too, by their public names.

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
import tensorflow as tf
import tf_keras

from keraslint.keras_api import catalogue, symbol

TARGET = Path(__file__).parent.parent / "keraslint" / "brain" / "members.txt"

OF_ANY_OBJECT = frozenset(dir(type("Any", (), {}))) | {"__slots__", "__annotations__", "__abstractmethods__", "__del__"}
MODULES_OF_BASES = ("layers", "models", "losses", "metrics", "optimizers", "initializers", "regularizers")
OF_PYTHON = frozenset({"__getattr__", "__setattr__", "__delattr__", "__reduce__", "__copy__", "__deepcopy__"})


OF_TESTS = frozenset(dir(unittest.TestCase)) - {"setUp", "setUpClass", "tearDown", "tearDownClass", "__call__"}
"""Nobody overrides the others, and each Python has some more."""

TENSORFLOW = "tensorflow."
FOR_DERIVING = (
    *("Module", "distribute.Strategy", "experimental.ExtensionType", "test.Benchmark", "test.TestCase"),
    *("compat.v1.train.CheckpointSaverListener", "compat.v1.train.Optimizer", "compat.v1.train.SessionRunHook"),
)


def classes() -> list[str]:
    of_keras = [name for name, line in catalogue.symbol_lines().items() if line.startswith("class\t")]
    return [*of_keras, *(TENSORFLOW + name for name in FOR_DERIVING)]


def found_in_any(short: str) -> list[Any]:
    """A class as Keras 2, Keras 3 or TensorFlow has it."""
    if short.startswith(TENSORFLOW):
        return [found(short.removeprefix(TENSORFLOW), tf)]
    everywhere = [found(short, tf_keras), found(short, keras)]
    if short == "Optimizer" or short.startswith("optimizers."):
        everywhere.append(getattr(tf_keras.optimizers.legacy, short.removeprefix("optimizers."), None))
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
            special = name.startswith("__") and name.endswith("__")
            if name in OF_ANY_OBJECT | OF_PYTHON | OF_TESTS or (name.startswith("_") and not special):
                continue
            if (member := marked(cls, name)) is not None:
                kinds[name].add(member)
    return frozenset(member for (member, *others) in kinds.values() if not others)


def parameters() -> dict[str, list[str]]:
    """The names of what each method is given, by Keras itself or by its callers."""
    names: dict[str, set[str]] = defaultdict(set)
    for short in classes():
        for cls in found_in_any(short):
            for member in members(short):
                function = getattr(cls, member.lstrip("@%$"), None)
                if member[0] == "@" or not callable(function):
                    continue
                try:
                    given = inspect.signature(function).parameters.values()
                except (TypeError, ValueError):
                    continue
                names[member.lstrip("%$")] |= {
                    one.name for one in given if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
                }
    return {
        method: sorted(found - {"self", "cls"}) for method, found in sorted(names.items()) if found - {"self", "cls"}
    }


def lines() -> list[str]:
    given = [f"{method}({', '.join(names)})" for method, names in parameters().items()]
    own = []
    for short in sorted(classes()):
        known = symbol(catalogue.ROOT + short)
        bases = known.bases if known else ()
        inherited = {member for base in bases for member in members(base.removeprefix(catalogue.ROOT))}
        more = sorted(members(short) - inherited, key=lambda member: member.lstrip("@%$"))
        if more:
            own.append(f"{short.replace('compat.v1.', '')}\t{' '.join(more)}")
    return given + own


if __name__ == "__main__":
    TARGET.write_text("\n".join(lines()) + "\n", encoding="utf-8")
