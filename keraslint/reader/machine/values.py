"""What a name can stand for while a program is read: plain Python values, symbols, functions, objects, models."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from astroid import nodes

from keraslint.graph import Array, Confidence, KerasObject, Layer, Span, Tensor, Unknown
from keraslint.graph.shape import Dim, Shape

Value: TypeAlias = Any
"""Plain constants (int, float, str, bool, None, bytes, complex, tuple, range, slice, Ellipsis), parts of the graph
(`Tensor`, `KerasObject`, `Array`), `Unknown`, or one of the classes below."""


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Choice:
    """A value that depends on a test that cannot be decided: one value if ``test`` holds, another if not.

    Two choices with the same test belong together, so that ``units, activation = 1, "sigmoid"`` in one arm never
    meets the ``"softmax"`` of the other.
    """

    test: Unknown
    if_true: Value
    if_false: Value

    def leaves(self) -> int:
        return sum(v.leaves() if isinstance(v, Choice) else 1 for v in (self.if_true, self.if_false))


@dataclass(frozen=True, slots=True)
class External:
    """A name from elsewhere by its dotted path: ``tensorflow.keras.layers.Dense``, ``numpy.pi``, ``.blocks.conv``."""

    path: str
    origin: str = ""
    """The file that imports it, where that is not the one that is read."""


@dataclass(eq=False, repr=False, slots=True)
class ListValue:
    """A list, or a set."""

    items: list[Value]
    spans: tuple[Span, ...] | None = None
    """Where the elements were written, while the list is as written."""
    is_set: bool = False
    is_generator: bool = False
    """What a function of the file yields."""


@dataclass(eq=False, repr=False, slots=True)
class DictValue:
    """A dict with keys that are known."""

    entries: dict[Hashable, Value]
    spans: tuple[tuple[Span, Span], ...] | None = None
    has_more: bool = False
    """There may be keys that are not known."""
    why: str = ""
    """The reason for which there may be, if it is known."""
    is_namespace: bool = False
    """The entries are the attributes of something, such as ``self.__dict__``."""
    missing: Value = None
    """Of a defaultdict: what makes the values of keys that are not there."""


@dataclass(eq=False, repr=False)
class Scope:
    """Names and what they stand for; module, function or class."""

    names: dict[str, Value]
    parent: Scope | None = None
    kind: str = "module"
    globals_declared: set[str] = field(default_factory=set)
    nonlocals_declared: set[str] = field(default_factory=set)
    stars: list[External] = field(default_factory=list)
    """Modules imported with ``*``."""
    file: str = ""
    """For the module scope of another file of the project: its path."""

    @property
    def module(self) -> Scope:
        """The scope of the module around it."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Case:
    """Arguments with which a test framework runs a test."""

    positional: tuple[Value, ...]
    keywords: dict[str, Value]


@dataclass(eq=False, repr=False, slots=True)
class FunctionValue:
    """A function or lambda of the file, with the scope it closes over and its defaults."""

    node: nodes.FunctionDef | nodes.Lambda
    scope: Scope
    defaults: dict[str, Value]
    owner: ClassValue | None = None
    """The class it is defined in; ``super()`` starts there."""
    decorated: tuple[str, ...] = ()
    """Names of decorators: ``staticmethod``, ``property``, ``tensorflow.function``."""
    setter: Value = None
    """Of a property: the function that ``@name.setter`` added."""
    cases: tuple[Case, ...] = ()
    """Of a parametrized test: some of the arguments that it is run with."""
    attributes: dict[str, Value] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return getattr(self.node, "name", "<lambda>")

    @property
    def is_property(self) -> bool:
        return any(name.rpartition(".")[2] in ("property", "cached_property") for name in self.decorated)

    @property
    def is_cached(self) -> bool:
        return any(name.rpartition(".")[2] == "cached_property" for name in self.decorated)


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class BoundMethod:
    """A function of the file bound to an instance."""

    function: FunctionValue
    instance: Value


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Native:
    """A function that we interpret ourselves: a built-in, or a method of a value."""

    name: str
    call: Callable[..., Value]
    """Takes the machine, the arguments and the node of the call."""
    fields: dict[str, FieldSpec] | None = None
    """Those of a class of named tuples, which classes of the file may have as their base."""


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Error:
    """An exception of Python's own that was made, raised or not."""

    kind: str
    """The name of its class."""


