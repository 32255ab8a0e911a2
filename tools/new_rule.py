"""Writes the skeleton of a rule and its fixtures: `python tools/new_rule.py W7999 keras-bad-pattern --view Run`."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from keraslint.rules import all_rules
from keraslint.rules.framework import FAMILIES

ROOT = Path(__file__).parent.parent
RULE = '''\
"""One sentence that says what is wrong.

## What it does
Reports …

## Why training fails
…

## Example
```python
```

## Use instead
```python
```

## What it cannot see
…

## References
- <https://keras.io/api/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph.views import {view}
from keraslint.rules.framework import Finding, Symptom, found, rule


@rule("{msgid}", symptom=Symptom.PLATEAU)
def {function}({part}: {view}) -> Iterator[Finding]:
    if _is_wrong({part}):
        yield found({part}.span, "the fact: the consequence; the remedy", {part}.confidence)


def _is_wrong({part}: {view}) -> bool:
    return False
'''

VIEWS = ("Activation", "Callback", "Data", "Head", "Observation", "Optimizer", "Run", "Weights", "Wiring")
"""What enumerates itself and has a place; docs/architecture.md says what each may be asked."""

FIXTURES = {
    "bad": '"""…"""\n\nimport keras  # expect: {symbol}\n',
    "good": '"""The programs of bad.py, remedied."""\n\nimport keras\n',
    "near_miss": '"""…"""\n\nimport keras\n\n# The reason why this is right.\n',
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("msgid", help="category and number, E7800 to R7999")
    parser.add_argument("symbol", help="keras- and words: the bad pattern, so that `allow …` reads well")
    parser.add_argument("--view", choices=VIEWS, default="Head", help="what the rule looks at")
    arguments = parser.parse_args()
    msgid, symbol = arguments.msgid, arguments.symbol
    matched = re.fullmatch(r"[EWR](7[89]\d\d)", msgid)
    family = next((name for name, ids in FAMILIES.items() if matched and int(matched[1]) in ids), "")
    if not family:
        parser.error(f"{msgid} is no id of keraslint: it is E, W or R with 78 or 79 and two digits, 7897 to 7899 apart")
    if not re.fullmatch(r"keras(-[a-z]+)+", symbol):
        parser.error(f"{symbol} is no symbol of keraslint: it is keras- and words of small letters")
    for rule in all_rules():
        if msgid[1:] == rule.msgid[1:] or symbol == rule.symbol:
            parser.error(f"{rule.symbol} has the id {rule.msgid} already")
    module = symbol.removeprefix("keras-").replace("-", "_")
    write(
        ROOT / "keraslint" / "rules" / family / f"{module}.py",
        RULE.format(msgid=msgid, function=symbol.replace("-", "_"), view=arguments.view, part=arguments.view.lower()),
    )
    for name, text in FIXTURES.items():
        write(ROOT / "fixtures" / "rules" / symbol / f"{name}.py", text.format(symbol=symbol))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
