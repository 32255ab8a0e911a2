"""Of the rules about the last activation, the loss and the labels."""

# %% keras-label-encoding-mismatch: one-hot labels of every step
model = Sequential([Input((5, 4)), Dense(3, activation="softmax")])
model.compile("sgd", "sparse_categorical_crossentropy")  # expect: keras-label-encoding-mismatch
model.fit(np.random.rand(8, 5, 4), keras.utils.to_categorical(np.random.randint(0, 3, (8, 5)), 3))
# says: expects class numbers

# %% keras-label-encoding-mismatch: two numbers for every step
model = Sequential([Input((5, 4)), Dense(3, activation="softmax")])
model.compile("sgd", "sparse_categorical_crossentropy")  # expect: keras-label-encoding-mismatch
model.fit(np.random.rand(8, 5, 4), np.zeros((8, 5, 2)))
# says: expects class numbers

# %% keras-label-encoding-mismatch: three numbers for the only step
model = Sequential([Input((1, 4)), Dense(3, activation="softmax")])
model.compile("sgd", "sparse_categorical_crossentropy")  # expect: keras-label-encoding-mismatch
model.fit(np.random.rand(8, 1, 4), np.zeros((8, 1, 3)))

# %% keras-label-encoding-mismatch: a row for a sample and an output for a pixel are another fault
model = Sequential([Input((4, 5, 4)), Dense(3, activation="softmax")])
model.compile("sgd", "sparse_categorical_crossentropy")
model.fit(np.random.rand(8, 4, 5, 4), keras.utils.to_categorical(np.random.randint(0, 3, (8,)), 3))

# %% keras-label-encoding-mismatch: a class number of every step on an axis of its own
model = Sequential([Input((5, 4)), Dense(3, activation="softmax")])
model.compile("sgd", "sparse_categorical_crossentropy")
model.fit(np.random.rand(8, 5, 4), np.random.randint(0, 3, (8, 5, 1)))

# %% keras-label-encoding-mismatch: a class number of every step
model = Sequential([Input((5, 4)), Dense(3, activation="softmax")])
model.compile("sgd", "sparse_categorical_crossentropy")
model.fit(np.random.rand(8, 5, 4), np.random.randint(0, 3, (8, 5)))

# %% keras-label-encoding-mismatch: rows of labels are no steps of others
model = Sequential([Input((5, 4)), Dense(3, activation="softmax")])
model.compile("sgd", "sparse_categorical_crossentropy")
model.fit(np.random.rand(8, 5, 4), keras.utils.to_categorical(np.random.randint(0, 5, (8,)), 5))

# %% keras-label-encoding-mismatch: class numbers of every step, for a loss of one-hot labels
model = Sequential([Input((5, 4)), Dense(3, activation="softmax")])
model.compile("sgd", "categorical_crossentropy")  # expect: keras-label-encoding-mismatch
model.fit(np.random.rand(8, 5, 4), np.random.randint(0, 3, (8, 5)))
# says: the labels have one number per sample

# %% keras-label-encoding-mismatch: the same on an axis of its own
model = Sequential([Input((5, 4)), Dense(3, activation="softmax")])
model.compile("sgd", "categorical_crossentropy")  # expect: keras-label-encoding-mismatch
model.fit(np.random.rand(8, 5, 4), np.random.randint(0, 3, (8, 5, 1)))

# %% keras-label-encoding-mismatch: class numbers of every pixel
model = Sequential([Input((4, 5, 4)), Dense(3, activation="softmax")])
model.compile("sgd", "categorical_crossentropy")  # expect: keras-label-encoding-mismatch
model.fit(np.random.rand(8, 4, 5, 4), np.random.randint(0, 3, (8, 4, 5)))

# %% keras-label-encoding-mismatch: class numbers of other steps are another fault
model = Sequential([Input((5, 4)), Dense(3, activation="softmax")])
model.compile("sgd", "categorical_crossentropy")
model.fit(np.random.rand(8, 5, 4), np.random.randint(0, 3, (8, 7)))

