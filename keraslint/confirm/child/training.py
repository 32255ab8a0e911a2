"""Trains one build plan from several seeds with Keras's own train step, and observes what comes of it."""

from __future__ import annotations

import json
import math
import re
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from keraslint.confirm import criteria, limits
from keraslint.confirm.child.building import Unsupported, build, compile_model, make
from keraslint.confirm.child.pace import Late, Pace, Schedule, Seconds
from keraslint.confirm.child.samples import make_inputs, make_labels
from keraslint.confirm.child.scoring import Score, constant_score, score

Json = Any
Array = Any

OUT_OF_MEMORY = ("ResourceExhaustedError", "MemoryError", "OutOfMemoryError")
"""By name: the classes belong to backends that need not be installed."""


@dataclass
class Subject:
    """A compiled model with its data, ready to be trained again and again."""

    model: keras.Model
    weights: list[Any]
    """To be trained; those of frozen layers included."""
    inputs: list[Array]
    labels: list[Array]
    """One array per input and output: batches along the first axis, samples along the second."""
    held: list[Array]
    """The inputs that were held back."""
    truth: list[Array]
    """Their labels, one array per output."""
    reading: Sequence[Mapping[str, Json]]
    """How labels are to be read, from the plan."""
    at_once: int
    """How many samples are predicted together."""
    fresh: list[Array] = field(default_factory=list)
    """The optimizer's state before the first step."""
    constant: list[Array] = field(default_factory=list)
    """What a predictor says that ignores its input, one array per output."""
    many: Callable[[int, int], Any] = field(init=False)
    """TensorFlow's compiled loop, which is made at the first step."""

    @property
    def rate(self) -> float:
        """The learning rate that the optimizer had when it was made."""
        variables = self.model.optimizer.variables
        return float(next(v for v, known in zip(self.fresh, variables, strict=True) if known is self._rate))

    @property
    def _rate(self) -> Any:
        return self.model.optimizer._learning_rate


def observe(plan: Mapping[str, Json], seeds: Sequence[int], pace: Pace) -> Iterator[dict[str, Json]]:
    """Events about one plan: a ``run`` per seed, ``error`` or ``failure``; then ``done`` with warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield from _observe(plan, seeds, pace)
    pace.next_plan()
    texts = [" ".join(str(w.message).split()) for w in caught if issubclass(w.category, UserWarning)]
    # The same warning comes again for every batch size.
    distinct = {re.sub(r"\d+", "#", text): text for text in texts}
    yield {"event": "done", "warnings": sorted(distinct.values())}


def _observe(plan: Mapping[str, Json], seeds: Sequence[int], pace: Pace) -> Iterator[dict[str, Json]]:
    try:
        if "object" in plan or plan["compile"] is None:
            with _phase("building"):
                make(plan) if "object" in plan else build(plan)
            return
        subject = _subject(plan, seeds[0])
        rate = _rate(plan, subject)
        schedule = _schedule(plan, subject, len(seeds), pace)
        steps = max(schedule.updates // schedule.epochs, 1)
        for seed in seeds[: schedule.seeds]:
            _restart(plan, subject, rate, seed)
            yield {"event": "run", "seed": seed, **_run(subject, schedule.epochs, steps, pace)}
    except Raised as raised:
        yield {"event": "error", "phase": raised.phase, "error": str(raised)}
    except Unsupported as problem:
        yield _failure(str(problem))
    except Late:
        yield _failure(f"out of time: the limit is {pace.seconds:g} seconds")
    except Exception as error:  # the next plan deserves its turn
        if type(error).__name__ in OUT_OF_MEMORY:
            yield _failure("it needs more memory than is allowed")
        else:
            yield _failure(f"it could not be observed: {error!r}")


class Raised(Exception):
    """Keras raised while it was doing what the program asks for; a symptom, not a failure of ours."""

    def __init__(self, phase: str, text: str) -> None:
        super().__init__(text)
        self.phase = phase


@contextmanager
def _phase(name: str) -> Iterator[None]:
    """Whatever Keras raises inside is what we came to see; lack of memory or of a Keras symbol is not."""
    try:
        yield
    except (Unsupported, Late):
        raise
    except Exception as error:
        if type(error).__name__ in OUT_OF_MEMORY:
            raise
        raise Raised(name, f"{type(error).__name__}: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    """The line that says what is wrong, without what TensorFlow says about where in its graph."""
    lines = [re.sub(r"\{\{.*?\}\}", "", line).strip() for line in str(error).splitlines()]
    lines = [line for line in lines if line]
    return next((line for line in lines if not line.startswith(("Graph execution", "Detected at node"))), "")


def _failure(reason: str) -> dict[str, Json]:
    return {"event": "failure", "reason": reason}


def _settle_statistics(model: keras.Model) -> None:
    """Let moving averages follow in the few updates there are: behind by hundreds, they say nothing of the fit."""
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = min(layer.momentum, criteria.QUICK_MOMENTUM)


KEPT: dict[str, Subject] = {}
"""The last subject, by its plan without what can be changed in it: to trace another takes longer than to train it."""


def _subject(plan: Mapping[str, Json], seed: int) -> Subject:
    """The plan's model, ready to be trained: the last one where only the learning rate is another."""
    key = json.dumps(_without_rate({name: value for name, value in plan.items() if name != "control"}))
    if key not in KEPT:
        large = any(subject.model.count_params() > criteria.WORTH_COLLECTING for subject in KEPT.values())
        KEPT.clear()
        keras.backend.clear_session(free_memory=large)
        keras.utils.set_random_seed(seed)
        KEPT[key] = _compiled(plan)
    return KEPT[key]


