"""Which messages `keraslint check` is asked for, how it counts them, and what its exit code makes of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from keraslint import cli
from keraslint.plugin import run
from keraslint.plugin.messages import NOTES, UsageError, declared

ONE_UNIT = "keras-softmax-on-one-unit"  # E7800
ADVICE = "keras-too-few-updates"  # R7891, off by default
FAULTY = "from keras.layers import Dense\nDense(1, activation='softmax')\n"
TWO_KINDS = f"{FAULTY}Dense(2, activation='softmax', kernel_initializer='zeros')\n" + "Dense(3, unit=4)\n" * 2
SYMBOLS = {rule["symbol"]: rule["msgid"] for rule in declared()}
Captured = Callable[[], tuple[str, str]]


def asked_for(**options: str | dict[str, str]) -> set[str]:
    """The symbols of rules that these options leave, as the command line splits them."""
    configured = options.pop("configured", {})
    names = {option: str(value).split(",") for option, value in options.items()}
    left = run._asked_for(run.Request(selection=None, configured=configured, **names))  # type: ignore[arg-type]
    return set(left.difference(NOTES))


def beginning(*letters: str) -> set[str]:
    return {symbol for symbol, msgid in SYMBOLS.items() if msgid.startswith(letters)}


class TestSelect:
    @pytest.mark.parametrize(
        ("names", "meant"),
        [
            pytest.param(ONE_UNIT, {ONE_UNIT}, id="symbol"),
            pytest.param("e7800", {ONE_UNIT}, id="id, in any case"),
            pytest.param("E782", beginning("E782"), id="beginning of ids"),
            pytest.param("E7", beginning("E"), id="short beginning"),
            pytest.param("w78,E79", beginning("W78", "E79"), id="several"),
            pytest.param("R", beginning("R"), id="category, off by default"),
            pytest.param("all", set(SYMBOLS), id="all"),
        ],
    )
    def test_means_these_and_no_others(self, names: str, meant: set[str]) -> None:
        assert meant
        assert asked_for(select=names) == meant

    @pytest.mark.parametrize("name", ["E99", "C", "7800", "keras-softmax"])
    def test_of_what_is_no_name_is_refused(self, name: str) -> None:
        for option in ("select", "ignore", "enable", "disable"):
            with pytest.raises(UsageError, match=f"no message is called '{name}'"):
                asked_for(**{option: name})

    def test_stands_in_the_place_of_what_the_configuration_enables(self) -> None:
        assert asked_for(select="E7800", configured={"enable": ADVICE}) == {ONE_UNIT}

    @pytest.mark.parametrize(("select", "is_on"), [("E", False), ("E780", False), ("E7800", True), (ONE_UNIT, True)])
    def test_overrules_a_disable_of_the_configuration_by_a_name_as_exact(self, select: str, is_on: bool) -> None:
        assert (ONE_UNIT in asked_for(select=select, configured={"disable": "E7800"})) == is_on

    def test_takes_disable_all_of_the_configuration_for_pylints(self) -> None:
        assert asked_for(select="E", configured={"disable": "all,C0114"}) == beginning("E")


class TestIgnore:
    def test_takes_away_from_what_is_on_by_default(self) -> None:
        assert asked_for(ignore="E78,W") == beginning("E79")

    def test_takes_away_what_the_configuration_enables(self) -> None:
        assert ADVICE in asked_for(configured={"enable": ADVICE})
        assert ADVICE not in asked_for(ignore="R", configured={"enable": ADVICE})

    @pytest.mark.parametrize(
        ("select", "ignore", "is_on"),
        [
            ("E7800", "E", True),
            ("E", "E7800", False),
            ("E7800", ONE_UNIT, False),
            ("E780", "E78", True),
            ("E78", "E780", False),
            ("all", "E", False),
            ("E", "all", True),
            ("E,E7800", "E78", True),
        ],
    )
    def test_and_select_leave_it_to_the_more_exact(self, select: str, ignore: str, is_on: bool) -> None:
        assert (ONE_UNIT in asked_for(select=select, ignore=ignore)) == is_on


def test_enable_and_disable_come_after_select_and_ignore() -> None:
    assert asked_for(select="E7800", disable="E") == set()
    assert asked_for(select="E7800", enable=ADVICE) == {ONE_UNIT, ADVICE}
    assert asked_for(select=ONE_UNIT, ignore=ONE_UNIT, disable="E", enable="E7800") == {ONE_UNIT}
    assert asked_for(disable="E,W", enable="E780") == beginning("E780")


@pytest.mark.usefixtures("project")
class TestOnTheCommandLine:
    def test_names_are_told_apart_by_commas_and_options(self, printed: Captured) -> None:
        Path("a.py").write_text(TWO_KINDS, encoding="utf-8")
        assert cli.main(["check", "--select=E7800,W", "--select=E796", "--ignore=W7844", "a.py"]) == cli.FOUND
        output = printed()[0]
        assert [output.count(msgid) for msgid in ("E7800", "W7844", "E7961")] == [1, 0, 2]

    def test_a_wrong_name_gets_the_nearest(self, printed: Captured) -> None:
        Path("a.py").write_text(FAULTY, encoding="utf-8")
        assert cli.main(["check", "--select=keras-softmax-on-one", "a.py"]) == cli.ERROR
        assert f"no message is called 'keras-softmax-on-one'; did you mean {ONE_UNIT}, " in printed()[1]

    def test_nothing_selected_is_no_all_clear(self, printed: Captured) -> None:
        Path("a.py").write_text(FAULTY, encoding="utf-8")
        assert cli.main(["check", "--select=E7800", "--ignore=E7800", "a.py"]) == cli.ERROR
        assert "nothing to check" in printed()[1]

    def test_statistics_stand_below_the_messages_the_most_frequent_first(self, printed: Captured) -> None:
        Path("a.py").write_text(TWO_KINDS, encoding="utf-8")
        Path("b.py").write_text("def f(:\n", encoding="utf-8")
        assert cli.main(["check", "--statistics", "--ignore=W", "a.py", "b.py"]) == cli.ERROR
        output, errors = printed()
        assert errors == ""
        assert output.splitlines()[-3:] == [
            "2  E7961  keras-unknown-argument",
            "1  E0001  syntax-error",
            f"1  E7800  {ONE_UNIT}",
        ]
        assert output.count("E7961") == 3

    def test_statistics_keep_out_of_what_machines_read(self, printed: Captured) -> None:
        Path("a.py").write_text(FAULTY, encoding="utf-8")
        cli.main(["check", "--statistics", "--output-format=json", "a.py"])
        output, errors = printed()
        assert len(json.loads(output)) == 1
        assert errors == f"1  E7800  {ONE_UNIT}\n"

    def test_statistics_of_nothing_are_empty(self, printed: Captured) -> None:
        Path("a.py").write_text("print(1)\n", encoding="utf-8")
        assert cli.main(["check", "--statistics", "a.py"]) == cli.OK
        assert printed() == ("", "")

    def test_exit_zero_is_about_findings_and_not_about_files_unread(self, printed: Captured) -> None:
        Path("a.py").write_text(FAULTY, encoding="utf-8")
        assert cli.main(["check", "--exit-zero", "a.py"]) == cli.OK
        assert "E7800" in printed()[0]
        Path("b.py").write_text("def f(:\n", encoding="utf-8")
        assert cli.main(["check", "--exit-zero", "a.py", "b.py"]) == cli.ERROR
