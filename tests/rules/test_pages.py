"""What every rule owes its readers: a page with all headings, an id of its family, fresh documents."""

from __future__ import annotations

import ast
import re
import runpy
from pathlib import Path

import pytest

from keraslint.rules import Rule, all_rules
from keraslint.rules.framework import FAMILIES, Symptom
from keraslint.rules.sights import said_of_training

ROOT = Path(__file__).parents[2]
HEADINGS = [
    "What it does",
    "Why training fails",
    "Example",
    "Use instead",
    "What it cannot see",
    "References",
]

each_rule = pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.symbol)


@each_rule
def test_the_page_has_all_headings_in_order(rule: Rule) -> None:
    assert re.findall(r"^## (.*)$", rule.page, re.MULTILINE) == HEADINGS


@each_rule
def test_the_page_opens_with_a_sentence(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z`].*\.", rule.summary)


@each_rule
def test_both_examples_are_python(rule: Rule) -> None:
    examples = re.findall(r"```python\n(.*?)```", rule.page, re.DOTALL)
    assert len(examples) >= 2
    for example in examples:
        ast.parse(example)


@each_rule
def test_the_references_are_links_or_papers(rule: Rule) -> None:
    references = rule.page.partition("## References\n")[2]
    assert all(line.startswith("- ") for line in references.strip().splitlines())


@each_rule
def test_the_symbol_and_the_id_are_those_of_its_family(rule: Rule) -> None:
    assert re.fullmatch(r"keras-[a-z-]+", rule.symbol)
    assert re.fullmatch(r"[EWR]7[89]\d\d", rule.msgid)
    family = rule.check.__module__.split(".")[-2]
    assert int(rule.msgid[1:]) in FAMILIES[family]
    assert rule.symbol == "keras-" + rule.check.__module__.rpartition(".")[2].replace("_", "-")


def test_ids_and_symbols_are_unique() -> None:
    assert len({rule.msgid[1:] for rule in all_rules()}) == len(all_rules())
    assert len({rule.symbol for rule in all_rules()}) == len(all_rules())


def test_the_generated_documents_are_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    tool = runpy.run_path(str(ROOT / "tools" / "generate_docs.py"))
    assert tool["main"](["--check"]) == 0, capsys.readouterr().out


TOOL = runpy.run_path(str(ROOT / "tools" / "generate_docs.py"))


def test_every_symptom_is_something_that_one_sees() -> None:
    seen = {symptom for sight in TOOL["SIGHTS"] for symptom in sight.symptoms}
    assert seen == set(Symptom)


@each_rule
def test_a_rule_is_found_by_what_one_sees(rule: Rule) -> None:
    assert f"[{rule.symbol}](rules/{rule.symbol}.md)" in TOOL["symptoms"]()


def test_what_is_quoted_of_a_page_is_a_sentence_of_its_reason() -> None:
    exact = next(rule for rule in all_rules() if rule.symbol == "keras-exact-accuracy")
    quoted = said_of_training(exact, "accuracy stays")
    assert quoted.startswith("The training is fine, but")
    assert quoted.endswith("the accuracy stays at 0.")
    assert said_of_training(exact, "a word that no page has") == ""
