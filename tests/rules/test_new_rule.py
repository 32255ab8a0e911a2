"""The skeleton of a rule: a rule at once, with a page, that looks at the view asked for and reports nothing yet."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from test_pages import HEADINGS

from keraslint.graph import views
from keraslint.reader import read
from keraslint.rules import Options, Rule, check

SOURCE = """
import keras
model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
model.compile(loss="mse")
model.fit(x, y)
"""
TOOL = Path(__file__).parents[2] / "tools" / "new_rule.py"


def loaded(path: Path, name: str) -> ModuleType:
    specification = importlib.util.spec_from_file_location(name, path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


TOOL_VIEWS = loaded(TOOL, "new_rule").VIEWS


@pytest.mark.parametrize("view", TOOL_VIEWS)
def test_a_skeleton_is_a_silent_rule(view: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = loaded(TOOL, "new_rule")
    monkeypatch.setattr(tool, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["new_rule.py", "W7919", "keras-some-pattern", "--view", view])
    tool.main()
    module = loaded(tmp_path / "keraslint" / "rules" / "loops" / "some_pattern.py", "some_pattern")
    rule = vars(module.keras_some_pattern)["_keraslint_rule"]
    assert isinstance(rule, Rule)
    assert rule.looks_at is getattr(views, view)
    assert re.findall(r"^## (.*)$", rule.page, re.MULTILINE) == HEADINGS
    source = (
        "import keras\nmodel = keras.Sequential([keras.layers.Dense(1)])\nmodel.compile(loss='mse')\nmodel.fit(x, y)"
    )
    assert check(read(source, "file.py"), Options(), [rule]) == []
    fixtures = tmp_path / "fixtures" / "rules" / "keras-some-pattern"
    assert {path.name for path in fixtures.iterdir()} == {"bad.py", "good.py", "near_miss.py"}


def test_every_view_of_the_tool_has_a_place_and_a_confidence() -> None:
    for name in TOOL_VIEWS:
        kind = getattr(views, name)
        assert all(name in {*dir(kind), *kind.__annotations__} for name in ("of", "span", "confidence"))
