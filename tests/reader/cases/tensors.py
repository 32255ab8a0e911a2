"""What people do to symbolic tensors between layers: operators, slices, shapes, tf and keras.ops functions."""

# %% last time step and new axis
i = Input((5, 4))
x = layers.LSTM(6, return_sequences=True)(i)
last = x[:, -1, :]
model = Model(i, Dense(2)(last[:, None, :]))

# %% ellipsis and None in slices
i = Input((5, 4))
model = Model(i, [i[..., None], i[..., 0], i[:, 1:4:2], i[:, :, -2:], i[:, None]])

# %% arithmetic with scalars, reversed operands and powers
i = Input((4,))
x = 1.0 - i * 2 / 3
x = -x ** 2 + i
model = Model(i, Dense(2)(x))

# %% augmented assignment keeps both tensors
i = Input((4,))
x = Dense(4)(i)
x += i
x *= 0.5
model = Model(i, x)

# %% broadcasting of attention weights
i = Input((6, 8))
s = Dense(1)(i)
a = ops.softmax(s, axis=1)
model = Model(i, ops.sum(a * i, axis=1))

# %% comparison and where
i = Input((4,))
m = ops.cast(i > 0, "float32")
model = Model(i, ops.where(i > 0.5, i, m))

# %% matmul and transpose
a, b = Input((3, 4)), Input((5, 4))
s = a @ ops.transpose(b, (0, 2, 1))
model = Model([a, b], ops.matmul(ops.softmax(s), b))

# %% einsum
q, k = Input((3, 2, 4)), Input((5, 2, 4))
model = Model([q, k], ops.einsum("bqhd,bkhd->bhqk", q, k))

# %% reshape with products of shapes
i = Input((4, 6, 3))
h, w, c = i.shape[1:]
x = layers.Reshape((h * w, c))(i)
model = Model(i, ops.reshape(x, (-1, h, w * c)))

# %% reshape with -1 by the layer
i = Input((4, 6, 3))
model = Model(i, layers.Reshape((-1, i.shape[-1]))(i))

# %% K.int_shape
from tensorflow.keras import backend as K
i = Input((4, 6, 3))
x = Conv2D(5, 3)(i)
shape = K.int_shape(x)
x = Flatten()(x)
x = Dense(shape[1] * shape[2] * shape[3])(x)
model = Model(i, layers.Reshape((shape[1], shape[2], shape[3]))(x))

# %% get_shape, as_list style via tuple
i = Input((4, 6))
n = tuple(i.shape)[1]
model = Model(i, Dense(n * int(i.shape[-1]))(Flatten()(i)))

# %% concatenate in four spellings
a, b = Input((3,)), Input((4,))
model = Model([a, b], [layers.concatenate([a, b]), layers.Concatenate(axis=-1)([a, b]), ops.concatenate([a, b], axis=1), keras.ops.concatenate((b, a), -1)])

# %% split and unpack
i = Input((6, 8))
a, b = ops.split(i, 2, axis=-1)
c, d, e = ops.split(i, [2, 3], axis=1)
model = Model(i, [a * b, c, d, e])

# %% stack and unstack
a, b = Input((3,)), Input((3,))
s = ops.stack([a, b], axis=1)
p, q = ops.unstack(s, axis=1)
model = Model([a, b], [s, p - q])

# %% reductions with keepdims and tuples
i = Input((4, 5, 6))
model = Model(i, [ops.mean(i, axis=-1), ops.max(i, axis=(1, 2)), ops.sum(i, axis=2, keepdims=True), ops.norm(i, axis=-1), ops.argmax(i, axis=-1)])

# %% expand, squeeze, tile, repeat, pad, flip
i = Input((4, 5))
x = ops.expand_dims(i, -1)
model = Model(i, [ops.squeeze(x, -1), ops.tile(i, (1, 2, 3)), ops.repeat(i, 2, axis=1), ops.pad(i, [[0, 0], [1, 2], [0, 0]]), ops.flip(i, 1)])

