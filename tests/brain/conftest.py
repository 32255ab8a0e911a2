"""Environments in which pylint finds Keras, and in which it finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.taught import install, without_packages


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of packages where TensorFlow and the newest Keras that we know are installed."""
    folder = tmp_path_factory.mktemp("environment")
    with without_packages(folder):
        yield install(folder, "3.15.1")


@pytest.fixture
def nothing_installed(tmp_path: Path) -> Iterator[None]:
    with without_packages(tmp_path):
        yield
