"""Of the rules about the data that a model is given."""

# %% keras-class-weight-by-name: of a model that is not known
from mine import model
model.fit(np.zeros((8, 4)), np.zeros((8,)), class_weight={"cat": 1.0, "dog": 2.0})

# %% keras-class-weight-by-name: of two outputs names may be meant, and another rule speaks
i = Input((4,))
model = Model(i, [Dense(1)(i), Dense(1)(i)])
model.compile("adam", ["mse", "mse"])
model.fit(np.zeros((8, 4)), [np.zeros((8,)), np.zeros((8,))], class_weight={"a": 1.0, "b": 2.0})

# %% keras-class-weight-by-name: of the classes of one output
model = Sequential([Input((4,)), Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(np.zeros((8, 4)), np.zeros((8,)), class_weight={"a": 1.0, "b": 2.0})  # expect: keras-class-weight-by-name

# %% keras-class-weight-misuse: a step of one's own may take it for each output
class Own(keras.Model):
    def train_step(self, data):
        return {}
i = Input((4,))
model = Own(i, [Dense(1)(i), Dense(1)(i)])
model.compile("adam", ["mse", "mse"])
model.fit(np.zeros((8, 4)), [np.zeros((8,)), np.zeros((8,))], class_weight={0: 1.0, 1: 2.0})

# %% keras-class-weight-misuse: labels of two steps
model = Sequential([Input((2, 4)), Dense(3, activation="softmax")])
model.compile("adam", "categorical_crossentropy")
model.fit(np.zeros((8, 2, 4)), np.zeros((8, 2, 3)), class_weight={0: 1.0, 1: 2.0})  # expect: keras-class-weight-misuse

# %% keras-class-weight-misuse: of a single step an older NumPy makes one number
model = Sequential([Input((1, 4)), Dense(3, activation="softmax")])
model.compile("adam", "categorical_crossentropy")
model.fit(np.zeros((8, 1, 4)), np.zeros((8, 1, 3)), class_weight={0: 1.0, 1: 2.0})

# %% keras-class-weight-misuse: labels of steps whose number is not known
from mine import steps
model = Sequential([Input((None, 4)), Dense(3, activation="softmax")])
model.compile("adam", "categorical_crossentropy")
model.fit(np.zeros((8, steps, 4)), np.zeros((8, steps, 3)), class_weight={0: 1.0, 1: 2.0})

# %% keras-unscaled-inputs: bytes of steps into a convolution
model = Sequential([Input((30, 3)), layers.Conv1D(8, 3, activation="relu"), layers.Flatten(), Dense(1)])
model.compile("adam", "mse")
model.fit(np.random.randint(0, 256, (8, 30, 3)), np.zeros((8, 1)))  # expect: keras-unscaled-inputs

# %% keras-unscaled-inputs: bytes of a volume into a convolution
model = Sequential([Input((9, 9, 9, 3)), layers.Conv3D(8, 3, activation="relu"), layers.Flatten(), Dense(1)])
model.compile("adam", "mse")
model.fit(np.random.randint(0, 256, (8, 9, 9, 9, 3)), np.zeros((8, 1)))  # expect: keras-unscaled-inputs

# %% keras-unscaled-inputs: bytes into a part that does not scale them
part = Sequential([Input((4,)), Dense(8, activation="relu")])
model = Sequential([Input((4,)), part, Dense(1)])
model.compile("adam", "mse")
model.fit(np.random.randint(0, 256, (8, 4)), np.zeros((8, 1)))  # expect: keras-unscaled-inputs

# %% keras-unscaled-inputs: bytes into a part of two inputs
a, b = Input((4,)), Input((4,))
part = Model([a, b], Dense(8, activation="relu")(a))
i, j = Input((4,)), Input((4,))
model = Model([i, j], Dense(1)(part([j, i])))
model.compile("adam", "mse")
model.fit([np.random.randint(0, 256, (8, 4)), np.zeros((8, 4))], np.zeros((8, 1)))

# %% keras-unscaled-inputs: bytes into the layers of an application
base = keras.applications.VGG16()
model = Model(base.input, Dense(1)(base.layers[-2].output))
model.compile("adam", "mse")
model.fit(np.random.randint(0, 256, (8, 224, 224, 3)), np.zeros((8, 1)))

# %% keras-unscaled-inputs: bytes into a part made of the layers of an application
base = keras.applications.VGG16()
part = Model(base.input, base.layers[-2].output)
model = Sequential([Input((224, 224, 3)), part, Dense(1)])
model.compile("adam", "mse")
model.fit(np.random.randint(0, 256, (8, 224, 224, 3)), np.zeros((8, 1)))

# %% keras-unscaled-inputs: a layer of one's own may scale them
class Own(layers.Layer):
    def call(self, inputs):
        return inputs / 255
model = Sequential([Input((4,)), Own(), Dense(8, activation="relu"), Dense(1)])
model.compile("adam", "mse")
model.fit(np.random.randint(0, 256, (8, 4)), np.zeros((8, 1)))

# %% keras-integer-truncated-input: a function in between may round
r = np.round
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
images = np.random.randint(0, 256, (8, 4))
model.fit(r(images / 255).astype("uint8"), np.zeros((8, 1)))

# %% keras-integer-truncated-input: as many letters as a cast has
do = np
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
images = np.random.randint(0, 256, (8, 4))
model.fit(do.clip(images / 255, 0, 1).astype("uint8"), np.zeros((8, 1)))

# %% keras-integer-truncated-input: a cast of what was rounded
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
images = np.random.randint(0, 256, (8, 4))
model.fit(tf.cast(np.round(images / 255), tf.uint8), np.zeros((8, 1)))

# %% keras-integer-truncated-input: a cast of what was divided
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
images = np.random.randint(0, 256, (8, 4))
model.fit(tf.cast(images / 255, tf.uint8), np.zeros((8, 1)))  # expect: keras-integer-truncated-input

# %% keras-unscaled-target: inputs as large are told by another rule
model = Sequential([Input((4,)), Dense(1)])
model.compile("sgd", "mse")
model.fit(np.random.randint(0, 5000, (8, 4)), np.random.rand(8, 1))

# %% keras-unscaled-inputs: only how large they are is known
from mine import images
model = Sequential([Input((4,)), Dense(8, activation="relu"), Dense(1)])
model.compile("adam", "mse")
model.fit(np.minimum(np.array(images).reshape(8, 4), 100), np.zeros((8, 1)))
