"""To which training a finding belongs, and what a case asks to be trained."""

from __future__ import annotations

from typing import Any

import pytest
from builders import RATINGS, call, rule
from faults import RATE, SPELLING, STYLE, Reader, fault
from helpers.graph_parts import NOWHERE, arguments, fact, layer

from keraslint.confirm.plan import Plan
from keraslint.confirm.variants import Case, Source, _shown, cases, training_of
from keraslint.edits import Fix, replace
from keraslint.graph import Call, Confidence, Fit, KerasObject, Model, Program, Shape, Span, Tensor, Training
from keraslint.graph.views import heads_of
from keraslint.rules.framework import Finding, Symptom

ELSEWHERE = Span(90, 0, 90, 1)
NO_PLACE = Span(80, 0, 80, 1)
RAISES = rule("keras-raises", "E7899", Symptom.RAISES)
PLATEAU = rule("keras-plateau", "W7898", Symptom.PLATEAU)


def built(span: Span, units: int = 1) -> Model:
    """An outer model around an inner one of one layer."""
    entered, inside = (Tensor(Shape.of(None, 4), span) for _ in range(2))
    made = call(layer("Dense", units=units), inside, shape=Shape.of(None, units))
    inner = Model("functional", "inner", ELSEWHERE, (inside,), (made,))
    return Model("functional", "outer", span, (entered,), (call(inner, entered, shape=Shape.of(None, units)),))


def compiled(line: int) -> Training:
    span, model = Span(line, 4, line, 20), built(ELSEWHERE)
    loss = KerasObject("keras.losses.Huber", arguments(delta=1.0), ELSEWHERE)
    made = KerasObject("keras.Model.compile", arguments(loss=loss, metrics=fact([])), span)
    return Training(model, made, (Fit("fit", model, (), ELSEWHERE),))


FIRST, SECOND = compiled(5), compiled(9)
PROGRAM = Program("p.py", (FIRST.model, SECOND.model), (FIRST, SECOND))


def finding(subject: Any = None, span: Span = NO_PLACE, about: Any = PLATEAU, fix: Any = None) -> Finding:
    return Finding(span, "a fault", Confidence.HIGH, fix, about, subject)


def parts(training: Training) -> dict[str, object]:
    (outer,) = training.model.calls
    inner = outer.layer
    assert isinstance(inner, Model)
    (deep,) = inner.calls
    again = Call(deep.layer, deep.inputs, (Shape.of(None, 1),), NOWHERE)
    return {
        "head": heads_of(training)[0],
        "training": training,
        "fit": training.fits[0],
        "model": training.model,
        "nested model": inner,
        "call": deep,
        "another call of a layer": again,
        "layer": deep.layer,
        "loss": training.compiled.argument("loss").value,
    }


@pytest.mark.parametrize("part", parts(FIRST))
def test_a_finding_belongs_to_the_training_that_holds_its_part(part: str) -> None:
    assert training_of(finding(parts(FIRST)[part]), PROGRAM) == 0
    assert training_of(finding(parts(SECOND)[part]), PROGRAM) == 1
    assert training_of(finding(parts(compiled(7))[part]), PROGRAM) is None


@pytest.mark.parametrize(
    ("span", "index"),
    [
        (Span(9, 4, 9, 20), 1),
        (Span(9, 5, 9, 19), 1),
        (Span(9, 3, 9, 20), None),
        (Span(9, 4, 9, 21), None),
        (Span(8, 9, 9, 8), None),
        (Span(5, 4, 5, 20), 0),
    ],
)
def test_a_finding_without_a_part_belongs_where_it_stands(span: Span, index: int | None) -> None:
    assert training_of(finding(span=span), PROGRAM) == index


PLANS = [Plan({"n": n}) for n in range(4)]


def test_a_case_asks_for_what_is_there_and_for_nothing_when_it_cannot_be_judged() -> None:
    assert Case(finding(), PLANS[0], PLANS[1]).plans == (PLANS[0], PLANS[1])
    assert Case(finding(), PLANS[0]).plans == (PLANS[0],)
    assert Case(finding(), PLANS[0], PLANS[1], reason="too large").plans == ()


