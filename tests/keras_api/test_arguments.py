"""Keywords by version: taken, refused, dropped without a word, renamed."""

import pytest

from keraslint.keras_api import accepts, canonical, dropped_in_silence, modern_argument, symbol
from keraslint.keras_api.arguments import RENAMED_IN_CODE


@pytest.mark.parametrize(
    ("name", "argument", "version", "taken"),
    [
        ("keras.layers.Dense", "units", "3.15", True),
        ("keras.layers.Dense", "output_dim", "3.15", False),
        ("keras.layers.Dense", "output_dim", "1.2", True),
        ("keras.layers.Dense", "input_shape", "3.15", True),
        ("keras.layers.Dense", "input_dim", "3.15", True),
        ("keras.layers.Dense", "weights", "2.15", True),
        ("keras.layers.Dense", "weights", "3.15", False),
        ("keras.layers.Dense", "no_such_thing", "3.15", None),
        ("keras.layers.LSTM", "zero_output_for_mask", "3.15", True),
        ("keras.layers.GRU", "zero_output_for_mask", "2.15", True),
        ("keras.layers.SimpleRNN", "zero_output_for_mask", "3.0", True),
        ("keras.layers.LSTM", "num_heads", "3.15", False),
        ("keras.layers.Conv2D", "rank", "2.2", False),
        ("keras.layers.LeakyReLU", "alpha", "3.15", True),
        ("keras.layers.LSTM", "return_sequences", "1.2", True),
        ("keras.layers.MultiHeadAttention", "name", "1.2", None),
        ("keras.optimizers.Adam", "lr", "2.2", True),
        ("keras.optimizers.Adam", "lr", "3.15", False),
        ("keras.optimizers.Adam", "decay", "2.15", False),
        ("keras.optimizers.Adam", "decay", "3.15", True),
        ("keras.optimizers.Adam", "clipnorm", "3.15", True),
        ("keras.callbacks.EarlyStopping", "patients", "3.15", False),
        ("keras.Model.fit", "nb_epoch", "1.2", True),
        ("keras.Model.fit", "nb_epoch", "3.15", False),
        ("keras.no.such.Thing", "x", "3.15", None),
    ],
)
def test_a_keyword_is_taken_or_refused(name: str, argument: str, version: str, taken: bool | None) -> None:
    assert accepts(name, argument, version) is taken


@pytest.mark.parametrize(
    ("name", "argument", "version", "dropped"),
    [
        ("keras.optimizers.Adam", "decay", "3.15", True),
        ("keras.optimizers.SGD", "decay", "3.0", True),
        ("keras.optimizers.SGD", "decay", "2.2", False),
        ("keras.optimizers.Adam", "lr", "2.15", True),
        ("keras.optimizers.Adam", "lr", "3.15", False),
        ("keras.layers.Embedding", "input_length", "3.15", True),
        ("keras.layers.Embedding", "input_length", "2.15", False),
        ("keras.layers.LSTM", "implementation", "3.15", True),
        ("keras.layers.Dense", "units", "3.15", False),
        ("keras.no.such.Thing", "x", "3.15", False),
    ],
)
def test_a_keyword_without_effect_is_known(name: str, argument: str, version: str, dropped: bool) -> None:
    assert dropped_in_silence(name, argument, version) is dropped


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("keras.layers.Dense", "output_dim", "units"),
        ("keras.layers.Dense", "W_regularizer", "kernel_regularizer"),
        ("keras.layers.Conv2D", "border_mode", "padding"),
        ("keras.layers.Conv2D", "nb_row", "kernel_size"),
        ("keras.layers.LSTM", "inner_activation", "recurrent_activation"),
        ("keras.layers.Dropout", "p", "rate"),
        ("keras.layers.GlobalAveragePooling2D", "dim_ordering", "data_format"),
        ("keras.optimizers.Adam", "lr", "learning_rate"),
        ("keras.Model", "input", "inputs"),
        ("keras.Model.fit", "nb_epoch", "epochs"),
        ("keras.Model.fit_generator", "samples_per_epoch", "steps_per_epoch"),
        ("keras.layers.Dense", "units", None),
        ("keras.layers.Dense", "lr", None),
    ],
)
def test_an_old_keyword_has_a_new_name(name: str, old: str, new: str | None) -> None:
    assert modern_argument(name, old) == new


def test_what_is_renamed_by_hand_exists_today() -> None:
    for name, renames in RENAMED_IN_CODE.items():
        found = symbol(name)
        assert found is not None, name
        assert canonical(name) == name
        newest = {parameter.name for parameter in found.parameters()}
        assert set(renames.values()) <= newest, name
