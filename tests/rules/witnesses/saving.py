"""Of the rules about files of models."""

# %% keras-load-without-custom-objects: of a list of losses an h5 file lacks one only when it is evaluated
def own(y_true, y_pred):
    return ops.mean(y_true - y_pred)
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", [own])
model.save("own.h5")
keras.models.load_model("own.h5")
model.save("own.keras")
keras.models.load_model("own.keras")  # expect: keras-load-without-custom-objects
# fixed: load_model("own.keras", custom_objects={"own": own})

# %% keras-load-without-custom-objects: a loss of one's own that stands alone is missed in an h5 file, too
def own(y_true, y_pred):
    return ops.mean(y_true - y_pred)
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", own)
model.save("own.hdf5")
keras.models.load_model("own.hdf5")  # expect: keras-load-without-custom-objects

# %% keras-load-without-custom-objects on 2.15: Keras 2 is not judged by what Keras 3 does
from tensorflow.keras import Input, Sequential, layers
import tensorflow as tf
def own(y_true, y_pred):
    return tf.reduce_mean(y_true - y_pred)
model = Sequential([Input((4,)), layers.Dense(1)])
model.compile("adam", own)
model.save("own.keras")
tf.keras.models.load_model("own.keras")

# %% keras-load-without-custom-objects: a scope gives names to what is read in it
def own(y_true, y_pred):
    return ops.mean(y_true - y_pred)
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", own)
model.save("own.keras")
with keras.saving.custom_object_scope({"own": own}):
    keras.models.load_model("own.keras")

# %% keras-load-without-custom-objects: the registry may be filled by hand
def own(y_true, y_pred):
    return ops.mean(y_true - y_pred)
keras.saving.get_custom_objects()["own"] = own
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", own)
model.save("own.keras")
keras.models.load_model("own.keras")

# %% keras-load-without-custom-objects: registering may be a call of its own
class Scale(layers.Layer):
    def call(self, x):
        return 2 * x
keras.saving.register_keras_serializable()(Scale)
model = Sequential([Input((4,)), Scale(), Dense(1)])
model.save("own.keras")
keras.models.load_model("own.keras")

# %% keras-load-without-custom-objects: a decorator that is not known may register
from mine import registered
@registered
def own(y_true, y_pred):
    return ops.mean(y_true - y_pred)
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", own)
model.save("own.keras")
keras.models.load_model("own.keras")

# %% keras-load-without-custom-objects: it is the last compile that is saved
def own(y_true, y_pred):
    return ops.mean(y_true - y_pred)
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", own)
model.compile("adam", "mse")
model.save("own.keras")
keras.models.load_model("own.keras")

# %% keras-load-without-custom-objects: it is the last file that is read
def own(y_true, y_pred):
    return ops.mean(y_true - y_pred)
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", own)
model.save("own.keras")
other = Sequential([Input((4,)), Dense(1)])
other.save("own.keras")
keras.models.load_model("own.keras")

# %% keras-load-without-custom-objects: the compile of another model
def own(y_true, y_pred):
    return ops.mean(y_true - y_pred)
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.save("own.keras")
other = Sequential([Input((4,)), Dense(1)])
other.compile("adam", own)
keras.models.load_model("own.keras")

# %% keras-load-without-custom-objects: a checkpoint of weights alone is no model
def own(y_true, y_pred):
    return ops.mean(y_true - y_pred)
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", own)
weights = keras.callbacks.ModelCheckpoint("own.weights.h5", save_weights_only=True)
model.fit(np.zeros((8, 4)), np.zeros((8, 1)), callbacks=[weights])
keras.models.load_model("own.weights.h5")

# %% keras-load-without-custom-objects: all that is missing is named
class Scale(layers.Layer):
    def call(self, x):
        return 2 * x
def own(y_true, y_pred):
    return ops.mean(y_true - y_pred)
def root(x):
    return ops.sqrt(x)
