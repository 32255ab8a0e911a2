"""Of the rules about the whole of a program, and of what several rules share."""

# %% keras-model-discarded: a model that another rule speaks of
model = Sequential([Input((4,)), Dense(1)])
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-no-epochs-left: no epochs are meant
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)), epochs=0, initial_epoch=0)

# %% keras-label-encoding-mismatch: what a loss was given is not thrown away
model = Sequential([Input((4,)), Dense(3, activation="softmax")])
model.compile("adam",
    keras.losses.SparseCategoricalCrossentropy(ignore_class=0))  # expect: keras-label-encoding-mismatch
model.fit(np.zeros((8, 4)), keras.utils.to_categorical(np.random.randint(0, 3, (8,)), 3))
# unfixed

# %% keras-unknown-argument: a program that uses what came with the newest version is judged by it
keras.optimizers.Muon(wibble=1)  # expect: keras-unknown-argument

# %% keras-model-reused-across-folds: a splitter of which only the name is known
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
def judge(x, y, kfold):
    for train, test in kfold.split(x):
        model.fit(x[train], y[train])  # expect: keras-model-reused-across-folds
        print(model.evaluate(x[test], y[test]))

# %% keras-model-reused-across-folds: a splitter of which nothing is known
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
def judge(x, y, cv):
    for train, test in cv.split(x):
        model.fit(x[train], y[train])
        print(model.evaluate(x[test], y[test]))

# %% keras-model-reused-across-folds: a splitter of series that is called by another name
from sklearn.model_selection import TimeSeriesSplit
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
kfold = TimeSeriesSplit(4)
for train, test in kfold.split(x):
    model.fit(x[train], y[train])
    print(model.evaluate(x[test], y[test]))

# %% keras-model-reused-across-folds: the variable of another splitter
from sklearn.model_selection import KFold, TimeSeriesSplit
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
other, series = KFold(4), TimeSeriesSplit(4)
another = KFold(4)
later = TimeSeriesSplit(4)
for train, test in later.split(x):
    model.fit(x[train], y[train])
    print(model.evaluate(x[test], y[test]))

# %% keras-model-reused-across-folds: what is in the mask, and what is not
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
part = np.random.randint(0, 5, 120)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
for fold in range(5):
    mask = part == fold
    model.fit(x[~mask], y[~mask])  # expect: keras-model-reused-across-folds
    print(model.evaluate(x[mask], y[mask]))

# %% keras-model-reused-across-folds: forward through a series, with the number of the turn below zero
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
for fold in range(1, 5):
    model.fit(x[: fold * 20], y[: fold * 20])
    print(-fold, model.evaluate(x[fold * 20 : fold * 20 + 20], y[fold * 20 : fold * 20 + 20]))

# %% keras-model-reused-across-folds: backward through a series
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
for fold in range(5, 1, -1):
    model.fit(x[fold * 20 :], y[fold * 20 :])
    print(model.evaluate(x[fold * 20 - 20 : fold * 20], y[fold * 20 - 20 : fold * 20]))

# %% keras-model-reused-across-folds: what is before the part and what is behind it
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
size = 30
for fold in range(4):
    begin, end = fold * size, (fold + 1) * size
    rest = np.concatenate([x[:begin], x[end:]])
    model.fit(rest, np.concatenate([y[:begin], y[end:]]))  # expect: keras-model-reused-across-folds
    print(model.evaluate(x[begin:end], y[begin:end]))

# %% keras-model-reused-across-folds: part by part, with all of the data copied
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
for fold in range(4):
    model.fit(x[fold * 30 :][:20], y[fold * 30 :][:20])
    print(model.evaluate(x[:], y[:]), fold, x[:100].shape)

# %% keras-model-reused-across-folds: rows whose fold is another one
import pandas as pd
df = pd.read_csv("folds.csv")
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
for fold in range(5):
    train, valid = df[df.kfold != fold], df[df.kfold == fold]
    model.fit(train[["a"]].values, train.y.values)  # expect: keras-model-reused-across-folds
    print(model.evaluate(valid[["a"]].values, valid.y.values))

# %% keras-model-reused-across-folds: each part is trained on once, and the next one tested
import pandas as pd
df = pd.read_csv("folds.csv")
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
for fold in range(4):
    now, following = df[df.kfold == fold], df[df.kfold == fold + 1]
    model.fit(now[["a"]].values, now.y.values)
    print(model.evaluate(following[["a"]].values, following.y.values))

