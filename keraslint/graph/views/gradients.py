"""How a gradient gets from a loss to weights: which operations let it pass, and which end it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from keraslint.graph.facts import Confidence, Unknown
from keraslint.graph.objects import Call, KerasObject, Layer, Model, Op, Reference, Tensor
from keraslint.graph.once import once
from keraslint.graph.own import OwnStep
from keraslint.graph.program import Program
from keraslint.graph.shapes import has_rule
from keraslint.graph.training import Training

ENDS = frozenset(
    (
        *("all", "any", "argmax", "argmin", "argsort", "bincount", "ceil", "count_nonzero", "equal", "floor"),
        *(
            "floor_divide",
            "floordiv",
            "full_like",
            "ge",
            "greater",
            "greater_equal",
            "gt",
            "isfinite",
            "isinf",
            "isnan",
        ),
        *("is_finite", "is_inf", "is_nan", "le", "less", "less_equal", "logical_and", "logical_not", "logical_or"),
        *("logical_xor", "lt", "not_equal", "one_hot", "ones_like", "reduce_all", "reduce_any", "rint", "round"),
        *("sign", "zeros_like"),
    )
)
"""Operations of which TensorFlow knows no gradient, or none but zero (`sign`); each asked of Keras 3.15."""
CASTS = frozenset(("cast", "saturate_cast"))
CHOOSES = frozenset(("where", "switch"))
"""They pass on what is chosen, and not by what."""
_OPAQUE = frozenset(("CategoryEncoding", "Discretization", "Hashing", "IntegerLookup", "Lambda", "StringLookup"))
"""Layers of which one does not know, or that are no part of what is trained."""


class Way(Enum):
    """What becomes of a gradient between a tensor and what it is looked for in."""

    ABSENT = "nothing of it is there"
    ENDS = "every way ends at an operation without gradient"
    UNKNOWN = "one cannot tell"
    PASSES = "it gets there"


@dataclass(frozen=True, eq=False, repr=False)
class LossPath:
    """What a model is trained by, from the loss to the weights; as far as operations stand between them that may end
    the gradient."""

    result: Tensor
    sources: Callable[[Tensor], bool]
    training: Training | None
    subject: object
    confidence: Confidence
    where: str
    """``loss`` of a compile, ``tape`` or ``model``."""

    @classmethod
    def of(cls, program: Program) -> Iterator[LossPath]:
        return iter(_paths(program))

    @property
    def trainings(self) -> tuple[Training, ...]:
        return (self.training,) if self.training is not None else ()

    @property
    def end(self) -> Call | None:
        """The operation next to the loss at which every gradient ends; None where some may get through."""
        way, end = _way(self.result, self.sources, {})
        return end if way is Way.ENDS else None


def gradient_reaches(result: Tensor, call: Call) -> bool:
    """Whether a gradient surely gets from a tensor to what a call gave."""
    return _way(result, lambda tensor: tensor.producer is call, {})[0] is Way.PASSES


@once
def _paths(program: Program) -> tuple[LossPath, ...]:
    found: list[LossPath] = []
    for own in program.own_functions:
        alone = len(own.training.model.outputs) == 1 and not own.training.own_step
        if own.role == "loss" and own.result is not None and alone:
            target = own.y_pred
            found.append(
                LossPath(own.result, lambda t, p=target: t is p, own.training, own, own.confidence, "loss")  # type: ignore[misc]
            )
    for step in program.own_steps:
        trained = _trained_by(step)
        found.append(LossPath(step.loss, trained, None, step, step.confidence, "tape"))
    for training in program.trainings:
        if len(training.model.outputs) == 1 and training.fits and not training.own_step:
            output = training.model.outputs[0]
            found.append(LossPath(output, _has_weights, training, training, training.confidence, "model"))
    return tuple(found)


def _trained_by(step: OwnStep) -> Callable[[Tensor], bool]:
    return lambda tensor: tensor.producer is not None and step.trains(tensor.producer.layer)


def _has_weights(tensor: Tensor) -> bool:
    call = tensor.producer
    if call is None or isinstance(call.layer, Op):
        return False
    return isinstance(call.layer, Model) or isinstance(call.params, Unknown) or call.params > 0


Found = tuple[Way, Call | None]


def _way(tensor: Tensor, is_source: Callable[[Tensor], bool], known: dict[int, Found]) -> Found:
    """What becomes of the gradient on the ways from a tensor to the sources, without recursion: losses may be deep."""
    waiting = [tensor]
    while waiting:
        now = waiting[-1]
        if id(now) in known:
            waiting.pop()
            continue
        call = now.producer
        if is_source(now):
            known[id(now)] = (Way.PASSES, None)
        elif call is None:
            known[id(now)] = (Way.ABSENT, None)
        else:
            behind = [one for one in call.inputs if id(one) not in known]
            if behind:
                waiting += behind
                continue
            known[id(now)] = _through(call, [known[id(one)] for one in call.inputs])
        waiting.pop()
    return known[id(tensor)]


def _through(call: Call, behind: list[Found]) -> Found:
    met = [found for found in behind if found[0] is not Way.ABSENT]
    if not met:
        return Way.ABSENT, None
    if ends_gradient(call.layer):
        # What cannot be told behind it cannot be reached through it, either: yet it may be no part of the model.
        return (Way.ENDS, call) if any(way in (Way.PASSES, Way.ENDS) for way, _ in met) else (Way.UNKNOWN, None)
    if not _is_understood(call.layer):
        return Way.UNKNOWN, None
    if call.layer.kind in CHOOSES and len(behind) == len(call.inputs):
        chosen = _chosen(call, behind)
        if chosen is not None:
            met = [found for found in chosen if found[0] is not Way.ABSENT] or [(Way.ENDS, call)]
    for way in (Way.PASSES, Way.UNKNOWN, Way.ENDS):
        first = next((found for found in met if found[0] is way), None)
        if first is not None:
            return first
    return Way.ABSENT, None


def _chosen(call: Call, behind: list[Found]) -> list[Found] | None:
    """What a `where` may give, without the test that decides it."""
    assert isinstance(call.layer, Op)
    test = next((given for given in call.layer.arguments if given.position == 0 or given.name == "condition"), None)
    if test is None:
        return None
    by_tensor = {id(tensor): found for tensor, found in zip(call.inputs, behind, strict=True)}
    by_tensor.pop(id(test.value.value), None)
    return list(by_tensor.values())


def ends_gradient(layer: Layer | Op | Model) -> bool:
    """Whether an operation passes no gradient on to what it is given."""
    if not isinstance(layer, Op) or layer.in_file:
        return False
    if layer.class_name.startswith("keras.metrics.") and layer.kind.endswith("accuracy"):
        return True
    return layer.kind in ENDS or (layer.kind in CASTS and _casts_to_whole(layer))


def _casts_to_whole(op: KerasObject) -> bool:
    dtype = next((given.value.value for given in op.arguments if given.name == "dtype" or given.position == 1), None)
    name = dtype.name.rpartition(".")[2] if isinstance(dtype, Reference) else dtype
    return isinstance(name, str) and name.startswith(("bool", "int", "uint"))


def _is_understood(layer: Layer | Op | Model) -> bool:
    if isinstance(layer, Model):
        return not layer.unknowns and layer.kind != "subclass"
    if isinstance(layer, Op):
        known = has_rule(layer.class_name) or layer.class_name.startswith("keras.losses.")
        return known and not layer.in_file and layer.kind != "stop_gradient"
    return isinstance(layer, Layer) and not layer.in_file and layer.kind not in _OPAQUE
