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


def is_for_version_three(program: Program, options: Options) -> bool:
    """Whether the code is for Keras 3: by what it is told to be for, else by its own spellings."""
    targets = targets_of(options)
    if not targets or imports_fail(program, targets):
        return False
    current = all(int(target.partition(".")[0]) >= 3 for target in targets)
    return current and (bool(options.version) or keras_api.NEWEST in program.api_versions)
