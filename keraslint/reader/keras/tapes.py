"""Training loops of one's own: whether the tape sees the network at all whose gradients are asked of it."""

from __future__ import annotations

from collections.abc import Iterator

from astroid import nodes

from keraslint.graph import Observation
from keraslint.reader.keras.reaching import Ties, functions_of
from keraslint.reader.machine.places import nodes_in, span_of, text_of

WEIGHTS = frozenset(("trainable_variables", "trainable_weights", "variables", "weights"))
PREDICTS = frozenset(("predict", "predict_on_batch"))
"""Methods that leave the tape behind."""
APPLIES = frozenset(("apply", "apply_gradients"))


def forwards_outside_tapes(module: nodes.Module) -> Iterator[Observation]:
    """Calls of a network before the tape that is to differentiate it, or by way of `predict`, where nothing inside the
    tape asks the network for anything else."""
    blocks = nodes_in(module, nodes.With)
    tapes = {block: name for block in blocks if (name := _tape_of(block)) is not None}
    if not tapes or not any(part.attrname in APPLIES for part in nodes_in(module, nodes.Attribute)):
        return  # a program that only looks at the gradients may show that they are None
    ties = Ties(module)
    for block, tape in tapes.items():
        owner = _differentiated(block, tapes)
        if owner is None or ties.is_imported(owner) or _may_reach(block, tape, owner, ties):
            continue
        network = text_of(owner)
        predicted = [call for call in _calls_in(block) if _is_predict(call, network) and ties.is_of_keras(owner)]
        before = predicted or list(_called_before(block, network))
        if before:
            kind = "predict" if predicted else "before"
            yield Observation("forward-outside-tape", span_of(before[0]), None, f"{network} {kind}")


def _tape_of(block: nodes.With) -> str | None:
    """The variable of a tape that records nothing but what it sees by itself."""
    for context, target in block.items:
        made = getattr(context, "func", None)
        name = getattr(made, "attrname", None) or getattr(made, "name", "")
        if name == "GradientTape" and isinstance(target, nodes.AssignName):
            return str(target.name)
    return None


def _differentiated(block: nodes.With, tapes: dict[nodes.With, str]) -> nodes.NodeNG | None:
    """The network of whose weights alone the tape is asked: ``tape.gradient(loss, net.weights)``."""
    for call in nodes_in(block.scope(), nodes.Call):
        match call.func:
            case nodes.Attribute(attrname="gradient", expr=nodes.Name(name=name)) if (
                _recorder(call, name, tapes) is block
            ):
                match call.args, call.keywords:  # later calls may be of another tape of this name
                    case [_, nodes.Attribute(attrname=attribute, expr=owner)], [] if attribute in WEIGHTS:
                        return owner
                return None
    return None


def _recorder(call: nodes.Call, name: str, tapes: dict[nodes.With, str]) -> nodes.With | None:
    """The last tape of this name that begins before a call in the same function."""
    earlier = [
        block
        for block, tape in tapes.items()
        if tape == name and block.scope() is call.scope() and span_of(block).line <= span_of(call).line
    ]
    return earlier[-1] if earlier else None


def _calls_in(block: nodes.With) -> list[nodes.Call]:
    return [call for statement in block.body for call in nodes_in(statement, nodes.Call)]


def _is_predict(call: nodes.Call, network: str) -> bool:
    func = call.func
    return isinstance(func, nodes.Attribute) and func.attrname in PREDICTS and text_of(func.expr) == network


def _may_reach(block: nodes.With, tape: str, network: nodes.NodeNG, ties: Ties) -> bool:
    """Whether something inside may ask the network: by its name or that of what holds it, in a function of the file, or
    part by part; or the tape is told what to watch."""
    functions, holding = functions_of(block.root()), ties.holding(network)
    parts = [part for statement in block.body for part in nodes_in(statement, nodes.Name, nodes.Attribute)]
    for part in parts:
        if text_of(part) == text_of(network):
            if not _is_asked_to_predict(part) and not _is_asked_for_gradient(part, tape):
                return True
        elif text_of(part) in holding or getattr(part, "name", "") in functions:
            return True
    within = ties.parts(network)
    return any(_is_out_of_sight(call.func, functions, within, ties) for call in _calls_in(block))


def _is_out_of_sight(func: nodes.NodeNG, functions: frozenset[str], parts: frozenset[str], ties: Ties) -> bool:
    match func:
        case nodes.Attribute(attrname=name) if name in functions or name in ("watch", "stop_recording"):
            return True
        case nodes.Attribute(expr=nodes.Name(name="self")) | nodes.Call():
            return text_of(func) in parts or not ties.is_of_keras(func)
        case nodes.Attribute(expr=owner) if text_of(owner) in parts:
            return True
    return text_of(func) in parts


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
