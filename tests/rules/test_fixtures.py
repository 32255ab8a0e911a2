"""Every rule's fixtures: it fires on the marked lines and nowhere else, and its fixes help."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from helpers.marks import marked

from keraslint.edits import apply
from keraslint.reader import read
from keraslint.rules import Finding, Options, Rule, all_rules, check

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import record_findings  # noqa: E402

RULES = ROOT / "fixtures" / "rules"
NAMES = ("bad", "good", "near_miss")
WITHOUT_FIX = frozenset(
    (
        "keras-add-returns-none",
        "keras-argmax-on-one-unit",
        "keras-backend-op-on-symbolic-tensor",
        "keras-batch-in-input-shape",
        "keras-channels-first-input",
        "keras-disconnected-graph",
        "keras-dropout-before-batch-norm",
        "keras-fit-on-symbolic-tensor",
        "keras-forward-outside-tape",
        "keras-generator-label",
        "keras-generator-range-mismatch",
        "keras-integer-truncated-input",
        "keras-label-broadcast",
        "keras-layer-created-in-call",
        "keras-layers-pop",
        "keras-loss-sign",
        "keras-metric-not-reset",
        "keras-missing-get-config",
        "keras-model-discarded",
        "keras-model-in-loop",
        "keras-model-reused-across-folds",
        "keras-monte-carlo-dropout",
        "keras-non-differentiable-loss-path",
        "keras-normalization-not-adapted",
        "keras-ordered-validation-split",
        "keras-scaled-twice",
        "keras-shuffled-apart",
        "keras-shuffled-predictions",
        "keras-stateful-batch-size",
        "keras-trainable-changed-after-compile",
        "keras-unguarded-sqrt",
        "keras-unscaled-inputs",
        "keras-unscaled-target",
        "keras-untracked-train-step-loss",
        "keras-untrained-submodel",
        "keras-unused-branch",
        "keras-validation-preprocessing-mismatch",
    )
)
"""Rules of which no edit is sure to be what was meant."""

each_rule = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.symbol)


def findings(source: str) -> list[Finding]:
    return check(read(source, "fixture.py"), Options())


def reported(found: Iterable[Finding], source: str) -> set[tuple[int, str]]:
    """The places of all that is on by default, and of the advice that the program marks somewhere."""
    wanted = {symbol for _, symbol in marked(source)}
    rules = ((finding.span.line, finding.rule) for finding in found if finding.rule)
    return {(line, rule.symbol) for line, rule in rules if rule.on_by_default or rule.symbol in wanted}


def fixture(rule: Rule, name: str) -> str:
    return (RULES / rule.symbol / f"{name}.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
@each_rule
def test_fires_on_the_marked_lines_and_nowhere_else(rule: Rule, name: str) -> None:
    source = fixture(rule, name)
    assert reported(findings(source), source) == set(marked(source))


@each_rule
def test_bad_fires_and_the_others_are_silent(rule: Rule) -> None:
    own = {name: [line for line, symbol in marked(fixture(rule, name)) if symbol == rule.symbol] for name in NAMES}
    assert len(own["bad"]) >= 3
    assert not own["good"]
    assert not own["near_miss"]


@each_rule
def test_every_near_miss_says_why_it_is_right(rule: Rule) -> None:
    source = fixture(rule, "near_miss")
    assert len(re.findall(r"^ *# .{20}", source, re.MULTILINE)) >= 3


@each_rule
def test_a_fix_makes_its_finding_vanish(rule: Rule) -> None:
    source = fixture(rule, "bad")
    before = reported(findings(source), source)
    fixes = [(finding, finding.fix) for finding in findings(source) if finding.rule == rule and finding.fix]
    assert bool(fixes) is (rule.symbol not in WITHOUT_FIX)
    for finding, fix in fixes:
        after = reported(findings(apply(source, [fix])), source)
        assert (finding.span.line, rule.symbol) not in after, f"{fix.description}, line {finding.span.line}"
        assert len(after) < len(before), f"{fix.description} raises {after - before}"


@each_rule
def test_what_it_says_and_what_its_fixes_change_is_what_was_read_in_review(rule: Rule) -> None:
    recorded = (RULES / rule.symbol / "said.txt").read_text(encoding="utf-8")
    assert recorded == record_findings.said(fixture(rule, "bad"), rule, findings(fixture(rule, "bad")))


def test_every_folder_belongs_to_a_rule() -> None:
    assert {path.name for path in RULES.iterdir() if path.is_dir()} == {rule.symbol for rule in all_rules()}
