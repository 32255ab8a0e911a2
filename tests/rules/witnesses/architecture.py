"""Of the rules about how layers follow each other."""

# %% keras-linear-stack: convolutions over steps
model = Sequential([Input((30, 4)),
    layers.Conv1D(8, 3),  # expect: keras-linear-stack
    layers.AveragePooling1D(),
    layers.Conv1D(8, 3, activation="relu"), layers.Flatten(), Dense(1)])

# %% keras-linear-stack: convolutions over volumes
model = Sequential([Input((30, 30, 30, 4)),
    layers.Conv3D(8, 3),  # expect: keras-linear-stack
    layers.AveragePooling3D(),
    layers.Conv3D(8, 3, activation="relu"), layers.Flatten(), Dense(1)])

# %% keras-linear-stack: the last layer of an application was taken as it is
base = keras.applications.VGG16(classifier_activation=None)
model = Model(base.input, Dense(3)(base.output))

# %% keras-linear-stack: how many features there are is not known
from mine import shape
model = Sequential([Input(shape), Dense(6), Dense(8)])

# %% keras-linear-stack: how many units there are is not known
from mine import units
model = Sequential([Input((4,)), Dense(units), Dense(8)])

# %% keras-linear-stack: wider than what comes in, if narrower than what goes out
model = Sequential([Input((4,)),
    Dense(6),  # expect: keras-linear-stack
    Dense(8)])

# %% keras-linear-stack: narrower than both sides
model = Sequential([Input((4,)), Dense(3), Dense(8)])

# %% keras-constant-kernel-initializer: a layer that is no convolution of those that were tried
model = Sequential([Input((30, 30, 4)), layers.SeparableConv2D(4, 3, depthwise_initializer="zeros"),
    layers.Conv2D(4, 3), layers.Flatten(), Dense(1)])

# %% keras-stacked-activations: a linear activation in between changes nothing
model = Sequential([Input((4,)),
    Dense(8, activation="tanh"),  # expect: keras-stacked-activations
    Activation("linear"), Activation("relu"), Dense(1)])

# %% keras-stacked-activations: a function that is called is meant
i = Input((4,))
model = Model(i, Dense(1)(ops.tanh(Dense(8, activation="tanh")(i))))

# %% keras-stacked-activations: two that stand on no weights are a choice inside of a model
model = Sequential([Input((4,)), Activation("sigmoid"), Activation("softmax"), Dense(1)])

# %% keras-stacked-activations: other pairs that stand on no weights are a choice
model = Sequential([Input((4,)), Activation("relu"), Activation("softmax")])

# %% keras-stacked-activations: the last activation of an application was taken as it is
base = keras.applications.VGG16()
model = Model(base.input, Activation("softmax")(base.output))

# %% keras-dense-on-feature-map: a layer of one's own may flatten
class Dropout(layers.Layer):
    def call(self, inputs):
        return ops.reshape(inputs, (-1, 8))
