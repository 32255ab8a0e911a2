"""Hostile input: a clean result or a clear error, within limits of time and memory."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from keraslint import cli, files, problem, summary

Captured = Callable[[], tuple[str, str]]

SECONDS = 2.0
MEGABYTES = 500
SLOW_MACHINE = 4
"""Test machines may be busy: so many times the promised time is allowed here."""

HEADER = "import keras\nfrom keras import layers\nfrom keras.layers import Dense\n"

HOSTILE = {
    "syntax error": (HEADER + "def f(:\n", 2),
    "empty": ("", 0),
    "binary": (bytes(range(256)) * 100, 2),
    "loop of 10,000 layers": (
        HEADER + "m = keras.Sequential()\nfor _ in range(10_000):\n    m.add(Dense(8))\n"
        "m.add(Dense(1, activation='softmax'))\nm.compile('adam', 'mse')\n",
        1,
    ),
    "functional chain of 10,000 layers": (
        HEADER + "x = i = keras.Input((8,))\nfor _ in range(10_000):\n    x = Dense(8)(x)\n"
        "m = keras.Model(i, Dense(1, activation='softmax')(x))\nm.compile('adam', 'mse')\n",
        1,
    ),
    "endless loop": (HEADER + "x = 0\nwhile True:\n    x += 1\n    Dense(1, activation='softmax')\n", 1),
    "mutual recursion": (
        HEADER + "def a(n):\n    return b(n + 1)\ndef b(n):\n    return a(n + 1)\n"
        "a(0)\nDense(1, activation='softmax')\n",
        1,
    ),
    "huge layer": (HEADER + "m = keras.Sequential([keras.Input((10**12,)), Dense(10**12, 'relu'), Dense(1)])\n", 0),
    "huge range": (HEADER + "xs = list(range(10**9))\nys = [Dense(i) for i in range(10**9)]\n", 0),
    "huge power": (HEADER + "x = 10**10**10**10\ny = 'a' * 10**12\nz = [0] * 10**12\nw = 1 << 10**12\n", 0),
    "huge repetition": (HEADER + "s = 'ab'\nfor _ in range(100):\n    s = s + s\n", 0),
    "long literal": (HEADER + "xs = [\n" + "    1.5,\n" * 10_000 + "]\n", 0),
    "deep nesting": (HEADER + "x = " + "(" * 90 + "1" + ")" * 90 + "\ny = " + "-" * 90 + "1\n", 0),
    "long call chain": (HEADER + "x = keras" + ".y" * 90 + "\n", 0),
}


COMMAND = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_DATA, ({MEGABYTES << 20}, {MEGABYTES << 20}))
from keraslint.cli import main
sys.exit(main(["check", "program.py"]))
"""


