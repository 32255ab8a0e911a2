"""Functions that nothing in the file calls: read with their defaults, and with open flags where that is not all."""

from __future__ import annotations

from reading import models, outputs, read

FLAGGED = """
def build(deep=False, width=4):
    x = Input((3,))
    if deep:
        hidden = Dense(width)(x)
        return Model(x, Dense(1)(Dense(width)(hidden)))
    return Model(x, Dense(1)(x))
"""


def test_a_model_behind_a_flag_that_is_off_by_default_is_read_too() -> None:
    assert {len(model.layers) for model in models(FLAGGED)} == {1, 3}


def test_what_the_defaults_reached_is_not_there_twice() -> None:
    assert len(models(FLAGGED)) == 2


def test_a_function_that_only_raises_by_its_defaults_is_read_with_more_given() -> None:
    [model] = models("""
    def build(units=None):
        if units is None:
            raise ValueError("how many?")
        return Sequential([Input((3,)), Dense(units)])
    """)
    assert not model.output_shape.known


def test_flags_of_a_method_are_open_as_well() -> None:
    program = read("""
    class Trainer:
        def build(self, wide=False):
            if wide:
                return Sequential([Input((3,)), Dense(64)])
            return Sequential([Input((3,)), Dense(2)])
    """)
    assert {model.output_shape[-1] for model in program.models} == {2, 64}


def test_an_unfinished_function_leaves_models_that_it_cannot_reach() -> None:
    program = read("""
    def build():
        model = Sequential([Input((3,))])
        model.add(Dense(2))
        return model

    def endless(data):
        while True:
            for i in range(10**9):
                for j in range(10**9):
                    data[i] = [k * j for k in range(10**6)]
    """)
    [model] = program.models
    assert (str(model.output_shape), model.unknowns) == ("(None, 2)", ())


def test_only_the_flags_in_the_way_of_a_model_are_opened() -> None:
    program = read("""
    def build(normalize=False, deep=False, regression=False):
        x = inputs = Input((3,))
        for units in range(3, 9):
            x = Dense(units)(x)
            if normalize:
                x = layers.BatchNormalization()(x)
            if deep:
                x = Dense(units)(x)
        if not regression:
            return Model(inputs, Dense(10)(x))
        return Model(inputs, Dense(1)(x))
    """)
    assert {model.output_shape[-1] for model in program.models} == {10, 1}
    assert len(program.models) == 2


def test_a_model_behind_a_word_that_is_not_the_default_is_read_too() -> None:
    source = """
    class Classifier:
        def __init__(self, pooling="avg"):
            if pooling == "avg":
                self.head = Dense(1)
            elif pooling == "flatten":
                self.head = Sequential([Input((3,)), Dense(6)])
            else:
                raise ValueError(pooling)
    """
    assert outputs(source) == "(None, 6)"


def test_an_instance_that_its_own_defaults_forbid_is_read_with_all_of_them_open() -> None:
    source = """
    class Backbone(keras.Model):
        def __init__(self, image_shape=(None, None, 3), depth=2):
            image = Input(image_shape)
            if image.shape[1] is None or image.shape[2] is None:
                raise ValueError("how large is the image?")
            x = layers.Conv2D(4, 3)(image)
            super().__init__(image, layers.GlobalAveragePooling2D()(x))
    """
    assert outputs(source) == "(None, 4)"


def test_a_function_that_its_own_defaults_forbid_is_read_with_all_of_them_open() -> None:
    source = """
    def build(sizes=()):
        if not sizes:
            raise ValueError("which sizes?")
        return Sequential([Input((3,)), Dense(sizes[0]), Dense(4)])
    """
    assert outputs(source) == "(None, 4)"


def test_a_method_that_others_call_is_read_with_what_they_give_it() -> None:
    program = read("""
    class Trainer:
        def _build(self, units):
            return Sequential([Input((3,)), Dense(units)])

        def run(self):
            self._build(4)
    """)
    assert [str(model.output_shape) for model in program.models] == ["(None, 4)"]


def test_a_size_that_is_only_a_place_for_one_is_open_where_arithmetic_needs_it() -> None:
    source = """
    def build(input_shape=(None, None, 3), patch=4, width=6):
        image = Input(input_shape)
        x = layers.Reshape((input_shape[0] // patch, -1))(image)
        return Model(image, Dense(width)(x))
    """
    [model] = models(source)
    assert str(model.output_shape) == "(None, ?, 6)"
    assert model.output_shape.dims[1].reason == "parameter `input_shape` of build"


def test_a_function_whose_defaults_do_for_all_of_it_keeps_them() -> None:
    source = """
    def build(input_shape=(None, None, 3), size=8):
        image = Input(input_shape)
        x = layers.Resizing(size // 2, size)(image)
        return Model(image, layers.Flatten()(x))
    """
    assert outputs(source) == "(None, 96)"


def test_a_class_that_leaves_its_call_to_others_is_no_model_of_its_own() -> None:
    program = read("""
    class Searcher(keras.Model, abc.ABC):
        def __init__(self, k=3):
            super().__init__()
            self.k = k

        @abc.abstractmethod
        def call(self, queries):
            '''What is found.'''
            raise NotImplementedError

    class Scorer(Searcher):
        def __init__(self):
            super().__init__(k=5)
            self.score = Dense(1)

        def call(self, queries):
            return self.score(queries)
    """)
    assert [model.name for model in program.models] == ["scorer"]


def test_a_model_whose_default_input_is_only_a_place_for_one_keeps_no_shape_of_it() -> None:
    source = """
    class Vision(keras.Model):
        def __init__(self, input_specs=layers.InputSpec(shape=[None, None, None, 3]), patch=4):
            image = Input(input_specs.shape[1:])
            x = layers.Conv2D(6, patch, patch)(image)
            x = layers.Reshape((input_specs.shape[1] // patch, -1, 6))(x)
            super().__init__(image, x)
    """
    assert outputs(source) == "(None, ?, ?, 6)"


def test_a_model_that_a_method_makes_only_for_another_setting_is_read_too() -> None:
    source = """
    class Trainer:
        def __init__(self, units=4, recurrent=False, rate=0.1):
            self.units, self._recurrent = units, recurrent
            self.rate = rate

        def build(self):
            if self._recurrent:
                model = Sequential([Input((7, 3)), layers.LSTM(self.units), Dense(1)])
            else:
                model = Sequential([Input((3,)), Dense(self.units), Dense(1)])
            return model
    """
    assert sorted(len(model.layers) for model in models(source)) == [2, 2]
    assert {model.calls[0].layer.kind for model in models(source)} == {"LSTM", "Dense"}
