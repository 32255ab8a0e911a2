"""Functions and classes of the file: how they are made, how their arguments bind, and what calling them does."""

from __future__ import annotations

from collections.abc import Hashable

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import Tensor, Unknown
from keraslint.reader.machine import (
    DEEPEST_CALL,
    MOST_BLIND_RECURSION,
    MOST_RECURSION,
    Arguments,
    Frame,
    Given,
    Machine,
    attributes_of,
    calls_of,
    returned,
)
from keraslint.reader.state import OutOfFuel, file_of, span_of
from keraslint.reader.values import (
    BoundMethod,
    ClassValue,
    DictValue,
    External,
    FunctionValue,
    Instance,
    ListValue,
    Native,
    Scope,
    Super,
    Value,
)

FORKS_IN_OTHER_FILES = 2
"""In a call of a function in another file so many undecided branches are kept apart."""
SHARE_OF_OTHER_FILES = 0.5
"""One call of a function in another file takes so much of the fuel that is left."""


def make_function(
    machine: Machine, node: nodes.FunctionDef | nodes.Lambda, owner: ClassValue | None = None
) -> FunctionValue:
    """The function that a definition makes, its defaults evaluated here and now."""
    arguments = node.args
    defaults: dict[str, Value] = {}
    named = [*(arguments.posonlyargs or ()), *(arguments.args or ())]
    given = arguments.defaults or []
    for parameter, default in zip(named[len(named) - len(given) :], given, strict=False):
        defaults[parameter.name] = machine.evaluate(default)
    for parameter, default in zip(arguments.kwonlyargs or (), arguments.kw_defaults or (), strict=False):
        if default is not None:
            defaults[parameter.name] = machine.evaluate(default)
    function = FunctionValue(node, machine.scope, defaults, owner, _decorators(machine, node))
    if isinstance(node, nodes.FunctionDef) and not file_of(node):
        machine.functions.append(function)
    return function


def _decorators(machine: Machine, node: nodes.FunctionDef | nodes.Lambda) -> tuple[str, ...]:
    names = []
    if isinstance(node, nodes.FunctionDef) and node.decorators is not None:
        for decorator in node.decorators.nodes:
            expression = decorator.func if isinstance(decorator, nodes.Call) else decorator
            value = machine.evaluate(expression)
            names.append(value.path if isinstance(value, External) else expression.as_string())
    return tuple(names)


def make_class(machine: Machine, node: nodes.ClassDef) -> ClassValue:
    """The class that a definition makes; its body is read in a scope of its own."""
    bases = tuple(machine.now(base) for base in node.bases)
    outer = machine.scope
    machine.scope = Scope({}, outer, "class")
    cls = ClassValue(node, bases, machine.scope.names)
    for base in bases:
        match base:
            case External(path=path):
                cls.keras_base = cls.keras_base or keras_api.canonical(path)
                cls.open_base = cls.open_base or path != "object"
            case ClassValue(keras_base=keras_base, open_base=open_base):
                cls.keras_base = cls.keras_base or keras_base
                cls.open_base = cls.open_base or open_base
            case _:
                cls.open_base = True
    try:
        machine.execute(node.body)
    finally:
        machine.scope = outer
    for value in cls.names.values():
        if isinstance(value, FunctionValue) and value.owner is None:
            value.owner = cls
            value.scope = outer
    if not file_of(node):
        machine.classes.append(cls)
    return cls


# calling -----------------------------------------------------------------------------------------------------


