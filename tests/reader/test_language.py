"""What Python's own features do to a model: each case is a program that must end in a model of the shape given."""

# ruff: noqa: E501 (a program in a table is one string)
from __future__ import annotations

import pytest
from reading import model, outputs, reasons, summary

EIGHT = "(None, 8)"

PROGRAMS = {
    "module constants": "UNITS = 4\nUNITS *= 2\nSequential([Input((3,)), Dense(UNITS)])",
    "arithmetic": "n = (2 ** 5 // 2 - 6) * 8 % 9\nSequential([Input((3,)), Dense(n)])",
    "text decides": "kind = 'wi' + 'de'\nSequential([Input((3,)), Dense(8 if kind == 'wide' else 2)])",
    "f-string as a key": "k = 1\nd = {'u1': 8}\nSequential([Input((3,)), Dense(d[f'u{k}'])])",
    "dict of settings": "cfg = dict(units=8, act='relu')\nSequential([Input((3,)), Dense(cfg['units'], activation=cfg.get('act'))])",
    "double star": "cfg = {'units': 8}\nSequential([Input((3,)), Dense(**cfg)])",
    "dict merged": "cfg = {**{'units': 2}, 'units': 8}\nSequential([Input((3,)), Dense(**cfg)])",
    "dict update": "cfg = {}\ncfg.update(units=8)\nSequential([Input((3,)), Dense(cfg.pop('units'))])",
    "slice": "sizes = [2, 4, 8]\nSequential([Input((3,)), Dense(sizes[1:][-1])])",
    "unpacking with a star": "a, *b = (1, 4, 8)\nSequential([Input((3,)), Dense(b[1])])",
    "swap": "a, b = 8, 1\na, b = b, a\nSequential([Input((3,)), Dense(b)])",
    "len": "names = ['x'] * 8\nSequential([Input((3,)), Dense(len(names))])",
    "walrus": "Sequential([Input((3,)), Dense(n := 4), Dense(n * 2)])",
    "lambda": "double = lambda n: n * 2\nSequential([Input((3,)), Dense(double(4))])",
    "conditional expression": "deep = True\nSequential([Input((3,)), Dense(8) if deep else Dense(1)])",
    "boolean default": "units = None\nSequential([Input((3,)), Dense(units or 8)])",
    "max, min, sum, round": "Sequential([Input((3,)), Dense(max(min(9, 8), round(sum([1.2, 2]))))])",
    "comprehension": "Sequential([Input((3,)), *[Dense(n) for n in (2, 4, 8) if n > 2]])",
    "nested comprehension": "Sequential([Input((3,))] + [Dense(a * b) for a in (1, 2) for b in (3, 4)])",
    "dict comprehension": "d = {k: v for k, v in zip('ab', (1, 8))}\nSequential([Input((3,)), Dense(d['b'])])",
    "set of choices": "Sequential([Input((3,)), Dense(8 if 'a' in {'a', 'b'} else 1)])",
    "try": "try:\n    import tensorflow\nexcept ImportError:\n    pass\nSequential([Input((3,)), Dense(8)])",
    "try that raises": "try:\n    raise ValueError\nexcept ValueError:\n    n = 8\nSequential([Input((3,)), Dense(n)])",
    "finally": "try:\n    n = 4\nfinally:\n    n = 8\nSequential([Input((3,)), Dense(n)])",
    "with": "s = keras.distribution.DataParallel()\nwith s.scope():\n    m = Sequential([Input((3,)), Dense(8)])",
    "strategy scope": (
        "import tensorflow as tf\nstrategy = tf.distribute.MirroredStrategy()\n"
        "with strategy.scope():\n    m = Sequential([Input((3,)), Dense(8)])"
    ),
    "match on a value": (
        "kind = 'big'\nmatch kind:\n    case 'small':\n        n = 1\n    case 'big' | 'huge':\n        n = 8\n"
        "    case _:\n        n = 2\nSequential([Input((3,)), Dense(n)])"
    ),
    "for loop": "m = Sequential([Input((3,))])\nfor n in (2, 4, 8):\n    m.add(Dense(n))",
    "loop with enumerate": "x = i = Input((3,))\nfor k, n in enumerate([7, 7]):\n    x = Dense(n + k)(x)\nModel(i, x)",
    "loop that threads x": "x = i = Input((1,))\nfor k in range(3):\n    x = Dense(x.shape[-1] * 2)(x)\nModel(i, x)",
    "loop with break": "n = 0\nfor n in range(100):\n    if n == 8:\n        break\nSequential([Input((3,)), Dense(n)])",
    "loop with continue": (
        "m = Sequential([Input((3,))])\nfor n in (8, 1):\n    if n == 1:\n        continue\n    m.add(Dense(n))"
    ),
    "loop with else": "for _ in range(3):\n    pass\nelse:\n    n = 8\nSequential([Input((3,)), Dense(n)])",
    "while": "n = 1\nwhile n < 8:\n    n *= 2\nSequential([Input((3,)), Dense(n)])",
    "function": "def build(n):\n    return Sequential([Input((3,)), Dense(n)])\nbuild(8)",
    "default": "def build(n=8):\n    return Sequential([Input((3,)), Dense(n)])\nbuild()",
    "keyword only": "def build(*, n=2, m=3):\n    return Sequential([Input((3,)), Dense(n)])\nbuild(n=8)",
    "star args": "def build(*sizes):\n    return Sequential([Input((3,)), *map(Dense, sizes)])\nbuild(4, 8)",
    "star kwargs": "def dense(**kwargs):\n    return Dense(**kwargs)\nSequential([Input((3,)), dense(units=8)])",
    "kwargs passed on": (
        "def block(x, n, **kw):\n    return Dense(n, **kw)(x)\ni = Input((3,))\nModel(i, block(i, 8, activation='relu'))"
    ),
    "closure": "def outer(n):\n    def inner(x):\n        return Dense(n)(x)\n    return inner\ni = Input((3,))\nModel(i, outer(8)(i))",
    "nonlocal": (
        "def count():\n    n = 7\n    def up():\n        nonlocal n\n        n += 1\n    up()\n    return n\n"
        "Sequential([Input((3,)), Dense(count())])"
    ),
    "global": "n = 1\ndef set_it():\n    global n\n    n = 8\nset_it()\nSequential([Input((3,)), Dense(n)])",
    "function passed": "def apply(f, x):\n    return f(8)(x)\ni = Input((3,))\nModel(i, apply(Dense, i))",
    "decorated": (
        "import tensorflow as tf\n@tf.function\ndef size():\n    return 8\nSequential([Input((3,)), Dense(size())])"
    ),
    "partial": (
        "from functools import partial\nMyDense = partial(Dense, activation='relu')\nSequential([Input((3,)), MyDense(8)])"
    ),
    "early return": "def n(big):\n    if big:\n        return 8\n    return 1\nSequential([Input((3,)), Dense(n(True))])",
    "recursion that ends": (
        "def block(x, depth):\n    if depth == 0:\n        return x\n    return block(Dense(2 ** (3 - depth) * 2)(x), depth - 1)\n"
        "i = Input((3,))\nModel(i, block(i, 3))"
    ),
    "function nobody calls": "def build(n=8):\n    return Sequential([Input((3,)), Dense(n)])",
    "main guard": "def main():\n    Sequential([Input((3,)), Dense(8)])\nif __name__ == '__main__':\n    main()",
    "dataclass": (
        "from dataclasses import dataclass\n@dataclass\nclass Config:\n    units: int = 2\n    rate: float = 0.1\n"
        "c = Config(units=8)\nSequential([Input((3,)), Dense(c.units), Dropout(c.rate)])"
    ),
    "dataclass default": (
        "from dataclasses import dataclass\n@dataclass\nclass Config:\n    units: int = 8\n"
        "Sequential([Input((3,)), Dense(Config().units)])"
    ),
    "dataclass field": (
        "from dataclasses import dataclass, field\n@dataclass\nclass Config:\n    sizes: list = field(default_factory=lambda: [4, 8])\n"
        "    units: int = field(default=3)\nc = Config()\nSequential([Input((c.units,)), Dense(c.sizes[-1])])"
    ),
    "NamedTuple": (
        "from typing import NamedTuple\nclass Config(NamedTuple):\n    units: int\n    depth: int = 1\n"
        "Sequential([Input((3,)), Dense(Config(8).units)])"
    ),
    "namedtuple": (
        "from collections import namedtuple\nConfig = namedtuple('Config', ['units', 'rate'])\nc = Config(8, rate=0.5)\n"
        "Sequential([Input((3,)), Dense(c.units)])"
    ),
    "namedtuple of one text": (
        "import collections\nConfig = collections.namedtuple('Config', 'rate units')\nrate, units = Config(0.5, 8)\n"
        "Sequential([Input((3,)), Dense(units)])"
    ),
    "class of settings": "class Config:\n    UNITS = 8\nSequential([Input((3,)), Dense(Config.UNITS)])",
    "SimpleNamespace": (
        "from types import SimpleNamespace\nc = SimpleNamespace(units=8)\nSequential([Input((3,)), Dense(c.units)])"
    ),
    "property": (
        "class Config:\n    base = 4\n    @property\n    def units(self):\n        return self.base * 2\n"
        "Sequential([Input((3,)), Dense(Config().units)])"
    ),
    "static and class method": (
        "class Config:\n    n = 4\n    @staticmethod\n    def two():\n        return 2\n    @classmethod\n"
        "    def units(cls):\n        return cls.n * cls.two()\nSequential([Input((3,)), Dense(Config.units())])"
    ),
    "inheritance": (
        "class Base:\n    def size(self):\n        return 4\nclass Wide(Base):\n    def size(self):\n"
        "        return super().size() * 2\nSequential([Input((3,)), Dense(Wide().size())])"
    ),
    "annotated assignment": "n: int = 8\nSequential([Input((3,)), Dense(n)])",
    "argparse default": (
        "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--units', type=int, default=8)\n"
        "args = parser.parse_args()\nSequential([Input((3,)), Dense(args.units)])"
    ),
    "argparse with dashes, in a function": (
        "import argparse\ndef parse():\n    p = argparse.ArgumentParser()\n    p.add_argument('-n', '--hidden-units', default=8)\n"
        "    return p.parse_args()\ndef main(args):\n    return Sequential([Input((3,)), Dense(args.hidden_units)])\n"
        "main(parse())"
    ),
}


