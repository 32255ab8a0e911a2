"""Trains one build plan from several seeds with Keras's own train step, and observes what comes of it."""

from __future__ import annotations

import json
import re
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from keraslint.confirm import criteria, limits
from keraslint.confirm.child.building import Unsupported, build, compile_model, make
from keraslint.confirm.child.pace import Late, Pace
from keraslint.confirm.child.samples import make_inputs, make_labels
from keraslint.confirm.child.scoring import Score, constant_score, score

Json = Any
Array = Any

OUT_OF_MEMORY = ("ResourceExhaustedError", "MemoryError", "OutOfMemoryError")
"""By name: the classes belong to backends that need not be installed."""


@dataclass(frozen=True)
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
        keras.backend.clear_session()
        keras.utils.set_random_seed(seeds[0])
        with _phase("building"):
            if "object" in plan:
                make(plan)
                return
            model, weights = build(plan)
        if plan["compile"] is None:
            return
        if model.count_params() > limits.MOST_WEIGHTS:
            yield _failure(f"too large to train here: {model.count_params():,} weights")
            return
        with _phase("compiling"):
            compile_model(model, plan["compile"])
        if plan.get("control"):
            _change_without_cure(model)
        _settle_statistics(model)
        subject = _with_data(plan, model, weights)
        with _phase("training"):
            fresh = _first_step(subject)
        epochs, steps = _schedule(plan, subject, len(seeds), pace)
        constant = _constant(subject)
        for seed in seeds:
            _restart(plan, subject, fresh, seed)
            yield {"event": "run", "seed": seed, **_run(subject, epochs, steps, constant, pace)}
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


def _change_without_cure(model: keras.Model) -> None:
    """What a control twin has other than its twin, beside the initial weights: a lower rate, where it is a number."""
    rate = getattr(model.optimizer, "_learning_rate", None)
    if isinstance(rate, keras.Variable):
        rate.assign(rate * criteria.NEUTRAL_RATE)


def _with_data(plan: Mapping[str, Json], model: keras.Model, weights: list[Any]) -> Subject:
    size = plan.get("batch", criteria.BATCH)
    trained = plan["steps"] * size
    inputs, causes = make_inputs(plan["inputs"], trained + criteria.HELD_BACK)
    shapes = model.output_shape if isinstance(model.output_shape, list) else [model.output_shape]
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
        criteria.HELD_BACK if small else size,
    )


def _first_step(subject: Subject) -> list[Array]:
    """Make the first step; gives the optimizer's state before it.

    Optimizer, loss and metrics get their variables before the step is traced: a trace in which variables are
    made is thrown away and done again, and tracing is most of what a small training costs.
    """
    model = subject.model
    model.optimizer.build(model.trainable_variables)
    fresh = [np.array(variable) for variable in model.optimizer.variables]
    _metrics(subject, _predict(subject))
    if keras.backend.backend() == "tensorflow":
        model.make_train_function()
    _steps(subject, 1)
    return fresh


def _schedule(plan: Mapping[str, Json], subject: Subject, seeds: int, pace: Pace) -> tuple[int, int]:
    """Epochs and steps: those of the plan, or fewer steps, where time is short."""
    timed = []
    for _ in range(2):  # the first time, more is made ready than one sees
        begin = time.monotonic()
        _steps(subject, criteria.STEPS_AT_ONCE)
        timed.append(time.monotonic() - begin)
    each = min(timed) / min(criteria.STEPS_AT_ONCE, plan["steps"])
    updates = pace.fit(plan["epochs"] * plan["steps"], seeds, each)
    epochs = min(plan["epochs"], updates)
    return epochs, max(updates // epochs, 1)


INITIAL: dict[str, list[Array]] = {}
"""Initial weights by architecture and seed: most fixes leave the architecture alone."""


def forget() -> None:
    """Let go of what was kept for the plans of one program."""
    INITIAL.clear()


def _restart(plan: Mapping[str, Json], subject: Subject, fresh: Sequence[Array], seed: int) -> None:
    """Put the model back to the beginning, with the initial weights of this seed; a control has others."""
    key = json.dumps([plan["graph"], plan["layers"], plan["frozen"], seed, plan.get("control")])
    if key not in INITIAL:
        keras.utils.set_random_seed(seed + (CONTROL_SEEDS if plan.get("control") else 0))
        INITIAL[key] = [np.array(variable) for variable in build(plan)[0].variables]
    for variable, value in zip(subject.model.variables, INITIAL[key], strict=True):
        variable.assign(value)
    for variable, value in zip(subject.model.optimizer.variables, fresh, strict=True):
        variable.assign(value)


CONTROL_SEEDS = 1000
"""Added to a seed, so that a control twin begins elsewhere."""


def _run(
    subject: Subject, epochs: int, steps: int, constant: Sequence[Array], pace: Pace
) -> dict[str, Json]:
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
        "constant_metrics": _metrics(subject, constant),
        "spreads": [float(np.max(p.std(axis=0), initial=0)) for p in predictions],
        "magnitudes": [float(np.mean(np.abs(p))) for p in predictions],
        "always": [_one_value(p) for p in predictions],
        "moved": sum(bool(move > criteria.MOVED) for move in moves),
        "weights": len(moves),
        "prints": [float(total) for weight in after for total in (np.sum(weight), np.sum(np.abs(weight)))],
        "finite": all(bool(np.all(np.isfinite(values))) for values in (losses, *predictions, *after)),
    }


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
    """By the compiled function that fit calls, without the work which fit does around it."""
    from tensorflow import data

    together = tuple(_one_or_tuple(arrays) for arrays in (subject.inputs, subject.labels))
    batches = iter(data.Dataset.from_tensor_slices(together).take(count))
    for _ in range(0, min(count, len(subject.labels[0])), criteria.STEPS_AT_ONCE):
        yield subject.model.train_function(batches)


def _step_of_others(subject: Subject, count: int) -> Iterator[Any]:
    for n in range(min(count, len(subject.labels[0]))):
        x, y = (_one_or_tuple([array[n] for array in arrays]) for arrays in (subject.inputs, subject.labels))
        yield subject.model.train_on_batch(x, y, return_dict=True)


def _one_or_tuple(arrays: Sequence[Array]) -> Any:
    return arrays[0] if len(arrays) == 1 else tuple(arrays)


def _predict(subject: Subject) -> list[Array]:
    """The predictions for what was held back, as plain arrays, one per output."""
    parts = []
    for begin in range(0, criteria.HELD_BACK, subject.at_once):
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


def _constant(subject: Subject) -> list[Array]:
    """What a predictor says that ignores its input: as logits, if the model puts out such; Keras's metrics judge it."""
    predictions = _predict(subject)
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
