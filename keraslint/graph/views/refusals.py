"""Refusals: shapes that Keras does not take, in the graph of a model and in the data that a model is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from keraslint.graph.facts import Confidence, Fact, Span, Unknown
from keraslint.graph.objects import Array, Call, KerasObject, Layer, Model, Tensor
from keraslint.graph.once import once
from keraslint.graph.program import Program
from keraslint.graph.shape import Shape
from keraslint.graph.shapes import infer
from keraslint.graph.shapes.convolution import has_too_many_axes
from keraslint.graph.sources import sources_of
from keraslint.graph.training import Fit

CHANNELS = (1, 3, 4)
"""The numbers of channels that images have."""


@dataclass(frozen=True, eq=False, repr=False)
class Refusal:
    """A call, or data for a model, that Keras rejects for its shape; what follows from it is not told."""

    span: Span
    error: str
    confidence: Confidence
    call: Call | None = None
    """The call that raises; None for data."""
    fit: Fit | None = None
    """What the data are given to."""
    data: Fact[Any] | None = None
    """The data at fault."""
    sample: bool = False
    """The data are one sample, without its batch axis."""
    counts_samples: bool = False
    """The shape of the model's input has an axis for the samples beside the batch axis."""

    @classmethod
    def of(cls, program: Program) -> Iterator[Refusal]:
        return iter(refusals_of(program))

    @property
    def about(self) -> tuple[object, ...]:
        return (self, *(self.call.about if self.call is not None else ()))

    @property
    def leaves_nothing(self) -> bool:
        """Whether a window is larger than what it slides over, so that nothing would be left."""
        return "expects an input at least as large as" in self.error or "larger than what it crops" in self.error


@once
def refusals_of(program: Program) -> tuple[Refusal, ...]:
    """Those that are sure: not where defaults are assumed or an error is expected, nor where it may depend on an
    image layout that the program does not name."""
    return (*_of_calls(program), *_of_data(program))


def _of_calls(program: Program) -> Iterator[Refusal]:
    for call in program.calls:
        error = None if call.assumed else _error_of(call)
        if error and not any(channels_come_first(source.shape) for source in sources_of(call)):
            yield Refusal(call.span, error, call.confidence, call)


def _error_of(call: Call) -> str | None:
    if isinstance(call.layer, Model):
        shapes = tuple(tensor.shape for tensor in call.inputs)
        return error_on(call.layer, shapes) if len(shapes) == len(call.layer.inputs) else None
    return None if isinstance(call.layer, Layer) and call.layer.refused else call.error


def _of_data(program: Program) -> Iterator[Refusal]:
    for given in program.fits:
        for fit in (given, given.validation):
            if fit is None or fit.assumed or fit.x is None or fit.model.kind == "subclass":
                continue
            yield from _of_arrays(fit, fit.x)


def _of_arrays(fit: Fit, x: Fact[Any]) -> Iterator[Refusal]:
    model, arrays = fit.model, fit.inputs
    if model.unknowns or not model.outputs or x.entries or fit.dataset is not None:
        return
    if not all(isinstance(array, Array) and array.shape.rank_known for array in arrays) or not arrays:
        return
    if any(channels_come_first(tensor.shape) for tensor in model.inputs):
        return
    confidence = min(fit.confidence, x.confidence)
    shapes = tuple(array.shape for array in arrays if array is not None)
    if len(shapes) != len(model.inputs):
        if len(model.inputs) == 1:
            return  # Keras warns, and takes the first
        if not all(tensor.shape.rank_known for tensor in model.inputs):
            return  # `Input(tensor=…)` of Keras 2 holds its data itself
        arrays_given = "1 array" if len(shapes) == 1 else f"{len(shapes)} arrays"
        error = f"the model has {len(model.inputs)} inputs, got {arrays_given}: {', '.join(map(str, shapes))}"
        yield Refusal(x.span, error, confidence, fit=fit, data=x)
        return
    if _counts_one_sample(model, shapes[0]):
        error = f"the model's input has the shape {model.inputs[0].shape}, got {shapes[0]}"
        yield Refusal(x.span, error, confidence, fit=fit, data=x, counts_samples=True)
        return
    batches = tuple(Shape((None, *shape.dims[1:])) for shape in shapes)
    refused = error_on(model, batches)
    if refused:
        error = refused
        one = len(shapes) == 1 and shapes[0].rank_known and _fits(shapes[0].dims, model.inputs[0].shape.dims[1:])
        if one:
            error = f"the model's input has the shape {model.inputs[0].shape}, got {shapes[0]}"
        counted = one and fit.trains
        yield Refusal(x.span, error, confidence, fit=fit, data=x, sample=one, counts_samples=counted)


