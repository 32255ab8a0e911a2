"""Small programs that Keras refuses or warns of, each with what Keras says and the rule that finds it."""

from __future__ import annotations

from typing import NamedTuple


class Refused(NamedTuple):
    """A program; ``…`` in the message stands for anything."""

    message: str
    symbol: str
    """The rule that finds it; empty where none does."""
    program: str


IMPORTS = """import keras
import numpy as np
import tensorflow as tf
from keras import Input, Model, Sequential, layers, ops

x = np.random.rand(8, 4).astype("float32")
y = np.random.rand(8, 1).astype("float32")
"""

REFUSED = (
    # Layers: how they are made
    Refused(
        "Unrecognized keyword arguments passed to …: …",
        "keras-unknown-argument",
        """
d = layers.Dense(3, activaton='relu')
""",
    ),
    Refused(
        "Unrecognized keyword arguments passed to …: …",
        "keras-removed-argument",
        """
d = layers.LSTM(8, input_length=10)
""",
    ),
    Refused(
        "….__init__() missing 1 required positional argument: '…'",
        "keras-required-argument",
        """
d = layers.Dense(activation='relu')
""",
    ),
    Refused(
        "….__init__() got an unexpected keyword argument '…'",
        "keras-unknown-argument",
        """
d = keras.callbacks.EarlyStopping(patence=3)
""",
    ),
    Refused(
        "Received an invalid value for `units`, expected a positive integer. Received: units=…",
        "keras-invalid-argument",
        """
d = layers.Dense(0)
""",
    ),
    Refused(
        "Received an invalid value for `units`, expected a positive integer. Received: units=…",
        "keras-invalid-argument",
        """
d = layers.Dense(64 / 2)
""",
    ),
    Refused(
        "Received an invalid value for `units`, expected a positive integer. Received: units=…",
        "keras-invalid-argument",
        """
d = layers.Dense('64')
""",
    ),
    Refused(
        "Received an invalid value for argument `units`, expected a positive integer, got …",
        "keras-invalid-argument",
        """
d = layers.LSTM(0)
""",
    ),
    Refused(
        "Received an invalid value for argument `units`, expected a positive integer, got …",
        "keras-invalid-argument",
        """
d = layers.GRU(-3)
""",
    ),
    Refused(
        "Invalid value for argument `filters`. Expected a strictly positive value. Received filters=…",
        "keras-invalid-argument",
        """
d = layers.Conv2D(0, 3)
""",
    ),
    Refused(
        "The number of filters must be evenly divisible by the number of groups. Received: groups=…",
        "keras-invalid-argument",
        """
d = layers.Conv2D(5, 3, groups=2)
""",
    ),
    Refused(
        "The `kernel_size` argument must be a tuple of … integers. Received kernel_size=…",
        "keras-invalid-argument",
        """
d = layers.Conv2D(4, (3, 3, 3))
""",
    ),
    Refused(
        "The `pool_size` argument must be a tuple of … integers. Received pool_size=…",
        "keras-invalid-argument",
        """
d = layers.MaxPooling2D((2, 2, 2))
""",
    ),
    Refused(
        "The `strides` argument must be a tuple of … integers. Received strides=…",
        "keras-invalid-argument",
        """
d = layers.Conv2D(4, 3, strides=(1, 1, 1))
""",
    ),
    Refused(
        "`strides > 1` not supported in conjunction with `dilation_rate > 1`. Received: strides=… and…",
        "keras-invalid-argument",
        """
d = layers.Conv2D(4, 3, strides=2, dilation_rate=2)
""",
    ),
    Refused(
        "The `padding` argument must be a list/tuple or one of {…}. Received: …",
        "keras-unknown-identifier",
        """
d = layers.Conv2D(4, 3, padding='Same ')
""",
    ),
    Refused(
        "The `padding` argument must be a list/tuple or one of {…}. Received: …",
        "keras-unknown-identifier",
        """
d = layers.Conv2D(4, 3, padding='causal')
""",
    ),
    Refused(
        "The `data_format` argument must be one of …",
        "keras-invalid-argument",
        """
d = layers.Conv2D(4, 3, data_format='channel_last')
""",
    ),
    Refused(
        "Invalid value received for argument `rate`. Expected a float value between 0 and 1. Received: rate=…",
        "keras-dropout-rate",
        """
d = layers.Dropout(50)
""",
    ),
    Refused(
        "Invalid value received for argument `rate`. Expected a float value between 0 and 1. Received: rate=…",
        "keras-dropout-rate",
        """
d = layers.Dropout(-0.2)
""",
    ),
    Refused(
        "Invalid value received for argument `stddev`. Expected a float value between 0 and 1. Received…",
        "keras-invalid-argument",
        """
d = layers.GaussianNoise(2.0)
""",
    ),
    Refused(
        "`input_dim` must be a positive integer. Received: input_dim=… (of type …)",
        "keras-invalid-argument",
        """
d = layers.Embedding(0, 8)
""",
    ),
    Refused(
        "`output_dim` must be a positive integer. Received: output_dim=… (of type …)",
        "keras-invalid-argument",
        """
d = layers.Embedding(10, 8.0)
""",
    ),
    Refused(
        "Invalid permutation argument `dims` for Permute Layer. The set of indices in `dims` must be…",
        "keras-invalid-argument",
        """
d = layers.Permute((0, 2, 1))
""",
    ),
    Refused(
        "Expected an integer value for `n`, got …",
        "keras-invalid-argument",
        """
d = layers.RepeatVector(3.0)
""",
    ),
    Refused(
        "Please initialize `TimeDistributed` layer with a `keras.layers.Layer` instance. Received: …",
        "",
        """
i = Input((10, 4))
o = layers.TimeDistributed(layers.Dense(3)(i))
""",
    ),
    Refused(
        "Please initialize `Bidirectional` layer with a `keras.layers.Layer` instance. Received: …",
        "",
        """
i = Input((10, 4))
o = layers.Bidirectional(layers.LSTM(3)(i))
""",
    ),
    Refused(
        "Invalid merge mode. Received: …. Merge mode should be one of …",
        "keras-invalid-argument",
        """
d = layers.Bidirectional(layers.LSTM(3), merge_mode='add')
""",
    ),
    Refused(
        "Received an invalid value for argument `num_heads`, expected a positive integer. Received…",
        "keras-invalid-argument",
        """
d = layers.MultiHeadAttention(0, 4)
""",
    ),
    Refused(
        "Received an invalid value for argument `key_dim`, expected a positive integer. Received: key_dim=…",
        "keras-invalid-argument",
        """
d = layers.MultiHeadAttention(3, 64 / 3)
""",
    ),
    Refused(
        "The negative_slope value of a Leaky ReLU layer cannot be None or negative value. Expected a…",
        "keras-invalid-argument",
        """
d = layers.LeakyReLU(None)
""",
    ),
    Refused(
        "Could not interpret activation function identifier: …",
        "keras-unknown-identifier",
        """
d = layers.Dense(3, activation='rleu')
""",
    ),
    Refused(
        "Could not interpret initializer identifier: …",
        "keras-unknown-identifier",
        """
d = layers.Dense(3, kernel_initializer='glorot')
""",
    ),
    Refused(
        "Could not interpret regularizer identifier: …",
        "keras-invalid-argument",
        """
d = layers.Dense(3, kernel_regularizer=0.01)
""",
    ),
    Refused(
        "Could not interpret regularizer identifier: …",
        "keras-unknown-identifier",
        """
d = layers.Dense(3, kernel_regularizer='l3')
""",
    ),
    Refused(
        "Could not interpret constraint identifier: …",
        "keras-unknown-identifier",
        """
d = layers.Dense(3, kernel_constraint='maxnorm')
""",
    ),
    Refused(
        "Invalid value for argument …: expected a non-negative float.Received: …",
        "keras-invalid-argument",
        """
r = keras.regularizers.L2(-0.1)
""",
    ),
    Refused(
        "Expected `trainable` to be a boolean. Received: trainable=… (of type …)",
        "keras-invalid-argument",
        """
d = layers.Dense(3, trainable='False')
""",
    ),
    Refused(
        "Do not pass an `input_shape`/`input_dim` argument to a layer. When using Sequential models…",
        "",
        """
model = Sequential([layers.Dense(3, input_shape=(4,))])
""",
    ),
    Refused(
        "Argument `alpha` is deprecated. Use `negative_slope` instead.",
        "",
        """
d = layers.LeakyReLU(alpha=0.2)
""",
    ),
    Refused(
        "Argument `input_length` is deprecated. Just remove it.",
        "",
        """
d = layers.Embedding(10, 8, input_length=5)
""",
    ),
    Refused(
        "Argument `name` must be a string and cannot contain character `/`. Received: name=…",
        "keras-invalid-argument",
        """
d = layers.Dense(3, name='block/dense')
""",
    ),
    Refused(
        "`num_tokens` must be >= 1…",
        "",
        """
d = layers.CategoryEncoding(num_tokens=0)
""",
    ),
    Refused(
        "In layer '…', you forgot to call `super().__init__()` as the first statement in the `__init__()`…",
        "keras-missing-super-init",
        """
class L(layers.Layer):
    def __init__(self):
        self.d = layers.Dense(3)
    def call(self, inputs):
        return self.d(inputs)
o = L()(Input((4,)))
""",
    ),
    Refused(
        "`name` must be passed as a keyword argument. Received: add_weight('…', ...). Use…",
        "",
        """
class L(layers.Layer):
    def build(self, shape):
        self.w = self.add_weight('w', (4, 3))
    def call(self, inputs):
        return inputs @ self.w
o = L()(Input((4,)))
""",
    ),
    Refused(
        "add_weight() takes at most 3 positional arguments but … were given.",
        "",
        """
class L(layers.Layer):
    def build(self, shape):
        self.w = self.add_weight('w', (4, 3), 'float32', 'zeros')
    def call(self, inputs):
        return inputs @ self.w
o = L()(Input((4,)))
""",
    ),
    Refused(
        "We could not automatically infer the shape of the Lambda's output. Please specify the…",
        "",
        """
o = layers.Lambda(lambda t: tf.py_function(lambda v: v, [t], tf.float32))(Input((4,)))
""",
    ),
    # Layers: what they are given
    Refused(
        "Input … of layer … is incompatible with the layer: expected min_ndim=…, found ndim=…",
        "keras-incompatible-shape",
        """
i = Input((28, 28))
o = layers.Conv2D(8, 3)(i)
""",
    ),
    Refused(
        "Input … of layer … is incompatible with the layer: expected ndim=…, found ndim=…",
        "keras-incompatible-shape",
        """
i = Input((4,))
o = layers.LSTM(8)(i)
""",
    ),
    Refused(
        "Input … of layer … is incompatible with the layer: expected ndim=…, found ndim=…",
        "keras-missing-return-sequences",
        """
model = Sequential([Input((10, 4)), layers.LSTM(8), layers.LSTM(8)])
""",
    ),
    Refused(
        "Input … of layer … is incompatible with the layer: expected axis … of input shape to have value …",
        "keras-incompatible-shape",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.fit(np.random.rand(8, 5), y, verbose=0)
""",
    ),
    Refused(
        "Input … of layer … is incompatible with the layer: expected shape=…, found shape=…",
        "keras-incompatible-shape",
        """
inner = Sequential([Input((4,)), layers.Dense(3)])
o = inner(Input((5,)))
""",
    ),
    Refused(
        "Invalid input shape for input …. Expected shape …, but input has incompatible shape …",
        "keras-incompatible-shape",
        """
model = Sequential([Input((28, 28, 1)), layers.Conv2D(2, 3), layers.Flatten(), layers.Dense(1)])
model.compile(loss='mse')
model.predict(np.random.rand(28, 28), verbose=0)
""",
    ),
    Refused(
        "Layer … expects … input(s), but it received … input tensors. Inputs received: …",
        "keras-incompatible-shape",
        """
i = Input((4,))
j = Input((4,))
o = layers.Dense(3)([i, j])
""",
    ),
    Refused(
        "Layer … expects … named input(s) with keys …, but it received … input tensors…",
        "keras-incompatible-shape",
        """
i = Input((4,))
j = Input((4,))
m = Model([i, j], layers.Dense(1)(layers.concatenate([i, j])))
m.compile(loss='mse')
m.fit(x, y, verbose=0)
""",
    ),
    Refused(
        "Missing data for input …. You passed a data dictionary with keys …. Expected the following keys: …",
        "",
        """
i = Input((4,), name='a')
j = Input((4,), name='b')
m = Model([i, j], layers.Dense(1)(layers.concatenate([i, j])))
m.compile(loss='mse')
m.fit({'a': x, 'c': x}, y, verbose=0)
""",
    ),
    Refused(
        "Only input tensors may be passed as positional arguments. …",
        "keras-layer-not-called",
        """
f = layers.Flatten()
o = layers.Dense(3)(f)
""",
    ),
    Refused(
        "A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis…",
        "keras-incompatible-shape",
        """
o = layers.Concatenate()([Input((4, 3)), Input((5, 3))])
""",
    ),
    Refused(
        "A merge layer should be called on a list of inputs. Received: input_shape=… (not a list of shapes)",
        "",
        """
o = layers.Add()(Input((4,)))
""",
    ),
    Refused(
        "Inputs have incompatible shapes. Received shapes … and …",
        "keras-incompatible-shape",
        """
o = layers.Add()([Input((4, 3)), Input((5, 3))])
""",
    ),
    Refused(
        "Incompatible input shapes: axis values … (at axis …) != … (at axis …). Full input shapes: …",
        "keras-incompatible-shape",
        """
o = layers.Dot(axes=1)([Input((4,)), Input((5,))])
""",
    ),
    Refused(
        "A `Dot` layer should be called on a list of 2 inputs…",
        "keras-incompatible-shape",
        """
o = layers.Dot(axes=1)([Input((4,))])
""",
    ),
    Refused(
        "A `Subtract` layer should be called on exactly 2 inputs…",
        "keras-incompatible-shape",
        """
o = layers.Subtract()([Input((4,)), Input((4,)), Input((4,))])
""",
    ),
    Refused(
        "… layer must be called on a list of inputs, namely [query, value] or [query, value, key]…",
        "keras-incompatible-shape",
        """
o = layers.Attention()(Input((4, 3)))
""",
    ),
    Refused(
        "The total size of the tensor must be unchanged. Received: input_shape=…, target_shape=…",
        "keras-incompatible-shape",
        """
o = layers.Reshape((5, 5))(Input((24,)))
""",
    ),
    Refused(
        "Computed output size would be zero or negative. Received…",
        "keras-empty-feature-map",
        """
o = layers.Conv2D(4, 5)(Input((3, 3, 1)))
""",
    ),
    Refused(
        "Computed output size would be zero or negative. Received…",
        "keras-empty-feature-map",
        """
o = layers.MaxPooling2D(4)(Input((3, 3, 1)))
""",
    ),
    Refused(
        "`cropping` parameter of `Cropping1D` layer must be smaller than the input length…",
        "keras-empty-feature-map",
        """
o = layers.Cropping1D(4)(Input((6, 3)))
""",
    ),
    Refused(
        "Values in `cropping` argument should be smaller than the corresponding spatial dimension of the…",
        "keras-empty-feature-map",
        """
o = layers.Cropping2D(4)(Input((6, 6, 3)))
""",
    ),
    Refused(
        "The number of input channels must be evenly divisible by the number of groups. Received groups=…",
        "keras-incompatible-shape",
        """
o = layers.Conv2D(4, 3, groups=2)(Input((8, 8, 3)))
""",
    ),
    Refused(
        "Number of groups (…) cannot be more than the number of channels (…)",
        "keras-incompatible-shape",
        """
o = layers.GroupNormalization(32)(Input((8, 8, 16)))
""",
    ),
    Refused(
        "Number of groups (…) must be a multiple of the number of channels (…)",
        "keras-incompatible-shape",
        """
o = layers.GroupNormalization(3)(Input((8, 8, 16)))
""",
    ),
    Refused(
        "`TimeDistributed` Layer should be passed an `input_shape` with at least 3 dimensions, received: …",
        "keras-incompatible-shape",
        """
o = layers.TimeDistributed(layers.Dense(3))(Input((4,)))
""",
    ),
    Refused(
        "When using `stateful=True` in a RNN, the batch size must be static. Found dynamic batch size…",
        "keras-stateful-batch-size",
        """
o = layers.LSTM(8, stateful=True)(Input((10, 4)))
""",
    ),
    Refused(
        "Cannot convert '…' to a shape.",
        "keras-shape-not-tuple",
        """
i = Input(784)
""",
    ),
    Refused(
        "Cannot convert '…' to a shape. Found invalid dimension '…' of type '…'.",
        "",
        """
i = Input((28.0, 28))
""",
    ),
    Refused(
        "Cannot convert '…' to a shape. Found invalid dimension '…' of type '…'.",
        "",
        """
i = Input(shape=('28', 28))
""",
    ),
    Refused(
        "Cannot convert '…' to a shape. Negative dimensions are not allowed.",
        "",
        """
i = Input((-1, 28))
""",
    ),
    Refused(
        "You must pass a `shape` argument.",
        "",
        """
i = Input()
""",
    ),
    Refused(
        "You cannot pass both `shape` and `batch_shape` at the same time.",
        "",
        """
i = Input(shape=(4,), batch_shape=(2, 4))
""",
    ),
    Refused(
        "All dimensions of `value` and `key`, except the last one, must be equal. Received: value_shape=…",
        "keras-incompatible-shape",
        """
o = layers.MultiHeadAttention(2, 4)(Input((5, 8)), Input((6, 8)), Input((7, 8)))
""",
    ),
    Refused(
        "Shapes used to initialize variables must be fully-defined (no `None` dimensions). Received: shape=…",
        "keras-incompatible-shape",
        """
o = layers.Dense(3)(Input((None,)))
""",
    ),
    # Symbolic tensors
    Refused(
        "A KerasTensor cannot be used as input to a TensorFlow function…",
        "keras-backend-op-on-symbolic-tensor",
        """
i = Input((4,))
h = tf.reduce_mean(layers.Dense(3)(i), axis=1, keepdims=True)
m = Model(i, layers.Dense(1)(h))
""",
    ),
    Refused(
        "A KerasTensor is symbolic: … You cannot convert it to a NumPy array.",
        "",
        """
i = Input((4,))
o = np.mean(i)
""",
    ),
    Refused(
        "A KerasTensor is symbolic: … You cannot convert it to a NumPy array.",
        "",
        """
i = Input((4,))
o = np.asarray(i)
""",
    ),
    Refused(
        "A KerasTensor is symbolic: … You cannot convert it to a float.",
        "",
        """
i = Input((4,))
o = float(i)
""",
    ),
    Refused(
        "Iterating over a symbolic KerasTensor is not supported.",
        "keras-unpacked-layer-output",
        """
i = Input((4,))
h, state = layers.LSTM(8, return_sequences=True)(Input((10, 4)))
""",
    ),
    Refused(
        "A symbolic KerasTensor cannot be used as a boolean.",
        "",
        """
i = Input((4,))
if i > 0:
    print('yes')
""",
    ),
    Refused(
        "The `shape` attribute of KerasTensor is immutable. One should create a new instance of…",
        "",
        """
i = Input((4,))
i.shape = (None, 5)
""",
    ),
    # Models
    Refused(
        "Only instances of `keras.Layer` can be added to a Sequential model. Received: …",
        "keras-layer-not-called",
        """
model = Sequential()
model.add(layers.Dense)
""",
    ),
    Refused(
        "Only instances of `keras.Layer` can be added to a Sequential model. Received: …",
        "keras-layer-not-called",
        """
model = Sequential()
model.add(layers.Dense(3)(Input((4,))))
""",
    ),
    Refused(
        "Only instances of `keras.Layer` can be added to a Sequential model. Received: …",
        "keras-layer-not-called",
        """
model = Sequential([Input((4,)), layers.Dense(3), 'relu'])
""",
    ),
    Refused(
        "Only instances of `keras.Layer` can be added to a Sequential model. Received: …",
        "keras-layer-not-called",
        """
model = Sequential([Input((4,)), layers.Dense(3), [layers.Dense(2)]])
""",
    ),
    Refused(
        "All layers added to a Sequential model should have unique names. Name '…' is already the name of…",
        "keras-duplicate-layer-name",
        """
model = Sequential([Input((4,)), layers.Dense(3, name='d'), layers.Dense(2, name='d')])
""",
    ),
    Refused(
        "All layers added to a Sequential model should have unique names. Name '…' is already the name of…",
        "keras-duplicate-layer-name",
        """
model = Sequential([Input((4,)), layers.Dense(3, 'relu', name='d'), layers.Dense(2, name='d')])
""",
    ),
    Refused(
        'The name "…" is used … times in the model. All operation names should be unique.',
        "keras-duplicate-layer-name",
        """
i = Input((4,))
m = Model(i, layers.Dense(1, name='d')(layers.Dense(3, 'relu', name='d')(i)))
""",
    ),
    Refused(
        "Sequential model '…' has already been configured to use input shape …. You cannot add a different…",
        "keras-layer-not-called",
        """
model = Sequential([Input((4,)), layers.Dense(3)])
model.add(Input((4,)))
""",
    ),
    Refused(
        "Sequential model … cannot be built because it has no layers. Call `model.add(layer)`.",
        "",
        """
model = Sequential()
model.compile(loss='mse')
model.fit(x, y, verbose=0)
""",
    ),
    Refused(
        "All `inputs` values must be KerasTensors. Received: inputs=…",
        "",
        """
i = Input((4,))
m = Model(x, layers.Dense(1)(i))
""",
    ),
    Refused(
        "All `outputs` values must be KerasTensors. Received: outputs=…",
        "keras-layer-not-called",
        """
i = Input((4,))
m = Model(i, layers.Dense(1))
""",
    ),
    Refused(
        "Output with path `…` is not connected to `inputs`",
        "keras-disconnected-graph",
        """
i = Input((4,))
j = Input((4,))
m = Model(i, [layers.Dense(1)(i), layers.Dense(1)(j)])
""",
    ),
    Refused(
        "Model … does not have a `call()` method implemented.",
        "",
        """
class M(Model):
    def __init__(self):
        super().__init__()
        self.d = layers.Dense(1)
    def forward(self, inputs):
        return self.d(inputs)
m = M()
m.compile(loss='mse')
m.fit(x, y, verbose=0)
""",
    ),
    Refused(
        "No such layer: …. Existing layers are: …",
        "",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
layer = model.get_layer('dense_output')
""",
    ),
    Refused(
        "Was asked to retrieve layer at index … but model only has … layers.",
        "",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
layer = model.get_layer(index=7)
""",
    ),
    Refused(
        "Provide either a layer name or layer index at `get_layer`.",
        "",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
layer = model.get_layer()
""",
    ),
    Refused(
        "Sequential model '…' has no defined inputs yet.",
        "",
        """
model = Sequential([layers.Dense(3)])
m = Model(model.inputs, model.outputs)
""",
    ),
    Refused(
        "Sequential model '…' has no defined output shape yet.",
        "",
        """
model = Sequential([layers.Dense(3)])
print(model.output_shape)
""",
    ),
    Refused(
        "The layer … has never been called and thus has no defined output.",
        "",
        """
d = layers.Dense(3)
print(d.output)
""",
    ),
    Refused(
        "`Model.layers` attribute is reserved and should not be used. Please use another name.",
        "",
        """
class M(Model):
    def __init__(self):
        super().__init__()
        self.layers = [layers.Dense(1)]
    def call(self, inputs):
        return inputs
m = M()
""",
    ),
    Refused(
        "You called `set_weights(weights)` on layer '…' with a weight list of length …, but the layer was…",
        "",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.layers[0].set_weights([np.zeros((4, 3))])
""",
    ),
    Refused(
        "Layer … weight shape … is not compatible with provided weight shape ….",
        "",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.layers[0].set_weights([np.zeros((3, 4)), np.zeros(3)])
""",
    ),
    Refused(
        "You tried to call `count_params` on layer '…', but the layer isn't built…",
        "",
        """
model = Sequential([layers.Dense(3)])
print(model.count_params())
""",
    ),
    Refused(
        "'NoneType' object has no attribute '…'",
        "keras-add-returns-none",
        """
model = Sequential().add(layers.Dense(3))
model.compile(loss='mse')
""",
    ),
    Refused(
        "When providing `inputs` as a dict, all keys in the dict must match the names of the corresponding…",
        "",
        """
i = Input((4,), name='b')
m = Model({'a': i}, layers.Dense(1)(i))
""",
    ),
    # Losses
    Refused(
        "Could not interpret loss identifier: …",
        "keras-unknown-identifier",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='categorical_cross_entropy')
model.fit(x, y, verbose=0)
""",
    ),
    Refused(
        "Could not interpret loss identifier: …",
        "keras-unknown-identifier",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='rmse')
model.fit(x, y, verbose=0)
""",
    ),
    Refused(
        "Arguments `target` and `output` must have the same rank (ndim). Received: target.shape=…",
        "keras-label-encoding-mismatch",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='softmax')])