# %% keras-model-reused-across-folds: parts that are called folds
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
folds = np.array_split(np.arange(120), 4)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
for k in range(4):
    train = np.concatenate([folds[other] for other in range(4) if other != k])
    model.fit(x[train], y[train])  # expect: keras-model-reused-across-folds
    print(model.evaluate(x[folds[k]], y[folds[k]]))

# %% keras-model-reused-across-folds: parts that are called nothing
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
parts = np.array_split(np.arange(120), 4)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
for k in range(4):
    train = np.concatenate([parts[other] for other in range(4) if other != k])
    model.fit(x[train], y[train])
    print(model.evaluate(x[parts[k]], y[parts[k]]))

# %% keras-model-reused-across-folds: folds by way of a variable
from sklearn.model_selection import KFold
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
parts = list(KFold(4).split(x))
for train, test in parts:
    model.fit(x[train], y[train])  # expect: keras-model-reused-across-folds
    print(model.evaluate(x[test], y[test]))

# %% keras-model-reused-across-folds: what is judged is apart from the folds
from sklearn.model_selection import KFold
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
for train, _ in KFold(4).split(x):
    model.fit(x[train], y[train])
    print(model.evaluate(np.ones((4, 8)), np.ones(4)))

# %% keras-model-reused-across-folds: a loop within is left, not that over the folds
from sklearn.model_selection import KFold
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
for train, test in KFold(4).split(x):
    for epoch in range(100):
        model.fit(x[train], y[train])  # expect: keras-model-reused-across-folds
        if model.evaluate(x[test], y[test]) < 0.1:
            break

# %% keras-model-reused-across-folds: a function within the loop gives something
from sklearn.model_selection import KFold
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
for train, test in KFold(4).split(x):
    def rounded(value):
        return round(value, 3)
    model.fit(x[train], y[train])  # expect: keras-model-reused-across-folds
    print(rounded(model.evaluate(x[test], y[test])))

# %% keras-model-reused-across-folds: the function may be over after the first fold
from sklearn.model_selection import KFold
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
def first(x, y):
    for train, test in KFold(4).split(x):
        for epoch in range(100):
            model.fit(x[train], y[train])
            if model.evaluate(x[test], y[test]) < 0.1:
                return epoch
first(np.random.rand(120, 8), np.random.randint(0, 2, 120))

# %% keras-model-reused-across-folds: a function that sets weights is not called in the loop
from sklearn.model_selection import KFold
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
def reset():
    model.set_weights([])
def shown(value):
    print(value)
for train, test in KFold(4).split(x):
    model.fit(x[train], y[train])  # expect: keras-model-reused-across-folds
    shown(model.evaluate(x[test], y[test]))

# %% keras-model-reused-across-folds: a function that calls one that sets weights
from sklearn.model_selection import KFold
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
def reset():
    model.set_weights([])
    begin()
def begin():
    reset()
for train, test in KFold(4).split(x):
    begin()
    model.fit(x[train], y[train])
    print(model.evaluate(x[test], y[test]))

# %% keras-model-reused-across-folds: all in one line
from sklearn.model_selection import KFold
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
for a, b in KFold(4).split(x): net = Sequential([Dense(1)]); net.compile("sgd", "mse"); net.fit(x[a], y[a]); net.evaluate(x[b], y[b])

# %% keras-shuffled-predictions: it is told later not to shuffle
from tensorflow import keras
model = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")])
test = keras.preprocessing.image.ImageDataGenerator().flow_from_directory("test", target_size=(4, 4))
test.shuffle = False
print(model.predict(test).argmax(axis=1) == test.classes)

# %% keras-shuffled-predictions: it is told later by name
from tensorflow import keras
model = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")])
test = keras.preprocessing.image.ImageDataGenerator().flow_from_directory("test", target_size=(4, 4))
setattr(test, "shuffle", False)
print(model.predict(test).argmax(axis=1) == test.classes)

# %% keras-shuffled-predictions: the order of the batches is asked for
from tensorflow import keras
import numpy as np
model = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")])
test = keras.preprocessing.image.ImageDataGenerator().flow_from_directory("test", target_size=(4, 4))
print(model.predict(test).argmax(axis=1) == np.array(test.classes)[test.index_array])

