"""How long reading takes beside another commit: CPU time of every program of the fixtures and the reader's cases.

    python benchmarks/reading.py --before COMMIT [--repeats N] [FILE …]

Two processes, one for each commit, read a file in turns, so that a slow moment of the machine meets both; each file
counts with the least of its times. Prints the ratios of the total and of the median file (below 1 is faster), and the
files that gained and lost most.

Good: total and median between 0.95 and 1.05, unless the change is about speed.
In `make bench`: --before HEAD --repeats 1
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent

READ = """\
import sys, time
sys.path.insert(0, sys.argv[1])
from keraslint.reader import read
for line in sys.stdin:
    file = line.rstrip("\\n")
    source = open(file, "rb").read()
    begun = time.process_time()
    read(source, file)
    print(time.process_time() - begun, flush=True)
"""


class Reader:
    """A process that reads files with the keraslint in ``tree``."""

    def __init__(self, tree: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", READ, str(tree)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def seconds(self, file: str) -> float:
        """CPU seconds for one file."""
        assert self._process.stdin
        assert self._process.stdout
        print(file, file=self._process.stdin, flush=True)
        return float(self._process.stdout.readline())


def _in_turns(readers: tuple[Reader, Reader], file: str, repeats: int) -> tuple[float, float]:
    """The least time of either for a file, after a first reading that loads what is loaded when it is first met
    (which benchmarks/catalogue_load.py times)."""
    turns = [(readers[0].seconds(file), readers[1].seconds(file)) for _ in range(repeats + 1)]
    return min(one for one, _ in turns[1:]), min(other for _, other in turns[1:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", required=True, metavar="COMMIT")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("files", nargs="*", metavar="FILE")
    given = parser.parse_args()
    found = [*(ROOT / "fixtures" / "programs").rglob("*.py"), *(ROOT / "tests" / "reader" / "cases").rglob("*.py")]
    files = given.files or sorted(map(str, found))
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(
            ["git", "archive", given.before, "keraslint"], cwd=ROOT, capture_output=True, check=True
        ).stdout
        subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
        readers = Reader(Path(folder)), Reader(ROOT)
        before, after = zip(*(_in_turns(readers, file, given.repeats) for file in files), strict=True)
    print(f"{len(files)} files, {sum(before):.2f} s before and {sum(after):.2f} s after, of CPU")
    print(f"total: {sum(after) / sum(before):.2f}")
    ratios = sorted(zip((b / a for a, b in zip(before, after, strict=True)), files, before, strict=True))
    print(f"median: {statistics.median(ratio for ratio, *_ in ratios):.2f}")
    for ratio, file, seconds in (*ratios[:5], *ratios[-5:]):
        print(f"  {ratio:5.2f} of {1000 * seconds:6.1f} ms  {Path(file).name}")


if __name__ == "__main__":
    main()
