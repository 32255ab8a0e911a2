"""docs/keras-errors.md: each row that names a rule was tried, on both sides."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from keras_errors import IMPORTS, REFUSED, Refused

from keraslint.reader import read
from keraslint.rules import Options, check

PAGE = Path(__file__).parents[2] / "docs" / "keras-errors.md"
ROW = re.compile(
    r"^\| (?:`` (?P<quoted>.+?) ``|`(?P<plain>.+?)`) \| (?P<source>[^|]+) \| (?P<verdict>[^|]+) \|$", re.MULTILINE
)
LINK = re.compile(r"\[(keras-[a-z-]+)\]\(rules/\1\.md\)")

each_program = pytest.mark.parametrize(
    "refused", REFUSED, ids=lambda refused: f"{refused.message[:60]}-{refused.symbol}"
)


@cache
def page() -> dict[str, set[str]]:
    """The rules that the page names for each message."""
    named: dict[str, set[str]] = {}
    for row in ROW.finditer(PAGE.read_text(encoding="utf-8")):
        named.setdefault(row["quoted"] or row["plain"], set()).update(LINK.findall(row["verdict"]))
    return named


@each_program
def test_the_rule_finds_it_before_the_program_runs(refused: Refused) -> None:
    found = check(read(f"{IMPORTS}{refused.program}\n", "program.py"), Options())
    symbols = {finding.rule.symbol for finding in found if finding.rule and finding.rule.category != "R"}
    assert refused.symbol in symbols if refused.symbol else not symbols & errors(found)


def errors(found: Any) -> set[str]:
    return {finding.rule.symbol for finding in found if finding.rule.category == "E"}


def test_the_page_claims_what_the_programs_show_and_nothing_else() -> None:
    shown: dict[str, set[str]] = {}
    for refused in REFUSED:
        shown.setdefault(refused.message, set()).update({refused.symbol} - {""})
    assert {message: page().get(message) for message in shown} == shown
    assert [message for message, rules in page().items() if rules and message not in shown] == []


def test_every_row_of_the_page_is_read_and_has_a_verdict() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith(("| `", "| ``"))]
    read_rows = list(ROW.finditer(text))
    assert len(read_rows) == len(rows)
    for row in read_rows:
        assert LINK.search(row["verdict"]) or row["verdict"].startswith(("not yet", "only at run time: ")), row[
            "verdict"
        ]


def test_the_page_counts_its_rows() -> None:
    text = PAGE.read_text(encoding="utf-8")
    verdicts = [row["verdict"] for row in ROW.finditer(text)]
    counts = re.search(r"Of the (\d+) messages below, rules find (\d+); of (\d+) .* (\d+) are not", text)
    assert counts
    late, open_ones = (sum(verdict.startswith(start) for verdict in verdicts) for start in ("only at", "not yet"))
    assert [int(count) for count in counts.groups()] == [
        len(verdicts),
        len(verdicts) - late - open_ones,
        late,
        open_ones,
    ]


@pytest.fixture
def eagerly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Without making graphs, which takes most of the time; files go into a directory of their own."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    tensorflow = pytest.importorskip("tensorflow")
    monkeypatch.chdir(tmp_path)
    tensorflow.config.run_functions_eagerly(True)
    yield
    tensorflow.config.run_functions_eagerly(False)


@pytest.mark.keras
@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("eagerly")
def test_keras_says_it_of_one_program_for_each_message_and_rule() -> None:
    chosen = {(refused.message, refused.symbol): refused for refused in REFUSED}
    imports = compile(IMPORTS, "imports", "exec")
    silent = [refused for refused in chosen.values() if not _says(imports, refused)]
    assert silent == []


def _says(imports: Any, refused: Refused) -> bool:
    """Whether Keras says it, as an error or as a warning."""
    scope: dict[str, Any] = {"__name__": "program"}
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        said = []
        try:
            exec(imports, scope)
            exec(refused.program, scope)
        except Exception as error:
            said.append(str(error))
    said += [str(warning.message) for warning in warned]
    return any(_pattern(refused.message).search(" ".join(text.split())) for text in said)


def _pattern(message: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in message.split("…")))
