"""Writes docs/rules/, the README's rules table and the plugin's list of messages; `--check` only says what is stale."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from keraslint.rules import Rule, all_rules

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "rules"
README = ROOT / "README.md"
MESSAGES = ROOT / "keraslint" / "plugin" / "rules.json"
BEGIN, END = "<!-- rules:begin -->", "<!-- rules:end -->"


def page(rule: Rule) -> str:
    """The page of one rule: its docstring under a title."""
    default = "on" if rule.on_by_default else "off"
    symptoms = ", ".join(symptom.value for symptom in rule.symptoms)
    summary, _, body = rule.page.partition("\n")
    return (
        f"# {rule.symbol} ({rule.msgid})\n\n{summary}\n\n"
        f"By default: {default} · Symptom that `keraslint confirm` looks for: {symptoms}\n{body.rstrip()}\n"
    )


def table() -> str:
    """All rules as a Markdown table; without links, since the README is also shown where the pages are not."""
    rows = [f"| {rule.symbol} | {rule.msgid} | {rule.summary} |" for rule in all_rules()]
    return "\n".join(["| rule | id | what it finds |", "|---|---|---|", *rows])


def readme(text: str) -> str:
    """The README with the table of today between the markers."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    return f"{before}{begin}\n{table()}\n{end}{after}" if begin and end else text


def messages() -> str:
    """What pylint must know of each rule, one rule a line."""
    rows = [
        {
            "msgid": rule.msgid,
            "symbol": rule.symbol,
            "summary": rule.summary,
            "on_by_default": rule.on_by_default,
            "old_names": rule.old_names,
        }
        for rule in all_rules()
    ]
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"


def documents() -> dict[Path, str]:
    """Every generated document and what it should hold."""
    wanted = {PAGES / f"{rule.symbol}.md": page(rule) for rule in all_rules()} | {MESSAGES: messages()}
    if not README.exists() or BEGIN not in README.read_text(encoding="utf-8"):
        print(f"README.md has no {BEGIN} … {END}, so it gets no table of rules", file=sys.stderr)
        return wanted
    return {**wanted, README: readme(README.read_text(encoding="utf-8"))}


def main(arguments: list[str]) -> int:
    wanted = documents()
    stale = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    orphans = [path for path in PAGES.glob("*.md") if path not in wanted]
    if "--check" in arguments:
        for path in stale + orphans:
            print(f"{path.relative_to(ROOT)} is stale: run `python tools/generate_docs.py`")
        return 1 if stale or orphans else 0
    PAGES.mkdir(parents=True, exist_ok=True)
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8")
    for path in orphans:
        path.unlink()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
