"""A list of losses for outputs in a dict goes by the sorted names, not by the order in which they are written.

## What it does
Reports a list of losses, loss weights or metrics for a model whose outputs are a dict, when the names are not
written in sorted order.

## Why training fails
Keras 3 flattens a dict by its sorted keys, so that the first loss of the list goes to the first name in the
alphabet. Observed on Keras 3.15 with the outputs `{"z": one number, "b": three classes}`: `["mse",
"sparse_categorical_crossentropy"]` gives the mean squared error to `b`, and training raises a shape error; where
the shapes go together, each output is trained by the loss of the other.

## Example
```python
model = keras.Model(inputs, {"price": price, "kind": kind})
model.compile(loss=["mse", "sparse_categorical_crossentropy"])
```

## Use instead
```python
model = keras.Model(inputs, {"price": price, "kind": kind})
model.compile(loss={"price": "mse", "kind": "sparse_categorical_crossentropy"})
```

## What it cannot see
A list whose order was chosen with the sorted names in mind. It is silent where the order makes no difference, as
with the same loss for all, and where the written order would give one unit a loss of several classes.

## References
- <https://keras.io/api/models/model_training_apis/#compile-method>
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keraslint.edits import Edit, replace
from keraslint.graph import Fact, Program, Training
from keraslint.graph.views import heads_of
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import CATEGORICAL, SPARSE
from keraslint.rules.remedies import fix
from keraslint.rules.versions import runs_on_keras_three
from keraslint.settings import Options


@rule("W7826", symptom=(Symptom.RAISES, Symptom.SLOWER))
def keras_loss_order_mismatch(program: Program, options: Options) -> Iterator[Finding]:
    for training in program.trainings:
        written, taken = training.model.written_names, training.model.output_names
        if written is None or taken is None or written == taken or training.own_step or training.ignores_loss:
            continue
        wrong = [
            (name, given)
            for name in ("loss", "loss_weights", "metrics")
            if len((given := training.compiled.argument(name)).items) == len(taken) and _order_matters(given)
        ]
        meant = bool(wrong) and wrong[0][0] == "loss" and _is_meant(training)
        if wrong and not meant and runs_on_keras_three(program, options):
            name, given = wrong[0]
            order = ", ".join(f"`{output}`" for output in taken)
            yield found(
                given,
                f"`{name}` is a list and the outputs are a dict: Keras takes them in sorted order ({order}), so "
                "outputs get the wrong one and the loss stays high or training raises; give a dict",
                training.confidence,
                fix=fix("name the outputs", *(_as_dict(given, written) for _, given in wrong)),
                about=training,
            )


def _is_meant(training: Training) -> bool:
    """Whether the losses go with the sorted names only: the other way round one unit would get several classes."""
    heads = heads_of(training)
    named = {head.name: head for head in heads}
    written = zip(training.model.written_names or (), heads, strict=False)
    return any(other.loss_is(*CATEGORICAL, *SPARSE) and named[name].units == 1 for name, other in written)


def _order_matters(given: Fact[Any]) -> bool:
    first, *others = (item.value for item in given.items)
    return all(item.known for item in given.items) and any(other != first for other in others)


def _as_dict(given: Fact[Any], names: tuple[str, ...]) -> tuple[Edit, ...]:
    """The list as a dict with the names in the order in which they are written."""
    if not all(isinstance(item.value, str | int | float) for item in given.items):
        return ()
    pairs = (f'"{name}": {_source(item.value)}' for name, item in zip(names, given.items, strict=True))
    return (replace(given.span, "{" + ", ".join(pairs) + "}"),)


def _source(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)