# %% keras-shuffled-predictions: something else is set
from tensorflow import keras
model = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")])
model.note = "small"
files = keras.preprocessing.image.ImageDataGenerator()
test = files.flow_from_directory("test", target_size=(4, 4))  # expect: keras-shuffled-predictions
print(model.predict(test).argmax(axis=1) == test.classes)

# %% keras-forward-outside-tape: the program shows that there are no gradients
net = Sequential([Input((8,)), Dense(3)])
old = net(np.ones((4, 8)))
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(old)
found = tape.gradient(loss, net.trainable_variables)
print([gradient is None for gradient in found])

# %% keras-forward-outside-tape: a tape of another kind
from mine import Recorder
net = Sequential([Input((8,)), Dense(3)])
old = net(np.ones((4, 8)))
with Recorder() as tape:
    loss = tf.reduce_mean(old)
found = tape.gradient(loss, net.trainable_variables)
keras.optimizers.Adam().apply_gradients(zip(found, net.trainable_variables))

# %% keras-forward-outside-tape: the tape is told to watch something
net = Sequential([Input((8,)), Dense(3)])
old = net(np.ones((4, 8)))
with tf.GradientTape() as tape:
    tape.watch(old)
    loss = tf.reduce_mean(old)
found = tape.gradient(loss, net.trainable_variables)
keras.optimizers.Adam().apply_gradients(zip(found, net.trainable_variables))

# %% keras-forward-outside-tape: a method of the file is called
from mine import trainer
class Trainer:
    def loss(self, inputs):
        return self.net(inputs)
net = Sequential([Input((8,)), Dense(3)])
old = net(np.ones((4, 8)))
with tf.GradientTape() as tape:
    loss = trainer.loss(np.ones((4, 8))) + tf.reduce_mean(old)
found = tape.gradient(loss, net.trainable_variables)
keras.optimizers.Adam().apply_gradients(zip(found, net.trainable_variables))

# %% keras-forward-outside-tape: the gradient is asked for inside
net = Sequential([Input((8,)), Dense(3)])
old = net(np.ones((4, 8)))  # expect: keras-forward-outside-tape
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(old)
    found = tape.gradient(loss, net.trainable_variables)
keras.optimizers.Adam().apply_gradients(zip(found, net.trainable_variables))

# %% keras-forward-outside-tape: all in one line
net = Sequential([Input((8,)), Dense(3)])
old = net(np.ones((4, 8)))  # expect: keras-forward-outside-tape
with tf.GradientTape() as tape: found = tape.gradient(tf.reduce_mean(old), net.trainable_variables)
keras.optimizers.Adam().apply_gradients(zip(found, net.trainable_variables))

# %% keras-forward-outside-tape: what the block reads is no result of the network
net = Sequential([Input((8,)), Dense(3)])
built = net(np.ones((4, 8)))
labels = tf.one_hot([1, 2], 3)
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(labels)
found = tape.gradient(loss, net.trainable_variables)
keras.optimizers.Adam().apply_gradients(zip(found, net.trainable_variables))

# %% keras-forward-outside-tape: the gradients are zeros where there are none, on which today's TensorFlow fails elsewhere
net = Sequential([Input((8,)), Dense(3)])
old = net(np.ones((4, 8)))
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(old)
found = tape.gradient(loss, net.trainable_variables, unconnected_gradients=tf.UnconnectedGradients.ZERO)
keras.optimizers.Adam().apply_gradients(zip(found, net.trainable_variables))

# %% keras-forward-outside-tape: a tape that nobody asks, and one in a function
net = Sequential([Input((8,)), Dense(3)])
old = net(np.ones((4, 8)))
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(old)
def step():
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(net(np.ones((4, 8))))
    found = tape.gradient(loss, net.trainable_variables)
    keras.optimizers.Adam().apply_gradients(zip(found, net.trainable_variables))
step()

# %% keras-forward-outside-tape: it is put into a list
net = Sequential([Input((8,)), Dense(3)])
nets = []
nets.append(net)
old = net(np.ones((4, 8)))
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(nets[0](np.ones((4, 8)))) + tf.reduce_mean(old)
found = tape.gradient(loss, net.trainable_variables)
keras.optimizers.Adam().apply_gradients(zip(found, net.trainable_variables))

