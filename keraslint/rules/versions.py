"""Which version of Keras a file is judged by, and whether its imports work there."""

from __future__ import annotations

from keraslint import keras_api
from keraslint.graph import Import, Program
from keraslint.settings import Options


def target_of(options: Options) -> str | None:
    """The newest version in the catalogue that is not newer than the one asked for; None when all are."""
    if not options.version:
        return keras_api.NEWEST
    asked = _numbers(options.version)
    return max((v for v in keras_api.VERSIONS if _numbers(v) <= asked), key=_numbers, default=None)


def _numbers(version: str) -> tuple[float, ...]:
    """Comparable, with a version that stops early standing for its last release: ``2`` is after ``2.15``."""
    parts = [float(part) for part in version.split(".") if part.isdigit()]
    return (*parts, float("inf"))


def gone_names(statement: Import, target: str) -> tuple[str, ...]:
    """The dotted paths that a statement imports and that are gone from the target; none when it is guarded."""
    if statement.guarded:
        return ()
    if statement.module and keras_api.gone_from(statement.module, target):
        return statement.paths
    return tuple(path for path in statement.paths if keras_api.gone_from(path, target))


def imports_fail(program: Program, target: str) -> bool:
    """Whether the target ends the program where it imports."""
    return any(gone_names(statement, target) for statement in program.imports)