inputs = Input((4,))
model = Model(inputs, Dense(1, activation=root)(Scale()(inputs)))
model.compile("adam", own, metrics=[own])
model.save("own.keras")
keras.models.load_model("own.keras", custom_objects=None)  # expect: keras-load-without-custom-objects
# says: with the `Scale`, `root`, `own`,
# unfixed

# %% keras-load-without-custom-objects: what is given is not missing
class Scale(layers.Layer):
    def call(self, x):
        return 2 * x
def root(x):
    return ops.sqrt(x)
model = Sequential([Input((4,)), layers.TimeDistributed(Scale()), Dense(1, activation=root)])
model.save("own.keras")
keras.models.load_model("own.keras", custom_objects={"root": root})  # expect: keras-load-without-custom-objects
# says: with the layer `Scale`,
keras.models.load_model("own.keras", {"root": root, "Scale": Scale})

# %% keras-load-without-custom-objects: initializers, regularizers and the functions of Lambda layers
def ones(shape, dtype=None):
    return ops.ones(shape)
def penalty(weights):
    return ops.sum(weights)
def double(x):
    return 2 * x
model = Sequential([Input((4,)), layers.Lambda(double), Dense(1, kernel_initializer=ones, bias_regularizer=penalty)])
model.save("own.keras")
keras.models.load_model("own.keras", compile=False)  # expect: keras-load-without-custom-objects
# says: `double`, `ones`, `penalty`

