"""Which data a training is given: shape, range and encoding of inputs and labels, from facts and loss."""

from __future__ import annotations

from dataclasses import replace

from keraslint.confirm import criteria
from keraslint.confirm.encoding import Notebook
from keraslint.confirm.entering import consumers, given_inputs
from keraslint.confirm.plan import Json, Unplannable
from keraslint.graph import Array, Layer, Model, Shape, Tensor, Training, Unknown
from keraslint.graph.shape import Dim
from keraslint.graph.views import Head, heads_of

REGRESSIONS = frozenset(
    {
        "Huber",
        "LogCosh",
        "MeanAbsoluteError",
        "MeanAbsolutePercentageError",
        "MeanSquaredError",
        "MeanSquaredLogarithmicError",
    }
)
ENCODINGS = {
    "BinaryCrossentropy": "binary",
    "BinaryFocalCrossentropy": "binary",
    "CategoricalCrossentropy": "one-hot",
    "CategoricalFocalCrossentropy": "one-hot",
    "CategoricalHinge": "one-hot",
    "Hinge": "sign",
    "KLDivergence": "one-hot",
    "SparseCategoricalCrossentropy": "integer",
    "SquaredHinge": "sign",
    "Dice": "binary",
    "Tversky": "binary",
    "Poisson": "continuous",
    "CosineSimilarity": "continuous",
} | dict.fromkeys(REGRESSIONS, "continuous")
"""How labels look for each loss, unless facts say otherwise."""

RANGES = {
    "hard_sigmoid": (0.0, 1.0),
    "relu": (0.0, 4.0),
    "sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "softplus": (0.0, 4.0),
    "tanh": (-1.0, 1.0),
}
"""Where real-valued labels must lie for a head to reach them."""

POSITIVE_LOSSES = frozenset({"MeanAbsolutePercentageError", "MeanSquaredLogarithmicError", "Poisson"})
"""Losses of which labels near or below zero make no sense."""

FIRST_LAYER_SHAPES: dict[str, tuple[int, ...]] = {
    "Conv1D": (criteria.ASSUMED_STEPS, criteria.ASSUMED_FEATURES),
    "Conv2D": (criteria.ASSUMED_SIDE, criteria.ASSUMED_SIDE, 3),
    "Embedding": (criteria.ASSUMED_STEPS,),
    "GRU": (criteria.ASSUMED_STEPS, criteria.ASSUMED_FEATURES),
    "LSTM": (criteria.ASSUMED_STEPS, criteria.ASSUMED_FEATURES),
    "SimpleRNN": (criteria.ASSUMED_STEPS, criteria.ASSUMED_FEATURES),
    "Bidirectional": (criteria.ASSUMED_STEPS, criteria.ASSUMED_FEATURES),
    "Dense": (criteria.ASSUMED_FEATURES,),
}
"""What an input of unknown rank is taken to be, by the layer that it enters."""


def input_data(training: Training, notes: Notebook) -> list[Json]:
    """For each input the shape that Keras is told, the shape of the data, their kind and range."""
    given = given_inputs(training)
    inputs = training.model.inputs
    return [
        _input(tensor, given[n] if len(given) == len(inputs) else None, training.model, notes)
        for n, tensor in enumerate(inputs)
    ]


def _input(tensor: Tensor, array: Array | None, model: Model, notes: Notebook) -> Json:
    entered = list(consumers(tensor, model))
    if isinstance(tensor.dtype, str) and tensor.dtype == "string":
        raise Unplannable("the model reads text, and confirm can only make up numbers")
    symbolic = symbolic_shape(tensor, array, entered[0] if entered else None, notes)
    shape = [_size(symbolic, axis, notes) for axis in range(len(symbolic))]
    lookups = [layer for layer in entered if layer.kind == "Embedding"]
    written: dict[str, Json] = {
        "symbolic": symbolic,
        "shape": shape,
        "dtype": "int32" if lookups else "float32",
        "kind": "normal",
    }
    if lookups:
        return written | {"kind": "integers", "low": 0, "high": max(min(map(_vocabulary, lookups)) - 1, 1)}
    low, high = (array.low, array.high) if array else (None, None)
    if isinstance(low, int | float) and isinstance(high, int | float) and high > low:
        return written | {"kind": "uniform", "low": low, "high": high}
    if len(shape) == 3 and shape[-1] in (1, 3, 4):
        return written | {"kind": "uniform", "low": 0.0, "high": 1.0}
    return written


