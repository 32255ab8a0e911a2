"""From arguments as read to facts of the graph: binding to Keras's parameters, plain values, spans and confidence."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import (
    Argument,
    Array,
    Confidence,
    Dataset,
    Fact,
    KerasObject,
    Layer,
    Reference,
    Span,
    Tensor,
    Unknown,
    weakest,
)
from keraslint.graph.build import base_name, numbered
from keraslint.graph.shape import length_of
from keraslint.reader.keras.observing import note_swallowed
from keraslint.reader.libraries.arrays.facts import as_array
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.iteration import advance, more
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import span_of
from keraslint.reader.machine.protocols import GRAPH_VALUE
from keraslint.reader.machine.values import (
    MORE,
    BoundMethod,
    ClassValue,
    DictValue,
    External,
    FunctionValue,
    LayerValue,
    ListValue,
    Method,
    More,
    Table,
    Value,
)

MOST_OF_A_RANGE = 1000
"""Arguments are axes, sizes and the like: who takes more integers than these takes data."""
COST_OF_BINDING = 10
"""Binding a call takes as long as so many expressions take to evaluate."""


def bind_keras(machine: Machine, symbol_name: str, arguments: Arguments) -> tuple[Argument, ...]:
    """The arguments of a call of a Keras symbol, under today's names."""
    machine.burn(COST_OF_BINDING)
    names = arguments.order or parameter_names(symbol_name)
    bound, sizes = [], {}
    for position, given in enumerate(arguments.positional):
        old = names[position] if position < len(names) else f"argument {position}"
        name = keras_api.modern_argument(symbol_name, old) or old if arguments.order else old
        value = _todays_value(old, fact_of(machine, given)) if arguments.order else fact_of(machine, given)
        bound.append(Argument(name, value, None, value.span, position))
        sizes[old] = bound[-1]
    for written, given in arguments.keywords.items():
        name = keras_api.modern_argument(symbol_name, written) or written
        bound.append(Argument(name, _todays_value(written, fact_of(machine, given)), written, given.span))
        sizes[written] = bound[-1]
    return tuple(_kernel_in_one(bound, [sizes[name] for name in KERNEL_SIZES if name in sizes]))


def _todays_value(written: str, value: Fact[Any]) -> Fact[Any]:
    """Keras 1's ``dim_ordering="th"`` as today's data format; Source: `keras/legacy/interfaces.py` of Keras 2."""
    if written != "dim_ordering" or not isinstance(value.value, str) or value.value not in _DIM_ORDERINGS:
        return value
    return replace(value, value=_DIM_ORDERINGS[value.value])


_DIM_ORDERINGS = {"tf": "channels_last", "th": "channels_first", "default": None}


KERNEL_SIZES = ("kernel_dim1", "nb_row", "kernel_dim2", "nb_col", "kernel_dim3")
"""Keras 1's sizes of a kernel, first axis first; today they are one argument."""


def _kernel_in_one(bound: list[Argument], sizes: list[Argument]) -> list[Argument]:
    """Keras 1's ``nb_row=3, nb_col=5`` are one kernel size."""
    if len(sizes) < 2:
        return bound
    first, *others = sizes
    parts = tuple(size.value for size in sizes)
    whole = Fact(tuple(part.value for part in parts), first.value.span, weakest(*parts), parts)
    kept = [argument for argument in bound if argument not in others]
    return [replace(argument, value=whole) if argument is first else argument for argument in kept]


@lru_cache(maxsize=1024)
def parameter_names(symbol_name: str) -> tuple[str, ...]:
    """The names that positional arguments bind to."""
    symbol = keras_api.symbol(symbol_name)
    return tuple(p.name for p in symbol.parameters() if p.kind == "positional") if symbol else ()


def make_object(
    machine: Machine, class_name: str, arguments: Arguments, node: nodes.NodeNG, *, in_file: bool = False
) -> KerasObject:
    """An instance of a Keras class that is no layer and no model."""
    made = KerasObject(
        class_name,
        bind_keras(machine, class_name, arguments),
        span_of(node),
        machine.flow_confidence,
        in_file,
        arguments.open_ended,
        arguments.unpacks,
        expected=machine.expecting > 0,
        assumed=machine.assumed > 0,
    )
    machine.record.objects.append(made)
    for given in (*arguments.positional, *arguments.keywords.values()):
        if isinstance(given.node, nodes.Call):
            note_swallowed(machine, made, parameter_names(class_name), given.node)
    if class_name.startswith("keras.optimizers."):
        machine.journal.set(machine.changed, made, made)
    return made


