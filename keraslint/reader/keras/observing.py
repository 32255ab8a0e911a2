"""What is seen in a program that is no object of Keras: noted while it is read, told as observations at the end."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import Array, Confidence, KerasObject, Layer, Model, Observation, Span, Tensor, Training, Unknown
from keraslint.graph.observations import Kind
from keraslint.graph.training import FITTING
from keraslint.reader.libraries.arrays.history import Predicted, is_predicted
from keraslint.reader.libraries.tensorflow.data import Pipelines
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.library import known
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import nodes_in, span_of
from keraslint.reader.machine.protocols import ARGMAX, MET, UNPACKED
from keraslint.reader.machine.record import FitEvent
from keraslint.reader.machine.values import (
    ClassValue,
    External,
    FunctionValue,
    Instance,
    LayerValue,
    ListValue,
    Value,
)
from keraslint.reader.project.import_statements import compares_versions, is_guard
from keraslint.reader.project.imports import Spelled

MADE_OF_NONE = (nodes.AnnAssign, nodes.Assign, nodes.Attribute, nodes.NamedExpr, nodes.Return)
"""Where the result of a call is used, as a parent of the call."""

INITIALIZED = "initialized"
"""The note that `__init__` of Keras was reached."""


@dataclass(eq=False, repr=False)
class Seen:
    """One thing seen, and how many compiles and fits, of any model, were read before it."""

    kind: Kind
    span: Span
    owner: Value
    name: str
    compiles_before: int
    fits_before: int
    worlds: dict[Unknown, bool]
    confidence: Confidence
    assumed: bool


def note(machine: Machine, kind: Kind, owner: Value, name: str, span: Span) -> None:
    """Note something with the world in which it is seen; it is forgotten together with what that world recorded."""
    record = machine.record
    before = len(record.compiles), len(record.fits)
    seen = Seen(kind, span, owner, name, *before, machine.where, machine.flow_confidence, _is_assumed(machine, kind))
    record.observations.append(seen)


def _run_eagerly(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``tf.config.run_functions_eagerly(True)``."""
    if arguments.get(0, "run_eagerly") is not False:
        note(machine, "eager", None, "run_functions_eagerly", span_of(node))
    return None


known(
    "any",
    {f"tensorflow.config.{name}run_functions_eagerly": _run_eagerly for name in ("", "experimental_")},
)


def _is_assumed(machine: Machine, kind: Kind) -> bool:
    """Whether it proves nothing: where an error is expected, or where it is about values, which may be defaults."""
    return machine.expecting > 0 or (
        machine.assumed > 0 and kind in ("none-as-model", "not-a-layer", "shape-not-tuple")
    )


def note_made_in_call(machine: Machine, function: FunctionValue, made: Iterable[Layer]) -> None:
    """Layers that stand inside the text of a `call`, which was just read."""
    inside = span_of(function.node)
    guarded = [span_of(test) for test in nodes_in(function.node, nodes.If) if _asks_whether_made(test)]
    for layer in made:
        if layer.span.meets(inside) and not any(layer.span.meets(part) for part in guarded):
            note(machine, "layer-made-in-call", layer, layer.name, layer.span)


def _asks_whether_made(test: nodes.If) -> bool:
    """``if self.dense is None:``, ``if not self.built:``, ``if not hasattr(self, "dense"):``."""
    asked = test.test.as_string()
    return any(word in asked for word in (" is None", "hasattr", "getattr", "built", "not self."))


def note_use_of_none(machine: Machine, owner: Value, name: str, node: nodes.NodeNG) -> None:
    """A method that gives nothing, where something is made of that."""
    if isinstance(node, nodes.Call) and isinstance(node.parent, MADE_OF_NONE):
        note(machine, "result-used", owner, name, machine.place(node))


def note_dropped(machine: Machine, owner: Value, name: str, node: nodes.NodeNG) -> None:
    """A call that is a statement of its own, though it gives something."""
    if isinstance(node.parent, nodes.Expr):
        note(machine, "result-dropped", owner, name, machine.place(node))


