"""Which imports are reported as gone, for which Keras, and what the message and the fix put in their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from keraslint.edits import apply
from keraslint.reader import read
from keraslint.rules import Finding, Options, by_symbol, check


def gone(source: str, version: str = "") -> list[Finding]:
    rule = by_symbol("keras-removed-name")
    assert rule
    return check(read(source, "file.py"), Options(version=version), [rule])


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        pytest.param("from keras.utils import np_utils", "use `keras.utils`", id="a module"),
        pytest.param("from keras.layers import CuDNNLSTM", "use `keras.layers.LSTM`", id="a layer"),
        pytest.param(
            "from keras.preprocessing.text import Tokenizer",
            "use `tensorflow.keras.preprocessing.text.Tokenizer`",
            id="kept by tensorflow.keras",
        ),
        pytest.param("from keras.utils import multi_gpu_model", "nothing took its place", id="no successor"),
    ],
)
def test_the_message_names_the_successor(statement: str, named: str) -> None:
    [finding] = gone(statement + "\n")
    assert named in finding.message


def test_one_statement_is_one_finding() -> None:
    assert len(gone("from keras.layers import CuDNNLSTM, CuDNNGRU, Dense\n")) == 1


@pytest.mark.parametrize(
    ("version", "reported"),
    [
        pytest.param("2.2", False, id="before it was dissolved"),
        pytest.param("2.12", False, id="still there"),
        pytest.param("3.0", True, id="gone"),
    ],
)
def test_the_option_decides(version: str, reported: bool) -> None:
    assert bool(gone("from keras.utils import np_utils\n", version)) is reported


def test_a_name_that_came_later_is_not_gone() -> None:
    assert not gone("from keras.layers import MultiHeadAttention\n", "2.2")


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("import keras\nif keras.__version__ < '3':\n    keras = None\n", id="compares the version"),
        pytest.param("import os\nos.environ['TF_USE_LEGACY_KERAS'] = '1'\n", id="asks for Keras 2"),
    ],
)
def test_a_file_that_knows_versions_is_left_alone(source: str) -> None:
    assert not gone(source + "from tensorflow.keras.utils import np_utils\n")


def test_a_version_that_is_only_printed_decides_nothing() -> None:
    assert gone("import keras\nprint(keras.__version__)\nfrom keras.utils import np_utils\n")


def test_what_runs_as_a_script_is_no_guard() -> None:
    assert gone("if __name__ == '__main__':\n    from keras.utils import np_utils\n")


def test_the_fix_imports_the_same_names() -> None:
    source = "from keras.layers.core import Dense, Dropout as Drop\n"
    [finding] = gone(source)
    assert finding.fix
    assert apply(source, [finding.fix]) == "from keras.layers import Dense, Dropout as Drop\n"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("from keras.layers import CuDNNLSTM\n", id="another name"),
        pytest.param("from keras.layers.core import (  # why\n    Dense,\n)\n", id="a comment would be lost"),
        pytest.param("from keras.layers.core import *\n", id="whatever is there"),
    ],
)
def test_there_is_no_fix_where_more_must_change(source: str) -> None:
    [finding] = gone(source)
    assert finding.fix is None


def test_of_a_name_and_its_module_the_name_is_told() -> None:
    [finding] = gone("import tensorflow as tf\nmodel = tf.keras.experimental.LinearModel(units=10)\n")
    assert "`tensorflow.keras.experimental.LinearModel`" in finding.message


def test_methods_of_models_that_another_file_makes_with_keras_2(tmp_path: Path) -> None:
    (tmp_path / "nets.py").write_text(
        "import tf_keras\n"
        "def build():\n"
        "    model = tf_keras.Sequential([tf_keras.layers.Dense(1, input_shape=(4,))])\n"
        '    model.compile("adam", "mse")\n'
        "    return model\n"
    )
    source = "from nets import build\nmodel = build()\nmodel.fit_generator(iter([]))\nmodel.reset_states()\n"
    path = tmp_path / "train.py"
    path.write_text(source)
    assert not check(read(source, str(path)), Options())
    (tmp_path / "nets.py").write_text((tmp_path / "nets.py").read_text().replace("tf_keras", "keras"))
    assert [finding.span.line for finding in check(read(source, str(path)), Options())] == [3, 4]
