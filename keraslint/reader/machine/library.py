"""The one table of library names: what calling a function gives, by its dotted path and by what it is about."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Literal, TypeAlias

from astroid import nodes

from keraslint.reader.machine.values import Value

if TYPE_CHECKING:
    from keraslint.reader.machine.arguments import Arguments
    from keraslint.reader.machine.machine import Machine

NativeCall: TypeAlias = "Callable[[Machine, Arguments, nodes.NodeNG], Value]"
"""What a call of a function gives, by its arguments and its node."""

Domain: TypeAlias = Literal["any", "plain", "data"]
"""What the handler knows: plain values of Python, or arrays and tables (both may know one function); or whatever the
function is given, tensors too."""

FromPath: TypeAlias = Callable[[str], "NativeCall | None"]

_CALLS: dict[Domain, dict[str, NativeCall]] = {"any": {}, "plain": {}, "data": {}}
_FROM_PATH: list[tuple[tuple[str, ...], FromPath]] = []
_RARE: dict[str, str] = {}
_METHODS: dict[str, Collection[str]] = {}


def known(domain: Domain, calls: Mapping[str, NativeCall]) -> None:
    """Register functions by their dotted paths.

    Raises:
        ValueError: one of them is known already in this domain.
    """
    twice = _CALLS[domain].keys() & calls.keys()
    if twice:
        raise ValueError(f"known twice: {', '.join(sorted(twice))}")
    _CALLS[domain].update(calls)
    _FOUND.clear()


def by_path(*starts: str) -> Callable[[FromPath], FromPath]:
    """Register what tells by a dotted path what the function gives, whatever it is given; for paths that start so."""

    def register(told: FromPath) -> FromPath:
        _FROM_PATH.append((starts, told))
        _FOUND.clear()
        return told

    return register


def methods(of: str, names: Collection[str]) -> None:
    """Note which methods of a class of a library are understood; their handlers are asked for by its values."""
    _METHODS[of] = names


def rare(modules: Mapping[str, str]) -> None:
    """Register what fewer programs use, by how its names start: the module that knows it is loaded by the first call
    of such a name, and registers it."""
    _RARE.update(modules)


def handler(domain: Domain, path: str) -> NativeCall | None:
    """What calling a function gives, by its dotted path."""
    key = (domain, path)
    if key not in _FOUND:
        found = _look_up(domain, path)  # which may register more, and forget what was not found
        _FOUND[key] = found
    return _FOUND[key]


_FOUND: dict[tuple[Domain, str], NativeCall | None] = {}
"""What was asked for since something was registered last."""


def _look_up(domain: Domain, path: str) -> NativeCall | None:
    found = _CALLS[domain].get(path)
    if found is None and domain != "plain":
        module = next((module for start, module in _RARE.items() if path.startswith(start)), None)
        if module is not None:
            import_module(module)
            found = _CALLS[domain].get(path)
        if found is None and domain == "any":
            told = (function(path) for starts, function in _FROM_PATH if path.startswith(starts))
            found = next((call for call in told if call is not None), None)
    return found


def everything() -> tuple[dict[Domain, dict[str, NativeCall]], dict[str, Collection[str]]]:
    """All that is registered: functions by domain and path, and methods by class; what is rare is loaded for it."""
    for module in _RARE.values():
        import_module(module)
    return _CALLS, _METHODS
