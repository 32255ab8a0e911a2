"""Environment variables: what the program sets or falls back on, and no number that anybody may set."""

from __future__ import annotations

import pytest
from reading import model


def units(source: str) -> object:
    made = model(f"import os\n{source}\nmodel = keras.Sequential([keras.Input((4,)), keras.layers.Dense(units)])\n")
    return made.layers[0].argument("units").value


@pytest.mark.parametrize(
    "source",
    [
        "units = 3 if os.getenv('BACKEND', 'tensorflow') == 'tensorflow' else 5",
        "units = 3 if os.environ.get('BACKEND', default='tensorflow') == 'tensorflow' else 5",
        "os.environ['WIDE'] = 'no'\nunits = 5 if os.environ.get('WIDE') == 'yes' else 3",
        "os.environ['UNITS'] = '3'\nunits = int(os.environ['UNITS'])",
        "os.environ.setdefault('MODE', 'small')\nunits = {'small': 3, 'big': 5}[os.environ['MODE']]",
    ],
)
def test_what_the_program_says_counts(source: str) -> None:
    assert units(source) == 3


@pytest.mark.parametrize(
    "source",
    [
        "units = int(os.environ.get('UNITS', '3'))",
        "units = int(os.getenv('UNITS', 3))",
        "units = int(os.environ['UNITS'])",
        "units = len(os.environ['NAME'])",
    ],
)
def test_what_anybody_may_set_is_unknown(source: str) -> None:
    assert units(source) not in range(100)