def _counts_one_sample(model: Model, given: Shape) -> bool:
    """Whether a model's input says that it takes `(1, *sample)`, each of the data is such a sample, and a layer has
    more axes before it than Keras 3 takes: where none has, Keras may add a last axis to the data and go on."""
    wanted = model.inputs[0].shape
    return (
        wanted.rank_known
        and wanted.dims[1:] == (1, *given.dims[1:])
        and any(has_too_many_axes(call.layer, source.shape) for call in model.calls for source in call.inputs)
    )


def _fits(dims: tuple[object, ...], wanted: tuple[object, ...]) -> bool:
    wanted = wanted[:-1] if len(wanted) == len(dims) + 1 and wanted[-1] == 1 else wanted
    return len(dims) == len(wanted) and all(
        size == want or want is None for size, want in zip(dims, wanted, strict=True)
    )


def error_on(model: Model, given: tuple[Shape, ...]) -> str | None:
    """Why a built model cannot be called on tensors of these shapes; None where it can, or where it is not known.

    Keras adds or drops a last axis of size 1 to meet the rank of an input; then the layers and their weights decide.
    """
    if model.kind == "subclass" or model.unknowns or len(given) != len(model.inputs):
        return None
    own = tuple(tensor.shape for tensor in model.inputs)
    if any(not shape.rank_known for shape in (*given, *own)):
        return None
    if all(one.dims[1:] == other.dims[1:] for one, other in zip(given, own, strict=True)):
        return None
    known: dict[int, tuple[Shape, ...]] = {}
    for tensor, shape in zip(model.inputs, given, strict=True):
        met = _of_rank(shape, tensor.shape)
        if met is None:
            return f"the model's input has the shape {tensor.shape}, got {shape}"
        known[id(tensor)] = (met,)
    for call in model.calls:
        if isinstance(call.layer, Model) or call.layer.in_file:
            return None
        incoming = tuple(_shape_in(known, tensor) for tensor in call.inputs)
        error, known[id(call)] = _outcome(call, call.layer, incoming)
        if error and not any(one.dims == other.shape.dims for one, other in zip(incoming, call.inputs, strict=True)):
            return f"the model's input has the shape {own[0]}, got {given[0]}: {error}"
    return None


def _of_rank(shape: Shape, wanted: Shape) -> Shape | None:
    """The shape as Keras makes it meet the rank of an input."""
    if len(shape.dims) == len(wanted.dims):
        return shape
    if len(shape.dims) == len(wanted.dims) + 1 and shape.dims[-1] == 1:
        return Shape(shape.dims[:-1])
    if len(shape.dims) == len(wanted.dims) - 1 and wanted.dims[-1] == 1:
        return Shape((*shape.dims, 1))
    last = shape.dims[-1] if len(shape.dims) > len(wanted.dims) else wanted.dims[-1]
    return Shape.unknown("a last axis of unknown size") if isinstance(last, Unknown) else None


def _shape_in(known: dict[int, tuple[Shape, ...]], tensor: Tensor) -> Shape:
    if id(tensor) in known:
        return known[id(tensor)][0]
    made = known.get(id(tensor.producer))
    return made[tensor.index] if made is not None and tensor.index < len(made) else tensor.shape


def _outcome(call: Call, layer: KerasObject, incoming: tuple[Shape, ...]) -> tuple[str | None, tuple[Shape, ...]]:
    """What a layer that is built gives for other shapes, or why it cannot."""
    inferred = infer(layer, incoming, call.arguments)
    if inferred.error or call.error:
        return (None if call.error else inferred.error), inferred.outputs
    sizes = (inferred.params, call.params)
    if isinstance(inferred.params, int) and isinstance(call.params, int) and sizes[0] != sizes[1]:
        return f"the weights of {layer.kind} were made for {call.input_shape}, got {incoming[0]}", inferred.outputs
    return None, inferred.outputs


def channels_come_first(shape: Shape) -> bool:
    """Whether it looks like images whose channels come first: ``(None, 3, 224, 224)``."""
    if not shape.rank_known or len(shape.dims) not in (4, 5):
        return False
    _, channels, *space = shape.dims
    return channels in CHANNELS and all(isinstance(size, int) and size > max(CHANNELS) for size in space)
