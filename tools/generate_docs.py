"""Writes docs/rules/, docs/symptoms.md, docs/libraries.md, the README's rules table and the plugin's list of messages;
`--check` only says what is stale."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from keraslint.reader import program  # noqa: F401 (all that is known registers itself)
from keraslint.reader.machine import library
from keraslint.rules import Rule, all_rules
from keraslint.rules.sights import SIGHTS, rules_for

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "rules"
README = ROOT / "README.md"
SYMPTOMS = ROOT / "docs" / "symptoms.md"
LIBRARIES = ROOT / "docs" / "libraries.md"
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


LONGEST_QUOTE = 200

SYMPTOMS_HEAD = """\
# Rules by what you see

For who has a symptom and no name for it. Whether your program has one of these faults, `keraslint check` says from the
source, and `keraslint confirm` by training. Much else keeps a network from learning; this is what keraslint knows of.
`keraslint explain --symptom "accuracy stuck at 0.5"` shows the part that fits. Under each heading come first the rules
whose symptom this was seen to be and whose page says so; what the source proves before what is almost surely a fault.
"""


def symptoms() -> str:
    """The rules under each sight, with what their pages say of it."""
    parts = [SYMPTOMS_HEAD]
    for sight in SIGHTS:
        rows = []
        for rule, quoted in rules_for(sight):
            off = "" if rule.on_by_default else " (off by default)"
            short = quoted if len(quoted) <= LONGEST_QUOTE else ""
            rows.append(f"- [{rule.symbol}](rules/{rule.symbol}.md){off}: {rule.summary} {short}".rstrip())
        parts.append("\n".join([f"## {sight.title}\n", *rows, ""]))
    return "\n".join(parts)


LIBRARIES_HEAD = """\
# What the reader knows of libraries

What calling these gives is understood, as far as it decides shapes, ranges and the encoding of labels: by the *data*
that go in (arrays, tables, data sets), by *plain* values, or by *any*, tensors too. Whatever is not here is unknown,
which silences the rules that would need it. Layers, models, losses, metrics, optimizers and operations of Keras itself
come from generated data and are not listed.
"""


def libraries() -> str:
    """What the reader knows of each library, from its table of names."""
    calls, methods = library.everything()
    packages: dict[str, dict[str, str]] = {}
    for domain, names in calls.items():
        for name in names:
            kinds = packages.setdefault(name.partition(".")[0], {})
            kinds[name] = f"{kinds[name]}, {domain}" if name in kinds else domain
    parts = [LIBRARIES_HEAD]
    for package in sorted(packages, key=str.lower):
        rows = [f"| `{name}` | {kinds} |" for name, kinds in sorted(packages[package].items())]
        parts.append("\n".join([f"## {package}\n", "| function | by |", "|---|---|", *rows, ""]))
        for of in sorted(of for of in methods if of.partition(".")[0] == package):
            names = ", ".join(f"`{name}`" for name in sorted(methods[of]))
            parts.append(f"Methods of `{of}`: {names}.\n")
    return "\n".join(parts)


def documents() -> dict[Path, str]:
    """Every generated document and what it should hold."""
    wanted = {PAGES / f"{rule.symbol}.md": page(rule) for rule in all_rules()} | {
        MESSAGES: messages(),
        LIBRARIES: libraries(),
        SYMPTOMS: symptoms(),
    }
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