# %% keras-forward-outside-tape: a model of its outputs
net = Sequential([Input((8,)), Dense(3)])
symbol = Input((8,))
made = net(symbol)
behind = Dense(3)(made)
whole = Model(symbol, behind)
old = net(np.ones((4, 8)))
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(whole(np.ones((4, 8)))) + tf.reduce_mean(old)
found = tape.gradient(loss, net.trainable_variables)
keras.optimizers.Adam().apply_gradients(zip(found, net.trainable_variables))

# %% keras-forward-outside-tape: it comes from a file out of sight, as a function that may call it does
from mine import net, loss_of
old = net(np.ones((4, 8)))
with tf.GradientTape() as tape:
    loss = loss_of(np.ones((4, 8))) + tf.reduce_mean(old)
found = tape.gradient(loss, net.trainable_variables)
keras.optimizers.Adam().apply_gradients(zip(found, net.trainable_variables))

# %% keras-forward-outside-tape: predict of a class that is not in sight may be another one
from mine import Agent
class Other:
    pass
agent = Agent()
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(agent.predict(np.ones((4, 8))))
found = tape.gradient(loss, agent.trainable_variables)
keras.optimizers.Adam().apply_gradients(zip(found, agent.trainable_variables))

# %% keras-forward-outside-tape: predict of a model that a function makes
def build():
    made = Sequential([Input((8,)), Dense(3)])
    return made
net = build()
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(net.predict(np.ones((4, 8))))  # expect: keras-forward-outside-tape
found = tape.gradient(loss, net.trainable_variables)
keras.optimizers.Adam().apply_gradients(zip(found, net.trainable_variables))

# %% keras-forward-outside-tape: predict of a class of the file that inherits it
class Own(keras.Model):
    def call(self, inputs):
        return inputs
net = Own()
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(net.predict(np.ones((4, 8))))  # expect: keras-forward-outside-tape
found = tape.gradient(loss, net.trainable_variables)
keras.optimizers.Adam().apply_gradients(zip(found, net.trainable_variables))

# %% keras-forward-outside-tape: predict of a model that a class is given by name
class Trainer:
    def __init__(self, rate, model):
        self.rate, self.model = rate, model
        self.network = model
    def train(self):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(self.network.predict(np.ones((4, 8))))  # expect: keras-forward-outside-tape
        found = tape.gradient(loss, self.network.trainable_variables)
        keras.optimizers.Adam().apply_gradients(zip(found, self.network.trainable_variables))
Trainer(0.1, model=Sequential([Input((8,)), Dense(3)])).train()

# %% keras-forward-outside-tape: predict of a model that a class is given in its place
class Trainer:
    def __init__(self, model):
        self.network = model
    def train(self):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(self.network.predict(np.ones((4, 8))))  # expect: keras-forward-outside-tape
        found = tape.gradient(loss, self.network.trainable_variables)
        keras.optimizers.Adam().apply_gradients(zip(found, self.network.trainable_variables))
Trainer(Sequential([Input((8,)), Dense(3)])).train()

# %% keras-forward-outside-tape: two networks that one function makes
def build():
    return tf.keras.Sequential([tf.keras.Input((3,)), tf.keras.layers.Dense(3)])
gen = build()
disc = build()
fake = gen(np.ones((4, 3)))  # expect: keras-forward-outside-tape
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(disc(fake))
found = tape.gradient(loss, gen.trainable_variables)
keras.optimizers.Adam().apply_gradients(zip(found, gen.trainable_variables))

# %% keras-forward-outside-tape: a network whose name has two words
class Nets:
    def __init__(self):
        self.all = {"my gen": Sequential([Input((3,)), Dense(3)])}
    def train(self, tape_of=tf.GradientTape):
        out = self.all["my gen"](np.ones((4, 3)))  # expect: keras-forward-outside-tape
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(out)
        found = tape.gradient(loss, self.all["my gen"].trainable_variables)
        keras.optimizers.Adam().apply_gradients(zip(found, self.all["my gen"].trainable_variables))
# says: `self.all['my gen']` is called before the tape begins

# %% keras-schedule-ends-early: as much as a constant rate would give in a hundred steps is just too little
from keras.optimizers.schedules import CosineDecay, ExponentialDecay
x, y = np.random.rand(3200, 8), np.random.rand(3200)
model = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
model.compile(keras.optimizers.Adam(CosineDecay(0.001, 200)), loss="mse")  # expect: keras-schedule-ends-early
model.fit(x, y, epochs=10)
# fixed: CosineDecay(0.001, 1000)
# says: after 200 of 1000 updates

