"""Which Keras a file is meant for, and so which of its arguments are wrong."""

from __future__ import annotations

import pytest

from keraslint.edits import apply
from keraslint.reader import read
from keraslint.rules import Options, by_symbol, check

OLD_NAME = """
from keras.optimizers import Adam
optimizer = Adam(lr=0.01)
"""


def removed(source: str, version: str = "") -> list[str]:
    rule = by_symbol("keras-removed-argument")
    assert rule
    return [finding.message for finding in check(read(source, "file.py"), Options(version=version), [rule])]


def test_the_message_names_the_argument_of_today() -> None:
    [message] = removed(OLD_NAME)
    assert "`lr`" in message
    assert "`learning_rate`" in message


def test_an_argument_without_successor_is_to_be_removed() -> None:
    [message] = removed("import keras\nkeras.callbacks.TensorBoard(write_grads=True)\n")
    assert "rejects" in message
    assert message.endswith("remove it")


@pytest.mark.parametrize(
    ("code", "named"),
    [
        pytest.param("keras.optimizers.SGD(decay=1e-6)", "`InverseTimeDecay`", id="a schedule"),
        pytest.param("keras.callbacks.ModelCheckpoint('a.keras', period=2)", "`save_freq`", id="counts other things"),
        pytest.param("keras.layers.LSTM(8, batch_input_shape=(2, 3, 4))", "`keras.Input(batch_shape=…)`", id="a call"),
        pytest.param(
            "keras.layers.DepthwiseConv2D(3, kernel_initializer='zeros')", "`depthwise_initializer`", id="a new name"
        ),
    ],
)
def test_the_message_names_what_serves_the_purpose_today(code: str, named: str) -> None:
    [message] = removed(f"import keras\nmade = {code}\n")
    assert named in message
    assert "remove it" not in message


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        pytest.param("LSTM(8, input_length=5, input_dim=4)", "LSTM(8, input_shape=(5, 4))", id="length and size"),
        pytest.param("Dense(8, batch_input_shape=(None, 4))", "Dense(8, input_shape=(4,))", id="any batch"),
        pytest.param("LSTM(8, batch_input_shape=(2, 5, 4))", None, id="the batch counts"),
        pytest.param("LSTM(8, input_length=5)", None, id="the size is not told"),
        pytest.param("Dense(8, weights=start)", None, id="the weights would be lost"),
    ],
)
def test_a_fix_loses_nothing(written: str, mended: str | None) -> None:
    rule = by_symbol("keras-removed-argument")
    assert rule
    source = f"import keras\nfrom start import start\nlayer = keras.layers.{written}\n"
    [finding] = check(read(source, "file.py"), Options(), [rule])
    assert (apply(source, [finding.fix]) if finding.fix else None) == (mended and source.replace(written, mended))


def test_a_file_with_names_of_an_older_keras_is_left_alone() -> None:
    older = "import keras\nlayer = keras.layers.CuDNNLSTM(8)\n"
    assert not removed(OLD_NAME + older)
    assert removed(OLD_NAME + older, version="3.15")


def test_a_file_of_which_only_arguments_are_old_ends_at_the_first_of_these() -> None:
    older = (
        "import keras\nmodel = keras.Sequential([keras.layers.Dense(1)])\n"
        "model.compile('sgd', 'mse')\nmodel.fit([[1.0]], [1.0], nb_epoch=3)\n"
    )
    assert any("`nb_epoch`" in message for message in removed(older))
    assert not removed(older, version="1.2")


@pytest.mark.parametrize(
    ("version", "fate"),
    [
        pytest.param("2.2", [], id="accepted"),
        pytest.param("2.12", ["ignores"], id="dropped by the optimizers that came with 2.11"),
        pytest.param("2.15.0", ["ignores"], id="a release of a version in the catalogue"),
        pytest.param("3", ["rejects"], id="a major version"),
        pytest.param("4.1", ["rejects"], id="newer than the catalogue"),
    ],
)
def test_the_option_decides(version: str, fate: list[str]) -> None:
    assert [message.split()[2] for message in removed(OLD_NAME, version)] == fate


@pytest.mark.parametrize(
    ("code", "fired"),
    [
        pytest.param("keras.optimizers.SGD(decay=1e-6)", True, id="the rate no longer decays"),
        pytest.param("keras.optimizers.SGD(decay=rate)", False, id="a decay of unknown size may be 0"),
        pytest.param("keras.optimizers.SGD(decay=0.0)", False, id="it never decayed"),
        pytest.param("keras.optimizers.SGD(decay=None)", False, id="not asked for"),
        pytest.param("keras.layers.LSTM(8, implementation=2)", False, id="another way to the same result"),
        pytest.param("keras.layers.Embedding(9, 4, input_length=5)", False, id="the input tells the length"),
        pytest.param("keras.layers.LSTM(8, zero_output_for_mask=True)", False, id="taken by the base class"),
        pytest.param("keras.layers.Dense(8, weights=[])", True, id="raises"),
    ],
)
def test_a_dropped_argument_counts_where_training_depends_on_it(code: str, fired: bool) -> None:
    assert bool(removed(f"import keras\nfrom settings import rate\nmade = {code}\n")) is fired


def test_tf_keras_is_keras_2() -> None:
    assert not removed("import tf_keras\noptimizer = tf_keras.optimizers.SGD(lr=0.1)\n")


@pytest.mark.parametrize(
    "package", ["tensorflow.python.keras", "tensorflow.compat.v1.keras", "tensorflow.contrib.keras"]
)
def test_a_frozen_keras_is_not_judged_by_the_newest(package: str) -> None:
    assert not removed(f"from {package}.layers import SimpleRNN\nlayer = SimpleRNN(8, input_length=5, input_dim=1)\n")


def test_nothing_is_said_of_arguments_where_the_imports_fail() -> None:
    failing = "from keras.utils import np_utils\n" + OLD_NAME
    assert not removed(failing)
    assert not removed(failing, version="3.15")


def test_keras_2_translated_what_keras_1_called_otherwise() -> None:
    older = "import keras\nkeras.layers.Dropout(p=0.5)\nkeras.layers.Dense(output_dim=4)\n"
    assert not removed(older, version="2.2")
    assert removed(older, version="2.12")


def test_a_file_with_names_that_came_later_is_not_meant_for_the_target() -> None:
    later = "import keras\nkeras.ops.relu(3)\nkeras.layers.Dense(4, lora_rank=2)\n"
    assert not removed(later, version="2.15")
    assert removed(later.replace("keras.ops.relu(3)\n", ""), version="2.15")
