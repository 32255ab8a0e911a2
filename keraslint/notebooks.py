"""Notebooks as programs: the code of their cells in order, line for line, and where each line of it stands."""

from __future__ import annotations

import ast
import json
import re
import textwrap
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from keraslint.reader.text import ReadError

PYTHON_MAGICS = frozenset(("capture", "debug", "memit", "prun", "snakeviz", "time", "timeit"))
"""Magics of a cell or a line that run the Python behind them."""

OLDEST_CELLS = 4
"""Notebooks before this version of the format keep their cells in worksheets, and have other names for parts."""

MOST_NUMBERS = 12
"""So many cells are named where their order is told."""


class Place(NamedTuple):
    """A line of a notebook: the number of its cell among all cells, and the line in it; both from 1."""

    cell: int
    line: int

    def __str__(self) -> str:
        """As behind the word `line`."""
        return f"{self.line} of cell {self.cell}"

    @property
    def in_path(self) -> str:
        """As ruff writes it behind the path."""
        return f"cell {self.cell}:{self.line}"


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
    """Where cells are no Python: the line of the program that Python complains of, and why."""
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
        """A sentence of ours that speaks of lines of the program, in words for the notebook; not what it quotes."""

        def place(found: re.Match[str]) -> str:
            return f"line {self.place(int(found[1]))}"

        parts = _QUOTED.split(text)
        parts[::2] = [re.sub(r"\bline (\d+)\b", place, part) for part in parts[::2]]
        return "".join(parts)

    def told(self, data: Any) -> Any:
        """Plain data of ours with lines of the program, with the lines in their cells and the cells beside them."""
        return self._with_places(data, lambda place: {"cell": place.cell, "line": place.line})

    def placed(self, data: Any) -> Any:
        """The same with places in the notebook instead of lines of the program, which print as the lines do."""
        return self._with_places(data, lambda place: {"line": place})

    def _with_places(self, data: Any, told: Callable[[Place], dict[str, Any]]) -> Any:
        if isinstance(data, list):
            return [self._with_places(value, told) for value in data]
        if not isinstance(data, dict):
            return data
        line = data.get("line")
        place = told(self.place(line)) if isinstance(line, int) else {}
        others = {
            key: self._sentence(value) if key in SENTENCES else self._with_places(value, told)
            for key, value in data.items()
            if key not in place
        }
        return {**place, **others}

    def _sentence(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._sentence(part) for part in value]
        return self.said(value) if isinstance(value, str) else value


SENTENCES = frozenset(("assumptions", "message", "reason", "what"))
"""Where plain data of ours hold sentences."""

_QUOTED = re.compile(r"""(`[^`]*`|"[^"]*"|'[^']*')""")


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
    reasons: dict[Place, str] = {}
    ordered, order = _in_order([_masked(cell, reasons) for cell in cells])
    return _joined(ordered, reasons, order)


def cell_of(number: int, source: str) -> Cell:
    """A cell that was run, as Python; one that is none even so is all comments."""
    return _masked(Cell(number, _lines(source), number), {})


def of_cells(cells: Iterable[Cell]) -> Notebook:
    """The program of cells that were run one after the other, as a kernel sees them."""
    return _joined(cells, {}, "")


def _joined(cells: Iterable[Cell], reasons: Mapping[Place, str], order: str) -> Notebook:
    lines = [(Place(cell.number, row), line) for cell in cells for row, line in enumerate(cell.lines, start=1)]
    places = tuple(place for place, _ in lines)
    left_out = tuple((places.index(place) + 1, reason) for place, reason in reasons.items())
    text = "".join(f"{line}\n" for _, line in lines)
    return Notebook(_CODING.sub(r"\1#", text), places, left_out, order)


_CODING = re.compile(r"\A((?:.*\n)?)[ \t\f]*#.*?coding[:=].*")
"""In the first two lines it would be the encoding of a file."""


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
            Cell(number, _lines(cell.get("input" if old else "source") or ""), _count(cell, old=old))
            for number, cell in enumerate(every, start=1)
            if cell["cell_type"] == "code"
        ]
    except (AttributeError, KeyError, TypeError) as error:
        raise ReadError(
            f"{path}: no notebook: its cells cannot be found ({error}); save it again with Jupyter"
        ) from None


