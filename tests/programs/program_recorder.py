"""Runs programs under real Keras and writes down every model, compile and fit, with the lines that they stand on.

A process of its own (``python recorder.py JUDGE RECORD PROGRAM…``), so that Keras is imported once for all programs.
Judge ``keras`` is Keras 3; judge ``tf_keras`` is Keras 2, which then goes by the names ``keras`` and ``tf.keras``.
``fit`` is recorded and only builds the model, by a call with two samples, unless ``RECORDER_TRAINS=1``: the
programs do train, but 70 of them would train for minutes.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import io
import json
import os
import runpy
import sys
import tempfile
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator
from types import FrameType, ModuleType, SimpleNamespace
from typing import Any

SAMPLES = 2
"""So many samples are enough to build a model that waits for data."""

NOT_LAYERS = {"TFOpLambda", "SlicingOpLambda"}
"""What Keras 2 makes of an operator on symbolic tensors; Keras 3 has no layers for it."""


class Recorder:
    """The record of one program: its models as they stand at the end, compiles and fits as they happen."""

    def __init__(self, path: str, keras: ModuleType) -> None:
        self.path = path
        self.keras = keras
        self.models: dict[int, Any] = {}
        self.lines: dict[int, int] = {}
        self.calls: dict[int, tuple[Any, Any]] = {}
        self.compiles: list[dict[str, Any]] = []
        self.fits: list[dict[str, Any]] = []

    def created(self, model: Any) -> None:
        """A model that the program asks for; the one inside a Sequential is not."""
        line = self.line()
        if line is not None and id(model) not in self.models:
            self.models[id(model)] = model
            self.lines[id(model)] = line

    def called(self, layer: Any, inputs: Any, outputs: Any) -> None:
        """The first call of a layer or model with real data: what a subclass does inside shows only so."""
        self.calls.setdefault(id(layer), (_shapes(inputs), _shapes(outputs)))

    def compiled(self, model: Any, arguments: dict[str, Any]) -> None:
        optimizer = getattr(model, "optimizer", None)
        self.compiles.append(
            {
                "line": self.line(),
                "model": id(model),
                "loss": name_of(arguments.get("loss")),
                "optimizer": name_of(arguments.get("optimizer", "rmsprop")),
                "learning_rate": _learning_rate(optimizer),
                "metrics": name_of(arguments.get("metrics")) or [],
                "trainable_params": _count(model.trainable_weights) if model.built else None,
            }
        )

    def fitted(self, model: Any, method: str, labels: Any) -> None:
        names = getattr(model, "output_names", None) or []
        if isinstance(labels, dict) and set(names) == set(labels):
            labels = [labels[name] for name in names]
        found = [] if labels is None else [_label(array) for array in _leaves(labels)]
        self.fits.append({"line": self.line(), "model": id(model), "method": method, "labels": found})

    def line(self) -> int | None:
        """The line of the program that is running; None while a Sequential builds its own inner model."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename != self.path:
            if frame.f_code.co_filename.endswith("sequential.py") and frame.f_code.co_name in {
                "build",
                "_maybe_rebuild",
            }:
                return None
            frame = frame.f_back
        return frame.f_lineno if frame else None

    def result(self) -> dict[str, Any]:
        index = {key: number for number, key in enumerate(self.models)}
        for event in (*self.compiles, *self.fits):
            event["model"] = index.get(event["model"])
        return {
            "models": [self.describe(key, model) for key, model in self.models.items()],
            "compiles": self.compiles,
            "fits": self.fits,
        }

    def describe(self, key: int, model: Any) -> dict[str, Any]:
        kind = self._kind(model)
        nodes = _nodes(model) if kind != "subclass" else {}
        if nodes:
            inputs, outputs = _shapes(model.inputs), _shapes(model.outputs)
        else:
            inputs, outputs = self.calls.get(key, (None, None))
        return {
            "name": model.name,
            "kind": kind,
            "class": type(model).__name__,
            "line": self.lines[key],
            "built": bool(model.built and (nodes or key in self.calls)),
            "inputs": inputs,
            "outputs": outputs,
            "params": _count(model.weights) if model.built else None,
            "trainable_params": _count(model.trainable_weights) if model.built else None,
            "layers": [self._layer(layer, nodes) for layer in model.layers if type(layer).__name__ not in NOT_LAYERS],
        }

    def _layer(self, layer: Any, nodes: dict[int, Any]) -> dict[str, Any]:
        shapes = nodes.get(id(layer)) or self.calls.get(id(layer), (None, None))[1]
        return {
            "name": layer.name,
            "class": type(layer).__name__,
            "output_shape": shapes[0] if shapes else None,
            "params": _count(layer.weights) if layer.built else None,
        }

    def _kind(self, model: Any) -> str:
        if isinstance(model, self.keras.Sequential):
            return "sequential"
        own = "call" in vars(type(model)) and not type(model).__module__.startswith(self.keras.__name__)
        return "functional" if hasattr(model, "_nodes_by_depth") and not own else "subclass"


