"""What something is, as far as Python's built-in functions ask: isinstance, type, callable, hasattr."""

from __future__ import annotations

import builtins

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import Array, KerasObject, Tensor, Unknown
from keraslint.reader.language.inspection import TYPES
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.library import NativeCall
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import text_of
from keraslint.reader.machine.protocols import IS_INSTANCE
from keraslint.reader.machine.values import (
    BoundMethod,
    ClassValue,
    DictValue,
    Error,
    External,
    Fields,
    FunctionValue,
    Instance,
    LayerValue,
    ListValue,
    Method,
    ModelValue,
    Native,
    Table,
    TensorShape,
    Value,
    scalar_of,
)
from keraslint.reader.stdlib.abcs import ABSTRACT, abstract_class, is_abstractly

ERRORS = {
    name: kind for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, BaseException)
}


def _isinstance(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return is_instance(machine, machine.need(arguments.get(0)), machine.need_all(arguments.get(1)), node)


@IS_INSTANCE.answers
def is_instance(machine: Machine, value: Value, kinds: Value, node: nodes.NodeNG) -> bool | Unknown:
    """``isinstance(value, kinds)``."""
    if isinstance(value, Unknown):
        return machine.derived(value, "isinstance", text_of(node))
    answers = [_is_a(value, kind) for kind in (kinds if isinstance(kinds, tuple) else (kinds,))]
    if True in answers:
        return True
    return False if all(answer is False for answer in answers) else machine.unknown("a class test", node)


_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (float,),
    "str": (str,),
    "bool": (bool,),
    "tuple": (tuple,),
    "complex": (complex,),
    "bytes": (bytes,),
    "NoneType": (type(None),),
}


def _is_a(value: Value, kind: Value) -> bool | None:
    """Whether a value is an instance, or None when that is not known."""
    match kind:
        case Native(name=name) if name in _PYTHON_TYPES:
            if isinstance(value, Instance):
                scalar = scalar_of(value)
                return None if value.cls.open_base else scalar is not None and isinstance(scalar, _PYTHON_TYPES[name])
            return isinstance(value, _PYTHON_TYPES[name]) or (name == "tuple" and isinstance(value, Fields))
        case Native(name="list" | "dict" | "set" as name):
            if isinstance(value, Instance):
                return value.cls.kind == name or (None if value.cls.open_base else False)
            if name == "dict":
                return isinstance(value, DictValue)
            is_list = isinstance(value, ListValue) and not value.is_generator
            return is_list and value.is_set == (name == "set")
        case Native(name=name) if name in ERRORS:
            if isinstance(value, Error):
                return issubclass(ERRORS[value.kind], ERRORS[name])
            return None if isinstance(value, Instance) else False
        case Native(name="type"):
            return _is_type(value)
        case ClassValue():
            if isinstance(value, Instance):
                return kind in (value.cls.mro or (value.cls,))
            return False
        case External(path=path):
            return _is_external(value, path)
    return None


def _is_type(value: Value) -> bool | None:
    match value:
        case ClassValue():
            return True
        case External():
            return None
        case Native(name=name):
            return name in TYPES
        case _:
            return False


def _is_external(value: Value, path: str) -> bool | None:
    if abstract := abstract_class(path):
        return is_abstractly(value, abstract)
    name = keras_api.canonical(path)
    match value:
        case LayerValue():
            if name == "keras.Layer":
                return True
            return value.layer.class_name == name if name else None
        case ModelValue():
            if name == "keras.Sequential":
                return value.kind == "sequential"
            return True if name in ("keras.Model", "keras.Layer") else None
        case Instance():
            if name is None or value.cls.keras_base is None:
                return None
            bases = (value.cls.keras_base, "keras.Layer", *(("keras.Model",) if value.model is not None else ()))
            return True if name in bases else None
        case KerasObject() if name:
            return _is_a_keras(value, name)
        case TensorShape() if path.rpartition(".")[2] == "TensorShape":
            return True
        case int() | float() | str() | tuple() | None | ListValue() | DictValue() | FunctionValue():
            return None if path.rpartition(".")[2] in ABSTRACT else False
    return None


