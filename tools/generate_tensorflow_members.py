"""The generator of `keraslint/brain/tensorflow.txt`: TensorFlow's own classes, their bases and members.

They are asked from the installed TensorFlow. A class has its shortest public name, without `compat.v1` or `compat.v2`;
one that is only a base of others has that of the module where it stands. One class a line: name, tab, bases, tab, what
it has beyond them; marks are those of generate_keras_members.py, and `!` before them says that a derived class has to
write it. `name=class` is another name of a class, `method(names)` all that a method of that name is given anywhere.

    python tools/generate_tensorflow_members.py
"""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType

import tensorflow as tf
from generate_keras_members import OF_ANY_OBJECT, OF_PYTHON, OF_TESTS, given_to, marked

TARGET = Path(__file__).parent.parent / "keraslint" / "brain" / "tensorflow.txt"

PLACES = ("tensorflow.", "google.")
"""Where the classes stand whose members are written down: those of protocol buffers come from elsewhere."""


def places_of_classes(module: ModuleType, path: str, seen: set[int]) -> Iterator[tuple[str, type]]:
    """Each public class in a module and in those below, with its path."""
    for name in dir(module):
        value, place = getattr(module, name, None), f"{path}.{name}"
        if name.startswith("_") or "lazy_loader" in type(value).__module__:  # Keras, which has a generator of its own
            continue
        if inspect.isclass(value) and value.__module__.startswith(PLACES):
            yield place, value
        elif isinstance(value, ModuleType) and is_public(value, place) and id(value) not in seen:
            seen.add(id(value))
            yield from places_of_classes(value, place, seen)


def is_public(module: ModuleType, place: str) -> bool:
    """Whether a module belongs to the public ones; those of the other TensorFlow, in `compat`, do not count."""
    return place != "tensorflow.compat" and ("._api." in module.__name__ or module.__name__ == place)


@cache
def public() -> dict[str, type]:
    """Every public path of a class. Where the two TensorFlows have different ones, the class is that of the second."""
    found: dict[str, type] = {}
    for root in (tf, tf.compat.v1):
        for path, cls in places_of_classes(root, "tensorflow", set()):
            found.setdefault(path, cls)
    return found


@cache
def older() -> dict[type, list[type]]:
    """The classes of TensorFlow 1 that have the name of another one of TensorFlow 2."""
    found: dict[type, list[type]] = defaultdict(list)
    for path, cls in places_of_classes(tf.compat.v1, "tensorflow", set()):
        if public()[path] is not cls and cls not in public().values():
            found[public()[path]].append(cls)
    return found


def real_path(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


@cache
def names() -> dict[type, str]:
    """The name of each class that has a line."""
    paths: dict[type, list[str]] = defaultdict(list)
    for path, cls in public().items():
        paths[cls].append(path)
    found = {cls: min(several, key=lambda path: (path.count("."), len(path), path)) for cls, several in paths.items()}
    for cls, others in older().items():
        found |= dict.fromkeys(others, found[cls])
    for cls in [*found]:
        for base in inspect.getmro(cls):
            if base.__module__.startswith(PLACES):
                found.setdefault(base, real_path(base))
    return found


def bases(cls: type) -> list[str]:
    """The classes that it is derived from, as far as they have a line or are exceptions of Python."""
    return [
        names().get(base, base.__name__)
        for base in cls.__bases__
        if base in names() or (issubclass(base, Exception) and hasattr(builtins, base.__name__))
    ]


@cache
def members(cls: type) -> frozenset[str]:
    """All that a class offers, the private names, too: they are overridden as well."""
    passed_over = OF_ANY_OBJECT | OF_PYTHON | OF_TESTS | {*(dir(Exception) if issubclass(cls, Exception) else ())}
    hidden = tuple(f"_{base.__name__.lstrip('_')}__" for base in inspect.getmro(cls))
    found = set()
    for name in {*dir(cls)} - passed_over:
        if name.startswith(hidden):
            continue
        if (member := marked(cls, name)) is not None:
            is_open = inspect.isabstract(cls) and name in cls.__abstractmethods__
            found.add(f"!{member}" if is_open else member)
    return frozenset(found)


def own(cls: type) -> list[str]:
    """What a class has beyond its bases."""
    found = {*members(cls)}
    for other in older().get(cls, ()):
        having = {member.lstrip("!@%$") for member in found}
        found |= {member.lstrip("!") for member in members(other) if member.lstrip("!@%$") not in having}
    for base in cls.__bases__:
        found -= members(base) if base in names() else set()
    if has_constructor(cls):
        found.add("__init__")
    return sorted(found, key=lambda member: member.lstrip("!@%$"))


def has_constructor(cls: type) -> bool:
    """Whether its source has one that does something: protocols and data classes get theirs from Python, and what makes
    its objects in another way only raises."""
    constructor = vars(cls).get("__init__")
    if not isinstance(constructor, FunctionType) or constructor.__module__ != cls.__module__:
        return False
    try:
        [function] = ast.parse(textwrap.dedent(inspect.getsource(constructor))).body
    except (OSError, SyntaxError, ValueError):
        return False
    assert isinstance(function, ast.FunctionDef)
    said = [one for one in function.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
    return bool(said) and not (len(said) == 1 and isinstance(said[0], ast.Raise | ast.Pass))


def lines() -> list[str]:
    older_ones = {one for others in older().values() for one in others}
    written = {name: cls for cls, name in names().items() if cls not in older_ones}
    given: dict[str, set[str]] = defaultdict(set)
    for cls in names():
        for member in members(cls):
            if not member.lstrip("!").startswith("@"):
                given[member.lstrip("!%$")] |= given_to(getattr(cls, member.lstrip("!%$"), None))
    aliases = {path: names()[cls] for path, cls in public().items()}
    aliases |= {real_path(cls): name for cls, name in names().items()}
    return [
        *(f"{method}({', '.join(sorted(found))})" for method, found in sorted(given.items()) if found),
        *(f"{alias}={name}" for alias, name in sorted(aliases.items()) if alias != name),
        *(f"{name}\t{' '.join(bases(cls))}\t{' '.join(own(cls))}" for name, cls in sorted(written.items())),
    ]


if __name__ == "__main__":
    TARGET.write_text("\n".join(lines()) + "\n", encoding="utf-8")
