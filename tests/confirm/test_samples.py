"""The made-up data: inputs that hide causes, and labels that can be learned from them, in the encoding asked for."""

from __future__ import annotations

from typing import Any

import pytest

np = pytest.importorskip("numpy")

from keraslint.confirm.child import samples  # noqa: E402

MANY = 600


def reals(*shape: int, **more: object) -> dict[str, Any]:
    return {"kind": "normal", "shape": shape, "dtype": "float32", **more}


def tokens(low: int, high: int, *shape: int) -> dict[str, Any]:
    return {"kind": "integers", "low": low, "high": high, "shape": shape, "dtype": "int32"}


def made(plan: dict[str, Any], count: int = MANY) -> tuple[Any, Any]:
    (array,), causes = samples.make_inputs([plan], count)
    return array, causes


def explained(features: Any, wanted: Any) -> Any:
    """The share of each wanted column's variance that a linear model finds in the features (R²)."""
    known = np.column_stack([features.reshape(len(features), -1), np.ones(len(features))])
    rest = wanted - known @ np.linalg.lstsq(known, wanted, rcond=None)[0]
    return 1 - rest.var(axis=0) / wanted.var(axis=0)


def test_every_input_hides_three_causes_of_its_own() -> None:
    arrays, causes = samples.make_inputs([reals(4), tokens(0, 9, 12)], 7)
    assert [array.shape for array in arrays] == [(7, 4), (7, 12)]
    assert [array.dtype for array in arrays] == ["float32", "int32"]
    assert causes.shape == (7, 6)


def test_a_model_without_inputs_has_causes_that_say_nothing() -> None:
    arrays, causes = samples.make_inputs([], 5)
    assert arrays == []
    assert causes.shape == (5, 3)
    assert not causes.any()


def test_the_data_are_the_same_every_time_and_differ_between_inputs() -> None:
    (one, other), _ = samples.make_inputs([reals(4), reals(4)], 20)
    assert (one == made(reals(4), 20)[0]).all()
    assert not (one == other).any()


def test_columns_are_independent_and_the_causes_are_mixtures_of_them() -> None:
    array, causes = made(reals(16))
    assert np.abs(np.corrcoef(array, rowvar=False) - np.eye(16)).max() < 0.2
    assert array.std() == pytest.approx(1, abs=0.05)
    assert explained(array, causes) == pytest.approx(1)


@pytest.mark.parametrize("width", [4, 64, 1024])
def test_causes_are_about_as_large_however_many_columns_there_are(width: int) -> None:
    assert made(reals(width))[1].std() == pytest.approx(1, abs=0.25)


def test_one_number_for_each_sample_is_an_input_too() -> None:
    array, causes = made(reals())
    assert array.shape == (MANY,)
    assert explained(array, causes) == pytest.approx(1)


@pytest.mark.parametrize("shape", [(8, 3), (6, 6, 3), (4, 4, 4, 3)])
def test_images_and_sequences_carry_the_causes_in_the_level_of_their_channels(shape: tuple[int, ...]) -> None:
    array, causes = made(reals(*shape))
    level = array.reshape(MANY, -1, shape[-1]).mean(axis=1)
    assert explained(level, causes).min() > 0.5


def test_what_has_channels_is_about_standard_normal_and_mostly_signal() -> None:
    array, _ = made(reals(8, 256))
    signal = array.mean(axis=1, keepdims=True)
    assert array.std() == pytest.approx(1, abs=0.1)
    assert (array - signal).std() == pytest.approx(0.56, abs=0.03)


def test_one_gray_level_cannot_tell_three_causes_so_stripes_do() -> None:
    for channels in (1, 2):
        array, causes = made(reals(12, 12, channels))
        assert explained(array, np.tanh(causes)).min() > 0.5


def test_three_channels_need_no_stripes() -> None:
    array, _ = made(reals(12, 12, 3))
    rows = array.mean(axis=(0, 2, 3))
    assert np.abs(rows - rows.mean()).max() < 0.1


def test_stripes_are_as_loud_as_the_level_of_a_channel() -> None:
    array, _ = made(reals(12, 12, 1))
    rows = array.mean(axis=(0, 2, 3))
    assert rows[[0, 4]] - rows[[1, 5]] == pytest.approx(-1.6, abs=0.15)


