"""The questions that the machine asks of values, and who answers them: by the class of a value, never by a ladder.

| question | asked in | answered in |
|---|---|---|
| `BINARY`, `UNARY` | language.operators | language, libraries.arrays, libraries.pandas, keras.ops |
| `COMPARE` | language.comparison | language, libraries.arrays, libraries.pandas, keras.ops |
| `ITEM` | language.items | language, libraries.arrays, libraries.pandas, keras.ops |
| `SET_ITEM`, `DELETE_ITEM` | language.assignment | language, libraries.arrays, libraries.pandas |
| `SET_ATTRIBUTE` | language.assignment | language, libraries.pandas, keras.freezing, keras.optimizers |
| `SET_ON_KERAS` | language.assignment | keras.freezing |
| `AUGMENTED` | language.statements | libraries.arrays |
| `ITEMS` | machine.iteration | machine, language.classes, libraries.arrays, libraries.pandas |
| `ENTERED` | language.statements | keras.own_steps |
| `TRUTH` | machine.machine | machine, language.classes |
| `GRAPH_VALUE` | keras.binding | keras.models, keras.subclasses |
| `ESCAPED` | language.functions | language.functions, libraries.pandas, keras.models |
| `PREPARE`, `INIT`, `CALL`, `BUILD`, `ATTRIBUTE`, `SUPER_ATTRIBUTE` | language.classes | keras.subclasses |
| `GRAPH`, `APPLY` | keras.models | keras.subclasses |
| `ASSIGNED` | language.expressions | keras.optimizers |
| `NOT_GIVEN` | language.functions | keras.calls |
| `FIRST_PARTY`, `WELL_KNOWN` | language | project |
| `IS_INSTANCE`, `CASES` | language | stdlib |
| `MEMBER_OF_DTYPE` | stdlib.methods | keras.dtypes |
| `ARGMAX`, `MET` | libraries.arrays | keras.observing |
| `UNPACKED` | language.assignment | keras.observing |
| `LAYER_PARTS` | keras.layers | keras.attention_parts |

A file answers for the kinds of values that it makes, so that none of them is met before the file is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from astroid import nodes

from keraslint.graph import Array, Tensor, Unknown
from keraslint.reader.machine.values import Instance, LayerValue, ListValue, Sizes, Table, Value

if TYPE_CHECKING:
    from keraslint.graph import Model, Span
    from keraslint.reader.machine.arguments import Arguments
    from keraslint.reader.machine.machine import Machine
    from keraslint.reader.machine.values import Case, DataShape, External, ModelValue

Answer = TypeVar("Answer", bound=Callable[..., Any])

ELEMENTWISE = ("==", "!=", "<", "<=", ">", ">=")
"""Comparisons that data answer for each of their elements."""

PASS: Any = object()
"""The answer of a kind of value that leaves the question to the kinds behind it."""


UNDEFINED: Any = object()
"""No such special method: Python would not find it either."""


BUILTINS: dict[str, Value] = {}
"""Python's built-in functions and classes by their names; `python` fills it."""


class Question(Generic[Answer]):
    """A question about one value: answered for its class, or for the nearest class that this descends from."""

    def __init__(self) -> None:
        self._answers: dict[type, Answer] = {}
        self._found: dict[type, Answer | None] = {}

    def answers(self, *kinds: type) -> Callable[[Answer], Answer]:
        """Register what answers for these classes.

        Raises:
            ValueError: for one of them there is an answer.
        """

        def register(answer: Answer) -> Answer:
            for kind in kinds:
                if kind in self._answers:
                    raise ValueError(f"two answers for {kind.__name__}")
                self._answers[kind] = answer
            self._found.clear()
            return answer

        return register

    def of(self, value: Value) -> Answer | None:
        """What answers for this value; None when nobody does."""
        kind = type(value)
        if kind not in self._found:
            self._found[kind] = next((self._answers[base] for base in kind.__mro__ if base in self._answers), None)
        return self._found[kind]