# %% a Lambda with a readable body
i = Input((4, 6))
x = layers.Lambda(lambda t: t[:, :, :3])(i)
x = layers.Lambda(lambda t: ops.mean(t, axis=1), name="pool")(x)
model = Model(i, Dense(2)(x))

# %% a Lambda of a named function with arguments
def crop(t, n, axis=1):
    return t[:, :n] if axis == 1 else t[:, :, :n]
i = Input((8, 6))
x = layers.Lambda(crop, arguments={"n": 3})(i)
model = Model(i, layers.Lambda(crop, arguments={"n": 2, "axis": 2})(x))

# %% a Lambda with output_shape
i = Input((8, 6))
x = layers.Lambda(lambda t: t[0] * t[1], output_shape=(8, 6))([i, i])
model = Model(i, x)

# %% a Lambda with two inputs, distance of a siamese net
def distance(vects):
    x, y = vects
    return ops.sqrt(ops.maximum(ops.sum(ops.square(x - y), axis=1, keepdims=True), 1e-7))
a, b = Input((4,)), Input((4,))
model = Model([a, b], layers.Lambda(distance)([a, b]))

# %% ops.shape and dynamic reshape
i = Input((4, 6))
s = ops.shape(i)
x = ops.reshape(i, (s[0], s[1] * s[2]))
model = Model(i, Dense(2)(x))

# %% attention by hand with heads
i = Input((10, 16))
heads, dim = 4, 16 // 4
def split(x):
    x = ops.reshape(x, (-1, 10, heads, dim))
    return ops.transpose(x, (0, 2, 1, 3))
q, k, v = (split(Dense(16, name=n)(i)) for n in "qkv")
w = ops.softmax(ops.matmul(q, ops.swapaxes(k, -1, -2)) / dim ** 0.5)
o = ops.reshape(ops.transpose(ops.matmul(w, v), (0, 2, 1, 3)), (-1, 10, heads * dim))
model = Model(i, Dense(16)(o))

# %% MultiHeadAttention with scores
q, v = Input((3, 8)), Input((3, 8))
out, scores = layers.MultiHeadAttention(2, 4)(q, v, return_attention_scores=True)
model = Model([q, v], [out, scores])

# %% LSTM with return_state unpacked
i = Input((5, 4))
seq, h, c = layers.LSTM(6, return_sequences=True, return_state=True)(i)
dec = layers.LSTM(6)(seq, initial_state=[h, c])
model = Model(i, [dec, h])

# %% star unpacking of states
i = Input((5, 4))
out, *states = layers.LSTM(6, return_state=True)(i)
model = Model(i, layers.concatenate([out, *states]))

# %% seq2seq with a shared decoder
enc_in = Input((None, 7))
enc = layers.LSTM(8, return_state=True)
_, h, c = enc(enc_in)
states = [h, c]
dec_in = Input((None, 9))
dec = layers.LSTM(8, return_sequences=True, return_state=True)
y, _, _ = dec(dec_in, initial_state=states)
model = Model([enc_in, dec_in], Dense(9, activation="softmax")(y))

# %% bidirectional and merge modes
i = Input((5, 4))
x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(i)
x = layers.Bidirectional(layers.GRU(2), merge_mode="sum")(x)
model = Model(i, x)

# %% bidirectional with state
i = Input((5, 4))
x, fh, fc, bh, bc = layers.Bidirectional(layers.LSTM(3, return_state=True))(i)
model = Model(i, layers.Concatenate()([fh, bh]))

# %% RNN with stacked cells
i = Input((5, 4))
cells = [layers.LSTMCell(n) for n in (3, 6)]
model = Model(i, layers.RNN(cells, return_sequences=True)(i))

# %% StackedRNNCells and a GRUCell
i = Input((5, 4))
x = layers.RNN(layers.StackedRNNCells([layers.GRUCell(3), layers.GRUCell(2)]), return_sequences=True)(i)
model = Model(i, layers.RNN(layers.SimpleRNNCell(7))(x))

