"""Of the rules about arguments and names that Keras does not know."""

# %% keras-unknown-argument on 3.15: what an older version took is told by another rule
keras.optimizers.Adam(lr=0.01)
keras.optimizers.SGD(decay=1e-6)

# %% keras-unknown-argument: the right name is given, too
Dense(4, activaton="relu", activation="relu")  # expect: keras-unknown-argument
# says: leave it out
# unfixed

# %% keras-unknown-argument: nothing is like it
Dense(4, wibble=1)  # expect: keras-unknown-argument
# says: leave it out
# unfixed

# %% keras-unknown-argument: a class of one's own may take what it likes in compile and fit
class Own(keras.Model):
    def compile(self, optimizer, wibble):
        super().compile(optimizer, "mse")
    def fit(self, x, y, wobble):
        return super().fit(x, y)
    def call(self, inputs):
        return inputs
model = Own()
model.compile("adam", wibble=1)
model.fit(np.zeros((8, 4)), np.zeros((8, 1)), wobble=1)

# %% keras-unknown-argument: a class that is not in sight may take what it likes in fit
from mine import Base
class Own(Base, keras.Model):
    def call(self, inputs):
        return inputs
model = Own()
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)), wobble=1)

# %% keras-unknown-argument: the program expects that compile refuses it
model = Sequential([Input((4,)), Dense(1)])
try:
    model.compile("adam", "mse", wibble=1)
except TypeError:
    pass

# %% keras-unknown-identifier: names that the program makes known
keras.utils.get_custom_objects()["mine"] = lambda x: x
Dense(4, activation="mine")

# %% keras-unknown-identifier: whatever else the program does wrong
other = Sequential([Input((4,)), Dense(1)])
other.fit(np.zeros((8, 4)), np.zeros((8, 1)))
Dense(4, activation="rellu")  # expect: keras-unknown-identifier
# fixed: activation="relu"

# %% keras-unknown-identifier: an activation that is no name
def own(x):
    return x
Dense(4, activation=own)

# %% keras-unknown-identifier: a name that stands elsewhere is not replaced
NAME = "rellu"
Dense(4, activation=NAME)  # expect: keras-unknown-identifier
# unfixed

# %% keras-unknown-identifier: nothing is like it
Dense(4, activation="wibble-wobble")  # expect: keras-unknown-identifier
# unfixed

# %% keras-unknown-identifier: a layer of one's own may know others
class Own(layers.Layer):
    def __init__(self, activation):
        super().__init__()
Own(activation="wibble")

# %% keras-unknown-identifier: the program expects that Keras refuses it
try:
    Dense(4, activation="wibble")
except ValueError:
    pass

# %% keras-unknown-identifier: a class of one's own may know other losses
class Own(keras.Model):
    def compile(self, optimizer, loss):
        super().compile(optimizer, "mse")
    def call(self, inputs):
        return inputs
