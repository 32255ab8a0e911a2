"""How many findings about other people's packages are false: by rule and by category, for 100 files with Keras.

    python benchmarks/precision.py --fetch FOLDER        # downloads and unpacks the packages of precision.txt
    python benchmarks/precision.py [--untriaged] FOLDER… # lints them; each folder is an unpacked package

The packages are by people who know Keras well, from several of its eras, with their tests and examples where the
archive holds them. Each file is linted inside its whole project. precision.toml gives every finding a verdict with its
reason: `true`, `false`, or `debatable` where experts would disagree. A finding is known by its package, file, rule and
source line, so that it keeps its verdict when lines move. A finding without a verdict is listed (with --untriaged:
as text for precision.toml). What Keras refuses and a test expects it to refuse is no fault: a report there is false.

Good: no finding without a verdict, no crash, no false E, and at most 0.5 false W for 100 files (the exit code says so).
In `make bench`: .precision/*
"""

from __future__ import annotations

import email
import gc
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from keraslint import reader, rules, target
from keraslint.reader.parsing import parse
from keraslint.reader.program import read_program
from keraslint.settings import Options

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PACKAGES = Path(__file__).with_name("precision.txt")
TRIAGE = Path(__file__).with_name("precision.toml")
VERDICTS = ("true", "debatable", "false", "untriaged")
MOST_FALSE_WARNINGS = 0.5
"""For 100 files."""
MOST_FILES = 150
"""Of a package: of a larger one so many are linted that lie evenly among all."""
SLOW = 2.0
"""Seconds of CPU that a file should not take."""


class Place(NamedTuple):
    """What a finding is known by, wherever its line has moved."""

    package: str
    file: str
    rule: str
    code: str


class Report(NamedTuple):
    """A finding in one file of a package."""

    place: Place
    category: str
    line: int
    message: str


@dataclass(frozen=True)
class Linted:
    """What one file gave."""

    path: Path
    reports: tuple[Report, ...] = ()
    crash: str = ""
    seconds: float = 0.0


@dataclass
class Survey:
    """What the packages gave."""

    files: int = 0
    reports: list[Report] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    slow: list[tuple[float, str]] = field(default_factory=list)

    def add(self, linted: Linted) -> None:
        self.files += 1
        self.reports += linted.reports
        if linted.crash:
            self.crashes.append(f"{linted.path}: {linted.crash}")
        if linted.seconds > SLOW:
            self.slow.append((linted.seconds, str(linted.path)))


