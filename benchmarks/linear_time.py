"""Whether reading and judging a program takes time in proportion to its size: 1, 10 and 100 times the size.

Good: 10 and 100 times the size stay within the limits of the last two lines, and nothing is INCOMPLETE.
In `make bench`: --repeats 1
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable
from dataclasses import dataclass

from keraslint import rules
from keraslint.graph import Program
from keraslint.reader.parsing import parse
from keraslint.reader.program import machine_for, read_program, run

SIZES = (1, 10, 100)
MOST = {10: 12, 100: 120}
"""How much longer a program of 10 and 100 times the size may take."""

HEAD = """\
import numpy as np
from keras import Model, Sequential
from keras.layers import Add, Dense, Dropout, Input
from keras.optimizers import Adam

"""


def many(part: str, times: int, tail: str = "") -> Callable[[int], str]:
    """Programs that repeat ``part``, in which ``{i}`` is the number of the repetition; at size 1 ``times`` times."""

    def program(size: int) -> str:
        return HEAD + "".join(part.replace("{i}", str(index)) for index in range(times * size)) + tail

    return program


def around(start: str, part: str, times: int, end: str) -> Callable[[int], str]:
    """The same with a beginning and an end that are there once."""

    def program(size: int) -> str:
        return HEAD + start + "".join(part.replace("{i}", str(i)) for i in range(times * size)) + end

    return program


def turning(start: str, body: str, times: int, end: str) -> Callable[[int], str]:
    """A loop that turns in proportion to the size, in a program that stays as long as it is."""
    return lambda size: HEAD + f"{start}for i in range({times * size}):\n    {body}\n{end}"


def nested(size: int) -> str:
    """Functions that call one another twenty deep, in proportion to the size."""
    chains = []
    for chain in range(size):
        chains.append(f"def step_{chain}_0(x):\n    return Dense(4)(x)\n")
        chains += [f"def step_{chain}_{i}(x):\n    return step_{chain}_{i - 1}(Dense({i})(x))\n" for i in range(1, 20)]
        chains.append(f"inputs = Input((4,))\nmodel = Model(inputs, step_{chain}_19(inputs))\n")
    return HEAD + "".join(chains)


COMPILE = 'model.compile(loss="mse", optimizer=Adam(learning_rate=0.001), metrics=["mae"])\nmodel.fit(x, y)\n'
FUNCTIONAL = "model = Model(inputs, x)\n" + COMPILE
INPUTS = "x = inputs = Input((8,))\n"

SHAPES: dict[str, Callable[[int], str]] = {
    "models one after the other": many(
        """
model = Sequential()
model.add(Dense(8, activation="relu", input_shape=(4,)))
model.add(Dropout(0.5))
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer=Adam(learning_rate=0.001), metrics=["accuracy"])
model.fit(x_train, y_train, epochs={i})
""",
        10,
    ),
    "one long Sequential": around("model = Sequential([Input((8,))])\n", "model.add(Dense(8))\n", 30, COMPILE),
    "one long list of layers": around("model = Sequential([Input((8,)),\n", "    Dense(8),\n", 30, f"])\n{COMPILE}"),
    "one Sequential, shown now and then": around(
        "model = Sequential([Input((8,))])\n", "model.add(Dense(8))\n" * 4 + "print(model.output_shape)\n", 8, COMPILE
    ),
    "one long functional chain": around(INPUTS, "x = Dense(8)(x)\n", 30, FUNCTIONAL),
    "residual blocks": around(INPUTS, "y = Dense(8)(x)\nx = Add()([x, y])\n", 15, FUNCTIONAL),
    "calls of a block": around(
        "def block(x):\n    x = Dense(8)(x)\n    x = Dense(8)(x)\n    return Dropout(0.5)(x)\n\n" + INPUTS,
        "x = block(x)\n",
        20,
        FUNCTIONAL,
    ),
    "many outputs": around(
        "inputs = Input((8,))\noutputs = []\n",
        'outputs.append(Dense(1, activation="sigmoid")(inputs))\n',
        20,
        "model = Model(inputs, outputs)\n" + COMPILE,
    ),
    "functions": many(
        """
def build_{i}(units=8, rate=0.5):
    model = Sequential([Input((4,)), Dense(units, activation="relu"), Dropout(rate), Dense(1)])
    model.compile(loss="mse", optimizer="adam")
    return model
""",
        10,
    ),
    "functions and their calls": many(
        """
def build_{i}(units):
    model = Sequential([Input((4,)), Dense(units, activation="relu"), Dense(1)])
    model.compile(loss="mse", optimizer="adam")
    return model

build_{i}(4).fit(x, y)
""",
        8,
    ),
    "functions without models": many(
        """
def helper_{i}(path, values, scale={i}):
    total = 0
    for value in values:
        if value > scale:
            total += value * scale
        elif value is None:
            continue
    with open(path) as file:
        text = file.read().strip().split(",")
    return [item.lower() for item in text if item] + [str(total)]
""",
        8,
    ),
    "deep nested calls": nested,
    "classes": many(
        """
class Net{i}(Model):
    def __init__(self, units=8):
        super().__init__()
        self.hidden = Dense(units, activation="relu")
        self.head = Dense(1)

    def call(self, inputs):
        return self.head(self.hidden(inputs))
