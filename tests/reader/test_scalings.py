"""What the reader says that becomes of values, and in which order labels lie, judged by numpy and Keras themselves."""

from __future__ import annotations

from typing import Any

import pytest
from reading import read

from keraslint.graph import Array, Scaling
from keraslint.graph.scaling import BY_MODE
from keraslint.graph.views import Total, total_of
from keraslint.keras_api import preprocessing_family, preprocessing_for, preprocessing_functions, preprocessing_of

np = pytest.importorskip("numpy")

MODEL = """
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
"""
SETUP = """
import numpy as np
x = np.random.default_rng(0).integers(0, 256, (20, 8, 8, 3)).astype("float32")
"""


def array_of(program: str) -> Array:
    """The array that a fit of ``x`` is given after a program."""
    (fit,) = read(MODEL + program + "\nmodel.fit(x, x)\n").fits
    assert fit.x is not None
    found = fit.x.value
    assert isinstance(found, Array)
    return found


@pytest.mark.parametrize(
    "program",
    [
        "x = x / 255",
        "x = x * (1 / 255)",
        "x = (x - 127.5) / 127.5",
        "x = x / 127.5 - 1",
        "x = 255 - x",
        "x = 1 + x",
        "x = 2 * x + 3",
        "x /= 255",
        "x -= 127.5\nx /= 127.5",
        "x = np.divide(x, 255)",
        "x = np.subtract(x, 1)",
        "x = (x / 255)[:10].reshape(10, -1)",
        "x = np.concatenate([x / 255, x / 255])[:20]",
    ],
)
def test_a_factor_and_an_offset_say_what_becomes_of_every_value(program: str) -> None:
    array = array_of(SETUP + program)
    total = total_of(array.steps)
    names: dict[str, Any] = {}
    exec(SETUP, names)
    before = names["x"].ravel().copy()
    exec(program, names)
    after = names["x"].ravel()
    assert total is not None
    assert total.names == ()
    assert np.allclose(after[: len(before)], (before * total.factor + total.offset)[: len(after)], atol=1e-4)


@pytest.mark.parametrize(
    "program",
    [
        "x = np.sqrt(x)",
        "x = x % 2",
        "x[0] = 5",
        "x = x + np.random.normal(size=x.shape)",
        "x = x * x",
        "x = 1 / x",
        "x = np.concatenate([x / 255, x])",
        "x = x - x.mean()",
        "x = np.clip(x, 0, 1)",
    ],
)
def test_of_what_is_no_factor_and_offset_nothing_is_said(program: str) -> None:
    assert total_of(array_of(SETUP + program).steps) is None


@pytest.mark.parametrize(
    ("program", "total"),
    [
        ("x = (x - x.mean()) / x.std()", Total(names=("(x - mean) / deviation",))),
        ("x = StandardScaler().fit_transform(x / 255) * 2", Total(2, 0, ("StandardScaler",))),
        ("x = MinMaxScaler().fit_transform(x)", Total(names=("MinMaxScaler",))),
        ("x = keras.utils.normalize(x)", Total(names=("normalize",))),
        ("x = layers.Normalization()(x)", Total(names=("Normalization",))),
        ("x = layers.Rescaling(0.5, offset=-1)(x)", Total(0.5, -1)),
        ("x = Sequential([layers.Resizing(4, 4), layers.Rescaling(0.5)])(x)", Total(0.5, 0)),
        ("x = keras.applications.mobilenet_v2.preprocess_input(x)", Total(1 / 127.5, -1)),
        ("x = keras.applications.efficientnet.preprocess_input(x)", Total(1, 0)),
        ("x = keras.applications.vgg16.preprocess_input(x)", Total(names=("caffe",))),
        ("x = tf.image.convert_image_dtype(x.astype('uint8'), tf.float32)", Total(1 / 255, 0)),
        ("x = tf.image.convert_image_dtype(x, tf.float32)", Total(1, 0)),
        ("x = tf.image.resize(tf.image.random_flip_left_right(x / 255), (4, 4))", Total(1 / 255, 0)),
    ],
)
def test_functions_and_scalers_are_known_by_name_or_number(program: str, total: Total) -> None:
    imports = "import tensorflow as tf\nfrom sklearn.preprocessing import MinMaxScaler, StandardScaler\n"
    assert total_of(array_of(imports + SETUP + program).steps) == total


def test_another_resizing_than_one_between_pixels_may_leave_the_range() -> None:
    program = "import tensorflow as tf\n" + SETUP + "x = tf.image.resize(x, (4, 4), 'bicubic')"
    assert total_of(array_of(program).steps) is None