@pytest.mark.parametrize("source", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_the_program_ends_in_eight_units(source: str) -> None:
    assert outputs(source) == EIGHT, reasons(source)


UNKNOWN = {
    "parameter of a function that nobody calls": (
        "def build(units):\n    return Sequential([Input((3,)), Dense(units)])",
        "parameter `units` of build",
    ),
    "result of another package": (
        "import pandas as pd\nn = len(pd.read_csv('x.csv'))\nSequential([Input((3,)), Dense(n)])",
        "result of pandas.read_csv",
    ),
    "a name that is not defined": ("Sequential([Input((3,)), Dense(UNITS)])", "`UNITS` is not defined in this file"),
    "argparse without a default": (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--units', type=int)\n"
        "Sequential([Input((3,)), Dense(p.parse_args().units)])",
        "the command line's `units`",
    ),
    "argparse, required": (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--units', default=4, required=True)\n"
        "Sequential([Input((3,)), Dense(p.parse_args().units)])",
        "the command line's `units`",
    ),
    "a tuned number": (
        "def build(hp):\n    return Sequential([Input((3,)), Dense(hp.Int('units', 8, 64))])",
        "hyperparameter `units`: 8 … 64",
    ),
    "an input shape that is never given": ("Sequential([Dense(8), Flatten()])", "no input shape is given"),
    "a loop of unknown length": (
        "n = 1\nfor row in open('x'):\n    n *= 2\nSequential([Input((3,)), Dense(n)])",
        "open",
    ),
    "a function that calls itself for ever": (
        "def f(n):\n    return f(n + 1)\nSequential([Input((3,)), Dense(f(0))])",
        "f calls itself too deep",
    ),
}


@pytest.mark.parametrize(("source", "reason"), UNKNOWN.values(), ids=UNKNOWN.keys())
def test_what_cannot_be_known_says_why(source: str, reason: str) -> None:
    assert reason in reasons(source)


def test_shadowing_ends_with_its_scope() -> None:
    source = """
    n = 8
    def other():
        n = 1
        return n
    other()
    Sequential([Input((3,)), Dense(n)])
    """
    assert outputs(source) == EIGHT


def test_a_default_is_evaluated_where_the_function_is_defined() -> None:
    source = """
    n = 8
    def build(units=n):
        return Sequential([Input((3,)), Dense(units)])
    n = 1
    build()
    """
    assert outputs(source) == EIGHT


def test_a_loop_adds_its_layers_in_order() -> None:
    source = """
    m = Sequential([Input((16,))])
    for units in [12, 8]:
        m.add(Dense(units))
        m.add(Dropout(0.5))
    """
    assert summary(model(source)) == ["Dense(None, 12)", "Dropout(None, 12)", "Dense(None, 8)", "Dropout(None, 8)"]


@pytest.mark.parametrize(
    "how",
    [
        pytest.param("config.update(given)", id="update"),
        pytest.param("config = {**config, **given}", id="unpacked"),
        pytest.param("config = dict(config, **given)", id="dict with keywords"),
        pytest.param("config[name] = 5", id="an unknown key"),
    ],
)
def test_settings_that_something_unknown_may_have_overwritten_are_unknown(how: str) -> None:
    made = model(f"""
    def build(given, name):
        config = {{"units": 3}}
        {how}
        return Sequential([Input((4,)), Dense(config["units"])])
    """)
    assert not made.output_shape.known


def test_settings_that_are_given_again_behind_something_unknown_are_known() -> None:
    assert (
        outputs("""
        def build(given):
            config = {"units": 3}
            config.update(given)
            config.update(units=6)
            return Sequential([Input((4,)), Dense(config["units"])])
        """)
        == "(None, 6)"
    )


def test_an_attribute_whose_name_is_not_known_may_be_any() -> None:
    made = model("""
    class Config:
        units = 3

        def __init__(self, given):
            for name, value in given.items():
                setattr(self, name, value)

    def build(given):
        return Sequential([Input((4,)), Dense(Config(given).units)])
    """)
    assert not made.output_shape.known
