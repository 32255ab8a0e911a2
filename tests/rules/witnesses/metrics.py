"""Of the rules about metrics, and about how many losses there are."""

# %% keras-accuracy-threshold-on-logits: a loss that is not known
from mine import loss
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", loss, metrics=["accuracy"])

# %% keras-accuracy-with-regression-loss: the judge of a least-squares GAN counts right answers
from mine import right, wrong
judge = Sequential([Input((8,)), Dense(1)])
judge.compile("adam", "mse", metrics=["accuracy"])
generator = Sequential([Input((4,)), Dense(8)])
i = Input((4,))
gan = Model(i, judge(generator(i)))
gan.compile("adam", "mse")
judge.train_on_batch(np.zeros((8, 8)), wrong)
gan.train_on_batch(np.zeros((8, 4)), right)

# %% keras-accuracy-with-regression-loss: so does the model that holds it
from mine import right, wrong
judge = Sequential([Input((8,)), Dense(1)])
judge.compile("adam", "mse")
generator = Sequential([Input((4,)), Dense(8)])
i = Input((4,))
gan = Model(i, judge(generator(i)))
gan.compile("adam", "mse", metrics=["accuracy"])
judge.train_on_batch(np.zeros((8, 8)), wrong)
gan.train_on_batch(np.zeros((8, 4)), right)

# %% keras-loss-count-mismatch on 2.15: what Keras 2 makes of it was not asked
i = Input((4,))
model = Model(i, [Dense(1)(i), Dense(1)(i)])
model.compile("adam", ["mse"])
model.fit(np.zeros((8, 4)), [np.zeros((8, 1)), np.zeros((8, 1))])

# %% keras-loss-count-mismatch: of two losses for one output Keras takes the first
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", ["mse", "mae"])
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-loss-count-mismatch: two weights for the one loss in a list
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", ["mse"], loss_weights=[1, 2])  # expect: keras-loss-count-mismatch
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))
# says: 2 loss weights for 1 loss: training raises

# %% keras-loss-count-mismatch: Keras counts the losses in the list of an output
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", [["mse", "mae"]], loss_weights=[1, 2])
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-loss-count-mismatch: one weight for the one loss in a list
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", ["mse"], loss_weights=[1])
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-loss-count-mismatch: metrics of each output by name
i = Input((4,))
model = Model(i, [Dense(1, name="a")(i), Dense(1, name="b")(i)])
model.compile("adam", ["mse", "mse"], metrics={"a": ["mae"], "b": ["mae"]})
model.fit(np.zeros((8, 4)), [np.zeros((8, 1)), np.zeros((8, 1))])

# %% keras-loss-count-mismatch: labels by name leave an output out
i = Input((4,))
model = Model(i, [Dense(1, name="a")(i), Dense(1, name="b")(i)])
model.compile("adam", {"a": "mse"})
model.fit(np.zeros((8, 4)), {"a": np.zeros((8, 1))})

# %% keras-loss-count-mismatch: labels that are not known leave an output out
from mine import labels
i = Input((4,))
model = Model(i, [Dense(1, name="a")(i), Dense(1, name="b")(i)])
model.compile("adam", {"a": "mse"})
model.fit(np.zeros((8, 4)), labels)

# %% keras-loss-count-mismatch: a list of labels needs a loss for each
i = Input((4,))
model = Model(i, [Dense(1, name="a")(i), Dense(1, name="b")(i)])
model.compile("adam", {"a": "mse"})  # expect: keras-loss-count-mismatch
model.fit(np.zeros((8, 4)), [np.zeros((8, 1)), np.zeros((8, 1))])

# %% keras-loss-count-mismatch: a class of one's own counts its outputs by itself
class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.a, self.b = Dense(1), Dense(1)
    def call(self, inputs):
        return self.a(inputs), self.b(inputs)
model = Own()
model.compile("adam", ["mse"])
model.fit(np.zeros((8, 4)), [np.zeros((8, 1)), np.zeros((8, 1))])

# %% keras-loss-order-mismatch: instances are not written anew
i = Input((4,))
model = Model(i, {"b": Dense(1, name="b")(i), "a": Dense(3, activation="softmax", name="a")(i)})
model.compile("adam", [keras.losses.MeanSquaredError(), "categorical_crossentropy"])  # expect: keras-loss-order-mismatch
model.fit(np.zeros((8, 4)), {"b": np.zeros((8, 1)), "a": np.zeros((8, 3))})
# unfixed

# %% keras-metric-label-mismatch: a loss that is not known
from mine import loss
model = Sequential([Input((4,)), Dense(3)])
model.compile("adam", loss, metrics=["categorical_accuracy"])

# %% keras-metric-label-mismatch: two units under class numbers
model = Sequential([Input((4,)), Dense(2, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=[
    "categorical_accuracy"])  # expect: keras-metric-label-mismatch

# %% keras-metric-label-mismatch: a hinge measured by itself
model = Sequential([Input((4,)), Dense(1, activation="tanh")])
model.compile("adam", "hinge", metrics=["hinge"])
model.fit(np.zeros((8, 4)), np.array([1, -1, 1, -1, 1, -1, 1, -1]))

# %% keras-metric-label-mismatch: a hinge under the accuracy
model = Sequential([Input((4,)), Dense(1, activation="tanh")])
model.compile("adam", "hinge", metrics=["accuracy"])  # expect: keras-metric-label-mismatch
model.fit(np.zeros((8, 4)), np.array([1, -1, 1, -1, 1, -1, 1, -1]))
