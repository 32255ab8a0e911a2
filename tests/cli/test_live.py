"""Cells as a kernel runs them: what is shown under each, and that a real kernel shows it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from keraslint import ipython
from keraslint.live import Live
from keraslint.reader import read

IMPORT = "import keras\nfrom keras.layers import Dense"
FAULTY = "model = keras.Sequential([\n    keras.Input((4,)),\n    Dense(1, activation='softmax'),\n])"
Run = tuple[str, str]


def shown(*runs: Run, live: Live | None = None) -> list[list[str]]:
    """What is shown under each cell, in short; a run is the cell's key and its code."""
    live = live or Live("cells.ipynb")
    return [
        [f"{found.rule.symbol} [{found.place.cell}]:{found.place.line}" for found in live.ran(key, number, source)]
        for number, (key, source) in enumerate(runs, start=1)
    ]


def test_what_is_found_stands_under_the_cell_that_shows_it_and_once() -> None:
    runs = ("a", IMPORT), ("b", FAULTY), ("c", "model.compile('adam', 'binary_crossentropy')"), ("d", "print(model)")
    assert shown(*runs) == [[], ["keras-softmax-on-one-unit [2]:3"], [], []]


def test_a_later_cell_shows_what_an_earlier_one_began() -> None:
    sound = FAULTY.replace("softmax", "sigmoid")
    runs = ("a", IMPORT), ("b", sound), ("c", "import numpy as np\nmodel.predict(np.zeros((2, 7)))")
    assert shown(*runs) == [[], [], ["keras-incompatible-shape [3]:2"]]


def test_a_cell_that_was_mended_and_run_again_is_silent_and_one_that_was_not_is_told_again() -> None:
    mended = FAULTY.replace("softmax", "sigmoid")
    assert shown(("a", IMPORT), ("b", FAULTY), ("b", mended), ("b", FAULTY)) == [
        [],
        ["keras-softmax-on-one-unit [2]:3"],
        [],
        ["keras-softmax-on-one-unit [4]:3"],
    ]


def test_cells_that_are_run_again_leave_what_was_run_between_as_it_was() -> None:
    cells = {
        "a": IMPORT,
        "b": FAULTY.replace("softmax", "sigmoid"),
        "c": "model.compile('adam', 'mse')",
        "d": "model.fit(x, y)",
    }
    runs = [(key, cells[key]) for key in "abcdcad"]
    live = Live("cells.ipynb")
    assert shown(*runs, live=live) == [[]] * len(runs)
    assert read(live.notebook.text, "cells.ipynb").models


def test_what_may_be_used_in_a_later_cell_is_not_called_unused() -> None:
    first = "i = keras.Input((4,))\na = Dense(2)(i)\nb = Dense(3)(i)"
    twice = "m = keras.Sequential([keras.Input((4,)), Dense(2)])"
    assert shown(("a", IMPORT), ("b", first), ("c", "keras.Model(i, a)"), ("d", twice), ("e", twice)) == [[]] * 5


@pytest.mark.parametrize(
    ("before", "is_shown"),
    [
        ("# pylint: disable=keras-softmax-on-one-unit\n", False),
        ("# pylint: disable-next=E7800\n", False),
        ("# pylint: skip-file\n", False),
        ("x = 1  # pylint: disable=E7800\n", True),
        ("# pylint: disable=line-too-long\n", True),
    ],
)
def test_comments_of_pylint_count_as_they_do_there(before: str, is_shown: bool) -> None:
    assert bool(shown(("a", IMPORT), ("b", before + "Dense(1, activation='softmax')"))[1]) is is_shown


def test_magics_broken_cells_and_disabled_lines_are_passed_over() -> None:
    quiet = FAULTY.replace("'softmax'),", "'softmax'),  # pylint: disable=E7800")
    assert shown(("a", "%matplotlib inline\n" + IMPORT), ("b", "def f(:"), ("c", quiet), ("d", FAULTY)) == [
        [],
        [],
        [],
        ["keras-softmax-on-one-unit [4]:3"],
    ]


def test_cells_without_keras_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    live = Live("cells.ipynb")
    monkeypatch.setattr(Live, "findings", lambda self: pytest.fail("it was read"))
    assert shown(("a", "import os\nx = os.listdir()"), ("b", "print(x)"), live=live) == [[], []]


def found_in(source: str) -> list[Any]:
    live = Live("cells.ipynb")
    live.ran("a", 1, IMPORT)
    return live.ran("b", 2, source)