@pytest.mark.parametrize(
    ("cause", "stripes"),
    [
        pytest.param(0, np.array([-1, 1, -1, 1]).reshape(4, 1) * np.ones((4, 6)), id="every row"),
        pytest.param(1, np.array([-1, -1, 1, 1]).reshape(4, 1) * np.ones((4, 6)), id="every two rows"),
        pytest.param(2, np.array([-1.4, 0.7, 0.7] * 2) * np.ones((4, 6)), id="one column in three"),
    ],
)
def test_each_cause_has_stripes_of_its_own_which_do_not_change_the_level(cause: int, stripes: Any) -> None:
    causes = np.full((2, 3), -20.0)
    causes[0, cause], causes[1, cause] = 20.0, 0.0
    loud, half = samples._textures(causes, (4, 6, 1))
    assert loud[..., 0] == pytest.approx(2 * stripes)
    assert half[..., 0] == pytest.approx(stripes)
    assert loud.mean() == pytest.approx(0)


def test_a_range_is_filled_from_end_to_end_and_never_left() -> None:
    z = np.array([-9, -2.5, -2.4, -1.25, 0, 1.25, 2.4, 2.5, 9])
    found = samples._ranged(z, {"low": 10, "high": 30})
    assert found == pytest.approx([10, 10, 10.4, 15, 20, 25, 29.6, 30, 30])
    assert samples._ranged(z, {}) is z
    assert samples._ranged(z, {"low": 0.0, "high": 1.0})[4] == pytest.approx(0.5)


def test_inputs_keep_to_their_range() -> None:
    array, _ = made(reals(8, 8, 3, low=0, high=255))
    assert (array.min(), array.max()) == (0, 255)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 2), (5, 40)])
def test_tokens_use_the_whole_vocabulary_and_nothing_else(low: int, high: int) -> None:
    array, _ = made(tokens(low, high, 30))
    assert set(array.ravel()) == set(range(low, high + 1))


