"""What the text of a file shows of variables: results that are bound over before anyone used them, models made anew in
each turn of a loop."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from astroid import nodes

from keraslint.graph import Call, Layer, Model, Observation, Span, Training
from keraslint.graph.sources import sources_of
from keraslint.reader.machine.places import nodes_in, span_of

Place = tuple[int, int]

_READ_ALL = frozenset(("locals", "globals", "vars", "eval", "exec"))
"""Functions that may read any variable."""


def unused_results(
    module: nodes.Module,
    models: Iterable[Model],
    calls: Iterable[Call],
    in_models: Container[Span],
    trainings: Iterable[Training],
) -> Iterator[Observation]:
    """Tensors of layers, and Sequential models with layers, that are lost when their variable is bound anew: models
    only where the next one is trained, since texts that teach make one after the other and train none.

    ``calls`` are all that there are, and ``in_models`` is where those stand that are in a model.
    """
    models, calls = tuple(models), tuple(calls)
    inputs = {id(tensor) for model in models if model.kind == "functional" for tensor in model.inputs}
    trained = {(training.model.span.line, training.model.span.column) for training in trainings}
    tensors, discarded = _outside(calls, in_models) if inputs else {}, _with_layers(models)
    results = {call.span for call in calls if _is_of_layer(call)}
    inner: dict[nodes.NodeNG, frozenset[str]] = {}
    for statement in nodes_in(module, nodes.Assign) if tensors or discarded else ():
        place = _place(statement.value)
        if place not in tensors and place not in discarded:
            continue
        scope = statement.scope()
        if scope not in inner:
            inner[scope] = _read_by_definitions(scope)
        anew = _bound_anew(statement, inner[scope], may_add=place in discarded)
        if anew is None and place in tensors and _is_never_read(statement):
            call = tensors[place]
            if any(id(source) in inputs for source in sources_of(call)):
                where = span_of(statement.value)
                yield Observation("branch-lost", where, call.layer, "", confidence=call.confidence)
        if anew is None:
            continue
        if place in discarded:
            if _place(anew.value) not in trained or _place(anew.value) not in discarded or _is_copied(statement.value):
                continue
            model = discarded[place]
            yield Observation(
                "model-discarded", span_of(statement.value), model, str(anew.lineno), confidence=model.confidence
            )
        elif span_of(anew.value) in results:
            call = tensors[place]
            if not any(id(source) in inputs for source in sources_of(call)):
                continue
            where = span_of(statement.value)
            yield Observation("branch-lost", where, call.layer, str(anew.lineno), confidence=call.confidence)


def _is_of_layer(call: Call) -> bool:
    """Whether it is the call of a layer, and not one that stands for a layer that is never called."""
    return call.span != getattr(call.layer, "span", None)


def _is_copied(value: nodes.NodeNG) -> bool:
    """Whether it is a model whose layers are those of another: one that is read from a file, or cloned."""
    asked = value.func if isinstance(value, nodes.Call) else None
    name = asked.attrname if isinstance(asked, nodes.Attribute) else getattr(asked, "name", "")
    return name in ("clone_model", "from_config", "load_model")


def _place(node: nodes.NodeNG) -> Place:
    return (node.lineno or 0, node.col_offset or 0)


def _with_layers(models: Iterable[Model]) -> dict[Place, Model]:
    """The Sequential models of the file that have layers, by where they are made."""
    return {
        (model.span.line, model.span.column): model
        for model in models
        if model.kind == "sequential" and model.layers and not model.unknowns and not model.span.file
    }


def _outside(calls: Iterable[Call], in_models: Container[Span]) -> dict[Place, Call]:
    """The calls of Keras's layers on tensors that are in no model."""
    times: dict[int, int] = {}
    for call in calls:
        times[id(call.layer)] = times.get(id(call.layer), 0) + 1
    return {
        (call.span.line, call.span.column): call
        for call in calls
        if isinstance(call.layer, Layer)
        and not call.layer.in_file
        and not call.assumed
        and not call.span.file
        and call.span not in in_models
        and times[id(call.layer)] == 1  # else it may be called to be built
        and call.inputs
    }


