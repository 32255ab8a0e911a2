"""Which files of a directory the commands look at, and which they leave alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from keraslint import cli

FAULTY = "from keras.layers import Dense\nDense(1, activation='softmax')\n"
Captured = Callable[[], tuple[str, str]]

pytestmark = pytest.mark.usefixtures("project")


def write(name: str, content: str = FAULTY) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return name


def reported(printed: Captured) -> set[str]:
    """The files with a finding."""
    return {line.partition(":")[0] for line in printed()[0].splitlines() if "E7800" in line}


FOREIGN = (".venv/lib", "venv/lib", ".tox/py", ".nox/py", "node_modules/x", "build/lib", "dist/x", "x/site-packages/y")


@pytest.mark.parametrize("place", FOREIGN)
def test_what_is_not_the_users_own_is_passed_over(place: str, printed: Captured) -> None:
    write(f"src/{place}/a.py")
    write("src/own.py")
    assert cli.main(["check", "."]) == cli.FOUND
    assert reported(printed) == {"src/own.py"}


@pytest.mark.parametrize("sign", ["pyvenv.cfg", "conda-meta/history"])
def test_an_environment_is_known_whatever_it_is_called(sign: str, printed: Captured) -> None:
    write(f"py39-old/{sign}", "")
    write("py39-old/lib/a.py")
    write("own.py")
    cli.main(["check", "."])
    assert reported(printed) == {"own.py"}


def test_a_project_in_the_very_directory_of_its_environment_is_checked(printed: Captured) -> None:
    write("pyvenv.cfg", "")
    write("lib/python3.11/site-packages/a.py")
    write("own.py")
    cli.main(["check", "."])
    assert reported(printed) == {"own.py"}


def test_what_is_named_is_checked_wherever_it_lies(printed: Captured) -> None:
    write("build/a.py")
    write(".venv/lib/site-packages/b.py")
    cli.main(["check", "build", ".venv/lib/site-packages/b.py"])
    assert reported(printed) == {"build/a.py", ".venv/lib/site-packages/b.py"}
    cli.main(["check", ".venv"])
    assert reported(printed) == {".venv/lib/site-packages/b.py"}


def test_directory_with_nothing_but_an_environment_is_no_all_clear(printed: Captured) -> None:
    write("project/.venv/a.py")
    assert cli.main(["check", "project"]) == cli.ERROR
    assert "no Python file or notebook in this directory, environments and build results left out" in printed()[1]


def test_broken_file_that_does_not_mention_keras_is_no_concern_of_ours_unless_named(printed: Captured) -> None:
    write("project/broken.py", "def f(:\n")
    write("project/fine.py", "import keras\n")
    assert cli.main(["check", "project"]) == cli.OK
    assert cli.main(["check", "project/broken.py"]) == cli.ERROR
    assert "E0001" in printed()[0]


def test_broken_file_that_mentions_keras_is_told() -> None:
    write("project/broken.py", "import keras\ndef f(:\n")
    assert cli.main(["check", "project"]) == cli.ERROR


@pytest.mark.parametrize(
    "option",
    ["ignore=old,other.py", r"ignore-patterns=^ol.$", "ignore-paths=^project/old/.*$", "ignore-paths=^project/old"],
)
def test_a_directory_that_the_configuration_ignores_is_not_entered(option: str, printed: Captured) -> None:
    write("pylintrc", f"[MAIN]\n{option}\n")
    write("project/old/deep/a.py")
    write("project/new.py")
    cli.main(["check", "project"])
    assert reported(printed) == {"project/new.py"}
    cli.main(["summary", "--format=json", "project"])
    assert [json.loads(line)["path"] for line in printed()[0].splitlines()] == ["project/new.py"]


def test_a_pattern_that_is_none_is_one_line(printed: Captured) -> None:
    write("pylintrc", "[MAIN]\nignore-patterns=(\n")
    assert cli.main(["check", write("a.py")]) == cli.ERROR
    assert printed()[1].count("\n") == 1


def test_a_file_that_is_named_and_found_is_checked_once(printed: Captured) -> None:
    write("project/a.py")
    cli.main(["check", "project", "project/a.py"])
    assert printed()[0].count("E7800") == 1


@pytest.mark.parametrize("argument", ["project", "project/a.py"])
def test_pylint_is_not_even_loaded_when_no_file_mentions_keras(argument: str) -> None:
    write("project/a.py", "print('nothing of the kind')\n")
    script = f"""
import sys
from keraslint.cli import main
assert main(["check", {argument!r}]) == 0
loaded = {{"pylint.lint", "astroid", "keraslint.rules"}} & set(sys.modules)
assert not loaded, loaded
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(("form", "said"), [("json", "[]\n"), ("text", "")])
def test_nothing_to_say_is_still_said_to_a_machine(form: str, said: str, printed: Captured) -> None:
    write("project/a.py", "print('nothing of the kind')\n")
    assert cli.main(["check", f"--output-format={form}", "project"]) == cli.OK
    assert printed()[0] == said


@pytest.mark.keras
def test_confirm_takes_a_directory(printed: Captured) -> None:
    write("project/.venv/b.py")
    write("project/notes.py", "print('nothing of the kind')\n")
    model = "m = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, 'softmax')])\nm.compile('adam', 'mse')\n"
    write("project/a.py", f"import keras\n{model}")
    assert cli.main(["confirm", "--format=json", "--seeds=1", "project"]) == cli.FOUND
    assert [json.loads(line)["path"] for line in printed()[0].splitlines()] == ["project/a.py"]
