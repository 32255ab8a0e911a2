"""`tools/new_library.py`: what it writes is sound before anybody fills it in, and it refuses what it cannot write."""

from __future__ import annotations

import ast
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
TOOL: dict[str, Any] = runpy.run_path(str(ROOT / "tools" / "new_library.py"))
FILES = (TOOL["LIBRARIES"] / "sklearn.py", TOOL["CASES"])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A place with the files that the tool adds to."""
    for file in FILES:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_bytes((ROOT / file).read_bytes())
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", ["new_library.py", *arguments])
    TOOL["main"]()


def test_a_handler_is_added_to_the_file_of_its_package(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, "sklearn.preprocessing.scale", "--parameter", "X", "--root", str(copy))
    text, cases = ((copy / file).read_text(encoding="utf-8") for file in FILES)
    names = {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    assert "_scale" in names
    assert 'known("data", {"sklearn.preprocessing.scale": _scale})' in text
    assert cases.count("# %% sklearn.preprocessing.scale\n") == 1


def test_a_package_that_is_new_gets_a_file(
    copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, "cv2.resize", "--root", str(copy))
    path = copy / TOOL["LIBRARIES"] / "cv2.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    bound = {alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert {"Array", "array", "Arguments", "Machine", "Value", "known", "nodes"} <= bound
    assert "ANSWERERS" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "why"),
    [("numpy.zeros", "known already"), ("roll", "no full name"), ("tensorflow.roll", "files of their own")],
)
def test_what_it_cannot_write_is_refused(
    name: str, why: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(monkeypatch, name)
    assert why in capsys.readouterr().err