def _read_by_definitions(scope: nodes.NodeNG) -> frozenset[str]:
    """The variables that the functions and classes of a scope may read whenever they are called."""
    definitions = [inner for inner in scope.body if isinstance(inner, nodes.FunctionDef | nodes.ClassDef)]
    return frozenset(used.name for inner in definitions for used in nodes_in(inner, nodes.Name, nodes.DelName))


def _bound_anew(statement: nodes.Assign, inner: frozenset[str], *, may_add: bool) -> nodes.Assign | None:
    """The statement of the same block that binds the variable again before anything can have read it.

    ``inner`` has the names that are read by functions and classes of the scope. ``may_add`` says that
    ``variable.add(…)`` is no use of it.
    """
    match statement.targets:
        case [nodes.AssignName(name=name)] if not name.startswith("_"):
            pass
        case _:
            return None
    if name in inner or not inner.isdisjoint(_READ_ALL):
        return None
    block = _block_of(statement)
    for later in block[block.index(statement) + 1 :] if block else ():
        if isinstance(later, nodes.Assign) and _binds(later, name) and not _reads(later.value, name, may_add=False):
            return later
        if _reads(later, name, may_add=may_add) or _leaves(later):
            return None
    return None


def _is_never_read(statement: nodes.Assign) -> bool:
    """Whether the variable of a function is bound here alone and nothing reads it."""
    match statement.targets:
        case [nodes.AssignName(name=name)] if not name.startswith("_"):
            pass
        case _:
            return False
    scope = statement.scope()
    if not isinstance(scope, nodes.FunctionDef):
        return False  # others may import it
    bound = [found for found in nodes_in(scope, nodes.AssignName) if found.name == name]
    return len(bound) == 1 and not any(_reads(part, name, may_add=False) for part in scope.body)


def _block_of(statement: nodes.NodeNG) -> list[nodes.NodeNG]:
    """The statements among which one stands."""
    blocks = (getattr(statement.parent, part, None) or [] for part in ("body", "orelse", "finalbody"))
    return next((block for block in blocks if statement in block), [])


def _binds(statement: nodes.Assign, name: str) -> bool:
    return any(isinstance(target, nodes.AssignName) and target.name == name for target in statement.targets)


def _leaves(statement: nodes.NodeNG) -> bool:
    """Whether the way may lead past what follows."""
    kinds = (nodes.Return, nodes.Raise, nodes.Break, nodes.Continue, nodes.Yield, nodes.YieldFrom)
    return bool(nodes_in(statement, *kinds))


def _reads(node: nodes.NodeNG, name: str, *, may_add: bool) -> bool:
    """Whether a variable is read, or given away by all that is there, anywhere in a node."""
    for used in nodes_in(node, nodes.Name, nodes.DelName):
        if used.name in _READ_ALL:
            return True
        if used.name == name and not (may_add and _is_added_to(used)):
            return True
    return False


def _is_added_to(name: nodes.NodeNG) -> bool:
    """``name.add(…)`` as a statement."""
    attribute, call = name.parent, name.parent.parent
    return (
        isinstance(attribute, nodes.Attribute)
        and attribute.attrname == "add"
        and isinstance(call, nodes.Call)
        and call.func is attribute
        and isinstance(call.parent, nodes.Expr)
    )


def made_in_loops(
    module: nodes.Module, models: Iterable[Model], trainings: Iterable[Training]
) -> Iterator[Observation]:
    """Models that a loop around their place makes and compiles again and again, where nothing in the file clears the
    session. Those that it does not compile are parts of another."""
    loops = [*nodes_in(module, nodes.For), *nodes_in(module, nodes.While)]
    if not loops or any(asked.attrname == "clear_session" for asked in nodes_in(module, nodes.Attribute)):
        return
    if any(asked.name == "clear_session" for asked in nodes_in(module, nodes.Name)):
        return
    bodies = [span_of(loop) for loop in loops]
    compiled = [(training.model.span, training.compiled.span) for training in trainings]
    for model in models:
        around = [body for body in bodies if not model.span.file and body.line < model.span.line <= body.end_line]
        places = [place for made, place in compiled if made == model.span]
        if any(body.holds(place) for body in around for place in places):
            yield Observation("model-in-loop", model.span, model, confidence=model.confidence)
