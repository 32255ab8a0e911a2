"""Writes the skeleton of what a library function gives, and a case for it: `python tools/new_library.py numpy.roll`."""

from __future__ import annotations

import argparse
import ast
import re
from pathlib import Path

from keraslint import keras_api
from keraslint.reader import program  # noqa: F401 (all that is known registers itself)
from keraslint.reader.machine import library

ROOT = Path(__file__).parent.parent
LIBRARIES = Path("keraslint", "reader", "libraries")
CASES = Path("tests", "reader", "cases", "libraries.py")

HEAD = (
    '"""{package}: what its functions give."""\n\nfrom __future__ import annotations\n\nfrom astroid import nodes\n\n'
)

IMPORTS = (
    "from keraslint.graph import Array",
    "from keraslint.reader.libraries.arrays.facts import array",
    "from keraslint.reader.machine.arguments import Arguments",
    "from keraslint.reader.machine.library import known",
    "from keraslint.reader.machine.machine import Machine",
    "from keraslint.reader.machine.values import Value",
)

HANDLER = '''

def _{function}(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``{name}``: … (so far: an array of the same shape)."""
    value = machine.need(arguments.get(0, "{parameter}"))
    if not isinstance(value, Array):
        return machine.unknown("the result of `{name}`", node)
    return array(value.shape)


known("data", {{"{name}": _{function}}})
'''

CASE = """
# %% {name}
import {package}
data = {name}(np.zeros((6, 4)))
model = Sequential([Input(data.shape[1:]), Dense(data.shape[0])])
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="the function's full name, as numpy.roll")
    parser.add_argument("--parameter", default="x", help="what it calls its first argument (default x)")
    parser.add_argument("--root", type=Path, default=ROOT, help="where to write (default: here)")
    given = parser.parse_args()
    name = keras_api.canonical(given.name) or given.name
    package, _, function = name.rpartition(".")
    if not re.fullmatch(r"[a-z]\w*(\.\w+)+", name):
        parser.error(f"{given.name} is no full name of a function")
    if library.handler("data", name):
        parser.error(f"{name} is known already: docs/libraries.md lists what is")
    if function.startswith("_") or package.partition(".")[0] in ("keras", "tensorflow"):
        parser.error("functions of Keras and TensorFlow have shape rules and files of their own: see CONTRIBUTING.md")
    first = package.partition(".")[0]
    write_handler(given.root / LIBRARIES / f"{first}.py", name, function, first, given.parameter)
    case = given.root / CASES
    case.write_text(case.read_text(encoding="utf-8") + CASE.format(name=name, package=package), encoding="utf-8")
    print(CASES)


def write_handler(path: Path, name: str, function: str, package: str, parameter: str) -> None:
    """Append the handler to the file of its package, with the imports that are not there yet."""
    is_new = not path.exists()
    text = HEAD.format(package=package) if is_new else path.read_text(encoding="utf-8")
    text = with_imports(text)
    path.write_text(text + HANDLER.format(name=name, function=function, parameter=parameter), encoding="utf-8")
    print(LIBRARIES / path.name)
    if is_new:
        print(f"add `{package}` to ANSWERERS in keraslint/reader/program.py, or nothing loads it")


def with_imports(text: str) -> str:
    """The text of a module with what the skeleton imports; `ruff check --fix` puts the lines in order."""
    tree = ast.parse(text)
    bound = {
        alias.asname or alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    lines = text.splitlines(keepends=True)
    last = max(node.end_lineno or 0 for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom))
    missing = [f"{line}\n" for line in IMPORTS if line.rpartition(" ")[2] not in bound]
    return "".join([*lines[:last], *missing, *lines[last:]])


if __name__ == "__main__":
    main()
