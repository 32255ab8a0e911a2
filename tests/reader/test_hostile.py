"""Programs that would hang or exhaust a careless reader: they are read in bounded time, and the rest is unknown."""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hostile_language import STRANGE
from reading import model, read, reasons

from keraslint import rules
from keraslint.reader.parsing import parse
from keraslint.reader.program import _gather, machine_for, run

SECONDS = 10
"""Of the processor's time; a few hundred milliseconds are usual."""
MEGABYTES = 150

LONG = "long = range(20_000)\nx = list(long)\n"
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
    "lists nested in themselves": (
        "x = [1]\n" + "x = [x, x]\n" * 60 + "Dense(x)\nSequential(x)\nprint(x == x, f'{x}')"
    ),
    "tuples nested in themselves": (
        "x = (1,)\n" + "x = (x, x)\n" * 60 + "Dense(x)\nd = {x: 1}\nd[x]\nd.get(x)\nSequential([x])"
    ),
    "dicts nested in themselves": "x = {}\n" + "x = {'a': x, 'b': x}\n" * 60 + "Dense(units=x)\nModel(x, x)",
    "tensors nested in lists": "x = [Input((3,))]\n" + "x = [x, x]\n" * 60 + "layers.Concatenate()(x)",
    "equal tuples in two arms": (
        "x = (1,)\ny = (1,)\n" + "x = (x, x)\ny = (y, y)\n" * 60 + "if flag:\n    z = x\nelse:\n    z = y\nx == y"
    ),
    "models nested in themselves": (
        "i = Input((4,))\nm = Model(i, Dense(4)(i))\n"
        + "m = Model(i, layers.Add()([m(i), m(i)]))\nm.compile(keras.optimizers.Adam(1.0), 'mse')\n" * 40
    ),
    "freezing models nested in themselves": (
        "m = Sequential([Input((4,)), Dense(4)])\n"
        + "m = Sequential([Input((4,)), m, m])\n" * 40
        + "m.trainable = False\nm.compile(loss='mse')\nm.trainable = True\nm.compile(loss='mse')\n"
    ),
    "a frozen layer in each turn": (
        "m = Sequential([Input((4,))] + [Dense(4) for _ in range(300)])\nm.build()\n"
        "for layer in m.layers:\n    layer.trainable = False\n    m.compile(loss='mse')\n    m.fit(x, y)"
    ),
    "a copy of lists in themselves": "import copy\nx = [1]\n" + "x = [x, x]\n" * 60 + "copy.deepcopy(x)",
    "functions that double calls": "def f0(x):\n    return x\n"
    + "".join(f"def f{i + 1}(x):\n    return f{i}(f{i}(x))\n" for i in range(40))
    + "f40(Input((3,)))",
    "sums of lists and tuples": "x = [1]\ny = (1,)\n" + "x = x + x\ny = y + y\n" * 60,
    "texts that double": "x = 'aa'\ny = 'a'\n" + "x = f'{x}{x}'\ny = '{0}{0}'.format(y)\n" * 60,
    "a text in place of each letter": "x = 'a' * 10_000\ny = x.replace('a', x)\nz = bytes(10**12)",
    "a list copied in each turn": f"{LONG}for i in long:\n    x = x[:]\n    x = [*x, i]\n    x.append(i)",
    "a list that two arms change": f"{LONG}for i in long:\n    if a:\n        x.append(1)\n    else:\n        x.pop()",
    "a list passed in each turn": f"{LONG}def f(*a):\n    return a\nfor i in long:\n    x = f(*x)",
    "a long list as an argument": f"{LONG}for i in long:\n    Dense(x)\n    x == x\n    x in x",
    "sizes of thousands of digits": (
        "Input(tuple(range(1, 20_000)))\nn = 0x" + "f" * 9000 + "\nDense(n)(Input((n,)))\nx = Input((9, 9, 9))\n"
        "for _ in range(20_000):\n    x = layers.UpSampling2D(10**6)(x)\nlayers.Flatten()(x)"
    ),
    "a model looked at after each layer": "m = Sequential([Input((3,))])\n"
    + "m.add(Dense(3))\nprint(m.output_shape)\n" * 800,
    "a model for each layer": "i = x = Input((3,))\n" + "x = Dense(3)(x)\nModel(i, x).compile(loss='mse')\n" * 600,
    "a generator": "def g():\n    while True:\n        yield 1\nfor x in g():\n    pass",
}