@pytest.mark.parametrize(
    ("symptom", "control", "other"),
    [
        (Symptom.SLOWER, True, True),
        (Symptom.PLATEAU, True, True),
        (Symptom.DIVERGES, True, False),
        (Symptom.METRIC, False, True),
        (Symptom.CONSTANT, False, False),
        (None, False, False),
    ],
)
def test_a_comparison_is_doubted_by_a_control_and_by_other_data(
    symptom: Symptom | None, control: bool, other: bool
) -> None:
    case = Case(finding(), PLANS[0], PLANS[1], elsewhere=(PLANS[2], PLANS[3]))
    beside = (Plan({"n": 1, "control": True}),) if control else ()
    assert case.doubts(symptom) == (*beside, *((PLANS[2], PLANS[3]) if other else ()))
    assert Case(finding(), PLANS[0], PLANS[1]).doubts(symptom) == beside
    assert Case(finding(), PLANS[0]).doubts(symptom) == ()


def test_the_last_line_is_shown_and_a_line_behind_it_is_not() -> None:
    fix = Fix("b", (replace(Span(2, 0, 2, 1), "c"),))
    assert _shown("a\nb", finding(span=Span(2, 0, 2, 1), fix=fix)) == {"source_line": "b", "diff": ("-b", "+c")}
    assert _shown("a\nb", finding(span=Span(3, 0, 3, 1))) == {"source_line": "", "diff": ()}


def only(program: Program, found: Finding, text: str = RATINGS) -> Case:
    (case,) = cases(Source(text, "p.py", program, [found], lambda *_: program, lambda _: [found]), None)
    return case


@pytest.mark.parametrize("part", ["model", "nested model", "call", "another call of a layer", "layer"])
def test_a_model_that_nothing_compiles_is_built(part: str) -> None:
    models = (built(NOWHERE, 2), FIRST.model)
    case = only(Program("p.py", models), finding(parts(FIRST)[part], about=RAISES))
    assert case.flagged is not None
    assert "'units': 1" in str(case.flagged.document["layers"])
    assert case.twin is None


@pytest.mark.parametrize(("span", "there"), [(Span(40, 2, 40, 5), True), (Span(41, 2, 41, 5), False)])
def test_a_model_is_found_by_its_place_too(span: Span, there: bool) -> None:
    case = only(Program("p.py", (built(Span(40, 0, 40, 9)),)), finding(span=span, about=RAISES))
    assert (case.flagged is not None) is there


def test_what_does_not_raise_cannot_be_seen_in_a_model_that_is_only_built() -> None:
    assert "no compiled model" in str(only(Program("p.py", (FIRST.model,)), finding(FIRST.model)).reason)
    nameless = only(Program("p.py", (FIRST.model,)), finding(FIRST.model, about=None))
    assert nameless.reason == "not observable in a short training"


def test_an_object_on_its_own_is_made() -> None:
    sgd, adam = (KerasObject(f"keras.optimizers.{name}", (), NOWHERE) for name in ("SGD", "Adam"))
    case = only(Program("p.py", objects=(sgd, adam)), finding(adam, about=RAISES))
    assert case.flagged is not None
    assert "Adam" in str(case.flagged.document["object"])
    lost = KerasObject("keras.optimizers.Adam", (), NOWHERE)
    assert "no model that" in str(only(Program("p.py", objects=(sgd,)), finding(lost, about=RAISES)).reason)


def assumed(source: str, declared: Any) -> Case:
    reader = Reader(fault(declared, "learning_rate", 0.01, "0.001"))
    program = reader.read(source, "p.py")
    found = reader.check(program)
    (case,) = cases(Source(source, "p.py", program, found, reader.read, reader.check), None)
    return case


def test_old_names_are_passed_by_todays_and_that_is_said() -> None:
    old = RATINGS.replace('rate_keyword = "learning_rate"', 'rate_keyword = "lr"')
    assert "`lr` is passed as `learning_rate`" in assumed(old, RATE).assumptions
    assert not any("passed as" in text for text in assumed(RATINGS, RATE).assumptions)
    assert not any("passed as" in text for text in assumed(old, SPELLING).assumptions)


def test_labels_that_the_program_tells_are_not_tried_as_classes() -> None:
    assert assumed(RATINGS, RATE).elsewhere is None


def test_style_is_not_trained() -> None:
    assert assumed(RATINGS, STYLE).reason == "not observable in a short training"
