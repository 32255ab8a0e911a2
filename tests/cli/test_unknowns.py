"""What `keraslint summary` says of what it could not read: each cause once, and at a line."""

from __future__ import annotations

import pytest

from keraslint import summary
from keraslint.reader import read

HEADER = "import keras\nimport tcn\nfrom keras import layers\n"


def told(source: str) -> list[tuple[int | None, str]]:
    described = summary.describe(read(HEADER + source, "program.py"), HEADER + source)
    return [(unknown["line"], unknown["reason"]) for unknown in described["unknowns"]]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("model = keras.Sequential([layers.Dense(4)])", (4, "no input shape is given")),
        ("model = keras.Sequential([keras.Input((4, 2)), tcn.TCN(8)])", (4, "result of tcn.TCN")),
        (
            "import random\n\n"
            "model = keras.Sequential([keras.Input((4,))])\nmodel.add(layers.Dense(random.choice((8, 16))))",
            (7, "result of random.choice"),
        ),
    ],
)
def test_a_cause_is_told_once_at_the_line_where_it_shows(source: str, expected: tuple[int, str]) -> None:
    assert told(source) == [expected]
