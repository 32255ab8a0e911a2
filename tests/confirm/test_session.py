"""The parent survives whatever becomes of the child; fake children stand in for Keras."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable

import pytest

from keraslint.confirm import ConfirmError, Progress, Settings
from keraslint.confirm.plan import Plan
from keraslint.confirm.session import Session

PLANS = [Plan({"a": 1}), Plan({"b": 2})]


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Session]:
    """``child(code)``: a session with a Python program in the place of the real child."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    return lambda code, **settings: Session(Settings(**settings), (sys.executable, "-c", code))


def test_missing_keras_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "tensorflow" else object())
    with pytest.raises(ConfirmError, match=r'tensorflow.*pip install "keraslint\[confirm\]"'):
        Session(Settings())


@pytest.mark.keras
def test_a_backend_that_cannot_train_is_refused() -> None:
    with pytest.raises(ConfirmError, match="tensorflow, jax or torch"):
        Session(Settings(backend="theano"))


def test_a_child_that_cannot_import_keras_says_so(child: Callable[..., Session]) -> None:
    code = """print('{"event": "missing", "module": "keras"}', flush=True); input()"""
    with child(code) as session, pytest.raises(ConfirmError, match="confirm needs keras"):
        session.train(PLANS)


def test_a_killed_child_leaves_a_reason(child: Callable[..., Session]) -> None:
    with child("import os; os.kill(os.getpid(), 9)") as session:
        assert {t.failure for t in session.train(PLANS)} == {"the training process was killed by signal 9"}


def test_what_was_done_before_the_end_counts(child: Callable[..., Session]) -> None:
    code = """print('{"job": 0, "event": "done", "warnings": ["careful"]}', flush=True); raise SystemExit(3)"""
    with child(code) as session:
        first, second = session.train(PLANS)
    assert first.failure is None
    assert first.warnings == ("careful",)
    assert second.failure == "the training process ended with exit code 3"


def test_a_crash_shows_its_last_line(child: Callable[..., Session]) -> None:
    with child("raise MemoryError('no more')") as session:
        assert "MemoryError: no more" in str(session.train(PLANS)[0].failure)


def test_a_child_that_hangs_is_ended(child: Callable[..., Session]) -> None:
    with child("import time; time.sleep(60)", seconds=0.5) as session:
        assert session.train(PLANS)[0].failure == "out of time: the limit is 0.5 seconds"
        assert session._child.wait(5) != 0


def test_a_child_that_takes_too_much_memory_is_ended(
    child: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keraslint.confirm.session._resident_mb", lambda pid: 9000)
    with child("import time; time.sleep(60)") as session:
        assert "9,000 MB" in str(session.train(PLANS)[0].failure)


def test_progress_ends_whatever_happens(child: Callable[..., Session]) -> None:
    heard: list[Progress] = []
    with child("raise SystemExit(1)", seeds=2) as session:
        session.train(PLANS, heard.append)
    assert (heard[0].done, heard[0].total) == (0, 4)
    assert heard[-1].done == heard[-1].total
