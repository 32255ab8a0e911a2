"""That faults put into correct programs are found: a sample of what benchmarks/recall.py makes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import ModuleType

import pytest

from keraslint import rules

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
EVERY = 60
"""Of the faults that a whole run takes, so that the sample ends within 20 seconds."""


@pytest.fixture(scope="module")
def recall() -> Iterator[ModuleType]:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        import recall

        yield recall
    finally:
        sys.path.remove(str(BENCHMARKS))


def test_of_a_sample_of_faults_most_are_found_and_hardly_anything_else_is_said(recall: ModuleType) -> None:
    made = recall.mutants(recall.correct_programs(), recall.MUTATORS, recall.MOST)
    seen = list(recall.outcomes(islice(made, 0, None, EVERY)))
    assert len(seen) >= 20
    assert recall.recall(seen) >= 0.85, [one.where for one in seen if not one.found]
    unrelated = [(one.where, one.unrelated) for one in seen if one.unrelated]
    assert len(unrelated) <= 1, unrelated


def test_enough_correct_programs_are_taken(recall: ModuleType) -> None:
    assert len(recall.correct_programs()) >= 40


def test_every_rule_has_a_mutator_or_a_reason_to_have_none(recall: ModuleType) -> None:
    covered = {mutator.rule.removeprefix("keras-") for mutator in recall.MUTATORS}
    assert not covered & set(recall.WITHOUT)
    assert covered | set(recall.WITHOUT) == {rule.symbol.removeprefix("keras-") for rule in rules.all_rules()}


def test_mutators_name_rules_that_there_are(recall: ModuleType) -> None:
    named = {name for mutator in recall.MUTATORS for name in (mutator.rule, *mutator.also)}
    assert named <= {rule.symbol for rule in rules.all_rules()}


PROGRAM = """\
import keras
import numpy as np

model = keras.Sequential([
    keras.Input((4,)),
    keras.layers.Dense(8, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile("adam", "binary_crossentropy")
model.fit(np.random.rand(64, 4), np.random.randint(0, 2, 64))
"""


def outcome(recall: ModuleType, rule: str, old: str, new: str, tmp_path: Path) -> object:
    """What becomes of one change of the program, as a fault of the rule."""
    node = next(n for n in recall.Source("", PROGRAM).nodes if recall.Source("", PROGRAM).said(n) == old)
    mutator = recall.Mutator(rule, (), lambda source: iter([source.swap(node, new)]))
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    [seen] = recall.outcomes(recall.mutants([path], [mutator], 1))
    return seen


def test_a_fault_is_found_where_its_rule_speaks_of_the_changed_statement(recall: ModuleType, tmp_path: Path) -> None:
    seen = outcome(recall, "keras-softmax-on-one-unit", '"sigmoid"', '"softmax"', tmp_path)
    assert (seen.found, seen.unrelated) == (True, ())


def test_what_another_rule_says_is_unrelated(recall: ModuleType, tmp_path: Path) -> None:
    seen = outcome(recall, "keras-linear-stack", '"sigmoid"', '"softmax"', tmp_path)
    assert (seen.found, [symbol for _, symbol in seen.unrelated]) == (False, ["keras-softmax-on-one-unit"])


def test_a_change_that_is_no_fault_is_missed(recall: ModuleType, tmp_path: Path) -> None:
    seen = outcome(recall, "keras-softmax-on-one-unit", '"relu"', '"tanh"', tmp_path)
    assert (seen.found, seen.unrelated) == (False, ())


def test_a_fault_of_several_lines_leaves_all_other_lines_in_place(recall: ModuleType) -> None:
    source = recall.Source("", PROGRAM)
    fault = source.swap(source.tree.body[2].value, "None")
    assert fault.applied(PROGRAM).splitlines()[8:] == PROGRAM.splitlines()[8:]
