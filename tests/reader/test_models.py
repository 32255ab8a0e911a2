"""How Keras models come out, however they are put together."""

# ruff: noqa: E501 (a program in a table is one string)
from __future__ import annotations

import pytest
from reading import model, models, outputs, read, read_bare, reasons, summary, training, variants

from keraslint.graph import parameters
from keraslint.summary import is_complete

SIX = "(None, 6)"

CONSTRUCTIONS = {
    "a list": "Sequential([Input((3,)), Dense(6)])",
    "an InputLayer's tensor": "i = layers.InputLayer(shape=(3,))\nModel(i.output, Dense(6)(i.output))",
    "a tuple": "Sequential((Input((3,)), Dense(6)))",
    "layers by name": "Sequential(layers=[layers.Input(shape=(3,)), layers.Dense(units=6)])",
    "add": "m = Sequential()\nm.add(Input((3,)))\nm.add(Dense(6))",
    "pop": "m = Sequential([Input((3,)), Dense(6), Dense(1)])\nm.pop()",
    "list arithmetic": "body = [Input((3,)), Dense(4)]\nSequential(body + [Dense(6)])",
    "list of a function": "def body():\n    return [Input((3,)), Dense(4)]\nSequential(body() + [Dense(6)])",
    "append": "parts = [Input((3,))]\nparts.append(Dense(6))\nSequential(parts)",
    "input_shape": "Sequential([Dense(6, input_shape=(3,))])",
    "input_dim": "Sequential([Dense(6, input_dim=3)])",
    "batch_input_shape": "Sequential([Dense(6, batch_input_shape=(None, 3))])",
    "build": "m = Sequential([Dense(6)])\nm.build((None, 3))",
    "nested Sequential": "inner = Sequential([Dense(4), Dense(6)])\nSequential([Input((3,)), inner])",
    "functional": "i = Input((3,))\nModel(i, Dense(6)(i))",
    "functional by keywords": "i = Input((3,))\nModel(inputs=[i], outputs=[Dense(6)(i)])",
    "Keras 1 keywords": "i = Input((3,))\nModel(input=i, output=Dense(6)(i))",
    "immediately called": "i = Input((3,))\no = Dense(6)(Dense(4)(i))\nkeras.Model(i, o)",
    "a block threaded": (
        "def block(x, n):\n    x = Dense(n)(x)\n    return layers.ReLU()(x)\ni = Input((3,))\nModel(i, block(block(i, 4), 6))"
    ),
    "branches merged": "i = Input((3,))\nModel(i, layers.concatenate([Dense(2)(i), Dense(4)(i)]))",
    "a residual": "i = Input((6,))\nModel(i, Dense(6)(i) + i)",
    "a model in a model": "i = Input((3,))\nm = Model(i, Dense(6)(i))\nj = Input((3,))\nModel(j, m(j))",
    "base.input": "base = Sequential([Input((3,)), Dense(4)])\nModel(inputs=base.input, outputs=Dense(6)(base.output))",
    "layers[-1].output of a Sequential": (
        "base = Sequential([Input((3,)), Dense(6), Dense(1)])\nModel(base.inputs, base.layers[-2].output)"
    ),
    "layers[-1].output of a functional model": (
        "i = Input((3,))\nbase = Model(i, Dense(1)(Dense(6)(i)))\nModel(base.input, base.layers[-2].output)"
    ),
    "layers counted from the input": (
        "i = Input((3,))\nbase = Model(i, Dense(1)(Dense(6)(i)))\nModel(base.input, base.layers[1].output)"
    ),
    "get_layer by name": (
        "i = Input((3,))\nbase = Model(i, Dense(1)(Dense(6, name='features')(i)))\n"
        "Model(base.input, base.get_layer('features').output)"
    ),
    "get_layer by index": (
        "base = Sequential([Input((3,)), Dense(6), Dense(1)])\nModel(base.input, base.get_layer(index=0).output)"
    ),
    "clone_model": "m = Sequential([Input((3,)), Dense(6)])\nkeras.models.clone_model(m)",
    "a subclass": (
        "class Net(keras.Model):\n    def __init__(self, n):\n        super().__init__()\n        self.d = Dense(n)\n"
        "    def call(self, x):\n        return self.d(x)\nnet = Net(6)\nnet.build((None, 3))"
    ),
    "a subclass that holds a list of layers": (
        "class Net(keras.Model):\n    def __init__(self):\n        super().__init__()\n        self.parts = [Dense(n) for n in (2, 6)]\n"
        "    def call(self, x):\n        for part in self.parts:\n            x = part(x)\n        return x\n"
        "i = Input((3,))\nModel(i, Net()(i))"
    ),
    "a custom layer that builds": (
        "class Block(layers.Layer):\n    def build(self, shape):\n        self.d = Dense(shape[-1] * 2)\n"
        "    def call(self, x):\n        return self.d(x)\ni = Input((3,))\nModel(i, Block()(i))"
    ),
    "a subclass of Sequential": (
        "class Net(Sequential):\n    def __init__(self):\n        super().__init__()\n        self.add(Input((3,)))\n"
        "        self.add(Dense(6))\nNet()"
    ),
    "a functional subclass": (
        "class Net(Model):\n    def __init__(self, n):\n        i = Input((3,))\n        super().__init__(i, Dense(n)(i))\nNet(6)"
    ),
    "a trainer that keeps self.model": (
        "class Trainer:\n    def __init__(self, n=6):\n        self.n = n\n        self.model = self.build()\n"
        "    def build(self):\n        return Sequential([Input((3,)), Dense(self.n)])\nTrainer()"
    ),
    "a trainer nobody makes": (
        "class Trainer:\n    units = 6\n    def build(self):\n        self.model = Sequential([Input((3,)), Dense(self.units)])"
    ),
    "inherited building": (
        "class Base:\n    def build(self):\n        i = Input((3,))\n        return Model(i, self.head(i))\nclass Six(Base):\n"
        "    def head(self, x):\n        return Dense(6)(x)\nSix().build()"
    ),
    "Keras 1 convolution": (
        "from keras.layers import Convolution2D\n"
        "Sequential([Convolution2D(6, 3, 3, border_mode='same', subsample=(2, 2), input_shape=(8, 8, 1)),"
        " layers.GlobalAveragePooling2D()])"
    ),
    "Keras 1 keywords of a convolution": (
        "from keras.layers import Convolution2D\n"
        "Sequential([Convolution2D(nb_filter=3, nb_row=3, nb_col=8, input_shape=(5, 9, 1)), Flatten(), Dense(6)])"
    ),
    "Keras 1 merge": (
        "from keras.layers import merge\ni = Input((3,))\nModel(i, merge([Dense(2)(i), Dense(4)(i)], mode='concat'))"
    ),
    "Keras 1 merge by sum": (
        "from keras.layers import merge\ni = Input((3,))\nModel(i, merge([Dense(6)(i), Dense(6)(i)], mode='sum'))"
    ),
}


