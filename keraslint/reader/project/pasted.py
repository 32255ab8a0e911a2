"""Names that pasted programs leave out: what they are, where nothing in the file can have bound them."""

from __future__ import annotations

from dataclasses import dataclass, field

from astroid import nodes

from keraslint import keras_api
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.memory import remembered
from keraslint.reader.machine.places import file_of, nodes_in
from keraslint.reader.machine.protocols import WELL_KNOWN
from keraslint.reader.machine.values import External, Value
from keraslint.reader.project.first_party import starred

_SHORT_NAMES = {
    "np": "numpy",
    "numpy": "numpy",
    "tf": "tensorflow",
    "tensorflow": "tensorflow",
    "keras": "keras",
    "K": "keras.backend",
    "backend": "keras.backend",
    "layers": "keras.layers",
    "models": "keras.models",
    "optimizers": "keras.optimizers",
    "losses": "keras.losses",
    "metrics": "keras.metrics",
    "callbacks": "keras.callbacks",
    "regularizers": "keras.regularizers",
    "initializers": "keras.initializers",
    "concatenate": "keras.layers.concatenate",
    "to_categorical": "keras.utils.to_categorical",
}
"""What people call the modules."""

_OTHER_FRAMEWORKS = frozenset(
    (
        *("caffe", "caffe2", "chainer", "dynet", "fastai", "flax", "haiku", "lasagne", "mindspore", "mxnet", "neupy"),
        *("paddle", "tensorlayer", "tflearn", "thinc", "torch", "trax"),
    )
)
"""Packages that have a `Dense` or a `Sequential` of their own."""

_BINDING_BY_TEXT = frozenset(("exec", "execfile", "globals"))
"""Functions that bind names nobody sees."""

NAMES_FOR_ONE = 10
"""Looking at so many names takes as long as one expression takes to evaluate."""


@dataclass
class Pasted:
    """What a program leaves out."""

    names: set[str] = field(default_factory=set)
    """The names that were taken for Keras's."""


@WELL_KNOWN.answers
def well_known(machine: Machine, name: str, node: nodes.NodeNG) -> Value | None:
    """A name that the scopes do not have: from a star import, or one that was not pasted along with the program."""
    for found in starred(machine, machine.scope.module, name):
        return found
    path = _SHORT_NAMES.get(name) or keras_api.well_known(name)
    if path is None or file_of(node):
        return None
    names = _bound_in(machine, node.root())
    if names is None or name in names:
        return None
    machine.snippet = True
    machine.memory(Pasted).names.add(name)
    return External(path)


@remembered
def _bound_in(machine: Machine, module: nodes.NodeNG) -> frozenset[str] | None:
    """The names that a module binds at its own level or that any import in it brings; None where what it does not
    bind may come from elsewhere."""
    used = nodes_in(module, nodes.Name)
    machine.burn(len(used) // NAMES_FOR_ONE)
    if not isinstance(module, nodes.Module) or any(name.name in _BINDING_BY_TEXT for name in used):
        return None
    found = set(module.locals)
    imports = nodes_in(module, nodes.ImportFrom)
    packages = [name for node in nodes_in(module, nodes.Import) for name, _ in node.names]
    packages.extend(node.modname or "" for node in imports)
    if any(package.partition(".")[0] in _OTHER_FRAMEWORKS for package in packages):
        return None
    for node in imports:
        for name, alias in node.names:
            if name == "*" and not keras_api.is_keras_module(node.modname or ""):
                return None
            found.add(alias or name)
    return frozenset(found)


def is_left_out(machine: Machine, node: nodes.NodeNG) -> bool:
    """Whether a dotted name begins with one that the program leaves out: nobody knows of which Keras it is."""
    names = machine.memory(Pasted).names
    while names and isinstance(node, nodes.Attribute):
        node = node.expr
    return isinstance(node, nodes.Name) and node.name in names


def member_of_short_name(node: nodes.NodeNG, name: str) -> External | None:
    """``layers.Dense`` where ``layers`` is a parameter or comes from one: libraries hand Keras's modules around."""
    owner = node.expr.name if isinstance(node, nodes.Attribute) and isinstance(node.expr, nodes.Name) else ""
    module = _SHORT_NAMES.get(owner.lstrip("_"))
    symbol = keras_api.canonical(f"{module}.{name}") if module and module.startswith("keras") else None
    return External(symbol) if symbol else None
