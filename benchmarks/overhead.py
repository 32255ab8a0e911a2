"""What the plugin costs: user time of pylint with it over pylint without it, alternating, in one run.

Good: the ratios are at most the targets, with half of the pairs close together: else the machine was busy.
In `make bench`: --repeats 3
"""

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

WITHOUT_KERAS = Path(sysconfig.get_path("stdlib")) / "argparse.py"
"""A large module that never mentions Keras."""

PLUGIN = "--load-plugins=keraslint"


def user_seconds(arguments: list[str], environment: dict[str, str]) -> float:
    """User time of one pylint process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    command = [sys.executable, "-m", "pylint", f"--rcfile={os.devnull}", "--persistent=n", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if run.returncode & 33 or "keras-internal-error" in run.stdout:
        raise SystemExit(f"pylint failed:\n{run.stdout}{run.stderr}")
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def compare(path: Path, repeats: int, environment: dict[str, str]) -> str:
    """Pairs of runs, one without and one with the plugin, after a first pair that compiles bytecode."""
    pairs = []
    for turn in range(repeats + 1):
        order = ([], [PLUGIN]) if turn % 2 else ([PLUGIN], [])
        seconds = {len(options): user_seconds([*options, str(path)], environment) for options in order}
        pairs.append((seconds[0], seconds[1]))
    without, with_it = zip(*pairs[1:], strict=True)
    ratios = statistics.quantiles((b / a for a, b in pairs[1:]), n=4)
    return (
        f"{statistics.median(without):.2f} s without, {statistics.median(with_it):.2f} s with, "
        f"ratio {ratios[1]:.3f} (half of the pairs within {ratios[0]:.3f} to {ratios[2]:.3f}), "
        f"of the fastest {min(with_it) / min(without):.3f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=9, help="pairs of runs for each file")
    repeats: int = parser.parse_args().repeats
    python = sys.version.split()[0]
    print(f"keraslint {keraslint.__version__}, pylint {pylint.__version__}, Python {python}")
    print(f"user time, medians over {repeats} pairs of runs")
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for path, promise in ((KERAS_PROGRAM, 1.05), (WITHOUT_KERAS, 1.01)):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            print(f"{path.name} ({lines} lines): {compare(path, repeats, environment)}; target {promise}")


if __name__ == "__main__":
    main()
