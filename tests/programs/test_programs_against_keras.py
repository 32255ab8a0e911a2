"""Every whole program, read and run: the models, compiles and labels that the reader sees are those that Keras made."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from program_differences import Record, differences, known_labels
from whole_programs import FOLDER, PROGRAMS, judge_of, lines_not_read, name_of, said

from keraslint import reader
from keraslint.graph import Program

pytestmark = pytest.mark.keras

RECORDER = Path(__file__).with_name("program_recorder.py")


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Record]:
    """What Keras recorded of each program, made once for all workers of a parallel run."""
    shared = tmp_path_factory.getbasetemp().parent if os.environ.get("PYTEST_XDIST_WORKER") else None
    folder = shared or tmp_path_factory.mktemp("records")
    record = folder / "programs.json"
    with (folder / "programs.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not record.exists():
            record.write_text(json.dumps(_recorded(folder)), encoding="utf-8")
    return json.loads(record.read_text(encoding="utf-8"))


def _recorded(folder: Path) -> dict[str, Record]:
    """Run the programs under their judges, one process for each judge."""
    by_judge: dict[str, list[str]] = defaultdict(list)
    for path in PROGRAMS:
        if not judge_of(path).endswith(".py"):
            by_judge[judge_of(path)].append(str(path))
    running = {}
    for judge, programs in by_judge.items():
        command = [sys.executable, str(RECORDER), judge, str(folder / f"{judge}.json"), *programs]
        environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
        running[judge] = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    found: dict[str, Record] = {}
    for judge, process in running.items():
        _, errors = process.communicate()
        assert process.returncode == 0, errors[-2000:]
        found |= json.loads((folder / f"{judge}.json").read_text(encoding="utf-8"))
    return found


def record_of(path: Path, records: dict[str, Any]) -> Record:
    judge = judge_of(path)
    record: Record = records[str(FOLDER / judge if judge.endswith(".py") else path)]
    assert record["error"] is None, record["error"]
    return record


def read(path: Path) -> tuple[Program, str]:
    source = path.read_text(encoding="utf-8")
    return reader.read(source, str(path)), source


@pytest.mark.parametrize("path", PROGRAMS, ids=name_of)
def test_the_reader_sees_what_keras_makes(path: Path, records: dict[str, Record]) -> None:
    judge = judge_of(path)
    found = differences(
        *read(path),
        record_of(path, records),
        by_line=not judge.endswith(".py"),
        in_old_keras=judge != "keras",
        may_have_more=said(path, "variants") is not None,
    )
    admitted = lines_not_read(path)
    assert [text for line, text in found if line not in admitted] == []
    assert {line for line, _ in found} >= admitted, "a line is read completely by now: take its number out"


def test_there_are_many_programs_and_nearly_all_are_read_completely() -> None:
    assert len(PROGRAMS) >= 70
    assert sum(bool(lines_not_read(path)) for path in PROGRAMS) <= 2


def test_the_encoding_of_most_labels_is_known(records: dict[str, Record]) -> None:
    """Labels that a loop collects in a list or a generator of the program yields stay unknown."""
    counts = [
        known_labels(read(path)[0], record_of(path, records)["fits"])
        for path in PROGRAMS
        if not judge_of(path).endswith(".py")
    ]
    known, total = (sum(numbers) for numbers in zip(*counts, strict=True))
    assert total >= 80
    assert known / total >= 0.65, f"{known} of {total}"