def note_swallowed(machine: Machine, made: KerasObject, names: Container[str], node: nodes.Call) -> None:
    """Arguments of an object that stand inside the `format` of one of its texts, which does not ask for them."""
    match node.func:
        case nodes.Attribute(attrname="format", expr=nodes.Const(value=str(text))) if node.keywords:
            for keyword in node.keywords:
                if keyword.arg in names and f"{{{keyword.arg}" not in text:
                    told = f"{keyword.arg}={keyword.value.as_string()}"
                    note(machine, "argument-in-format", made, told, span_of(keyword))


def note_layers_as_tensors(machine: Machine, value: Value, name: str, node: nodes.NodeNG) -> None:
    """Layers of Keras among what should be tensors."""
    match value:
        case LayerValue():
            note(machine, "layer-as-tensor", value, name, span_of(node))
        case tuple() | ListValue():
            items = value.items if isinstance(value, ListValue) else value
            elements = getattr(node, "elts", None) or ()
            for place, item in enumerate(items):
                if isinstance(item, LayerValue):
                    note_layers_as_tensors(
                        machine, item, name, elements[place] if len(elements) == len(items) else node
                    )


def note_not_a_layer(machine: Machine, value: Value, node: nodes.NodeNG, *, first: bool) -> None:
    """What a Sequential is given that surely is no layer; the tensor of an Input may be its first."""
    what = ""
    match value:
        case None:
            what = "None"
        case Tensor(producer=producer) if not first or producer is not None:
            what = "a tensor"
        case str():
            what = f"the text {value!r}"
        case ListValue():
            what = "a list"
        case External(path=path) if (symbol := keras_api.symbol(path)) and symbol.kind in ("class", "function"):
            what = f"the {symbol.kind} `{path.rpartition('.')[2]}`"
    if what:
        note(machine, "not-a-layer", value, what, span_of(node))


def note_none_as_model(machine: Machine, name: str, node: nodes.NodeNG) -> None:
    """A method that only models have is asked of None, which is what the call gives that the name was bound to."""
    asked = node.expr if isinstance(node, nodes.Attribute) else None
    if name not in ONLY_OF_MODELS or asked is None:
        return
    bound = list(_bindings_of(asked))
    statement = bound[0].statement() if len(bound) == 1 else None
    if (
        isinstance(statement, nodes.Assign)
        and isinstance(statement.value, nodes.Call)
        and len(statement.targets) == 1
        and isinstance(statement.targets[0], nodes.AssignName | nodes.AssignAttr)
    ):
        note(machine, "none-as-model", None, name, span_of(statement.value))


def _bindings_of(asked: nodes.NodeNG) -> Iterator[nodes.NodeNG]:
    """Where a name is bound, or an attribute of `self` in its class."""
    match asked:
        case nodes.Name(name=name):
            yield from asked.lookup(name)[1]
        case nodes.Attribute(attrname=name, expr=nodes.Name(name="self")):
            cls = asked.frame().parent
            if isinstance(cls, nodes.ClassDef):
                yield from (made for made in nodes_in(cls, nodes.AssignAttr) if made.as_string() == f"self.{name}")


ONLY_OF_MODELS = frozenset(("add", "compile", "evaluate", "fit", "get_weights", "predict", "set_weights", "summary"))


def note_layers_changed(machine: Machine, model: Value, name: str, node: nodes.NodeNG) -> None:
    """``model.layers.pop()`` and ``del model.layers[0]``: they change what is made anew by each `model.layers`."""
    outer = node.parent
    if (
        isinstance(outer, nodes.Attribute)
        and outer.attrname in (SHORTENING_A_LIST if isinstance(model, Instance) else CHANGING_A_LIST)
        and isinstance(outer.parent, nodes.Call)
    ):
        note(machine, "layers-changed", model, outer.attrname, span_of(outer.parent))
    elif isinstance(outer, nodes.Subscript) and isinstance(outer.parent, nodes.Delete):
        note(machine, "layers-changed", model, "del", span_of(outer.parent))


