"""Faults of metrics and of several losses."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keraslint.graph.views import Head
from mutators.output import BINARY, CATEGORICAL, REGRESSION, SPARSE, near, with_loss
from mutators.source import Fault, Source, injects, keyword, last_name


def other_metrics(source: Source, head: Head, metrics: str) -> Iterator[Fault]:
    """Other metrics for a model of one output, whose compile names its loss."""
    call = source.call_at(head.training.span)
    if (
        call is None
        or last_name(call.func) != "compile"
        or len(head.training.model.outputs) != 1
        or any(given.arg is None for given in call.keywords)
    ):
        return
    given = keyword(call, "metrics")
    if given is not None and isinstance(given.value, ast.List):
        yield source.swap(given.value, metrics, near=near(source, head))
    elif given is None and len(call.args) < 3:
        yield source.with_argument(call, f"metrics={metrics}")


@injects("accuracy-with-regression-loss", "history-key")
def accuracy_with_regression_loss(source: Source) -> Iterator[Fault]:
    for head in with_loss(source, *REGRESSION, activation=("linear",)):
        yield from other_metrics(source, head, '["accuracy"]')


@injects("exact-accuracy", "metric-label-mismatch")
def exact_accuracy(source: Source) -> Iterator[Fault]:
    for head in with_loss(source, *BINARY, *CATEGORICAL, *SPARSE):
        if source.keras:
            yield from other_metrics(source, head, f"[{source.keras}.metrics.Accuracy()]")


@injects("accuracy-threshold-on-logits")
def accuracy_threshold_on_logits(source: Source) -> Iterator[Fault]:
    for head in with_loss(source, *BINARY):
        if head.loss is not None and head.loss.takes_logits:
            yield from other_metrics(source, head, '["accuracy"]')


@injects("probability-metric-on-logits")
def probability_metric_on_logits(source: Source) -> Iterator[Fault]:
    for head in with_loss(source, *BINARY):
        if head.loss is not None and head.loss.takes_logits and source.keras:
            yield from other_metrics(source, head, f"[{source.keras}.metrics.Precision()]")


@injects("metric-label-mismatch")
def metric_of_another_encoding(source: Source) -> Iterator[Fault]:
    for head in with_loss(source, *CATEGORICAL, *SPARSE):
        name = "sparse_categorical_accuracy" if head.loss_is(*CATEGORICAL) else "categorical_accuracy"
        yield from other_metrics(source, head, f'["{name}"]')


@injects("loss-count-mismatch")
def losses_for_other_outputs(source: Source) -> Iterator[Fault]:
    """Of several outputs one has no loss; several losses for a single output are taken by Keras as they are."""
    for call in source.calls("compile"):
        given = keyword(call, "loss")
        if given is not None and isinstance(given.value, (ast.List, ast.Tuple)) and len(given.value.elts) > 1:
            yield source.swap(given.value, f"[{source.said(given.value.elts[0])}]")


@injects("loss-factory-not-called")
def loss_factory_not_called(source: Source) -> Iterator[Fault]:
    functions = {node.name for node in source.nodes if isinstance(node, ast.FunctionDef)}
    for call in source.calls("compile"):
        given = keyword(call, "loss")
        made = given.value if given is not None else None
        if isinstance(made, ast.Call) and isinstance(made.func, ast.Name) and made.func.id in functions:
            yield source.swap(made, made.func.id)
