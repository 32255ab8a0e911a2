"""A run of pylint that says nothing but keraslint's messages, and turns its complaints about options into errors."""

from __future__ import annotations

import contextlib
import difflib
import io
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pylint.exceptions import InvalidReporterError
from pylint.interfaces import HIGH
from pylint.lint import PyLinter, Run
from pylint.reporters import MultiReporter
from pylint.reporters.text import TextReporter

from keraslint.plugin.messages import UNREADABLE, UsageError
from keraslint.plugin.own_imports import own_imports
from keraslint.plugin.sarif import SarifReporter
from keraslint.printable import printable

if TYPE_CHECKING:
    from astroid import nodes
    from pylint.interfaces import Confidence
    from pylint.message import Message
    from pylint.reporters import BaseReporter
    from pylint.typing import FileItem

    CheckTree = Callable[[nodes.Module], bool | None]
    GetTree = Callable[..., nodes.Module | None]

PROCESSES_PER_CPU = 4


class _Linter(PyLinter):
    """Some messages of pylint's own cannot be disabled: it would not know another plugin's name in a comment.

    And it prints names of files as they are, which may hold what steers a terminal. Where it fails on a file, it prints
    a traceback and leaves the user's source in a report below the home: here that is a message, and nothing is left.
    """

    def is_message_enabled(self, msg_descr: str, line: int | None = None, confidence: Confidence | None = None) -> bool:
        symbols = {message.symbol for message in self.msgs_store.get_message_definitions(msg_descr)}
        ours = any(symbol in UNREADABLE or symbol.startswith("keras-") for symbol in symbols)
        return ours and super().is_message_enabled(msg_descr, line, confidence)

    def check(self, files_or_modules: Sequence[str]) -> None:
        """Never start more processes than have something to do; pylint would start as many as it is told."""
        self.config.jobs = min(self.config.jobs, len(files_or_modules), PROCESSES_PER_CPU * (os.cpu_count() or 1))
        super().check(files_or_modules)

    def get_ast(self, filepath: str, modname: str, data: str | None = None) -> nodes.Module | None:
        for reporter in self._written_by():
            if isinstance(reporter, SarifReporter) and data is not None:
                reporter.texts[os.path.abspath(filepath)] = data
        with self._failing_in_a_message(filepath):
            return super().get_ast(filepath, modname, data)
        return None

    def _lint_file(self, file: FileItem, module: nodes.Module, check_astroid_module: CheckTree) -> None:
        with self._failing_in_a_message(file.filepath):
            super()._lint_file(file, module, check_astroid_module)

    def _check_file(self, get_ast: GetTree, check_astroid_module: CheckTree, file: FileItem) -> None:
        with self._failing_in_a_message(file.filepath):
            super()._check_file(get_ast, check_astroid_module, file)

    @contextlib.contextmanager
    def _failing_in_a_message(self, path: str) -> Iterator[None]:
        """Say in a message that a file cannot be checked, and drop what pylint prints about its own failure."""
        try:
            with contextlib.redirect_stderr(io.StringIO()):
                yield
        except Exception as error:
            self.add_message("astroid-error", args=(path, _why_unread(error)), confidence=HIGH)

    def set_reporter(self, reporter: BaseReporter | MultiReporter) -> None:
        super().set_reporter(reporter)
        for one in self._written_by():
            if isinstance(one, TextReporter):
                _show_printable(one)
            elif isinstance(one, SarifReporter):
                one.speaks_for_keraslint = True

    def _written_by(self) -> Sequence[BaseReporter]:
        """The reporters of all formats that are asked for."""
        return self.reporter._sub_reporters if isinstance(self.reporter, MultiReporter) else [self.reporter]


def _why_unread(error: BaseException) -> str:
    """What pylint failed with, which it wraps in errors of its own."""
    while error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, (RecursionError, MemoryError)):
        return "nested too deep to be read; split the longest expression, or chain of elif"
    return f"pylint cannot read this file, and fails with {type(error).__name__}: {error}"


class _OutputFailed(BaseException):
    """A message cannot be written. No Exception, which pylint would take for a failure of the file's."""

    def __init__(self, error: OSError) -> None:
        self.error = error


def _show_printable(reporter: BaseReporter) -> None:
    """Let a reporter see messages of which each field can be printed in one line."""
    handle = reporter.handle_message

    def handle_printable(msg: Message) -> None:
        for name in ("path", "abspath", "module", "obj", "msg"):
            setattr(msg, name, printable(getattr(msg, name)))
        try:
            handle(msg)
        except OSError as error:
            raise _OutputFailed(error) from error

    reporter.handle_message = handle_printable  # type: ignore[method-assign]


class _Run(Run):
    LinterClass = _Linter


def lint(arguments: Sequence[str], paths: Sequence[str], stdin: str | None = None) -> Mapping[tuple[str, str], int]:
    """Let pylint check the files, or the text ``stdin`` under the name of the one path.

    Returns:
        How often each message was given, by its id and symbol.

    Raises:
        UsageError: pylint refuses an argument.
        OSError: the messages cannot be written.
    """
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said), _as_stdin(stdin), own_imports():
            linter = _Run([*arguments, "--", *map(_no_option, paths)], exit=False).linter
    except _OutputFailed as failed:
        raise failed.error from None
    except SystemExit as stop:
        last = (said.getvalue().splitlines() or ["pylint refused these options"])[-1]
        raise UsageError(last.removeprefix("pylint: error: ")) from stop
    except InvalidReporterError as error:
        raise UsageError(_no_format(str(error))) from error
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError) as error:
        # Of sources pylint tells in a message; this is the file behind `--output-format=json:FILE`.
        raise UsageError(f"{error.filename}: {error.strerror}") from error
    sys.stderr.write(said.getvalue())
    definitions = linter.msgs_store.get_message_definitions
    return {(definitions(symbol)[0].msgid, symbol): count for symbol, count in linter.stats.by_msg.items()}


def _no_option(path: str) -> str:
    """A path that pylint does not take for an option: it looks for ``--init-hook=CODE`` behind the ``--``, too."""
    return os.path.join(os.curdir, path) if path.startswith("-") else path


@contextlib.contextmanager
def _as_stdin(text: str | None) -> Iterator[None]:
    """pylint reads the text of ``--from-stdin`` from ``sys.stdin``, and takes that apart."""
    before = sys.stdin
    if text is not None:
        sys.stdin = io.TextIOWrapper(io.BytesIO(text.encode("utf-8", "surrogatepass")), encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin = before


def _no_format(name: str) -> str:
    linter = PyLinter()
    linter.load_default_plugins()
    linter.register_reporter(SarifReporter)
    known = sorted(linter._reporters)
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    return f"no output format is called {name!r}; {hint}"
