"""Makes both sides of a finding smaller in the same way, where the fault cannot depend on it: vocabularies, time steps,
sides of images and volumes, widths of hidden layers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

from keraslint.confirm import criteria, limits
from keraslint.confirm.plan import Unplannable
from keraslint.confirm.rebuilding import CannotRebuild, opened, rebuilt
from keraslint.graph import Argument, Array, Call, Layer, Model, Shape, Tensor, Training
from keraslint.graph.views import about

WIDTHS = frozenset({"filters", "output_dim", "units"})
"""Arguments that say how wide what comes out of a layer is."""

RECURRENT = frozenset({"Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "GRU", "LSTM", "RNN", "SimpleRNN"})


@dataclass(frozen=True)
class Sizes:
    """What is made smaller; the same for both sides, so that they go on differing by the fix alone."""

    lengths: tuple[int | None, ...] = ()
    """For each input the most time steps, or pixels a side; None leaves it alone."""
    vocabulary: int | None = None
    divisor: int = 1
    """How many times narrower hidden layers are."""
    kept: frozenset[int] = frozenset()
    """Sizes of layers that stay: of heads, of the part at fault, and those on which the sides differ."""

    def layer(self, layer: Layer) -> Layer:
        """The layer in the smaller model; the same object when nothing of it changes."""
        arguments = tuple(map(self._argument, layer.arguments))
        if all(new is old for new, old in zip(arguments, layer.arguments, strict=True)):
            return layer
        return replace(layer, arguments=arguments)

    def _argument(self, argument: Argument) -> Argument:
        value = argument.value.value
        if isinstance(value, Layer):
            inner = self.layer(value)
            return argument if inner is value else _with_value(argument, inner)
        if not isinstance(value, int) or isinstance(value, bool) or value in self.kept:
            return argument
        if argument.name in WIDTHS and self.divisor > 1 and value > limits.NARROWEST:
            return _with_value(argument, max(value // self.divisor, limits.NARROWEST))
        return argument

    def embedding(self, layer: Layer) -> Layer:
        """An Embedding of fewer tokens."""
        rows = _number(layer, "input_dim")
        if self.vocabulary is None or rows is None or rows <= self.vocabulary or rows in self.kept:
            return layer
        few = self.vocabulary
        arguments = tuple(_with_value(a, few) if a.name == "input_dim" else a for a in layer.arguments)
        return replace(layer, arguments=arguments)

    def input(self, number: int, tensor: Tensor, feeds_embedding: bool) -> Shape:
        """The shape of an input in the smaller model."""
        most = self.lengths[number] if number < len(self.lengths) else None
        if most is None or not tensor.shape.rank_known:
            return tensor.shape
        batch, *dims = tensor.shape.dims
        last = len(dims) if feeds_embedding or len(dims) == 1 else len(dims) - 1
        short = [min(d, most) if isinstance(d, int) and n < last else d for n, d in enumerate(dims)]
        return Shape((batch, *short))


def _with_value(argument: Argument, value: object) -> Argument:
    return replace(argument, value=replace(argument.value, value=value))


@dataclass(frozen=True)
class Cost:
    """What a model costs, for one sample."""

    weights: int
    products: int
    """Multiplications."""
    activations: int
    turns: int
    """Of recurrent layers, one after the other."""
    variables: int
    """Arrays of weights to train."""
    data: int

    @property
    def burden(self) -> float:
        """How far it is beyond what is easy, all counted together; 0 when it is easy."""
        shares = (
            self.weights / limits.EASY_WEIGHTS,
            self.products / limits.EASY_PRODUCTS,
            self.activations / limits.EASY_ACTIVATIONS,
            self.turns / limits.EASY_TURNS,
            self.data / limits.EASY_DATA,
        )
        return sum(share for share in shares if share > 1)

    @property
    def batch(self) -> int:
        """Samples in a mini-batch: as many as time and memory allow."""
        for batch in limits.BATCHES:
            room = limits.EASY_ACTIVATIONS * limits.BATCHES[0] // batch
            if self.activations <= room and self.products * batch <= limits.BATCH_PRODUCTS:
                return batch
        return limits.BATCHES[-1]


def cost_of(model: Model) -> Cost:
    """The cost of one sample; sizes that are not known are counted as they will be assumed."""
    calls = list(_calls(model))
    seen: dict[int, Call] = {id(call.layer): call for call in calls}
    weights = sum(_known(call.params) for call in seen.values())
    products = sum(_products(call) for call in calls)
    activations = sum(map(_made_by, calls))
    turns = sum(_turns(call) for call in calls)
    frozen = _frozen_layers(model)
    variables = sum(_variables(call) for key, call in seen.items() if key not in frozen)
    data = sum(_elements(tensor.shape) for tensor in model.inputs)
    return Cost(weights, products, activations, turns, variables, data)


def _calls(model: Model) -> Iterator[Call]:
    """The calls of layers and ops, those of nested models in the place of these."""
    for call in model.calls:
        if isinstance(call.layer, Model):
            yield from _calls(call.layer)
        else:
            yield call


def _frozen_layers(model: Model, *, frozen: bool = False) -> set[int]:
    """Layers whose weights no optimizer updates."""
    found: set[int] = set()
    frozen = frozen or model.trainable is False
    for call in model.calls:
        if isinstance(call.layer, Model):
            found |= _frozen_layers(call.layer, frozen=frozen)
        elif frozen or (isinstance(call.layer, Layer) and call.layer.trainable is False):
            found.add(id(call.layer))
    return found


def _variables(call: Call) -> int:
    """A kernel and a bias, roughly."""
    if not _known(call.params) or not isinstance(call.layer, Layer):
        return 0
    return 1 if call.layer.argument("use_bias").value is False else 2


def _known(value: object) -> int:
    return value if isinstance(value, int) else 0


def _sizes(shape: Shape) -> list[int]:
    """Sizes of one sample, with those that are open or not known as they are assumed."""
    dims = shape.dims[1:] if shape.rank_known else shape.dims
    image = len(dims) == 3
    open_size = criteria.ASSUMED_SIDE if image else criteria.ASSUMED_STEPS
    return [d if isinstance(d, int) else open_size if d is None else criteria.ASSUMED_FEATURES for d in dims]


def _elements(shape: Shape) -> int:
    return prod(_sizes(shape))


def _made_by(call: Call) -> int:
    """Values that come out for one sample."""
    return sum(_elements(shape) for shape in call.output_shapes)


def _turns(call: Call) -> int:
    """Steps that a recurrent layer makes one after the other."""
    sizes = _sizes(call.input_shape)
    recurrent = isinstance(call.layer, Layer) and call.layer.kind in RECURRENT
    return sizes[0] if recurrent and len(sizes) > 1 else 0


def _products(call: Call) -> int:
    """Each weight is used once at each place of the output (of the input, where that is larger)."""
    weights = 0 if isinstance(call.layer, Layer) and call.layer.kind == "Embedding" else _known(call.params)
    shapes = [*call.output_shapes, *(tensor.shape for tensor in call.inputs)]
    places = max((prod(_sizes(shape)[:-1]) for shape in shapes), default=1)
    return weights * places if weights else _elements(call.output_shape)


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
        _refuse_giant(side.model, exact=exact)
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
    return Shape((None, *_sizes(shape))) if shape.rank_known else shape


def given_inputs(training: Training) -> list[Array | None]:
    """The data of each input, from the first fit that is given some."""
    return next((list(fit.inputs) for fit in training.fits if fit.x is not None and fit.dataset is None), [])


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
    layers = (call.layer for call in _calls(model))
    return any(isinstance(layer, Layer) and layer.argument("data_format").value == "channels_first" for layer in layers)


def feeds_embedding(tensor: Tensor, model: Model) -> bool:
    return any(layer.kind == "Embedding" for layer in consumers(tensor, model))


def consumers(tensor: Tensor, model: Model) -> Iterator[Layer]:
    """Layers that the tensor enters, also inside nested models."""
    for call in model.calls:
        for position, used in enumerate(call.inputs):
            if used is not tensor:
                continue
            if isinstance(call.layer, Layer):
                yield call.layer
            elif isinstance(call.layer, Model) and position < len(call.layer.inputs):
                yield from consumers(call.layer.inputs[position], call.layer)


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
    layers = {id(call.layer): call.layer for call in _calls(model)}
    return [layer for layer in layers.values() if isinstance(layer, Layer)]


def _widths(layers: Iterable[Layer]) -> Iterator[int]:
    for layer in layers:
        for argument in layer.arguments:
            value = argument.value.value
            if isinstance(value, Layer):
                yield from _widths([value])
            elif argument.name in (*WIDTHS, "input_dim") and isinstance(value, int):
                yield value


def _number(layer: Layer, name: str) -> int | None:
    value = layer.argument(name).value
    return value if layer.kind == "Embedding" and isinstance(value, int) else None


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


def _refuse_giant(model: Model, *, exact: bool) -> None:
    """Say what is too large, and where."""
    cost = cost_of(model)
    checks = (
        (cost.variables, limits.MOST_VARIABLES, "arrays of weights to train, which take minutes to set up", None),
        (cost.weights, limits.MOST_WEIGHTS, "weights", lambda call: _known(call.params)),
        (cost.activations, limits.MOST_ACTIVATIONS, "values between the layers for each sample", _made_by),
        (cost.products, limits.MOST_PRODUCTS, "multiplications for each sample", _products),
        (cost.turns, limits.MOST_TURNS, "time steps, one after the other", _turns),
    )
    for size, most, what, of in checks:
        if size > most:
            where = f", most of them by {_place(max(_calls(model), key=of))}" if of else ""
            todo = "made smaller, it might not raise any more" if exact else "try a smaller copy of the model"
            raise Unplannable(f"too large to train here: {size:,} {what} (at most {most:,}){where}; {todo}")


def _place(call: Call) -> str:
    return f"{call.layer.kind if not isinstance(call.layer, Model) else call.layer.name} in line {call.layer.span.line}"


def _told(large: Training, small: Training, sizes: Sizes) -> Iterator[str]:
    """What was made smaller, in words."""
    for before, after in zip(large.model.inputs, small.model.inputs, strict=True):
        if None in before.shape.dims[1:] or not before.shape.known:
            yield f"input {_sample(before.shape)} taken to be {_sample(after.shape)}"
        elif str(before.shape) != str(after.shape):
            yield f"input {_sample(before.shape)} shrunk to {_sample(after.shape)}"
    if sizes.vocabulary is not None:
        rows = sorted({n for layer in _layers(large.model) for n in [_number(layer, "input_dim")] if n})
        for number in rows:
            if number > sizes.vocabulary and number not in sizes.kept:
                yield f"a vocabulary of {number:,} tokens shrunk to {sizes.vocabulary:,}"
    if sizes.divisor > 1:
        stay = ", ".join(str(n) for n in sorted(sizes.kept) if n > limits.NARROWEST)
        but = f", but for layers of {stay}" if stay else ""
        yield f"hidden layers made {sizes.divisor} times narrower, at least {limits.NARROWEST} wide{but}"


def _sample(shape: Shape) -> str:
    return str(Shape(shape.dims[1:], shape.rank_known)) if shape.dims[1:] else "of unknown shape"