# %% keras-schedule-ends-early: a tenth more is enough
from keras.optimizers.schedules import CosineDecay, ExponentialDecay
x, y = np.random.rand(3200, 8), np.random.rand(3200)
model = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
model.compile(keras.optimizers.Adam(CosineDecay(0.001, 220)), loss="mse")
model.fit(x, y, epochs=100)

# %% keras-schedule-ends-early: a tenth of the training is just too little
from keras.optimizers.schedules import CosineDecay, ExponentialDecay
x, y = np.random.rand(3200, 8), np.random.rand(3200)
model = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
model.compile(keras.optimizers.Adam(CosineDecay(0.0001, 200)), loss="mse")  # expect: keras-schedule-ends-early
model.fit(x, y, epochs=10)

# %% keras-schedule-ends-early: a ninth of the training is enough
from keras.optimizers.schedules import CosineDecay, ExponentialDecay
x, y = np.random.rand(2880, 8), np.random.rand(2880)
model = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
model.compile(keras.optimizers.Adam(CosineDecay(0.0001, 200)), loss="mse")
model.fit(x, y, epochs=10)

# %% keras-schedule-ends-early: after how many updates the rate is a thousandth
from keras.optimizers.schedules import CosineDecay, ExponentialDecay
x, y = np.random.rand(2048, 8), np.random.rand(2048)
model = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
model.compile(keras.optimizers.Adam(ExponentialDecay(0.002, 15, 0.5)), loss="mse")  # expect: keras-schedule-ends-early
model.fit(x, y, epochs=20)
# says: after 149 of 1280 updates

# %% keras-schedule-ends-early: a schedule of no steps is another error
from keras.optimizers.schedules import CosineDecay, ExponentialDecay
x, y = np.random.rand(2048, 8), np.random.rand(2048)
model = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
model.compile(keras.optimizers.Adam(CosineDecay(0.001, 0)), loss="mse")
model.fit(x, y, epochs=20)

# %% keras-schedule-ends-early: a schedule that is gone at once is another error
from keras.optimizers.schedules import CosineDecay, ExponentialDecay
x, y = np.random.rand(2048, 8), np.random.rand(2048)
model = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
model.compile(keras.optimizers.Adam(ExponentialDecay(0.001, 15, 0.0)), loss="mse")
model.fit(x, y, epochs=20)

# %% keras-schedule-ends-early: stairs that are as long as the training is wide
from keras.optimizers.schedules import CosineDecay, ExponentialDecay
x, y = np.random.rand(2048, 8), np.random.rand(2048)
model = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
model.compile(keras.optimizers.Adam(ExponentialDecay(0.001, 60, 0.5, staircase=True)), loss="mse")
model.fit(x, y, epochs=18)

# %% keras-schedule-ends-early: stairs that end early
from keras.optimizers.schedules import CosineDecay, ExponentialDecay
x, y = np.random.rand(2048, 8), np.random.rand(2048)
model = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
model.compile(keras.optimizers.Adam(ExponentialDecay(0.001, 50, 0.5, staircase=True)), loss="mse")  # expect: keras-schedule-ends-early
model.fit(x, y, epochs=18)

# %% keras-schedule-ends-early: with EarlyStopping it trains at least as long as its patience
from keras.optimizers.schedules import CosineDecay, ExponentialDecay
x, y = np.random.rand(2048, 8), np.random.rand(2048)
model = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
model.compile(keras.optimizers.Adam(CosineDecay(0.001, 26)), loss="mse")
model.fit(x, y, epochs=1000, callbacks=[keras.callbacks.EarlyStopping(patience=1)])

# %% keras-schedule-ends-early: a long patience lets it train long enough
from keras.optimizers.schedules import CosineDecay, ExponentialDecay
x, y = np.random.rand(2048, 8), np.random.rand(2048)
model = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
model.compile(keras.optimizers.Adam(CosineDecay(0.001, 26)), loss="mse")  # expect: keras-schedule-ends-early
model.fit(x, y, epochs=1000, callbacks=[keras.callbacks.EarlyStopping(patience=10), keras.callbacks.TerminateOnNaN()])

