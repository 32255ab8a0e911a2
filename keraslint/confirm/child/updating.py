"""Updates of the weights by Keras's own train step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import keras

from keraslint.confirm import criteria
from keraslint.confirm.child.pace import Pace
from keraslint.confirm.child.subject import Array, Subject


def make_updates(subject: Subject, count: int, pace: Pace | None = None) -> Any:
    """Make updates; the log averages over the steps since the metrics were reset."""
    step = _step_of_tensorflow if keras.backend.backend() == "tensorflow" else _step_of_others
    log: Any = {}
    for last in step(subject, count):
        log = last
        if pace is not None:
            pace.check()
    return log


def _step_of_tensorflow(subject: Subject, count: int) -> Iterator[Any]:
    """By Keras's own train step, some in one call: what fit does around each takes longer than a small model."""
    count = min(count, len(subject.labels[0]))
    for begin in range(0, count, criteria.STEPS_AT_ONCE):
        yield subject.many(begin, min(begin + criteria.STEPS_AT_ONCE, count))


def loop_of_tensorflow(subject: Subject) -> Callable[[int, int], Any]:
    """Trains on the batches from one number up to another, in one compiled loop."""
    import tensorflow as tf

    model = subject.model
    x, y = (_one_or_tuple([tf.constant(array) for array in arrays]) for arrays in (subject.inputs, subject.labels))

    def many(begin: Any, end: Any) -> Any:
        def step(n: Any, _: Any) -> tuple[Any, Any]:
            return n + 1, model.train_step(tf.nest.map_structure(lambda array: array[n], (x, y)))

        nothing = tf.nest.map_structure(tf.zeros_like, model.get_metrics_result())
        return tf.while_loop(lambda n, _: n < end, step, (begin, nothing))[1]

    compiled = tf.function(many)
    return lambda begin, end: compiled(tf.constant(begin), tf.constant(end))


def _step_of_others(subject: Subject, count: int) -> Iterator[Any]:
    for n in range(min(count, len(subject.labels[0]))):
        x, y = (_one_or_tuple([array[n] for array in arrays]) for arrays in (subject.inputs, subject.labels))
        yield subject.model.train_on_batch(x, y, return_dict=True)


def _one_or_tuple(arrays: Sequence[Array]) -> Any:
    return arrays[0] if len(arrays) == 1 else tuple(arrays)
