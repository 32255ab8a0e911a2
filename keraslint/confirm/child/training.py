"""Trains one build plan from several seeds with Keras's own train step, and observes what comes of it."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from keraslint.confirm import criteria, limits
from keraslint.confirm.child.building import Unsupported, build, compile_model, make
from keraslint.confirm.child.samples import make_inputs, make_labels

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
    x: Any
    y: Any
    batches: list[tuple[Any, Any]]


def observe(plan: Mapping[str, Json], seeds: Sequence[int]) -> Iterator[dict[str, Json]]:
    """Events about one plan: a ``run`` per seed, ``error`` or ``failure``; then ``done`` with warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield from _observe(plan, seeds)
    texts = [" ".join(str(w.message).split()) for w in caught if issubclass(w.category, UserWarning)]
    # The same warning comes again for every batch size.
    distinct = {re.sub(r"\d+", "#", text): text for text in texts}
    yield {"event": "done", "warnings": sorted(distinct.values())}


def _observe(plan: Mapping[str, Json], seeds: Sequence[int]) -> Iterator[dict[str, Json]]:
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
        subject = _with_data(plan, model, weights)
        with _phase("training"):
            fresh = _first_step(subject)
        constant = _assess_constant(subject, _predict(subject))
        for seed in seeds:
            _restart(plan, subject, fresh, seed)
            yield {"event": "run", "seed": seed, **_run(subject, plan["epochs"], constant)}
    except Raised as raised:
        yield {"event": "error", "phase": raised.phase, "error": str(raised)}
    except Unsupported as problem:
        yield _failure(str(problem))
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
    except Unsupported:
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


def _with_data(plan: Mapping[str, Json], model: keras.Model, weights: list[Any]) -> Subject:
    batch = plan.get("batch", criteria.BATCH)
    inputs, causes = make_inputs(plan["inputs"], plan["steps"] * batch)
    shapes = model.output_shape if isinstance(model.output_shape, list) else [model.output_shape]
    labels = [
        make_labels(label, inputs, causes, shape, number)
        for number, (label, shape) in enumerate(zip(plan["labels"], shapes, strict=False))
    ]
    x: Any = inputs[0] if len(inputs) == 1 else inputs
    y: Any = labels[0] if len(labels) == 1 else labels
    parts = [slice(n * batch, (n + 1) * batch) for n in range(plan["steps"])]
    batches = [(_cut(inputs, part), _cut(labels, part)) for part in parts]
    return Subject(model, weights, _tensors(x), _tensors(y), batches)


def _cut(arrays: Sequence[Array], part: slice) -> Any:
    cut = tuple(keras.ops.convert_to_tensor(array[part]) for array in arrays)
    return cut[0] if len(cut) == 1 else cut


def _tensors(arrays: Any) -> Any:
    return keras.tree.map_structure(keras.ops.convert_to_tensor, arrays)


def _first_step(subject: Subject) -> list[Array]:
    """Make the first step; gives the optimizer's state before it.

    Optimizer, loss and metrics get their variables before the step is traced: a trace in which variables are
    made is thrown away and done again, and tracing is most of what a small training costs.
    """
    model = subject.model
    model.optimizer.build(model.trainable_variables)
    fresh = [np.array(variable) for variable in model.optimizer.variables]
    _assess(subject, _predict(subject))
    if keras.backend.backend() == "tensorflow":
        model.make_train_function()
    _step(subject, subject.batches[0])
    return fresh


INITIAL: dict[str, list[Array]] = {}
"""Initial weights by architecture and seed: most fixes leave the architecture alone."""


def _restart(plan: Mapping[str, Json], subject: Subject, fresh: Sequence[Array], seed: int) -> None:
    """Put the model back to the beginning, with the initial weights of this seed."""
    key = json.dumps([plan["graph"], plan["layers"], plan["frozen"], seed])
    if key not in INITIAL:
        keras.utils.set_random_seed(seed)
        INITIAL[key] = [np.array(variable) for variable in build(plan)[0].variables]
    for variable, value in zip(subject.model.variables, INITIAL[key], strict=True):
        variable.assign(value)
    for variable, value in zip(subject.model.optimizer.variables, fresh, strict=True):
        variable.assign(value)


