"""What ends a command, or the work on one file, with a message for the user and no traceback."""


class Problem(Exception):
    """The message says what is wrong and what to do; the command exits with 2."""
