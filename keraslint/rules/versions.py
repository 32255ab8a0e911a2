"""Which version of Keras a file is judged by, and whether its imports work there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from keraslint import keras_api
from keraslint.graph import Argument, Confidence, Import, Program
from keraslint.graph.once import once
from keraslint.settings import Options

Written = tuple[str, tuple[Argument, ...], Confidence]
"""A call: the canonical name of what is called, its arguments, and how sure that is."""

_LAST_OF_MAJOR = {version.partition(".")[0]: version for version in keras_api.VERSIONS}
RECENT = tuple(_LAST_OF_MAJOR.values())[:-3:-1]
"""The newest version of each of the last two major ones."""


def targets_of(options: Options) -> tuple[str, ...]:
    """The version of the catalogue that the code is for, or the two between which it lies: what all of them say is
    true of it; none when it is older than all."""
    return keras_api.neighbors(options.version) if options.version else (keras_api.NEWEST,)


def judged_by(program: Program, options: Options) -> tuple[str, ...]:
    """The targets of a file that can be meant for them; none where its imports end it there already, or it uses what
    came later."""
    known = _judged_so_far(program)
    if options.version not in known:
        known[options.version] = _judged_by(program, options)
    return known[options.version]


@once
def _judged_so_far(program: Program) -> dict[str, tuple[str, ...]]:
    """The answers of `judged_by`, by the version that is asked for."""
    return {}


def _judged_by(program: Program, options: Options) -> tuple[str, ...]:
    targets = targets_of(options)
    if not targets or imports_fail(program, targets) or (not options.version and is_dated(program)):
        return ()
    return () if _is_newer(program, targets) else targets


def judged_though_dated(program: Program, options: Options) -> tuple[str, ...]:
    """The targets of a file whose imports and names are all of today, and only the arguments are old: it ends at the
    first of these."""
    targets = targets_of(options)
    is_of_today = not options.version and keras_api.NEWEST in program.api_versions
    return targets if is_of_today and not imports_fail(program, targets) else ()


def _is_newer(program: Program, targets: tuple[str, ...]) -> bool:
    """Whether it spells names that all came after the targets."""
    known = keras_api.VERSIONS
    return bool(program.api_versions) and all(
        known.index(version) > known.index(target) for version in program.api_versions for target in targets
    )


def runs_on_keras_three(program: Program, options: Options) -> bool:
    """Whether the program can be meant for Keras 3, and is judged by it."""
    targets = judged_by(program, options)
    return bool(targets) and all(target.startswith("3.") for target in targets)


def gone_names(statement: Import, targets: tuple[str, ...]) -> tuple[str, ...]:
    """The dotted paths that a statement imports and that are gone from the targets; none when it is guarded."""
    if statement.guarded:
        return ()
    if statement.module and is_gone(statement.module, targets):
        return statement.paths
    return tuple(path for path in statement.paths if is_gone(path, targets))


def is_gone(path: str, targets: tuple[str, ...]) -> bool:
    """Whether none of the targets has it any more."""
    return all(keras_api.gone_from(path, target) for target in targets)


def imports_fail(program: Program, targets: tuple[str, ...]) -> bool:
    """Whether one of the targets ends the program where it imports."""
    return any(gone_names(statement, (target,)) for statement in program.imports for target in targets)


@once
def is_dated(program: Program) -> bool:
    """The file cannot be meant for the newest Keras.

    It uses names that only older versions have, or an argument that the last two major versions both reject.
    """
    return keras_api.NEWEST not in program.api_versions or any(
        argument.written is not None
        and all(keras_api.accepts(name, argument.written, version) is False for version in RECENT)
        and once_accepted(name, argument.written)
        for name, arguments, _ in calls_written(program)
        for argument in arguments
    )


@once
def calls_written(program: Program) -> tuple[Written, ...]:
    """Every call of Keras that the catalogue knows the arguments of."""
    return tuple(_calls_written(program))


def _calls_written(program: Program) -> Iterator[Written]:
    for made in (*program.layers, *program.objects):
        if not made.in_file:
            yield made.class_name, made.arguments, made.confidence
    for training in program.trainings:
        yield training.compiled.class_name, training.compiled.arguments, training.confidence
    for fit in program.fits:
        yield f"keras.Model.{fit.method}", fit.arguments, fit.confidence


@lru_cache(maxsize=4096)
def once_accepted(name: str, argument: str) -> bool:
    """Whether some version of Keras knows the argument."""
    return keras_api.modern_argument(name, argument) is not None or any(
        keras_api.accepts(name, argument, version) for version in keras_api.VERSIONS
    )