def name_of(value: Any) -> Any:
    """A loss, metric or optimizer, or a structure of them, by their names."""
    if isinstance(value, dict):
        return {key: name_of(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [name_of(item) for item in value]
    if value is None or isinstance(value, str):
        return value
    return getattr(value, "__name__", type(value).__name__)


def _learning_rate(optimizer: Any) -> float | None:
    """The rate as a number; None under a schedule."""
    schedule = getattr(optimizer, "_learning_rate", getattr(optimizer, "learning_rate", None))
    if optimizer is None or hasattr(schedule, "get_config"):
        return None
    return float(optimizer.learning_rate)


def _count(weights: Any) -> int:
    sizes = {id(weight): tuple(weight.shape) for weight in weights}
    total = 0
    for shape in sizes.values():
        size = 1
        for dim in shape:
            size *= int(dim)
        total += size
    return total


def _nodes(model: Any) -> dict[int, Any]:
    """For each layer of a functional or Sequential model the output shapes of its first call inside the model."""
    function = model
    if not getattr(model, "_nodes_by_depth", None):
        function = getattr(model, "_functional", None)
    if function is None:
        return {}
    by_depth = function._nodes_by_depth
    found: dict[int, Any] = {}
    for depth in sorted(by_depth, reverse=True):
        for node in by_depth[depth]:
            layer = getattr(node, "operation", None) or getattr(node, "layer", None)
            found.setdefault(id(layer), _shapes(node.outputs))
    return found


def _leaves(value: Any) -> list[Any]:
    """The arrays and tensors in a structure, in Keras's order: of a dict by its sorted keys."""
    if isinstance(value, dict):
        return [leaf for key in sorted(value) for leaf in _leaves(value[key])]
    if isinstance(value, list | tuple) and value and not isinstance(value[0], int | float | str):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value] if hasattr(value, "shape") else []


def _shapes(value: Any) -> list[list[int | None]]:
    return [[None if dim is None else int(dim) for dim in leaf.shape] for leaf in _leaves(value)]


def _label(array: Any) -> dict[str, Any]:
    """What the labels of one output look like, by their values."""
    import numpy as np

    values = np.asarray(array)
    whole = bool(values.size) and values.dtype.kind in "biuf" and bool(np.all(values == np.floor(values)))
    binary = whole and bool(np.isin(values, (0, 1)).all())
    rows = values.sum(axis=-1) if binary and values.ndim > 1 else None
    return {
        "shape": list(values.shape),
        "dtype": str(values.dtype),
        "low": float(values.min()) if values.size else None,
        "high": float(values.max()) if values.size else None,
        "whole": whole,
        "binary": binary,
        "one_hot": rows is not None and bool((rows == 1).all()),
    }


class FakeHistory(SimpleNamespace):
    """What fit returns: every curve that one may ask for, with one value."""

    def __init__(self) -> None:
        super().__init__(history=defaultdict(lambda: [0.0]), epoch=[0])


def first_batch(x: Any, y: Any) -> tuple[Any, Any]:
    """A few samples and their labels, of whatever one may give to fit."""
    if y is not None or hasattr(x, "shape") or isinstance(x, list | tuple | dict):
        return _head(x), y
    batch = x[0] if hasattr(x, "__getitem__") else next(iter(x))
    if not isinstance(batch, tuple):
        return _head(batch), None
    return _head(batch[0]), batch[1]


def _head(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _head(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_head(item) for item in value)
    return value[:SAMPLES]


def watch(current: Callable[[], Recorder], keras: ModuleType, trains: bool) -> None:
    """Put the recorder into Keras's own classes."""
    model_class, layer_class = keras.Model, keras.layers.Layer
    make, call, compile_ = model_class.__new__, layer_class.__call__, model_class.compile
    fit, step, evaluate = model_class.fit, model_class.train_on_batch, model_class.evaluate

    def made(cls: Any, *args: Any, **kwargs: Any) -> Any:
        model = make(cls, *args, **kwargs)
        current().created(model)
        return model

    def called(self: Any, *args: Any, **kwargs: Any) -> Any:
        outputs = call(self, *args, **kwargs)
        current().called(self, args, outputs)
        return outputs

    def compiled(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = compile_(self, *args, **kwargs)
        names = ("optimizer", "loss", "loss_weights", "metrics")
        current().compiled(self, dict(zip(names, args, strict=False)) | kwargs)
        return result

    def built(self: Any, method: str, x: Any, y: Any) -> None:
        samples, labels = first_batch(x, y)
        if type(self).train_step is model_class.train_step:
            self(samples)
        current().fitted(self, method, labels)

    def fitted(self: Any, x: Any = None, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        if trains and type(x).__name__ != "generator":
            history = fit(self, x, y, *args, **kwargs)
        built(self, "fit", x, y)
        return history if trains and type(x).__name__ != "generator" else FakeHistory()

    def stepped(self: Any, x: Any, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        built(self, "train_on_batch", x, y)
        return step(self, x, y, *args, **kwargs) if trains else 0.0

    def evaluated(self: Any, *args: Any, **kwargs: Any) -> Any:
        if trains:
            return evaluate(self, *args, **kwargs)
        recorder = current()
        mine = [event for event in recorder.compiles if event["model"] == id(self)]
        return [0.0] * (1 + len(mine[-1]["metrics"])) if mine and mine[-1]["metrics"] else 0.0

    def predicted(self: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
        import numpy as np

        outputs = self(x)
        if isinstance(outputs, list | tuple):
            return [np.array(output) for output in outputs]
        return np.array(outputs)

    model_class.__new__ = staticmethod(made)
    layer_class.__call__ = called
    model_class.compile = compiled
    model_class.fit = fitted
    model_class.train_on_batch = stepped
    model_class.evaluate = evaluated
    model_class.predict = predicted
    if hasattr(model_class, "fit_generator"):
        model_class.fit_generator = fitted


class OldNames(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Lets ``import keras…`` find tf_keras: the names that Keras 2 had when it was the only one."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name.partition(".")[0] != "keras":
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: Any) -> ModuleType:
        return importlib.import_module("tf_keras" + spec.name.removeprefix("keras"))

    def exec_module(self, module: ModuleType) -> None:
        """It has run already."""


@contextlib.contextmanager
def empty_folder() -> Iterator[None]:
    """Programs save files where they are; they get a folder to throw away."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def _make_legacy() -> None:
    """Put the optimizers of Keras 2 up to 2.10, which take ``lr=``, in the place of those of 2.11, which ignore it."""
    importlib.import_module("tensorflow.keras.optimizers")
    for path, module in list(sys.modules.items()):
        legacy = getattr(module, "legacy", None) if path.endswith("keras.optimizers") else None
        for name in dir(legacy):
            if isinstance(getattr(legacy, name), type) and name[0].isupper():
                setattr(module, name, getattr(legacy, name))


def main() -> None:
    judge, record, *programs = sys.argv[1:]
    if judge == "tf_keras":
        os.environ["TF_USE_LEGACY_KERAS"] = "1"
        for name in [name for name in sys.modules if name.partition(".")[0] == "keras"]:
            del sys.modules[name]
        sys.meta_path.insert(0, OldNames())
    keras = importlib.import_module(judge)
    importlib.import_module("tensorflow")
    recorders: list[Recorder] = []
    watch(lambda: recorders[-1], keras, trains=os.environ.get("RECORDER_TRAINS") == "1")
    results = {}
    for program in programs:
        recorders[:] = [Recorder(program, keras)]
        keras.backend.clear_session()
        if judge == "tf_keras":
            _make_legacy()
        start = time.perf_counter()
        error = None
        sys.argv = [program]
        out = io.StringIO()
        with empty_folder(), contextlib.redirect_stdout(out):
            try:
                runpy.run_path(program, run_name="__main__")
            except SystemExit as end:
                error = f"exit {end.code}" if end.code else None
            except Exception:
                error = traceback.format_exc()
        found = {} if error else recorders[-1].result()
        results[program] = {**found, "error": error, "seconds": time.perf_counter() - start}
    with open(record, "w", encoding="utf-8") as file:
        json.dump(results, file)


if __name__ == "__main__":
    main()
