"""Where programs keep their settings: argparse, namedtuples, namespaces, fields of dataclasses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from astroid import nodes

from keraslint.graph import Unknown
from keraslint.reader.iteration import items_of
from keraslint.reader.machine import Arguments, Machine, attributes_of
from keraslint.reader.values import Fields, ListValue, Native, Value

COMMAND_LINE = "the command line's"


@dataclass(eq=False, slots=True)
class Parser:
    """An `argparse.ArgumentParser`: the options that it was given, and their defaults."""

    options: dict[str, Value]


def _make_parser(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return Parser({})


@attributes_of(Parser)
def _parser_attribute(machine: Machine, parser: Parser, name: str, node: nodes.NodeNG) -> Value:
    method = _PARSER_METHODS.get(name)
    if method is None:
        return machine.unknown(f"`{name}` of an argument parser", node)
    return Native(name, lambda machine, arguments, node: method(machine, parser, arguments, node))


def _add_argument(machine: Machine, parser: Parser, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``add_argument("--lr", default=0.01)``; an option without a default, or a flag, stays unknown."""
    name = _destination(machine, arguments)
    if name is None:
        return None
    value = machine.need(arguments.get(None, "default"))
    asked = machine.need(arguments.get(None, "required")) is True or machine.need(arguments.get(None, "nargs"))
    if value is None or isinstance(value, bool) or (asked and not isinstance(value, ListValue)):
        value = machine.unknown(f"{COMMAND_LINE} `{name}`", node)
    machine.journal.set(parser.options, name, value)
    return None


def _destination(machine: Machine, arguments: Arguments) -> str | None:
    """The attribute that an option is kept in: ``dest``, else the first long name, else the first."""
    flags = [flag for given in arguments.positional if isinstance(flag := machine.need(given.value), str)]
    given = machine.need(arguments.get(None, "dest"))
    if isinstance(given, str) or not flags:
        return given if isinstance(given, str) else None
    chosen = next((flag for flag in flags if flag.startswith("--")), flags[0])
    return chosen.lstrip("-").replace("-", "_")


def _set_defaults(machine: Machine, parser: Parser, arguments: Arguments, node: nodes.NodeNG) -> Value:
    for name, given in arguments.keywords.items():
        machine.journal.set(parser.options, name, given.value)
    return None


def _parse(machine: Machine, parser: Parser, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return Fields(dict(parser.options), COMMAND_LINE)


def _parse_known(machine: Machine, parser: Parser, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return (_parse(machine, parser, arguments, node), machine.unknown("the rest of the command line", node))


def _itself(machine: Machine, parser: Parser, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return parser


ParserMethod = Callable[[Machine, Parser, Arguments, nodes.NodeNG], Value]
_PARSER_METHODS: dict[str, ParserMethod] = {
    "add_argument": _add_argument,
    "add_argument_group": _itself,
    "add_mutually_exclusive_group": _itself,
    "parse_args": _parse,
    "parse_known_args": _parse_known,
    "set_defaults": _set_defaults,
}


@attributes_of(Fields)
def _field(machine: Machine, fields: Fields, name: str, node: nodes.NodeNG) -> Value:
    if name not in fields.values:
        machine.journal.set(fields.values, name, machine.unknown(f"{fields.what} `{name}`", node))
    return fields.values[name]


def _namespace(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return Fields({name: given.value for name, given in arguments.keywords.items()}, "a namespace's")


def _namedtuple(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``namedtuple("Config", "units rate")``: a function that makes the record."""
    given = machine.need_all(arguments.get(1, "field_names"))
    names = given.replace(",", " ").split() if isinstance(given, str) else items_of(machine, given)
    if names is None or not all(isinstance(name, str) for name in names):
        return machine.unknown("a namedtuple whose fields are not known", node)
    defaults = items_of(machine, machine.need(arguments.get(None, "defaults"))) or ()

    def make(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        values: dict[str, Value] = {name: Unknown(f"field `{name}` of a namedtuple") for name in names}
        values.update(zip(names[len(names) - len(defaults) :], defaults, strict=False))
        values.update(zip(names, (given.value for given in arguments.positional), strict=False))
        values.update((name, given.value) for name, given in arguments.keywords.items() if name in values)
        return Fields(values, "a namedtuple's", is_tuple=True)

    return Native("namedtuple", make)


def _dataclass_field(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``field(default=…)`` and ``field(default_factory=…)``: the default itself."""
    if arguments.given(None, "default"):
        return arguments.get(None, "default")
    if arguments.given(None, "default_factory"):
        return machine.call(arguments.get(None, "default_factory"), Arguments(), node)
    return machine.unknown("a field without a default", node)


EXTERNAL: dict[str, Callable[[Machine, Arguments, nodes.NodeNG], Value]] = {
    "argparse.ArgumentParser": _make_parser,
    "argparse.Namespace": _namespace,
    "collections.namedtuple": _namedtuple,
    "dataclasses.field": _dataclass_field,
    "types.SimpleNamespace": _namespace,
}
