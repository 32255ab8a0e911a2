"""How often `keraslint confirm` confirms a finding about a sound program, by criterion and by rule.

    python benchmarks/false_confirmations.py [--jobs N] [--backend jax] [--only rnn] [--limit N] [--keep FOLDER]
    python benchmarks/false_confirmations.py --faulty     # the other side: which faults of fixtures/rules it confirms
    python benchmarks/false_confirmations.py --verify     # are the sound programs sound? trains them as they stand

The programs come from `sound_models.py`. A claim is judged as the linter makes it; where the linter is silent it is
made here in the same words, so that confirm is measured and not the linter. A pair of two sound models is judged by
every criterion in turn, each as if it were a rule's only symptom. *Confirmed* is false in all of these.

Good: no sound pair is confirmed, but for the one in 200 by `no-gradient` of docs/confirm.md.
In `make bench`: --limit 2 --seeds 2
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import sound_models
from sound_models import Sound
from sound_training import LEARNED, Learned, verify

from keraslint import reader, rules
from keraslint.confirm import ConfirmError, Settings, confirm
from keraslint.edits import Fix, replace
from keraslint.graph import Confidence, Program, Span, Training
from keraslint.graph.views import Head, heads_of
from keraslint.rules.framework import Finding, Rule, Symptom
from keraslint.settings import Options

FIXTURES = Path(__file__).parent.parent / "fixtures" / "rules"
CRITERIA = tuple(symptom.value for symptom in Symptom if symptom is not Symptom.NONE)
OUTCOMES = ("confirmed", "in some runs", "refuted", "conditional", "not reproduced", "inconclusive")
HEADING = "# program "
"""Begins the line above each program of a file that holds several."""

SECONDS = 3600.0
"""Time for one file of programs; generous, since a verdict that the machine was too busy for measures nothing."""


@dataclass(frozen=True)
class Judged:
    """One verdict."""

    program: str
    kind: str
    change: str
    about: str
    """The criterion of a pair, else the symbol of the rule."""
    is_pair: bool
    spoke: bool
    """The linter made the finding; else it was made here."""
    verdict: str
    symptom: str | None
    reason: str


# The programs of one file, and the findings about them.


class Together:
    """Several programs in one file, since one process that has loaded Keras can try them all."""

    def __init__(self, sounds: Sequence[Sound], criteria: Sequence[str]) -> None:
        self.sounds = sounds
        self.criteria = criteria
        self.text = "".join(f"{HEADING}{sound.name}\n{sound.source}" for sound in sounds)
        self.read = cache(reader.read)
        """Many findings share a fix; what is fixed is read once."""
        self._texts: list[tuple[Program, str]] = []
        self.made: set[tuple[str, int]] = set()
        """Findings that are ours: by symbol and line."""

    def reading(self, text: str, path: str) -> Program:
        program = self.read(text, path)
        if not any(known is program for known, _ in self._texts):
            self._texts.append((program, text))
        return program

    def check(self, program: Program) -> list[Finding]:
        text = next(text for known, text in self._texts if known is program)
        linted = rules.check(program, Options(), rules.all_rules())
        findings: list[Finding] = []
        for sound, (first, last), own in zip(self.sounds, *_segments(text), strict=True):
            said = [finding for finding in linted if first <= finding.span.line <= last]
            if sound.is_claim and said:
                findings += said
            elif own == sound.source:
                findings += self._findings(sound, first, last, program)
        return sorted(findings, key=lambda finding: finding.span)

    def _findings(self, sound: Sound, first: int, last: int, program: Program) -> Iterator[Finding]:
        training = next(training for training in program.trainings if first <= training.span.line <= last)
        span = place(sound, first)
        fix = Fix(f"write `{sound.new}`", (replace(span, sound.new),))
        for rule in [_rule(sound.change)] if sound.is_claim else map(criterion, self.criteria):
            subject = heads_of(training)[0] if rule.looks_at is Head else training
            self.made.add((rule.symbol, span.line))
            yield Finding(span, f"{sound.change}: `{sound.old}`", Confidence.HIGH, fix, rule, subject)

    def sound_at(self, line: int) -> Sound:
        spans, _ = _segments(self.text)
        return next(sound for sound, (first, last) in zip(self.sounds, spans, strict=True) if first <= line <= last)


def _segments(text: str) -> tuple[list[tuple[int, int]], list[str]]:
    """First and last line of each program, and its text."""
    spans, texts, line = [], [], 1
    for part in re.split(rf"^{HEADING}.*\n", text, flags=re.MULTILINE)[1:]:
        lines = part.count("\n")
        spans.append((line + 1, line + lines))
        texts.append(part)
        line += 1 + lines
    return spans, texts


def place(sound: Sound, first: int) -> Span:
    """Where the text to change stands, in a program that begins in line ``first``."""
    before = sound.source[: sound.at]
    line, column = first + before.count("\n"), len(before.rpartition("\n")[2].encode())
    return Span(line, column, line, column + len(sound.old.encode()))


@cache
def criterion(name: str) -> Rule:
    """A rule that promises this one symptom and finds nothing by itself."""
    return Rule(f"R79{CRITERIA.index(name):02}", name, (Symptom(name),), lambda part: iter(()), Training, False)


def _rule(symbol: str) -> Rule:
    found = rules.by_symbol(symbol)
    if found is None:
        raise SystemExit(f"there is no rule {symbol} any more: mend sound_models.CLAIMS")
    return found


# What a worker process does.


def judge_together(sounds: Sequence[Sound], settings: Settings, criteria: Sequence[str]) -> list[Judged]:
    together = Together(sounds, criteria)
    try:
        report = confirm(together.text, "sound.py", together.reading, together.check, settings)
    except ConfirmError:
        raise  # there is nothing to train with
    except Exception as error:  # a benchmark counts crashes, and goes on
        return [_unjudged(sound, f"confirm raised {type(error).__name__}: {error}") for sound in sounds]
    judged = []
    for verdict in report.verdicts:
        rule, line = verdict.finding.rule, verdict.finding.span.line
        sound, about = together.sound_at(line), rule.symbol if rule else "?"
        ours = (about, line) in together.made
        symptom = verdict.symptom.value if verdict.symptom else None
        outcome = (about, not sound.is_claim, not ours, verdict.verdict, symptom, verdict.reason)
        judged.append(Judged(sound.name, sound.kind, sound.change, *outcome))
    heard = {one.program for one in judged}
    return judged + [_unjudged(sound, "no finding was judged") for sound in sounds if sound.name not in heard]


def _unjudged(sound: Sound, reason: str) -> Judged:
    about = sound.change if sound.is_claim else "all criteria"
    return Judged(sound.name, sound.kind, sound.change, about, not sound.is_claim, False, "inconclusive", None, reason)


def judge_fixture(path: Path, settings: Settings) -> list[Judged]:
    """The verdicts on the findings that a rule's own bad example is there for."""
    symbol, text = path.parent.name, path.read_text(encoding="utf-8")
    asked = [rule for rule in rules.all_rules() if rule.on_by_default or rule.symbol == symbol]
    make = partial(Judged, symbol, "fixture", symbol, symbol, False, True)
    try:
        report = confirm(text, str(path), reader.read, lambda program: rules.check(program, Options(), asked), settings)
    except ConfirmError:
        raise  # there is nothing to train with
    except Exception as error:  # a benchmark counts crashes, and goes on
        return [make("inconclusive", None, f"confirm raised {type(error).__name__}: {error}")]
    return [
        make(verdict.verdict, verdict.symptom.value if verdict.symptom else None, verdict.reason)
        for verdict in report.verdicts
        if verdict.finding.rule and verdict.finding.rule.symbol == symbol
    ] or [make("inconclusive", None, "the rule finds nothing in its bad example")]