def fact_of(machine: Machine, given: Given) -> Fact[Any]:
    """The fact that an argument states."""
    value = machine.need_all(given.value)
    return fact(machine, value, given.node)


def fact(machine: Machine, value: Value, node: nodes.NodeNG) -> Fact[Any]:
    """A value read at ``node``, with its elements as facts of their own."""
    value = machine.need(value)
    literal = _is_literal(node, value)
    confidence = machine.confidence(literal)
    span = span_of(node)
    if type(value) in _SIMPLE:
        return Fact(value, span, confidence)
    items = _items(machine, value, node, span, confidence)
    entries = _entries(machine, value, node, span, confidence)
    return Fact(to_graph(machine, value), span, confidence, items, entries)


_SIMPLE = frozenset((bool, float, int, str, type(None)))
"""Values without elements, which most arguments are."""


def _is_literal(node: nodes.NodeNG, value: Value) -> bool:
    """Whether the value stands where it is used: a constant, a display of such, or an object made in place."""
    match node:
        case nodes.Const():
            return True
        case nodes.UnaryOp(operand=nodes.Const()):
            return True
        case nodes.Call():
            return value is None or isinstance(value, KerasObject | LayerValue)
        case nodes.Attribute() | nodes.Name():
            return isinstance(value, External)
        case nodes.List(elts=elts) | nodes.Tuple(elts=elts) | nodes.Set(elts=elts):
            return all(_is_literal(element, None) for element in elts)
        case nodes.Dict(items=items):
            return all(_is_literal(item, None) for _, item in items)
        case _:
            return False


def _items(
    machine: Machine, value: Value, node: nodes.NodeNG, span: Span, confidence: Confidence
) -> tuple[Fact[Any], ...]:
    match value:
        case ListValue(is_generator=True):
            return ()
        case ListValue(items=items, spans=spans):
            known: list[Value] = [item for item in items if not isinstance(item, More)]
        case tuple():
            known, spans = list(value), None
        case _:
            return ()
    machine.burn(len(known))
    elements = getattr(node, "elts", None)
    if elements is not None and len(elements) == len(known) and not any(isinstance(e, nodes.Starred) for e in elements):
        return tuple(fact(machine, item, element) for item, element in zip(known, elements, strict=True))
    if spans is not None and len(spans) == len(known):
        return tuple(_detached(machine, item, where, confidence) for item, where in zip(known, spans, strict=True))
    return tuple(_detached(machine, item, span, confidence) for item in known)


def _detached(machine: Machine, value: Value, span: Span, confidence: Confidence) -> Fact[Any]:
    """A fact about an element that was not written at the place of use."""
    value = machine.need(value)
    items: tuple[Fact[Any], ...] = ()
    if isinstance(value, ListValue | tuple):
        inner = value.items if isinstance(value, ListValue) else list(value)
        machine.burn(len(inner))
        items = tuple(_detached(machine, item, span, confidence) for item in inner if not isinstance(item, More))
    return Fact(to_graph(machine, value), span, weakest(confidence, Confidence.INFERENCE), items)


def _entries(
    machine: Machine, value: Value, node: nodes.NodeNG, span: Span, confidence: Confidence
) -> tuple[tuple[Fact[Any], Fact[Any]], ...]:
    if not isinstance(value, DictValue) or value.has_more:
        return ()
    machine.burn(2 * len(value.entries))
    if isinstance(node, nodes.Dict) and len(node.items) == len(value.entries):
        return tuple(
            (fact(machine, key, key_node), fact(machine, item, item_node))
            for (key, item), (key_node, item_node) in zip(value.entries.items(), node.items, strict=True)
        )
    return tuple(
        (_detached(machine, key, span, confidence), _detached(machine, item, span, confidence))
        for key, item in value.entries.items()
    )


