"""Whether the programs of `sound_models.py` are sound: each is run as it stands, on data of its own kind, in Keras.

    python benchmarks/false_confirmations.py --verify [--limit N]

What a model learned is told by a score of its predictions on data that it has not seen: 0 is what the best constant
answer gets, 1 is perfect. No loss enters it, since some losses here do not suit their model on purpose.
"""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from unittest import mock

from sound_models import Input, Sound, Task

LEARNED = 0.3
"""A score from which on a model has clearly learned."""

SAMPLES, HELD_BACK = 1024, 512
CAUSES = 3
"""Hidden causes behind each input, of which the labels are made."""


@dataclass(frozen=True)
class Learned:
    """The scores of one program and of its twin, the lowest of their outputs."""

    name: str
    source: float
    twin: float
    error: str = ""

    @property
    def is_sound(self) -> bool:
        return not self.error and min(self.source, self.twin) >= LEARNED


def verify(sound: Sound, backend: str) -> Learned:
    """Train the program, and its twin where that has to be sound, too."""
    os.environ |= {"KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    os.environ |= {"OMP_NUM_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1"}
    try:
        source = score(sound, sound.source)
        return Learned(sound.name, source, source if sound.is_claim else score(sound, sound.twin))
    except Exception as error:  # an unsound program is what we look for
        return Learned(sound.name, 0.0, 0.0, f"{type(error).__name__}: {error}")


def score(sound: Sound, source: str) -> float:
    """Run the text with data in the place of its files, and ask the model what it learned."""
    import keras
    import numpy as np

    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    inputs, labels = data(sound.inputs, sound.tasks)
    names = ["y"] if len(labels) == 1 else [f"y{n}" for n, _ in enumerate(labels)]
    files = {given.name: array for given, array in zip(sound.inputs, inputs, strict=True)}
    files |= dict(zip(names, labels, strict=True))
    space: dict[str, Any] = {"__name__": "__main__"}

    def load(file: str) -> Any:
        return files[file.removesuffix(".npy")][:SAMPLES]

    with mock.patch.object(np, "load", load), contextlib.redirect_stdout(io.StringIO()):
        exec(compile(source, sound.name, "exec"), space)
    held_back = [array[SAMPLES:] for array in inputs]
    found = space["model"].predict(held_back if len(held_back) > 1 else held_back[0], verbose=0)
    outputs = found if isinstance(found, list) else [found]
    return min(
        _score(task, label[SAMPLES:], output) for task, label, output in zip(sound.tasks, labels, outputs, strict=True)
    )


def data(inputs: Sequence[Input], tasks: Sequence[Task]) -> tuple[list[Any], list[Any]]:
    """Inputs with hidden causes, and labels that are a little bent functions of these."""
    import numpy as np

    rng = np.random.default_rng(7)
    arrays, causes = zip(*(_input(given, SAMPLES + HELD_BACK, rng) for given in inputs), strict=True)
    behind = sum(causes)
    return list(arrays), [_labels(task, behind, rng) for task in tasks]


def _input(given: Input, samples: int, rng: Any) -> tuple[Any, Any]:
    import numpy as np

    if given.vocabulary and given.shape == (1,):
        array = rng.integers(given.vocabulary, size=(samples, 1))
        return array, rng.standard_normal((given.vocabulary, CAUSES))[array[:, 0]]
    causes = rng.standard_normal((samples, CAUSES))
    if given.vocabulary:
        share = np.exp(1.5 * causes)
        edges = np.cumsum(share / share.sum(axis=1, keepdims=True), axis=1)
        part = (rng.random((samples, *given.shape))[:, None] > edges[:, :-1, None]).sum(axis=1)
        return ((part + rng.random(part.shape)) * given.vocabulary / CAUSES).astype("int32"), causes
    noise = rng.standard_normal((samples, *given.shape))
    # Rows and columns of an image differ in what they show; a series and a set of columns have no such places.
    places = given.shape[:2] if len(given.shape) == 3 else (1,) * (len(given.shape) - 1)
    patterns = rng.standard_normal((CAUSES, *[min(size, 2) for size in places], given.shape[-1]))
    for axis, size in enumerate(places, start=1):
        patterns = np.repeat(patterns, size // patterns.shape[axis], axis=axis)
    return (0.4 * noise + np.tensordot(causes, patterns, axes=1)).astype("float32"), causes


def _labels(task: Task, causes: Any, rng: Any) -> Any:
    import numpy as np

    columns = max(task.columns, 1)
    scores = causes @ rng.standard_normal((CAUSES, columns))
    scores += 0.3 * np.tanh(causes @ rng.standard_normal((CAUSES, 8))) @ rng.standard_normal((8, columns))
    scores = (scores - scores.mean(axis=0)) / scores.std(axis=0)
    match task.labels:
        case "real":
            made = scores
        case "unit":
            made = 1 / (1 + np.exp(-2 * scores))
        case "signed":
            made = np.tanh(scores)
        case "binary" | "multi-label":
            made = scores > 0
        case "sparse":
            return scores.argmax(axis=1).astype("int32")
        case _:
            made = np.eye(columns)[scores.argmax(axis=1)]
    made = made.astype("float32")
    return made[:, 0] if columns == 1 else made


def _score(task: Task, labels: Any, predicted: Any) -> float:
    """How far from the best constant answer (0) to the truth (1)."""
    import numpy as np

    labels = labels.reshape(len(labels), -1)
    match task.labels:
        case "real" | "unit" | "signed":
            left = ((labels - predicted.reshape(labels.shape)) ** 2).mean(axis=0)
            return float((1 - left / labels.var(axis=0)).mean())
        case "binary" | "multi-label":
            right = (predicted.reshape(labels.shape) > 0.5) == (labels > 0.5)
            return float(2 * right.mean() - 1)
        case _:
            classes = labels[:, 0] if task.labels == "sparse" else labels.argmax(axis=1)
            most = np.bincount(classes.astype(int)).max() / len(classes)
            return float((np.mean(predicted.argmax(axis=1) == classes) - most) / (1 - most))