def _vocabulary(embedding: Layer) -> int:
    rows = embedding.argument("input_dim").value
    return rows if isinstance(rows, int) else criteria.ASSUMED_VOCABULARY


def symbolic_shape(tensor: Tensor, array: Array | None, consumer: Layer | None, notes: Notebook) -> list[int | None]:
    """The shape without the batch: as declared, else as of the data, else assumed; None where open."""
    shape = tensor.shape
    if not shape.rank_known and array and array.shape.rank_known:
        shape = array.shape
    if not shape.rank_known:
        assumed = FIRST_LAYER_SHAPES.get(consumer.kind if consumer else "")
        if assumed is None:
            raise Unplannable(f"the shape of an input is not known, write it into `keras.Input`: {shape.reason}")
        notes.assume(f"an input is taken to have the shape {assumed}: {shape.reason}")
        return list(assumed)
    dims = list(shape.dims[1:])
    if array and array.shape.rank_known and len(array.shape.dims) == len(dims) + 1:
        dims = [_known_of(told, seen) for told, seen in zip(dims, array.shape.dims[1:], strict=True)]
    return [assumed_size(dim, notes) if isinstance(dim, Unknown) else dim for dim in dims]


def _known_of(told: Dim, seen: Dim) -> Dim:
    return seen if isinstance(told, Unknown) and isinstance(seen, int) else told


def assumed_size(dim: Unknown, notes: Notebook) -> int:
    notes.assume(f"a size is taken to be {criteria.ASSUMED_FEATURES}: {dim.reason}")
    return criteria.ASSUMED_FEATURES


def _size(symbolic: list[int | None], axis: int, notes: Notebook) -> int:
    """The size of the data along an axis that Keras leaves open."""
    size = symbolic[axis]
    if size is not None:
        return size
    image = len(symbolic) == 3
    assumed = criteria.ASSUMED_SIDE if image else criteria.ASSUMED_STEPS
    notes.assume(f"an open {'image side' if image else 'axis'} is {assumed} long")
    return assumed


def label_data(like: Training, training: Training, full: Training, notes: Notebook, exact: bool) -> list[Json]:
    """For each output how its labels look: by the program's own data, else by the losses of ``like``.

    ``full`` is ``like`` before it was made smaller: the program's own labels are made smaller likewise. Unless
    ``exact``, labels that do not fit the output are made to: this is another fault than the one on trial.
    """
    heads = heads_of(like)
    if not heads:
        raise Unplannable("the outputs of the model are not known")
    given = training.labels
    return [
        _label(head, whole, given[head.index] if head.index < len(given) else None, training, notes, exact)
        for head, whole in zip(heads, heads_of(full), strict=True)
    ]


def _as_small(array: Array | None, whole: Head, head: Head) -> Array | None:
    """Labels with the sizes that the output has after it was made smaller, along axes on which they were the same."""
    if array is None or not array.shape.rank_known or not (whole.shape.rank_known and head.shape.rank_known):
        return array
    dims = list(array.shape.dims)
    for axis, (before, after) in enumerate(zip(whole.shape.dims, head.shape.dims, strict=False)):
        if 0 < axis < len(dims) and isinstance(before, int) and before != after and dims[axis] == before:
            dims[axis] = after
    return replace(array, shape=Shape(tuple(dims)))