@pytest.mark.parametrize("source", CONSTRUCTIONS.values(), ids=CONSTRUCTIONS.keys())
def test_the_last_model_ends_in_six_units(source: str) -> None:
    assert outputs(source) == SIX, reasons(source)
    assert model(source).unknowns == ()


def test_keras_1_kernel_sizes_are_two_numbers() -> None:
    layer = "Convolution2D(4, 3, 5, border_mode='valid', input_shape=(9, 9, 1))"
    source = f"from keras.layers import Convolution2D\nSequential([{layer}])"
    assert outputs(source) == "(None, 7, 5, 4)"
    (call,) = model(source).calls
    assert call.params == 4 * 3 * 5 + 4


def test_keras_1_dim_ordering_is_todays_data_format() -> None:
    source = (
        "from keras.layers import Convolution2D, MaxPooling2D\n"
        "Sequential([Convolution2D(8, 3, 5, dim_ordering='th', input_shape=(3, 32, 30)),"
        " MaxPooling2D((2, 2), dim_ordering='th')])"
    )
    assert summary(model(source)) == ["Conv2D(None, 8, 30, 26)", "MaxPooling2D(None, 8, 15, 13)"]
    assert model(source).calls[0].params == 8 * 3 * 3 * 5 + 8


def test_todays_third_position_of_a_convolution_is_its_strides() -> None:
    assert outputs("Sequential([Input((9, 9, 1)), layers.Conv2D(4, 3, 2)])") == "(None, 4, 4, 4)"


def test_a_shared_layer_is_one_layer_and_two_calls() -> None:
    source = "a, b = Input((3,)), Input((3,))\nd = Dense(4)\nModel([a, b], layers.add([d(a), d(b)]))"
    made = model(source)
    assert summary(made) == ["Dense(None, 4)", "Dense(None, 4)", "Add(None, 4)"]
    assert [layer.name for layer in made.layers] == ["dense", "add"]


def test_the_output_of_a_shared_layer_is_ambiguous() -> None:
    source = "a = Input((3,))\nd = Dense(3)\nbase = Model(a, d(d(a)))\nModel(a, d.output)"
    assert "called 2 times" in reasons(source)