# %% keras-label-encoding-mismatch: class numbers of rows are no numbers of pixels
model = Sequential([Input((4, 5, 4)), Dense(3, activation="softmax")])
model.compile("sgd", "categorical_crossentropy")
model.fit(np.random.rand(8, 4, 5, 4), np.random.randint(0, 3, (8, 5)))

# %% keras-label-encoding-mismatch: one-hot labels of every step, for the loss of such labels
model = Sequential([Input((5, 4)), Dense(3, activation="softmax")])
model.compile("sgd", "categorical_crossentropy")
model.fit(np.random.rand(8, 5, 4), keras.utils.to_categorical(np.random.randint(0, 3, (8, 5)), 3))

# %% keras-label-encoding-mismatch: a row of real numbers is none of class numbers
model = Sequential([Input((5, 4)), Dense(3, activation="softmax")])
model.compile("sgd", "categorical_crossentropy")
model.fit(np.random.rand(8, 5, 4), np.random.rand(8, 5))

# %% keras-label-encoding-mismatch: the focal loss stretches one number over the units
model = Sequential([Input((4,)), Dense(3, activation="softmax")])
model.compile("sgd", keras.losses.CategoricalFocalCrossentropy())
model.fit(np.random.rand(8, 4), np.random.randint(0, 3, (8, 1)))

# %% keras-label-encoding-mismatch: the categorical loss does not
model = Sequential([Input((4,)), Dense(3, activation="softmax")])
model.compile("sgd", keras.losses.CategoricalCrossentropy())  # expect: keras-label-encoding-mismatch
model.fit(np.random.rand(8, 4), np.random.randint(0, 3, (8, 1)))

# %% keras-label-encoding-mismatch: nor does the focal loss with an axis too few
model = Sequential([Input((4,)), Dense(3, activation="softmax")])
model.compile("sgd", keras.losses.CategoricalFocalCrossentropy())  # expect: keras-label-encoding-mismatch
model.fit(np.random.rand(8, 4), np.random.randint(0, 3, (8,)))
# unfixed

# %% keras-units-do-not-match-classes: one-hot labels of steps may be those of an inner axis
model = Sequential([Input((5, 4)), Dense(4, activation="softmax")])
model.compile("sgd", "categorical_crossentropy")
model.fit(np.random.rand(8, 5, 4), keras.utils.to_categorical(np.random.randint(0, 3, (8, 5)), 3))

# %% keras-units-do-not-match-classes: two units for three classes
model = Sequential([Input((4,)), Dense(2, activation="softmax")])  # expect: keras-units-do-not-match-classes
model.compile("sgd", "categorical_crossentropy")
model.fit(np.random.rand(8, 4), keras.utils.to_categorical(np.random.randint(0, 3, (8,)), 3))
# fixed: Dense(3, activation="softmax")

# %% keras-units-do-not-match-classes: one unit is stretched over the labels
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("sgd", "kl_divergence")
model.fit(np.random.rand(8, 4), keras.utils.to_categorical(np.random.randint(0, 3, (8,)), 3))

# %% keras-units-do-not-match-classes: an output that no number of units makes
model = Sequential([Input((4,)),
    Activation("softmax")])  # expect: keras-units-do-not-match-classes
model.compile("sgd", "categorical_crossentropy")
model.fit(np.random.rand(8, 4), keras.utils.to_categorical(np.random.randint(0, 3, (8,)), 3))
# unfixed

# %% keras-units-do-not-match-classes: two units for the class numbers 0 to 2
model = Sequential([Input((4,)), Dense(2, activation="softmax")])  # expect: keras-units-do-not-match-classes
model.compile("sgd", "sparse_categorical_crossentropy")
model.fit(np.random.rand(100, 4), np.random.randint(0, 3, (100,)))
# fixed: Dense(3, activation="softmax")

