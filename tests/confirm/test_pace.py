"""How many updates fit into the time that is left, by a clock that stands in for the real one."""

from __future__ import annotations

import time

import pytest

from keraslint.confirm.child.pace import Late, Pace, Schedule, Seconds


class Clock:
    """What `time` tells."""

    def __init__(self) -> None:
        self.now = 50.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", lambda: clock.now)
    return clock


ASKED = Schedule(epochs=10, updates=400, seeds=3)


def test_what_fits_is_made_in_full(clock: Clock) -> None:
    assert Pace(1, 60, plans=2).fit(ASKED, Seconds(update=0.001, scores=0.1)) == ASKED


def test_what_does_not_fit_is_cut_to_the_same_share_for_all(clock: Clock) -> None:
    pace = Pace(1, 60, plans=2)
    share = (0.75 * 60 / 2 - 3 * 11 * 0.05) / (3 * 400 * 0.05)
    assert pace.fit(ASKED, Seconds(0.05, 0.05)) == Schedule(10, round(400 * share), 3)
    pace.next_plan()
    assert pace.fit(ASKED, Seconds(99.0, 99.0)) == Schedule(10, round(400 * share), 3)
    assert pace.fit(Schedule(5, 200, 2), Seconds(0.0, 0.0)) == Schedule(5, round(200 * share), 2)


def test_what_making_a_model_takes_is_left_for_the_others(clock: Clock) -> None:
    pace = Pace(1, 60, plans=3)
    clock.now += 10
    fitted = pace.fit(Schedule(10, 400, 1), Seconds(0.05, 0.0))
    assert fitted == Schedule(10, round(400 * (0.75 * 50 - 20) / (3 * 400 * 0.05)), 1)


def test_scores_that_take_long_are_made_less_often_where_time_is_short(clock: Clock) -> None:
    assert Pace(1, 100, plans=1).fit(Schedule(20, 100, 1), Seconds(0.5, 1.0)) == Schedule(20, 100, 1)
    assert Pace(1, 90, plans=1).fit(Schedule(20, 100, 1), Seconds(0.5, 1.0)) == Schedule(5, 100, 1)
    assert Pace(1, 60, plans=1).fit(Schedule(20, 100, 1), Seconds(0.5, 1.0)) == Schedule(5, 78, 1)
    assert Pace(1, 60, plans=1).fit(Schedule(2, 100, 1), Seconds(0.5, 6.0)).epochs == 2


def test_seeds_are_left_out_before_there_are_too_few_updates(clock: Clock) -> None:
    taken = Seconds(0.1, 0.1)
    assert Pace(1, 60, plans=1).fit(ASKED, taken) == Schedule(10, round((45 - 3.3) / 0.3), 3)
    assert Pace(1, 25, plans=1).fit(ASKED, taken) == Schedule(10, round((18.75 - 2.2) / 0.2), 2)
    assert Pace(1, 20, plans=1).fit(ASKED, taken) == Schedule(10, round((15 - 2.2) / 0.2), 2)
    assert Pace(1, 10, plans=1).fit(ASKED, taken) == Schedule(10, round((7.5 - 1.1) / 0.1), 1)


def test_fewer_updates_than_show_anything_are_never_made(clock: Clock) -> None:
    assert Pace(1, 60, plans=2).fit(ASKED, Seconds(5.0, 0.0)) == Schedule(10, 60, 1)
    assert Pace(1, 60, plans=2).fit(Schedule(10, 40, 3), Seconds(5.0, 0.0)) == Schedule(10, 40, 1)


def test_there_are_no_more_epochs_than_updates(clock: Clock) -> None:
    assert Pace(1, 60, plans=1).fit(Schedule(10, 4, 1), Seconds(0.0, 0.0)) == Schedule(4, 4, 1)


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
    assert pace.fit(ASKED, Seconds(0.001, 0.0)) == ASKED


def test_what_takes_no_time_always_fits(clock: Clock) -> None:
    assert Pace(1, -5, plans=1).fit(ASKED, Seconds(0.0, 0.0)) == ASKED


def test_time_that_was_over_before_it_began_leaves_the_least(clock: Clock) -> None:
    assert Pace(1, -5, plans=1).fit(ASKED, Seconds(0.01, 0.01)) == Schedule(10, 60, 1)