model.compile(loss='categorical_crossentropy')
model.fit(x, np.random.randint(0, 3, (8,)), verbose=0)
""",
    ),
    Refused(
        "Arguments `target` and `output` must have the same shape. Received: target.shape=…, output.shape=…",
        "keras-units-do-not-match-classes",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='softmax')])
model.compile(loss='categorical_crossentropy')
model.fit(x, keras.utils.to_categorical(np.random.randint(0, 5, (8,)), 5), verbose=0)
""",
    ),
    Refused(
        "Arguments `target` and `output` must have the same shape. Received: target.shape=…, output.shape=…",
        "keras-label-encoding-mismatch",
        """
model = Sequential([Input((4,)), layers.Dense(2, activation='sigmoid')])
model.compile(loss='binary_crossentropy')
model.fit(x, np.random.randint(0, 2, (8, 1)), verbose=0)
""",
    ),
    Refused(
        "Argument `output` must have rank (ndim) `target.ndim - 1`. Received: target.shape=…, output.shape=…",
        "keras-label-encoding-mismatch",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='softmax')])
model.compile(loss='sparse_categorical_crossentropy')
model.fit(x, keras.utils.to_categorical(np.random.randint(0, 3, (8,)), 3), verbose=0)
""",
    ),
    Refused(
        "In loss categorical_crossentropy, expected y_pred.shape to be (batch_size, num_classes) with…",
        "keras-categorical-loss-on-one-unit",
        """
