"""The ratings programs under real pylint: exactly the expected messages, at exactly the expected text."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.marks import marked
from pylint.message import Message

PROGRAMS = sorted((Path(__file__).parents[2] / "fixtures" / "programs" / "ratings").glob("*.py"))

TEXT_AT_FAULT = {
    "keras-softmax-on-one-unit": {'"softmax"', "'softmax'"},
    "keras-accuracy-with-regression-loss": {'"accuracy"', "'accuracy'"},
    "keras-high-learning-rate": {"0.01"},
    "keras-removed-argument": {"lr=0.01"},
}


def expected(path: Path) -> list[tuple[int, str]]:
    """The (line, symbol) pairs that the ``# expect:`` comments of a program promise."""
    return marked(path.read_text(encoding="utf-8"))


def text_at(path: Path, message: Message) -> str:
    """The source text that a message points at."""
    assert message.end_line == message.line
    line = path.read_text(encoding="utf-8").splitlines()[message.line - 1]
    return line.encode()[message.column : message.end_column].decode()


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_program_gets_exactly_its_messages(path: Path, keras_messages: Callable[..., list[Message]]) -> None:
    messages = keras_messages(path)
    assert sorted((message.line, message.symbol) for message in messages) == expected(path)
    for message in messages:
        assert text_at(path, message) in TEXT_AT_FAULT[message.symbol]


def test_regression_has_the_four_findings_and_classification_only_the_spelling() -> None:
    by_name = {path.stem: sorted(symbol for _, symbol in expected(path)) for path in PROGRAMS}
    assert all(
        symbols == (sorted(TEXT_AT_FAULT) if "regression" in name else ["keras-removed-argument"])
        for name, symbols in by_name.items()
    )
    assert len(by_name) == 11


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_command_reports_the_same_with_any_number_of_jobs(jobs: str) -> None:
    pylint = [sys.executable, "-m", "pylint", "--load-plugins=keraslint", "--output-format=json", "-j", jobs]
    command = [*pylint, "--disable=all", "--enable=E,W", *map(str, PROGRAMS)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    messages = [m for m in json.loads(run.stdout) if m["symbol"].startswith("keras-")]
    found = sorted((Path(m["path"]).name, m["line"], m["symbol"]) for m in messages)
    assert found == sorted((path.name, line, symbol) for path in PROGRAMS for line, symbol in expected(path))
    assert {m["symbol"]: m["type"] for m in messages} == {
        "keras-softmax-on-one-unit": "error",
        "keras-accuracy-with-regression-loss": "warning",
        "keras-high-learning-rate": "warning",
        "keras-removed-argument": "error",
    }
