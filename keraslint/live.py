"""A kernel's cells as they are run: the program that they make so far, and what a new one shows of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from keraslint import notebooks, reader, rules, target
from keraslint.graph import Program
from keraslint.notebooks import Cell, Notebook, Place
from keraslint.rules import Finding, Rule
from keraslint.settings import Options

MOST_RUNS = 200
"""So many cells are remembered; those that were run again since are forgotten first."""

UNFINISHED = frozenset(("keras-model-discarded", "keras-unused-branch"))
"""Rules about what is never used: in a notebook that may come yet."""

_DISABLED = re.compile(r"#.*?\bpylint:\s*(?P<what>disable(?:-next)?|skip-file)(?:\s*=\s*(?P<names>[\w, -]+))?")


class Found(NamedTuple):
    """A finding in a cell that was run."""

    rule: Rule
    place: Place
    """The number beside the cell, and the line in it."""
    message: str
    source: str
    """The line of code that it stands in."""


class _Run(NamedTuple):
    key: str
    cell: Cell
    bound: set[str]
    is_about_keras: bool


@dataclass(eq=False, repr=False)
class Live:
    """What was run so far, in order. What stands in a cell that was run again since is not shown any more."""

    path: str
    """The notebook's name: the files of its project are found around it."""
    options: Options = field(default_factory=Options)
    symbols: Collection[str] | None = None
    """The rules that are asked; None for those that are on by default."""
    _runs: list[_Run] = field(default_factory=list)
    _shown: set[tuple[str, Place]] = field(default_factory=set)

    @property
    def notebook(self) -> Notebook:
        """The cells so far as one program."""
        return notebooks.of_cells(run.cell for run in self._runs)

    def ran(self, key: str, number: int, source: str) -> list[Found]:
        """A cell was run: what is found now and was not shown before.

        ``key`` is what the front end knows the cell by, ``number`` the one that it shows beside it.
        """
        cell = notebooks.cell_of(number, source)
        bound, asked = notebooks.names_in(cell)
        is_about_keras = reader.mentions_keras("\n".join(cell.lines))
        matters = is_about_keras or any(asked & run.bound for run in self._runs)
        self._runs.append(_Run(key, cell, bound, is_about_keras))
        self._forget()
        if not matters or not any(run.is_about_keras for run in self._runs):
            return []
        new = [found for found in self.findings() if (found.rule.symbol, found.place) not in self._shown]
        self._shown.update((found.rule.symbol, found.place) for found in new)
        return new

    def _forget(self) -> None:
        if len(self._runs) > MOST_RUNS:
            latest = self._latest()
            old = next((run for run in self._runs if run.cell.number not in latest), self._runs[0])
            self._runs.remove(old)

    def _latest(self) -> set[int]:
        """The numbers of the cells that were not run again since."""
        return set({run.key: run.cell.number for run in self._runs}.values())

    def findings(self) -> list[Found]:
        """Everything that is found in the cells as they are now, and that they do not disable."""
        notebook, latest = self.notebook, self._latest()
        lines = {run.cell.number: run.cell.lines for run in self._runs}
        found = []
        for finding in self.check(reader.read(notebook.text, self.path)):
            place = notebook.place(finding.span.line)
            assert finding.rule is not None
            if place.cell in latest and not _is_disabled(finding.rule, lines[place.cell], place.line):
                source = lines[place.cell][place.line - 1]
                found.append(Found(finding.rule, place, notebook.said(finding.message), source))
        return found

    def check(self, program: Program) -> list[Finding]:
        """The findings of the rules, for the Keras that the project pins."""
        asked = [rule for rule in rules.all_rules() if rule.symbol not in UNFINISHED and self._is_on(rule)]
        return rules.check(program, target.options_for(self.path, self.options), asked)

    def _is_on(self, rule: Rule) -> bool:
        return rule.on_by_default if self.symbols is None else rule.symbol in self.symbols


def _is_disabled(rule: Rule, lines: Sequence[str], row: int) -> bool:
    """Whether a comment of pylint's turns the rule off here: in the line, for the next, or for the rest of the cell."""
    for number, line in enumerate(lines[:row], start=1):
        found = _DISABLED.search(line)
        if found is None:
            continue
        if found["what"] == "skip-file":
            return True
        names = {name.strip() for name in (found["names"] or "").split(",")}
        alone = line.lstrip().startswith("#")
        reaches = number == row - 1 if found["what"] == "disable-next" else alone or number == row
        if reaches and names & {rule.symbol, rule.msgid, rule.category, "all"}:
            return True
    return False
