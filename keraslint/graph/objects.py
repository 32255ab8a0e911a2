"""What a program makes out of Keras: objects with their arguments, layers, tensors, calls and models.

Nothing has a generated repr: that of a tensor would print all the graph behind it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Literal

from keraslint import keras_api
from keraslint.graph.facts import Confidence, Fact, Span, Unknown
from keraslint.graph.shape import Shape

if TYPE_CHECKING:
    from keraslint.graph.program import Program


@dataclass(frozen=True, slots=True)
class Reference:
    """A function or class named but not called: ``activation=tf.nn.relu``, ``optimizer=Adam``.

    ``name`` is canonical for Keras (``keras.activations.relu``), the full dotted path for other packages, and
    the function's own name, with ``in_file`` set, for what the file itself defines.
    """

    name: str
    in_file: bool = False
    makes: str = ""
    """The function that calling it would give: ``loss`` where a function of the file defines and returns that."""
    needs: tuple[str, ...] = ()
    """What such a function has to be called with."""


@dataclass(frozen=True, eq=False, repr=False)
class Argument:
    """One argument of a call, under today's Keras name."""

    name: str
    value: Fact[Any]
    written: str | None = None
    """The keyword as written (``lr``); None for a positional argument."""
    span: Span | None = None
    """The whole of ``lr=0.01``, or of the positional value."""
    position: int | None = None


_OF_FIRST_LAYERS = frozenset(("batch_input_shape", "input_dim", "input_length", "input_shape", "weights"))
"""Keywords that older versions took for any layer, whatever its class."""


@dataclass(frozen=True, eq=False, repr=False)
class KerasObject:
    """An instance made by calling a class: a layer, loss, metric, optimizer, callback, initializer, …"""

    class_name: str
    """Canonical for Keras (``keras.layers.Dense``); the class's own name for one that the file defines."""
    arguments: tuple[Argument, ...]
    span: Span
    confidence: Confidence = Confidence.HIGH
    in_file: bool = False
    """The class is defined in the file, or comes from a package that is not Keras."""
    open_ended: bool = False
    """More arguments may have been given (``**kwargs`` of unknown content)."""
    unpacks: bool = False
    """Some of them come from a ``*args`` or ``**kwargs``: of a function that nobody calls, it is read as empty."""
    origin: str = ""
    """What it is a part of, when the program does not make it itself: ``keras.applications.VGG16``."""
    expected: bool = False
    """The program expects an error where it is made, as in a `try`; or a class out of sight may take what it likes."""
    assumed: bool = False
    """It is made in a function that nothing calls, read with its defaults: callers may give other values."""

    @classmethod
    def of(cls, program: Program) -> Iterator[KerasObject]:
        """The parts of this kind in a program, as every kind that a rule looks at can tell."""
        return iter((*program.layers, *program.objects))

    def __repr__(self) -> str:
        given = ", ".join(f"{argument.name}={argument.value.value!r}" for argument in self.arguments)
        return f"{self.kind}({given})"

    @property
    def kind(self) -> str:
        """The class's last name: ``Dense``."""
        return self.class_name.rpartition(".")[2]

    @cached_property
    def _strange_keyword(self) -> str | None:
        """A keyword that no version of Keras takes: Keras raises for it, and what else was meant by it nobody knows."""
        written = (argument.written for argument in self.arguments if argument.written and not self.in_file)
        strange = (word for word in written if word not in _OF_FIRST_LAYERS)
        return next((word for word in strange if keras_api.known_to_no_version(self.class_name, word)), None)

    def given(self, name: str) -> Argument | None:
        """The argument ``name`` (today's spelling) as it was given, or None."""
        for argument in self.arguments:
            if argument.name == name:
                return argument
        return None

    def argument(self, name: str) -> Fact[Any]:
        """The value of ``name``: as given, else Keras's default, else unknown."""
        given = self.given(name)
        if given is not None:
            return given.value
        if self.open_ended:
            return Fact(Unknown(f"`{name}` may be among the **kwargs"), self.span)
        if self._strange_keyword is not None:
            return Fact(Unknown(f"`{name}` may be meant by `{self._strange_keyword}`"), self.span)
        value = default_of(self.class_name, name)
        return Fact(value, self.span, Confidence.INFERENCE, is_default=True)


@lru_cache(maxsize=4096)
def default_of(symbol_name: str, parameter: str) -> object:
    """Keras's default for a parameter, or `Unknown` when it has none that is a plain value."""
    symbol = keras_api.symbol(symbol_name)
    for candidate in symbol.parameters() if symbol else ():
        if candidate.name == parameter:
            if candidate.default is keras_api.REQUIRED or candidate.default is keras_api.OPAQUE:
                break
            return candidate.default
    return Unknown(f"no known default of `{parameter}` of {symbol_name}")


