"""At which learning rate does which kind of network stop learning? The measurement behind keras-high-learning-rate.

Every network is trained as Keras initializes it, with batches of 32, on 2,048 standardized samples of a smooth
teacher with noise; 512 more are held back. The score of a run is the held-back loss over that of the best constant.
*Harm* is a score that after 400 updates is no better than the constant's (or not finite), or worse by 0.1 or more
than that of the same seed at the optimizer's default rate. Needs Keras with TensorFlow; progress goes to stderr:

    python benchmarks/learning_rates.py --kinds attention recurrent --seeds 5 --jsonl scores.jsonl

Good: the shares of harm at each rate are those of the table in docs/rules/keras-high-learning-rate.md.
In `make bench`: --kinds dense --only "1 Dense(64" --tasks regression --seeds 1 --updates 100 --rates 0.01 1.0
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from keras import layers

TRAINED, HELD_BACK, BATCH, UPDATES = 2048, 512, 32, 400
CLASSES = 5
WORSE = 0.1
"""By how much a score must be above that of the default rate to count as harm."""

DEFAULTS = {"sgd": 0.01, "momentum": 0.01}
"""Rates to compare with; 0.001 for the rest."""
ADAPTIVE_RATES, SGD_RATES = (0.003, 0.01, 0.03, 0.1, 1.0), (0.03, 0.1, 0.3, 1.0, 3.0)

OPTIMIZERS: dict[str, Callable[[], Any]] = {
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "nadam": keras.optimizers.Nadam,
    "adamax": keras.optimizers.Adamax,
    "rmsprop": keras.optimizers.RMSprop,
    "lion": keras.optimizers.Lion,
    "sgd": keras.optimizers.SGD,
    "momentum": lambda: keras.optimizers.SGD(momentum=0.9),
}


@dataclass(frozen=True)
class Net:
    """A network up to its head: the name of its row, and the layers behind an input of ``shape``."""

    kind: str
    name: str
    shape: tuple[int, ...]
    body: Callable[[Any], Any]

    @property
    def inputs(self) -> str:
        """What it reads."""
        return {"attention": "sets", "conv": "images", "dense": "vectors", "recurrent": "series", "text": "texts"}[
            self.kind
        ]

    def build(self, task: str) -> Any:
        """With a new head for ``task``, newly initialized."""
        inputs = keras.Input(self.shape, dtype="int32" if self.inputs == "texts" else "float32")
        head = layers.Dense(1) if task == "regression" else layers.Dense(CLASSES)
        return keras.Model(inputs, head(self.body(inputs)))


VECTOR, IMAGE, SERIES, TEXT = (16,), (12, 12, 1), (16, 4), (16,)
WORDS = 200
"""How many words a text is made of."""


def dense(depth: int, width: int, activation: str | None = "relu", *, normalized: bool = False) -> Net:
    def body(x: Any) -> Any:
        for _ in range(depth):
            x = layers.Dense(width, activation=None if normalized else activation)(x)
            if normalized:
                x = layers.Activation(activation)(layers.BatchNormalization()(x))
        return x

    suffix = " with BatchNormalization" if normalized else ""
    name = f"{depth} Dense({width}, {activation}){suffix}" if depth else "one linear layer"
    return Net("dense", name, VECTOR, body)


def residual(blocks: int, width: int, *, normalized: bool) -> Net:
    """Blocks of two Dense layers, each added to what goes in."""

    def body(x: Any) -> Any:
        x = layers.Dense(width)(x)
        for _ in range(blocks):
            x = x + layers.Dense(width)(layers.Dense(width, activation="relu")(x))
            x = layers.LayerNormalization()(x) if normalized else x
        return x

    suffix = "LayerNormalization" if normalized else "no normalization"
    return Net("dense", f"{blocks} residual blocks of {width}, {suffix}", VECTOR, body)


def conv(depth: int, filters: int, end: str = "flatten, dense", *, normalized: bool = False) -> Net:
    def body(x: Any) -> Any:
        for index in range(depth):
            x = layers.Conv2D(filters, 3, padding="same", activation=None if normalized else "relu")(x)
            if normalized:
                x = layers.ReLU()(layers.BatchNormalization()(x))
            if index % 2:
                x = layers.MaxPooling2D()(x)
        x = layers.GlobalAveragePooling2D()(x) if end.startswith("average") else layers.Flatten()(x)
        return layers.Dense(64, activation="relu")(x) if end.endswith("dense") else x

    suffix = " with BatchNormalization" if normalized else ""
    return Net("conv", f"{depth} Conv2D({filters}), {end}{suffix}", IMAGE, body)


def recurrent(cell: str, units: int) -> Net:
    return Net("recurrent", f"{cell}({units})", SERIES, lambda x: getattr(layers, cell)(units)(x))


def text(name: str, body: Callable[[Any], Any]) -> Net:
    return Net("text", f"Embedding, {name}", TEXT, lambda x: body(layers.Embedding(WORDS, 32)(x)))


def attention(blocks: int, size: int, *, normalized: bool) -> Net:
    """Blocks of attention and two Dense layers with residual connections, as in a Transformer."""

    def join(x: Any, new: Any) -> Any:
        return layers.LayerNormalization()(x + new) if normalized else x + new

    def body(x: Any) -> Any:
        x = layers.Dense(size)(x)
        for _ in range(blocks):
            x = join(x, layers.MultiHeadAttention(2, size // 2)(x, x))
            x = join(x, layers.Dense(size)(layers.Dense(2 * size, activation="relu")(x)))
        return layers.GlobalAveragePooling1D()(x)

    suffix = "LayerNormalization" if normalized else "no normalization"
    return Net("attention", f"{blocks} attention blocks of {size}, {suffix}", SERIES, body)


NETS = (
    dense(0, 0),
    dense(1, 64),
    dense(2, 8),
    dense(2, 64),
    dense(2, 256),
    dense(4, 64),
    dense(4, 256),
    dense(6, 64),
    dense(3, 64, normalized=True),
    dense(3, 64, "tanh"),
    dense(3, 64, None),
    residual(2, 32, normalized=False),
    residual(2, 32, normalized=True),
    residual(2, 128, normalized=False),
    residual(2, 128, normalized=True),
    conv(2, 16),
    conv(4, 16),
    conv(2, 16, normalized=True),
    conv(2, 16, "flatten"),
    conv(4, 16, "average"),
    conv(4, 16, "average, dense"),
    recurrent("LSTM", 4),
    recurrent("SimpleRNN", 16),
    recurrent("SimpleRNN", 64),
    recurrent("LSTM", 16),
    recurrent("LSTM", 64),
    recurrent("GRU", 64),
    text("mean, Dense(64)", lambda x: layers.Dense(64, activation="relu")(layers.GlobalAveragePooling1D()(x))),
    text("LSTM(64)", lambda x: layers.LSTM(64)(x)),
    attention(1, 32, normalized=True),
    attention(2, 64, normalized=True),
    attention(1, 32, normalized=False),
    attention(2, 64, normalized=False),
)


def standardized(values: Any) -> Any:
    return (values - values.mean(0)) / values.std(0)


@cache
def data(inputs: str, task: str) -> tuple[Any, Any]:
    """Inputs, and what a smooth teacher of 12 tanh units makes of them, with noise.

    It sees the mean over the steps of a set and a text, since attention without positions does not know their
    order, and of a series the mean over each half.
    """
    rng = np.random.default_rng(7)
    shape = {"images": IMAGE, "vectors": VECTOR, "series": SERIES, "sets": SERIES, "texts": TEXT}[inputs]
    count = TRAINED + HELD_BACK
    x = rng.normal(size=(count, *shape)).astype("float32")
    if inputs == "images":  # neighboring pixels of an image are alike
        x = sum(np.roll(x, (i, j), (1, 2)) for i in range(3) for j in range(3)) / 3
    if inputs == "texts":
        x = rng.integers(0, WORDS, size=(count, *shape)).astype("int32")
    if inputs in ("images", "vectors"):
        seen = x.reshape(count, -1)
    else:
        steps = rng.normal(size=(WORDS, 8))[x] if inputs == "texts" else np.tanh(x @ rng.normal(size=(shape[-1], 8)))
        halves = np.split(steps, 2, axis=1) if inputs == "series" else [steps]
        seen = standardized(np.hstack([half.mean(1) for half in halves]))
    hidden = np.tanh(seen @ rng.normal(size=(seen.shape[1], 12)) * 1.2 / np.sqrt(seen.shape[1]))
    outputs = standardized(hidden @ rng.normal(size=(12, 1 if task == "regression" else CLASSES)))
    outputs = outputs + 0.25 * rng.normal(size=outputs.shape)
    if task == "regression":
        return x, standardized(outputs).astype("float32")
    return x, outputs.argmax(-1).astype("int32")


def loss_of(task: str, y: Any, outputs: Any) -> Any:
    if task == "regression":
        return tf.reduce_mean(tf.square(outputs - y))
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, outputs))


def constant_loss(task: str, y: Any) -> float:
    """What the best constant of the trained samples reaches on the held-back ones."""
    if task == "regression":
        return float(np.mean((y[TRAINED:] - y[:TRAINED].mean()) ** 2))
    shares = np.bincount(y[:TRAINED], minlength=CLASSES) / TRAINED
    return float(-np.log(shares[y[TRAINED:]]).mean())


class Trainer:
    """One compiled training of one network: each run starts from new weights, and nothing is traced twice."""

    def __init__(self, net: Net, task: str, optimizer: str) -> None:
        self.net, self.task = net, task
        self.x, self.y = (tf.constant(part) for part in data(net.inputs, task))
        self.constant = constant_loss(task, data(net.inputs, task)[1])
        self.model = net.build(task)
        self.optimizer = OPTIMIZERS[optimizer]()
        self.optimizer.build(self.model.trainable_variables)
        self.fresh = [variable.numpy() for variable in self.optimizer.variables]
        self.train = tf.function(self._train, jit_compile=False)

    def _train(self, batches: Any) -> None:
        variables = self.model.trainable_variables
        for batch in batches:
            with tf.GradientTape() as tape:
                outputs = self.model(tf.gather(self.x, batch), training=True)
                loss = loss_of(self.task, tf.gather(self.y, batch), outputs)
            self.optimizer.apply(tape.gradient(loss, [v.value for v in variables]), variables)

    def score(self, rate: float, seed: int, updates: int = UPDATES) -> float:
        """The held-back loss over the best constant's, after ``updates``."""
        keras.utils.set_random_seed(seed)
        self.model.set_weights(self.net.build(self.task).get_weights())
        for variable, value in zip(self.optimizer.variables, self.fresh, strict=True):
            variable.assign(value)
        self.optimizer.learning_rate.assign(rate)
        self.train(tf.constant(np.random.default_rng(seed).integers(0, TRAINED, (updates, BATCH))))
        held_back = loss_of(self.task, self.y[TRAINED:], self.model(self.x[TRAINED:], training=False))
        return float(held_back) / self.constant