def has_attribute(machine: Machine, owner: Value, name: str) -> bool | None:
    """``hasattr``, or None when it is not known."""
    match owner:
        case Instance():
            if name in owner.attributes or owner.cls.lookup(name) or name in ("__class__", "__dict__"):
                return True
            open_ended = owner.cls.open_base or owner.cls.lookup("__getattr__") or owner.contents is not None
            return None if open_ended else False
        case ClassValue():
            return True if owner.lookup(name) else None if owner.open_base else False
        case FunctionValue(attributes=attributes):
            return name in attributes or name.startswith("__")
        case ModelValue() | LayerValue():
            return None if isinstance(machine.attribute(owner, name, nodes.Const(None)), Unknown) else True
        case Fields(values=values, is_tuple=False):
            return name in values or None
        case Tensor() | Array() if name in ("shape", "dtype"):
            return True
        case int() | float() | str() | None | tuple():
            return hasattr(owner, name)
        case ListValue(is_set=is_set):
            return hasattr(set if is_set else list, name)
        case DictValue():
            return hasattr(dict, name)
        case _:
            return None


def _hasattr(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    owner, name = machine.need(arguments.get(0)), machine.need(arguments.get(1))
    if isinstance(owner, Unknown) and isinstance(name, str):
        return machine.derived(owner, "hasattr", name)
    known = has_attribute(machine, owner, name) if isinstance(name, str) else None
    return machine.unknown("whether an attribute is there", node) if known is None else known


def _callable(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0))
    match value:
        case Unknown():
            return machine.derived(value, "callable")
        case FunctionValue() | BoundMethod() | Native() | ClassValue() | LayerValue() | ModelValue() | Method():
            return True
        case int() | float() | str() | None | tuple() | ListValue() | DictValue():
            return False
        case Instance():
            if value.cls.lookup("__call__") or value.layer is not None or value.model is not None:
                return True
        case External(path=path) if keras_api.canonical(path):
            return True
    return machine.unknown("whether something can be called", node)


def _type(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0))
    if len(arguments.positional) != 1:
        return machine.unknown("a class made by type()", node)
    match value:
        case Instance():
            return value.cls
        case LayerValue():
            return External(value.layer.class_name)
        case ListValue(is_set=is_set, is_generator=False):
            return machine.builtin("set" if is_set else "list")
        case DictValue():
            return machine.builtin("dict")
        case bool() | int() | float() | str() | tuple():
            return machine.builtin(type(value).__name__)
        case None:
            return NONE_TYPE
        case Array() | Table():
            return TYPE_OF_DATA
        case Tensor():
            return TYPE_OF_TENSORS
        case Unknown():
            return machine.derived(value, "type")
        case _:
            return machine.unknown("a type", node)


NONE_TYPE = Native("NoneType", _type)
TYPE_OF_DATA, TYPE_OF_TENSORS = Native("a type of data", _type), Native("a type of tensors", _type)
"""No types of Python's own, whichever they are."""


def _issubclass(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    cls, kinds = machine.need(arguments.get(0)), machine.need_all(arguments.get(1))
    answers = []
    for kind in kinds if isinstance(kinds, tuple) else (kinds,):
        known = isinstance(cls, ClassValue) and isinstance(kind, ClassValue)
        answers.append(kind in cls.mro if known else None)
    if True in answers:
        return True
    return False if all(answer is False for answer in answers) else machine.unknown("a class test", node)


FUNCTIONS: dict[str, NativeCall] = {
    "callable": _callable,
    "hasattr": _hasattr,
    "isinstance": _isinstance,
    "issubclass": _issubclass,
    "type": _type,
}


def _is_a_keras(value: KerasObject, name: str) -> bool | None:
    """Whether an object is an instance of a class of Keras; None when that is not known."""
    symbol = keras_api.symbol(value.class_name)
    if value.in_file or symbol is None:
        return None
    return name in (symbol.name, *symbol.bases)
