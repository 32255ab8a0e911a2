"""The messages of a run as SARIF 2.1.0, the format of code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import quote

import pylint
from pylint.reporters import BaseReporter

from keraslint import __version__, files
from keraslint.plugin.messages import CELL_NOT_READ, NOTES, UNKNOWN_VERSION, UNREADABLE
from keraslint.problem import Problem
from keraslint.reader import parsing

if TYPE_CHECKING:
    from pylint.message import Message, MessageDefinition
    from pylint.reporters.ureports.nodes import Section

    from keraslint.notebooks import Notebook

    Lines = Sequence[str]
    Json = dict[str, Any]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "keraslint/v1"
"""Code scanning adds one of its own under another name; the number changes with what goes into ours."""

ROOT = "%SRCROOT%"
LEVELS = {"F": "error", "E": "error", "W": "warning"}
NOTIFIED = UNREADABLE.union(NOTES) | {UNKNOWN_VERSION}
"""Messages about the run: they are no results, and nobody could mend them where they point."""


class SarifReporter(BaseReporter):
    """Writes one log when the run is over; every string in it is JSON of plain ASCII."""

    name = "sarif"
    extension = "sarif"

    def __init__(self, output: TextIO | None = None) -> None:
        super().__init__(output)
        self.speaks_for_keraslint = False
        """Whether the run is keraslint's own, and not one of pylint with keraslint among its plugins."""
        self.texts: dict[str, str] = {}
        """The texts that were not read from a file, by absolute path."""
        self.notebooks: dict[str, Notebook] = {}
        """The notebooks among the files, by path: messages about them speak of lines of the program in the cells."""

    def display_messages(self, layout: Section | None) -> None:
        """Write the log; called by pylint once everything is checked."""
        print(json.dumps(self._log(), indent=2), file=self.out)

    def display_reports(self, layout: Section) -> None:
        """Reports have no place in the log."""

    def _display(self, layout: Section) -> None:
        """Nor has anything else that pylint lays out."""

    def _log(self) -> Json:
        messages = sorted(self.messages, key=lambda each: (each.path, each.line, each.column, each.msg_id))
        found = [message for message in messages if message.symbol not in NOTIFIED]
        told = [message for message in messages if message.symbol in NOTIFIED]
        rules = self._descriptors(found)
        run: Json = {
            "tool": {"driver": {**self._driver(), "rules": rules, "notifications": self._descriptors(told)}},
            "invocations": [self._invocation(told)],
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {ROOT: {"description": {"text": "The directory that the check was started in."}}},
            "results": self._results(found, {rule["id"]: index for index, rule in enumerate(rules)}),
        }
        if not self.speaks_for_keraslint:
            run["tool"]["extensions"] = [{"name": "keraslint", "version": __version__}]
        return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}

    def _driver(self) -> Json:
        if self.speaks_for_keraslint:
            return {"name": "keraslint", "version": __version__}
        return {"name": "pylint", "version": pylint.__version__, "informationUri": "https://pylint.readthedocs.io"}

    def _descriptors(self, messages: Iterable[Message]) -> list[Json]:
        symbols = {message.msg_id: message.symbol for message in messages}
        definitions = self.linter.msgs_store.get_message_definitions
        return [_descriptor(definitions(symbol)[0]) for _, symbol in sorted(symbols.items())]

    def _invocation(self, told: Iterable[Message]) -> Json:
        """Whether everything was checked, and what was not."""
        about_run: list[Json] = []
        misconfigured: list[Json] = []
        for message in told:
            notification = {
                "descriptor": {"id": message.msg_id},
                "level": _level(message.msg_id),
                "message": {"text": self._said(message)},
                "locations": [self._location(message, {"startLine": max(message.line, 1)})],
            }
            (misconfigured if message.symbol == UNKNOWN_VERSION else about_run).append(notification)
        return {
            "executionSuccessful": not any(message.symbol in UNREADABLE for message in told),
            "toolExecutionNotifications": about_run,
            "toolConfigurationNotifications": misconfigured,
        }

    def _results(self, messages: Sequence[Message], rules: Mapping[str, int]) -> list[Json]:
        import hashlib  # only this format needs it, and it takes milliseconds

        results = []
        lines = {path: self._lines(path) for path in {message.abspath for message in messages}}
        alike: Counter[tuple[str, str]] = Counter()
        for message in messages:
            region = _region(message, lines[message.abspath])
            about = _identity(message, lines[message.abspath], region)
            alike[message.abspath, about] += 1
            identity = f"{about}\n{alike[message.abspath, about]}"
            fingerprint = hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest()
            results.append(
                {
                    "ruleId": message.msg_id,
                    "ruleIndex": rules[message.msg_id],
                    "level": _level(message.msg_id),
                    "message": {"text": self._said(message)},
                    "locations": [self._location(message, region)],
                    "partialFingerprints": {FINGERPRINT: fingerprint},
                }
            )
        return results

    def _said(self, message: Message) -> str:
        """What a message says; of a notebook with the place, since the lines of the file are none of its cells'."""
        notebook, text = self.notebooks.get(message.abspath), _text(message)
        if notebook is None:
            return text
        said = text if message.symbol == CELL_NOT_READ else notebook.said(text)
        return f"line {notebook.place(message.line)}: {said}"

    def _location(self, message: Message, region: Json) -> Json:
        """Where a message stands: a region of a file, or a cell of a notebook."""
        notebook = self.notebooks.get(message.abspath)
        if notebook is None:
            return {"physicalLocation": {"artifactLocation": _artifact(message), "region": region}}
        return {
            "physicalLocation": {"artifactLocation": _artifact(message)},
            "logicalLocations": [{"name": f"cell {notebook.place(message.line).cell}"}],
        }

    def _lines(self, path: str) -> Lines:
        """The lines of a file that was checked, or none where they are not known for sure."""
        notebook = self.notebooks.get(path)
        text = self.texts.get(os.path.abspath(path)) if notebook is None else notebook.text
        if text is None and not self.linter.config.from_stdin:
            try:
                text = parsing.decode(files.content(path), path)
            except (OSError, Problem):
                return ()
        return (text or "").split("\n")