# %% keras-schedule-ends-early: how many steps is not known
from mine import steps
from keras.optimizers.schedules import CosineDecay, ExponentialDecay
x, y = np.random.rand(2048, 8), np.random.rand(2048)
model = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
model.compile(keras.optimizers.Adam(CosineDecay(0.001, steps)), loss="mse")
model.fit(x, y, epochs=20)

# %% keras-schedule-ends-early: nobody knows what the callback is
from mine import stopper
from keras.optimizers.schedules import CosineDecay, ExponentialDecay
x, y = np.random.rand(2048, 8), np.random.rand(2048)
model = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
model.compile(keras.optimizers.Adam(CosineDecay(0.001, 26)), loss="mse")
model.fit(x, y, epochs=1000, callbacks=[stopper])

# %% keras-schedule-ends-early: nobody knows how patient it is
from mine import patience
from keras.optimizers.schedules import CosineDecay, ExponentialDecay
x, y = np.random.rand(2048, 8), np.random.rand(2048)
model = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
model.compile(keras.optimizers.Adam(CosineDecay(0.001, 26)), loss="mse")
model.fit(x, y, epochs=1000, callbacks=[keras.callbacks.EarlyStopping(patience=patience)])

# %% keras-schedule-ends-early: a layer gets weights from elsewhere
from keras.optimizers.schedules import CosineDecay
x, y = np.random.rand(2048, 8), np.random.rand(2048)
model = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
model.layers[0].set_weights(np.load("weights.npy", allow_pickle=True))
model.compile(keras.optimizers.Adam(CosineDecay(0.001, 64)), loss="mse")
model.fit(x, y, epochs=20)

# %% keras-schedule-ends-early: the best weights are loaded when the training is over
from keras.optimizers.schedules import CosineDecay
x, y = np.random.rand(2048, 8), np.random.rand(2048)
model = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
model.compile(keras.optimizers.Adam(CosineDecay(0.001, 64)), loss="mse")  # expect: keras-schedule-ends-early
model.fit(x, y, epochs=20)
model.load_weights("best.weights.h5")

# %% keras-schedule-ends-early: another model was trained before
from keras.optimizers.schedules import CosineDecay
x, y = np.random.rand(2048, 8), np.random.rand(2048)
other = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
other.compile("adam", loss="mse")
other.fit(x, y, epochs=20)
model = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
model.compile(keras.optimizers.Adam(CosineDecay(0.001, 64)), loss="mse")  # expect: keras-schedule-ends-early
model.fit(x, y, epochs=20)

# %% keras-model-reused-across-folds: perhaps no more than the first fold
from itertools import islice
from sklearn.model_selection import KFold
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
for train, test in islice(KFold(4).split(x), 1):
    model.fit(x[train], y[train])
    print(model.evaluate(x[test], y[test]))
for train, test in list(KFold(4).split(x))[:1]:
    model.fit(x[train], y[train])
    print(model.evaluate(x[test], y[test]))

# %% keras-model-reused-across-folds: it is asked about what it was trained on
from sklearn.model_selection import KFold
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
for train, test in KFold(4).split(x):
    model.fit(x[train], y[train])
    print(model.evaluate(x[train], y[train]))

# %% keras-model-reused-across-folds: the model is an attribute
from sklearn.model_selection import KFold
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
class Trial:
    model = None
trial = Trial()
trial.model = Sequential([Dense(1, activation="sigmoid")])
trial.model.compile("adam", "binary_crossentropy")
for train, test in KFold(4).split(x):
    trial.model.fit(x[train], y[train])
    print(trial.model.evaluate(x[test], y[test]))

# %% keras-forward-outside-tape: an object out of sight was given it
from mine import registry
net = Sequential([Input((8,)), Dense(3)])
registry.register(net)
old = net(np.ones((4, 8)))
with tf.GradientTape() as tape:
    loss = registry.loss(np.ones((4, 8))) + tf.reduce_mean(old)
found = tape.gradient(loss, net.trainable_variables)
keras.optimizers.Adam().apply_gradients(zip(found, net.trainable_variables))

# %% keras-forward-outside-tape: Keras keeps nothing of a model that it draws
net = Sequential([Input((8,)), Dense(3)])
keras.utils.plot_model(net)
old = net(np.ones((4, 8)))  # expect: keras-forward-outside-tape
with tf.GradientTape() as tape:
    loss = keras.losses.mse(old, keras.utils.to_categorical([1, 2, 0, 1]))
