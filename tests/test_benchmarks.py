"""What `make bench` says of each program of benchmarks/."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
MATERIAL = {"ordinary_program", "sound_models", "sound_training"}
"""What other programs of the folder measure, or use."""

RUNNER = runpy.run_path(str(BENCHMARKS / "__main__.py"))


def test_every_program_says_what_is_good() -> None:
    said = {one.path.stem for one in RUNNER["benchmarks"]()}
    assert said == {path.stem for path in BENCHMARKS.glob("*.py")} - MATERIAL - {"__main__"}


def test_every_program_says_how_it_is_run_among_all() -> None:
    for one in RUNNER["benchmarks"]():
        text = one.path.read_text(encoding="utf-8")
        assert text.count("\nIn `make bench`: ") + text.count("\nNot in `make bench`: ") == 1, one.path.name


def test_arguments_stand_in_the_docstring(tmp_path: Path) -> None:
    path = tmp_path / "speed.py"
    path.write_text('"""How fast\nit is. More.\n\nGood: under\n2 s.\nIn `make bench`: --only "a b" --repeats 1\n"""\n')
    one = RUNNER["benchmark"](path)
    assert (one.measures, one.good) == ("How fast it is.", "under 2 s.")
    assert (one.arguments, one.left_out) == (("--only", "a b", "--repeats", "1"), "")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Not in `make bench`: it takes\na day.", "it takes a day."),
        ("In `make bench`: .no/*", "there is nothing at .no/*"),
    ],
)
def test_what_is_left_out_says_why(line: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "speed.py"
    path.write_text(f'"""How fast.\n\nGood: yes.\n{line}\n"""\n')
    assert RUNNER["benchmark"](path).left_out == why


def test_the_list_runs_nothing() -> None:
    run = subprocess.run([sys.executable, BENCHMARKS, "--list"], capture_output=True, text=True, check=True)
    assert "== overhead: What the plugin costs" in run.stdout
    assert " took " not in run.stdout


def test_every_verdict_on_a_finding_has_its_reason(tmp_path: Path) -> None:
    precision = runpy.run_path(str(BENCHMARKS / "precision.py"))
    packages = {line.split()[0] for line in precision["PACKAGES"].read_text(encoding="utf-8").splitlines()}
    assert {place.package for place in precision["triage"]()} <= packages

    unreasoned = tmp_path / "precision.toml"
    unreasoned.write_text('[[finding]]\npackage = "a"\nrule = "b"\nverdict = "true"\nreason = " "\nplaces = []\n')
    precision["triage"].__globals__["TRIAGE"] = unreasoned
    with pytest.raises(ValueError, match="with its reason"):
        precision["triage"]()


def test_a_place_is_known_by_its_file_and_line_of_source() -> None:
    precision = runpy.run_path(str(BENCHMARKS / "precision.py"))
    [place] = precision["_places"]({"package": "p", "rule": "r", "places": ["a/b.py: x = {1: 2}"]})
    assert place == ("p", "a/b.py", "r", "x = {1: 2}")
