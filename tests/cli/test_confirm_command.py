"""`keraslint confirm` as a shell sees it; what it finds out is tested with the package that trains."""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from keraslint import cli, confirm
from keraslint.confirm import ConfirmError, Report, Verdict, plotting
from keraslint.graph import Confidence, Span
from keraslint.rules import Finding, by_symbol

RATINGS = Path(__file__).parents[2] / "fixtures" / "programs" / "ratings"


def report(path: str, verdicts: Sequence[Any]) -> Report:
    finding = Finding(Span(1, 0, 1, 1), "message", Confidence.HIGH, rule=by_symbol("E7800"))
    return Report(path, tuple(Verdict(finding, verdict, "a reason") for verdict in verdicts), 1.0)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Verdicts that stand in for training: those of the first file, of the second, …"""
    queue: list[list[str]] = []

    def stand_in(_source: str, path: str, *_: object, **__: object) -> Report:
        return report(path, queue.pop(0))

    monkeypatch.setattr(confirm, "confirm", stand_in)
    return queue


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        pytest.param([[]], 0, id="no finding"),
        pytest.param([["not reproduced"]], 0, id="not reproduced"),
        pytest.param([["not reproduced", "confirmed", "inconclusive"]], 1, id="one confirmed"),
        pytest.param([["not reproduced", "inconclusive"]], 3, id="nothing confirmed, one inconclusive"),
        pytest.param([["inconclusive"], ["confirmed"]], 1, id="confirmed in the second file"),
        pytest.param([["inconclusive"], []], 3, id="inconclusive in the first file"),
    ],
)
def test_exit_code_is_that_of_the_worst_verdict(
    verdicts: list[list[str]], code: int, judged: list[list[str]], tmp_path: Path
) -> None:
    judged += verdicts
    files = [str(tmp_path / f"{number}.py") for number in range(len(verdicts))]
    for file in files:
        Path(file).write_text("import keras\n")
    assert cli.main(["confirm", *files]) == code


def test_unreadable_file_outweighs_any_verdict(judged: list[list[str]], tmp_path: Path) -> None:
    judged.append(["confirmed"])
    (tmp_path / "a.py").write_text("import keras\n")
    assert cli.main(["confirm", str(tmp_path / "a.py"), str(tmp_path / "missing.py")]) == cli.ERROR


def test_missing_keras_is_told_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ConfirmError("Keras is missing: pip install 'keraslint[confirm]'")

    monkeypatch.setattr(confirm, "confirm", fail)
    (tmp_path / "a.py").write_text("import keras\n")
    assert cli.main(["confirm", str(tmp_path / "a.py")]) == cli.ERROR
    assert "pip install" in capsys.readouterr().err


def test_one_plot_is_for_one_file() -> None:
    assert cli.main(["confirm", "--plot=curves.png", "a.py", "b.py"]) == cli.ERROR


def test_unknown_rule_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["confirm", "--only=keras-softmax", "a.py"]) == cli.ERROR
    assert "did you mean" in capsys.readouterr().err


@pytest.mark.keras
def test_ratings_regression_is_confirmed_to_stand_still(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(RATINGS / "ratings_regression.py")
    code = cli.main(["confirm", "--format=json", "--only=keras-softmax-on-one-unit", "--seeds=2", path])
    described = json.loads(capsys.readouterr().out)
    assert [verdict["verdict"] for verdict in described["verdicts"]] == ["confirmed"]
    assert code == cli.FOUND


@pytest.mark.keras
def test_ratings_classification_has_no_plateau(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(RATINGS / "ratings_classification.py")
    cli.main(["confirm", "--format=json", "--seeds=2", path])
    described = json.loads(capsys.readouterr().out)
    assert "plateau" not in {verdict.get("symptom") for verdict in described["verdicts"]}


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("target", ["link.png", "dangling.png", ".", "folder", "bare", os.devnull])
def test_a_plot_overwrites_nothing_but_an_ordinary_file(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    Path("precious").write_text("kept")
    Path("link.png").symlink_to("precious")
    Path("bare.png").symlink_to("precious")
    Path("dangling.png").symlink_to("missing")
    Path("folder").mkdir()
    with pytest.raises(ConfirmError, match="it is a link, a folder or a device; name a file"):
        plotting.require_plot(target)


@pytest.mark.usefixtures("project")
def test_a_plot_overwrites_an_ordinary_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name)
    monkeypatch.setattr(plotting, "_figures", lambda: None)
    Path("old.png").write_text("old")
    plotting.require_plot("old.png")
