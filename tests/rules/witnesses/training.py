"""Of the rules about how a model is trained."""

# %% keras-checkpoint-filename on 2.15: Keras 2 saves under any name
keras.callbacks.ModelCheckpoint("model.hdf5")

# %% keras-checkpoint-filename: what is unpacked may say that weights are saved alone
from mine import settings
keras.callbacks.ModelCheckpoint("model.hdf5", **settings)

# %% keras-checkpoint-filename: one ending is put in the place of two
keras.callbacks.ModelCheckpoint("of.weights.hdf5", save_weights_only=True)  # expect: keras-checkpoint-filename
# fixed: 'of.weights.h5'

# %% keras-compile-without-loss: a layer from elsewhere may add a loss
from mine import layer
model = Sequential([Input((4,)), layer(), Dense(1)])
model.compile("adam")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-compile-without-loss: a second `loss=` is no fix
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", loss=None)  # expect: keras-compile-without-loss
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))
# unfixed

# %% keras-compile-without-loss: three sigmoids may be three labels or one
model = Sequential([Input((4,)), Dense(3, activation="sigmoid")])
model.compile("adam")  # expect: keras-compile-without-loss
model.fit(np.zeros((8, 4)), np.zeros((8, 3)))
# unfixed

# %% keras-compile-without-loss: one unit with a relu tells no loss
model = Sequential([Input((4,)), Dense(1, activation="relu")])
model.compile("adam")  # expect: keras-compile-without-loss
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))
# unfixed

# %% keras-compile-without-loss: an activation of one's own tells no loss
def own(x):
    return ops.maximum(x, 0.1)
model = Sequential([Input((4,)), Dense(1, activation=own)])
model.compile("adam")  # expect: keras-compile-without-loss
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))
# unfixed

# %% keras-compile-without-loss: whatever else the program does wrong
other = Sequential([Input((4,)), Dense(1)])
other.fit(np.zeros((8, 4)), np.zeros((8, 1)))
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam")  # expect: keras-compile-without-loss
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-endless-dataset: early stopping waits for the end of an epoch
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
data = tf.data.Dataset.from_tensor_slices((np.zeros((8, 4)), np.zeros((8, 1)))).batch(4).repeat()
model.fit(data, callbacks=[keras.callbacks.EarlyStopping("loss")])  # expect: keras-endless-dataset

# %% keras-endless-dataset: a function of one's own may stop after any batch
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
data = tf.data.Dataset.from_tensor_slices((np.zeros((8, 4)), np.zeros((8, 1)))).batch(4).repeat()
def stop(batch, logs):
    model.stop_training = batch > 10
model.fit(data, callbacks=[keras.callbacks.LambdaCallback(on_train_batch_end=stop)])

# %% keras-endless-dataset: a callback that is not known may stop after any batch
from mine import callback
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
data = tf.data.Dataset.from_tensor_slices((np.zeros((8, 4)), np.zeros((8, 1)))).batch(4).repeat()
model.fit(data, callbacks=[callback])

# %% keras-fit-argument-conflict on 2.15: Keras 2 takes lists of numbers
model = Sequential([Input((1,)), Dense(1)])
model.compile("adam", "mse")
model.fit([1.0, 2.0], [2.0, 4.0])

# %% keras-fit-argument-conflict: a list that holds nothing is filled elsewhere
model = Sequential([Input((1,)), Dense(1)])
model.compile("adam", "mse")
model.fit([], [])

# %% keras-fit-argument-conflict: a list in which anything may stand is none of numbers
from mine import features
model = Sequential([Input((1,)), Dense(1)])
model.compile("adam", "mse")
model.fit([1.0, 2.0, 3.0, features], np.zeros((4, 1)))

# %% keras-fit-argument-conflict: labels by their place cannot be taken out by name
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
data = tf.data.Dataset.from_tensor_slices((np.zeros((8, 4)), np.zeros((8, 1)))).batch(4)
model.fit(data, np.zeros((8, 1)))  # expect: keras-fit-argument-conflict
# unfixed

# %% keras-fit-argument-conflict: all of the data held back
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)), validation_split=1)  # expect: keras-fit-argument-conflict
# says: leaves nothing to train on