# %% keras-units-do-not-match-classes: one unit under a sparse loss is told by another rule
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("sgd", "sparse_categorical_crossentropy")
model.fit(np.random.rand(100, 4), np.random.randint(0, 3, (100,)))

# %% keras-units-do-not-match-classes: one unit for the class numbers 0 to 2
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("sgd", "binary_crossentropy")  # expect: keras-units-do-not-match-classes
model.fit(np.random.rand(100, 4), np.random.randint(0, 3, (100,)))
# fixed: Dense(3, activation="softmax")

# %% keras-units-do-not-match-classes: one unit for the class numbers 0 and 1
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("sgd", "binary_crossentropy")
model.fit(np.random.rand(100, 4), np.random.randint(0, 2, (100,)))

# %% keras-units-do-not-match-classes: numbers of steps
model = Sequential([Input((5, 4)), Dense(1, activation="sigmoid")])
model.compile("sgd", "binary_crossentropy")
model.fit(np.random.rand(100, 5, 4), np.random.randint(0, 3, (100, 5)))

# %% keras-units-do-not-match-classes: a loss that is not known
from mine import loss
model = Sequential([Input((4,)), Dense(2, activation="softmax")])
model.compile("sgd", loss)
model.fit(np.random.rand(8, 4), keras.utils.to_categorical(np.random.randint(0, 3, (8,)), 3))

# %% keras-unflattened-output: a layer that is no Dense is not flattened away
model = Sequential([Input((5, 4)),
    layers.Conv1D(3, 1, activation="softmax")])  # expect: keras-unflattened-output
model.compile("sgd", "sparse_categorical_crossentropy")
model.fit(np.random.rand(8, 5, 4), np.random.randint(0, 3, (8,)))
# says: put `Flatten` or `GlobalAveragePooling1D` before the last layer
# unfixed

# %% keras-unflattened-output: what comes after the last layer may need the axes
model = Sequential([Input((5, 4)),
    Dense(3, activation="softmax"),  # expect: keras-unflattened-output
    layers.Dropout(0.1)])
model.compile("sgd", "sparse_categorical_crossentropy")
model.fit(np.random.rand(8, 5, 4), np.random.randint(0, 3, (8,)))
# unfixed

# %% keras-unflattened-output: a volume
model = Sequential([Input((2, 2, 2, 4)),
    Dense(3, activation="softmax")])  # expect: keras-unflattened-output
model.compile("sgd", "sparse_categorical_crossentropy")
model.fit(np.random.rand(8, 2, 2, 2, 4), np.random.randint(0, 3, (8,)))
# says: put `Flatten` or `GlobalAveragePooling3D` before the last layer
# fixed: Flatten(), Dense(3

# %% keras-unflattened-output: what no layer pools
model = Sequential([Input((2, 2, 2, 2, 4)),
    Dense(3, activation="softmax")])  # expect: keras-unflattened-output
model.compile("sgd", "sparse_categorical_crossentropy")
model.fit(np.random.rand(8, 2, 2, 2, 2, 4), np.random.randint(0, 3, (8,)))
# says: put `Flatten` before the last layer

# %% keras-unflattened-output: Keras squeezes the last axis for labels of steps
model = Sequential([Input((5, 4)), Dense(1, activation="sigmoid")])
model.compile("sgd", "binary_crossentropy")
model.fit(np.random.rand(8, 5, 4), np.random.randint(0, 2, (8, 5)))

# %% keras-unflattened-output: there are other steps than labels
model = Sequential([Input((5, 4)),
    Dense(1, activation="sigmoid")])  # expect: keras-unflattened-output
model.compile("sgd", "binary_crossentropy")
model.fit(np.random.rand(8, 5, 4), np.random.randint(0, 2, (8, 4)))

