"""Of the rules about optimizers and their learning rates."""

# %% keras-invalid-hyperparameter on 2.15: Keras 2 has a default for no epsilon
keras.optimizers.Adam(epsilon=None)

# %% keras-invalid-hyperparameter: what is given by its place cannot be left out
keras.optimizers.Adam(0.001, 0.9, 0.999, None)  # expect: keras-invalid-hyperparameter
# unfixed

# %% keras-invalid-hyperparameter: a momentum of one
keras.optimizers.SGD(momentum=1.0)  # expect: keras-invalid-hyperparameter
# says: steps never slow down
# fixed: momentum=0.9

# %% keras-invalid-hyperparameter: a momentum above one
keras.optimizers.SGD(momentum=1.5)  # expect: keras-invalid-hyperparameter
# says: Keras raises
# fixed: momentum=0.0

# %% keras-invalid-hyperparameter: the momentum of others is not looked at by Keras
keras.optimizers.RMSprop(momentum=1.5)  # expect: keras-invalid-hyperparameter
# says: steps never slow down

# %% keras-invalid-hyperparameter: what else of SGD is above one
keras.optimizers.SGD(learning_rate=2.0)

# %% keras-invalid-hyperparameter: a schedule of no steps
keras.optimizers.schedules.CosineDecay(0.1, decay_steps=0)  # expect: keras-invalid-hyperparameter

# %% keras-invalid-hyperparameter: a schedule of one step
keras.optimizers.schedules.CosineDecay(0.1, decay_steps=1)

# %% keras-invalid-hyperparameter: values that are not known
from mine import values
keras.optimizers.schedules.PiecewiseConstantDecay([10, 20], values)

# %% keras-invalid-hyperparameter: of clips that are given by their places none can be left out
keras.optimizers.Adam(0.001, 0.9, 0.999, 1e-7, False, None, 1.0, 1.0)  # expect: keras-invalid-hyperparameter
# unfixed

# %% keras-invalid-hyperparameter: a mean that forgets all, and one that forgets a little
keras.optimizers.Adam(beta_2=0.0)
keras.optimizers.Adam(beta_2=0.99)

# %% keras-invalid-hyperparameter: a mean of less than nothing
keras.optimizers.Adam(beta_2=-0.1)  # expect: keras-invalid-hyperparameter
# fixed: beta_2=0.999

# %% keras-invalid-hyperparameter: a schedule for a momentum
keras.optimizers.Lion(beta_1=2)  # expect: keras-invalid-hyperparameter
# fixed: beta_1=0.9

# %% keras-optimizer-lr-attribute on 2.15: Keras 2 knows it
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.optimizer.lr = 0.1
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-optimizer-reused on 2.11: Keras 2 makes variables for any model
adam = keras.optimizers.Adam()
first = Sequential([Input((4,)), Dense(1)])
first.compile(adam, "mse")
first.fit(np.zeros((8, 4)), np.zeros((8, 1)))
second = Sequential([Input((4,)), Dense(1)])
second.compile(adam, "mse")
second.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-optimizer-reused: the first that is fitted has it, not the first that is compiled
adam = keras.optimizers.Adam()
first = Sequential([Input((4,)), Dense(1)])
first.compile(adam, "mse")  # expect: keras-optimizer-reused
second = Sequential([Input((4,)), Dense(1)])
second.compile(adam, "mse")
second.fit(np.zeros((8, 4)), np.zeros((8, 1)))
first.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-optimizer-reused: the second model has no weights but those of the first
adam = keras.optimizers.Adam()
i, dense = Input((4,)), Dense(1)
first = Model(i, dense(i))
first.compile(adam, "mse")
first.fit(np.zeros((8, 4)), np.zeros((8, 1)))
second = Model(i, layers.Dropout(0.1)(dense(i)))
second.compile(adam, "mse")
second.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-optimizer-reused: what the second model adds is frozen
adam = keras.optimizers.Adam()
i, dense, frozen = Input((4,)), Dense(1), Dense(4, trainable=False)
first = Model(i, dense(i))
first.compile(adam, "mse")
first.fit(np.zeros((8, 4)), np.zeros((8, 1)))
second = Model(i, dense(frozen(i)))
second.compile(adam, "mse")
second.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-optimizer-reused: whatever else the first model holds, the second's layers are new
from mine import layer
adam = keras.optimizers.Adam()
first = Sequential([Input((4,)), layer, Dense(1)])
first.compile(adam, "mse")
first.fit(np.zeros((8, 4)), np.zeros((8, 1)))
second = Sequential([Input((4,)), Dense(1)])
second.compile(adam, "mse")  # expect: keras-optimizer-reused
second.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-optimizer-reused: a step of one's own may not use it
class Own(keras.Model):
    def train_step(self, data):
        return {}
