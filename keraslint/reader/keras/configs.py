"""Layers and models of the program's own of which a file does not tell enough to make them again.

Source: `Operation.__new__` and `get_config` of Keras 3.15. Where a class has no `get_config`, Keras keeps the arguments
of its `__init__`, defaults with them, if all are plain values; of a model it keeps none. `trainable` and `dtype` are
always told.
"""

from __future__ import annotations

from collections.abc import Iterator

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import KerasObject, Tensor, Unmakable
from keraslint.reader.keras.binding import parameter_names
from keraslint.reader.keras.contents import GIVEN
from keraslint.reader.keras.freezing import inside
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import nodes_in
from keraslint.reader.machine.values import (
    BoundMethod,
    ClassValue,
    DictValue,
    External,
    FunctionValue,
    Instance,
    LayerValue,
    ListValue,
    ModelValue,
    Value,
)

ALWAYS_TOLD = ("trainable", "dtype")
LAYER = ("keras.Layer", "keras.layers.Layer")


def unmakable_in(machine: Machine, model: ModelValue) -> tuple[Unmakable, ...]:
    """Of all that a model holds, and of itself; each class once."""
    found: dict[str, Unmakable] = {}
    for part in (model.instance, *inside(machine, model)):
        if isinstance(part, Instance) and part.cls.name not in found:
            why = _why(machine, part)
            if why is not None:
                found[part.cls.name] = why
    return tuple(found.values())


def _why(machine: Machine, part: Instance) -> Unmakable | None:
    cls, base = part.cls, part.cls.keras_base
    init = cls.lookup("__init__")
    constructor = init[0] if init is not None else None
    if base is None or _inherits_unknown(cls) or not isinstance(constructor, FunctionValue):
        return None
    if constructor.node.decorators is not None or cls.lookup("from_config") is not None:
        return None
    required = _required(constructor)
    configs = [own.names["get_config"] for own in cls.mro if "get_config" in own.names]
    if configs:
        untold = next((name for name in required if not _may_tell(configs, base, name)), None)
        return Unmakable(cls.name, "untold", untold) if untold is not None else None
    if part.model is not None:
        if part.model.kind != "subclass" or part.model.state.is_functional:
            return None
        if required:
            return Unmakable(cls.name, "required", required[0])
        return None if _takes_all(constructor) else Unmakable(cls.name, "keywords")
    if base in LAYER:
        return _of_plain_layer(machine, part, constructor)
    untold = next((name for name in required if name not in parameter_names(base)), None)
    return Unmakable(cls.name, "untold", untold) if untold is not None and keras_api.symbol(base) else None


def _of_plain_layer(machine: Machine, part: Instance, constructor: FunctionValue) -> Unmakable | None:
    given = part.notes.get(GIVEN)
    for name, value in _values(constructor, given) if isinstance(given, Arguments) else ():
        if _is_no_plain_value(machine, value):
            return Unmakable(part.cls.name, "argument", name)
    return None if _takes_all(constructor) else Unmakable(part.cls.name, "keywords")


def _inherits_unknown(cls: ClassValue) -> bool:
    """Whether attributes may come from a base that is neither of the file nor Keras's."""
    outside = [base for own in cls.mro for base in own.bases if not isinstance(base, ClassValue)]
    return any(not isinstance(base, External) or keras_api.canonical(base.path) is None for base in outside)


def _parameters(constructor: FunctionValue) -> list[str]:
    given = constructor.node.args
    return [one.name for one in (*(given.posonlyargs or ()), *(given.args or ()))][1:]


def _required(constructor: FunctionValue) -> list[str]:
    only = [one.name for one in constructor.node.args.kwonlyargs or ()]
    return [name for name in (*_parameters(constructor), *only) if name not in constructor.defaults]


def _takes_all(constructor: FunctionValue) -> bool:
    """Whether `trainable` and `dtype` may be given to it."""
    given = constructor.node.args
    names = {*_parameters(constructor), *(one.name for one in given.kwonlyargs or ())}
    return given.kwarg is not None or names.issuperset(ALWAYS_TOLD)


def _values(constructor: FunctionValue, given: Arguments) -> Iterator[tuple[str, Value]]:
    """What each parameter was given, or defaults to."""
    told = dict(constructor.defaults)
    told.update(zip(_parameters(constructor), (argument.value for argument in given.positional), strict=False))
    told.update((name, argument.value) for name, argument in given.keywords.items())
    told.pop("name", None)
    return iter(told.items())


def _is_no_plain_value(machine: Machine, value: Value) -> bool:
    """Whether it surely is, or holds, neither text nor number nor None."""
    value = machine.need(value)
    match value:
        case (tuple() as items) | ListValue(items=items):
            return any(_is_no_plain_value(machine, item) for item in items)
        case DictValue(entries=entries):
            return any(_is_no_plain_value(machine, item) for item in entries.values())
        case LayerValue() | ModelValue() | KerasObject() | Tensor() | FunctionValue() | BoundMethod() | ClassValue():
            return True
        case Instance(cls=cls):
            return cls.keras_base is not None
        case External(path=path):
            symbol = keras_api.symbol(keras_api.canonical(path) or "")
            return symbol is not None and symbol.kind in ("class", "function")
    return False


def _may_tell(configs: list[Value], base: str, name: str) -> bool:
    """Whether a `get_config` may have this name among its keys."""
    if name in parameter_names(base) or name in ("name", *ALWAYS_TOLD):
        return True
    return any(not isinstance(config, FunctionValue) or _may_mention(config.node, name) for config in configs)


def _may_mention(function: nodes.NodeNG, name: str) -> bool:
    """Whether its text has the name, or takes names from where they are not written."""
    if any(constant.value == name for constant in nodes_in(function, nodes.Const)):
        return True
    if any(keyword.arg == name for keyword in nodes_in(function, nodes.Keyword)):
        return True
    for call in nodes_in(function, nodes.Call):
        asked = call.func
        known = asked.attrname if isinstance(asked, nodes.Attribute) else getattr(asked, "name", "")
        if known not in ("super", "get_config", "dict", "update", "copy", "items", "list", "serialize", "tuple"):
            return True
        if known == "get_config" and not _is_of_super(asked):
            return True
    return bool(nodes_in(function, nodes.DictComp, nodes.For) or _asks_itself(function))


def _is_of_super(asked: nodes.NodeNG) -> bool:
    """``super().get_config`` and ``Layer.get_config``."""
    owner = asked.expr if isinstance(asked, nodes.Attribute) else None
    return isinstance(owner, nodes.Call) and getattr(owner.func, "name", "") == "super"


def _asks_itself(function: nodes.NodeNG) -> bool:
    return any(asked.attrname in ("__dict__", "config", "_config") for asked in nodes_in(function, nodes.Attribute))
