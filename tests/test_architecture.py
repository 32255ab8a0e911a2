"""The contracts of the house: one-way arrows, strict types, and the linters that hold the style."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

TOOLS = {
    "importlinter": "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports())",
    "mypy": "from mypy.main import main; main()",
    "ruff": "import subprocess, sys, ruff; sys.exit(subprocess.call([ruff.find_ruff_bin(), 'check', '.']))",
}


@pytest.mark.parametrize("tool", TOOLS)
def test_contract_is_kept(tool: str) -> None:
    if importlib.util.find_spec(tool) is None:
        pytest.skip(f"{tool} is not among the dependencies of the lint half")
    run = subprocess.run([sys.executable, "-c", TOOLS[tool]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
