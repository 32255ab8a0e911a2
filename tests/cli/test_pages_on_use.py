"""docs/editors.md and docs/ci.md: the commands that they show are commands, and the settings can be read.

Whether an editor takes them, `tools/try_editors.py` says where the editors are installed.
"""

from __future__ import annotations

import json
import re
import runpy
import shlex
import sys
from pathlib import Path

import pytest

from keraslint import cli
from keraslint.plugin.sarif import SarifReporter

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "docs/editors.md", "docs/ci.md")
TOOL = runpy.run_path(str(ROOT / "tools" / "try_editors.py"))
FORMATS = {"text", "colorized", "github", "json", "json2", "pylint_gitlab", SarifReporter.name}


def commands(page: str) -> list[str]:
    """What a shell, a job or a reader is told to run."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return re.findall(r"keraslint check [^`\n<#]*[^`\s<#]", text)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_is_one_that_the_command_line_takes(page: str) -> None:
    found = commands(page)
    assert found
    for command in found:
        arguments = shlex.split(command.removeprefix("keraslint "))
        arguments += [] if set(arguments) & {".", "src", "-", "PATH…"} else ["PATH"]
        parsed = cli._parser().parse_args(arguments)
        names = re.findall(r"(?:^|,)(\w+)", parsed.output_format or "")
        assert FORMATS.issuperset(names), command


def test_the_first_block_in_each_language_is_the_one_that_is_tried() -> None:
    text = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
    languages = re.findall(r"^```(\w+)$", text, re.MULTILINE)
    assert sorted(languages) == ["elisp", "json", "lua", "toml", "vim"]
    for language in languages:
        assert TOOL["settings"](language) in text


def test_the_settings_load_the_plugin_in_pylint() -> None:
    if sys.version_info < (3, 11):
        import tomli as tomllib
    else:
        import tomllib
    project = tomllib.loads(TOOL["settings"]("toml"))
    assert project["tool"]["pylint"]["main"]["load-plugins"] == ["keraslint"]
    server = json.loads(TOOL["settings"]("json"))
    assert server["pylsp"]["plugins"]["pylint"]["args"] == ["--load-plugins=keraslint"]
