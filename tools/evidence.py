"""Trains every rule's bad and good fixture in real Keras, and writes what was observed to docs/EVIDENCE.md.

    python tools/evidence.py [--only RULE]… [--seeds N]

A rule's findings in `bad.py` are judged as `keraslint confirm` judges them: the flagged model beside its twin, which
is made by the rule's fix, or taken from `good.py` where there is none. What cannot be seen by training a model (a call
that raises, a file name, a callback) is seen by running both programs, statement by statement, and for a few rules by a
small program of their own, `observed.py`. With `--only` the other rows of the page stay as they are.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from subprocess import PIPE
from typing import Any, NamedTuple

from keraslint import edits
from keraslint.confirm import Run, Session, Settings, Trained, Verdict, confirm
from keraslint.confirm.comparing import accuracy, error, outputs
from keraslint.confirm.telling import number
from keraslint.graph import Program, Span
from keraslint.reader import read
from keraslint.rules import Finding, Options, Rule, all_rules, check
from keraslint.rules.framework import Symptom

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures" / "rules"
PAGE = ROOT / "docs" / "EVIDENCE.md"
RUNNER = ROOT / "tools" / "running.py"

SECONDS = 90.0
"""For one file's trainings, on a machine that does other things, too."""

MORE = 1000
"""Updates where the usual number shows nothing: fixtures are small, and some fit for one epoch of two batches."""

SEEDS = 2

SEEN = ("confirmed", "in some runs", "conditional")
"""Verdicts of confirm that say that a symptom was observed."""

UNMOVED = ("no model", "no compiled model", "Keras does not raise", "the loss is not understood", "not observable")
"""How reasons begin that neither another twin nor more updates change."""


class Seen(NamedTuple):
    """What was observed of one finding: how, and on both sides; no symptom when it was not observed."""

    line: int
    symptom: str
    how: str
    bad: str
    good: str
    reason: str = ""
    """Why it was not observed, or under which assumption it was."""


@dataclass(frozen=True)
class Row:
    """What was observed of one rule."""

    rule: Rule
    seen: tuple[Seen, ...]
    """Of each finding in its bad fixture."""
    own: Seen | None = None
    """By its own program."""

    @property
    def observed(self) -> tuple[Seen, ...]:
        """What tells most comes first."""
        every = [one for one in (*self.seen, self.own) if one and one.symptom]
        return tuple(sorted(every, key=lambda one: (one.how.startswith("run"), bool(one.reason))))


# Judged as confirm judges.


def judged(rule: Rule, session: Session, lines: Iterable[int] | None = None) -> list[Seen]:
    """What confirm says of the rule's findings in its bad fixture, or of those in ``lines``."""
    path = FIXTURES / rule.symbol / "bad.py"
    source, good = (path.with_name(name).read_text(encoding="utf-8") for name in ("bad.py", "good.py"))
    wanted = None if lines is None else set(lines)

    def found(program: Program) -> list[Finding]:
        return [
            _as_in(good, source, finding) if finding.rule == rule and finding.fix is None else finding
            for finding in check(program, Options(), _on(rule))
        ]

    def chosen(finding: Finding) -> bool:
        return finding.rule == rule and (wanted is None or finding.span.line in wanted)

    report = confirm(source, str(path.relative_to(ROOT)), read, found, session=session, chosen=chosen)
    return [_of(verdict) for verdict in report.verdicts]


def _on(rule: Rule) -> list[Rule]:
    """What is on by default, and the rule itself."""
    return [one for one in all_rules() if one.on_by_default or one is rule]


def _as_in(good: str, source: str, finding: Finding) -> Finding:
    """The finding with the good fixture for its fix."""
    lines = source.splitlines()
    everything = Span(1, 0, len(lines), len(lines[-1].encode()))
    return finding._replace(fix=edits.Fix("as in `good.py`", (edits.replace(everything, good),)))


