"""What a name of the program stands for."""

from __future__ import annotations

from dataclasses import dataclass, field

from astroid import nodes

from keraslint.graph import Unknown
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.protocols import BUILTINS, WELL_KNOWN
from keraslint.reader.machine.values import Scope, Value


@dataclass
class Undefined:
    """Names that nothing explains."""

    names: dict[str, Unknown] = field(default_factory=dict)
    """What each of them stands for: always the same, so that tests on it agree."""


def lookup(machine: Machine, name: str, node: nodes.NodeNG) -> Value:
    """What a name stands for: in the scopes, among the built-ins, or well known."""
    scope = machine.scope
    inner: Scope | None = scope
    while inner is not None:
        if (inner is scope or inner.kind != "class") and name in inner.names:
            return inner.names[name]
        inner = inner.parent
    builtin = BUILTINS.get(name)
    if builtin is not None:
        return builtin
    known = WELL_KNOWN.ask(machine, name, node)
    return known if known is not None else _undefined(machine, name, node)


def _undefined(machine: Machine, name: str, node: nodes.NodeNG) -> Unknown:
    """One unknown per name, so that tests on it agree with one another."""
    undefined = machine.memory(Undefined).names
    if name not in undefined:
        undefined[name] = machine.unknown(f"`{name}` is not defined in this file", node)
    return undefined[name]
