"""``keraslint summary``: the models as they are read."""

from __future__ import annotations

import argparse
import json

from keraslint.cli.command import DIRECTORY, OK, READ_EXITS, Commands, add_command
from keraslint.cli.selecting import add_stdin_filename, each_file, program_of, selected


def add_summary(commands: Commands[argparse.ArgumentParser]) -> None:
    summary = add_command(commands, "summary", "Show the models as keraslint reads them.", _summary, READ_EXITS)
    summary.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help=f"a Python file or notebook, {DIRECTORY}, or - for the standard input; nothing is run",
    )
    summary.add_argument(
        "--format", choices=("text", "json"), default="text", help="json: one object a line, one a file"
    )

    add_stdin_filename(summary)


def _summary(parsed: argparse.Namespace) -> int:
    from keraslint import reader, summary
    from keraslint.plugin import configuration

    selection, text = selected(parsed, configuration.ignored(configuration.of_project()))

    def show(path: str) -> int:
        source, notebook = program_of(path, text)
        described = summary.describe(reader.read(source, path), source)
        if parsed.format == "json":
            print(json.dumps(described if notebook is None else notebook.told(described)))
        else:
            print(summary.render(described if notebook is None else notebook.placed(described)))
        return OK

    return each_file(selection.with_keras(), show)
