"""A training as a build plan: its graph, how it is compiled, and how long it is trained on how much data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import call
from helpers.graph_parts import NOWHERE, arguments, fact, layer

from keraslint.confirm import limits
from keraslint.confirm.plan import Plan, Unplannable, schedule
from keraslint.confirm.planning import plan_model, plan_sides
from keraslint.graph import Argument, Array, Call, Fit, KerasObject, Model, Shape, Tensor, Training, Unknown

UNKNOWN: Any = Unknown("n is not defined")


def source(*dims: Any) -> Tensor:
    return Tensor(Shape.of(None, *(dims or (8,))), NOWHERE)


def model(inputs: tuple[Tensor, ...], *outputs: Tensor, **more: Any) -> Model:
    return Model("functional", "functional", NOWHERE, inputs, outputs, **more)


def dense(entered: Tensor, units: int = 1) -> Tensor:
    return call(layer("Dense", units=units), entered, shape=Shape.of(None, units))


def simple(*dims: Any, **more: Any) -> Model:
    entered = source(*dims)
    return model((entered,), dense(entered), **more)


def training(made: Model | None = None, fit: dict[str, object] | None = None, **compiled: object) -> Training:
    made = made or simple()
    fits = (Fit("fit", made, arguments(**fit), NOWHERE),) if fit else ()
    return Training(made, KerasObject("keras.Model.compile", arguments(**{"loss": "mse", **compiled}), NOWHERE), fits)


def planned(made: Model | None = None, fit: dict[str, object] | None = None, **compiled: object) -> Plan:
    one = training(made, fit, **compiled)
    return plan_sides(one, None)[0]


def test_the_optimizer_is_that_of_keras_where_none_is_given_and_adam_where_it_is_not_known() -> None:
    assert planned().document["compile"] == {"loss": "mse", "optimizer": "rmsprop"}
    guessed = planned(optimizer=UNKNOWN)
    assert guessed.document["compile"]["optimizer"] == "adam"
    assert any(text.startswith("optimizer assumed") for text in guessed.assumptions)


def test_a_metric_that_is_not_understood_is_left_out_and_a_loss_is_not() -> None:
    some = planned(metrics=replace(fact(["mae", UNKNOWN]), items=(fact("mae"), fact(UNKNOWN))))
    assert some.document["compile"]["metrics"] == ["mae"]
    assert any("a metric left out" in text for text in some.assumptions)
    none = planned(metrics=UNKNOWN)
    assert "metrics" not in none.document["compile"]
    assert any("`metrics` left out" in text for text in none.assumptions)
    unknown, known = training(loss=UNKNOWN), training()
    with pytest.raises(Unplannable, match="the loss is not understood"):
        plan_sides(unknown, known)


@pytest.mark.parametrize(
    ("fit", "expected"),
    [
        pytest.param({"epochs": 10, "steps_per_epoch": 20}, (10, 20), id="steps are told"),
        pytest.param({"epochs": 10, "y": Array(Shape.of(641, 1)), "batch_size": 32}, (10, 21), id="of the data"),
        pytest.param({"epochs": 10, "y": Array(Shape.of(640, 1))}, (10, 20), id="batches as Keras makes them"),
        pytest.param({"epochs": 10, "y": Array(Shape.of(640, 1)), "batch_size": 16}, (10, 40), id="other batches"),
        pytest.param({"epochs": 10, "steps_per_epoch": 18, "y": Array(Shape.of(640, 1))}, (10, 18), id="told first"),
        pytest.param({"epochs": UNKNOWN, "y": UNKNOWN}, (10, 40), id="not known"),
    ],
)
def test_a_training_makes_as_many_steps_as_the_program(fit: dict[str, object], expected: tuple[int, int]) -> None:
    document = planned(fit=fit).document
    assert (document["epochs"], document["steps"]) == expected


@pytest.mark.parametrize(
    ("epochs", "steps", "updates", "expected"),
    [
        pytest.param(5, 60, None, (5, 60), id="as few epochs as make a curve"),
        pytest.param(20, 10, None, (20, 10), id="as many as show something new"),
        pytest.param(21, 10, None, (10, 21), id="more"),
        pytest.param(4, 60, None, (10, 24), id="fewer"),
        pytest.param(10, None, None, (10, 40), id="steps not known"),
        pytest.param(None, 30, None, (10, 40), id="epochs not known"),
        pytest.param(10, 10, 15, (10, 1), id="a wish"),
    ],
)
def test_epochs_are_reported_as_the_program_does_where_that_makes_a_curve(
    epochs: int | None, steps: int | None, updates: int | None, expected: tuple[int, int]
) -> None:
    assert schedule(epochs, steps, updates) == expected


def test_plans_that_differ_by_their_optimizer_build_the_same() -> None:
    one, other = planned(optimizer="adam"), planned(optimizer="sgd")
    assert one.key != other.key
    assert one.key_without_optimizer == other.key_without_optimizer
    assert one.key_without_optimizer != planned(loss="mae", optimizer="adam").key_without_optimizer
    built = plan_model(simple())
    assert built.key_without_optimizer == plan_model(simple()).key_without_optimizer


def test_a_frozen_model_stays_frozen() -> None:
    assert planned(simple(trainable=False)).document["frozen"] is True
    assert planned(simple()).document["frozen"] is False


@pytest.mark.parametrize("trainable", [True, False])
def test_a_nested_model_is_one_layer_however_often_it_is_called(trainable: bool) -> None:
    inner = simple(trainable=trainable)
    entered = source()
    sides = [call(inner, entered, shape=Shape.of(None, 1)) for _ in range(2)]
    joined = call(layer("Add"), *sides, shape=Shape.of(None, 1))
    document = planned(model((entered,), joined)).document
    first, second, last = document["graph"]["calls"]
    assert first["layer"] == second["layer"] != last["layer"]
    nested = document["layers"][first["layer"]]
    assert nested["frozen"] is not trainable
    assert nested["model"]["inputs"] == [{"shape": [8], "dtype": "float32"}]
    assert first["positional"] == [{"input": 0}]


def test_several_tensors_are_passed_as_a_list() -> None:
    entered = source()
    joined = call(layer("Add"), dense(entered), dense(entered), shape=Shape.of(None, 1))
    *_, last = planned(model((entered,), joined)).document["graph"]["calls"]
    (given,) = last["positional"]
    assert given == [{"call": 0, "output": 0}, {"call": 1, "output": 0}]


def test_arguments_of_a_call_are_passed_as_they_were_written() -> None:
    entered = source()
    given = (
        Argument("inputs", fact(entered), "inputs"),
        Argument("training", fact(True), "training"),
    )
    made = Call(layer("Dropout", rate=0.5), (entered,), (entered.shape,), NOWHERE, arguments=given)
    (written,) = planned(model((entered,), Tensor(entered.shape, NOWHERE, made))).document["graph"]["calls"]
    assert written["positional"] == [{"input": 0}]
    assert written["keywords"] == {"training": True}


def test_a_tensor_that_comes_from_nowhere_is_told_by_its_shape() -> None:
    entered, stray = source(), source(5, UNKNOWN)
    made = plan_model(model((entered,), call(layer("Add"), entered, stray, shape=Shape.of(None, 8))))
    assert "{'stray': [5, 8]}" in str(made.document["graph"]["calls"])


def test_a_model_that_was_not_read_is_not_trained_and_the_first_reason_is_told() -> None:
    unread = model((source(),), unknowns=(Unknown("first"), Unknown("second")))
    with pytest.raises(Unplannable, match="understood: first"):
        plan_sides(training(unread), None)
    with pytest.raises(Unplannable, match="understood: first"):
        plan_model(unread)
    with pytest.raises(Unplannable, match="no output in sight"):
        plan_model(model((source(),)))


def test_what_is_not_known_about_a_model_that_has_outputs_does_not_matter() -> None:
    assert planned(simple(unknowns=(Unknown("a helper"),))).document["layers"]


def test_weights_of_its_own_cannot_be_rebuilt() -> None:
    with pytest.raises(Unplannable, match="weights of its own"):
        planned(simple(own_params=3))


def test_labels_are_those_of_the_twin_where_the_program_does_not_tell_them() -> None:
    entered = source()
    flagged, twin = training(), training(model((entered,), dense(entered, 3)), loss="categorical_crossentropy")
    for plan in plan_sides(flagged, twin):
        assert plan.document["labels"][0]["encoding"] == "one-hot"
    assert plan_sides(flagged, twin)[0].document["labels"][0]["encoding"] == "one-hot"


def test_batches_are_those_of_keras_and_nothing_is_said_of_them() -> None:
    plan = planned()
    assert plan.document["batch"] == 32
    assert not any("batches" in text for text in plan.assumptions)


def test_data_that_would_fill_the_memory_make_fewer_steps_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_DATA", 8 * 32 * 5)
    assert planned().document["steps"] == 5
    monkeypatch.setattr(limits, "MOST_DATA", 8 * 32)
    assert planned().document["steps"] == 1
    monkeypatch.setattr(limits, "MOST_DATA", 8 * 32 - 1)
    with pytest.raises(Unplannable, match="8 values in one sample"):
        planned()
