"""Faults of names and arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mutators.source import Fault, Source, injects, is_number, is_text, keyword

LAYERS = ("Dense", "Conv2D", "Conv1D", "LSTM", "GRU", "Embedding", "MaxPooling2D", "Dropout", "MultiHeadAttention")


def slip(word: str) -> str:
    """A word with two letters out of order, as fingers write it."""
    middle = len(word) // 2
    swapped = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
    return swapped if swapped != word else word + word[-1]


@injects("unknown-identifier", "metric-label-mismatch")
def unknown_identifier(source: Source) -> Iterator[Fault]:
    compiled = {training.span for training in source.program.trainings}
    for call in source.nodes:
        if isinstance(call, ast.Call) and (source.span(call) in compiled or call.lineno in source.trained_lines):
            for given in call.keywords:
                names = ("activation", "kernel_initializer", "optimizer", "loss")
                word = given.value.value if isinstance(given.value, ast.Constant) else None
                if given.arg in names and isinstance(word, str) and len(word) > 3:
                    yield source.swap(given.value, f'"{slip(word)}"', anywhere=True)


@injects("unknown-argument", "required-argument")
def unknown_argument(source: Source) -> Iterator[Fault]:
    for call in source.layer_calls(*LAYERS):
        for given in call.keywords:
            if given.arg is not None and given.arg not in ("input_shape", "input_dim", "name"):
                yield source.swap(given, f"{slip(given.arg)}={source.said(given.value)}")


@injects("required-argument", "incompatible-shape")
def required_argument(source: Source) -> Iterator[Fault]:
    for call in source.layer_calls("Dense", "LSTM", "GRU", "Dropout", "Embedding"):
        if len(call.args) == 1 and not call.keywords:
            yield source.swap(call.args[0], "")


@injects("unknown-identifier")
def invalid_padding(source: Source) -> Iterator[Fault]:
    for call in source.layer_calls("Conv2D", "Conv1D", "MaxPooling2D", "SeparableConv2D", "Conv2DTranspose"):
        given = keyword(call, "padding")
        if given is not None and is_text(given.value):
            yield source.swap(given.value, '"full"')


@injects("invalid-argument", "embedding-too-small")
def no_units(source: Source) -> Iterator[Fault]:
    for call in source.layer_calls("Dense", "Conv2D", "LSTM", "GRU"):
        if call.args and is_number(call.args[0]):
            yield source.swap(call.args[0], "-1")


@injects("invalid-name", "duplicate-layer-name")
def invalid_name(source: Source) -> Iterator[Fault]:
    fitted = {
        layer.span.line
        for training in source.program.trainings
        if any(fit.trains for fit in training.fits)
        for layer in training.model.layers
    }
    for call in source.layer_calls("Dense", "Conv2D", "LSTM", "GRU"):
        if keyword(call, "name") is None and call.lineno in fitted:
            yield source.with_argument(call, 'name="my layer"')
