"""Every function and layer that the reader knows is given values at the ends of what Python has: it must answer in
bounded time and memory, and never fail."""

from __future__ import annotations

import resource
import time
from itertools import cycle

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_unknown_arguments import FUNCTIONS, METHODS

from keraslint import keras_api
from keraslint.graph.shapes.registry import RULES
from keraslint.reader import read

HEAD = """\
import numpy as np
import keras
import keras_tuner
nan, inf = float("nan"), float("inf")
vast, huge, wide = 10**400, 2**63, range(10**9)
u = wide
x = np.zeros((3, 4))
empty = np.zeros((0,))
t = keras.Input((4,))
image = keras.Input((8, 8, 3))
big = keras.Input((2**40, 2**40))
"""
SECONDS = 12
MEGABYTES = 200
VALUES = (
    *("nan", "inf", "vast", "-huge", "huge", "wide", "()", "''", "b''", "-0.0", "-1", "None", "1e308", "2j"),
    *("(nan, inf)", "(huge, huge)", "[vast]", "(wide,)", "[()]", "(None,)", "empty", "[t, wide]", "big"),
)
BEFORE = ("", "x, ", "3, ", "t, ")
TUNED = ("", "'n', ", "'n', 0, ", "'n', 1, huge, ")
ONE_OF_EACH = sorted({id(rule): name for name, rule in sorted(RULES.items(), reverse=True)}.values())
"""One name for each rule: many functions are called several ways."""
LAYERS = [name for name in ONE_OF_EACH if name.startswith("keras.layers.")]
OPS = [name for name in ONE_OF_EACH if name not in LAYERS and not name.startswith("operator.")]
SUBJECTS = {
    **{name: f"{name}({{}})" for name in FUNCTIONS},
    **{name: f"{name}({{}})" for name in OPS},
    **{name: f"{name}({{}})(image)" for name in LAYERS},
    **{f"{owner}.{name}": f"({owner}).{name}({{}})" for owner, table in METHODS.items() for name in sorted(table)},
    **{
        f"array.{name}": f"x.{name}({{}})"
        for name in (
            *("reshape", "astype", "sum", "mean", "max", "argmax", "repeat", "transpose", "swapaxes", "take"),
            *("squeeze", "dot", "round"),
            *("flatten", "ravel", "clip", "item", "tolist", "resize", "fill", "std", "any", "cumsum"),
        )
    },
    **{
        f"hp.{name}": f"keras_tuner.HyperParameters().{name}({{}})"
        for name in ("Int", "Float", "Choice", "Boolean", "Fixed", "get")
    },
    **{f"x[{{}}] of {owner}": f"{owner}[{{}}]" for owner in ("x", "empty", "t", "image", "[1, 2]", "'ab'", "wide")},
    **{
        f"{operator} of {owner}": f"{owner} {operator} ({{}})"
        for operator in ("+", "*", "**", "//", "%", "@", "<<", "<")
        for owner in ("x", "t", "2", "1.5", "huge", "[1]", "'a'")
    },
}


def written(call: str) -> list[str]:
    """A call with each value, in one of the first places and under one of the names of the parameters."""
    if "({})" not in call or " ({})" in call:
        return [call.replace("{}", value) for value in VALUES]
    before = TUNED if "HyperParameters" in call else BEFORE
    symbol = keras_api.symbol(call.partition("(")[0])
    names = [parameter.name for parameter in symbol.parameters() if parameter.kind == "positional"] if symbol else []
    placed = [start + value for value, start in zip(VALUES, cycle(before), strict=False)]
    named = [f"t, {name}={value}" for value, name in zip(VALUES, cycle(names or ["axis", "shape"]), strict=False)]
    return [call.replace("{}", given) for given in (*placed, *named)]


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def answers(calls: list[str], call: str = "") -> None:
    imported = "" if "." not in call else f"import {call.partition('.')[0]}\n" if call[0].isalpha() else ""
    start, before = time.process_time(), peak()
    read(HEAD + imported + "".join(f"r = {each}\nr[0]\n" for each in calls), "program.py")
    assert time.process_time() - start < SECONDS
    assert peak() - before < MEGABYTES


@pytest.mark.parametrize("name", SUBJECTS)
def test_the_ends_of_what_python_has_are_borne(name: str) -> None:
    call = SUBJECTS[name]
    answers(written(call), call if name in (*FUNCTIONS, *OPS) else "")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    calls=st.lists(
        st.tuples(
            st.sampled_from(sorted(SUBJECTS.values())),
            st.lists(st.sampled_from(VALUES), min_size=1, max_size=4).map(", ".join),
        ),
        min_size=5,
        max_size=20,
    )
)
def test_any_of_them_together_are_borne(calls: list[tuple[str, str]]) -> None:
    answers([call.replace("{}", given) for call, given in calls])
