"""The model graph, the one picture of a program that every rule reads; no source, no Keras, no I/O in here."""

from keraslint.graph.facts import Confidence, Fact, OneOf, Span, Unknown, weakest
from keraslint.graph.objects import (
    Argument,
    Array,
    Call,
    Dataset,
    KerasObject,
    Layer,
    Model,
    Op,
    Reference,
    Tensor,
)
from keraslint.graph.parameters import layer_parameters, parameters
from keraslint.graph.program import Import, Program
from keraslint.graph.shape import OPEN, Dim, Shape
from keraslint.graph.training import Activation, Fit, Head, Spec, Training

__all__ = [
    "OPEN",
    "Activation",
    "Argument",
    "Array",
    "Call",
    "Confidence",
    "Dataset",
    "Dim",
    "Fact",
    "Fit",
    "Head",
    "Import",
    "KerasObject",
    "Layer",
    "Model",
    "OneOf",
    "Op",
    "Program",
    "Reference",
    "Shape",
    "Span",
    "Spec",
    "Tensor",
    "Training",
    "Unknown",
    "layer_parameters",
    "parameters",
    "weakest",
]
