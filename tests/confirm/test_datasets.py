"""Which data a training is given: what the program tells, else what its layers and losses ask for."""

from __future__ import annotations

from typing import Any

import pytest
from builders import call
from helpers.graph_parts import NOWHERE, arguments, layer

from keraslint.confirm import criteria
from keraslint.confirm.datasets import input_data, label_data, on_classes
from keraslint.confirm.encoding import Notebook
from keraslint.confirm.plan import Unplannable
from keraslint.graph import Array, Fit, KerasObject, Model, Shape, Tensor, Training, Unknown
from keraslint.graph.views import heads_of

UNKNOWN: Any = Unknown("n is not defined")
NO_RANK = Shape.unknown("the shape is not told")


def training(
    loss: object = "mse",
    units: int = 1,
    activation: str = "linear",
    *,
    inputs: tuple[Tensor, ...] = (Tensor(Shape.of(None, 8), NOWHERE),),
    first: str = "Dense",
    shape: Shape | None = None,
    **data: object,
) -> Training:
    """A model of two layers that is fitted on ``x`` and ``y``, as far as given."""
    hidden = call(layer(first, units=4, input_dim=data.pop("rows", 50)), *inputs, shape=Shape.of(None, 4))
    head = layer("Dense", units=units, activation=activation)
    output = call(head, hidden, shape=shape or Shape.of(None, units))
    model = Model("functional", "functional", NOWHERE, inputs, (output,))
    compiled = KerasObject("keras.Model.compile", arguments(**({} if loss is None else {"loss": loss})), NOWHERE)
    return Training(model, compiled, (Fit("fit", model, arguments(**data), NOWHERE),) if data else ())


def entered(*dims: Any, x: Array | None = None, first: str = "Dense", dtype: Any = "float32", **more: Any) -> Any:
    """The data for an input of this shape."""
    tensor = Tensor(Shape.of(None, *dims) if dims else NO_RANK, NOWHERE, dtype=dtype)
    data = {"x": x} if x is not None else {}
    (written,) = input_data(training(inputs=(tensor,), first=first, **data, **more), Notebook())
    return written


def test_a_plain_input_is_standard_normal() -> None:
    assert entered(8) == {"symbolic": [8], "shape": [8], "dtype": "float32", "kind": "normal"}


@pytest.mark.parametrize(
    ("channels", "kind"),
    [*((n, "uniform") for n in (1, 3, 4)), *((n, "normal") for n in (2, 5, 6, 8))],
)
def test_an_image_has_one_three_or_four_channels_and_values_between_0_and_1(channels: int, kind: str) -> None:
    written = entered(9, 9, channels)
    assert written["kind"] == kind
    assert (written.get("low"), written.get("high")) == ((0.0, 1.0) if kind == "uniform" else (None, None))


@pytest.mark.parametrize("dims", [(9, 3), (9, 9, 9, 3)])
def test_what_has_another_number_of_axes_is_no_image(dims: tuple[int, ...]) -> None:
    assert entered(*dims)["kind"] == "normal"


def test_the_range_of_the_data_goes_before_that_of_an_image() -> None:
    written = entered(9, 9, 3, x=Array(Shape.of(60, 9, 9, 3), "uint8", 0, 255))
    assert (written["kind"], written["low"], written["high"]) == ("uniform", 0, 255)


@pytest.mark.parametrize(("low", "high"), [(0, 0), (3, 1), (UNKNOWN, 1), (0, UNKNOWN)])
def test_a_range_without_width_is_none(low: Any, high: Any) -> None:
    assert entered(8, x=Array(Shape.of(60, 8), "float32", low, high))["kind"] == "normal"


def test_what_an_embedding_looks_up_are_its_rows() -> None:
    written = entered(12, first="Embedding", rows=40)
    assert (written["kind"], written["dtype"]) == ("integers", "int32")
    assert (written["low"], written["high"]) == (0, 39)
    assert entered(12, first="Embedding", rows=2)["high"] == 1
    assert entered(12, first="Embedding", rows=1)["high"] == 1
    assert entered(12, first="Embedding", rows=3)["high"] == 2


def test_text_cannot_be_made_up() -> None:
    with pytest.raises(Unplannable, match="reads text"):
        entered(8, dtype="string")


def test_open_axes_stay_open_for_keras_and_get_a_length_that_pools_and_strides_can_halve() -> None:
    image, series = entered(None, None, 3), entered(None, 3)
    assert image["symbolic"] == [None, None, 3]
    side = image["shape"][0]
    assert side % 2**5 == 0
    assert side < 64
    assert image["shape"] == [side, side, 3]
    assert series["symbolic"] == [None, 3]
    assert series["shape"] == [12, 3]


