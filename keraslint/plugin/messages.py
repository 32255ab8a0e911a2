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


OWN_MESSAGES: dict[str, tuple[str, str, str]] = {
    "E7897": (
        "the option keras-version is set wrong, and the newest Keras is taken instead: %s",
        UNKNOWN_VERSION,
        "The option `keras-version` of the configuration or the command line is no version of Keras that is known.",
    ),
    "E7898": (
        'a notebook is not read as it is; use `nbqa "keraslint check" %s` (pip install nbqa)',
        UNREAD_NOTEBOOK,
        "pylint parses a notebook as one Python expression. Silence would look like an all-clear. "
        "nbqa (`pip install nbqa`) gives its cells to keraslint, and names them in the messages.",
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
