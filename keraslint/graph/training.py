"""How a model is trained: what compile and each fit were given, and which of that is data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from keraslint.graph.facts import Confidence, Fact, Span, Unknown
from keraslint.graph.objects import Argument, Array, Dataset, KerasObject, Layer, Model, Tensor

if TYPE_CHECKING:
    from keraslint.graph.program import Program

FITTING = frozenset({"fit", "fit_generator", "train_on_batch"})
"""Methods of a model that train it."""

PREDICTING = frozenset({"predict", "predict_classes", "predict_generator", "predict_on_batch", "predict_proba"})
"""Methods of a model that ask for neither loss nor metrics."""

BATCH = 32
"""Samples in a batch where nothing is said."""


def data_among(arguments: Iterable[Argument]) -> Fact[Any] | None:
    """What a model is given as data: ``x``, or the ``generator`` of old; None when it is given none."""
    return next((argument.value for argument in arguments if argument.name in ("x", "generator")), None)


@dataclass(frozen=True, eq=False, repr=False)
class Fit:
    """One call of fit, evaluate, predict or one of their likes, and what it is given to do what with."""

    method: str
    model: Model
    arguments: tuple[Argument, ...]
    span: Span
    confidence: Confidence = Confidence.HIGH
    assumed: bool = False
    """As in `Call`: read by defaults that nobody may use, or where the program expects an error."""

    @classmethod
    def of(cls, program: Program) -> Iterator[Fit]:
        return iter(program.fits)

    def argument(self, name: str) -> Fact[Any] | None:
        """The argument as given, or None."""
        return next((a.value for a in self.arguments if a.name == name), None)

    @property
    def trains(self) -> bool:
        return self.method in FITTING

    @cached_property
    def x(self) -> Fact[Any] | None:
        """Inputs, or a data set or generator with all there is."""
        return data_among(self.arguments)

    @cached_property
    def y(self) -> Fact[Any] | None:
        return self.argument("y")

    @property
    def dataset(self) -> Dataset | None:
        """What it is given, where that comes step by step."""
        return self.x.value if self.x is not None and isinstance(self.x.value, Dataset) else None

    @property
    def inputs(self) -> tuple[Array | None, ...]:
        """The data of each input, in the order in which they are given; None for one that is not known."""
        if self.dataset is not None:
            return (self.dataset.component(0),)
        if self.x is not None and self.x.entries:
            return self._named(self.x, tuple(tensor.name for tensor in self.model.inputs))
        return _arrays(self.x)

    def labels(self, outputs: tuple[str, ...] | None = None) -> tuple[Array | None, ...]:
        """The labels of each output, in order; those of a dict by the outputs' names."""
        if self.dataset is not None:
            return (self.dataset.component(1),)
        if self.y is not None and self.y.entries:
            return self._named(self.y, outputs or ())
        return _arrays(self.y)

    def _named(self, given: Fact[Any], names: tuple[str, ...]) -> tuple[Array | None, ...]:
        """The arrays of a dict, in the order of ``names``."""
        by_name = {key.value: value.value for key, value in given.entries if isinstance(key.value, str)}
        return tuple(_array(by_name.get(name)) for name in names)

    @property
    def sample_weight(self) -> Fact[Any] | None:
        return self.argument("sample_weight")

    @property
    def class_weight(self) -> Fact[Any] | None:
        return self.argument("class_weight")

    @property
    def validation_data(self) -> Fact[Any] | None:
        """The pair of inputs and labels, or the data set, as given; None also where None was given."""
        given = self.argument("validation_data")
        return None if given is None or given.is_a(type(None)) else given

    @property
    def validation(self) -> Fit | None:
        """The data of ``validation_data`` as if `evaluate` were given them."""
        given = self.validation_data
        if given is None:
            return None
        names = ("x", "y", "sample_weight")
        parts = given.items if given.is_a((tuple, list)) and len(given.items) in (2, 3) else (given,)
        arguments = tuple(Argument(name, part, None, part.span) for name, part in zip(names, parts, strict=False))
        confidence = min(self.confidence, given.confidence)
        return Fit("evaluate", self.model, arguments, given.span, confidence, self.assumed)

    @property
    def validation_split(self) -> Fact[Any] | None:
        return self.argument("validation_split")

    @property
    def validates(self) -> bool | Unknown:
        """Whether an epoch ends with a look at validation data, so that ``val_loss`` is logged."""
        given, split = self.validation_data, self.validation_split
        if (given is not None and given.known) or (split is not None and split > 0):
            return True
        unknown = (fact.value for fact in (given, split) if fact is not None and isinstance(fact.value, Unknown))
        return next(unknown, False)

    @property
    def callbacks(self) -> tuple[Fact[Any], ...] | None:
        """Each callback as given; None where the list is not known."""
        given = self.argument("callbacks")
        if given is None or given.is_a(type(None)):
            return ()
        if not given.known:
            return None
        return given.items if given.is_a((list, tuple)) else (given,)

    @property
    def samples(self) -> int | Unknown:
        """How many samples it is given, before ``validation_split`` takes its part."""
        for array in (*self.labels(), *self.inputs):
            if self.dataset is None and array is not None and isinstance(array.shape[0], int):
                return array.shape[0]
        return Unknown("the number of samples", self.span)

    @property
    def batch_size(self) -> int | Unknown:
        """Samples in a batch; 32 where nothing is said."""
        if self.dataset is not None:
            first = self.dataset.component(0)
            size = first.shape[0] if first is not None and self.dataset.batched is True else None
            return size if isinstance(size, int) else Unknown("the size of a data set's batches", self.span)
        given = self.argument("batch_size")
        return BATCH if given is None or given.is_a(type(None)) else _number(given)

    @property
    def epochs(self) -> int | Unknown:
        given = self.argument("epochs")
        return 1 if given is None else _number(given)

    @property
    def steps(self) -> int | Unknown:
        """Batches in an epoch: as told, else as the samples make."""
        given = self.argument("steps_per_epoch")
        if given is not None and not given.is_a(type(None)):
            return _number(given)
        split = self.validation_split
        held_back = 0.0 if split is None or split.is_a(type(None)) else split.value
        samples, batch = self.samples, self.batch_size
        if isinstance(samples, int) and isinstance(batch, int) and isinstance(held_back, int | float):
            return -(-int(samples * (1 - held_back)) // max(batch, 1))
        return Unknown("the number of batches in an epoch", self.span)

    @property
    def updates(self) -> int | Unknown:
        """How often `fit` changes the weights; unknown for what trains on one batch a call."""
        given = self.argument("initial_epoch")
        epochs, steps, begin = self.epochs, self.steps, 0 if given is None else _number(given)
        if isinstance(epochs, Unknown) or isinstance(steps, Unknown) or isinstance(begin, Unknown):
            return Unknown("the number of updates", self.span)
        if self.method == "train_on_batch":
            return Unknown("the number of updates", self.span)
        return max(epochs - begin, 0) * steps


def _number(fact: Fact[Any]) -> int | Unknown:
    return fact.value if isinstance(fact.value, int) else Unknown("a number that is not known", fact.span)


def _arrays(given: Fact[Any] | None) -> tuple[Array | None, ...]:
    """One array, or those in a list, tuple or dict; None for each that is none."""
    if given is None:
        return ()
    return tuple(_array(part.value) for part in given.items or (given,))


def _array(value: object) -> Array | None:
    return value if isinstance(value, Array) else None


@dataclass(frozen=True, eq=False, repr=False)
class Training:
    """One compile of one model, with the fits that follow it."""

    model: Model
    """As it stood when it was last seen: at the last fit, else at compile."""
    compiled: KerasObject
    """The call as an object: arguments under today's names, class_name ``keras.Model.compile``."""
    fits: tuple[Fit, ...] = ()
    part_of: tuple[Model, ...] = ()
    """Other compiled models that contain this one: it is a discriminator, an encoder …"""
    holds: tuple[Model, ...] = ()
    """Models that this one contains and that are compiled for themselves, too."""
    kept: bool = False
    """The compiled model is what a function that nobody calls returns: what is done with it is out of sight."""
    ignores_loss: bool = False
    """The model's own `train_step` or `compute_loss` never asks for the loss that `compile` was given."""
    goes_on: bool = False
    """The model was trained before this compile, or weights were set or loaded before its first fit."""
    own_step: bool = False
    """The model's class says by itself what a step computes or which metrics there are."""
    confidence: Confidence = Confidence.HIGH

    @classmethod
    def of(cls, program: Program) -> Iterator[Training]:
        return iter(program.trainings)

    @property
    def span(self) -> Span:
        return self.compiled.span

    @property
    def optimizer(self) -> Fact[Any]:
        """The optimizer as given: a `KerasObject`, a string, a `Reference`, or unknown."""
        return self.compiled.argument("optimizer")

    @property
    def is_idle(self) -> bool:
        """Whether nothing is trained by it, as far as the program shows what becomes of the model.

        It is not fitted, and there is a reason to have compiled it all the same: another compiled model holds it and
        trains it (a GAN's generator), or it only predicts, with weights from elsewhere. One that nothing is done with,
        or that is evaluated, or returned to callers out of sight, is no idle one: it may well be fitted there.
        """
        methods = {fit.method for fit in self.fits}
        if methods & FITTING:
            return False
        return bool(self.part_of) or (bool(methods) and methods <= PREDICTING and not self.kept)

    @property
    def labeled(self) -> Fit | None:
        """The first fit that gives labels."""
        return next((fit for fit in self.fits if fit.dataset is not None or fit.y is not None), None)

    @cached_property
    def labels(self) -> tuple[Array | None, ...]:
        """The labels of each output, from the first fit that gives them."""
        return self.labeled.labels(self.output_names) if self.labeled is not None else ()

    def per_output(self, name: str) -> list[Fact[Any] | None] | None:
        """What compile gave for each output: one for all, a list, or a dict by name; None if not told."""
        given = self.compiled.given(name)
        if given is None or given.value == None:  # noqa: E711 (a fact compares by value)
            return None
        fact, count = given.value, len(self.model.outputs)
        names = self.output_names
        if fact.entries:
            if names is None:
                return None
            by_name = {key.value: value for key, value in fact.entries if isinstance(key.value, str)}
            return [by_name.get(output) for output in names]
        if name == "metrics" and count == 1:
            return [fact]
        if fact.items and name == "loss":
            return [*fact.items, *[None] * count][:count]
        if name == "metrics":
            # Keras 3 wants one entry per output and raises otherwise; Keras 2 gave each to every output.
            return list(fact.items) if len(fact.items) == count else None
        return [fact] * count

    @property
    def output_names(self) -> tuple[str, ...] | None:
        """The names by which loss and metric dicts address the outputs: of the layers that make them."""
        if self.model.output_names:
            return self.model.output_names
        names = tuple(map(_name_of, self.model.outputs))
        return None if None in names else tuple(name for name in names if name is not None)


def _name_of(output: Tensor) -> str | None:
    """The name of the layer that makes an output; None for an op, which has none."""
    if output.producer is None:
        return ""
    layer = output.producer.layer
    return layer.name if isinstance(layer, Layer | Model) else None
