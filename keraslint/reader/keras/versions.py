"""Keras 1's calls as today's: layers that changed their name, and positional arguments that changed their order.

Which order a call has is decided per file, from the names that it imports and the keywords that it uses.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import Argument, Array, Dataset, Unknown
from keraslint.reader.keras.binding import parameter_names
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.memory import remembered
from keraslint.reader.machine.places import nodes_in
from keraslint.reader.project.imports import Spelled

KERAS_1, KERAS_2 = "1.2", "2.2"

TODAYS_LAYERS = {
    "keras.layers.AtrousConvolution1D": "keras.layers.Conv1D",
    "keras.layers.AtrousConvolution2D": "keras.layers.Conv2D",
    "keras.layers.TimeDistributedDense": "keras.layers.Dense",
}
"""Layers that others of today equal in shape and weights. Source: `keras/legacy/layers.py` of Keras 2."""

FITTING = ("fit", "fit_generator", "evaluate", "evaluate_generator", "predict_generator")

_KERNEL_AXES = {"Convolution2D": 2, "Convolution3D": 3, "Deconvolution2D": 2, "SeparableConvolution2D": 2}
"""Keras 1's convolutions take the number of filters, then the kernel's sizes one by one."""


def today(machine: Machine, path: str, name: str, arguments: Arguments, node: nodes.NodeNG) -> tuple[str, Arguments]:
    """The canonical name and the arguments of a call of Keras as today's Keras would take them."""
    refused = [keyword for keyword in arguments.keywords if _is_refused(machine, path, name, keyword)]
    if refused:
        arguments = replace(arguments, refused=f"Keras refuses `{refused[0]}` of {name.rpartition('.')[2]}")
    if name in TODAYS_LAYERS:
        return TODAYS_LAYERS[name], replace(_told_length(name, arguments), order=_names_then(name))
    if path.partition(".")[0] != "keras":
        return name, arguments
    if name == "keras.layers.GRU" and "reset_after" not in arguments.keywords and _has_old_units(machine, node):
        # Keras 1 knows this kind only, and it was the default until Keras 2.4; it has one bias less than today's.
        arguments = replace(arguments, keywords={**arguments.keywords, "reset_after": Given(False, node)})
    if arguments.positional and _changed(name) and is_keras_1(machine, node):
        return name, replace(arguments, order=_names_then(name))
    return name, _one_kernel(machine, path, arguments, node)


def _told_length(name: str, arguments: Arguments) -> Arguments:
    """``TimeDistributedDense(4, input_dim=3)`` takes sequences, of any length when none is given."""
    size = arguments.keywords.get("input_dim")
    if size is None or not name.endswith("TimeDistributedDense"):
        return arguments
    return replace(arguments, keywords={"input_length": Given(None, size.node), **arguments.keywords})


def _one_kernel(machine: Machine, path: str, arguments: Arguments, node: nodes.NodeNG) -> Arguments:
    """``Convolution2D(32, 3, 3)`` has one kernel size in Keras 1, and in a Keras before 2.4, which still took this
    order under Keras 1's own names; since then the third is the strides."""
    axes = _KERNEL_AXES.get(path.rpartition(".")[2])
    given = arguments.positional
    if axes is None or len(given) < 1 + axes:
        return arguments
    sizes = tuple(size.value for size in given[1 : 1 + axes])
    if not all(isinstance(size, int) for size in sizes):
        return arguments
    if axes < _NO_PADDING and not (speaks_keras_1(machine, node) or _has_old_units(machine, node)):
        return arguments
    kernel = Given(sizes, given[1].node)
    return replace(arguments, positional=[given[0], kernel, *given[1 + axes :]])


_NO_PADDING = 3
"""From so many sizes on the last stands where Keras has the padding today: they can only be sizes."""


def _is_refused(machine: Machine, path: str, name: str, keyword: str) -> bool:
    """Whether Keras raises on a keyword: one that no version of the layer takes, or that only Keras 1 took and the
    file is for a later one. Keras 2 translated such keywords until 2.3; `tf.keras` never did.
    """
    if _is_never_taken(name, keyword):
        return True
    if not _is_taken_by_keras_1_only(name, keyword):
        return False
    return path.partition(".")[0] in _NEVER_KERAS_1 or not _BEFORE_2_4.intersection(api_versions(machine))


_NEVER_KERAS_1 = ("tensorflow", "tf_keras")