# %% keras-unflattened-output: a label for a sample, an output for a step
model = Sequential([Input((5, 4)),
    Dense(1, activation="sigmoid")])  # expect: keras-unflattened-output
model.compile("sgd", "binary_crossentropy")
model.fit(np.random.rand(8, 5, 4), np.random.randint(0, 2, (8,)))

# %% keras-unflattened-output: three units are not squeezed
model = Sequential([Input((5, 4)),
    Dense(3, activation="sigmoid")])  # expect: keras-unflattened-output
model.compile("sgd", "binary_crossentropy")
model.fit(np.random.rand(8, 5, 4), np.random.randint(0, 2, (8, 5)))

# %% keras-unflattened-output: as many axes with other sizes are another fault
model = Sequential([Input((5, 4)), Dense(1, activation="sigmoid")])
model.compile("sgd", "binary_crossentropy")
model.fit(np.random.rand(8, 5, 4), np.random.randint(0, 2, (8, 4, 1)))

# %% keras-unflattened-output: a single step is squeezed like the unit
model = Sequential([Input((1, 4)), Dense(1, activation="sigmoid")])
model.compile("sgd", "binary_crossentropy")
model.fit(np.random.rand(8, 1, 4), np.random.randint(0, 2, (8,)))

# %% keras-unflattened-output: two steps are not
model = Sequential([Input((2, 4)),
    Dense(1, activation="sigmoid")])  # expect: keras-unflattened-output
model.compile("sgd", "binary_crossentropy")
model.fit(np.random.rand(8, 2, 4), np.random.randint(0, 2, (8,)))

# %% keras-unflattened-output: how many steps there are is not known
model = Sequential([Input((None, 4)), Dense(1, activation="sigmoid")])
model.compile("sgd", "binary_crossentropy")
model.fit(np.random.rand(8, 1, 4), np.random.randint(0, 2, (8,)))

# %% keras-softmax-on-one-unit: a gate over time takes the softmax along it
i = Input((5, 4))
scores = layers.Softmax()(Dense(1)(i))  # expect: keras-softmax-on-one-unit
model = Model(i, Dense(3)(layers.Flatten()(layers.Multiply()([i, scores]))))
# fixed: layers.Softmax(axis=1)

# %% keras-softmax-on-one-unit: there is no time to take it along
i = Input((4,))
scores = layers.Softmax()(Dense(1)(i))  # expect: keras-softmax-on-one-unit
model = Model(i, Dense(3)(layers.Multiply()([i, scores])))
# unfixed

# %% keras-softmax-on-one-unit: one step is no better than one unit
i = Input((1, 4))
scores = layers.Softmax()(Dense(1)(i))  # expect: keras-softmax-on-one-unit
model = Model(i, Dense(3)(layers.Flatten()(layers.Multiply()([i, scores]))))
# unfixed

# %% keras-softmax-on-one-unit: two steps are
i = Input((2, 4))
scores = layers.Softmax()(Dense(1)(i))  # expect: keras-softmax-on-one-unit
model = Model(i, Dense(3)(layers.Flatten()(layers.Multiply()([i, scores]))))
# fixed: layers.Softmax(axis=1)

# %% keras-softmax-on-one-unit: an axis that is given is not given again
i = Input((5, 4))
scores = layers.Softmax(axis=-1)(Dense(1)(i))  # expect: keras-softmax-on-one-unit
model = Model(i, Dense(3)(layers.Flatten()(layers.Multiply()([i, scores]))))
# unfixed

# %% keras-softmax-over-space: columns of one row
model = Sequential([Input((4, 9)), layers.Conv1D(3, 1, data_format="channels_first"),
    layers.Softmax()])  # expect: keras-softmax-over-space

# %% keras-softmax-over-space: an image of a size that is not known
from mine import shape
model = Sequential([Input(shape), layers.Conv2D(3, 1, data_format="channels_first"),
    layers.Softmax()])  # expect: keras-softmax-over-space