def _descriptor(definition: MessageDefinition) -> Json:
    """What a message means, with the whole page where it is that of a rule."""
    descriptor: Json = {
        "id": definition.msgid,
        "name": definition.symbol,
        "shortDescription": {"text": definition.description},
        "fullDescription": {"text": definition.description},
        "help": {"text": definition.description},  # without one GitHub takes no rule
        "defaultConfiguration": {"level": _level(definition.msgid), "enabled": definition.default_enabled},
    }
    if definition.old_names:
        descriptor["deprecatedIds"] = [msgid for msgid, _ in definition.old_names]
    page = _page(definition.symbol)
    if page:
        summary, _, rest = page.partition("\n")
        what = re.search(r"^## What it does\n(.*?)(?=^## |\Z)", rest, re.DOTALL | re.MULTILINE)
        descriptor["shortDescription"] = {"text": summary}
        descriptor["fullDescription"] = {"text": " ".join(f"{summary} {what[1] if what else ''}".split())}
        descriptor["help"] = {"text": page, "markdown": page}
    return descriptor


def _page(symbol: str) -> str:
    if not symbol.startswith("keras-"):
        return ""
    from keraslint import rules

    rule = rules.by_symbol(symbol)
    return rule.page if rule else ""


def _level(msgid: str) -> str:
    return LEVELS.get(msgid[0], "note")


def _text(message: Message) -> str:
    """What a message says. Half of a pair of surrogates, which source may hold as an escape, is no text to others."""
    return message.msg.encode("utf-8", "backslashreplace").decode("utf-8")


def _artifact(message: Message) -> Json:
    """Where a file is: below the directory that the check was started in, or else in the file system."""
    path = os.path.normpath(message.path)
    if os.path.isabs(path) or path.split(os.sep)[0] == os.pardir:
        return {"uri": Path(os.path.abspath(message.abspath)).as_uri()}
    return {"uri": quote(os.fsencode(PurePath(path).as_posix())), "uriBaseId": ROOT}


def _region(message: Message, lines: Lines) -> Json:
    """The place in characters, counted from 1; in pylint a column is a number of bytes of UTF-8, from 0."""
    first, last = max(message.line, 1), message.end_line
    region: Json = {"startLine": first}
    if first > len(lines):
        return region
    region["startColumn"] = _characters(lines[first - 1], message.column) + 1
    if last is not None and message.end_column is not None and first <= last <= len(lines):
        region |= {"endLine": last, "endColumn": _characters(lines[last - 1], message.end_column) + 1}
    return region


def _characters(line: str, size: int) -> int:
    """How many characters the first bytes of a line are."""
    return len(line.encode("utf-8", "surrogatepass")[:size].decode("utf-8", "ignore"))


def _identity(message: Message, lines: Lines, region: Json) -> str:
    """What stays the same of a finding when the lines around it change: its rule, scope and source, but no number.

    The path is left out, as the standard advises: who reads the log has it, and may follow a file to another name.
    """
    last = region.get("endLine", region["startLine"])
    source = [" ".join(line.split()) for line in lines[region["startLine"] - 1 : last]]
    marked = ""
    if "endColumn" in region and region["startLine"] == last:
        marked = lines[last - 1][region["startColumn"] - 1 : region["endColumn"] - 1]
    return "\n".join([message.msg_id, message.obj, *(source or [re.sub(r"\d+", "", message.msg)]), marked])