def test_a_size_that_is_not_known_is_that_of_the_data_or_one_to_try() -> None:
    assert entered(UNKNOWN, x=Array(Shape.of(60, 5)))["symbolic"] == [5]
    assert entered(UNKNOWN, x=Array(Shape.of(60, 5, 5)))["symbolic"] == [8]
    assert entered(UNKNOWN, x=Array(NO_RANK))["symbolic"] == [8]
    assert entered(UNKNOWN)["symbolic"] == [8]
    assert entered(7, x=Array(Shape.of(60, 5)))["symbolic"] == [7]


def test_a_shape_that_is_not_known_is_that_of_the_data_or_what_the_layer_takes() -> None:
    assert entered(x=Array(Shape.of(60, 5, 6)))["symbolic"] == [5, 6]
    assert entered(x=Array(NO_RANK))["symbolic"] == [criteria.ASSUMED_FEATURES]
    assert len(entered(first="LSTM")["symbolic"]) == 2
    assert entered(first="Conv2D")["symbolic"][-1] == 3
    with pytest.raises(Unplannable, match=r"keras\.Input"):
        entered(first="Flatten")


def test_data_are_those_of_their_own_input_or_of_none() -> None:
    two = (Tensor(Shape.of(None, 8), NOWHERE), Tensor(Shape.of(None, 8), NOWHERE))
    written = input_data(training(inputs=two, x=Array(Shape.of(60, 8), "float32", 0, 9)), Notebook())
    assert [one["kind"] for one in written] == ["normal", "normal"]


def wanted(loss: object = "mse", *rest: Any, exact: bool = False, **more: Any) -> Any:
    """The labels of such a training."""
    made = training(loss, *rest, **more)
    (written,) = label_data(made, made, made, Notebook(), exact)
    return written


@pytest.mark.parametrize(
    ("loss", "units", "activation", "encoding", "shape"),
    [
        ("mse", 1, "linear", "continuous", [1]),
        ("mse", 3, "softmax", "one-hot", [3]),
        ("mse", 2, "softmax", "one-hot", [2]),
        ("mse", 1, "softmax", "continuous", [1]),
        ("mse", 3, "sigmoid", "continuous", [3]),
        ("hinge", 1, "tanh", "sign", [1]),
        ("binary_crossentropy", 1, "sigmoid", "binary", [1]),
        ("categorical_crossentropy", 3, "softmax", "one-hot", [3]),
        ("sparse_categorical_crossentropy", 3, "softmax", "integer", []),
        ("sparse_categorical_crossentropy", 2, "softmax", "integer", []),
        ("sparse_categorical_crossentropy", 1, "softmax", "integer", [1]),
    ],
)
def test_labels_look_as_the_loss_asks(loss: str, units: int, activation: str, encoding: str, shape: list[int]) -> None:
    written = wanted(loss, units, activation)
    assert (written["encoding"], written["shape"], written["classes"]) == (encoding, shape, units)
    assert written.get("assumed", False) is (encoding == "continuous")


@pytest.mark.parametrize(
    ("loss", "activation", "low", "high"),
    [
        ("mse", "linear", None, None),
        ("mse", "sigmoid", 0, 1),
        ("mse", "hard_sigmoid", 0, 1),
        ("mse", "softmax", 0, 1),
        ("mse", "tanh", -1, 1),
        ("binary_crossentropy", "sigmoid", None, None),
    ],
)
def test_real_labels_lie_where_the_head_reaches_them(loss: str, activation: str, low: Any, high: Any) -> None:
    written = wanted(loss, 1, activation)
    assert (written.get("low"), written.get("high")) == (low, high)


@pytest.mark.parametrize("activation", ["relu", "softplus"])
def test_a_head_that_is_never_negative_has_labels_from_zero_to_some(activation: str) -> None:
    written = wanted("mse", 1, activation)
    assert written["low"] == 0
    assert 2 < written["high"] < 6


@pytest.mark.parametrize("loss", ["poisson", "mape", "msle"])
def test_a_loss_that_divides_by_labels_has_none_near_zero(loss: str) -> None:
    written = wanted(loss, 1, "relu")
    assert (written["low"], written["high"]) == (1, 5)


def labels(*dims: Any, **facts: Any) -> Array:
    return Array(Shape.of(60, *dims), **facts)


def test_labels_of_the_program_go_before_what_the_loss_asks() -> None:
    written = wanted("mse", 1, y=labels(encoding="integer", low=1, high=5, classes=7))
    assert written == {
        "encoding": "integer",
        "shape": [],
        "outputs": "probabilities",
        "ordinal": True,
        "classes": 7,
        "low": 1,
        "high": 5,
    }
    assert "ordinal" not in wanted("sparse_categorical_crossentropy", 3, y=labels(encoding="integer"))
    assert "ordinal" not in wanted("mse", 1, y=labels(encoding="binary"))
    assert "assumed" not in wanted("mse", 1, y=labels(1, encoding="continuous", low=0, high=9))
    assert wanted("mse", 1, y=labels(1, encoding="continuous", low=UNKNOWN, high=9))["assumed"]
    assert "low" not in wanted("mse", 1, y=labels(1, low=0, high=UNKNOWN))


