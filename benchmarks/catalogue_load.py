"""Prints how many milliseconds a fresh process needs to load the catalogue and resolve a first name.

Good: together under the limit of 15 ms, on an idle machine.
In `make bench`: the whole
"""

from __future__ import annotations

import os
import subprocess
import sys

# `ast` is imported first because pylint, which loads keraslint, always has it already.
PROGRAM = """
import ast, dataclasses, enum, functools, pathlib, typing, time
start = time.perf_counter()
from keraslint.keras_api import canonical, symbol
imported = time.perf_counter()
name = canonical("tensorflow.keras.layers.Convolution2D")
symbol(name).parameters("1.2")
print(1000 * (imported - start), 1000 * (time.perf_counter() - imported))
"""


def main(repetitions: int = 15) -> None:
    # An installed package has its bytecode; so shall the runs after the first, whatever the shell says.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", PROGRAM]
    runs = [
        [float(part) for part in subprocess.check_output(command, text=True, env=environment).split()]
        for _ in range(repetitions)
    ]
    imports, first = (min(run[index] for run in runs) for index in (0, 1))
    print(f"import {imports:.1f} ms, first name {first:.1f} ms, together {imports + first:.1f} ms (limit 15 ms)")


if __name__ == "__main__":
    main()