def _lines(source: str | Sequence[str]) -> tuple[str, ...]:
    text = source if isinstance(source, str) else "".join(source)
    text = text.replace("\f", " ").replace("\0", "?").encode("utf-8", "replace").decode()
    return tuple(re.split(r"\r\n?|\n", text))


def _count(cell: Any, *, old: bool) -> int | None:
    count = cell.get("prompt_number" if old else "execution_count")
    return count if isinstance(count, int) else None


def _language(content: Any) -> str:
    about = content.get("metadata")
    for part, key in (("language_info", "name"), ("kernelspec", "language")):
        told = about.get(part) if isinstance(about, dict) else None
        if isinstance(told, dict) and isinstance(told.get(key), str):
            return str(told[key]).lower()
    return ""


# what is no Python --------------------------------------------------------------------------------------------


def _masked(cell: Cell, reasons: dict[Place, str]) -> Cell:
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
        lines = tuple(_without_magics(textwrap.dedent("\n".join(lines)).split("\n")))
    error = _error(lines)
    if error is None:
        return replace(cell, lines=lines)
    row = min(max(error.lineno or 1, 1), len(cell.lines))
    reasons[Place(cell.number, row)] = error.msg
    return replace(cell, lines=_commented(cell.lines))


def _commented(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(_comment(line) if line.strip() else line for line in lines)


def _comment(line: str) -> str:
    """A line as a comment, and one that tells pylint nothing."""
    return f"# {line}".replace("pylint:", "pylint")


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
_ASSIGNED = re.compile(r"(?P<target>[^#]*?[^=!<>#]=\s*)(?P<kind>%time\s|[%!])(?P<rest>.*)", re.DOTALL)
_AUTOMAGIC = re.compile(r"\s*(?:cat|cd|conda|cp|ls|mamba|mkdir|mv|pip3?|pwd|rm|wget)(?:\s+[\w./~-].*)?$")
"""Commands that a shell of IPython takes without a sign."""
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
    if any(form.match(line) for form in (_MAGIC, _HELP)):
        return True
    assigned = _ASSIGNED.match(line)
    if assigned:
        return _error([f"{assigned['target'].lstrip()}0"]) is None
    return _AUTOMAGIC.match(line) is not None and _error([line.lstrip()]) is not None


def _as_python(line: str, *, goes_on: bool) -> str:
    """One line of IPython's: a comment, and a statement where one may be needed; ``%time`` runs what it is given."""
    if goes_on:
        return _comment(line)
    if assigned := _ASSIGNED.match(line):
        plain = f"{assigned['target']}{' ' * len(assigned['kind'])}{assigned['rest']}"
        if len(assigned["kind"]) > 1 and _error([plain.lstrip()]) is None:
            return plain
        return f"{assigned['target']}input()  {_comment(assigned['rest'])}"
    indent = line[: len(line) - len(line.lstrip())]
    if timed := _OF_CODE.match(line.lstrip()):
        code = f"_=0;{' ' * (timed.end() - len('_=0;'))}{line[len(indent) + timed.end() :]}"
        if _error([code]) is None:
            return indent + code
    return f"{indent}pass  {_comment(line.strip())}" if indent else _comment(line)


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
    """The cells as they were run, where that is another order than the file's and surely the whole of it.

    Of a cell that was run twice only the last number is told, and of one that is gone none: numbers without a gap mean
    that each cell was run once.
    """
    counts = [cell.count for cell in cells if cell.count is not None]
    if counts == sorted(counts) or sorted(counts) != list(range(1, len(counts) + 1)):
        return cells, ""
    ran = _as_run(cells)
    numbers = [str(cell.number) for cell in ran if cell.count is not None]
    order = ", ".join([*numbers[:MOST_NUMBERS], *(["…"] if len(numbers) > MOST_NUMBERS else [])])
    return ran, f"read in the order in which they were run: {order}"


def _as_run(cells: Sequence[Cell]) -> list[Cell]:
    """By ``execution_count``; a cell that was not run stays behind the one above it."""
    keys: list[tuple[int, int]] = []
    last = 0
    for place, cell in enumerate(cells):
        last = last if cell.count is None else cell.count
        keys.append((last, place))
    return [cells[place] for _, place in sorted(keys)]


def names_in(cell: Cell) -> tuple[set[str], set[str]]:
    """The names that a cell of Python binds, and those that it asks for while it runs."""
    bound, asked = set[str](), set[str]()
    waiting: list[ast.AST] = [ast.parse("\n".join(cell.lines) + "\n")]
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
