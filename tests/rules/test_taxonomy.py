"""docs/taxonomy.md names rules that exist, and calls advice what is off by default."""

from __future__ import annotations

import re
from pathlib import Path

from keraslint.rules import by_symbol

PAGE = (Path(__file__).parents[2] / "docs" / "taxonomy.md").read_text(encoding="utf-8")


def test_every_rule_that_is_named_exists_and_is_advice_where_it_says_so() -> None:
    named = re.findall(r"(keras-[a-z-]+)( \(advice\))?", PAGE)
    assert len(named) > 80
    for symbol, advice in named:
        rule = by_symbol(symbol)
        assert rule is not None, symbol
        assert bool(advice) is not rule.on_by_default, symbol
