"""How data came to be: the steps that operations leave on the arrays which reach a fit."""

from __future__ import annotations

from typing import Any

import pytest
from reading import read

SETUP = """
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from keras.utils import to_categorical
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
x = np.random.rand(100, 4)
"""


def steps(program: str) -> list[tuple[str, Any]]:
    (fit,) = read(SETUP + program + "\nmodel.fit(x, x)\n").fits
    assert fit.x is not None
    return [(step.kind, step.by) for step in fit.x.value.steps]


MADE = ("made", "numpy.random.rand")


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("", []),
        ("x = x / 255", [("scaled", ("/", 255))]),
        ("x /= 255.0", [("scaled", ("/", 255.0))]),
        ("x = (x - x.mean()) / x.std()", [("scaled", ("-", None)), ("scaled", ("/", None))]),
        ("x = x.astype('float32')", [("cast", "float32")]),
        ("x = x.astype('float32') / 255", [("cast", "float32"), ("scaled", ("/", 255))]),
        ("np.random.shuffle(x)", [("shuffled", "numpy.random.shuffle")]),
        ("x = x[np.random.permutation(100)]", [("sliced", None)]),
        ("x = x[:50]", [("sliced", None)]),
        ("x = x.reshape(100, 4)", [("reshaped", "numpy.ndarray.reshape")]),
        ("x = np.concatenate([x, x])", [("stacked", "numpy.concatenate")]),
        ("x = StandardScaler().fit_transform(x)", [("scaled", "sklearn.StandardScaler")]),
        ("x = StandardScaler(with_mean=False).fit_transform(x)", [("scaled", "sklearn.fit_transform")]),
        ("x, test = train_test_split(x)", [("shuffled", "sklearn.model_selection.train_test_split")]),
        ("x = x * 2\nx[0] = 0.5", [("scaled", ("*", 2)), ("computed", "[]=")]),
        ("for i in range(100):\n    x[i] = 0.5", [("computed", "[]=")]),
        ("x = np.sqrt(x / 10)", [("scaled", ("/", 10)), ("computed", "numpy.sqrt")]),
        ("x = x % 2", [("computed", "%")]),
        ("x = np.array([x[0], x[1]])", [("sliced", None), ("stacked", "numpy.array")]),
        ("x = np.tile(x, (2, 1))", [("stacked", "numpy.tile")]),
        ("y = x / 255", []),
    ],
)
def test_each_operation_leaves_its_step(program: str, expected: list[tuple[str, Any]]) -> None:
    assert steps(program) == [MADE, *expected]


def test_arrays_that_are_shuffled_or_split_together_keep_what_each_was_and_get_one_order() -> None:
    program = """
from sklearn.utils import shuffle
a, b = shuffle(x / 255, x * 2)
c, d, e, f = train_test_split(a, b, stratify=b)
model.fit(c, e)
"""
    (fit,) = read(SETUP + program).fits
    assert fit.x is not None
    assert fit.y is not None
    inputs, labels = fit.x.value.steps, fit.y.value.steps
    assert [step.by for step in inputs[1:2]] == [("/", 255)]
    assert [step.by for step in labels[1:2]] == [("*", 2)]
    assert [step.order for step in inputs[2:]] == [step.order for step in labels[2:]]
    assert len({step.order for step in inputs[2:]} - {None}) == 2


def test_a_loop_leaves_no_endless_history() -> None:
    assert len(steps("for i in range(1000):\n    x = x * (1 + i)")) <= 24


def test_a_step_knows_its_place() -> None:
    (fit,) = read(SETUP + "x = x / 255\nmodel.fit(x, x)\n").fits
    assert fit.x is not None
    last = fit.x.value.steps[-1]
    assert (last.kind, last.span.line) == ("scaled", fit.span.line - 1)