@pytest.mark.parametrize(
    ("arguments", "steps"),
    [
        ("", []),
        ("rescale=0.5", [Scaling(0.5, 0)]),
        ("rescale=0.5, preprocessing_function=vgg16.preprocess_input", [Scaling(name="caffe"), Scaling(0.5, 0)]),
        ("featurewise_center=True, zca_whitening=False", [Scaling(name="featurewise_center")]),
        ("horizontal_flip=True, brightness_range=(0.5, 1)", [None]),
        ("preprocessing_function=mine", [None]),
        ("True", [None]),
    ],
)
def test_a_generator_does_to_images_what_it_was_told_in_order(arguments: str, steps: list[Scaling | None]) -> None:
    program = f"""
from keras.applications import vgg16
from keras.preprocessing.image import ImageDataGenerator
from mine import mine
model.fit(ImageDataGenerator({arguments}).flow_from_directory("a"))
"""
    (fit,) = read(MODEL + program).fits
    assert fit.dataset is not None
    images = fit.dataset.component(0)
    assert images is not None
    assert [step.scaling for step in images.steps[1:]] == steps


LABELS = {
    "np.concatenate([np.zeros(30), np.ones(20)])": True,
    "np.concatenate([np.ones(30), np.zeros(20)])": True,
    "np.concatenate([np.zeros(30), np.ones(20), np.zeros(30)])": False,
    "np.concatenate([np.zeros(30), np.zeros(20)])": False,
    "np.concatenate([np.zeros(3), np.ones(2)])": False,
    "np.hstack((np.zeros(30), np.ones(20)))": True,
    "np.vstack([np.zeros((30, 1)), np.ones((20, 1))])": True,
    "np.hstack([np.zeros((30, 1)), np.ones((30, 1))])": False,
    "np.concatenate([np.zeros((30, 1)), np.ones((30, 1))], axis=1)": False,
    "np.append(np.zeros(30), np.ones(20))": True,
    "np.append([0] * 10, [1] * 10)": True,
    "np.append([0, 1] * 5, [1] * 10)": False,
    "np.array([0] * 10 + [1] * 10)": True,
    "np.array([0, 1] * 10)": False,
    "np.array([0, 0, 1, 1])": False,
    "np.array([0] * 10 + [1] * 10 + [0] * 10)": False,
    "np.array([2] * 10)": False,
    "np.repeat([0, 1, 2], 10)": True,
    "np.repeat(np.arange(5), 10)": True,
    "np.repeat([0, 1, 0], 10)": False,
    "np.repeat([0, 1, 2], 2)": False,
    "np.tile([0, 1, 2], 10)": False,
}


@pytest.mark.parametrize("labels", LABELS)
def test_labels_are_said_to_lie_class_after_class_where_they_do(labels: str) -> None:
    array = array_of(f"x = {labels}")
    said = bool(array.steps) and array.steps[-1].kind == "sorted"
    assert said is LABELS[labels]
    values = eval(labels, {"np": np})
    assert list(array.shape.dims) == list(values.shape)
    if said:
        flat = values.ravel()
        changes = int((flat[1:] != flat[:-1]).sum())
        assert values.shape[0] == flat.size
        assert changes == len(set(flat)) - 1 > 0


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("x = np.zeros(40)\nx[20:] = 1", True),
        ("x = np.ones(40)\nx[:20] = 0", True),
        ("x = np.zeros(40)\nx[20:] = 0", False),
        ("x = np.zeros(40)\nx[10:20] = 1", False),
        ("x = np.zeros(40)\nx[::2] = 1", False),
        ("x = np.zeros(40)\nx[20:] = 1\nx[30:] = 0", False),
        ("x = np.zeros((40, 2))\nx[20:] = 1", False),
        ("x = np.zeros(40)\nx[20] = 1", False),
    ],
)
def test_a_part_that_is_set_to_another_class_lies_behind_the_rest(program: str, said: bool) -> None:
    array = array_of(program)
    assert (array.steps[-1].kind == "sorted") is said


@pytest.mark.keras
def test_what_each_preprocess_input_does_is_what_was_recorded() -> None:
    imagenet_utils = pytest.importorskip("keras").applications.imagenet_utils
    import keras

    image = np.random.default_rng(0).uniform(0, 255, (1, 4, 4, 3))
    for path in preprocessing_functions():
        made = getattr(keras.applications, path.split(".")[-2]).preprocess_input(image.copy())
        mode = preprocessing_of(path)
        assert mode is not None
        expected = image if mode == "none" else imagenet_utils.preprocess_input(image.copy(), mode=mode)
        assert np.allclose(made, expected), path
        scaling = BY_MODE[mode]
        if not scaling.name:
            assert np.allclose(made, image * scaling.factor + scaling.offset), path


@pytest.mark.keras
def test_every_application_has_the_module_that_keras_has_it_in() -> None:
    applications = pytest.importorskip("keras").applications
    for name in (name for name in dir(applications) if name[0].isupper()):
        family = preprocessing_family(name)
        assert family is not None, name
        assert hasattr(getattr(applications, family), name) or name.startswith("MobileNetV3")
        assert preprocessing_for(name) == preprocessing_of(f"keras.applications.{family}.preprocess_input")