def test_a_notebook_that_rebinds_model_keeps_every_model() -> None:
    source = """
    for_all = 3
    model = Sequential([Input((for_all,)), Dense(1)])
    model.compile(loss="mse")
    model = Sequential([Input((for_all,)), Dense(2)])
    model.compile(loss="mae")
    model.fit(np.zeros((8, 3)), np.zeros((8, 2)))
    """
    assert [str(made.output_shape) for made in models(source)] == ["(None, 1)", "(None, 2)"]
    one, two = read(source).trainings
    assert (str(one.model.output_shape), len(one.fits)) == ("(None, 1)", 0)
    assert (str(two.model.output_shape), len(two.fits)) == ("(None, 2)", 1)


def test_a_model_is_compiled_in_another_function_than_the_one_that_builds_it() -> None:
    source = """
    def build():
        return Sequential([Input((3,)), Dense(1, activation="sigmoid")])
    def compiled(model, rate=0.1):
        model.compile(optimizer=keras.optimizers.Adam(rate), loss="binary_crossentropy")
        return model
    compiled(build()).fit(np.zeros((8, 3)), np.zeros((8, 1)))
    """
    found = training(source)
    assert str(found.model.output_shape) == "(None, 1)"
    assert len(found.fits) == 1


def test_a_compile_in_a_method_sees_the_model_of_the_constructor() -> None:
    source = """
    class Trainer:
        def __init__(self):
            self.model = Sequential([Input((3,)), Dense(2)])
        def train(self, x):
            self.model.compile(loss="mse")
            self.model.fit(x, x)
    Trainer().train(np.zeros((4, 3)))
    """
    found = training(source)
    assert (str(found.model.output_shape), len(found.fits)) == ("(None, 2)", 1)


def test_a_function_that_is_not_known_may_have_changed_the_model() -> None:
    source = "from other import extend\nm = Sequential([Input((3,)), Dense(6)])\nextend(m)"
    assert "layers may be added by other.extend" in reasons(source)


def test_both_arms_of_an_unknown_flag_are_models() -> None:
    source = """
    def build(deep):
        m = Sequential([Input((3,))])
        if deep:
            m.add(Dense(4))
        m.add(Dense(1))
    """
    assert variants(source) == {("Dense(None, 4)", "Dense(None, 1)"), ("Dense(None, 1)",)}


def test_a_fit_belongs_to_the_compile_before_it() -> None:
    program = read(
        """
        model = Sequential([Input((3,)), Dense(1)])
        model.compile(loss="mse")
        model.fit(x, first)
        model.compile(loss="mae")
        model.fit(x, second)
        model.evaluate(x, second)
        """
    )
    assert [[fit.method for fit in training.fits] for training in program.trainings] == [["fit"], ["fit", "evaluate"]]


def test_a_helper_that_imports_keras_by_name_gives_what_is_asked_of_it() -> None:
    source = """
    from deeptools.compat import keras_import
    Model = keras_import("models", "Model")
    Input, Dense = keras_import("layers", "Input", "Dense")
    inputs = Input((3,))
    model = Model(inputs, Dense(4)(inputs))
    """
    assert str(read_bare(source).models[-1].output_shape) == "(None, 4)"


def test_a_helper_that_imports_what_keras_has_not_is_unknown() -> None:
    source = """
    from deeptools.compat import keras_import
    Model, Dense = keras_import("models", "Model", "Dense")
    model = Model(None, None)
    """
    assert read_bare(source).models == ()


def test_a_model_whose_call_gives_something_unknown_says_why() -> None:
    source = """
    class Net(keras.Model):
        def __init__(self, head):
            super().__init__()
            self.body, self.head = Dense(4), head
        def call(self, x):
            made = {"raw": self.body(x)}
            made.update(self.head(made))
            return made
    """
    assert "parameter `head` of __init__" in reasons(source)


def test_what_a_loop_of_unknown_length_changes_is_unknown_for_the_reason_of_its_length() -> None:
    source = """
    def build(sizes):
        width = 1
        for size in sizes:
            width = width + 2
        return Sequential([Input((3,)), Dense(width)])
    """
    assert "parameter `sizes` of build" in reasons(source)


def test_a_copy_of_an_unknown_model_is_unknown_for_its_reason() -> None:
    source = """
    def build(teacher):
        copy = keras.models.clone_model(teacher)
        return Model(copy.inputs, Dense(2)(copy.output))
    """
    assert "parameter `teacher` of build" in reasons(source)


def test_an_output_that_is_unknown_beside_known_ones_leaves_the_model_incomplete() -> None:
    program = read(
        """
        import keras

        class Two(keras.Model):
            def __init__(self):
                super().__init__()
                self.head = keras.layers.Dense(3)

            def call(self, x):
                return self.head(x), elsewhere

        model = Two()
        model.build((None, 4))
        """
    )
    (model,) = program.models
    assert [str(tensor.shape) for tensor in model.outputs] == ["(None, 3)"]
    assert [unknown.reason for unknown in model.unknowns] == ["`elsewhere` is not defined in this file"]


