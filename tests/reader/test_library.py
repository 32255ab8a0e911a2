"""The table of library names: each name once and as it is looked up, and two handlers for one are refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from keraslint import keras_api
from keraslint.reader import program  # noqa: F401 (all that is known registers itself)
from keraslint.reader.machine import library

CALLS, METHODS = library.everything()
NAMES = sorted({name for calls in CALLS.values() for name in calls})


@pytest.mark.parametrize("name", NAMES)
def test_each_name_is_the_one_that_it_is_looked_up_by(name: str) -> None:
    assert (keras_api.canonical(name) or name) == name
    assert name.split(".")[0] not in ("np", "pd", "tf")
    assert any(library.handler(domain, name) is not None for domain in CALLS)


def test_a_second_handler_for_a_name_is_refused() -> None:
    name = NAMES[0]
    domain = next(domain for domain, calls in CALLS.items() if name in calls)
    with pytest.raises(ValueError, match=f"known twice: {name}"):
        library.known(domain, {name: CALLS[domain][name]})


def test_methods_are_noted() -> None:
    assert "map" in METHODS["tensorflow.data.Dataset"]
    assert "drop" in METHODS["pandas.DataFrame"]


LOADED = """\
import sys
from keraslint.reader import program
from keraslint.reader.machine import library
library.everything()
print(*sorted(sys.modules))
"""
RARE = {
    *("keras.application_layers", "keras.applications"),
    "parsing",
}
"""Loaded where they are met."""


def test_whatever_answers_or_registers_is_loaded() -> None:
    """A file that nobody imports would be silent."""
    root = Path(library.__file__).parents[3]
    files = (root / "keraslint" / "reader").rglob("*.py")
    names = {".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__") for path in files}
    run = subprocess.run([sys.executable, "-c", LOADED], cwd=root, capture_output=True, text=True, check=True)
    missing = names - set(run.stdout.split())
    assert {name.removeprefix("keraslint.reader.") for name in missing} <= RARE
