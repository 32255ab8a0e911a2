"""What pylint's own messages about Keras programs become when keraslint teaches it Keras, and how much faster it is.

One run of pylint over all files for each choice of `keras-teach-pylint`, and one without the plugin; CPU time, as a
ratio to that. With `--apart` each file has a process of its own, as editors start it. Messages that come and go
are counted; each new one is printed, and each that rests on what pylint believes other modules to be. keraslint's own
findings are compared with those where nothing is taught.

Good: nothing that is false is new or left, which somebody has to look at; the ratios are at most 0.4 with `keras` and
0.25 with `keras,tensorflow`; the findings are the same. It needs Keras and TensorFlow in pylint's environment.
In `make bench`: --every 12
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
PROGRAMS = HERE.parent / "fixtures" / "programs"
TARGETS = {"keras": 0.4, "keras,tensorflow": 0.25}
NOTHING = "no"

BY_INFERENCE = frozenset(
    {
        *(
            "abstract-class-instantiated",
            "abstract-method",
            "arguments-differ",
            "arguments-renamed",
            "signature-differs",
        ),
        *("assignment-from-no-return", "assignment-from-none", "attribute-defined-outside-init", "import-error"),
        *("invalid-overridden-method", "invalid-unary-operand-type", "isinstance-second-argument-not-valid-type"),
        *(
            "missing-kwoa",
            "no-member",
            "no-name-in-module",
            "no-value-for-parameter",
            "not-a-mapping",
            "not-an-iterable",
        ),
        *(
            "not-callable",
            "not-context-manager",
            "redundant-keyword-arg",
            "super-init-not-called",
            "too-many-ancestors",
        ),
        *("too-many-function-args", "unexpected-keyword-arg", "unpacking-non-sequence", "unsubscriptable-object"),
        *("unbalanced-tuple-unpacking", "unsupported-assignment-operation", "unsupported-binary-operation"),
        *("unsupported-delete-operation", "unsupported-membership-test", "useless-parent-delegation", "bad-super-call"),
        *("unexpected-special-method-signature", "invalid-sequence-index", "non-parent-init-called", "method-hidden"),
    }
)
"""Messages that rest on what pylint believes of other modules."""


class Message(NamedTuple):
    """One message, without its column: that of a name may differ from that of an expression."""

    path: str
    line: int
    symbol: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.symbol}: {self.text.splitlines()[0]}"


class Outcome(NamedTuple):
    """What one run printed, and its CPU time."""

    messages: Counter[Message]
    seconds: float

    def own(self) -> Counter[Message]:
        return Counter({one: n for one, n in self.messages.items() if one.symbol.startswith("keras-")})

    def of_pylint(self) -> Counter[Message]:
        return self.messages - self.own()


def run(options: list[str], groups: list[list[str]], folder: Path) -> Outcome:
    """What pylint says of each group of files in turn, in a process for each."""
    outcomes = [run_once(["pylint", *options, *files], folder) for files in groups]
    return Outcome(sum((one.messages for one in outcomes), Counter[Message]()), sum(one.seconds for one in outcomes))


def run_once(arguments: list[str], folder: Path) -> Outcome:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True, check=False, cwd=folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if not done.stdout.startswith("["):
        raise SystemExit(f"{' '.join(arguments[:4])} failed:\n{done.stdout}{done.stderr}")
    found: list[dict[str, Any]] = json.loads(done.stdout)
    messages = Counter(
        Message(os.path.relpath(one["path"]), one["line"], one["symbol"], one["message"]) for one in found
    )
    return Outcome(messages, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def table(rows: list[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def counted(messages: Counter[Message]) -> Counter[str]:
    found: Counter[str] = Counter()
    for message, number in messages.items():
        found[message.symbol] += number
    return found


def compared(stock: Outcome, taught: dict[str, Outcome]) -> str:
    """How many messages of each kind each run has; kinds of which all have as many are left out."""
    numbers = [counted(outcome.of_pylint()) for outcome in (stock, *taught.values())]
    symbols = sorted(set().union(*numbers), key=lambda symbol: (-numbers[0][symbol], symbol))
    differing = [symbol for symbol in symbols if len({number[symbol] for number in numbers}) > 1]
    rows = [("", "pylint", *taught)]
    rows += [(symbol, *(str(number[symbol]) for number in numbers)) for symbol in differing]
    rows += [("all messages of pylint's", *(str(number.total()) for number in numbers))]
    rows += [("CPU seconds", *(f"{outcome.seconds:.1f}" for outcome in (stock, *taught.values())))]
    rows += [("ratio", "1", *(f"{outcome.seconds / stock.seconds:.2f}" for outcome in taught.values()))]
    return table(rows)


def listed(title: str, messages: Counter[Message]) -> str:
    lines = [f"  {message}" for message in sorted(messages.elements())]
    return "\n".join([f"{title}: {len(lines)}", *lines])


def files_of(paths: list[Path], every: int) -> list[str]:
    """The files themselves, so that none of them is taken for a part of a package."""
    found = sorted(file for path in paths for file in (path.rglob("*.py") if path.is_dir() else [path]))
    return [str(file.resolve()) for file in found[::every]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, default=[PROGRAMS], help="programs, or folders of them")
    parser.add_argument("--every", type=int, default=6, metavar="N", help="of all programs take only each Nth")
    parser.add_argument("--apart", action="store_true", help="a run of pylint for each program")
    parser.add_argument("--gone", action="store_true", help="print each message that is gone, too")
    parser.add_argument("--choices", nargs="*", default=list(TARGETS), choices=list(TARGETS), help="what is compared")
    given = parser.parse_args()
    files = files_of(given.paths, given.every)
    groups = [[file] for file in files] if given.apart else [files]
    folder = given.paths[0].resolve() if given.paths[0].is_dir() else given.paths[0].resolve().parent
    print(", ".join(f"{name} {version(name)}" for name in ("keraslint", "pylint", "keras", "tensorflow")))
    print(f"{len(files)} programs in {len(groups)} runs of pylint, for each choice")
    options = [f"--rcfile={os.devnull}", "--persistent=n", "--output-format=json"]
    stock = run(options, groups, folder)
    taught = {
        choice: run([*options, "--load-plugins=keraslint", f"--keras-teach-pylint={choice}"], groups, folder)
        for choice in (NOTHING, *given.choices)
    }
    print(compared(stock, taught))
    own = taught.pop(NOTHING).own()
    for choice, outcome in taught.items():
        print(f"\nWith {choice}; target of the ratio: {TARGETS[choice]}")
        changed = (outcome.own() - own) + (own - outcome.own())
        print(listed("keraslint's own findings that differ", changed))
        print(listed("New", outcome.of_pylint() - stock.messages))
        if given.gone:
            print(listed("Gone", stock.messages - outcome.messages))
        left = Counter({one: n for one, n in outcome.of_pylint().items() if one.symbol in BY_INFERENCE})
        print(listed("Left, by what pylint believes of other modules", left))


if __name__ == "__main__":
    main()
