"""Classes of the file: how they are made, of which bases, with which fields and members."""

from __future__ import annotations

from collections.abc import Sequence

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import Unknown
from keraslint.reader.language.functions import call_function
from keraslint.reader.language.inspection import REGISTER, register
from keraslint.reader.machine.arguments import Arguments, Given, arguments_of
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import file_of, span_of
from keraslint.reader.machine.values import (
    BoundMethod,
    ClassValue,
    External,
    FieldSpec,
    FunctionValue,
    Instance,
    Native,
    Scope,
    Value,
)

_KINDS = {
    "enum.Enum": "enum",
    "enum.IntEnum": "enum",
    "enum.StrEnum": "enum",
    "typing.NamedTuple": "namedtuple",
    "collections.OrderedDict": "dict",
    "collections.UserDict": "dict",
}
PLAIN_BASES = ("object", "abc.ABC", "typing.Protocol", "typing.Generic", *_KINDS)
"""Bases that bring no attributes that a model or a layer is asked for."""


class Auto:
    """``enum.auto()``."""


def make_class(machine: Machine, node: nodes.ClassDef) -> Value:
    """The class that a definition makes, after its decorators; its body is read in a scope of its own."""
    bases = tuple(machine.now(base) for base in node.bases)
    outer = machine.scope
    machine.scope = Scope({}, outer, "class")
    cls = ClassValue(node, bases, machine.scope.names)
    cls.mro = (cls, *_merged([*(list(b.mro) for b in bases if isinstance(b, ClassValue)), _of_the_file(bases)]))
    for base in bases:
        _inherit(cls, base)
    machine.open_classes.append(cls)
    try:
        machine.execute(node.body)
    finally:
        machine.open_classes.pop()
        machine.scope = outer
    if not file_of(node):
        machine.classes.append(cls)
    _finish(machine, cls, node)
    return _decorated(machine, cls, node)


def _of_the_file(bases: Sequence[Value]) -> list[ClassValue]:
    return [base for base in bases if isinstance(base, ClassValue)]


def _merged(orders: list[list[ClassValue]]) -> list[ClassValue]:
    """Python's order of bases (C3); where there is none, the bases one after the other."""
    result: list[ClassValue] = []
    waiting = [list(order) for order in orders if order]
    while waiting:
        head = next(
            (order[0] for order in waiting if not any(order[0] in other[1:] for other in waiting)),
            waiting[0][0],
        )
        result.append(head)
        waiting = [rest for order in waiting if (rest := [cls for cls in order if cls is not head])]
    return result


def _inherit(cls: ClassValue, base: Value) -> None:
    match base:
        case External(path=path):
            cls.keras_base = cls.keras_base or keras_api.canonical(path)
            cls.open_base = cls.open_base or path not in PLAIN_BASES
            cls.kind = cls.kind or _KINDS.get(path, "")
        case ClassValue(keras_base=keras_base, open_base=open_base, kind=kind):
            cls.keras_base = cls.keras_base or keras_base
            cls.open_base = cls.open_base or open_base
            cls.kind = cls.kind or kind
            cls.fields.update(base.fields)
        case Native(name="dict" | "list" as name):
            cls.kind = cls.kind or name
        case Native(fields=dict() as fields):
            cls.kind = cls.kind or "namedtuple"
            cls.fields.update(fields)
            cls.generates_init = True
        case Native(name=name):
            cls.open_base = cls.open_base or name.endswith(("Error", "Exception", "Warning"))
        case _:
            cls.open_base = True


def _finish(machine: Machine, cls: ClassValue, node: nodes.ClassDef) -> None:
    """What the body of a class means beyond its names: members of an Enum, fields of a record, hooks of a base."""
    decorator = _dataclass_decorator(machine, node)
    if decorator is not None:
        cls.kind = "dataclass"
        cls.generates_init = "__init__" not in cls.names and not _declines_init(machine, decorator)
    elif cls.kind == "namedtuple" and not any(isinstance(base, ClassValue) for base in cls.bases):
        cls.generates_init = "__new__" not in cls.names
    if decorator is not None or (cls.generates_init and not any(isinstance(base, Native) for base in cls.bases)):
        _make_fields(cls)
    elif cls.kind == "enum":
        _make_members(cls)
    hook = cls.lookup("__init_subclass__", after=cls)
    if hook is not None and isinstance(hook[0], FunctionValue):
        told = {k.arg: Given(machine.now(k.value), k.value) for k in node.keywords if k.arg not in (None, "metaclass")}
        call_function(machine, hook[0], Arguments([Given(cls, node)], told), node)


def _dataclass_decorator(machine: Machine, node: nodes.ClassDef) -> nodes.NodeNG | None:
    for decorator in node.decorators.nodes if node.decorators is not None else ():
        expression = decorator.func if isinstance(decorator, nodes.Call) else decorator
        callee = machine.now(expression)
        if isinstance(callee, External) and callee.path in _DATACLASSES:
            return decorator
    return None


def _declines_init(machine: Machine, decorator: nodes.NodeNG) -> bool:
    """``@dataclass(init=False)``."""
    keywords = decorator.keywords if isinstance(decorator, nodes.Call) else ()
    return any(keyword.arg == "init" and machine.now(keyword.value) is False for keyword in keywords)


_DATACLASSES = ("dataclasses.dataclass", "attr.s", "attrs.define", "attr.dataclass")


def _decorated(machine: Machine, cls: ClassValue, node: nodes.ClassDef) -> Value:
    """The class after decorators of the file; those of other packages are taken to leave it as it is."""
    value: Value = cls
    for decorator in reversed(node.decorators.nodes if node.decorators is not None else ()):
        callee = machine.now(decorator.func if isinstance(decorator, nodes.Call) else decorator)
        if isinstance(callee, FunctionValue | BoundMethod | Instance):
            callee = machine.now(decorator)
            value = machine.need(machine.call(callee, Arguments([Given(value, decorator)]), decorator))
        elif isinstance(callee, External) and keras_api.canonical(callee.path) == REGISTER:
            _register(machine, cls, decorator)
    return value


def _register(machine: Machine, cls: ClassValue, decorator: nodes.NodeNG) -> None:
    given = arguments_of(machine, decorator) if isinstance(decorator, nodes.Call) else Arguments()
    register(machine, cls, given, decorator)


def _make_fields(cls: ClassValue) -> None:
    for item in cls.node.body:
        if not (isinstance(item, nodes.AnnAssign) and isinstance(item.target, nodes.AssignName)):
            continue
        name = item.target.name
        if "ClassVar" in item.annotation.as_string():
            continue
        value = cls.names.get(name)
        if isinstance(value, FieldSpec):
            cls.fields[name] = value
            if value.has_default:
                cls.names[name] = value.default
            else:
                del cls.names[name]
        else:
            init_only = "InitVar" in item.annotation.as_string()
            cls.fields[name] = FieldSpec(value, has_default=name in cls.names, init_only=init_only)


def _make_members(cls: ClassValue) -> None:
    last: Value = 0
    for name, value in list(cls.names.items()):
        if name.startswith("_") or isinstance(value, FunctionValue | ClassValue):
            continue
        if isinstance(value, Auto):
            value = last + 1 if isinstance(last, int) else Unknown("a value that Enum chooses")
        last = value
        attributes: dict[str, Value] = {"value": value, "_value_": value, "name": name, "_name_": name}
        cls.names[name] = Instance(cls, attributes, cls.node, span_of(cls.node))


def members(cls: ClassValue) -> list[Instance]:
    """The members of an Enum, in order."""
    return [value for value in cls.names.values() if isinstance(value, Instance) and value.cls is cls]