@dataclass(frozen=True, eq=False, repr=False)
class Layer(KerasObject):
    """A layer instance. One layer may be called several times; then it is shared."""

    name: str = ""
    """As Keras would name it: given, or ``dense_1``."""
    trainable: bool | Unknown = True
    refused: str = ""
    """Why Keras raises already when the layer is made; empty when it does not."""
    pretrained: bool = False
    """It surely begins with weights that were trained elsewhere."""
    reweighed: str = ""
    """Why it keeps other weights than its shapes tell, as in a quantized dtype; empty when it does not."""

    @classmethod
    def of(cls, program: Program) -> Iterator[Layer]:
        return iter(program.layers)


ONE_OF_SEVERAL = "several branches"
"""The `Op` of a tensor that comes out of one of several branches, nobody knows which: behind it stand all of them."""


class Op(KerasObject):
    """A function applied to symbolic tensors: ``keras.ops.concatenate``, ``tensorflow.reshape``, ``operator.add``."""

    @classmethod
    def of(cls, program: Program) -> Iterator[Op]:
        return (call.layer for call in program.calls if isinstance(call.layer, Op))


@dataclass(frozen=True, eq=False, repr=False)
class Call:
    """A layer, model or op applied to tensors: one node of the graph."""

    layer: Layer | Op | Model
    inputs: tuple[Tensor, ...]
    """The tensors that go in, in order, whatever structure they came in."""
    output_shapes: tuple[Shape, ...]
    span: Span
    arguments: tuple[Argument, ...] = ()
    """Of the call itself, ``inputs`` first, with tensors in place; empty for ops, whose object holds them."""
    params: int | Unknown = 0
    non_trainable_params: int | Unknown = 0
    """Of the layer's weights, as built by this call."""
    error: str | None = None
    """Why Keras would reject the call: a shape or rank that does not fit."""
    confidence: Confidence = Confidence.HIGH
    contents: Model | None = None
    """What a custom layer consists of, as read in this call."""
    assumed: bool = False
    """Read by defaults that nobody may use, or where the program expects an error: an error here proves nothing."""

    @classmethod
    def of(cls, program: Program) -> Iterator[Call]:
        return iter(program.calls)

    @property
    def about(self) -> tuple[object, ...]:
        return self, self.layer

    def argument(self, name: str) -> Fact[Any] | None:
        """An argument of the call itself, as ``training``; None when it was not given."""
        return next((given.value for given in self.arguments if given.name == name), None)

    @property
    def input_shape(self) -> Shape:
        return self.inputs[0].shape if self.inputs else Shape.unknown("no input")

    @property
    def output_shape(self) -> Shape:
        return self.output_shapes[0] if self.output_shapes else Shape.unknown("no output")


@dataclass(frozen=True, eq=False, repr=False)
class Tensor:
    """A symbolic tensor: a model input, or one output of a call."""

    shape: Shape
    span: Span
    producer: Call | None = None
    """None for an input."""
    index: int = 0
    """Which of the producer's outputs it is."""
    dtype: str | Unknown = "float32"
    name: str = ""
    data: Array | None = None
    """The data that stand for it, where a layer or model is called on an array."""


@dataclass(frozen=True, eq=False, repr=False)
class Model:
    """A model as it stood when it was read; the graph between ``inputs`` and ``outputs``.

    For a subclass whose ``call`` could not be read, ``outputs`` is empty and ``unknowns`` says why. One that has no
    ``call`` at all, as a GAN that only trains its two models, has neither inputs, outputs nor unknowns.
    """

    kind: Literal["sequential", "functional", "subclass"]
    name: str
    span: Span
    inputs: tuple[Tensor, ...] = ()
    outputs: tuple[Tensor, ...] = ()
    layers: tuple[Layer | Model, ...] = ()
    """Each layer once, in Keras's order; nested models count as layers."""
    confidence: Confidence = Confidence.HIGH
    unknowns: tuple[Unknown, ...] = ()
    """Why the model is not complete; empty when every layer and connection is known."""
    class_name: str = ""
    """The subclass's name, for ``kind="subclass"``."""
    output_names: tuple[str, ...] | None = None
    """Keys when the outputs were given as a dict, sorted as Keras sorts them."""
    trainable: bool | Unknown = True
    own_params: int | Unknown = 0
    """Elements of the weights that a subclass makes for itself, outside of its layers."""
    own_trainable_params: int | Unknown = 0
    written_names: tuple[str, ...] | None = None
    """The keys of `output_names` in the order in which they are written."""

    @classmethod
    def of(cls, program: Program) -> Iterator[Model]:
        return iter(program.models)

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """Every call that the outputs depend on, inputs before users."""
        return tuple(_ordered_calls(self.outputs, {id(tensor) for tensor in self.inputs}))

    @property
    def without_call(self) -> bool:
        """Whether it is a subclass that has no ``call``: it holds and trains other models."""
        return self.kind == "subclass" and not (self.inputs or self.outputs or self.unknowns)

    @property
    def input_shape(self) -> Shape:
        return self.inputs[0].shape if self.inputs else Shape.unknown("no input in sight")

    @property
    def output_shape(self) -> Shape:
        return self.outputs[0].shape if self.outputs else Shape.unknown("no output in sight")