def _label(head: Head, whole: Head, given: Array | None, training: Training, notes: Notebook, exact: bool) -> Json:
    copied = _copied_input(training, given)
    if copied is not None:
        return {"encoding": "input", "input": copied}
    array = _as_small(given, whole, head)
    encoding = array.encoding if array and isinstance(array.encoding, str) else _encoding_by_loss(head)
    shape = _label_shape(head, array, encoding)
    if not exact and array is not None and not _fits(head, shape, encoding):
        notes.assume(f"labels are shaped as the output: those of the program, {array.shape}, do not fit it")
        shape = _label_shape(head, None, encoding)
    written: dict[str, Json] = {"encoding": encoding, "shape": shape, "outputs": _read_as(training, head.index)}
    if head.loss is not None and head.loss.is_a(*REGRESSIONS) and encoding == "integer":
        written["ordinal"] = True
    classes = array.classes if array and isinstance(array.classes, int) else head.units
    if isinstance(classes, int):
        written["classes"] = classes
    low, high = _range(head, array, encoding)
    if low is not None:
        written |= {"low": low, "high": high}
    if encoding == "continuous" and not (array and isinstance(array.low, int | float)):
        written["assumed"] = True
    return written


def _read_as(training: Training, index: int) -> str:
    """How the outputs of a model are meant: ``logits`` and ``signs`` by its loss, unless its head says otherwise."""
    heads = heads_of(training)
    head = heads[index] if index < len(heads) else None
    if head is None or head.activation_is("sigmoid", "softmax"):
        return "probabilities"
    if head.loss_is("Hinge", "SquaredHinge"):
        return "signs"
    return "logits" if head.loss and head.loss.takes_logits else "probabilities"


def on_classes(labels: Json, head: Head) -> Json:
    """The labels again, with classes in the place of real values that were only assumed."""
    if not labels.get("assumed"):
        return labels
    kept = {name: value for name, value in labels.items() if name not in ("low", "high", "assumed")}
    exclusive = head.activation_is("softmax") and head.has_units(2)
    return kept | {"encoding": "one-hot" if exclusive else "binary"}


def _copied_input(training: Training, array: Array | None) -> int | None:
    """The input that serves as the target, too: an autoencoder."""
    given = given_inputs(training)
    return next((n for n, x in enumerate(given) if x is not None and x is array), None)


def _encoding_by_loss(head: Head) -> str:
    name = head.loss.name if head.loss else Unknown("no loss")
    if isinstance(name, Unknown) or name not in ENCODINGS:
        what = name.reason if isinstance(name, Unknown) else name
        raise Unplannable(f"what labels look like is not known: {what}")
    encoding = ENCODINGS[name]
    if encoding == "continuous" and head.activation_is("softmax") and head.has_units(2):
        return "one-hot"
    return encoding


def _fits(head: Head, shape: Json, encoding: str) -> bool:
    """Whether a loss that compares labels with outputs one by one can take labels of this shape."""
    units = head.units
    return encoding == "integer" or not shape or not isinstance(units, int) or shape[-1] == units


def _label_shape(head: Head, array: Array | None, encoding: str) -> Json:
    """The shape of one label; None leaves it to the model's output."""
    if array and array.shape.rank_known and all(isinstance(dim, int) for dim in array.shape.dims[1:]):
        return [dim for dim in array.shape.dims[1:] if isinstance(dim, int)]
    shape: Shape = head.shape
    if not shape.rank_known or not all(isinstance(dim, int) for dim in shape.dims[1:]):
        return None
    dims = [dim for dim in shape.dims[1:] if isinstance(dim, int)]
    return dims[:-1] if encoding == "integer" and head.has_units(2) else dims


def _range(head: Head, array: Array | None, encoding: str) -> tuple[float | None, float | None]:
    if array and isinstance(array.low, int | float) and isinstance(array.high, int | float):
        return array.low, array.high
    if encoding != "continuous":
        return None, None
    if head.loss is not None and head.loss.is_a(*POSITIVE_LOSSES):
        return 1.0, 5.0
    name = head.activation.name.value if head.activation else None
    return RANGES.get(name, (None, None)) if isinstance(name, str) else (None, None)
