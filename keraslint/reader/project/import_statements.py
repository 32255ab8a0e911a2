"""The import statements of a program as parts of the graph, and whether they reckon with another Keras."""

from __future__ import annotations

from collections.abc import Iterable

from astroid import nodes

from keraslint import keras_api
from keraslint.graph.program import Import
from keraslint.reader.machine.places import nodes_in, span_of

OLD_KERAS = "TF_USE_LEGACY_KERAS"
"""The environment variable by which TensorFlow goes on with Keras 2."""


def imports_of(statements: Iterable[nodes.NodeNG]) -> tuple[Import, ...]:
    """The statements, each with whether it is guarded.

    Only for one that does not work everywhere the whole file is searched.
    """
    found = [_import(node, any(map(is_guard, node.node_ancestors()))) for node in statements]
    module = next((node.root() for node in statements), None)
    if any(map(_is_gone_today, found)) and compares_versions(module):
        return tuple(Import(part.module, part.names, part.span, True) for part in found)
    return tuple(found)


def _import(node: nodes.NodeNG, guarded: bool) -> Import:
    if isinstance(node, nodes.Import):
        return Import("", tuple(node.names), span_of(node), guarded)
    return Import("." * (node.level or 0) + (node.modname or ""), tuple(node.names), span_of(node), guarded)


def _is_gone_today(part: Import) -> bool:
    return not part.guarded and any(keras_api.gone_from(path, keras_api.NEWEST) for path in part.paths)


def is_guard(node: nodes.NodeNG) -> bool:
    """Whether a statement around an import lets it fail, or decides whether it is asked for at all."""
    match node:
        case nodes.Try() | nodes.Match():
            return True
        case nodes.If(test=nodes.Compare(left=nodes.Name(name="__name__"))):
            return False
        case nodes.If():
            return True
        case nodes.With(items=items):
            return any("suppress" in context.as_string() or "raises" in context.as_string() for context, _ in items)
    return False


def compares_versions(module: nodes.Module) -> bool:
    """Whether a file asks for the version that runs it in some test, or for Keras 2 in the environment."""
    if any(text.value == OLD_KERAS for text in nodes_in(module, nodes.Const)):
        return True
    asked = (name for name in nodes_in(module, nodes.Attribute) if name.attrname in ("__version__", "VERSION"))
    return any(isinstance(around, nodes.Compare | nodes.Assert) for name in asked for around in name.node_ancestors())