@dataclass(eq=False, repr=False)
class ClassValue:
    """A class of the file."""

    node: nodes.ClassDef
    bases: tuple[Value, ...]
    names: dict[str, Value]
    keras_base: str | None = None
    """The Keras class it descends from, canonical: ``keras.Model``, ``keras.layers.Layer`` …"""
    open_base: bool = False
    """It has a base that is not known, so attributes may come from there."""
    mro: tuple[ClassValue, ...] = ()
    """The classes of the file that it inherits from, itself first, in the order in which Python asks them."""
    kind: str = ""
    """``dataclass``, ``enum``, ``namedtuple``, ``dict`` or ``list`` when it behaves as one."""
    fields: dict[str, FieldSpec] = field(default_factory=dict)
    """The fields of a dataclass or NamedTuple, those of its bases first."""
    generates_init: bool = False
    """It is itself a dataclass or NamedTuple, and so has an `__init__` that sets the fields."""

    @property
    def name(self) -> str:
        return str(self.node.name)

    def lookup(self, name: str, after: ClassValue | None = None) -> tuple[Value, ClassValue] | None:
        """The attribute and the class that has it; with ``after`` only in the classes behind, as `super()` does."""
        classes = self.mro or (self,)
        if after is not None:
            classes = classes[classes.index(after) + 1 :] if after in classes else ()
        for cls in classes:
            if name in cls.names:
                return cls.names[name], cls
        return None


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class FieldSpec:
    """What a field of a dataclass starts as."""

    default: Value = None
    has_default: bool = False
    factory: Value = None
    in_init: bool = True
    init_only: bool = False
    """An `InitVar`: given to `__post_init__` and not kept."""


ANY_NAME = "*"
"""Among the attributes of an instance: one whose name is not known was set, so that any may be another."""


@dataclass(eq=False, repr=False)
class Instance:
    """An instance of a class of the file."""

    cls: ClassValue
    attributes: dict[str, Value]
    node: nodes.NodeNG
    span: Span
    model: ModelValue | None = None
    """Set when the class is a Keras Model."""
    layer: Layer | None = None
    """Set when the class is a Keras Layer."""
    contents: Value = None
    """The list or dict that it is, when its class descends from one."""
    notes: dict[str, Value] = field(default_factory=dict)
    """What Keras keeps of it, apart from the attributes, whose names are the program's."""


def scalar_of(instance: Instance) -> Value:
    """The plain value that a member of an IntEnum or StrEnum is, or None."""
    if instance.cls.kind != "enum":
        return None
    mixed = any(
        (isinstance(base, External) and base.path in ("enum.IntEnum", "enum.StrEnum"))
        or (isinstance(base, Native) and base.name in ("int", "str", "float"))
        for cls in instance.cls.mro
        for base in cls.bases
    )
    return instance.attributes.get("value") if mixed else None


@dataclass(eq=False, repr=False, slots=True)
class Fields:
    """A record of named values: a namedtuple, a namespace, the parsed command line."""

    values: dict[str, Value]
    what: str
    """What a field that is not known is called: ``the command line's``."""
    is_tuple: bool = False


class TensorShape(tuple[Value, ...]):
    """A shape as Keras 2 hands it to `build`: a tuple that says of itself that it is a ``tf.TensorShape``."""


@dataclass(eq=False, repr=False, slots=True)
class Table:
    """A pandas DataFrame: ``state`` has the names of its ``columns``, or an unknown, and the number of ``rows``."""

    state: dict[str, Any]