# %% keras-softmax-with-regression-loss: shares of a whole
model = Sequential([Input((4,)), Dense(3, activation="softmax")])
model.compile("sgd", "mse")
model.fit(np.random.rand(8, 4), np.random.rand(8, 3))

# %% keras-softmax-with-regression-loss: one-hot labels
model = Sequential([Input((4,)), Dense(3, activation="softmax")])
model.compile("sgd", "mse")
model.fit(np.random.rand(8, 4), keras.utils.to_categorical(np.random.randint(0, 3, (8,)), 3))

# %% keras-softmax-with-regression-loss: no shares
model = Sequential([Input((4,)),
    Dense(3, activation="softmax")])  # expect: keras-softmax-with-regression-loss
model.compile("sgd", "mse")
model.fit(np.random.rand(8, 4), 2 * np.random.rand(8, 3))

# %% keras-softmax-with-regression-loss: labels that are not known
from mine import labels
model = Sequential([Input((4,)),
    Dense(3, activation="softmax")])  # expect: keras-softmax-with-regression-loss
model.compile("sgd", "mse")
model.fit(np.random.rand(8, 4), labels)

# %% keras-sigmoid-on-single-label: two units may be two labels
model = Sequential([Input((4,)), Dense(2, activation="sigmoid")])
model.compile("sgd", "binary_crossentropy")
model.fit(np.random.rand(8, 4), keras.utils.to_categorical(np.random.randint(0, 2, (8,)), 2))

# %% keras-sigmoid-on-single-label: three labels at once
model = Sequential([Input((4,)), Dense(3, activation="sigmoid")])
model.compile("sgd", "binary_crossentropy")
model.fit(np.random.rand(8, 4), np.random.randint(0, 2, (8, 3)))

# %% keras-softmax-on-multi-label: two labels at once
model = Sequential([Input((4,)),
    Dense(2, activation="softmax")])  # expect: keras-softmax-on-multi-label
model.compile("sgd", "categorical_crossentropy")
from sklearn.preprocessing import MultiLabelBinarizer
model.fit(np.random.rand(2, 4), MultiLabelBinarizer().fit_transform([("a", "b"), ("a",)]))

# %% keras-binary-loss-on-regression: labels a little below what smoothing makes of 0
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("sgd", "binary_crossentropy")  # expect: keras-binary-loss-on-regression
model.fit(np.random.rand(8, 4), np.random.uniform(-0.6, 1.0, (8, 1)))

# %% keras-binary-loss-on-regression: labels a little above what smoothing makes of 1
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("sgd", "binary_crossentropy")  # expect: keras-binary-loss-on-regression
model.fit(np.random.rand(8, 4), np.random.uniform(0.0, 1.6, (8, 1)))

# %% keras-binary-loss-on-regression: labels that are smoothed
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("sgd", "binary_crossentropy")
model.fit(np.random.rand(8, 4), np.random.uniform(-0.5, 1.5, (8, 1)))

# %% keras-bounded-regression-output: the judge of a least-squares GAN
from mine import right, wrong
judge = Sequential([Input((8,)), Dense(1, activation="sigmoid")])
judge.compile("adam", "mse")
generator = Sequential([Input((4,)), Dense(8)])
i = Input((4,))
gan = Model(i, judge(generator(i)))
gan.compile("adam", "mse")
judge.train_on_batch(np.zeros((8, 8)), wrong)
gan.train_on_batch(np.zeros((8, 4)), right)

# %% keras-bounded-regression-output: labels whose range is known
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("sgd", "mse")
model.fit(np.random.rand(8, 4), np.random.rand(8, 1))

# %% keras-bounded-regression-output: a loss that is not known
from mine import loss
model = Sequential([Input((4,)), Dense(1, activation="relu")])
model.compile("sgd", loss)

