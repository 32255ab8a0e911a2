"""Imports and what dotted names stand for: Keras under all its names, other packages by their path."""

from __future__ import annotations

import string
from dataclasses import dataclass, field

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import Unknown
from keraslint.reader.language.assignment import Patched
from keraslint.reader.machine.machine import Completion, Flow, Machine, attributes_of, statement
from keraslint.reader.machine.protocols import BUILTINS
from keraslint.reader.machine.values import External, Value
from keraslint.reader.project.first_party import first_party
from keraslint.reader.project.pasted import is_left_out, member_of_short_name
from keraslint.reader.stdlib.records import FLAGS, flags_of

CONSTANTS: dict[str, Value] = {
    "math.pi": 3.141592653589793,
    "numpy.pi": 3.141592653589793,
    "numpy.e": 2.718281828459045,
    "math.e": 2.718281828459045,
    "math.inf": float("inf"),
    "numpy.inf": float("inf"),
    "numpy.newaxis": None,
    "tensorflow.newaxis": None,
    "numpy.float32": "float32",
    "numpy.float64": "float64",
    "numpy.int32": "int32",
    "numpy.int64": "int64",
    "numpy.uint8": "uint8",
    "tensorflow.float16": "float16",
    "tensorflow.float32": "float32",
    "tensorflow.float64": "float64",
    "tensorflow.int32": "int32",
    "tensorflow.int64": "int64",
    "tensorflow.uint8": "uint8",
    "tensorflow.string": "string",
    "tensorflow.bool": "bool",
    "six.PY2": False,
    "six.PY3": True,
    "typing.TYPE_CHECKING": False,
    **{f"string.{name}": getattr(string, name) for name in ("ascii_letters", "ascii_lowercase", "ascii_uppercase")},
    **{f"string.{name}": getattr(string, name) for name in ("digits", "hexdigits", "punctuation", "whitespace")},
}
"""Names of other packages whose value is plain."""


_BUILTINS_ELSEWHERE = frozenset(("builtins", "past.builtins", "six.moves", "six.moves.builtins"))
"""Modules from which programs of two Pythons take ``range`` and the like."""


_BUILTINS_RENAMED = {
    "past.builtins.xrange": "range",
    "six.binary_type": "bytes",
    "six.integer_types": "int",
    "six.moves.xrange": "range",
    "six.string_types": "str",
    "six.text_type": "str",
}
"""The same under names that tell the two apart."""


@dataclass
class Spelled:
    """How the file that is read speaks of Keras."""

    names: set[str] = field(default_factory=set)
    """Names as the file spells them; they tell which versions it is written for."""

    imports: dict[nodes.NodeNG, None] = field(default_factory=dict)
    """The import statements that ask for Keras, in the order in which they were read."""

    gone: dict[nodes.NodeNG, str] = field(default_factory=dict)
    """Where it asks for names that today's Keras no longer has, by their dotted paths; imports apart."""


def import_module(machine: Machine, node: nodes.Import) -> None:
    origin = machine.scope.module.file
    for name, alias in node.names:
        if alias:
            _bind(machine, alias, External(name, origin))
        else:
            root: str = name.partition(".")[0]
            _bind(machine, root, External(root, origin))
        _note(machine, name, node)


def import_from(machine: Machine, node: nodes.ImportFrom) -> None:
    module = "." * (node.level or 0) + (node.modname or "")
    origin = machine.scope.module.file
    for name, alias in node.names:
        if name == "*":
            _import_star(machine, External(module, origin), node)
            continue
        path = f"{module}.{name}" if not module.endswith(".") else module + name
        _bind(machine, alias or name, resolve(path, origin))
        _note(machine, path, node)


def _bind(machine: Machine, name: str, value: Value) -> None:
    machine.journal.set(machine.scope.names, name, value)


def _note(machine: Machine, path: str, statement: nodes.NodeNG | None = None) -> None:
    """Remember a name of Keras as the file spells it, and the statement that imports it; of other files, that they
    are for a Keras that stopped at some Keras 2: its models are what this file gets from them."""
    own = not machine.scope.module.file
    if keras_api.is_frozen(path) and not own:
        machine.memory(Spelled).names.add(path)
    if own and (keras_api.is_keras_module(path) or keras_api.canonical(path)):
        machine.memory(Spelled).names.add(path)
        if statement is not None:
            machine.memory(Spelled).imports[statement] = None


def _import_star(machine: Machine, module: External, node: nodes.ImportFrom) -> None:
    machine.scope.module.stars.append(module)
    if keras_api.is_keras_module(module.path):
        _note(machine, module.path, node)


def resolve(path: str, origin: str = "") -> Value:
    """The value of a dotted name: a plain constant when it is one, else the name itself."""
    if path in CONSTANTS:
        return CONSTANTS[path]
    package, _, name = path.rpartition(".")
    if package in _BUILTINS_ELSEWHERE or path in _BUILTINS_RENAMED:
        return BUILTINS.get(_BUILTINS_RENAMED.get(path, name), External(path, origin))
    return External(path, origin)


@attributes_of(External)
def _attribute(machine: Machine, value: External, name: str, node: nodes.NodeNG) -> Value:
    path = f"{value.path}.{name}"
    patched = machine.memory(Patched).names
    if path in patched:
        return patched[path]
    if value.path in FLAGS:
        return machine.attribute(flags_of(machine), name, node)
    if name == "__version__":
        return Unknown(f"{path} of the environment that runs the program")
    is_known = keras_api.canonical(path) is not None
    if is_known and not is_left_out(machine, node):
        _note(machine, path)
        if keras_api.gone_from(path, keras_api.NEWEST) and not machine.scope.module.file:
            machine.memory(Spelled).gone.setdefault(node, path)
    found = resolve(path, value.origin)
    if isinstance(found, External):
        found = first_party(machine, found, node)
    if not is_known and "keras" in value.path and found == External(path, value.origin):
        return member_of_short_name(node, name) or found
    return found


@statement(nodes.Import)
def _import(machine: Machine, node: nodes.Import) -> Completion:
    import_module(machine, node)
    return Flow.NEXT


@statement(nodes.ImportFrom)
def _import_from(machine: Machine, node: nodes.ImportFrom) -> Completion:
    import_from(machine, node)
    return Flow.NEXT
