"""Which Keras a program is meant for: what the user says, else what the pins of the project around the file allow."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from keraslint import keras_api
from keraslint.settings import Options

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

    from keraslint.requirements import Requirement

KERAS = frozenset({"keras", "keras-gpu"})
TENSORFLOW = frozenset(
    {
        "intel-tensorflow",
        "tensorflow",
        *(
            f"tensorflow-{kind}"
            for kind in ("aarch64", "base", "cpu", "cpu-aws", "gpu", "intel", "macos", "mkl", "rocm")
        ),
    }
)

KERAS_2_ONLY = frozenset({"tensorflow-addons", "tf-keras"})
"""Packages of which a project that needs them goes on with Keras 2: the one goes with no other, the other is it."""
LAST_KERAS_2 = "2.15"

# `tf.keras.__version__` of TensorFlow before it took Keras from a package of its own: since 2.6 it requires the
# Keras of its own number, and since 2.16 any Keras 3.
KERAS_OF_TENSORFLOW = {
    **{f"1.{minor}": "2.0" for minor in range(3, 5)},
    **{f"1.{minor}": "2.1" for minor in range(5, 13)},
    **{f"1.{minor}": "2.2" for minor in range(13, 16)},
    "2.0": "2.2",
    "2.1": "2.2",
    "2.2": "2.3",
    **{f"2.{minor}": "2.4" for minor in range(3, 5)},
    **{f"2.{minor}": f"2.{minor}" for minor in range(5, 16)},
    **{f"2.{minor}": keras_api.NEWEST for minor in range(16, 40)},
}
KERAS_SERIES = (
    *(f"1.{minor}" for minor in range(3)),
    *(f"2.{minor}" for minor in range(16)),
    *(f"3.{minor}" for minor in range(int(keras_api.NEWEST.partition(".")[2]) + 1)),
)
PATCHES = 10
"""So many releases of one minor version are tried: the longest series, TensorFlow 2.6, has six."""

ROOT_MARKS = (".git", ".hg")


@dataclass(frozen=True, slots=True)
class Target:
    """A version of Keras, and what says so: ``requirements.txt:3: tensorflow==2.10``."""

    version: str
    reason: str


def check_version(text: str) -> None:
    """Stop when this is no version of Keras that can be aimed at; empty leaves the choice to keraslint.

    Raises:
        ValueError: it is no version, or none that keraslint knows.
    """
    oldest, newest = keras_api.VERSIONS[0], keras_api.NEWEST
    if not text:
        return
    if not re.fullmatch(r"\d{1,9}(\.\d{1,9})*", text):
        raise ValueError(f"not a version of Keras, such as {newest}")
    if not keras_api.neighbors(text) or _minor(text) > _minor(newest):
        raise ValueError(f"keraslint knows Keras {oldest} to {newest}")


def of_file(path: str) -> Target | None:
    """What the project around a file pins; None when it pins nothing."""
    return _of_directory(os.path.dirname(os.path.abspath(path)))


def options_for(path: str, options: Options) -> Options:
    """The settings of the rules for a file, with the version that it is meant for."""
    pinned = None if options.version else of_file(path)
    return options._replace(version=pinned.version) if pinned else options


def forget() -> None:
    """Look again at the next file: an editor keeps pylint running while the requirements change."""
    _of_directory.cache_clear()


@cache
def _of_directory(directory: str) -> Target | None:
    """What is pinned here, else further up: as far as the root of the repository, and never above the home."""
    from keraslint import requirements

    for stated in requirements.of_directory(Path(directory)):
        found = _pinned(stated)
        if found:
            return found
    parent = os.path.dirname(directory)
    is_root = any(os.path.exists(os.path.join(directory, mark)) for mark in ROOT_MARKS)
    if is_root or parent == directory or directory == os.path.expanduser("~"):
        return None
    return _of_directory(parent)


def _pinned(requirements: Iterable[Requirement]) -> Target | None:
    """What files of one kind pin: of several pins of a package the newest, then of the packages the older."""
    targets: dict[tuple[bool, bool], list[Target]] = {}
    every = tuple(requirements)
    needs_keras_3 = any(map(_needs_keras_3, every))
    for requirement in every:
        found = _target(requirement)
        if requirement.name in KERAS_2_ONLY and not needs_keras_3:
            found = Target(LAST_KERAS_2, _reason(requirement))
        if found:
            kind = (requirement.name in KERAS, requirement.name in KERAS_2_ONLY)
            targets.setdefault(kind, []).append(found)
    newest = [max(found, key=lambda target: _minor(target.version)) for found in targets.values()]
    return min(newest, key=lambda target: _minor(target.version), default=None)


def _target(requirement: Requirement) -> Target | None:
    """The newest Keras that a requirement allows; None for one that does not keep out the newest of all."""
    from packaging.specifiers import SpecifierSet

    if requirement.name not in KERAS | TENSORFLOW:
        return None
    try:
        specifiers = SpecifierSet(requirement.specifiers)
        newest = next((keras for keras, allowed in _releases(requirement.name, specifiers) if allowed), None)
    except ValueError:  # no specifiers, or no version in them
        return None
    if newest is None or (newest == keras_api.NEWEST and not _is_exact(specifiers)):
        return None
    return Target(newest, _reason(requirement))


def _reason(requirement: Requirement) -> str:
    return f"{requirement.file}:{requirement.line}: {requirement.text}"


def _needs_keras_3(requirement: Requirement) -> bool:
    """Whether it keeps out every Keras 2."""
    from packaging.specifiers import SpecifierSet

    try:
        releases = _releases(requirement.name, SpecifierSet(requirement.specifiers))
        return requirement.name in KERAS and not any(allowed for keras, allowed in releases if keras < "3")
    except ValueError:
        return False


def _releases(name: str, specifiers: SpecifierSet) -> Iterator[tuple[str, bool]]:
    """The Keras of each minor release, newest first, and whether the specifiers allow a release of its series."""
    named = {specifier.version.removesuffix(".*") for specifier in specifiers}
    keras_of = {minor: minor for minor in KERAS_SERIES} if name in KERAS else dict(KERAS_OF_TENSORFLOW)
    for version in named:  # one that came out later than this list
        keras_of.setdefault(_text(version), keras_api.NEWEST)
    for minor in sorted(keras_of, key=_minor, reverse=True):
        patches = {f"{minor}.{patch}" for patch in range(PATCHES)} | {v for v in named if _text(v) == minor}
        yield keras_of[minor], any(specifiers.contains(patch, prereleases=True) for patch in patches)


def _is_exact(specifiers: SpecifierSet) -> bool:
    """Whether it asks for one series, so that the newest of all is what it means, not what it does not care about."""
    return any(
        specifier.operator in ("==", "===") or (specifier.operator == "~=" and specifier.version.count(".") > 1)
        for specifier in specifiers
    )


def _text(version: str) -> str:
    return ".".join(map(str, _minor(version)))


def _minor(version: str) -> tuple[int, int]:
    """Major and minor number."""
    numbers = [int(number) for number in re.findall(r"\d+", version)[:2]]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else (numbers[0] if numbers else 0, 0)