def test_the_causes_say_how_often_each_third_of_the_vocabulary_is_used() -> None:
    array, causes = made(tokens(10, 18, 900), 60)
    thirds = np.stack([((array - 10) // 3 == n).mean(axis=1) for n in range(3)], axis=1)
    weights = np.exp(1.5 * causes)
    assert np.abs(thirds - weights / weights.sum(axis=1, keepdims=True)).max() < 0.07
    counts = np.bincount(array.ravel() - 10)
    assert counts.reshape(3, 3).std(axis=1).max() < 0.05 * counts.mean()


CAUSES = np.random.default_rng(0).standard_normal((MANY, 3))


def labels(output: tuple[int | None, ...] = (None, 1), number: int = 0, **plan: Any) -> Any:
    return samples.make_labels({"shape": None, **plan}, [], CAUSES, output, number)


def test_an_input_may_be_the_label() -> None:
    assert samples.make_labels({"encoding": "input", "input": 1}, ["a", "b"], CAUSES, (None, 1), 0) == "b"


def test_each_output_has_labels_of_its_own_that_are_the_same_every_time() -> None:
    first = labels(encoding="continuous")
    assert (first == labels(encoding="continuous")).all()
    assert not (first == labels(encoding="continuous", number=1)).any()


def test_a_teacher_is_mostly_linear_in_the_causes_and_a_little_bent() -> None:
    scores = samples._teach(CAUSES, 60, 0)
    found = explained(CAUSES, scores)
    assert found.min() > 0.6
    assert 0.95 < found.mean() < 0.98
    assert scores.mean(axis=0) == pytest.approx(0, abs=1e-9)
    assert scores.std(axis=0) == pytest.approx(1)


def test_where_nothing_causes_anything_the_scores_are_zero() -> None:
    assert not samples._teach(np.zeros((5, 3)), 2, 0).any()


def test_real_values_are_standard_normal_or_fill_their_range() -> None:
    values = labels(encoding="continuous")
    assert (values.shape, values.dtype) == ((MANY, 1), "float32")
    assert values.std() == pytest.approx(1, abs=1e-3)
    ranged = labels(encoding="continuous", low=1.0, high=5.0)
    assert 1 <= ranged.min() < 1.3 < 4.7 < ranged.max() <= 5


@pytest.mark.parametrize(("encoding", "no"), [("binary", 0), ("multi-hot", 0), ("sign", -1)])
def test_flags_are_yes_or_no_each_about_as_often(encoding: str, no: int) -> None:
    values = labels((None, 4), encoding=encoding)
    assert (values.shape, values.dtype) == ((MANY, 4), "float32")
    assert set(values.ravel()) == {no, 1}
    assert (values == 1).mean(axis=0) == pytest.approx(0.5, abs=0.1)
    assert len({tuple(column) for column in values.T}) == 4


def test_yes_is_what_the_teacher_scores_above_its_mean() -> None:
    scores = samples._teach(CAUSES, 4, 0)
    for encoding in ("multi-hot", "sign"):
        assert ((labels((None, 4), encoding=encoding) == 1) == (scores > 0)).all()


def test_whole_numbers_are_the_classes_of_the_plan_or_of_the_units() -> None:
    values = labels((None, 3), encoding="integer", shape=[], classes=4)
    assert (values.shape, values.dtype) == ((MANY,), "int32")
    assert set(values) == {0, 1, 2, 3}
    assert set(labels((None, 3), encoding="integer", shape=[3]).ravel()) == {0, 1, 2}


@pytest.mark.parametrize("shape", [None, []])
def test_one_unit_has_two_classes(shape: list[int] | None) -> None:
    assert set(labels(encoding="integer", shape=shape).ravel()) == {0, 1}


def test_one_hot_rows_name_one_class_and_every_class_occurs() -> None:
    values = labels((None, 3), encoding="one-hot")
    assert (values.shape, values.dtype) == ((MANY, 3), "float32")
    assert (values.sum(axis=1) == 1).all()
    assert values.any(axis=0).all()
    assert labels(encoding="one-hot", shape=[], classes=3).shape == (MANY,)


@pytest.mark.parametrize(
    ("plan", "levels"),
    [
        pytest.param({"low": 1, "high": 5, "classes": 9}, [1, 2, 3, 4, 5], id="ratings"),
        pytest.param({"ordinal": True, "classes": 3}, [0, 1, 2], id="ordered classes"),
        pytest.param({"ordinal": True, "classes": 1}, [0, 1], id="one class"),
        pytest.param({"ordinal": True, "low": 2, "classes": 4}, [2, 3], id="from a lowest one"),
    ],
)
def test_levels_occur_each_as_often_as_the_others(plan: dict[str, Any], levels: list[int]) -> None:
    values = labels(encoding="integer", shape=[], **plan)
    found, counts = np.unique(values, return_counts=True)
    assert list(found) == levels
    assert set(counts) == {MANY // len(levels)}


def test_levels_rise_with_what_the_teacher_sees() -> None:
    values = labels(encoding="integer", shape=[], low=1, high=5)
    assert explained(CAUSES, values.reshape(-1, 1).astype("float64"))[0] > 0.7


@pytest.mark.parametrize(
    ("encoding", "output", "shape"),
    [
        ("integer", (None, 4), ()),
        ("integer", (None, 7, 4), (7,)),
        ("integer", (None, 7, 2), (7,)),
        ("integer", (None, 7, 1), (7, 1)),
        ("integer", (None,), ()),
        ("continuous", (None, 7, 4), (7, 4)),
        ("continuous", (None, None, 4), (1, 4)),
        ("continuous", (None,), ()),
        ("one-hot", (None, 5, 6, 4), (5, 6, 4)),
        ("binary", (None,), ()),
    ],
)
def test_labels_are_shaped_as_the_output_and_alike_along_its_steps(
    encoding: str, output: tuple[int | None, ...], shape: tuple[int, ...]
) -> None:
    values = labels(output, encoding=encoding)
    assert values.shape == (MANY, *shape)
    if len(shape) > 1:
        assert (values == values[:, :1]).all()


@pytest.mark.parametrize("encoding", ["continuous", "binary"])
def test_the_shape_of_the_plan_goes_before_that_of_the_output(encoding: str) -> None:
    assert labels((None, 7), encoding=encoding, shape=[2]).shape == (MANY, 2)
