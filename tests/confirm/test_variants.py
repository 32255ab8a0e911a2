"""Plans of both sides: what is fixed, what is shared, what cannot be planned; and how long a training is."""

from __future__ import annotations

import pytest
from builders import RATINGS, call, ratings
from faults import RATE, RATINGS_FAULTS, SPELLING, STYLE, Reader, fault
from helpers.graph_parts import NOWHERE, layer

from keraslint.confirm.plan import Unplannable, schedule
from keraslint.confirm.planning import plan_sides
from keraslint.confirm.variants import Case, Source, cases
from keraslint.graph import Call, Model, Program, Reference, Shape, Tensor, Training

OLD = RATINGS.replace('rate_keyword = "learning_rate"', 'rate_keyword = "lr"')


def cases_of(source: str, reader: Reader) -> dict[str, Case]:
    program = reader.read(source, "ratings.py")
    found = reader.check(program)
    made = cases(Source(source, "ratings.py", program, found, reader.read, reader.check), None)
    return {case.finding.rule.symbol: case for case in made if case.finding.rule}


@pytest.fixture(scope="module")
def old() -> dict[str, Case]:
    return cases_of(OLD, Reader(*RATINGS_FAULTS))


def test_whatever_is_on_trial_the_twin_has_none_of_the_faults(old: dict[str, Case]) -> None:
    twins = {case.twin.key for symbol, case in old.items() if case.twin and symbol != SPELLING.symbol}
    assert len(twins) == 1


def test_faults_that_are_not_on_trial_are_fixed_on_both_sides(old: dict[str, Case]) -> None:
    flagged = old[RATE.symbol].flagged
    assert flagged is not None
    compiled = flagged.document["compile"]
    assert compiled["optimizer"]["arguments"] == {"learning_rate": 0.01}
    assert compiled["metrics"] == ["mae"]
    assert flagged.document["layers"][-1]["arguments"]["activation"] == "linear"


def test_the_fix_is_shown_as_what_it_changes(old: dict[str, Case]) -> None:
    assert old[RATE.symbol].diff == ("-learning_rate = 0.01", "+learning_rate = 0.003")
    assert old[RATE.symbol].source_line == "learning_rate = 0.01"


def test_a_control_is_its_twin_but_for_a_neutral_change(old: dict[str, Case]) -> None:
    case = old[RATE.symbol]
    assert case.twin is not None
    assert case.control is not None
    assert case.control.document == {**case.twin.document, "control": True}


def test_both_sides_differ_by_the_fix_alone(old: dict[str, Case]) -> None:
    case = old[RATE.symbol]
    assert case.flagged is not None
    assert case.twin is not None
    changed = {key for key, value in case.flagged.document.items() if case.twin.document[key] != value}
    assert changed == {"compile"}


def test_old_spelling_reaches_keras_for_the_rule_about_spelling_only(old: dict[str, Case]) -> None:
    for symbol, case in old.items():
        assert case.flagged is not None
        given = case.flagged.document["compile"]["optimizer"]["arguments"]
        assert set(given) == {"lr" if symbol == SPELLING.symbol else "learning_rate"}


def test_a_shared_layer_is_one_layer_called_twice(old: dict[str, Case]) -> None:
    plan = old[RATE.symbol].flagged
    assert plan is not None
    calls = plan.document["graph"]["calls"]
    assert calls[0]["layer"] == calls[1]["layer"]
    assert len(plan.document["layers"]) == len(calls) - 1


@pytest.mark.parametrize(
    ("faulty", "reason"),
    [
        pytest.param(fault(STYLE, "seen", "nothing", "1"), "not observable", id="no symptom"),
        pytest.param(fault(RATE, "learning_rate", 0.01, None), "knows no fix", id="no fix"),
        pytest.param(fault(RATE, "learning_rate", 0.01, "0.01"), "does not remove", id="useless fix"),
    ],
)
def test_what_cannot_be_judged_says_why(faulty: object, reason: str) -> None:
    (case,) = cases_of(RATINGS, Reader(faulty)).values()
    assert reason in str(case.reason)


def test_no_code_of_the_file_is_ever_run() -> None:
    source = Tensor(Shape.of(None, 4), NOWHERE)
    custom = layer("Dense", units=1, activation=Reference("my_activation", in_file=True))
    training = trained(source, call(custom, source, shape=Shape.of(None, 1)))
    with pytest.raises(Unplannable, match="my_activation"):
        plan_sides(training, None)


def test_a_giant_is_left_alone() -> None:
    source = Tensor(Shape.of(None, 4), NOWHERE)
    big = layer("Dense", units=10**12)
    made = Call(big, (source,), (Shape.of(None, 10**12),), NOWHERE, params=5 * 10**12)
    training = trained(source, Tensor(made.output_shape, NOWHERE, made))
    with pytest.raises(Unplannable, match="too large"):
        plan_sides(training, None)


def trained(source: Tensor, output: Tensor) -> Training:
    """A model from one tensor to another, compiled as the ratings are."""
    model = Model("functional", "functional", NOWHERE, (source,), (output,))
    compiled = ratings(RATINGS, "ratings.py").trainings[0].compiled
    return Training(model, compiled)


def test_a_finding_without_any_model_is_inconclusive() -> None:
    reader = Reader(fault(RATE, "learning_rate", 0.01, "0.001"))
    program = reader.read(RATINGS, "ratings.py")
    (finding,) = reader.check(program)
    empty = Program("empty.py")
    (case,) = cases(Source(RATINGS, "empty.py", empty, [finding], reader.read, reader.check), None)
    assert "no compiled model" in str(case.reason)


@pytest.mark.parametrize(
    ("epochs", "steps", "updates", "expected"),
    [
        (10, 10, None, (10, 16)),
        (10, 35, None, (10, 35)),
        (1, 1875, None, (10, 40)),
        (None, None, None, (10, 40)),
        (5, 2, None, (5, 32)),
        (200, 50, None, (10, 40)),
        (10, 10, 4, (4, 1)),
    ],
)
def test_a_training_is_as_long_as_the_program_within_limits(
    epochs: int | None, steps: int | None, updates: int | None, expected: tuple[int, int]
) -> None:
    assert schedule(epochs, steps, updates) == expected
