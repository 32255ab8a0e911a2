"""One yardstick for whatever a model was trained with, on arrays small enough to reckon by hand."""

from __future__ import annotations

from typing import Any

import pytest

np = pytest.importorskip("numpy")

from keraslint.confirm.child.scoring import constant_score, score  # noqa: E402

REAL: dict[str, Any] = {"encoding": "continuous"}
BINARY: dict[str, Any] = {"encoding": "binary"}
ONE_HOT: dict[str, Any] = {"encoding": "one-hot"}
INTEGER: dict[str, Any] = {"encoding": "integer"}
LOGITS = {"outputs": "logits"}


def column(*values: float) -> Any:
    return np.array(values, "float32").reshape(-1, 1)


def test_real_values_have_their_mean_squared_error() -> None:
    assert score(REAL, column(1, 2, 3), column(1, 2, 6)) == (3.0, None)
    assert constant_score(REAL, column(1, 2, 3), column(0, 0, 0)) == (pytest.approx(2 / 3), None)


def test_targets_without_an_axis_of_their_own_are_compared_one_by_one() -> None:
    assert score(REAL, np.array([1.0, 2.0]), column(1, 4)) == (2.0, None)


def test_each_column_of_real_values_has_a_constant_of_its_own() -> None:
    labels = np.array([[1.0, 100.0], [3.0, 100.0]])
    assert constant_score(REAL, labels, labels) == (0.5, None)


@pytest.mark.parametrize("plan", [REAL, BINARY], ids=["real", "binary"])
def test_what_does_not_answer_one_by_one_has_no_score(plan: dict[str, Any]) -> None:
    assert score(plan, column(1, 0), np.ones((2, 3))) is None
    assert constant_score(plan, column(1, 0), np.ones((2, 3))) is None


def test_ordered_classes_are_values() -> None:
    assert score(INTEGER | {"ordinal": True}, np.array([1, 5]), column(1, 4)) == (0.5, None)


def test_an_input_as_target_is_a_value() -> None:
    assert score({"encoding": "input"}, column(1, 0), column(1, 1)) == (0.5, None)


def test_two_classes_are_balanced() -> None:
    labels, answers = column(1, 1, 1, 0), column(0.9, 0.9, 0.9, 0.9)
    found = score(BINARY, labels, answers)
    assert found is not None
    assert found.accuracy == 0.5
    assert found.error == pytest.approx(-(3 * np.log(0.9) + np.log(0.1)) / 4)


def test_one_half_is_no_yes() -> None:
    found = score(BINARY, column(1, 0), column(0.5, 0.5))
    assert found is not None
    assert found.accuracy == 0.5
    assert score(BINARY, column(0, 0), column(0.5, 0.5))[1] == 1.0  # type: ignore[index]


def test_a_constant_knows_the_share_of_each_class() -> None:
    found = constant_score(BINARY, column(1, 1, 1, 0), column(0, 0, 0, 0))
    assert found is not None
    assert found.error == pytest.approx(-(0.75 * np.log(0.75) + 0.25 * np.log(0.25)))
    assert found.accuracy == 0.5


def test_logits_and_signs_are_read_as_the_loss_reads_them() -> None:
    as_logits = score(BINARY | LOGITS, column(1, 0), column(0.2, -0.2))
    as_signs = score({"encoding": "sign", "outputs": "signs"}, column(1, -1), column(0.2, -0.2))
    as_probabilities = score(BINARY, column(1, 0), column(0.2, -0.2))
    assert [found.accuracy for found in (as_logits, as_signs, as_probabilities) if found] == [1.0, 1.0, 0.5]
    assert as_logits is not None
    assert as_logits.error == pytest.approx(np.log(1 + np.exp(-0.2)))
    assert as_signs is not None
    assert as_signs.error == pytest.approx(-np.log(0.6))


def test_answers_outside_of_probabilities_are_clipped() -> None:
    found = score(BINARY, column(1, 0), column(7.0, -3.0))
    assert found is not None
    assert found.error == pytest.approx(0.0, abs=1e-6)
    assert score(BINARY, column(0, 1), column(7.0, -3.0))[0] == pytest.approx(-np.log(1e-7))  # type: ignore[index]