model = Own()
model.compile("adam", loss="wibble")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-unknown-identifier: a compile that is only evaluated
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", loss="wibble")
model.evaluate(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-unknown-identifier: half of a name is enough to tell which is meant
layers.Conv2D(4, 3, padding="sa")  # expect: keras-unknown-identifier
# fixed: padding="same"

# %% keras-unknown-identifier: a padding of a convolution over time
layers.Conv1D(4, 3, padding="full")  # expect: keras-unknown-identifier
layers.Conv1D(4, 3, padding="causal")
layers.Conv2D(4, 3, padding="causal")  # expect: keras-unknown-identifier
layers.SeparableConv1D(4, 3, padding="samme")  # expect: keras-unknown-identifier

# %% keras-unknown-identifier: a padding of a pooling raises when it is called
layers.MaxPooling2D(2, padding="full")(Input((8, 8, 3)))  # expect: keras-unknown-identifier
layers.AveragePooling1D(2, padding="same")(Input((8, 3)))

# %% keras-unknown-identifier: a pooling that nothing calls raises nothing
layers.MaxPooling2D(2, padding="full")

# %% keras-invalid-argument: a default of a function that nobody in sight calls, which callers may replace
def block(x, units=0):
    return Dense(units)(x)

# %% keras-invalid-argument: a number that is written where the layer is made
def block(x, units=4):
    x = Dense(units)(x)
    return Dense(0)(x)  # expect: keras-invalid-argument

# %% keras-invalid-argument: a default that a call in sight uses
def block(x, units=0):
    return Dense(units)(x)  # expect: keras-invalid-argument
model = Model(inputs := Input((3,)), block(inputs))

# %% keras-invalid-name: another backend takes any name
import os
os.environ["KERAS_BACKEND"] = "jax"
model = Sequential([Input((4,)), Dense(1, name="the head")])
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-invalid-name: functions run eagerly, and make no scopes
import tensorflow as tf
tf.config.run_functions_eagerly(True)
model = Sequential([Input((4,)), Dense(1, name="the head")])
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-invalid-name: asked not to run eagerly
import tensorflow as tf
tf.config.run_functions_eagerly(False)
model = Sequential([Input((4,)), Dense(1, name="the head")])  # expect: keras-invalid-name
model.compile("adam", "mse", run_eagerly=False)
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-invalid-name: whether it runs eagerly is not known
model = Sequential([Input((4,)), Dense(1, name="the head")])
model.compile("adam", "mse", run_eagerly=np.random.rand() > 0.5)
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-invalid-name: a name from elsewhere, which has to be changed there
kind = "the head"
model = Sequential([Input((4,)), Dense(1, name=kind)])  # expect: keras-invalid-name
# unfixed
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-invalid-name: nothing is left of the name
model = Sequential([Input((4,)), Dense(1, name="層")])  # expect: keras-invalid-name
# fixed: name="dense"
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-invalid-name: a layer two models deep
inner = Sequential([Input((4,)), Dense(4, name="a b")])  # expect: keras-invalid-name
outer = Sequential([Input((4,)), inner])
model = Sequential([Input((4,)), outer, Dense(1)])
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-invalid-name: a program for Keras 2.2
from keras.layers import CuDNNLSTM
model = Sequential([Dense(1, name="the head", input_shape=(4,))])
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-invalid-argument: a slope of nothing
layers.LeakyReLU(negative_slope=None)  # expect: keras-invalid-argument

# %% keras-invalid-argument: a slope below 0
layers.LeakyReLU(negative_slope=-0.1)  # expect: keras-invalid-argument

# %% keras-invalid-argument: dims that are no tuple are another error
layers.Permute(2)

# %% keras-invalid-argument: dims of which one is not known
from mine import axis
layers.Permute((2, axis))

# %% keras-invalid-argument: one unit, written as a float, can be made whole
Dense(1.0)  # expect: keras-invalid-argument
# fixed: Dense(int(1.0))

# %% keras-invalid-argument: half a unit cannot
Dense(0.5)  # expect: keras-invalid-argument
# unfixed

# %% keras-invalid-argument: how often to save, as a float
keras.callbacks.ModelCheckpoint("best.keras", save_freq=2.5)  # expect: keras-invalid-argument

# %% keras-invalid-argument: how often to save, as a word
keras.callbacks.ModelCheckpoint("best.keras", save_freq="batch")  # expect: keras-invalid-argument

# %% keras-invalid-argument: how often to save, as Keras takes it
keras.callbacks.ModelCheckpoint("best.keras", save_freq="epoch")
keras.callbacks.ModelCheckpoint("best.keras", save_freq=100)

# %% keras-invalid-argument: fewer filters than groups
layers.Conv2D(1, 3, groups=2)  # expect: keras-invalid-argument

# %% keras-invalid-argument: one group, or none, for which Keras has other words
layers.Conv2D(5, 3, groups=1)
layers.Conv2D(5, 3, groups=0)

# %% keras-invalid-argument: of filters below 0 the groups are not said to be wrong as well
layers.Conv2D(-3, 3, groups=2)  # expect: keras-invalid-argument

# %% keras-invalid-argument: more noise than Keras takes
layers.GaussianNoise(1.5)  # expect: keras-invalid-argument

# %% keras-invalid-argument: a factor of 1
keras.callbacks.ReduceLROnPlateau(factor=1.0)  # expect: keras-invalid-argument

# %% keras-invalid-argument: of other recurrent layers Keras reads the penalty on the outputs
layers.LSTM(4, activity_regularizer=0.1)  # expect: keras-invalid-argument

# %% keras-invalid-argument: the other penalties of a SimpleRNN are read
layers.SimpleRNN(4, kernel_regularizer=0.1)  # expect: keras-invalid-argument

# %% keras-duplicate-layer-name: one of them is made where an error is expected
try:
    first = Dense(3, name="hidden")
except ValueError:
    pass
inputs = Input((3,))
Model(inputs, Dense(3, name="hidden")(first(inputs)))

# %% keras-duplicate-layer-name: a layer that is called like a model
inner = Sequential([Input((3,)), Dense(3)], name="hidden")
inputs = Input((3,))
Model(inputs, Dense(3, name="hidden")(inner(inputs)))  # expect: keras-duplicate-layer-name
# fixed: name="hidden_2"

# %% keras-duplicate-layer-name: a name that one line gives to both is not written anew
def block(inputs):
    return Dense(3, name="hidden")(inputs)  # expect: keras-duplicate-layer-name
inputs = Input((3,))
Model(inputs, block(block(inputs)))
# unfixed

# %% keras-invalid-argument: dims from 1 on
layers.Permute((2, 1))

# %% keras-invalid-argument: dims that begin with the batch
layers.Permute((0, 1))  # expect: keras-invalid-argument

# %% keras-invalid-argument: an axis that there is not, whatever the other is
from mine import axis
layers.Permute((3, axis))  # expect: keras-invalid-argument

# %% keras-invalid-argument: windows of more or fewer numbers than there are axes
layers.Conv1D(4, (3, 3))  # expect: keras-invalid-argument
layers.Conv3D(4, (3, 3))  # expect: keras-invalid-argument
layers.MaxPooling1D((2, 2))  # expect: keras-invalid-argument
layers.MaxPooling2D((2, 2, 2))  # expect: keras-invalid-argument
layers.MaxPooling3D((2, 2))  # expect: keras-invalid-argument

# %% keras-invalid-argument: windows of as many numbers as there are axes
layers.Conv1D(4, (3,))
layers.Conv3D(4, (3, 3, 3))
layers.MaxPooling1D((2,))
layers.MaxPooling2D((2, 2))
layers.MaxPooling3D((2, 2, 2))

# %% keras-invalid-name: a name of an optimizer that is not known
import sys
model = Sequential([Input((4,)), Dense(1)])
model.compile(keras.optimizers.Adam(name=sys.argv[1]), "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-invalid-name: an optimizer of one's own may be called otherwise
class Own(keras.optimizers.Adam):
    def __init__(self, name):
        super().__init__()
model = Sequential([Input((4,)), Dense(1)])
model.compile(Own(name="my own"), "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-invalid-name: layers of one's own, of which one has no use for its name
class Own(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.inner = Dense(3)
    def call(self, inputs):
        return self.inner(inputs)
class Other(layers.Layer):
    def __init__(self, name):
        super().__init__()
        self.inner = Dense(3)
    def call(self, inputs):
        return self.inner(inputs)
inputs = Input((4,))
x = Own(name="my own")(inputs)  # expect: keras-invalid-name
model = Model(inputs, Other(name="my other")(x))
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 3)))

# %% keras-invalid-name: a subclass that has its name from the program
class Net(keras.Model):
    def __init__(self):
        super().__init__(name="my net")
        self.head = Dense(1)
    def call(self, inputs):
        return self.head(inputs)
model = Net()  # expect: keras-invalid-name
# says: give another `name`
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-invalid-argument: texts and metrics where weights of losses are asked for
model = Sequential([Input((4,)), Dense(1, name="out")])
model.compile("sgd", "mse", "mae")  # expect: keras-invalid-argument
# says: Expected `loss_weights` argument to be a float
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))
model.compile("sgd", "mse", [keras.metrics.MeanAbsoluteError()])  # expect: keras-invalid-argument
# says: Failed to convert elements
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-invalid-argument: a text for the weight of a loss, by name
model = Sequential([Input((4,)), Dense(1, name="out")])
model.compile("sgd", "mse", loss_weights={"out": "mae"})  # expect: keras-invalid-argument
# says: not a valid dtype for Keras type promotion
# unfixed
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-invalid-argument: weights of losses
model = Sequential([Input((4,)), Dense(1, name="out")])
model.compile("sgd", "mse", 0.5)
model.compile("sgd", "mse", [0.5])
model.compile("sgd", "mse", {"out": 1})
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-invalid-name: of a layer inside another
model = Sequential([Input((5, 3)),
    layers.Bidirectional(layers.LSTM(2, name="my cell", return_sequences=True)),  # expect: keras-invalid-name
    layers.TimeDistributed(Dense(1, name="my layer")),  # expect: keras-invalid-name
    layers.TimeDistributed(Dense(1, name="last"))])
model.compile("adam", "mse")
model.fit(np.random.rand(32, 5, 3), np.random.rand(32, 5, 1))
