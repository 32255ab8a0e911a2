"""A setting of an optimizer or schedule that Keras refuses, or with which its weights become NaN.

## What it does
Reports, of Keras's own optimizers and schedules:

- `momentum` of SGD or `ema_momentum` outside 0 to 1, which raises, and a `momentum` of 1 or more, which never
  slows down;
- `beta_1` of 1 or more, `beta_2` or `rho` of 1 or more or below 0;
- `epsilon=None`, and `weight_decay=None` of AdamW;
- `clipnorm`, `clipvalue` and `global_clipnorm` of which more than one is given;
- `gradient_accumulation_steps=1`;
- `decay_steps` and `first_decay_steps` of 0 or less, as a cardinality of -1 or -2 makes them;
- `boundaries` and `values` of a PiecewiseConstantDecay that do not fit each other.

## Why training fails
Most of these raise: `ValueError: momentum must be a float between [0, 1]`. The rest is a running mean that does
not forget: with `beta_1=1.0` the loss of Adam is NaN after the first step, with `beta_2=1.0` it does not
change, and with `momentum=1.0` SGD swings without end. Observed on Keras 3.15.

## Example
```python
optimizer = keras.optimizers.SGD(0.01, momentum=9.0)
```

## Use instead
```python
optimizer = keras.optimizers.SGD(0.01, momentum=0.9)
```
The fix writes Keras's default, or takes the argument out.

## What it cannot see
Values that are not known. A `clipnorm` of 0 or less means "do not clip" to Keras, and a tiny negative `epsilon`
or a negative `beta_1` trains: none of these is reported.

## References
- <https://keras.io/api/optimizers/>
- <https://keras.io/api/optimizers/learning_rate_schedules/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint import keras_api
from keraslint.edits import Fix, remove_argument, replace
from keraslint.graph import Argument, KerasObject, Program
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.versions import runs_on_keras_three
from keraslint.settings import Options

CLIPS = ("clipnorm", "clipvalue", "global_clipnorm")
STEPS = ("decay_steps", "first_decay_steps")
RAISES = "Keras raises"
FORGETS_NOTHING = "its running mean never forgets, and the loss becomes NaN or does not change"


@rule("E7834", symptom=(Symptom.RAISES, Symptom.NAN, Symptom.DIVERGES), even_untrained=True)
def keras_invalid_hyperparameter(program: Program, options: Options) -> Iterator[Finding]:
    suspects = [
        (made, fault)
        for made in program.objects
        if made.class_name.startswith("keras.optimizers.")
        for fault in _faults(made)
    ]
    if not suspects or not runs_on_keras_three(program, options):
        return
    for made, (argument, consequence, remedy, fix) in suspects:
        yield found(
            argument.value,
            f"`{argument.name}` of `{made.kind}` is `{_shown(argument)}`: {consequence}; {remedy}",
            made.confidence,
            fix=fix,
            about=made,
        )


def _shown(argument: Argument) -> object:
    return argument.value.value


Fault = tuple[Argument, str, str, Fix | None]


def _faults(made: KerasObject) -> Iterator[Fault]:
    clips = [argument for argument in made.arguments if argument.name in CLIPS and argument.value != None]  # noqa: E711
    if len(clips) > 1 and all(argument.value.known for argument in clips):
        last = clips[-1]
        fix = Fix(f"keep `{clips[0].name}`", (remove_argument(last.span),)) if last.written and last.span else None
        yield last, f"`{clips[0].name}` is given, too, and {RAISES}", "keep one of the two", fix
    for argument in made.arguments:
        fault = _fault(made, argument)
        if fault is not None:
            yield argument, *fault


def _fault(made: KerasObject, argument: Argument) -> tuple[str, str, Fix | None] | None:
    name, value = argument.name, argument.value
    if (name == "ema_momentum" or (name == "momentum" and made.kind == "SGD")) and (value < 0 or value > 1):
        return RAISES, "it lies between 0 and 1", _default(made, argument)
    if name == "momentum" and value >= 1:
        return "steps never slow down, and the loss swings or grows", "use `0.9`", _set(argument, 0.9)
    if (name in ("beta_1", "beta_2", "rho") and value >= 1) or (name == "beta_2" and value < 0):
        return FORGETS_NOTHING, "it lies between 0 and 1", _default(made, argument)
    if (name == "epsilon" or (name == "weight_decay" and made.kind == "AdamW")) and value == None:  # noqa: E711
        return RAISES, "leave it out", _removed(argument)
    if name == "gradient_accumulation_steps" and value == 1:
        return RAISES, "leave it out, or accumulate 2 or more", _removed(argument)
    if name in STEPS and value <= 0:
        return RAISES, "give the number of steps (a cardinality of -1 or -2 is none)", None
    if name == "boundaries" and value.is_a((list, tuple)):
        values = made.argument("values").value
        boundaries = value.value
        if isinstance(values, list | tuple) and isinstance(boundaries, list | tuple):
            told = f"with {len(values)} values for {len(boundaries)} boundaries {RAISES}"
            return (told, "give one value more than boundaries", None) if len(values) != len(boundaries) + 1 else None
    return None


def _default(made: KerasObject, argument: Argument) -> Fix | None:
    symbol = keras_api.symbol(made.class_name)
    default = {one.name: one.default for one in symbol.parameters()}.get(argument.name) if symbol else None
    return _set(argument, default) if isinstance(default, float) else None


def _set(argument: Argument, value: float) -> Fix:
    return Fix("use a value that works", (replace(argument.value.span, repr(value)),))


def _removed(argument: Argument) -> Fix | None:
    if argument.written is None or argument.span is None:
        return None
    return Fix(f"remove `{argument.written}`", (remove_argument(argument.span),))
