"""What a confirmation costs: wall time of `keraslint confirm` over that of `import keras`, in one run.

Good: a ratio of at most 2.
In `make bench`: --repeats 1
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

PROGRAM = Path(__file__).parent.parent / "fixtures/programs/ratings/ratings_regression.py"
IMPORT = [sys.executable, "-c", "import keras"]
CONFIRM = [sys.executable, "-m", "keraslint", "confirm", str(PROGRAM)]


def seconds(command: list[str]) -> float:
    """Wall time of one process."""
    begin = time.perf_counter()
    run = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    )
    if run.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} failed:\n{run.stdout}{run.stderr}")
    return time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3, help="pairs of runs (default 3)")
    repeats = parser.parse_args().repeats
    seconds(IMPORT)
    pairs = [(seconds(IMPORT), seconds(CONFIRM)) for _ in range(repeats)]
    imports, confirms = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(confirm / import_ for import_, confirm in pairs)
    print(f"import keras {imports:.2f} s, keraslint confirm {confirms:.2f} s, ratio {ratio:.2f}; target 2")


if __name__ == "__main__":
    main()
