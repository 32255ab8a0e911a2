"""What programs ask about functions and classes: `inspect`, and the names under which Keras registers classes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import OneOf, Unknown
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.library import NativeCall, known
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import file_of
from keraslint.reader.machine.values import (
    BoundMethod,
    ClassValue,
    DictValue,
    External,
    Fields,
    FunctionValue,
    ListValue,
    Native,
    Value,
)

REGISTER = "keras.saving.register_keras_serializable"
TYPES = frozenset(("bool", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"))
"""Python's own classes."""


@dataclass
class Registered:
    """The registry of Keras."""

    classes: dict[str, ClassValue] = field(default_factory=dict)
    """Classes of the program by the names under which they can be had."""


def _is_class(value: Value) -> bool | None:
    match value:
        case ClassValue():
            return True
        case External(path=path):
            symbol = keras_api.symbol(keras_api.canonical(path) or "")
            return None if symbol is None else symbol.kind == "class"
        case Native(name=name):
            return name in TYPES
        case Unknown() | OneOf():
            return None
        case _:
            return False


def _is_function(value: Value) -> bool | None:
    match value:
        case External() | Unknown() | OneOf():
            return None
        case _:
            return isinstance(value, FunctionValue)


def _test(answer: Callable[[Value], bool | None], name: str) -> NativeCall:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        value = machine.need(arguments.get(0, "object"))
        if isinstance(value, Unknown):
            return machine.derived(value, name)
        known = answer(value)
        return machine.unknown(f"result of inspect.{name}", node) if known is None else known

    return call


def _function(value: Value) -> FunctionValue | None:
    """The function of the file behind a method or class."""
    match value:
        case FunctionValue():
            return value
        case BoundMethod(function=function):
            return function
        case ClassValue():
            found = value.lookup("__init__")
            return found[0] if found is not None and isinstance(found[0], FunctionValue) else None
        case _:
            return None


def _parameters(function: FunctionValue) -> list[str]:
    parameters = function.node.args
    return [parameter.name for parameter in (*(parameters.posonlyargs or ()), *(parameters.args or ()))]


def _arg_spec(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``inspect.getfullargspec(function).args``."""
    function = _function(machine.need(arguments.get(0, "func")))
    if function is None:
        return machine.unknown("the parameters of something that is not in the file", node)
    parameters = function.node.args
    only = ListValue([parameter.name for parameter in parameters.kwonlyargs or ()])
    names = ListValue([*_parameters(function)])
    found = {"args": names, "varargs": parameters.vararg, "varkw": parameters.kwarg, "kwonlyargs": only}
    return Fields(found, "an argspec's")


def _signature(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``inspect.signature(function).parameters``: their names in order; a bound method has no ``self``."""
    value = machine.need(arguments.get(0, "obj"))
    function = _function(value)
    if function is None:
        return machine.unknown("the parameters of something that is not in the file", node)
    parameters = function.node.args
    rest = (parameters.vararg, *(p.name for p in parameters.kwonlyargs or ()), parameters.kwarg)
    names = [*_parameters(function)[not isinstance(value, FunctionValue) :], *(name for name in rest if name)]
    why = Unknown("what a signature tells of a parameter")
    return Fields({"parameters": DictValue(dict.fromkeys(names, why))}, "a signature's")


def annotations_of(machine: Machine, cls: ClassValue, *, inherited: bool) -> dict[Hashable, Value]:
    """The annotated names of a class; what a name is annotated with is known where it is a name itself."""
    found: dict[Hashable, Value] = {}
    for owner in reversed(cls.mro) if inherited else (cls,):
        annotated = [item for item in owner.node.body if isinstance(item, nodes.AnnAssign)]
        for item in annotated:
            if isinstance(item.target, nodes.AssignName):
                found[item.target.name] = _annotation(machine, item.annotation)
    return found


def _annotation(machine: Machine, node: nodes.NodeNG) -> Value:
    file = file_of(node)
    scope = machine.project.modules.get(Path(file)) if file else machine.module
    if not isinstance(node, nodes.Name | nodes.Attribute) or scope is None:
        return Unknown("an annotation that is no name")
    outer, machine.scope = machine.scope, scope
    try:
        return machine.evaluate(node)
    finally:
        machine.scope = outer


def _type_hints(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    cls = machine.need(arguments.get(0, "obj"))
    if not isinstance(cls, ClassValue) or cls.open_base:
        return machine.unknown("the annotations of something that is not in the file", node)
    return DictValue(annotations_of(machine, cls, inherited=True))


# the registry of Keras ---------------------------------------------------------------------------------------


def register(machine: Machine, cls: ClassValue, arguments: Arguments, node: nodes.NodeNG) -> None:
    """``@keras.saving.register_keras_serializable(package="mine")``: the class can be had by its name."""
    package, name = machine.need(arguments.get(0, "package")), machine.need(arguments.get(1, "name"))
    package = "Custom" if package is None else package
    name = cls.name if name is None else name
    if isinstance(package, str) and isinstance(name, str):
        machine.memory(Registered).classes[f"{package}>{name}"] = cls


def _registered_name(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0, "obj"))
    name = next((name for name, cls in machine.memory(Registered).classes.items() if cls is value), None)
    if name is None and isinstance(value, ClassValue):
        return value.name
    return machine.unknown("the name under which something is registered", node) if name is None else name


def _registered_object(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    name = machine.need(arguments.get(0, "name"))
    if not isinstance(name, str):
        return machine.unknown("an object of a name that is not known", node)
    custom = machine.need(arguments.get(1, "custom_objects"))
    if isinstance(custom, DictValue) and name in custom.entries:
        return custom.entries[name]
    return machine.memory(Registered).classes.get(name) or machine.unknown(f"what is registered as {name}", node)


EXTERNAL: dict[str, NativeCall] = {
    "inspect.isclass": _test(_is_class, "isclass"),
    "inspect.isfunction": _test(_is_function, "isfunction"),
    "inspect.getargspec": _arg_spec,
    "inspect.getfullargspec": _arg_spec,
    "inspect.signature": _signature,
    "typing.get_type_hints": _type_hints,
    "keras.saving.get_registered_name": _registered_name,
    "keras.saving.get_registered_object": _registered_object,
}

known("plain", EXTERNAL)
