"""What the plugin costs: user time of pylint with it over pylint without it, alternating, in one run."""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pylint

import keraslint

KERAS_PROGRAM = Path(__file__).parent / "ordinary_program.py"
"""An ordinary Keras script of 200 lines."""

PROMISED = {"Keras program": 1.05, "large file without Keras": 1.01}


def user_seconds(arguments: list[str]) -> float:
    """User time of one pylint process, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    command = [sys.executable, "-m", "pylint", f"--rcfile={os.devnull}", "--persistent=n", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode & 33 or "keras-internal-error" in run.stdout:
        raise SystemExit(f"pylint failed:\n{run.stdout}{run.stderr}")
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def compare(path: Path, repeats: int) -> tuple[float, float, float]:
    """Seconds without the plugin, seconds with it, and the ratio: medians over pairs of runs."""
    pairs = []
    for turn in range(repeats):
        plugin = ["--load-plugins=keraslint"]
        order = ([], plugin) if turn % 2 else (plugin, [])
        times = {bool(options): user_seconds([*options, str(path)]) for options in order}
        pairs.append((times[False], times[True]))
    without = statistics.median(first for first, _ in pairs)
    with_it = statistics.median(second for _, second in pairs)
    return without, with_it, statistics.median(second / first for first, second in pairs)


def without_keras(folder: Path) -> Path:
    """A large file that never mentions Keras: a module of the standard library."""
    source = Path(sysconfig.get_path("stdlib")) / "argparse.py"
    copy = folder / "large_module.py"
    copy.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    return copy


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=9, help="pairs of runs for each file")
    repeats: int = parser.parse_args().repeats
    versions = (
        f"keraslint {keraslint.__version__}, pylint {pylint.__version__}, Python {sys.version.split()[0]}"
    )
    print(f"{versions}, user time over {repeats} pairs of runs")
    with tempfile.TemporaryDirectory() as folder:
        files = {"Keras program": KERAS_PROGRAM, "large file without Keras": without_keras(Path(folder))}
        for name, path in files.items():
            without, with_it, ratio = compare(path, repeats)
            lines = len(path.read_text(encoding="utf-8").splitlines())
            print(
                f"{name} ({lines} lines): {without:.2f} s without, {with_it:.2f} s with, "
                f"ratio {ratio:.3f} (promised: at most {PROMISED[name]})"
            )


if __name__ == "__main__":
    main()