def is_harm(score: float, default: float) -> bool:
    """No better than a constant, not a number, or clearly worse than at the default rate."""
    return not score < 1 or score >= default + WORSE


@dataclass(frozen=True)
class Row:
    """The scores of one network: by rate, one for each seed; the default rate first."""

    net: Net
    task: str
    optimizer: str
    scores: dict[float, list[float]]

    def harm(self, rate: float) -> float:
        """The share of seeds that come to harm at ``rate``."""
        default = next(iter(self.scores.values()))
        pairs = list(zip(self.scores[rate], default, strict=True))
        return sum(is_harm(score, at_default) for score, at_default in pairs) / len(pairs)

    def __str__(self) -> str:
        default, *rates = self.scores
        usual = f"{np.median(self.scores[default]):.2f}"
        return " | ".join(
            ["", self.optimizer, self.net.name, self.task, usual, *(f"{self.harm(rate):.0%}" for rate in rates), ""]
        ).strip()


def measure(net: Net, task: str, optimizer: str, rates: Sequence[float], seeds: int, updates: int = UPDATES) -> Row:
    trainer = Trainer(net, task, optimizer)
    default = DEFAULTS.get(optimizer, 0.001)
    tried = (default, *(rate for rate in rates if rate != default))
    return Row(
        net, task, optimizer, {rate: [trainer.score(rate, seed, updates) for seed in range(seeds)] for rate in tried}
    )