def _compiled(plan: Mapping[str, Json]) -> Subject:
    with _phase("building"):
        model, weights = build(plan)
    if model.count_params() > limits.MOST_WEIGHTS:
        raise Unsupported(f"too large to train here: {model.count_params():,} weights")
    with _phase("compiling"):
        compile_model(model, plan["compile"])
    _settle_statistics(model)
    subject = _with_data(plan, model, weights)
    with _phase("training"):
        _first_step(subject)
    return subject


def _without_rate(plan: Mapping[str, Json]) -> Mapping[str, Json]:
    match plan:
        case {"compile": {"optimizer": {"object": name, "arguments": {"learning_rate": int() | float(), **others}}}}:
            return {**plan, "compile": {**plan["compile"], "optimizer": [name, others]}}
    return plan


def _rate(plan: Mapping[str, Json], subject: Subject) -> float | None:
    """The learning rate of this plan; None where it is not a number. A control has a lower one, which is no cure."""
    rate = getattr(subject.model.optimizer, "_learning_rate", None)
    if not isinstance(rate, keras.Variable):
        return None
    match plan["compile"]:
        case {"optimizer": {"arguments": {"learning_rate": int() | float() as given}}}:
            value = float(given)
        case _:
            value = subject.rate
    return value * (criteria.NEUTRAL_RATE if plan.get("control") else 1.0)


def _with_data(plan: Mapping[str, Json], model: keras.Model, weights: list[Any]) -> Subject:
    size = plan.get("batch", criteria.BATCH)
    trained = plan["steps"] * size
    shapes = model.output_shape if isinstance(model.output_shape, list) else [model.output_shape]
    answers = min(math.prod(length or 1 for length in shape[1:-1]) for shape in shapes)
    held = criteria.HELD_BACK if answers < criteria.MANY_ANSWERS else criteria.HELD_BACK_OF_MANY
    inputs, causes = make_inputs(plan["inputs"], trained + held)
    labels = [
        make_labels(label, inputs, causes, shape, number)
        for number, (label, shape) in enumerate(zip(plan["labels"], shapes, strict=False))
    ]

    def batched(arrays: Sequence[Array]) -> list[Array]:
        return [array[:trained].reshape(plan["steps"], size, *array.shape[1:]) for array in arrays]

    small = sum(array[0].size for array in inputs) <= criteria.SMALL_SAMPLE
    return Subject(
        model,
        weights,
        batched(inputs),
        batched(labels),
        [array[trained:] for array in inputs],
        [array[trained:] for array in labels],
        plan["labels"],
        held if small else size,
    )


