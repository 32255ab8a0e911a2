"""Environment variables: what the program itself sets, else the name that it falls back on where they are not set.

A number that it falls back on is an offer to set another one, as a size or a rate is; it stays unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from astroid import nodes

from keraslint.graph import Unknown
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.library import known
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.protocols import ITEM, SET_ITEM
from keraslint.reader.machine.values import External, Value

ENVIRONMENT = "os.environ"


@dataclass(eq=False, repr=False)
class _Environment:
    variables: dict[str, Value] = field(default_factory=dict)
    """What the program has set."""


@SET_ITEM.answers(External)
def _set(machine: Machine, owner: External, index: Value, value: Value, node: nodes.NodeNG) -> None:
    if owner.path == ENVIRONMENT and isinstance(index, str):
        machine.journal.set(machine.memory(_Environment).variables, index, value)


@ITEM.answers(External)
def _item(machine: Machine, owner: External, index: Value, node: nodes.NodeNG) -> Value:
    if owner.path == ENVIRONMENT:
        return _variable(machine, index, node)
    return machine.unknown(f"an element of {owner.path}", node)


def _variable(machine: Machine, name: Value, node: nodes.NodeNG) -> Value:
    """What the program has set a variable to, else an unknown."""
    unset = machine.unknown("an environment variable", node)
    return machine.memory(_Environment).variables.get(name, unset) if isinstance(name, str) else unset


def _get(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = _variable(machine, machine.need(arguments.get(0, "key")), node)
    default = machine.need(arguments.get(1, "default"))
    falls_back = isinstance(value, Unknown) and isinstance(default, str) and not _is_number(default)
    return default if falls_back else value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _set_default(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = _get(machine, arguments, node)
    _set(machine, External(ENVIRONMENT), machine.need(arguments.get(0)), value, node)
    return value


known(
    "plain",
    {
        "os.getenv": _get,
        "os.environ.get": _get,
        "os.environ.setdefault": _set_default,
    },
)
