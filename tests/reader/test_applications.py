"""Models of `keras.applications` and custom layers' weights, as a program uses them."""

import pytest

from keraslint import reader
from keraslint.graph import Model, Program, Unknown, parameters
from keraslint.keras_api.applications import application_names

IMPORTS = "import copy\nimport keras\nfrom keras import layers\nfrom keras.applications import *\n"
BUILT = {
    "ResNet50(weights=None)": ((None, 1000), 25_636_712),
    "ResNet50(include_top=False, pooling='avg', input_shape=(224, 224, 3))": ((None, 2048), 23_587_712),
    "VGG16(include_top=False, weights=None, input_shape=(150, 150, 3))": ((None, 4, 4, 512), 14_714_688),
    "EfficientNetB3(include_top=False, weights=None, input_shape=(300, 300, 3))": ((None, 10, 10, 1536), 10_783_535),
    "MobileNetV2(weights=None, classes=7, input_shape=(96, 96, 3))": ((None, 7), 2_266_951),
    "InceptionV3(include_top=False, weights=None, pooling='max')": ((None, 2048), 21_802_784),
    "Xception(include_top=False, weights=None, input_tensor=layers.Input((128, 128, 3)))": (
        (None, 4, 4, 2048),
        20_861_480,
    ),
}


def program(body: str) -> Program:
    return reader.read(IMPORTS + body, "program.py")


def last_model(body: str) -> Model:
    return program(body).models[-1]


@pytest.mark.parametrize("call", BUILT)
def test_an_application_has_the_output_and_weights_of_its_arguments(call: str) -> None:
    model = last_model(f"model = {call}\n")
    assert (model.output_shape.dims, parameters(model)[0]) == BUILT[call]
    assert model.unknowns == ()


@pytest.mark.keras
@pytest.mark.parametrize("call", BUILT)
def test_real_keras_builds_the_same(call: str) -> None:
    import keras

    names = {**vars(keras.applications), "layers": keras.layers}
    model = eval(call.replace("pooling='avg'", "pooling='avg', weights=None"), names)  # our own literals
    assert (model.output_shape, model.count_params()) == BUILT[call]


def test_every_public_builder_is_known() -> None:
    assert {"ConvNeXtTiny", "DenseNet121", "NASNetMobile", "ResNet50V2", "Xception"} <= application_names()
    assert len(application_names()) >= 38


def test_a_frozen_base_leaves_the_head_to_train() -> None:
    model = last_model(
        "base = ResNet50(include_top=False, pooling='avg', input_shape=(224, 224, 3))\n"
        "base.trainable = False\n"
        "model = keras.Sequential([base, layers.Dense(10)])\n"
    )
    assert parameters(model) == (23_608_202, 20_490)


def test_the_output_of_a_base_carries_a_functional_head() -> None:
    model = last_model(
        "base = VGG16(include_top=False, input_shape=(64, 64, 3))\n"
        "x = layers.Flatten()(base.output)\n"
        "model = keras.Model(base.input, layers.Dense(1)(x))\n"
    )
    assert model.input_shape.dims == (None, 64, 64, 3)
    assert parameters(model)[0] == 14_714_688 + 2 * 2 * 512 + 1


def test_what_was_not_asked_of_keras_is_unknown() -> None:
    model = last_model("model = MobileNetV2(include_top=False, alpha=0.5, input_shape=(96, 96, 3))\n")
    assert model.output_shape.dims[:3] == (None, 3, 3)
    assert isinstance(model.output_shape[-1], Unknown)
    assert isinstance(parameters(model)[0], Unknown)


def test_the_weights_of_a_custom_layer_are_counted() -> None:
    model = last_model(
        "class Scale(layers.Layer):\n"
        "    def __init__(self, width):\n"
        "        super().__init__()\n"
        "        self.width, self.inner = width, layers.Dense(width)\n"
        "    def build(self, shape):\n"
        "        self.gamma = self.add_weight(shape=(self.width,))\n"
        "        self.seen = self.add_weight(shape=(), trainable=False)\n"
        "    def call(self, x):\n"
        "        return self.inner(x) * self.gamma\n"
        "inputs = keras.Input((4,))\n"
        "model = keras.Model(inputs, Scale(3)(inputs))\n"
    )
    assert model.output_shape.dims == (None, 3)
    assert parameters(model) == (4 * 3 + 3 + 3 + 1, 4 * 3 + 3 + 3)


def test_a_deep_copy_of_settings_does_not_change_the_original() -> None:
    model = last_model(
        "settings = [dict(units=3)]\n"
        "for own in copy.deepcopy(settings):\n"
        "    own['units'] = 7\n"
        "model = keras.Sequential([keras.Input((2,)), layers.Dense(settings[0]['units'])])\n"
    )
    assert model.output_shape.dims == (None, 3)


def test_helpers_inside_keras_are_understood() -> None:
    model = last_model(
        "from keras.src.applications import imagenet_utils\n"
        "from keras.src.models import Functional\n"
        "shape = imagenet_utils.obtain_input_shape(None, default_size=33, min_size=32, data_format='channels_last',\n"
        "    require_flatten=True, weights=None)\n"
        "inputs = layers.Input(shape)\n"
        "x = layers.ZeroPadding2D(imagenet_utils.correct_pad(inputs, 3))(inputs)\n"
        "model = Functional(inputs, x, name='padded')\n"
    )
    assert model.output_shape.dims == (None, 35, 35, 3)
