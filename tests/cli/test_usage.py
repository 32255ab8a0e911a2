"""What goes wrong at the first try: a wrong option, a broken configuration, the text of an unsaved file."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keraslint import cli

FAULTY = "from keras.layers import Dense\nDense(1, activation='softmax')\n"
FINE = "from keras.layers import Dense\nDense(2, activation='softmax')\n"
Captured = Callable[[], tuple[str, str]]

pytestmark = pytest.mark.usefixtures("project")


def write(name: str, content: str) -> str:
    Path(name).write_text(content, encoding="utf-8")
    return name


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--output-format=jsn", "no output format is called 'jsn'; did you mean json?"),
        ("--output-format=sariff", "no output format is called 'sariff'; did you mean sarif?"),
        ("--output-format=pretty", "no output format is called 'pretty'; there are colorized, github, json, json2"),
        ("--output-format=json:missing/x.json", "missing/x.json: No such file or directory"),
        ("--keras-version=abc", "keras-version = 'abc': not a version of Keras, such as"),
        ("--keras-version=9.9", "keras-version = '9.9': keraslint knows Keras 1.2 to"),
        ("--keras-version=0.3", "keras-version = '0.3': keraslint knows Keras 1.2 to"),
        ("--jobs=foo", "-j foo: the number of processes is"),
        ("--jobs=-1", "-j -1: the number of processes is"),
        ("--keras-version=" + "9" * 5000, f"keras-version = '{'9' * 100}…': not a version of Keras, such as"),
        ("--rcfile=/dev/zero", "cannot read the pylint configuration /dev/zero: not a regular file"),
        ("--rcfile=.", "cannot read the pylint configuration .: not a regular file"),
        ("--rcfile=missing", "cannot read the pylint configuration missing: No such file or directory"),
    ],
)
def test_a_wrong_option_is_one_clear_line(option: str, said: str, printed: Captured) -> None:
    assert cli.main(["check", option, write("a.py", FAULTY)]) == cli.ERROR
    output, errors = printed()
    assert (output, errors.count("\n")) == ("", 1)
    assert errors.startswith(f"keraslint: error: {said}")


@pytest.mark.parametrize("command", ["check", "summary", pytest.param("confirm", marks=pytest.mark.keras)])
@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("pyproject.toml", "[tool.pylint", "pyproject.toml"),
        ("pylintrc", "[MAIN\n", "pylintrc"),
    ],
)
def test_a_broken_configuration_is_one_clear_line(
    command: str, name: str, text: str, said: str, printed: Captured
) -> None:
    write(name, text)
    assert cli.main([command, write("a.py", FINE)]) == cli.ERROR
    output, errors = printed()
    assert (output, errors.count("\n")) == ("", 1)
    assert said in errors


@pytest.mark.parametrize("name", ["pyproject.toml", "setup.cfg", "tox.ini", "pylintrc"])
def test_a_configuration_that_is_no_utf_8_is_one_clear_line(name: str, printed: Captured) -> None:
    Path(name).write_bytes(b"[tool.pylint]\n# \xe4\n")
    assert cli.main(["check", write("a.py", FINE)]) == cli.ERROR
    said = printed()[1]
    assert said.count("\n") == 1
    assert f"configuration {name}: " in said
    assert said.endswith("; save it as UTF-8\n")


def test_a_configuration_that_pylint_does_not_look_into_is_no_matter() -> None:
    Path("setup.cfg").write_bytes(b"# \xe4\n")
    write("pylintrc", "[MAIN]\n")
    assert cli.main(["check", write("a.py", FINE)]) == cli.OK


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a." * 100_000 + "b = 1\n", "pyproject.toml: a key has more than a hundred parts"),
        ("#" * 2_000_000, "pyproject.toml: larger than 1,000,000 bytes"),
    ],
    ids=["key", "size"],
)
def test_an_absurd_configuration_is_one_clear_line(text: str, said: str, printed: Captured) -> None:
    write("pyproject.toml", text)
    assert cli.main(["check", write("a.py", FINE)]) == cli.ERROR
    assert printed() == ("", f"keraslint: error: cannot read the pylint configuration {said}\n")


def test_the_empty_device_stands_for_no_configuration() -> None:
    write("pylintrc", "[MAIN]\ndisable=E7800\n")
    assert cli.main(["check", f"--rcfile={os.devnull}", write("a.py", FAULTY)]) == cli.FOUND


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            'keras-verison = "2.15"',
            "there is no option keras-verison, as the configuration has it; did you mean keras-version?",
        ),
        ("keras-version = 2.10", "keras-version must stand in quotes: TOML takes 2.10 for the number 2.1"),
        ("keras-max-sgd-rate = 2", "did you mean keras-max-sgd-learning-rate?"),
        ('keras-version = "latest"', "keras-version = 'latest': not a version of Keras"),
        ('keras-teach = "no"', "did you mean keras-teach-pylint?"),
        (
            'keras-teach-pylint = "tensorflow"',
            "keras-teach-pylint = 'tensorflow': it is one of 'no', 'keras', 'keras,tensorflow'",
        ),
    ],
)
def test_a_mistyped_option_in_the_configuration_gets_the_nearest(entry: str, said: str, printed: Captured) -> None:
    write("pyproject.toml", f"[tool.pylint.keraslint]\n{entry}\n")
    assert cli.main(["check", write("a.py", FINE)]) == cli.ERROR
    output, errors = printed()
    assert (output, errors.count("\n")) == ("", 1)
    assert said in errors


def test_a_wrong_value_of_pylints_own_is_one_clear_line(printed: Captured) -> None:
    write("pylintrc", "[MAIN]\njobs=many\n")
    assert cli.main(["check", write("a.py", FINE)]) == cli.ERROR
    assert printed() == ("", "keraslint: error: argument --jobs/-j: invalid int value: 'many'\n")


@pytest.mark.parametrize(
    "comment",
    [
        "# pylint: disable=django-not-configured",
        "# pylint: disable=no-such-message, R9999",
        "# pylint: disable-next=no-such-message",
        "# pylint: enable=no-such-message",
        "# pylint: nonsense",
        "# pylint: disable-all",
        "# pylint: enable=all",
    ],
)
def test_comments_for_other_plugins_are_no_finding(comment: str, printed: Captured) -> None:
    assert cli.main(["check", write("a.py", f"{comment}\n{FINE}print(undefined)\n")]) == cli.OK
    assert printed()[0] == ""


def test_comments_for_other_plugins_are_no_finding_in_several_processes() -> None:
    files = [write(name, f"# pylint: disable=no-such-message\n{FINE}") for name in ("a.py", "b.py")]
    command = [sys.executable, "-m", "keraslint", "check", "-j2", *files]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (cli.OK, ""), run.stderr


def test_comments_for_us_still_count_beside_those_for_others() -> None:
    text = FAULTY.rstrip() + "  # pylint: disable=no-such-message,keras-softmax-on-one-unit\n"
    assert cli.main(["check", write("a.py", text)]) == cli.OK


def test_template_of_the_configuration_is_for_people_only(printed: Captured) -> None:
    write("pylintrc", "[REPORTS]\nmsg-template={path} is wrong\n")
    cli.main(["check", write("a.py", FAULTY)])
    assert "a.py is wrong" in printed()[0]
    cli.main(["check", "--output-format=github", "a.py"])
    assert "::error file=a.py,line=2" in printed()[0]
    cli.main(["check", "--output-format=json", "a.py"])
    assert json.loads(printed()[0])[0]["message-id"] == "E7800"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | bytes], None]:
    """Puts a text into the standard input."""

    def put(text: str | bytes) -> None:
        raw = text.encode() if isinstance(text, str) else text
        stdin: Any = io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", stdin)

    return put


class TestStandardInput:
    def test_is_checked_under_the_name_of_its_file(self, typed: Callable[[str], None], printed: Captured) -> None:
        typed(FAULTY)
        assert cli.main(["check", "--stdin-filename", "src/model.py", "-"]) == cli.FOUND
        assert "src/model.py:2:20: E7800" in printed()[0]

    def test_wins_over_what_is_saved(self, typed: Callable[[str], None]) -> None:
        write("a.py", FAULTY)
        typed(FINE)
        assert cli.main(["check", "--stdin-filename", "a.py", "-"]) == cli.OK

    def test_sees_the_other_files_of_the_project(self, typed: Callable[[str], None]) -> None:
        write("sizes.py", "UNITS = 1\n")
        write("a.py", "")
        typed("import sizes\n" + FAULTY.replace("1", "sizes.UNITS"))
        assert cli.main(["check", "--stdin-filename", "a.py", "-"]) == cli.FOUND

    def test_needs_no_name_and_no_keras(self, typed: Callable[[str], None], printed: Captured) -> None:
        typed("print(1)\n")
        assert cli.main(["check", "-"]) == cli.OK
        assert printed() == ("", "")

    @pytest.mark.parametrize("text", [b"def f(:\n", b"x = '\xe4'\n"])
    def test_that_is_no_python_exits_with_2(self, text: bytes, typed: Callable[[bytes], None]) -> None:
        typed(text)
        assert cli.main(["check", "-"]) == cli.ERROR

    @pytest.mark.parametrize("paths", [["-", "a.py"], ["a.py"]])
    def test_is_checked_alone(self, paths: list[str], printed: Captured) -> None:
        write("a.py", FINE)
        assert cli.main(["check", "--stdin-filename", "b.py", *paths]) == cli.ERROR
        assert "the standard input is checked alone" in printed()[1]

    def test_has_a_summary(self, typed: Callable[[str], None], printed: Captured) -> None:
        typed("import keras\nm = keras.Sequential([keras.Input((2,))])\n")
        assert cli.main(["summary", "--format=json", "--stdin-filename", "src/model.py", "-"]) == cli.OK
        described = json.loads(printed()[0])
        assert (described["path"], len(described["models"])) == ("src/model.py", 1)


@pytest.mark.parametrize("name", ["e7800", "E7800", "Keras-Softmax-On-One-Unit"])
def test_explain_takes_a_name_in_any_case(name: str, printed: Captured) -> None:
    assert cli.main(["explain", name]) == cli.OK
    assert printed()[0].startswith("keras-softmax-on-one-unit (E7800)\n")


@pytest.mark.parametrize("name", ["keras-unread-notebook", "e7898"])
def test_explain_knows_the_messages_that_come_from_no_rule(name: str, printed: Captured) -> None:
    assert cli.main(["explain", name]) == cli.OK
    output = printed()[0]
    assert output.startswith("keras-unread-notebook (E7898)\n")
    assert "nothing in it was checked" in output


def test_disable_takes_a_name_in_any_case() -> None:
    assert cli.main(["check", "--disable=e7800", write("a.py", FAULTY)]) == cli.OK


class TestVerbose:
    def test_says_which_keras_and_which_line_says_so(self, printed: Captured) -> None:
        write("requirements.txt", "numpy\ntensorflow==2.10.1\n")
        cli.main(["check", "-v", write("a.py", FINE)])
        assert printed()[1] == "keraslint: a.py: checked for Keras 2.10 (requirements.txt:2: tensorflow==2.10.1)\n"

    def test_says_that_the_option_decides(self, printed: Captured) -> None:
        write("requirements.txt", "tensorflow==2.10.1\n")
        cli.main(["check", "-v", "--keras-version=2.15", write("a.py", FINE)])
        assert "checked for Keras 2.15 (the option keras-version)" in printed()[1]

    def test_says_that_nothing_is_pinned(self, printed: Captured) -> None:
        cli.main(["check", "-v", write("a.py", FINE)])
        assert "(the newest; the project pins no other)" in printed()[1]


@pytest.mark.parametrize(
    ("pin", "told"),
    [("tensorflow==2.10", False), ("keras<3", True), ("tensorflow==2.16.1", True), ("", True)],
)
def test_an_argument_is_judged_by_the_keras_that_is_pinned(pin: str, told: bool, printed: Captured) -> None:
    # Keras 2.15 turns `lr` down in its new optimizers, and 2.10 had only the old ones, which took both names.
    write("requirements.txt", f"{pin}\n")
    cli.main(["check", write("a.py", "import keras\nkeras.optimizers.Adam(lr=0.001)\n")])
    cli.main(["check", write("b.py", "import keras\nkeras.optimizers.Adam(learning_rate=0.001)\n")])
    output = printed()[0]
    assert ("a.py:2" in output) == told
    assert "b.py" not in output
