"""Where programs keep their settings: argparse, namedtuples, namespaces, fields of dataclasses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from astroid import nodes

from keraslint.graph import Unknown
from keraslint.reader.language.instances import as_dict, field_values, namespace, replaced
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.iteration import items_of
from keraslint.reader.machine.library import known
from keraslint.reader.machine.machine import Machine, attributes_of
from keraslint.reader.machine.values import (
    ClassValue,
    External,
    Fields,
    FieldSpec,
    Instance,
    ListValue,
    Native,
    Value,
)

COMMAND_LINE = "the command line's"


@dataclass(eq=False, repr=False, slots=True)
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
    if isinstance(value, str):  # argparse makes a default that is a text what it makes of the user's
        value = _converted(machine, value, arguments, node)
    machine.journal.set(parser.options, name, value)
    return None


def _converted(machine: Machine, text: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    if not arguments.given(None, "type"):
        return text
    kind = machine.need(arguments.get(None, "type"))
    return machine.call(kind, Arguments([Given(text, node)]), node)


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


_FLAG_MODULES = tuple(
    f"{package}.flags"
    for package in ("absl", "tensorflow", "tensorflow.app", "tensorflow.compat.v1", "tensorflow.compat.v1.app")
)
FLAGS = frozenset(f"{module}.FLAGS" for module in _FLAG_MODULES)
"""What holds the flags of the command line, as absl and TensorFlow call it."""


def flags_of(machine: Machine) -> Fields:
    """The flags that are defined so far; one that is not, is in a file that is not read."""
    flags = machine.config.setdefault("flags", Fields({}, COMMAND_LINE))
    assert isinstance(flags, Fields)
    return flags


def _define_flag(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``flags.DEFINE_float("lr", 0.01, "…")``; one without a default, or that is a switch, stays unknown."""
    name, value = machine.need(arguments.get(0, "name")), machine.need(arguments.get(1, "default"))
    if not isinstance(name, str):
        return machine.unknown("a flag whose name is not known", node)
    if value is None or isinstance(value, bool):
        value = machine.unknown(f"{COMMAND_LINE} `{name}`", node)
    machine.journal.set(flags_of(machine).values, name, value)
    return Fields({"value": value, "default": value, "name": name}, COMMAND_LINE)


@attributes_of(Fields)
def _field(machine: Machine, fields: Fields, name: str, node: nodes.NodeNG) -> Value:
    if name in fields.values:
        return fields.values[name]
    match name:
        case "_asdict" if fields.is_tuple:
            return Native(name, lambda machine, arguments, node: as_dict(machine, fields))
        case "_replace" if fields.is_tuple:
            return Native(name, lambda machine, arguments, node: replaced(machine, fields, arguments, node))
        case "_fields" if fields.is_tuple:
            return tuple(fields.values)
        case "__dict__":
            return namespace(fields.values)
    machine.journal.set(fields.values, name, machine.unknown(f"{fields.what} `{name}`", node))
    return fields.values[name]


def _as_dict(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0))
    known = isinstance(value, Instance) and value.cls.fields
    return as_dict(machine, value) if known else machine.unknown("a record as a dict", node)


def _as_tuple(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0))
    if isinstance(value, Instance) and value.cls.fields:
        return tuple(field_values(value).values())
    return machine.unknown("a record as a tuple", node)


def _replace(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return replaced(machine, machine.need(arguments.get(0)), arguments, node)


def _fields(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``dataclasses.fields(config)``: their names are what people ask for."""
    value = machine.need(arguments.get(0))
    cls = value.cls if isinstance(value, Instance) else value
    if not isinstance(cls, ClassValue):
        return machine.unknown("the fields of a record", node)
    return tuple(Fields({"name": name, "default": spec.default}, "a field's") for name, spec in cls.fields.items())


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

    start = len(names) - len(defaults)
    specs = {name: FieldSpec(has_default=False) for name in names[:start]}
    specs.update((name, FieldSpec(value, True)) for name, value in zip(names[start:], defaults, strict=False))
    return Native("namedtuple", make, specs)


def _dataclass_field(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``field(default=…)`` and ``field(default_factory=…)``."""
    return FieldSpec(
        arguments.get(None, "default"),
        arguments.given(None, "default"),
        arguments.get(None, "default_factory", "factory"),
        machine.need(arguments.get(None, "init")) is not False,
    )


EXTERNAL: dict[str, Callable[[Machine, Arguments, nodes.NodeNG], Value]] = {
    "argparse.ArgumentParser": _make_parser,
    "argparse.Namespace": _namespace,
    "collections.namedtuple": _namedtuple,
    "attr.ib": _dataclass_field,
    "attrs.field": _dataclass_field,
    "dataclasses.asdict": _as_dict,
    "dataclasses.astuple": _as_tuple,
    "dataclasses.field": _dataclass_field,
    "dataclasses.fields": _fields,
    "dataclasses.replace": _replace,
    "types.SimpleNamespace": _namespace,
    "logging.getLogger": lambda machine, arguments, node: External("logging"),
    "absl.logging.get_absl_logger": lambda machine, arguments, node: External("logging"),
    "tensorflow.get_logger": lambda machine, arguments, node: External("logging"),
    **{
        f"{module}.DEFINE_{kind}": _define_flag
        for module in _FLAG_MODULES
        for kind in ("string", "integer", "float", "bool", "boolean", "enum")
    },
}

known("plain", EXTERNAL)