SHORTENING_A_LIST = frozenset(("clear", "pop", "remove"))
"""What is in vain; a class that keeps its layers in attributes may add them to the copy as well, and does no harm."""
CHANGING_A_LIST = SHORTENING_A_LIST | {"append", "extend", "insert"}


@MET.answers
def note_broadcast(machine: Machine, one: Array, other: Array, node: nodes.NodeNG) -> None:
    """Predictions in one column, and a row of as many labels: together they make a matrix."""
    row, column = (one, other) if one.shape.rank == 1 else (other, one)
    if is_predicted(column) and not is_predicted(row) and column.shape.rank == 2 and row.shape.rank == 1:
        count, rows = row.shape.dims[0], machine.memory(Predicted).rows.get(column.steps[0])
        is_one_for_each = rows is not None and (rows == count if isinstance(rows, int) else rows is count)
        if is_one_for_each and rows != 1 and column.shape.dims[1] == 1:
            note(machine, "broadcast", None, f"{count}" if isinstance(count, int) else "n", span_of(node))


@ARGMAX.answers
def note_argmax_of_one(machine: Machine, predictions: Array, node: nodes.NodeNG) -> None:
    """Predictions of one column, which is always the largest."""
    if is_predicted(predictions) and predictions.shape.rank == 2:
        note(machine, "argmax-of-one", None, "argmax", span_of(node))


@UNPACKED.answers
def note_unpacked(machine: Machine, tensor: Tensor, node: nodes.NodeNG) -> None:
    """The one tensor of a layer of Keras, where several names are bound to it."""
    producer = tensor.producer
    if producer is None or len(producer.output_shapes) != 1 or not isinstance(producer.layer, Layer):
        return
    if producer.layer.kind.endswith(("Cell", "Cells")):
        return  # it gives the states, too
    if not producer.layer.in_file and not any(frame.function.name == "call" for frame in machine.frames):
        note(machine, "tensor-unpacked", producer.layer, producer.layer.kind, span_of(node))


def observations_of(machine: Machine, trainings: Iterable[Training]) -> Iterator[Observation]:
    """What was noted, in its order, then the classes that forget Keras's `__init__`; each at its place once."""
    by_compile = {id(training.compiled): training for training in trainings}
    told: set[tuple[Kind, Span, int]] = set()
    for made in _all_observations(machine, by_compile):
        key = (made.kind, made.span, id(made.training))
        if key not in told:
            told.add(key)
            yield made


def _all_observations(machine: Machine, by_compile: Mapping[int, Training]) -> Iterator[Observation]:
    order = _Order(machine)
    for seen in machine.record.observations:
        if seen.kind == "trainable-after-compile":
            yield from _after_compile(machine, seen, by_compile, order)
        elif seen.kind == "fit-without-compile":
            yield from _never_compiled(machine, seen)
        else:
            part = order.part(seen.owner)
            yield Observation(seen.kind, seen.span, part, seen.name, confidence=seen.confidence, assumed=seen.assumed)
    used = {id(event.owner) for event in machine.record.compiles} | {id(event.owner) for event in machine.record.fits}
    for instance in machine.instances.values():
        if id(instance) in used or not _only_builds(instance.cls):
            yield from _without_init(instance)
    for node, name in machine.memory(Pipelines).dropped_steps.items():
        yield Observation("dataset-step-dropped", span_of(node), None, name)
    yield from _gone(machine)


def _never_compiled(machine: Machine, seen: Seen) -> Iterator[Observation]:
    """A fit of a model that nothing has compiled before; nowhere at all, where the order of things is not plain."""
    unsure = seen.name.endswith("?")
    if not (unsure and any(_thing(event.owner) is _thing(seen.owner) for event in machine.record.compiles)):
        part = seen.owner.model if isinstance(seen.owner, Instance) else seen.owner
        graphs = [event.model for event in machine.record.fits if event.span == seen.span]
        name = seen.name.removesuffix("?")
        yield Observation(seen.kind, seen.span, graphs[-1] if graphs else part, name, confidence=seen.confidence)


