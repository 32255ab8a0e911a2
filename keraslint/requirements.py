"""What a project asks for of Keras and TensorFlow, as its requirement, lock and environment files write it."""

from __future__ import annotations

import ast
import configparser
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from keraslint import bounded
from keraslint.printable import shortened

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement: of which package, which versions (as PEP 440 writes it), and where it stands."""

    name: str
    specifiers: str
    text: str
    file: str
    line: int


MOST_BYTES_OF_LOCK = 20_000_000
"""Lock files of large projects have a few millions. A file that is larger says nothing."""

MOST_CHARACTERS = 500
"""Of the name and the versions of a requirement. What is longer says nothing."""

MOST_REQUIREMENTS = 100
"""Of Keras and TensorFlow in one file. Those that follow say nothing."""

TELLING_BY_NAME = frozenset({"tensorflow-addons", "tf-keras"})
"""Packages that say something about Keras in any version."""

Stated = tuple[Any, Any]
"""A package and its specifiers, as a file writes them: text, unless it is malformed."""

# `keras`, `tensorflow[and-cuda]==2.15; python_version < "3.9"`, `conda-forge::tensorflow=2.10=py39_0`
_LINE = re.compile(
    r"(?:[\w.-]+::)?(?P<name>[A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*"
    r"\(?(?P<specifiers>[^@]*?)\)?\s*$"
)
_BEHIND = re.compile(r"[;#\\]| --")
"""Begins what is no part of the versions: a marker, a comment, hashes."""

_MENTION = re.compile(r"keras|tensorflow", re.IGNORECASE)


def of_directory(directory: Path) -> Iterator[list[Requirement]]:
    """The requirements of each kind of file right in this directory, in the order in which they decide.

    A lock says what is really installed, so it comes first. A file that cannot be understood says nothing.
    """
    for pattern, parse in FILES:
        try:
            paths = sorted(directory.glob(pattern))
        except OSError:
            return
        found = [requirement for path in paths for requirement in _requirements(path, parse)]
        if found:
            yield found


def _requirements(path: Path, parse: Callable[[str], Iterator[Stated]]) -> list[Requirement]:
    try:
        most = MOST_BYTES_OF_LOCK if "lock" in path.name else bounded.MOST_BYTES
        text = bounded.without_absurd_lines(_decode(bounded.read_bytes(path, most)))
        if not _MENTION.search(f"{path.parent.name} {text}"):
            return []
        stated = list(islice(filter(_is_usable, parse(text)), MOST_REQUIREMENTS))
    except (
        OSError,
        ValueError,
        SyntaxError,
        RecursionError,
        MemoryError,
        AttributeError,
        TypeError,
        configparser.Error,
    ):
        return []
    lines = text.splitlines()
    return [
        Requirement(
            name=normal_name(name),
            specifiers=_pep440(specifiers),
            text=shortened(f"{name}{specifiers if specifiers[:1] in ('', *'=<>!~^') else '==' + specifiers}"),
            file=_shown(path),
            line=_line_of(lines, name, specifiers),
        )
        for name, specifiers in stated
    ]


def _is_usable(stated: tuple[object, object]) -> bool:
    """Whether this is about Keras or TensorFlow; a file may be malformed, and have anything in the place of text."""
    name, specifiers = stated
    if not isinstance(name, str) or not isinstance(specifiers, str):
        return False
    if not specifiers and normal_name(name) not in TELLING_BY_NAME:
        return False
    return len(name) + len(specifiers) <= MOST_CHARACTERS and _MENTION.search(name) is not None


def normal_name(name: str) -> str:
    """The name of a package as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _decode(raw: bytes) -> str:
    """Also what PowerShell's ``pip freeze > requirements.txt`` writes."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    return raw.decode("utf-8-sig", "replace")


def _shown(path: Path) -> str:
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _line_of(lines: list[str], name: str, specifiers: str) -> int:
    """The line with the name and, there or on the next lines, the version; parsers of TOML and JSON do not say it."""
    quoted = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])", re.IGNORECASE)
    named = [number for number, line in enumerate(lines, 1) if quoted.search(line)]
    for reach in (1, 2, 8):  # a table of a lock file gives the version one line below, one of JSON further down
        for number in named:
            if specifiers.strip("=") in "\n".join(lines[number - 1 : number - 1 + reach]):
                return number
    return named[0] if named else 1


def _pep440(specifiers: str) -> str:
    """Specifiers of pip, poetry and conda in the form of PEP 440; of alternatives the first."""
    return ",".join(_pep440_clause(clause.strip()) for clause in specifiers.split("|")[0].split(",") if clause.strip())


def _pep440_clause(clause: str) -> str:
    version = clause.lstrip("^~= ")
    numbers = version.split(".")
    if clause.startswith("^"):
        return f">={version},<{int(numbers[0]) + 1}" if numbers[0] != "0" else f"=={version}.*"
    if clause.startswith("~") and not clause.startswith("~="):
        return f">={version},=={'.'.join(numbers[:2])}.*"
    if re.match(r"=[^=]", clause):  # conda: a version of this series, then perhaps a build
        return f"=={version.partition('=')[0].removesuffix('.*').removesuffix('*')}.*"
    return f"=={clause}" if clause[0].isdigit() else clause


def _stated(line: str) -> Iterator[Stated]:
    """A requirement as pip or conda writes it on a line."""
    stated = _BEHIND.split(line, maxsplit=1)[0].strip().strip("\"'")
    match = _LINE.match(stated) if len(stated) <= MOST_CHARACTERS else None
    if match:
        yield match["name"], match["specifiers"].strip()


def _each(lines: Any) -> Iterator[Stated]:
    for line in lines if isinstance(lines, Iterable) else ():
        if isinstance(line, str):
            yield from _stated(line)


def _dict(value: Any) -> dict[str, Any]:
    """A table of a file; empty where the file has something else."""
    return value if isinstance(value, dict) else {}


def _requirements_txt(text: str) -> Iterator[Stated]:
    yield from _each(text.splitlines())


def _environment_yml(text: str) -> Iterator[Stated]:
    """The entries of its lists, those for pip among them; PyYAML would be a dependency for this alone."""
    yield from _each(match[1] for match in re.finditer(r"^\s*-\s+(.*?)\s*$", text, re.MULTILINE))


def _setup_cfg(text: str) -> Iterator[Stated]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    yield from _each(parser.get("options", "install_requires", fallback="").splitlines())
    if parser.has_section("options.extras_require"):
        for extra in parser["options.extras_require"].values():
            yield from _each(extra.splitlines())


def _setup_py(text: str) -> Iterator[Stated]:
    """Literal strings in ``install_requires`` and ``extras_require``, or in what these name; it is read, never run."""
    tree = ast.parse(text)
    named = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in ("install_requires", "extras_require"):
            value = named.get(node.value.id, node.value) if isinstance(node.value, ast.Name) else node.value
            yield from _each(part.value for part in ast.walk(value) if isinstance(part, ast.Constant))


def _pyproject(text: str) -> Iterator[Stated]:
    content = tomllib.loads(text)
    project = _dict(content.get("project"))
    yield from _each(project.get("dependencies"))
    for entries in _dict(project.get("optional-dependencies")).values():
        yield from _each(entries)
    for entries in _dict(content.get("dependency-groups")).values():
        yield from _for_developers(_each(entries))
    poetry = _dict(_dict(content.get("tool")).get("poetry"))
    groups = [_dict(group).get("dependencies") for group in _dict(poetry.get("group")).values()]
    yield from _table(poetry.get("dependencies"))
    for table in (poetry.get("dev-dependencies"), *groups):
        yield from _for_developers(_table(table))


def _for_developers(stated: Iterable[Stated]) -> Iterator[Stated]:
    """What only who works on the project needs: its tests may hold another Keras against its own."""
    return (one for one in stated if not isinstance(one[0], str) or normal_name(one[0]) not in TELLING_BY_NAME)


def _table(table: Any) -> Iterator[Stated]:
    """``tensorflow = "^2.10"`` or ``tensorflow = {version = "2.10"}``, or a list of such."""
    for name, wanted in _dict(table).items():
        for entry in wanted if isinstance(wanted, list) else [wanted]:
            version = entry.get("version") if isinstance(entry, dict) else entry
            if version != "*":
                yield name, version


def _pipfile(text: str) -> Iterator[Stated]:
    content = tomllib.loads(text)
    yield from _table(content.get("packages"))
    yield from _for_developers(_table(content.get("dev-packages")))


def _lock_toml(text: str) -> Iterator[Stated]:
    """``poetry.lock``, ``uv.lock``, ``pdm.lock``, ``pylock.toml``."""
    content = tomllib.loads(text)
    packages = content.get("package", content.get("packages"))
    for package in map(_dict, packages if isinstance(packages, list) else ()):
        version = package.get("version")
        if isinstance(version, str) and version:
            yield package.get("name"), f"=={version}"


def _pipfile_lock(text: str) -> Iterator[Stated]:
    content = _dict(json.loads(text))
    for section in ("default", "develop"):
        yield from _table(content.get(section))


def _keras_itself(text: str) -> Iterator[Stated]:
    """``__version__`` of the package that is itself called Keras."""
    for match in re.finditer(r"^__version__ = [\"'](\d[\d.]*)[\"']", text, re.MULTILINE):
        yield "keras", f"=={match[1]}"


FILES: tuple[tuple[str, Callable[[str], Iterator[Stated]]], ...] = (
    ("keras/__init__.py", _keras_itself),
    ("uv.lock", _lock_toml),
    ("poetry.lock", _lock_toml),
    ("pdm.lock", _lock_toml),
    ("pylock.toml", _lock_toml),
    ("Pipfile.lock", _pipfile_lock),
    ("requirements.txt", _requirements_txt),
    ("pyproject.toml", _pyproject),
    ("setup.cfg", _setup_cfg),
    ("setup.py", _setup_py),
    ("Pipfile", _pipfile),
    ("environment.y*ml", _environment_yml),
    ("requirements*.txt", _requirements_txt),
    ("requirements/*.txt", _requirements_txt),
    ("constraints*.txt", _requirements_txt),
)
"""Which files are asked, in order, and how they are read."""