def _run(subject: Subject, epochs: int, constant: Mapping[str, float]) -> dict[str, Json]:
    before = [np.array(weight) for weight in subject.weights]
    start = _assess(subject, _predict(subject))
    with _phase("training"):
        logs = _train(subject, epochs)
    predictions = _predict(subject)
    end = _assess(subject, predictions)
    after = [np.array(weight) for weight in subject.weights]
    moves = [np.max(np.abs(new - old), initial=0) for old, new in zip(before, after, strict=True)]
    losses = [log["loss"] for log in logs]
    return {
        "losses": losses,
        "metrics": {name: [log[name] for log in logs] for name in _metrics(logs[0])},
        "start_loss": start["loss"],
        "end_loss": end["loss"],
        "constant_loss": constant["loss"],
        "start_metrics": _metrics(start),
        "end_metrics": _metrics(end),
        "constant_metrics": _metrics(constant),
        "spreads": [float(np.max(p.std(axis=0), initial=0)) for p in predictions],
        "magnitudes": [float(np.mean(np.abs(p))) for p in predictions],
        "moved": sum(bool(move > criteria.MOVED) for move in moves),
        "weights": len(moves),
        "finite": all(bool(np.all(np.isfinite(values))) for values in (losses, *predictions, *after)),
    }


def _metrics(log: Mapping[str, float]) -> dict[str, float]:
    """The metrics proper; with several outputs Keras reports the loss of each among them."""
    return {name: value for name, value in log.items() if name != "loss" and not name.endswith("_loss")}


def _train(subject: Subject, epochs: int) -> list[dict[str, float]]:
    """The logs of each epoch, as of ``fit(shuffle=False)``: in one order, only learning changes the loss."""
    logs = []
    for _ in range(epochs):
        subject.model.reset_metrics()
        logs.append(_epoch(subject))
    return logs


def _epoch(subject: Subject) -> dict[str, float]:
    log: Any = {}
    for batch in subject.batches:
        log = _step(subject, batch)
    return {name: float(value) for name, value in log.items()}


def _step(subject: Subject, batch: tuple[Any, Any]) -> Any:
    """One update; the log averages over the steps since the metrics were reset."""
    if keras.backend.backend() == "tensorflow":
        # The compiled step that fit and train_on_batch call, without the work they do around each.
        return subject.model.train_function(iter([batch]))
    return subject.model.train_on_batch(*batch, return_dict=True)


def _predict(subject: Subject) -> list[Array]:
    """The predictions for all samples, as plain arrays.

    With batch normalization, whose moving averages lag behind in a short training, the batch's own are used.
    """
    by_batch = any("BatchNormalization" in type(layer).__name__ for layer in subject.model.layers)
    outputs = subject.model(subject.x, training=by_batch)
    outputs = outputs if isinstance(outputs, list | tuple) else [outputs]
    return [keras.ops.convert_to_numpy(output) for output in outputs]


def _assess(subject: Subject, predictions: Sequence[Array]) -> dict[str, float]:
    """The loss and metrics of predictions, from them alone: no logits can hide behind a plain array."""
    model = subject.model
    tensors = [keras.ops.convert_to_tensor(prediction) for prediction in predictions]
    y_pred: Any = tensors[0] if len(tensors) == 1 else tensors
    loss = model.compute_loss(x=subject.x, y=subject.y, y_pred=y_pred, training=False)
    model.reset_metrics()
    logs = model.compute_metrics(subject.x, subject.y, y_pred)
    values = {name: float(value) for name, value in logs.items()}
    model.reset_metrics()
    return values | {"loss": float(loss)}


def _assess_constant(subject: Subject, predictions: Sequence[Array]) -> dict[str, float]:
    """The best of a few predictors that ignore their input: they answer the labels' mean or median."""
    labels = subject.y if isinstance(subject.y, list) else [subject.y]
    arrays = [keras.ops.convert_to_numpy(label) for label in labels]
    found = []
    for pick in (np.mean, np.median):
        for link in LINKS:
            constants = [_constant(y, p, pick, link) for y, p in zip(arrays, predictions, strict=False)]
            found.append(_assess(subject, constants))
    return min(found, key=lambda log: (not np.isfinite(log["loss"]), log["loss"]))


def _constant(labels: Array, prediction: Array, pick: Any, link: Any) -> Array:
    """A constant in the prediction's shape: from class shares where labels are indices, else from labels."""
    classes = prediction.shape[-1]
    if classes > 1 and labels.shape != prediction.shape and np.issubdtype(labels.dtype, np.integer):
        labels = np.eye(classes)[np.clip(labels.reshape(-1), 0, classes - 1)]
    share = pick(labels.reshape(-1, labels.shape[-1] if labels.ndim > 1 else 1), axis=0)
    return np.broadcast_to(link(share), prediction.shape).astype("float32")


def _inside(share: Array) -> Array:
    return np.clip(share, 1e-6, 1 - 1e-6)


LINKS = (
    lambda share: share,
    lambda share: np.log(_inside(share)),
    lambda share: np.log(_inside(share) / (1 - _inside(share))),
)
"""A constant as it is, as the logits of a softmax and as those of sigmoids; the loss says which fits."""
