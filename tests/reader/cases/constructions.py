"""How models are put together, taken apart, cloned, nested, frozen and compiled."""

# %% Sequential grown and popped
model = Sequential()
model.add(Input((8, 8, 1)))
model.add(Conv2D(4, 3))
model.add(Flatten())
model.add(Dense(10))
model.pop()
model.add(Dense(2))
model.summary()

# %% layers pop of a Sequential's list
base = Sequential([Input((3,)), Dense(4), Dense(2)])
kept = base.layers[:-1]
model = Sequential([Input((3,)), *kept, Dense(1)])

# %% model.layers in a loop into another model
base = Sequential([Input((3,)), Dense(4, name="a"), Dense(3, name="b"), Dense(2, name="c")])
model = Sequential()
model.add(Input((3,)))
for layer in base.layers[:-1]:
    model.add(layer)
for layer in model.layers:
    layer.trainable = False
model.add(Dense(5))

# %% list arithmetic of functions
def body(): return [Dense(4), Dropout(0.1)]
def head(n): return [Dense(n, activation="softmax")]
model = Sequential([Input((3,))] + body() + 2 * [Activation("relu")] + head(3))

# %% Model from base.inputs and an inner output
base = Sequential([Input((3,)), Dense(4), Dense(2)])
x = base.layers[-2].output
model = Model(inputs=base.inputs, outputs=Dense(1)(x))

# %% Model from keyword dict
i = Input((3,))
model = Model(**{"inputs": i, "outputs": Dense(2)(i), "name": "kw"})

# %% from_config of a Sequential
base = Sequential([Input((3,)), Dense(4), Dense(2)], name="base")
model = Sequential.from_config(base.get_config())

# %% clone_model of a functional model
i = Input((3,))
base = Model(i, Dense(2)(Dense(4)(i)), name="f")
model = keras.models.clone_model(base)

# %% clone_model with input tensors
base = Sequential([Input((3,)), Dense(4), Dense(2)])
j = Input((3,), batch_size=5)
model = keras.models.clone_model(base, input_tensors=j)

# %% deserialize a layer
cfg = {"class_name": "Dense", "module": "keras.layers", "registered_name": None, "config": {"units": 4, "activation": "relu"}}
model = Sequential([Input((3,)), layers.deserialize(cfg), Dense(2)])

# %% optimizers.get, activations.get
model = Sequential([Input((3,)), Dense(4, activation=keras.activations.get("relu")), Dense(1)])
model.compile(keras.optimizers.get("rmsprop"), "mse")

# %% optimizer by dict of classes
opts = {"adam": keras.optimizers.Adam, "sgd": keras.optimizers.SGD}
name, lr = "sgd", 0.05
model = Sequential([Input((3,)), Dense(1)])
model.compile(optimizer=opts[name](learning_rate=lr), loss="mse")

# %% optimizer by getattr
model = Sequential([Input((3,)), Dense(1)])
model.compile(optimizer=getattr(keras.optimizers, "Adam")(1e-2), loss="mse")

# %% optimizer chosen in a function with if-elif
def get_optimizer(name, lr):
    if name == "sgd":
        return keras.optimizers.SGD(lr, momentum=0.9)
    elif name == "adam":
        return keras.optimizers.Adam(lr)
    else:
        raise ValueError(name)
model = Sequential([Input((3,)), Dense(1)])
model.compile(get_optimizer("adam", 3e-4), loss=keras.losses.Huber())