model = Sequential([Input((4,)), layers.Dense(1, activation='sigmoid')])
model.compile(loss='categorical_crossentropy')
model.fit(x, np.random.randint(0, 2, (8, 1)), verbose=0)
""",
    ),
    Refused(
        "Invalid value for argument `reduction`. Expected one of …. Received: reduction=…",
        "keras-invalid-argument",
        """
l = keras.losses.MeanSquaredError(reduction='auto')
""",
    ),
    Refused(
        "….__init__() got an unexpected keyword argument '…'",
        "keras-unknown-argument",
        """
l = keras.losses.BinaryCrossentropy(from_logit=True)
""",
    ),
    Refused(
        "No loss to compute. Provide a `loss` argument in `compile()`.",
        "keras-compile-without-loss",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(optimizer='adam')
model.fit(x, y, verbose=0)
""",
    ),
    Refused(
        "No gradients provided for any variable.",
        "",
        """
i = Input((4,))
m = Model(i, layers.Dense(1)(i))
m.compile(loss=lambda t, p: ops.mean(t))
m.fit(x, y, verbose=0)
""",
    ),
    Refused(
        "`loss_weights` must match the number of losses, got … losses and … weights.",
        "keras-loss-count-mismatch",
        """
i = Input((4,))
m = Model(i, [layers.Dense(1)(i), layers.Dense(1)(i)])
m.compile(loss=['mse', 'mse'], loss_weights=[1.0])
m.fit(x, [y, y], verbose=0)
""",
    ),
    Refused(
        "The path: … in the `loss` argument, can't be found in either the model's output (`y_pred`) or in…",
        "keras-loss-count-mismatch",
        """
i = Input((4,))
m = Model(i, {'a': layers.Dense(1)(i), 'b': layers.Dense(1)(i)})
m.compile(loss={'a': 'mse', 'c': 'mse'})
m.fit(x, {'a': y, 'b': y}, verbose=0)
""",
    ),
    Refused(
        "Expected keys … in loss dict, but found loss.keys()=…",
        "keras-loss-count-mismatch",
        """
i = Input((4,))
m = Model(i, [layers.Dense(1, name='a')(i), layers.Dense(1, name='b')(i)])
m.compile(loss={'a': 'mse', 'c': 'mse'})
m.fit(x, [y, y], verbose=0)
""",
    ),
    Refused(
        "y_true and y_pred have different structures…",
        "",
        """
i = Input((4,))
m = Model(i, [layers.Dense(1)(i), layers.Dense(1)(i)])
m.compile(loss=['mse', 'mse'])
m.fit(x, y, verbose=0)
""",
    ),
    Refused(
        "Received a label value of … which is outside the valid range of [0, …)…",
        "keras-units-do-not-match-classes",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='softmax')])
