"""Small programs that a condition of a rule exists for: what it finds in them, what it says, and what its fix writes.

Each cell of witnesses/ begins with `# %% symbol: why`, or `# %% symbol on 2.15: why` for another version of Keras. The
lines that the rule finds are marked as in the fixtures. A comment `# says: …` is a part of a message; `# fixed: …` is a
part of what the fixes make of the program, and `# unfixed` says that none is offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.marks import marked

from keraslint.edits import apply
from keraslint.reader import read
from keraslint.rules import Finding, Options, by_symbol, check

FOLDER = Path(__file__).parent / "witnesses"
IMPORTS = """\
import keras
import numpy as np
import tensorflow as tf
from keras import Input, Model, Sequential, layers, ops
from keras.layers import Activation, Dense
"""
"""What every cell may use without importing it; a cell that imports Keras itself has its own imports alone."""

_CELL = re.compile(r"^# %% (?P<symbol>keras-[\w-]+)(?: on (?P<version>[\d.]+))?: (?P<why>.+)\n", re.MULTILINE)
_IMPORTS_KERAS = re.compile(r"^(import|from) (keras|tensorflow)\b", re.MULTILINE)
_SAYS, _FIXED = re.compile(r"# says: (.+)"), re.compile(r"# fixed: (.+)")


def witnesses() -> Iterator[object]:
    for path in sorted(FOLDER.glob("*.py")):
        _, *parts = _CELL.split(path.read_text(encoding="utf-8"))
        for symbol, version, why, text in zip(*(parts[place::4] for place in range(4)), strict=True):
            source = text if _IMPORTS_KERAS.search(text) else IMPORTS + text
            yield pytest.param(symbol, version or "", source, id=f"{symbol}: {why}")


@pytest.mark.parametrize(("symbol", "version", "source"), list(witnesses()))
def test_its_rule_judges_it_as_it_is_marked(symbol: str, version: str, source: str) -> None:
    rule = by_symbol(symbol)
    assert rule is not None
    findings = check(read(source, "file.py"), Options(version=version), [rule])
    assert [(finding.span.line, symbol) for finding in findings] == marked(source)
    for part in _SAYS.findall(source):
        assert any(part in finding.message for finding in findings), [finding.message for finding in findings]
    assert_fixed(source, findings)


def assert_fixed(source: str, findings: list[Finding]) -> None:
    fixes = [finding.fix for finding in findings if finding.fix]
    assert not fixes or "# unfixed" not in source
    fixed = apply(source, fixes)
    for part in _FIXED.findall(source):
        assert part in _FIXED.sub("", fixed), fixed


def test_no_two_witnesses_have_the_same_name() -> None:
    names = [match.group() for path in FOLDER.glob("*.py") for match in _CELL.finditer(path.read_text("utf-8"))]
    assert len(set(names)) == len(names)
