"""A pylint run with nothing but keraslint's messages, for the command line and pre-commit."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pylint.lint import Run

from keraslint import rules
from keraslint.plugin import configuration
from keraslint.plugin.checker import INTERNAL_ERROR, UNREAD_NOTEBOOK, KerasChecker
from keraslint.plugin.own_imports import own_imports

UNREADABLE = frozenset({"fatal", "astroid-error", "parse-error", "syntax-error", UNREAD_NOTEBOOK, INTERNAL_ERROR})
"""Messages that mean: this file was not checked. They cannot be disabled."""

HONORED = ("ignore", "ignore-patterns", "ignore-paths", "source-roots", "jobs", "confidence", "msg-template")
"""Options of pylint's own that the user's configuration decides here, too; those of keraslint come on top."""


class UsageError(Exception):
    """The run could not start; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to check, and the choices made on the command line."""

    paths: Sequence[str]
    rcfile: Path | None = None
    enable: Sequence[str] = ()
    disable: Sequence[str] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    """Options for pylint by name without dashes: ``output-format``, ``jobs``, ``keras-version`` …"""


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
        ConfigurationError: the user's configuration cannot be read.
    """
    rcfile = request.rcfile or configuration.find()
    configured = configuration.read(rcfile) if rcfile else {}
    options = {name: value for name, value in configured.items() if name in HONORED or name in _own_options()}
    symbols = _configured(configured)
    symbols = chosen(symbols, request.disable, request.enable)
    if not symbols:
        raise UsageError(f"nothing to check: --disable or {rcfile} leaves no keraslint message on")
    arguments = [f"--{name}={value}" for name, value in {**options, **request.options}.items()]
    return _outcome(
        [
            f"--rcfile={os.devnull}",
            "--load-plugins=keraslint",
            "--recursive=y",
            "--reports=n",
            "--score=n",
            "--persistent=n",
            "--disable=all",
            f"--enable={','.join(sorted(symbols | UNREADABLE))}",
            *arguments,
            "--",
            *request.paths,
        ]
    )


def _outcome(arguments: list[str]) -> Outcome:
    try:
        with own_imports():
            counts = Run(arguments, exit=False).linter.stats.by_msg
    except SystemExit as stop:
        raise UsageError("pylint refused these options") from stop
    unreadable = sum(count for symbol, count in counts.items() if symbol in UNREADABLE)
    return Outcome(findings=sum(counts.values()) - unreadable, unreadable=unreadable)


def _own_options() -> frozenset[str]:
    return frozenset(name for name, _ in KerasChecker.options)


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
    for name in (*disabled, *enabled):
        if name not in ours:
            near = difflib.get_close_matches(name, ours, n=3)
            hint = f"did you mean {', '.join(near)}?" if near else "`keraslint explain list` shows all"
            raise UsageError(f"no message is called {name!r}; {hint}")
    without = symbols.difference(*(ours[name] for name in disabled))
    return without.union(*(ours[name] for name in enabled))


@cache
def _names() -> dict[str, frozenset[str]]:
    """What each name that may stand in ``--disable`` means, as symbols."""
    every = rules.all_rules()
    names = {
        name: frozenset({rule.symbol})
        for rule in every
        for name in (rule.symbol, rule.msgid, *(old for pair in rule.old_names for old in pair))
    }
    for category in "EWR":
        names[category] = frozenset(rule.symbol for rule in every if rule.category == category)
    names["all"] = frozenset(rule.symbol for rule in every)
    names["default"] = frozenset(rule.symbol for rule in every if rule.on_by_default)
    return names
