"""Metrics that a training loop of one's own keeps: updated batch by batch, read in each epoch, and reset or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from astroid import nodes

from keraslint.graph import Confidence, KerasObject, Observation, Span
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import file_of, nodes_in, span_of

RESETS = frozenset(("reset_metrics", "reset_state", "reset_states"))
UPDATES = frozenset(("update_state",))
READS = frozenset(("result",))
_FUNCTIONS = (nodes.FunctionDef, nodes.Lambda)
_LOOPS = (nodes.For, nodes.While)


@dataclass
class Uses:
    """Where metrics are used, by the object that each is."""

    updates: dict[KerasObject, list[nodes.NodeNG]] = field(default_factory=dict)
    reads: dict[KerasObject, list[nodes.NodeNG]] = field(default_factory=dict)
    resets: dict[KerasObject, list[nodes.NodeNG]] = field(default_factory=dict)


def note_use(machine: Machine, metric: KerasObject, name: str, node: nodes.NodeNG) -> None:
    """A metric is called (``name`` is then ``update_state``), or one of its methods asked for."""
    if not metric.class_name.startswith("keras.metrics.") or file_of(node):
        return
    uses = machine.memory(Uses)
    for names, found in ((UPDATES, uses.updates), (READS, uses.reads), (RESETS, uses.resets)):
        if name in names:
            places = found.setdefault(metric, [])
            if node not in places:
                places.append(node)


def never_reset(machine: Machine, module: nodes.Module) -> Iterator[Observation]:
    """Loops over epochs that read metrics which an inner loop updates and which nothing ever resets."""
    uses = machine.memory(Uses)
    if not uses.updates or _may_reset(module, uses):
        return
    loops: dict[nodes.NodeNG, list[KerasObject]] = {}
    for metric, updates in uses.updates.items():
        for loop in _epochs(module, metric, updates, uses.reads.get(metric, [])):
            loops.setdefault(loop, []).append(metric)
            break
    for loop, metrics in loops.items():
        names = ", ".join(dict.fromkeys(f"`{_named(metric)}`" for metric in metrics))
        sure = min((metric.confidence for metric in metrics), default=Confidence.INFERENCE)
        assumed = any(metric.assumed for metric in metrics)
        yield Observation("metric-never-reset", _header(loop), metrics[0], names, confidence=sure, assumed=assumed)


def _may_reset(module: nodes.Module, uses: Uses) -> bool:
    """Whether anything in the file resets a metric, of which one perhaps does not know which; or begins it anew."""
    return any(part.attrname in RESETS for part in nodes_in(module, nodes.Attribute)) or any(
        isinstance(part.value, str) and part.value in RESETS for part in nodes_in(module, nodes.Const)
    )


def _epochs(
    module: nodes.Module, metric: KerasObject, updates: list[nodes.NodeNG], reads: list[nodes.NodeNG]
) -> Iterator[nodes.NodeNG]:
    """The loops in which a metric that is older than they are is read once for each turn of an inner loop's all."""
    for outer in nodes_in(module, *_LOOPS):
        if span_of(outer).holds(metric.span):
            continue
        inner = [loop for loop in nodes_in(outer, *_LOOPS) if loop is not outer and loop.scope() is outer.scope()]
        batches = [loop for loop in inner if any(_happens_in(update, loop, module) for update in updates)]
        outside = [read for read in reads if _is_in(read, outer) and not any(_is_in(read, loop) for loop in inner)]
        if batches and outside:
            yield outer


def _happens_in(node: nodes.NodeNG, loop: nodes.NodeNG, module: nodes.Module) -> bool:
    """Whether something happens in a loop: it stands there, or in a function that is called there by its name."""
    if _is_in(node, loop):
        return True
    function = next((part for part in node.node_ancestors() if isinstance(part, nodes.FunctionDef)), None)
    if function is None:
        return False
    called = (getattr(call.func, "attrname", None) or getattr(call.func, "name", "") for call in _calls(loop))
    return str(function.name) in called


def _calls(loop: nodes.NodeNG) -> list[nodes.Call]:
    return [call for statement in loop.body for call in nodes_in(statement, nodes.Call)]


def _is_in(node: nodes.NodeNG, loop: nodes.NodeNG) -> bool:
    return any(part is loop for part in node.node_ancestors())


def _named(metric: KerasObject) -> str:
    name = metric.given("name")
    return name.value.value if name is not None and isinstance(name.value.value, str) else metric.kind


def _header(loop: nodes.NodeNG) -> Span:
    """The first line of a loop, up to what it goes over."""
    whole, last = span_of(loop), span_of(loop.iter if isinstance(loop, nodes.For) else loop.test)
    return whole._replace(end_line=last.end_line, end_column=last.end_column)
