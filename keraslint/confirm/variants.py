"""The two sides of each finding: the flagged training and its twin, as plans that differ by the fix alone."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keraslint import edits
from keraslint.confirm.datasets import on_classes
from keraslint.confirm.plan import Plan, Unplannable
from keraslint.confirm.planning import plan_model, plan_object, plan_sides
from keraslint.confirm.symptoms import COMPARED, GAPS
from keraslint.graph import Call, KerasObject, Model, OwnFunction, OwnStep, Program, Span, Training
from keraslint.graph.views import about, belongs_to, calls_in, head_of, heads_of, is_in, objects_in
from keraslint.rules.framework import Finding, Symptom

Read = Callable[[str, str], Program]
Check = Callable[[Program], list[Finding]]

SPELLING = "keras-removed-argument"
"""The one rule about how an argument is spelled; for all others today's name is used."""


@dataclass(frozen=True)
class Case:
    """One finding with what has to be trained to judge it."""

    finding: Finding
    flagged: Plan | None = None
    twin: Plan | None = None
    head: int | None = None
    assumptions: tuple[str, ...] = ()
    reason: str | None = None
    """Why it cannot be judged; then there is nothing to train."""
    elsewhere: tuple[Plan, Plan] | None = None
    """Both plans on classes, where real values as targets were only assumed."""
    source_line: str = ""
    diff: tuple[str, ...] = ()

    @property
    def control(self) -> Plan | None:
        """The twin, from other initial weights and at a slightly lower rate: a change that is no cure."""
        return Plan({**self.twin.document, "control": True}) if self.twin else None

    @property
    def plans(self) -> tuple[Plan, ...]:
        """What has to be trained for a first judgement."""
        return tuple(plan for plan in (self.flagged, self.twin) if plan is not None and self.reason is None)

    def doubts(self, symptom: Symptom | None) -> tuple[Plan, ...]:
        """What has to be trained besides when a first judgement rests on a comparison."""
        control = (self.control,) if symptom in GAPS else ()
        return tuple(plan for plan in (*control, *(self.elsewhere or () if symptom in COMPARED else ())) if plan)

    @property
    def later(self) -> tuple[Plan, ...]:
        """What may have to be trained besides, whatever is seen."""
        symptoms = self.finding.rule.symptoms if self.finding.rule else ()
        return tuple(plan for symptom in symptoms for plan in self.doubts(symptom))


REAL_VALUES = "your targets are real values, which the source does not tell"
CLASSES = "they are classes, as 0 and 1"


@dataclass(frozen=True)
class Source:
    """The text that was checked, and how to read and check a changed one."""

    text: str
    path: str
    program: Program
    findings: Sequence[Finding]
    read: Read
    check: Check


def cases(source: Source, updates: int | None, chosen: Callable[[Finding], bool] = lambda _: True) -> list[Case]:
    """A case for every finding that is chosen; the others are still fixed on both sides."""
    return [
        replace(_case(source, finding, updates), **_shown(source.text, finding))
        for finding in source.findings
        if chosen(finding)
    ]


def _shown(text: str, finding: Finding) -> dict[str, Any]:
    """The line of the finding, and what its fix changes."""
    lines = text.splitlines()
    line = lines[finding.span.line - 1].strip() if finding.span.line <= len(lines) else ""
    try:
        fixed = edits.apply(text, [finding.fix] if finding.fix else []).splitlines()
    except edits.EditError:
        fixed = lines
    changed = difflib.unified_diff(lines, fixed, lineterm="", n=0)
    return {"source_line": line, "diff": tuple(row for row in list(changed)[2:] if not row.startswith("@@"))}


def _case(source: Source, finding: Finding, updates: int | None) -> Case:
    symptoms = finding.rule.symptoms if finding.rule else ()
    if set(symptoms) <= {Symptom.NONE}:
        return Case(finding, reason="not observable in a short training")
    if isinstance(finding.subject, OwnFunction | OwnStep):
        return Case(finding, reason="it is about code of the program's own, which is never run")
    index = training_of(finding, source.program)
    if index is None:
        return _case_of_model(source, finding)
    controls = _controls(source, finding, index)
    of_output = head_of(finding.subject)
    head = of_output.index if of_output is not None else None
    try:
        flagged = _fixed(source, controls) if controls else source.program
        # A rule that weighs what others found is silent once that is fixed, and what it says is then to be tried.
        alone = finding.rule is not None and not finding.rule.wants_findings
        if alone and controls and _count(source.check(flagged), finding) < _count(source.findings, finding):
            controls, flagged = (), source.program
        twin = _fixed(source, (*controls, finding)) if finding.fix else None
        if alone and twin and _count(source.check(twin), finding) >= _count(source.check(flagged), finding):
            return Case(finding, reason="the fix does not remove the finding", head=head)
        return _planned(finding, flagged, twin, index, head, updates, controls)
    except (Unplannable, edits.EditError) as problem:
        return Case(finding, head=head, reason=str(problem))
    except IndexError:
        return Case(finding, head=head, reason="the model is not found again after the fix")