# %% TimeDistributed over a model
frame = Sequential([Input((8, 8, 1)), Conv2D(2, 3), Flatten(), Dense(4)])
i = Input((3, 8, 8, 1))
x = layers.TimeDistributed(frame)(i)
model = Model(i, layers.LSTM(5)(x))

# %% TimeDistributed over a layer made in a loop
i = Input((3, 8, 8, 1))
x = i
for f in (2, 4):
    x = layers.TimeDistributed(Conv2D(f, 3, padding="same"))(x)
    x = layers.TimeDistributed(layers.MaxPooling2D())(x)
model = Model(i, layers.TimeDistributed(Flatten())(x))

# %% masking and embedding
i = Input((12,), dtype="int32")
x = layers.Embedding(100, 8, mask_zero=True)(i)
model = Model(i, layers.LSTM(4)(x))

# %% activations as functions on tensors
i = Input((4,))
x = keras.activations.relu(i)
x = ops.gelu(x)
x = keras.activations.get("tanh")(x)
model = Model(i, ops.sigmoid(x))

# %% depth to space by transposes
i = Input((4, 4, 12))
x = ops.reshape(i, (-1, 4, 4, 2, 2, 3))
x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
model = Model(i, ops.reshape(x, (-1, 8, 8, 3)))

# %% one hot and take
i = Input((), dtype="int32")
model = Model(i, [ops.one_hot(i, 5), layers.CategoryEncoding(4, output_mode="one_hot")(i)])

# %% gram matrix of style transfer
i = Input((4, 4, 3))
x = ops.transpose(i, (0, 3, 1, 2))
f = ops.reshape(x, (-1, 3, 16))
model = Model(i, ops.matmul(f, ops.transpose(f, (0, 2, 1))))

# %% image resize and crops
i = Input((10, 12, 3))
a = ops.image.resize(i, (5, 6))
b = layers.Resizing(4, 4)(i)
c = layers.Cropping2D(((1, 1), (2, 2)))(i)
model = Model(i, [a, b, c])

