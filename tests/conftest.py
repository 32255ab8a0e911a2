"""What all tests share: internal errors are raised, and files are linted through real pylint."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pylint.lint import Run
from pylint.message import Message
from pylint.reporters import CollectingReporter

os.environ["KERASLINT_RAISE"] = "1"

FIXTURES = Path(__file__).parent.parent / "fixtures"

Lint = Callable[..., list[Message]]


@pytest.fixture
def lint(tmp_path: Path) -> Lint:
    """``lint(source, *options)``: every message of pylint about a file with this text (or about a `Path`)."""

    def run(source: str | bytes | Path, *options: str, name: str = "program.py") -> list[Message]:
        path = source if isinstance(source, Path) else tmp_path / name
        if isinstance(source, bytes):
            path.write_bytes(source)
        elif isinstance(source, str):
            path.write_text(source, encoding="utf-8")
        reporter: Any = CollectingReporter()
        arguments = [f"--rcfile={os.devnull}", "--load-plugins=keraslint", *options, str(path)]
        Run(arguments, reporter=reporter, exit=False)
        messages: list[Message] = reporter.messages
        return messages

    return run


@pytest.fixture
def keras_messages(lint: Lint) -> Lint:
    """The same, but keraslint's messages only."""

    def run(source: str | bytes | Path, *options: str, name: str = "program.py") -> list[Message]:
        messages = lint(source, *options, name=name)
        return [message for message in messages if message.symbol.startswith("keras-")]

    return run
