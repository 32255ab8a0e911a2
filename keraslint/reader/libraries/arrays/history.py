"""How data came to be: each operation leaves a step on the arrays that it makes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field, replace

from astroid import nodes

from keraslint.graph import Array, Dim, Model
from keraslint.graph.objects import Scaling, Step, StepKind
from keraslint.reader.libraries.arrays.drawing import order_of
from keraslint.reader.libraries.arrays.facts import Numbers
from keraslint.reader.libraries.arrays.ordering import is_by_class
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import ListValue, Value

MOST_STEPS = 24
"""Of more steps the last are not noted."""

KINDS: dict[str, StepKind] = {
    **dict.fromkeys(("array", "asarray", "ascontiguousarray", "astype", "cast", "convert_to_tensor"), "cast"),
    **dict.fromkeys(("append", "column_stack", "concat", "concatenate", "hstack", "stack", "vstack"), "stacked"),
    **dict.fromkeys(("repeat", "tile"), "stacked"),
    **dict.fromkeys(("one_hot", "to_categorical"), "encoded"),
    **dict.fromkeys(("delete", "head", "take"), "sliced"),
    **dict.fromkeys(("expand_dims", "flatten", "ravel", "reshape", "squeeze", "transpose"), "reshaped"),
    "normalize": "scaled",
    **dict.fromkeys(("permutation", "shuffle", "train_test_split"), "shuffled"),
    **dict.fromkeys(("array_split", "split"), "split"),
    "sort": "sorted",
}
"""What an operation does to data, by the last part of its name; what makes data from none is `made`."""


@dataclass
class Predicted:
    """Of predictions, on how many samples they were made."""

    rows: dict[Step, Dim] = field(default_factory=dict)


def is_predicted(array: Array) -> bool:
    """Whether it began as what a model predicts."""
    return bool(array.steps) and isinstance(array.steps[0].by, Model)


def with_step(
    machine: Machine,
    made: Value,
    of: Iterable[Value],
    kind: StepKind,
    by: object,
    node: nodes.NodeNG,
    scaling: Scaling | None = None,
) -> Value:
    """What an operation made of these values, with one step more than the first array among them has."""
    if type(made) is tuple:
        of = tuple(of)
        return tuple(with_step(machine, part, of, kind, by, node, scaling) for part in made)
    if not isinstance(made, Array):
        return made
    before = next((value.steps for value in of if isinstance(value, Array)), ())
    if len(before) >= MOST_STEPS:
        return replaced(machine, made, before)
    return replaced(machine, made, (*before, Step(kind, by, machine.place(node), scaling)))


def with_order(
    machine: Machine,
    made: Value,
    of: Iterable[Value],
    path: str | None,
    node: nodes.NodeNG,
    order: Hashable,
    kind: StepKind = "shuffled",
) -> Value:
    """What a function made that moves samples into an order."""
    told = with_step(machine, made, of, kind, path, node)
    if not isinstance(told, Array) or not told.steps or told.steps[-1].by != path:
        return told
    return replaced(machine, told, (*told.steps[:-1], replace(told.steps[-1], order=order)))


def with_written(machine: Machine, made: Array, before: Array, node: nodes.NodeNG) -> Array:
    """An array into which elements were written, with the step that this is; a loop that writes leaves one."""
    if before.steps and before.steps[-1].by == WRITTEN and before.steps[-1].kind == "computed":
        return replaced(machine, made, before.steps)
    told = with_step(machine, made, [before], "computed", WRITTEN, node)
    assert isinstance(told, Array)
    return told


WRITTEN = "[]="
"""What ``x[i] = value`` is by."""


def replaced(machine: Machine, made: Array, steps: tuple[Step, ...]) -> Array:
    """The array with these steps; what is known of its elements stays."""
    told = replace(made, steps=steps)
    if made in machine.memory(Numbers).of:
        machine.memory(Numbers).of[told] = machine.memory(Numbers).of[made]
    return told


def after_call(machine: Machine, made: Value, path: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """What a function of a library gives for these arguments, with the step that it is."""
    told = _after_call(machine, made, path, arguments, node)
    if isinstance(told, Array) and is_by_class(machine, path.rpartition(".")[2], arguments, told):
        return with_step(machine, told, [told], "sorted", path, node)
    return told


def _after_call(machine: Machine, made: Value, path: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    if not isinstance(made, Array | ListValue | tuple):
        return made
    given: list[Value] = []
    for value in map(machine.need, arguments.values):
        given.extend(value.items if isinstance(value, ListValue) else value if isinstance(value, tuple) else (value,))
    arrays = [value for value in given if isinstance(value, Array)]
    name = path.rpartition(".")[2]
    kind = KINDS.get(name, "made") if arrays else "made"
    if isinstance(made, tuple):
        return made if arrays else with_step(machine, made, (), kind, path, node)
    if kind == "cast" and not any(isinstance(value, Array) for value in map(machine.need, arguments.values)):
        kind = "stacked"  # the rows of a list
    if isinstance(made, Array):
        before = arrays[0].steps if arrays else ()
        if len(made.steps) > len(before) and made.steps[-1].by == path:
            return made  # it has noted itself what it did
        if kind == "shuffled":
            return with_order(machine, replace(made), arrays, path, node, order_of(machine, arguments))
        if made in arrays or (kind == "made" and arrays and made.steps):
            return made
        if kind == "made" and arrays:
            return with_step(machine, made, arrays, "computed", path, node)
        if kind == "scaled":
            return with_step(machine, made, arrays, kind, path, node, Scaling(name=name))
        if kind == "stacked":
            return _joined(machine, made, arrays, path, node)
        return with_step(machine, made, arrays, kind, path, node)
    if kind in ("shuffled", "split") and arrays:
        made.items[:] = _parted(machine, made.items, arrays, path, arguments, node)
    return made


def _parted(
    machine: Machine,
    parts: list[Value],
    arrays: list[Array],
    path: str,
    arguments: Arguments,
    node: nodes.NodeNG,
) -> list[Value]:
    """Several arrays with the step of what shuffled or split them: all are moved into one order.

    ``shuffle`` gives each array, ``train_test_split`` two parts of each, in their order; others the parts of the first.
    """
    name = path.rpartition(".")[2]
    sources: list[Value] = [*arrays[:1]] * len(parts)
    given = [machine.need(each.value) for each in arguments.positional]  # `stratify` is none of them
    if name in ("shuffle", "train_test_split") and given and len(parts) % len(given) == 0:
        sources = [value for value in given for _ in range(len(parts) // len(given))]
    order = order_of(machine, arguments) if KINDS[name] == "shuffled" else None
    if name == "train_test_split" and machine.need(arguments.get(None, "shuffle")) is not None:
        order = None  # then it may leave them as they are
    return [
        with_order(machine, part, [of], path, node, order, KINDS[name]) for part, of in zip(parts, sources, strict=True)
    ]


MOST_JOINED = 8
"""Of more arrays nobody asks what they are."""


def _joined(machine: Machine, made: Array, arrays: list[Array], path: str, node: nodes.NodeNG) -> Value:
    """Arrays that were put together; of other values than those of the first, where not the same became of all."""
    told = with_step(machine, made, arrays, "stacked", path, node, None if _are_alike(arrays) else Scaling())
    if not isinstance(told, Array) or len(arrays) > MOST_JOINED or not told.steps or told.steps[-1].by != path:
        return told
    return replaced(machine, told, (*told.steps[:-1], replace(told.steps[-1], of=tuple(arrays))))


def _are_alike(arrays: list[Array]) -> bool:
    """Whether the same became of the values of all."""
    return len({tuple(step.scaling for step in array.steps if changes_values(step)) for array in arrays}) == 1


def changes_values(step: Step) -> bool:
    """Whether values became other ones by a step."""
    return step.scaling is not None or step.kind in ("computed", "encoded")