found = tape.gradient(loss, net.trainable_variables)
keras.optimizers.Adam().apply_gradients(zip(found, net.trainable_variables))

# %% keras-forward-outside-tape: it is set by name
class Box:
    pass
box = Box()
net = Sequential([Input((8,)), Dense(3)])
setattr(box, "net", net)
old = net(np.ones((4, 8)))
with tf.GradientTape() as tape:
    loss = tf.reduce_mean(box.net(np.ones((4, 8)))) + tf.reduce_mean(old)
found = tape.gradient(loss, net.trainable_variables)
keras.optimizers.Adam().apply_gradients(zip(found, net.trainable_variables))

# %% keras-forward-outside-tape: it has another name in a block
import contextlib
net = Sequential([Input((8,)), Dense(3)])
with contextlib.nullcontext(net) as same:
    old = net(np.ones((4, 8)))
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(same(np.ones((4, 8)))) + tf.reduce_mean(old)
    found = tape.gradient(loss, net.trainable_variables)
    keras.optimizers.Adam().apply_gradients(zip(found, net.trainable_variables))

# %% keras-forward-outside-tape: it is the default of a parameter
net = Sequential([Input((8,)), Dense(3)])
def train(inputs, same=net):
    old = net(inputs)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(same(inputs)) + tf.reduce_mean(old)
    found = tape.gradient(loss, net.trainable_variables)
    keras.optimizers.Adam().apply_gradients(zip(found, net.trainable_variables))
train(np.ones((4, 8)))

# %% keras-model-reused-across-folds: it is judged twice in each, and trained in none
from sklearn.model_selection import KFold
x, y = np.random.rand(120, 8), np.random.randint(0, 2, 120)
model = Sequential([Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
for train, test in KFold(4).split(x):
    print(model.evaluate(x[train], y[train]), model.evaluate(x[test], y[test]))

# %% keras-schedule-ends-early: the layers were trained in another model
from keras.optimizers.schedules import CosineDecay
x, y = np.random.rand(2048, 8), np.random.rand(2048)
first = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
first.compile("adam", loss="mse")
first.fit(x, y, epochs=20)
model = Sequential(first.layers)
model.compile(keras.optimizers.Adam(CosineDecay(0.0005, 64)), loss="mse")
model.fit(x, y, epochs=20)

# %% keras-schedule-ends-early: a loop of one's own may have trained it
from keras.optimizers.schedules import CosineDecay
x, y = np.random.rand(2048, 8), np.random.rand(2048)
model = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
for _ in range(1000):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(x)[:, 0] - y))
    found = tape.gradient(loss, model.trainable_variables)
    keras.optimizers.Adam().apply_gradients(zip(found, model.trainable_variables))
model.compile(keras.optimizers.Adam(CosineDecay(0.0005, 64)), loss="mse")
model.fit(x, y, epochs=20)

# %% keras-schedule-ends-early: a checkpoint may hold its weights
from keras.optimizers.schedules import CosineDecay
x, y = np.random.rand(2048, 8), np.random.rand(2048)
model = Sequential([Input((8,)), Dense(16, activation="relu"), Dense(1)])
tf.train.Checkpoint(model=model).restore("checkpoint")
model.compile(keras.optimizers.Adam(CosineDecay(0.0005, 64)), loss="mse")
model.fit(x, y, epochs=20)

# %% keras-model-discarded: the layers of a model that is loaded stand in the one that was saved
def small():
    model = Sequential([Input((4,)), Dense(1)])
    model.compile("adam", "mse")
    model.fit(np.zeros((8, 4)), np.zeros((8, 1)))
    return model
model = small()
model.save("small.keras")
model = keras.models.load_model("small.keras")
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-layers-pop: a class that adds its layers to the copy has them in attributes
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.out = Dense(1)
        self.layers.append(self.out)
    def call(self, inputs):
        return self.out(inputs)
model = Net()
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-layers-pop: a subclassed model loses no layer
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden, self.out = Dense(4), Dense(1)
    def call(self, inputs):
        return self.out(self.hidden(inputs))
model = Net()
model.layers.pop()  # expect: keras-layers-pop
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))