def _gone(machine: Machine) -> Iterator[Observation]:
    """Names of Keras that are gone, where nothing around them reckons with that."""
    module = next((node.root() for node in machine.memory(Spelled).gone), None)
    if module is None or compares_versions(module):
        return
    frozen = any(map(keras_api.is_frozen, machine.memory(Spelled).names))
    for node, path in machine.memory(Spelled).gone.items():
        if frozen and path.startswith("keras.Model."):
            continue  # the model may be one of Keras 2
        if isinstance(node, nodes.Attribute) and not any(map(is_guard, node.node_ancestors())):
            whole = span_of(node)
            start = whole.end_column - len(node.attrname.encode())
            yield Observation("name-gone", whole._replace(line=whole.end_line, column=start), None, path)


class _Order:
    """The places of compiles and fits in the order in which they were read, by whom they concern."""

    def __init__(self, machine: Machine) -> None:
        self.fits: dict[int, list[int]] = {}
        """By the id of the model's value."""
        self.compiles: dict[int, list[int]] = {}
        """By the id of the model's value."""
        self._machine = machine
        self._holding: dict[int, list[int]] | None = None
        self._parts: dict[int, object] | None = None
        for number, fit in enumerate(machine.record.fits):
            self.fits.setdefault(id(fit.owner), []).append(number)
        for number, event in enumerate(machine.record.compiles):
            self.compiles.setdefault(id(event.owner), []).append(number)

    def holding(self, part: Value) -> Sequence[int]:
        """The compiles of models that are ``part``, or hold it at any depth."""
        if self._holding is None:
            self._holding = {}
            for number, event in enumerate(self._machine.record.compiles):
                for held in {id(_thing(event.owner)), *_held(self._machine, event.model)}:
                    self._holding.setdefault(held, []).append(number)
        return self._holding.get(id(_thing(part)), ())

    def part(self, owner: Value) -> object:
        """The part of the graph that a value is, as far as it is one by itself."""
        match owner:
            case Layer() | KerasObject() | Span():
                return owner
            case LayerValue(layer=layer) | Instance(layer=Layer() as layer):
                return layer
        if self._parts is None:
            self._parts = {}
            for made, value in self._machine.made_by.items():
                self._parts.setdefault(id(_thing(value)), made)
        return self._parts.get(id(_thing(owner)))


def _held(machine: Machine, graph: Model) -> Iterator[int]:
    """The ids of the values that stand for the layers and models in a model, at any depth."""
    seen, waiting = {id(graph)}, [graph]
    while waiting:
        outer = waiting.pop()
        for layer in (*outer.layers, *(call.layer for call in outer.calls)):
            if isinstance(layer, Layer | Model):
                yield id(_thing(machine.made_by.get(layer)))
            if isinstance(layer, Model) and id(layer) not in seen:
                seen.add(id(layer))
                waiting.append(layer)


def _after_compile(
    machine: Machine, seen: Seen, by_compile: Mapping[int, Training], order: _Order
) -> Iterator[Observation]:
    """``trainable`` that was set while a compile was in force with which the model is fitted afterwards."""
    compiles, fits = machine.record.compiles, machine.record.fits
    for number in order.holding(seen.owner):
        event = compiles[number]
        training = by_compile.get(id(event.compiled))
        of_owner = order.compiles[id(event.owner)]
        in_force = (
            n for n in reversed(of_owner) if n < seen.compiles_before and _agree(compiles[n].worlds, seen.worlds)
        )
        if training is None or next(in_force, None) != number:
            continue
        anew = [n for n in of_owner if not compiles[n].replaces]
        later = (compiles[n].fits_before for n in anew if n >= seen.compiles_before)
        again = min(later, default=len(fits))
        own = [n for n in order.fits.get(id(event.owner), ()) if _trains(fits[n], seen)]
        if any(seen.fits_before <= n < again for n in own):
            since = max((compiles[n].fits_before for n in anew if n <= number), default=event.fits_before)
            fitted = any(since <= n < seen.fits_before for n in own)
            kind: Kind = "trainable-after-fit" if fitted else "trainable-after-compile"
            confidence = min(seen.confidence, event.confidence)
            yield Observation(kind, seen.span, order.part(seen.owner), seen.name, training, confidence)


