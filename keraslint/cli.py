"""The command line: ``keraslint check|confirm|explain|summary``. Arguments in, exit code out."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from keraslint import __version__
from keraslint.printable import printable
from keraslint.problem import RAISE, Problem, describe

if TYPE_CHECKING:
    from keraslint.confirm import Report, Session
    from keraslint.files import Ignored, Selection
    from keraslint.graph import Program
    from keraslint.rules import Finding, Rule

OK, FOUND, ERROR, INCONCLUSIVE = 0, 1, 2, 3

CHECK_EXITS = """\
exit codes: 0 nothing found; 1 something found; 2 wrong usage, or a file that could not be checked
(missing, syntax error, not UTF-8, notebook), whatever else was found"""

CONFIRM_EXITS = """\
exit codes: 0 no finding was confirmed; 1 at least one was; 2 wrong usage or unreadable file;
3 none was confirmed, and at least one is inconclusive"""

_DIRECTORY = "a directory (searched for files that mention Keras, without environments and builds)"

READ_EXITS = "exit codes: 0 done; 2 wrong usage or unreadable file"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    _open_closed_streams()
    parsed = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = parsed.command
    try:
        code = command(parsed)
        sys.stdout.flush()  # as long as somebody can be told that it fails
        return code
    except Problem as problem:
        return _complain(str(problem))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output, such as `head`, has seen enough
        _say_no_more()
        return 141
    except OSError as error:  # files that are read or written tell by a Problem: this is the output
        _say_no_more()
        return _complain(f"{error.filename or 'the output could not be written'}: {error.strerror}")
    except Exception as error:
        if RAISE in os.environ:
            raise
        what, where = describe(error)
        return _complain(f"keraslint itself failed with `{what}` at {where}; please report it")


def _open_closed_streams() -> None:
    """Where the caller has closed a stream, Python has None in its place: what is said to it goes nowhere."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (open to the end)
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def _say_no_more() -> None:
    """Python writes what is left of the output at its end: let that go nowhere, instead of failing once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(message: str) -> int:
    print(f"keraslint: error: {printable(message)}", file=sys.stderr)
    return ERROR


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="keraslint",
        description="Finds the mistakes that keep a Keras network from learning, without running your code.",
        epilog="`keraslint COMMAND --help` shows the options of a command.",
    )
    parser.add_argument("--version", action="version", version=f"keraslint {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_check(commands)
    _add_confirm(commands)
    _add_explain(commands)
    _add_summary(commands)
    return parser


_Commands = argparse._SubParsersAction  # the only name argparse has for it


def _add_command(
    commands: _Commands[argparse.ArgumentParser],
    name: str,
    text: str,
    run: Callable[[argparse.Namespace], int],
    exits: str,
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=text,
        description=text,
        epilog=exits,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(command=run)
    return command


def _add_check(commands: _Commands[argparse.ArgumentParser]) -> None:
    check = _add_command(
        commands, "check", "Lint files and directories, with keraslint's messages only.", _check, CHECK_EXITS
    )
    check.add_argument(
        "paths", nargs="+", metavar="PATH", help=f"a Python file, {_DIRECTORY}, or - for the standard input"
    )
    check.add_argument(
        "--output-format", metavar="FORMAT", help="text (the default), colorized, json, json2, github, …"
    )
    check.add_argument("--enable", action="append", default=[], metavar="NAMES", help="symbols, ids, E, W, R or all")
    check.add_argument("--disable", action="append", default=[], metavar="NAMES", help="likewise; --enable wins")
    check.add_argument("-j", "--jobs", metavar="N", help="processes; 0 for one per CPU")
    check.add_argument("--rcfile", type=Path, metavar="FILE", help="instead of the pylint configuration found here")
    check.add_argument(
        "--keras-version",
        metavar="VERSION",
        help="the Keras that the code is for (default: what the project pins, else the newest)",
    )
    check.add_argument(
        "-v", "--verbose", action="store_true", help="say which Keras the code is taken to be for, and why"
    )
    _add_stdin_filename(check)


def _add_stdin_filename(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--stdin-filename", metavar="NAME", help="the file that the standard input is the text of, when PATH is -"
    )


def _check(parsed: argparse.Namespace) -> int:
    from keraslint.plugin import configuration, run

    if parsed.jobs is not None and not parsed.jobs.isdecimal():
        raise Problem(f"-j {parsed.jobs}: the number of processes is 1 or more, or 0 for one per CPU")
    for path in parsed.paths:
        if path != "-" and not Path(path).exists():
            raise Problem(f"{path}: no such file or directory")
    configured = configuration.of_project(parsed.rcfile)
    selection, text = _selection(parsed, configuration.ignored(configured))
    options = {
        "output-format": parsed.output_format,
        "jobs": parsed.jobs,
        "keras-version": parsed.keras_version,
    }
    request = run.Request(
        selection=selection,
        configured=configured,
        enable=[name for names in parsed.enable for name in configuration.split(names)],
        disable=[name for names in parsed.disable for name in configuration.split(names)],
        options={name: value for name, value in options.items() if value is not None},
        stdin=text,
    )
    outcome = run.run(request)
    if parsed.verbose:
        _tell_versions(selection.with_keras(), {**request.configured, **request.options}.get("keras-version", ""))
    if outcome.unreadable:
        return ERROR
    return FOUND if outcome.findings else OK


def _selection(parsed: argparse.Namespace, ignored: Ignored) -> tuple[Selection, str | None]:
    """What to look at, and the text of it when that comes from the standard input."""
    from keraslint import files

    if "-" in parsed.paths or parsed.stdin_filename is not None:
        if parsed.paths != ["-"]:
            raise Problem("the standard input is checked alone: --stdin-filename NAME -")
        name = parsed.stdin_filename or "stdin.py"
        return files.Selection((name,), (), ()), _decoded(sys.stdin.buffer.read(), name)
    selection = files.select(parsed.paths, ignored)
    _mention(selection.notebooks)
    return selection, None


def _mention(notebooks: Sequence[str]) -> None:
    """Say which notebooks in the directories are passed over, lest silence look like an all-clear."""
    from keraslint import files

    if notebooks:
        more = f" and {len(notebooks) - 1} more" if len(notebooks) > 1 else ""
        note = f"{notebooks[0]}{more}: {files.NOTEBOOKS % notebooks[0]}"
        print(f"keraslint: note: {printable(note)}", file=sys.stderr)


def _tell_versions(paths: Sequence[str], asked: str) -> None:
    """Say for which Keras the files were checked, and why, once for each reason."""
    from keraslint import keras_api, target

    reasons: dict[str, list[str]] = {}
    for path in paths:
        pinned = None if asked else target.of_file(path)
        if asked:
            reason = f"Keras {asked} (the option keras-version)"
        elif pinned:
            reason = f"Keras {pinned.version} ({pinned.reason})"
        else:
            reason = f"Keras {keras_api.NEWEST} (the newest; the project pins no other)"
        reasons.setdefault(reason, []).append(path)
    for reason, those in reasons.items():
        more = f" and {len(those) - 1} more" if len(those) > 1 else ""
        print(printable(f"keraslint: {those[0]}{more}: checked for {reason}"), file=sys.stderr)


def _add_confirm(commands: _Commands[argparse.ArgumentParser]) -> None:
    confirm = _add_command(
        commands,
        "confirm",
        "Train each flagged model and its fixed twin in real Keras, and judge every finding.",
        _confirm,
        CONFIRM_EXITS,
    )
    confirm.add_argument(
        "paths", nargs="+", metavar="PATH", help=f"a Python file, or {_DIRECTORY}; it is read, never run"
    )
    confirm.add_argument("--format", choices=("text", "json"), default="text")
    confirm.add_argument("--seeds", type=_positive, metavar="N", help="train from N different initial weights")
    confirm.add_argument("--only", action="append", default=[], metavar="SYMBOL", help="judge only these findings")
    confirm.add_argument("--timeout", type=_positive, metavar="SECONDS", help="limit for one file")
    confirm.add_argument("--backend", metavar="NAME", help="tensorflow, jax or torch (default: $KERAS_BACKEND)")
    confirm.add_argument("-j", "--jobs", type=_positive, default=1, metavar="N", help="files judged at the same time")
    confirm.add_argument("--plot", metavar="PNG", help="draw the loss curves into this file")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def _confirm(parsed: argparse.Namespace) -> int:
    from keraslint import confirm, files, reader, rules, target
    from keraslint.confirm import as_json, report
    from keraslint.plugin import configuration

    configured = configuration.of_project()
    selection = files.select(parsed.paths, configuration.ignored(configured))
    _mention(selection.notebooks)
    paths = selection.with_keras()
    if parsed.plot and len(paths) > 1:
        raise Problem("--plot draws the curves of one FILE, not of several")
    only = {rule.symbol for rule in map(_rule, parsed.only)}
    asked = [rule for rule in rules.all_rules() if rule.on_by_default or rule.symbol in only]
    options = configuration.rule_options(configured)
    given = {
        "seeds": parsed.seeds,
        "seconds": parsed.timeout,
        "plot": parsed.plot,
        "backend": parsed.backend or os.environ.get("KERAS_BACKEND") or None,
    }
    settings = confirm.Settings(**{name: value for name, value in given.items() if value is not None})
    reading = threading.Lock()  # astroid keeps what it has read in one place for all

    def read(source: str, path: str) -> Program:
        with reading:
            return reader.read(source, path)

    def check(path: str, program: Program) -> list[Finding]:
        with reading:
            return rules.check(program, target.options_for(path, options), asked)

    def chosen(finding: Finding) -> bool:
        return not only or (finding.rule is not None and finding.rule.symbol in only)

    def judge(path: str, session: Session) -> Report:
        source = _text_of(path)
        bar = report.progress(sys.stderr) if parsed.jobs == 1 else None
        try:
            return confirm.confirm(
                source, path, read, partial(check, path), progress=bar, session=session, chosen=chosen
            )
        except confirm.ConfirmError:
            read(source, path)  # what is wrong with the file is the first thing to say
            raise

    def show(judged: Report) -> int:
        if parsed.format == "json":
            print(json.dumps(as_json.to_json(judged)), flush=True)
        else:
            report.render(judged, sys.stdout)
        verdicts = {verdict.verdict for verdict in judged.verdicts}
        return FOUND if "confirmed" in verdicts else INCONCLUSIVE if "inconclusive" in verdicts else OK

    try:
        with _ended_by_signals(), confirm.Sessions(min(parsed.jobs, max(len(paths), 1)), settings) as sessions:
            results = dict(zip(paths, sessions.results(judge, paths), strict=True))
            return _each(paths, lambda path: show(results[path]()))
    except confirm.ConfirmError as error:
        raise Problem(error) from error


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let what asks this process to end unwind it first, so that no training goes on without it."""

    def end(number: int, _: object) -> None:
        sys.exit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    signals = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, end) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _rule(name: str) -> Rule:
    """The rule with this symbol, id or old name."""
    from keraslint import rules

    for spelling in (name, name.upper(), name.lower()):
        found = rules.by_symbol(spelling)
        if found is not None:
            return found
    names = [name for rule in rules.all_rules() for name in (rule.symbol, rule.msgid)]
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "`keraslint explain list` shows all"
    raise Problem(f"no rule is called {name!r}; {hint}")


