"""How the checker behaves inside pylint: disables, confidence, options, guard, notebooks, imports."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pylint.message import Message

from keraslint import problem, rules
from keraslint.plugin import messages

Lint = Callable[..., list[Message]]

SOFTMAX = "keras-softmax-on-one-unit"

DISABLED = {
    "on the line of the value": """\
        import keras
        keras.layers.Dense(
            1,
            activation="softmax",  # pylint: disable=keras-softmax-on-one-unit
        )
        """,
    "by id": """\
        import keras
        keras.layers.Dense(1, activation="softmax")  # pylint: disable=E7800
        """,
    "on the next line": """\
        import keras
        keras.layers.Dense(
            1,
            # pylint: disable-next=keras-softmax-on-one-unit
            activation="softmax",
        )
        """,
    "next, before the statement": """\
        import keras
        # pylint: disable-next=keras-softmax-on-one-unit
        keras.layers.Dense(1, activation="softmax")
        """,
    "in the whole module": """\
        # pylint: disable=keras-softmax-on-one-unit
        import keras
        keras.layers.Dense(1, activation="softmax")
        """,
    "in the function": """\
        import keras
        def head():
            # pylint: disable=keras-softmax-on-one-unit
            return keras.layers.Dense(
                1,
                activation="softmax",
            )
        """,
    "in the class": """\
        import keras
        class Head:
            # pylint: disable=keras-softmax-on-one-unit
            def build(self):
                self.layer = keras.layers.Dense(1, activation="softmax")
        """,
    "in the block": """\
        import keras
        if True:
            # pylint: disable=keras-softmax-on-one-unit
            keras.layers.Dense(1, activation="softmax")
        """,
    "in the whole file": """\
        # pylint: skip-file
        import keras
        keras.layers.Dense(1, activation="softmax")
        """,
}


def dedent(source: str) -> str:
    return "".join(line.removeprefix("        ") + "\n" for line in source.splitlines())


@pytest.mark.parametrize("source", DISABLED.values(), ids=DISABLED.keys())
def test_inline_disable_silences(source: str, keras_messages: Lint) -> None:
    assert SOFTMAX not in [message.symbol for message in keras_messages(dedent(source))]
    loud = source.replace("disable", "enable").replace("skip-file", "enable=fixme")
    assert SOFTMAX in [message.symbol for message in keras_messages(dedent(loud))]


def test_disable_of_a_block_ends_with_it(keras_messages: Lint) -> None:
    source = """\
        import keras
        if True:
            # pylint: disable=keras-softmax-on-one-unit
            keras.layers.Dense(1, activation="softmax")
        keras.layers.Dense(1, activation="softmax")
        """
    assert [message.line for message in keras_messages(dedent(source))] == [5]


def test_useless_disable_is_told_by_pylint(lint: Lint) -> None:
    source = """\
        import keras
        keras.layers.Dense(2, activation="softmax")  # pylint: disable=keras-softmax-on-one-unit
        """
    messages = lint(dedent(source), "--disable=all", f"--enable=useless-suppression,{SOFTMAX}")
    assert [message.symbol for message in messages] == ["useless-suppression"]


@pytest.mark.parametrize(
    ("source", "confidence"),
    [
        pytest.param('Dense(1, activation="softmax")', "HIGH", id="written literally"),
        pytest.param('name = "softmax"\nDense(1, activation=name)', "INFERENCE", id="through a name"),
    ],
)
def test_confidence_is_pylints(source: str, confidence: str, keras_messages: Lint) -> None:
    messages = keras_messages(f"from keras.layers import Dense\n{source}\n")
    assert [message.confidence.name for message in messages] == [confidence]


def test_message_names_the_function_it_stands_in(keras_messages: Lint) -> None:
    source = """\
        from keras.layers import Dense
        class Trainer:
            def build(self):
                if self:
                    self.head = Dense(1, activation="softmax")
        """
    assert [message.obj for message in keras_messages(dedent(source))] == ["Trainer.build"]


RATE = """\
from keras import Sequential, layers, optimizers
image = [layers.Input((12, 12, 1)), layers.Conv2D(8, 3, activation="relu"), layers.Flatten()]
model = Sequential([*image, layers.Dense(32, "relu"), layers.Dense(1)])
model.compile(optimizers.Adam(0.02), "mse")
"""


def test_option_on_the_command_line_moves_the_limit(keras_messages: Lint) -> None:
    assert [m.symbol for m in keras_messages(RATE)] == ["keras-high-learning-rate"]
    assert keras_messages(RATE, "--keras-max-adaptive-learning-rate=0.05") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[tool.pylint.keraslint]\nkeras-max-adaptive-learning-rate = 0.05\n"),
        ("pylintrc", "[KERASLINT]\nkeras-max-adaptive-learning-rate=0.05\n"),
    ],
)
def test_option_in_the_configuration_moves_the_limit(
    name: str, text: str, keras_messages: Lint, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(f"{text}")
    assert keras_messages(RATE, f"--rcfile={tmp_path / name}") == []


@pytest.mark.parametrize("value", ["abc", "9.9"])
def test_a_version_that_is_none_is_told_once(value: str, keras_messages: Lint, tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text("import keras\n")
    (message,) = keras_messages(tmp_path, "--recursive=y", f"--keras-version={value}")
    assert message.symbol == "keras-unknown-version"
    assert f"the option keras-version is set wrong, and the newest Keras is taken instead: '{value}'" in message.msg


def test_what_the_project_pins_counts_in_pylint_too(keras_messages: Lint, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "requirements.txt").write_text("tensorflow==2.10\n")
    source = "import keras\nkeras.optimizers.Adam(lr=0.001)\n"
    assert keras_messages(source) == []
    assert [m.symbol for m in keras_messages(source, "--keras-version=3.0")] == ["keras-removed-argument"]


def test_advice_is_off_until_asked_for(keras_messages: Lint) -> None:
    source = """\
        from keras import Sequential, layers
        model = Sequential([layers.Input((4,)), layers.Dense(1, activation="relu")])
        model.compile("adam", "mse")
        """
    assert keras_messages(dedent(source)) == []
    asked = keras_messages(dedent(source), "--enable=keras-bounded-regression-output")
    assert [message.symbol for message in asked] == ["keras-bounded-regression-output"]


def test_every_rule_has_its_message_and_own_ids_are_free() -> None:
    for rule in rules.all_rules():
        assert messages.messages_of(rule.msgid[1:3])[rule.msgid][1] == rule.symbol
    assert not {rule.msgid[1:] for rule in rules.all_rules()} & {msgid[1:] for msgid in messages.OWN_MESSAGES}


def test_internal_error_becomes_our_own_message_and_loses_nobody_elses(
    monkeypatch: pytest.MonkeyPatch, lint: Lint
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("100% broken\nsecond line")

    monkeypatch.setattr(rules, "check", fail)
    monkeypatch.delenv(problem.RAISE)
    messages = {message.symbol: message.msg for message in lint("import keras\nprint(undefined)\n")}
    assert "undefined-variable" in messages
    assert "astroid-error" not in messages
    assert "`ZeroDivisionError: 100% broken` at test_checker.py:" in messages["keras-internal-error"]
    assert "report" in messages["keras-internal-error"]


def test_internal_error_is_raised_under_test(monkeypatch: pytest.MonkeyPatch, lint: Lint) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(rules, "check", fail)
    assert "astroid-error" in [message.symbol for message in lint("import keras\n")]


def test_file_without_keras_is_dropped_before_any_work(monkeypatch: pytest.MonkeyPatch, lint: Lint) -> None:
    monkeypatch.setattr(rules, "check", lambda *_: pytest.fail("the rules were asked"))
    assert lint('"""No networks here."""\n') == []


NOTEBOOK = {"cells": [{"cell_type": "code", "source": ["import keras"]}], "nbformat": 4, "nbformat_minor": 5}


def test_notebook_under_another_name_is_never_an_all_clear(keras_messages: Lint) -> None:
    messages = keras_messages(json.dumps(NOTEBOOK), "-E", name="really_a_notebook.py")
    assert [message.symbol for message in messages] == ["keras-unread-notebook"]
    assert "call it *.ipynb" in messages[0].msg


def test_files_of_one_run_do_not_influence_each_other(tmp_path: Path, keras_messages: Lint) -> None:
    (tmp_path / "a.py").write_text("from keras.layers import Dense as D\nsize = 1\nD(1, activation='softmax')\n")
    (tmp_path / "b.py").write_text("from keras.layers import Dense\nD(1, activation='softmax')\nDense(size)\n")
    messages = keras_messages(tmp_path, "--recursive=y", "--disable=all", f"--enable={SOFTMAX}")
    assert [Path(message.path).name for message in messages] == ["a.py"]


def test_lint_run_imports_no_keras_no_tensorflow_no_numpy(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("import keras\nimport numpy\nimport tensorflow\nkeras.layers.Dense(1, activation='softmax')\n")
    script = f"""
import sys
from pylint.lint import Run
run = Run(["--load-plugins=keraslint", "--rcfile=/dev/null", {str(program)!r}], exit=False)
assert run.linter.stats.by_msg["{SOFTMAX}"] == 1
heavy = {{"keras", "numpy", "tensorflow", "rich"}} & set(sys.modules)
assert not heavy, heavy
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_import_of_the_package_is_light() -> None:
    script = "import sys, keraslint; heavy = {'pylint', 'astroid', 'keras', 'keraslint.rules'} & set(sys.modules)"
    run = subprocess.run([sys.executable, "-c", f"{script}; assert not heavy, heavy"], check=False)
    assert run.returncode == 0
