"""What Python's statements do to the state."""

from __future__ import annotations

from collections.abc import Sequence

from astroid import nodes

from keraslint.graph import Array, Tensor, Unknown
from keraslint.graph.shape import join as join_shapes
from keraslint.reader.data import changed_in_place
from keraslint.reader.functions import make_class, make_function
from keraslint.reader.imports import import_from, import_module
from keraslint.reader.iteration import MORE, items_of
from keraslint.reader.machine import Completion, Flow, Machine, Return, Split, statement, truth
from keraslint.reader.state import MISSING, Changes, span_of
from keraslint.reader.targets import assign, assigned_names, delete
from keraslint.reader.values import DictValue, ListValue, ModelValue, Value

LOOP_FUEL = 60_000
"""A loop is unrolled until it has used so much; what it changes is unknown from there on."""
MOST_IDLE_TURNS = 2
"""A loop is left when so many turns in a row changed nothing."""
MOST_IDLE_DECISIONS = 32
"""The same for a loop with an `if` at its top, which may wait for its turn."""


@statement(nodes.Expr)
def _expr(machine: Machine, node: nodes.Expr) -> Completion:
    machine.evaluate(node.value)
    return Flow.NEXT


@statement(nodes.Assign)
def _assign(machine: Machine, node: nodes.Assign) -> Completion:
    value = machine.evaluate(node.value)
    for target in node.targets:
        assign(machine, target, value)
    return Flow.NEXT


@statement(nodes.AnnAssign)
def _ann_assign(machine: Machine, node: nodes.AnnAssign) -> Completion:
    if node.value is not None:
        assign(machine, node.target, machine.evaluate(node.value))
    return Flow.NEXT


@statement(nodes.AugAssign)
def _aug_assign(machine: Machine, node: nodes.AugAssign) -> Completion:
    from keraslint.reader.operators import binary

    target = node.target
    match target:
        case nodes.AssignName(name=name):
            old = machine.need(lookup_name(machine, name, node))
        case nodes.AssignAttr(expr=expr, attrname=attrname):
            old = machine.need(machine.attribute(machine.evaluate(expr), attrname, node))
        case _:
            old = machine.now(target)
    new = machine.now(node.value)
    if isinstance(old, ListValue) and node.op == "+=":
        added = items_of(machine, new)
        machine.journal.touch(old.items)
        old.items.extend([MORE] if added is None else added)
        old.spans = None
        return Flow.NEXT
    result = binary(machine, node.op[:-1], old, new, node)
    if isinstance(old, Array) and isinstance(result, Array):
        changed_in_place(machine, old, result)
    assign(machine, target, result)
    return Flow.NEXT


def lookup_name(machine: Machine, name: str, node: nodes.NodeNG) -> Value:
    from keraslint.reader.expressions import lookup

    return lookup(machine, name, node)


@statement(nodes.Delete)
def _delete(machine: Machine, node: nodes.Delete) -> Completion:
    for target in node.targets:
        delete(machine, target)
    return Flow.NEXT


@statement(nodes.Global)
def _global(machine: Machine, node: nodes.Global) -> Completion:
    machine.scope.globals_declared.update(node.names)
    return Flow.NEXT


@statement(nodes.Nonlocal)
def _nonlocal(machine: Machine, node: nodes.Nonlocal) -> Completion:
    machine.scope.nonlocals_declared.update(node.names)
    return Flow.NEXT


@statement(nodes.Return)
def _return(machine: Machine, node: nodes.Return) -> Completion:
    return Return(machine.evaluate(node.value) if node.value is not None else None)


@statement(nodes.Raise)
def _raise(machine: Machine, node: nodes.Raise) -> Completion:
    return Flow.RAISE


@statement(nodes.Break)
def _break(machine: Machine, node: nodes.Break) -> Completion:
    return Flow.BREAK


@statement(nodes.Continue)
def _continue(machine: Machine, node: nodes.Continue) -> Completion:
    return Flow.CONTINUE


@statement(nodes.Import)
def _import(machine: Machine, node: nodes.Import) -> Completion:
    import_module(machine, node)
    return Flow.NEXT


@statement(nodes.ImportFrom)
def _import_from(machine: Machine, node: nodes.ImportFrom) -> Completion:
    import_from(machine, node)
    return Flow.NEXT


@statement(nodes.FunctionDef, nodes.AsyncFunctionDef)
def _function_def(machine: Machine, node: nodes.FunctionDef) -> Completion:
    machine.journal.set(machine.scope.names, node.name, make_function(machine, node))
    return Flow.NEXT


@statement(nodes.ClassDef)
def _class_def(machine: Machine, node: nodes.ClassDef) -> Completion:
    machine.journal.set(machine.scope.names, node.name, make_class(machine, node))
    return Flow.NEXT


@statement(nodes.If)
def _if(machine: Machine, node: nodes.If) -> Completion:
    if _is_type_checking(node.test):
        return machine.execute(node.orelse)
    test = truth(machine, machine.now(node.test))
    if isinstance(test, Unknown):
        return machine.branch(test, lambda arm: machine.execute(node.body if arm else node.orelse))
    return machine.execute(node.body if test else node.orelse)


