"""An argument has a value that Keras refuses where the object is made.

## What it does
Reports, of Keras's own layers, losses, metrics, callbacks and regularizers:

- a number of units, filters, heads or repeats that is 0, negative, a text or a float, as `64 / 2` is one;
- a `kernel_size`, `strides`, `dilation_rate` or `pool_size` of more or fewer numbers than the layer has axes, `strides`
  above 1 beside a `dilation_rate` above 1, `filters` that `groups` do not divide;
- a `name` with a slash, or one that is a number, a `trainable` that is neither True nor False;
- a `learning_rate` that is a text, `metrics="mae"` without its list, and `compile("adam", "mse", ["mae"])`: the third
  argument of Keras 3 are the weights of the losses;
- a plain number as a regularizer, a regularizer below 0;
- a `reduction`, `merge_mode`, `data_format`, `average` or `save_freq` that Keras does not know;
- `factor=10` of ReduceLROnPlateau, `stddev` of GaussianNoise and `thresholds` of a metric outside 0 to 1, a slope of
  LeakyReLU that is None or below 0, `dims` of Permute that count the batch axis.

## Why training fails
Keras raises where the object is made, or where the layer is built: `Received an invalid value for units, expected a
positive integer. Received: units=32.0`, `Argument name must be a string and cannot contain character /`,
`ReduceLROnPlateau does not support a factor >= 1.0`. Observed on Keras 3.15, each of them.

## Example
```python
width = 64
model.add(layers.Dense(width / 2, activation="relu"))
```

## Use instead
```python
width = 64
model.add(layers.Dense(int(width / 2), activation="relu"))
```
The fix makes a number whole, takes the slash out of a name, names the metrics, or writes what was most likely meant.

## What it cannot see
Values that are not known. Keras 2 takes some of them: a program that pins one, or uses names that only it has, is left
alone.

## References
- <https://keras.io/api/layers/>
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from keraslint.edits import Fix, replace
from keraslint.graph import Confidence, Fact, KerasObject, Program
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import runs_on_keras_three
from keraslint.settings import Options

Test = Callable[[Any], bool]


@dataclass(frozen=True)
class Demand:
    """What Keras asks of an argument of some classes."""

    classes: tuple[str, ...]
    argument: str
    refuses: Test
    wants: str
    says: str
    """How Keras begins to complain."""
    instead: str = ""
    """What was most likely meant, as source."""


def is_no_count(value: Any) -> bool:
    return isinstance(value, float | str) or (is_number(value) and value <= 0)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_no_window(axes: int) -> Test:
    """Neither a whole number above 0, nor as many as there are axes."""
    return lambda value: len(value) != axes if isinstance(value, tuple | list) else is_no_count(value)


def is_none_of(*choices: str) -> Test:
    return lambda value: isinstance(value, str) and value not in choices


def _is_no_data_format(value: Any) -> bool:
    """Keras takes it in upper case as well."""
    return isinstance(value, str) and value.lower() not in ("channels_first", "channels_last")


def _is_outside(value: Any) -> bool:
    return is_number(value) and not 0 <= value <= 1


def _is_negative(value: Any) -> bool:
    return is_number(value) and value < 0


def _is_no_slope(value: Any) -> bool:
    return value is None or _is_negative(value)


def _counts_the_batch(dims: Any) -> bool:
    """Or an axis that there is not; whatever the others are, of which some may not be known."""
    return isinstance(dims, tuple | list) and any(isinstance(dim, int) and not 1 <= dim <= len(dims) for dim in dims)


def _is_no_truth(value: Any) -> bool:
    return is_number(value) or isinstance(value, str)


def _is_no_name(value: Any) -> bool:
    return is_number(value) or (isinstance(value, str) and "/" in value)


def _layers(*names: str) -> tuple[str, ...]:
    return tuple(f"keras.layers.{name}" for name in names)


CONVOLUTIONS = {
    1: _layers("Conv1D", "Conv1DTranspose", "SeparableConv1D", "DepthwiseConv1D", "ConvLSTM1D"),
    2: _layers("Conv2D", "Conv2DTranspose", "SeparableConv2D", "DepthwiseConv2D", "ConvLSTM2D"),
    3: _layers("Conv3D", "Conv3DTranspose", "ConvLSTM3D"),
}
POOLINGS = {
    1: _layers("MaxPooling1D", "AveragePooling1D"),
    2: _layers("MaxPooling2D", "AveragePooling2D"),
    3: _layers("MaxPooling3D", "AveragePooling3D"),
}
WITH_FILTERS = _layers(
    *("Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"),
    *("SeparableConv1D", "SeparableConv2D"),
)
UNDILATED = _layers(
    *("Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"),
    *("ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"),
)
"""Layers that take no strides beside a dilation; separable and depthwise ones do."""

COUNT = "a whole number above 0"
UNITS = "Received an invalid value for `units`, expected a positive integer"
POSITIVE = "expected a positive integer"
ONE_FORM = "must be a tuple of {} integers"
IN_UNIT = "a number from 0 to 1"

DEMANDS = (
    Demand(_layers("Dense", "LSTM", "GRU", "SimpleRNN"), "units", is_no_count, COUNT, UNITS),
    Demand(WITH_FILTERS, "filters", is_no_count, COUNT, "Invalid value for argument `filters`"),
    Demand(_layers("Embedding"), "input_dim", is_no_count, COUNT, "`input_dim` must be a positive integer"),
    Demand(_layers("Embedding"), "output_dim", is_no_count, COUNT, "`output_dim` must be a positive integer"),
    Demand(_layers("MultiHeadAttention"), "num_heads", is_no_count, COUNT, POSITIVE),
    Demand(_layers("MultiHeadAttention"), "key_dim", is_no_count, COUNT, POSITIVE),
    Demand(_layers("RepeatVector"), "n", is_no_count, COUNT, "Argument `n` should be a positive integer"),
    Demand(_layers("UpSampling1D"), "size", is_no_count, COUNT, "Argument `size` should be a positive integer"),
    *(
        Demand(CONVOLUTIONS[axes], name, is_no_window(axes), f"{COUNT}, or {axes} of them", ONE_FORM.format(axes))
        for axes in CONVOLUTIONS
        for name in ("kernel_size", "strides", "dilation_rate")
    ),
    *(
        Demand(POOLINGS[axes], "pool_size", is_no_window(axes), f"{COUNT}, or {axes} of them", ONE_FORM.format(axes))
        for axes in POOLINGS
    ),
    Demand(
        tuple(chain(*CONVOLUTIONS.values(), *POOLINGS.values())),
        "data_format",
        _is_no_data_format,
        "`channels_first` or `channels_last`",
        "The `data_format` argument must be one of",
    ),
    Demand(
        _layers("Bidirectional"),
        "merge_mode",
        is_none_of("sum", "mul", "ave", "concat"),
        "`sum`, `mul`, `ave`, `concat` or None",
        "Invalid merge mode",
    ),
    Demand(_layers("GaussianNoise"), "stddev", _is_outside, IN_UNIT, "Expected a float value between 0 and 1"),
    Demand(
        _layers("LeakyReLU"), "negative_slope", _is_no_slope, "a slope of 0 or more", "cannot be None or negative value"
    ),
    Demand(
        _layers("Permute"),
        "dims",
        _counts_the_batch,
        "the axes from 1 on, without that of the samples",
        "Invalid permutation argument `dims` for Permute Layer",
    ),
    Demand(
        ("keras.callbacks.ReduceLROnPlateau",),
        "factor",
        lambda value: is_number(value) and value >= 1,
        "a factor below 1, by which the rate is multiplied",
        "ReduceLROnPlateau does not support a factor >= 1.0",
        "0.1",
    ),
    Demand(
        ("keras.callbacks.ModelCheckpoint",),
        "save_freq",
        lambda value: isinstance(value, float) or (isinstance(value, str) and value != "epoch"),
        '`"epoch"` or a whole number of batches',
        "Unrecognized save_freq",
        '"epoch"',
    ),
    *(
        Demand(
            (f"keras.metrics.{name}",), "thresholds", _is_outside, IN_UNIT, "Threshold values must be in [0, 1]", "0.5"
        )
        for name in ("Precision", "Recall", "TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives")
    ),
    *(
        Demand(
            (f"keras.metrics.{name}",),
            "average",
            is_none_of("micro", "macro", "weighted"),
            "`micro`, `macro`, `weighted` or None",
            "Invalid `average` argument value",
        )
        for name in ("F1Score", "FBetaScore")
    ),
    *(
        Demand((f"keras.regularizers.{name}",), part, _is_negative, "0 or more", "expected a non-negative float")
        for name, parts in (("L1", ("l1",)), ("L2", ("l2",)), ("L1L2", ("l1", "l2")))
        for part in parts
    ),
)


@rule("E7963", symptom=Symptom.RAISES, even_untrained=True)
def keras_invalid_argument(program: Program, options: Options) -> Iterator[Finding]:
    compiled = (training.compiled for training in program.trainings if not training.compiled.expected)
    faults = [
        (made, fault)
        for made in (*program.layers, *program.objects, *compiled)
        if not (made.in_file or made.expected or made.origin)
        for fault in _faults(made)
    ]
    if not faults or not runs_on_keras_three(program, options):
        return
    for made, (value, name, wants, says, fix) in faults:
        shown = f"`{name}={value.value!r}` of `{made.kind}`"
        yield found(value, f"{shown}: Keras raises ({says}); give {wants}", made.confidence, fix=fix, about=made)


Fault = tuple[Fact[Any], str, str, str, Fix | None]


def _faults(made: KerasObject) -> Iterator[Fault]:
    if not made.arguments:
        return
    given = {one.name: one.value for one in made.arguments}
    for demand in _demands_of(made.class_name):
        value = given.get(demand.argument)
        if value is not None and value.known and demand.refuses(value.value):
            yield value, demand.argument, demand.wants, demand.says, _fix(value, demand)
    for argument in made.arguments if made.class_name.startswith("keras.layers.") else ():
        is_read = (made.kind, argument.name) != ("SimpleRNN", "activity_regularizer")
        if is_read and argument.name.endswith("_regularizer") and is_number(argument.value.value):
            says, wants = "Could not interpret regularizer identifier", "a regularizer: `keras.regularizers.L2(…)`"
            yield argument.value, argument.name, wants, says, _as_penalty(argument.value)
    yield from _at_odds(made, given)
    if made.class_name == "keras.Model.compile":
        yield from _metrics_as_weights(made)


def _metrics_as_weights(made: KerasObject) -> Iterator[Fault]:
    """Metrics in the place that they had before Keras 3."""
    for argument in made.arguments:
        says = _refusal_of_weights(argument.value.value) if argument.name == "loss_weights" else ""
        if says:
            span = argument.value.span
            start = span._replace(end_line=span.line, end_column=span.column)
            fix = Fix("name the metrics", (replace(start, "metrics="),)) if argument.written is None else None
            yield argument.value, "loss_weights", "numbers, and the metrics by name: `metrics=…`", says, fix


def _refusal_of_weights(value: Any) -> str:
    """What Keras says of texts or metrics where weights are asked for."""
    if isinstance(value, str):
        return "Expected `loss_weights` argument to be a float"
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    for part in parts:
        if isinstance(part, str):
            return "not a valid dtype for Keras type promotion"
        if isinstance(part, KerasObject) and part.class_name.startswith("keras.metrics."):
            return "Failed to convert elements"
    return ""


@cache
def _demands_of(class_name: str) -> tuple[Demand, ...]:
    """What Keras asks of a class's arguments."""
    own = tuple(demand for demand in DEMANDS if class_name in demand.classes)
    if class_name.startswith("keras.layers."):
        return (*own, NAME) if class_name.rpartition(".")[2] in TAKES_ANY_TRAINABLE else (*own, NAME, TRAINABLE)
    if class_name.startswith("keras.optimizers.") and "schedules" not in class_name:
        return (*own, NAME, RATE)
    if class_name.startswith("keras.losses."):
        return (*own, REDUCTION)
    return (*own, METRICS) if class_name == "keras.Model.compile" else own


