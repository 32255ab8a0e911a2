"""Programs that would hang or exhaust a careless reader: they are read in bounded time, and the rest is unknown."""

from __future__ import annotations

import sys
import time

import pytest
from reading import model, read, reasons

SECONDS = 10

HOSTILE = {
    "while True": "while True:\n    x = 1",
    "while True that grows": "xs = [1]\nwhile True:\n    xs = xs + xs",
    "a name that grows": "s = 'x'\nfor _ in range(10**6):\n    s = s + s",
    "a number that grows": "n = 3\nfor _ in range(10**6):\n    n = n ** n",
    "a shift": "n = 1 << (10**12)",
    "a power": "n = 10 ** 10 ** 10",
    "a product of text": "s = 'x' * 10**12",
    "a product of a list": "xs = [0] * 10**12",
    "a very long range": "for i in range(10**12):\n    m = Sequential([Dense(i)])",
    "a list of a long range": "xs = list(range(10**12))",
    "endless recursion": "def f(n):\n    return f(n)\nf(1)",
    "recursion both ways": "def f(n):\n    if n:\n        return f(n) + f(n)\n    return f(n)",
    "mutual recursion": "def f(n):\n    return g(n) + g(n)\ndef g(n):\n    return f(n) + f(n)\nf(1)",
    "a list in itself": "xs = []\nxs.append(xs)\nSequential(xs)",
    "a dict in itself": "d = {}\nd['d'] = d\nDense(**d)",
    "a model in itself": "m = Sequential()\nm.add(m)\nm.compile(loss='mse')",
    "a layer of 10**12 units": "Sequential([Input((10**9,)), Dense(10**12)]).compile(loss='mse')",
    "a long literal": "xs = [" + "1, " * 20_000 + "]",
    "a deep literal": "xs = " + "[" * 60 + "]" * 60,
    "a long sum": "n = " + " + ".join(["1"] * 300),
    "comprehensions in comprehensions": "xs = [a for a in range(999) for b in range(999) for c in range(999)]",
    "loops in loops": "for a in range(99):\n  for b in range(99):\n    for c in range(99):\n      x = Dense(a)",
    "format width": "s = f'{1:>1000000000000}'",
    "a class that is its own base": "class A(A):\n    pass\nA().x",
    "a property that asks for itself": "class A:\n    @property\n    def x(self):\n        return self.x\nA().x",
    "super in a loop": "class A:\n    def f(self):\n        return super().f()\nA().f()",
    "a call that calls itself": (
        "class Net(keras.Model):\n    def call(self, x):\n        return self(x)\ni = Input((3,))\nNet()(i)"
    ),
    "a generator": "def g():\n    while True:\n        yield 1\nfor x in g():\n    pass",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_reader_ends_and_reads_what_comes_after(source: str) -> None:
    started = time.perf_counter()
    program = read(f"{source}\nlast = Sequential([Input((3,)), Dense(6)])\n")
    assert time.perf_counter() - started < SECONDS
    assert str(program.models[-1].output_shape) == "(None, 6)"


def test_without_fuel_the_rest_is_unknown_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from keraslint.reader import program as reading_of_programs

    monkeypatch.setattr(reading_of_programs, "BASE_FUEL", 200)
    monkeypatch.setattr(reading_of_programs, "FUEL_PER_LINE", 1)
    program = read("for i in range(999):\n    m = Sequential([Input((3,)), Dense(i)])")
    assert any("more work than is allowed" in unknown.reason for unknown in program.unknowns)


def test_a_model_may_be_thousands_of_layers_deep() -> None:
    source = "x = i = Input((4,))\n" + "x = Dense(4)(x)\n" * 3000 + "Model(i, x)"
    assert len(model(source).calls) == 3000, reasons(source)


def test_work_grows_linearly_with_the_file() -> None:
    """Counted in calls, which a busy machine cannot change."""

    def calls(times: int) -> int:
        block = "m = Sequential([Input((3,)), Dense(4, activation='relu'), Dense(1)])\nm.compile(loss='mse')\n"
        counted = 0

        def count(frame: object, event: str, argument: object) -> None:
            nonlocal counted
            counted += 1

        sys.setprofile(count)
        try:
            read(block * times)
        finally:
            sys.setprofile(None)
        return counted

    calls(1)
    assert calls(400) < 12 * calls(40)
