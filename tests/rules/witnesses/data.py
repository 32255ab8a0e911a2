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

# %% keras-scaled-twice: by numbers near 255, in a model of its own that prepares images for another
prepare = Sequential([Input((8, 8, 3)), layers.Rescaling(1 / 127.5, offset=-1)])  # expect: keras-scaled-twice
i = Input((8, 8, 3))
model = Model(i, Dense(1)(layers.Flatten()(prepare(i / 256))))

# %% keras-scaled-twice: in a Lambda and a function of ops
i = Input((8, 8, 3))
x = layers.Lambda(lambda t: t / 255.0)(i)
x = ops.divide(ops.cast(x, "float32"), 255)  # expect: keras-scaled-twice
model = Model(i, Dense(1)(layers.Flatten()(x)))
# says: scaled here by 1/255, and they were already by 1/255 in line

# %% keras-scaled-twice: a division by 10 or by 1000 is no scaling of images
i = Input((8, 8, 3))
model = Model(i, Dense(1)(layers.Flatten()(layers.Rescaling(1 / 255)(i / 10))))
j = Input((8, 8, 3))
model = Model(j, Dense(1)(layers.Flatten()(layers.Rescaling(1 / 301)(j / 255))))

# %% keras-scaled-twice: the largest and the smallest that are
i = Input((8, 8, 3))
model = Model(i, Dense(1)(layers.Flatten()(layers.Rescaling(1 / 300)(i / 100))))  # expect: keras-scaled-twice

# %% keras-scaled-twice: one branch each
i = Input((8, 8, 3))
a, b = layers.Rescaling(1 / 255)(i), layers.Rescaling(1 / 127.5)(i)
model = Model(i, Dense(1)(layers.Flatten()(layers.Concatenate()([a, b]))))

# %% keras-scaled-twice: what a convolution gives is no image any more
i = Input((8, 8, 3))
x = layers.Conv2D(4, 3)(layers.Rescaling(1 / 255)(i))
model = Model(i, Dense(1)(layers.Flatten()(layers.Rescaling(1 / 255)(x))))

# %% keras-scaled-twice: made large in between, by the model
i = Input((8, 8, 3))
x = layers.Rescaling(255)(layers.Rescaling(1 / 255)(i))
model = Model(i, Dense(1)(layers.Flatten()(layers.Rescaling(1 / 255)(x))))

# %% keras-scaled-twice: a factor up to three makes them no images again
i = Input((8, 8, 3))
x = layers.Rescaling(3)(layers.Rescaling(1 / 255)(i))
model = Model(i, Dense(1)(layers.Flatten()(layers.Rescaling(1 / 255)(x))))  # expect: keras-scaled-twice
x = layers.Rescaling(3.5)(layers.Rescaling(1 / 255)(i))
model = Model(i, Dense(1)(layers.Flatten()(layers.Rescaling(1 / 255)(x))))

# %% keras-scaled-twice: a factor that is not known
from mine import factor
i = Input((8, 8, 3))
x = layers.Rescaling(factor)(layers.Rescaling(1 / 255)(i))
model = Model(i, Dense(1)(layers.Flatten()(layers.Rescaling(1 / 255)(x))))

# %% keras-scaled-twice: the mean colors of images from 0 to 1
from keras.applications import vgg16
i = Input((224, 224, 3))
x = vgg16.preprocess_input(i / 255)  # expect: keras-scaled-twice
model = Model(i, vgg16.VGG16(include_top=False)(x))

# %% keras-scaled-twice: the mean colors, and a division that the pretrained weights do not know
from keras.applications import vgg16
from keras.preprocessing.image import ImageDataGenerator
images = ImageDataGenerator(preprocessing_function=vgg16.preprocess_input, rescale=1 / 255)  # expect: keras-scaled-twice
model = Sequential([Input((8, 8, 3)), layers.Flatten(), Dense(1)])
model.compile("adam", "mse")
model.fit(images.flow_from_directory("a", target_size=(8, 8)))

