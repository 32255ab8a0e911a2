"""How scores come about: files that are shuffled before they are predicted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from astroid import nodes

from keraslint.graph import Fit, Observation
from keraslint.graph.training import PREDICTING
from keraslint.reader.libraries.tensorflow.data import Pipelines
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import nodes_in, span_of


def listed_files(machine: Machine, module: nodes.Module, fits: Iterable[Fit]) -> Iterator[Observation]:
    """Loaders that shuffle, are asked for their files or classes in order, and are predicted."""
    pipelines = machine.memory(Pipelines)
    if not pipelines.listed or any(set_.attrname == "shuffle" for set_ in nodes_in(module, nodes.AssignAttr)):
        return
    for fit in fits:
        data = fit.dataset
        if data not in pipelines.listed or data not in pipelines.loaders:
            continue
        if fit.method in PREDICTING and not fit.assumed:
            asked, loader = pipelines.listed[data], span_of(pipelines.loaders[data])
            yield Observation("files-listed", loader, fit, asked.attrname, confidence=fit.confidence)