adam = keras.optimizers.Adam()
i = Input((4,))
first = Own(i, Dense(1)(i))
first.compile(adam, "mse")
first.fit(np.zeros((8, 4)), np.zeros((8, 1)))
second = Sequential([Input((4,)), Dense(1)])
second.compile(adam, "mse")
second.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-tiny-learning-rate: little for Adam, as small as it may be
model = Sequential([Input((4,)), Dense(1)])
model.compile(keras.optimizers.Adam(1e-7), "mse")
model.fit(np.random.rand(8, 4), np.random.rand(8, 1))
model.compile(keras.optimizers.Adam(1.2e-7), "mse")
model.fit(np.random.rand(8, 4), np.random.rand(8, 1))

# %% keras-tiny-learning-rate: too little for Adam
model = Sequential([Input((4,)), Dense(1)])
model.compile(keras.optimizers.Adam(9e-8), "mse")  # expect: keras-tiny-learning-rate
model.fit(np.random.rand(8, 4), np.random.rand(8, 1))

# %% keras-tiny-learning-rate: too little for SGD, and data just small enough
model = Sequential([Input((4,)), Dense(1)])
model.compile(keras.optimizers.SGD(1e-5), "mse")  # expect: keras-tiny-learning-rate
model.fit(np.random.uniform(-10, 10, (8, 4)), np.random.rand(8, 1))

# %% keras-tiny-learning-rate: little for SGD, as small as it may be
model = Sequential([Input((4,)), Dense(1)])
model.compile(keras.optimizers.SGD(1.2e-5), "mse")
model.fit(np.random.rand(8, 4), np.random.rand(8, 1))

# %% keras-tiny-learning-rate: larger data make larger gradients
model = Sequential([Input((4,)), Dense(1)])
model.compile(keras.optimizers.SGD(1e-5), "mse")
model.fit(np.random.uniform(-10.5, 10, (8, 4)), np.random.rand(8, 1))
model = Sequential([Input((4,)), Dense(1)])
model.compile(keras.optimizers.SGD(1e-5), "mse")
model.fit(np.random.uniform(-10, 10.5, (8, 4)), np.random.rand(8, 1))

# %% keras-tiny-learning-rate: nothing at all is told by another rule
model = Sequential([Input((4,)), Dense(1)])
model.compile(keras.optimizers.Adam(0.0), "mse")
model.fit(np.random.rand(8, 4), np.random.rand(8, 1))

# %% keras-tiny-learning-rate: weights that were learned before, and saved
model = Sequential([Input((4,)), Dense(1)])
model.compile("sgd", "mse")
model.fit(np.random.rand(8, 4), np.random.rand(8, 1))
model.save("net.keras")
tuned = keras.models.load_model("net.keras")
tuned.compile(keras.optimizers.SGD(1e-5), "mse")
tuned.fit(np.random.rand(8, 4), np.random.rand(8, 1))

# %% keras-tiny-learning-rate: a part that may have learned before
part = Sequential([Input((4,)), Dense(4)])
model = Sequential([Input((4,)), part, Dense(1)])
model.compile(keras.optimizers.SGD(1e-5), "mse")
model.fit(np.random.rand(8, 4), np.random.rand(8, 1))

# %% keras-tiny-learning-rate: the layers of an application have learned before
base = keras.applications.VGG16()
model = Model(base.input, Dense(1)(base.layers[-2].output))
model.compile(keras.optimizers.SGD(1e-5), "mse")
model.fit(np.random.rand(8, 224, 224, 3), np.random.rand(8, 1))

# %% keras-useless-learning-rate: an optimizer of one's own may mean anything by it
class Own(keras.optimizers.SGD):
    pass
model = Sequential([Input((4,)), Dense(1)])
model.compile(Own(learning_rate=0.0), "mse")
model.fit(np.random.rand(8, 4), np.random.rand(8, 1))

# %% keras-high-learning-rate: more than what classifiers of scaled images bear
model = Sequential([Input((8, 8, 1)), layers.Conv2D(4, 3), layers.Flatten(), Dense(64, "relu"), Dense(10, "softmax")])
model.compile(keras.optimizers.Adam(0.012), "sparse_categorical_crossentropy")  # expect: keras-high-learning-rate
model.fit(np.random.rand(8, 8, 8, 1), np.random.randint(0, 10, (8,)))

# %% keras-high-learning-rate: what classifiers of scaled images bear
model = Sequential([Input((8, 8, 1)), layers.Conv2D(4, 3), layers.Flatten(), Dense(64, "relu"), Dense(10, "softmax")])
model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
model.fit(np.random.rand(8, 8, 8, 1), np.random.randint(0, 10, (8,)))

