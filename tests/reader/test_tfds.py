"""Data sets of tensorflow_datasets: what their examples hold by name, and an unknown for what nobody knows."""

from __future__ import annotations

import pytest
from reading import model, read, summary

from keraslint.graph import Array

LOADED = """
import keras, tensorflow_datasets as tfds
from keras import layers
{lines}
model = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(3)])
model.compile("adam", "mse")
model.fit(train)
"""


def inputs_of(lines: str) -> list[Array | None]:
    (training,) = read(LOADED.format(lines=lines)).trainings
    dataset = training.fits[0].dataset
    assert dataset is not None
    return [dataset.component(0), dataset.component(1)]


@pytest.mark.parametrize(
    "lines",
    [
        "train = tfds.load('mnist', split='train', as_supervised=True).batch(8)",
        "train, _ = tfds.load('mnist:3.*.*', split=['train', 'test'], as_supervised=True)\ntrain = train.batch(8)",
        "(train, test), info = tfds.load('mnist', split=('train', 'test'), with_info=True, as_supervised=True)\n"
        "train = train.batch(8)",
        "b = tfds.builder('mnist')\nb.download_and_prepare()\n"
        "train = b.as_dataset(split='train', as_supervised=True).batch(8)",
    ],
)
def test_examples_come_as_the_data_set_describes_them(lines: str) -> None:
    images, labels = inputs_of(lines)
    assert images is not None
    assert labels is not None
    assert (str(images.shape), images.dtype, images.low, images.high) == ("(None, 28, 28, 1)", "uint8", 0, 255)
    assert (str(labels.shape), labels.encoding, labels.classes) == ("(None,)", "integer", 10)


@pytest.mark.parametrize(
    "lines",
    [
        "train = tfds.load('mnist', split='train').batch(8)",
        "train = tfds.load('of_my_own', split='train', as_supervised=True)",
        "train = tfds.load('mnist', split='train', as_supervised=True, builder_kwargs=given)",
        "train = tfds.load(name, split='train', as_supervised=True)",
    ],
)
def test_other_examples_stay_unknown(lines: str) -> None:
    (training,) = read(LOADED.format(lines=lines)).trainings
    dataset = training.fits[0].dataset
    assert dataset is None or dataset.component(0) is None


def test_a_model_is_built_from_the_description() -> None:
    program = """
    import tensorflow_datasets as tfds
    train, info = tfds.load("tf_flowers", split="train", with_info=True)
    {lines}
    model = keras.Sequential([Input((8,)), Dense({units})])
    """
    told = program.format(lines="", units="info.features['label'].num_classes")
    assert summary(model(told))[-1] == "Dense(None, 5)"
    there = program.format(lines="n = 3 if 'text' in info.features else 4", units="n")
    assert summary(model(there))[-1] == "Dense(None, 4)"
    for untold in ("info.splits['train'].num_examples", "info.features['label'].names"):
        assert "?" in summary(model(program.format(lines="", units=untold)))[-1]