@lru_cache(maxsize=1024)
def _is_never_taken(name: str, keyword: str) -> bool:
    verdicts = {keras_api.accepts(name, keyword, version) for version in keras_api.VERSIONS} - {None}
    return name.startswith("keras.layers.") and verdicts == {False}


@lru_cache(maxsize=1024)
def _is_taken_by_keras_1_only(name: str, keyword: str) -> bool:
    _, *later = keras_api.VERSIONS
    return keras_api.accepts(name, keyword, KERAS_1) is True and not any(
        keras_api.accepts(name, keyword, version) for version in later
    )


def api_versions(machine: Machine) -> tuple[str, ...]:
    """The Keras versions that have everything the file has spelled so far."""
    allowed = keras_api.VERSIONS
    for path in machine.memory(Spelled).names:
        having = keras_api.versions_with(path)
        if having:
            allowed = tuple(version for version in allowed if version in having)
    return allowed


@lru_cache(maxsize=256)
def _names_then(name: str) -> tuple[str, ...]:
    """The names that positional arguments bind to in Keras 1."""
    symbol = keras_api.symbol(name)
    return tuple(p.name for p in symbol.parameters(KERAS_1) if p.kind == "positional") if symbol else ()


@lru_cache(maxsize=256)
def _changed(name: str) -> bool:
    """Whether positional arguments mean something else today, by their place or by their value."""
    then = _names_then(name)
    modern = tuple(keras_api.modern_argument(name, old) or old for old in then)
    return bool(then) and ("dim_ordering" in then or modern != parameter_names(name)[: len(then)])


ONLY_THEN, ONLY_LATER = frozenset((True,)), frozenset((False,))
"""What only Keras 1 has, or only a later Keras, as evidence that a file is Keras 1."""

# what a count counts ------------------------------------------------------------------------------------------

_COUNTED_IN_SAMPLES = frozenset(("samples_per_epoch", "nb_val_samples", "val_samples"))
"""Keras 1's arguments for generators; today's that took their places count batches."""
_STEPS = frozenset(("steps_per_epoch", "validation_steps", "steps"))


def in_steps(machine: Machine, bound: tuple[Argument, ...], node: nodes.NodeNG) -> tuple[Argument, ...]:
    """Arguments of `fit_generator` and the like with numbers of samples as numbers of batches, where a batch's size
    is known."""
    samples = [argument for argument in bound if _counts_samples(machine, argument, node)]
    if not samples:
        return bound
    data = next((argument.value.value for argument in bound if argument.name == "generator"), None)
    batch = _batch_size(data) if isinstance(data, Dataset) else None
    return tuple(_as_steps(argument, batch) if argument in samples else argument for argument in bound)


def _counts_samples(machine: Machine, argument: Argument, node: nodes.NodeNG) -> bool:
    if argument.written is not None:
        return argument.written in _COUNTED_IN_SAMPLES
    return argument.name in _STEPS and is_keras_1(machine, node)


def _batch_size(data: Dataset) -> int | None:
    first = data.components[0] if data.components and data.batched is True else None
    size = first.shape[0] if isinstance(first, Array) else None
    return size if isinstance(size, int) and size > 0 else None


def _as_steps(argument: Argument, batch: int | None) -> Argument:
    count = argument.value.value
    if isinstance(count, Unknown):
        return argument
    whole = isinstance(count, int) and batch is not None
    steps = count // batch if whole else Unknown(f"`{argument.written or argument.name}` in batches of unknown size")
    return replace(argument, value=replace(argument.value, value=steps))


# what a file is written for -----------------------------------------------------------------------------------


def is_keras_1(machine: Machine, node: nodes.NodeNG) -> bool:
    """Whether the file is consistently Keras 1: it says so somewhere, and nothing in it speaks against."""
    return _evidence_in(machine, node) == ONLY_THEN


def speaks_keras_1(machine: Machine, node: nodes.NodeNG) -> bool:
    """Whether something in the file is of Keras 1 only: a Keras after 2.3 would raise on it."""
    return True in _evidence_in(machine, node)


def _evidence_in(machine: Machine, node: nodes.NodeNG) -> frozenset[bool]:
    """What the file of ``node`` says about its Keras: True for what only Keras 1 has, False for what came later."""
    return _evidence_of_file(machine, node.root())