# %% keras-scaled-twice: the function of another family, in the data
from keras.applications import VGG16, mobilenet_v2
folder = keras.utils.image_dataset_from_directory("a", image_size=(224, 224))
folder = folder.map(lambda x, y: (mobilenet_v2.preprocess_input(x), y))  # expect: keras-scaled-twice
model = VGG16()
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(folder)
# says: `mobilenet_v2.preprocess_input` before `VGG16`, which was trained with that of `vgg16`

# %% keras-scaled-twice: a function that does nothing, before a model that wants it done
from keras.applications import VGG16, efficientnet
i = Input((224, 224, 3))
model = Model(i, VGG16(include_top=False)(efficientnet.preprocess_input(i)))  # expect: keras-scaled-twice

# %% keras-scaled-twice: weights of which nobody knows what they are
from keras.applications import VGG16, efficientnet
from mine import weights
i = Input((224, 224, 3))
model = Model(i, VGG16(include_top=False, weights=weights)(efficientnet.preprocess_input(i)))

# %% keras-scaled-twice: once before a model that scales itself is too often
from keras.applications import ConvNeXtTiny, MobileNetV3Small
i = Input((224, 224, 3))
model = Model(i, MobileNetV3Small(include_top=False)(i / 255))  # expect: keras-scaled-twice
model = Model(i, ConvNeXtTiny(include_top=False)(layers.Rescaling(1 / 255)(i)))  # expect: keras-scaled-twice
model = Model(i, ConvNeXtTiny(include_top=False)(i))
model = Model(i, MobileNetV3Small(include_top=False)(layers.Rescaling(1.0)(i)))

# %% keras-scaled-twice: data of a known range that one division left large
x = np.random.randint(0, 300, (16, 8, 8, 3)) / 255
model = Sequential([Input((8, 8, 3)), layers.Rescaling(1 / 255), layers.Flatten(), Dense(1)])  # expect: keras-scaled-twice
model.compile("adam", "mse")
model.fit(x, np.zeros(16))
model.fit(np.random.randint(0, 65536, (16, 8, 8, 3)) / 255, np.zeros(16))

# %% keras-scaled-twice: twice in data of 16 bits, which is what they need
x = np.random.randint(0, 65536, (16, 8, 8, 3)) / 256 / 255
model = Sequential([Input((8, 8, 3)), layers.Flatten(), Dense(1)])
model.compile("adam", "mse")
model.fit(x, np.zeros(16))

# %% keras-scaled-twice: twice in data of which only that is known
import cv2
x = np.array([cv2.imread(name) for name in open("names")])
x = x / 255.0
x = x / 255.0  # expect: keras-scaled-twice
model = Sequential([Input((8, 8, 3)), layers.Flatten(), Dense(1)])
model.compile("adam", "mse")
model.fit(x, np.zeros(16))

# %% keras-scaled-twice: data that are not small for all of that
x = np.random.randint(0, 7804, (16, 8, 8, 3)) / 255 / 255
model = Sequential([Input((8, 8, 3)), layers.Flatten(), Dense(1)])
model.compile("adam", "mse")
model.fit(x, np.zeros(16))
model = Sequential([Input((8, 8, 3)), layers.Rescaling(1 / 255), layers.Flatten(), Dense(1)])
model.compile("adam", "mse")
model.fit(np.random.randint(0, 511, (16, 8, 8, 3)) / 255, np.zeros(16))

# %% keras-scaled-twice: data at the edge of what is small, and of what is near 1
x = np.random.uniform(0, 6502.5, (16, 8, 8, 3)) / 255 / 255
model = Sequential([Input((8, 8, 3)), layers.Flatten(), Dense(1)])
model.compile("adam", "mse")
model.fit(x, np.zeros(16))
model = Sequential([Input((8, 8, 3)), layers.Rescaling(1 / 255), layers.Flatten(), Dense(1)])  # expect: keras-scaled-twice
model.compile("adam", "mse")
model.fit(np.random.uniform(0, 382.5, (16, 8, 8, 3)) / 255, np.zeros(16))

