"""What every command is made of: its parser, its exit codes, and how it complains."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from keraslint.printable import printable

OK, FOUND, ERROR, INCONCLUSIVE = 0, 1, 2, 3

DIRECTORY = "a directory (searched for files that mention Keras, without environments and builds)"

READ_EXITS = "exit codes: 0 done; 2 wrong usage or unreadable file"


def complain(message: str) -> int:
    print(f"keraslint: error: {printable(message)}", file=sys.stderr)
    return ERROR


Commands = argparse._SubParsersAction  # the only name argparse has for it


def add_command(
    commands: Commands[argparse.ArgumentParser],
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