def _first_step(subject: Subject) -> None:
    """Make the first step, and keep the optimizer's state before it.

    Optimizer, loss and metrics get their variables before the step is traced: a trace in which variables are
    made is thrown away and done again, and tracing is most of what a small training costs.
    """
    model = subject.model
    model.optimizer.build(model.trainable_variables)
    subject.fresh.extend(np.array(variable) for variable in model.optimizer.variables)
    predictions = _predict(subject)
    _metrics(subject, predictions)
    subject.constant.extend(_constant(subject, predictions))
    if keras.backend.backend() == "tensorflow":
        subject.many = _loop_of_tensorflow(subject)
    _steps(subject, 1)


def _schedule(plan: Mapping[str, Json], subject: Subject, seeds: int, pace: Pace) -> Schedule:
    """That of the plan, or what of it fits into the time."""
    steps = _timed(lambda: _steps(subject, criteria.STEPS_AT_ONCE))
    scores = _timed(lambda: _scores(subject, _predict(subject)))
    asked = Schedule(plan["epochs"], plan["epochs"] * plan["steps"], seeds)
    return pace.fit(asked, Seconds(steps / min(criteria.STEPS_AT_ONCE, plan["steps"]), scores))


def _timed(work: Callable[[], object]) -> float:
    """How long it takes; once more where that is soon done, since the first time more is made ready than one sees."""
    timed: list[float] = []
    while not timed or (len(timed) < 2 and timed[0] < SOON):
        begin = time.monotonic()
        work()
        timed.append(time.monotonic() - begin)
    return min(timed)


SOON = 1.0
"""Seconds."""


INITIAL: dict[str, list[Array]] = {}
"""Initial weights by architecture and seed: most fixes leave the architecture alone."""


def forget() -> None:
    """Let go of what was kept for the plans of one program."""
    INITIAL.clear()
    KEPT.clear()


def _restart(plan: Mapping[str, Json], subject: Subject, rate: float | None, seed: int) -> None:
    """Put the model back to the beginning, with the initial weights of this seed; a control has others."""
    key = json.dumps([plan["graph"], plan["layers"], plan["frozen"], seed, plan.get("control")])
    if key not in INITIAL:
        keras.utils.set_random_seed(seed + (CONTROL_SEEDS if plan.get("control") else 0))
        INITIAL[key] = [np.array(variable) for variable in build(plan)[0].variables]
    for variable, value in zip(subject.model.variables, INITIAL[key], strict=True):
        variable.assign(value)
    for variable, value in zip(subject.model.optimizer.variables, subject.fresh, strict=True):
        variable.assign(value)
    if rate is not None:
        subject.model.optimizer.learning_rate = rate


CONTROL_SEEDS = 1000
"""Added to a seed, so that a control twin begins elsewhere."""


def _run(subject: Subject, epochs: int, steps: int, pace: Pace) -> dict[str, Json]:
    before = [np.array(weight) for weight in subject.weights]
    first = _predict(subject)
    logs, errors, predictions = [], [], first
    for _ in range(epochs):
        with _phase("training"):
            logs.append(_epoch(subject, steps, pace))
        predictions = _predict(subject)
        errors.append([one.error if one else None for one in _scores(subject, predictions)])
    after = [np.array(weight) for weight in subject.weights]
    moves = [np.max(np.abs(new - old), initial=0) for old, new in zip(before, after, strict=True)]
    moved = [weight for weight, move in zip(subject.weights, moves, strict=True) if move > criteria.MOVED]
    losses = [log["loss"] for log in logs]
    return {
        "updates": epochs * steps,
        "losses": losses,
        "metrics": {name: [log[name] for log in logs] for name in _proper(logs[0])},
        "start": _scores(subject, first),
        "end": _scores(subject, predictions),
        "constant": _scores_of_constant(subject, predictions),
        "errors": [list(curve) for curve in zip(*errors, strict=True)],
        "start_metrics": _metrics(subject, first),
        "end_metrics": _metrics(subject, predictions),
        "constant_metrics": _metrics(subject, subject.constant),
        "spreads": [float(np.max(p.std(axis=0), initial=0)) for p in predictions],
        "magnitudes": [float(np.mean(np.abs(p))) for p in predictions],
        "always": [_one_value(p) for p in predictions],
        "moved": len(moved),
        "weights": len(moves),
        "moved_layers": len(_owners(moved)),
        "layers": len(_owners(subject.weights)),
        "prints": [float(total) for weight in after for total in (np.sum(weight), np.sum(np.abs(weight)))],
        "finite": all(bool(np.all(np.isfinite(values))) for values in (losses, *predictions, *after)),
    }


