"""The state of a reading: fuel, the journal that undoes and joins branches, choices, and what was recorded so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager
from itertools import takewhile
from typing import Any, TypeVar

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import (
    ONE_OF_SEVERAL,
    Call,
    Confidence,
    Ended,
    Layer,
    Op,
    Span,
    Tensor,
    Unknown,
)
from keraslint.graph.shape import Shape, join
from keraslint.reader.machine.journal import Changes, Journal
from keraslint.reader.machine.places import span_of
from keraslint.reader.machine.record import Record
from keraslint.reader.machine.values import MISSING, Choice, DictValue, External, ListValue, More, Shifted, Value

MOST_LEAVES = 8
"""A value that depends on branches has at most so many variants; beyond, it is unknown."""
MOST_FORKS = 4
"""At most so many undecided branches are kept apart inside one another."""
MOST_BELIEVED = 3
"""So many open branches in a row are believed. On 3,911 files of packages four errors were false by that; each had a
cause of its own, which is mended."""
FUEL_LEFT_FOR_FORKS = (0.85, 0.7, 0.55, 0.4)
"""One fewer as each of these shares of the fuel is reached."""

ELEMENTS_FOR_ONE = 16
"""Looking at so many elements of a list takes as long as evaluating one expression."""


class OutOfFuel(Exception):
    """The work allowed for this file is used up; what is left stays unknown."""


class Undecided(Exception):
    """A value is needed that depends on an undecided test; the statement is read again in both worlds."""

    def __init__(self, test: Unknown) -> None:
        super().__init__(test.reason)
        self.test = test


class Raised(Exception):
    """The program surely raises here, inside a `try` or in one arm of a branch."""

    def __init__(self, kind: object) -> None:
        super().__init__()
        self.kind = kind
        """The name of a built-in exception, a class of the file, or None when it is not known."""


T = TypeVar("T")


class State:
    """What the interpreter works on; see the module's first line."""

    def __init__(self, fuel: int) -> None:
        self.fuel = fuel
        self.journal = Journal(self.burn)
        self.record = Record()
        self.worlds: dict[Unknown, bool] = {}
        """Undecided tests, and which way is being read."""
        self.settled: dict[Any, Value] = {}
        """Undecided tests of which the program raises one way, and the other way: what goes on has passed them."""
        self.forks = 0
        self.most_forks = MOST_FORKS
        """How many undecided branches are kept apart here, while there is fuel."""
        self.fewer_forks_below: tuple[int, ...] = ()
        """Below each of these amounts of fuel one fewer is kept apart."""
        self.branches_read = 0
        """Undecided branches of which both arms were read."""
        self.loops = 0
        """Depth of loops being read."""
        self.trying = 0
        """Depth of `try` blocks with handlers being read."""
        self.on_defaults = False
        """A function that nothing calls is read with its defaults, and will be read otherwise if these fail."""
        self.failed = False
        """An expression raised there."""
        self.assumed = 0
        """Depth of readings by defaults that nobody may use."""
        self.expecting = 0
        """Depth of blocks in which the program expects an error."""
        self.apart: dict[Unknown, bool] = {}
        """What tells the method that is read from those that never run on the same instance, as tests do not."""
        self.meant_to_fail: set[int] = set()
        """The compiles, by their ids, whose model is fitted in such a block that is written to fail."""
        self.refused = 0
        """Depth of those among them that are written to fail, as a test's: nothing is trained there."""
        self.raised: object = None
        """The kind of the exception that was raised last."""
        self.names_used: dict[str, Value] = {}
        """How many layers of a kind were named so far: Keras calls them dense, dense_1, …"""
        self.snippet = False
        """Names that the program leaves out were taken for Keras's."""
        self.config: dict[str, Value] = {}
        """What the program has set of Keras's configuration: ``image_data_format``, ``floatx``."""
        self.answers: dict[tuple[object, nodes.NodeNG], Any] = {}
        """What `remembered` functions have found out about nodes."""
        self._memories: dict[type, Any] = {}
        self._unknowns: dict[tuple[nodes.NodeNG, str, int], Unknown] = {}
        self._times: dict[tuple[nodes.NodeNG, str], int] = {}
        self._made: list[tuple[nodes.NodeNG, str]] = []
        self._derived: dict[tuple[object, ...], tuple[Unknown, Unknown]] = {}
        self._about: dict[str, Unknown] = {}

    def memory(self, topic: type[T]) -> T:
        """What a topic remembers of this reading: its own dataclass, made when it is first asked for.

        What has to be undone between worlds is changed in it through the journal.
        """
        found: T | None = self._memories.get(topic)
        if found is None:
            found = self._memories[topic] = topic()
        return found

    def burn(self, amount: int = 1) -> None:
        self.fuel -= amount
        if self.fuel < 0:
            raise OutOfFuel

    @contextmanager
    def share_of_fuel(self, share: float) -> Iterator[None]:
        """What runs inside gets this share of the fuel, and what it leaves is there again afterwards."""
        reserve, marks = int(self.fuel * (1 - share)), self.fewer_forks_below
        self.fuel -= reserve
        self.fewer_forks_below = tuple(mark - reserve for mark in marks)
        try:
            yield
        finally:
            self.fuel = max(self.fuel, 0) + reserve
            self.fewer_forks_below = marks

    @contextmanager
    def fewer_forks_later(self) -> Iterator[None]:
        """What runs inside keeps ever fewer undecided branches apart once it has burnt half of the fuel."""
        marks = self.fewer_forks_below
        self.fewer_forks_below = tuple(int(self.fuel * left) for left in FUEL_LEFT_FOR_FORKS)
        try:
            yield
        finally:
            self.fewer_forks_below = marks

    @contextmanager
    def limited_forks(self, most: int) -> Iterator[None]:
        """What runs inside keeps at most so many undecided branches apart."""
        before, self.most_forks = self.most_forks, min(self.most_forks, most)
        try:
            yield
        finally:
            self.most_forks = before

    @property
    def may_fork(self) -> bool:
        """Whether one more undecided branch is kept apart here."""
        fewer = sum(self.fuel < mark for mark in self.fewer_forks_below)
        return self.forks < self.most_forks - fewer

    def look_through(self, elements: Sized) -> None:
        """Fuel for looking at every element: nested a few times in itself, a short list has billions of them."""
        self.burn(1 + len(elements) // ELEMENTS_FOR_ONE)

    def unknown(self, reason: str, node: nodes.NodeNG | None = None, kind: Callable[..., Unknown] = Unknown) -> Unknown:
        """An unknown that comes from ``node``; a statement that is read again makes the same ones again.

        Otherwise a test that was decided when a statement was read a second time would have become another test.
        """
        if node is None:
            return kind(reason)
        place = (node, reason)
        count = self._times[place] = self._times.get(place, 0) + 1
        self._made.append(place)
        found = self._unknowns.get((node, reason, count))
        if found is None:
            found = self._unknowns[node, reason, count] = kind(reason, span_of(node))
        return found

    def unknowns_made(self) -> int:
        """A mark for `unmake_unknowns`."""
        return len(self._made)

    def unmake_unknowns(self, mark: int) -> None:
        """Begin again from ``mark``: what is read a second time counts as the first."""
        for place in self._made[mark:]:
            self._times[place] -= 1
        del self._made[mark:]

    def forget_unknowns(self) -> None:
        """Nothing that made them can be read again."""
        self._made.clear()
        self._times.clear()
        self._unknowns.clear()

    def failure(self, kind: str, reason: str, node: nodes.NodeNG) -> Unknown:
        """What an expression gives that surely raises: nothing in a `try` that may catch it, nor where the defaults
        of a function that nothing calls may not be meant for this; else an unknown.

        Raises:
            Raised: so it is here.
        """
        if self.trying or self.on_defaults:
            self.failed = self.on_defaults
            raise Raised(kind)
        return self.unknown(reason, node)

    def about(self, path: str) -> Unknown:
        """What a name of a package that is not read stands for: always the same, so that tests on it agree."""
        if path not in self._about:
            self._about[path] = Unknown(f"`{path}` of a package that is not read")
        return self._about[path]

    def derived(self, base: Unknown, *how: object, kind: Callable[..., Unknown] = Unknown) -> Unknown:
        """The unknown that follows from ``base`` by ``how``: always the same, so that tests on it agree."""
        key = (id(base), *how)
        if key not in self._derived:
            self._derived[key] = (base, kind(base.reason, base.span))
        return self._derived[key][1]

    def ended(self, base: Unknown, end: str) -> Unknown:
        """A text of which no more than the end is known."""
        return self.derived(base, "ends", end, kind=lambda *made: Ended(*made, end=end)) if end else base

    def shifted(self, base: Unknown, by: int | Unknown) -> Unknown:
        """``base + by``, the same however many steps lead there."""
        if isinstance(base, Shifted) and isinstance(base.by, int) and isinstance(by, int):
            by += base.by
            base = base.base
        if isinstance(by, int) and by == 0:
            return base
        return self.derived(
            base, "+", by if isinstance(by, int) else id(by), kind=lambda *made: Shifted(*made, base=base, by=by)
        )

    # choices -------------------------------------------------------------------------------------------------

    def need(self, value: Value) -> Value:
        """The value in the world being read.

        Raises:
            Undecided: it depends on a test that is not decided there.
        """
        while type(value) is Choice:
            arm = self.arm_of(value.test)
            if arm is None:
                if not self.may_fork:
                    return self.widen(value.test, value.if_true, value.if_false)
                raise Undecided(value.test)
            value = value.if_true if arm else value.if_false
        return value

    def arm_of(self, test: Unknown) -> bool | None:
        """Which way an undecided test goes here; None where both ways are open."""
        arm: bool | None = self.worlds.get(test, self.settled.get(test))
        return arm

    def settle(self, test: Unknown, arm: bool) -> None:
        """The program goes on only where ``test`` goes this way; a handler might go on all the same."""
        if not self.trying:
            self.journal.set(self.settled, test, arm)

    def need_all(self, value: Value) -> Value:
        """`need` for the value and for everything inside lists, tuples and dicts."""
        value = self.need(value)
        match value:
            case tuple() if not _DEEP.isdisjoint(map(type, value)):
                self.look_through(value)
                return tuple(self.need_all(item) for item in value)
            case ListValue(items=items):
                self.look_through(items)
                for index, item in enumerate(items):
                    if type(item) in _DEEP:
                        new = self.need_all(item)
                        if new is not item:
                            self.journal.touch(items)
                            items[index] = new
            case DictValue(entries=entries):
                self.look_through(entries)
                for key, item in list(entries.items()):
                    if type(item) in _DEEP:
                        self.journal.set(entries, key, self.need_all(item))
        return value

    def join(self, test: Unknown, one: Value, other: Value) -> Value:
        """The value that is ``one`` where ``test`` holds and ``other`` elsewhere."""
        if one is other or _same_constant(one, other) or same_name(one, other) or _same_call(one, other):
            return one
        if one is MISSING or other is MISSING:
            return other if one is MISSING else one
        if isinstance(one, Unknown) and isinstance(other, Unknown):
            return self._common(one, other)
        choice = Choice(test, one, other)
        if choice.leaves() > MOST_LEAVES:
            return self.widen(test, one, other)
        return choice

    def widen(self, test: Unknown, one: Value, other: Value) -> Value:
        """What two values have in common, of which ``test`` decides: a tensor of the common shape, else unknown."""
        one, other = self._some_leaf(one), self._some_leaf(other)
        if one is other or _same_constant(one, other):
            return one
        if isinstance(one, Tensor) and isinstance(other, Tensor):
            return self.opaque_tensor(ONE_OF_SEVERAL, (one, other), one.span, join(one.shape, other.shape, test.reason))
        return Unknown(test.reason or "depends on too many branches")

    def _some_leaf(self, value: Value) -> Value:
        if not isinstance(value, Choice):
            return value
        one, other = self._some_leaf(value.if_true), self._some_leaf(value.if_false)
        return one if one is other else self.widen(value.test, one, other)

    @contextmanager
    def world(self, test: Unknown, arm: bool) -> Iterator[None]:
        before = self.worlds.get(test)
        self.worlds[test] = arm
        self.forks += 1
        try:
            yield
        finally:
            self.forks -= 1
            if before is None:
                self.worlds.pop(test, None)
            else:
                self.worlds[test] = before

    def in_both(
        self, test: Unknown, run: Callable[[bool], Value]
    ) -> tuple[tuple[Value, Changes], tuple[Value, Changes]]:
        """Run both arms from the same state; returns each result with what it changed, nothing being changed yet."""
        results = []
        self.branches_read += 1
        before = self.worlds.get(test)
        for arm in (True, False):
            self.journal.begin()
            self.worlds[test] = arm
            self.forks += 1
            try:
                result = run(arm)
            except BaseException:
                self.journal.commit()
                raise
            finally:
                self.forks -= 1
                if before is None:
                    self.worlds.pop(test, None)
                else:
                    self.worlds[test] = before
            changes = self.journal.undo()
            self.burn(len(changes) // 2)
            results.append((result, changes))
        return results[0], results[1]

    def keep_joined(self, test: Unknown, one: Changes, other: Changes) -> None:
        """Make the changes of both arms, as choices where they differ."""
        for place in dict.fromkeys((*one, *other)):
            container, key, _ = one.get(place) or other[place]
            if isinstance(container, list):
                ours, theirs = (changes[place][2] if place in changes else list(container) for changes in (one, other))
                self.journal.write(container, None, self._join_lists(test, ours, theirs))
                continue
            now = container.get(key, MISSING)
            ours, theirs = (changes[place][2] if place in changes else now for changes in (one, other))
            if container is self.settled:
                joined = ours if ours == theirs else MISSING
            elif container is self.names_used:
                joined = max(v for v in (ours, theirs) if v is not MISSING)
            else:
                joined = self.join(test, ours, theirs)
            self.journal.write(container, key, joined)

    def _join_lists(self, test: Unknown, one: list[Value], other: list[Value]) -> list[Value]:
        self.look_through(one)
        return _side_by_side(one, other, lambda a, b: self.join(test, a, b), test.reason)

    def keep_common(self, test: Unknown, one: Changes, other: Changes) -> None:
        """Make what the changes of both arms have in common; where they differ, the place is unknown."""
        for place in dict.fromkeys((*one, *other)):
            container, key, _ = one.get(place) or other[place]
            if container is self.names_used or container is self.settled:
                continue
            if isinstance(container, list):
                now = list(container)
                ours, theirs = (changes[place][2] if place in changes else now for changes in (one, other))
                self.journal.write(container, None, self._common_items(test, ours, theirs))
                continue
            now = container.get(key, MISSING)
            ours, theirs = (changes[place][2] if place in changes else now for changes in (one, other))
            self.journal.write(container, key, self.widen(test, ours, theirs))

    def _common_items(self, test: Unknown, one: list[Value], other: list[Value]) -> list[Value]:
        return _side_by_side(
            one, other, lambda a, b: self.widen(test, a, b), test.reason or "depends on too many branches"
        )

    def _common(self, one: Unknown, other: Unknown) -> Unknown:
        """One of two unknowns, nobody knows which: what only one of the two tells is not known."""
        if not isinstance(one, Ended) or (isinstance(other, Ended) and other.end == one.end):
            return one
        return self.derived(one, "or", id(other)) if isinstance(other, Ended) else other

    def keep(self, changes: Changes) -> None:
        """Make the changes of the only arm that goes on."""
        for container, key, value in changes.values():
            self.journal.write(container, key, value)

    # facts ---------------------------------------------------------------------------------------------------

    @property
    def where(self) -> dict[Unknown, bool]:
        """The world that is read, and the method that no other of its class follows: what is done together."""
        return {**self.worlds, **self.apart}

    def confidence(self, literal: bool) -> Confidence:
        """How sure a value is that is read here and now."""
        if literal:
            best = Confidence.HIGH
        elif self.is_far_fetched or self.loops:
            best = Confidence.CONTROL_FLOW
        else:
            best = Confidence.INFERENCE
        return min(best, self.base_confidence)

    @property
    def proves_nothing(self) -> bool:
        """Whether an error here may be none, or may be meant."""
        return self.assumed > 0 or self.expecting > 0

    @property
    def base_confidence(self) -> Confidence:
        return Confidence.INFERENCE if self.snippet else Confidence.HIGH

    @property
    def is_far_fetched(self) -> bool:
        """Whether so many open branches have to go a certain way at once that nobody knows whether they can."""
        return len(self.worlds) > MOST_BELIEVED

    @property
    def flow_confidence(self) -> Confidence:
        """How sure it is that what is read now happens together with what was read before.

        An open branch goes either way, else nobody would have written it; whether many can go as they would have to at
        once is not known.
        """
        return Confidence.CONTROL_FLOW if self.is_far_fetched else self.base_confidence

    def opaque_tensor(self, what: str, inputs: tuple[Tensor, ...], span: Span, shape: Shape | None = None) -> Tensor:
        """A tensor made by something that is not understood."""
        return tensor_behind(what, inputs, shape or Shape.unknown(result_of(what)), span, in_file=True)


def tensor_behind(what: str, inputs: tuple[Tensor, ...], shape: Shape, span: Span, *, in_file: bool = False) -> Tensor:
    """The tensor that an operation gives which has no arguments but its inputs."""
    return Tensor(shape, span, Call(Op(what, (), span, in_file=in_file), inputs, (shape,), span))


def _side_by_side(
    one: list[Value], other: list[Value], both: Callable[[Value, Value], Value], reason: str
) -> list[Value]:
    """What is common to two lists; where they are not equally long, only the beginning is known."""
    begun = [list(takewhile(lambda item: not isinstance(item, More), items)) for items in (one, other)]
    joined = [both(a, b) for a, b in zip(*begun, strict=False)]
    if len(one) == len(other) == len(joined):
        return joined
    cut = next(
        (items[len(known)] for items, known in zip((one, other), begun, strict=True) if len(known) < len(items)), None
    )
    longer = max(begun, key=len)[len(joined) :]
    return [*joined, cut if isinstance(cut, More) else More(reason, like=longer[0] if longer else None)]


def result_of(what: str) -> str:
    """The reason for which what something unknown gives is unknown."""
    return what if what.startswith(("result of", "parameter")) else f"result of {what}"


_DEEP = frozenset({Choice, tuple, ListValue, DictValue})


def _same_constant(one: Value, other: Value) -> bool:
    plain = (int, float, str, bool, type(None))
    if isinstance(one, tuple) and isinstance(other, tuple):
        return all(isinstance(item, plain) for item in one) and one == other
    return isinstance(one, plain) and type(one) is type(other) and bool(one == other)


def same_name(one: Value, other: Value) -> bool:
    """Whether two names mean the same in Keras: ``keras.layers`` and ``tensorflow.keras.layers``."""
    if not isinstance(one, External) or not isinstance(other, External):
        return False
    below = keras_api.below_root(one.path)
    return below is not None and below == keras_api.below_root(other.path)


def _same_call(one: Value, other: Value) -> bool:
    """Whether two tensors are the outcome of one layer on the same inputs: ``layer(x, training=flag)`` where a layer
    has that argument, and ``layer(x)`` where it has not."""
    if not isinstance(one, Tensor) or not isinstance(other, Tensor) or one.index != other.index:
        return False
    ours, theirs = one.producer, other.producer
    if ours is None or theirs is None or ours.layer is not theirs.layer or len(ours.inputs) != len(theirs.inputs):
        return False
    if not all(a is b for a, b in zip(ours.inputs, theirs.inputs, strict=True)):
        return False
    alike = one.shape == other.shape or (isinstance(ours.layer, Layer) and not ours.layer.in_file)
    return alike and _only_flagged(ours) and _only_flagged(theirs)


def _only_flagged(call: Call) -> bool:
    """Whether a call says nothing but on what, and perhaps a mode of training that it leaves open."""
    return not any(
        argument.name != "inputs" and (argument.name != "training" or isinstance(argument.value.value, bool))
        for argument in call.arguments
    )