# %% keras-crossentropy-on-raw-output: two units without an activation
model = Sequential([Input((4,)), Dense(2)])
model.compile("sgd", "sparse_categorical_crossentropy")  # expect: keras-crossentropy-on-raw-output

# %% keras-crossentropy-on-raw-output: what is wrong with one unit is told by others
model = Sequential([Input((4,)), Dense(1)])
model.compile("sgd", "sparse_categorical_crossentropy")

# %% keras-divergence-loss-on-regression: two units may make a distribution
model = Sequential([Input((4,)), Dense(2)])
model.compile("sgd", "kl_divergence")  # expect: keras-divergence-loss-on-regression
model.fit(np.random.rand(8, 4), keras.utils.to_categorical(np.random.randint(0, 2, (8,)), 2))
# fixed: Dense(2, activation="softmax")

# %% keras-softmax-on-one-unit: a layer of a loop whose turns are known
settings = {"activation": "softmax", "units": [32, 16]}
model = Sequential([Input((8,))])
for units in settings["units"] + [1]:
    model.add(Dense(units, activation=settings["activation"]))  # expect: keras-softmax-on-one-unit
model.compile("adam", "binary_crossentropy")
model.fit(np.random.rand(64, 8), np.random.randint(0, 2, 64))
# unfixed

# %% keras-softmax-on-one-unit: turns that each train a model compare what they try
for activation in ("softmax", "sigmoid"):
    model = Sequential([Input((8,)), Dense(1, activation=activation)])
    model.compile("adam", "binary_crossentropy")
    model.fit(np.random.rand(64, 8), np.random.randint(0, 2, 64))

# %% keras-output-range-excludes-labels: labels that a scaler leaves around 0
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
y = pd.read_csv("houses.csv")["price"].to_numpy(dtype="float32").reshape(-1, 1)
train, test = train_test_split(StandardScaler().fit_transform(y))
model = Sequential([Input((8,)), Dense(4), Dense(1, activation="relu")])  # expect: keras-output-range-excludes-labels
model.compile("adam", "mse")
model.fit(np.random.rand(64, 8), train.astype("float32"))
# says: standardized to mean 0
# fixed: Dense(1, activation="linear")])

# %% keras-output-range-excludes-labels: a sigmoid reaches no value below 0 either
from sklearn.preprocessing import StandardScaler
y = StandardScaler().fit_transform(np.random.rand(64, 1))
model = Sequential([Input((8,)), Dense(1, activation="sigmoid")])  # expect: keras-output-range-excludes-labels
model.compile("adam", "mae")
model.fit(np.random.rand(64, 8), y)

# %% keras-output-range-excludes-labels: a scaler that leaves the mean, or something done to the labels afterwards
from sklearn.preprocessing import StandardScaler
for y in (
    StandardScaler(with_mean=False).fit_transform(np.random.rand(64, 1)),
    np.exp(StandardScaler().fit_transform(np.random.rand(64, 1))),
    StandardScaler().fit_transform(np.random.rand(64, 1)) + 5,
):
    model = Sequential([Input((8,)), Dense(1, activation="relu")])
    model.compile("adam", "mse")
    model.fit(np.random.rand(64, 8), y)

# %% keras-output-range-excludes-labels: tanh goes below 0, and a loss of classes compares no values
from sklearn.preprocessing import StandardScaler
y = StandardScaler().fit_transform(np.random.rand(64, 1))
model = Sequential([Input((8,)), Dense(1, activation="tanh")])
model.compile("adam", "mse")
model.fit(np.random.rand(64, 8), y)
model = Sequential([Input((8,)), Dense(1, activation="relu")])
model.compile("adam", "poisson")
model.fit(np.random.rand(64, 8), y)

# %% keras-softmax-with-regression-loss: an axis that is not known
from mine import axis
model = Sequential([Input((4,)), Dense(3), layers.Softmax(axis=axis)])
model.compile("adam", "mse")
model.fit(np.random.rand(64, 4), np.random.randn(64, 3))
