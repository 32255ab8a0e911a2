"""``keraslint explain``: pages of rules, and the rule that a name on the command line means."""

from __future__ import annotations

import argparse
import difflib
from typing import TYPE_CHECKING

from keraslint.cli.command import OK, READ_EXITS, Commands, add_command
from keraslint.problem import Problem

if TYPE_CHECKING:
    from keraslint.rules import Rule


def rule_called(name: str) -> Rule:
    """The rule with this symbol, id or old name."""
    from keraslint import rules

    for spelling in (name, name.upper(), name.lower()):
        found = rules.by_symbol(spelling)
        if found is not None:
            return found
    names = [name for rule in rules.all_rules() for name in (rule.symbol, rule.msgid)]
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "`keraslint explain list` shows all"
    raise Problem(f"no rule is called {name!r}; {hint}")


def add_explain(commands: Commands[argparse.ArgumentParser]) -> None:
    explain = add_command(commands, "explain", "Show the page of a rule.", _explain, READ_EXITS)
    what = explain.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "name", nargs="?", metavar="NAME", help="a symbol or id; `list` for one line a rule, `all` for all pages"
    )
    what.add_argument(
        "--symptom", metavar="TEXT", help='what you see, as "accuracy stuck at 0.5": the rules that may say why'
    )


def _explain(parsed: argparse.Namespace) -> int:
    from keraslint import rules

    if parsed.symptom is not None:
        return _for_symptom(parsed.symptom)
    every = rules.all_rules()
    if parsed.name == "list":
        width = max(len(rule.symbol) for rule in every)
        for rule in every:
            print(f"{rule.msgid}  {rule.symbol:<{width}}  {rule.summary}")
        return OK
    if own := _own_message(parsed.name):
        print(own)
        return OK
    found = every if parsed.name == "all" else (rule_called(parsed.name),)
    print("\n\n".join(f"{rule.symbol} ({rule.msgid})\n\n{rule.page.strip()}" for rule in found))
    return OK


MOST_SHOWN = 12
"""Of the rules for one symptom; the page has them all."""
MOST_SIGHTS = 2


def _for_symptom(text: str) -> int:
    """The rules that may say why somebody sees this, the likeliest first."""
    from keraslint.rules.sights import SIGHTS, ranked, sights_of

    sights = sights_of(text)
    if not sights:
        known = "; ".join(sight.title for sight in SIGHTS)
        raise Problem(f"{text!r} is no symptom that keraslint knows; it knows: {known}")
    parts = []
    for sight in sights[:MOST_SIGHTS]:
        rules = ranked(sight, text)
        width = max(len(rule.symbol) for rule in rules[:MOST_SHOWN])
        lines = [f"{sight.title}", ""]
        lines += [f"{rule.msgid}  {rule.symbol:<{width}}  {rule.summary}" for rule in rules[:MOST_SHOWN]]
        if len(rules) > MOST_SHOWN:
            lines.append(f"… and {len(rules) - MOST_SHOWN} more: docs/symptoms.md")
        parts.append("\n".join(lines))
    print("\n\n".join(parts))
    print("\n`keraslint check FILE` says which of them your program has; `keraslint explain NAME` shows a page.")
    return OK


def _own_message(name: str) -> str | None:
    """What stands for a page about a message that comes from no rule."""
    from keraslint.plugin.messages import OWN_MESSAGES

    for msgid, (_, symbol, text) in OWN_MESSAGES.items():
        if name.lower() in (msgid.lower(), symbol):
            return f"{symbol} ({msgid})\n\n{text}"
    return None