def _owners(weights: Iterable[Any]) -> set[str]:
    """The layers that the weights belong to: their paths, without the last part."""
    return {weight.path.rpartition("/")[0] for weight in weights}


def _one_value(prediction: Array) -> float | None:
    value = float(np.mean(prediction))
    return value if np.ptp(prediction) <= criteria.CONSTANT_SPREAD * max(abs(value), 1.0) else None


def _epoch(subject: Subject, steps: int, pace: Pace) -> dict[str, float]:
    """The log of one epoch, as of ``fit(shuffle=False)``: in one order, only learning changes the loss."""
    subject.model.reset_metrics()
    log = _steps(subject, steps, pace)
    return {name: float(value) for name, value in log.items()}


def _steps(subject: Subject, count: int, pace: Pace | None = None) -> Any:
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


def _loop_of_tensorflow(subject: Subject) -> Callable[[int, int], Any]:
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


def _predict(subject: Subject) -> list[Array]:
    """The predictions for what was held back, as plain arrays, one per output."""
    parts = []
    for begin in range(0, len(subject.held[0]), subject.at_once):
        cut = [array[begin : begin + subject.at_once] for array in subject.held]
        made = subject.model.predict_on_batch(cut[0] if len(cut) == 1 else cut)
        parts.append(made if isinstance(made, list | tuple) else [made])
    return [np.concatenate(outputs) for outputs in zip(*parts, strict=True)]


def _scores(subject: Subject, predictions: Sequence[Array]) -> list[Score | None]:
    together = zip(subject.reading, subject.truth, predictions, strict=False)
    return [score(label, truth, prediction) for label, truth, prediction in together]


def _scores_of_constant(subject: Subject, predictions: Sequence[Array]) -> list[Score | None]:
    together = zip(subject.reading, subject.truth, predictions, strict=False)
    return [constant_score(label, truth, prediction) for label, truth, prediction in together]


def _metrics(subject: Subject, predictions: Sequence[Array]) -> dict[str, float]:
    """The metrics of predictions, from them alone: no logits can hide behind a plain array."""
    model = subject.model
    y_pred, y, x = (_one_or_all(arrays) for arrays in (predictions, subject.truth, subject.held))
    # The loss is asked for first: Keras keeps the losses of several outputs among the metrics.
    model.compute_loss(x=x, y=y, y_pred=y_pred, training=False)
    model.reset_metrics()
    logs = model.compute_metrics(x, y, y_pred)
    values = {name: float(value) for name, value in logs.items()}
    model.reset_metrics()
    return _proper(values)


def _one_or_all(arrays: Sequence[Array]) -> Any:
    tensors = [keras.ops.convert_to_tensor(array) for array in arrays]
    return tensors[0] if len(tensors) == 1 else tensors


def _proper(log: Mapping[str, float]) -> dict[str, float]:
    """The metrics proper; with several outputs Keras reports the loss of each among them."""
    return {name: value for name, value in log.items() if name != "loss" and not name.endswith("_loss")}


def _constant(subject: Subject, predictions: Sequence[Array]) -> list[Array]:
    """What a predictor says that ignores its input: as logits, if the model puts out such; Keras's metrics judge it."""
    together = zip(subject.reading, subject.truth, predictions, strict=False)
    return [_constant_answer(label, truth, prediction) for label, truth, prediction in together]


def _constant_answer(label: Mapping[str, Json], truth: Array, prediction: Array) -> Array:
    classes = prediction.shape[-1]
    if classes > 1 and truth.shape != prediction.shape and np.issubdtype(truth.dtype, np.integer):
        truth = np.eye(classes)[np.clip(truth.reshape(-1), 0, classes - 1)]
    share = truth.reshape(-1, truth.shape[-1] if truth.ndim > 1 else 1).mean(axis=0)
    if label.get("outputs") == "logits":
        inside = np.clip(share, 1e-6, 1 - 1e-6)
        share = np.log(inside) if classes > 1 else np.log(inside / (1 - inside))
    return np.broadcast_to(share, prediction.shape).astype("float32")