# %% keras-high-learning-rate: images that are not scaled far enough
model = Sequential([Input((8, 8, 1)), layers.Conv2D(4, 3), layers.Flatten(), Dense(64, "relu"), Dense(10, "softmax")])
model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")  # expect: keras-high-learning-rate
model.fit(2 * np.random.rand(8, 8, 8, 1), np.random.randint(0, 10, (8,)))

# %% keras-high-learning-rate: bytes that are scaled to 0 to 2
model = Sequential([Input((8, 8, 1)), layers.Rescaling(2 / 255),
    layers.Conv2D(4, 3), layers.Flatten(), Dense(64, "relu"), Dense(10, "softmax")])
model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")  # expect: keras-high-learning-rate
from mine import images, labels
model.fit(images, labels)

# %% keras-high-learning-rate: bytes that are scaled to 0 to 1
model = Sequential([Input((8, 8, 1)), layers.Rescaling(1 / 255),
    layers.Conv2D(4, 3), layers.Flatten(), Dense(64, "relu"), Dense(10, "softmax")])
model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
from mine import images, labels
model.fit(images, labels)

# %% keras-high-learning-rate: normalization bears a tenth
model = Sequential([Input((8,)), Dense(64, "relu"), layers.BatchNormalization(), Dense(10, "softmax")])
model.compile(keras.optimizers.Adam(0.1), "sparse_categorical_crossentropy")

# %% keras-high-learning-rate: words bear a tenth
model = Sequential([Input((8,)), layers.Embedding(100, 8), layers.GlobalAveragePooling1D(),
    Dense(64, "relu"), Dense(10, "softmax")])
model.compile(keras.optimizers.Adam(0.1), "sparse_categorical_crossentropy")

# %% keras-high-learning-rate: a wide classifier does not bear a tenth
model = Sequential([Input((8,)), Dense(64, "relu"), Dense(10, "softmax")])
model.compile(keras.optimizers.Adam(0.1), "sparse_categorical_crossentropy")  # expect: keras-high-learning-rate

# %% keras-high-learning-rate: a wide regression of two layers bears a tenth
model = Sequential([Input((8,)), Dense(255, "relu"), Dense(1)])
model.compile(keras.optimizers.Adam(0.1), "mse")

# %% keras-high-learning-rate: a very wide one does not
model = Sequential([Input((8,)), Dense(256, "relu"), Dense(1)])
model.compile(keras.optimizers.Adam(0.1), "mse")  # expect: keras-high-learning-rate

# %% keras-high-learning-rate: nor does one of three layers
model = Sequential([Input((8,)), Dense(64, "relu"), Dense(64, "relu"), Dense(1)])
model.compile(keras.optimizers.Adam(0.1), "mse")  # expect: keras-high-learning-rate

# %% keras-removed-argument on 3.15: two old arguments make one new
layers.Conv2D(32, nb_row=3, nb_col=3)  # expect: keras-removed-argument
# unfixed

# %% keras-removed-argument on 3.15: the new name is given, too
keras.optimizers.Adam(lr=0.01, learning_rate=0.01)  # expect: keras-removed-argument
# unfixed

# %% keras-removed-argument on 3.15: the layer has the new name no more than the old
layers.SimpleRNN(8, inner_activation="tanh")  # expect: keras-removed-argument
# fixed: layers.SimpleRNN(8)

# %% keras-removed-argument on 3.15: one old argument is renamed
layers.Conv2D(nb_filter=32, kernel_size=3)  # expect: keras-removed-argument
# fixed: layers.Conv2D(filters=32, kernel_size=3)

# %% keras-removed-argument on 2.15: what counts other things is not renamed
from mine import data
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.fit_generator(data, samples_per_epoch=100)  # expect: keras-removed-argument
# unfixed

# %% keras-removed-argument on 3.14.5: the version that was asked about is named
keras.optimizers.Adam(lr=0.01)  # expect: keras-removed-argument
# says: Keras 3.14.5 

# %% keras-removed-argument on 3.15: a length that is not known makes no shape
from mine import length
layers.LSTM(8, input_length=length, input_dim=4)  # expect: keras-removed-argument
# unfixed

# %% keras-high-learning-rate: a classifier with convolutions, Flatten and a relu
model = Sequential([Input((16, 16, 1)), layers.Conv2D(8, 3, activation="relu"), layers.Flatten(),
    Dense(16, activation="relu"), Dense(5, activation="softmax")])
model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")  # expect: keras-high-learning-rate
model.fit(data, labels)

# %% keras-high-learning-rate: an activation of one's own is no relu
def swish(x):
    return x * ops.sigmoid(x)
model = Sequential([Input((16, 16, 1)), layers.Conv2D(8, 3, activation="relu"), layers.Flatten(),
    Dense(16, activation=swish), Dense(5, activation="softmax")])
model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
model.fit(data, labels)
