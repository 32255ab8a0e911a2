"""Logs: the names under which a fit writes down loss and metrics, as history, monitors and file names use them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from keraslint import keras_api
from keraslint.graph.facts import Fact, Unknown
from keraslint.graph.objects import KerasObject, Layer, Reference, default_of
from keraslint.graph.program import Program
from keraslint.graph.training import Fit, Training

BEFORE_TENSORFLOW_2 = ("1.2", "2.2")
"""Versions of Keras that log ``acc`` for ``accuracy``, and ``mean_squared_error`` for ``mse``."""

SETS_THE_RATE = ("LearningRateScheduler", "ReduceLROnPlateau")
"""Callbacks that log the learning rate."""

WRITE_ANYTHING = ("Callback", "LambdaCallback")
"""Callbacks that may add what they like."""


@dataclass(frozen=True, eq=False, repr=False)
class Logs:
    """What one fit logs of each epoch."""

    fit: Fit
    training: Training | None
    made: Mapping[str, int]
    """How many metrics of each class the program makes: Keras numbers those that have no name of their own."""

    def names(self, version: str = keras_api.NEWEST) -> frozenset[str] | None:
        """``loss``, ``accuracy``, ``val_loss`` … as this version of Keras calls them; None where not all are known.

        Source: `keras.src.trainers.compile_utils`, `CompileMetrics.result` and `CompileLoss.build`.
        """
        of_rate = self._of_rate(version)
        trained = self._trained(version)
        validates = self.fit.validates
        if trained is None or of_rate is None or isinstance(validates, Unknown):
            return None
        return frozenset((*trained, *of_rate, *(f"val_{name}" for name in trained if validates)))

    def _of_rate(self, version: str) -> list[str] | None:
        callbacks = self.fit.callbacks
        if callbacks is None:
            return None
        made = [one.value for one in callbacks if isinstance(one.value, KerasObject) and not one.value.in_file]
        if len(made) < len(callbacks) or any(one.kind in WRITE_ANYTHING for one in made):
            return None
        name = "lr" if version.startswith(("1.", "2.")) else "learning_rate"
        return [name] if any(one.kind in SETS_THE_RATE for one in made) else []

    def _trained(self, version: str) -> list[str] | None:
        training = self.training
        if training is None or training.own_step or training.compiled.open_ended or not _is_plain(training):
            return None
        losses = _of_losses(training)
        plain = self._of_metrics(training, "metrics", version)
        weighted = self._of_metrics(training, "weighted_metrics", version)
        if losses is None or plain is None or weighted is None:
            return None
        used: Counter[str] = Counter()
        names = [_numbered(prefix + name, used) for prefix, name in plain]
        for prefix, name in weighted:
            taken = used[prefix + name] > 0
            names.append(_numbered(f"{prefix}weighted_{name}" if taken else prefix + name, used))
        return ["loss", *losses, *names]

    def _of_metrics(self, training: Training, argument: str, version: str) -> list[tuple[str, str]] | None:
        """Prefix and name of each metric; None where one is not known."""
        given = training.compiled.given(argument)
        if given is None or given.value.is_a(type(None)):
            return []
        if not given.value.known:
            return None
        if len(training.model.outputs) == 1:
            return self._named(_flat(given.value), "", version)
        outputs, asked = training.output_names, training.per_output(argument)
        if outputs is None or asked is None or len(outputs) != len(asked):
            return None
        found: list[tuple[str, str]] = []
        for output, fact in zip(outputs, asked, strict=True):
            named = self._named(_flat(fact), f"{output}_", version) if fact is not None else []
            if named is None or not output:
                return None
            found += named
        return found

    def _named(self, facts: Iterable[Fact[Any]], prefix: str, version: str) -> list[tuple[str, str]] | None:
        names = [self._name_of(fact, version) for fact in facts]
        return None if None in names else [(prefix, name) for name in names if name is not None]

    def _name_of(self, fact: Fact[Any], version: str) -> str | None:
        """What one metric is logged as; None where that is not known."""
        match fact.value:
            case str(identifier):
                return _name_of_string(identifier, version)
            case KerasObject(in_file=False) as metric:
                name = metric.argument("name").value
                if name is None and self.made.get(metric.class_name, 0) <= 1:
                    return snake_case(metric.kind)
                return name if isinstance(name, str) else None
            case Reference(name=path, in_file=in_file) if in_file or path.startswith("keras."):
                name = path.rpartition(".")[2]
                return name if name.isidentifier() and name.islower() else None
        return None


def _name_of_string(identifier: str, version: str) -> str | None:
    known = keras_api.from_identifier("metric", identifier)
    if known is None:
        return None
    if version in BEFORE_TENSORFLOW_2:
        if identifier in ("acc", "accuracy"):
            return "acc"
        fixed = default_of(known, "name")
        return fixed if isinstance(fixed, str) else snake_case(known.rpartition(".")[2])
    return snake_case(identifier) if version.startswith("2.") else identifier


def _numbered(name: str, used: Counter[str]) -> str:
    used[name] += 1
    return name if used[name] == 1 else f"{name}_{used[name] - 1}"


def _of_losses(training: Training) -> list[str] | None:
    """The losses of several outputs, which are logged one by one."""
    if len(training.model.outputs) < 2:
        return []
    given = training.compiled.given("loss")
    if given is None or given.value.is_a(type(None)):
        return []
    outputs, losses = training.output_names, training.per_output("loss")
    if outputs is None or losses is None or len(outputs) != len(losses):
        return None
    if not all(loss is None or loss.known for loss in losses):
        return None
    judged = [loss is not None and not loss.is_a(type(None)) for loss in losses]
    named = [output for output, is_judged in zip(outputs, judged, strict=True) if is_judged]
    if not all(named):
        return None
    return [f"{name}_loss" for name in named] if len(named) > 1 else []


def _is_plain(training: Training) -> bool:
    """Whether every layer is Keras's own: others may keep metrics, which are logged, too."""
    model = training.model
    parts = (*model.layers, *(call.layer for call in model.calls))
    return bool(model.outputs) and not any(isinstance(part, Layer) and part.in_file for part in parts)


def _flat(fact: Fact[Any]) -> Iterator[Fact[Any]]:
    """The metrics in a nested list or dict, one by one."""
    inner = [value for _, value in fact.entries] or list(fact.items)
    if not inner and not fact.is_a((list, tuple, dict, type(None))):
        yield fact
    for part in inner:
        yield from _flat(part)


def snake_case(name: str) -> str:
    """As Keras makes a name of a class: ``F1Score`` is ``f1_score``."""
    parted = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", parted).lower()


def metric_counts(program: Program) -> Mapping[str, int]:
    """How many objects of each class the program makes."""
    return Counter(made.class_name for made in program.objects)
