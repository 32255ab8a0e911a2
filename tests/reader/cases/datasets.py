# %% the elements of a dataset, taken one by one, build a subclass
x, y = np.zeros((64, 5)), np.zeros((64,))
ds = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(64).batch(8)
class Net(Model):
    def __init__(self, units):
        super().__init__(); self.d = Dense(units)
    def call(self, x):
        return self.d(x)
@tf.function
def step(images, labels):
    return model(images)
model = Net(3)
for epoch in range(2):
    for n, (images, labels) in enumerate(ds.take(2)):
        step(images, labels)

# %% one element of a dataset, in the shapes of which an Input is made
x, y = np.zeros((64, 7, 5)), np.zeros((64,))
ds = tf.data.Dataset.from_tensor_slices((x, y)).batch(8)
for batch in ds.take(1):
    inputs, labels = batch
i = Input(shape=(inputs.shape[1], inputs.shape[2]))
first, _ = next(iter(ds))
only = next(iter(ds.map(lambda a, b: a)))
model = Model(i, Dense(first.shape[1])(Dense(only.shape[-1])(Flatten()(i))))

# %% windows of a series of unknown length
import os
series = np.random.rand(300 + len(os.environ), 2)
def split(sequence, n_steps):
    xs, ys = [], []
    for i in range(len(sequence)):
        end = i + n_steps
        if end > len(sequence) - 1:
            break
        xs.append(sequence[i:end, 0])
        ys.append(sequence[end, 1])
    return np.array(xs), np.array(ys)
def create(dataset, look_back=1):
    xs, ys = [], []
    for i in range(len(dataset) - look_back - 1):
        a = dataset[i:(i + look_back), :]
        xs.append(a)
        ys.append(dataset[i + look_back])
    return np.array(xs), np.asarray(ys, dtype="float32")
a, ta = split(series, 7)
b, tb = create(series, 5)
c = np.array([series[i - 3 : i + 1] for i in range(3, len(series))])
pairs = []
for i in range(len(a) - 1):
    pairs += [[a[i], a[i + 1]]]
d = np.array(pairs)
later = []
for i in range(60, len(series)):
    later.append(series[i - 60 : i, 0])
later = np.array(later)
later = np.reshape(later, (later.shape[0], later.shape[1], 1))
inputs = [Input(x.shape[1:]) for x in (a, b, c, d, later)]
heads = [Dense(y.ndim)(Flatten()(x)) for x, y in zip(inputs, (ta, tb, c, d, later))]
model = Model(inputs, layers.concatenate(heads))

# %% windows between unknowns that have nothing to do with one another
import os
n = len(os.environ)
series = np.zeros((300, 2))
x = np.array([series[n : n + 4], series[n + 1 : n + 5]])
y = np.array([series[i : i + 2] for i in range(n)])
model = Sequential([Input(x.shape[1:]), Flatten(), Dense(y.shape[1] * 10 + y.ndim)])

# %% characters of a text as a dataset of windows
text = "First Citizen: Before we proceed any further, hear me speak. " * 9
vocab = sorted(set(text))
ids_from_chars = layers.StringLookup(vocabulary=list(vocab), mask_token=None)
chars_from_ids = layers.StringLookup(vocabulary=ids_from_chars.get_vocabulary(), invert=True, mask_token=None)
all_ids = ids_from_chars(tf.strings.unicode_split(text, "UTF-8"))
sequences = tf.data.Dataset.from_tensor_slices(all_ids).batch(21, drop_remainder=True)
def split_input_target(sequence):
    return sequence[:-1], sequence[1:]
dataset = sequences.map(split_input_target).shuffle(100).batch(4, drop_remainder=True).prefetch(tf.data.AUTOTUNE)
class Chars(Model):
    def __init__(self, vocab_size, units):
        super().__init__()
        self.embedding = layers.Embedding(vocab_size, 8)
        self.gru = layers.GRU(units, return_sequences=True, return_state=True)
        self.dense = Dense(vocab_size)
    def call(self, inputs, states=None, return_state=False, training=False):
        x = self.embedding(inputs)
        if states is None:
            x, states = self.gru(x, training=training)
        else:
            x, states = self.gru(x, initial_state=states, training=training)
        x = self.dense(x)
        return (x, states) if return_state else x
model = Chars(len(ids_from_chars.get_vocabulary()), 16)
for inputs, targets in dataset.take(1):
    predictions = model(inputs)
    print(predictions.shape)