@contextmanager
def memory_limited() -> Iterator[None]:
    """The process may grow by `MEGABYTES` more, where the system can be asked (Linux)."""
    status = Path("/proc/self/statm")
    if not status.exists():
        yield
        return
    before = resource.getrlimit(resource.RLIMIT_AS)
    now = int(status.read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + MEGABYTES * 2**20, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


@pytest.mark.parametrize("source", STRANGE.values(), ids=STRANGE.keys())
def test_strange_programs_are_read_to_their_end(source: str) -> None:
    started = time.perf_counter()
    program = read(f"{source}\nlast = Sequential([layers.Input((3,)), layers.Dense(6)])\n")
    assert time.perf_counter() - started < SECONDS
    assert "(None, 6)" in [str(made.output_shape) for made in program.models]


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_reader_ends_and_reads_what_comes_after(source: str) -> None:
    started = time.process_time()
    with memory_limited():
        program = read(f"{source}\nlast = Sequential([Input((3,)), Dense(6)])\n")
        rules.check(program, rules.Options())
    assert time.process_time() - started < SECONDS
    assert "(None, 6)" in [str(model.output_shape) for model in program.models[-1:]]


def test_without_fuel_the_rest_is_unknown_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from keraslint.reader import program as reading_of_programs

    monkeypatch.setattr(reading_of_programs, "BASE_FUEL", 200)
    monkeypatch.setattr(reading_of_programs, "FUEL_PER_LINE", 1)
    program = read("for i in range(999):\n    m = Sequential([Input((3,)), Dense(i)])")
    assert any("more work than is allowed" in unknown.reason for unknown in program.unknowns)


def test_a_model_may_be_thousands_of_layers_deep() -> None:
    source = "x = i = Input((4,))\n" + "x = Dense(4)(x)\n" * 3000 + "Model(i, x)"
    assert len(model(source).calls) == 3000, reasons(source)


def test_a_model_that_only_raises_is_no_failure_of_ours() -> None:
    source = "class Net(keras.Model):\n    def call(self, *args, **kwargs):\n        raise NotImplementedError\n"
    frozen = "net = Net()\nif flag:\n    net.trainable = False\nelse:\n    net.build((None, 3))\n"
    program = read(f"{source}{frozen}last = Sequential([Input((3,)), Dense(6)])\n")
    assert "(None, 6)" in [str(model.output_shape) for model in program.models]


def test_a_layer_whose_build_depends_on_too_many_branches_is_read() -> None:
    source = """
    class Stack(layers.Layer):
        def build(self, shape):
            self.inner = Dense(4)
        def call(self, x, a=flag_a, b=flag_b, c=flag_c, d=flag_d, e=flag_e):
            return self.inner(x)
    def make(a, b, c, d, e):
        stack = Stack()
        if a:
            if b:
                if c:
                    if d:
                        if e:
                            stack(Input((3,)))
        i = Input((3,))
        return Model(i, stack(i))
    """
    assert model(source).kind == "functional"


@pytest.mark.parametrize("threshold", [0, 700, 90_000])
def test_what_collects_garbage_is_as_it_was_after_reading(threshold: int) -> None:
    before = gc.get_threshold()
    try:
        gc.set_threshold(threshold, 9, 8)
        read("m = Sequential([Input((3,)), Dense(6)])")
        assert gc.get_threshold() == (threshold, 9, 8)
    finally:
        gc.set_threshold(*before)


def test_the_mask_behind_many_residual_blocks_is_looked_for_once() -> None:
    source = """
    class Gelu(layers.Layer):
        def call(self, x, mask=None):
            return x * 2
    x = i = Input((7, 8))
    for _ in range(60):
        y = Gelu()(layers.Dense(8)(layers.LayerNormalization()(x)))
        x = layers.add([layers.add([y, x]), x])
    Model(i, layers.Dense(3)(x))
    """
    assert str(model(source).output_shape) == "(None, 7, 3)", reasons(source)


@pytest.mark.parametrize("path", sorted((Path(__file__).parent / "cases").glob("*.py")), ids=lambda path: path.stem)
def test_what_is_gathered_at_the_end_needs_no_work_that_is_left(path: Path) -> None:
    module = parse(path.read_text(encoding="utf-8"), path.name)
    machine = machine_for(module, path.name)
    run(machine, module)
    machine.fuel = 0
    assert _gather(machine, module, path.name).path == path.name
