"""Training loops of one's own: the gradients that a program takes under a tape, with the loss and whose weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from astroid import nodes

from keraslint.graph import (
    Argument,
    Array,
    Call,
    Confidence,
    Dataset,
    Fact,
    Fit,
    KerasObject,
    Layer,
    Model,
    Op,
    OwnStep,
    Shape,
    Span,
    Tensor,
    Training,
)
from keraslint.graph.training import FITTING, data_among
from keraslint.reader.keras.binding import current_layer, to_graph
from keraslint.reader.keras.freezing import inside
from keraslint.reader.keras.models import graph_of
from keraslint.reader.keras.observing import note
from keraslint.reader.keras.weights import owners_of
from keraslint.reader.language.functions import tensors_in
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.library import known
from keraslint.reader.machine.machine import Machine, attributes_of
from keraslint.reader.machine.places import nodes_in, span_of
from keraslint.reader.machine.protocols import ENTERED
from keraslint.reader.machine.state import OutOfFuel, Raised, Undecided
from keraslint.reader.machine.values import (
    Choice,
    DictValue,
    FunctionValue,
    Instance,
    LayerValue,
    ListValue,
    ModelValue,
    Native,
    Value,
)


@dataclass(frozen=True, eq=False, repr=False)
class Tape:
    """A ``tf.GradientTape``."""


@dataclass
class Losses:
    """What loss objects gave, by the call that made it: the loss, the labels and the predictions."""

    of: dict[Call, tuple[KerasObject, Value, Value]] = field(default_factory=dict)


def loss_of(
    machine: Machine, loss: KerasObject, arguments: Arguments, tensors: tuple[Tensor, ...], shape: Shape, span: Span
) -> Tensor:
    """What a loss of Keras gives that the program calls by itself."""
    labels, predictions = (machine.need(arguments.get(place, name)) for place, name in enumerate(("y_true", "y_pred")))
    bound = tuple(
        Argument(name, Fact(to_graph(machine, value), span, machine.flow_confidence), None, None, place)
        for place, (name, value) in enumerate((("y_true", labels), ("y_pred", predictions)))
    )
    call = Call(Op(loss.class_name, bound, span), tensors, (shape,), span, confidence=machine.flow_confidence)
    machine.memory(Losses).of[call] = loss, labels, predictions
    return Tensor(shape, span, call)


@dataclass(eq=False, repr=False)
class StepEvent:
    """One reading of ``tape.gradient(loss, weights)``."""

    loss: Tensor
    owners: tuple[Value, ...]
    """The models and layers of whose weights the gradient is taken."""
    method: str
    """The function in which it stands, if it is a method of a class of Keras's."""
    span: Span
    confidence: Confidence
    assumed: bool