@dataclass(eq=False, repr=False, slots=True)
class Locator:
    """``table.loc`` or ``table.iloc``."""

    table: Table
    name: str


@dataclass(frozen=True, eq=False, slots=True)
class Whole(Unknown):
    """Some integer."""


@dataclass(frozen=True, eq=False, slots=True)
class Numbers(Unknown):
    """A ``range`` between ends that are not known."""


@dataclass(frozen=True, eq=False, slots=True)
class Shifted(Unknown):
    """An unknown number and something more, or less: ``i + 60``."""

    base: Unknown = field(kw_only=True)
    by: int | Unknown = field(kw_only=True)


@dataclass(frozen=True, eq=False, slots=True)
class Window(Unknown):
    """The length of ``x[i : i + 60]``: 60, or less where the series ends before."""

    length: Dim = None


@dataclass(frozen=True, eq=False, slots=True)
class WeightsOf(Unknown):
    """``model.trainable_variables``, and sums of such: lists of which only the owners are known."""

    owners: tuple[Value, ...] = field(kw_only=True)


def regular(value: Array) -> Array:
    """An array out of several that stand in one array: its windows are whole, or they would not fit together."""
    if not value.shape.rank_known or not any(isinstance(dim, Window) for dim in value.shape.dims):
        return value
    dims = tuple(dim.length if isinstance(dim, Window) else dim for dim in value.shape.dims)
    return replace(value, shape=Shape(dims))


def is_whole(value: Value) -> bool:
    """Whether an unknown is surely an integer."""
    while isinstance(value, Shifted) and isinstance(value.by, int):
        value = value.base
    return isinstance(value, Whole)


class Sizes(tuple[Value, ...]):
    """A tensor of sizes, such as ``tf.shape(x)``: as a tuple, but not to operators."""


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Super:
    """The result of ``super()``, in a method of an instance or of a class."""

    instance: Instance | ClassValue
    owner: ClassValue


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Method:
    """A method of a model, layer or other Keras object, not yet called."""

    owner: Value
    name: str


MISSING: Any = object()
"""The value of a place that holds none."""


class Stateful:
    """Typed fields that the journal sets and takes back like entries of a dict; one without a value is `MISSING`."""

    __slots__ = ()

    def get(self, name: Any, default: Value = None) -> Value:
        value = getattr(self, name)
        return default if value is MISSING else value

    def pop(self, name: Any, default: Value = None) -> None:
        setattr(self, name, MISSING)

    __delitem__ = pop

    def __contains__(self, name: Any) -> bool:
        return getattr(self, name) is not MISSING

    def __getitem__(self, name: Any) -> Value:
        return getattr(self, name)

    def __setitem__(self, name: Any, value: Value) -> None:
        setattr(self, name, value)


@dataclass(eq=False, repr=False, slots=True)
class ModelState(Stateful):
    """What may change about a model."""

    layers: Value = MISSING
    """Of a Sequential: a tuple of layer values, tensors and unknowns."""
    inputs: Value = MISSING
    """Of a functional model: its tensors, in the structure in which they are given."""
    outputs: Value = MISSING
    """The same of what it gives; a subclass that calls ``super().__init__(inputs, outputs)`` has both, too."""
    trainable: Value = True
    built_shape: Value = None
    """The shape that `build` or the first data told."""
    called: Value = None
    """Of a subclass: the graph of its last call."""
    opaque: str = ""
    """What it is of which only the existence is known: a pretrained application, a loaded file."""
    escaped: Value = MISSING
    """What out of sight may have added layers."""
    given_away: Value = MISSING
    """What out of sight was given it at all, as a compile may be."""
    unfinished: Value = MISSING
    """Its `__init__` has not come to its end."""
    replaced: Value = MISSING
    """It was made again, with more known."""
    attributes: dict[str, Value] = field(default_factory=dict)
    """What the program has set on it by names of its own."""

    @property
    def is_functional(self) -> bool:
        """Whether it was given tensors, if only in some branch."""
        return self.outputs is not MISSING

    @property
    def has_escaped(self) -> bool:
        return self.escaped is not MISSING


