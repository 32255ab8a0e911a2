"""The commands as a shell sees them: output, messages and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from keraslint import cli, rules

RATINGS = Path(__file__).parents[2] / "fixtures" / "programs" / "ratings"
FAULTY = "from keras.layers import Dense\nDense(1, activation='softmax')\n"
FINE = "from keras.layers import Dense\nDense(2, activation='softmax')\n"


pytestmark = pytest.mark.usefixtures("project")


def write(name: str, content: str | bytes) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return name


Captured = Callable[[], tuple[str, str]]


class TestCheck:
    def test_finding_is_printed_and_exits_with_1(self, printed: Captured) -> None:
        assert cli.main(["check", write("a.py", FAULTY)]) == cli.FOUND
        assert "a.py:2:20: E7800" in printed()[0]

    def test_nothing_found_prints_nothing_and_exits_with_0(self, printed: Captured) -> None:
        assert cli.main(["check", write("a.py", FINE)]) == cli.OK
        assert printed() == ("", "")

    def test_pylints_own_messages_are_left_out(self) -> None:
        assert cli.main(["check", write("a.py", "import keras\nx = undefined\n")]) == cli.OK

    def test_directory_is_searched_recursively(self, printed: Captured) -> None:
        write("project/deep/er/a.py", FAULTY)
        write("project/package/__init__.py", "")
        write("project/package/b.py", FAULTY)
        assert cli.main(["check", "project"]) == cli.FOUND
        assert printed()[0].count("E7800") == 2

    def test_json_is_only_json(self, printed: Captured) -> None:
        cli.main(["check", "--output-format=json", write("a.py", FAULTY)])
        (message,) = json.loads(printed()[0])
        place = {key: message[key] for key in ("line", "column", "endLine", "endColumn")}
        assert place == {"line": 2, "column": 20, "endLine": 2, "endColumn": 29}

    def test_github_format_annotates(self, printed: Captured) -> None:
        cli.main(["check", "--output-format=github", write("a.py", FAULTY)])
        assert "\n::error file=a.py,line=2,endline=2,col=20,title=" in printed()[0]

    @pytest.mark.parametrize("jobs", ["1", "2"])
    def test_jobs_do_not_change_the_exit_code(self, jobs: str) -> None:
        files = [write("a.py", FAULTY), write("b.py", FINE)]
        command = [sys.executable, "-m", "keraslint", "check", "-j", jobs, *files]
        assert subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == cli.FOUND

    @pytest.mark.parametrize("name", ["keras-softmax-on-one-unit", "E7800", "E", "all,keras-none"])
    def test_disable_by_any_of_its_names(self, name: str, printed: Captured) -> None:
        code = cli.main(["check", f"--disable={name.split(',', maxsplit=1)[0]}", write("a.py", FAULTY)])
        assert code == (cli.ERROR if "all" in name else cli.OK)
        assert ("nothing to check" in printed()[1]) == ("all" in name)

    def test_disable_all_with_one_enabled_checks_that_one(self) -> None:
        file = write("a.py", FAULTY)
        assert cli.main(["check", "--disable=all", "--enable=keras-softmax-on-one-unit", file]) == cli.FOUND

    def test_unknown_symbol_is_refused_with_the_nearest(self, printed: Captured) -> None:
        assert cli.main(["check", "--disable=keras-softmax-on-one", write("a.py", FINE)]) == cli.ERROR
        assert "did you mean keras-softmax-on-one-unit" in printed()[1]

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            pytest.param("a.py", "def f(:\n", "a.py:1:7: E0001", id="syntax error"),
            pytest.param("a.py", "import keras\nx = 'ä'\n".encode("latin-1"), "a.py:1:0: F0010", id="not UTF-8"),
            pytest.param("a.py", b"\x00\x01\xff\xfeimport keras", "a.py:1:0: E0001", id="binary"),
            pytest.param("a.ipynb", '{"nbformat": 4}', "a.ipynb:1:0: E7898: no notebook", id="no notebook"),
        ],
    )
    def test_file_that_cannot_be_checked_exits_with_2(
        self, name: str, content: str | bytes, said: str, printed: Captured
    ) -> None:
        assert cli.main(["check", write("faulty.py", FAULTY), write(name, content)]) == cli.ERROR
        output, _ = printed()
        assert said in output
        assert "faulty.py:2" in output

    def test_empty_file_is_fine(self) -> None:
        assert cli.main(["check", write("a.py", "")]) == cli.OK

    def test_missing_file_is_named(self, printed: Captured) -> None:
        assert cli.main(["check", "missing.py"]) == cli.ERROR
        assert printed() == ("", "keraslint: error: missing.py: no such file or directory\n")

    def test_directory_without_python_is_no_all_clear(self, printed: Captured) -> None:
        write("empty/notes.txt", "")
        assert cli.main(["check", "empty"]) == cli.ERROR
        assert "no Python file" in printed()[1]


class TestUsersConfiguration:
    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("pylintrc", "[MESSAGES CONTROL]\ndisable=\n    invalid-name,\n    keras-softmax-on-one-unit\n"),
            (".pylintrc", "[MAIN]\ndisable=E7800 ; for now\n"),
            ("pyproject.toml", '[tool.pylint."messages control"]\ndisable = ["E7800", "C0114"]\n'),
            ("setup.cfg", "[pylint.main]\ndisable=E\n[flake8]\nenable=all\n"),
        ],
    )
    def test_disable_is_honored_in_every_kind_of_file(self, name: str, text: str) -> None:
        write(name, text)
        assert cli.main(["check", write("a.py", FAULTY)]) == cli.OK

    def test_disable_all_is_meant_for_pylints_own_messages(self) -> None:
        write("pylintrc", "[MAIN]\ndisable=all\nenable=unused-import\n")
        assert cli.main(["check", write("a.py", FAULTY)]) == cli.FOUND

    def test_missing_plugins_and_strange_options_make_no_noise(self, printed: Captured) -> None:
        write("pylintrc", "[MAIN]\nload-plugins=not_installed_here\nnot-installed-option=3\ninit-hook=1/0\n")
        assert cli.main(["check", write("a.py", FINE)]) == cli.OK
        assert printed() == ("", "")

    def test_ignore_is_honored(self) -> None:
        write("pyproject.toml", '[tool.pylint.main]\nignore = ["old.py"]\nignore-paths = ["^project/gen/.*$"]\n')
        write("project/old.py", FAULTY)
        write("project/gen/a.py", FAULTY)
        write("project/new.py", FINE)
        assert cli.main(["check", "project"]) == cli.OK

    def test_own_options_are_honored(self, printed: Captured) -> None:
        write("pyproject.toml", "[tool.pylint.keraslint]\nkeras-max-adaptive-learning-rate = 0.5\n")
        cli.main(["check", str(RATINGS / "ratings_regression.py")])
        assert "keras-high-learning-rate" not in printed()[0]

    def test_wrong_value_is_an_error(self, printed: Captured) -> None:
        write("pyproject.toml", '[tool.pylint.keraslint]\nkeras-max-adaptive-learning-rate = "fast"\n')
        assert cli.main(["check", write("a.py", FINE)]) == cli.ERROR
        assert "keras-max-adaptive-learning-rate" in printed()[1]

    def test_broken_file_is_named(self, printed: Captured) -> None:
        write("pylintrc", "[MAIN\n")
        assert cli.main(["check", write("a.py", FINE)]) == cli.ERROR
        assert "pylintrc" in printed()[1]

    def test_rcfile_on_the_command_line_wins(self, printed: Captured) -> None:
        write("pylintrc", "[MAIN]\ndisable=E7800\n")
        write("other", "[MAIN]\n")
        assert cli.main(["check", "--rcfile=other", write("a.py", FAULTY)]) == cli.FOUND
        assert cli.main(["check", "--rcfile=missing", "a.py"]) == cli.ERROR
        assert "missing" in printed()[1]


class TestExplain:
    @pytest.mark.parametrize("name", ["keras-softmax-on-one-unit", "E7800"])
    def test_page_by_symbol_and_id(self, name: str, printed: Captured) -> None:
        assert cli.main(["explain", name]) == cli.OK
        output, _ = printed()
        assert output.startswith("keras-softmax-on-one-unit (E7800)\n")
        assert "Why training fails" in output

    def test_list_and_all_name_every_rule(self, printed: Captured) -> None:
        for name in ("list", "all"):
            assert cli.main(["explain", name]) == cli.OK
            output, _ = printed()
            assert all(rule.symbol in output and rule.msgid in output for rule in rules.all_rules())

    def test_unknown_name_gets_the_nearest(self, printed: Captured) -> None:
        assert cli.main(["explain", "softmax-on-one-unit"]) == cli.ERROR
        assert "did you mean keras-softmax-on-one-unit" in printed()[1]


class TestSummary:
    def test_table_is_that_of_keras(self, printed: Captured) -> None:
        assert cli.main(["summary", str(RATINGS / "ratings_regression.py")]) == cli.OK
        output, _ = printed()
        assert "(Concatenate)" in output
        assert "(None, 40)" in output
        assert "Params: 2,101 (trainable 2,101, non-trainable 0)" in output
        assert "optimizer Adam at 0.01, loss mean_squared_error, metrics accuracy" in output
        assert "by fit, epochs 10, steps_per_epoch 10" in output

    def test_json_follows_its_schema(self, printed: Captured) -> None:
        path = str(RATINGS / "ratings_classification.py")
        assert cli.main(["summary", "--format=json", path]) == cli.OK
        described = json.loads(printed()[0])
        (model,) = described["models"]
        dense = model["layers"][-1]
        assert set(described) == {"path", "models", "unknowns"}
        assert {key: model[key] for key in ("kind", "complete", "inputs", "outputs", "params", "trainable_params")} == {
            "kind": "functional",
            "complete": True,
            "inputs": [[None, 20], [None, 20]],
            "outputs": [[None, 5]],
            "params": 2265,
            "trainable_params": 2265,
        }
        assert (dense["class"], dense["output_shape"], dense["params"]) == ("Dense", [None, 5], 205)
        assert {key: model["compile"][key] for key in ("loss", "optimizer", "learning_rate", "metrics")} == {
            "loss": "categorical_crossentropy",
            "optimizer": "Adam",
            "learning_rate": 0.01,
            "metrics": ["accuracy"],
        }
        assert model["fit"]["epochs"] == 10

    def test_the_fit_is_the_last_call_that_trains(self, printed: Captured) -> None:
        made = "model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\nmodel.compile('sgd', 'mse')\n"
        trained = "model.fit(x, y, epochs=3)\nmodel.evaluate(x, y)\nmodel.predict(x)\n"
        cli.main(["summary", "--format=json", write("trains.py", f"import keras\n{made}{trained}")])
        assert json.loads(printed()[0])["models"][0]["fit"] == {"line": 4, "method": "fit", "epochs": 3}
        cli.main(["summary", "--format=json", write("tests.py", f"import keras\n{made}model.evaluate(x, y)\n")])
        assert json.loads(printed()[0])["models"][0]["fit"] is None

    def test_an_output_may_have_no_metrics(self, printed: Captured) -> None:
        made = "i = keras.Input((3,))\nd = keras.layers.Dense\nmodel = keras.Model(i, [d(1)(i), d(1)(i)])\n"
        compiled = "model.compile('sgd', ['mse', 'mse'], metrics=[['mae'], []])\n"
        cli.main(["summary", "--format=json", write("metrics.py", f"import keras\n{made}{compiled}")])
        assert json.loads(printed()[0])["models"][0]["compile"]["metrics"] == [["mae"], []]

    def test_unknowns_come_with_line_and_reason(self, printed: Captured) -> None:
        path = RATINGS / "ratings_regression_snippet.py"
        assert cli.main(["summary", "--format=json", str(path)]) == cli.OK
        described = json.loads(printed()[0])
        assert described["models"][0]["inputs"] == [[None, "?"], [None, "?"]]
        assert described["models"][0]["params"] is None
        assert not described["models"][0]["complete"]
        assert any("features" in unknown["what"] + unknown["reason"] for unknown in described["unknowns"])
        cli.main(["summary", str(path)])
        assert "Unknown:\n" in printed()[0]

    def test_file_without_models_says_so(self, printed: Captured) -> None:
        assert cli.main(["summary", write("a.py", "print(1)\n")]) == cli.OK
        assert "No Keras model found" in printed()[0]


@pytest.mark.parametrize("command", ["summary", pytest.param("confirm", marks=pytest.mark.keras)])
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        pytest.param("missing.py", None, "missing.py: No such file", id="missing"),
        pytest.param("a.py", "import keras\ndef f(:\n", "a.py:2", id="syntax error"),
        pytest.param(
            "a.py", b"import keras\nx = '\xe4'\n", "a.py:2: not text in the encoding it declares", id="not UTF-8"
        ),
        pytest.param("a.ipynb", "{", "a.ipynb:1: no notebook", id="no JSON"),
        pytest.param("a.ipynb", "{}", "a.ipynb: no notebook: its cells cannot be found", id="no notebook"),
    ],
)
def test_unreadable_file_is_refused_with_place_and_remedy(
    command: str, name: str, content: str | bytes | None, said: str, printed: Captured
) -> None:
    if content is not None:
        write(name, content)
    assert cli.main([command, name]) == cli.ERROR
    assert said in printed()[1]


def test_other_files_are_still_read_after_an_unreadable_one(printed: Captured) -> None:
    assert cli.main(["summary", "missing.py", write("a.py", FINE)]) == cli.ERROR
    assert "a.py" in printed()[0]


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["check"], ["check", "--nonsense", "a.py"]])
def test_wrong_usage_exits_with_2(arguments: list[str], printed: Captured) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(arguments)
    assert stop.value.code == cli.ERROR
    assert "usage: keraslint" in printed()[1]


def test_summary_of_a_directory_shows_the_files_that_mention_keras(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "net.py").write_text("import keras\nm = keras.Sequential([keras.Input((2,))])\n")
    (tmp_path / "tools.py").write_text("print('nothing of the kind')\n")
    assert cli.main(["summary", "--format", "json", str(tmp_path)]) == cli.OK
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["path"].endswith("net.py")