# %% keras-fit-argument-conflict: a fifth held back
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)), validation_split=0.2)

# %% keras-fit-argument-conflict: all of a data set held back is told once
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
data = tf.data.Dataset.from_tensor_slices((np.zeros((8, 4)), np.zeros((8, 1)))).batch(4)
model.fit(data, validation_split=1)  # expect: keras-fit-argument-conflict
# says: cannot split a data set

# %% keras-fit-before-compile: an activation of one's own tells no loss
def own(x):
    return ops.maximum(x, 0.1)
model = Sequential([Input((4,)), Dense(1, activation=own)])
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))  # expect: keras-fit-before-compile
# unfixed

# %% keras-fit-before-compile: two outputs may want two losses
i = Input((4,))
model = Model(i, [Dense(1)(i), Dense(1)(i)])
model.fit(np.zeros((8, 4)), [np.zeros((8, 1)), np.zeros((8, 1))])  # expect: keras-fit-before-compile
# unfixed

# %% keras-fit-before-compile: three sigmoids may be three labels or one
model = Sequential([Input((4,)), Dense(3, activation="sigmoid")])
model.fit(np.zeros((8, 4)), np.zeros((8, 3)))  # expect: keras-fit-before-compile
# unfixed

# %% keras-fit-before-compile: one unit with a relu tells no loss
model = Sequential([Input((4,)), Dense(1, activation="relu")])
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))  # expect: keras-fit-before-compile
# unfixed

# %% keras-monitor-unknown-metric: another metric is the program's own
def own(y_true, y_pred):
    return ops.mean(y_pred)
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse", metrics=["mae", own])
model.fit(np.zeros((8, 4)), np.zeros((8, 1)), callbacks=[keras.callbacks.EarlyStopping("mae")])

# %% keras-monitor-unknown-metric: a metric of the program's own has no direction
def own(y_true, y_pred):
    return ops.mean(y_pred)
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse", metrics=["mae", own])
model.fit(np.zeros((8, 4)), np.zeros((8, 1)), callbacks=[
    keras.callbacks.EarlyStopping("own")])  # expect: keras-monitor-unknown-metric
# says: cannot tell whether `own` should grow or fall

# %% keras-monitor-unknown-metric: nothing is like what the name of the file asks for
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)), callbacks=[
    keras.callbacks.ModelCheckpoint("at-{recall:.2f}.keras")])  # expect: keras-monitor-unknown-metric
# unfixed

# %% keras-monitor-unknown-metric: a name that is put together is not replaced
FOLDER = "runs/"
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse", metrics=["accuracy"])
model.fit(np.zeros((8, 4)), np.zeros((8, 1)), callbacks=[
    keras.callbacks.ModelCheckpoint(FOLDER + "at-{acc:.2f}.keras")])  # expect: keras-monitor-unknown-metric
# says: use `accuracy`
# unfixed

# %% keras-monitor-unknown-metric: a callback that is given to no fit
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
keras.callbacks.EarlyStopping("accuracy")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-monitor-wrong-direction: a checkpoint of every epoch compares nothing
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)), callbacks=[
    keras.callbacks.ModelCheckpoint("best.keras", monitor="loss", mode="max")])

# %% keras-schedule-not-callable: a callback that nothing calls
keras.callbacks.LearningRateScheduler(0.1)

# %% keras-too-few-updates: nineteen are few
from my_data import features, labels
model = Sequential([Input((8,)), Dense(1)])
model.compile("adam", "mse")
model.fit(features, labels, steps_per_epoch=19)  # expect: keras-too-few-updates
# fixed: epochs=11

# %% keras-too-few-updates: one is few
from my_data import features, labels
model = Sequential([Input((8,)), Dense(1)])
model.compile("adam", "mse")
model.fit(features, labels, steps_per_epoch=1)  # expect: keras-too-few-updates

# %% keras-too-few-updates: twenty are not
from my_data import features, labels
model = Sequential([Input((8,)), Dense(1)])
model.compile("adam", "mse")
model.fit(features, labels, steps_per_epoch=20)

# %% keras-too-few-updates: none are wanted
from my_data import features, labels
model = Sequential([Input((8,)), Dense(1)])
model.compile("adam", "mse")
model.fit(features, labels, epochs=0, steps_per_epoch=1)