model = Sequential([Input((30, 4)), layers.Conv1D(8, 3, activation="relu"), Dropout(), Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")

# %% keras-dense-on-feature-map: an operation may flatten
i = Input((30, 4))
model = Model(i, Dense(3, activation="softmax")(ops.relu(layers.Conv1D(8, 3)(i))))
model.compile("adam", "sparse_categorical_crossentropy")

# %% keras-dense-on-feature-map: an output without weights
model = Sequential([Input((30, 4)), layers.MaxPooling1D(), Activation("softmax")])
model.compile("adam", "sparse_categorical_crossentropy")

# %% keras-dense-on-feature-map: a loss that is not known
from mine import loss
model = Sequential([Input((30, 4)), layers.Conv1D(8, 3, activation="relu"), Dense(3, activation="softmax")])
model.compile("adam", loss)

# %% keras-dropout-rate: True is one to Keras, and drops everything
layers.Dropout(True)  # expect: keras-dropout-rate
# fixed: layers.Dropout(0.5)

# %% keras-dropout-rate: either of two rates that a search tries
from keras_tuner import HyperParameters
layers.Dropout(HyperParameters().Choice("rate", [2, 3]))

# %% keras-extreme-dropout: a layer of one's own may mean another rate
class Forget(layers.Layer):
    def __init__(self, rate):
        super().__init__()
        self.rate = rate
model = Sequential([Input((4,)), Dense(8, activation="relu"), Forget(rate=0.9), Dense(1)])

# %% keras-extreme-regularization: layers of one's own may mean another penalty
class Own(layers.Layer):
    def __init__(self, kernel_regularizer):
        super().__init__()
model = Sequential([Input((4,)), Own(kernel_regularizer=keras.regularizers.L2(1.0)),
    Own(kernel_regularizer=keras.regularizers.L2(1.0)), Dense(1)])

# %% keras-one-unit-bottleneck: between the features and two outputs
model = Sequential([Input((8,)), Dense(16, activation="relu"),
    Dense(1, activation="relu"),  # expect: keras-one-unit-bottleneck
    Dense(2)])

# %% keras-one-unit-bottleneck: between two features and a layer
model = Sequential([Input((2,)),
    Dense(1, activation="relu"),  # expect: keras-one-unit-bottleneck
    Dense(16)])

# %% keras-recurrent-relu: convolutions in a cell were not measured
model = Sequential([Input((5, 8, 8, 1)), layers.ConvLSTM2D(4, 3, activation="relu"), layers.Flatten(), Dense(1)])
model.compile("adam", "mse")

# %% keras-saturating-stack: the sigmoids of cells are gates
model = Sequential([Input((5, 4)), layers.LSTM(4, activation="sigmoid", return_sequences=True),
    layers.LSTM(4, activation="sigmoid", return_sequences=True), layers.LSTM(4, activation="sigmoid"), Dense(1)])

# %% keras-saturating-stack: three, and then the output
model = Sequential([Input((4,)), Dense(4, "sigmoid"), Dense(4, "sigmoid"),
    Dense(4, "sigmoid"),  # expect: keras-saturating-stack
    Dense(1)])

# %% keras-saturating-stack: the third makes an output
i = Input((4,))
x = Dense(4, "sigmoid")(Dense(4, "sigmoid")(Dense(4, "sigmoid")(i)))
model = Model(i, [x, Dense(1)(x)])

# %% keras-softmax-in-hidden-layer: of what comes in, as it is
model = Sequential([Input((8,)), Activation("softmax"), Dense(3)])

# %% keras-softmax-in-hidden-layer: of no layer with weights
model = Sequential([Input((8,)), layers.LayerNormalization(), layers.Softmax(), Dense(3)])

# %% keras-softmax-in-hidden-layer: a softmax of one unit is told by another rule
model = Sequential([Input((8,)), Dense(1, activation="softmax"), Dense(3)])

# %% keras-softmax-in-hidden-layer: of two units
model = Sequential([Input((8,)),
    Dense(2, activation="softmax"),  # expect: keras-softmax-in-hidden-layer
    Dense(3)])

# %% keras-softmax-in-hidden-layer: before pooling of steps
model = Sequential([Input((30, 8)),
    layers.Conv1D(4, 3, activation="softmax"),  # expect: keras-softmax-in-hidden-layer
    layers.MaxPooling1D(), layers.Conv1D(4, 3)])

# %% keras-softmax-in-hidden-layer: before pooling of a volume
model = Sequential([Input((30, 30, 30, 8)),
    layers.Conv3D(4, 3, activation="softmax"),  # expect: keras-softmax-in-hidden-layer
    layers.MaxPooling3D(), layers.Conv3D(4, 3)])

# %% keras-softmax-in-hidden-layer: the last layer of an application was taken as it is
base = keras.applications.VGG16()
model = Model(base.input, Dense(3)(base.output))

# %% keras-trainable-changed-after-compile on 2.15: Keras 2 looks at what is frozen where it compiles
discriminator = Sequential([Input((8,)), Dense(16, "relu"), Dense(1, "sigmoid")])
discriminator.compile(optimizer="adam", loss="binary_crossentropy")
discriminator.trainable = False
generator = Sequential([Input((4,)), Dense(8)])
gan = Sequential([Input((4,)), generator, discriminator])
gan.compile(optimizer="adam", loss="binary_crossentropy")
for _ in range(3):
    discriminator.train_on_batch(np.zeros((64, 8)), np.ones((64, 1)))
    gan.train_on_batch(np.zeros((64, 4)), np.ones((64, 1)))

# %% keras-dropout-rate: a default of a class that nobody in sight makes
class Head(layers.Layer):
    def __init__(self, rate=1.5):
        super().__init__()
        self.drop = layers.Dropout(rate)

# %% keras-bias-before-batch-norm: weights that are loaded have to fit
model = Sequential([Input((4,)), Dense(8), layers.BatchNormalization(), Dense(1)])
model.load_weights("known.weights.h5")

# %% keras-bias-before-batch-norm: a normalization of another axis leaves the bias
inputs = Input((1, 8, 8))
first = layers.BatchNormalization()(layers.Conv2D(4, 3, data_format="channels_first")(inputs))
second = layers.BatchNormalization(axis=1)(layers.Conv2D(4, 3, data_format="channels_first")(first))  # expect: keras-bias-before-batch-norm
third = layers.BatchNormalization(axis=1)(layers.Dense(4)(second))
model = Model(inputs, third)

# %% keras-bias-before-batch-norm: whether there is a bias may not be known
from mine import flag
model = Sequential([Input((4,)), Dense(8, use_bias=flag), layers.BatchNormalization(), Dense(1)])

# %% keras-bias-before-batch-norm: a default that others may change decides whether anything is normalized
class Block(Model):
    def __init__(self, normalized=True):
        super().__init__()
        self.mlp = Sequential()
        self.mlp.add(Input((4,)))
        self.mlp.add(Dense(8))
        if normalized:
            self.mlp.add(layers.BatchNormalization())
    def call(self, x):
        return self.mlp(x)

# %% keras-bias-before-batch-norm: what an application has it was trained with
base = keras.applications.ResNet50(weights=None, include_top=False, input_shape=(32, 32, 3))
model = Model(base.input, Dense(1)(base.output))

# %% keras-dropout-before-batch-norm: at a rate of 0 nothing is dropped
model = Sequential([Input((4, 4, 4, 2)), layers.Dropout(0.0), layers.BatchNormalization(), layers.MaxPooling3D()])
model.add(layers.Dropout(0.1))  # expect: keras-dropout-before-batch-norm
model.add(layers.MaxPooling3D())
model.add(layers.BatchNormalization())
model.add(layers.Dropout(0.1))
model.add(Dense(4))
model.add(layers.BatchNormalization())

# %% keras-unscaled-initializer: kernels along one axis and three, and what is not known of them
from mine import low, size
wide = keras.initializers.RandomUniform(-1, 1)
model = Sequential([Input((64, 27))])
model.add(layers.Conv1D(27, 3, activation="relu", kernel_initializer=wide))
model.add(layers.Conv1D(27, 4, activation="relu", kernel_initializer=wide))  # expect: keras-unscaled-initializer
# says: sums over 108 inputs
model.add(layers.Conv1D(27, size, activation="relu", kernel_initializer=wide))
model.add(layers.Conv1D(27, 4, activation="relu", kernel_initializer=keras.initializers.RandomUniform(low, 9)))
model.add(layers.Flatten())
model.add(Dense(1))
other = Sequential([Input((8, 8, 8, 4))])
other.add(layers.Conv3D(4, 3, activation="relu", kernel_initializer=wide))  # expect: keras-unscaled-initializer
# says: sums over 108 inputs
other.add(layers.Conv3D(4, 2, activation="relu", kernel_initializer=wide))
other.add(layers.Conv3D(4, 3, activation="relu", kernel_initializer=wide, data_format="channels_first"))
other.add(layers.Flatten())
other.add(Dense(1))

# %% keras-dropout-before-batch-norm: the rate may not be known
from mine import rate
model = Sequential([Input((4,)), Dense(8), layers.Dropout(rate), layers.BatchNormalization(), Dense(1)])

# %% keras-dropout-before-batch-norm: the last of two that drop is told, and each once
model = Sequential([Input((8, 4)), layers.Dropout(0.1)])
model.add(layers.Dropout(0.2))  # expect: keras-dropout-before-batch-norm
model.add(layers.LeakyReLU())
model.add(layers.MaxPooling1D())
model.add(layers.BatchNormalization())
model.add(layers.BatchNormalization())

# %% keras-unscaled-initializer: from four times the spread on, before a relu and before tanh
wide = keras.initializers.RandomNormal(stddev=0.51)
model = Sequential([Input((128,))])
model.add(Dense(128, activation="relu", kernel_initializer=wide))  # expect: keras-unscaled-initializer
# fixed: activation="relu", kernel_initializer="he_normal"
model.add(Dense(128, activation="relu", kernel_initializer=keras.initializers.RandomNormal(stddev=0.49)))
model.add(Dense(128, activation="tanh", kernel_initializer=keras.initializers.TruncatedNormal(0.0, 0.36)))  # expect: keras-unscaled-initializer
# fixed: activation="tanh", kernel_initializer="glorot_uniform"
model.add(Dense(128, activation="tanh", kernel_initializer=keras.initializers.TruncatedNormal(0.0, 0.34)))
model.add(Dense(128, activation="sigmoid", kernel_initializer=wide))
model.add(Dense(10, activation="softmax", kernel_initializer=wide))

# %% keras-unscaled-initializer: a uniform spread, and a kernel of a convolution
model = Sequential([Input((32, 32, 8))])
model.add(layers.Conv2D(8, 3, activation="relu", kernel_initializer=keras.initializers.RandomUniform(-1.2, 1.2)))  # expect: keras-unscaled-initializer
# says: sums over 72 inputs and begins 4 times
model.add(layers.Conv2D(8, (3, 3), activation="relu", kernel_initializer=keras.initializers.RandomUniform(-1.1, 1.1)))
model.add(layers.Conv2D(8, 3, groups=8, activation="relu", kernel_initializer=keras.initializers.RandomUniform(-3, 3)))
model.add(layers.Flatten())
model.add(Dense(1))

# %% keras-unscaled-initializer: a part of one's own may normalize
class Own(layers.Layer):
    def call(self, x):
        return x / ops.norm(x)
model = Sequential([Input((128,)), Dense(128, activation="relu", kernel_initializer=keras.initializers.RandomNormal(stddev=1))])
model.add(Own())
model.add(Dense(1))

# %% keras-unscaled-initializer: the spread may not be known
from mine import spread
model = Sequential([Input((128,)), Dense(128, activation="relu", kernel_initializer=keras.initializers.RandomNormal(stddev=spread))])
model.add(Dense(1))

# %% keras-softmax-in-hidden-layer: an activation of one's own is no softmax
def swish(x):
    return x * keras.ops.sigmoid(x)
model = Sequential([Input((4,)), Dense(8, activation=swish), Dense(1)])
model.compile("adam", "mse")
model.fit(np.random.rand(64, 4), np.random.rand(64, 1))

# %% keras-linear-stack: what was meant by a slip of the pen may be the activation
model = Sequential([Input((4,)),
    Dense(8, activaton="relu"),
    Dense(1)])
model.compile("adam", "mse")
model.fit(np.random.rand(64, 4), np.random.rand(64, 1))

# %% keras-recurrent-relu: both ways
model = Sequential([Input((60, 4)),
    layers.Bidirectional(layers.LSTM(8, activation="relu")),  # expect: keras-recurrent-relu
    Dense(1)])
model.compile("adam", "mse")
model.fit(np.random.rand(64, 60, 4), np.random.rand(64, 1))