def spread(
    work: Callable[[Any], Any], tasks: Sequence[Any], jobs: int, sizes: Callable[[Any], int] = lambda task: 1
) -> Iterator[Any]:
    """The results as they come, with the progress on stderr."""
    began, done, total = time.monotonic(), 0, sum(map(sizes, tasks))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        waiting = {pool.submit(work, task): task for task in tasks}
        for future in as_completed(waiting):
            done += sizes(waiting[future])
            spent = time.monotonic() - began
            left = spent / done * (total - done)
            print(f"[{done}/{total}] {spent:.0f} s, about {left:.0f} s to go", file=sys.stderr, flush=True)
            yield future.result()


# What is printed.


def table(title: str, judged: Iterable[Judged], key: Callable[[Judged], str]) -> Iterator[str]:
    """Per group the models, what became of them, and the share that was confirmed."""
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        groups.setdefault(key(one), []).append(one)
    if not groups:
        return
    yield f"\n{title:42}{'models':>7}{'spoke':>7}" + "".join(f"{outcome:>16}" for outcome in OUTCOMES) + "   rate"
    for name, members in sorted(groups.items()):
        counts = Counter(one.verdict for one in members)
        cells = "".join(f"{counts[outcome]:16}" for outcome in OUTCOMES)
        models = len({one.program for one in members})
        spoke = len({one.program for one in members if one.spoke})
        yield f"{name:42}{models:7}{spoke:7}{cells}{rate(members):7.1%}"