# %% keras-scaled-twice: something else was computed between
x = np.sqrt(np.random.randint(0, 256, (16, 8, 8, 3)) / 255) / 255
model = Sequential([Input((8, 8, 3)), layers.Flatten(), Dense(1)])
model.compile("adam", "mse")
model.fit(x, np.zeros(16))

# %% keras-validation-preprocessing-mismatch: of folders by one function, on one side only
def load(name):
    return keras.utils.image_dataset_from_directory(name, image_size=(8, 8))
train = load("train").map(lambda x, y: (x / 255, y))
model = Sequential([Input((8, 8, 3)), layers.Flatten(), Dense(1)])
model.compile("adam", "mse")
model.fit(train, validation_data=load("test"))  # expect: keras-validation-preprocessing-mismatch
# says: validation data are 255 times as large as the training data

# %% keras-validation-preprocessing-mismatch: the other way round
(x, y), (a, b) = keras.datasets.mnist.load_data()
model = Sequential([Input((28, 28)), layers.Flatten(), Dense(1)])
model.compile("adam", "mse")
model.fit(x, y, validation_data=(a / 255, b))  # expect: keras-validation-preprocessing-mismatch
# says: validation data are divided by 255 beside the training data

# %% keras-validation-preprocessing-mismatch: parts of one array
import cv2
x = np.array([cv2.imread(name) for name in open("names")])
train, test = x[:80] / 255, x[80:]
model = Sequential([Input((8, 8, 3)), layers.Flatten(), Dense(1)])
model.compile("adam", "mse")
model.fit(train, np.zeros(80), validation_data=(test, np.zeros(20)))  # expect: keras-validation-preprocessing-mismatch

# %% keras-validation-preprocessing-mismatch: arrays of two sources
import cv2
x = np.array([cv2.imread(name) for name in open("names")]) / 255
z = np.array([cv2.imread(name) for name in open("others")])
model = Sequential([Input((8, 8, 3)), layers.Flatten(), Dense(1)])
model.compile("adam", "mse")
model.fit(x, np.zeros(80), validation_data=(z, np.zeros(20)))

# %% keras-validation-preprocessing-mismatch: standardized by hand
(x, y), (a, b) = keras.datasets.boston_housing.load_data()
x = (x - x.mean(axis=0)) / x.std(axis=0)
model = Sequential([Input((13,)), Dense(1)])
model.compile("adam", "mse")
model.fit(x, y)
model.evaluate(a, b)  # expect: keras-validation-preprocessing-mismatch
# says: did not go through `(x - mean) / deviation` as the training data did

# %% keras-validation-preprocessing-mismatch: a scaler that the training data never saw
from sklearn.preprocessing import MinMaxScaler
(x, y), (a, b) = keras.datasets.boston_housing.load_data()
model = Sequential([Input((13,)), Dense(1)])
model.compile("adam", "mse")
model.fit(x, y)
model.evaluate(MinMaxScaler().fit_transform(a), b)  # expect: keras-validation-preprocessing-mismatch
# says: went through `MinMaxScaler`, and the training data did not

# %% keras-validation-preprocessing-mismatch: statistics of one generator alone
from keras.preprocessing.image import ImageDataGenerator
train = ImageDataGenerator(featurewise_center=True).flow_from_directory("a", target_size=(8, 8))
test = ImageDataGenerator().flow_from_directory("b", target_size=(8, 8))
model = Sequential([Input((8, 8, 3)), layers.Flatten(), Dense(1)])
model.compile("adam", "mse")
model.fit(train, validation_data=test)  # expect: keras-validation-preprocessing-mismatch

