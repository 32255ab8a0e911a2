"""What the reader says of data, judged by numpy and Keras themselves: no claim about a value may be false."""

from __future__ import annotations

from typing import Any

import pytest

from keraslint.graph import Array, Unknown
from keraslint.reader import read

np = pytest.importorskip("numpy")
pytestmark = pytest.mark.keras

SETUP = """
import numpy as np
from keras.utils import normalize, pad_sequences, to_categorical
rng = np.random.default_rng(0)
ints = np.random.randint(0, 5, size=(200,))
column = np.random.randint(0, 5, (200, 1))
bits = np.random.randint(0, 2, 200)
pixels = np.random.randint(0, 256, (20, 8, 8, 3)).astype("uint8")
gray = np.random.randint(0, 256, (20, 8, 8), dtype="uint8")
reals = np.random.rand(50, 4)
normal = np.random.randn(50, 4)
rows = np.array([[1.0, 300.0], [2.0, 400.0], [3.0, 500.0]])
hot = np.eye(5)[ints]
"""

EXPRESSIONS = """
np.zeros((3, 4))
np.ones(5)
np.ones((2, 3), dtype="float32")
np.ones((2, 3), np.int32)
np.full((2, 2), 7)
np.full((2, 2), 0.5, dtype="float32")
np.zeros_like(pixels)
np.ones_like(reals)
np.eye(4)
np.eye(3, 5)
np.eye(4, k=1)
np.eye(1)
np.identity(3)
hot
np.eye(5)[column]
np.eye(5)[column.flatten()]
np.eye(5)[column[:, 0]]
np.arange(10)
np.arange(2, 20, 3)
np.arange(5, 0, -1)
np.arange(6).reshape(2, 3)
np.arange(0, 1, 0.1)
np.linspace(0, 1, 11)
np.linspace(0, 10, 11)
np.linspace(-3, 3)
np.linspace(0, 10, 3, dtype="int32")
np.array([1, 2, 3])
np.array([0, 1, 1, 0])
np.array([[0], [1], [1]])
np.array([[0, 1], [1, 0]])
np.array([[0, 1], [1, 1]])
np.array([[0, 0], [0, 0]])
np.array([1.5, 2])
np.array([1.5, 2.7], dtype=int)
np.array([300, 2], dtype="int64").astype("uint8")
np.array([-1, 1, -1])
np.array([-1, 0.5, 7]).astype(bool)
np.array(range(4))
np.array([ints, ints])
np.asarray(reals, dtype="float32")
np.array([float("nan"), 1.0])
np.array([np.inf, 1.0])
np.array([float("-inf"), 0.0])
rng.random((3, 2))
rng.integers(0, 10, size=30)
rng.integers(0, 1, size=30, endpoint=True)
rng.integers(5, size=(4, 4))
rng.normal(size=(3, 3))
rng.uniform(-2, 2, (3, 3))
rng.choice([0, 1], size=20)
rng.choice([-1, 1], size=20)
rng.choice(3, 20)
rng.choice([0.5, 1.5], 20)
rng.permutation(10)
rng.permutation(reals)
np.random.choice([1, 5, 9], 30)
np.random.uniform(size=(3,))
np.random.uniform(5, 1, (3,))
np.random.binomial(1, 0.5, 30)
np.random.binomial(4, 0.5, 30)
np.random.RandomState(0).rand(3, 3)
pixels / 255
pixels / 255.0
pixels.astype("float32") / 255
pixels.astype("float32") / 127.5 - 1
pixels - 128
pixels + 1
pixels * 2
-pixels
255 - pixels
pixels // 255
pixels % 10
ints % 2
ints - 5
ints * 0.1
2.0 ** reals
1 / (reals + 1)
10 / reals
reals * -3 + 1
(reals * 10).astype(int)
(reals * 300).astype("uint8")
(reals - 0.5).astype("int32")
reals.astype("int64")
-reals
(reals > 0.5).astype(int)
(reals[:, 0] > 0.5)
(reals.sum(axis=1) > 2).astype("float32")
~(reals > 0.5)
(reals > 0.2) & (reals < 0.8)
(ints == 3).astype("float32")
ints != column
0.1 < reals
(normal - normal.mean()) / normal.std()
(normal - normal.mean(axis=0)) / normal.std(axis=0)
(normal - np.mean(normal, axis=0)) / np.std(normal, axis=0)
normal / np.max(normal)
gray / gray.max()
reals @ np.ones((4, 2))
reals @ np.ones(4)
reals.dot(np.ones(4))
reals + normal
reals * reals
reals[:, :1] * normal
reals[:10]
reals[-5:]
reals[0]
reals[0, 1]
reals[:, 0]
rows[:, 0]
rows[:, :1]
rows[:, -1]
rows[1]
rows[rows > 2]
rows[rows[:, 0] > 1]
hot[:, 0]
hot[:10]
hot[..., None]
hot[:, None]
hot[[0, 1, 2]]
hot[ints]
hot[hot > 0]
hot.T
hot.reshape(100, 10)
hot.reshape(20, 10, 5)
hot.reshape(-1, 1)
hot.flatten()
hot.argmax(axis=1)
hot.argmax(axis=-1)
np.argmax(hot, axis=1)
np.argmax(hot, axis=0)
np.argmax(hot)
hot.sum(axis=1)
hot.sum()
hot.max(axis=1)
hot.max()
hot.mean(axis=0)
hot * 2
1 - hot
hot + 0
hot.astype(bool)
ints[:, None]
ints[:, np.newaxis]
ints[np.newaxis, :]
pixels[..., 0]
pixels[..., :1]
pixels[:, ::2, ::2]
pixels[:, 1:-1]
pixels[::-1]
gray[..., np.newaxis]
gray.reshape(-1, 8, 8, 1)
gray.reshape((20, -1))
gray.reshape(20, 64)
gray.reshape(len(gray), 8 * 8).astype("float32") / 255
np.expand_dims(gray, -1)
np.expand_dims(gray, 1)
np.expand_dims(hot, -1)
np.squeeze(np.ones((3, 1, 2)))
np.squeeze(column, axis=1)
np.squeeze(column)
column.squeeze()
column.ravel()
np.transpose(pixels)
np.transpose(pixels, (0, 3, 1, 2))
pixels.transpose(0, 3, 1, 2)
reals.T
np.stack([ints, bits])
np.stack([ints, bits], axis=-1)
np.stack([hot, hot])
np.concatenate([ints, bits])
np.concatenate([ints, ints + 10])
np.concatenate([hot, hot])
np.concatenate([hot, hot], axis=1)
np.concatenate([np.zeros(10), np.ones(10)])
np.concatenate((reals, normal), axis=-1)
np.vstack([ints, ints])
np.vstack([hot, hot])
np.hstack([ints, bits])
np.hstack([reals, normal])
np.hstack([hot, hot])
np.column_stack([ints, bits])
np.column_stack((reals, np.arange(50)))
np.clip(normal, -1, 1)
normal.clip(0, 1)
np.clip(ints, 1, 3)
np.clip(reals, 0.2, 0.5)
np.where(reals > 0.5, 1, 0)
np.where(reals > 0.5, 2, 5)
np.where(reals > 0.5, reals, 0)
np.where(reals > 0.5)
np.where(reals[:, 0] > 0.5)[0]
reals[np.where(reals[:, 0] > 0.5)]
reals[np.nonzero(reals[:, 0] > 0.5)[0]]
reals[[0, 2, 4]]
reals[list(range(5))]
reals[[n for n in range(50) if n % 3]]
reals[:, [0, 2]]
reals[np.argsort(reals[:, 0])[:10]]
np.argsort(ints)
np.argwhere(reals > 0.5)
np.isin(ints, [1, 2])
np.take(reals, [1, 2], axis=0)
reals.take(np.arange(3), axis=0)
np.delete(reals, 0, axis=1)
np.delete(reals, [0, 1], axis=0)
np.array_split(reals, 4)[1]
np.split(reals, [10, 20])[2]
np.split(np.linspace(0.0, 0.5, 6), [2, 4])[1]
np.sin(reals)
np.sin(pixels)
np.sin(np.linspace(0, 10, 50))
np.exp(normal)
np.log(reals + 1)
np.log1p(reals)
np.sqrt(reals)
np.sqrt(16)
np.abs(normal)
np.abs(reals - 0.5)
np.round(reals)
np.round(reals, 1)
np.round(reals > 0.5)
np.clip(reals > 0.5, 0, 3)
np.tanh(normal * 10)
np.unique(ints)
np.repeat(reals, 2, axis=0)
np.repeat(ints, 2)
np.tile(reals, 2)
np.flip(hot)
np.divide(pixels, 255.0)
np.subtract(ints, 2)
np.max(pixels)
np.mean(reals, axis=1)
np.mean(reals, axis=1, keepdims=True)
to_categorical(ints)
to_categorical(ints, 5)
to_categorical(ints, num_classes=8)
to_categorical(column)
to_categorical(column, 5)
to_categorical([0, 2, 1])
to_categorical([0, 2, 1], 4)
to_categorical(np.array([[0, 1], [2, 1]]), 3)
to_categorical(np.random.randint(0, 100, 5))
to_categorical(bits, 2).astype("int32")
pad_sequences([[1, 2], [3]], maxlen=4)
pad_sequences([[1, 2], [3]])
pad_sequences([[1, 2], [3]], maxlen=3, value=-1, padding="post")
pad_sequences([[1, 2], [3]], maxlen=3, dtype="float32")
normalize(reals)
normalize(normal, axis=1)
normalize(normal, order=1)
len(np.unique(ints))
pixels.shape
reals.T.shape
"""