def _tape(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return Tape()


known("any", {"tensorflow.GradientTape": _tape})


@ENTERED.answers(Tape)
def _entered(machine: Machine, tape: Tape) -> Value:
    return tape


@attributes_of(Tape)
def _of_tape(machine: Machine, tape: Tape, name: str, node: nodes.NodeNG) -> Value:
    if name == "gradient":
        return Native(name, _gradient)
    return machine.unknown(f"`{name}` of a tape", node)


def _gradient(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    losses = tensors_in(machine, arguments.get(0, "target"))
    owners = owners_of(machine, arguments.get(1, "sources"))
    if owners and len(losses) != 1:
        losses = [Tensor(Shape.unknown("the loss of a tape"), machine.place(node))]
    if losses:
        method = machine.frames[-1].function.name if machine.frames and machine.frames[-1].owner else ""
        place, sure = machine.place(node), machine.flow_confidence
        machine.record.steps.append(StepEvent(losses[0], owners, method, place, sure, machine.proves_nothing))
    return machine.unknown("the gradients that a tape gives", node)


def note_logs(machine: Machine, function: FunctionValue, receiver: Iterable[Given], logs: Value) -> None:
    """What a `train_step` returns: a loss under that name alone, which is no metric's."""
    instance = next((given.value for given in receiver), None)
    if function.name != "train_step" or not isinstance(instance, Instance) or not isinstance(logs, DictValue):
        return
    if set(logs.entries) != {"loss"} or logs.has_more or not isinstance(logs.entries["loss"], Tensor):
        return
    kept = instance.attributes.values()
    if any(isinstance(value, Choice | ListValue | DictValue) or _is_metric(value) for value in kept):
        return
    if any(instance.cls.lookup(name) for name in ("metrics", "get_metrics_result", "fit", "make_train_function")):
        return
    returns = [part for part in nodes_in(function.node, nodes.Return) if part.value is not None]
    if returns and instance.model is not None:
        note(machine, "logs-untracked", instance, str(instance.cls.name), span_of(returns[-1].value))


def _is_metric(value: Value) -> bool:
    return isinstance(value, KerasObject) and value.class_name.startswith("keras.metrics.")


def own_steps_of(machine: Machine) -> Iterator[OwnStep]:
    """What was noted of tapes: each gradient once, as it was read with most known of its loss."""
    best: dict[tuple[Span, frozenset[int]], StepEvent] = {}
    for event in machine.record.steps:
        if not event.owners:
            continue
        key = event.span, frozenset(map(id, event.owners))
        if key not in best or event.assumed <= best[key].assumed:
            best[key] = event
    for event in best.values():
        try:
            parts = tuple(_parts(machine, event.owners))
        except (OutOfFuel, RecursionError, Raised, Undecided):
            continue  # whose weights these are depends on a branch, or takes too long to find out
        yield OwnStep(event.span, event.loss, parts, event.method, event.confidence, event.assumed)


def own_trainings_of(machine: Machine, steps: Iterable[OwnStep]) -> Iterator[Training]:
    """Steps whose loss is one loss of Keras, on what a model gives whose weights are trained: as if it were compiled
    with that loss, and fitted with those labels."""
    for step in steps:
        call = step.loss.producer
        while call is not None and call.layer.kind in _MEANS and len(call.inputs) == 1:
            call = call.inputs[0].producer
        if call is None or call not in machine.memory(Losses).of:
            continue
        loss, labels, predictions = machine.memory(Losses).of[call]
        made = predictions.producer if isinstance(predictions, Tensor) else None
        model = made.layer if made is not None else None
        if made is None or not isinstance(model, Model) or not step.trains(model) or len(model.outputs) != 1:
            continue
        sure = min(step.confidence, call.confidence, made.confidence)
        given = Argument("loss", Fact(loss, loss.span, sure))
        compiled = KerasObject("keras.Model.compile", (given,), step.span, sure, assumed=step.assumed)
        arguments = (Argument("y", Fact(labels, call.span, sure)),) if isinstance(labels, Array) else ()
        fits = (Fit(TAPE, model, arguments, call.span, sure, step.assumed),)
        yield Training(model, compiled, fits, goes_on=True, confidence=sure)


TAPE = "tape"
"""The method of a fit that a program makes by itself."""
_MEANS = frozenset(("mean", "reduce_mean", "reduce_sum", "sum"))


def _parts(machine: Machine, owners: Iterable[Value]) -> Iterator[Model | Layer]:
    """What stands for these in the graph, with all that they hold."""
    for owner in owners:
        for part in (owner, *inside(machine, owner)):
            match part:
                case ModelValue() | Instance(model=ModelValue()):
                    model = part if isinstance(part, ModelValue) else part.model
                    assert model is not None
                    yield graph_of(machine, model)
                case Instance(layer=Layer() as layer):
                    yield layer
                case LayerValue():
                    yield current_layer(machine, part)


def batch_of(machine: Machine, instance: Instance) -> list[Given]:
    """What `fit` hands to the `train_step` of a model that is fitted in sight: a batch of inputs and labels."""
    fits = [fit for fit in machine.record.fits if fit.owner is instance and fit.method in FITTING]
    fit = fits[-1] if fits else None
    if fit is None or any(argument.name == "sample_weight" for argument in fit.arguments):
        return []
    given = data_among(fit.arguments)
    data = given.value if given is not None else None
    labels = next((argument.value.value for argument in fit.arguments if argument.name == "y"), None)
    parts = [data.component(0), data.component(1)] if isinstance(data, Dataset) else [data, labels]
    if not all(isinstance(part, Array) and part.shape.rank_known and part.shape.dims for part in parts):
        return []
    node = instance.node
    return [Given(tuple(_batch(part, fit.span) for part in parts if isinstance(part, Array)), node)]


def _batch(data: Array, span: Span) -> Tensor:
    return Tensor(Shape((None, *data.shape.dims[1:])), span, dtype=data.dtype)