NAME = Demand((), "name", _is_no_name, "a text without `/`", "Argument `name` must be a string and cannot contain `/`")
TRAINABLE = Demand((), "trainable", _is_no_truth, "True or False", "Expected `trainable` to be a boolean")
TAKES_ANY_TRAINABLE = ("HashedCrossing", "IntegerLookup", "StringLookup")
RATE = Demand(
    (),
    "learning_rate",
    lambda value: isinstance(value, str),
    "a number or a schedule",
    "Argument `learning_rate` should be float, or an instance of LearningRateSchedule",
)
METRICS = Demand(
    (),
    "metrics",
    lambda value: isinstance(value, str),
    "a list",
    "Expected `metrics` argument to be a list, tuple, or dict",
)
REDUCTION = Demand(
    (),
    "reduction",
    is_none_of("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none"),
    '`"sum_over_batch_size"`, `"sum"`, `"mean"` or `"none"`',
    "Invalid value for argument `reduction`",
    '"sum_over_batch_size"',
)


def _at_odds(made: KerasObject, given: dict[str, Fact[Any]]) -> Iterator[Fault]:
    """Arguments that are each right, and do not go together."""
    strides, dilation = given.get("strides"), given.get("dilation_rate")
    if made.class_name in UNDILATED and _exceeds_one(strides) and dilation is not None and _exceeds_one(dilation):
        says = "`strides > 1` not supported in conjunction with `dilation_rate > 1`"
        yield dilation, "dilation_rate", "one of the two alone", says, None
    filters, groups = given.get("filters"), given.get("groups")
    if filters is not None and groups is not None and made.kind in ("Conv1D", "Conv2D", "Conv3D"):
        count, parts = filters.value, groups.value
        if isinstance(count, int) and isinstance(parts, int) and max(count, 0) % max(parts, 1):
            says = "The number of filters must be evenly divisible by the number of groups"
            yield groups, "groups", f"a number that divides the {count} filters", says, None


def _exceeds_one(fact: Fact[Any] | None) -> bool:
    value = fact.value if fact is not None else None
    parts = value if isinstance(value, tuple | list) else (value,)
    return any(isinstance(part, int) and part > 1 for part in parts)


def _fix(value: Fact[Any], demand: Demand) -> Fix | None:
    instead, given = demand.instead, value.value
    if demand is METRICS:
        instead = f"[{given!r}]" if value.confidence is Confidence.HIGH else ""
    if isinstance(given, str) and demand is NAME:
        instead = repr(given.replace("/", "_")) if value.confidence is Confidence.HIGH else ""
    if isinstance(given, float) and given >= 1 and demand.wants.startswith(COUNT):
        start = value.span._replace(end_line=value.span.line, end_column=value.span.column)
        end = value.span._replace(line=value.span.end_line, column=value.span.end_column)
        return Fix("make it whole", (replace(start, "int("), replace(end, ")")))
    return Fix(f"write `{instead}`", (replace(value.span, instead),)) if instead else None


def _as_penalty(value: Fact[Any]) -> Fix:
    return Fix("make it a penalty", (replace(value.span, f"keras.regularizers.L2({value.value!r})"),))
