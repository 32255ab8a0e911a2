"""CONTRIBUTING.md: its examples do what it says, and the files that it names are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from types import ModuleType

import pytest

from keraslint.graph import Array, Unknown
from keraslint.graph.shapes import layout, registry
from keraslint.reader import read
from keraslint.reader.libraries import numpy
from keraslint.reader.machine import library

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCKS = [found[2] for found in re.finditer(r"^(`{3,4})python\n(.*?)^\1$", TEXT, re.MULTILINE | re.DOTALL)]


def block(start: str) -> str:
    """The example that has this in it."""
    (found,) = (text for text in BLOCKS if start in text)
    return found


def within(module: ModuleType, text: str) -> dict[str, object]:
    """The names of a module after an example was added to it."""
    names = dict(vars(module))
    exec(text, names)  # our own text
    return names


@pytest.mark.parametrize(
    ("start", "file"),
    [
        ("A fit whose `initial_epoch`", "keraslint/rules/structure/no_epochs_left.py"),
        ("Fits that go on where", "fixtures/rules/keras-no-epochs-left/bad.py"),
        ("Fits that have an epoch left", "fixtures/rules/keras-no-epochs-left/near_miss.py"),
    ],
)
def test_the_rule_that_it_shows_is_the_rule_as_it_is(start: str, file: str) -> None:
    assert block(start) == (ROOT / file).read_text(encoding="utf-8")


def test_the_library_function_gives_what_its_case_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    added: dict[str, library.NativeCall] = {}
    monkeypatch.setattr(numpy, "known", lambda domain, calls: added.update(calls))
    within(numpy, block("def _roll"))
    monkeypatch.setitem(library._CALLS["data"], "numpy.roll", added["numpy.roll"])
    usual = "import numpy as np\nfrom keras import Input, Sequential\nfrom keras.layers import Dense\n"
    (model,) = read(usual + block("# %% numpy.roll"), "case.py").models
    assert model.output_shape.dims == (None, 6)
    source = f"{usual}model = Sequential([Dense(1)])\nmodel.compile(loss='mse')\nmodel.fit(np.roll(np.eye(5), 1), 0)\n"
    (fit,) = read(source, "data.py").fits
    x = fit.argument("x")
    assert x is not None
    assert isinstance(x.value, Array)
    assert x.value.shape.dims == (5, 5)
    assert isinstance(x.value.encoding, Unknown)


def test_the_shape_rule_gives_the_shapes_of_its_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "RULES", dict(registry.RULES))
    within(layout, block("def rot90"))
    program = f"from keras import Input, Model, ops\nfrom keras.layers import Dense\n{block('# %% a quarter turn')}"
    (model,) = read(program, "case.py").models
    assert model.output_shape.dims == (None, 4, 3)


def test_every_example_is_python() -> None:
    assert len(BLOCKS) >= 7
    for text in BLOCKS:
        ast.parse(text)


def test_every_file_that_it_names_is_there() -> None:
    named = set(re.findall(r"\b(?:docs|fixtures|keraslint|tests|tools)/[\w/.-]*\w", TEXT))
    assert len(named) > 8
    assert [name for name in named if not (ROOT / name).exists()] == []