model.compile(loss='sparse_categorical_crossentropy')
model.fit(np.random.rand(200, 4), np.random.randint(0, 5, (200,)), batch_size=200, verbose=0)
""",
    ),
    # Metrics
    Refused(
        "Could not interpret metric identifier: …",
        "keras-unknown-identifier",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse', metrics=['precison'])
model.fit(x, y, verbose=0)
""",
    ),
    Refused(
        "Could not interpret metric identifier: …",
        "keras-unknown-identifier",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse', metrics=['f1'])
model.fit(x, y, verbose=0)
""",
    ),
    Refused(
        "Expected `metrics` argument to be a list, tuple, or dict. Received instead: metrics=… of type …",
        "keras-invalid-argument",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse', metrics='mae')
model.fit(x, y, verbose=0)
""",
    ),
    Refused(
        "Threshold values must be in [0, 1]. Received: …",
        "keras-invalid-argument",
        """
m = keras.metrics.Precision(thresholds=50)
""",
    ),
    Refused(
        "Argument `num_thresholds` must be an integer > 1. Received: num_thresholds=…",
        "",
        """
m = keras.metrics.AUC(num_thresholds=1)
""",
    ),
    Refused(
        "Invalid `average` argument value. Expected one of: …. Received: average=…",
        "keras-invalid-argument",
        """
m = keras.metrics.F1Score(average='binary')
""",
    ),
    Refused(
        "Invalid `threshold` argument value. It should be a Python float. Received: threshold=… of type '…'",
        "",
        """
m = keras.metrics.F1Score(threshold=1)
""",
    ),
    Refused(
        "FBetaScore expects 2D inputs with shape (batch_size, output_dim). Received input shapes…",
        "",
        """
model = Sequential([Input((4,)), layers.Dense(1, activation='sigmoid')])
model.compile(loss='binary_crossentropy', metrics=[keras.metrics.F1Score()])
model.fit(x, np.random.randint(0, 2, (8,)), verbose=0)
""",
    ),
    Refused(
        "You forgot to call `super().__init__()` in the `__init__()` method. Go add it!",
        "",
        """
class M(keras.metrics.Metric):
    def __init__(self):
        self.total = self.add_variable((), 'zeros')
    def update_state(self, t, p, sample_weight=None):
        pass
    def result(self):
        return self.total
m = M()
""",
    ),
    Refused(
        "Invalid `metrics`. `metrics` should contain metrics objects and either be a dict or a list…",
        "keras-loss-count-mismatch",
        """
i = Input((4,))
m = Model(i, [layers.Dense(1)(i), layers.Dense(1)(i)])
m.compile(loss=['mse', 'mse'], metrics=['mae'])
m.fit(x, [y, y], verbose=0)
""",
    ),
    # Optimizers
    Refused(
        "Argument(s) not recognized: …",
        "keras-removed-argument",
        """
o = keras.optimizers.Adam(lr=0.001)
""",
    ),
    Refused(
        "Argument `decay` is no longer supported and will be ignored.",
        "keras-removed-argument",
        """
o = keras.optimizers.Adam(decay=1e-6)
""",
    ),
    Refused(
        "`keras.optimizers.legacy` is not supported in Keras 3…",
        "",
        """
o = keras.optimizers.legacy.Adam()
""",
    ),
    Refused(
        "Could not interpret optimizer identifier: …",
        "keras-unknown-identifier",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(optimizer='admm', loss='mse')
model.fit(x, y)
""",
    ),
    Refused(
        "Argument `learning_rate` should be float, or an instance of LearningRateSchedule, or a callable…",
        "keras-invalid-argument",
        """
o = keras.optimizers.Adam(learning_rate='0.001')
""",
    ),
    Refused(
        "`momentum` must be a float between [0, 1].",
        "keras-invalid-hyperparameter",
        """
o = keras.optimizers.SGD(momentum=9.0)
""",
    ),
    Refused(
        "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set. Received: …",
        "keras-invalid-hyperparameter",
        """
o = keras.optimizers.Adam(clipnorm=1.0, clipvalue=0.5)
""",
    ),
    Refused(
        "`gradient_accumulation_steps` must be an integer >= 2. Received: gradient_accumulation_steps=…",
        "keras-invalid-hyperparameter",
        """
o = keras.optimizers.Adam(gradient_accumulation_steps=1)
""",
    ),
    Refused(
        "`ema_momentum` must be in the range [0, 1]. Received: ema_momentum=…",
        "keras-invalid-hyperparameter",
        """
o = keras.optimizers.Adam(use_ema=True, ema_momentum=99)
""",
    ),
    Refused(
        "Argument `weight_decay` must be a float. Received: weight_decay=None",
        "keras-invalid-hyperparameter",
        """
o = keras.optimizers.AdamW(weight_decay=None)
""",
    ),
    Refused(
        "Argument `decay_steps` must be > 0. Received: decay_steps=…",
        "keras-invalid-hyperparameter",
        """
s = keras.optimizers.schedules.ExponentialDecay(0.1, 0, 0.9)
""",
    ),
    Refused(
        "The length of boundaries should be 1 less than the length of values. Received: …",
        "keras-invalid-hyperparameter",
        """
s = keras.optimizers.schedules.PiecewiseConstantDecay([10, 20], [0.1, 0.01])
""",
    ),
    Refused(
        "This optimizer was created with a `LearningRateSchedule` object …, hence its learning rate is not…",
        "keras-schedule-conflict",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
rate = keras.optimizers.schedules.ExponentialDecay(0.1, 100, 0.9)
model.compile(keras.optimizers.Adam(rate), loss='mse')
plateau = keras.callbacks.ReduceLROnPlateau('loss', patience=1, min_delta=9)
model.fit(x, y, callbacks=[plateau], epochs=3, verbose=0)
""",
    ),
    Refused(
        "Unknown variable: …. This optimizer can only be called for the variables it was originally built…",
        "keras-optimizer-reused",
        """
o = keras.optimizers.Adam()
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(o, 'mse')
model.fit(x, y, verbose=0)
other = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
other.compile(o, 'mse')
other.fit(x, y, verbose=0)
""",
    ),
    Refused(
        "….__init__() missing 1 required positional argument: '…'",
        "keras-required-argument",
        """
o = keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=100)
""",
    ),
    # Callbacks
    Refused(
        "Early stopping conditioned on metric `…` which is not available. Available metrics are: …",
        "keras-monitor-unknown-metric",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.fit(x, y, callbacks=[keras.callbacks.EarlyStopping('val_loss')], verbose=0)
""",
    ),
    Refused(
        "Learning rate reduction is conditioned on metric `…` which is not available. Available metrics…",
        "keras-monitor-unknown-metric",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.fit(x, y, callbacks=[keras.callbacks.ReduceLROnPlateau('val_loss')], verbose=0)
""",
    ),
    Refused(
        "Can save best model only with … available.",
        "keras-monitor-unknown-metric",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
best = keras.callbacks.ModelCheckpoint('a.keras', save_best_only=True)
model.fit(x, y, callbacks=[best], verbose=0)
""",
    ),
    Refused(
        "… mode '…' is unknown, fallback to auto mode.",
        "",
        """
c = keras.callbacks.EarlyStopping('val_loss', mode='minimum')
""",
    ),
    Refused(
        "ReduceLROnPlateau does not support a factor >= 1.0. Received factor=…",
        "keras-invalid-argument",
        """
c = keras.callbacks.ReduceLROnPlateau(factor=1.0)
""",
    ),
    Refused(
        "ReduceLROnPlateau does not support a factor >= 1.0. Received factor=…",
        "keras-invalid-argument",
        """
c = keras.callbacks.ReduceLROnPlateau(factor=10)
""",
    ),
    Refused(
        "The filepath provided must end in `.keras` (Keras model format). Received: filepath=…",
        "keras-checkpoint-filename",
        """
c = keras.callbacks.ModelCheckpoint('best.hdf5')
""",
    ),
    Refused(
        "When using `save_weights_only=True` in `ModelCheckpoint`, the filepath provided must end in…",
        "keras-checkpoint-filename",
        """
c = keras.callbacks.ModelCheckpoint('best.h5', save_weights_only=True)
""",
    ),
    Refused(
        "Unrecognized save_freq: …. Expected save_freq are 'epoch' or integer values",
        "keras-invalid-argument",
        """
c = keras.callbacks.ModelCheckpoint('best.keras', save_freq='batch')
""",
    ),
    Refused(
        'Failed to format this callback filepath: "…". Reason: …',
        "keras-monitor-unknown-metric",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
each = keras.callbacks.ModelCheckpoint('{epoch}-{val_loss:.2f}.keras')
model.fit(x, y, callbacks=[each], verbose=0)
""",
    ),
    Refused(
        "The output of the `schedule` function should be a float. Got: …",
        "",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.fit(x, y, callbacks=[keras.callbacks.LearningRateScheduler(lambda epoch: '0.1')], verbose=0)
""",
    ),
    Refused(
        "The output of the `schedule` function should be a float. Got: …",
        "",
        """
def schedule(epoch, lr):
    if epoch > 5:
        return lr * 0.1
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.fit(x, y, callbacks=[keras.callbacks.LearningRateScheduler(schedule)], verbose=0)
""",
    ),
    Refused(
        "Empty `backup_dir` argument passed",
        "",
        """
c = keras.callbacks.BackupAndRestore('')
""",
    ),
    # Calls of training
    Refused(
        "You must call `compile()` before using the model.",
        "keras-fit-before-compile",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.fit(x, y)
""",
    ),
    Refused(
        "….fit() got an unexpected keyword argument '…'",
        "keras-unknown-argument",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.fit(x, y, epoch=3)
""",
    ),
    Refused(
        "….compile() got an unexpected keyword argument '…'",
        "keras-unknown-argument",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse', metric=['mae'])
""",
    ),
    Refused(
        "Data cardinality is ambiguous. Make sure all arrays contain the same number of samples…",
        "keras-fit-argument-conflict",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.fit(x, y[:4])
""",
    ),
    Refused(
        "When providing `x` as a …, `y` should not be passed. Instead, the targets should be included as…",
        "keras-fit-argument-conflict",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.fit(tf.data.Dataset.from_tensor_slices((x, y)).batch(2), y)
""",
    ),
    Refused(
        "When providing `x` as a …, `sample_weights` should not be passed. Instead, the sample weights…",
        "keras-fit-argument-conflict",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.fit(tf.data.Dataset.from_tensor_slices((x, y)).batch(2), sample_weight=np.ones(8))
""",
    ),
    Refused(
        "Unrecognized data type: x=… (of type …)",
        "keras-fit-argument-conflict",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.fit([[1.0, 2.0, 3.0, 4.0]], [[1.0]])
""",
    ),
    Refused(
        "Argument `validation_split` is only supported for tensors or NumPy arrays.Found incompatible type…",
        "keras-fit-argument-conflict",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.fit(tf.data.Dataset.from_tensor_slices((x, y)).batch(2), validation_split=0.2)
""",
    ),
    Refused(
        "Training data contains … samples, which is not sufficient to split it into a validation and…",
        "",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.fit(x[:1], y[:1], validation_split=0.2, verbose=0)
""",
    ),
    Refused(
        "`class_weight` is only supported for Models with a single output.",
        "keras-class-weight-misuse",
        """
i = Input((4,))
m = Model(i, [layers.Dense(1)(i), layers.Dense(1)(i)])
m.compile(loss=['mse', 'mse'])
m.fit(x, [y, y], class_weight={0: 1.0, 1: 2.0}, verbose=0)
""",
    ),
    Refused(
        "You cannot `class_weight` and `sample_weight` at the same time.",
        "keras-class-weight-misuse",
        """
model = Sequential([Input((4,)), layers.Dense(1, activation='sigmoid')])
model.compile(loss='binary_crossentropy')
model.fit(x, np.random.randint(0, 2, (8, 1)), class_weight={0: 1.0, 1: 2.0}, sample_weight=np.ones(8))
""",
    ),
    Refused(
        "Argument `class_weight` is not supported for Python generator inputs. Received: class_weight=…",
        "",
        """
def data():
    while True:
        yield x, y
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.fit(data(), steps_per_epoch=2, class_weight={0: 1.0, 1: 2.0}, verbose=0)
""",
    ),
    Refused(
        "Your input ran out of data; interrupting training. Make sure that your dataset or generator can…",
        "keras-too-many-steps",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
data = tf.data.Dataset.from_tensor_slices((x, y)).batch(4)
model.fit(data, steps_per_epoch=10, epochs=2, verbose=0)
""",
    ),
    Refused(
        "`shuffle=True` was passed, but will be ignored since the data `x` was provided as a tf.data.Dataset…",
        "",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.fit(tf.data.Dataset.from_tensor_slices((x, y)).batch(4), shuffle=True, verbose=0)
""",
    ),
    Refused(
        "The model does not have any trainable weights.",
        "keras-nothing-trainable",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.trainable = False
model.compile(loss='mse')
model.fit(x, y, verbose=0)
""",
    ),
    Refused(
        "If `run_eagerly` is True, then `jit_compile` cannot also be True. Disabling `jit_compile`.",
        "",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse', run_eagerly=True, jit_compile=True)
""",
    ),
    Refused(
        "Data is expected to be in format `x`, `(x,)`, `(x, y)`, or `(x, y, sample_weight)`, found: …",
        "",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.fit(tf.data.Dataset.from_tensor_slices((x, y, y, y)).batch(4), verbose=0)
""",
    ),
    Refused(
        "Expected `validation_freq` to be a list or int. Received: validation_freq=… of the type …",
        "",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.fit(x, y, validation_split=0.5, validation_freq=0.5, verbose=0)
""",
    ),
    Refused(
        "Arguments `sample_weight` and `class_weight` cannot be specified at the same time. Received: …",
        "keras-class-weight-misuse",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.train_on_batch(x, y, sample_weight=np.ones(8), class_weight={0: 1.0})
""",
    ),
    Refused(
        "'float' object cannot be interpreted as an integer",
        "keras-fit-argument-conflict",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.fit(x, y, epochs=10 / 2, verbose=0)
""",
    ),
    Refused(
        "'…' object has no attribute 'fit_generator'",
        "keras-removed-name",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.fit_generator(zip(x, y))
""",
    ),
    Refused(
        "'…' object has no attribute 'predict_classes'",
        "keras-removed-name",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.compile(loss='mse')
model.predict_classes(x)
""",
    ),
    # Saving
    Refused(
        "Invalid filepath extension for saving. Please add either a `.keras` extension for the native…",
        "keras-save-filename",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.save('saved_model')
""",
    ),
    Refused(
        "The filename must end in `.weights.h5`. Received: filepath=…",
        "keras-save-filename",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.save_weights('weights.h5')
""",
    ),
    Refused(
        "The filename must end in `.weights.h5`. Received: filepath=…",
        "keras-save-filename",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.save_weights('checkpoints/weights')
""",
    ),
    Refused(
        "The following argument(s) are not supported: …",
        "",
        """
model = Sequential([Input((4,)), layers.Dense(3, activation='relu'), layers.Dense(1)])
model.save('model.keras', save_traces=True)
""",
    ),
    Refused(
        "File not found: filepath=…. Please ensure the file is an accessible `.keras` zip file.",
        "",
        """
model = keras.models.load_model('model.keras')
""",
    ),
    Refused(
        "File format not supported: filepath=…. Keras 3 only supports V3 `.keras` files, legacy H5 format…",
        "",
        """
model = keras.models.load_model('saved_model')
""",
    ),
    Refused(
        "You are saving a model that has not yet been built…",
        "",
        """
model = Sequential([layers.Dense(3)])
model.save_weights('a.weights.h5')
""",
    ),
    Refused(
        "You are loading weights into a model that has not yet been built. Try building the model first by…",
        "",
        """
model = Sequential([Input((4,)), layers.Dense(3)])
model.save_weights('b.weights.h5')
other = Sequential([layers.Dense(3)])
other.load_weights('b.weights.h5')
""",
    ),
    Refused(
        "File format not supported: filepath=…. Keras 3 only supports V3 `.keras` files, legacy H5 format…",
        "keras-save-filename",
        """
model = Sequential([Input((4,)), layers.Dense(3)])
model.export('exported')
model = keras.models.load_model('exported')
""",
    ),
    Refused(
        "Requested the deserialization of a `Lambda` layer whose `function` is a Python lambda…",
        "keras-load-without-custom-objects",
        """
model = Sequential([Input((4,)), layers.Lambda(lambda x: x * 2), layers.Dense(3)])
model.save('lambda.keras')
model = keras.models.load_model('lambda.keras')
""",
    ),
    Refused(
        "Could not locate function '…'. Make sure custom classes and functions are decorated with…",
        "keras-load-without-custom-objects",
        """
def own(y_true, y_pred):
    return (y_true - y_pred) ** 2


model = Sequential([Input((4,)), layers.Dense(3)])
model.compile(loss=own)
model.save('own.keras')
model = keras.models.load_model('own.keras')
""",
    ),
    Refused(
        "Unknown layer: '…'. Please ensure you are using a `keras.utils.custom_object_scope`…",
        "keras-load-without-custom-objects",
        """
class Same(layers.Layer):
    def call(self, x):
        return x


model = Sequential([Input((4,)), Same(), layers.Dense(3)])
model.save('own.h5')
model = keras.models.load_model('own.h5')
""",
    ),
    Refused(
        "Could not deserialize '…' because it is not a KerasSaveable subclass",
        "keras-load-without-custom-objects",
        """
model = Sequential([Input((4,)), layers.Dense(3)])
model.compile(loss='mse')
model.save('short.h5')
model = keras.models.load_model('short.h5')
""",
    ),
    Refused(
        "Object … was created by passing non-serializable argument values in `__init__()`…",
        "keras-missing-get-config",
        """
class Same(layers.Layer):
    def __init__(self, inner, **kwargs):
        super().__init__(**kwargs)
        self.inner = inner

    def call(self, x):
        return self.inner(x)


model = Sequential([Input((4,)), Same(layers.Dense(3))])
model.save('own.keras')
""",
    ),
    # Data and files
    Refused(
        "`validation_split` must be between 0 and 1, received: …",
        "",
        """
d = keras.utils.image_dataset_from_directory('.', validation_split=20, subset='training', seed=1)
""",
    ),
    Refused(
        "If `subset` is set, `validation_split` must be set, and inversely.",
        "",
        """
d = keras.utils.image_dataset_from_directory('.', validation_split=0.2)
""",
    ),
    Refused(
        "If using `validation_split` and shuffling the data, you must provide a `seed` argument, to make…",
        "",
        """
d = keras.utils.image_dataset_from_directory('.', validation_split=0.2, subset='training')
""",
    ),
    Refused(
        '`label_mode` argument must be one of "int", "categorical", "binary", or None. Received: label_mode=…',
        "",
        """
d = keras.utils.image_dataset_from_directory('.', label_mode='sparse')
""",
    ),
    Refused(
        'Padding type "…" not understood',
        "",
        """
d = keras.utils.pad_sequences([[1, 2], [3]], padding='right')
""",
    ),
    Refused(
        "`sequences` must be a list of iterables. Found non-iterable: …",
        "",
        """
d = keras.utils.pad_sequences([1, 2, 3])
""",
    ),
    Refused(
        "index … is out of bounds for axis …",
        "",
        """
d = keras.utils.to_categorical([1, 2, 3], num_classes=3)
""",
    ),
    Refused(
        "Invalid class_mode: …; expected one of: …",
        "",
        """
g = tf.keras.preprocessing.image.ImageDataGenerator().flow_from_directory('.', class_mode='int')
""",
    ),
    Refused(
        "`validation_split` must be strictly between 0 and 1. Received: …",
        "",
        """
g = tf.keras.preprocessing.image.ImageDataGenerator(validation_split=1)
""",
    ),
    Refused(
        "If using `weights=…imagenet…` with `include_top…`, `classes` should be 1000…",
        "",
        """
m = keras.applications.ResNet50(classes=10)
""",
    ),
    Refused(
        "When setting `include_top=True` and loading `imagenet` weights, `input_shape` should be …",
        "",
        """
m = keras.applications.VGG16(input_shape=(128, 128, 3))
""",
    ),
    Refused(
        "Input size must be at least …x…; Received: input_shape=…",
        "",
        """
m = keras.applications.VGG16(weights=None, include_top=False, input_shape=(28, 28, 3))
""",
    ),
    Refused(
        "The input must have 3 channels; Received `input_shape=…`",
        "",
        """
m = keras.applications.VGG16(include_top=False, input_shape=(64, 64, 1))
""",
    ),
    Refused(
        "The `weights` argument should be either `None` (random initialization), …imagenet… (pre-training…",
        "",
        """
m = keras.applications.VGG16(weights='image_net')
""",
    ),
)