class Ranked(Generic[Answer]):
    """A question about two values: answered for the kind of either that comes first in ``order``.

    An answer may be `PASS`; then it is for the next kind in the order.
    """

    def __init__(self, *order: type) -> None:
        self.order = order
        self._answers: dict[type, Answer] = {}
        self._found: dict[tuple[type, type], tuple[Answer, ...]] = {}

    def answers(self, kind: type) -> Callable[[Answer], Answer]:
        """Register what answers for this class.

        Raises:
            ValueError: it is not in the order, or there is an answer for it.
        """
        if kind not in self.order or kind in self._answers:
            raise ValueError(f"{'two answers' if kind in self.order else 'no rank'} for {kind.__name__}")

        def register(answer: Answer) -> Answer:
            self._answers[kind] = answer
            self._found.clear()
            return answer

        return register

    def ask(self, machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
        """The first answer that is not `PASS`; that where nobody has another."""
        answers = (answer(machine, op, left, right, node) for answer in self._asked(left, right))
        return next((result for result in answers if result is not PASS), PASS)

    def _asked(self, left: Value, right: Value) -> tuple[Answer, ...]:
        pair = (type(left), type(right))
        if pair not in self._found:
            asked = (kind for kind in self.order if issubclass(pair[0], kind) or issubclass(pair[1], kind))
            self._found[pair] = tuple(self._answers[kind] for kind in asked if kind in self._answers)
        return self._found[pair]


class Hook(Generic[Answer]):
    """A question that one file answers, which the files that ask lie below."""

    def __init__(self) -> None:
        self._answer: Answer | None = None

    def answers(self, answer: Answer) -> Answer:
        """Register the one answer.

        Raises:
            ValueError: there is one.
        """
        if self._answer is not None:
            raise ValueError(f"two answers, {self._answer.__name__} and {answer.__name__}")
        self._answer = answer
        return answer

    @property
    def ask(self) -> Answer:
        """The answer, to be called."""
        assert self._answer is not None
        return self._answer


OfTwo: TypeAlias = "Callable[[Machine, str, Any, Any, nodes.NodeNG], Value]"
"""The operator, what is on its left and on its right, and the node."""

OfOne: TypeAlias = "Callable[[Machine, str, Any, nodes.NodeNG], Value]"
"""The operator, the value and the node."""

ItemOf: TypeAlias = "Callable[[Machine, Any, Any, nodes.NodeNG], Value]"
"""What has the items, the index and the node."""

SetItem: TypeAlias = "Callable[[Machine, Any, Any, Any, nodes.NodeNG], None]"
"""What has the items, the index, the new item and the node."""

SetAttribute: TypeAlias = "Callable[[Machine, Any, str, Any, nodes.NodeNG], None]"
"""What has the attribute, its name, the new value and the node."""

DeleteItem: TypeAlias = "Callable[[Machine, Any, Any], None]"
"""What has the items, and the index."""

ItemsOf: TypeAlias = "Callable[[Machine, Any], Sequence[Value] | None]"
"""The elements in order, or None when they are not all known."""

TruthOf: TypeAlias = "Callable[[Machine, Any], bool | Unknown]"

Entered: TypeAlias = "Callable[[Machine, Any], Value]"
"""What ``with value as …`` gives."""

GraphValue: TypeAlias = "Callable[[Machine, Any], object]"
"""What stands for the value in the graph."""

Escaped: TypeAlias = "Callable[[Machine, Any, str], None]"
"""The value was given to something out of sight, which has this name and may change it."""

OfInstance: TypeAlias = "Callable[[Machine, Instance, Arguments, nodes.NodeNG], Value]"
"""An instance of a class with a Keras base, the arguments of a call, and its node."""

FirstParty: TypeAlias = "Callable[[Machine, External, nodes.NodeNG], Value]"

WellKnown: TypeAlias = "Callable[[Machine, str, nodes.NodeNG], Value | None]"

IsInstance: TypeAlias = "Callable[[Machine, Value, Value, nodes.NodeNG], bool | Unknown]"

MemberOfDtype: TypeAlias = "Callable[[str, str], Value]"

Cases: TypeAlias = "Callable[[Machine, str, nodes.Call, tuple[Case, ...]], tuple[Case, ...]]"

Augmented: TypeAlias = "Callable[[Machine, Any, Any], None]"
"""The value as it was, and the result."""

Prepare: TypeAlias = "Callable[[Machine, Instance, Arguments], None]"

GraphOf: TypeAlias = "Callable[[Machine, ModelValue, DataShape | None], Model]"

Apply: TypeAlias = "Callable[[Machine, Instance, tuple[Tensor, ...], Span], tuple[Tensor, ...]]"

Assigned: TypeAlias = "Callable[[Machine, nodes.NodeNG, nodes.NodeNG], Value]"
"""The target, and the node of the value."""

NotGiven: TypeAlias = "Callable[[Machine, str, nodes.NodeNG | None, str, nodes.NodeNG], Unknown | None]"
"""The name of a parameter and its annotation, the reason why it is not known, and the function."""

Met: TypeAlias = "Callable[[Machine, Array, Array, nodes.NodeNG], None]"

OfArray: TypeAlias = "Callable[[Machine, Array, nodes.NodeNG], None]"

Unpacked: TypeAlias = "Callable[[Machine, Tensor, nodes.NodeNG], None]"

AttributeOfInstance: TypeAlias = "Callable[[Machine, Instance, str, nodes.NodeNG], Value]"

BINARY = Ranked[OfTwo](Instance, Tensor, Table, Array, Sizes, Unknown, ListValue, tuple)
COMPARE = Ranked[OfTwo](Tensor, Instance, Table, Array)
UNARY = Question[OfOne]()
ITEM = Question[ItemOf]()
SET_ITEM = Question[SetItem]()
DELETE_ITEM = Question[DeleteItem]()
SET_ATTRIBUTE = Question[SetAttribute]()
ITEMS = Question[ItemsOf]()
TRUTH = Question[TruthOf]()
ENTERED = Question[Entered]()
GRAPH_VALUE = Question[GraphValue]()
ESCAPED = Question[Escaped]()

PREPARE = Hook[Prepare]()
"""A new instance, before its ``__init__``."""
INIT = Hook[OfInstance]()
"""``super().__init__(…)`` where the base is Keras's, or no class of the file."""
CALL = Hook[OfInstance]()
"""The instance is called."""
BUILD = Hook[OfInstance]()
"""Its ``build`` is called by the program."""
ATTRIBUTE = Hook[AttributeOfInstance]()
"""An attribute that neither the instance nor a class of the file has."""
SUPER_ATTRIBUTE = Hook[AttributeOfInstance]()
"""The same of ``super()``."""
GRAPH = Hook[GraphOf]()
"""The graph of a model that has a class of its own, called on data of this shape."""
APPLY = Hook[Apply]()
"""What a layer or model of a class of its own gives for these tensors."""
ASSIGNED = Hook[Assigned]()
"""``target.assign(value)``: the value, where the target is something that is set so; else `PASS`."""
NOT_GIVEN = Hook[NotGiven]()
"""What a parameter is that nothing gives; None for just an unknown."""

FIRST_PARTY = Hook[FirstParty]()
"""What a name of another module is: what a file of the project defines, else the name itself."""
WELL_KNOWN = Hook[WellKnown]()
"""What a name is that no scope has, or None."""
IS_INSTANCE = Hook[IsInstance]()
"""``isinstance(value, kind)``, as far as it is known."""
MET = Hook[Met]()
"""Two arrays meet element by element."""
ARGMAX = Hook[OfArray]()
"""The place of the largest is asked of an array, along an axis that has one place."""
UNPACKED = Hook[Unpacked]()
"""Several names are bound to one tensor."""
MEMBER_OF_DTYPE = Hook[MemberOfDtype]()
"""An attribute of a dtype, which is its name to us; None where a text has no such attribute."""
CASES = Hook[Cases]()
"""The arguments with which a decorator of this name has a test run, among those of the decorators behind it."""
AUGMENTED = Question[Augmented]()
"""``value += other`` changed it in place."""
SET_ON_KERAS = Hook[SetAttribute]()
"""An attribute of an instance with a Keras base is set."""

LAYER_PARTS: dict[str, Callable[[LayerValue, str], Value]] = {}
"""By the class of a layer, what its private parts are; `UNDEFINED` for none that is known."""
