"""A check for the command line and pre-commit: which files and messages, before pylint is loaded for them."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from keraslint import files
from keraslint.plugin import configuration
from keraslint.plugin.messages import NOTES, UNREADABLE, UsageError, declared

HONORED = ("ignore", "ignore-patterns", "ignore-paths", "source-roots", "jobs", "confidence", "msg-template")
"""Options of pylint's own that the user's configuration decides here, too; those of keraslint come on top."""

FOR_TERMINALS = ("text", "colorized")
"""The output formats that ``msg-template`` is about; the others are read by machines."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to check, and the choices of the user: in the configuration, and those on the command line."""

    selection: files.Selection
    configured: Mapping[str, str] = field(default_factory=dict)
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    enable: Sequence[str] = ()
    disable: Sequence[str] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    """Options for pylint by name without dashes: ``output-format``, ``jobs``, ``keras-version`` …"""

    stdin: str | None = None
    """The text of the one file that is named, which need not exist."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How often a run gave each message, by its id and symbol."""

    counts: Mapping[tuple[str, str], int]

    @property
    def unreadable(self) -> int:
        """How many files could not be checked."""
        return sum(count for (_, symbol), count in self.counts.items() if symbol in UNREADABLE)

    @property
    def findings(self) -> int:
        notes = sum(count for (_, symbol), count in self.counts.items() if symbol in NOTES)
        return sum(self.counts.values()) - self.unreadable - notes


def run(request: Request) -> Outcome:
    """Check files and print the messages.

    The user's other plugins, their options and ``init-hook`` are not loaded: they may be missing where
    keraslint is installed alone.

    Raises:
        UsageError: an option is wrong, or nothing is left to check.
        ConfigurationError: an option in the configuration is wrong.
    """
    configuration.rule_options({**request.configured, **request.options})
    symbols = _asked_for(request)
    if not symbols:
        raise UsageError("nothing to check: the options or the configuration leave no keraslint message on")
    paths, stdin = _suspects(request), request.stdin
    if not paths:
        if request.options.get("output-format", "text") in FOR_TERMINALS:
            return Outcome({})
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
            f"--enable={','.join(sorted(symbols | UNREADABLE))}",
            *(f"--{name}={value}" for name, value in options.items()),
            *(["--from-stdin"] if stdin is not None else []),
        ],
        paths,
        stdin,
    )
    return Outcome(counts)


def _asked_for(request: Request) -> frozenset[str]:
    """The symbols to check: ``select`` or else the configuration, without ``ignore``, then ``disable`` and ``enable``.

    As in ruff, the more exact name wins where ``select`` and ``ignore`` meet: ``--select=E7800 --ignore=E`` checks
    E7800. What the configuration disables counts as ignored, but not against a ``select`` that is as exact.
    """
    selected, ignored = _exactness(request.select), _exactness(request.ignore)
    symbols = left_on(request.configured)
    if request.select:
        disabled = _exactness(_disabled(request.configured))
        symbols = frozenset(symbol for symbol, exact in selected.items() if exact >= disabled.get(symbol, 0))
    left = (each for each in symbols if each not in ignored or selected.get(each, -1) > ignored[each])
    return chosen(frozenset(left), request.disable, request.enable)


def _exactness(names: Iterable[str]) -> dict[str, int]:
    """Of each symbol that these names mean, how exactly: the fewer others a name means, the more exact it is."""
    ours = _names()
    exact: dict[str, int] = {}
    for name in names:
        symbols = _meaning(name, ours)
        for symbol in symbols:
            exact[symbol] = max(exact.get(symbol, 0), len(ours["all"]) - len(symbols))
    return exact


def _disabled(configured: Mapping[str, str]) -> list[str]:
    """What the configuration disables of ours; ``disable=all`` is meant for pylint's own messages."""
    return [name for name in _ours(configured, "disable") if name != "all"]


def _ours(configured: Mapping[str, str], option: str) -> list[str]:
    return [name for name in configuration.split(configured.get(option, "")) if name in _names()]


def left_on(configured: Mapping[str, str]) -> frozenset[str]:
    """The symbols that the user's configuration leaves on.

    Names of other checkers do not concern us.
    """
    return chosen(_names()["default"], _disabled(configured), _ours(configured, "enable"))


def chosen(symbols: frozenset[str], disabled: Iterable[str], enabled: Iterable[str]) -> frozenset[str]:
    """``symbols`` without those disabled, with those enabled: by symbol, id or its beginning, old name, or ``all``.

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
    beginning = name.upper()
    if _BEGINNING.fullmatch(beginning) and any(known.startswith(beginning) for known in ours):
        return frozenset().union(*(symbols for known, symbols in ours.items() if known.startswith(beginning)))
    near = difflib.get_close_matches(name, ours, n=3)
    hint = f"did you mean {', '.join(near)}?" if near else "`keraslint explain list` shows all"
    raise UsageError(f"no message is called {name!r}; {hint}")


_BEGINNING = re.compile(r"[EIRW]\d{1,3}")


@cache
def _names() -> dict[str, frozenset[str]]:
    """What each name that may stand in ``--disable`` means, as symbols; the rules themselves stay unloaded."""
    every = declared()
    names = {
        name: frozenset({rule["symbol"]})
        for rule in every
        for name in (rule["symbol"], rule["msgid"], *(old for pair in rule["old_names"] for old in pair))
    }
    names |= {name: frozenset({symbol}) for symbol, msgid in NOTES.items() for name in (symbol, msgid)}
    for category in "EWR":
        names[category] = frozenset(rule["symbol"] for rule in every if rule["msgid"].startswith(category))
    names["I"] = frozenset(NOTES)
    names["all"] = names["I"].union(rule["symbol"] for rule in every)
    names["default"] = names["I"].union(rule["symbol"] for rule in every if rule["on_by_default"])
    return names
