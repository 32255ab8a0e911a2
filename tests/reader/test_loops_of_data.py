"""Loops that only train, predict, draw batches or move data leave enough fuel for what comes behind them."""

from __future__ import annotations

import pytest

from keraslint.graph.parameters import parameters
from keraslint.reader import read
from keraslint.reader.parsing import parse
from keraslint.reader.program import machine_for, run

MODEL = """
model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation="relu"), layers.Dense(1)])
model.compile("adam", "mse")
"""

SAMPLED_TEXT = """
for epoch in range(60):
    model.fit(x, y, epochs=1)
    for temperature in [0.2, 0.5, 1.0, 1.2]:
        text = "seed" * 15
        for i in range(400):
            sampled = np.zeros((1, 60, 57))
            for t, char in enumerate(text):
                sampled[0, t, ord(char) % 57] = 1.0
            text = text[1:] + chr(int(np.argmax(model.predict(sampled)[0])))
"""

BATCHES = """
def train(epochs, batch):
    for epoch in range(epochs):
        for _ in range(60000 // batch):
            noise = np.random.normal(0, 1, (batch, 4))
            model.train_on_batch(np.concatenate([noise, model.predict(noise)]), np.zeros(2 * batch))

train(200, 128)
"""

EPISODES = """
totals = []
for episode in range(500):
    total, state = 0, env.reset()
    for step in range(200):
        state, reward, done, _ = env.step(0 if state[2] < 0 else 1)
        total += reward
        if done:
            break
    totals.append(total)
"""

BAGS = """
bags, n = [], 0
for _ in range(1000):
    index = np.random.choice(60000, 3, replace=False)
    if 8 in y[index]:
        n += 1
    bags.append(x[index])
"""

FILLED = """
images = np.zeros((1377, 64, 64, 3))
for i in range(1377):
    image = cv2.imread("train/" + str(i + 1) + ".jpg")
    if image.shape[0] > image.shape[1]:
        image = np.rot90(image)
    images[i] = cv2.resize(image, (64, 64))
    if i % 100 == 0:
        print(i)
"""

DRAINED = """
def batches():
    n = 0
    while True:
        for i in range(10000):
            n = n + i * i % 7
            yield x[i : i + 32], y[i : i + 32]

for inputs, targets in batches():
    model.train_on_batch(inputs, targets)
"""

WHILE = """
n = 0
while n < 10**6:
    n = n + 1
    squares = [k * k for k in range(20)]
"""

HEADER = """\
import cv2, gym, keras
import numpy as np
from keras import layers
x, y = np.load("x.npy"), np.load("y.npy")
env = gym.make("CartPole-v1")
"""

DRAWN = """
def draw(parameters):
    spread = np.exp(parameters)
    return spread / spread.sum()

for run in range(3000):
    mean = draw(np.zeros((7,)))
samples = np.array([draw(np.zeros((7,))) for _ in range(10000)])
"""

LOOPS = {
    "drawn": DRAWN,
    "sampled text": SAMPLED_TEXT,
    "batches": BATCHES,
    "episodes": EPISODES,
    "bags": BAGS,
    "filled": FILLED,
    "drained": DRAINED,
    "while": WHILE,
}


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("loop", LOOPS)
def test_a_model_beside_a_long_loop_is_known(loop: str, before: bool) -> None:
    parts = (MODEL, LOOPS[loop]) if before or "model." in LOOPS[loop] else (LOOPS[loop], MODEL)
    program = read(HEADER + "".join(parts), "program.py")
    assert [unknown for unknown in program.unknowns if "more work" in unknown.reason] == []
    (training,) = program.trainings
    assert parameters(training.model)[0] == (4 + 1) * 8 + 8 + 1


def test_an_array_that_a_loop_fills_keeps_its_shape() -> None:
    program = read(
        HEADER + FILLED + "model = keras.Sequential([keras.Input(images.shape[1:]), layers.Dense(1)])", "a.py"
    )
    (model,) = program.models
    assert model.inputs[0].shape.dims[1:] == (64, 64, 3)


SAMPLES = "model = keras.Sequential([keras.Input(samples.shape[1:]), layers.Dense(len(samples))])"


def test_a_comprehension_of_like_arrays_has_as_many_as_its_turns() -> None:
    (model,) = read(HEADER + DRAWN + SAMPLES, "a.py").models
    assert model.inputs[0].shape.dims[1:] == (7,)
    assert parameters(model)[0] == (7 + 1) * 10000


@pytest.mark.parametrize(
    "samples",
    [
        "[np.zeros((2 + i // 50,)) for i in range(100)]",  # the first turns are alike, the later ones are not
        "[np.zeros((2,)) if i < 50 else np.zeros((3,)) for i in range(100)]",
        "[np.zeros((2, 1 + (i > 90))) for i in range(100)]",
    ],
)
def test_a_comprehension_whose_later_arrays_differ_is_played(samples: str) -> None:
    source = f"samples = {samples}\nsizes = [len(samples[0].shape), *samples[-1].shape]\n"
    source += "model = keras.Sequential([keras.Input((4,)), *[layers.Dense(size) for size in sizes]])"
    (model,) = read(HEADER + source, "a.py").models
    expected = eval(samples, {"np": __import__("numpy")})
    sizes = [len(expected[0].shape), *expected[-1].shape]
    assert [layer.argument("units") for layer in model.layers] == sizes


def test_a_comprehension_that_counts_beside_its_arrays_is_played() -> None:
    source = """
seen = []
samples = [seen.append(i) or np.zeros((2,)) for i in range(100)]
model = keras.Sequential([keras.Input((4,)), layers.Dense(len(seen))])
"""
    (model,) = read(HEADER + source, "a.py").models
    assert parameters(model)[0] == (4 + 1) * 100


def test_a_long_loop_that_adds_layers_is_played_in_full() -> None:
    source = "model = keras.Sequential([keras.Input((4,))])\nfor i in range(1500):\n    model.add(layers.Dense(4))\n"
    (model,) = read(HEADER + source, "a.py").models
    assert len(model.layers) == 1500


def test_a_function_that_calls_itself_on_unknown_data_is_left() -> None:
    source = """
import keras
from keras import layers

def prune(narrow, wide):
    if is_wrapped(wide):
        return type(wide)(prune(narrow, wide.inner))
    if is_mapping(narrow):
        items = [(key, prune(value, wide[key])) for key, value in narrow.items()]
        return type(wide)(wide.factory, items) if is_default(wide) else type(wide)(items)
    if is_nested(narrow):
        return type(wide)(*[prune(a, b) for a, b in zip(narrow, wide)])
    return wide

def build(size, depth):
    return layers.Dense(size) if depth == 0 else build(size, depth - 1)

for spec in specs():
    prune(spec, data())
model = keras.Sequential([keras.Input((3,)), build(5, 2)])
"""
    module = parse(source, "program.py")
    machine = machine_for(module, "program.py")
    before = machine.fuel
    run(machine, module)
    assert before - machine.fuel < 400
    assert str(read(source, "program.py").models[-1].output_shape) == "(None, 5)"
