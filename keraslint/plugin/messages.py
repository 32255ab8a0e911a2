"""What pylint must know of each message: those of the rules, and what the checker says about itself. Light."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keraslint.problem import Problem

if TYPE_CHECKING:
    from pylint.typing import MessageDefinitionTuple


class UsageError(Problem):
    """The run could not start; the message says why and what to do."""


UNREAD_NOTEBOOK = "keras-unread-notebook"
CELL_NOT_READ = "keras-cell-not-read"
CELLS_AS_RUN = "keras-cells-as-run"
UNKNOWN_VERSION = "keras-unknown-version"
INTERNAL_ERROR = "keras-internal-error"
NOT_TAUGHT = "keras-not-taught"

TEACHING_MESSAGES: dict[str, MessageDefinitionTuple] = {
    "I7799": (
        "pylint goes by the installed source of `%s`, because keraslint failed with `%s` at %s; "
        "please report this line to keraslint, not to pylint",
        NOT_TAUGHT,
        "A fault in keraslint. pylint's messages about Keras are what they would be without it.",
    ),
}
"""What is said about teaching pylint; to pylint it is a checker of its own, which is told when a run begins."""


UNREADABLE = frozenset({"fatal", "astroid-error", "parse-error", "syntax-error", UNREAD_NOTEBOOK, INTERNAL_ERROR})
"""Messages that mean: this file was not checked. In `keraslint check` they cannot be disabled."""

NOTES = {CELL_NOT_READ: "I7878", CELLS_AS_RUN: "I7879", NOT_TAUGHT: "I7799"}
"""Messages about how something was read, and their ids: nothing was found."""

OWN_MESSAGES: dict[str, tuple[str, str, str]] = {
    "E7897": (
        "the option keras-version is set wrong, and the newest Keras is taken instead: %s",
        UNKNOWN_VERSION,
        "The option `keras-version` of the configuration or the command line is no version of Keras that is known.",
    ),
    "E7898": (
        "%s",
        UNREAD_NOTEBOOK,
        "The notebook cannot be read, and nothing in it was checked: it is no valid JSON, has no cells, or is one of "
        "another language than Python.",
    ),
    "I7878": (
        "this cell is left out, it is not valid Python: %s",
        CELL_NOT_READ,
        "The other cells of the notebook were read. Magics and shell commands are no reason: they are passed over line "
        "for line.",
    ),
    "I7879": (
        "the cells of this notebook are %s",
        CELLS_AS_RUN,
        "The numbers beside the cells say that they were run in another order than they stand in, each of them once. "
        "`Restart Kernel and Run All Cells` runs them as they stand. Numbers with gaps do not say what was run, and "
        "the cells are read from above.",
    ),
    "W7899": (
        "keraslint itself failed with `%s` at %s, and says nothing about this file; "
        "please report this line to keraslint, not to pylint",
        INTERNAL_ERROR,
        "A fault in keraslint. The messages of all other checkers are complete.",
    ),
}
"""What the checker says about itself, beside the rules; no rule uses these ids."""


RULES = Path(__file__).parent / "rules.json"
"""What pylint must know of each rule, generated from the rules by `tools/generate_docs.py`: loading the rules
themselves would cost every pylint run more than a file without Keras is worth."""


def declared() -> list[dict[str, Any]]:
    """What each rule declares: ``msgid``, ``symbol``, ``summary``, ``on_by_default``, ``old_names``."""
    rules: list[dict[str, Any]] = json.loads(RULES.read_text(encoding="utf-8"))
    return rules


def rule_messages() -> dict[str, MessageDefinitionTuple]:
    """pylint's message table."""
    return {
        rule["msgid"]: (
            "%s",
            rule["symbol"],
            f"{rule['summary']} `keraslint explain {rule['symbol']}` says more.",
            {"default_enabled": rule["on_by_default"], "old_names": [tuple(old) for old in rule["old_names"]]},
        )
        for rule in declared()
    }


def messages_of(checker: str) -> dict[str, MessageDefinitionTuple]:
    """All messages whose ids begin with these two digits, by which pylint tells checkers apart."""
    return {msgid: message for msgid, message in {**rule_messages(), **OWN_MESSAGES}.items() if msgid[1:3] == checker}
