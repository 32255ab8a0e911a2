"""What it costs to train a model, and which cost more than can be borne."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from keraslint.confirm import criteria, limits
from keraslint.confirm.plan import Unplannable
from keraslint.graph import Call, Layer, Model, Shape

RECURRENT = frozenset({"Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "GRU", "LSTM", "RNN", "SimpleRNN"})


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
    calls = list(calls_inside(model))
    seen: dict[int, Call] = {id(call.layer): call for call in calls}
    weights = sum(_known(call.params) for call in seen.values())
    products = sum(_products(call) for call in calls)
    activations = sum(map(_made_by, calls))
    turns = sum(_turns(call) for call in calls)
    frozen = _frozen_layers(model)
    variables = sum(_variables(call) for key, call in seen.items() if key not in frozen)
    data = sum(_elements(tensor.shape) for tensor in model.inputs)
    return Cost(weights, products, activations, turns, variables, data)


def calls_inside(model: Model) -> Iterator[Call]:
    """The calls of layers and ops, those of nested models in the place of these."""
    for call in model.calls:
        if isinstance(call.layer, Model):
            yield from calls_inside(call.layer)
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


def sizes_of(shape: Shape) -> list[int]:
    """Sizes of one sample, with those that are open or not known as they are assumed."""
    dims = shape.dims[1:] if shape.rank_known else shape.dims
    image = len(dims) == 3
    open_size = criteria.ASSUMED_SIDE if image else criteria.ASSUMED_STEPS
    return [d if isinstance(d, int) else open_size if d is None else criteria.ASSUMED_FEATURES for d in dims]


def _elements(shape: Shape) -> int:
    return prod(sizes_of(shape))


def _made_by(call: Call) -> int:
    """Values that come out for one sample."""
    return sum(_elements(shape) for shape in call.output_shapes)


def _turns(call: Call) -> int:
    """Steps that a recurrent layer makes one after the other."""
    sizes = sizes_of(call.input_shape)
    recurrent = isinstance(call.layer, Layer) and call.layer.kind in RECURRENT
    return sizes[0] if recurrent and len(sizes) > 1 else 0


def _products(call: Call) -> int:
    """Each weight is used once at each place of the output (of the input, where that is larger)."""
    weights = 0 if isinstance(call.layer, Layer) and call.layer.kind == "Embedding" else _known(call.params)
    shapes = [*call.output_shapes, *(tensor.shape for tensor in call.inputs)]
    places = max((prod(sizes_of(shape)[:-1]) for shape in shapes), default=1)
    return weights * places if weights else _elements(call.output_shape)


def refuse_giant(model: Model, *, exact: bool) -> None:
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
            where = f", most of them by {_place(max(calls_inside(model), key=of))}" if of else ""
            todo = "made smaller, it might not raise any more" if exact else "try a smaller copy of the model"
            raise Unplannable(f"too large to train here: {size:,} {what} (at most {most:,}){where}; {todo}")


def _place(call: Call) -> str:
    return f"{call.layer.kind if not isinstance(call.layer, Model) else call.layer.name} in line {call.layer.span.line}"
