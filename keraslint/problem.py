"""What ends a command or the work on one file with a message, not a traceback: problems of the user's, and our own."""

from __future__ import annotations

import traceback
from pathlib import Path

from keraslint.printable import shortened

RAISE = "KERASLINT_RAISE"
"""When this is set in the environment, an internal error is raised instead of reported; our tests set it."""


class Problem(Exception):
    """The message says what is wrong and what to do; the command exits with 2."""


def describe(error: Exception) -> tuple[str, str]:
    """Of a failure of keraslint itself: what it is, in one line, and where it happened."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__}: {error}".partition("\n")[0]
    return shortened(what), f"{Path(place.filename).name}:{place.lineno}"