def _trains(fit: FitEvent, seen: Seen) -> bool:
    return fit.method in FITTING and _agree(fit.worlds, seen.worlds)


def _agree(one: dict[Unknown, bool], other: dict[Unknown, bool]) -> bool:
    return all(other.get(test, arm) == arm for test, arm in one.items())


def _thing(value: Value) -> Value:
    """What a value is one and the same with: a subclassed model is an instance and what Keras has of it."""
    return value.model or value if isinstance(value, Instance) else value


_OF_A_MODEL = ("build", "call", "compile", "compute_loss", "fit", "test_step", "train_step")


def _only_builds(cls: ClassValue) -> bool:
    """Whether a class is a Model or Layer by name only: nothing that Keras asks of one is there, as in a class whose
    methods make and return other models."""
    return cls.keras_base in ("keras.Layer", "keras.Model") and not any(map(cls.lookup, _OF_A_MODEL))


def _without_init(instance: Instance) -> Iterator[Observation]:
    """An instance whose `__init__` never came to Keras's: nothing in its text does, and nothing that was read did."""
    cls = instance.cls
    if instance.layer is None and instance.model is None:
        return
    if cls.lookup("__call__") is not None:
        return  # then nothing of Keras's is asked for
    for owner in cls.mro or (cls,):
        own = owner.names.get("__init__")
        if owner.generates_init or not (own is None or isinstance(own, FunctionValue)):
            return
        if own is None:
            continue
        if own.node.decorators is not None:
            return
        if _skips_base(own.node, owner) or (INITIALIZED not in instance.notes and not _mentions_init(own.node)):
            name, start = str(cls.name), span_of(own.node)
            header = start._replace(end_line=start.line, end_column=start.column + len("def __init__"))
            if not _skips_base(own.node, owner):
                header = _up_to_body(header, own.node)
            yield Observation("missing-super-init", header, instance.layer, name, confidence=Confidence.HIGH)
            return


def _up_to_body(header: Span, function: nodes.FunctionDef) -> Span:
    """As far as the first statement, where that stands on a line of its own behind spaces only."""
    first = function.body[0] if function.body else None
    if first is None or first.lineno is None or first.lineno == header.line:
        return header
    return header._replace(end_line=first.lineno, end_column=first.col_offset)


def _mentions_init(function: nodes.NodeNG) -> bool:
    """Whether it may call another `__init__`, or hands itself to something that may."""
    return any(asked.attrname == "__init__" for asked in nodes_in(function, nodes.Attribute)) or any(
        isinstance(call.func, nodes.Name) and call.func.name in ("super", "getattr", "exec", "eval")
        for call in nodes_in(function, nodes.Call)
    )


def _skips_base(function: nodes.NodeNG, cls: ClassValue) -> bool:
    """``super(Layer, self).__init__()`` in a subclass of Layer: it begins behind Keras's class."""
    bases = {base.as_string() for base in cls.node.bases}
    return any(
        asked.attrname == "__init__"
        and isinstance(asked.expr, nodes.Call)
        and isinstance(asked.expr.func, nodes.Name)
        and asked.expr.func.name == "super"
        and len(asked.expr.args) == 2
        and len(bases) == 1
        and asked.expr.args[0].as_string() in bases
        and cls.keras_base in ("keras.Layer", "keras.Model")
        for asked in nodes_in(function, nodes.Attribute)
    )
