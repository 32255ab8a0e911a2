"""Instances of classes of the file: how they are made, their attributes, and their special methods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from astroid import nodes

from keraslint.graph import Unknown
from keraslint.reader.language.classes import members
from keraslint.reader.language.functions import call_function, unknown_result
from keraslint.reader.language.inspection import annotations_of
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.iteration import items_of
from keraslint.reader.machine.machine import Machine, attributes_of, calls_of, truth
from keraslint.reader.machine.protocols import (
    ATTRIBUTE,
    BUILD,
    CALL,
    INIT,
    ITEMS,
    PREPARE,
    SUPER_ATTRIBUTE,
    TRUTH,
    UNDEFINED,
)
from keraslint.reader.machine.values import (
    ANY_NAME,
    SCALARS,
    BoundMethod,
    ClassValue,
    DictValue,
    Fields,
    FunctionValue,
    Instance,
    ListValue,
    More,
    Native,
    Super,
    Value,
    scalar_of,
)


@calls_of(ClassValue)
def instantiate(machine: Machine, cls: ClassValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """An instance, with `__new__` and `__init__` of the file run on it; records get their fields."""
    machine.called.add(cls.node)
    machine.burn(5)
    if cls.kind == "enum" and arguments.positional:
        return _member_of_value(machine, cls, machine.need(arguments.positional[0].value), node)
    new = cls.lookup("__new__")
    if new is not None and isinstance(new[0], FunctionValue):
        made = machine.need(call_function(machine, new[0], arguments.behind(Given(cls, node)), node))
        if not isinstance(made, Instance) or made.cls is not cls:
            return made
        instance = made
    else:
        instance = bare_instance(machine, cls, arguments, node)
    done = _initialize(machine, instance, arguments, node)
    if instance.model is not None and not isinstance(done, Unknown):
        machine.journal.delete(instance.model.state, "unfinished")
    return instance


def _member_of_value(machine: Machine, cls: ClassValue, value: Value, node: nodes.NodeNG) -> Value:
    if isinstance(value, Unknown):
        return machine.derived(value, "enum", id(cls))
    for member in members(cls):
        own = member.attributes["value"]
        if value is member or (isinstance(own, SCALARS) and type(own) is type(value) and own == value):
            return member
    return machine.failure("ValueError", f"no member of {cls.name}", node)


def bare_instance(machine: Machine, cls: ClassValue, arguments: Arguments, node: nodes.NodeNG) -> Instance:
    """An instance before `__init__`."""
    instance = Instance(cls, {}, node, machine.place(node))
    machine.instances[cls] = instance
    if cls.kind in ("dict", "list"):
        instance.contents = DictValue({}) if cls.kind == "dict" else ListValue([])
    PREPARE.ask(machine, instance, arguments)
    return instance


def _initialize(machine: Machine, instance: Instance, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return _init_of(machine, instance, instance.cls.mro or (instance.cls,), arguments, node)


def _init_of(
    machine: Machine, instance: Instance, classes: Sequence[ClassValue], arguments: Arguments, node: nodes.NodeNG
) -> Value:
    """The first `__init__` among the classes, written or generated; else that of the bases outside the file.

    What it gives is unknown where it only raises.
    """
    for cls in classes:
        own = cls.names.get("__init__")
        if isinstance(own, FunctionValue):
            return call_method(machine, instance, own, arguments, node)
        if cls.generates_init:
            _generated_init(machine, instance, cls, arguments, node)
            return None
    return base_init(machine, instance, arguments, node)


def _generated_init(
    machine: Machine, instance: Instance, cls: ClassValue, arguments: Arguments, node: nodes.NodeNG
) -> None:
    """The `__init__` of a dataclass or NamedTuple."""
    only = _set_fields(machine, instance, cls, arguments, node)
    hook = instance.cls.lookup("__post_init__")
    if hook is not None and isinstance(hook[0], FunctionValue):
        call_method(machine, instance, hook[0], Arguments([Given(value, node) for value in only]), node)


def base_init(machine: Machine, instance: Instance, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """What `__init__` of the bases outside the file does."""
    if instance.contents is not None:
        make = machine.builtin("dict" if instance.cls.kind == "dict" else "list")
        contents = machine.need(machine.call(make, arguments, node))
        if isinstance(contents, DictValue | ListValue):
            instance.contents = contents
        return None
    return INIT.ask(machine, instance, arguments, node)


def _set_fields(
    machine: Machine, instance: Instance, cls: ClassValue, arguments: Arguments, node: nodes.NodeNG
) -> list[Value]:
    """The fields of a dataclass or NamedTuple in order, as given or as they start; the values that are not kept."""
    specs, only = cls.fields, list[Value]()
    names = [name for name, spec in specs.items() if spec.in_init]
    given = dict(zip(names, (g.value for g in arguments.positional), strict=False))
    given.update({name: g.value for name, g in arguments.keywords.items() if name in specs})
    for name, spec in specs.items():
        if name in given:
            value = given[name]
        elif spec.factory is not None and not arguments.open_ended:
            value = machine.call(spec.factory, Arguments(), node)
        elif spec.has_default and not arguments.open_ended:
            value = spec.default
        elif spec.in_init:
            value = machine.unknown(f"field `{name}` of {instance.cls.name}", node)
        else:
            continue
        if spec.init_only:
            only.append(value)
        else:
            machine.journal.set(instance.attributes, name, value)
    return only


def field_values(value: Instance) -> dict[str, Value]:
    """The fields of a record, as they are now."""
    return {name: value.attributes[name] for name in value.cls.fields if name in value.attributes}


def as_dict(machine: Machine, value: Value) -> Value:
    """A record as a dict, the records inside as well: ``dataclasses.asdict(config)``."""
    match machine.need(value):
        case Instance() as record if record.cls.fields:
            return DictValue({name: as_dict(machine, item) for name, item in field_values(record).items()})
        case Fields(values=values):
            return namespace(dict(values))
        case ListValue(items=items):
            return ListValue([as_dict(machine, item) if not isinstance(item, More) else item for item in items])
        case other:
            return other


def replaced(machine: Machine, value: Value, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """A record with some fields new."""
    match value:
        case Instance() if value.cls.fields:
            kept = {n: Given(v, node) for n, v in field_values(value).items() if value.cls.fields[n].in_init}
            return machine.call(value.cls, Arguments([], {**kept, **arguments.keywords}, arguments.open_ended), node)
        case Fields(values=values, what=what, is_tuple=is_tuple):
            new = {name: given.value for name, given in arguments.keywords.items()}
            return Fields({**values, **new}, what, is_tuple)
        case _:
            return machine.unknown("a record with some fields new", node)


def call_method(
    machine: Machine, instance: Value, function: FunctionValue, arguments: Arguments, node: nodes.NodeNG
) -> Value:
    """A function of the file as a method."""
    return call_function(machine, function, arguments.behind(Given(instance, node)), node)


@calls_of(Instance)
def _call_instance(machine: Machine, instance: Instance, arguments: Arguments, node: nodes.NodeNG) -> Value:
    found = instance.cls.lookup("__call__")
    if found is not None and isinstance(found[0], FunctionValue):
        return call_method(machine, instance, found[0], arguments, node)
    if instance.model is not None or instance.layer is not None:
        return CALL.ask(machine, instance, arguments, node)
    return unknown_result(machine, f"{instance.cls.name}()", arguments, node)


# special methods ---------------------------------------------------------------------------------------------


def special(machine: Machine, value: Value, name: str, node: nodes.NodeNG, *values: Value) -> Value:
    """The result of a special method that the class of an instance defines in the file, or `UNDEFINED`."""
    if not isinstance(value, Instance):
        return UNDEFINED
    found = value.cls.lookup(name)
    if found is None or not isinstance(found[0], FunctionValue):
        return UNDEFINED
    return machine.need(call_method(machine, value, found[0], Arguments([Given(v, node) for v in values]), node))


@TRUTH.answers(Instance)
def _truth_of_instance(machine: Machine, instance: Instance) -> bool | Unknown:
    for name in ("__bool__", "__len__"):
        result = special(machine, instance, name, instance.node)
        if result is not UNDEFINED:
            return truth(machine, result)
    if instance.contents is not None:
        return truth(machine, instance.contents)
    scalar = scalar_of(instance)
    return True if scalar is None else truth(machine, scalar)


@ITEMS.answers(ClassValue)
def _members_in_order(machine: Machine, cls: ClassValue) -> Sequence[Value] | None:
    return members(cls) if cls.kind == "enum" else None


@ITEMS.answers(Instance)
def _items_of_instance(machine: Machine, value: Instance) -> Sequence[Value] | None:
    result = special(machine, value, "__iter__", value.node)
    if result is not UNDEFINED and result is not value:
        return items_of(machine, result)
    if value.cls.kind == "namedtuple":
        return tuple(field_values(value).values())
    if value.contents is not None:
        return items_of(machine, value.contents)
    if isinstance(scalar := scalar_of(value), str):
        return tuple(scalar)
    return None


# attributes --------------------------------------------------------------------------------------------------


@attributes_of(Instance)
def _instance_attribute(machine: Machine, instance: Instance, name: str, node: nodes.NodeNG) -> Value:
    if name in instance.attributes:
        return instance.attributes[name]
    found = instance.cls.lookup(name)
    if name == "build" and found is not None and (instance.layer is not None or instance.model is not None):
        return Native(name, lambda machine, arguments, node: BUILD.ask(machine, instance, arguments, node))
    if found is not None and (ANY_NAME not in instance.attributes or isinstance(found[0], FunctionValue)):
        return _bound(machine, found[0], instance, name, node)
    if ANY_NAME in instance.attributes and not name.startswith("__"):
        return instance.attributes[ANY_NAME]
    if name == "__class__":
        return instance.cls
    if name == "__dict__":
        return namespace(instance.attributes)
    if name in ("_replace", "_asdict", "_fields") and instance.cls.kind == "namedtuple":
        return _record_attribute(machine, instance, name)
    if instance.contents is not None:
        inherited = machine.attribute(instance.contents, name, node)
        if isinstance(inherited, Native):
            return inherited
    result = special(machine, instance, "__getattr__", node, name)
    if result is not UNDEFINED:
        return result
    if instance.model is not None or instance.layer is not None:
        return ATTRIBUTE.ask(machine, instance, name, node)
    reason = f"attribute `{name}` of {instance.cls.name}"
    return machine.unknown(reason, node) if instance.cls.open_base else machine.failure("AttributeError", reason, node)


def namespace(names: dict[str, Value]) -> DictValue:
    """The dict that holds names; what is changed in it changes them."""
    entries: Any = names
    return DictValue(entries, is_namespace=True)


def _record_attribute(machine: Machine, instance: Instance, name: str) -> Value:
    match name:
        case "_fields":
            return tuple(instance.cls.fields)
        case "_asdict":
            return Native(name, lambda machine, arguments, node: as_dict(machine, instance))
        case _:
            return Native(name, lambda machine, arguments, node: replaced(machine, instance, arguments, node))


def _bound(machine: Machine, value: Value, instance: Instance, name: str, node: nodes.NodeNG) -> Value:
    if isinstance(value, ClassValue | Instance) or not isinstance(value, FunctionValue):
        return value
    if "staticmethod" in value.decorated:
        return value
    if "classmethod" in value.decorated:
        return BoundMethod(value, instance.cls)
    if value.is_property:
        result = call_function(machine, value, Arguments([Given(instance, node)]), node)
        if value.is_cached:
            machine.journal.set(instance.attributes, name, result)
        return result
    return BoundMethod(value, instance)


@attributes_of(ClassValue)
def _class_attribute(machine: Machine, cls: ClassValue, name: str, node: nodes.NodeNG) -> Value:
    found = cls.lookup(name)
    if name == "__init__" and any(owner.generates_init for owner in cls.mro):
        return Native(name, lambda machine, arguments, node: _init_of_class(machine, cls, arguments, node))
    if found is not None:
        value = found[0]
        return (
            BoundMethod(value, cls) if isinstance(value, FunctionValue) and "classmethod" in value.decorated else value
        )
    match name:
        case "__name__" | "__qualname__":
            return cls.name
        case "__members__" if cls.kind == "enum":
            return DictValue({member.attributes["name"]: member for member in members(cls)})
        case "__init__":
            return Native("__init__", _init_through_class)
        case "_fields":
            return tuple(cls.fields)
        case "__annotations__":
            return DictValue(annotations_of(machine, cls, inherited=False))
        case _:
            return machine.unknown(f"attribute `{name}` of class {cls.name}", node)


def _init_of_class(machine: Machine, cls: ClassValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``Record.__init__(self, …)`` of a dataclass or of one that descends from it."""
    instance = machine.need(arguments.get(0))
    if isinstance(instance, Instance):
        rest = Arguments(arguments.positional[1:], arguments.keywords, arguments.open_ended)
        _init_of(machine, instance, cls.mro, rest, node)
    return None


