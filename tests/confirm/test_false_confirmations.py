"""The benchmark of false confirmations: its programs are what they are said to be, and it counts what it is shown."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from keraslint import edits, reader
from keraslint.summary import is_complete

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import false_confirmations as benchmark
import sound_models

PROGRAMS = sound_models.programs()
PAIRS = [sound for sound in PROGRAMS if not sound.is_claim]


def test_there_are_three_hundred_different_programs() -> None:
    assert len({sound.source for sound in PROGRAMS}) == len(PROGRAMS) >= 300


def test_the_programs_are_the_same_every_time() -> None:
    assert sound_models.programs() == PROGRAMS


def test_every_kind_of_model_and_every_neutral_change_occurs() -> None:
    assert {sound.kind for sound in PROGRAMS} == set(sound_models.KINDS)
    assert {sound.change for sound in PAIRS} == set(sound_models.CHANGES)


@pytest.mark.parametrize("sound", PROGRAMS[::8], ids=lambda sound: sound.name)
def test_both_sides_are_read_completely(sound: sound_models.Sound) -> None:
    for text in (sound.source, sound.twin):
        program = reader.read(text, "sound.py")
        assert len(program.trainings) == 1
        assert all(map(is_complete, program.models))


def test_each_program_of_a_file_has_its_own_findings_whose_fix_is_its_twin() -> None:
    sounds = PAIRS[:3]
    together = benchmark.Together(sounds, ("slower", "plateau"))
    findings = together.check(together.reading(together.text, "sound.py"))
    assert [finding.rule.symbol for finding in findings if finding.rule] == ["slower", "plateau"] * 3
    for finding in findings:
        sound = together.sound_at(finding.span.line)
        assert finding.fix is not None
        fixed = edits.apply(together.text, [finding.fix])
        assert fixed == together.text.replace(sound.source, sound.twin)


def test_a_fixed_program_has_no_findings_any_more() -> None:
    together = benchmark.Together(PAIRS[:3], ("slower",))
    findings = together.check(together.reading(together.text, "sound.py"))
    fixed = edits.apply(together.text, [findings[1].fix])  # type: ignore[list-item]
    left = together.check(together.reading(fixed, "sound.py"))
    assert [together.sound_at(finding.span.line) for finding in left] == [PAIRS[0], PAIRS[2]]


@pytest.mark.parametrize("claim", sound_models.CLAIMS, ids=lambda claim: claim.symbol)
def test_a_claim_is_made_whether_or_not_the_linter_speaks(
    claim: sound_models.Claim, monkeypatch: pytest.MonkeyPatch
) -> None:
    sounds = [sound for sound in PROGRAMS if sound.change == claim.symbol][:3]
    together = benchmark.Together(sounds, ())
    monkeypatch.setattr(benchmark.rules, "check", lambda *_: [])
    findings = together.check(together.reading(together.text, "sound.py"))
    assert [finding.rule.symbol for finding in findings if finding.rule] == [claim.symbol] * 3


def judged(program: str, verdict: str, about: str = "slower") -> benchmark.Judged:
    return benchmark.Judged(program, "mlp", "width", about, True, False, verdict, None, "0.5 of 1.0 is left")


def test_the_rate_is_of_programs_and_not_of_verdicts() -> None:
    verdicts = [
        judged("a", "confirmed"),
        judged("a", "confirmed", "nan"),
        judged("a", "refuted", "metric"),
        judged("b", "not reproduced"),
    ]
    assert benchmark.rate(verdicts) == 0.5
    assert benchmark.rate(verdicts, "refuted") == 0.5
    assert benchmark.rate(verdicts, "in some runs") == 0.0


def test_the_report_names_each_false_confirmation_with_its_reason() -> None:
    text = "\n".join(benchmark.report_sound([judged("a", "confirmed"), judged("b", "inconclusive")]))
    assert "  a: slower: 0.5 of 1.0 is left" in text
    assert "2 sound programs; of these confirmed 50.0%" in text
    assert "N of N is left   [b]" in text


def test_confirmed_programs_are_kept_beside_their_twins(tmp_path: Path) -> None:
    sound = PAIRS[0]
    benchmark.keep(tmp_path, [judged(sound.name, "confirmed"), judged(PAIRS[1].name, "refuted")], PAIRS)
    kept = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert len(kept) == 2
    assert kept[f"{sound.name}-slower.py"].endswith(sound.source)
    assert kept[f"{sound.name}-slower-twin.py"].endswith(sound.twin)
