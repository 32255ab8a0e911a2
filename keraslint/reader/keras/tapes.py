"""Training loops of one's own: whether the tape sees the network at all whose gradients are asked of it."""

from __future__ import annotations

from collections.abc import Iterator

from astroid import nodes

from keraslint.graph import Observation
from keraslint.reader.machine.places import nodes_in, span_of, text_of

WEIGHTS = frozenset(("trainable_variables", "trainable_weights", "variables", "weights"))
PREDICTS = frozenset(("predict", "predict_on_batch"))
"""Methods that leave the tape behind."""


def forwards_outside_tapes(module: nodes.Module) -> Iterator[Observation]:
    """Calls of a network before the tape that is to differentiate it, or by way of `predict`, where nothing inside the
    tape asks the network for anything else."""
    for block in nodes_in(module, nodes.With):
        tape = _tape_of(block)
        network = _differentiated(block, tape) if tape is not None else None
        if tape is None or network is None or _may_reach(block, tape, network):
            continue
        predicted = [call for call in _calls_in(block) if _is_predict(call, network)]
        before = predicted or list(_called_before(block, network))
        if before:
            kind = "predict" if predicted else "before"
            yield Observation("forward-outside-tape", span_of(before[0]), None, f"{network} {kind}")


def _tape_of(block: nodes.With) -> str | None:
    """The variable of a tape that records nothing but what it sees by itself."""
    for context, target in block.items:
        name = getattr(context.func, "attrname", None) or getattr(context.func, "name", "") if _is_call(context) else ""
        if name == "GradientTape" and isinstance(target, nodes.AssignName):
            return str(target.name)
    return None


def _is_call(node: nodes.NodeNG) -> bool:
    return isinstance(node, nodes.Call)


def _differentiated(block: nodes.With, tape: str) -> str | None:
    """The network, as it is written, of whose weights alone the tape is asked: ``tape.gradient(loss, net.weights)``."""
    for call in nodes_in(block.scope(), nodes.Call):
        match call.func:
            case nodes.Attribute(attrname="gradient", expr=nodes.Name(name=name)) if name == tape:
                if span_of(call).line < span_of(block).line:
                    continue
                match call.args:  # later calls may be of another tape of this name
                    case [_, nodes.Attribute(attrname=attribute, expr=owner)] if attribute in WEIGHTS:
                        return text_of(owner)
                return None
    return None


def _calls_in(block: nodes.With) -> list[nodes.Call]:
    return [call for statement in block.body for call in nodes_in(statement, nodes.Call)]


def _is_predict(call: nodes.Call, network: str) -> bool:
    func = call.func
    return isinstance(func, nodes.Attribute) and func.attrname in PREDICTS and text_of(func.expr) == network


def _may_reach(block: nodes.With, tape: str, network: str) -> bool:
    """Whether something inside may ask the network: by its name, or in a function of the file; or the tape is told what
    to watch."""
    functions = {function.name for function in nodes_in(block.root(), nodes.FunctionDef, nodes.ClassDef)}
    for statement in block.body:
        for part in nodes_in(statement, nodes.Name, nodes.Attribute):
            if text_of(part) == network and not _is_asked_to_predict(part) and not _is_asked_for_gradient(part, tape):
                return True
        for call in nodes_in(statement, nodes.Call):
            match call.func:
                case nodes.Name(name=name) if name in functions:
                    return True
                case nodes.Attribute(attrname=name) if name in functions or name in ("watch", "stop_recording"):
                    return True
                case nodes.Attribute(expr=nodes.Name(name="self")) | nodes.Call():
                    return True
    return False


def _is_asked_to_predict(part: nodes.NodeNG) -> bool:
    return isinstance(part.parent, nodes.Attribute) and part.parent.attrname in PREDICTS


def _is_asked_for_gradient(part: nodes.NodeNG, tape: str) -> bool:
    """``tape.gradient(loss, net.weights)`` inside the block, too."""
    around = part.parent.parent if isinstance(part.parent, nodes.Attribute) else None
    func = around.func if isinstance(around, nodes.Call) else None
    return isinstance(func, nodes.Attribute) and func.attrname == "gradient" and text_of(func.expr) == tape


def _called_before(block: nodes.With, network: str) -> Iterator[nodes.Call]:
    """``outputs = net(x)`` in the statements before, where the block reads ``outputs``."""
    read = {name.name for statement in block.body for name in nodes_in(statement, nodes.Name)}
    before = block.previous_sibling()
    while before is not None:
        match before:
            case nodes.Assign(targets=[nodes.AssignName(name=name)], value=nodes.Call() as call):
                if name in read and text_of(call.func) == network:
                    yield call
        before = before.previous_sibling()
