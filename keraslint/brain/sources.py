"""What is known of a class of which only the source is there: its own methods, and where its bases come from."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from astroid import nodes
from astroid.exceptions import TooManyLevelsError

from keraslint.brain.stubs import ANYTHING, Class, import_of, known_class


@dataclass(frozen=True, eq=False)
class Source:
    """A module as it was read, before a stub took its place."""

    module: nodes.Module
    names: Mapping[str, list[nodes.NodeNG]]
    """What its names were bound to."""

    def origin(self, name: str) -> str | None:
        """Where a name comes from: the path of a class in this module, or of what is imported from another."""
        match self.names.get(name):
            case [nodes.ClassDef()]:
                return f"{self.module.name}.{name}"
            case [nodes.ImportFrom() as statement]:
                return self._imported(statement, name)
            case [nodes.Import() as statement]:
                return next((real for real, alias in statement.names if (alias or real) == name), None)
        return None

    def _imported(self, statement: nodes.ImportFrom, name: str) -> str | None:
        try:
            place = self.module.relative_to_absolute_name(statement.modname, statement.level)
        except TooManyLevelsError:
            return None
        return next((f"{place}.{real}" for real, alias in statement.names if (alias or real) == name), None)

    def classes(self) -> Iterator[str]:
        """The names of what is a class for sure: one of its own, or one that is known from elsewhere."""
        for name, bound in self.names.items():
            if isinstance(bound[0], nodes.ClassDef):
                yield name
            elif isinstance(bound[0], nodes.ImportFrom):
                origin = self.origin(name)
                if origin is not None and known_class(origin) is not None:
                    yield name

    def known(self, root: str, name: str) -> Class | None:
        """What a class of this module has."""
        match self.names.get(name):
            case [nodes.ClassDef() as cls]:
                methods = {one.name: one for one in cls.mymethods()}  # a setter is a property, too
                return Class(
                    name,
                    tuple(line for base in cls.bases if (line := self._base(root, base))),
                    tuple(_marked(method) for method in methods.values() if method.name != "__init__"),
                    {one.name: _parameters(one) for one in methods.values()},
                    ANYTHING if "__init__" in methods and not methods["__init__"].is_abstract() else None,
                )
        return None

    def _base(self, root: str, base: nodes.NodeNG) -> str | None:
        """A line that imports a class, or the name of one of Python's."""
        path = self._path(base)
        if path is None:
            name = base.as_string()
            return name if isinstance(getattr(builtins, name, None), type) and name != "object" else None
        if (known := known_class(path)) is not None:
            return import_of(root, known)
        place, _, name = path.rpartition(".")
        return f"from {place} import {name}" if place else None

    def _path(self, expression: nodes.NodeNG) -> str | None:
        match expression:
            case nodes.Name(name=name):
                return self.origin(name)
            case nodes.Attribute(expr=value, attrname=name):
                below = self._path(value)
                return f"{below}.{name}" if below else None
        return None


def _marked(method: nodes.FunctionDef) -> str:
    """The name of a method with the marks of its kind."""
    decorators = method.decorators.nodes if method.decorators else []
    names = [one.as_string().rpartition(".")[2] for one in decorators]
    kind = {"classmethod": "%", "staticmethod": "$"}.get(next((one for one in names if one.endswith("method")), ""), "")
    if any(name.endswith("property") or name in ("setter", "deleter") for name in names):
        kind = "@"
    return f"{'!' if any(name.startswith('abstract') for name in names) else ''}{kind}{method.name}"


def _parameters(method: nodes.FunctionDef) -> str:
    return ", ".join(name for name in method.argnames() if name not in ("self", "cls"))
