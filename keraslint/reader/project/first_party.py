"""Reads the program's own files beside the one that is read, when a name that they define is needed.

Only files of the same project are looked at, by their text; nothing is ever imported. The number and size of what is
read for one file are bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import Unknown
from keraslint.reader.language.names import Undefined
from keraslint.reader.language.running import FUEL_PER_LINE, line_count, run_module
from keraslint.reader.machine.journal import Journal
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import ELSEWHERE
from keraslint.reader.machine.protocols import FIRST_PARTY
from keraslint.reader.machine.record import Record
from keraslint.reader.machine.values import External, Scope, Value
from keraslint.reader.parsing import parse
from keraslint.reader.text import ReadError

MOST_FILES = 40
"""So many other files are read for one file."""
DEEPEST_RE_EXPORT = 20
"""A name is followed through so many ``from … import`` of other files."""


@FIRST_PARTY.answers
def first_party(machine: Machine, name: External, node: nodes.NodeNG) -> Value:
    """What a dotted name stands for where a file of the project defines it; else the name itself."""
    value: Value = name
    for _ in range(DEEPEST_RE_EXPORT):
        place = machine.project.find(value)
        if place is None:
            return value
        found = _value_at(machine, *place, node)
        for other in machine.project.others(value) if found is NOT_THERE else ():
            found = _value_at(machine, *other, node) if found is NOT_THERE else found
        if found is NOT_THERE:
            file, (first, *_) = place
            return machine.memory(Undefined).names.setdefault(
                f"{file}:{first}", Unknown(f"`{first}` is not defined in {file.name}")
            )
        value = found
        if not isinstance(value, External):
            return value
    return machine.unknown(f"{name.path} is imported in a circle", node)


NOT_THERE: Value = object()
"""A file does not define the name."""


def _value_at(machine: Machine, file: Path, path: tuple[str, ...], node: nodes.NodeNG) -> Value:
    scope = load(machine, file)
    if scope is None:
        return machine.memory(Undefined).names.setdefault(str(file), Unknown(f"{file.name} is not read"))
    first, *rest = path
    value = scope.names.get(first)
    if value is None and first not in scope.names:
        value = next((star for star in starred(machine, scope, first)), None)
        if value is None:
            return NOT_THERE
    for attribute in rest:
        value = machine.attribute(value, attribute, node)
    return value


def starred(machine: Machine, scope: Scope, name: str) -> Iterator[Value]:
    """What the star imports of a module may mean by a name."""
    for star in scope.stars:
        candidate = External(f"{star.path}.{name}" if not star.path.endswith(".") else star.path + name, star.origin)
        if keras_api.canonical(candidate.path):
            yield candidate
        elif (place := machine.project.find(candidate)) is not None:
            inner = load(machine, place[0])
            if inner is not None and place[1][0] in inner.names:
                yield candidate


def load(machine: Machine, file: Path) -> Scope | None:
    """The names of another file of the project, read as far as its own level."""
    project = machine.project
    if file == project.path:
        return machine.module
    if file not in project.modules:
        project.modules[file] = None
        tree = _parsed(machine, file)
        if tree is not None:
            scope = project.modules[file] = Scope({"__name__": file.stem}, file=str(file))
            added = min(FUEL_PER_LINE * line_count(tree), machine.project.fuel_left)
            machine.project.fuel_left -= added
            machine.fuel += added
            _run_apart(machine, tree, scope)
    return project.modules[file]


def _parsed(machine: Machine, file: Path) -> nodes.Module | None:
    project = machine.project
    if len(project.modules) > MOST_FILES:
        return None
    try:
        status = file.stat()
        if status.st_size > project.bytes_left:
            return None
        project.bytes_left -= status.st_size
        return _tree(file, status.st_mtime_ns, status.st_size)
    except (OSError, ReadError):
        return None


@lru_cache(maxsize=64)
def _tree(file: Path, changed: int, size: int) -> nodes.Module:
    """The tree of a file as it is now; trees do not change, so that many files may share one."""
    module = parse(file.read_bytes(), str(file))
    setattr(module, ELSEWHERE, str(file))
    return module


def _run_apart(machine: Machine, tree: nodes.Module, scope: Scope) -> None:
    """Read a module as at its import: whatever branch or function of another file asks for it.

    What it compiles is kept, since the file that is read may train it; its models are listed where they stand.
    """
    before = (machine.scope, machine.frames, machine.journal, machine.record, machine.worlds, machine.site)
    forks, loops, settled = machine.forks, machine.loops, machine.settled
    machine.scope, machine.frames, machine.journal, machine.record = scope, [], Journal(machine.burn), Record()
    machine.worlds, machine.forks, machine.loops, machine.site, machine.settled = {}, 0, 0, None, {}
    reserve = int(machine.fuel * 0.5)
    machine.fuel -= reserve
    try:
        run_module(machine, tree, scope)
    finally:
        compiles = machine.record.compiles
        machine.scope, machine.frames, machine.journal, machine.record, machine.worlds, machine.site = before
        machine.forks, machine.loops, machine.settled = forks, loops, settled
        machine.fuel += reserve
        for event in compiles:
            event.fits_before = len(machine.record.fits)
        machine.record.compiles.extend(compiles)
