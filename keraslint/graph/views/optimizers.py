"""Optimizers: how each was given or made, where its rate starts, and which trainings use it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from keraslint import keras_api
from keraslint.graph.facts import Confidence, Fact, Span, Unknown, weakest
from keraslint.graph.objects import Argument, KerasObject, Reference, default_of
from keraslint.graph.once import once
from keraslint.graph.program import Program
from keraslint.graph.training import Training

SCHEDULES = "keras.optimizers.schedules."
ADAPTIVE = ("Adam", "AdamW", "Adamax", "Lion", "Nadam", "RMSprop")
"""Optimizers whose steps are about as long as the learning rate. Adadelta, Adagrad and Ftrl shrink theirs."""
CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")


@dataclass(frozen=True, eq=False, repr=False)
class Optimizer:
    """An optimizer that compile was given, or that was made."""

    given: Fact[Any]
    """A `KerasObject`, a string, a `Reference` to a class or function, or unknown; Keras's default where compile was
    given none."""
    trainings: tuple[Training, ...] = ()
    """The compiles that it was given to; empty when it was made and never compiled."""
    is_swept: bool = False
    """It is made at its place again and again with another rate: the program compares rates by itself."""

    @classmethod
    def of(cls, program: Program) -> Iterator[Optimizer]:
        return iter(optimizers_of(program))

    @property
    def span(self) -> Span:
        return self.given.span

    @property
    def confidence(self) -> Confidence:
        return weakest(self.given, *(training.confidence for training in self.trainings[:1]))

    @property
    def about(self) -> tuple[object, ...]:
        return (self,) if self.instance is None else (self, self.instance)

    @property
    def training(self) -> Training | None:
        """The first that it was given to."""
        return next(iter(self.trainings), None)

    @property
    def instance(self) -> KerasObject | None:
        """The instance, where it is one."""
        return self.given.value if isinstance(self.given.value, KerasObject) else None

    @property
    def class_name(self) -> str | Unknown:
        """``keras.optimizers.Adam``, however it was given."""
        match self.given.value:
            case KerasObject(in_file=False, class_name=name) | Reference(in_file=False, name=name):
                return name
            case str(identifier):
                return keras_api.from_identifier("optimizer", identifier) or Unknown(f"no optimizer is {identifier!r}")
            case Unknown() as unknown:
                return unknown
        return Unknown("an optimizer that Keras does not define", self.span)

    @property
    def kind(self) -> str:
        """``Adam``; empty when it is not known."""
        return self.class_name.rpartition(".")[2] if isinstance(self.class_name, str) else ""

    def is_a(self, *kinds: str) -> bool:
        """Whether it is known to be one of these: ``Adam``, ``SGD``."""
        return self.kind in kinds

    @property
    def is_class(self) -> bool:
        """Whether the class was given in the place of an instance: ``optimizer=Adam``."""
        return isinstance(self.given.value, Reference) and _is_optimizer(self.given.value.name)

    @property
    def is_shared(self) -> bool:
        """Whether several models are compiled with it."""
        return len({(training.model.span, training.model.name) for training in self.trainings}) > 1

    def written(self, name: str) -> Argument | None:
        """The argument ``name`` as it was given, or None."""
        return self.instance.given(name) if self.instance else None

    def setting(self, name: str) -> Fact[Any]:
        """The value of ``name``, as given or as Keras's default."""
        if self.instance is not None:
            return self.instance.argument(name)
        value = default_of(self.class_name, name) if isinstance(self.class_name, str) else self.class_name
        return Fact(value, self.span, Confidence.INFERENCE, is_default=True)

    @property
    def rate(self) -> Fact[Any]:
        """The learning rate: a number, a schedule, or unknown."""
        return self.setting("learning_rate")

    @property
    def default_rate(self) -> object:
        """Keras's own choice for it; unknown where there is none."""
        return default_of(self.class_name, "learning_rate") if isinstance(self.class_name, str) else self.class_name

    @property
    def schedule(self) -> KerasObject | None:
        """The schedule that sets its rate step by step."""
        value = self.rate.value
        if isinstance(value, KerasObject) and value.class_name.startswith(SCHEDULES):
            return value
        return None

    @property
    def start(self) -> Fact[Any] | None:
        """The number that was written for the rate, or with which a schedule begins; None for a warm-up, for a
        default, and for what is not known."""
        return _start_of(self.instance) if self.instance is not None else None

    @property
    def momentum(self) -> Fact[Any]:
        return self.setting("momentum")

    @property
    def clips(self) -> bool | Unknown:
        """Whether gradients are clipped."""
        for given in filter(None, map(self.written, CLIPS)):
            if not given.value.is_a(type(None)):
                return True if given.value.known else Unknown(f"`{given.name}`", self.span)
        return False


def _is_optimizer(class_name: str) -> bool:
    symbol = keras_api.symbol(class_name)
    return symbol is not None and symbol.category == "optimizer"


def _start_of(optimizer: KerasObject) -> Fact[Any] | None:
    given = optimizer.given("learning_rate")
    if given is None:
        return None
    schedule = given.value.value
    if not isinstance(schedule, KerasObject):
        return given.value if given.value.is_a((int, float)) else None
    if not schedule.class_name.startswith(SCHEDULES) or schedule.given("warmup_target"):
        return None
    if schedule.kind == "PiecewiseConstantDecay":
        values = schedule.argument("values").items
        return values[0] if values else None
    initial = schedule.given("initial_learning_rate")
    return initial.value if initial and initial.value.is_a((int, float)) else None


@once
def optimizers_of(program: Program) -> tuple[Optimizer, ...]:
    """Those of the compiles first, one that several compiles are given once, then those that are only made."""
    given: dict[int, Fact[Any]] = {}
    trainings: defaultdict[int, list[Training]] = defaultdict(list)
    for training in program.trainings:
        fact = training.optimizer
        key = id(fact.value) if isinstance(fact.value, KerasObject) else id(training)
        given.setdefault(key, fact)
        trainings[key].append(training)
    compiled = {fact.value.span for fact in given.values() if isinstance(fact.value, KerasObject)}
    for made in program.objects:
        if _is_optimizer(made.class_name) and id(made) not in given and made.span not in compiled:
            given[id(made)] = Fact(made, made.span, made.confidence)
    swept = _swept(program)
    return tuple(Optimizer(fact, tuple(trainings[key]), _place(fact) in swept) for key, fact in given.items())


def _place(fact: Fact[Any]) -> Span | None:
    return fact.value.span if isinstance(fact.value, KerasObject) else None


def _swept(program: Program) -> set[Span | None]:
    """Where optimizers are made that start at several rates."""
    seen: defaultdict[Span, set[object]] = defaultdict(set)
    for made in program.objects:
        start = _start_of(made) if _is_optimizer(made.class_name) else None
        if start is not None:
            seen[made.span].add(start.value)
    return {span for span, values in seen.items() if len(values) > 1}
