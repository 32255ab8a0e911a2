"""What a rule is: its declaration, its findings, and the walk that shows it everything it looks at."""

from __future__ import annotations

import importlib
import inspect
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from keraslint.edits import Fix
from keraslint.graph import Confidence, Fact, KerasObject, Program, Span, weakest
from keraslint.graph.once import once
from keraslint.graph.views import are_about_the_same, name_of
from keraslint.settings import Options

FAMILIES = {
    "output": range(7800, 7820),
    "metrics": range(7820, 7830),
    "optimizer": range(7830, 7840),
    "architecture": range(7840, 7860),
    "shapes": range(7860, 7880),
    "training": range(7880, 7897),
    "loops": range(7900, 7920),
    "data": range(7920, 7940),
    "saving": range(7940, 7960),
    "names": range(7960, 7980),
    "structure": range(7980, 8000),
}
"""The folders of rules, and the ids that each has; 7897 to 7899 are the checker's own."""


class Symptom(str, Enum):
    """What `confirm` can observe when the finding is right; docs/confirm.md says what each means."""

    RAISES = "raises"
    CONSTANT = "constant"
    NO_GRADIENT = "no-gradient"
    PLATEAU = "plateau"
    NAN = "nan"
    DIVERGES = "diverges"
    METRIC = "metric"
    SLOWER = "slower"
    NONE = "none"


class Finding(NamedTuple):
    """A fault at a place: the fact, its consequence and the remedy in one line."""

    span: Span
    message: str
    confidence: Confidence
    fix: Fix | None = None
    rule: Rule | None = None
    subject: object = None
    """The part of the graph at fault; `check` fills in what the rule looked at where it names none."""

    @property
    def place(self) -> str:
        """``line 12``; the name of the layer where the model has no source."""
        return f"line {self.span.line}" if self.span.is_known else f"`{name_of(self.subject) or 'the model'}`"


def found(
    at: Fact[Any] | Span,
    message: str,
    *because: Fact[Any] | Confidence,
    fix: Fix | None = None,
    about: object = None,
) -> Finding:
    """A finding at a fact or span, as sure as the weakest of the facts it rests on.

    ``about`` is the part of the graph at fault, where that is smaller than what the rule looks at.
    """
    span = at.span if isinstance(at, Fact) else at
    facts = (at, *because) if isinstance(at, Fact) else because
    return Finding(span, message, weakest(*facts), fix, subject=about)


@dataclass(frozen=True, eq=False, slots=True)
class Rule:
    """One rule: a generator of findings over one kind of part of the graph."""

    msgid: str
    symbol: str
    symptoms: tuple[Symptom, ...]
    check: Callable[..., Iterator[Finding]]
    looks_at: type
    wants_options: bool
    even_untrained: bool = False
    """It speaks of calls that raise by themselves, so it sees what nothing trains as well."""
    old_names: tuple[tuple[str, str], ...] = ()
    wants_findings: bool = False
    """It weighs what the other rules found, and is asked after them."""
    yields_to: tuple[str, ...] = ()
    """Symbols of the rules that explain its finding better."""

    @property
    def category(self) -> str:
        """``E``, ``W`` or ``R``."""
        return self.msgid[0]

    @property
    def on_by_default(self) -> bool:
        return self.category != "R"

    @property
    def page(self) -> str:
        """The docstring of its module."""
        return inspect.cleandoc(self.check.__globals__["__doc__"] or "")

    @property
    def summary(self) -> str:
        """The page's first line."""
        return self.page.partition("\n")[0]


_REGISTERED = "_keraslint_rule"
F = TypeVar("F", bound=Callable[..., Iterator[Finding]])


