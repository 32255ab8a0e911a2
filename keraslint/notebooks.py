"""Notebooks as programs: the code of their cells in order, line for line, and where each line of it stands."""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from keraslint.reader.text import ReadError

PYTHON_MAGICS = frozenset(("capture", "memit", "prun", "snakeviz", "time", "timeit"))
"""Magics of a cell or a line that run the Python behind them."""

OLDEST_CELLS = 4
"""Notebooks before this version of the format keep their cells in worksheets, and have other names for parts."""

MOST_NUMBERS = 12
"""So many cells are named where their order is told."""


class Place(NamedTuple):
    """A line of a notebook: the number of its cell among all cells, and the line in it; both from 1."""

    cell: int
    line: int

    @property
    def in_path(self) -> str:
        """As ruff writes it behind the path."""
        return f"cell {self.cell}:{self.line}"

    def __str__(self) -> str:
        return f"line {self.line} of cell {self.cell}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of code."""

    number: int
    lines: tuple[str, ...]
    count: int | None
    """The ``execution_count``: it was the so manieth that was run."""


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook as one program."""

    text: str
    """The code, with what is no Python masked; each line is as long as it was up to what it says."""
    places: tuple[Place, ...]
    """Where each line of it stands."""
    left_out: tuple[tuple[int, str], ...]
    """The lines of the program at which cells begin that are no Python, and why."""
    order: str
    """What is to be said of the order in which the cells were run, where that is not the file's."""

    @property
    def notes(self) -> list[str]:
        """What a user should know of how it was read."""
        left_out = [f"cell {self.place(line).cell} is left out, not valid Python: {why}" for line, why in self.left_out]
        return [*left_out, *([f"the cells are {self.order}"] if self.order else [])]

    def place(self, line: int) -> Place:
        """Where a line of the program stands; the last one for what lies behind the end."""
        return self.places[min(max(line, 1), len(self.places)) - 1] if self.places else Place(1, 1)

    def said(self, text: str) -> str:
        """A text of ours that speaks of lines of the program, in words for the notebook."""
        text = re.sub(r"\bline (\d+)\b", lambda found: str(self.place(int(found[1]))), text)
        return re.sub(r"(?<=\.ipynb:)\d+\b", lambda found: self.place(int(found[0])).in_path, text)

    def told(self, data: Any) -> Any:
        """Plain data of ours with lines of the program, with the lines in their cells and the cells beside them."""
        match data:
            case dict():
                entries = {key: self.told(value) for key, value in data.items()}
                line = data.get("line")
                if not isinstance(line, int):
                    return entries
                place = self.place(line)
                return {"cell": place.cell, **entries, "line": place.line}
            case list():
                return [self.told(value) for value in data]
            case str():
                return self.said(data)
        return data


def read(source: str, path: str) -> Notebook:
    """The program of a notebook.

    Raises:
        ReadError: it is no notebook, or not one of Python.
    """
    try:
        content = json.loads(source)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        reason = getattr(error, "msg", "nested too deep")
        raise ReadError(f"{path}:{line}: no notebook: {reason}; save it again with Jupyter") from None
    cells = _cells(content, path)
    language = _language(content)
    if language not in ("", "python", "ipython", "python2", "python3"):
        raise ReadError(f"{path}: a notebook of {language}; only those of Python are read")
    reasons: dict[int, str] = {}
    ordered, order = _in_order([_masked(cell, reasons) for cell in cells])
    return _joined(ordered, reasons, order)


def of_cells(cells: Iterable[Cell]) -> Notebook:
    """The program of cells that were run one after the other, as a kernel sees them."""
    reasons: dict[int, str] = {}
    return _joined([_masked(cell, reasons) for cell in cells], reasons, "")


def _joined(cells: Iterable[Cell], reasons: Mapping[int, str], order: str) -> Notebook:
    lines = [(Place(cell.number, row), line) for cell in cells for row, line in enumerate(cell.lines, start=1)]
    places = tuple(place for place, _ in lines)
    left_out = tuple((places.index(Place(number, 1)) + 1, reason) for number, reason in reasons.items())
    return Notebook("".join(f"{line}\n" for _, line in lines), places, left_out, order)