# %% compile arguments by a dict
kw = dict(optimizer="nadam", loss=keras.losses.CategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
model = Sequential([Input((3,)), Dense(2)])
model.compile(**kw)

# %% schedules
steps = 100
schedule = keras.optimizers.schedules.ExponentialDecay(1e-2, decay_steps=steps * 2, decay_rate=0.9)
model = Sequential([Input((3,)), Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(schedule), loss="mse")

# %% losses for several outputs as dict and list
i = Input((3,))
a, b = Dense(1, name="a")(i), Dense(2, activation="softmax", name="b")(i)
model = Model(i, [a, b])
model.compile("adam", loss={"a": "mse", "b": "categorical_crossentropy"}, loss_weights={"a": 1.0, "b": 0.5})

# %% a custom loss function and a lambda metric
def my_loss(y_true, y_pred):
    return tf.reduce_mean(tf.square(y_true - y_pred))
model = Sequential([Input((3,)), Dense(1)])
model.compile("adam", loss=my_loss)

# %% a loss made by a closure
def weighted(w):
    def loss(y_true, y_pred):
        return w * keras.losses.mean_squared_error(y_true, y_pred)
    return loss
model = Sequential([Input((3,)), Dense(1)])
model.compile("adam", loss=weighted(2.0))

# %% compile twice
model = Sequential([Input((3,)), Dense(1)])
model.compile("adam", "mse")
model.trainable = False
model.compile(keras.optimizers.SGD(1e-5), "mae")

# %% fine tuning: freeze part by index
i = Input((3,))
x = Dense(4)(i)
x = Dense(5)(x)
model = Model(i, Dense(2)(x))
for layer in model.layers[:2]:
    layer.trainable = False

# %% fine tuning: unfreeze by name
model = Sequential([Input((3,)), Dense(4, name="a"), BatchNormalization(name="bn"), Dense(2, name="b")])
model.trainable = False
model.get_layer("b").trainable = True
for l in model.layers:
    if isinstance(l, BatchNormalization):
        l.trainable = False

# %% freezing the last n
model = Sequential([Input((3,)), Dense(4), Dense(5), Dense(6)])
for l in model.layers[:-1]:
    l.trainable = False
assert len(model.layers) == 3

# %% nested models: encoder and decoder
def encoder():
    i = Input((8,))
    return Model(i, Dense(2)(Dense(4)(i)), name="enc")
def decoder():
    i = Input((2,))
    return Model(i, Dense(8)(Dense(4)(i)), name="dec")
e, d = encoder(), decoder()
i = Input((8,))
model = Model(i, d(e(i)), name="ae")

# %% siamese with a shared base
def base():
    m = Sequential(name="base")
    m.add(Input((6, 6, 1)))
    m.add(Conv2D(4, 3))
    m.add(Flatten())
    return m
net = base()
a, b = Input((6, 6, 1)), Input((6, 6, 1))
diff = layers.Lambda(lambda t: ops.abs(t[0] - t[1]))([net(a), net(b)])
model = Model([a, b], Dense(1, activation="sigmoid")(diff))

# %% multi-input dict and named inputs
inputs = {n: Input((1,), name=n) for n in ("age", "size")}
x = layers.concatenate(list(inputs.values()))
model = Model(inputs, Dense(1)(x))

# %% multi-output dict
i = Input((3,))
model = Model(i, {"a": Dense(1)(i), "b": Dense(2)(i)})

# %% feature columns per type
feats = [("num", 3), ("cat", 4)]
ins, enc = [], []
for kind, n in feats:
    inp = Input((1,), name=f"{kind}_in")
    ins.append(inp)
    if kind == "cat":
        e = layers.Embedding(n, 2)(inp)
        enc.append(Flatten()(e))
    else:
        enc.append(inp)
x = layers.Concatenate()(enc)
model = Model(ins, Dense(1)(x))

# %% a model stored in a list and a dict
nets = {}
for k in (2, 4):
    nets[f"n{k}"] = Sequential([Input((3,)), Dense(k)], name=f"n{k}")
all_models = list(nets.values())
model = all_models[-1]

# %% submodel to an inner layer by name
i = Input((8, 8, 1))
x = Conv2D(4, 3, name="c1")(i)
x = Conv2D(2, 3, name="c2")(x)
full = Model(i, Dense(1)(Flatten()(x)))
model = Model(full.inputs, [full.get_layer(n).output for n in ("c1", "c2")])

# %% all activations of a model
base = Sequential([Input((3,)), Dense(4), Dense(2)])
outs = [l.output for l in base.layers]
model = Model(inputs=base.inputs, outputs=outs)

# %% attribute shapes used as numbers
base = Sequential([Input((3,)), Dense(4), Dense(6)])
model = Sequential([Input(base.input_shape[1:]), Dense(base.output_shape[-1] * 2)])

# %% layer attributes used as numbers
d = Dense(6, activation="relu")
i = Input((3,))
x = d(i)
model = Model(i, Dense(d.units // 2, activation=d.activation)(x))

# %% strategy scope around a builder
strategy = tf.distribute.get_strategy()
def build(): return Sequential([Input((3,)), Dense(2)])
with strategy.scope():
    model = build()
    model.compile(optimizer="sgd", loss="mse")

# %% two with items and nested with
with tf.name_scope("a"), tf.device("/cpu:0"):
    with tf.name_scope("b"):
        i = Input((3,))
        x = Dense(4)(i)
model = Model(i, x)

# %% main guard and a train function
def create():
    m = Sequential([Input((3,)), Dense(1)])
    return m
def train(m, lr):
    m.compile(keras.optimizers.SGD(learning_rate=lr), loss="mse")
    return m
def main():
    return train(create(), 0.3)
if __name__ == "__main__":
    model = main()

# %% input shape from a backend flag
from keras import backend as K
if K.image_data_format() == "channels_first":
    shape = (3, 16, 16)
else:
    shape = (16, 16, 3)
model = Sequential([Input(shape), Conv2D(4, 3), layers.GlobalAveragePooling2D()])

# %% tf.keras spelled through aliases
tfk = tf.keras
tfkl = tfk.layers
L = tf.keras.layers
i = tfk.Input((3,))
model = tfk.Model(i, L.Dense(1)(tfkl.Dense(2)(i)))

# %% star import of layers
from keras.layers import *
i = Input((4, 4, 1))
model = Model(i, GlobalMaxPool2D()(Conv2D(2, 3)(i)))

# %% inception branch list
def tower(x, fs):
    for f, k in fs:
        x = Conv2D(f, k, padding="same", activation="relu")(x)
    return x
i = Input((8, 8, 3))
towers = [tower(i, fs) for fs in ([(2, 1)], [(3, 1), (4, 3)], [(2, 1), (5, 5)])]
model = Model(i, layers.concatenate(towers, axis=3))

# %% dense block with a growing list
i = Input((8, 8, 3))
feats = [i]
for _ in range(3):
    x = layers.Concatenate()(feats) if len(feats) > 1 else feats[0]
    feats.append(Conv2D(4, 3, padding="same")(x))
model = Model(i, layers.Concatenate()(feats))

# %% unet with a stack of skips
def unet(shape, filters):
    inp = x = Input(shape)
    skips = []
    for f in filters[:-1]:
        x = Conv2D(f, 3, padding="same", activation="relu")(x)
        skips.append(x)
        x = layers.MaxPool2D()(x)
    x = Conv2D(filters[-1], 3, padding="same")(x)
    for f, s in zip(filters[-2::-1], reversed(skips)):
        x = layers.Conv2DTranspose(f, 2, strides=2, padding="same")(x)
        x = layers.concatenate([x, s])
        x = Conv2D(f, 3, padding="same")(x)
    return Model(inp, Conv2D(1, 1, activation="sigmoid")(x))
model = unet((16, 16, 1), [4, 8, 16])

# %% skips popped from the stack
x = inp = Input((16, 16, 1))
skips = []
for f in (4, 8):
    x = Conv2D(f, 3, padding="same")(x)
    skips.append(x)
    x = layers.MaxPooling2D()(x)
while skips:
    s = skips.pop()
    x = layers.UpSampling2D()(x)
    x = layers.Add()([Conv2D(s.shape[-1], 1)(x), s])
model = Model(inp, x)

# %% resnet with identity or projection by shape
def block(x, f, s=1):
    y = Conv2D(f, 3, strides=s, padding="same")(x)
    y = BatchNormalization()(y)
    if x.shape[-1] != f or s != 1:
        x = Conv2D(f, 1, strides=s)(x)
    return layers.ReLU()(layers.add([x, y]))
x = i = Input((16, 16, 3))
for f, n in [(4, 2), (8, 1)]:
    for j in range(n):
        x = block(x, f, 2 if j == 0 and f != 4 else 1)
model = Model(i, layers.GlobalAveragePooling2D()(x))

# %% layers constructed once and used in a loop
d = Dense(4)
i = Input((4,))
x = i
for _ in range(3):
    x = d(x)
model = Model(i, x)

# %% a mixture of experts
i = Input((6,))
experts = [Dense(4, name=f"e{k}")(i) for k in range(3)]
gate = Dense(3, activation="softmax")(i)
stacked = ops.stack(experts, axis=1)
out = ops.sum(stacked * ops.expand_dims(gate, -1), axis=1)
model = Model(i, out)

# %% Sequential inside a functional model without input shape
body = Sequential([Dense(4, activation="relu"), Dropout(0.2), Dense(3)])
i = Input((5,))
model = Model(i, body(i))

# %% Sequential of Sequentials
def fc(n): return Sequential([Dense(n), Activation("relu")])
model = Sequential([Input((3,)), fc(4), fc(2), Sequential([Dense(1)])])

# %% rebinding model in a notebook
model = Sequential([Input((3,)), Dense(1)])
model.compile("sgd", "mse")
model = Sequential([Input((3,)), Dense(2, activation="softmax")])
model.compile("adam", "categorical_crossentropy")

# %% model in model.add
inner = Sequential([Input((3,)), Dense(4)])
model = Sequential()
model.add(inner)
model.add(Dense(2))

# %% layer weights constraint objects do not disturb
model = Sequential([Input((3,)), Dense(4, kernel_regularizer=keras.regularizers.l2(1e-4), kernel_initializer=keras.initializers.HeNormal(seed=1), bias_constraint=keras.constraints.NonNeg())])

# %% ensemble average
def member(k):
    i = Input((4,))
    return Model(i, Dense(1)(Dense(k)(i)), name=f"m{k}")
ms = [member(k) for k in (2, 3)]
i = Input((4,))
model = Model(i, layers.Average()([m(i) for m in ms]))

# %% grow a functional model step by step with the same name
m = Sequential([Input((3,)), Dense(4)])
for n in (3, 2):
    m = Model(m.inputs, Dense(n)(m.outputs[0]))
model = m

# %% a model given to a function that adds layers
def add_head(m, n, **kw):
    m.add(Dense(n, **kw))
model = Sequential([Input((3,))])
add_head(model, 4, activation="relu")
add_head(model, 2)

# %% Sequential with a list variable that is extended afterwards
parts = [Input((3,)), Dense(4)]
model = Sequential(parts)
parts.append(Dense(9))
model.add(Dense(2))

# %% add InputLayer
model = Sequential()
model.add(layers.InputLayer(shape=(5,)))
model.add(Dense(2))

# %% batch shapes
model = Sequential([layers.InputLayer(batch_shape=(4, 3)), Dense(2)])

# %% input of one axis given as an integer-like tuple variable
n_features = 7
input_shape = (n_features,)
model = Sequential([Dense(4, input_shape=input_shape), Dense(1)])

# %% a learning rate set after compile
model = Sequential([Input((3,)), Dense(1)])
model.compile("adam", "mse")
model.optimizer.learning_rate = 0.5

# %% a learning rate assigned twice, before and after a fit
optimizer = keras.optimizers.SGD(0.1)
model = Sequential([Input((3,)), Dense(1)])
model.compile(optimizer, "mae")
optimizer.learning_rate.assign(0.7)
model.fit(np.zeros((4, 3)), np.zeros((4, 1)), verbose=0)
model.optimizer.learning_rate = 0.25
model.fit(np.zeros((4, 3)), np.zeros((4, 1)), verbose=0)

# %% a layout of images that is set and asked for
from keras import backend as K
before = K.image_data_format()
K.set_image_data_format("channels_first")
shape = (3, 8, 6) if K.image_data_format() == "channels_first" else (8, 6, 2)
model = Sequential([Input(shape), layers.AveragePooling2D(2), Flatten(), Dense(4)])
K.set_image_data_format(before)

# %% the old name of a convolution in a program for today
model = Sequential([Input((28, 28, 1)), layers.Convolution2D(8, 3, 3), layers.Convolution2D(4, 3, 2, "same"), Flatten()])

# %% an embedding that is told its length and its first weights
table = np.ones((50, 6))
model = Sequential([layers.Embedding(50, 6, input_length=20, weights=[table], trainable=False), layers.Flatten(), Dense(1)])
model.build((None, 20))

# %% a layer that gives its states to one that takes several tensors
model = Sequential([Input((12, 3)), layers.GRU(5, return_state=True), Dropout(0.2), layers.Concatenate(), Dense(2)])

# %% the states of both directions
i = Input((12, 3))
model = Model(i, layers.Bidirectional(layers.LSTM(4, return_state=True))(i))

# %% a sequential model that ends in several tensors
model = Sequential([Input((12, 3)), layers.LSTM(5, return_state=True), Dropout(0.2)])

# %% a learning rate that is set, and an attribute that Keras has not
model = Sequential([Input((3,)), Dense(1)])
model.compile(keras.optimizers.SGD(0.25), "mse")
model.optimizer.learning_rate = 0.125
model.optimizer.lr = 0.5

# %% a saved model loaded again, from a path that is not known
import os, tempfile
path = os.path.join(tempfile.mkdtemp(), "net.keras")
i = Input((8,))
base = Model(i, Dense(2)(Dense(4, name="inner")(i)), name="saved")
base.save(path)
base.get_layer("inner").trainable = True
again = keras.models.load_model(path)
model = Model(again.input, Dense(3)(again.get_layer("inner").output), name="cut")

# %% a model that a checkpoint saved, with more behind it
import tempfile
path = tempfile.mkdtemp() + "/best.keras"
base = Sequential([Input((4,)), Dense(6, activation="relu"), Dense(1)])
base.compile("sgd", "mse")
base.fit(np.zeros((8, 4)), np.zeros((8, 1)), verbose=0, callbacks=[keras.callbacks.ModelCheckpoint(path, monitor="loss", save_best_only=True)])
best = keras.saving.load_model(path, compile=False)
best.trainable = False
model = Sequential([best, Dense(2)])
model.compile("adam", "mse")

# %% saved before it grows
import tempfile
path = tempfile.mkdtemp() + "/small.keras"
base = Sequential([Input((4,)), Dense(6)])
keras.saving.save_model(base, path)
base.add(Dense(9))
model = keras.saving.load_model(path)