def rows(arguments: argparse.Namespace) -> Iterator[Row]:
    """Measured one after another, and told on stderr and in the file as soon as they are there."""
    nets = [net for net in NETS if net.kind in arguments.kinds and arguments.only in net.name]
    wanted = [(o, net, task) for o in arguments.optimizers for net in nets for task in arguments.tasks]
    for number, (optimizer, net, task) in enumerate(wanted, 1):
        begin = time.perf_counter()
        usual = SGD_RATES if optimizer in DEFAULTS else ADAPTIVE_RATES
        row = measure(net, task, optimizer, arguments.rates or usual, arguments.seeds, arguments.updates)
        print(f"{number}/{len(wanted)} {row} {time.perf_counter() - begin:.0f} s", file=sys.stderr, flush=True)
        if arguments.jsonl:
            with open(arguments.jsonl, "a", encoding="utf-8") as file:
                record = {"optimizer": optimizer, "net": net.name, "task": task, "scores": row.scores}
                file.write(json.dumps(record) + "\n")
        yield row
        keras.backend.clear_session()


def table(measured: Sequence[Row]) -> Iterator[str]:
    """Markdown: the median score at the default rate, and the share of seeds harmed at each rate."""
    rates: tuple[float, ...] = ()
    for row in measured:
        if tuple(row.scores)[1:] != rates:
            default, *others = row.scores
            rates = tuple(others)
            yield ""
            yield f"| optimizer | network | task | score at {default} | " + " | ".join(map(str, rates)) + " |"
            yield "|---" * (4 + len(rates)) + "|"
        yield str(row)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = tuple(dict.fromkeys(net.kind for net in NETS))
    parser.add_argument("--kinds", nargs="+", choices=kinds, default=kinds)
    parser.add_argument("--only", default="", metavar="TEXT", help="networks whose name contains this")
    parser.add_argument("--tasks", nargs="+", choices=("regression", "classes"), default=("regression", "classes"))
    parser.add_argument("--optimizers", nargs="+", choices=tuple(OPTIMIZERS), default=("adam",))
    parser.add_argument("--rates", nargs="+", type=float, help="besides the optimizer's default")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--updates", type=int, default=UPDATES)
    parser.add_argument("--jsonl", metavar="PATH", help="append every score to this file")
    arguments = parser.parse_args()
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    print("\n".join(table(list(rows(arguments)))))


if __name__ == "__main__":
    main()