TWO_INPUTS = """
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.head = layers.Dense(3)

    def call(self, inputs):
        images, alpha = {unpacked}
        return self.head(images) * alpha

net = Net()
net.build({shapes})
"""


@pytest.mark.parametrize(
    ("unpacked", "shapes"),
    [
        ("inputs", "[(None, 4, 4, 1), (1,)]"),
        ("inputs", "[[None, 4, 4, 1], [None, 4, 4, 1]]"),
        ("inputs['a'], inputs['b']", "{'a': (None, 4, 4, 1), 'b': (None, 1)}"),
    ],
)
def test_a_model_is_built_for_several_inputs(unpacked: str, shapes: str) -> None:
    """As Keras 2 builds it (tf_keras 2.21: a kernel of (1, 3), a bias of (3,)); Keras 3 waits for the first call."""
    net = model(TWO_INPUTS.format(unpacked=unpacked, shapes=shapes))
    assert str(net.output_shape) == "(None, 4, 4, 3)"
    assert parameters(net) == (6, 6)


HOLDER = """
import keras

class Trainer(keras.Model):
    def __init__(self, critic, generator):
        super().__init__()
        self.critic = critic
        self.generator = generator

    def train_step(self, data):
        return {}

critic = keras.Sequential([keras.Input((8,)), keras.layers.Dense(1)])
generator = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8)])
"""


def test_a_model_without_call_is_complete_when_the_models_it_holds_are() -> None:
    # Keras 3.15: `Trainer(critic, generator).summary()` lists both with 49 parameters in all, and has no inputs.
    (whole,) = [m for m in read(HOLDER + "whole = Trainer(critic, generator)\n").models if m.class_name == "Trainer"]
    assert whole.without_call
    assert parameters(whole) == (49, 49)
    assert is_complete(whole)


def test_a_model_without_call_is_not_complete_when_it_holds_something_unknown() -> None:
    (whole,) = [m for m in read(HOLDER + "whole = Trainer(critic, elsewhere)\n").models if m.class_name == "Trainer"]
    assert not is_complete(whole)
    assert [unknown.reason for unknown in whole.unknowns] == ["`elsewhere` is not defined in this file"]


def test_a_model_whose_init_does_not_come_to_its_end_is_not_complete() -> None:
    program = read(
        """
        import keras

        class Held(keras.Model):
            def __init__(self):
                super().__init__()
                self.inner = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
                raise NotImplementedError

        held = Held()
        """
    )
    assert [is_complete(m) for m in program.models if m.class_name == "Held"] == [False]


def test_sizes_joined_with_an_unknown_one_keep_their_number() -> None:
    program = read(
        """
        import keras
        import tensorflow as tf

        def build(heads):
            i = keras.Input((6, 8))
            x = tf.reshape(i, tf.concat([tf.shape(i)[:-1], [heads, 4]], 0))
            return keras.Model(i, x)
        """
    )
    (model,) = program.models
    dims = model.output_shape.dims
    assert (len(dims), dims[0], dims[-1]) == (4, None, 4)
    assert getattr(dims[2], "reason", "") == "parameter `heads` of build"


IN_A_LIST = (
    "layers.Concatenate()({})",
    "layers.Add()({})",
    "layers.concatenate({})",
    "layers.Multiply()({})",
    "keras.ops.concatenate({}, axis=-1)",
    "tf.concat({}, 1)",
    "tf.concat(values={}, axis=-1)",
    "tf.stack({}, axis=-1)",
    "tf.add_n({})",
)


@pytest.mark.parametrize("listed", ["[a, there]", "[a, elsewhere.make()]", "[there, a]", "[a, *there]", "[a] + there"])
@pytest.mark.parametrize("expression", IN_A_LIST)
def test_something_unknown_beside_a_tensor_leaves_the_size_open(expression: str, listed: str) -> None:
    program = read(
        "import elsewhere\nimport keras\nimport tensorflow as tf\nfrom elsewhere import there\nfrom keras import layers\n"
        f"a = keras.Input((6,))\nb = {expression.format(listed)}\nm = keras.Model(a, b)\n"
    )
    shape = program.models[-1].output_shape
    assert not shape.rank_known or not isinstance(shape.dims[-1], int)


def test_arguments_that_are_not_all_known_hide_the_axis() -> None:
    program = read(
        "import keras\nimport tensorflow as tf\nfrom elsewhere import options\n"
        "a = keras.Input((6,))\nm = keras.Model(a, tf.reduce_sum(a, **options))\n"
    )
    assert not program.models[-1].output_shape.rank_known