def backend_of(machine: Machine, node: nodes.NodeNG) -> str | Unknown:
    """The backend that the program sets in ``KERAS_BACKEND``; TensorFlow where it says nothing of it."""
    for place in (node, machine.site):
        named = _backend_named_in(machine, place.root()) if place is not None else None
        if named is not None:
            return named
    return Unknown("the backend of a program for Keras 1") if is_keras_1(machine, node) else "tensorflow"


@remembered
def _backend_named_in(machine: Machine, module: nodes.NodeNG) -> str | Unknown | None:
    """The backend that a module sets in the environment."""
    texts = nodes_in(module, nodes.Const)
    machine.burn(len(texts))
    target = next((text.parent for text in texts if text.value == "KERAS_BACKEND"), None)
    return None if target is None else _assigned(target) or Unknown("the environment's KERAS_BACKEND")


def _assigned(target: nodes.NodeNG) -> str | None:
    """What ``os.environ["KERAS_BACKEND"]`` is set to."""
    match target.parent if isinstance(target, nodes.Subscript) else None:
        case nodes.Assign(value=nodes.Const(value=str(name))):
            return name
        case _:
            return None


def _has_old_units(machine: Machine, node: nodes.NodeNG) -> bool:
    """Whether the file is surely for a Keras before 2.4, which made TensorFlow's defaults its own."""
    return _is_before_2_4(machine, node.root())


@remembered
def _is_before_2_4(machine: Machine, module: nodes.NodeNG) -> bool:
    imports = nodes_in(module, nodes.ImportFrom)
    machine.burn(len(imports))
    seen: set[bool] = set().union(*map(_evidence_of_age, imports))
    return seen == {True} or is_keras_1(machine, module)


def _evidence_of_age(node: nodes.ImportFrom) -> set[bool]:
    paths = [f"{node.modname}.{name}" for name, _ in node.names]
    if any(path.startswith("tensorflow") and keras_api.is_keras_module(path) for path in paths):
        return {False}
    versions = [keras_api.versions_with(path) for path in paths if path.startswith("keras.")]
    then = {True for having in versions if having and _BEFORE_2_4.issuperset(having)}
    later = {False for having in versions if having and _BEFORE_2_4.isdisjoint(having)}
    return then | later


_BEFORE_2_4 = frozenset((KERAS_1, KERAS_2))


@remembered
def _evidence_of_file(machine: Machine, module: nodes.NodeNG) -> frozenset[bool]:
    asked = [node for kind in (nodes.ImportFrom, nodes.Call, nodes.Attribute) for node in nodes_in(module, kind)]
    machine.burn(len(asked))
    return frozenset().union(*map(_evidence, asked))


def _evidence(node: nodes.NodeNG) -> set[bool]:
    match node:
        case nodes.ImportFrom(modname=str(module), names=names):
            return set().union(*(_evidence_of_name(f"{module}.{name}") for name, _ in names))
        case nodes.Call(func=nodes.Name(name=name) | nodes.Attribute(attrname=name), keywords=[*keywords]) if keywords:
            path = f"keras.Model.{name}" if name in FITTING else keras_api.canonical(f"keras.layers.{name}")
            return set().union(*(_evidence_of_keyword(path, k.arg) for k in keywords)) if path else set()
        case nodes.Attribute(attrname="image_dim_ordering" | "set_image_dim_ordering"):
            return {True}
    return set()


@lru_cache(maxsize=1024)
def _evidence_of_name(path: str) -> frozenset[bool]:
    if path.startswith("tensorflow") and keras_api.is_keras_module(path):
        return ONLY_LATER
    versions = keras_api.versions_with(path)
    if versions == (KERAS_1,):
        return ONLY_THEN
    return ONLY_LATER if versions and KERAS_1 not in versions else frozenset()


@lru_cache(maxsize=1024)
def _evidence_of_keyword(path: str, keyword: str | None) -> frozenset[bool]:
    symbol = keras_api.symbol(path)
    if symbol is None or keyword is None:
        return frozenset()
    then, later = ({p.name for p in symbol.parameters(version)} for version in (KERAS_1, KERAS_2))
    if keyword in then and later and keyword not in later:
        return ONLY_THEN
    refused = keyword in later and keras_api.accepts(path, keyword, KERAS_1) is False
    return ONLY_LATER if refused else frozenset()


__all__ = ["api_versions", "is_keras_1", "speaks_keras_1", "today"]