def of_file(path: str) -> Notebook:
    """The program of a file that is a notebook.

    Raises:
        ReadError: it cannot be opened, is not in UTF-8, no notebook, or not one of Python.
    """
    try:
        return read(Path(path).read_bytes().decode("utf-8-sig"), path)
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ReadError(f"{path}: a notebook that is not in UTF-8 ({error}); save it again with Jupyter") from None


def _cells(content: Any, path: str) -> list[Cell]:
    """The cells of code.

    Raises:
        ReadError: the parts of a notebook are not where they must be.
    """
    try:
        old = content.get("nbformat", OLDEST_CELLS) < OLDEST_CELLS
        every = [cell for sheet in content["worksheets"] for cell in sheet["cells"]] if old else content["cells"]
        return [
            Cell(number, _lines(cell["input" if old else "source"]), _count(cell, old=old))
            for number, cell in enumerate(every, start=1)
            if cell["cell_type"] == "code"
        ]
    except (AttributeError, KeyError, TypeError) as error:
        raise ReadError(
            f"{path}: no notebook: its cells cannot be found ({error}); save it again with Jupyter"
        ) from None


def _lines(source: str | Sequence[str]) -> tuple[str, ...]:
    text = source if isinstance(source, str) else "".join(source)
    return tuple(text.replace("\r\n", "\n").replace("\f", " ").split("\n"))


def _count(cell: Any, *, old: bool) -> int | None:
    count = cell.get("prompt_number" if old else "execution_count")
    return count if isinstance(count, int) else None


def _language(content: Any) -> str:
    about = content.get("metadata", {})
    told = [about.get("language_info", {}).get("name"), about.get("kernelspec", {}).get("language")]
    return next((name.lower() for name in told if isinstance(name, str)), "")


# what is no Python --------------------------------------------------------------------------------------------


def _masked(cell: Cell, reasons: dict[int, str]) -> Cell:
    """The cell with magics and shell commands made comments, line for line; one that is no Python even so is left
    out, and ``reasons`` says why."""
    lines = cell.lines
    first = next((row for row, line in enumerate(lines) if line.strip()), 0)
    magic = re.match(r"\s*%%(\w+)", lines[first])
    if magic and magic[1] not in PYTHON_MAGICS:
        return replace(cell, lines=_commented(lines))
    if magic:
        lines = (*_commented(lines[: first + 1]), *lines[first + 1 :])
    if _error(lines) is not None:
        lines = tuple(_without_magics(lines))
    error = _error(lines)
    if error is None:
        return replace(cell, lines=lines)
    reasons[cell.number] = f"{error.msg} (row {error.lineno or 1})"
    return replace(cell, lines=_commented(cell.lines))


def _commented(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"# {line}" if line.strip() else line for line in lines)


def _error(lines: Iterable[str]) -> SyntaxError | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse("\n".join(lines) + "\n")
    except SyntaxError as error:
        return error
    except (ValueError, RecursionError, MemoryError) as error:
        return SyntaxError(str(error))
    return None


_MAGIC = re.compile(r"(?P<indent>\s*)(?P<kind>%%?|!!?|\?\??)(?P<rest>.*)", re.DOTALL)
_HELP = re.compile(r"\s*%{0,2}[\w.*]+(\[[^\]]*\])?\?\??\s*$")
_ASSIGNED = re.compile(r"(?P<target>\s*[\w.,\[\]'\" ]+?=\s*)[%!](?P<rest>.*)", re.DOTALL)
_OF_CODE = re.compile(rf"%(?:{'|'.join(sorted(PYTHON_MAGICS))})(?:\s+-\w+(?:\s+\d+)?)*\s")


def _without_magics(lines: Sequence[str]) -> Iterator[str]:
    """The lines, those of IPython's own made comments or what they may give."""
    state, goes_on = _State(), False
    for line in lines:
        if goes_on or (state.at_start and _is_magic(line)):
            yield _as_python(line, goes_on=goes_on)
            goes_on = line.rstrip().endswith("\\")
            continue
        state.pass_over(line)
        yield line


def _is_magic(line: str) -> bool:
    return any(form.match(line) for form in (_MAGIC, _HELP, _ASSIGNED))


