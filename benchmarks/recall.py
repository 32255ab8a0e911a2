"""How many faults are found that are put into correct programs: by rule, of what a change of the source can inject.

    python benchmarks/recall.py [--rule SYMBOL…] [--every N] [--most N] [--misses]

The correct whole programs of fixtures/programs are taken one by one, and each mutator of faults/ makes its fault in
them at up to so many places (--most). A fault counts as found when its rule, or one that explains the same fault, says
at the changed statement what it did not say before; where the fault is that something is missing, the finding may stand
at any place. Any other new E or W is *unrelated*: a false alarm, or a consequence that should have been left to the
first finding. What is meant by each mutator, and which places it leaves alone, stands with it; a rule without one is
listed with its reason.

Good: recall of at least 95 %, where 97 % is the aim, and something unrelated in at most one of 100 (the exit code says
so). Most misses lie in sizes, labels and data that are not known, and in networks that are not understood.
In `make bench`: --every 5
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import mutators.architecture
import mutators.data
import mutators.loops
import mutators.metrics
import mutators.names
import mutators.optimizer
import mutators.output
import mutators.shapes
import mutators.training  # noqa: F401 (each of them fills the table)
from mutators.source import MUTATORS, Fault, Mutator, Source

from keraslint import reader, rules
from keraslint.rules.framework import Finding
from keraslint.settings import Options

PROGRAMS = Path(__file__).parent.parent / "fixtures" / "programs"
MOST = 2
"""Places of one program for each mutator."""
GOOD, MOST_UNRELATED = 0.95, 0.01
MARK = re.compile(r"# (expect|judge): ")
"""What a program of another kind has: a promised finding, or another Keras to run under."""

WITHOUT = {
    "softmax-on-multi-label": "no program has rows of several labels",
    "softmax-over-space": "no program works channels-first",
    "loss-order-mismatch": "no program has a dict of outputs",
    "dense-on-feature-map": "what a Flatten left out makes of a program: it is among unflattened-output",
    "model-in-loop": "it wants another program around the model",
    "model-reused-across-folds": "it wants another program around the model",
    "too-few-updates": "every program here is shortened to a few updates, on purpose",
    "schedule-ends-early": "every program here is shortened to a few updates, on purpose",
    "label-broadcast": "no loop of one's own compares labels (n,) with predictions (n, 1) by arithmetic",
    "arguments-inside-format": "no program formats the file name of a checkpoint",
    "unscaled-target": "no program's targets are in the thousands",
    "reshuffled-split": "no program splits a data set by take and skip",
    "shuffled-predictions": "it wants a folder of files",
}
"""Rules that no change of these programs injects in a natural way, and why."""


@dataclass(frozen=True)
class Outcome:
    """What was said of one faulty program."""

    rule: str
    program: str
    fault: Fault
    found: bool
    unrelated: tuple[tuple[int, str], ...]

    @property
    def where(self) -> str:
        return f"{self.program}:{self.fault.edits[0].span.line} {self.fault.what}"


def correct_programs() -> list[Path]:
    """Those for the Keras of today that promise no finding."""
    every = (path for path in sorted(PROGRAMS.glob("*/*.py")) if path.parent.name != "ratings")
    return [path for path in every if not MARK.search(path.read_text(encoding="utf-8"))]


def findings(text: str, path: str) -> list[Finding]:
    return rules.check(reader.read(text, path), Options())


def mutants(paths: Iterable[Path], mutators: Sequence[Mutator], most: int) -> Iterator[tuple[Source, Mutator, Fault]]:
    """Every fault of every program, each text once."""
    for path in paths:
        source = Source(str(path), path.read_text(encoding="utf-8"))
        for mutator in mutators:
            unlike = {fault.edits: fault for fault in mutator.make(source)}
            for fault in islice(unlike.values(), most):
                yield source, mutator, fault


def outcomes(made: Iterable[tuple[Source, Mutator, Fault]]) -> Iterator[Outcome]:
    """What is said of each that is still Python."""
    before: dict[str, Counter[tuple[int, str]]] = {}
    for source, mutator, fault in made:
        text = fault.applied(source.text)
        if text is None:
            continue
        if source.path not in before:
            before[source.path] = Counter(map(_place, findings(source.text, source.path)))
        if not _is_said_before(mutator, fault, before[source.path]):
            yield _outcome(source, mutator, fault, findings(text, source.path), before[source.path])


def _is_said_before(mutator: Mutator, fault: Fault, before: Iterable[tuple[int, str]]) -> bool:
    """Whether the correct program already gets that advice at the place: a change of it tells nothing."""
    return any(line in fault.lines and symbol in (mutator.rule, *mutator.also) for line, symbol in before)


def _place(finding: Finding) -> tuple[int, str]:
    return finding.span.line, finding.rule.symbol if finding.rule else ""


def _outcome(
    source: Source, mutator: Mutator, fault: Fault, told: Sequence[Finding], before: Counter[tuple[int, str]]
) -> Outcome:
    places = {_place(finding): finding for finding in told}
    new = [place for place in places if place not in before]
    right = [(line, symbol) for line, symbol in new if symbol in (mutator.rule, *mutator.also)]
    unrelated = tuple(
        place for place in new if place not in right and (found := places[place].rule) and found.category != "R"
    )
    is_found = any(not fault.lines or line in fault.lines for line, _ in right)
    name = "/".join(Path(source.path).parts[-2:])
    return Outcome(mutator.rule, name, fault, is_found, unrelated)


def table(seen: Sequence[Outcome]) -> Iterator[str]:
    """A line for each rule, and the total."""
    by_rule: dict[str, list[Outcome]] = defaultdict(list)
    for one in seen:
        by_rule[one.rule].append(one)
    yield f"{'rule':42} mutants  found missed unrelated"
    for rule, its in [*sorted(by_rule.items()), ("all", list(seen))]:
        found, apart = sum(one.found for one in its), sum(bool(one.unrelated) for one in its)
        yield f"{rule:42} {len(its):7} {found:6} {len(its) - found:6} {apart:9}"


def without_mutator() -> Iterator[str]:
    """The rules that nothing here injects, each with the reason."""
    covered = {mutator.rule for mutator in MUTATORS}
    for rule in rules.all_rules():
        if rule.symbol not in covered:
            yield f"{rule.symbol}: {WITHOUT.get(rule.symbol.removeprefix('keras-'), '?')}"


def recall(seen: Sequence[Outcome]) -> float:
    return sum(one.found for one in seen) / len(seen)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rule", action="append", metavar="SYMBOL", help="the faults of these rules only")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="take each Nth fault")
    parser.add_argument("--most", type=int, default=MOST, metavar="N", help="of one mutator in one program")
    given = parser.parse_args()
    chosen = [mutator for mutator in MUTATORS if not given.rule or mutator.rule in given.rule]
    paths = correct_programs()
    seen = list(outcomes(islice(mutants(paths, chosen, given.most), 0, None, given.every)))
    print(f"{len(seen)} faults of {len({one.rule for one in seen})} rules in {len(paths)} programs\n")
    print("\n".join(table(seen)))
    for title, some in (
        ("missed", [f"{one.rule}: {one.where}" for one in seen if not one.found]),
        ("unrelated", [f"{one.rule}: {one.where}: {one.unrelated}" for one in seen if one.unrelated]),
        ("no mutator", list(without_mutator()) if not given.rule else []),
    ):
        print(f"\n{title}: {len(some)}", *some, sep="\n  ")
    share = recall(seen)
    print(f"\nrecall: {share:.1%}")
    apart = sum(bool(one.unrelated) for one in seen) / len(seen)
    return 0 if share >= GOOD and apart <= MOST_UNRELATED else 1


if __name__ == "__main__":
    sys.exit(main())
