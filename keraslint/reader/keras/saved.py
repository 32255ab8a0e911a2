"""Files that the program writes models to: what it reads from the same place again, and what they hold of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from astroid import nodes

from keraslint.graph import Argument, Fact, FileCall, KerasObject, Reference, Saved, Unknown, Unmakable
from keraslint.graph.files import FileMethod
from keraslint.reader.keras.binding import bind_keras
from keraslint.reader.keras.configs import unmakable_in
from keraslint.reader.keras.copies import clone_model
from keraslint.reader.keras.freezing import inside
from keraslint.reader.keras.own_parts import own_parts, short_losses
from keraslint.reader.keras.trainings import GivenWeights
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import span_of
from keraslint.reader.machine.record import CompileEvent
from keraslint.reader.machine.values import MISSING, Instance, ModelState, ModelValue, Value


@dataclass
class Written:
    """What is remembered of files that models were saved to."""

    by_path: dict[Value, Value] = field(default_factory=dict)
    """By the path: a text, a name of another module, or the very value of which nothing is known."""


Place = str | Unknown | Reference


@dataclass(frozen=True, eq=False, repr=False, slots=True)
class Snapshot:
    """A model as it was saved."""

    path: Fact[Value]
    model: ModelValue
    state: ModelState
    held: tuple[tuple[Value, Value], ...]
    """What it held, and whether each was trainable: a file does not learn of later changes."""
    compiled: CompileEvent | None
    """The compile that holds for it; None where there is none in sight, or another may have come in between."""
    with_optimizer: bool

    @property
    def is_plain(self) -> bool:
        """Whether one knows all that it is."""
        return self.model.instance is None and not self.state.opaque


def note_file(
    machine: Machine,
    method: FileMethod,
    symbol: str,
    arguments: Arguments,
    node: nodes.NodeNG,
    unmakable: tuple[Unmakable, ...] = (),
) -> FileCall | None:
    """Record a call that writes to a file or reads from one; None where it is not given a path."""
    bound = bind_keras(machine, symbol, arguments)
    path = next((argument.value for argument in bound if argument.name == "filepath"), None)
    if path is None:
        return None
    call = FileCall(
        method,
        path,
        bound,
        span_of(node),
        machine.flow_confidence,
        arguments.open_ended,
        machine.proves_nothing,
        _told(machine, snapshot) if method == "load_model" and (snapshot := _written(machine, path)) else None,
        unmakable,
    )
    machine.record.files.append(call)
    return call


def save(machine: Machine, model: ModelValue, symbol: str, arguments: Arguments, node: nodes.NodeNG) -> None:
    """``model.save("best.keras")``, ``keras.saving.save_model(model, "best.keras")``."""
    call = note_file(machine, "save", symbol, arguments, node, unmakable_in(machine, model))
    if call is not None:
        optimizer = machine.need(arguments.get(None, "include_optimizer"))
        _remember(machine, model, call.path, with_optimizer=optimizer is None or optimizer is True)


def save_at_checkpoints(machine: Machine, model: ModelValue, fit: tuple[Argument, ...]) -> None:
    """``fit(callbacks=[ModelCheckpoint("best.keras")])`` saves the model there."""
    given = next((argument.value.value for argument in fit if argument.name == "callbacks"), None)
    callbacks = given if isinstance(given, list | tuple) else (given,)
    for fact in callbacks:
        callback = getattr(fact, "value", fact)
        if isinstance(callback, KerasObject) and callback.class_name == "keras.callbacks.ModelCheckpoint":
            file, only_weights = callback.given("filepath"), callback.given("save_weights_only")
            if file is not None and (only_weights is None or only_weights.value.value is False):
                _remember(machine, model, file.value, with_optimizer=True)
                machine.record.files.append(
                    FileCall(
                        "checkpoint",
                        file.value,
                        callback.arguments,
                        callback.span,
                        min(callback.confidence, machine.flow_confidence),
                        callback.open_ended,
                        machine.proves_nothing or callback.assumed,
                        unmakable=unmakable_in(machine, model),
                    )
                )


def _remember(machine: Machine, model: ModelValue, path: Fact[Value], *, with_optimizer: bool) -> None:
    """The model is written to a file: this is what will be read from there."""
    if not isinstance(path.value, Place):
        return
    held = tuple((part, _trainable(part)) for part in inside(machine, model))
    state = replace(model.state, attributes=dict(model.state.attributes))
    now = Snapshot(path, model, state, held, _last_compile(machine, model), with_optimizer)
    machine.journal.set(machine.memory(Written).by_path, path.value, now)


def _last_compile(machine: Machine, model: ModelValue) -> CompileEvent | None:
    restored = model.instance is None or model.instance.cls.lookup("compile") is None
    if model.state.given_away is not MISSING or not restored:
        return None
    own = (model, model.instance)
    last = next((event for event in reversed(machine.record.compiles) if event.owner in own), None)
    where = machine.where
    if last is None or any(where.get(test) is not arm for test, arm in last.worlds.items()):
        return None
    return last


def load(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``load_model``: a model like the one that the program saved there, with the weights that it had."""
    call = note_file(machine, "load_model", name, arguments, node)
    found = _written(machine, call.path) if call is not None else None
    if found is None or not found.is_plain or any(_trainable(part) is not before for part, before in found.held):
        return machine.unknown(f"a model loaded by {name}", node)
    loaded = clone_model(machine, replace(found.model, state=found.state, cache={}), None, node)
    if isinstance(loaded, ModelValue):
        machine.journal.set(loaded.state, "given_away", name)
        machine.memory(GivenWeights).at.append(len(machine.record.fits))
    return loaded


def _written(machine: Machine, path: Fact[Value]) -> Snapshot | None:
    """What the program has last saved there."""
    place = path.value
    found = machine.need(machine.memory(Written).by_path.get(place)) if isinstance(place, Place) else None
    return found if isinstance(found, Snapshot) else None


def _told(machine: Machine, snapshot: Snapshot) -> Saved:
    """What rules may ask of a file."""
    compiled = snapshot.compiled.compiled.arguments if snapshot.compiled is not None else ()
    whole: Iterable[Value] = (part for part, _ in snapshot.held)
    if isinstance(snapshot.model.instance, Instance):
        whole = (snapshot.model.instance,)
    parts = tuple(own_parts(machine, whole, compiled))
    return Saved(snapshot.path, parts, tuple(short_losses(compiled)), snapshot.with_optimizer)


def _trainable(part: Value) -> Value:
    state = getattr(part, "state", None)
    return getattr(state, "trainable", MISSING) if state is not None else part.attributes.get("trainable", MISSING)