@pytest.mark.parametrize(("source", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_check_ends_cleanly_within_limits(source: str | bytes, code: int, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_bytes(source.encode() if isinstance(source, str) else source)
    before = user_seconds()
    run = subprocess.run([sys.executable, "-c", COMMAND], cwd=tmp_path, capture_output=True, text=True, check=False)
    output = run.stdout + run.stderr
    assert run.returncode == code, output
    assert "Traceback" not in output
    assert "keras-internal-error" not in output
    assert user_seconds() - before < SECONDS * SLOW_MACHINE


def user_seconds() -> float:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime


TOO_DEEP = {
    "sum": "x = " + "+".join(["1"] * 3000),
    "signs": "x = " + "-" * 5000 + "1",
    "elif": "if a == 0:\n    pass\n" + "".join(f"elif a == {n}:\n    pass\n" for n in range(2000)),
    "attributes": "x = np" + ".a" * 10_000,
}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_pylint_fails_on_is_told_in_a_message_and_written_nowhere(jobs: str, tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.py" for name in TOO_DEEP]
    for file, source in zip(files, TOO_DEEP.values(), strict=True):
        file.write_text(f"import keras\n{source}\n")
    home = tmp_path / "home"
    (home / ".cache" / "pylint").mkdir(parents=True)
    done = shell(f"unset PYLINTHOME XDG_CACHE_HOME; HOME={home} keraslint check -j {jobs} {' '.join(map(str, files))}")
    assert done.stdout.count("nested too deep to be read; split the longest expression") == len(files)
    assert (done.stderr, done.returncode) == ("", 2)
    assert not list((home / ".cache" / "pylint").iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk as Linux has it")
@pytest.mark.parametrize(
    ("sink", "code", "said"),
    [
        ("> /dev/full", 2, "keraslint: error: the output could not be written: No space left on device\n"),
        ("| true; exit ${PIPESTATUS[0]}", 141, ""),
    ],
)
def test_messages_that_cannot_be_written_are_no_failure_of_the_file(
    sink: str, code: int, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "a.py"
    file.write_text(HEADER + "Dense(1, activation='softmax')\n" * 1000)  # more than is held back
    home = tmp_path / "home"
    (home / ".cache" / "pylint").mkdir(parents=True)
    done = shell(f"unset PYLINTHOME XDG_CACHE_HOME; HOME={home} keraslint check {file} {sink}")
    assert (done.stderr, done.returncode) == (said, code)
    assert not list((home / ".cache" / "pylint").iterdir())


def shell(line: str) -> subprocess.CompletedProcess[str]:
    """A line for bash, in which ``keraslint`` is this one."""
    own = f'keraslint() {{ {sys.executable} -m keraslint "$@"; }}; '
    return subprocess.run(["bash", "-c", own + line], capture_output=True, text=True, timeout=100, check=False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full disk as Linux has it")
@pytest.mark.parametrize("command", ["explain all", "check {}", "summary {}"])
def test_a_full_disk_is_told_in_a_line(command: str, tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(HEADER + "m = keras.Sequential([keras.Input((3,)), Dense(1, activation='softmax')])\n")
    done = shell(f"keraslint {command.format(file)} > /dev/full")
    assert done.stderr == "keraslint: error: the output could not be written: No space left on device\n"
    assert done.returncode == 2


@pytest.mark.parametrize(("streams", "code"), [(">&-", 0), (">&- 2>&-", 0), ("2>&-", 0)])
def test_a_closed_stream_is_no_error(streams: str, code: int, tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(HEADER + "m = keras.Sequential([keras.Input((3,)), Dense(1)])\n")
    done = shell(f"keraslint summary {file} {streams}")
    assert done.returncode == code
    assert not done.stderr


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    done = shell("keraslint explain all | head -n 1; exit ${PIPESTATUS[0]}")
    assert done.returncode in (0, 141)
    assert not done.stderr
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize("command", ["check {}", "summary {}", "check --stdin-filename x.py - < {}"])
@pytest.mark.parametrize("encoding", ["undefined", "punycode", "idna", "rot13", "no-such"])
def test_an_encoding_that_decodes_nothing_is_told_in_a_line(command: str, encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(f"# -*- coding: {encoding} -*-\nimport keras\nx = '\xe9'\n".encode("latin-1"))
    done = shell(f"keraslint {command.format(file)}")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "a.py:" in done.stdout or done.stderr.count("\n") == 1


@pytest.mark.parametrize("jobs", ["100000", "0"])
def test_no_more_processes_than_files(jobs: str, tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text(HEADER + "Dense(1, activation='softmax')\n")
    done = shell(f"keraslint check -j {jobs} {file}")
    assert (done.stdout.count("E7800"), done.stderr, done.returncode) == (1, "", 1)


def test_a_failure_of_our_own_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, printed: Captured, tmp_path: Path
) -> None:
    def fail(*_: object) -> None:
        raise KeyError("one\ntwo")

    monkeypatch.delenv(problem.RAISE)
    monkeypatch.setattr(summary, "describe", fail)
    file = tmp_path / "a.py"
    file.write_text("import keras\n")
    assert cli.main(["summary", str(file)]) == cli.ERROR
    said = printed()[1]
    assert said.startswith(
        "keraslint: error: keraslint itself failed with `KeyError: 'one\\ntwo'` at test_robustness.py:"
    )
    assert said.endswith("; please report it\n")
    assert said.count("\n") == 1


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="files that the kernel makes up, as Linux has them")
def test_a_file_that_is_endless_behind_its_size_is_taken_as_empty() -> None:
    assert files.content("/proc/version") == b""
