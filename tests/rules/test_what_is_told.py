"""What `check` makes of the findings of rules: which are told, how sure they are, and what a rule is asked with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest

from keraslint.graph import Confidence, Layer, Span
from keraslint.reader import read
from keraslint.rules import Options, Rule, all_rules, by_symbol, check, framework
from keraslint.rules.framework import FAMILIES, Finding, Symptom, found, rule

SOURCE = "from keras import layers\nlayers.Dense(4, name='four')\n"
IN_A_BRANCH = "from keras import layers\nimport sys\nif len(sys.argv) > 1:\n    layers.Dense(4)\n"
TESTS = "".join(f"{n * ' '}if sys.argv[{n}]:\n" for n in range(1, 4))
IN_FOUR_BRANCHES = IN_A_BRANCH.replace("    layers", f"{TESTS}    layers")
A_TEST = """
import unittest
from keras import layers
class Test(unittest.TestCase):
    def test_it(self):
        layers.Dense(4)
"""

Check = Callable[..., Iterator[Finding]]


def told(source: str, *checks: Check, options: Options | None = None) -> list[tuple[str, int]]:
    rules = [vars(check)["_keraslint_rule"] for check in checks]
    return [(f.message, f.span.line) for f in check(read(source, "file.py"), options or Options(), rules)]


def declared(msgid: str, symptom: Symptom = Symptom.PLATEAU, message: str = "found") -> Check:
    @rule(msgid, symptom=symptom)
    def keras_found(layer: Layer) -> Iterator[Finding]:
        yield found(layer.span, message, layer.confidence)

    return keras_found


def test_each_family_has_ids_of_its_own_and_none_is_left_between_them() -> None:
    assert [number for ids in FAMILIES.values() for number in ids] == [*range(7800, 7897), *range(7900, 8000)]


def test_rules_are_asked_in_the_order_of_their_ids() -> None:
    numbers = [rule.msgid[1:] for rule in all_rules()]
    assert numbers == sorted(numbers)


def test_a_rule_is_found_by_its_symbol_and_its_id_and_by_no_other_name() -> None:
    first = all_rules()[0]
    assert by_symbol(first.symbol) is by_symbol(first.msgid) is first
    assert by_symbol("keras-none-such") is None


def test_a_rule_is_found_by_a_name_that_it_had(monkeypatch: pytest.MonkeyPatch) -> None:
    @rule("W7990", symptom=Symptom.PLATEAU, old_names=(("W7000", "keras-old"), ("W7001", "keras-older")))
    def keras_new(layer: Layer) -> Iterator[Finding]:
        yield from ()

    made = vars(keras_new)["_keraslint_rule"]
    monkeypatch.setattr(framework, "all_rules", lambda: (made,))
    assert [by_symbol(name) for name in ("keras-new", "W7990", "keras-old", "W7001")] == [made] * 4
    assert by_symbol("keras-oldest") is None


@pytest.mark.parametrize(("msgid", "lines"), [("E7990", []), ("W7990", [("found", 7)]), ("R7990", [("found", 7)])])
def test_an_error_that_takes_four_open_branches_is_not_told(msgid: str, lines: list[tuple[str, int]]) -> None:
    assert told(IN_FOUR_BRANCHES, declared(msgid)) == lines
    assert told(IN_A_BRANCH, declared(msgid)) == [("found", 4)]
    assert told(SOURCE, declared(msgid)) == [("found", 2)]


@pytest.mark.parametrize(
    ("msgid", "symptom", "count"),
    [
        pytest.param("E7990", Symptom.RAISES, 1, id="an error that raises"),
        pytest.param("E7990", Symptom.PLATEAU, 0, id="an error that does not"),
        pytest.param("W7990", Symptom.RAISES, 0, id="a warning about what may raise"),
        pytest.param("W7990", Symptom.PLATEAU, 0, id="a warning"),
    ],
)
def test_of_a_test_only_an_error_that_raises_is_told(msgid: str, symptom: Symptom, count: int) -> None:
    assert len(told(A_TEST, declared(msgid, symptom))) == count
    assert len(told(SOURCE, declared(msgid, symptom))) == 1


@pytest.mark.parametrize("sure", [(Confidence.HIGH, Confidence.INFERENCE), (Confidence.INFERENCE, Confidence.HIGH)])
def test_of_two_findings_at_one_place_the_surer_is_told(sure: tuple[Confidence, ...]) -> None:
    @rule("W7990", symptom=Symptom.PLATEAU)
    def keras_twice(layer: Layer) -> Iterator[Finding]:
        for confidence in sure:
            yield found(layer.span, confidence.name, confidence)

    assert told(SOURCE, keras_twice) == [("HIGH", 2)]


def test_of_two_findings_that_are_as_sure_the_first_is_told() -> None:
    @rule("W7990", symptom=Symptom.PLATEAU)
    def keras_twice(layer: Layer) -> Iterator[Finding]:
        yield found(layer.span, "first", Confidence.HIGH)
        yield found(layer.span, "second", Confidence.HIGH)

    assert told(SOURCE, keras_twice) == [("first", 2)]


def test_a_rule_that_asks_for_options_is_given_them() -> None:
    @rule("W7990", symptom=Symptom.PLATEAU)
    def keras_asks(layer: Layer, options: Options) -> Iterator[Finding]:
        yield found(layer.span, options.version, Confidence.HIGH)

    assert told(SOURCE, keras_asks, options=Options(version="2.15")) == [("2.15", 2)]


def seeing(msgid: str) -> Check:
    @rule(msgid, symptom=Symptom.PLATEAU)
    def keras_sees(layer: Layer, findings: Sequence[Finding]) -> Iterator[Finding]:
        yield found(layer.span, f"{len(findings)} seen", Confidence.HIGH)

    return keras_sees


def test_a_rule_that_asks_for_findings_is_given_those_of_rules_that_do_not() -> None:
    @rule("W7992", symptom=Symptom.PLATEAU)
    def keras_sees_too(layer: Layer, findings: Sequence[Finding]) -> Iterator[Finding]:
        yield from vars(seeing("W7993"))["_keraslint_rule"].check(layer, findings)

    assert told(SOURCE, seeing("W7990"), declared("W7991")) == [("1 seen", 2), ("found", 2)]
    assert told(SOURCE, seeing("W7990")) == [("0 seen", 2)]
    assert told(SOURCE, seeing("W7990"), keras_sees_too) == [("0 seen", 2), ("0 seen", 2)]


def test_a_finding_at_the_very_place_of_a_better_one_is_not_told() -> None:
    @rule("W7990", symptom=Symptom.PLATEAU, yields_to="keras-found")
    def keras_elsewhere(layer: Layer) -> Iterator[Finding]:
        yield found(layer.span, "at the layer", Confidence.HIGH, about="another")
        yield found(Span(1, 0, 1, 4), "elsewhere", Confidence.HIGH, about="another")

    assert told(SOURCE, keras_elsewhere, declared("W7991")) == [("elsewhere", 1), ("found", 2)]


def test_a_finding_without_a_line_is_placed_by_the_name_of_its_layer() -> None:
    [layer] = read(SOURCE, "file.py").layers
    nowhere = Finding(Span(0, 0, 0, 0), "message", Confidence.HIGH)
    assert nowhere.place == "`the model`"
    assert nowhere._replace(subject=layer).place == "`four`"
    assert nowhere._replace(span=layer.span).place == "line 2"


def test_the_summary_is_the_first_line_of_the_page() -> None:
    made: Rule = vars(declared("W7990"))["_keraslint_rule"]
    assert made.summary == (__doc__ or "").splitlines()[0]
    assert made.page.startswith(made.summary)
