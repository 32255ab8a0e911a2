"""The program's own files beside the one that is read: which of them a dotted name means, by what lies on disk."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from keraslint import keras_api
from keraslint.reader.machine.values import External, Scope

MOST_BYTES = 1_000_000
"""So much text of other files is read for one file."""
MOST_FUEL = 45_000
"""So much fuel is added for the other files that are read."""
FARTHEST = 5
"""Absolute imports are looked for in so many folders above the file, those of its package not counted."""
PROJECT_MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")
INSTALLED = ("site-packages", "dist-packages")


@dataclass(eq=False, repr=False)
class Project:
    """The files that have been looked into while one file is read."""

    path: Path | None
    """The file that is read; None when it has no place on disk, and then nothing stands beside it."""
    modules: dict[Path, Scope | None] = field(default_factory=dict)
    """What was read so far, None where it could not be."""
    bytes_left: int = MOST_BYTES
    fuel_left: int = MOST_FUEL
    _places: dict[tuple[str, str], tuple[Path, tuple[str, ...]] | None] = field(default_factory=dict)
    _roots: dict[Path, tuple[Path, ...]] = field(default_factory=dict)
    _has: dict[tuple[Path, str], bool] = field(default_factory=dict)
    """Whether a folder has a package or module: most names are of packages that lie nowhere near."""

    def find(self, name: External) -> tuple[Path, tuple[str, ...]] | None:
        """The file of the project that defines a dotted name, and the name's path inside it."""
        key = (name.path, name.origin)
        if key not in self._places:
            self._places[key] = self._search(name)
        return self._places[key]

    def _search(self, name: External) -> tuple[Path, tuple[str, ...]] | None:
        origin = Path(name.origin) if name.origin else self.path
        if origin is None:
            return None
        dots = len(name.path) - len(name.path.lstrip("."))
        parts = name.path[dots:].split(".")
        if dots:
            above = origin.parents[dots - 1] if dots <= len(origin.parents) else None
            return _locate(above, parts, inside=True) if above is not None else None
        if not _may_be_own(name.path):
            return None
        return next(iter(self._places_of(origin, parts)), None)

    def others(self, name: External) -> list[tuple[Path, tuple[str, ...]]]:
        """More files that may define an absolute name, where the likeliest does not."""
        origin = Path(name.origin) if name.origin else self.path
        if origin is None or name.path.startswith("."):
            return []
        return self._places_of(origin, name.path.split("."))[1:]

    def _places_of(self, origin: Path, parts: Sequence[str]) -> list[tuple[Path, tuple[str, ...]]]:
        among = [
            found
            for root in self._roots_around(origin.parent)
            if root.name not in INSTALLED or origin.is_relative_to(root / parts[0])
            if self._begins(root, parts[0]) and (found := _locate(root, parts)) is not None
        ]
        # A folder of tests often has the package's own name, and then none of its modules.
        return sorted(dict.fromkeys(among), key=lambda found: len(found[1]))

    def _begins(self, root: Path, name: str) -> bool:
        if (root, name) not in self._has:
            self._has[root, name] = name.isidentifier() and ((root / name).is_dir() or (root / f"{name}.py").is_file())
        return self._has[root, name]

    def _roots_around(self, folder: Path) -> tuple[Path, ...]:
        if folder not in self._roots:
            self._roots[folder] = tuple(roots_of(folder))
        return self._roots[folder]


def _may_be_own(path: str) -> bool:
    """Whether a dotted name may belong to the program: Keras is itself, but for the models that it ships as source."""
    below = keras_api.below_root(path)
    if below is not None:
        return below.startswith("applications.")
    return not path.startswith(("tensorflow.", "numpy."))


def roots_of(folder: Path) -> Iterator[Path]:
    """The folders in which a file's absolute imports are looked for, the nearest first: those around a package
    lie above all of its folders."""
    distance = 0
    for root in (folder, *folder.parents):
        yield root
        is_top = root.name in INSTALLED or any((root / marker).exists() for marker in PROJECT_MARKERS)
        if is_top or distance >= FARTHEST:
            return
        distance += not (root / "__init__.py").is_file()


def _locate(folder: Path, parts: Sequence[str], *, inside: bool = False) -> tuple[Path, tuple[str, ...]] | None:
    """Follow a dotted name through folders to a file; a name that is a module itself has nothing to read yet.

    ``inside`` says that the name begins in the package that the folder is, as ``from . import build_model`` does.
    """
    for index, part in enumerate(parts, start=int(inside)):
        if not part.isidentifier():
            return None
        behind = tuple(parts[index + 1 - inside :])
        if (folder / part).is_dir() and (behind or (folder / part / "__init__.py").is_file()):
            folder = folder / part
            continue
        if (module := folder / f"{part}.py").is_file():
            return (module, behind) if behind else _taken_by_package(folder, part) if index else None
        package = folder / "__init__.py"
        return (package, (part, *behind)) if index and package.is_file() else None
    return None


def _taken_by_package(folder: Path, name: str) -> tuple[Path, tuple[str, ...]] | None:
    """A package that imports a name from its module of the same name has that, and no longer the module."""
    package = folder / "__init__.py"
    try:
        readable = package.is_file() and package.stat().st_size <= MOST_BYTES
        text = package.read_text(encoding="utf-8", errors="replace") if readable else ""
    except OSError:
        return None
    return (package, (name,)) if re.search(rf"^from\s+[\w.]*\.{name}\s+import\s[^#\n]*\b{name}\b", text, re.M) else None