# %% keras-load-without-custom-objects: a metric, an optimizer and a schedule of one's own
class Half(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        return 0.5
class Slow(keras.optimizers.Adam):
    pass
class Own(keras.metrics.Metric):
    def result(self):
        return 0.0
model = Sequential([Input((4,)), Dense(1)])
model.compile(keras.optimizers.Adam(Half()), "mean_squared_error")
model.save("half.h5")
keras.models.load_model("half.h5")  # expect: keras-load-without-custom-objects
model.compile(Slow(), "mean_squared_error")
model.save("slow.h5")
keras.models.load_model("slow.h5")  # expect: keras-load-without-custom-objects
model.compile("adam", "mean_squared_error", weighted_metrics=[Own()])
model.save("metric.h5")
keras.models.load_model("metric.h5")
model.save("metric.keras")
keras.models.load_model("metric.keras")  # expect: keras-load-without-custom-objects

# %% keras-load-without-custom-objects: a model class of one's own
class Net(Model):
    def __init__(self, **options):
        super().__init__(**options)
        self.dense = Dense(1)
    def call(self, x):
        return self.dense(x)
net = Net()
net.compile("adam", "mse")
net.fit(np.zeros((8, 4)), np.zeros((8, 1)))
net.save("net.keras")
keras.models.load_model("net.keras", compile=False)  # expect: keras-load-without-custom-objects
# says: the model `Net`

# %% keras-load-without-custom-objects: what `compile` of one's own was given is not restored
def own(y_true, y_pred):
    return ops.mean(y_true - y_pred)
@keras.saving.register_keras_serializable()
class Net(Model):
    def __init__(self, **options):
        super().__init__(**options)
        self.dense = Dense(1)
    def compile(self, *given, **options):
        super().compile(*given, **options)
    def call(self, x):
        return self.dense(x)
net = Net()
net.compile("adam", own)
net.fit(np.zeros((8, 4)), np.zeros((8, 1)))
net.save("net.keras")
keras.models.load_model("net.keras")

# %% keras-load-without-custom-objects: an error may be expected
def own(y_true, y_pred):
    return ops.mean(y_true - y_pred)
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", own)
model.save("own.keras")
try:
    keras.models.load_model("own.keras")
except TypeError:
    keras.models.load_model("own.keras", compile=False)

# %% keras-load-without-custom-objects: lambdas are allowed for the whole program
keras.config.enable_unsafe_deserialization()
model = Sequential([Input((4,)), layers.Lambda(lambda x: 2 * x), Dense(1)])
model.save("own.keras")
keras.models.load_model("own.keras")

# %% keras-load-without-custom-objects: a lambda for a loss is refused, and for an activation
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", lambda y_true, y_pred: ops.mean(y_true - y_pred))
model.save("own.keras")
keras.models.load_model("own.keras")  # expect: keras-load-without-custom-objects
# says: a Python lambda as its loss
keras.models.load_model("own.keras", compile=False)
other = Sequential([Input((4,)), Dense(1, activation=lambda x: 2 * x)])
other.save("other.keras")
keras.models.load_model("other.keras")  # expect: keras-load-without-custom-objects
# says: a Python lambda as its activation
# unfixed

# %% keras-load-without-custom-objects: the short names of losses are found in the format of Keras 3
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", ["MAE"])
model.save("own.keras")
keras.models.load_model("own.keras")
model.save("own.h5")
keras.models.load_model("own.h5", compile=False)
keras.models.load_model("own.h5", {"MAE": "mae"})
keras.models.load_model("own.h5")  # expect: keras-load-without-custom-objects
# fixed: model.compile("adam", ["mean_absolute_error"])

# %% keras-load-without-custom-objects: a short name through a variable is left to the reader
LOSS = "mse"
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", LOSS)
model.save("own.h5")
keras.models.load_model("own.h5")  # expect: keras-load-without-custom-objects
# says: `loss="mean_squared_error"`
# unfixed

# %% keras-load-without-custom-objects: the same unknown folder is the same place
import sys
def own(y_true, y_pred):
    return ops.mean(y_true - y_pred)
path = sys.argv[1] + "/own.keras"
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", own)
keras.saving.save_model(model, path)
keras.models.load_model(path)  # expect: keras-load-without-custom-objects
keras.models.load_model(sys.argv[2] + "/own.keras")

# %% keras-load-without-custom-objects: of a place that may be of either format only what both miss
from mine import path
def own(y_true, y_pred):
    return ops.mean(y_true - y_pred)
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mean_squared_error", metrics=[own])
model.save(path)
keras.models.load_model(path)
model.compile("adam", own)
model.save(path)
keras.models.load_model(path)  # expect: keras-load-without-custom-objects
# says: the file was saved with the loss `own`

# %% keras-load-without-custom-objects: what is out of sight may have compiled the model anew
from mine import prepare
def own(y_true, y_pred):
    return ops.mean(y_true - y_pred)
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", own)
prepare(model)
model.save("own.keras")
keras.models.load_model("own.keras")

# %% keras-load-without-custom-objects: a compile in a branch that is not decided proves nothing
import sys
def own(y_true, y_pred):
    return ops.mean(y_true - y_pred)
model = Sequential([Input((4,)), Dense(1)])
if sys.argv[1]:
    model.compile("adam", own)
else:
    model.compile("adam", "mse")
model.save("own.keras")
keras.models.load_model("own.keras")

# %% keras-load-without-custom-objects: what Keras itself defines is found by its module
import keras
from keras.src import layers, ops
def own(y_true, y_pred):
    return ops.mean(y_true - y_pred)
model = keras.Sequential([keras.Input((4,)), layers.Dense(1)])
model.compile("adam", own)
model.save("own.keras")
keras.models.load_model("own.keras")

# %% keras-missing-get-config: what may be told is not missing
class Told(layers.Layer):
    def __init__(self, units, rate, **kwargs):
        super().__init__(**kwargs)
    def call(self, x):
        return x
class Named(Told):
    def get_config(self):
        config = super().get_config()
        config["units"] = 1
        return dict(config, rate=2)
class Asked(Told):
    def get_config(self):
        return {**super().get_config(), **vars(self)}
class Counted(Told):
    def get_config(self):
        return {name: getattr(self, name) for name in ("a", "b")}
class Below(Named):
    def get_config(self):
        return super().get_config()
class Half(Told):
    def get_config(self):
        return {**super().get_config(), "units": 1}
model = Sequential([Input((4,)), Named(1, 2), Asked(1, 2), Counted(1, 2), Below(1, 2), Told(1, 2)])
model.save("told.keras")
model = Sequential([Input((4,)), Half(1, 2)])
model.save("half.keras")  # expect: keras-missing-get-config
# says: `get_config` does not tell `rate`

# %% keras-missing-get-config: arguments that are no plain values
class Own(layers.Layer):
    def __init__(self, given=None, name=None, **kwargs):
        super().__init__(name=name, **kwargs)
    def call(self, x):
        return x
class Relu(Own):
    def __init__(self, given=keras.activations.relu, **kwargs):
        super().__init__(given, **kwargs)
def half(x):
    return x / 2
class Plain:
    pass
for plain in (1, "a", None, [1, (2, "b")], {"a": 1.5}, np.zeros, Plain()):
    Sequential([Input((4,)), Own(plain)]).save("own.keras")
Sequential([Input((4,)), Own(half)]).save("own.keras")  # expect: keras-missing-get-config
Sequential([Input((4,)), Own([1, Dense(1)])]).save("own.keras")  # expect: keras-missing-get-config
Sequential([Input((4,)), Own(given={"a": keras.initializers.Zeros()})]).save("own.h5")  # expect: keras-missing-get-config
Sequential([Input((4,)), Own(ops.relu)]).save("own.keras")  # expect: keras-missing-get-config
Sequential([Input((4,)), Own(Own())]).save("own.keras")  # expect: keras-missing-get-config
Sequential([Input((4,)), Relu()]).save("own.keras")  # expect: keras-missing-get-config
# says: its argument `given` is no plain value
Sequential([Input((4,)), Relu("relu")]).save("own.keras")

# %% keras-missing-get-config: a constructor that takes what a file tells
class Own(layers.Layer):
    def __init__(self, trainable=True, dtype=None, name=None):
        super().__init__(trainable=trainable, dtype=dtype, name=name)
    def call(self, x):
        return x
class Without(layers.Layer):
    def __init__(self, dtype=None):
        super().__init__(dtype=dtype)
    def call(self, x):
        return x
class Bare(layers.Layer):
    def call(self, x):
        return x
Sequential([Input((4,)), Own(), Bare()]).save("own.keras")
Sequential([Input((4,)), Without()]).save("own.keras")  # expect: keras-missing-get-config
# says: takes no `**kwargs`

# %% keras-missing-get-config: a subclass of a layer of Keras tells what that one does
class Own(Dense):
    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
class More(Dense):
    def __init__(self, units, factor, **kwargs):
        super().__init__(units, **kwargs)
class Offered(Dense):
    def __init__(self, units, factor=2, **kwargs):
        super().__init__(units, **kwargs)
Sequential([Input((4,)), Own(1), Offered(1)]).save("own.keras")
Sequential([Input((4,)), More(1, 2)]).save("own.keras")  # expect: keras-missing-get-config
# says: does not tell `factor`

# %% keras-missing-get-config: of a class whose bases are elsewhere nothing is known
from mine import Base, Mixin
class Own(Base):
    def __init__(self, inner):
        super().__init__()
class Mixed(layers.Layer, Mixin):
    def __init__(self, inner):
        super().__init__()
    def call(self, x):
        return x
Sequential([Input((4,)), Own(half := 1), Mixed(Dense(1))]).save("own.keras")

# %% keras-missing-get-config: a model keeps nothing of its arguments
class Net(Model):
    def __init__(self, units=1):
        super().__init__()
        self.dense = Dense(units)
    def call(self, x):
        return self.dense(x)
class Whole(Model):
    def __init__(self, units=1, **kwargs):
        super().__init__(**kwargs)
        self.dense = Dense(units)
    def call(self, x):
        return self.dense(x)
class Functional(Model):
    def __init__(self, units):
        inputs = Input((4,))
        super().__init__(inputs, Dense(units)(inputs))
for net in (Whole(2), Functional(2)):
    net.save("net.keras")
net = Net()
net.fit(np.zeros((8, 4)), np.zeros((8, 1)))
keras.saving.save_model(net, "net.keras")  # expect: keras-missing-get-config
# says: `Net` is saved whole, and its `__init__` takes no `**kwargs`

# %% keras-missing-get-config on 2.15: Keras 2 is not judged by what Keras 3 does
from tensorflow import keras
from tensorflow.keras import layers
class Own(layers.Layer):
    def __init__(self, inner):
        super().__init__()
    def call(self, x):
        return x
keras.Sequential([keras.Input((4,)), Own(layers.Dense(1))]).save("own.keras")

# %% keras-save-filename on 2.15: Keras 2 saves folders
model = Sequential([Input((4,)), Dense(1)])
model.save("net")
model.save_weights("net.h5")

# %% keras-save-filename: what unpacks may say that it is a folder
from mine import options
model = Sequential([Input((4,)), Dense(1)])
model.save("net", **options)
model.save("net", True, False)

# %% keras-save-filename: a file on a hub
model = Sequential([Input((4,)), Dense(1)])
model.save("hf://me/net")
keras.models.load_model("hf://me/net.pt")

# %% keras-save-filename: the end of a text that is not known
import os
import sys
name = sys.argv[1]
model = Sequential([Input((4,)), Dense(1)])
model.save(name + "_net")  # expect: keras-save-filename
# says: `…_net` ends in neither
model.save(f"{name}/net")  # expect: keras-save-filename
model.save("net_{}.pb".format(name))  # expect: keras-save-filename
model.save("net_%s.tf" % name)  # expect: keras-save-filename
model.save(os.path.join("nets", name, "net"))  # expect: keras-save-filename
model.save(os.path.join("nets", name))
model.save(f"net_{name}")
model.save(name + "5")
model.save("net_%s" % name)
model.save("net_{}".format(name))
model.save_weights(name + ".h5")
model.save_weights(os.path.join(name, "of.h5"))  # expect: keras-save-filename
# unfixed

# %% keras-save-filename: two ends of which one is right
import sys
name = sys.argv[1] + (".h5" if sys.argv[2] else ".weights.h5")
path = sys.argv[1] + "/a.weights.h5"
if sys.argv[2]:
    path = sys.argv[1] + "/a.h5"
model = Sequential([Input((4,)), Dense(1)])
model.save_weights(path)

# %% keras-save-filename: a format is no ending
model = Sequential([Input((4,)), Dense(1)])
model.save("net.model", save_format="h5")  # expect: keras-save-filename
# fixed: model.save('net.h5')
model.save("net.keras", save_format="tf")

# %% keras-save-filename: a name that the program writes once more is changed with it
model = Sequential([Input((4,)), Dense(1)])
model.save_weights("net.hdf5")  # expect: keras-save-filename
model.load_weights("net.hdf5")
# fixed: model.load_weights('net.weights.h5')

# %% keras-save-filename: a name that stands elsewhere is left to the reader
NAME = "net.hdf5"
model = Sequential([Input((4,)), Dense(1)])
model.save_weights(NAME)  # expect: keras-save-filename
model.load_weights(NAME)
# unfixed

# %% keras-save-filename: files of Keras 2 and of others
model = Sequential([Input((4,)), Dense(1)])
model.load_weights("net.ckpt")  # expect: keras-save-filename
model.load_weights("checkpoints/net")
model.load_weights("net.weights.json")
keras.models.load_model("net.pb")  # expect: keras-save-filename
# says: `net.pb` is no file that Keras 3 reads
# unfixed

# %% keras-save-filename: weights are no longer saved whole
model = Sequential([Input((4,)), Dense(1)])
model.export("net")
model.save("net.keras")
keras.models.load_model("net.keras")

# %% keras-save-filename: a function that nobody calls may be given another name
def keep(model, path="net"):
    model = Sequential([Input((4,)), Dense(1)])
    model.save(path)

# %% keras-checkpoint-filename: the end of a path that is not known
import sys
keras.callbacks.ModelCheckpoint(sys.argv[1] + "/best.hdf5")  # expect: keras-checkpoint-filename
# says: `…/best.hdf5` does not end in `.keras`
keras.callbacks.ModelCheckpoint(sys.argv[1] + "/best.keras")
keras.callbacks.ModelCheckpoint(sys.argv[1] + "keras")
# unfixed