# %% keras-too-few-updates: other fits go on
from my_data import features, labels
model = Sequential([Input((8,)), Dense(1)])
model.compile("adam", "mse")
model.fit(features, labels, steps_per_epoch=1)
model.fit(features, labels, steps_per_epoch=1)

# %% keras-too-few-updates: it goes on where another ended
from my_data import features, labels
model = Sequential([Input((8,)), Dense(1)])
model.compile("adam", "mse")
model.fit(features, labels, epochs=3, initial_epoch=1, steps_per_epoch=1)

# %% keras-too-few-updates: data that the program makes up
from my_data import labels
model = Sequential([Input((8,)), Dense(1)])
model.compile("adam", "mse")
model.fit(np.ones((60, 8)), labels, steps_per_epoch=1)

# %% keras-too-few-updates: data that the program makes up in a number that is not known
from my_data import features, labels
model = Sequential([Input((8,)), Dense(1)])
model.compile("adam", "mse")
model.fit(np.ones((len(features), 8)), labels, steps_per_epoch=1)  # expect: keras-too-few-updates

# %% keras-too-few-updates: data that come with Keras
(images, digits), _ = keras.datasets.mnist.load_data()
model = Sequential([Input((28, 28)), layers.Flatten(), Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(images / 255, digits, steps_per_epoch=1)  # expect: keras-too-few-updates

# %% keras-too-few-updates: a part that may have learned before
from my_data import features, labels
part = Sequential([Input((8,)), Dense(8)])
model = Sequential([Input((8,)), part, Dense(1)])
model.compile("adam", "mse")
model.fit(features, labels, steps_per_epoch=1)

# %% keras-too-few-updates: the layers of an application have learned before
from my_data import features, labels
base = keras.applications.VGG16()
model = Model(base.input, Dense(1)(base.layers[-2].output))
model.compile("adam", "mse")
model.fit(features, labels, steps_per_epoch=1)

# %% keras-too-many-steps: a batch of one
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)), batch_size=1, steps_per_epoch=9)  # expect: keras-too-many-steps

# %% keras-too-many-steps: no batch is that empty
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)), batch_size=0, steps_per_epoch=9)

# %% keras-too-many-steps: a number by its place cannot be left out
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)), 4, 1, 1, [], 0.0, None, True, None, None, 0, 9)  # expect: keras-too-many-steps
# unfixed

# %% keras-unbatched-dataset: a model of two inputs takes samples apart
a, b = Input((4,)), Input((4,))
model = Model([a, b], Dense(1)(layers.Add()([a, b])))
model.compile("adam", "mse")
data = tf.data.Dataset.from_tensor_slices((np.zeros((8, 4)), np.zeros((8, 1))))
model.fit(data)

# %% keras-unbatched-dataset: samples by the names of inputs
model = Sequential([Input((4,), name="a"), Dense(1)])
model.compile("adam", "mse")
data = tf.data.Dataset.from_tensor_slices(({"a": np.zeros((8, 4))}, np.zeros((8, 1))))
model.fit(data)

# %% keras-unbatched-dataset: a layer from elsewhere may give the batch its axis
from mine import layer
model = Sequential([Input((4,)), layer(), Dense(1)])
model.compile("adam", "mse")
data = tf.data.Dataset.from_tensor_slices((np.zeros((8, 4)), np.zeros((8, 1))))
model.fit(data)

# %% keras-unbatched-dataset: samples of two
model = Sequential([Input((2,)), Dense(1)])
model.compile("adam", "mse")
data = tf.data.Dataset.from_tensor_slices((np.zeros((8, 2)), np.zeros((8, 1))))
model.fit(data)  # expect: keras-unbatched-dataset

# %% keras-unbatched-dataset: samples whose rank is not known
from mine import features, labels
model = Sequential([Input((2,)), Dense(1)])
model.compile("adam", "mse")
data = tf.data.Dataset.from_tensor_slices((features, labels))
model.fit(data)

