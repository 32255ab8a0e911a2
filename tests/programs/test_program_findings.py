"""Every whole program under real pylint: the findings that its ``# expect:`` comments promise, and no others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pylint.message import Message
from whole_programs import PROGRAMS, expected, name_of


@pytest.mark.parametrize("path", PROGRAMS, ids=name_of)
def test_a_program_gets_exactly_its_findings(path: Path, keras_messages: Callable[..., list[Message]]) -> None:
    found = {(message.line, message.symbol) for message in keras_messages(path)}
    assert found == expected(path)


def test_some_programs_have_faults_and_most_have_none() -> None:
    faulty = [path for path in PROGRAMS if expected(path)]
    assert 10 <= len(faulty) <= len(PROGRAMS) // 3
    assert len({symbol for path in faulty for _, symbol in expected(path)}) >= 10
