"""Initializers, regularizers and constraints as Keras finds them: by name, by configuration, as an object."""

from __future__ import annotations

from astroid import nodes

from keraslint import keras_api
from keraslint.reader.keras.binding import make_object
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import DictValue, External, Value

_CATEGORIES = {"initializers": "initializer", "regularizers": "regularizer", "constraints": "constraint"}


def get(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``keras.initializers.get(identifier)``: None and objects stay, a name or a class becomes an object."""
    given = machine.need(arguments.get(0, "identifier", "config"))
    category = _CATEGORIES[name.split(".")[1]]
    match given:
        case str():
            found = keras_api.from_identifier(category, given)
            return _made(machine, found, Arguments(), node)
        case External(path=path) if (symbol := keras_api.symbol(keras_api.canonical(path) or "")) is not None:
            return _made(machine, symbol.name, Arguments(), node) if symbol.kind == "class" else given
        case DictValue(has_more=False):
            return _from_config(machine, category, given, node)
        case DictValue():
            return machine.unknown(f"an {category} of a configuration that is not all known", node)
        case _:
            return given


def _from_config(machine: Machine, category: str, given: DictValue, node: nodes.NodeNG) -> Value:
    """``{"class_name": "RandomNormal", "config": {"stddev": 0.02}}``."""
    kind, config = (machine.need(given.entries.get(key)) for key in ("class_name", "config"))
    found = keras_api.from_identifier(category, kind) if isinstance(kind, str) else None
    known = isinstance(config, DictValue) and not config.has_more
    named = {str(key): Given(value, node) for key, value in config.entries.items()} if known else {}
    return _made(machine, found if known else None, Arguments([], named), node)


def _made(machine: Machine, found: str | None, arguments: Arguments, node: nodes.NodeNG) -> Value:
    symbol = keras_api.symbol(found) if found is not None else None
    if symbol is None or symbol.kind != "class":
        return machine.unknown("what Keras finds under a name that is not known", node)
    return make_object(machine, symbol.name, arguments, node)
