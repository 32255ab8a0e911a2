"""Reading with a deep stack: results and errors pass through, the limit is put back, and no call costs memory."""

import sys
from collections.abc import Callable

import pytest

from keraslint.reader.machine.stack import DEEPEST_STACK, with_deep_stack

CALLS = 300
DEPTHS = 400


def test_the_result_and_the_limit() -> None:
    before = sys.getrecursionlimit()
    assert with_deep_stack(sys.getrecursionlimit) == max(before, DEEPEST_STACK)
    assert sys.getrecursionlimit() == before


def test_an_error_passes_and_the_limit_is_put_back() -> None:
    before = sys.getrecursionlimit()
    with pytest.raises(ZeroDivisionError):
        with_deep_stack(lambda: 1 / 0)
    assert sys.getrecursionlimit() == before


def test_one_inside_another() -> None:
    assert with_deep_stack(lambda: with_deep_stack(lambda: 7)) == 7


def test_endless_recursion_is_an_error_and_no_crash() -> None:
    def endless() -> None:
        endless()

    with pytest.raises(RecursionError):
        with_deep_stack(endless)


def test_calls_at_any_depth_take_no_new_memory() -> None:
    """CPython 3.11 to 3.13 without it: some 2,400 page faults, a few hundred at each depth that is a border."""
    resource = pytest.importorskip("resource")

    def faults(run: Callable[[], None]) -> int:
        before: int = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        run()
        return int(resource.getrusage(resource.RUSAGE_SELF).ru_minflt) - before

    def everywhere() -> None:
        for depth in range(DEPTHS):
            _calls_at(depth)

    everywhere()
    assert with_deep_stack(lambda: faults(everywhere)) < CALLS


def _calls_at(depth: int) -> None:
    if depth:
        _calls_at(depth - 1)
        return
    for number in range(CALLS):
        _leaf(number, number, number)


def _leaf(first: int, _second: int, _third: int) -> int:
    return first