def _planned(
    finding: Finding,
    flagged: Program,
    twin: Program | None,
    index: int,
    head: int | None,
    updates: int | None,
    controls: Sequence[Finding],
) -> Case:
    raises = finding.rule is not None and Symptom.RAISES in finding.rule.symptoms
    if twin is None and not raises:
        return Case(finding, reason="the rule knows no fix that could be tried beside it", head=head)
    as_written = finding.rule is not None and finding.rule.symbol == SPELLING
    fixed = twin.trainings[index] if twin is not None else None
    assumed = [f"{c.rule.symbol} in line {c.span.line} is fixed on both sides" for c in controls if c.rule]
    both = plan_sides(
        flagged.trainings[index], fixed, updates, as_written=as_written, exact=raises, subject=finding.subject
    )
    assumed += [text for plan in both for text in plan.assumptions]
    assumed += [] if as_written else _renamed(flagged, index)
    other = _elsewhere(both, flagged.trainings[index])
    listed = tuple(dict.fromkeys(assumed + ([REAL_VALUES] if other else [])))
    return Case(finding, both[0], both[1] if len(both) > 1 else None, head, listed, elsewhere=other)


def _elsewhere(both: Sequence[Plan], flagged: Training) -> tuple[Plan, Plan] | None:
    """The plans of both sides on classes, where nothing but the loss says that targets are real values."""
    if len(both) < 2 or not any(label.get("assumed") for label in both[0].document["labels"]):
        return None
    changed = [
        Plan(
            {
                **plan.document,
                "labels": [on_classes(*pair) for pair in zip(plan.document["labels"], heads_of(flagged), strict=False)],
            }
        )
        for plan in both
    ]
    return changed[0], changed[1]


def _renamed(program: Program, index: int) -> Iterator[str]:
    """Old names of optimizer arguments, which are passed by today's name so that other faults can be seen."""
    optimizer = program.trainings[index].optimizer.value
    for argument in optimizer.arguments if isinstance(optimizer, KerasObject) else ():
        if argument.written not in (None, argument.name):
            yield f"`{argument.written}` is passed as `{argument.name}`"


def _case_of_model(source: Source, finding: Finding) -> Case:
    """For a model that is never compiled, building it is all that can be tried."""
    if finding.rule is None or Symptom.RAISES not in finding.rule.symptoms:
        return Case(finding, reason="no compiled model that this finding belongs to was found")
    index = next((n for n, m in enumerate(source.program.models) if _model_holds(m, finding)), None)
    if index is None:
        return _case_of_object(source, finding)
    try:
        flagged = plan_model(source.program.models[index])
        twin = plan_model(_fixed(source, (finding,)).models[index]) if finding.fix else None
    except (Unplannable, edits.EditError) as problem:
        return Case(finding, reason=str(problem))
    except IndexError:
        return Case(finding, reason="the model is not found again after the fix")
    assumed = ("the model is only built: nothing compiles it", *flagged.assumptions)
    return Case(finding, flagged, twin, assumptions=assumed)


def _case_of_object(source: Source, finding: Finding) -> Case:
    """For an optimizer, callback or layer on its own, making it is all that can be tried."""
    index = next((n for n, part in enumerate(_parts(source.program)) if part is finding.subject), None)
    if index is None:
        return Case(finding, reason="no model that this finding belongs to was found")
    try:
        flagged = plan_object(_parts(source.program)[index])
        twin = plan_object(_parts(_fixed(source, (finding,)))[index]) if finding.fix else None
    except (Unplannable, edits.EditError) as problem:
        return Case(finding, reason=str(problem))
    except IndexError:
        return Case(finding, reason="it is not found again after the fix")
    return Case(finding, flagged, twin, assumptions=("it is only made: no model uses it",))


def _parts(program: Program) -> tuple[KerasObject, ...]:
    return (*program.objects, *program.layers)


def _fixed(source: Source, findings: Sequence[Finding]) -> Program:
    text = edits.apply(source.text, [finding.fix for finding in findings if finding.fix])
    return source.read(text, source.path)


def _controls(source: Source, finding: Finding, index: int) -> tuple[Finding, ...]:
    """Other faults (E and W) of the same training that can be fixed beside this one.

    They would hide what this finding does: behind a softmax over one unit no learning rate matters.
    """
    chosen: list[Finding] = []
    for other in source.findings:
        a_fault = other is not finding and other.rule is not None and other.rule.on_by_default
        if a_fault and other.fix and training_of(other, source.program) == index:
            chosen += [other] if _combines(source.text, [*chosen, other, finding]) else []
    return tuple(chosen)


def _combines(text: str, findings: Sequence[Finding]) -> bool:
    """Whether the fixes of all can be applied together."""
    try:
        edits.apply(text, [finding.fix for finding in findings if finding.fix])
    except edits.EditError:
        return False
    return True


def _count(findings: Sequence[Finding], like: Finding) -> int:
    """How many findings there are of the same rule; places shift with every edit."""
    return sum(found.rule is like.rule for found in findings)


def training_of(finding: Finding, program: Program) -> int | None:
    """Which training the finding is about: by the part of the graph at fault, else by its place."""
    trainings = program.trainings
    for n, training in enumerate(trainings):
        if belongs_to(finding.subject, training):
            return n
    for n, training in enumerate(trainings):
        if any(_inside(finding.span, span) for span in _spans(training)):
            return n
    return None


def _model_holds(model: Model, finding: Finding) -> bool:
    if is_in(finding.subject, model):
        return True
    if any(isinstance(part, Call) for part in about(finding.subject)):
        return False
    places = [model.span, *(call.span for call in calls_in(model))]
    return any(_inside(finding.span, place) for place in places)


def _spans(training: Training) -> Iterator[Span]:
    yield training.span
    for part in objects_in(training):
        yield part.span
        yield from (argument.span for argument in part.arguments if argument.span)


def _inside(inner: Span, outer: Span) -> bool:
    starts = (outer.line, outer.column) <= (inner.line, inner.column)
    return starts and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
