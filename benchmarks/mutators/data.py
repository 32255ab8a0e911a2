"""Faults of data: scaled twice or unlike, out of order, shuffled apart."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keraslint.graph import Array, Fit
from mutators.source import Fault, Source, injects, keyword
from mutators.training import fits, scaled


def arrays(source: Source) -> Iterator[tuple[Fit, ast.Call, str, str]]:
    """The fits that are given arrays by name, with their names."""
    for fit, call in fits(source):
        given = call.args[:2]
        known = [fact.value for fact in (fit.x, fit.y) if fact is not None and isinstance(fact.value, Array)]
        named = len(given) == 2 and all(isinstance(value, ast.Name) for value in given)
        if named and len(known) == 2 and "import numpy as np" in source.text:
            yield fit, call, source.said(given[0]), source.said(given[1])


@injects("scaled-twice")
def scaled_twice(source: Source) -> Iterator[Fault]:
    for node in scaled(source):
        yield source.swap(node, f"({source.said(node)}) / 255.0", anywhere=True)
    for call in source.layer_calls("Rescaling"):
        outer = source.parents[call]
        if isinstance(outer, ast.Call) and outer.func is call:
            yield source.swap(outer, f"{source.said(call)}({source.said(outer)})", anywhere=True)


@injects("validation-preprocessing-mismatch")
def unlike_scaling(source: Source) -> Iterator[Fault]:
    """Where test images are divided in a statement of their own, as those that are trained on are."""
    of_training = [source.said(source.statement(node)) for node in scaled(source)]
    for node in source.nodes:
        is_quotient = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and "test" in source.said(node)
        if is_quotient and source.said(source.statement(node)).replace("test", "train") in of_training:
            yield source.swap(node, source.said(node.left), anywhere=True)


@injects("ordered-validation-split")
def sorted_by_class(source: Source) -> Iterator[Fault]:
    """Not where the labels are no classes."""
    for fit, call, _, y in arrays(source):
        labels = fit.y.value if fit.y is not None else None
        is_of_classes = isinstance(labels, Array) and isinstance(labels.classes, int) and labels.shape.rank == 1
        if is_of_classes and keyword(call, "validation_split") is not None and isinstance(labels, Array):
            half = f"{y} = np.array([0] * (len({y}) // 2) + [1] * (len({y}) - len({y}) // 2))"
            yield source.before(source.statement(call), half, anywhere=True)


@injects("shuffled-apart")
def shuffled_apart(source: Source) -> Iterator[Fault]:
    for _, call, x, y in arrays(source):
        if x != y:
            text = f"np.random.shuffle({x}); np.random.shuffle({y})"
            yield source.before(source.statement(call), text, anywhere=True)


@injects("normalization-not-adapted")
def not_adapted(source: Source) -> Iterator[Fault]:
    for call in source.calls("adapt"):
        if isinstance(source.parents[call], ast.Expr):
            yield source.swap(call, "pass", anywhere=True)


@injects("generator-range-mismatch")
def other_range(source: Source) -> Iterator[Fault]:
    """Where real images lie within -1 and 1, and a generator ends in tanh."""
    for node in source.nodes:
        match node:
            case ast.BinOp(op=ast.Sub(), left=ast.BinOp(op=ast.Div(), left=images, right=ast.Constant(value=127.5))):
                if "tanh" in source.text:
                    yield source.swap(node, f"{source.said(images)} / 255.0", anywhere=True)
