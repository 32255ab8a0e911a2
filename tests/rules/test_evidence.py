"""docs/EVIDENCE.md: it speaks of every rule as the rule is today, and some of its rows are observed again."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from helpers.marks import marked

from keraslint.confirm import Session, Settings
from keraslint.rules import Rule, all_rules, by_symbol
from keraslint.rules.framework import Symptom

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "EVIDENCE.md").read_text(encoding="utf-8")
OWN = sorted(path.parent.name for path in (ROOT / "fixtures" / "rules").glob("*/observed.py"))

each_rule = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.symbol)


@cache
def tool() -> ModuleType:
    """tools/evidence.py, which is no package."""
    specification = importlib.util.spec_from_file_location("evidence_tool", ROOT / "tools" / "evidence.py")
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module  # dataclasses look their module up
    specification.loader.exec_module(module)
    return module


def symptoms_of(cell: str) -> set[str]:
    """What a cell such as ``3 of 4: slower, nan; `observed.py`: slower`` names."""
    return {name.strip() for part in re.findall(r": ([a-z, -]+)", cell) for name in part.split(",")}


ROWS: dict[str, list[str]] = tool().lines_in(PAGE)


def test_every_rule_has_a_row_and_nothing_else_has() -> None:
    assert list(ROWS) == [rule.symbol for rule in all_rules()]


@each_rule
def test_the_row_is_that_of_the_rule_as_it_is(rule: Rule) -> None:
    _, msgid, expected, *_ = ROWS[rule.symbol]
    assert msgid == rule.msgid
    assert expected == ", ".join(symptom.value for symptom in rule.symptoms)


@each_rule
def test_what_was_observed_is_what_the_rule_declares(rule: Rule) -> None:
    verdict, count = ROWS[rule.symbol][3:5]
    assert verdict in ("observed", "not observed")
    assert (verdict == "observed") is bool(symptoms_of(count))
    assert symptoms_of(count) <= {symptom.value for symptom in rule.symptoms}


@each_rule
def test_an_observation_says_what_was_seen_on_both_sides_and_how(rule: Rule) -> None:
    if ROWS[rule.symbol][3] == "observed":
        bad, good, by = ROWS[rule.symbol][5:]
        assert bad
        assert good
        assert bad != good
        assert by.startswith(("confirm", "run", "`observed.py`"))


@each_rule
def test_the_row_counts_the_findings_that_the_fixture_has_today(rule: Rule) -> None:
    bad = (ROOT / "fixtures" / "rules" / rule.symbol / "bad.py").read_text(encoding="utf-8")
    findings = {line for line, symbol in marked(bad) if symbol == rule.symbol}
    assert re.match(r"\d+ of (\d+)", ROWS[rule.symbol][4])[1] == str(len(findings))  # type: ignore[index]


def test_every_error_was_observed_and_nine_of_ten_warnings() -> None:
    seen = {rule: ROWS[rule.symbol][3] == "observed" for rule in all_rules()}
    assert [rule.symbol for rule, yes in seen.items() if rule.category == "E" and not yes] == []
    warnings = [yes for rule, yes in seen.items() if rule.category == "W" and set(rule.symptoms) != {Symptom.NONE}]
    assert sum(warnings) >= 0.9 * len(warnings)


def test_the_head_counts_and_lists_what_the_rows_say() -> None:
    keras = re.findall(r"^(Keras \S+ on \w+);", PAGE, re.MULTILINE)
    assert tool().page(ROWS.values(), *keras) == PAGE


def test_what_was_not_observed_has_a_reason() -> None:
    assert all(len(row[-1]) > 20 for row in ROWS.values() if row[3] == "not observed")


def test_the_programs_of_their_own_promise_what_their_rules_declare() -> None:
    for symbol in OWN:
        rule = by_symbol(symbol)
        assert rule
        text = (ROOT / "fixtures" / "rules" / symbol / "observed.py").read_text(encoding="utf-8")
        promised = re.findall(r'^SYMPTOM = "(.*)"$', text, re.MULTILINE)
        assert set(promised) <= {symptom.value for symptom in rule.symptoms}


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    pytest.importorskip("keras")
    with Session(Settings(seeds=1, seconds=60)) as one:
        yield one


@pytest.fixture(scope="module")
def runner() -> Iterator[Any]:
    pytest.importorskip("keras")
    with tool().Runner() as one:
        yield one


@pytest.mark.keras
@pytest.mark.parametrize(
    "symbol",
    [
        "keras-sparse-categorical-loss-on-one-unit",
        "keras-useless-learning-rate",
        "keras-optimizer-class-not-instance",
        "keras-add-returns-none",
    ],
)
def test_some_rows_are_observed_again(symbol: str, session: Session, runner: Any) -> None:
    rule = by_symbol(symbol)
    assert rule
    again = tool().line_of(tool().row(rule, session, runner))
    assert again[3] == ROWS[symbol][3]
    assert symptoms_of(again[4]) & symptoms_of(ROWS[symbol][4])


@pytest.mark.keras
@pytest.mark.parametrize("symbol", OWN)
def test_a_program_of_its_own_sees_what_it_promises(symbol: str, runner: Any) -> None:
    assert runner.told(ROOT / "fixtures" / "rules" / symbol / "observed.py").get("seen")
