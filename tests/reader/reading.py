"""Builders for the tests of the reader: a program's text goes in, what was understood comes out."""

from __future__ import annotations

from textwrap import dedent

from keraslint import reader
from keraslint.graph import Call, KerasObject, Model, Program, Training, Unknown

IMPORTS = """
import numpy as np
import keras
from keras import Input, Model, Sequential, layers
from keras.layers import Dense, Dropout, Flatten
"""


def read(source: str) -> Program:
    """A program that starts with the usual imports."""
    return read_bare(IMPORTS + dedent(source))


def read_bare(source: str) -> Program:
    """A program exactly as given."""
    return reader.read(dedent(source), "program.py")


def models(source: str) -> tuple[Model, ...]:
    return read(source).models


def model(source: str) -> Model:
    """The last model of a program."""
    found = models(source)
    assert found, "no model was found"
    return found[-1]


def summary(made: Model) -> list[str]:
    """A model as a list of its calls: ``Dense(None, 8)``."""
    return [f"{kind_of(call)}{call.output_shape}" for call in made.calls]


def kind_of(call: Call) -> str:
    return call.layer.kind if isinstance(call.layer, KerasObject) else call.layer.name


def outputs(source: str) -> str:
    """The output shape of the last model, as text."""
    return str(model(source).output_shape)


def variants(source: str) -> set[tuple[str, ...]]:
    """Every model of a program as the sequence of its calls."""
    return {tuple(summary(made)) for made in models(source)}


def training(source: str) -> Training:
    """The only training of a program."""
    (found,) = read(source).trainings
    return found


def reasons(source: str) -> str:
    """Why the last model is not complete: of its parts and of its output shape."""
    made = model(source)
    dims = [dim.reason for dim in made.output_shape.dims if isinstance(dim, Unknown)]
    return " · ".join([*(unknown.reason for unknown in made.unknowns), *dims, made.output_shape.reason])