@dataclass(eq=False, repr=False, slots=True)
class LayerState(Stateful):
    """What may change about a layer, and what it was made around."""

    trainable: Value = True
    wrapped: Value = None
    """The layer inside a wrapper."""
    function: Value = None
    """The function of a Lambda, and the settings that it is called with."""
    arguments: Value = None
    built: Value = None
    """The shape that `build` was given by hand."""
    tokens: Value = MISSING
    """The vocabulary of a lookup."""
    attributes: dict[str, Value] = field(default_factory=dict)
    """Parts that the program asked for, and what it has set by names of its own."""


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Repeated:
    """Elements of a Sequential that a loop adds again and again, nobody knows how often."""

    layers: tuple[Value, ...]
    """What one turn adds."""
    why: Unknown


@dataclass(eq=False, repr=False)
class ModelValue:
    """A Keras model under construction. ``state`` holds what may change, so that branches can be kept apart."""

    kind: str
    name: str
    span: Span
    state: ModelState = field(default_factory=ModelState)
    instance: Instance | None = None
    confidence: Confidence = Confidence.HIGH
    """How sure it is that it is made at all."""
    cache: dict[Hashable, Any] = field(default_factory=dict)
    """Graphs made of it before, by what they depend on."""


@dataclass(eq=False, repr=False)
class LayerValue:
    """A layer object: the layer as constructed, and what may change about it."""

    layer: Layer
    state: LayerState = field(default_factory=LayerState)
    outputs: list[Value] = field(default_factory=list)
    inputs: list[Value] = field(default_factory=list)
    """Tensors that it was called on and gave, in order of the calls."""
    now: Layer | None = None
    """The layer with the ``trainable`` that was asked for last."""


@dataclass(frozen=True, eq=False, slots=True)
class More:
    """The end of a list of which only the beginning is known, and why; all are equal."""

    reason: str = ""
    like: Value = None
    """One of the elements that may follow, where one is known."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, More)

    def __hash__(self) -> int:
        return hash(More)


MORE: Final = More()


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Pending:
    """The rest of a generator expression, or of a `map` or `filter`: nothing of it happens before it is asked for."""

    step: Callable[[Value], list[Value]]
    """The elements that come of one item of what it goes over."""
    over: Sequence[Value] | ListValue
    """The items, or an iterator that gives them one by one."""
    done: int = 0
    """So many of the items have been gone over."""


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Config:
    """What ``get_config()`` of a layer, model or other object gives, as long as nobody changes it."""

    owner: LayerValue | ModelValue | KerasObject


_KEYS = (
    *(str, int, float, complex, bytes, type(None), range, Tensor, KerasObject),
    *(Instance, External, ClassValue, FunctionValue, BoundMethod, Native, LayerValue, ModelValue),
)
LONGEST_KEY = 16
DEEPEST_KEY = 3


SCALARS = (int, float, complex, str, bytes, bool, type(None))
"""Plain values of Python that hold no others."""


def key_of(value: Value) -> object:
    """By what a value is told from others: a scalar by what it is, all else by which one it is."""
    return value if isinstance(value, SCALARS) else id(value)


def is_key(value: Value, depth: int = DEEPEST_KEY) -> bool:
    """Whether a value can be a key of a dict whose keys are known.

    A tuple must be small: one that holds itself twice, and so on sixty times, would take forever to hash.
    """
    if isinstance(value, tuple):
        return depth > 0 and len(value) <= LONGEST_KEY and all(is_key(part, depth - 1) for part in value)
    return isinstance(value, _KEYS)


@dataclass(frozen=True, slots=True)
class NamedShapes:
    """The shapes of data that come in a dict."""

    entries: tuple[tuple[str, DataShape], ...]


DataShape: TypeAlias = "Shape | NamedShapes | tuple[DataShape, ...]"
"""The shapes of data given to a model, in the structure in which they are given."""