@calls_of(FunctionValue)
def call_function(machine: Machine, function: FunctionValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """Read the body with the arguments bound; the value that it returns."""
    machine.called.add(function.node)
    depth = sum(frame.function.node is function.node for frame in machine.frames)
    deepest = MOST_BLIND_RECURSION if machine.worlds else MOST_RECURSION
    if len(machine.frames) >= DEEPEST_CALL or depth >= deepest:
        return machine.unknown(f"{function.name} calls itself too deep", node)
    scope = Scope(bind(machine, function, arguments), function.scope, "function")
    if machine.site is None and not file_of(node) and file_of(function.node):
        return _run_elsewhere(machine, function, scope, arguments, node)
    return _run(machine, function, scope)


def _run_elsewhere(
    machine: Machine, function: FunctionValue, scope: Scope, arguments: Arguments, node: nodes.NodeNG
) -> Value:
    """Read a function of another file with a share of the fuel: most of this file's own is kept for itself."""
    reserve = int(machine.fuel * (1 - SHARE_OF_OTHER_FILES))
    machine.fuel -= reserve
    machine.site = node
    most_forks = machine.most_forks
    machine.most_forks = min(most_forks, machine.forks + FORKS_IN_OTHER_FILES)
    try:
        return _run(machine, function, scope)
    except OutOfFuel:
        return unknown_result(machine, f"{function.name}, which asks for more work than is allowed", arguments, node)
    finally:
        machine.site = None
        machine.most_forks = most_forks
        machine.fuel = max(machine.fuel, 0) + reserve


def _run(machine: Machine, function: FunctionValue, scope: Scope) -> Value:
    outer = machine.scope
    frame = Frame(function, scope, function.owner)
    machine.frames.append(frame)
    machine.scope = scope
    loops, machine.loops = machine.loops, 0
    try:
        if isinstance(function.node, nodes.Lambda) and not isinstance(function.node, nodes.FunctionDef):
            return machine.evaluate(function.node.body)
        completion = machine.execute(function.node.body)
    finally:
        machine.scope = outer
        machine.frames.pop()
        machine.loops = loops
    if frame.yielded:
        from keraslint.reader.iteration import MORE

        return ListValue([*frame.yielded[:4], MORE], is_generator=True)
    return returned(machine, completion)


def bind(machine: Machine, function: FunctionValue, arguments: Arguments) -> dict[str, Value]:
    """The parameters' values; a parameter that nothing gives is unknown, by its name."""
    parameters = function.node.args
    named = [p.name for p in (*(parameters.posonlyargs or ()), *(parameters.args or ()))]
    positional = [given.value for given in arguments.positional]
    names: dict[str, Value] = dict(zip(named, positional, strict=False))
    if parameters.vararg:
        extra: list[Value] = positional[len(named) :]
        names[parameters.vararg] = tuple(extra) if not arguments.open_ended else Unknown(f"*{parameters.vararg}")
    accepted = {*named, *(p.name for p in parameters.kwonlyargs or ())}
    more: dict[Hashable, Value] = {}
    names.update({name: given.value for name, given in arguments.keywords.items() if name in accepted})
    more.update({name: given.value for name, given in arguments.keywords.items() if name not in accepted})
    if parameters.kwarg:
        names[parameters.kwarg] = DictValue(more, has_more=arguments.open_ended)
    for name in (*named, *(p.name for p in parameters.kwonlyargs or ())):
        if name in names:
            continue
        if name in function.defaults and not arguments.open_ended:
            names[name] = function.defaults[name]
        else:
            names[name] = machine.unknown(f"parameter `{name}` of {function.name}", function.node)
    return names


@calls_of(BoundMethod)
def _call_bound(machine: Machine, method: BoundMethod, arguments: Arguments, node: nodes.NodeNG) -> Value:
    receiver = Given(method.instance, node)
    with_self = Arguments([receiver, *arguments.positional], arguments.keywords, arguments.open_ended)
    return call_function(machine, method.function, with_self, node)


@calls_of(Native)
def _call_native(machine: Machine, native: Native, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return native.call(machine, arguments, node)


@calls_of(ClassValue)
def instantiate(machine: Machine, cls: ClassValue, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """An instance, with `__init__` of the file run on it; dataclasses and namedtuples get their fields."""
    from keraslint.reader.subclasses import prepare_instance

    machine.called.add(cls.node)
    machine.burn(5)
    instance = Instance(cls, {}, node, machine.place(node))
    machine.instances[cls] = instance
    prepare_instance(machine, instance, arguments)
    found = cls.lookup("__init__")
    if found is not None and isinstance(found[0], FunctionValue):
        call_function(
            machine,
            found[0],
            Arguments([Given(instance, node), *arguments.positional], arguments.keywords, arguments.open_ended),
            node,
        )
    else:
        _set_fields(machine, instance, arguments)
    return instance


def _set_fields(machine: Machine, instance: Instance, arguments: Arguments) -> None:
    """The fields of a dataclass or NamedTuple: annotated names in order, with their defaults."""
    fields = _field_names(instance.cls)
    for name, given in zip(fields, arguments.positional, strict=False):
        instance.attributes[name] = given.value
    for name, given in arguments.keywords.items():
        instance.attributes[name] = given.value
    for name in fields:
        if name not in instance.attributes and instance.cls.lookup(name) is None:
            instance.attributes[name] = Unknown(f"field `{name}` of {instance.cls.node.name}")


def _field_names(cls: ClassValue) -> list[str]:
    """The annotated names of a class, those of its bases first."""
    inherited = [name for base in cls.bases if isinstance(base, ClassValue) for name in _field_names(base)]
    own = [
        item.target.name
        for item in cls.node.body
        if isinstance(item, nodes.AnnAssign) and isinstance(item.target, nodes.AssignName)
    ]
    return list(dict.fromkeys([*inherited, *own]))


@calls_of(Instance)
def _call_instance(machine: Machine, instance: Instance, arguments: Arguments, node: nodes.NodeNG) -> Value:
    from keraslint.reader.subclasses import call_keras_instance

    if instance.model is not None or instance.layer is not None:
        return call_keras_instance(machine, instance, arguments, node)
    found = instance.cls.lookup("__call__")
    if found is not None and isinstance(found[0], FunctionValue):
        return _call_bound(machine, BoundMethod(found[0], instance), arguments, node)
    return unknown_result(machine, f"{instance.cls.node.name}()", arguments, node)


@calls_of(Unknown)
def _call_unknown(machine: Machine, callee: Unknown, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return unknown_result(machine, callee.reason, arguments, node)


def unknown_result(machine: Machine, what: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """Calling what we do not know: on tensors it gives a tensor of unknown shape; what it is given may change."""
    from keraslint.reader.models import escape

    tensors = tuple(tensors_in(machine, arguments.values))
    for value in arguments.values:
        escape(machine, value, what)
    if tensors:
        return machine.opaque_tensor(what, tensors, span_of(node))
    return machine.unknown(f"result of {what}" if not what.startswith(("result of", "parameter")) else what, node)


def tensors_in(machine: Machine, value: Value) -> list[Tensor]:
    """Every tensor in a value, through lists, tuples and dicts, in order."""
    value = machine.need(value)
    match value:
        case Tensor():
            return [value]
        case tuple() | list():
            return [tensor for item in value for tensor in tensors_in(machine, item)]
        case ListValue(items=items):
            return [tensor for item in items for tensor in tensors_in(machine, item)]
        case DictValue(entries=entries):
            return [tensor for item in entries.values() for tensor in tensors_in(machine, item)]
        case _:
            return []


# attributes --------------------------------------------------------------------------------------------------


@attributes_of(Instance)
def _instance_attribute(machine: Machine, instance: Instance, name: str, node: nodes.NodeNG) -> Value:
    if name in instance.attributes:
        return instance.attributes[name]
    found = instance.cls.lookup(name)
    if found is not None:
        return _bound(machine, found[0], instance, node)
    if name == "__class__":
        return instance.cls
    if name == "__dict__":
        return DictValue(dict(instance.attributes.items()))
    if instance.model is not None or instance.layer is not None:
        from keraslint.reader.subclasses import keras_attribute

        return keras_attribute(machine, instance, name, node)
    return machine.unknown(f"attribute `{name}` of {instance.cls.node.name}", node)


def _bound(machine: Machine, value: Value, instance: Instance, node: nodes.NodeNG) -> Value:
    if not isinstance(value, FunctionValue):
        return value
    if "staticmethod" in value.decorated:
        return value
    if "classmethod" in value.decorated:
        return BoundMethod(value, instance.cls)
    if value.decorated and value.decorated[0].rpartition(".")[2] in ("property", "cached_property"):
        return call_function(machine, value, Arguments([Given(instance, node)]), node)
    return BoundMethod(value, instance)


@attributes_of(ClassValue)
def _class_attribute(machine: Machine, cls: ClassValue, name: str, node: nodes.NodeNG) -> Value:
    found = cls.lookup(name)
    if found is None:
        return (
            cls.node.name
            if name == "__name__"
            else machine.unknown(f"attribute `{name}` of class {cls.node.name}", node)
        )
    value = found[0]
    if isinstance(value, FunctionValue) and "classmethod" in value.decorated:
        return BoundMethod(value, cls)
    return value


@attributes_of(Super)
def _super_attribute(machine: Machine, value: Super, name: str, node: nodes.NodeNG) -> Value:
    for base in value.owner.bases:
        if isinstance(base, ClassValue) and (found := base.lookup(name)):
            return _bound(machine, found[0], value.instance, node)
    if value.instance.model is not None or value.instance.layer is not None:
        from keraslint.reader.subclasses import keras_super_attribute

        return keras_super_attribute(machine, value.instance, name, node)
    return Native(f"super().{name}", _nothing)


def _nothing(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return machine.unknown("result of a method of a base class", node)


@attributes_of(FunctionValue)
def _function_attribute(machine: Machine, function: FunctionValue, name: str, node: nodes.NodeNG) -> Value:
    return function.name if name == "__name__" else machine.unknown(f"attribute `{name}` of a function", node)
