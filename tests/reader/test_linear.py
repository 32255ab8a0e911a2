"""Reading a program and judging it is work in proportion to its size, for all the shapes that the benchmark times."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from keraslint import rules
from keraslint.reader import read

BENCHMARK = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "linear_time.py"))
SHAPES: dict[str, Callable[[int], str]] = BENCHMARK["SHAPES"]
MOST_GROWTH = 1.15
"""How much more the third part of a program may cost than the second."""


def lines_executed(source: str) -> int:
    """The work in lines of Python, which a busy machine cannot change; those of pylint's parser are left out."""
    counted = 0

    def count(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal counted
        if event == "call" and "keraslint" not in frame.f_code.co_filename:
            return None
        counted += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        rules.check(read(source, "program.py"), rules.Options())
    finally:
        sys.settrace(before)
    return counted


@pytest.mark.parametrize("shape", SHAPES)
def test_each_part_costs_what_the_one_before_did(shape: str) -> None:
    read(SHAPES[shape](1), "program.py")
    small, middle, large = (lines_executed(SHAPES[shape](size)) for size in (2, 4, 6))
    assert large - middle < MOST_GROWTH * (middle - small) + 50


@pytest.mark.parametrize("shape", SHAPES)
def test_a_plain_program_is_read_to_its_end(shape: str) -> None:
    measured = BENCHMARK["measure"](SHAPES[shape](30))
    assert measured.complete
    assert measured.fuel_used < measured.fuel / 2