# %% keras-validation-is-training-data: a data set has no part to hold back
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
data = tf.data.Dataset.from_tensor_slices((np.zeros((8, 4)), np.zeros((8, 1)))).batch(4)
model.fit(data, validation_data=data)  # expect: keras-validation-is-training-data
# unfixed

# %% keras-validation-is-training-data: data that are read from somewhere
from mine import load
features, labels = load()
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.fit(features, labels, validation_data=(features, labels))  # expect: keras-validation-is-training-data

# %% keras-validation-is-training-data: data made up in a number that is not known
from mine import count
features, labels = np.ones((count, 4)), np.ones((count, 1))
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.fit(features, labels, validation_data=(features, labels))  # expect: keras-validation-is-training-data

# %% keras-validation-is-training-data: data that the program makes up
features, labels = np.ones((8, 4)), np.ones((8, 1))
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.fit(features, labels, validation_data=(features, labels))

# %% keras-validation-is-training-data: by their places they cannot be exchanged for a split
from my_data import features, labels
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.fit(features, labels, 4, 1, 1, [], 0.0, (features, labels))  # expect: keras-validation-is-training-data
# unfixed

# %% keras-removed-name: a method with a successor of the same call
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.fit_generator(data)  # expect: keras-removed-name
# fixed: model.fit(data)

# %% keras-removed-name: a method whose successor gives something else
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.predict_classes(np.zeros((8, 4)))  # expect: keras-removed-name
# says: use `predict(x).argmax(axis=-1)`
# unfixed

# %% keras-removed-name: what the backend did is done by operations
keras.backend.expand_dims(np.zeros(3))  # expect: keras-removed-name
# says: no longer has `keras.backend.expand_dims`: the program raises `AttributeError`; use `keras.ops.expand_dims`
# unfixed

# %% keras-removed-name: what manages state has another successor
keras.backend.set_value(np.zeros(3), 1)  # expect: keras-removed-name
# says: use `variable.assign(value)`
# unfixed

# %% keras-removed-name: what of the backend nothing took the place of
keras.backend.print_tensor(np.zeros(3))  # expect: keras-removed-name
# says: install the Keras that the program is for (`keras<3`)
# unfixed

# %% keras-removed-name: two of the backend are told at once
import numpy as np
from keras import backend as K
K.expand_dims(np.zeros(3))  # expect: keras-removed-name
K.abs(np.zeros(3))
# says: no longer has `keras.backend.expand_dims`, nor `abs`: the program raises

# %% keras-removed-name: five of the backend are all named
import numpy as np
from keras import backend as K
K.expand_dims(K.abs(K.square(K.exp(K.log(np.zeros(3))))))  # expect: keras-removed-name
# says: `: the program raises

# %% keras-removed-name: of six of the backend one is counted
import numpy as np
from keras import backend as K
K.expand_dims(K.abs(K.square(K.exp(K.log(K.sqrt(np.zeros(3)))))))  # expect: keras-removed-name
# says: nor `abs`, `square`, `exp`, `log` and 1 more

# %% keras-removed-name: what is not of the backend is told by itself
import numpy as np
import keras
from keras import backend as K
K.expand_dims(K.abs(np.zeros(3)))  # expect: keras-removed-name
keras.layers.CuDNNLSTM(3)  # expect: keras-removed-name
# says: no longer has `keras.layers.CuDNNLSTM`: the program raises
# fixed: keras.layers.LSTM(3)

# %% keras-removed-name: a name that moved to another module is written anew by hand
keras.layers.experimental.preprocessing.Rescaling(1 / 255)  # expect: keras-removed-name
# unfixed

# %% keras-removed-name on 2.15: Keras 2 still has it
keras.backend.expand_dims(np.zeros(3))

# %% keras-removed-name on 3.14.5: the version that was asked about is named
keras.backend.expand_dims(np.zeros(3))  # expect: keras-removed-name
# says: Keras 3.14.5 no longer has

# %% keras-compile-without-loss: what is added may be a layer with a loss
from mine import layer
model = Sequential([Input((4,)), Dense(1)])
model.add(layer)
model.compile("adam")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-compile-without-loss: a class of one's own that is understood adds none
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.out = Dense(1)
    def call(self, inputs):
        return self.out(inputs)
