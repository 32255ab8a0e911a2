"""Notebooks of different makes: findings stand in their cells, and are those of the same program as a script.

fixtures/notebooks has each beside its script; a comment `# expect: symbol` stands at what is found.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from keraslint import cli, notebooks
from keraslint.reader.text import ReadError

FOLDER = Path(__file__).parents[2] / "fixtures" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
Checked = Callable[..., list[dict[str, Any]]]
Captured = Callable[[], tuple[str, str]]


@pytest.fixture
def checked(capsys: pytest.CaptureFixture[str]) -> Checked:
    """The messages that `keraslint check` gives of files, as pylint writes them in JSON."""

    def run(*arguments: object) -> list[dict[str, Any]]:
        cli.main(["check", "--output-format=json", "--rcfile=/dev/null", *map(str, arguments)])
        found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
        return found

    return run


def expected(path: Path) -> Iterator[tuple[int, int, str]]:
    """Cell, line and symbol of each comment that says what is found in its line."""
    content = json.loads(path.read_text(encoding="utf-8"))
    cells = content.get("cells") or content["worksheets"][0]["cells"]
    for number, cell in enumerate(cells, start=1):
        text = "".join(cell.get("source") or cell["input"])
        for row, line in enumerate(text.split("\n"), start=1):
            for symbol in re.findall(r"# expect: (\S+)", line):
                yield number, row, symbol


def notebook(*cells: str | tuple[str, int | None]) -> str:
    """A notebook of these cells of code, with the numbers by which they were run."""
    pairs = [(cell, None) if isinstance(cell, str) else cell for cell in cells]
    content = [{"cell_type": "code", "source": source, "execution_count": count} for source, count in pairs]
    return json.dumps({"cells": content, "nbformat": 4, "metadata": {}})


def read(*cells: str | tuple[str, int | None]) -> notebooks.Notebook:
    return notebooks.read(notebook(*cells), "a.ipynb")


def test_all_notebooks_at_once_have_their_findings_in_their_cells(checked: Checked) -> None:
    found: dict[str, list[tuple[int, int, str]]] = {path.name: [] for path in NOTEBOOKS}
    for message in checked(*NOTEBOOKS):
        cell = re.match(r"cell (\d+): ", message["message"])
        assert cell
        if message["message-id"][0] != "I":
            found[Path(message["path"]).name].append((int(cell[1]), message["line"], message["symbol"]))
    assert {name: sorted(places) for name, places in found.items()} == {
        path.name: sorted(expected(path)) for path in NOTEBOOKS
    }
    assert len(NOTEBOOKS) == 10


def test_a_script_of_the_same_program_has_the_same_findings(checked: Checked) -> None:
    def of(kind: str) -> list[tuple[str, str, str]]:
        messages = checked(*(path.with_suffix(kind) for path in NOTEBOOKS))
        return sorted(
            (Path(each["path"]).stem, each["symbol"], re.sub(r"^cell \d+: ", "", each["message"]))
            for each in messages
            if each["message-id"][0] != "I"
        )

    assert of(".ipynb") == of(".py")


def test_pylint_itself_reads_them_in_every_process() -> None:
    paths = [FOLDER / f"{name}.ipynb" for name in ("jupyter_plain", "broken_cell", "jupytext_paired")]
    command = [sys.executable, "-m", "pylint", "--load-plugins=keraslint", "--rcfile=/dev/null", "--disable=C", "-j2"]
    said = subprocess.run([*command, *paths], capture_output=True, text=True, check=False, cwd=FOLDER).stdout
    assert "\njupyter_plain.ipynb:cell 4:4:31: E7800: " in said
    assert "\nbroken_cell.ipynb:cell 2:2:0: I7878: " in said
    assert "\nbroken_cell.ipynb:cell 3:1:76: E7800: " in said
    assert said.count("E7800") == 3


def test_text_names_the_cell_as_ruff_does(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    assert cli.main(["check", "jupyter_plain.ipynb"]) == cli.FOUND
    assert "\njupyter_plain.ipynb:cell 4:4:31: E7800: " in capsys.readouterr().out
    assert cli.main(["summary", "jupyter_plain.ipynb"]) == cli.OK
    assert 'Model "sequential" (sequential), line 1 of cell 4\n' in capsys.readouterr().out
    assert cli.main(["summary", "--format=json", "jupyter_plain.ipynb"]) == cli.OK
    (model,) = json.loads(capsys.readouterr().out)["models"]
    assert (model["cell"], model["line"], model["layers"][1]["cell"], model["layers"][1]["line"]) == (4, 1, 4, 4)


def test_a_message_that_speaks_of_another_line_says_in_which_cell(tmp_path: Path, checked: Checked) -> None:
    cells = ("import keras\nx = 1", "a = keras.layers.Dense(4)", "keras.layers.Dense(1)(a)")
    path = tmp_path / "a.ipynb"
    path.write_text(notebook(*cells), encoding="utf-8")
    (message,) = checked(path)
    assert "in line 1 of cell 3 " in message["message"]


def test_directories_are_searched_for_notebooks_and_standard_input_may_be_one(
    tmp_path: Path, checked: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty = notebook("from keras.layers import Dense\nDense(1, activation='softmax')")
    (tmp_path / "a.ipynb").write_text(faulty, encoding="utf-8")
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "a-checkpoint.ipynb").write_text(faulty, encoding="utf-8")
    assert [Path(message["path"]).name for message in checked(tmp_path)] == ["a.ipynb"]
    monkeypatch.setattr("sys.stdin", open(tmp_path / "a.ipynb", encoding="utf-8"))  # noqa: SIM115
    assert [message["path"] for message in checked("--stdin-filename", "other.ipynb", "-")] == ["other.ipynb"]


@pytest.mark.parametrize(
    ("line", "read_as"),
    [
        ("%matplotlib inline", "# %matplotlib inline"),
        ("!pip install keras", "# !pip install keras"),
        ("!!ls", "# !!ls"),
        ("model.fit?", "# model.fit?"),
        ("??model", "# ??model"),
        ("files = !ls", "files = input()  # ls"),
        ("here = %pwd", "here = input()  # pwd"),
        ("x: list = !ls", "x: list = input()  # ls"),
        ("a['b'], *c = !ls", "a['b'], *c = input()  # ls"),
        ("h = %time f(1)", "h =       f(1)"),
        ("print('x = !ls')\n!ls", "print('x = !ls')\n# !ls"),
        ("pip install keras", "# pip install keras"),
        ("cd ..", "# cd .."),
        ("  x = 1\n  y = 2", "x = 1\ny = 2"),
        ("%%bash\necho # pylint: disable=all", "# %%bash\n# echo # pylint disable=all"),
        ("# -*- coding: latin-9 -*-\nx = 1", "#\nx = 1"),
        ("a = 1\rb = 2\r\nc = 3", "a = 1\nb = 2\nc = 3"),
        ("%time x = f(1)", "_=0;  x = f(1)"),
        ("%timeit -n 3 f(1)", "_=0;         f(1)"),
        ("%time for x in y: pass", "# %time for x in y: pass"),
        ("%time", "# %time"),
        ("x = 5 %y", "x = 5 %y"),
        ("x = '?'", "x = '?'"),
        ("if x:\n    !ls", "if x:\n    pass  # !ls"),
        ("!ls \\\n  -l\nx = 1", "# !ls \\\n#   -l\nx = 1"),
        ("!ls\nx = (1\n  %y)", "# !ls\nx = (1\n  %y)"),
        ("!ls\nx = '''\n!ls\n'''\n%pwd", "# !ls\nx = '''\n!ls\n'''\n# %pwd"),
        ("!ls\nx = 1 \\\n  %y", "# !ls\nx = 1 \\\n  %y"),
        ("!ls\nx = '\\'('  # (\n!ls", "# !ls\nx = '\\'('  # (\n# !ls"),
        ("%%bash\nls", "# %%bash\n# ls"),
        ("\n%%time\nx = 1", "\n# %%time\nx = 1"),
    ],
)
def test_what_is_no_python_is_masked_line_for_line(line: str, read_as: str) -> None:
    found = read(line)
    assert found.text == read_as + "\n"
    assert not found.left_out


def test_a_cell_that_is_no_python_is_left_out_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(notebook("import keras", "def f(:\n    pass", "x = 1"), encoding="utf-8")
    found = notebooks.of_file(str(path))
    assert found.text == "import keras\n# def f(:\n#     pass\nx = 1\n"
    assert found.notes == ["cell 2 is left out, not valid Python: invalid syntax"]
    assert cli.main(["check", str(path)]) == cli.OK
    assert "a.ipynb:cell 2:1:0: I7878" in capsys.readouterr().out
    assert cli.main(["summary", str(path)]) == cli.OK
    assert "a.ipynb: cell 2 is left out" in capsys.readouterr().err


IMPORT, MODEL, FIT = "import keras", "model = keras.Sequential()", "def go(): return later\nmodel.fit()"


@pytest.mark.parametrize(
    ("cells", "order", "told"),
    [
        ([(IMPORT, 1), (FIT, 3), (MODEL, 2)], [1, 3, 2], "1, 3, 2"),
        ([(IMPORT, 1), (FIT, 5), (MODEL, 3)], [1, 2, 3], ""),  # something was run that nobody knows
        ([(IMPORT, 1), (MODEL, 2), (FIT, 3)], [1, 2, 3], ""),
        ([(IMPORT, 1), (MODEL, 7), (FIT, 3)], [1, 2, 3], ""),  # run again: nobody knows what it was then
        ([(IMPORT, 1), (FIT, 3), ("later = 1", None), (MODEL, 2)], [1, 4, 2, 3], "1, 4, 2"),
        ([(IMPORT, None), (FIT, None), (MODEL, None)], [1, 2, 3], ""),
    ],
)
def test_cells_are_read_in_the_order_in_which_they_can_have_been_run(
    cells: list[tuple[str, int | None]], order: list[int], told: str
) -> None:
    found = read(*cells)
    assert list(dict.fromkeys(place.cell for place in found.places)) == order
    assert found.order == (f"read in the order in which they were run: {told}" if told else "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[]", "its cells cannot be found"),
        ('{"cells": 3}', "its cells cannot be found"),
        ('{"cells": [{}]}', "its cells cannot be found"),
        ("{'a': 1}", "a.ipynb:1: no notebook: Expecting property name"),
        ('{"cells": [], "metadata": {"language_info": {"name": "R"}}}', "a notebook of r; only those of Python"),
        ("[" * 100_000, "nested too deep"),
        ('{"cells": [], "metadata": {"kernelspec": {"language": "julia"}}}', "a notebook of julia"),
    ],
)
def test_what_is_no_notebook_of_python_is_refused(text: str, why: str) -> None:
    with pytest.raises(ReadError, match=re.escape(why)):
        notebooks.read(text, "a.ipynb")


@pytest.mark.parametrize("about", ["null", "[]", '{"kernelspec": null}', '{"language_info": "python"}'])
def test_a_notebook_that_does_not_say_its_language_is_one_of_python(about: str) -> None:
    assert notebooks.read(f'{{"cells": [], "metadata": {about}}}', "a.ipynb").text == ""


def test_what_the_user_wrote_keeps_its_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.ipynb"
    faulty = 'm = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, name="line 1", activation="softmax")])'
    path.write_text(notebook("import keras", "x = 1\n" + faulty), encoding="utf-8")
    cli.main(["summary", "--format=json", str(path)])
    (model,) = json.loads(capsys.readouterr().out)["models"]
    assert model["layers"][-1]["name"] == "line 1"
    cli.main(["check", "--disable=I", str(path)])
    assert "line 1 of cell" not in capsys.readouterr().out


@pytest.mark.parametrize("option", ["--disable=keras-cell-not-read", "--ignore=I7878", "--select=E7800", "--disable=I"])
def test_notes_can_be_turned_off(option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.ipynb"
    path.write_text(notebook("import keras", "def f(:"), encoding="utf-8")
    assert cli.main(["check", option, str(path)]) == cli.OK
    assert capsys.readouterr().out == ""


@pytest.mark.keras
def test_confirm_says_which_cell_it_trained(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(FOLDER)
    assert cli.main(["confirm", "one_cell_run_again.ipynb"]) == cli.FOUND
    said = capsys.readouterr().out
    assert said.startswith("one_cell_run_again.ipynb, line 1 of cell 2: keras-softmax-on-one-unit: confirmed")
