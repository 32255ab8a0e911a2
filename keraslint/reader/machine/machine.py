"""The interpreter's core: dispatches statements, expressions, attributes and calls to what is registered here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from astroid import nodes

from keraslint.graph import Array, KerasObject, Layer, Model, Span, Tensor, Unknown
from keraslint.reader.machine.journal import Changes
from keraslint.reader.machine.places import file_of, span_of
from keraslint.reader.machine.protocols import BUILTINS, TRUTH
from keraslint.reader.machine.state import OutOfFuel, Raised, State, Undecided
from keraslint.reader.machine.values import (
    Choice,
    ClassValue,
    DictValue,
    Fields,
    FunctionValue,
    Instance,
    ListValue,
    Scope,
    Table,
    Value,
)

if TYPE_CHECKING:
    from keraslint.reader.machine.arguments import Arguments
    from keraslint.reader.project.files import Project

DEEPEST_CALL = 40
"""Functions of the file are followed so many calls deep."""
MOST_RECURSION = 12
"""A function may call itself so often before its result counts as unknown."""
MOST_BLIND_RECURSION = 2
"""The same where an undecided test lies on the way: the recursion would go both ways every time."""


class Flow(Enum):
    """How a statement ended, when it did not return."""

    NEXT = "next"
    BREAK = "break"
    CONTINUE = "continue"
    RAISE = "raise"


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Return:
    """A statement ended the function with this value."""

    value: Value


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Split:
    """A statement ended in one way where ``test`` holds, and in another where it does not."""

    test: Unknown
    if_true: Completion
    if_false: Completion


Completion: TypeAlias = "Flow | Return | Split"


Expression = Callable[["Machine", Any], Value]
Statement = Callable[["Machine", Any], Completion]
AttributeOf = Callable[["Machine", Any, str, nodes.NodeNG], Value]
CallOf = Callable[["Machine", Any, "Arguments", nodes.NodeNG], Value]

EXPRESSIONS: dict[type, Expression] = {}
STATEMENTS: dict[type, Statement] = {}
ATTRIBUTES: dict[type, AttributeOf] = {}
CALLS: dict[type, CallOf] = {}


def expression(*kinds: type) -> Callable[[Expression], Expression]:
    """Register how expressions of these node classes are evaluated."""

    def register(function: Expression) -> Expression:
        EXPRESSIONS.update(dict.fromkeys(kinds, function))
        return function

    return register


def statement(*kinds: type) -> Callable[[Statement], Statement]:
    """Register how statements of these node classes are executed."""

    def register(function: Statement) -> Statement:
        STATEMENTS.update(dict.fromkeys(kinds, function))
        return function

    return register


def attributes_of(*kinds: type) -> Callable[[AttributeOf], AttributeOf]:
    """Register how attributes of values of these classes are found."""

    def register(function: AttributeOf) -> AttributeOf:
        ATTRIBUTES.update(dict.fromkeys(kinds, function))
        return function

    return register


def calls_of(*kinds: type) -> Callable[[CallOf], CallOf]:
    """Register what calling a value of these classes means."""

    def register(function: CallOf) -> CallOf:
        CALLS.update(dict.fromkeys(kinds, function))
        return function

    return register


@dataclass(eq=False, repr=False)
class Frame:
    """One call of a function of the file that is being read."""

    function: FunctionValue
    scope: Scope
    owner: ClassValue | None = None
    yielded: list[Value] = field(default_factory=list)


class Machine(State):
    """Reads one module. What the language means is in `statements`, `expressions` and `functions`; what Keras and
    the data libraries mean is in the modules beside them."""

    def __init__(self, fuel: int, project: Project) -> None:
        super().__init__(fuel)
        self.module = Scope({})
        self.scope = self.module
        self.frames: list[Frame] = []
        self.called: set[nodes.NodeNG] = set()
        """Functions and classes of the file that were used."""
        self.model_sites: set[nodes.NodeNG] = set()
        """Calls that made a model."""
        self.raising: set[nodes.NodeNG] = set()
        """Functions that only raised when they were read last."""
        self.functions: list[FunctionValue] = []
        self.classes: list[ClassValue] = []
        self.open_classes: list[ClassValue] = []
        """Classes whose bodies are being read."""
        self.leaving: dict[nodes.If, bool] = {}
        """Of each `if` that was read, whether an arm may leave the function or loop."""
        self.changed: dict[KerasObject, Value] = {}
        """Optimizers, and what they are now: a program may set their arguments anew."""
        self.instances: dict[ClassValue, Instance] = {}
        """The last instance of each class."""
        self.scopes_begun: dict[int, Scope] | None = None
        """The scopes of the calls since `watched_scopes` began, by the ids of their names."""
        self.project = project
        """The files beside this one."""
        self.site: nodes.NodeNG | None = None
        """The call in this file from which code of another file is read."""
        self.made_by: dict[Layer | Model | Tensor, Value] = {}
        """Which value of the program a layer, model or input of the graph is."""
        self.part_of: dict[Unknown, ListValue | DictValue | tuple[Value, ...]] = {}
        """Unknown elements, and the container that they are among: what changes one may change any."""

    def place(self, node: nodes.NodeNG) -> Span:
        """Where something is made, in the file that is read: the node, or the call that led to another file."""
        return span_of(self.site if self.site is not None and file_of(node) else node)

    # dispatch ------------------------------------------------------------------------------------------------

    def evaluate(self, node: nodes.NodeNG) -> Value:
        """The value of an expression; it may be a `Choice`."""
        self.fuel -= 1  # `burn` written out, where a reading spends most of it
        if self.fuel < 0:
            raise OutOfFuel
        handler = EXPRESSIONS.get(type(node))
        return handler(self, node) if handler else self.unknown(f"a {type(node).__name__} expression", node)

    def now(self, node: nodes.NodeNG) -> Value:
        """The value of an expression in the world being read, never a `Choice`."""
        value = self.evaluate(node)
        return self.need(value) if type(value) is Choice else value

    def attribute(self, value: Value, name: str, node: nodes.NodeNG) -> Value:
        if type(value) is Choice:
            value = self.need(value)
        handler = ATTRIBUTES.get(type(value))
        return handler(self, value, name, node) if handler else self.unknown(f"attribute `{name}`", node)

    def call(self, callee: Value, arguments: Arguments, node: nodes.NodeNG) -> Value:
        if type(callee) is Choice:
            callee = self.need(callee)
        handler = CALLS.get(type(callee))
        return handler(self, callee, arguments, node) if handler else self.unknown("result of a call", node)

    @contextmanager
    def watched_scopes(self) -> Iterator[dict[int, Scope]]:
        """The scopes of the calls that are made inside, by the ids of their names: nobody sees these afterwards."""
        before, begun = self.scopes_begun, dict[int, Scope]()
        self.scopes_begun = begun
        try:
            yield begun
        finally:
            if before is not None:
                before.update(begun)
            self.scopes_begun = before

    def builtin(self, name: str) -> Value:
        """A built-in function or class, whatever the program calls it."""
        return BUILTINS[name]

    # statements ----------------------------------------------------------------------------------------------

    def execute(self, body: Sequence[nodes.NodeNG]) -> Completion:
        """Run statements in order until one does not go on."""
        for index, node in enumerate(body):
            if type(node) is nodes.If and self._leaves(node):
                rest = body[index + 1 :]
                return self.retried(lambda node=node, rest=rest: self._if_then_rest(node, rest))  # type: ignore[misc]
            completion = self.statement(node)
            if completion is not Flow.NEXT:
                return self.then(completion, lambda index=index: self.execute(body[index + 1 :]))  # type: ignore[misc]
        return Flow.NEXT

    def _leaves(self, node: nodes.If) -> bool:
        if node not in self.leaving:
            self.leaving[node] = _leaves_inside(node)
        return self.leaving[node]

    def then(self, completion: Completion, rest: Callable[[], Completion]) -> Completion:
        """Go on with ``rest`` in every world in which what came before it goes on."""
        match completion:
            case Flow.NEXT:
                return rest()
            case Split(test=test, if_true=one, if_false=other):
                if self.arm_of(test) is None and not self.may_fork:
                    return self._rest_of_blurred(test, one, other, rest)
                return self.branch(test, lambda arm: self.then(one if arm else other, rest))
            case _:
                return completion

    def statement(self, node: nodes.NodeNG) -> Completion:
        self.burn()
        handler = STATEMENTS.get(type(node))
        if handler is None or (type(node) is nodes.Expr and type(node.value) is nodes.Const):
            return Flow.NEXT
        return self.retried(partial(self._completed, handler, node))

    def _completed(self, handler: Statement, node: nodes.NodeNG) -> Completion:
        try:
            return handler(self, node)
        except Raised as raised:
            self.raised = raised.kind
            return Flow.RAISE

    def retried(self, run: Callable[[], Completion]) -> Completion:
        """Run a statement; when it needs a value that a branch leaves open, run it once in each world."""
        mark, unknowns = self.record.mark(), self.unknowns_made()
        outermost = not self.journal.is_open
        self.journal.begin()
        try:
            completion = run()
        except Undecided as undecided:
            self.journal.undo()
            self.record.rewind(mark)

            def again(_arm: bool) -> Completion:
                self.unmake_unknowns(unknowns)
                return self.retried(run)

            completion = self.branch(undecided.test, again)
        except BaseException:
            self.journal.commit()
            raise
        else:
            self.journal.commit()
        if outermost:
            self.forget_unknowns()
        return completion

    def in_every_world(self, run: Callable[[], None]) -> None:
        """Run something once, or once in each of the worlds that it turns out to depend on."""
        try:
            run()
        except Undecided as undecided:
            for arm in (True, False):
                with self.world(undecided.test, arm):
                    self.in_every_world(run)

    def retried_value(self, run: Callable[[], Value]) -> Value:
        """The value of something that is run outside of any statement."""
        completion = self.retried(lambda: Return(run()))
        return self.need(completion.value) if isinstance(completion, Return) else None

    def branch(self, test: Unknown, run: Callable[[bool], Completion]) -> Completion:
        """Read both arms of an undecided branch and join what they leave behind."""
        arm = self.arm_of(test)
        if arm is not None:
            return run(arm)
        if not self.may_fork:
            return self._branch_blurred(test, run)
        (one, changes), (other, other_changes) = self.in_both(test, run)
        return self._join_completions(test, one, changes, other, other_changes)

    def _join_completions(
        self, test: Unknown, one: Completion, changes: Changes, other: Completion, other_changes: Changes
    ) -> Completion:
        if one is Flow.RAISE or other is Flow.RAISE:
            self.keep(other_changes if one is Flow.RAISE else changes)
            if one is not other:
                self.settle(test, one is not Flow.RAISE)
            return other if one is Flow.RAISE else one
        self.keep_joined(test, changes, other_changes)
        if isinstance(one, Return) and isinstance(other, Return):
            return Return(self.join(test, one.value, other.value))
        return one if one is other else Split(test, one, other)

    def _branch_blurred(self, test: Unknown, run: Callable[[bool], Completion]) -> Completion:
        """Too deep to keep worlds apart: read both arms, and keep what they have in common."""
        (one, changes), (other, other_changes) = self.in_both(test, run)
        if Flow.RAISE in (one, other):
            return self._join_completions(test, one, changes, other, other_changes)
        self.keep_common(test, changes, other_changes)
        return self._either(test, one, other)

    def _either(self, test: Unknown, one: Completion, other: Completion) -> Completion:
        """How two arms end that are not kept apart."""
        if isinstance(one, Return) and isinstance(other, Return):
            return Return(self.widen(test, one.value, other.value))
        going_on: list[Completion] = [completion for completion in (one, other) if completion is not Flow.RAISE]
        if len(going_on) < 2 or one is other:
            return going_on[0] if going_on else Flow.RAISE
        return Split(test, one, other)

    def _if_then_rest(self, node: nodes.If, rest: Sequence[nodes.NodeNG]) -> Completion:
        """An `if` that may leave the function or loop, and what follows it: an arm that leaves runs no rest.

        Where both arms may go on, the rest is read once for both: reading it in each would double the work at
        every such `if`.
        """
        test = truth(self, self.now(node.test))
        arms = {True: node.body, False: node.orelse}
        if not isinstance(test, Unknown):
            return self.then(self.execute(arms[test]), lambda: self.execute(rest))
        results = self.in_both(test, lambda arm: self.execute(arms[arm]))
        (one, changes), (other, other_changes) = results
        if one is Flow.NEXT and other is Flow.NEXT:
            self.keep_joined(test, changes, other_changes)
            return self.execute(rest)
        if Flow.RAISE in (one, other):
            completion = self._join_completions(test, one, changes, other, other_changes)
            return self.then(completion, lambda: self.execute(rest))
        if not self.may_fork:
            self.keep_common(test, changes, other_changes)
            return self._rest_of_blurred(test, one, other, lambda: self.execute(rest))
        (one, changes), (other, other_changes) = (
            self._rest_behind(test, arm, *result, rest) for arm, result in zip((True, False), results, strict=True)
        )
        return self._join_completions(test, one, changes, other, other_changes)

    def _rest_behind(
        self, test: Unknown, arm: bool, completion: Completion, changes: Changes, rest: Sequence[nodes.NodeNG]
    ) -> tuple[Completion, Changes]:
        """An arm and what follows it, where the arm goes on."""
        if not _goes_on(completion):
            return completion, changes
        self.journal.begin()
        try:
            self.keep(changes)
            with self.world(test, arm):
                completion = self.then(completion, lambda: self.execute(rest))
        except BaseException:
            self.journal.commit()
            raise
        return completion, self.journal.undo()

    def _rest_of_blurred(
        self, test: Unknown, one: Completion, other: Completion, rest: Callable[[], Completion]
    ) -> Completion:
        """What follows two arms that are not kept apart: read once if one of them goes on."""
        both = self._either(test, one, other)
        return self._put_behind(both, rest()) if _goes_on(both) else both

    def _put_behind(self, completion: Completion, behind: Completion) -> Completion:
        match completion:
            case Split(test=test, if_true=one, if_false=other):
                return self._either(test, self._put_behind(one, behind), self._put_behind(other, behind))
            case _:
                return behind if completion is Flow.NEXT else completion


def _goes_on(completion: Completion) -> bool:
    """Whether something goes on behind what ended so, in one world at least."""
    if isinstance(completion, Split):
        return _goes_on(completion.if_true) or _goes_on(completion.if_false)
    return completion is Flow.NEXT


def truth(machine: Machine, value: Value) -> bool | Unknown:
    """Whether a value counts as true; unknown, always by the same object for the same value."""
    value = machine.need(value)
    if isinstance(value, Unknown):
        arm = machine.arm_of(value)
        return value if arm is None else arm
    answer = TRUTH.of(value)
    return answer(machine, value) if answer else bool(value)


@TRUTH.answers(Array, Table)
def _truth_of_data(machine: Machine, value: Array | Table) -> Unknown:
    return Unknown("the truth of an array")


@TRUTH.answers(Fields)
def _truth_of_fields(machine: Machine, value: Fields) -> bool:
    return bool(value.values) or not value.is_tuple


@TRUTH.answers(ListValue)
def _truth_of_list(machine: Machine, value: ListValue) -> bool:
    return bool(value.items) or value.is_generator


@TRUTH.answers(DictValue)
def _truth_of_dict(machine: Machine, value: DictValue) -> bool | Unknown:
    return Unknown("a dict whose keys are not all known") if value.has_more else bool(value.entries)


def returned(machine: Machine, completion: Completion) -> Value:
    """What a function returns whose body ended so."""
    match completion:
        case Return(value=value):
            return value
        case Flow.RAISE:
            return Unknown("a function that only raises")
        case Split(test=test, if_true=one, if_false=other):
            return machine.join(test, returned(machine, one), returned(machine, other))
        case _:
            return None


def _leaves_inside(node: nodes.If) -> bool:
    """Whether an arm of the `if` may leave the function, or the loop or its turn."""
    stack: list[nodes.NodeNG] = [*node.body, *node.orelse]
    while stack:
        inner = stack.pop()
        if isinstance(inner, nodes.Return | nodes.Break | nodes.Continue):
            return True
        if not isinstance(inner, nodes.FunctionDef | nodes.ClassDef | nodes.Lambda) and inner.is_statement:
            stack.extend(inner.get_children())
    return False