def _of(verdict: Verdict) -> Seen:
    evidence, line = verdict.evidence, verdict.finding.span.line
    if verdict.verdict not in SEEN or evidence is None or verdict.symptom is None:
        return Seen(line, "", "", "", "", f"{verdict.verdict}: {verdict.reason}")
    symptom, head = verdict.symptom, evidence.head
    runs = len(evidence.flagged.runs)
    how = f"confirm, {evidence.flagged.runs[0].updates} updates, seeds 0 to {runs - 1}" if runs else "confirm"
    told: list[str] = [] if verdict.verdict == "confirmed" else [verdict.verdict]
    told += [f"if {evidence.elsewhere.assumed}"] if verdict.verdict == "conditional" and evidence.elsewhere else []
    bad, good = (_side(side, symptom, head) for side in (evidence.flagged, evidence.twin))
    return Seen(line, symptom.value, how, bad, good, ", ".join(told))


def _side(side: Trained | None, symptom: Symptom, head: int | None) -> str:
    """The quantities by which a symptom shows, of the first seed."""
    if side is None:
        return "no twin"
    if side.error is not None:
        return f"{side.phase}: {side.error}"
    if not side.runs:
        return "no error"
    return MEASURES[symptom](side.runs[0], head)


def _spread(run: Run, head: int | None) -> str:
    spread = max(run.spreads[n] for n in outputs(run, head))
    always = next((run.always[n] for n in outputs(run, head) if run.always[n] is not None), None)
    return f"output spread {spread:.2g}" + ("" if always is None else f", every prediction {number(always)}")


def _moved(run: Run, head: int | None) -> str:
    return f"{run.moved} of {run.weights} weights moved"


def _loss(run: Run, head: int | None) -> str:
    finite = "" if run.finite else ", not finite"
    return f"loss {number(run.first)} → {number(run.last)}{finite}"


def _score(run: Run, head: int | None) -> str:
    if not run.finite:
        return _loss(run, head)
    right = accuracy(run.end, run, head)
    if right is None:
        start, end, best = (number(error(scores, run, head)) for scores in (run.start, run.end, run.constant))
        return f"error {start} → {end} (a constant {best})"
    start, best = (number(accuracy(scores, run, head) or 0.0) for scores in (run.start, run.constant))
    return f"accuracy {start} → {number(right)} (a constant {best}), log loss {number(error(run.end, run, head))}"


def _metrics(run: Run, head: int | None) -> str:
    shown = [f"{name} {number(run.start_metrics[name])} → {number(end)}" for name, end in run.end_metrics.items()]
    return "; ".join([*shown, _score(run, head)])


MEASURES: dict[Symptom, Callable[[Run, int | None], str]] = {
    Symptom.CONSTANT: _spread,
    Symptom.NO_GRADIENT: _moved,
    Symptom.NAN: _loss,
    Symptom.METRIC: _metrics,
    Symptom.PLATEAU: _score,
    Symptom.SLOWER: _score,
    Symptom.DIVERGES: _score,
    Symptom.RAISES: lambda run, head: "no error",
}


# Run, statement by statement.