# %% texts split into words, and into the words of each
one = tf.strings.split("a b c")
each = tf.strings.split(tf.strings.lower(["A b", "c"]))
cleaned = tf.strings.regex_replace(tf.constant(["a.", "b."]), "[.]", "")
model = Sequential([Input((4,)), Dense(10 * one.shape.rank + 100 * len(each.shape) + len(cleaned.shape))])

# %% windows of a dataset, split by slices that an object holds
class Windows:
    def __init__(self, input_width, shift, columns):
        self.input_width, self.total = input_width, input_width + shift
        self.input_slice = slice(0, input_width)
        self.labels_slice = slice(self.total - 2, None)
        self.columns = {name: i for i, name in enumerate(columns)}
    def split_window(self, features):
        inputs = features[:, self.input_slice, :]
        labels = features[:, self.labels_slice, :]
        labels = tf.stack([labels[:, :, self.columns[name]] for name in ("b", "c")], axis=-1)
        inputs.set_shape([None, self.input_width, None])
        labels.set_shape([None, 2, None])
        return inputs, labels
    def make(self, data):
        ds = keras.utils.timeseries_dataset_from_array(
            data=np.array(data, dtype=np.float32), targets=None, sequence_length=self.total, batch_size=8)
        return ds.map(self.split_window)
    @property
    def example(self):
        result = getattr(self, "_example", None)
        if result is None:
            result = next(iter(self.make(np.random.rand(90, 3))))
            self._example = result
        return result
inputs, labels = Windows(6, 3, ["a", "b", "c"]).example
model = Sequential([Input(inputs.shape[1:]), Flatten(), Dense(10 * labels.shape[1] + labels.shape[2])])

# %% constants that are repeated for each sample
i = Input((8, 8, 3))
class Colors(layers.Layer):
    def call(self, images):
        batch = ops.shape(images)[0]
        scales = 1 + keras.random.uniform((batch, 1, 1, 1))
        jitter = keras.random.uniform((batch, 1, 3, 3))
        changed = ops.tile(ops.expand_dims(ops.eye(3), axis=0), (batch, 1, 1, 1)) * scales + jitter
        return ops.clip(ops.matmul(images, changed), 0, 1)
model = Model(i, [Colors()(i), Dense(2)(ops.tile(i, (1, 2, 1, 1)))])

# %% a dataset of a generator has the shapes that its signature tells
def generate():
    while True:
        yield np.zeros((8, 6, 3)), np.zeros((8, 2))
signature = (tf.TensorSpec((None, 6, 3), tf.float32), tf.TensorSpec(shape=(None, 2), dtype=tf.float32))
ds = tf.data.Dataset.from_generator(generate, output_signature=signature)
older = tf.data.Dataset.from_generator(generate, (tf.float32, tf.float32), ((None, 6, 3), (None, 2)))
plain = tf.data.Dataset.from_generator(lambda: iter(np.zeros((4, 5))), tf.float32, output_shapes=(5,)).batch(2)
class Net(Model):
    def __init__(self):
        super().__init__(); self.d = Dense(4)
    def call(self, x):
        return self.d(x)
for x, y in ds.take(1):
    wide = y.shape[-1]
for x2, y2 in older.take(1):
    pass
for row in plain:
    pass
model = Net()
model(x[:, :, : row.shape[1] - wide])
model(x2)

# %% pictures decoded from files
import os, pathlib, tempfile
folder = pathlib.Path(tempfile.mkdtemp())
for name in ("roses", "tulips"):
    (folder / name).mkdir()
    for n in range(3):
        tf.io.write_file(str(folder / name / f"{n}.jpg"), tf.io.encode_jpeg(np.zeros((20, 30, 3), "uint8")))
class_names = np.array(sorted(item.name for item in folder.glob("*")))
height, width = 18, 24
def get_label(path):
    parts = tf.strings.split(path, os.path.sep)
    return tf.argmax(parts[-2] == class_names)
def decode(image):
    image = tf.io.decode_jpeg(image, channels=3)
    return tf.image.resize(image, [height, width])
def process(path):
    label = get_label(path)
    return decode(tf.io.read_file(path)), label
ds = tf.data.Dataset.list_files(str(folder / "*/*"), shuffle=False).map(process).cache().batch(2)
class Net(Model):
    def __init__(self):
        super().__init__(); self.conv = Conv2D(4, 3); self.out = Dense(2)
    def call(self, x):
        return self.out(Flatten()(self.conv(x / 255.0)))
images, labels = next(iter(ds))
model = Net()
model(images)
