"""Writes what each rule says of its bad fixture, and what its fixes change, to `said.txt` beside it.

    python tools/record_findings.py

It is read where it changes, in a review: marks in fixtures hold lines and symbols, and neither words nor fixes.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path

from keraslint.edits import apply
from keraslint.reader import read
from keraslint.rules import Finding, Options, Rule, all_rules, check

FIXTURES = Path(__file__).parent.parent / "fixtures" / "rules"


def said(source: str, rule: Rule, findings: Iterable[Finding]) -> str:
    """Those of the rule, each with the lines that its fix takes out and puts in."""
    return "\n".join(line for finding in findings if finding.rule == rule for line in _lines(finding, source)) + "\n"


def _lines(finding: Finding, source: str) -> Iterator[str]:
    yield f"{finding.span.line}: {finding.message}"
    if finding.fix:
        yield f"    fix: {finding.fix.description}"
        before, after = source.splitlines(), apply(source, [finding.fix]).splitlines()
        changed = list(difflib.unified_diff(before, after, lineterm="", n=0))[2:]
        yield from (f"    {line}".replace("  # expect: ", "  # ") for line in changed if not line.startswith("@@"))


def main() -> None:
    for rule in all_rules():
        path = FIXTURES / rule.symbol / "said.txt"
        source = path.with_name("bad.py").read_text(encoding="utf-8")
        path.write_text(said(source, rule, check(read(source, "fixture.py"), Options())), encoding="utf-8")


if __name__ == "__main__":
    main()