# %% a global context block
i = Input((8, 8, 16))
g = layers.GlobalAveragePooling2D()(i)
g = layers.Reshape((1, 1, i.shape[-1]))(g)
g = Dense(i.shape[-1] // 4, activation="relu")(g)
g = Dense(i.shape[-1], activation="sigmoid")(g)
model = Model(i, i * g)

# %% tensors in a list reduced with operators
import functools, operator
i = Input((4,))
xs = [Dense(3)(i) for _ in range(3)]
model = Model(i, functools.reduce(operator.add, xs))

# %% sum of a list of tensors
i = Input((4,))
xs = [Dense(3)(i) for _ in range(3)]
model = Model(i, sum(xs) / len(xs))

# %% tensors as dict values and loops over them
i = Input((4,))
outs = {}
for n in ("a", "b"):
    outs[n] = Dense(2, name=n)(i)
model = Model(i, list(outs.values()))

# %% a shape in an f-string and rank tests
i = Input((4, 4, 2))
x = i
while len(x.shape) > 2:
    x = layers.Lambda(lambda t: ops.sum(t, axis=1))(x)
model = Model(i, Dense(2, name=f"out_{x.shape[-1]}")(x))

# %% shape comparisons decide padding
a, b = Input((7, 7, 2)), Input((8, 8, 2))
dh = b.shape[1] - a.shape[1]
if dh:
    a2 = layers.ZeroPadding2D(((0, dh), (0, dh)))(a)
model = Model([a, b], layers.add([a2, b]))

# %% attention with a mask by keyword, which is no key
q, v, mask = Input((4, 8)), Input((2, 8)), Input((4, 2))
model = Model([q, v, mask], layers.MultiHeadAttention(2, 4)(query=q, value=v, attention_mask=mask))

# %% attention with query, value and key in another order
q, v, k = Input((4, 8)), Input((2, 6)), Input((2, 5))
model = Model([q, v, k], layers.MultiHeadAttention(2, 4)(key=k, value=v, query=q))

# %% a mask of an LSTM and of an Attention
q, mask, steps = Input((4, 8)), Input((4,), dtype="bool"), Input((4,), dtype="bool")
x = layers.LSTM(8, return_sequences=True)(q, mask=steps)
model = Model([q, mask, steps], layers.Attention()([q, x], mask=[None, mask]))

# %% a causal mask of sizes, subtracted from scores
K = tf.keras.backend
class Scores(layers.Layer):
    def call(self, q):
        e = K.batch_dot(q, q, axes=2) / K.sqrt(K.cast(K.shape(q)[-1], K.floatx()))
        n = K.shape(q)[1]
        rows = K.expand_dims(K.arange(0, n), axis=0)
        columns = K.expand_dims(K.arange(0, n), axis=-1)
        e -= 10000.0 * K.expand_dims(K.cast(rows > columns, K.floatx()), axis=0)
        return K.batch_dot(K.exp(e), q)
a, b = Input((7, 5)), Input((None, 5))
model = Model([a, b], [Scores()(a), Scores()(b)])

# %% a band of a matrix keeps its shape
import tensorflow as tf
i = Input((5, 7))
x = layers.Lambda(lambda t: tf.linalg.band_part(t, -1, 0))(i)
model = Model(i, Dense(3)(x))

# %% a function behind tf.function
import tensorflow as tf
def front(t):
    return t[:, :2]
i = Input((5, 7))
first = layers.Lambda(tf.function(front))(i)
second = layers.Lambda(tf.function(reduce_retracing=True)(lambda t: t[..., 3:]))(first)
model = Model(i, Dense(3)(second))

# %% slices by sizes, and what is put into them
import tensorflow as tf
class Cut(layers.Layer):
    def call(self, x):
        a = tf.slice(x, [0, 1, 0], [-1, 4, -1])
        b = tf.slice(a, [0, 1, 2], [-1, -1, 3])
        c = keras.ops.slice_update(x, [0, 0, 0], keras.ops.ones((1, 2, 2)))
        return a, b, c
i = Input((7, 5))
model = Model(i, Cut()(i))

# %% elements by indices and masks
import tensorflow as tf
class Pick(layers.Layer):
    def call(self, x, places, words):
        a = tf.gather_nd(x, places, batch_dims=1)
        b = tf.boolean_mask(x, tf.reduce_sum(x, axis=-1) > 0)
        c = tf.nn.embedding_lookup(tf.ones((30, 6)), words)
        d = tf.scatter_nd(words, words[:, 0], [9, 4])
        return a, b, c, d
i, p, w = Input((7, 5)), Input((3, 1), dtype="int32"), Input((2,), dtype="int32")
model = Model([i, p, w], Pick()(i, p, w))

# %% masks by length, segments, diagonals and ranges between two ends
import tensorflow as tf
class Fold(layers.Layer):
    def call(self, x, n):
        a = tf.sequence_mask(n, 8)
        b = tf.math.unsorted_segment_sum(x, tf.cast(x[:, 0, 0], "int32"), 4)
        c = tf.math.segment_mean(x, tf.cast(x[:, 0, 0], "int32"))
        d = tf.linalg.diag_part(x)
        e = tf.linalg.diag(d)
        f = keras.ops.linspace(x[:, 0], x[:, 1], 11, axis=1)
        g = keras.ops.segment_sum(x, tf.cast(x[:, 0, 0], "int32"), num_segments=3)
        return tf.cast(a, "float32"), b, c, d, e, f, g
i, n = Input((7, 5)), Input((3,), dtype="int32")
model = Model([i, n], Fold()(i, n))

# %% losses inside of a model
import tensorflow as tf
class Losses(layers.Layer):
    def call(self, x, y):
        a = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=x)
        b = tf.nn.softmax_cross_entropy_with_logits(y, x)
        c = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.argmax(y, -1), logits=x)
        d = keras.ops.nn.dot_product_attention(x[:, :, None], y[:, :, None], y[:, :, None])
        return a, b, c, d
