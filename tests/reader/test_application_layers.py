"""The layers inside models of `keras.applications`: found by name and index, frozen in part, cut and extended."""

from __future__ import annotations

import math

import pytest

from keraslint import reader
from keraslint.graph import Model, parameters
from keraslint.keras_api.application_layers import layers_inside
from keraslint.keras_api.applications import application_names

IMPORTS = (
    "import keras\nfrom keras import Input, Model, Sequential, layers\nfrom keras.applications import *\n"
    "from keras.layers import BatchNormalization, Conv2D, Dense, Flatten, GlobalAveragePooling2D\n"
)
BASE = "base = ResNet50(weights=None, include_top=False, input_shape=(96, 128, 3))\n"
HEAD = "model = Model(base.input, Dense(5)(Flatten()(base.output)))\n"
NESTED = "model = Sequential([Input((96, 128, 3)), base, GlobalAveragePooling2D(), Dense(5)])\n"

PROGRAMS = {
    "a layer by name": BASE + "model = Model(base.input, base.get_layer('conv4_block6_out').output)\n",
    "a layer by index from the end": BASE + "model = Model(base.input, base.layers[-4].output)\n",
    "a layer by index": BASE + "model = Model(base.inputs, base.layers[15].output)\n",
    "several outputs": (
        BASE + "names = ['conv2_block3_out', 'conv3_block4_out']\n"
        "model = Model(base.input, [base.get_layer(name).output for name in names])\n"
    ),
    "the back half of a model": BASE + "model = Model(base.get_layer('conv3_block4_out').output, base.output)\n",
    "all but the last layers frozen": (BASE + "for layer in base.layers[:-10]:\n    layer.trainable = False\n" + HEAD),
    "frozen after the head": BASE + HEAD + "for layer in base.layers:\n    layer.trainable = False\n",
    "the whole base frozen, continued": BASE + "base.trainable = False\n" + HEAD,
    "the whole base frozen, nested": BASE + "base.trainable = False\n" + NESTED,
    "nested, then frozen": BASE + NESTED + "base.trainable = False\n",
    "frozen, then some thawed": (
        BASE + "base.trainable = False\nfor layer in base.layers[-20:]:\n    layer.trainable = True\n" + HEAD
    ),
    "thawed but for what is normalized": (
        BASE + "base.trainable = True\nfor layer in base.layers:\n    if isinstance(layer, BatchNormalization):\n"
        "        layer.trainable = False\n" + NESTED
    ),
    "thawed from a name on": (
        BASE + "thaw = False\nfor layer in base.layers:\n    if layer.name == 'conv5_block1_1_conv':\n"
        "        thaw = True\n    layer.trainable = thaw\n" + HEAD
    ),
    "frozen by a part of the name": (
        BASE + "for layer in base.layers:\n    if not layer.name.startswith('conv5'):\n"
        "        layer.trainable = False\n" + HEAD
    ),
    "a layer frozen by index": BASE + "base.layers[2].trainable = False\n" + HEAD,
    "the model's own layers frozen": BASE + HEAD + "for layer in model.layers[:50]:\n    layer.trainable = False\n",
    "the number of layers": BASE + "model = Sequential([Input((len(base.layers),)), Dense(1)])\n",
    "counted by class": (
        BASE + "n = sum(1 for layer in base.layers if isinstance(layer, Conv2D))\n"
        "model = Sequential([Input((n,)), Dense(1)])\n"
    ),
    "called on another size": (
        "base = MobileNetV2(weights=None, include_top=False)\nx = Input((96, 160, 3))\n"
        "model = Model(x, Flatten()(base(x)))\n"
    ),
    "behind a layer": (
        "x = Input((96, 96, 1))\nbase = DenseNet121(weights=None, include_top=False, "
        "input_tensor=Conv2D(3, 3, padding='same')(x))\nmodel = Model(x, base.layers[-3].output)\n"
    ),
    "numbered names go on": (
        "first = Conv2D(3, 1)\nbase = InceptionV3(weights=None, include_top=False, input_shape=(160, 160, 3))\n"
        "x = Input((160, 160, 9))\nmodel = Model(x, Conv2D(2, 1, activation='relu')(base(first(x))))\n"
    ),
}


def read_model(source: str) -> Model:
    return reader.read(IMPORTS + source, "program.py").models[-1]


def described(source: str) -> tuple[object, ...]:
    """Output shapes, weights, trained weights and the layers' names, as read."""
    model = read_model(source)
    shapes = [tensor.shape.dims for tensor in model.outputs]
    return (shapes, *parameters(model), [layer.name for layer in model.layers])


def built(source: str) -> tuple[object, ...]:
    """The same of real Keras."""
    import keras
    from keras.src.backend import StatelessScope

    keras.backend.clear_session()
    names: dict[str, object] = {}
    with StatelessScope(initialize_variables=False):
        exec(IMPORTS + source, names)  # a program of ours
        model = names["model"]
        assert isinstance(model, keras.Model)
        shapes = [tuple(tensor.shape) for tensor in model.outputs]
        layers = [layer.name for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
        trained = sum(math.prod(weight.shape) for weight in model.trainable_weights)
        return (shapes, model.count_params(), trained, layers)


@pytest.mark.keras
@pytest.mark.parametrize("source", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_real_keras_builds_the_same(source: str) -> None:
    assert described(source) == built(source)


@pytest.mark.keras
@pytest.mark.parametrize("name", ["ConvNeXtTiny", "EfficientNetB0", "MobileNetV3Small", "NASNetMobile", "VGG16"])
@pytest.mark.parametrize(
    "arguments", ["classes=7", "include_top=False, input_shape=(150, 203, 3)", "include_top=False, pooling='max'"]
)
def test_every_family_has_the_layers_of_real_keras(name: str, arguments: str) -> None:
    source = f"model = {name}(weights=None, {arguments})\n"
    assert described(source) == built(source)


def test_every_application_has_its_layers() -> None:
    assert {name for name in application_names() if layers_inside(name)} == application_names()


def test_the_weights_of_imagenet_bring_a_layer() -> None:
    """EfficientNet rescales once more for them."""
    source = "base = EfficientNetB0(include_top=False, input_shape=(64, 64, 3){})\nk = len(base.layers)\n"
    source += "model = Sequential([Input((k,)), Dense(1)])\n"
    assert read_model(source.format("")).input_shape.dims == (None, 238)
    assert read_model(source.format(", weights=None")).input_shape.dims == (None, 237)


def test_the_layers_of_an_application_are_no_business_of_rules() -> None:
    program = reader.read(IMPORTS + BASE + HEAD, "program.py")
    assert [call.layer.name for call in program.calls] == ["flatten", "dense"]
    assert len(program.models[-1].layers) == 176