def rate(judged: Iterable[Judged], verdict: str = "confirmed") -> float:
    """The share of the programs with such a verdict."""
    every, such = set(), set()
    for one in judged:
        every.add(one.program)
        if one.verdict == verdict:
            such.add(one.program)
    return len(such) / len(every) if every else 0.0


def reasons(judged: Iterable[Judged], verdict: str) -> Iterator[str]:
    """The reasons for one verdict, the most common first, each with an example."""
    counts: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for one in judged:
        if one.verdict == verdict:
            reason = re.sub(r"[\d.]+", "N", one.reason)[:110]
            counts[reason] += 1
            examples.setdefault(reason, one.program)
    if counts:
        yield f"\n{verdict}, most common reasons:"
        yield from (f"  {number:5}  {reason}   [{examples[reason]}]" for reason, number in counts.most_common(15))


def report_sound(judged: Sequence[Judged]) -> Iterator[str]:
    paired = [one for one in judged if one.is_pair]
    claimed = [one for one in judged if not one.is_pair]
    yield from table("criterion, on pairs of sound models", paired, lambda one: one.about)
    yield from table("neutral change", paired, lambda one: one.change)
    yield from table("rule, on sound models it may object to", claimed, lambda one: one.about)
    yield from table("kind of model", judged, lambda one: one.kind)
    for what, part in (("pairs", paired), ("claims", claimed), ("all", judged)):
        shares = ", ".join(f"{verdict} {rate(part, verdict):.1%}" for verdict in OUTCOMES[:4])
        yield f"\n{what}: {len({one.program for one in part})} sound programs; of these {shares}"
    for verdict in OUTCOMES[:3]:
        found = [one for one in judged if one.verdict == verdict]
        if found:
            yield f"\n{verdict}, of sound programs:"
        yield from (f"  {one.program}: {one.about}: {one.reason}" for one in found)
    yield from reasons(judged, "inconclusive")


def report_faulty(judged: Sequence[Judged]) -> Iterator[str]:
    yield from table("rule, on its own bad example", judged, lambda one: one.about)
    confirmed = sum(one.verdict == "confirmed" for one in judged)
    yield f"\n{confirmed} of {len(judged)} findings are confirmed, {rate(judged):.1%} of the rules; the others:"
    yield from (f"  {one.about}: {one.verdict}: {one.reason}" for one in judged if one.verdict != "confirmed")


def keep(folder: Path, judged: Iterable[Judged], sounds: Iterable[Sound]) -> None:
    """Write each sound program that was confirmed, and its twin, with what was said about them."""
    folder.mkdir(parents=True, exist_ok=True)
    by_name = {sound.name: sound for sound in sounds}
    for one in judged:
        if one.verdict == "confirmed":
            sound = by_name[one.program]
            said = f"# {one.about}: {one.verdict}: {one.reason}\n# `{sound.old}` → `{sound.new}` in the twin\n"
            (folder / f"{one.program}-{one.about}.py").write_text(said + sound.source, encoding="utf-8")
            (folder / f"{one.program}-{one.about}-twin.py").write_text(said + sound.twin, encoding="utf-8")


