"""Whole runs in real Keras: the ratings program is proven wrong, the healthy one is not."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import CLASSES, RATINGS
from faults import ACCURACY, HEAD, RATE, RATINGS_FAULTS, SOFTMAX, SPELLING, Reader, fault

from keraslint.confirm import ConfirmError, Report, Settings, Verdict, as_json, confirm, plotting
from keraslint.confirm.comparing import learned
from keraslint.confirm.session import Session

pytestmark = [
    pytest.mark.keras,
    pytest.mark.skipif(importlib.util.find_spec("keras") is None, reason="Keras is not installed"),
]

OLD = RATINGS.replace('rate_keyword = "learning_rate"', 'rate_keyword = "lr"')


@pytest.fixture(scope="session")
def ratings_report() -> Report:
    reader = Reader(*RATINGS_FAULTS)
    return confirm(OLD, "ratings.py", reader.read, reader.check)


@pytest.fixture(scope="session")
def softmax(ratings_report: Report) -> Verdict:
    return by_symbol(ratings_report, SOFTMAX.symbol)


def by_symbol(found: Report, symbol: str) -> Verdict:
    return next(v for v in found.verdicts if v.finding.rule and v.finding.rule.symbol == symbol)


def test_softmax_on_one_unit_is_confirmed(softmax: Verdict) -> None:
    assert softmax.verdict == "confirmed", softmax.reason
    assert softmax.symptom is not None
    assert softmax.symptom.value == "constant"


def test_its_loss_never_changes_and_no_weight_moves(softmax: Verdict) -> None:
    assert softmax.evidence is not None
    runs = softmax.evidence.flagged.runs
    assert len(runs) == 3
    for run in runs:
        assert run.first == pytest.approx(run.last, abs=1e-6)
        assert (run.moved, run.weights) == (0, 6)
        assert run.spreads[0] < 1e-6
    assert "0 of 6 weights moved" in softmax.reason


def test_its_linear_twin_learns_the_same_data(softmax: Verdict) -> None:
    assert softmax.evidence is not None
    assert softmax.evidence.twin is not None
    for run, twin in zip(softmax.evidence.flagged.runs, softmax.evidence.twin.runs, strict=True):
        assert twin.last < 0.5 * run.last
        assert learned(twin, None)
        assert not learned(run, None)
        assert twin.moved == twin.weights == 6


def test_keras_own_warning_is_passed_on(softmax: Verdict) -> None:
    assert any("softmax over axis" in warning for warning in softmax.warnings)


def test_unknown_sizes_and_masking_faults_are_stated(ratings_report: Report) -> None:
    assumptions = " ".join(by_symbol(ratings_report, ACCURACY.symbol).assumptions)
    assert "`features` is not defined" in assumptions
    assert "keras-softmax-on-one-unit in line 2 is fixed on both sides" in assumptions


def test_accuracy_of_a_regression_is_confirmed_as_meaningless(ratings_report: Report) -> None:
    accuracy = by_symbol(ratings_report, ACCURACY.symbol)
    assert (accuracy.verdict, accuracy.symptom and accuracy.symptom.value) == ("confirmed", "metric")


def test_a_rate_that_learns_better_than_the_advice_refutes_it(ratings_report: Report) -> None:
    assert by_symbol(ratings_report, RATE.symbol).verdict == "refuted"


def test_a_removed_argument_raises_as_written(ratings_report: Report) -> None:
    spelling = by_symbol(ratings_report, SPELLING.symbol)
    assert (spelling.verdict, spelling.symptom and spelling.symptom.value) == ("confirmed", "raises")
    assert "lr" in spelling.reason


def test_the_parent_never_loads_keras() -> None:
    code = "import sys, keraslint.confirm.report; print({'keras', 'numpy', 'tensorflow'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_the_report_is_plain_json(ratings_report: Report) -> None:
    written = json.loads(json.dumps(as_json.to_json(ratings_report), allow_nan=False))
    assert {verdict["symbol"] for verdict in written["verdicts"]} == {
        "keras-softmax-on-one-unit",
        "keras-accuracy-with-regression-loss",
        "keras-high-learning-rate",
        "keras-removed-argument",
    }
    assert written["verdicts"][0]["flagged"]["runs"][0]["moved"] == 0


@pytest.fixture(scope="module")
def warm() -> Iterator[Session]:
    """A session for several programs: Keras is loaded once."""
    with Session(Settings(seeds=2)) as session:
        yield session


def test_a_healthy_classifier_shows_no_plateau(warm: Session) -> None:
    reader = Reader(fault(HEAD, "head", "softmax", '"sigmoid"'))
    judged = confirm(CLASSES, "classes.py", reader.read, reader.check, session=warm)
    assert judged.verdicts[0].verdict == "not reproduced", judged.verdicts[0].reason


def test_training_that_becomes_nan_is_seen(warm: Session) -> None:
    source = RATINGS.replace('"softmax"', '"linear"').replace("0.01", "1e30")
    reader = Reader(fault(RATE, "learning_rate", 1e30, "0.01"))
    (verdict,) = confirm(source, "nan.py", reader.read, reader.check, session=warm).verdicts
    assert verdict.verdict == "confirmed", verdict.reason
    assert verdict.symptom is not None
    assert verdict.symptom.value == "nan"
    assert verdict.evidence is not None
    assert not verdict.evidence.flagged.runs[0].finite


def test_what_cannot_be_built_is_a_verdict(warm: Session) -> None:
    source = RATINGS.replace('"softmax"', '"linear"').replace('"accuracy"', '"no_such_metric"')
    reader = Reader(fault(ACCURACY, "metrics", "no_such_metric", '"mae"'))
    (verdict,) = confirm(source, "broken.py", reader.read, reader.check, session=warm).verdicts
    assert verdict.verdict == "inconclusive"
    assert "no_such_metric" in verdict.reason


def test_a_time_limit_is_a_verdict_and_no_traceback() -> None:
    reader = Reader(*RATINGS_FAULTS)
    judged = confirm(RATINGS, "slow.py", reader.read, reader.check, Settings(seconds=0.2))
    assert {verdict.verdict for verdict in judged.verdicts} == {"inconclusive"}
    assert "out of time: the limit is 0.2 seconds" in judged.verdicts[0].reason


def test_a_plot_is_drawn_or_its_package_named(ratings_report: Report, tmp_path: Path) -> None:
    target = tmp_path / "curves.png"
    if importlib.util.find_spec("matplotlib") is None:
        with pytest.raises(ConfirmError, match="matplotlib"):
            plotting.plot(ratings_report, target)
    else:
        plotting.plot(ratings_report, target)
        assert target.read_bytes().startswith(b"\x89PNG")
