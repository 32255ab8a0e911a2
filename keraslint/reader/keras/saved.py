"""Models that the program saves, as they stand then, for what it loads from the same place again."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from astroid import nodes

from keraslint.graph import Argument, KerasObject, Unknown
from keraslint.reader.keras.copies import clone_model
from keraslint.reader.keras.freezing import inside
from keraslint.reader.keras.trainings import GivenWeights
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import MISSING, ModelState, ModelValue, Value


@dataclass
class Saved:
    """What is remembered of files that models were saved to."""

    by_path: dict[Value, Value] = field(default_factory=dict)
    """By the path: a text, or the very value of which nothing is known."""


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Snapshot:
    """A model as it was saved."""

    model: ModelValue
    state: ModelState
    trainable: tuple[tuple[Value, Value], ...]
    """What it held, and whether each was trainable: a file does not learn of later changes."""


def save(machine: Machine, model: ModelValue, path: Value) -> None:
    """The model is written to a file: this is what will be read from there."""
    key = machine.need(path)
    if not isinstance(key, str | Unknown):
        return
    now: Value = None
    if model.instance is None and not model.state.opaque:
        held = tuple((part, _trainable(part)) for part in inside(machine, model))
        now = Snapshot(model, replace(model.state, attributes=dict(model.state.attributes)), held)
    machine.journal.set(machine.memory(Saved).by_path, key, now)


def save_at_checkpoints(machine: Machine, model: ModelValue, fit: tuple[Argument, ...]) -> None:
    """``fit(callbacks=[ModelCheckpoint("best.keras")])`` saves the model there."""
    given = next((argument.value.value for argument in fit if argument.name == "callbacks"), None)
    callbacks = given if isinstance(given, list | tuple) else (given,)
    for fact in callbacks:
        callback = getattr(fact, "value", fact)
        if isinstance(callback, KerasObject) and callback.class_name == "keras.callbacks.ModelCheckpoint":
            file, only_weights = callback.given("filepath"), callback.given("save_weights_only")
            if file is not None and (only_weights is None or only_weights.value.value is False):
                save(machine, model, file.value.value)


def load(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``load_model``: a model like the one that the program saved there, with the weights that it had."""
    path = machine.need(arguments.get(0, "filepath"))
    saved = machine.need(machine.memory(Saved).by_path.get(path)) if isinstance(path, str | Unknown) else None
    if not isinstance(saved, Snapshot) or any(_trainable(part) is not before for part, before in saved.trainable):
        return machine.unknown(f"a model loaded by {name}", node)
    model = saved.model
    loaded = clone_model(machine, replace(model, state=saved.state, cache={}), None, node)
    if isinstance(loaded, ModelValue):
        machine.journal.set(loaded.state, "given_away", name)
        machine.memory(GivenWeights).at.append(len(machine.record.fits))
    return loaded


def _trainable(part: Value) -> Value:
    state = getattr(part, "state", None)
    return getattr(state, "trainable", MISSING) if state is not None else part.attributes.get("trainable", MISSING)