""",
        5,
    ),
    "trainers": many(
        """
class Trainer{i}:
    def __init__(self, units=8):
        self.units = units
        self.model = self.build()

    def build(self):
        model = Sequential([Input((4,)), Dense(self.units, activation="relu"), Dense(1)])
        model.compile(loss="mse", optimizer="adam")
        return model

    def train(self, x, y):
        self.model.fit(x, y)
""",
        4,
    ),
    "adversarial pairs": many(
        """
maker = Sequential([Input((8,)), Dense(8)])
judge = Sequential([Input((8,)), Dense(1, activation="sigmoid")])
judge.compile(loss="binary_crossentropy")
judge.trainable = False
both = Sequential([maker, judge])
both.compile(loss="binary_crossentropy")
both.fit(x, y)
judge.train_on_batch(x, y)
""",
        5,
    ),
    "one model trained again and again": around(
        "model = Sequential([Input((8,)), Dense(1)])\n", COMPILE + "model.evaluate(x, y)\n", 12, ""
    ),
    "a long loop": turning("model = Sequential([Input((8,))])\n", "model.add(Dense(8))", 20, COMPILE),
    "a long loop of a chain": turning(INPUTS, "x = Dense(8)(x)", 20, FUNCTIONAL),
    "branches on unknown flags": many(
        """
if flag_{i}:
    units = 4
else:
    units = 8
model = Sequential([Input((8,)), Dense(units), Dense(1)])
model.compile(loss="mse")
""",
        6,
    ),
    "branches on one flag": around(
        INPUTS, "x = Dense(8)(x)\nif use_dropout:\n    x = Dropout(0.5)(x)\n", 10, FUNCTIONAL
    ),
    "branches in one model": around(
        "model = Sequential([Input((8,))])\n",
        "if flag_{i}:\n    model.add(Dropout(0.5))\nmodel.add(Dense(8))\n",
        10,
        COMPILE,
    ),
    "early returns": around(
        "def build(name):\n",
        '    if name == "name {i}":\n        return Sequential([Input((8,)), Dense(1)])\n',
        12,
        "    return None\n\nmodel = build(name)\n" + COMPILE,
    ),
    "tries": many(
        """
try:
    import package_{i}
    units_{i} = 3
except ImportError:
    units_{i} = 4
with strategy.scope():
    model = Sequential([Input((8,)), Dense(units_{i})])
    model.compile(loss="mse")
""",
        6,
    ),
    "long literals": around(
        "data = [\n",
        "    [1.0, 2.0, 3.0, 4.0],\n",
        40,
        "]\nx = y = np.array(data)\nmodel = Sequential([Dense(4)])\n" + COMPILE,
    ),
    "steps of data": around(
        "x = y = np.zeros((100, 8))\n",
        "x = x / 255.0\nx = np.expand_dims(x, -1)\nx = x.reshape((100, 8))\n",
        15,
        "model = Sequential([Input((8,)), Dense(1)])\n" + COMPILE,
    ),
}


@dataclass(frozen=True)
class Measured:
    """What reading one program took."""

    seconds: float
    fuel_used: int
    fuel: int
    program: Program

    @property
    def complete(self) -> bool:
        """Whether fuel ended nowhere in the program."""
        return not any("more work than is allowed" in unknown.reason for unknown in self.program.unknowns)


def measure(source: str) -> Measured:
    """Read a program and let all rules look at it.

    The garbage collector is off, as in `timeit`: what it costs depends on all that is alive in the process.
    """
    module = parse(source, "program.py")
    machine = machine_for(module, "program.py")
    fuel = machine.fuel
    run(machine, module)
    gc.collect()
    gc.disable()
    try:
        started = time.process_time()
        program = read_program(module, "program.py")
        rules.check(program, rules.Options())
        seconds = time.process_time() - started
    finally:
        gc.enable()
    return Measured(seconds, fuel - machine.fuel, fuel, program)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3, help="runs of each program; the fastest counts")
    repeats: int = parser.parse_args().repeats
    measure(SHAPES["classes"](1))
    worst = dict.fromkeys(MOST, 0.0)
    print(f"{'':34}{'milliseconds':>26}{'times':>15}{'of the fuel':>14}")
    for name, program in SHAPES.items():
        best = [min((measure(program(size)) for _ in range(repeats)), key=lambda m: m.seconds) for size in SIZES]
        times = {size: one.seconds / best[0].seconds for size, one in zip(SIZES, best, strict=True)}
        worst = {size: max(ratio, times[size]) for size, ratio in worst.items()}
        shares = "".join(f"{one.fuel_used / one.fuel:5.0%}" for one in best)
        incomplete = "" if all(one.complete for one in best) else "  INCOMPLETE"
        milliseconds = "".join(f"{1000 * one.seconds:9.1f}" for one in best)
        print(f"{name:34}{milliseconds}{times[10]:8.1f}{times[100]:7.0f}{shares}{incomplete}", flush=True)
    for size, limit in MOST.items():
        print(f"{size} times the size takes at most {worst[size]:.1f} times as long; limit {limit}")


if __name__ == "__main__":
    main()