def _add_explain(commands: _Commands[argparse.ArgumentParser]) -> None:
    explain = _add_command(commands, "explain", "Show the page of a rule.", _explain, READ_EXITS)
    explain.add_argument("name", metavar="NAME", help="a symbol or id; `list` for one line a rule, `all` for all pages")


def _explain(parsed: argparse.Namespace) -> int:
    from keraslint import rules

    every = rules.all_rules()
    if parsed.name == "list":
        width = max(len(rule.symbol) for rule in every)
        for rule in every:
            print(f"{rule.msgid}  {rule.symbol:<{width}}  {rule.summary}")
        return OK
    if own := _own_message(parsed.name):
        print(own)
        return OK
    found = every if parsed.name == "all" else (_rule(parsed.name),)
    print("\n\n".join(f"{rule.symbol} ({rule.msgid})\n\n{rule.page.strip()}" for rule in found))
    return OK


def _own_message(name: str) -> str | None:
    """What stands for a page about a message that comes from no rule."""
    from keraslint.plugin.messages import OWN_MESSAGES

    for msgid, (_, symbol, text) in OWN_MESSAGES.items():
        if name.lower() in (msgid.lower(), symbol):
            return f"{symbol} ({msgid})\n\n{text}"
    return None


def _add_summary(commands: _Commands[argparse.ArgumentParser]) -> None:
    summary = _add_command(commands, "summary", "Show the models as keraslint reads them.", _summary, READ_EXITS)
    summary.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help=f"a Python file, {_DIRECTORY}, or - for the standard input; nothing is run",
    )
    summary.add_argument(
        "--format", choices=("text", "json"), default="text", help="json: one object a line, one a file"
    )

    _add_stdin_filename(summary)


def _summary(parsed: argparse.Namespace) -> int:
    from keraslint import reader, summary
    from keraslint.plugin import configuration

    selection, text = _selection(parsed, configuration.ignored(configuration.of_project()))

    def show(path: str) -> int:
        source = _text_of(path) if text is None else text
        described = summary.describe(reader.read(source, path), source)
        print(json.dumps(described) if parsed.format == "json" else summary.render(described))
        return OK

    return _each(selection.with_keras(), show)


def _each(paths: Sequence[str], work: Callable[[str], int]) -> int:
    """Work on one file after the other; one that cannot be read does not keep the others from their turn."""
    codes = []
    for path in paths:
        try:
            codes.append(work(path))
        except Problem as error:
            codes.append(_complain(str(error)))
    return next((code for code in (ERROR, FOUND, INCONCLUSIVE) if code in codes), OK)


def _text_of(path: str) -> str:
    from keraslint import files

    files.require_regular(path)
    try:
        return _decoded(files.content(path), path)
    except OSError as error:
        raise Problem(f"{path}: {error.strerror}") from error


def _decoded(source: bytes, path: str) -> str:
    from keraslint.reader.parsing import decode

    return decode(source, path)
