"""Which version of Keras a file is judged by, and whether its imports work there."""

from __future__ import annotations

from keraslint import keras_api
from keraslint.graph import Import, Program
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
    dated = not options.version and keras_api.NEWEST not in program.api_versions
    return () if dated or imports_fail(program, targets) else targets
