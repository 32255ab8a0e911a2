"""The user's own pylint settings: found and read as pylint does, with nothing executed."""

from __future__ import annotations

import configparser
import contextlib
import difflib
import io
import os
import re
import string
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PureWindowsPath
from typing import Any

from pylint.config import find_default_config_files
from pylint.config.find_default_config_files import CONFIG_NAMES, RC_NAMES, _find_pyproject

from keraslint import bounded, target
from keraslint.files import Ignored
from keraslint.printable import printable, shortened
from keraslint.problem import Problem
from keraslint.settings import TAUGHT, Options

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PREFIX = "keras-"
"""All of keraslint's own options begin so."""

IGNORED_BY_PYLINT = {"ignore": "CVS", "ignore-patterns": r"^\.#"}
"""What pylint leaves out unless the user says otherwise."""


TEACHING = "keras-teach-pylint"


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
    for path in _looked_into():
        _text(path)
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):  # pylint tells of a broken TOML file, and goes on without it
            found = next(find_default_config_files(), None)
    except (RecursionError, TypeError) as error:  # nested too deep, or `tool` is no table
        raise ConfigurationError("cannot read the configuration: pyproject.toml is malformed") from error
    if said.getvalue():
        first = said.getvalue().splitlines()[0]
        raise ConfigurationError(_without_names(first).replace("Failed to load", "cannot read"))
    return found


def read(path: Path) -> dict[str, str]:
    """The options in a pylintrc, ``setup.cfg``, ``tox.ini`` or TOML file, as text, in order.

    Raises:
        ConfigurationError: the file is missing or malformed.
    """
    try:
        text = _text(path)
        return _from_toml(text) if path.suffix == ".toml" else _from_ini(text, path.name)
    except (configparser.Error, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"cannot read the pylint configuration {path}: {_reason(error)}") from error
    except (AttributeError, RecursionError) as error:
        raise ConfigurationError(f"cannot read the pylint configuration {path}: it is malformed") from error


def _looked_into() -> Iterator[Path]:
    """The files that pylint reads to find its configuration, in order; ``pyproject.toml`` may lie further up."""
    for name in filter(Path.is_file, CONFIG_NAMES):
        yield name
        if name in RC_NAMES and name.suffix != ".toml":
            return  # this is it, whatever it holds
    found = _find_pyproject()
    if found.is_file():
        yield found


def _text(path: Path) -> str:
    """What a file of configuration holds.

    Raises:
        ConfigurationError: it cannot be read, is not in UTF-8, or would take absurdly long to understand.
    """
    if str(path) == os.devnull:  # a way to say: no configuration
        return ""
    try:
        text = bounded.read_bytes(path).decode("utf-8-sig")
    except OSError as error:
        raise ConfigurationError(f"cannot read the pylint configuration {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"cannot read the pylint configuration {path}: {error}; save it as UTF-8") from error
    if path.suffix == ".toml" and bounded.has_absurd_key(text):
        raise ConfigurationError(f"cannot read the pylint configuration {path}: a key has more than a hundred parts")
    return text


def _reason(error: Exception) -> str:
    """What is wrong with the file, without its text: it may be a link to one that is nobody's business."""
    if isinstance(error, configparser.MissingSectionHeaderError):
        return f"line {error.lineno} stands in no section"
    if isinstance(error, configparser.ParsingError):
        return f"neither an option nor a section on line {error.errors[0][0]}" if error.errors else "it is malformed"
    if isinstance(error, (configparser.DuplicateOptionError, configparser.DuplicateSectionError)):
        return f"what line {error.lineno} names is there already"
    return _without_names(" ".join(str(error).split()))


def _without_names(reason: str) -> str:
    """The complaint of ``tomllib`` without the names of tables and keys, which it shows as tuples."""
    return re.sub(r" \(['\"].*\)( twice)?(?= \(at |$)", r"\1", reason)


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
        elif name == TEACHING:
            _check_choice(text)
        elif name.startswith(PREFIX):
            near = difflib.get_close_matches(name, [*settings, TEACHING], n=1, cutoff=0) or list(settings)
            raise ConfigurationError(f"there is no option {name}, as the configuration has it; did you mean {near[0]}?")
    return Options(**values)


def _check_choice(text: str) -> None:
    if text not in TAUGHT:
        every = ", ".join(map(repr, TAUGHT))
        raise ConfigurationError(f"{TEACHING} = {shortened(text)!r}: it is one of {every}")


def _value(name: str, text: str, default: object) -> object:
    try:
        value: object = type(default)(text)  # type: ignore[call-arg]
        if name == "keras-version":
            target.check_version(text)
    except ValueError as error:
        raise ConfigurationError(f"{name} = {shortened(text)!r}: {shortened(str(error))}") from error
    return value


def template(text: str) -> str:
    """A ``msg-template`` that prints fields of a message, and nothing else.

    As pylint formats it, ``{confidence._replace.__globals__…}`` would reach into keraslint's process and print the
    environment, with its secrets.

    Raises:
        ConfigurationError: it does more than this, or does not fit the fields.
    """
    try:
        for _, name, form, _ in string.Formatter().parse(text):
            if name is not None and not (name.isidentifier() and _FORM.fullmatch(form or "")):
                raise ConfigurationError(f"msg-template: {{{name}}} is not the plain name of a field of a message")
        for line in (1, None):  # a message may have no end
            text.format_map({**dict.fromkeys(_TEXTS, ""), "line": 1, "column": 0, "end_line": line, "end_column": line})
    except KeyError as error:
        raise ConfigurationError(f"msg-template: a message has no field {error}") from error
    except (ValueError, TypeError) as error:
        raise ConfigurationError(f"msg-template: {error}") from error
    return re.sub(r"[^\n\t]+", lambda part: printable(part[0]), text)


_FORM = re.compile(r"[<>^]?0?\d{0,3}[ds]?")
_TEXTS = ("msg_id", "symbol", "msg", "C", "category", "confidence", "abspath", "path", "module", "obj")


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
