"""`fit` is given data or numbers that Keras refuses: labels beside a data set, plain lists, arrays of other lengths.

## What it does
Reports, for Keras 3:

- `y`, `sample_weight` or a `validation_split` beside a tf.data Dataset, a PyDataset or a generator;
- a list or tuple of plain numbers or strings as `x` or `y`;
- inputs and labels, or two inputs, that have not the same number of samples, also as `validation_data` and for
  `evaluate`;
- a float for `epochs`, `initial_epoch`, `steps_per_epoch`, `validation_steps`, or the `steps` of `evaluate` and
  `predict`, as `len(x) / 32` gives it, and `np.ceil`, too;
- a `validation_split` of 1, which leaves nothing to train on.

## Why training fails
`fit` raises: `When providing x as a tf.data.Dataset, y should not be passed`, `Argument validation_split is
only supported for tensors or NumPy arrays`, `Unrecognized data type: x=[1.0, 2.0, 3.0]`, `Data cardinality is
ambiguous. Make sure all arrays contain the same number of samples`, `'float' object cannot be interpreted as an
integer`. Observed on Keras 3.15.

## Example
```python
model.fit(dataset, labels, epochs=5)
model.fit(features, labels, steps_per_epoch=len(features) / 32)
```

## Use instead
```python
model.fit(dataset, epochs=5)
model.fit(features, labels, steps_per_epoch=len(features) // 32)
```
The fix takes the argument out, or makes a whole number of it.

## What it cannot see
Data that are not known. A list of arrays is right for a model of several inputs. Some older versions take lists
of numbers: a program that pins one, or uses names that only they have, is left alone.

## References
- <https://keras.io/api/models/model_training_apis/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Edit, Fix, remove_argument, replace
from keraslint.graph import Argument, Array, Fact, Fit, Program, Quotient, Span
from keraslint.graph.views import Run
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import runs_on_keras_three
from keraslint.settings import Options

WHOLE = frozenset({"epochs", "initial_epoch", "steps", "steps_per_epoch", "validation_steps"})
"""Arguments that Keras counts with."""

Fault = tuple[Fact[object] | Span, str, Fix | None]


@rule("E7886", symptom=Symptom.RAISES)
def keras_fit_argument_conflict(program: Program, options: Options) -> Iterator[Finding]:
    faults = [(run, fault) for run in Run.of(program) for fault in (*_faults(run.fit), *_of_lengths(run.fit))]
    if faults and runs_on_keras_three(program, options):
        for run, (place, message, fix) in faults:
            yield found(place, message, run.confidence, fix=fix, about=run)


def _faults(fit: Fit) -> Iterator[Fault]:
    yield from _no_whole_numbers(fit)
    if fit.method != "fit":
        return
    given = {argument.name: argument for argument in fit.arguments}
    if fit.dataset is not None:
        yield from _beside_dataset(given)
    for name in ("x", "y"):
        if name in given and _is_plain(given[name].value):
            fact = given[name].value
            yield (
                fact,
                f"`{name}` is a plain list: fit raises `Unrecognized data type`; make an array: `np.array(…)`",
                None,
            )
    split = given.get("validation_split")
    if split is not None and split.value == 1 and fit.dataset is None:
        yield (
            split.value,
            "`validation_split=1` leaves nothing to train on: fit raises; hold back a fraction: `0.2`",
            None,
        )


def _no_whole_numbers(fit: Fit) -> Iterator[Fault]:
    for argument in fit.arguments:
        fact = argument.value
        if argument.name in WHOLE and (fact.is_a(float) or isinstance(fact.value, Quotient)):
            shown = "what `/` gives, a float" if isinstance(fact.value, Quotient) else f"the float `{fact.value}`"
            consequence = f"{fit.method} raises `cannot be interpreted as an integer`; use a whole number"
            whole = Fix("make it whole", _as_int(fact))
            yield fact.span, f"`{argument.name}` is {shown}: {consequence}", whole  # also in one turn of a loop


def _of_lengths(fit: Fit) -> Iterator[Fault]:
    """Arrays of one call that do not hold the same number of samples."""
    for part in (fit, fit.validation) if fit.method in ("fit", "evaluate") and not fit.assumed else ():
        if part is None or part.dataset is not None or part.x is None:
            continue
        lengths = [_length(array) for array in (*part.inputs, *part.labels())]
        known = sorted({length for length in lengths if length is not None})
        if len(known) > 1:
            counts = " and ".join(str(length) for length in known)
            where = "`validation_data`" if part is not fit else f"`{fit.method}`"
            yield (
                part.x if part is not fit or part.y is None else part.y,
                f"{where} is given arrays of {counts} samples, so it raises `Data cardinality is ambiguous`; give as "
                "many labels as inputs, of the same part of the data",
                None,
            )


def _length(array: Array | None) -> int | None:
    """How many samples it holds; an array without axes holds none that are counted."""
    if array is None or not array.shape.rank_known or not array.shape.dims:
        return None
    count = array.shape.dims[0]
    return count if isinstance(count, int) else None


def _beside_dataset(given: dict[str, Argument]) -> Iterator[Fault]:
    for name in ("y", "sample_weight"):
        argument = given.get(name)
        if argument is not None and _is_something(argument):
            message = f"`{name}` is given beside a data set, which brings its own: fit raises; leave it out"
            yield argument.value, message, _without(argument)
    split = given.get("validation_split")
    if split is not None and split.value > 0:
        message = "`validation_split` cannot split a data set: fit raises; give `validation_data`"
        yield split.value, message, _without(split)


def _is_something(argument: Argument) -> bool:
    return argument.value.known and not argument.value.is_a(type(None))


def _is_plain(fact: Fact[object]) -> bool:
    """A list of numbers or texts, at any depth."""
    if not fact.is_a((list, tuple)) or not fact.items:
        return False
    return all(_is_plain(item) or item.is_a((int, float, str)) for item in fact.items)


def _without(argument: Argument) -> Fix | None:
    if argument.written is None or argument.span is None:
        return None
    return Fix(f"leave `{argument.written}` out", (remove_argument(argument.span),))


def _as_int(fact: Fact[object]) -> tuple[Edit, ...]:
    start = fact.span._replace(end_line=fact.span.line, end_column=fact.span.column)
    end = fact.span._replace(line=fact.span.end_line, column=fact.span.end_column)
    return replace(start, "int("), replace(end, ")")