def survey(folder: Path, workers: Executor) -> Iterator[Linted]:
    """Lint the files of a package that mention Keras."""
    every = [path for path in sorted(folder.rglob("*.py")) if b"keras" in path.read_bytes().lower()]
    files = every[:: len(every) // MOST_FILES + 1]
    yield from workers.map(lint, [folder] * len(files), files)


def lint(folder: Path, path: Path) -> Linted:
    """Lint one file of a package as the plugin does."""
    gc.collect()  # what the files before have left is not this one's work
    source, began = path.read_bytes(), time.process_time()
    try:
        program = read_program(parse(source, str(path)), str(path))
        found = rules.check(program, target.options_for(str(path), Options()))
    except reader.ReadError:
        return Linted(path)  # Python 2, or a template
    except Exception as error:  # a benchmark counts crashes, and goes on
        return Linted(path, crash=f"{type(error).__name__}: {error}")
    seconds, lines = time.process_time() - began, source.decode("utf-8", "replace").splitlines()
    return Linted(path, tuple(_report(one, folder, path, lines) for one in found), seconds=seconds)


def _report(finding: rules.Finding, folder: Path, path: Path, lines: list[str]) -> Report:
    assert finding.rule is not None
    code = lines[finding.span.line - 1].strip() if finding.span.is_known else finding.place
    place = Place(folder.name, path.relative_to(folder).as_posix(), finding.rule.symbol, code)
    return Report(place, finding.rule.category, finding.span.line, finding.message)


def triage() -> dict[Place, str]:
    """The verdicts of precision.toml.

    Raises:
        ValueError: a verdict is none of the three, or has no reason.
    """
    verdicts: dict[Place, str] = {}
    for entry in tomllib.loads(TRIAGE.read_text(encoding="utf-8")).get("finding", []):
        if entry["verdict"] not in VERDICTS[:3] or not entry["reason"].strip():
            raise ValueError(f"{TRIAGE.name}: {entry}: a verdict is one of {', '.join(VERDICTS[:3])}, with its reason")
        verdicts |= dict.fromkeys(_places(entry), entry["verdict"])
    return verdicts


def _places(entry: dict[str, Any]) -> Iterator[Place]:
    for place in entry["places"]:
        file, _, code = place.partition(": ")
        yield Place(entry["package"], file, entry["rule"], code)


def tell(result: Survey, verdicts: dict[Place, str]) -> bool:
    """Print the figures; whether they are good."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for report in result.reports:
        verdict = verdicts.get(report.place, "untriaged")
        counts[report.category, report.place.rule][verdict] += 1
        counts[report.category, ""][verdict] += 1
    print(f"\n{'of each 100 files':48}" + "".join(f"{verdict:>11}" for verdict in VERDICTS) + "  number of each")
    for (category, rule), count in sorted(counts.items()):
        row = "".join(f"{_share(count[verdict], result):11.2f}" for verdict in VERDICTS)
        print(f"{category} {rule or 'all together':46}{row}  " + " ".join(str(count[verdict]) for verdict in VERDICTS))
    print(f"\nfiles that mention Keras: {result.files}")
    print(*(f"slow: {seconds:.1f} s  {path}" for seconds, path in sorted(result.slow, reverse=True)), sep="\n")
    print("crashes:", *(result.crashes or ["none"]), sep="\n  ")
    false_warnings = _share(counts["W", ""]["false"], result)
    untriaged = sum(counts[category, ""]["untriaged"] for category in "EWR")
    return (
        not untriaged and not result.crashes and not counts["E", ""]["false"] and false_warnings <= MOST_FALSE_WARNINGS
    )


def _share(number: int, result: Survey) -> float:
    return 100 * number / max(result.files, 1)


def list_untriaged(result: Survey, verdicts: dict[Place, str], *, as_text: bool) -> None:
    """Print the findings that have no verdict, for reading or as text for precision.toml."""
    grouped: dict[tuple[str, str], list[Report]] = defaultdict(list)
    for report in result.reports:
        if report.place not in verdicts:
            grouped[report.place.package, report.place.rule].append(report)
    for (package, rule), reports in sorted(grouped.items()):
        if as_text:
            places = dict.fromkeys(f"{report.place.file}: {report.place.code}" for report in reports)
            print(f'\n[[finding]]\npackage = "{package}"\nrule = "{rule}"\nverdict = ""\nreason = ""\nplaces = [')
            print(*(f"    {_quoted(place)}," for place in places), "]", sep="\n")
        else:
            for report in reports:
                print(f"{package}/{report.place.file}:{report.line}: {rule}: {report.message}\n    {report.place.code}")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return f'"{escaped}"'


def fetch(folder: Path) -> None:
    """Download the packages, without what they depend on, and unpack them into a folder each."""
    for line in PACKAGES.read_text(encoding="utf-8").splitlines():
        name, _, form = line.partition(" ")
        if (folder / name).exists():
            continue
        kind = ["--no-binary", ":all:"] if form == "source" else ["--only-binary", ":all:"]
        with tempfile.TemporaryDirectory() as download:
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *kind, "--dest", download, name]
            if subprocess.run(pip, check=False).returncode != 0:
                print(f"{name}: not to be had", file=sys.stderr)
                continue
            for archive in Path(download).iterdir():
                shutil.unpack_archive(archive, folder / name, *(["zip"] if archive.suffix == ".whl" else []))
        _mark_as_project(folder / name)


def _mark_as_project(folder: Path) -> None:
    """Make it the root of a project, with the requirements that a wheel keeps in its metadata."""
    (folder / ".git").mkdir()
    for metadata in folder.glob("*.dist-info/METADATA"):
        stated = email.message_from_string(metadata.read_text(encoding="utf-8")).get_all("Requires-Dist", [])
        needed = [line for line in stated if "extra ==" not in line]
        (folder / "requirements.txt").write_text("\n".join(needed) + "\n", encoding="utf-8")


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--fetch"]:
        fetch(Path(arguments[1]))
        return 0
    as_text = "--untriaged" in arguments
    verdicts, result = triage(), Survey()
    with ProcessPoolExecutor() as workers:
        for folder in _folders(arguments):
            before, began = (result.files, len(result.reports)), time.monotonic()
            for linted in survey(folder, workers):
                result.add(linted)
            print(
                f"{folder.name:42}{result.files - before[0]:5} files {len(result.reports) - before[1]:5} findings "
                f"{time.monotonic() - began:6.0f} s",
                file=sys.stderr,
                flush=True,
            )
    list_untriaged(result, verdicts, as_text=as_text)
    return 0 if tell(result, verdicts) else 1


def _folders(arguments: Iterable[str]) -> Iterator[Path]:
    return (Path(argument) for argument in arguments if not argument.startswith("--"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