def _is_type_checking(test: nodes.NodeNG) -> bool:
    return isinstance(test, nodes.Name) and test.name == "TYPE_CHECKING"


@statement(nodes.For, nodes.AsyncFor)
def _for(machine: Machine, node: nodes.For) -> Completion:
    iterable = machine.now(node.iter)
    items = items_of(machine, iterable)
    if items is None:
        element = _element_of(machine, iterable, node)
        completion = _once(machine, node, node.body, lambda: assign(machine, node.target, element))
    else:
        completion = _unroll(machine, node, items, machine.fuel - LOOP_FUEL)
    return _after_loop(machine, completion, node.orelse)


def _after_loop(machine: Machine, completion: Completion, orelse: Sequence[nodes.NodeNG]) -> Completion:
    """Go on behind a loop: with its `else` where nothing broke off."""
    completed = machine.then(_renamed(completion, Flow.CONTINUE, Flow.NEXT), lambda: machine.execute(orelse))
    return _renamed(completed, Flow.BREAK, Flow.NEXT)


def _renamed(completion: Completion, old: Flow, new: Flow) -> Completion:
    match completion:
        case Split(test=test, if_true=one, if_false=other):
            one, other = _renamed(one, old, new), _renamed(other, old, new)
            return one if one is other else Split(test, one, other)
        case _:
            return new if completion is old else completion


def _element_of(machine: Machine, iterable: Value, node: nodes.For) -> Value:
    from keraslint.reader.iteration import element_of

    return element_of(machine, iterable, node.iter)


def _unroll(machine: Machine, node: nodes.For, items: Sequence[Value], limit: int) -> Completion:
    """Read the body once for each item, as long as it is worth it."""
    idle = 0
    patience = MOST_IDLE_TURNS if not any(map(_decides, node.body)) else MOST_IDLE_DECISIONS
    targets = assigned_names(node.target)
    for index, item in enumerate(items):
        completion, changes = _turn(machine, node, item)
        if isinstance(completion, Split) and machine.forks < machine.most_forks:
            rest = items[index + 1 :]
            return machine.then(completion, lambda rest=rest: _unroll(machine, node, rest, limit))  # type: ignore[misc]
        if completion is not Flow.NEXT and not isinstance(completion, Split):
            return completion
        idle = idle + 1 if _nothing_new(machine, changes, targets) else 0
        if idle >= patience:
            assign(machine, node.target, items[-1])
            return Flow.NEXT
        if machine.fuel < limit or isinstance(completion, Split):
            later = Unknown("a later turn of the loop")
            return _once(machine, node, node.body, lambda: assign(machine, node.target, later))
    return Flow.NEXT


def _turn(machine: Machine, node: nodes.For, item: Value) -> tuple[Completion, Changes]:
    """One turn of a loop, and what it changed."""
    machine.journal.begin()
    machine.loops += 1
    try:
        assign(machine, node.target, item)
        completion = _renamed(machine.execute(node.body), Flow.CONTINUE, Flow.NEXT)
    finally:
        machine.loops -= 1
        changes = machine.journal.undo()
        machine.keep(changes)
    return completion, changes


def _decides(statement: nodes.NodeNG) -> bool:
    """Whether a later turn may do what the first ones did not."""
    return isinstance(statement, nodes.If | nodes.Match)


def _nothing_new(machine: Machine, changes: Changes, targets: frozenset[str]) -> bool:
    """Whether a turn left nothing behind but its own loop variable and unknowns."""
    return all(
        (container is machine.scope.names and key in targets)
        or isinstance(value, Unknown)
        for container, key, value in changes.values()
    )


@statement(nodes.While)
def _while(machine: Machine, node: nodes.While) -> Completion:
    return _after_loop(machine, _turns_of_while(machine, node, machine.fuel - LOOP_FUEL), node.orelse)


def _turns_of_while(machine: Machine, node: nodes.While, limit: int) -> Completion:
    endless = isinstance(node.test, nodes.Const) and not _leaves(node.body)
    while machine.fuel > limit and not endless:
        test = truth(machine, machine.now(node.test))
        if isinstance(test, Unknown):
            break
        if not test:
            return Flow.NEXT
        machine.loops += 1
        try:
            completion = _renamed(machine.execute(node.body), Flow.CONTINUE, Flow.NEXT)
        finally:
            machine.loops -= 1
        if isinstance(completion, Split):
            if machine.forks >= machine.most_forks:
                break
            return machine.then(completion, lambda: _turns_of_while(machine, node, limit))
        if completion is not Flow.NEXT:
            return completion
    return _once(machine, node, node.body, lambda: None)


def _leaves(body: Sequence[nodes.NodeNG]) -> bool:
    """Whether something in the body of a loop may end it."""
    return any(
        True for statement in body for _ in statement.nodes_of_class((nodes.Break, nodes.Return, nodes.Raise))
    )


