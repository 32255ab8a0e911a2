"""Programs for Keras 2, read and run: what tf_keras has and Keras 3 has not."""

from __future__ import annotations

import pytest
from reading import models

from keraslint.graph import parameters

IMPORTS = (
    "import tensorflow as tf\nimport tf_keras\nfrom tf_keras import Input, Model\nfrom tf_keras.layers import Dense\n"
)
PROGRAMS = {
    "the output of the first call of a layer": """
inputs = Input((4,))
hidden = Dense(3, name="hidden")
hidden(inputs)
hidden(inputs)
model = Model(inputs, Dense(2)(hidden.get_output_at(0)))
""",
    "functions of the backend by their full name": """
inputs = Input((4, 4, 2))
flat = tf_keras.layers.Lambda(lambda x: tf_keras.backend.reshape(x, [-1, 4 * 4 * 2]))(inputs)
model = Model(inputs, Dense(2)(flat))
""",
    "a weight whose shape comes from a TensorShape": """
class Positions(tf_keras.layers.Layer):
    def build(self, input_shape):
        sizes = input_shape.as_list()
        self.table = self.add_weight("table", shape=[64, sizes[2]])
        super().build(input_shape)
    def call(self, inputs):
        sizes = inputs.shape.as_list()
        sizes[0] = tf.shape(inputs)[0]
        return tf.broadcast_to(self.table[: sizes[1], :], sizes)
inputs = Input((16, 8))
model = Model(inputs, Positions()(inputs))
""",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_the_reader_makes_of_a_program_what_keras_2_makes_of_it(program: str) -> None:
    pytest.importorskip("tf_keras")
    namespace: dict[str, object] = {}
    exec(compile(IMPORTS + program, "program.py", "exec"), namespace)
    made = namespace["model"]
    found = models(IMPORTS + program)[-1]
    assert (found.output_shape.dims, parameters(found)[0]) == (made.output_shape, made.count_params())  # type: ignore[attr-defined]


def test_a_model_of_the_hub_comes_from_outside() -> None:
    [model] = models("""
    import tensorflow_hub as hub
    from tf_keras import Sequential
    from tf_keras.layers import Dense
    model = Sequential([hub.KerasLayer("https://tfhub.dev/some/model"), Dense(2)])
    """)
    assert "a model loaded by tensorflow_hub.KerasLayer" in {unknown.reason for unknown in model.unknowns}
