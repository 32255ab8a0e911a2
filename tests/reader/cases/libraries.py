# %% a check that raises settles what follows
import os
wide = "KERASLINT_WIDE" in os.environ
deep = "KERASLINT_DEEP" in os.environ
units = 8 if wide else 3
if wide:
    raise ValueError("not here")
assert not deep
i = Input((4,))
x = Dense(units)(i)
if wide:
    x = Dense(64)(x)
if deep:
    x = Dense(65)(x)
model = Model(i, x)

# %% functions and classes are equal to themselves and to nothing else
def own(x):
    return ops.relu(x)
def size_of(activation):
    if activation == keras.activations.gelu:
        return 2
    if activation == keras.layers.ReLU or activation == "relu" or activation == None:
        return 3
    return 5 if activation != own else 7
sizes = [size_of(a) for a in (keras.activations.gelu, own, keras.activations.swish, layers.ReLU, "relu", None)]
model = Sequential([Input((4,)), *(Dense(n) for n in sizes), Dense(6 if keras.activations.silu == keras.activations.swish else 8)])

# %% a module under one of two names
import os
if "KERASLINT_PLAIN" in os.environ:
    import keras as k
else:
    from tensorflow import keras as k
i = k.Input((4,))
x = k.layers.Dense(3, activation=k.activations.relu)(i)
model = k.Model(i, k.layers.Dense(2)(x))

# %% stochastic depth along a linspace of rates
i = Input((4,))
x = i
rates = [float(rate) for rate in tf.linspace(0.0, 0.2, 5)]
for k, rate in enumerate(rates):
    y = Dense(4, name=f"block_{k}")(x)
    x = layers.add([x, Dropout(rate)(y)]) if rate else y
steps = np.linspace(1, 9, 5)
for n in steps:
    x = Dense(int(n))(x)
model = Model(i, x)

# %% constants made of lists, numbers and tensors
i = Input((6, 3))
x = (i - ops.array([0.4, 0.5, 0.6])) / ops.convert_to_tensor([[0.2, 0.2, 0.3]])
x = x + ops.convert_to_tensor(0.5) + tf.constant(2.0, shape=(6, 1))
class Pair(layers.Layer):
    def call(self, x):
        return tf.convert_to_tensor([x[0], x[1], x[0]])
model = Model(i, [x, Dense(2)(x), Pair()(x)])

# %% attributes set past the class's own way of setting them
class Task(keras.Model):
    def __setattr__(self, name, value):
        if name == "head":
            object.__setattr__(self, name, value)
        else:
            super().__setattr__(name, value)
    def __init__(self):
        head = Sequential([Input((4,)), Dense(3)], name="head")
        i = Input((4,))
        super().__init__(i, Dense(2)(head(i)))
        self.head = head
task = Task()
model = Model(task.head.inputs, Dense(5)(task.head.outputs[0]))

# %% resizing as TensorFlow 1 did, on an input whose other settings are None
i = Input(shape=(4, 3, 2), batch_shape=None, batch_size=None, name=None, dtype=None)
x = layers.Lambda(lambda t: tf.compat.v1.image.resize(t, (8, 5), method="bilinear", align_corners=True))(i)
model = Model(i, Conv2D(3, 2)(x))

# %% the preprocessing of each application inside of a model
apps = keras.applications
i = Input((32, 24, 3))
gray = Input((32, 24, 1))
i6 = Input((None, None, 6))
model = Model([i, gray, i6], [
    Conv2D(2, 3)(apps.mobilenet_v2.preprocess_input(i)), apps.vgg16.preprocess_input(i),
    apps.imagenet_utils.preprocess_input(i, mode="torch"), apps.resnet50.preprocess_input(i),
    apps.densenet.preprocess_input(i), apps.xception.preprocess_input(gray), apps.efficientnet.preprocess_input(i6),
    apps.convnext.preprocess_input(gray), apps.inception_v3.preprocess_input(i6),
])

# %% features that one model predicts are what another is made for
i = Input((8, 6, 3))
x = Conv2D(4, 3)(i)
both = Model(i, [x, Flatten()(x)])
maps, flat = both.predict(np.zeros((5, 8, 6, 3)), verbose=0)
rows = maps.reshape(maps.shape[0], -1)
steps = np.reshape(maps, (len(maps), -1, 4))
late = Model(i, x).predict_on_batch(np.zeros((5, 8, 6, 3)))
a, b, c = Input(rows.shape[1:]), Input(steps.shape[1:]), Input(late.shape[1:])
model = Model([a, b, c], [Dense(3)(a), Dense(2)(Flatten()(b)), Dense(flat.shape[1])(c)])

# %% a loss and a metric that are methods
class Agent:
    def loss(self, target, prediction):
        return ops.mean(ops.square(target - prediction))
    def error(self, target, prediction):
        return ops.mean(ops.abs(target - prediction))
    def build(self):
        model = Sequential([Input((4,)), Dense(2)])
        model.compile(loss=self.loss, optimizer="adam", metrics=[self.error])
        return model
model = Agent().build()

# %% paths that are put together are text, as far as they are known
import os
path = os.path.join("models", "net", "best.keras")
name = os.path.basename(os.getcwd())
units = len(path) + len(os.path.join("", "a"))
model = Sequential([Input((4,)), Dense(units), Dense(5 if path == "models/net/best.keras" else 6)])