def test_html_holds_the_page_of_the_rule_and_no_markup_of_the_code() -> None:
    (found,) = found_in("Dense(1, activation='softmax', name='<b>&')")
    text = ipython.as_html([found])
    assert "&lt;b&gt;&amp;" in text
    assert "<b>&" not in text
    assert "<details><summary>keras-softmax-on-one-unit</summary>" in text
    assert "## Why training fails" in text
    assert ipython.as_text([found]).startswith("keraslint: cell [2], line 1: E7800: softmax over 1 unit")


class Shell:
    """As much of IPython's shell as an extension uses."""

    def __init__(self) -> None:
        self.user_ns: dict[str, object] = {}
        self.execution_count = 1
        self.callbacks: dict[str, list[Any]] = {"post_run_cell": []}
        self.events = SimpleNamespace(callbacks=self.callbacks, register=self._register, unregister=self._unregister)
        self.magics: dict[str, Any] = {}
        self.magics_manager = SimpleNamespace(magics={"line": self.magics})

    def _register(self, event: str, callback: Any) -> None:
        self.callbacks[event].append(callback)

    def _unregister(self, event: str, callback: Any) -> None:
        self.callbacks[event].remove(callback)

    def register_magic_function(self, function: Any, kind: str, name: str) -> None:
        assert kind == "line"
        self.magics[name] = function


def test_a_fault_of_our_own_is_told_once_and_ends_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = Shell()
    ipython.load(shell)
    ipython.load(shell)
    (after,) = shell.callbacks["post_run_cell"]
    monkeypatch.setattr(Live, "ran", lambda *_: 1 / 0)
    after(SimpleNamespace(info=SimpleNamespace(raw_cell="x", cell_id=None), execution_count=1))
    assert "keraslint itself failed with `ZeroDivisionError" in capsys.readouterr().err
    assert not shell.callbacks["post_run_cell"]


def test_it_waits_to_be_asked_once_two_cells_in_a_row_took_too_long(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = Shell()
    ipython.load(shell)
    (after,) = shell.callbacks["post_run_cell"]
    spent = iter([0.0, 3.0, 3.0, 3.1, 4.0, 6.0, 6.0, 8.0])
    monkeypatch.setattr("time.process_time", lambda: next(spent))
    for number in range(1, 5):
        assert shell.callbacks["post_run_cell"]
        after(SimpleNamespace(info=SimpleNamespace(raw_cell="x = 1", cell_id=None), execution_count=number))
    assert not shell.callbacks["post_run_cell"]
    assert "from here on it waits for `%keraslint`" in capsys.readouterr().err
    assert "keraslint" in shell.magics


def test_the_magic_shows_models_and_findings_and_its_usage(capsys: pytest.CaptureFixture[str]) -> None:
    shell = Shell()
    ipython.load(shell)
    (after,) = shell.callbacks["post_run_cell"]
    magic = shell.magics["keraslint"]
    magic("off")
    named = FAULTY.replace("'softmax'", "'softmax', name='line 3'")
    for number, source in enumerate((IMPORT, named), start=1):
        after(SimpleNamespace(info=SimpleNamespace(raw_cell=source, cell_id=None), execution_count=number))
    magic("summary")
    said = capsys.readouterr().out
    assert 'Model "sequential" (sequential), line 1 of cell 2' in said
    assert " line 3 (Dense)" in said
    magic("help")
    assert capsys.readouterr().out.startswith("%keraslint ")
    ipython.unload(shell)
    assert not shell.callbacks["post_run_cell"]


@pytest.mark.keras
def test_a_real_kernel_shows_it_under_the_cell() -> None:
    pytest.importorskip("ipykernel")
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3")
    try:
        shown = [_outputs(client, code) for code in ("%load_ext keraslint", "x = 3", IMPORT, FAULTY, "%keraslint")]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert shown[:2] == [[], []]
    for outputs in shown[3:]:
        (data,) = (data for data in outputs if "text/html" in data)
        assert "cell [4], line 3" in data["text/plain"]
        assert "<details>" in data["text/html"]


def _outputs(client: Any, code: str) -> list[dict[str, str]]:
    """What a cell displays in a kernel."""
    asked, outputs = client.execute(code), []
    while True:
        message = client.get_iopub_msg(timeout=120)
        content = message["content"]
        if message["parent_header"].get("msg_id") != asked:
            continue
        if content.get("execution_state") == "idle":
            return outputs
        if message["msg_type"] == "error":
            pytest.fail("\n".join(content["traceback"]))
        if message["msg_type"] == "display_data":
            outputs.append(content["data"])