x, y = Input((7, 5)), Input((7, 5))
model = Model([x, y], Losses()(x, y))

# %% functions for a test that the data decide
import tensorflow as tf
class Either(layers.Layer):
    def __init__(self, **kw):
        super().__init__(**kw)
        self.one, self.other = Dense(4), Dense(4)
    def call(self, x):
        a = tf.cond(tf.reduce_sum(x) > 0, lambda: self.one(x), lambda: self.other(x))
        b, c = keras.ops.cond(keras.ops.sum(x) > 0, lambda: (x, a), lambda: (-x, a * 2))
        return a, b, c
i = Input((7, 5))
model = Model(i, Either()(i))

# %% a function for every sample
import tensorflow as tf
class Each(layers.Layer):
    def __init__(self, **kw):
        super().__init__(**kw); self.inner = Dense(4)
    def call(self, x, y):
        a = tf.map_fn(lambda t: tf.transpose(t), x)
        b = tf.map_fn(lambda p: tf.matmul(p[0], p[1], transpose_b=True), (x, y), fn_output_signature=tf.float32)
        c = keras.ops.vectorized_map(lambda t: keras.ops.sum(t, axis=0), x)
        return a, b, self.inner(c)
x, y = Input((7, 5)), Input((3, 5))
model = Model([x, y], Each()(x, y))

# %% loops of the graph
import tensorflow as tf
class Turns(layers.Layer):
    def __init__(self, **kw):
        super().__init__(**kw); self.cell = Dense(5)
    def build(self, s):
        self.cell.build(s)
    def call(self, x):
        _, a = tf.while_loop(lambda i, t: i < 3, lambda i, t: (i + 1, self.cell(t)), (0, x))
        b = keras.ops.fori_loop(0, 3, lambda i, t: t + 1.0, x)
        return a, b
i = Input((7, 5))
model = Model(i, Turns()(i))

# %% a question for the rank
class Flat(layers.Layer):
    def call(self, x):
        if keras.ops.ndim(x) == 3 and keras.ops.is_tensor(x):
            x = keras.ops.reshape(x, (-1, x.shape[1] * x.shape[2]))
        return x
i = Input((7, 5))
model = Model(i, Flat()(i))

# %% cells called by hand, their states unpacked
i = Input((5, 3))
cell = layers.LSTMCell(8)
x, *state = layers.RNN(cell, return_state=True)(i)
project = Dense(3)
outputs = [x]
for n in range(3):
    x, state = cell(project(x), states=state)
    outputs.append(x)
y, [h, c] = cell(project(x), state)
gru = layers.GRUCell(8)
z, [s] = gru(i[:, 0], [h])
z, bare = gru(i[:, 1], s)
stacked = ops.transpose(ops.stack(outputs), [1, 0, 2])
model = Model(i, [stacked, y, z, bare + c])

# %% the small number that Keras adds, and what data and tensors are no type of
from keras import backend as K
def squash(vectors, axis=-1):
    s = ops.sum(ops.square(vectors), axis, keepdims=True)
    return s / (1 + s) / ops.sqrt(s + keras.config.epsilon()) * vectors / (1 + K.epsilon())
def width_of(data):
    return 1 if type(data) is list else data.shape[1]
class Mask(layers.Layer):
    def call(self, inputs):
        if type(inputs) is list:
            inputs, mask = inputs
        else:
            mask = ops.one_hot(ops.argmax(ops.sum(inputs, -1), 1), num_classes=inputs.shape[1])
        return ops.reshape(inputs * ops.expand_dims(mask, -1), (-1, inputs.shape[1] * inputs.shape[2]))
i = Input((5, 3))
x = layers.Lambda(squash)(i)
model = Model(i, [Dense(width_of(np.zeros((3, 4))))(Mask()(x)), Mask()([x, i[:, :, 0]])])