class Runner:
    """A process that runs files one after the other, and another in its place when one ends early."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Runner:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def told(self, path: Path) -> dict[str, Any]:
        """What `running.py` says of a file; nothing where it came to no end."""
        if self._process is None or self._process.poll() is not None:
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            command = [sys.executable, str(RUNNER)]
            self._process = subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True, env=environment)
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            self._process.wait()
        return json.loads(line) if line else {"raised": [], "warned": []}


def ran(rule: Rule, runner: Runner) -> dict[int, Seen]:
    """What its bad program raises, or warns of where nothing else is to be seen, and its good one does not; by line."""
    folder = FIXTURES / rule.symbol
    bad, good = (runner.told(folder / name) for name in ("bad.py", "good.py"))
    seen: dict[int, Seen] = {}
    for kind in ("warned", "raised"):
        if kind == "warned" and Symptom.NONE not in rule.symptoms:
            continue
        fine = {event["text"] for event in good[kind]}
        for event in bad[kind]:
            line = _line_of(event, rule, folder)
            if event["text"] not in fine and line:
                symptom = "raises" if kind == "raised" and Symptom.RAISES in rule.symptoms else "none"
                seen[line] = Seen(line, symptom, "run", event["text"], "no error" if kind == "raised" else "no warning")
    return seen


def _line_of(event: dict[str, Any], rule: Rule, folder: Path) -> int | None:
    """The finding that an event belongs to: within the statement, or the last one before it."""
    text = (folder / "bad.py").read_text(encoding="utf-8")
    lines = sorted({f.span.line for f in check(read(text, "bad.py"), Options(), [rule])})
    inside = [line for line in lines if event["first"] <= line <= event["last"]]
    exact = [line for line in inside if line == event["line"]]
    before = [line for line in lines if line <= event["line"]]
    return next(iter([*exact, *inside, *reversed(before)]), None)


# Together.


def row(rule: Rule, session: Session, runner: Runner) -> Row:
    """All that can be observed of one rule, by whatever shows it first."""
    session.settings = replace(session.settings, steps=None)
    seen = {one.line: one for one in judged(rule, session)}
    if not all(one.symptom for one in seen.values()) and {Symptom.RAISES, Symptom.NONE} & set(rule.symptoms):
        _add(seen, ran(rule, runner).values())
    own = _by_own_program(rule, runner)
    left = [one.line for one in seen.values() if not one.symptom and not _is_settled(one)]
    if left and not own and not any(one.symptom for one in seen.values()):
        session.settings = replace(session.settings, steps=MORE)
        _add(seen, judged(rule, session, lines=left))
    return Row(rule, tuple(seen[line] for line in sorted(seen)), own)


def _add(seen: dict[int, Seen], more: Iterable[Seen]) -> None:
    for one in more:
        if one.symptom or one.line not in seen:
            seen[one.line] = one


def _is_settled(one: Seen) -> bool:
    return one.reason.partition(": ")[2].startswith(UNMOVED)


def _by_own_program(rule: Rule, runner: Runner) -> Seen | None:
    """What its `observed.py` sees; None where it has none, or does not see what it promises."""
    path = FIXTURES / rule.symbol / "observed.py"
    saw = runner.told(path) if path.exists() else {}
    if not saw.get("seen"):
        return None
    sides = (", ".join(f"{name} {value}" for name, value in saw[side].items()) for side in ("bad", "good"))
    return Seen(0, saw["symptom"], "`observed.py`", *sides)


# The page: rows of a table, from which all else on it follows.

COLUMNS = ("rule", "id", "expected", "verdict", "observed", "in `bad.py`", "in `good.py`, or its fix", "by, or why not")
Line = tuple[str, ...]
"""The cells of a row, in the order of the columns."""


def line_of(one: Row) -> Line:
    link = f"[{one.rule.symbol}](rules/{one.rule.symbol}.md)"
    expected = ", ".join(symptom.value for symptom in one.rule.symptoms)
    if not one.observed:
        reasons = "; ".join(list(dict.fromkeys(seen.reason for seen in one.seen))[:2])
        cells = (link, one.rule.msgid, expected, "not observed", f"0 of {len(one.seen)}", "", "", reasons)
        return tuple(map(_cell, cells))
    first = one.observed[0]
    found = [seen.symptom for seen in one.seen if seen.symptom]
    count = f"{len(found)} of {len(one.seen)}" + (f": {', '.join(dict.fromkeys(found))}" if found else "")
    count += f"; `observed.py`: {one.own.symptom}" if one.own else ""
    by = first.how + (f", line {first.line}" if first.line else "") + (f" ({first.reason})" if first.reason else "")
    return tuple(map(_cell, (link, one.rule.msgid, expected, "observed", count, first.bad, first.good, by)))


def _cell(text: str) -> str:
    """In one line of a table, not too long."""
    flat = " ".join(text.replace("|", "\\|").split())
    return flat if len(flat) <= WIDEST else f"{flat[: WIDEST - 1]}…"


WIDEST = 240
"""Characters of a cell."""


def symbol_of(line: Line) -> str:
    return line[0].strip("[").partition("]")[0]


def lines_in(text: str) -> dict[str, Line]:
    """The rows of a page, by symbol."""
    rows = (line for line in text.splitlines() if line.startswith("| [keras-"))
    cells = (tuple(re.split(r" \| ", row.removeprefix("| ").removesuffix(" |"))) for row in rows)
    return {symbol_of(line): line for line in cells}


def page(lines: Iterable[Line], keras: str) -> str:
    """The whole document; ``keras`` says which one, and on what."""
    known = {symbol_of(line): line for line in lines}
    rows = [known[rule.symbol] for rule in all_rules() if rule.symbol in known]
    table = [f"| {' | '.join(cells)} |" for cells in rows]
    return "\n".join([*_head(rows, keras), *_missing(rows), "## Rule by rule\n", *_titles(COLUMNS), *table, ""])


def _titles(names: Sequence[str]) -> list[str]:
    return [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]


def _head(rows: Sequence[Line], keras: str) -> Iterator[str]:
    yield "# What was observed of every rule\n"
    yield (
        "Written by `make evidence`, which trains each rule's fixtures (`fixtures/rules`) in real Keras. A finding in\n"
        "`bad.py` is judged as [`keraslint confirm`](confirm.md) does: the flagged model beside its twin, made by the\n"
        "rule's fix or else by `good.py`. What no training shows is seen where both programs are run (*run*: what one\n"
        "raises or warns of and the other does not), or by a small program of the rule's own (`observed.py`).\n"
        "A rule counts as observed when one of its findings is; the table says how many of them are.\n"
    )
    yield f"{keras}; numbers are those of the first seed.\n"
    yield from _titles(("category", "rules", "observed", "not observed"))
    groups = Counter(group_of(line) for line in rows)
    seen = Counter(group_of(line) for line in rows if line[3] == "observed")
    for group in sorted(groups, key=lambda name: ("EWR".index(name[0]), len(name))):
        yield f"| {group} | {groups[group]} | {seen[group]} | {groups[group] - seen[group]} |"
    yield ""


def group_of(line: Line) -> str:
    """The row of the summary that a rule counts for."""
    return line[1][0] + (" (no symptom that training shows)" if line[2] == Symptom.NONE.value else "")


def _missing(rows: Sequence[Line]) -> Iterator[str]:
    yield "## Not observed\n"
    left = [line for line in rows if line[3] != "observed"]
    yield from (f"- {symbol_of(line)} ({line[1]}): {line[-1]}" for line in left)
    yield "" if left else "Nothing.\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", metavar="RULE", help="renew the rows of these rules alone")
    parser.add_argument("--seeds", type=int, default=SEEDS, help=f"of every training (default {SEEDS})")
    given = parser.parse_args()
    rules = [one for one in all_rules() if not given.only or {one.symbol, one.msgid} & set(given.only)]
    before = PAGE.read_text(encoding="utf-8") if given.only and PAGE.exists() else ""
    lines = lines_in(before)
    with Session(Settings(seeds=given.seeds, seconds=SECONDS)) as session, Runner() as runner:
        for count, rule in enumerate(rules, 1):
            line = line_of(row(rule, session, runner))
            lines[rule.symbol] = line
            print(f"[{count}/{len(rules)}] {' | '.join(line)}", flush=True)
            keras = f"Keras {version('keras')} on {session.settings.backend}"
            if before and keras not in before:
                parser.error(f"the page is not of {keras}: without --only all of it is renewed")
            PAGE.write_text(page(lines.values(), keras), encoding="utf-8")
    return 1 if any(line[1][0] == "E" and line[3] != "observed" for line in lines.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