CHANGES = r"""
x = np.zeros((3, 2)); x[0, 1] = 9
x = np.zeros(3); x[:] = np.arange(3) * 50
x = np.zeros((4, 3)); x[np.arange(4), [0, 1, 2, 0]] = 1
x = np.ones(3); y = x; y *= 40
x = np.ones(3); x += 4; x /= 2
x = np.ones(3); x.fill(8)
x = np.ones(3)\nfor i in range(30):\n    x = x * 2
x = np.ones(3)\nfor i in range(3):\n    x[i] = i * 100
x = np.ones(3)\nn = int(np.sum(x)) + 40000\nfor i in range(n):\n    x = x + 1
x = np.ones(3)\ndef grow(a):\n    a[0] = 77\ngrow(x)
x = np.ones(3); np.multiply(x, 9, out=x)
x = np.random.rand(30); np.random.shuffle(x)
x = np.ones(3); x[x > 0] = -5
x = np.zeros((2, 2)); x[0] += 5
x = np.zeros(3)\nfor i, v in enumerate([4, 5, 6]):\n    x[i] += v
x = np.array([v / 7 for v in range(9)])
x = np.array([[i, i + 1] for i in range(5)])
x = np.zeros(3, dtype="int32"); x[0] = 2.7
x = np.zeros(3, dtype="uint8"); x[1] = 200
x, y = np.split(np.arange(10), 2)
x = np.ones(4); x[1:3] -= 6
"""

