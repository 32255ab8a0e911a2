"""How many updates fit into the time that is left, by a clock that stands in for the real one."""

from __future__ import annotations

import time

import pytest

from keraslint.confirm.child.pace import Late, Pace


class Clock:
    """What `time` tells."""

    def __init__(self) -> None:
        self.now = 50.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", lambda: clock.now)
    return clock


def test_what_fits_is_made_in_full(clock: Clock) -> None:
    pace = Pace(1, 60, plans=2)
    assert pace.fit(400, 3, 0.001) == 400


def test_what_does_not_fit_is_cut_to_the_same_share_for_all(clock: Clock) -> None:
    pace = Pace(1, 60, plans=2)
    assert pace.fit(400, 3, 0.05) == round(400 * 0.9 * 60 / (2 * 3 * 400 * 0.05 * 1.2))
    pace.next_plan()
    assert pace.fit(400, 3, 99.0) == 150
    assert pace.fit(200, 3, 0.0) == 75


def test_what_making_a_model_takes_is_left_for_the_others(clock: Clock) -> None:
    pace = Pace(1, 60, plans=3)
    clock.now += 10
    assert pace.fit(400, 1, 0.05) == round(400 * (0.9 * 50 - 20) / (3 * 400 * 0.05 * 1.2))


def test_fewer_updates_than_show_anything_are_never_made(clock: Clock) -> None:
    pace = Pace(1, 60, plans=2)
    assert pace.fit(400, 3, 5.0) == 60
    assert pace.fit(40, 3, 5.0) == 40


def test_time_that_is_over_is_said_and_not_before(clock: Clock) -> None:
    pace = Pace(1, 60, plans=1)
    clock.now += 60
    pace.check()
    clock.now += 0.1
    with pytest.raises(Late):
        pace.check()


def test_a_plan_that_was_not_announced_still_gets_time(clock: Clock) -> None:
    pace = Pace(1, 60, plans=1)
    pace.next_plan()
    pace.next_plan()
    assert pace.fit(400, 1, 0.001) == 400


def test_an_update_that_takes_no_time_always_fits(clock: Clock) -> None:
    assert Pace(1, -5, plans=1).fit(400, 1, 0.0) == 400


def test_time_that_was_over_before_it_began_leaves_the_fewest_updates(clock: Clock) -> None:
    assert Pace(1, -5, plans=1).fit(400, 1, 0.01) == 60