@pytest.mark.parametrize(
    ("plan", "labels"),
    [(ONE_HOT, np.eye(3)[[0, 1, 2, 2]]), (INTEGER, np.array([0, 1, 2, 2])), (INTEGER, column(0, 1, 2, 2))],
    ids=["one-hot", "integer", "a column of integers"],
)
def test_classes_count_alike_however_they_are_encoded(plan: dict[str, Any], labels: Any) -> None:
    answers = np.array([[2.0, 1.0, 1.0], [0.5, 0.25, 0.25], [0.0, 0.0, 4.0], [0.0, 0.0, 1.0]])
    found = score(plan, labels, answers)
    assert found is not None
    assert found.accuracy == pytest.approx(2 / 3)
    assert found.error == pytest.approx(-(np.log(0.5) + np.log(0.25)) / 4, abs=1e-5)


def test_logits_of_classes_go_through_a_softmax() -> None:
    found = score(INTEGER | LOGITS, np.array([0]), np.array([[1000.0, 0.0]]))
    assert found is not None
    assert found.error == pytest.approx(0.0, abs=1e-5)
    negative = score(INTEGER | LOGITS, np.array([0]), np.array([[-1.0, -2.0]]))
    assert negative is not None
    assert negative.error == pytest.approx(np.log(1 + np.exp(-1.0)), abs=1e-5)


def test_what_is_negative_is_no_share() -> None:
    found = score(INTEGER, np.array([1]), np.array([[-5.0, 0.5]]))
    assert found is not None
    assert found.error == pytest.approx(0.0, abs=1e-5)


def test_a_constant_among_classes_answers_the_most_frequent() -> None:
    found = constant_score(INTEGER, np.array([0, 1, 1, 2]), np.ones((4, 3)))
    assert found is not None
    assert found.accuracy == pytest.approx(1 / 3)
    assert found.error == pytest.approx(-(0.5 * np.log(0.25) + 0.5 * np.log(0.5)), abs=1e-5)


def test_labels_beyond_the_units_have_no_score() -> None:
    assert score(INTEGER, np.array([0, 3]), np.ones((2, 3))) is None
    assert score(INTEGER, np.array([0, -1]), np.ones((2, 3))) is None
    assert score(INTEGER, np.array([0, 1, 1]), np.ones((2, 3))) is None


def test_each_step_of_a_sequence_is_a_question() -> None:
    labels, answers = np.array([[0, 1], [1, 1]]), np.eye(2)[[[0, 1], [0, 1]]]
    found = score(INTEGER, labels, answers)
    assert found is not None
    assert found.accuracy == pytest.approx((1 + 2 / 3) / 2)


def test_whole_numbers_for_one_unit_are_yes_or_no() -> None:
    assert score(INTEGER, np.array([0, 1]), column(0.1, 0.9))[1] == 1.0  # type: ignore[index]


def test_several_labels_are_questions_of_their_own() -> None:
    labels, answers = np.array([[1, 0], [0, 0]]), np.array([[0.9, 0.1], [0.9, 0.1]])
    found = score({"encoding": "multi-hot"}, labels, answers)
    assert found is not None
    assert found.accuracy == pytest.approx((1 + 0 + 1) / 3)


@pytest.mark.parametrize(
    ("plan", "accuracy"),
    [(REAL, None), (BINARY, 0.5)],
    ids=["real", "binary"],
)
def test_what_is_not_finite_has_no_error(plan: dict[str, Any], accuracy: float | None) -> None:
    assert score(plan, column(1, 0), column(np.nan, 0.2)) == (None, accuracy)
    assert score(plan, column(1, 0), column(np.inf, 0.2)) == (None, accuracy)


def test_one_row_of_answers_is_one_unit() -> None:
    assert score(INTEGER, np.array([0, 1]), np.array([0.1, 0.9]))[1] == 1.0  # type: ignore[index]
    assert score(INTEGER, np.array([0, 1, 1]), np.array([0.1, 0.9, 0.2]))[1] == 0.75  # type: ignore[index]


def test_a_certain_answer_has_no_error() -> None:
    found = score(ONE_HOT, np.eye(3), np.eye(3) * 9)
    assert found is not None
    assert found.error == pytest.approx(0, abs=1e-6)


def test_rows_of_a_sequence_are_one_hot_each() -> None:
    labels = np.eye(3)[[[0, 1], [2, 1]]]
    found = score(ONE_HOT, labels, labels)
    assert found is not None
    assert found.accuracy == 1.0


def test_labels_of_one_class_are_fine_whichever_it_is() -> None:
    assert score(INTEGER, np.array([1, 1]), np.eye(2)[[1, 1]])[1] == 1.0  # type: ignore[index]
    assert score(INTEGER, np.array([0, 0]), np.array([[0.9, 0.1]] * 2))[1] == 1.0  # type: ignore[index]