# %% keras-validation-preprocessing-mismatch: what is judged before training is no judgment of it
(x, y), (a, b) = keras.datasets.mnist.load_data()
model = Sequential([Input((28, 28)), layers.Flatten(), Dense(1)])
model.compile("adam", "mse")
model.evaluate(a, b)
model.fit(x / 255, y)

# %% keras-validation-preprocessing-mismatch: one of several fits saw such values
(x, y), (a, b) = keras.datasets.mnist.load_data()
model = Sequential([Input((28, 28)), layers.Flatten(), Dense(1)])
model.compile("adam", "mse")
model.fit(x, y)
model.fit(x / 255, y)
model.evaluate(a, b)

# %% keras-validation-preprocessing-mismatch: of the second of two inputs
(x, y), (a, b) = keras.datasets.mnist.load_data()
i, j = Input((28, 28)), Input((28, 28))
model = Model([i, j], Dense(1)(layers.Flatten()(layers.Add()([i, j]))))
model.compile("adam", "mse")
model.fit([x, x / 255], y)
model.evaluate([a, a / 255], b)

# %% keras-validation-preprocessing-mismatch: a tenth of the light is another data set, a half is a test
(x, y), (a, b) = keras.datasets.mnist.load_data()
model = Sequential([Input((28, 28)), layers.Flatten(), Dense(1)])
model.compile("adam", "mse")
model.fit(x, y)
model.evaluate(a * 0.15, b)
model.evaluate(a * 0.0, b)
model.evaluate(a * 0.1, b)  # expect: keras-validation-preprocessing-mismatch
model.evaluate(a * 10, b)  # expect: keras-validation-preprocessing-mismatch

# %% keras-validation-preprocessing-mismatch: to ranges that hardly differ
(x, y), (a, b) = keras.datasets.mnist.load_data()
model = Sequential([Input((28, 28)), layers.Flatten(), Dense(1)])
model.compile("adam", "mse")
model.fit(x / 255, y, validation_data=(a / 256, b))
model.fit(x / 255 - 0.1, y, validation_data=(a / 255, b))
model.fit(x / 255 - 0.5, y, validation_data=(a / 255, b))  # expect: keras-validation-preprocessing-mismatch
model.fit(x / 100 - 0.5, y, validation_data=(a / 100, b))  # expect: keras-validation-preprocessing-mismatch
model.fit(x / 300 - 0.5, y, validation_data=(a / 300, b))  # expect: keras-validation-preprocessing-mismatch
model.fit(x / 99 - 0.5, y, validation_data=(a / 99, b))
model.fit(x / 301 - 0.5, y, validation_data=(a / 301, b))
# says: validation data are scaled to 0..1, and the training data to -0.5..0.5

# %% keras-validation-preprocessing-mismatch: labels may be scaled as they like
(x, y), (a, b) = keras.datasets.boston_housing.load_data()
model = Sequential([Input((13,)), Dense(1)])
model.compile("adam", "mse")
model.fit(x, y / 100, validation_data=(a, b))