def rule(
    msgid: str,
    *,
    symptom: Symptom | tuple[Symptom, ...],
    even_untrained: bool = False,
    old_names: tuple[tuple[str, str], ...] = (),
    yields_to: str | tuple[str, ...] = (),
) -> Callable[[F], F]:
    """Declare a rule.

    The function's name is the symbol, its first parameter's annotation says what it looks at: a view, or a plain
    part of the graph; anything whose class enumerates itself by ``of(program)``. A second parameter
    ``options: Options`` gives it the settings, and the module's docstring is its page. A rule whose judgment
    depends on other faults asks with ``findings: Sequence[Finding]`` for all that the rules without it found.

    ``yields_to`` names the rules that explain a finding better: where one of them speaks of the same output, layer
    or training, this one is silent, unless its fix changes another place.

    What nothing trains has no training fault: a rule sees no compile whose model is surely never fitted, nor the
    optimizer and the losses that only such a compile has. One about calls that raise by themselves, trained or not,
    says ``even_untrained=True``.
    """

    def declare(function: F) -> F:
        # get_type_hints would evaluate every annotation of every rule, in each run of pylint that reads Keras code.
        annotations = function.__annotations__
        looked_at = next(iter(annotations.values()))
        declared = Rule(
            msgid=msgid,
            symbol=function.__name__.replace("_", "-"),
            symptoms=symptom if isinstance(symptom, tuple) else (symptom,),
            check=function,
            looks_at=function.__globals__[looked_at] if isinstance(looked_at, str) else looked_at,
            wants_options="options" in annotations,
            even_untrained=even_untrained,
            wants_findings="findings" in annotations,
            old_names=old_names,
            yields_to=(yields_to,) if isinstance(yields_to, str) else yields_to,
        )
        setattr(function, _REGISTERED, declared)
        return function

    return declare


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule in the package, by id: found by walking it, never by a list kept by hand."""
    rules: list[Rule] = []
    for path in sorted(Path(__file__).parent.glob("*/*.py")):
        module = importlib.import_module(f"keraslint.rules.{path.parent.name}.{path.stem}")
        for value in vars(module).values():
            declared = getattr(value, _REGISTERED, None)
            if isinstance(declared, Rule) and declared.check.__module__ == module.__name__:
                rules.append(declared)
    return tuple(sorted(rules, key=lambda r: r.msgid[1:]))


def by_symbol(name: str) -> Rule | None:
    """The rule with this symbol, id or old name."""
    for candidate in all_rules():
        if name in (candidate.symbol, candidate.msgid) or any(name in old for old in candidate.old_names):
            return candidate
    return None


def check(program: Program, options: Options, rules: Iterable[Rule] | None = None) -> list[Finding]:
    """Everything that ``rules`` (all by default) find in ``program``, in order of place; each finding once.

    A function that is inlined at several calls is read several times: the same message at the same place is reported
    once, with the highest confidence. An error rests on proof: one that takes many open branches to go a certain way
    at once is not reported. What another finding explains better is left to that.
    """
    best: dict[tuple[Span, str, str], Finding] = {}
    trained = program.trained
    for candidate in sorted(all_rules() if rules is None else rules, key=lambda r: r.wants_findings):
        settings = (options,) if candidate.wants_options else ()
        others = (_of_the_first_pass(best.values()),) if candidate.wants_findings else ()
        for part in candidate.looks_at.of(program if candidate.even_untrained else trained):  # type: ignore[attr-defined]
            for finding in candidate.check(part, *settings, *others):
                if finding.span.file:
                    continue  # it is found where that file itself is read
                if _is_meant(program, candidate, finding):
                    continue
                if candidate.category == "E" and _is_unproven(finding, part):
                    continue
                if finding.fix and any(_makes_several(program, edit.span) for edit in finding.fix.edits):
                    finding = finding._replace(fix=None)
                finding = finding._replace(rule=candidate, subject=finding.subject or part)
                key = (finding.span, candidate.symbol, "" if finding.span.is_known else finding.place)
                if key not in best or finding.confidence > best[key].confidence:
                    best[key] = finding
    told = [finding for finding in best.values() if not _is_explained(finding, best.values())]
    return sorted(told, key=lambda f: (f.span, f.rule.msgid if f.rule else ""))


def _is_unproven(finding: Finding, part: object) -> bool:
    """Whether it depends on many open branches at once, or on a value that callers out of sight may replace."""
    about = finding.subject or part
    assumed = isinstance(about, KerasObject) and about.assumed
    return finding.confidence is Confidence.CONTROL_FLOW or (assumed and finding.confidence is not Confidence.HIGH)


def _makes_several(program: Program, place: Span) -> bool:
    """Whether an edit there would change more layers of a model than the one that is meant, as in a loop."""
    return any(place.meets(span) for span in _made_in_loops(program))


@once
def _made_in_loops(program: Program) -> tuple[Span, ...]:
    """The places at which one model got several layers."""
    found: set[Span] = set()
    for model in {id(training.model): training.model for training in program.trainings}.values():
        times = Counter(layer.span for layer in model.layers if not layer.span.file)
        found.update(span for span, count in times.items() if count > 1)
    return tuple(found)


def _is_meant(program: Program, rule: Rule, finding: Finding) -> bool:
    """Whether it stands where the program is written to fail, or in a test, of which only what raises is a fault."""
    if any(block.holds(finding.span) for block in program.refusals_expected):
        return True
    return program.holds_tests and not (rule.category == "E" and Symptom.RAISES in rule.symptoms)


def _is_explained(finding: Finding, findings: Iterable[Finding]) -> bool:
    """Whether a rule that it yields to speaks of the same, and one fix is enough."""
    better = finding.rule.yields_to if finding.rule else ()
    return any(
        other.rule is not None
        and other.rule.symbol in better
        and (other.span == finding.span or are_about_the_same(finding.subject, other.subject))
        and not _is_independent(finding, other)
        for other in (findings if better else ())
    )


def _is_independent(finding: Finding, other: Finding) -> bool:
    """Whether its fix leaves alone all that the other points at and changes."""
    changed = [edit.span for edit in finding.fix.edits] if finding.fix else []
    meant = [other.span, *(edit.span for edit in other.fix.edits)] if other.fix else [other.span]
    return bool(changed) and not any(span.meets(place) for span in changed for place in meant)


def _of_the_first_pass(found_so_far: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those of rules that ask for no others' findings, so that the order of the second pass does not matter."""
    return tuple(finding for finding in found_so_far if finding.rule and not finding.rule.wants_findings)
