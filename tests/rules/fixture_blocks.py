"""A fixture cut into its programs, so that real Keras can judge each by itself."""

from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

RULES = Path(__file__).parents[2] / "fixtures" / "rules"


def blocks(symbol: str, name: str) -> list[str]:
    """The programs of a fixture: each begins with a comment at the margin and ends where the next begins."""
    text = (RULES / symbol / f"{name}.py").read_text(encoding="utf-8")
    return re.split(r"\n\n+(?=# )", text)[1:]


def preamble(symbol: str, name: str) -> str:
    """What stands before the first program: the imports."""
    text = (RULES / symbol / f"{name}.py").read_text(encoding="utf-8")
    return re.split(r"\n\n+(?=# )", text)[0]


def title(block: str) -> str:
    return block.partition("\n")[0].strip("# .")


def cases(symbols: tuple[str, ...], name: str) -> list[Any]:
    """(symbol, place of the program) for every program of the fixtures ``name``."""
    return [
        pytest.param(symbol, place, id=f"{symbol.removeprefix('keras-')}: {title(block)}")
        for symbol in symbols
        for place, block in enumerate(blocks(symbol, name))
    ]


@cache
def outcomes(symbol: str, name: str) -> tuple[Exception | None, ...]:
    """What each program of a fixture raises in Keras, one after the other, as names are shared."""
    scope: dict[str, Any] = {"__name__": "fixture"}
    exec(preamble(symbol, name), scope)
    return tuple(_outcome(block, scope) for block in blocks(symbol, name))


def _outcome(program: str, scope: dict[str, Any]) -> Exception | None:
    try:
        exec(program, scope)
    except Exception as error:
        if "keras" in sys.modules:
            sys.modules["keras"].utils.clear_session()  # an error inside a layer leaves its name scope open
        return error
    return None