def _ordered_calls(outputs: tuple[Tensor, ...], inputs: set[int]) -> Iterator[Call]:
    """Calls between ``inputs`` (ids of tensors) and ``outputs`` in topological order, without recursion: models may
    be 10,000 layers deep."""
    done: set[int] = set()
    for output in outputs:
        stack = [None if id(output) in inputs else output.producer]
        while stack:
            call = stack[-1]
            if call is None or id(call) in done:
                stack.pop()
                continue
            behind = (t.producer for t in call.inputs if id(t) not in inputs)
            waiting = [producer for producer in behind if producer and id(producer) not in done]
            if waiting:
                stack.extend(reversed(waiting))
            else:
                done.add(id(call))
                stack.pop()
                yield call


StepKind = Literal[
    "made",
    "scaled",
    "cast",
    "sliced",
    "reshaped",
    "shuffled",
    "split",
    "stacked",
    "sorted",
    "encoded",
    "augmented",
    "computed",
]
"""``sorted``: by value, as labels that were written class after class. ``computed``: other values, by what has no
kind of its own."""


STANDARDIZED = "sklearn.StandardScaler"
"""What a step is by that leaves values of mean 0 and deviation 1: some of them are negative."""


SHUFFLE = "tensorflow.data.Dataset.shuffle"
"""What a step is by that moves the elements of a pipeline; no seed but its own makes two of them alike."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """What becomes of each value: ``factor * x + offset``, where None is a number that is not known.

    With a name more happens to them, or the data decide the numbers: a scaler, the means of three colors.
    """

    factor: float | None = None
    offset: float | None = None
    name: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Step:
    """One thing that was done to data on their way."""

    kind: StepKind
    by: object
    """What did it: ``("/", 255)`` for `x / 255` (None for what is no number), a dtype, the name of a function, the
    `Model` that predicted them."""
    span: Span
    scaling: Scaling | None = None
    """What became of the values; None where they stayed as they were, or where that is not to be told."""
    of: tuple[Array, ...] = ()
    """The few arrays that were joined."""
    order: Hashable = None
    """Where samples were moved, into which order: two with equal ones are moved alike; None where one cannot tell."""


@dataclass(frozen=True, eq=False, repr=False)
class Array:
    """What is known about data: an array, a tensor of data, or one component of a data set."""

    shape: Shape
    """Axis 0 counts samples (None or unknown when it is not known)."""
    dtype: str | Unknown = field(default_factory=lambda: Unknown("dtype not known"))
    low: float | Unknown = field(default_factory=lambda: Unknown("range not known"))
    high: float | Unknown = field(default_factory=lambda: Unknown("range not known"))
    encoding: Literal["integer", "binary", "one-hot", "multi-hot", "continuous"] | Unknown = field(
        default_factory=lambda: Unknown("label encoding not known")
    )
    """How labels are encoded: class indices, 0/1, rows with exactly one 1, rows with several, real values."""
    classes: int | Unknown = field(default_factory=lambda: Unknown("number of classes not known"))
    origin: str = ""
    """Where it comes from, for messages: ``keras.datasets.mnist``."""
    steps: tuple[Step, ...] = ()
    """How the data came to be, first things first, as far as it was noted."""
    range_occurs: bool = False
    """``low`` and ``high`` are values that are surely in it, as of numbers written out; else they are bounds."""

    @property
    def holds_only_0_and_1(self) -> bool:
        """Whether every value is known to be 0 or 1, though not which."""
        return self.encoding == "binary" or (self.low == self.high and (self.low == 0 or self.low == 1))


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Data that come step by step: a tf.data pipeline, a directory loader, a generator."""

    components: tuple[Array | Unknown, ...]
    """What one element holds, in order: inputs, labels, weights; empty when not known. Shapes are those of one
    element: with the batch axis once it is batched."""
    batched: bool | Unknown
    endless: bool | Unknown
    """It never ends by itself: ``.repeat()``, or a generator with ``while True``."""
    shuffled_after_batch: bool | Unknown = False
    """Whole batches were shuffled, and nothing had shuffled the samples before."""
    elements: int | Unknown = field(default_factory=lambda: Unknown("how many elements there are"))
    """How many elements it gives, one time through; batches once it is batched."""
    shuffled: bool = False
    """The samples were shuffled before they came into batches."""
    origin: str = ""
    """Where it comes from, for messages: ``image_dataset_from_directory``."""
    reshuffled: Span | None = None
    """The step that shuffles all of it anew each time it is gone over, where nothing has fixed the order since."""
    split: Literal["", "skip", "take"] = ""
    """Which part of what is reshuffled it is."""

    def component(self, index: int) -> Array | None:
        """One component as if it were one array, samples along axis 0; None when it is not known."""
        part = self.components[index] if index < len(self.components) else None
        if not isinstance(part, Array):
            return None
        if self.batched == True:  # noqa: E712 (an unknown has no truth value)
            return part
        known = self.batched == False and part.shape.rank_known  # noqa: E712
        shape = Shape((None, *part.shape.dims)) if known else Shape.unknown("not known to be batched")
        return replace(part, shape=shape)
