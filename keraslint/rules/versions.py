"""Which version of Keras a file is judged by, and whether its imports work there."""

from __future__ import annotations

from collections.abc import Iterator

from keraslint import keras_api
from keraslint.graph import Import, Program
from keraslint.graph.once import once
from keraslint.settings import Options


def targets_of(options: Options) -> tuple[str, ...]:
    """The version of the catalogue that the code is for, or the two between which it lies: what all of them say is
    true of it; none when it is older than all."""
    return keras_api.neighbors(options.version) if options.version else (keras_api.NEWEST,)


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


def judges(program: Program, options: Options) -> tuple[str, ...]:
    """The targets, where the file can be meant for them and its imports work there; none otherwise."""
    targets = targets_of(options)
    dated = not options.version and is_dated(program)
    return () if dated or imports_fail(program, targets) else targets


@once
def is_dated(program: Program) -> bool:
    """Whether a file cannot be meant for the newest Keras: by names that only older versions have, or by an argument
    that the last two major versions both reject and an older one took."""
    last_of_major = {version.partition(".")[0]: version for version in keras_api.VERSIONS}
    recent = list(last_of_major.values())[:-3:-1]
    return keras_api.NEWEST not in program.api_versions or any(
        all(keras_api.accepts(name, written, version) is False for version in recent)
        and (
            keras_api.modern_argument(name, written) is not None
            or any(keras_api.accepts(name, written, version) for version in keras_api.VERSIONS)
        )
        for name, written in _keywords(program)
    )


def _keywords(program: Program) -> Iterator[tuple[str, str]]:
    """The keywords that a program writes, each with the canonical name of what is called."""
    made = (*program.layers, *program.objects, *(training.compiled for training in program.trainings))
    calls = [(each.class_name, each.arguments) for each in made if not each.in_file]
    calls += [(f"keras.Model.{fit.method}", fit.arguments) for fit in program.fits]
    for name, arguments in calls:
        yield from ((name, argument.written) for argument in arguments if argument.written is not None)
