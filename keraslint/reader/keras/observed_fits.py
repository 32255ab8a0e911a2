"""What is seen around a fit: a model that was never compiled, and the names that are looked up in its history."""

from __future__ import annotations

from collections.abc import Iterator

from astroid import nodes

from keraslint.reader.keras.observing import note
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.memory import remembered
from keraslint.reader.machine.places import file_of, nodes_in, span_of
from keraslint.reader.machine.values import MISSING, Instance, ModelValue, Value
from keraslint.reader.project.import_statements import is_guard

COMPILED_FIRST = frozenset(("evaluate", "fit", "test_on_batch", "train_on_batch"))
"""Methods that raise on a model that was not compiled."""

UNSURE = "?"
"""The end of the name of a fit whose place does not say that no compile comes before it."""

_OUT_OF_ORDER = (nodes.ClassDef, nodes.For, nodes.FunctionDef, nodes.If, nodes.While)
"""What may be run before something that stands further up; what makes the model itself has it in order."""
_BRANCHES = (nodes.BoolOp, nodes.If, nodes.IfExp, nodes.Match, nodes.Try)


def note_fit(machine: Machine, owner: Value, model: ModelValue, name: str, node: nodes.NodeNG) -> None:
    """What a fit shows that the graph has no part for."""
    if file_of(node) or not isinstance(node, nodes.Call) or not isinstance(node.func, nodes.Attribute):
        return
    receiver = node.func.expr
    if name in COMPILED_FIRST and isinstance(receiver, nodes.Name) and not _may_be_compiled(machine, owner, model):
        around = list(node.node_ancestors())
        if not any(map(is_guard, around)):
            later = [part for part in around if isinstance(part, _OUT_OF_ORDER)]
            unsure = "" if all(span_of(part).holds(model.span) for part in later) else UNSURE
            note(machine, "fit-without-compile", owner, f"{receiver.name}.{name}{unsure}", span_of(node))
    if name in ("fit", "fit_generator"):
        for key in _keys_of_history(machine, node):
            note(machine, "history-key", span_of(node), str(key.value), span_of(key))


def _may_be_compiled(machine: Machine, owner: Value, model: ModelValue) -> bool:
    """Whether a compile may have come before, in sight or out of it."""
    state = model.state
    if state.opaque or state.has_escaped or state.given_away is not MISSING:
        return True
    if isinstance(owner, Instance) and any(owner.cls.lookup(name) for name in ("compile", *COMPILED_FIRST)):
        return True
    return any(event.owner is owner or event.owner is model for event in machine.record.compiles)


def _keys_of_history(machine: Machine, fit: nodes.Call) -> Iterator[nodes.Const]:
    """The literal names by which ``history.history[…]`` is asked for, wherever nothing but this fit can have made it,
    and no test stands around it."""
    for asked in _histories(machine, fit.root()):
        if _is_of(asked.expr, fit):
            yield from _keys(asked)


@remembered
def _histories(machine: Machine, module: nodes.NodeNG) -> list[nodes.Attribute]:
    """Every ``….history`` of a file."""
    found = nodes_in(module, nodes.Attribute)
    machine.burn(len(found))
    return [asked for asked in found if asked.attrname == "history"]


def _is_of(asked: nodes.NodeNG, fit: nodes.Call) -> bool:
    """Whether an expression is what the fit gave: the call, or the variable that was set to it last."""
    if asked is fit:
        return True
    statement = fit.parent
    if not isinstance(asked, nodes.Name) or not isinstance(statement, nodes.Assign) or statement.value is not fit:
        return False
    return any(getattr(target, "name", None) == asked.name for target in statement.targets) and (
        _set_last(asked) is statement
    )


def _set_last(asked: nodes.Name) -> nodes.NodeNG | None:
    """The statement that set a variable last; None where that depends on the way there."""
    scope = asked.scope()
    places = [place.statement() for place in scope.locals.get(asked.name, ())]
    if not places or any(place.parent is not places[0].parent for place in places):
        return None
    around = [asked.statement(), *asked.statement().node_ancestors()]
    if places[0].parent not in around:
        return None
    before = [place for place in places if place.lineno < asked.lineno and place not in around]
    return max(before, key=lambda place: int(place.lineno), default=None)


def _keys(asked: nodes.Attribute) -> Iterator[nodes.Const]:
    """What ``history.history`` is asked for, by itself or through a variable that is set to it once."""
    uses = [asked.parent]
    statement = asked.parent
    if isinstance(statement, nodes.Assign) and statement.value is asked:
        target = statement.targets[0]
        if isinstance(target, nodes.AssignName) and len(asked.scope().locals.get(target.name, ())) == 1:
            names = nodes_in(asked.scope(), nodes.Name)
            uses = [name.parent for name in names if name.name == target.name]
    for use in uses:
        if not isinstance(use, nodes.Subscript) or isinstance(use.parent, nodes.AugAssign | nodes.Delete):
            continue
        if not isinstance(use.slice, nodes.Const) or not isinstance(use.slice.value, str):
            continue
        if use.ctx.name == "Load" and not any(_decides(part) for part in use.node_ancestors()):
            yield use.slice


def _decides(part: nodes.NodeNG) -> bool:
    return isinstance(part, _BRANCHES) and not is_main(part)


def is_main(part: nodes.NodeNG) -> bool:
    """``if __name__ == "__main__":``"""
    return isinstance(part, nodes.If) and part.test.as_string().startswith("__name__")