def report_verified(learned: Sequence[Learned]) -> Iterator[str]:
    for one in sorted(learned, key=lambda one: (one.is_sound, one.name)):
        verdict = "sound" if one.is_sound else "NOT SOUND"
        yield f"{verdict:10}{one.source:6.2f}{one.twin:6.2f}  {one.name}  {one.error}"
    sound = sum(one.is_sound for one in learned)
    yield f"\n{sound} of {len(learned)} programs score {LEARNED} or more on data they have not seen (0: a constant)"


# The command.


def chosen(backend: str, only: Sequence[str], limit: int | None) -> list[Sound]:
    """The programs that are asked for, by their kind, change, claim or name, or by a criterion for the pairs."""
    everything = [sound for sound in sound_models.programs() if backend in sound.backends]
    words = set(only) - set(CRITERIA)
    if words:
        everything = [s for s in everything if {s.kind, s.change, s.name} & words]
    if set(only) & set(CRITERIA):
        everything = [sound for sound in everything if not sound.is_claim]
    return everything[:limit]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backend", default="tensorflow", choices=("tensorflow", "jax", "torch"))
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time (default 2)")
    parser.add_argument("--seeds", type=int, default=3, help="initial weights per model (default 3)")
    parser.add_argument("--only", action="append", default=[], help="a kind, change, rule, criterion or program")
    parser.add_argument("--limit", type=int, help="no more programs than this; some of everything")
    parser.add_argument("--together", type=int, default=8, help="programs that share a process of confirm (default 8)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every verdict, too")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="write the sound programs that were confirmed")
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--faulty", action="store_true", help="judge the bad examples of the rules instead")
    part.add_argument("--verify", action="store_true", help="train the sound programs as they stand instead")
    given = parser.parse_args()
    began = time.monotonic()
    results = _verified(given) if given.verify else _faulty(given) if given.faulty else _sound(given)
    print(f"\n{time.monotonic() - began:.0f} s, {given.jobs} processes, {given.seeds} seeds, {given.backend}")
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in results], indent=1) + "\n", encoding="utf-8")


def _sound(given: argparse.Namespace) -> Sequence[Judged]:
    sounds = chosen(given.backend, given.only, given.limit)
    size = max(1, min(given.together, -(-len(sounds) // given.jobs)))
    batches = [sounds[n : n + size] for n in range(0, len(sounds), size)]
    settings = Settings(seeds=given.seeds, seconds=SECONDS, backend=given.backend)
    criteria = [name for name in CRITERIA if name in given.only] or CRITERIA
    work = partial(judge_together, settings=settings, criteria=criteria)
    judged = sorted(
        (one for batch in spread(work, batches, given.jobs, len) for one in batch),
        key=lambda one: (one.program, one.about),
    )
    print(*report_sound(judged), sep="\n")
    if given.keep:
        keep(given.keep, judged, sounds)
    return judged


def _faulty(given: argparse.Namespace) -> Sequence[Judged]:
    paths = [p for p in sorted(FIXTURES.glob("*/bad.py")) if not given.only or p.parent.name in given.only]
    settings = Settings(seeds=given.seeds, seconds=SECONDS, backend=given.backend)
    work = partial(judge_fixture, settings=settings)
    judged = [one for found in spread(work, paths[: given.limit], given.jobs) for one in found]
    judged.sort(key=lambda one: one.about)
    print(*report_faulty(judged), sep="\n")
    return judged


def _verified(given: argparse.Namespace) -> Sequence[Learned]:
    sounds = chosen(given.backend, given.only, given.limit)
    learned = list(spread(partial(verify, backend=given.backend), sounds, given.jobs))
    print(*report_verified(learned), sep="\n")
    return learned


if __name__ == "__main__":
    main()
