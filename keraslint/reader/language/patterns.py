"""Patterns of `match`: whether a value fits, and what it binds."""

from __future__ import annotations

from collections.abc import Sequence

from astroid import nodes

from keraslint.graph import Unknown
from keraslint.reader.language.assignment import assign
from keraslint.reader.language.comparison import compare
from keraslint.reader.machine.iteration import items_of
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.protocols import IS_INSTANCE
from keraslint.reader.machine.values import ClassValue, DictValue, Instance, ListValue, Native, Value

Fits = bool | Unknown


def pattern_fits(machine: Machine, subject: Value, pattern: nodes.NodeNG) -> Fits:
    """Whether a pattern matches; names are bound as far as it does."""
    subject = machine.need(subject)
    match pattern:
        case nodes.MatchAs(pattern=inner, name=name):
            fits = True if inner is None else pattern_fits(machine, subject, inner)
            if name is not None and fits is not False:
                assign(machine, name, subject)
            return fits
        case nodes.MatchSingleton(value=value):
            return _answer(machine, compare(machine, "is", subject, value, pattern))
        case nodes.MatchValue(value=node):
            return _answer(machine, compare(machine, "==", subject, machine.now(node), pattern))
        case nodes.MatchOr(patterns=patterns):
            results = [pattern_fits(machine, subject, inner) for inner in patterns]
            if any(result is True for result in results):
                return True
            return next((result for result in results if isinstance(result, Unknown)), False)
        case nodes.MatchSequence(patterns=patterns):
            return _sequence(machine, subject, patterns, pattern)
        case nodes.MatchMapping():
            return _mapping(machine, subject, pattern)
        case nodes.MatchClass():
            return _class(machine, subject, pattern)
        case _:
            return machine.unknown("a pattern", pattern)


def _answer(machine: Machine, value: Value) -> Fits:
    value = machine.need(value)
    return value if isinstance(value, Unknown) else bool(value)


def _all(results: list[Fits]) -> Fits:
    if any(result is False for result in results):
        return False
    return next((result for result in results if isinstance(result, Unknown)), True)


def _sequence(machine: Machine, subject: Value, patterns: Sequence[nodes.NodeNG], node: nodes.NodeNG) -> Fits:
    if isinstance(subject, str | bytes | int | float | None | DictValue):
        return False
    if isinstance(subject, Unknown):
        return machine.derived(subject, "sequence", id(node))
    items = items_of(machine, subject)
    if items is None or (isinstance(subject, ListValue) and subject.is_set):
        return machine.unknown("a pattern", node)
    star = next((i for i, p in enumerate(patterns) if isinstance(p, nodes.MatchStar)), None)
    if star is None:
        if len(items) != len(patterns):
            return False
        return _all([pattern_fits(machine, item, p) for item, p in zip(items, patterns, strict=True)])
    behind = len(patterns) - star - 1
    if len(items) < star + behind:
        return False
    ends = [*zip(items[:star], patterns[:star], strict=True)]
    ends += zip(items[len(items) - behind :], patterns[star + 1 :], strict=True)
    fits = _all([pattern_fits(machine, item, p) for item, p in ends])
    if patterns[star].name is not None:
        assign(machine, patterns[star].name, ListValue(list(items[star : len(items) - behind])))
    return fits


def _mapping(machine: Machine, subject: Value, pattern: nodes.MatchMapping) -> Fits:
    if isinstance(subject, Unknown):
        return machine.derived(subject, "mapping", id(pattern))
    if not isinstance(subject, DictValue):
        return False
    results: list[Fits] = []
    keys = [machine.now(key) for key in pattern.keys]
    for key, inner in zip(keys, pattern.patterns, strict=True):
        if key in subject.entries:
            results.append(pattern_fits(machine, subject.entries[key], inner))
        else:
            results.append(machine.unknown("a pattern", pattern) if subject.has_more else False)
    if pattern.rest is not None:
        rest = {key: value for key, value in subject.entries.items() if key not in keys}
        assign(machine, pattern.rest, DictValue(rest, has_more=subject.has_more))
    return _all(results)


def _class(machine: Machine, subject: Value, pattern: nodes.MatchClass) -> Fits:
    kind = machine.now(pattern.cls)
    fits = IS_INSTANCE.ask(machine, subject, kind, pattern)
    if fits is False:
        return False
    results: list[Fits] = [fits]
    if isinstance(kind, Native) and pattern.patterns:  # int(n) binds the number itself
        return _all([fits, pattern_fits(machine, subject, pattern.patterns[0])])
    for name, inner in _attributes(machine, kind, pattern):
        if name is None or isinstance(subject, Unknown):
            results.append(machine.unknown("a pattern", pattern))
        elif not isinstance(subject, Instance) or name in subject.attributes or subject.cls.lookup(name):
            results.append(pattern_fits(machine, machine.attribute(subject, name, pattern), inner))
        else:
            results.append(False)
    return _all(results)


def _attributes(machine: Machine, kind: Value, pattern: nodes.MatchClass) -> list[tuple[str | None, nodes.NodeNG]]:
    """The attributes that a class pattern looks at: by ``__match_args__`` and by name."""
    names: Sequence[Value] = ()
    if isinstance(kind, ClassValue):
        own = kind.lookup("__match_args__")
        names = (items_of(machine, own[0]) or ()) if own else tuple(kind.fields)
    by_place = [names[i] if i < len(names) else None for i in range(len(pattern.patterns))]
    return [*zip(by_place, pattern.patterns, strict=True), *zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True)]
