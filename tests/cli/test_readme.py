"""What the README shows is what the commands do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from keraslint import cli

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The example as the README shows it, in an empty directory."""
    text = (ROOT / "fixtures" / "programs" / "ratings" / "ratings_regression.py").read_text(encoding="utf-8")
    shown = re.sub(r"  # expect: .*", "", text)
    (tmp_path / "ratings.py").write_text(shown, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return shown


def block(language: str) -> str:
    """The first code block in this language."""
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found is not None
    return found[1]


def test_first_screen_shows_the_real_output(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert block("python") in program
    cli.main(["check", "ratings.py"])
    messages = capsys.readouterr().out.partition("\n")[2]
    assert block("console").partition("\n")[2].strip() == messages.strip()


@pytest.mark.parametrize("command", ["check", "confirm", "summary", "explain"])
def test_every_command_and_option_is_in_the_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main([command, "--help"])
    text = capsys.readouterr().out
    (row,) = [line for line in README.splitlines() if line.startswith(f"| `keraslint {command} ")]
    for option in re.findall(r"`(--?[a-z-]+)", row):
        assert option in text


def test_links_lead_somewhere_wherever_the_readme_is_shown() -> None:
    links = re.findall(r"\]\(([^)]*)\)", README)
    headings = {f"#{title.lower()}" for title in re.findall(r"^## (\w+)$", README, re.MULTILINE)}
    assert links
    assert not [link for link in links if not link.startswith("https://") and link not in headings]


@pytest.mark.keras
def test_confirm_says_what_the_readme_says(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = re.findall(r"```console\n(.*?)```", README, re.DOTALL)[1]
    cli.main(["confirm", "--only=keras-softmax-on-one-unit", "ratings.py"])
    said = capsys.readouterr().out

    def plain(text: str) -> list[str]:
        """Without what differs from machine to machine: numbers, bars, and the room that they take."""
        return [re.sub(r"[\d.▁-█]+", "#", " ".join(line.split())) for line in text.splitlines()]

    assert set(plain(shown.partition("\n")[2])) <= set(plain(said))
