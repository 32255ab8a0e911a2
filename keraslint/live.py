"""A kernel's cells as they are run: the program that they make so far, and what a new one shows of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from keraslint import notebooks, reader, rules, target
from keraslint.graph import Program
from keraslint.notebooks import Cell, Notebook, Place
from keraslint.rules import Finding, Rule
from keraslint.settings import Options

_DISABLED = re.compile(r"#.*\bpylint:\s*disable=(?P<names>[\w, -]+)")


class Found(NamedTuple):
    """A finding in a cell that was run."""

    rule: Rule
    place: Place
    """The number beside the cell, and the line in it."""
    message: str
    source: str
    """The line of code that it stands in."""


@dataclass(eq=False, repr=False)
class Live:
    """What was run so far. Of a cell that was run again only the last time counts, and then it is the latest."""

    path: str
    """The notebook's name: the files of its project are found around it."""
    options: Options = field(default_factory=Options)
    _cells: dict[str, Cell] = field(default_factory=dict)
    _bound: dict[str, set[str]] = field(default_factory=dict)
    _shown: set[tuple[str, Place]] = field(default_factory=set)

    @property
    def notebook(self) -> Notebook:
        """The cells so far as one program."""
        return notebooks.of_cells(self._cells.values())

    def ran(self, key: str, number: int, source: str) -> list[Found]:
        """A cell was run: what is found now and was not shown before.

        ``key`` is what the front end knows the cell by, ``number`` the one that it shows beside it.
        """
        cell = Cell(number, tuple(source.split("\n")), number)
        bound, asked = notebooks.names_in(cell)
        self._cells.pop(key, None)
        self._bound.pop(key, None)
        matters = reader.mentions_keras(source) or any(asked & names for names in self._bound.values())
        self._cells[key], self._bound[key] = cell, bound
        notebook = self.notebook
        if not matters or not reader.mentions_keras(notebook.text):
            return []
        new = [found for found in self.findings() if (found.rule.symbol, found.place) not in self._shown]
        self._shown.update((found.rule.symbol, found.place) for found in new)
        return new

    def findings(self) -> list[Found]:
        """Everything that is found in the cells so far and that they do not disable."""
        notebook = self.notebook
        lines = notebook.text.split("\n")
        found = []
        for finding in self.check(reader.read(notebook.text, self.path)):
            source = lines[finding.span.line - 1]
            if finding.rule is not None and not _is_disabled(finding.rule, source):
                place, message = notebook.place(finding.span.line), notebook.said(finding.message)
                found.append(Found(finding.rule, place, message, source))
        return found

    def check(self, program: Program) -> list[Finding]:
        """The findings of the rules, for the Keras that the project pins."""
        asked = [rule for rule in rules.all_rules() if rule.on_by_default]
        return rules.check(program, target.options_for(self.path, self.options), asked)


def _is_disabled(rule: Rule, line: str) -> bool:
    found = _DISABLED.search(line)
    return found is not None and bool(
        {name.strip() for name in found["names"].split(",")} & {rule.symbol, rule.msgid, "all"}
    )
