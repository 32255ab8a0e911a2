"""What real Keras does with the faults of outputs, losses, labels, metrics and class weights, beside the remedy."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.keras

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
np = pytest.importorskip("numpy")


@pytest.fixture(scope="module")
def keras() -> Any:
    return pytest.importorskip("keras")


rng = np.random.default_rng(0)
FEATURES = rng.normal(size=(64, 8)).astype("float32")
TEACHER = FEATURES[:, :3].sum(axis=1)
KINDS = np.digitize(TEACHER, [-1, 1])
ONE_HOT = np.eye(3, dtype="float32")[KINDS]
VALID = (TEACHER > 0).astype("float32")
SIDES = VALID * 2 - 1
PRICE = (TEACHER + 20).astype("float32")
MARKS = (FEATURES[:, :3] > 0).astype("float32")
SERIES = np.repeat(FEATURES[:, None, :], 5, axis=1)
IMAGES = rng.normal(size=(64, 8, 8, 1)).astype("float32")


def model_of(*layers: Any, x: Any = FEATURES, outputs: Any = None, **compiled: Any) -> Any:
    """A compiled model that runs step by step, without being traced."""
    import keras

    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input(x.shape[1:]), *layers])
    if outputs is not None:
        inputs = keras.Input(x.shape[1:])
        model = keras.Model(inputs, outputs(inputs))
    model.compile(optimizer=keras.optimizers.Adam(0.01), run_eagerly=True, **compiled)
    return model


def step(*layers: Any, y: Any, x: Any = FEATURES, **given: Any) -> Any:
    return model_of(*layers, x=x, **given).train_on_batch(x, y, return_dict=True)


def train(*layers: Any, y: Any, x: Any = FEATURES, steps: int = 150, **compiled: Any) -> tuple[Any, dict[str, float]]:
    """The predictions after some steps on all samples, and what the last step logged."""
    model = model_of(*layers, x=x, **compiled)
    model.compile(optimizer=model.optimizer, jit_compile=False, **compiled)
    for _ in range(steps):
        model.reset_metrics()
        logs = model.train_on_batch(x, y, return_dict=True)
    return np.array(model(x)), {name: float(value) for name, value in logs.items()}


def dense(units: int, activation: str | None = None) -> Any:
    import keras

    return keras.layers.Dense(units, activation=activation)


def conv() -> Any:
    import keras

    return keras.layers.Conv2D(4, 3, strides=2, activation="relu")


def flat() -> Any:
    import keras

    return keras.layers.Flatten()


def lstm(*, sequences: bool) -> Any:
    import keras

    return keras.layers.LSTM(4, return_sequences=sequences)


CATEGORICAL, SPARSE, BINARY = "categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy"
Step = Callable[[], Any]


def softmax_step(units: int, loss: str, y: Any) -> Step:
    return lambda: step(dense(units, "softmax"), y=y, loss=loss)


def sigmoid_step(units: int, loss: str, y: Any) -> Step:
    return lambda: step(dense(units, "sigmoid"), y=y, loss=loss)


def test_label_encoding_mismatch(keras: Any) -> None:
    raises(softmax_step(3, SPARSE, ONE_HOT), r"must have rank \(ndim\)", softmax_step(3, CATEGORICAL, ONE_HOT))
    raises(softmax_step(3, CATEGORICAL, KINDS), r"same rank \(ndim\)", softmax_step(3, SPARSE, KINDS))
    raises(softmax_step(3, CATEGORICAL, KINDS[:, None]), "same shape", softmax_step(3, SPARSE, KINDS[:, None]))
    raises(sigmoid_step(2, BINARY, VALID), r"same rank \(ndim\)", softmax_step(2, SPARSE, VALID))
    raises(sigmoid_step(3, "binary_focal_crossentropy", KINDS), r"same rank \(ndim\)", softmax_step(3, SPARSE, KINDS))


def raises(bad: Step, message: str | None, good: Step) -> None:
    with pytest.raises(Exception, match=message):
        bad()
    good()


def test_units_do_not_match_classes(keras: Any) -> None:
    raises(softmax_step(4, CATEGORICAL, ONE_HOT), "same shape", softmax_step(3, CATEGORICAL, ONE_HOT))
    raises(softmax_step(2, SPARSE, KINDS), "outside the valid range", softmax_step(3, SPARSE, KINDS))
    raises(sigmoid_step(1, BINARY, ONE_HOT), "same shape", softmax_step(3, CATEGORICAL, ONE_HOT))
    softmax_step(5, SPARSE, KINDS)()


def test_one_sigmoid_for_three_classes_never_predicts_the_third(keras: Any) -> None:
    outputs, _ = train(dense(16, "relu"), dense(1, "sigmoid"), y=KINDS, loss=BINARY)
    assert outputs.max() <= 1
    classes, _ = train(dense(16, "relu"), dense(3, "softmax"), y=KINDS, loss=SPARSE)
    assert (outputs[:, 0].round() == KINDS).mean() < 0.8
    assert (classes.argmax(axis=1) == KINDS).mean() > 0.95


@pytest.mark.parametrize("x", [SERIES, IMAGES], ids=["steps", "places"])
@pytest.mark.parametrize(
    ("activation", "units", "loss", "y"),
    [
        pytest.param("softmax", 3, SPARSE, KINDS, id="sparse"),
        pytest.param("softmax", 3, SPARSE, KINDS[:, None], id="sparse, a column"),
        pytest.param("softmax", 3, CATEGORICAL, ONE_HOT, id="categorical"),
        pytest.param("sigmoid", 1, BINARY, VALID, id="binary"),
        pytest.param("sigmoid", 1, BINARY, VALID[:, None], id="binary, a column"),
    ],
)
def test_unflattened_output(keras: Any, x: Any, activation: str, units: int, loss: str, y: Any) -> None:
    steps = x is SERIES
    bad = [lstm(sequences=True)] if steps else [conv()]
    good = [lstm(sequences=False)] if steps else [conv(), flat()]
    raises(
        lambda: step(*bad, dense(units, activation), x=x, y=y, loss=loss),
        r"rank \(ndim\)|same shape",
        lambda: step(*good, dense(units, activation), x=x, y=y, loss=loss),
    )


def test_unflattened_regression_is_compared_with_the_labels_of_the_whole_batch(keras: Any) -> None:
    _, bad = train(lstm(sequences=True), dense(1), x=SERIES, y=TEACHER, loss="mse")
    _, good = train(lstm(sequences=False), dense(1), x=SERIES, y=TEACHER, loss="mse")
    assert bad["loss"] > 0.9 * TEACHER.var()
    assert good["loss"] < TEACHER.var() / 3


def two_outputs(*, named: bool = False) -> Callable[[Any], Any]:
    import keras

    def outputs(inputs: Any) -> Any:
        a, b = (keras.layers.Dense(units, name=name)(inputs) for name, units in (("a", 1), ("b", 1)))
        return {"a": a, "b": b} if named else [a, b]

    return outputs


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        ({"loss": ["mse", "mae", "mse"]}, {"loss": ["mse", "mae"]}),
        ({"loss": {"a": "mse", "c": "mae"}}, {"loss": {"a": "mse", "b": "mae"}}),
        ({"loss": {"a": "mse"}}, {"loss": {"a": "mse", "b": None}}),
        ({"loss": ["mse", "mae"], "loss_weights": [1.0]}, {"loss": ["mse", "mae"], "loss_weights": [1.0, 2.0]}),
        ({"loss": "mse", "metrics": ["mae"]}, {"loss": "mse", "metrics": [["mae"], ["mae"]]}),
        ({"loss": "mse", "metrics": {"c": "mae"}}, {"loss": "mse", "metrics": {"a": "mae"}}),
        ({"loss": "mse", "metrics": {"a": "mae", "c": "mae"}}, {"loss": "mse", "metrics": {"a": "mae"}}),
    ],
    ids=lambda given: str(given),
)
def test_loss_count_mismatch(keras: Any, bad: dict[str, Any], good: dict[str, Any]) -> None:
    def with_labels(given: dict[str, Any]) -> Step:
        return lambda: step(y=[VALID, VALID], outputs=two_outputs(), **given)

    raises(with_labels(bad), None, with_labels(good))


def test_loss_weights_go_with_the_losses_of_one_output(keras: Any) -> None:
    def of(loss: Any) -> Step:
        return lambda: step(dense(1), y=VALID, loss=loss, loss_weights=[1.0, 2.0])

    raises(of(["mse"]), "must match the number of losses", of([["mse", "mae"]]))


def test_loss_count_mismatch_of_named_outputs(keras: Any) -> None:
    def of(loss: Any) -> Step:
        return lambda: step(y={"a": VALID, "b": VALID}, outputs=two_outputs(named=True), loss=loss)

    raises(of({"a": "mse", "c": "mse"}), "can't be found", of({"a": "mse"}))
    raises(of(["mse"]), None, of(["mse", "mse"]))


def test_outputs_of_a_dict_are_not_called_by_their_layers(keras: Any) -> None:
    def outputs(inputs: Any) -> Any:
        return {"one": keras.layers.Dense(1, name="a")(inputs), "two": keras.layers.Dense(1, name="b")(inputs)}

    def of(loss: Any) -> Step:
        return lambda: step(y={"one": VALID, "two": VALID}, outputs=outputs, loss=loss)

    raises(of({"a": "mse", "b": "mse"}), None, of({"one": "mse", "two": "mse"}))


def test_an_output_without_a_loss_is_not_trained(keras: Any) -> None:
    model = model_of(outputs=two_outputs(), loss=["mse"])
    before = model.get_layer("b").get_weights()[0]
    with pytest.warns(UserWarning, match="Gradients do not exist"):
        model.train_on_batch(FEATURES, [VALID, VALID])
    assert (before == model.get_layer("b").get_weights()[0]).all()


def test_loss_order_goes_by_sorted_names(keras: Any) -> None:
    def outputs(inputs: Any) -> Any:
        return {"z": dense(1)(inputs), "b": dense(3, "softmax")(inputs)}

    def of(losses: list[str]) -> Step:
        return lambda: step(y={"z": VALID, "b": KINDS}, outputs=outputs, loss=losses)

    raises(of(["mse", SPARSE]), None, of([SPARSE, "mse"]))


def test_loss_factory_not_called(keras: Any) -> None:
    def factory(*, scale: float = 1.0) -> Any:
        return lambda y_true, y_pred: scale * keras.ops.mean(keras.ops.abs(y_true - y_pred))

    def of_two(one: Any = 1, two: Any = 2) -> Any:
        return lambda y_true, y_pred: keras.ops.mean(keras.ops.abs(y_true - y_pred))

    for made in (factory, of_two):
        raises(
            lambda made=made: step(dense(1), y=VALID, loss=made),
            "positional argument|function",
            lambda made=made: step(dense(1), y=VALID, loss=made()),
        )
        with pytest.raises(Exception, match=r"positional argument|function"):
            step(dense(1), y=VALID, loss="mse", metrics=[made])


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1.0, 2.0, 3.0], "no attribute 'get'"),
        ("balanced", "no attribute 'get'"),
        (np.ones(3), "no attribute 'get'"),
    ],
    ids=["list", "word", "array"],
)
def test_class_weight_has_to_be_a_dict(keras: Any, weights: Any, message: str) -> None:
    def of(weights: Any) -> Step:
        model = model_of(dense(3, "softmax"), loss=SPARSE)
        return lambda: model.fit(FEATURES, KINDS, class_weight=weights, verbose=0)

    raises(of(weights), message, of({0: 1.0, 1: 2.0, 2: 3.0}))


def test_class_weight_is_for_one_output_and_one_label_per_sample(keras: Any) -> None:
    both = model_of(outputs=two_outputs(), loss="mse")
    with pytest.raises(ValueError, match="single output"):
        both.fit(FEATURES, [VALID, VALID], class_weight={0: 1.0, 1: 2.0}, verbose=0)
    pixels = model_of(keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid"), x=IMAGES, loss=BINARY)
    with pytest.raises(TypeError, match="0-dimensional"):
        pixels.fit(IMAGES, (IMAGES > 0).astype("float32"), class_weight={0: 1.0, 1: 2.0}, verbose=0)
    once = model_of(dense(3, "softmax"), loss=SPARSE)
    with pytest.raises(ValueError, match="at the same time"):
        once.fit(FEATURES, KINDS, class_weight={0: 1.0}, sample_weight=np.ones(64), verbose=0)


def test_class_weight_by_name_is_ignored(keras: Any) -> None:
    def loss(weights: Any) -> float:
        model = model_of(dense(3, "softmax"), loss=SPARSE)
        return float(model.fit(FEATURES, KINDS, class_weight=weights, shuffle=False, verbose=0).history["loss"][0])

    assert loss({"cat": 1.0, "dog": 9.0}) == loss({"0": 1.0, "1": 9.0}) == loss(None)
    assert loss({0: 1.0, 1: 9.0}) != loss(None)


def test_binary_loss_on_regression_falls_without_end_and_always_predicts_the_same(keras: Any) -> None:
    outputs, logs = train(dense(16, "relu"), dense(1, "sigmoid"), y=PRICE[:, None], loss=BINARY)
    assert logs["loss"] < -10
    assert outputs.std() < 0.01
    good, _ = train(dense(16, "relu"), dense(1), y=TEACHER[:, None], loss="mse")
    assert good.std() > 1


@pytest.mark.parametrize(
    ("activation", "y"),
    [
        pytest.param("sigmoid", PRICE, id="sigmoid"),
        pytest.param("tanh", PRICE, id="tanh"),
        pytest.param("relu", TEACHER - 3, id="relu"),
    ],
)
def test_output_range_excludes_labels(keras: Any, activation: str, y: Any) -> None:
    _, bad = train(dense(16, "relu"), dense(1, activation), y=y[:, None], loss="mse", steps=300)
    _, good = train(dense(16, "relu"), dense(1), y=y[:, None], loss="mse", steps=300)
    assert bad["loss"] > 4 * good["loss"]


def test_binary_loss_on_labels_of_both_signs_becomes_negative(keras: Any) -> None:
    _, bad = train(dense(16, "relu"), dense(1, "sigmoid"), y=SIDES[:, None], loss=BINARY)
    assert bad["loss"] < 0
    raised = train(dense(16, "relu"), dense(1, "sigmoid"), y=SIDES[:, None], loss=BINARY, metrics=["accuracy"])[1]
    assert raised["accuracy"] < 0.6


@pytest.mark.parametrize("loss", ["hinge", "squared_hinge"])
def test_hinge_on_probabilities_stays_high(keras: Any, loss: str) -> None:
    _, bad = train(dense(16, "relu"), dense(1, "sigmoid"), y=SIDES[:, None], loss=loss)
    _, good = train(dense(16, "relu"), dense(1, "tanh"), y=SIDES[:, None], loss=loss)
    assert bad["loss"] > 0.4
    assert good["loss"] < 0.15


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_categorical_hinge_on_probabilities_learns_slower(keras: Any, activation: str) -> None:
    _, bad = train(dense(16, "relu"), dense(3, activation), y=ONE_HOT, loss="categorical_hinge", steps=60)
    _, good = train(dense(16, "relu"), dense(3), y=ONE_HOT, loss="categorical_hinge", steps=60)
    assert bad["loss"] > 1.5 * good["loss"]


@pytest.mark.parametrize("activation", [None, "relu", "tanh"])
def test_divergence_of_no_distribution(keras: Any, activation: str | None) -> None:
    bad, _ = train(dense(16, "relu"), dense(3, activation), y=ONE_HOT, loss="kl_divergence")
    good, _ = train(dense(16, "relu"), dense(3, "softmax"), y=ONE_HOT, loss="kl_divergence")
    assert ((bad - ONE_HOT) ** 2).mean() > 3 * ((good - ONE_HOT) ** 2).mean()


def test_softmax_on_multi_label_predicts_no_two_labels(keras: Any) -> None:
    bad, _ = train(dense(16, "relu"), dense(3, "softmax"), y=MARKS, loss=CATEGORICAL)
    good, _ = train(dense(16, "relu"), dense(3, "sigmoid"), y=MARKS, loss=BINARY)
    assert ((bad > 0.5).sum(axis=1) <= 1).all()
    assert ((bad > 0.5) == MARKS).mean() < 0.8
    assert ((good > 0.5) == MARKS).mean() > 0.95


def test_sigmoid_on_single_label_learns_slower(keras: Any) -> None:
    bad, _ = train(dense(16, "relu"), dense(3, "sigmoid"), y=ONE_HOT, loss=BINARY, steps=60)
    good, _ = train(dense(16, "relu"), dense(3, "softmax"), y=ONE_HOT, loss=CATEGORICAL, steps=60)
    assert ((bad - ONE_HOT) ** 2).mean() > 1.1 * ((good - ONE_HOT) ** 2).mean()


def test_accuracy_threshold_on_logits_counts_small_logits_as_class_zero(keras: Any) -> None:
    from_logits = keras.losses.BinaryCrossentropy(from_logits=True)
    metrics = ["accuracy", keras.metrics.BinaryAccuracy(threshold=0.0, name="at_zero")]
    head = keras.layers.Dense(1, use_bias=False)
    outputs, logs = train(head, x=FEATURES / 20, y=VALID[:, None], loss=from_logits, metrics=metrics, steps=80)
    assert outputs.max() < 0.5
    assert logs["at_zero"] > 0.7
    assert logs["accuracy"] == pytest.approx(1 - VALID.mean())


def test_probability_metric_on_logits(keras: Any) -> None:
    from_logits = keras.losses.BinaryCrossentropy(from_logits=True)
    metrics = [
        keras.metrics.AUC(name="auc"),
        keras.metrics.AUC(from_logits=True, name="right_auc"),
        keras.metrics.Recall(name="recall"),
        keras.metrics.Recall(thresholds=0.0, name="right_recall"),
    ]
    _, logs = train(dense(1), y=VALID[:, None], loss=from_logits, metrics=metrics, steps=40)
    assert logs["right_auc"] > logs["auc"] + 0.02
    assert logs["right_recall"] > logs["recall"] + 0.05


def test_metric_label_mismatch_raises(keras: Any) -> None:
    def of(y: Any, loss: str, metric: Any) -> Step:
        return lambda: step(dense(3, "softmax"), y=y, loss=loss, metrics=[metric])

    raises(of(ONE_HOT, CATEGORICAL, "sparse_categorical_accuracy"), None, of(ONE_HOT, CATEGORICAL, "accuracy"))
    raises(of(KINDS, SPARSE, keras.metrics.Precision()), None, of(ONE_HOT, CATEGORICAL, keras.metrics.Precision()))
    raises(of(KINDS, SPARSE, keras.metrics.AUC()), None, of(ONE_HOT, CATEGORICAL, keras.metrics.AUC()))
    raises(of(KINDS, SPARSE, "binary_accuracy"), None, of(KINDS, SPARSE, "accuracy"))


def test_metric_label_mismatch_says_something_else(keras: Any) -> None:
    head = dense(16, "relu"), dense(3, "softmax")
    _, numbers = train(*head, y=KINDS, loss=SPARSE, metrics=["accuracy", "categorical_accuracy"])
    assert numbers["accuracy"] > 0.95
    assert numbers["categorical_accuracy"] < 0.7
    head = dense(16, "relu"), dense(3, "softmax")
    _, early = train(*head, y=ONE_HOT, loss=CATEGORICAL, metrics=["accuracy", "binary_accuracy"], steps=3)
    assert early["binary_accuracy"] > early["accuracy"] + 0.1
    head = dense(16, "relu"), dense(1, "tanh")
    _, hinge = train(*head, y=SIDES[:, None], loss="hinge", metrics=["accuracy"])
    assert hinge["accuracy"] < 0.7
    head = dense(16, "relu"), dense(1, "tanh")
    _, right = train(*head, y=VALID[:, None], loss="hinge", metrics=["accuracy"])
    assert right["accuracy"] > 0.95


def test_accuracy_of_several_labels_at_once_is_an_argmax(keras: Any) -> None:
    metrics = ["accuracy", "categorical_accuracy", "binary_accuracy"]
    _, logs = train(dense(16, "relu"), dense(3, "sigmoid"), y=MARKS, loss=BINARY, metrics=metrics)
    assert logs["accuracy"] == logs["categorical_accuracy"]
    assert logs["binary_accuracy"] > 0.95
    assert logs["accuracy"] < 0.8
