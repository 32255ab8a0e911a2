"""What Keras raises while it does what the program asks for, told from failures of our own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from keraslint.confirm.child.building import Unsupported
from keraslint.confirm.child.pace import Late

OUT_OF_MEMORY = ("ResourceExhaustedError", "MemoryError", "OutOfMemoryError")
"""By name: the classes belong to backends that need not be installed."""


class Raised(Exception):
    """Keras raised while it was doing what the program asks for; a symptom, not a failure of ours."""

    def __init__(self, phase: str, text: str) -> None:
        super().__init__(text)
        self.phase = phase


@contextmanager
def phase(name: str) -> Iterator[None]:
    """Whatever Keras raises inside is what we came to see; lack of memory or of a Keras symbol is not."""
    try:
        yield
    except (Unsupported, Late):
        raise
    except Exception as error:
        if type(error).__name__ in OUT_OF_MEMORY:
            raise
        raise Raised(name, f"{type(error).__name__}: {first_line(error)}") from error


def first_line(error: Exception) -> str:
    """The line that says what is wrong, without what Keras and TensorFlow say about where."""
    lines = [re.sub(r"\x1b\[\d*m|\{\{.*?\}\}", "", line).strip() for line in str(error).splitlines()]
    return next((line for line in lines if line and not line.startswith(WHERE)), "")


WHERE = ("Detected at node", "Exception encountered when calling", 'File "', "Graph execution", "<stack traces")
"""How the lines begin that say no more than where it was raised."""
