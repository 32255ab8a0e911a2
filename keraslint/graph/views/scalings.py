"""Scalings: what becomes of values on their way to the first layer that works on them, in the data and in the model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from keraslint.graph.facts import Span
from keraslint.graph.objects import Call, Layer, Model, Op, Scaling, Step, Tensor
from keraslint.graph.once import once
from keraslint.graph.scaling import by_layer, by_op
from keraslint.graph.views.traits import NOISE
from keraslint.graph.views.wiring import Wiring

PASSED = NOISE | frozenset(
    f"keras.layers.{name}"
    for name in (
        "CenterCrop",
        "Flatten",
        "Identity",
        "InputLayer",
        "Permute",
        "RandomCrop",
        "RandomFlip",
        "RandomHeight",
        "RandomRotation",
        "RandomTranslation",
        "RandomWidth",
        "RandomZoom",
        "Reshape",
        "Resizing",
        "ZeroPadding1D",
        "ZeroPadding2D",
        "ZeroPadding3D",
    )
)
"""Layers that leave the size of values as it is."""
APPLICATIONS = "keras.applications."


@dataclass(frozen=True, eq=False, repr=False)
class Change:
    """One scaling on the way, and where it stands."""

    scaling: Scaling
    span: Span
    by: str = ""
    """The full name of the layer or function that does it; empty for an operator."""
    application: str = ""
    """The model of `keras.applications` that does it by itself."""


@dataclass(frozen=True, eq=False, repr=False)
class Way:
    """What a model does to one of its inputs before anything works on it."""

    changes: tuple[Change, ...] = ()
    first: Call | None = None
    """What works on the values; None where the way is lost before."""
    ends: Tensor | None = None
    """The tensor behind it, where nothing but scaling is done at all: a model that prepares data for another."""

    @property
    def application(self) -> str:
        """The model of `keras.applications` that gets the values, by its name; empty for any other layer."""
        return _application(self.first)

    @property
    def is_pretrained(self) -> bool:
        return self.first is not None and isinstance(self.first.layer, Layer) and self.first.layer.pretrained


@dataclass(frozen=True)
class Total:
    """Several scalings as one."""

    factor: float = 1
    offset: float = 0
    names: tuple[str, ...] = ()
    """What did more than that: scalers, statistics, means of colors. The numbers are those behind the last of them."""


BY_HAND = "(x - mean) / deviation"
"""What takes out a shift and a factor that the data decide is named by."""


def total_of(steps: Iterable[Step]) -> Total | None:
    """What several steps do to values; None where that is not all known."""
    total, shifted = Total(), False
    for step in steps:
        scaling = step.scaling
        if step.kind in ("computed", "encoded"):
            return None
        if scaling is None:
            continue
        if shifted:
            if step.by != ("/", None):
                return None
            total, shifted = Total(names=(*total.names, BY_HAND)), False
        elif step.by == ("-", None) and scaling.factor == 1:
            shifted = True
        elif scaling.name:
            total = Total(names=(*total.names, scaling.name))
        elif scaling.factor is None or scaling.offset is None:
            return None
        else:
            offset = total.offset * scaling.factor + scaling.offset
            total = replace(total, factor=total.factor * scaling.factor, offset=offset)
    return None if shifted else total


def changes_of(steps: Iterable[Step]) -> tuple[Change, ...]:
    """The scalings among the steps of data, since they were last changed otherwise."""
    found: list[Change] = []
    for step in steps:
        if step.kind in ("computed", "encoded"):
            found.clear()
        elif step.scaling is not None:
            found.append(Change(step.scaling, step.span, step.by if isinstance(step.by, str) else ""))
    return tuple(found)


@once
def ways_of(model: Model) -> tuple[Way, ...]:
    """What becomes of each input, in the order of the model's."""
    return tuple(way_of(model, tensor) for tensor in model.inputs)


def way_of(model: Model, tensor: Tensor) -> Way:
    """What becomes of a tensor until some layer works on its values, through models inside."""
    wiring = Wiring(model)
    changes: list[Change] = []
    while len(found := wiring.consumers(tensor)) == 1:
        [call] = found
        inner = _inside(call)
        if inner is not None:
            way = way_of(inner, inner.inputs[0])
            changes += way.changes
            if way.ends is None:
                return replace(way, changes=tuple(changes))
        elif (scaling := _scaling(call)) is not None:
            by = getattr(call.layer, "class_name", "")
            changes.append(Change(scaling, call.span, by, _application(call)))
        elif getattr(call.layer, "class_name", "") not in PASSED:
            return Way(tuple(changes), call)
        behind = next(
            (output for after in wiring.after(call) for output in after.inputs if output.producer is call), None
        )
        if behind is None:
            last = next((output for output in model.outputs if output.producer is call), None)
            return Way(tuple(changes), ends=last)
        tensor = behind
    return Way(tuple(changes))


def _inside(call: Call) -> Model | None:
    """What a call consists of, where that takes one input."""
    inner = call.layer if isinstance(call.layer, Model) else call.contents
    return inner if inner is not None and len(inner.inputs) == 1 else None


def _scaling(call: Call) -> Scaling | None:
    match call.layer:
        case Op() as op:
            return by_op(op)
        case Layer() as layer:
            return by_layer(layer)
    return None


def _application(call: Call | None) -> str:
    layer = call.layer if call is not None else None
    if not isinstance(layer, Layer):
        return ""
    named = next((name for name in (layer.origin, layer.class_name) if name.startswith(APPLICATIONS)), "")
    return named.removeprefix(APPLICATIONS)
