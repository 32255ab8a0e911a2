"""How long reading takes beside another commit: CPU time of every program of the fixtures and the reader's cases.

    python benchmarks/reading.py --before COMMIT [--repeats N] [FILE …]

Both commits read the same files in turns, each file in the least of its times; prints the ratios of the total and of
the median file (below 1 is faster), and the files that gained and lost most.

Good: total and median between 0.95 and 1.05, unless the change is about speed.
In `make bench`: --before HEAD --repeats 1
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent

READ = """\
import json, sys, time
sys.path.insert(0, sys.argv[1])
from keraslint.reader import read
files = json.load(sys.stdin)
sources = [(file, open(file, "rb").read()) for file in files]
for file, source in sources:
    read(source, file)  # loads what is loaded when it is first met, which benchmarks/catalogue_load.py times
times = []
for file, source in sources:
    begun = time.process_time()
    read(source, file)
    times.append(time.process_time() - begun)
print(json.dumps(times))
"""


def times(tree: Path, files: list[str]) -> list[float]:
    """CPU seconds for each file, read by the keraslint in ``tree``."""
    run = subprocess.run(
        [sys.executable, "-c", READ, str(tree)], input=json.dumps(files), capture_output=True, text=True, check=True
    )
    seconds: list[float] = json.loads(run.stdout)
    return seconds


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
        seen: dict[Path, list[list[float]]] = {Path(folder): [], ROOT: []}
        for _ in range(given.repeats):
            for tree, runs in seen.items():
                runs.append(times(tree, files))
    before, after = ([min(each) for each in zip(*runs, strict=True)] for runs in seen.values())
    print(f"{len(files)} files, {sum(before):.2f} s before and {sum(after):.2f} s after, of CPU")
    print(f"total: {sum(after) / sum(before):.2f}")
    ratios = sorted(zip((b / a for a, b in zip(before, after, strict=True)), files, before, strict=True))
    print(f"median: {statistics.median(ratio for ratio, *_ in ratios):.2f}")
    for ratio, file, seconds in (*ratios[:5], *ratios[-5:]):
        print(f"  {ratio:5.2f} of {1000 * seconds:6.1f} ms  {Path(file).name}")


if __name__ == "__main__":
    main()
