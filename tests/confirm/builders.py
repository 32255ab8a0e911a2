"""Programs for confirm without the reader: source is lines of ``name = literal``, and makes a small model."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from helpers.graph_parts import NOWHERE, arguments, layer

from keraslint.edits import Fix, replace
from keraslint.graph import (
    Argument,
    Array,
    Call,
    Confidence,
    Fact,
    Fit,
    KerasObject,
    Layer,
    Model,
    Program,
    Shape,
    Span,
    Tensor,
    Training,
    Unknown,
)
from keraslint.graph.views import heads_of
from keraslint.rules.framework import Finding, Rule, Symptom

RATINGS = """\
learning_rate = 0.01
head = "softmax"
units = 1
loss = "mse"
metrics = "accuracy"
labels = "ratings"
rate_keyword = "learning_rate"
seen = "nothing"
"""
"""Two inputs, one shared layer, ratings 1..5: the program that does not learn."""

CLASSES = (
    RATINGS.replace("units = 1", "units = 5")
    .replace('"mse"', '"categorical_crossentropy"')
    .replace('"ratings"', '"one-hot"')
)
"""The same as five classes: healthy."""


def settings(source: str) -> dict[str, Fact[Any]]:
    """The values of the source, with their places."""
    return {
        line.targets[0].id: Fact(ast.literal_eval(line.value), _span(line.value))
        for line in ast.parse(source).body
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
    }


def _span(node: ast.expr) -> Span:
    return Span(node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)


def call(made: Layer | Model, *inputs: Tensor, shape: Shape) -> Tensor:
    return Tensor(shape, NOWHERE, Call(made, inputs, (shape,), NOWHERE))


def ratings(source: str, path: str) -> Program:
    """The two-input program with the settings of the source."""
    chosen = settings(source)
    features: Any = Unknown("name `features` is not defined")
    inputs = tuple(Tensor(Shape.of(None, features), NOWHERE) for _ in range(2))
    shared = layer("Dense", units=features, activation="relu")
    sides = tuple(call(shared, side, shape=Shape.of(None, features)) for side in inputs)
    merged = call(layer("Concatenate", axis=1), *sides, shape=Shape.of(None, features))
    hidden = call(layer("Dense", units=16, activation="relu"), merged, shape=Shape.of(None, 16))
    units = chosen["units"]
    head = layer("Dense", units=units, activation=chosen["head"])
    output = call(head, hidden, shape=Shape.of(None, units.value))
    model = Model("functional", "functional", NOWHERE, inputs, (output,), (shared, head))
    return program(model, chosen)


LABELS = {
    "ratings": Array(Shape.of(None), "int64", 1, 5, "integer"),
    "one-hot": Array(Shape.of(None, 5), "float32", 0, 1, "one-hot", 5),
}


def program(model: Model, chosen: dict[str, Fact[Any]]) -> Program:
    """One training of the model: compiled and fitted as the settings say."""
    rate = chosen["learning_rate"]
    keyword = chosen["rate_keyword"]
    optimizer = KerasObject(
        "keras.optimizers.Adam", (Argument("learning_rate", rate, keyword.value, keyword.span),), NOWHERE
    )
    compiled = KerasObject(
        "keras.Model.compile",
        arguments(optimizer=optimizer, loss=chosen["loss"], metrics=Fact([], NOWHERE, items=(chosen["metrics"],))),
        NOWHERE,
    )
    fit = Fit("fit", model, arguments(y=LABELS[chosen["labels"].value], epochs=10, steps_per_epoch=10), NOWHERE)
    return Program("ratings.py", (model,), (Training(model, compiled, (fit,)),))


def rule(symbol: str, msgid: str, *symptoms: Symptom) -> Rule:
    return Rule(msgid, symbol, symptoms, lambda part: iter(()), Training, False, symbol)


def fault(declared: Rule, name: str, wrong: object, right: str | None) -> Callable[[str, Program], Iterator[Finding]]:
    """Finds the setting ``name`` when its value is ``wrong``; the fix writes ``right``."""

    def find(source: str, program: Program) -> Iterator[Finding]:
        value = settings(source)[name]
        if value == wrong:
            fix = Fix(f"write {right}", (replace(value.span, right),)) if right is not None else None
            yield Finding(
                value.span,
                f"{name} is {wrong!r}",
                Confidence.HIGH,
                fix,
                declared,
                heads_of(program.trainings[0])[0],
            )

    return find
