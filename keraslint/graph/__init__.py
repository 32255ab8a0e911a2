"""The model graph, the one picture of a program that every rule reads; no source, no Keras, no I/O in here."""

from keraslint.graph.facts import Confidence, Ended, Fact, OneOf, Quotient, Span, Unknown, weakest
from keraslint.graph.files import FileCall, OwnPart, Saved, Unmakable
from keraslint.graph.objects import (
    ONE_OF_SEVERAL,
    SHUFFLE,
    STANDARDIZED,
    Argument,
    Array,
    Call,
    Dataset,
    KerasObject,
    Layer,
    Model,
    Op,
    Reference,
    Scaling,
    Step,
    Tensor,
)
from keraslint.graph.observations import Observation
from keraslint.graph.own import OwnFunction, OwnStep, calls_behind
from keraslint.graph.parameters import layer_parameters, parameters
from keraslint.graph.program import Import, Program
from keraslint.graph.shape import OPEN, Dim, Shape
from keraslint.graph.training import Fit, Training

__all__ = [
    "ONE_OF_SEVERAL",
    "OPEN",
    "SHUFFLE",
    "STANDARDIZED",
    "Argument",
    "Array",
    "Call",
    "Confidence",
    "Dataset",
    "Dim",
    "Ended",
    "Fact",
    "FileCall",
    "Fit",
    "Import",
    "KerasObject",
    "Layer",
    "Model",
    "Observation",
    "OneOf",
    "Op",
    "OwnFunction",
    "OwnPart",
    "OwnStep",
    "Program",
    "Quotient",
    "Reference",
    "Saved",
    "Scaling",
    "Shape",
    "Span",
    "Step",
    "Tensor",
    "Training",
    "Unknown",
    "Unmakable",
    "calls_behind",
    "layer_parameters",
    "parameters",
    "weakest",
]
