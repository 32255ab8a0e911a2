"""Runs every program of this folder in turn, in a size that ends soon, and says of each what is good.

    python benchmarks [--list] [NAME…]

What a program measures, what is good and the arguments of the small size stand in its own docstring: the first
sentence, the paragraph ``Good:``, and the line ``In `make bench`:`` (or ``Not in `make bench`:``, with the reason).
"""

from __future__ import annotations

import argparse
import ast
import re
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
WHOLE = "the whole"
"""Stands in the place of arguments for a program that ends soon as it is."""


@dataclass(frozen=True)
class Benchmark:
    """A program of this folder, by what its docstring says."""

    path: Path
    measures: str
    good: str
    arguments: tuple[str, ...] = ()
    left_out: str = ""
    """Why it is not run among all; empty when it is."""


def benchmark(path: Path) -> Benchmark | None:
    """The program in this file; None for one that only others use."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    good = _said("Good:", text)
    if not good:
        return None
    words = shlex.split(_said("In `make bench`:", text).removeprefix(WHOLE))
    unasked = _said("Not in `make bench`:", text)
    missing = next((word for word in words if "*" in word and not any(HERE.parent.glob(word))), "")
    return Benchmark(
        path,
        re.split(r"(?<=[.?])\s", text, maxsplit=1)[0].replace("\n", " "),
        good,
        tuple(one for word in words for one in (sorted(map(str, HERE.parent.glob(word))) if "*" in word else [word])),
        unasked or (f"there is nothing at {missing}" if missing else ""),
    )


def _said(label: str, text: str) -> str:
    """What stands behind a label that begins a line, up to the next label or the end of the paragraph."""
    found = re.search(
        rf"^{re.escape(label)}(.*?)(?=\n\n|\n(?:In|Not in) `make bench`:|\Z)", text, re.MULTILINE | re.DOTALL
    )
    return " ".join(found[1].split()) if found else ""


def benchmarks() -> list[Benchmark]:
    found = (benchmark(path) for path in sorted(HERE.glob("*.py")) if path.name != "__main__.py")
    return [one for one in found if one is not None]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="say what there is, and run nothing")
    parser.add_argument("names", nargs="*", metavar="NAME", help="run these only")
    given = parser.parse_args()
    every = benchmarks()
    unknown = set(given.names) - {one.path.stem for one in every}
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}")
    failed = []
    for one in every:
        if given.names and one.path.stem not in given.names:
            continue
        print(f"== {one.path.stem}: {one.measures}\n   Good: {one.good}", flush=True)
        if one.left_out:
            print(f"   Left out: {one.left_out}", flush=True)
        elif not given.list:
            begun = time.monotonic()
            done = subprocess.run([sys.executable, str(one.path), *one.arguments], cwd=HERE.parent, check=False)
            failed += [one.path.stem] if done.returncode else []
            print(f"   took {time.monotonic() - begun:.0f} s, exit code {done.returncode}\n", flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
