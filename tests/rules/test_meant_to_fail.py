"""What a test does wrong on purpose, or never cared for, is no finding."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from keraslint.reader import read
from keraslint.rules import Options, check


def found(source: str, path: str = "program.py", version: str = "") -> set[str]:
    program = read(textwrap.dedent(source), path)
    return {finding.rule.symbol for finding in check(program, Options(version=version)) if finding.rule}


REFUSED = """
import keras
import pytest
from keras import layers

def test_channels():
    with {context}:
        model = keras.Sequential([layers.Conv2D(2, 3, batch_input_shape=(None, None, 5, None))])
"""


@pytest.mark.parametrize(
    "context",
    [
        "pytest.raises(ValueError)",
        "self.assertRaises(ValueError)",
        "self.assertRaisesRegex(ValueError, 'channels')",
        "contextlib.suppress(ValueError)",
        "pytest.warns(UserWarning)",
    ],
)
def test_nothing_is_said_of_a_block_that_is_written_to_fail(context: str) -> None:
    assert not found(REFUSED.format(context=context))
    assert found(REFUSED.format(context="open('log.txt')"))


FITTED = """
import keras
import numpy as np

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
model.compile(loss="categorical_crossentropy")
with {context}:
    model.fit(np.zeros((8, 4)), np.zeros((8,), dtype="int32"))
"""


def test_a_fit_that_is_written_to_fail_trains_nothing() -> None:
    assert not found(FITTED.format(context="self.assertRaises(ValueError)"))
    assert "keras-label-encoding-mismatch" in found(FITTED.format(context="open('log.txt')"))


COUNTED = """
import keras
import numpy as np

inputs = keras.Input((3,))
outputs = [keras.layers.Dense(1, name=name)(inputs) for name in ("a", "b")]
model = keras.Model(inputs, outputs)
model.compile(optimizer="sgd", loss={{"a": "mse", "c": "mse"}})
with {context}:
    model.fit(np.zeros((8, 3)), [np.zeros((8, 1)), np.zeros((8, 1))])
"""


def test_a_compile_for_a_fit_that_is_written_to_fail_is_no_fault() -> None:
    assert not found(COUNTED.format(context="pytest.raises(ValueError)"))
    assert "keras-loss-count-mismatch" in found(COUNTED.format(context="open('log.txt')"))


TESTED = """
import keras
import numpy as np
{imports}

def test_saving():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8), keras.layers.Dense(2)])
    model.compile(optimizer="sgd", loss="mse", metrics=["accuracy"])
    model.fit(np.zeros((8, 4)), np.zeros((8, 2)))
    model.save("model.keras")
    {more}
"""


def test_how_well_a_test_trains_is_no_matter() -> None:
    assert found(TESTED.format(imports="", more=""))
    assert not found(TESTED.format(imports="", more=""), "models_test.py")
    assert not found(TESTED.format(imports="", more=""), "tests/test_models.py")
    assert not found(TESTED.format(imports="import pytest", more=""))


def test_helpers_among_tests_are_tests(tmp_path: Path) -> None:
    helper = TESTED.format(imports="", more="").replace("test_saving", "small_model")
    (tmp_path / "tests" / "models").mkdir(parents=True)
    (tmp_path / "tests" / "test_models.py").touch()
    assert not found(helper, str(tmp_path / "tests" / "utils.py"))
    assert not found(helper, str(tmp_path / "tests" / "models" / "common.py"))
    assert found(helper, str(tmp_path / "utils.py"))


def test_a_folder_that_is_only_called_tests_holds_programs(tmp_path: Path) -> None:
    program = TESTED.format(imports="", more="").replace("test_saving", "small_model")
    (tmp_path / "tests" / "digits").mkdir(parents=True)
    (tmp_path / "tests" / "digits" / "train.py").touch()
    assert found(program, str(tmp_path / "tests" / "digits" / "train.py"))


def test_what_raises_in_a_test_is_a_fault() -> None:
    assert found(TESTED.format(imports="import pytest", more="keras.layers.Dense()(model.output)")) == {
        "keras-required-argument"
    }


def test_a_script_with_the_name_of_a_test_is_none() -> None:
    script = TESTED.format(imports="", more="").replace("def test_saving():", "if True:")
    assert found(script, "test_lstm.py")
    assert found(script, "test.py")


SHARED = """
import keras
import numpy as np
from keras import optimizers
from keras.callbacks import ReduceLROnPlateau

class TestPlateau(keras.src.testing.TestCase):
    def {first}(self):
        self.model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
        self.model.compile(loss="mse", optimizer="sgd")

    def {second}(self):
        self.model.compile("sgd", "mse")
        self.model.compile(optimizers.Adam(optimizers.schedules.PolynomialDecay(0.1, 10)), "mse")

    def {third}(self):
        self.model.fit(np.zeros((8, 4)), np.zeros((8, 1)), callbacks=[ReduceLROnPlateau(monitor="loss")])
"""


def test_each_test_of_a_class_has_an_instance_of_its_own() -> None:
    assert not found(SHARED.format(first="setUp", second="test_schedule", third="test_plateau"), "plateau_test.py")
    assert found(SHARED.format(first="__init__", second="prepare", third="train"))