model = Net()
model.compile("adam")  # expect: keras-compile-without-loss
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))
# fixed: model.compile("adam", loss="mse")

# %% keras-compile-without-loss: a layer of one's own may add a loss in its call
class Penalty(layers.Layer):
    def call(self, inputs):
        self.add_loss(keras.ops.mean(inputs))
        return inputs
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.out, self.penalty = Dense(1), Penalty()
    def call(self, inputs):
        return self.penalty(self.out(inputs))
model = Net()
model.compile("adam")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-fit-before-compile: a last layer without activation tells no loss
model = Sequential([Input((4,)), Dense(1), layers.Dropout(0.1)])
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))  # expect: keras-fit-before-compile
# unfixed

# %% keras-unbatched-dataset: a model whose rank is not known
from mine import shape
model = Sequential([Input(shape), Dense(1)])
model.compile("adam", "mse")
data = tf.data.Dataset.from_tensor_slices((np.zeros((8, 2)), np.zeros((8, 1))))
model.fit(data)

# %% keras-validation-is-training-data: inputs by name are no one array
from mine import labels
features = {"a": np.ones((8, 4))}
model = Sequential([Input((4,), name="a"), Dense(1)])
model.compile("adam", "mse")
model.fit(features, labels, validation_data=(features, labels))

# %% keras-fit-before-compile: the order inside of a function that makes the model
def main():
    model = Sequential([Input((4,)), Dense(1)])
    model.fit(np.zeros((8, 4)), np.zeros((8, 1)))  # expect: keras-fit-before-compile
    model.compile("adam", "mse")
main()

# %% keras-fit-before-compile: a function that is called before and after the compile
model = Sequential([Input((4,)), Dense(1)])
def train():
    model.fit(np.zeros((8, 4)), np.zeros((8, 1)))
model.compile("adam", "mse")
train()

# %% keras-fit-before-compile: the compile of the turn before
model = Sequential([Input((4,)), Dense(1)])
for turn in range(2):
    if turn:
        model.fit(np.zeros((8, 4)), np.zeros((8, 1)))
    model.compile("adam", "mse")

# %% keras-removed-name: a model of a Keras that stopped at Keras 2
import tf_keras
frozen = tf_keras.Sequential([tf_keras.layers.Dense(1, input_shape=(4,))])
frozen.compile("adam", "mse")
frozen.fit_generator(iter([]))
frozen.reset_states()

# %% keras-removed-name: the same of the private one of TensorFlow
from tensorflow.python.keras.models import Sequential as Frozen
from tensorflow.python.keras.layers import Dense as FrozenDense
frozen = Frozen([FrozenDense(1, input_shape=(4,))])
frozen.compile("adam", "mse")
frozen.predict_generator(iter([]))

# %% keras-fit-argument-conflict: a quotient is a float, whatever is divided
from mine import x, y, count
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.fit(x, y, steps_per_epoch=count / 32)  # expect: keras-fit-argument-conflict
model.fit(x, y, steps_per_epoch=np.ceil(count / 32))  # expect: keras-fit-argument-conflict
model.evaluate(x, y, steps=count / 8)  # expect: keras-fit-argument-conflict
# says: what `/` gives, a float
# fixed: steps_per_epoch=int(count / 32)

# %% keras-fit-argument-conflict: rounded as Python does, and divided without a remainder
import math
from mine import x, y, count
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.fit(x, y, steps_per_epoch=count // 32, validation_steps=math.ceil(count / 8))
model.fit(x, y, steps_per_epoch=int(np.ceil(count / 32)), initial_epoch=round(count / 9))

# %% keras-trainable-changed-after-compile: another learning rate is no new compile
base = Sequential([Input((4,)), Dense(4)])
base.trainable = False
model = Sequential([base, Dense(1)])
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))
base.trainable = True  # expect: keras-trainable-changed-after-compile
base.layers[0].trainable = False
model.optimizer.learning_rate = 1e-5
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-trainable-changed-after-compile: compiled anew with another rate
base = Sequential([Input((4,)), Dense(4)])
base.trainable = False
model = Sequential([base, Dense(1)])
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))
base.trainable = True
model.compile("adam", "mse")
model.optimizer.learning_rate = 1e-5
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))
