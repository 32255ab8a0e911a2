# ruff: noqa
# %% map_structure puts a layer behind each tensor of a dict
i = {"b": Input((3,), name="b"), "a": [Input((4,), name="a0"), Input((5,), name="a1")]}
x = keras.tree.map_structure(lambda t: Dense(2 * t.shape[-1])(t), i)
model = Model(keras.tree.flatten(i), layers.Concatenate()([x["b"], *x["a"]]))

# %% flatten goes through a dict by its sorted keys
sizes = {"z": 7, "m": [3, (4, {"k": 5})], "a": 2}
model = Sequential([Input((3,)), *[Dense(n) for n in tf.nest.flatten(sizes)]])

# %% flatten sorts numbers as well
model = Sequential([Input((3,)), *[Dense(n) for n in tf.nest.flatten({8: 2, 4: [9, 6]})]])

# %% a leaf is a structure of one
model = Sequential([Input((3,)), *[Dense(n) for n in tf.nest.flatten(5) + keras.tree.flatten(None or 6)]])

# %% pack_sequence_as restores a structure
sizes = {"b": 1, "a": [2, 3]}
packed = tf.nest.pack_sequence_as(sizes, [n * 10 for n in keras.tree.flatten(sizes)])
model = Sequential([Input((3,)), Dense(packed["b"]), Dense(packed["a"][0]), Dense(packed["a"][1])])

# %% map_structure over two structures
both = tf.nest.map_structure(lambda a, b: a * b, {"x": 2, "y": (3, 4)}, {"y": (5, 6), "x": 7})
model = Sequential([Input((3,)), Dense(both["x"]), Dense(both["y"][1])])

# %% a namedtuple stays one
import collections
Sizes = collections.namedtuple("Sizes", "last first")
sizes = tf.nest.map_structure(lambda n: n + 1, Sizes(last=2, first=8))
model = Sequential([Input((3,)), Dense(sizes.first), *[Dense(n) for n in tf.nest.flatten(sizes)]])

# %% a class made with NamedTuple stays one
from typing import NamedTuple
class Sizes(NamedTuple):
    last: int
    first: int = 6
sizes = tf.nest.map_structure(lambda n: n + 1, Sizes(last=2))
model = Sequential([Input((3,)), Dense(sizes.first), *[Dense(n) for n in tf.nest.flatten(sizes)]])

# %% whether something is nested decides
def dense(units):
    return [Dense(n) for n in units] if tf.nest.is_nested(units) else [Dense(units)]
model = Sequential([Input((3,)), *dense(4), *dense([5, 6]), *dense((7,))])

# %% a custom layer over a structure of inputs
class Both(layers.Layer):
    def __init__(self):
        super().__init__()
        self.dense = Dense(4)
    def call(self, inputs):
        made = keras.tree.map_structure(self.dense, inputs)
        return keras.tree.flatten(made)[-1]
i, j = Input((3,)), Input((3,))
model = Model([i, j], Both()({"one": i, "two": j}))

# %% shapes are leaves
i = Input((6, 4))
shapes = tf.nest.flatten([tf.TensorShape([None, 3]), (8,)])
model = Model(i, Dense(shapes[1])(i))
