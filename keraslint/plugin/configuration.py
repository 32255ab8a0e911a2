"""The user's own pylint settings: found and read as pylint does, with nothing executed."""

from __future__ import annotations

import configparser
import contextlib
import difflib
import io
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath
from typing import Any

from pylint.config import find_default_config_files

from keraslint import target
from keraslint.files import Ignored
from keraslint.problem import Problem
from keraslint.settings import Options

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PREFIX = "keras-"
"""All of keraslint's own options begin so."""

IGNORED_BY_PYLINT = {"ignore": "CVS", "ignore-patterns": r"^\.#"}
"""What pylint leaves out unless the user says otherwise."""


class ConfigurationError(Problem):
    """The configuration cannot be read or holds what it must not; the message says which, where and why."""


def of_project(rcfile: Path | None = None) -> dict[str, str]:
    """The options in this file, or else in the one that pylint itself would use here.

    Raises:
        ConfigurationError: it cannot be read.
    """
    path = rcfile or find()
    return read(path) if path else {}


def find() -> Path | None:
    """The configuration file that pylint itself would use here.

    Raises:
        ConfigurationError: a file that may hold the configuration is malformed.
    """
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):  # pylint tells of a broken TOML file, and goes on without it
            found = next(find_default_config_files(), None)
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"cannot read the configuration: {error}; is pyproject.toml in UTF-8?") from error
    if said.getvalue():
        raise ConfigurationError(said.getvalue().splitlines()[0].replace("Failed to load", "cannot read"))
    return found


def read(path: Path) -> dict[str, str]:
    """The options in a pylintrc, ``setup.cfg``, ``tox.ini`` or TOML file, as text, in order.

    Raises:
        ConfigurationError: the file is missing or malformed.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        return _from_toml(text) if path.suffix == ".toml" else _from_ini(text, path.name)
    except (OSError, UnicodeDecodeError, configparser.Error, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else " ".join(str(error).split())
        raise ConfigurationError(f"cannot read the pylint configuration {path}: {reason}") from error


def rule_options(options: Mapping[str, str]) -> Options:
    """The settings of the rules among ``options``.

    Raises:
        ConfigurationError: there is no such setting, or a value is not of the type that the setting has.
    """
    settings = {f"{PREFIX}{name.replace('_', '-')}": name for name in Options._fields}
    values: dict[str, Any] = {}
    for name, text in options.items():
        if name in settings:
            values[settings[name]] = _value(name, text, Options._field_defaults[settings[name]])
        elif name.startswith(PREFIX):
            near = difflib.get_close_matches(name, settings, n=1, cutoff=0) or list(settings)
            raise ConfigurationError(f"there is no option {name}, as the configuration has it; did you mean {near[0]}?")
    return Options(**values)


def _value(name: str, text: str, default: object) -> object:
    try:
        value: object = type(default)(text)  # type: ignore[call-arg]
        if name == "keras-version":
            target.check_version(text)
    except ValueError as error:
        raise ConfigurationError(f"{name} = {text!r}: {error}") from error
    return value


def ignored(options: Mapping[str, str]) -> Ignored:
    """What ``ignore``, ``ignore-patterns`` and ``ignore-paths`` leave out, as pylint understands them.

    Raises:
        ConfigurationError: a pattern is no regular expression.
    """
    options = {**IGNORED_BY_PYLINT, **options}
    names = frozenset(split(options["ignore"]))
    patterns = [_regex("ignore-patterns", entry) for entry in split(options["ignore-patterns"])]
    paths = [
        _regex("ignore-paths", form)
        for entry in split(options.get("ignore-paths", ""))
        for form in (PureWindowsPath(entry).as_posix(), str(PureWindowsPath(entry)).replace("\\", r"\\"))
    ]

    def is_ignored(path: str) -> bool:
        name = os.path.basename(path)
        return name in names or any(p.match(name) for p in patterns) or any(p.match(path) for p in paths)

    return is_ignored


def _regex(option: str, text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise ConfigurationError(f"{option} = {text!r} in the configuration: {error}") from error


def split(value: str) -> list[str]:
    """The entries of a comma or line separated option."""
    return [entry.strip() for entry in re.split(r"[,\n]", value) if entry.strip()]


def _from_ini(text: str, name: str) -> dict[str, str]:
    parser = configparser.ConfigParser(inline_comment_prefixes=("#", ";"), interpolation=None)
    parser.read_string(text)
    shared = name in ("setup.cfg", "tox.ini")
    return {
        option: value
        for section in parser.sections()
        if not shared or section.startswith("pylint")
        for option, value in parser[section].items()
    }


def _from_toml(text: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for name, value in tomllib.loads(text).get("tool", {}).get("pylint", {}).items():
        section = value if isinstance(value, dict) else {name: value}
        if isinstance(section.get("keras-version"), float):
            raise ConfigurationError("keras-version must stand in quotes: TOML takes 2.10 for the number 2.1")
        options.update((option, _as_text(entry)) for option, entry in section.items())
    return options


def _as_text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
