"""The parent survives whatever becomes of the child; fake children stand in for Keras."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from keraslint.confirm import ConfirmError, Progress, Settings
from keraslint.confirm.plan import Plan
from keraslint.confirm.pool import Sessions
from keraslint.confirm.session import Session

PLANS = [Plan({"a": 1}), Plan({"b": 2})]


@pytest.fixture
def child() -> Callable[..., Session]:
    """``child(code)``: a session with a Python program in the place of the real child."""
    return lambda code, **settings: Session(Settings(**settings), (sys.executable, "-c", code))


def test_missing_keras_names_what_to_install(child: Callable[..., Session]) -> None:
    code = """print('{"event": "missing", "module": "tensorflow"}', flush=True); input()"""
    with (
        child(code) as session,
        pytest.raises(ConfirmError, match=r'tensorflow.*pip install "keraslint\[confirm\]"'),
    ):
        session.train(PLANS)


def test_keras_that_only_pythonpath_names_is_missing_for_a_reason(
    child: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "somewhere")
    code = """print('{"event": "missing", "module": "keras"}', flush=True); input()"""
    with child(code) as session, pytest.raises(ConfirmError, match="PYTHONPATH is not searched"):
        session.train(PLANS)


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


READY = 'import json, time; print(json.dumps({"event": "ready", "keras": "3"}), flush=True); time.sleep(60)'


def test_a_child_that_hangs_is_ended(child: Callable[..., Session], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keraslint.confirm.session.GRACE_SECONDS", 0.0)
    with child(READY, seconds=0.5) as session:
        assert session.train(PLANS)[0].failure == "out of time: the limit is 0.5 seconds"


def test_loading_keras_has_a_limit_of_its_own(child: Callable[..., Session], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keraslint.confirm.session.LOADING_SECONDS", 0.5)
    with child("import time; time.sleep(60)", seconds=0.1) as session:
        assert session.train(PLANS)[0].failure == "Keras was not loaded in 0.5 seconds"


def test_a_child_that_takes_too_much_memory_is_ended(
    child: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keraslint.confirm.process.resident_mb", lambda pid: 9000)
    with child("import time; time.sleep(60)") as session:
        assert "9,000 MB" in str(session.train(PLANS)[0].failure)


def test_progress_ends_whatever_happens(child: Callable[..., Session]) -> None:
    heard: list[Progress] = []
    with child("raise SystemExit(1)", seeds=2) as session:
        session.train(PLANS, heard.append)
    assert (heard[0].done, heard[0].total) == (0, 4)
    assert heard[-1].done == heard[-1].total


ANSWERS = """
import json, os, sys
for line in sys.stdin:
    job = json.loads(line)
    if "crash" in job["plan"]:
        os._exit(9)
    said = [str(os.getpid()), *job["plan"]]
    print(json.dumps({"job": job["job"], "event": "done", "warnings": said}), flush=True)
"""
"""A child that answers each job with its own number and the plan's keys, and dies of one that asks for it."""


def test_one_child_serves_file_after_file(child: Callable[..., Session]) -> None:
    with child(ANSWERS) as session:
        numbers = set()
        for _ in range(3):
            session.begin()
            numbers |= {trained.warnings[0] for trained in session.train(PLANS)}
    assert len(numbers) == 1


def test_the_file_after_a_crash_has_a_new_child(child: Callable[..., Session]) -> None:
    with child(ANSWERS) as session:
        session.begin()
        assert session.train([Plan({"crash": True})])[0].failure == "the training process ended with exit code 9"
        session.begin()
        assert [trained.failure for trained in session.train(PLANS)] == [None, None]


def test_each_file_has_its_own_time(child: Callable[..., Session]) -> None:
    with child(ANSWERS, seconds=2.0) as session:
        session.begin()
        session.started -= 100
        session.begin()
        assert [trained.failure for trained in session.train(PLANS)] == [None, None]


def test_what_a_broken_off_file_left_behind_does_not_reach_the_next(child: Callable[..., Session]) -> None:
    def break_off(progress: Progress) -> None:
        raise KeyboardInterrupt

    with child(ANSWERS) as session:
        session.begin()
        with pytest.raises(KeyboardInterrupt):
            session.train(PLANS, break_off)
        session.begin()
        (trained,) = session.train([Plan({"c": 3})])
    assert trained.warnings[1:] == ("c",)


def test_a_bloated_child_is_replaced_before_the_next_file(
    child: Callable[..., Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    with child(ANSWERS) as session:
        session.begin()
        (first,) = session.train(PLANS[:1])
        with monkeypatch.context() as patched:
            patched.setattr("keraslint.confirm.process.resident_mb", lambda pid: 5000)
            session.begin()
        (second,) = session.train(PLANS[:1])
    assert first.warnings != second.warnings


def test_results_of_sessions_side_by_side_come_in_order() -> None:
    with Sessions(3, Settings()) as sessions:
        results = sessions.results(lambda item, session: (item, session), range(20))
        found = [result() for result in results]
    assert [item for item, _ in found] == list(range(20))
    assert len({id(session) for _, session in found}) <= 3


def test_a_closed_session_begins_nothing(child: Callable[..., Session]) -> None:
    session = child(ANSWERS)
    session.close()
    with pytest.raises(ConfirmError, match="called off"):
        session.begin()
