"""A correct program as mutators see it, the faults that they make of it, and the table of mutators."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from keraslint import reader
from keraslint.edits import Edit, EditError, Fix, add_argument, apply, remove_argument, replace
from keraslint.graph import Fact, Model, Program, Span
from keraslint.graph.views import Head, Wiring


@dataclass(frozen=True)
class Fault:
    """One change of a program that makes it faulty."""

    edits: tuple[Edit, ...]
    what: str
    lines: frozenset[int]
    """Where the finding may stand; empty for anywhere, where the fault is that something is missing."""

    def applied(self, text: str) -> str | None:
        """The faulty text, of as many lines as before; None where it is no Python."""
        try:
            changed = apply(text, [Fix(self.what, self.edits)])
            ast.parse(changed)
        except (EditError, SyntaxError):
            return None
        return changed


@dataclass(frozen=True)
class Source:
    """The text of a correct program, its syntax tree, and its graph."""

    path: str
    text: str

    @cached_property
    def program(self) -> Program:
        """Without what trains nothing, as rules see it."""
        return reader.read(self.text, self.path).trained

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in self.nodes for child in ast.iter_child_nodes(node)}

    @cached_property
    def heads(self) -> tuple[Head, ...]:
        """The outputs that are trained with a loss."""
        return tuple(head for head in Head.of(self.program) if head.loss is not None and not head.training.part_of)

    @cached_property
    def wirings(self) -> tuple[Wiring, ...]:
        return tuple(wiring for wiring in Wiring.of(self.program) if wiring.training is not None)

    @cached_property
    def keras(self) -> str | None:
        """What stands for the package in its names: ``keras`` or ``tf.keras``."""
        imported = {
            name.asname or name.name for node in self.nodes if isinstance(node, ast.Import) for name in node.names
        }
        return "keras" if "keras" in imported else "tf.keras" if "tf" in imported else None

    @cached_property
    def imported(self) -> frozenset[str]:
        """The names that are imported from somewhere."""
        statements = (node for node in self.nodes if isinstance(node, ast.ImportFrom))
        return frozenset(name.asname or name.name for node in statements for name in node.names)

    @cached_property
    def trained_lines(self) -> frozenset[int]:
        """The first lines of all calls that make layers of trained models."""
        models = {id(training.model): training.model for training in self.program.trainings}
        return frozenset(layer.span.line for model in models.values() for layer in _layers(model))

    def calls(self, *names: str) -> Iterator[ast.Call]:
        """The calls of what has one of these last names."""
        return (node for node in self.nodes if isinstance(node, ast.Call) and last_name(node.func) in names)

    def layer_calls(self, *names: str) -> Iterator[ast.Call]:
        """Those that make layers of trained models."""
        return (call for call in self.calls(*names) if call.lineno in self.trained_lines)

    def call_at(self, span: Span) -> ast.Call | None:
        """The call that is written at a span."""
        return next((n for n in self.nodes if isinstance(n, ast.Call) and self.span(n) == span), None)

    def statements(self) -> Iterator[ast.stmt]:
        return (node for node in self.nodes if isinstance(node, ast.stmt))

    def statement(self, node: ast.AST) -> ast.stmt:
        """The one that a node stands in."""
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node

    def said(self, node: ast.AST) -> str:
        return ast.get_source_segment(self.text, node) or ""

    def written(self, span: Span) -> str:
        """The text at a span."""
        lines = self.text.encode().splitlines(keepends=True)[span.line - 1 : span.end_line]
        lines[-1] = lines[-1][: span.end_column]
        lines[0] = lines[0][span.column :]
        return b"".join(lines).decode()

    def literal(self, fact: Fact[Any] | None, kind: type | tuple[type, ...]) -> bool:
        """Whether a fact is written out, at its own place, as a constant of this kind."""
        if fact is None or fact.is_default or fact.span.file or not fact.span.is_known:
            return False
        try:
            return isinstance(ast.literal_eval(self.written(fact.span)), kind)
        except (ValueError, SyntaxError):
            return False

    @staticmethod
    def span(node: Any) -> Span:
        return Span(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)

    def fault(self, what: str, *edits: Edit, near: Iterable[Span] = (), anywhere: bool = False) -> Fault:
        """A fault whose finding may stand in the statements that are changed, or ``near``."""
        kept = tuple(self._padded(edit) for edit in edits)
        places = [*(edit.span for edit in edits), *near]
        lines = frozenset(line for place in places for line in self._statement_lines(place))
        return Fault(kept, what, frozenset() if anywhere else lines)

    def swap(self, node: ast.AST | Span, new: str, *, near: Iterable[Span] = (), anywhere: bool = False) -> Fault:
        """A fault that puts other text in the place of a node or span."""
        span = node if isinstance(node, Span) else self.span(node)
        old = " ".join(self.written(span).split())
        return self.fault(f"{old} → {new or 'nothing'}", replace(span, new), near=near, anywhere=anywhere)

    def without(self, keyword: ast.keyword, *, anywhere: bool = False) -> Fault:
        """A fault that leaves an argument out."""
        return self.fault(f"no {self.said(keyword)}", remove_argument(self.span(keyword)), anywhere=anywhere)

    def with_argument(self, call: ast.Call | Span, text: str, *, anywhere: bool = False) -> Fault:
        """A fault that gives one more argument."""
        span = call if isinstance(call, Span) else self.span(call)
        return self.fault(f"{text} added", add_argument(span, text), anywhere=anywhere)

    def before(self, statement: ast.stmt, text: str, *, anywhere: bool = False) -> Fault:
        """A fault that does something else first, on the same line."""
        at = Span(statement.lineno, statement.col_offset, statement.lineno, statement.col_offset)
        near = [self.span(statement)]
        return self.fault(f"{text} before it", replace(at, f"{text}; "), near=near, anywhere=anywhere)

    def at_end(self, text: str) -> Fault:
        """A fault in lines of its own at the end of the program."""
        end = len(self.text.splitlines())
        last = self.text.splitlines()[-1].encode()
        edit = replace(Span(end, len(last), end, len(last)), f"\n{text}")
        return Fault((edit,), f"{text!r} at the end", frozenset())

    def _padded(self, edit: Edit) -> Edit:
        """The edit with as many line ends as it takes away, so that what follows stays on its line."""
        lost = edit.span.end_line - edit.span.line - edit.text.count("\n")
        return edit._replace(text=edit.text + "\n" * lost) if edit.kind == "replace" and lost > 0 else edit

    def _statement_lines(self, span: Span) -> range:
        """The lines of the smallest statement around a place; of one with a body only those of its head."""
        around = [
            node
            for node in self.statements()
            if node.lineno <= span.line and (node.end_lineno or 0) >= span.end_line and not _is_in_body(node, span)
        ]
        smallest = min(around, key=lambda node: (node.end_lineno or 0) - node.lineno, default=None)
        if smallest is None:
            return range(span.line, span.end_line + 1)
        body = getattr(smallest, "body", None)
        last = body[0].lineno if isinstance(body, list) else smallest.end_lineno
        return range(smallest.lineno, (last or 0) + 1)


def _is_in_body(node: ast.stmt, span: Span) -> bool:
    body = getattr(node, "body", None)
    return isinstance(body, list) and body[0].lineno <= span.line and body[0].lineno > node.lineno


def _layers(model: Model) -> Iterator[Any]:
    for layer in model.layers:
        if isinstance(layer, Model):
            yield from _layers(layer)
        else:
            yield layer


def last_name(node: ast.AST) -> str:
    """``Dense`` of ``keras.layers.Dense``."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def keyword(call: ast.Call, *names: str) -> ast.keyword | None:
    """The argument that is given by one of these names."""
    return next((given for given in call.keywords if given.arg in names), None)


def is_number(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool)


def is_text(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


Make = Callable[[Source], Iterator[Fault]]


@dataclass(frozen=True)
class Mutator:
    """What injects the fault of one rule."""

    rule: str
    also: tuple[str, ...]
    """Rules that explain the fault as well, or that speak of what follows from it."""
    make: Make


MUTATORS: list[Mutator] = []


def injects(rule: str, *also: str) -> Callable[[Make], Make]:
    """Declare a mutator for a rule; ``also`` are those that may speak in its place, or beside it."""

    def declare(make: Make) -> Make:
        prefixed = tuple(f"keras-{name}" for name in also)
        MUTATORS.append(Mutator(f"keras-{rule}", prefixed, make))
        return make

    return declare
