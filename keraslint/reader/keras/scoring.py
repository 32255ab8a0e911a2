"""How scores come about: files that are shuffled before they are predicted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from astroid import nodes

from keraslint.graph import Fit, Observation
from keraslint.graph.training import PREDICTING
from keraslint.reader.libraries.tensorflow.data import Pipelines
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import nodes_in, span_of

_COUNTS = frozenset(
    (
        *("Counter", "bincount", "compute_class_weight", "frozenset", "hist", "len", "max", "mean", "min", "print"),
        *("set", "sorted", "sum", "unique"),
    )
)
"""Functions to which the order of a list makes no difference, or that only show it."""
_SIZES = frozenset(("count", "dtype", "max", "mean", "min", "ndim", "shape", "size", "sum"))


def listed_files(machine: Machine, module: nodes.Module, fits: Iterable[Fit]) -> Iterator[Observation]:
    """Loaders that shuffle, are asked for their files or classes in order, and are predicted."""
    pipelines = machine.memory(Pipelines)
    if not pipelines.listed or _orders_by_hand(module):
        return
    for fit in fits:
        data = fit.dataset
        if data not in pipelines.listed or data not in pipelines.loaders:
            continue
        asked = [node for node in pipelines.listed[data] if not _is_counted(node)]
        if asked and fit.method in PREDICTING and not fit.assumed:
            loader = span_of(pipelines.loaders[data])
            yield Observation("files-listed", loader, fit, asked[0].attrname, confidence=fit.confidence)


def _orders_by_hand(module: nodes.Module) -> bool:
    """Whether a program sets ``shuffle`` of something later, or asks in which order the files came."""
    return (
        any(set_.attrname == "shuffle" for set_ in nodes_in(module, nodes.AssignAttr))
        or any(asked.attrname == "index_array" for asked in nodes_in(module, nodes.Attribute))
        or any(getattr(call.func, "name", "") == "setattr" for call in nodes_in(module, nodes.Call))
    )


def _is_counted(node: nodes.Attribute) -> bool:
    """Whether nothing is asked of a list but what is the same in any order; also by the variable that holds it."""
    match node.parent:
        case nodes.Assign(targets=[nodes.AssignName(name=name)]):
            return all(_is_orderless(read) for read in nodes_in(node.root(), nodes.Name) if read.name == name)
    return _is_orderless(node)


def _is_orderless(use: nodes.NodeNG) -> bool:
    match use.parent:
        case nodes.Attribute(attrname=name):
            return name in _SIZES
        case nodes.Keyword(parent=nodes.Call(func=func)) | nodes.Call(func=func) if func is not use:
            return (getattr(func, "attrname", None) or getattr(func, "name", "")) in _COUNTS
    return False
