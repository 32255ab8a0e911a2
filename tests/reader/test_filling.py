"""Turns that are left out of a loop that fills lists or arrays: what is said behind it, against Python and numpy."""

from __future__ import annotations

from typing import Any

import pytest

from keraslint.graph import Array
from keraslint.reader.parsing import parse
from keraslint.reader.program import machine_for, run

np = pytest.importorskip("numpy")

SETUP = "import numpy as np\nseries = np.random.rand(500, 3)\n"

PROGRAMS = {
    "windows": "found = []\nfor i in range(60, 400):\n    found.append(series[i - 60 : i, 0])\nlast = i",
    "two lists": """
found, targets = [], []
for i in range(300):
    end = i + 20
    found.append(series[i:end])
    targets.append(series[end, 0])
""",
    "several in a turn": "found = []\nfor i in range(99):\n    found.append(series[i])\n    found.append(series[0])",
    "constants": "found = []\nfor i in range(100):\n    found.append(0)",
    "numbers that differ": "found = []\nfor i in range(100):\n    found.append(i % 7)\nlast = found[99]",
    "counted beside": "found, n = [], 0\nfor i in range(100):\n    found.append(series[i])\n    n += 2",
    "special turn": """
found = []
for i in range(100):
    if i == 50:
        found.append(series)
    found.append(series[i])
""",
    "left early": "found = []\nfor i in range(100):\n    if i == 40:\n        break\n    found.append(series[i])",
    "looks into the list": "found = []\nfor i in range(99):\n    if len(found) < 9:\n        found.append(series[i])",
    "taken out again": """
found = []
for i in range(99):
    found.append(series[i])
    if i > 3:
        found.pop()
""",
    "goes over what grows": """
found = [1, 2]
for item in found:
    if len(found) > 50:
        break
    found.append(item)
""",
    "another name": "found = []\nother = found\nfor i in range(90):\n    found.append(series[i])\n    n = len(other)",
    "asked by a function": """
found = []
def add(row):
    if len(found) < 10:
        found.append(row)
for i in range(100):
    add(series[i])
""",
    "nested": """
found = []
for i in range(50):
    for j in range(40):
        found.append(series[j])
last = (i, j)
""",
    "the last one is shorter": "found = []\nfor i in range(0, 500, 7):\n    found.append(series[i : i + 20])",
    "one in the middle is shorter": "found = []\nfor i in [3, 4, 495, 6, 7, 8]:\n    found.append(series[i : i + 20])",
    "backwards": "found = []\nfor i in range(400, 20, -1):\n    found.append(series[i - 20 : i])",
    "filled in place": "found = np.zeros((90, 3))\nfor i in range(90):\n    found[i] = series[i]\n    step = i * 2",
    "carried on": "found, before = [], 0\nfor i in range(80):\n    found.append(series[i])\n    before = before + i",
    "else": "found = []\nfor i in range(80):\n    found.append(series[i])\nelse:\n    found.append(series)",
    "pairs": "found = []\nfor i in range(80):\n    found.append((series[i], 1))",
    "dict beside": "found, seen = [], {}\nfor i in range(80):\n    seen[i] = i\n    found.append(series[i])",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_lists_and_names_behind_a_loop(name: str) -> None:
    source = SETUP + PROGRAMS[name]
    really: dict[str, Any] = {}
    exec(source, really)
    module = parse(source, "")
    machine = machine_for(module, "")
    run(machine, module)
    for variable, value in really.items():
        if variable not in ("__builtins__", "np", "add"):
            assert fits(machine.module.names[variable], value), (variable, machine.module.names[variable])


ALIKE = ("windows", "two lists", "several in a turn", "constants", "nested", "filled in place", "else", "pairs")


@pytest.mark.parametrize("name", ALIKE)
def test_turns_that_are_alike_cost_nothing(name: str) -> None:
    module = parse(SETUP + PROGRAMS[name], "")
    machine = machine_for(module, "")
    before = machine.fuel
    run(machine, module)
    assert before - machine.fuel < 400


def fits(claim: Any, value: Any) -> bool:
    """Whether what is claimed may be this value; what is unknown may be any."""
    if isinstance(claim, Array):
        dims = claim.shape.dims if claim.shape.rank_known else None
        sizes = [len(dims) == np.ndim(value), *map(fits, dims, np.shape(value))] if dims is not None else []
        return all(sizes)
    if isinstance(claim, tuple):
        return len(claim) == len(value) and all(map(fits, claim, value))
    if isinstance(getattr(claim, "items", None), list):
        return len(claim.items) == len(value) and all(map(fits, claim.items, value))
    return claim == value if isinstance(claim, int | float | str) else True
