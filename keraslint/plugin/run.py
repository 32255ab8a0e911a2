"""A check for the command line and pre-commit: which files and messages, before pylint is loaded for them."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from keraslint import files
from keraslint.plugin import configuration
from keraslint.plugin.messages import UsageError, declared

HONORED = ("ignore", "ignore-patterns", "ignore-paths", "source-roots", "jobs", "confidence", "msg-template")
"""Options of pylint's own that the user's configuration decides here, too; those of keraslint come on top."""

FOR_TERMINALS = ("text", "colorized")
"""The output formats that ``msg-template`` is about; the others are read by machines."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to check, and the choices of the user: in the configuration, and those on the command line."""

    selection: files.Selection
    configured: Mapping[str, str] = field(default_factory=dict)
    enable: Sequence[str] = ()
    disable: Sequence[str] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    """Options for pylint by name without dashes: ``output-format``, ``jobs``, ``keras-version`` …"""

    stdin: str | None = None
    """The text of the one file that is named, which need not exist."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many messages of each kind a run gave."""

    findings: int
    unreadable: int


def run(request: Request) -> Outcome:
    """Check files and print the messages.

    The user's other plugins, their options and ``init-hook`` are not loaded: they may be missing where
    keraslint is installed alone.

    Raises:
        UsageError: an option is wrong, or nothing is left to check.
        ConfigurationError: an option in the configuration is wrong.
    """
    configuration.rule_options({**request.configured, **request.options})
    symbols = chosen(_configured(request.configured), request.disable, request.enable)
    if not symbols:
        raise UsageError("nothing to check: --disable or the configuration leaves no keraslint message on")
    paths, stdin = _suspects(request), request.stdin
    if not paths:
        if request.options.get("output-format", "text") in FOR_TERMINALS:
            return Outcome(0, 0)
        paths, stdin = ["nothing.py"], ""  # such a format has a way to say that there is nothing
    return _lint(_options(request), symbols, paths, stdin)


def _suspects(request: Request) -> list[str]:
    """The files that pylint must see: it takes its time for a file, and for most there is a quicker way to be sure."""
    if request.stdin is not None:
        (name,) = request.selection.named
        return [] if files.is_plain_python(request.stdin.encode("utf-8", "surrogatepass"), name) else [name]
    found = filter(files.has_keras, request.selection.found)
    return [*(file for file in request.selection.named if not _is_plain(file)), *found]


def _is_plain(path: str) -> bool:
    try:
        return files.is_plain_python(files.content(path), path)
    except OSError:
        return False


def _options(request: Request) -> dict[str, str]:
    honored = {
        name: value
        for name, value in request.configured.items()
        if name in HONORED or name.startswith(configuration.PREFIX)
    }
    if request.options.get("output-format", "text") not in FOR_TERMINALS:
        honored.pop("msg-template", None)
    if "msg-template" in honored:
        honored["msg-template"] = configuration.template(honored["msg-template"])
    return {**honored, **request.options}


def _lint(options: Mapping[str, str], symbols: frozenset[str], paths: Sequence[str], stdin: str | None) -> Outcome:
    from keraslint.plugin import linting

    counts = linting.lint(
        [
            f"--rcfile={os.devnull}",
            "--load-plugins=keraslint",
            "--reports=n",
            "--score=n",
            "--persistent=n",
            "--disable=all",
            f"--enable={','.join(sorted(symbols | linting.UNREADABLE))}",
            *(f"--{name}={value}" for name, value in options.items()),
            *(["--from-stdin"] if stdin is not None else []),
        ],
        paths,
        stdin,
    )
    unreadable = sum(count for symbol, count in counts.items() if symbol in linting.UNREADABLE)
    return Outcome(findings=sum(counts.values()) - unreadable, unreadable=unreadable)


def _configured(configured: Mapping[str, str]) -> frozenset[str]:
    """The symbols that the user's configuration leaves on.

    Names of other checkers do not concern us, and ``disable=all`` is meant for pylint's own messages.
    """
    ours = _names()
    disabled, enabled = (
        [name for name in configuration.split(configured.get(option, "")) if name in ours]
        for option in ("disable", "enable")
    )
    return chosen(ours["default"], [name for name in disabled if name != "all"], enabled)


def chosen(symbols: frozenset[str], disabled: Iterable[str], enabled: Iterable[str]) -> frozenset[str]:
    """``symbols`` without those disabled, with those enabled: by symbol, id, old name, category or ``all``.

    Raises:
        UsageError: a name that is none of these.
    """
    ours = _names()
    without = symbols.difference(*(_meaning(name, ours) for name in disabled))
    return without.union(*(_meaning(name, ours) for name in enabled))


def _meaning(name: str, ours: Mapping[str, frozenset[str]]) -> frozenset[str]:
    for spelling in (name, name.upper(), name.lower()):
        if spelling in ours:
            return ours[spelling]
    near = difflib.get_close_matches(name, ours, n=3)
    hint = f"did you mean {', '.join(near)}?" if near else "`keraslint explain list` shows all"
    raise UsageError(f"no message is called {name!r}; {hint}")


@cache
def _names() -> dict[str, frozenset[str]]:
    """What each name that may stand in ``--disable`` means, as symbols; the rules themselves stay unloaded."""
    every = declared()
    names = {
        name: frozenset({rule["symbol"]})
        for rule in every
        for name in (rule["symbol"], rule["msgid"], *(old for pair in rule["old_names"] for old in pair))
    }
    for category in "EWR":
        names[category] = frozenset(rule["symbol"] for rule in every if rule["msgid"].startswith(category))
    names["all"] = frozenset(rule["symbol"] for rule in every)
    names["default"] = frozenset(rule["symbol"] for rule in every if rule["on_by_default"])
    return names