def _as_python(line: str, *, goes_on: bool) -> str:
    """One line of IPython's: a comment, and a statement where one may be needed; ``%time`` runs what it is given."""
    if goes_on:
        return f"# {line}"
    if assigned := _ASSIGNED.match(line):
        return f"{assigned['target']}input()  # {assigned['rest']}"
    indent = line[: len(line) - len(line.lstrip())]
    if timed := _OF_CODE.match(line.lstrip()):
        code = f"_=0;{' ' * (timed.end() - len('_=0;'))}{line[len(indent) + timed.end() :]}"
        if _error([code]) is None:
            return indent + code
    return f"{indent}pass  # {line.strip()}" if indent else f"# {line}"


_TOKEN = re.compile(
    r"(?P<comment>\#.*)|(?P<open>[(\[{])|(?P<close>[)\]}])"
    r"|(?P<long>'''|\"\"\")|(?P<text>'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")|(?P<end>\\$)"
)


class _State:
    """Whether a statement can begin at the next line: no bracket and no long text is open, and no line goes on."""

    def __init__(self) -> None:
        self._depth = 0
        self._quotes = ""
        self._goes_on = False

    @property
    def at_start(self) -> bool:
        return not self._depth and not self._quotes and not self._goes_on

    def pass_over(self, line: str) -> None:
        self._goes_on, at = False, 0
        while at < len(line):
            if self._quotes:
                end = line.find(self._quotes, at)
                if end < 0:
                    return
                at, self._quotes = end + 3, ""
                continue
            found = _TOKEN.search(line, at)
            if found is None:
                return
            at = found.end()
            if found["long"]:
                self._quotes = found["long"]
            elif found["end"] is not None:
                self._goes_on = True
            self._depth = max(self._depth + bool(found["open"]) - bool(found["close"]), 0)


# the order of the cells ---------------------------------------------------------------------------------------


def _in_order(cells: list[Cell]) -> tuple[list[Cell], str]:
    """The cells as they were run, where that is told, is another order than the file's, and can be true.

    Of a cell that was run twice only the last time is told. So an order in which a cell asks for a name that only a
    later one binds is none.
    """
    ran = _as_run(cells)
    if [cell.number for cell in ran] == [cell.number for cell in cells]:
        return cells, ""
    numbers = [str(cell.number) for cell in ran if cell.count is not None]
    order = ", ".join([*numbers[:MOST_NUMBERS], *(["…"] if len(numbers) > MOST_NUMBERS else [])])
    if _asks_too_early(ran):
        return cells, ""
    return ran, f"read in the order in which they were run: {order}"


def _as_run(cells: Sequence[Cell]) -> list[Cell]:
    """By ``execution_count``; a cell that was not run stays behind the one above it."""
    keys: list[tuple[int, int]] = []
    last = 0
    for place, cell in enumerate(cells):
        last = last if cell.count is None else cell.count
        keys.append((last, place))
    return [cells[place] for _, place in sorted(keys)]


def _asks_too_early(cells: Sequence[Cell]) -> bool:
    parts = [names_in(cell) for cell in cells]
    later = set[str]().union(*(bound for bound, _ in parts))
    known = set[str]()
    for bound, asked in parts:
        if (asked & later) - known - bound:
            return True
        known |= bound
    return False


def names_in(cell: Cell) -> tuple[set[str], set[str]]:
    """The names that a cell binds, and those that it asks for while it runs; none of one that is no Python."""
    bound, asked = set[str](), set[str]()
    waiting: list[ast.AST] = [ast.parse("\n".join(_masked(cell, {}).lines) + "\n")]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                bound.add(name)
                waiting += [*node.decorator_list, node.args]
                continue
            case ast.Lambda():
                waiting.append(node.args)
                continue
            case ast.ClassDef(name=name):
                bound.add(name)
            case ast.Name(id=name, ctx=ast.Load()):
                asked.add(name)
            case ast.Name(id=name):
                bound.add(name)
            case ast.alias(name=name, asname=other):
                bound.add(other or name.partition(".")[0])
            case ast.ExceptHandler(name=str() as name):
                bound.add(name)
        waiting.extend(ast.iter_child_nodes(node))
    return bound, asked