PROGRAMS = [f"x = {line}" for line in EXPRESSIONS.strip().splitlines()]
PROGRAMS += [line.replace("\\n", "\n") for line in CHANGES.strip().splitlines()]


def claim(program: str) -> Any:
    """What the reader knows of ``x`` after the program."""
    fit = "\nimport keras\nmodel = keras.Sequential([keras.layers.Dense(1)])\nmodel.fit(x)\n"
    (call,) = read(SETUP + program + fit, "program.py").fits
    given = call.argument("x")
    assert given is not None
    return given.value


def false_claims(claimed: Any, real: Any) -> list[str]:
    """Everything that is said of the value and does not hold."""
    if isinstance(claimed, Unknown):
        return []
    if isinstance(claimed, tuple) and isinstance(real, tuple) and len(claimed) == len(real):
        return [wrong for pair in zip(claimed, real, strict=True) for wrong in false_claims(*pair)]
    if not isinstance(claimed, Array):
        return [] if np.array_equal(claimed, real) else [f"value {claimed}, not {real}"]
    real = np.asarray(real)
    dims = claimed.shape.dims
    wrong = []
    if claimed.shape.rank_known and len(dims) != real.ndim:
        return [f"shape {claimed.shape}, not {real.shape}"]
    for axis, dim in enumerate(dims if claimed.shape.rank_known else ()):
        if isinstance(dim, int) and dim != real.shape[axis]:
            wrong.append(f"shape {claimed.shape}, not {real.shape}")
    if isinstance(claimed.dtype, str) and claimed.dtype != real.dtype.name:
        wrong.append(f"dtype {claimed.dtype}, not {real.dtype}")
    if real.size:
        wrong.extend(_false_values(claimed, real))
    return wrong


def _false_values(claimed: Array, real: Any) -> list[str]:
    wrong = []
    if isinstance(claimed.low, int | float) and not np.nanmin(real) >= claimed.low - 1e-6:
        wrong.append(f"low {claimed.low}, not {real.min()}")
    if isinstance(claimed.high, int | float) and not np.nanmax(real) <= claimed.high + 1e-6:
        wrong.append(f"high {claimed.high}, not {real.max()}")
    if not _encoded(claimed.encoding, real):
        wrong.append(f"encoding {claimed.encoding}")
    if isinstance(claimed.classes, int):
        most = real.shape[-1] if claimed.encoding == "one-hot" else real.max() + 1
        if claimed.classes < most:
            wrong.append(f"{claimed.classes} classes, not {most}")
    return wrong


def _encoded(encoding: object, real: Any) -> bool:
    match encoding:
        case "integer":
            return bool((real == np.floor(real)).all() and real.min() >= 0)
        case "binary":
            return bool(np.isin(real, (0, 1)).all())
        case "one-hot":
            return real.ndim > 1 and bool(np.isin(real, (0, 1)).all() and (real.sum(axis=-1) == 1).all())
        case "multi-hot":
            return bool(np.isin(real, (0, 1)).all())
        case "continuous":
            return bool((real != np.floor(real)).any())
        case _:
            return True


@pytest.mark.parametrize("program", PROGRAMS)
def test_no_claim_about_data_is_false(program: str) -> None:
    names: dict[str, Any] = {}
    try:
        exec(SETUP + program, names)  # our own text, above
    except OverflowError:
        pytest.skip("numpy rejects it")
    assert false_claims(claim(program), names["x"]) == []


def test_most_of_it_is_known() -> None:
    claims = [claim(program) for program in PROGRAMS]
    known = sum(isinstance(c, Array) and c.shape.known for c in claims)
    assert known / len(claims) > 0.7, f"{known} shapes of {len(claims)}"
