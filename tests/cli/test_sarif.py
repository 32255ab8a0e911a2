"""The SARIF log: valid by its schema, and with the places and identities that code scanning relies on.

sarif-2.1.0.json is the schema as Microsoft's sarif-sdk has it, which its npm package @microsoft/sarif-multitool-linux
5.7.0 ships; sarif-2.1.0.LICENSE is its license.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keraslint import __version__, cli
from keraslint.rules import by_symbol

FIXTURES = Path(__file__).parents[2] / "fixtures" / "rules"
SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0.json").read_text(encoding="utf-8"))
HEAD = "from keras.layers import Dense\n"
FAULTY = "Dense(1, activation='softmax')\n"
Log = Callable[..., dict[str, Any]]

pytestmark = pytest.mark.usefixtures("project")


def is_valid(log: object) -> bool:
    jsonschema = pytest.importorskip("jsonschema")
    errors = jsonschema.validators.validator_for(SCHEMA)(SCHEMA).iter_errors(log)
    assert [error.message for error in errors] == []
    return True


def write(name: str, text: str) -> str:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")
    return name


@pytest.fixture
def run_of(capsys: pytest.CaptureFixture[str]) -> Log:
    """Makes a check with these arguments, and gives the one run in its log."""

    def check(*arguments: str) -> dict[str, Any]:
        capsys.readouterr()
        cli.main(["check", "--output-format=sarif", *arguments])
        log = json.loads(capsys.readouterr().out)
        assert log["version"] == "2.1.0"
        (run,) = log["runs"]
        return run  # type: ignore[no-any-return]

    return check


def place(result: dict[str, Any]) -> tuple[str, dict[str, int]]:
    (location,) = result["locations"]
    physical = location["physicalLocation"]
    return physical["artifactLocation"]["uri"], physical["region"]


def prints(run: dict[str, Any]) -> list[str]:
    """The fingerprints of all results."""
    return [value for result in run["results"] for value in result["partialFingerprints"].values()]


def test_a_log_of_all_that_can_be_said_is_valid(capsys: pytest.CaptureFixture[str]) -> None:
    files = [
        write("a b/ä.py", HEAD + FAULTY),
        write("broken.py", "def f(:\n"),
        *(str(FIXTURES / symbol / "bad.py") for symbol in ("keras-saturating-stack", "keras-extreme-dropout")),
    ]
    assert cli.main(["check", "--output-format=sarif", "--enable=all", *files]) == cli.ERROR
    log = json.loads(capsys.readouterr().out)
    (run,) = log["runs"]
    assert {result["level"] for result in run["results"]} == {"error", "warning", "note"}
    defaults = [rule["defaultConfiguration"] for rule in run["tool"]["driver"]["rules"]]
    assert all(default["enabled"] == (default["level"] != "note") for default in defaults)
    assert is_valid(log)


def test_a_log_of_nothing_is_valid(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--output-format=sarif", write("a.py", "print(1)\n")]) == cli.OK
    log = json.loads(capsys.readouterr().out)
    (run,) = log["runs"]
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])
    assert run["invocations"][0]["executionSuccessful"] is True
    assert is_valid(log)


def test_a_log_of_pylint_names_pylint_and_the_plugin(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--load-plugins=keraslint", "--output-format=sarif", "--keras-version=abc"]
    command = [sys.executable, "-m", "pylint", *options, "--from-stdin", write("a.py", "\n" * 9)]
    output = subprocess.run(command, input=HEAD + FAULTY, capture_output=True, text=True, check=False).stdout
    log = json.loads(output)
    (run,) = log["runs"]
    tool, (invocation,) = run["tool"], run["invocations"]
    assert (tool["driver"]["name"], tool["extensions"][0]["name"]) == ("pylint", "keraslint")
    levels = {rule["id"]: rule["defaultConfiguration"]["level"] for rule in tool["driver"]["rules"]}
    assert (levels["C0114"], levels["E7800"], levels.get("E7897")) == ("note", "error", None)
    places = {result["ruleId"]: place(result)[1] for result in run["results"]}
    assert places["E7800"] == {"startLine": 2}  # of this text the file holds nothing, and pylint keeps nothing
    assert tool["driver"]["rules"][0]["deprecatedIds"] == ["C0111"]
    (told,) = invocation["toolConfigurationNotifications"]
    assert (told["descriptor"]["id"], invocation["executionSuccessful"]) == ("E7897", True)
    assert is_valid(log)


def test_the_tool_says_what_its_rules_are(run_of: Log) -> None:
    driver = run_of(write("a.py", HEAD + FAULTY))["tool"]["driver"]
    (rule,) = driver["rules"]
    known = by_symbol("keras-softmax-on-one-unit")
    assert known is not None
    assert (driver["name"], driver["version"]) == ("keraslint", __version__)
    assert (rule["id"], rule["name"]) == ("E7800", "keras-softmax-on-one-unit")
    assert rule["shortDescription"]["text"] == known.summary
    assert rule["fullDescription"]["text"].startswith(f"{known.summary} Reports a softmax along an axis")
    assert "##" not in rule["fullDescription"]["text"]
    assert rule["help"] == {"text": known.page, "markdown": known.page}


class TestPlaces:
    def test_are_counted_in_characters_from_1(self, run_of: Log) -> None:
        before = ["x = 'a'; ", "x = 'ä'; ", "x = '界'; ", "x = '😀'; ", "é = '😀ß'; "]
        run = run_of(write("a.py", HEAD + "".join(line + FAULTY for line in before)))
        begins = [len(f"{line}Dense(1, activation=") + 1 for line in before]
        assert run["columnKind"] == "unicodeCodePoints"
        assert [place(result) for result in run["results"]] == [
            ("a.py", {"startLine": line, "startColumn": begin, "endLine": line, "endColumn": begin + len("'softmax'")})
            for line, begin in enumerate(begins, 2)
        ]

    def test_are_those_of_the_text_in_another_encoding(self, run_of: Log) -> None:
        text = f"# -*- coding: latin-1 -*-\n{HEAD}x = 'äöü'; {FAULTY}"
        Path("a.py").write_bytes(text.encode("latin-1"))
        assert place(run_of("a.py")["results"][0])[1]["startColumn"] == len("x = 'äöü'; Dense(1, activation=") + 1

    def test_of_the_standard_input_are_those_of_its_text(self, run_of: Log, monkeypatch: pytest.MonkeyPatch) -> None:
        write("a.py", "\n\n")
        text = f"{HEAD}x = 'äöü'; {FAULTY}".encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
        uri, region = place(run_of("--stdin-filename=a.py", "-")["results"][0])
        assert (uri, region["startColumn"]) == ("a.py", len("x = 'äöü'; Dense(1, activation=") + 1)

    def test_end_where_a_call_of_several_lines_ends(self, run_of: Log) -> None:
        faulty = "import keras\nmodel = keras.Sequential()\nmodel.fit(\n    '日本', 1,\n    epochs=2)\n"
        run = run_of("--select=keras-fit-before-compile", write("a.py", faulty))
        assert place(run["results"][0])[1] == {"startLine": 3, "startColumn": 1, "endLine": 5, "endColumn": 14}

    def test_are_below_the_root_or_in_the_file_system(self, run_of: Log) -> None:
        outside = Path(write("../outside ö.py", HEAD + FAULTY))
        run = run_of(str(outside), write("a b/ä#.py", HEAD + FAULTY))
        assert [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in run["results"]] == [
            {"uri": outside.resolve().as_uri()},
            {"uri": "a%20b/%C3%A4%23.py", "uriBaseId": "%SRCROOT%"},
        ]
        assert "%SRCROOT%" in run["originalUriBaseIds"]

    def test_of_text_that_is_no_python_is_named_by_its_file(self, run_of: Log, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"def f(:\n")))
        (told,) = run_of("--stdin-filename=../a.py", "-")["invocations"][0]["toolExecutionNotifications"]
        assert place(told) == ((Path.cwd().parent / "a.py").as_uri(), {"startLine": 1})


class TestFingerprints:
    def test_stay_when_lines_are_added_above(self, run_of: Log) -> None:
        before = prints(run_of(write("a.py", f"{HEAD}{FAULTY}def build():\n    return {FAULTY}")))
        added = f"'''A module.'''\n\n{HEAD}\n\n{FAULTY}\n\ndef build():\n    # a comment\n    return {FAULTY}"
        assert len(before) == 2
        assert prints(run_of(write("a.py", added))) == before

    def test_of_messages_that_name_a_line_stay_as_well(self, run_of: Log) -> None:
        twice = "import keras\ni = keras.Input((2,))\na = keras.layers.Dense(2, name='hidden')(i)\n"
        twice += "b = keras.layers.Dense(2, name='hidden')(a)\nkeras.Model(i, b)\n"
        first = run_of("--select=keras-duplicate-layer-name", write("a.py", twice))
        moved = run_of("--select=keras-duplicate-layer-name", write("a.py", "\n" + twice))
        assert first["results"][0]["message"] != moved["results"][0]["message"]
        assert prints(first) == prints(moved)

    @pytest.mark.parametrize(
        "other",
        [
            pytest.param(FAULTY.replace("1", "1, use_bias=False"), id="other code"),
            pytest.param(f"class A:\n    {FAULTY}", id="another scope"),
        ],
    )
    def test_differ_for_another_finding(self, other: str, run_of: Log) -> None:
        assert prints(run_of(write("a.py", HEAD + FAULTY))) != prints(run_of(write("a.py", HEAD + other)))

    def test_differ_for_equal_lines_and_places_in_a_line(self, run_of: Log) -> None:
        twice = f"{FAULTY.strip()}; {FAULTY}"
        found = prints(run_of(write("a.py", HEAD + twice + twice)))
        assert len(set(found)) == len(found) == 4


def test_in_a_notebook_the_cell_is_the_place(run_of: Log) -> None:
    cells = [HEAD, "# text", FAULTY, FAULTY + FAULTY]
    kinds = ["code", "markdown", "code", "code"]
    content = [{"cell_type": kind, "source": text} for kind, text in zip(kinds, cells, strict=True)]
    run = run_of(write("pages.ipynb", json.dumps({"cells": content, "nbformat": 4})))
    found = [result for result in run["results"] if result["ruleId"] == "E7800"]
    assert [result["locations"][0]["logicalLocations"] for result in found] == [
        [{"name": "cell 3"}],
        [{"name": "cell 4"}],
        [{"name": "cell 4"}],
    ]
    assert [result["message"]["text"].partition(":")[0] for result in found] == [
        "line 1 of cell 3",
        "line 1 of cell 4",
        "line 2 of cell 4",
    ]
    assert not any("region" in result["locations"][0]["physicalLocation"] for result in found)
    assert len(set(prints(run))) == len(run["results"])


def test_what_could_not_be_checked_is_a_notification_and_no_result(run_of: Log) -> None:
    run = run_of(write("faulty.py", HEAD + FAULTY), write("broken.py", "x = 1\ndef f(:\n"))
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (told,) = invocation["toolExecutionNotifications"]
    assert (told["descriptor"], told["level"], *place(told)) == (
        {"id": "E0001"},
        "error",
        "broken.py",
        {"startLine": 2},
    )
    assert "invalid syntax" in told["message"]["text"]
    assert [place(result)[0] for result in run["results"]] == ["faulty.py"]


def test_a_message_is_text_for_every_reader(run_of: Log) -> None:
    run = run_of(write("a.py", "import keras\nkeras.layers.Dense(1, activation='\\ud800x')\n"))
    said = run["results"][0]["message"]["text"]
    assert said.encode("utf-8")
    assert "\\ud800x" in said


def test_processes_and_files_give_the_same_log(run_of: Log, capsys: pytest.CaptureFixture[str]) -> None:
    files = [write(f"{name}.py", HEAD + FAULTY * 2) for name in "cab"]
    alone = run_of(*files)
    assert [place(result)[0] for result in alone["results"]] == ["a.py", "a.py", "b.py", "b.py", "c.py", "c.py"]
    command = [sys.executable, "-m", "keraslint", "check", "-j2", "--output-format=text,sarif:log.sarif", *files]
    text = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    assert text.count("E7800") == 6
    assert json.loads(Path("log.sarif").read_text(encoding="utf-8"))["runs"] == [alone]