# %% patches of images as TensorFlow cuts them
import tensorflow as tf
class Patches(layers.Layer):
    def call(self, images):
        a = tf.image.extract_patches(images, [1, 4, 4, 1], [1, 4, 4, 1], [1, 1, 1, 1], "VALID")
        b = tf.image.extract_patches(images=images, sizes=[1, 3, 2, 1], strides=[1, 2, 1, 1], rates=[1, 2, 1, 1], padding="SAME")
        return tf.reshape(a, [tf.shape(images)[0], -1, a.shape[-1]]), b
i = Input((18, 20, 3))
model = Model(i, Patches()(i))

# %% constants beside tensors in a list
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops


class Padded(layers.Layer):
    def __init__(self, how):
        super().__init__()
        self.how = how

    def call(self, x):
        if self.how == "first":
            return tf.concat([tf.zeros((16, 7)), x], axis=1)
        if self.how == "numbers":
            return tf.concat([x, [[1.0, 2.0]] * 16], axis=-1)
        if self.how == "stack":
            return tf.reshape(tf.stack([x, tf.zeros((16, 10))], axis=1), (16, 20))
        return ops.einsum("ij,jk->ik", x, np.zeros((10, 3), "float32"))


a = keras.Input((10,), batch_size=16)
parts = [layers.Dense(2)(Padded(how)(a)) for how in ("first", "numbers", "stack", "product")]
x = layers.Concatenate()([*parts, np.zeros((16, 4), "float32")])
x = layers.Dense(3)(x)
x = layers.concatenate([x, ops.ones((16, 5))])
x = layers.Dense(2)(layers.Add()([x, np.zeros((16, 1), "float32")]))
model = keras.Model(a, x)

# %% ops on a tensor and constants
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops


class Op(layers.Layer):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def call(self, x):
        return self.function(x)


FUNCTIONS = [
    lambda x: tf.nn.conv1d(tf.expand_dims(x, -1), tf.ones((3, 1, 5)), 1, "SAME"),
    lambda x: tf.nn.conv2d(tf.reshape(x, (16, 4, 2, 1)), tf.ones((3, 3, 1, 5)), [1, 2, 2, 1], "SAME"),
    lambda x: tf.nn.conv2d(tf.reshape(x, (16, 4, 2, 1)), tf.ones((2, 1, 1, 5)), 1, "VALID", dilations=[1, 2, 1, 1]),
    lambda x: tf.nn.depthwise_conv2d(tf.reshape(x, (16, 2, 2, 2)), tf.ones((2, 2, 2, 3)), [1, 1, 1, 1], "VALID"),
    lambda x: ops.depthwise_conv(ops.reshape(x, (16, 2, 2, 2)), ops.ones((2, 2, 2, 3)), 1, "same"),
    lambda x: ops.conv(ops.reshape(x, (16, 8, 1)), ops.ones((3, 1, 4)), strides=2, padding="valid"),
    lambda x: tf.nn.conv3d(tf.reshape(x, (16, 2, 2, 2, 1)), tf.ones((2, 2, 2, 1, 4)), [1, 1, 1, 1, 1], "SAME"),
    lambda x: tf.nn.max_pool2d(tf.reshape(x, (16, 4, 2, 1)), [1, 2, 1, 1], [1, 2, 1, 1], "VALID"),
    lambda x: tf.tile(ops.hstack([x, ops.ones((16, 2))]), [1, 2]),
    lambda x: ops.vstack([x, ops.ones((2, 8))]),
    lambda x: ops.append(x, ops.ones((16, 2)), axis=1),
    lambda x: ops.append(x, ops.ones((3, 3))),
    lambda x: ops.outer(x, np.ones((3,), "float32")),
    lambda x: tf.repeat(x, [1, 2, 3, 1, 1, 1, 1, 1], axis=1),
    lambda x: tf.matmul(tf.ones((3, 16)), x),
    lambda x: tf.gather(x, np.array([[0, 1], [2, 3]]), axis=1),
    lambda x: tf.stack([x, tf.ones((16, 8))], axis=2),
]
a = keras.Input((8,), batch_size=16)
model = keras.Model(a, [Op(function)(a) for function in FUNCTIONS])