@pytest.mark.parametrize(
    ("exact", "array", "shape"),
    [
        pytest.param(False, labels(4), [3], id="made to fit"),
        pytest.param(True, labels(4), [4], id="left as they are"),
        pytest.param(False, labels(3), [3], id="fit"),
        pytest.param(False, labels(), [], id="one number each"),
        pytest.param(False, labels(UNKNOWN), [3], id="size not known"),
        pytest.param(False, Array(NO_RANK), [3], id="shape not known"),
        pytest.param(False, labels(4, encoding="integer"), [4], id="class indices fit anything"),
    ],
)
def test_labels_that_do_not_fit_are_made_to_unless_that_is_the_fault(
    exact: bool, array: Array, shape: list[int]
) -> None:
    assert wanted("mse", 3, y=array, exact=exact)["shape"] == shape


@pytest.mark.parametrize("shape", [NO_RANK, Shape.of(None, UNKNOWN), Shape.of(None, None, 3)])
def test_an_output_that_is_not_known_shapes_its_labels_later(shape: Shape) -> None:
    assert wanted("mse", 3, shape=shape)["shape"] is None


def test_outputs_are_read_as_their_loss_reads_them() -> None:
    logits = KerasObject("keras.losses.BinaryCrossentropy", arguments(from_logits=True), NOWHERE)
    assert wanted(logits)["outputs"] == "logits"
    assert wanted(logits, 1, "sigmoid")["outputs"] == "probabilities"
    assert wanted("binary_crossentropy")["outputs"] == "probabilities"
    assert wanted("hinge")["outputs"] == "signs"
    assert wanted("hinge", 1, "sigmoid")["outputs"] == "probabilities"


def test_an_autoencoder_has_its_input_as_target() -> None:
    data = labels(8)
    assert wanted("mse", 8, x=data, y=data) == {"encoding": "input", "input": 0}
    assert wanted("mse", 8, x=labels(8), y=data)["encoding"] == "continuous"


def test_an_autoencoder_stays_one_when_it_is_made_smaller() -> None:
    data = labels(8, 3)
    full, small = (training("mse", 3, shape=Shape.of(None, size, 3), x=data, y=data) for size in (8, 4))
    assert label_data(small, full, full, Notebook(), exact=False) == [{"encoding": "input", "input": 0}]


@pytest.mark.parametrize("loss", [None, UNKNOWN])
def test_without_a_loss_that_is_known_nobody_knows_the_labels(loss: object) -> None:
    with pytest.raises(Unplannable, match="what labels look like"):
        wanted(loss)


@pytest.mark.parametrize(
    ("before", "after", "given", "shape"),
    [
        pytest.param((8, 3), (4, 3), labels(8, 3), [4, 3], id="shrunk likewise"),
        pytest.param((8, 3), (4, 3), labels(9, 3), [9, 3], id="of another size"),
        pytest.param((60, 3), (4, 3), labels(60, 3), [4, 3], id="samples stay"),
        pytest.param((8, 3), (8, 3), labels(8, 3), [8, 3], id="nothing shrunk"),
        pytest.param((8, 3), (4, 3), labels(8, 3, 1), [4, 3, 1], id="more axes"),
        pytest.param((3, 8), (3, 4), labels(3), [3], id="fewer axes"),
    ],
)
def test_labels_are_made_smaller_as_the_output_is(
    before: tuple[int, ...], after: tuple[int, ...], given: Array, shape: list[int]
) -> None:
    full, small = (training("mse", 3, shape=Shape.of(None, *dims), y=given) for dims in (before, after))
    (written,) = label_data(small, full, full, Notebook(), exact=True)
    assert written["shape"] == shape


def test_labels_whose_shape_or_output_is_not_known_stay_as_they_are() -> None:
    known, unknown = (training("mse", 3, shape=shape, y=labels(8)) for shape in (Shape.of(None, 8), NO_RANK))
    for small, full in ((known, unknown), (unknown, known)):
        assert label_data(small, full, full, Notebook(), exact=True)[0]["shape"] == [8]


def test_a_model_without_outputs_cannot_be_labeled() -> None:
    model = Model("functional", "functional", NOWHERE)
    empty = Training(model, KerasObject("keras.Model.compile", (), NOWHERE))
    with pytest.raises(Unplannable, match="outputs of the model"):
        label_data(empty, empty, empty, Notebook(), exact=False)


@pytest.mark.parametrize(
    ("units", "activation", "encoding"),
    [(3, "softmax", "one-hot"), (2, "softmax", "one-hot"), (1, "softmax", "binary"), (3, "sigmoid", "binary")],
)
def test_values_that_were_only_assumed_may_be_classes(units: int, activation: str, encoding: str) -> None:
    (head,) = heads_of(training("mse", units, activation))
    told = {"encoding": "continuous", "shape": [units], "low": 0.0, "high": 1.0}
    assert on_classes({**told, "assumed": True}, head) == {"encoding": encoding, "shape": [units]}
    assert on_classes(told, head) == told
