"""The user's own pylint settings: found and read as pylint does, with nothing executed."""

from __future__ import annotations

import configparser
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pylint.config import find_default_config_files

from keraslint.rules import Options

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


class ConfigurationError(Exception):
    """The configuration file cannot be read; the message says which, where and why."""


def find() -> Path | None:
    """The configuration file that pylint itself would use here."""
    return next(find_default_config_files(), None)


def read(path: Path) -> dict[str, str]:
    """The options in a pylintrc, ``setup.cfg``, ``tox.ini`` or TOML file, as text, in order.

    Raises:
        ConfigurationError: the file is missing or malformed.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        return _from_toml(text) if path.suffix == ".toml" else _from_ini(text, path.name)
    except (OSError, UnicodeDecodeError, configparser.Error, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ConfigurationError(f"cannot read the pylint configuration {path}: {reason}") from error


def rule_options(options: Mapping[str, str]) -> Options:
    """The settings of the rules among ``options``.

    Raises:
        ConfigurationError: a value is not of the type that the setting has.
    """
    values: dict[str, Any] = {}
    for setting, default in Options()._asdict().items():
        name = f"keras-{setting.replace('_', '-')}"
        if name in options:
            try:
                values[setting] = type(default)(options[name])
            except ValueError as error:
                raise ConfigurationError(f"{name} = {options[name]!r} in the configuration: {error}") from error
    return Options(**values)


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
        options.update((option, _as_text(entry)) for option, entry in section.items())
    return options


def _as_text(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