# %% keras-ordered-validation-split: strings of classes, encoded
from sklearn.preprocessing import LabelEncoder
y = LabelEncoder().fit_transform(np.array(["cat"] * 50 + ["dog"] * 50))
model = Sequential([Input((4,)), Dense(2, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(np.random.rand(100, 4), y, validation_split=0.2)  # expect: keras-ordered-validation-split

# %% keras-ordered-validation-split: reshaped and cast
y = np.append(np.zeros(50), np.ones(50)).astype("int32").reshape(-1, 1)
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
model.fit(np.random.rand(100, 4), y, validation_split=0.2)  # expect: keras-ordered-validation-split

# %% keras-ordered-validation-split: every second sample, or written over
y = np.append(np.zeros(50), np.ones(50))
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
model.fit(np.random.rand(50, 4), y[::2], validation_split=0.2)
y[::3] = 1
model.fit(np.random.rand(100, 4), y, validation_split=0.2)

# %% keras-ordered-validation-split: a share that is not known, and a test without a fit
from mine import share
y = np.append(np.zeros(50), np.ones(50))
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
model.fit(np.random.rand(100, 4), y, validation_split=share)
model.fit(np.random.rand(100, 4), y, validation_split=1.0)
model.evaluate(np.random.rand(100, 4), y)

# %% keras-ordered-validation-split: weights in order are no labels
w = np.append(np.zeros(50), np.ones(50))
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
model.fit(np.random.rand(100, 4), np.random.randint(0, 2, 100), sample_weight=w, validation_split=0.2)

# %% keras-normalization-not-adapted: where weights are loaded they may bring its statistics
model = Sequential([Input((8,)), layers.Normalization(), Dense(4, activation="relu"), Dense(1)])
model.compile("adam", "mse")
model.load_weights("file.weights.h5")
model.predict(np.random.rand(8, 8))

# %% keras-normalization-not-adapted: of something that is not known `adapt` is asked
from mine import parts
model = Sequential([Input((8,)), layers.Normalization(), Dense(4, activation="relu"), Dense(1)])
model.compile("adam", "mse")
for part in parts(model.name):
    part.adapt(np.random.rand(8, 8))
model.predict(np.random.rand(8, 8))

# %% keras-normalization-not-adapted: a model that was given away
from mine import train
model = Sequential([Input((8,)), layers.Normalization(), Dense(4, activation="relu"), Dense(1)])
model.compile("adam", "mse")
train(model)
model.predict(np.random.rand(8, 8))

# %% keras-normalization-not-adapted: inside of another model
i = Input((8,))
prepare = Model(i, layers.Normalization()(i))  # expect: keras-normalization-not-adapted
model = Sequential([Input((8,)), prepare, Dense(1)])
model.compile("adam", "mse")
model.fit(np.random.rand(8, 8), np.zeros(8))
# says: `Normalization` was never adapted: it knows neither mean nor variance

# %% keras-normalization-not-adapted: adapted in one branch only
import sys
norm = layers.Normalization()
if len(sys.argv) > 1:
    norm.adapt(np.random.rand(8, 8))
model = Sequential([Input((8,)), norm, Dense(4, activation="relu"), Dense(1)])
model.compile("adam", "mse")
model.fit(np.random.rand(8, 8), np.zeros(8))

# %% keras-normalization-not-adapted: its mean was set by hand
norm = layers.Normalization()
norm.mean, norm.variance = 1.0, 2.0
model = Sequential([Input((8,)), norm, Dense(4, activation="relu"), Dense(1)])
model.compile("adam", "mse")
model.fit(np.random.rand(8, 8), np.zeros(8))

# %% keras-normalization-not-adapted: in a pipeline of data, and only named
words = layers.TextVectorization(max_tokens=10)  # expect: keras-normalization-not-adapted
print(words.name, words.dtype)
data = tf.data.Dataset.from_tensor_slices(["a", "b"]).batch(2).map(lambda text: words(text))
# says: `TextVectorization` was never adapted: it has no vocabulary and raises

# %% keras-normalization-not-adapted: bins by their number
bins = layers.Discretization(num_bins=4)  # expect: keras-normalization-not-adapted
print(bins(np.random.rand(8, 8)))
# says: it has no bin boundaries and raises

# %% keras-normalization-not-adapted: arguments that are not known
from mine import settings
norm = layers.Normalization(**settings)
other = layers.Normalization(mean=settings["mean"], variance=settings["variance"])
model = Sequential([Input((8,)), norm, other, Dense(4, activation="relu"), Dense(1)])
model.compile("adam", "mse")
model.fit(np.random.rand(8, 8), np.zeros(8))

# %% keras-generator-range-mismatch: a range that differs by less than two fifths
(x, _), _ = keras.datasets.mnist.load_data()
painter = Sequential([Input((4,)), Dense(784, activation="sigmoid"), layers.Reshape((28, 28))])
judge = Sequential([Input((28, 28)), layers.Flatten(), Dense(1, activation="sigmoid")])
judge.compile("adam", "binary_crossentropy")
judge.train_on_batch(painter.predict(np.random.rand(8, 4)), np.ones(8))
judge.train_on_batch(x[:8] / 255 * 0.7, np.zeros(8))

# %% keras-generator-range-mismatch: by just so much
(x, _), _ = keras.datasets.mnist.load_data()
painter = Sequential([Input((4,)), Dense(784, activation="sigmoid"), layers.Reshape((28, 28))])
judge = Sequential([Input((28, 28)), layers.Flatten(), Dense(1, activation="sigmoid")])
judge.compile("adam", "binary_crossentropy")
judge.train_on_batch(painter.predict(np.random.rand(8, 4)), np.ones(8))
judge.train_on_batch(x[:8] / 255 * 0.6, np.zeros(8))

# %% keras-generator-range-mismatch: by more
(x, _), _ = keras.datasets.mnist.load_data()
painter = Sequential([Input((4,)), Dense(784, activation="sigmoid"), layers.Reshape((28, 28))])  # expect: keras-generator-range-mismatch
judge = Sequential([Input((28, 28)), layers.Flatten(), Dense(1, activation="sigmoid")])
judge.compile("adam", "binary_crossentropy")
judge.train_on_batch(painter.predict(np.random.rand(8, 4)), np.ones(8))
judge.train_on_batch(x[:8] / 255 * 0.5, np.zeros(8))
# says: the generator ends in `sigmoid` and gives 0..1, and the real images of line 11 are 0..0.5

# %% keras-generator-range-mismatch: the discriminator inside of a stacked model, and images by turns
(x, _), _ = keras.datasets.mnist.load_data()
painter = Sequential([Input((4,)), Dense(784, activation="tanh"), layers.Reshape((28, 28))])  # expect: keras-generator-range-mismatch
judge = Sequential([Input((28, 28)), layers.Flatten(), Dense(1, activation="sigmoid")])
judge.compile("adam", "binary_crossentropy")
z = Input((4,))
both = Model(z, judge(painter(z)))
both.compile("adam", "binary_crossentropy")
judge.fit(x / 255, np.zeros(60000))
both.fit(np.random.rand(8, 4), np.ones(8))

# %% keras-generator-range-mismatch: joined as tensors
(x, _), _ = keras.datasets.mnist.load_data()
painter = Sequential([Input((4,)), Dense(784, activation="tanh"), layers.Reshape((28, 28))])  # expect: keras-generator-range-mismatch
judge = Sequential([Input((28, 28)), layers.Flatten(), Dense(1, activation="sigmoid")])
with tf.GradientTape() as tape:
    made = painter(tf.random.normal((8, 4)))
    loss = tf.reduce_mean(judge(tf.concat([made, x[:8] / 255], axis=0)))

# %% keras-generator-range-mismatch: brought to one range between the two, as tensors
(x, _), _ = keras.datasets.mnist.load_data()
painter = Sequential([Input((4,)), Dense(784, activation="tanh"), layers.Reshape((28, 28))])
judge = Sequential([Input((28, 28)), layers.Flatten(), Dense(1, activation="sigmoid")])
with tf.GradientTape() as tape:
    made = (painter(tf.random.normal((8, 4))) + 1) / 2
    loss = tf.reduce_mean(judge(made)) - tf.reduce_mean(judge(x[:8] / 255))

# %% keras-generator-range-mismatch: it also gets images of the generator's range
(x, _), _ = keras.datasets.mnist.load_data()
painter = Sequential([Input((4,)), Dense(784, activation="tanh"), layers.Reshape((28, 28))])
judge = Sequential([Input((28, 28)), layers.Flatten(), Dense(1, activation="sigmoid")])
judge.compile("adam", "binary_crossentropy")
judge.train_on_batch(painter.predict(np.random.rand(8, 4)), np.ones(8))
judge.train_on_batch(x[:8] / 127.5 - 1, np.zeros(8))
judge.train_on_batch(x[:8] / 255, np.zeros(8))

# %% keras-generator-range-mismatch: two discriminators, each with its own images
(x, _), _ = keras.datasets.mnist.load_data()
painter = Sequential([Input((4,)), Dense(784, activation="tanh"), layers.Reshape((28, 28))])
judge = Sequential([Input((28, 28)), layers.Flatten(), Dense(1, activation="sigmoid")])
other = Sequential([Input((28, 28)), layers.Flatten(), Dense(1, activation="sigmoid")])
judge.compile("adam", "binary_crossentropy")
other.compile("adam", "binary_crossentropy")
judge.train_on_batch(painter.predict(np.random.rand(8, 4)), np.ones(8))
other.train_on_batch(x[:8] / 255, np.zeros(8))

# %% keras-shuffled-apart: a generator goes on from one to the next
rng = np.random.default_rng(1)
x, y = np.random.rand(64, 4), np.random.randint(0, 2, 64)
rng.shuffle(x)
rng.shuffle(y)  # expect: keras-shuffled-apart
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
model.fit(x, y)
# says: shuffled apart, here and in line 8

# %% keras-shuffled-apart: labels first, and one seed for both
x, y = np.random.rand(64, 4), np.random.randint(0, 2, 64)
np.random.seed(1)
y = np.random.permutation(y)
x = np.random.permutation(x)  # expect: keras-shuffled-apart
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
model.fit(tf.data.Dataset.from_tensor_slices((x, y)).batch(8))

# %% keras-shuffled-apart: seeds of Keras, of generators without one, and those that are not known
from mine import seed
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
x, y = np.random.rand(64, 4), np.random.randint(0, 2, 64)
keras.utils.set_random_seed(2); np.random.shuffle(x)
keras.utils.set_random_seed(2); np.random.shuffle(y)
model.fit(x, y)
x, y = np.random.rand(64, 4), np.random.randint(0, 2, 64)
np.random.seed(seed); np.random.shuffle(x)
np.random.seed(seed); np.random.shuffle(y)
model.fit(x, y)
x, y = np.random.rand(64, 4), np.random.randint(0, 2, 64)
np.random.RandomState(seed).shuffle(x)
np.random.RandomState(seed).shuffle(y)
model.fit(x, y)
x, y = np.random.rand(64, 4), np.random.randint(0, 2, 64)
np.random.default_rng().shuffle(x)
np.random.default_rng().shuffle(y)  # expect: keras-shuffled-apart
model.fit(x, y)

# %% keras-shuffled-apart: a generator for each, of other seeds, and of other kinds
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
x, y = np.random.rand(64, 4), np.random.randint(0, 2, 64)
np.random.default_rng(1).shuffle(x)
np.random.default_rng(2).shuffle(y)  # expect: keras-shuffled-apart
model.fit(x, y)

# %% keras-shuffled-apart: the same order twice, then a split of both
from sklearn.model_selection import train_test_split
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
x, y = np.random.rand(64, 4), np.random.randint(0, 2, 64)
order = np.random.permutation(64)
x, y = x[order], y[order]
a, b, c, d = train_test_split(x, y)
model.fit(a, c)
model.evaluate(b, d)

# %% keras-shuffled-apart: with a line between them
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
x, y = np.random.rand(64, 4), np.random.randint(0, 2, 64)
np.random.shuffle(x)
print(x)
np.random.shuffle(y)
model.fit(x, y)

# %% keras-shuffled-apart: what is only judged is another question
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
x, y = np.random.rand(64, 4), np.random.randint(0, 2, 64)
model.fit(x, y)
np.random.shuffle(x)
np.random.shuffle(y)
model.evaluate(x, y)

# %% keras-shuffled-apart: a random_state that is an object goes on, or begins anew
from sklearn.utils import shuffle
from mine import state
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
x, y = np.random.rand(64, 4), np.random.randint(0, 2, 64)
x = shuffle(x, random_state=state)
y = shuffle(y, random_state=state)
model.fit(x, y)

# %% keras-scaled-twice: numbers that no float can hold
from keras.preprocessing.image import ImageDataGenerator
i = Input((8, 8, 3))
model = Model(i, Dense(1)(layers.Flatten()(layers.Rescaling(10**400)(layers.Rescaling(1 / 255)(i * 10**400)))))
model.compile("adam", "mse")
images = ImageDataGenerator(rescale=10**400).flow_from_directory("a", target_size=(8, 8))
model.fit(images, validation_data=images)
x = np.random.rand(8, 8, 8, 3) * 1e99 * 1e99 * 1e99 * 1e99 / 1e-99 / 1e-99 / 0 * float("inf")
model.fit(x, np.zeros(8), validation_data=(x * 10**300 * 10**300 * 0, np.zeros(8)))

# %% keras-shuffled-apart: data sets before they are zipped
x, y = np.random.rand(64, 4), np.random.randint(0, 2, 64)
images = tf.data.Dataset.from_tensor_slices(x)
images = images.map(lambda image: image / 255).shuffle(64)
labels = tf.data.Dataset.from_tensor_slices(y)
labels = labels.shuffle(64)  # expect: keras-shuffled-apart
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
model.fit(tf.data.Dataset.zip((images, labels)).shuffle(64).batch(8))

# %% keras-shuffled-apart: data sets by one seed, or by one that is not known, or together
from mine import seed, size
x, y = np.random.rand(64, 4), np.random.randint(0, 2, 64)
images, labels = tf.data.Dataset.from_tensor_slices(x), tf.data.Dataset.from_tensor_slices(y)
model = Sequential([Input((4,)), Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy")
model.fit(tf.data.Dataset.zip((images.shuffle(64, seed=1), labels.shuffle(64, seed=1))).batch(8))
model.fit(tf.data.Dataset.zip((images.shuffle(64, seed=seed), labels.shuffle(64, seed=seed))).batch(8))
model.fit(tf.data.Dataset.zip((images.shuffle(size, seed=1), labels.shuffle(size, seed=1))).batch(8))
model.fit(tf.data.Dataset.zip((images, labels)).shuffle(64).batch(8))

# %% keras-validation-preprocessing-mismatch: what is split by its labels, and a part that is not known
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from mine import extra
d = load_digits()
x, z, y, w = train_test_split(d.data / 16, d.target, stratify=d.target)
model = Sequential([Input((64,)), Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy")
model.fit(x, y, validation_data=(z, w))
a, b, x, z, y, w = train_test_split(extra, d.data / 16, d.target)
model.fit(x, y, validation_data=(z, w))

# %% keras-reshuffled-split: a part of the rest
files = tf.data.Dataset.from_tensor_slices((np.zeros((100, 4)), np.zeros((100, 1))))
files = files.shuffle(100)  # expect: keras-reshuffled-split
train, validation = files.take(70).batch(8), files.skip(70).take(15).batch(8)
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.fit(train, validation_data=validation, epochs=5)

# %% keras-softmax-on-multi-label: labels of which nobody knows how many there are
from sklearn.preprocessing import MultiLabelBinarizer
from mine import genres, x
labels = MultiLabelBinarizer().fit_transform(genres)
model = Sequential([Input((4,)), Dense(labels.shape[1], activation="softmax")])  # expect: keras-softmax-on-multi-label
model.compile("adam", "binary_crossentropy")
model.fit(x, labels)