def to_graph(machine: Machine, value: Value) -> Any:
    """A value as the graph knows it: plain Python, an object of the graph, or unknown."""
    value = machine.need(value)
    answer = GRAPH_VALUE.of(value)
    if answer:
        return answer(machine, value)
    match value:
        case int() | float() | str() | bytes() | complex() | None | Unknown() | Tensor():
            return value
        case tuple():
            return tuple(to_graph(machine, item) for item in value)
        case ListValue(items=items, is_generator=True) if advance(machine, items):
            return generated(machine, items[0])
        case ListValue(items=items):
            if MORE in items:
                return Unknown(more(value).reason or "a list that is not all known")
            return [to_graph(machine, item) for item in items]
        case DictValue(entries=entries, has_more=has_more):
            if has_more:
                return Unknown(value.why or "a dict that is not all known")
            return {key: to_graph(machine, item) for key, item in entries.items()}
        case LayerValue():
            return current_layer(machine, value)
        case External(path=path):
            return reference(path)
        case FunctionValue() as function:
            return _own_function(function)
        case BoundMethod(function=FunctionValue(name=name)):
            return Reference(name, in_file=True)
        case ClassValue(node=node):
            return Reference(node.name, in_file=True)
        case slice():
            return value
        case range():
            return tuple(value) if length_of(value) <= MOST_OF_A_RANGE else Unknown("a long range")
        case Method():
            return Unknown("a method")
        case KerasObject():
            return machine.need(machine.changed.get(value, value))
        case Array() | Dataset():
            return value
        case Table():
            return as_array(machine, value)
        case _ if value is Ellipsis:
            return value
        case _:
            return Unknown(f"a {type(value).__name__}")


def _own_function(function: FunctionValue) -> Reference:
    """A function of the file, and what it makes when all that it does is to define another and return that."""
    node = function.node
    if not isinstance(node, nodes.FunctionDef) or type(node) is not nodes.FunctionDef or node.decorators:
        return Reference(function.name, in_file=True)
    *body, last = node.body
    returned = last.value if isinstance(last, nodes.Return) else None
    inner = [part.name for part in body if type(part) is nodes.FunctionDef and not part.decorators]
    makes = ""
    if all(isinstance(part, nodes.FunctionDef | nodes.Assign | nodes.Expr | nodes.AnnAssign) for part in body):
        if isinstance(returned, nodes.Name) and inner.count(returned.name) == 1:
            makes = returned.name
        elif isinstance(returned, nodes.Lambda):
            makes = "<lambda>"
    given = node.args
    count = len(given.defaults or ())
    names = [argument.name for argument in (*(given.posonlyargs or ()), *(given.args or ()))]
    needs = names[: len(names) - count] if makes else []
    return Reference(function.name, True, makes, tuple(needs))


def generated(machine: Machine, first: Value) -> Dataset:
    """What a generator of the file gives to fit, by the first batch that it yields."""
    batch = machine.need_all(first)
    parts = batch if isinstance(batch, tuple) else (batch,)
    why = Unknown("no array")
    components = tuple(part if isinstance(part, Array | Unknown) else why for part in parts)
    return Dataset(components, batched=True, endless=Unknown("a generator"))


def reference(path: str) -> Reference:
    """A function or class of another package, named without being called."""
    return Reference(keras_api.canonical(path) or path)


def current_layer(machine: Machine, value: LayerValue) -> Layer:
    """The layer as it is now: ``trainable`` may have been set since it was made."""
    trainable = value.state.trainable
    if trainable is value.layer.trainable:
        return value.layer
    trainable = machine.need(trainable)
    if trainable is value.layer.trainable or not isinstance(trainable, bool | Unknown):
        return value.layer
    if value.now is None or value.now.trainable is not trainable:
        value.now = replace(value.layer, trainable=trainable)
    return value.now


def auto_name(machine: Machine, class_name: str, given: Value) -> str:
    """The name that Keras gives to the next layer of this class: ``dense``, ``dense_1`` …"""
    if isinstance(given, str):
        return given
    base = base_name(class_name)
    count = machine.names_used.get(base, 0)
    machine.journal.set(machine.names_used, base, count + 1)
    return numbered(base, count)
