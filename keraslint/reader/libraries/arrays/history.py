"""How data came to be: each operation leaves a step on the arrays that it makes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from astroid import nodes

from keraslint.graph import Array, Dim
from keraslint.graph.objects import Step, StepKind
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import ListValue, Value

MOST_STEPS = 24
"""Of more steps the last are not noted."""

KINDS: dict[str, StepKind] = {
    **dict.fromkeys(("asarray", "astype", "cast"), "cast"),
    **dict.fromkeys(("append", "column_stack", "concat", "concatenate", "hstack", "stack", "vstack"), "stacked"),
    **dict.fromkeys(("one_hot", "to_categorical"), "encoded"),
    **dict.fromkeys(("delete", "head", "take"), "sliced"),
    **dict.fromkeys(("expand_dims", "flatten", "ravel", "reshape", "squeeze", "transpose"), "reshaped"),
    **dict.fromkeys(("normalize", "preprocess_input"), "scaled"),
    **dict.fromkeys(("permutation", "shuffle", "train_test_split"), "shuffled"),
    **dict.fromkeys(("array_split", "split"), "split"),
    "sort": "sorted",
}
"""What an operation does to data, by the last part of its name; what makes data from none is `made`."""


@dataclass
class Numbers:
    """The numbers in arrays."""

    of: dict[Array, tuple[Value, ...]] = field(default_factory=dict)
    """Those of arrays that are short, as far as they are computed from literals."""


PREDICTED = "keras.Model.predict"


@dataclass
class Predicted:
    """Of predictions, on how many samples they were made."""

    rows: dict[Step, Dim] = field(default_factory=dict)


def is_predicted(array: Array) -> bool:
    """Whether it began as what a model predicts."""
    return bool(array.steps) and array.steps[0].by == PREDICTED


def with_step(
    machine: Machine, made: Value, of: Iterable[Value], kind: StepKind, by: object, node: nodes.NodeNG
) -> Value:
    """What an operation made of these values, with one step more than the first array among them has."""
    if isinstance(made, tuple):
        of = tuple(of)
        return tuple(with_step(machine, part, of, kind, by, node) for part in made)
    if not isinstance(made, Array):
        return made
    before = next((value.steps for value in of if isinstance(value, Array)), ())
    if len(before) >= MOST_STEPS:
        return replaced(machine, made, before)
    return replaced(machine, made, (*before, Step(kind, by, machine.place(node))))


def replaced(machine: Machine, made: Array, steps: tuple[Step, ...]) -> Array:
    """The array with these steps; what is known of its elements stays."""
    told = replace(made, steps=steps)
    if made in machine.memory(Numbers).of:
        machine.memory(Numbers).of[told] = machine.memory(Numbers).of[made]
    return told


def after_call(machine: Machine, made: Value, path: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """What a function of a library gives for these arguments, with the step that it is."""
    if not isinstance(made, Array | ListValue):
        return made
    given: list[Value] = []
    for value in map(machine.need, arguments.values):
        given.extend(value.items if isinstance(value, ListValue) else (value,))
    arrays = [value for value in given if isinstance(value, Array)]
    name = path.rpartition(".")[2]
    kind = KINDS.get(name, "made") if arrays else "made"
    if isinstance(made, Array):
        if made in arrays or (kind == "made" and arrays):
            return made if made.steps or not arrays else replaced(machine, made, arrays[0].steps)
        return with_step(machine, made, arrays, kind, path, node)
    if kind in ("shuffled", "split") and arrays:
        # train_test_split gives two parts of each array, in their order.
        sources = [array for array in arrays for _ in range(2)] if len(made.items) == 2 * len(arrays) else arrays[:1]
        parts = [sources[min(index, len(sources) - 1)] for index in range(len(made.items))]
        told = [with_step(machine, part, [of], kind, path, node) for part, of in zip(made.items, parts, strict=True)]
        made.items[:] = told
    return made
