"""A directory to work in that no configuration of this machine reaches, and a way to see what was printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Captured = Callable[[], tuple[str, str]]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository, which is the working directory, with no configuration of pylint in sight."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("PYLINTRC", raising=False)
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Captured:
    """What was printed since: to stdout, to stderr."""
    return lambda: tuple(capsys.readouterr())  # type: ignore[return-value]
