"""Makes both sides of a finding smaller in the same way, where the fault cannot depend on it: vocabularies, time steps,
sides of images and volumes, widths of hidden layers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from keraslint.confirm import limits
from keraslint.confirm.cost import calls_inside, cost_of, refuse_giant, sizes_of
from keraslint.confirm.entering import consumers, feeds_embedding, given_inputs
from keraslint.confirm.rebuilding import CannotRebuild, opened, rebuilt
from keraslint.confirm.sizes import WIDTHS, Sizes, tokens_of
from keraslint.graph import Array, Layer, Model, Shape, Tensor, Training
from keraslint.graph.views import about


def fitted(
    flagged: Training, twin: Training | None, subject: object, *, exact: bool
) -> tuple[list[Training], list[str]]:
    """Both sides with custom layers opened and, when they are large, made smaller; and what to say about it.

    With ``exact`` nothing is made smaller: the error on trial may be one about sizes.

    Raises:
        Unplannable: they are too large all the same, or hold something that cannot be rebuilt.
    """
    sides = [_with_model(side, opened(side.model)) for side in (flagged, twin) if side is not None]
    known = [_settled(side) for side in sides]
    sizes = Sizes() if exact or not _burden(known) else _chosen(known, subject)
    small = known if sizes == Sizes(kept=sizes.kept) else _made(known, sizes)
    for side in small:
        refuse_giant(side.model, exact=exact)
    return (sides, []) if small is known else (small, list(_told(sides[0], small[0], sizes)))


def _burden(sides: Sequence[Training]) -> float:
    return max(cost_of(side.model).burden for side in sides)


def _settled(training: Training) -> Training:
    """The training with a size for every axis: of its data, or assumed, where the model leaves it open."""
    model, data = training.model, given_inputs(training)
    arrays = data if len(data) == len(model.inputs) else [None] * len(model.inputs)
    shapes = [_of_data(tensor.shape, array) for tensor, array in zip(model.inputs, arrays, strict=True)]
    try:
        return _with_model(training, rebuilt(model, shapes, lambda layer: layer))
    except CannotRebuild:
        return training


def _of_data(shape: Shape, array: Array | None) -> Shape:
    """The shape of an input with the sizes of its data."""
    if array is not None and array.shape.rank_known:
        if not shape.rank_known:
            shape = array.shape
        elif len(shape.dims) == len(array.shape.dims):
            pairs = zip(shape.dims, array.shape.dims, strict=True)
            shape = Shape(tuple(told if isinstance(told, int) else seen for told, seen in pairs))
    return Shape((None, *sizes_of(shape))) if shape.rank_known else shape


def _with_model(training: Training, model: Model) -> Training:
    return training if model is training.model else replace(training, model=model)


def _chosen(sides: Sequence[Training], subject: object) -> Sizes:
    """Steps that make both sides easier, tried one after the other and kept where they help, until they are easy."""
    sizes = Sizes(kept=_kept(sides, subject))
    burden = _burden(sides)
    for step in _steps_down(sides[0].model):
        if not burden:
            break
        tried = replace(sizes, **step)
        try:
            after = _burden(_made(sides, tried))
        except CannotRebuild:
            continue
        if after < HELPS * burden:
            sizes, burden = tried, after
    return sizes


HELPS = 0.9
"""A step is kept when it leaves less than this of what there is too much."""


def _steps_down(model: Model) -> Iterator[dict[str, Any]]:
    """What is tried, mildest first."""
    yield {"vocabulary": limits.VOCABULARY}
    if not _channels_first(model):
        lengths = [_lengths(tensor, model) for tensor in model.inputs]
        for n in range(max(map(len, lengths), default=0)):
            yield {"lengths": tuple(own[min(n, len(own) - 1)] if own else None for own in lengths)}
    for divisor in limits.DIVISORS:
        yield {"divisor": divisor}


def _lengths(tensor: Tensor, model: Model) -> tuple[int, ...]:
    """The sizes to try for the axes of an input, but for its features."""
    if not tensor.shape.rank_known:
        return ()
    axes = len(tensor.shape.dims) - 1
    if axes == 1 and not feeds_embedding(tensor, model):
        return (limits.FEATURES,)
    return limits.LENGTHS.get(axes, ())


def _channels_first(model: Model) -> bool:
    layers = (call.layer for call in calls_inside(model))
    return any(isinstance(layer, Layer) and layer.argument("data_format").value == "channels_first" for layer in layers)


def _made(sides: Sequence[Training], sizes: Sizes) -> list[Training]:
    return [_with_model(side, smaller(side.model, sizes)) for side in sides]


def smaller(model: Model, sizes: Sizes) -> Model:
    """The model with these sizes.

    Raises:
        CannotRebuild: it would not build, or its outputs would be others.
    """
    fed = [feeds_embedding(tensor, model) for tensor in model.inputs]
    lookups = {id(layer) for tensor in model.inputs for layer in consumers(tensor, model) if layer.kind == "Embedding"}

    def change(layer: Layer) -> Layer:
        # Tokens that the model computes itself may be any of its vocabulary.
        return sizes.layer(sizes.embedding(layer) if id(layer) in lookups else layer)

    shapes = [sizes.input(n, tensor, fed[n]) for n, tensor in enumerate(model.inputs)]
    made = rebuilt(model, shapes, change)
    for old, new in zip(model.outputs, made.outputs, strict=True):
        if str(old.shape[-1]) != str(new.shape[-1]) and not _is_an_input(old, model):
            raise CannotRebuild("the outputs would be others")
        for before, after in zip(model.inputs, made.inputs, strict=True):
            if str(before.shape) == str(old.shape) and str(after.shape) != str(new.shape):
                raise CannotRebuild("the output would not have the shape of the input any more")
    return made


def _is_an_input(output: Tensor, model: Model) -> bool:
    return any(str(tensor.shape) == str(output.shape) for tensor in model.inputs)


def _kept(sides: Sequence[Training], subject: object) -> frozenset[int]:
    """Sizes that must stay: of what makes the outputs, of the part at fault, and of what the fix changes."""
    kept = {size for side in sides for layer in _heads(side.model) for size in _widths([layer])}
    kept |= set(_widths(part for part in about(subject) if isinstance(part, Layer)))
    counted = [Counter(_widths(_layers(side.model))) for side in sides]
    if len(counted) > 1:
        kept |= set(counted[0] - counted[1]) | set(counted[1] - counted[0])
    return frozenset(kept)


def _layers(model: Model) -> list[Layer]:
    layers = {id(call.layer): call.layer for call in calls_inside(model)}
    return [layer for layer in layers.values() if isinstance(layer, Layer)]


def _widths(layers: Iterable[Layer]) -> Iterator[int]:
    for layer in layers:
        for argument in layer.arguments:
            value = argument.value.value
            if isinstance(value, Layer):
                yield from _widths([value])
            elif argument.name in (*WIDTHS, "input_dim") and isinstance(value, int):
                yield value


def _heads(model: Model) -> Iterator[Layer]:
    """The layers that decide how wide the outputs are, through everything that passes widths on."""
    waiting, seen = list(model.outputs), set()
    while waiting:
        call = waiting.pop().producer
        if call is None or id(call) in seen:
            continue
        seen.add(id(call))
        if isinstance(call.layer, Layer) and any(True for _ in _widths([call.layer])):
            yield call.layer
        else:
            waiting += [*call.inputs, *(call.layer.outputs if isinstance(call.layer, Model) else ())]


def _told(large: Training, small: Training, sizes: Sizes) -> Iterator[str]:
    """What was made smaller, in words."""
    for before, after in zip(large.model.inputs, small.model.inputs, strict=True):
        if None in before.shape.dims[1:] or not before.shape.known:
            yield f"input {_sample(before.shape)} taken to be {_sample(after.shape)}"
        elif str(before.shape) != str(after.shape):
            yield f"input {_sample(before.shape)} shrunk to {_sample(after.shape)}"
    if sizes.vocabulary is not None:
        rows = sorted({n for layer in _layers(large.model) for n in [tokens_of(layer, "input_dim")] if n})
        for number in rows:
            if number > sizes.vocabulary and number not in sizes.kept:
                yield f"a vocabulary of {number:,} tokens shrunk to {sizes.vocabulary:,}"
    if sizes.divisor > 1:
        stay = ", ".join(str(n) for n in sorted(sizes.kept) if n > limits.NARROWEST)
        but = f", but for layers of {stay}" if stay else ""
        yield f"hidden layers made {sizes.divisor} times narrower, at least {limits.NARROWEST} wide{but}"


def _sample(shape: Shape) -> str:
    return str(Shape(shape.dims[1:], shape.rank_known)) if shape.dims[1:] else "of unknown shape"