def _once(machine: Machine, node: nodes.NodeNG, body: Sequence[nodes.NodeNG], enter: object) -> Completion:
    """Read the body of a loop with an unknown number of turns once; what it changes is unknown from there on."""
    machine.journal.begin()
    machine.loops += 1
    try:
        enter()  # type: ignore[operator]
        completion = machine.execute(body)
    finally:
        machine.loops -= 1
        changes = machine.journal.undo()
    for container, key, new in changes.values():
        if isinstance(container, list):
            machine.journal.write(container, None, _grown(container, new))
            continue
        old = container.get(key, MISSING)
        if container is machine.names_used:
            machine.journal.write(container, key, new)
            continue
        machine.journal.write(container, key, _after_turns(machine, old, new, node))
    return completion


def _grown(old: list[Value], new: list[Value]) -> list[Value]:
    """A list after an unknown number of turns: what both have in common at the start, then more."""
    common = 0
    while common < min(len(old), len(new)) and old[common] is new[common]:
        common += 1
    return [*old[:common], *new[common : common + 1], MORE]


def _after_turns(machine: Machine, old: Value, new: Value, node: nodes.NodeNG) -> Value:
    """A name after an unknown number of turns."""
    reason = f"changes in the loop at line {node.lineno}"
    match old, new:
        case _ if old is MISSING or new is MISSING or old is new or isinstance(new, Unknown):
            return new
        case Tensor(), Tensor():
            shape = join_shapes(old.shape, new.shape)
            return machine.opaque_tensor(f"the loop at line {node.lineno}", (old, new), span_of(node), shape)
        case Array(), Array():
            return Array(join_shapes(old.shape, new.shape))
        case (int() | float() | str() | tuple(), _):
            return new if type(old) is type(new) and old == new else Unknown(reason, span_of(node))
        case _:
            return new


@statement(nodes.Try, nodes.TryStar)
def _try(machine: Machine, node: nodes.Try) -> Completion:
    completion = machine.execute(node.body)
    if completion is Flow.RAISE and node.handlers:
        completion = machine.execute(node.handlers[0].body)
    else:
        for handler in node.handlers:
            _read_and_forget(machine, handler.body)
        completion = machine.then(completion, lambda: machine.execute(node.orelse))
    final = machine.execute(node.finalbody)
    return completion if final is Flow.NEXT else final


def _read_and_forget(machine: Machine, body: Sequence[nodes.NodeNG]) -> None:
    """Read statements for what they make and compile; the state afterwards is as if they had not run."""
    machine.journal.begin()
    try:
        with machine.world(Unknown("an exception"), True):
            machine.execute(body)
    finally:
        machine.journal.undo()


@statement(nodes.With, nodes.AsyncWith)
def _with(machine: Machine, node: nodes.With) -> Completion:
    for context, target in node.items:
        value = machine.evaluate(context)
        if target is not None:
            assign(
                machine, target, Unknown("the value of a context manager") if not _enters_as_itself(value) else value
            )
    return machine.execute(node.body)


def _enters_as_itself(value: Value) -> bool:
    return isinstance(value, ModelValue | DictValue)


@statement(nodes.Match)
def _match(machine: Machine, node: nodes.Match) -> Completion:
    return _match_cases(machine, machine.now(node.subject), node.cases)


def _match_cases(machine: Machine, subject: Value, cases: Sequence[nodes.MatchCase]) -> Completion:
    if not cases:
        return Flow.NEXT
    case = cases[0]
    fits = _fits(machine, subject, case.pattern)
    if fits is True and case.guard is not None:
        fits = truth(machine, machine.now(case.guard))
    if isinstance(fits, Unknown):
        return machine.branch(
            fits, lambda arm: machine.execute(case.body) if arm else _match_cases(machine, subject, cases[1:])
        )
    return machine.execute(case.body) if fits else _match_cases(machine, subject, cases[1:])


def _fits(machine: Machine, subject: Value, pattern: nodes.NodeNG) -> bool | Unknown:
    """Whether a pattern matches; captures are bound when it surely does."""
    match pattern:
        case nodes.MatchAs(pattern=None, name=name):
            if name is not None:
                assign(machine, name, subject)
            return True
        case nodes.MatchSingleton(value=value):
            if isinstance(subject, Unknown):
                return machine.derived(subject, "is", value)
            return subject is value
        case nodes.MatchValue(value=node):
            value = machine.now(node)
            if isinstance(subject, Unknown) or isinstance(value, Unknown):
                return machine.derived(subject, "==", value) if isinstance(subject, Unknown) else Unknown("a pattern")
            return bool(subject == value)
        case nodes.MatchOr(patterns=patterns):
            results = [_fits(machine, subject, inner) for inner in patterns]
            if any(result is True for result in results):
                return True
            return next((result for result in results if isinstance(result, Unknown)), False)
        case _:
            return Unknown("a pattern", span_of(pattern))