def _init_through_class(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``Base.__init__(self, …)`` where the file's bases define none."""
    instance = machine.need(arguments.get(0))
    rest = Arguments(arguments.positional[1:], arguments.keywords, arguments.open_ended)
    return base_init(machine, instance, rest, node) if isinstance(instance, Instance) else None


@attributes_of(Super)
def _super_attribute(machine: Machine, value: Super, name: str, node: nodes.NodeNG) -> Value:
    if isinstance(value.instance, ClassValue):
        return _super_of_class(machine, value.instance, value.owner, name)
    instance = value.instance
    if name == "__init__":
        return Native(
            name, lambda machine, arguments, node: _init_behind(machine, instance, value.owner, arguments, node)
        )
    found = instance.cls.lookup(name, after=value.owner)
    if found is not None:
        return _bound(machine, found[0], instance, name, node)
    if name == "__setattr__":
        return Native(name, lambda machine, arguments, node: _set_plainly(machine, instance, arguments))
    if instance.contents is not None:
        return machine.attribute(instance.contents, name, node)
    if instance.model is not None or instance.layer is not None:
        return SUPER_ATTRIBUTE.ask(machine, instance, name, node)
    return Native(f"super().{name}", _nothing)


def _init_behind(
    machine: Machine, instance: Instance, owner: ClassValue, arguments: Arguments, node: nodes.NodeNG
) -> Value:
    """``super().__init__(…)``."""
    classes = instance.cls.mro
    behind = classes[classes.index(owner) + 1 :] if owner in classes else ()
    _init_of(machine, instance, behind, arguments, node)
    return None


def _super_of_class(machine: Machine, cls: ClassValue, owner: ClassValue, name: str) -> Value:
    found = cls.lookup(name, after=owner)
    if found is not None:
        return BoundMethod(found[0], cls) if isinstance(found[0], FunctionValue) else found[0]
    return make_bare if name == "__new__" else Native(f"super().{name}", _nothing)


def _make_bare(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    cls = machine.need(arguments.get(0))
    rest = Arguments(arguments.positional[1:], arguments.keywords, arguments.open_ended)
    if not isinstance(cls, ClassValue):
        return machine.unknown("__new__", node)
    instance = bare_instance(machine, cls, rest, node)
    if cls.kind == "namedtuple":
        _set_fields(machine, instance, cls, rest, node)
    return instance


make_bare = Native("__new__", _make_bare)


def _set_plainly(machine: Machine, instance: Instance, arguments: Arguments) -> Value:
    name = machine.need(arguments.get(0))
    if isinstance(name, str):
        machine.journal.set(instance.attributes, name, arguments.get(1))
    return None


def _nothing(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return machine.unknown("result of a method of a base class", node)
