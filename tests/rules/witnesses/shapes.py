"""Of the rules about shapes and how tensors are connected."""

# %% keras-backend-op-on-symbolic-tensor on 2.15: Keras 2 makes a layer of it
i = Input((4,))
model = Model(i, Dense(1)(tf.reduce_mean(i, axis=-1, keepdims=True)))

# %% keras-batch-in-input-shape: a layer that refuses another
model = Sequential([Input((4,)), layers.Conv2D(4, 3)])
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-batch-in-input-shape: data of another size
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", "mse")
model.fit(np.zeros((8, 5)), np.zeros((8, 1)))

# %% keras-channels-first-input: nothing takes the last axis for channels
model = Sequential([Input((3, 32, 32)), layers.Flatten(), Dense(1)])

# %% keras-channels-first-input: an operation may turn it
i = Input((3, 32, 32))
model = Model(i, layers.Conv2D(4, 3)(ops.transpose(i, (0, 2, 3, 1))))

# %% keras-channels-first-input: a layer of one's own may turn it
class Conv2D(layers.Layer):
    def call(self, inputs):
        return ops.transpose(inputs, (0, 2, 3, 1))
model = Sequential([Input((3, 32, 32)), Conv2D(), layers.Flatten(), Dense(1)])

# %% keras-channels-first-input: a size that is not known
model = Sequential([Input((3, None, None)), layers.Conv2D(4, 3)])

# %% keras-channels-first-input: few rows may be meant
model = Sequential([Input((3, 15, 15)), layers.Conv2D(4, 3)])

# %% keras-channels-first-input: as many rows as an image has
model = Sequential([
    Input((3, 16, 16)),  # expect: keras-channels-first-input
    layers.Conv2D(4, 3)])

# %% keras-embedding-too-small: another number of arrays than of inputs
a, b = Input((4,)), Input((4,))
model = Model([a, b], layers.Add()([layers.Embedding(10, 2)(a), layers.Embedding(10, 2)(b)]))
model.compile("adam", "mse")
model.fit(np.random.randint(0, 255, (8, 4)), np.zeros((8, 1)))

# %% keras-embedding-too-small: what is no Embedding has other sizes
model = Sequential([Dense(4, input_dim=4), Dense(1)])
model.compile("adam", "mse")
model.fit(np.random.randint(0, 255, (8, 4)), np.zeros((8, 1)))

# %% keras-empty-feature-map: another refusal
model = Sequential([Input((4,)), layers.Conv2D(4, 3)])

# %% keras-incompatible-shape: an input that counts the samples is told by another rule
model = Sequential([Input((8, 4)), Dense(1)])
model.compile("adam", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-incompatible-shape: one sample to predict
model = Sequential([Input((8, 4)), layers.LSTM(3), Dense(1)])
model.compile("adam", "mse")
model.predict(np.zeros((8, 4)))  # expect: keras-incompatible-shape
# fixed: model.predict((np.zeros((8, 4)))[None])

# %% keras-incompatible-shape on 2.15: a recurrent layer on one step
model = Sequential([Input((4,)),
    layers.LSTM(3)])  # expect: keras-incompatible-shape

# %% keras-incompatible-shape: states that have nothing to do with it
i = Input((5, 4))
x, h, c = layers.LSTM(3, return_state=True)(i)
layers.Conv1D(4, 3)(x)  # expect: keras-incompatible-shape

# %% keras-incompatible-shape: two inputs for a layer of one
i, j = Input((4,)), Input((4,))
Dense(3)([i, j])  # expect: keras-incompatible-shape
# unfixed

# %% keras-incompatible-shape: images without channels
model = Sequential([Input((28, 28)),
    layers.Conv2D(4, 3)])  # expect: keras-incompatible-shape
# says: add the channel axis

# %% keras-incompatible-shape: images without more than channels
model = Sequential([Input((28,)),
    layers.Conv2D(4, 3)])  # expect: keras-incompatible-shape
# says: change the shape of its `Input`

# %% keras-incompatible-shape: volumes without more than channels
model = Sequential([Input((28, 28)),
    layers.Conv3D(4, 3)])  # expect: keras-incompatible-shape
# says: change the shape of its `Input`

# %% keras-layer-not-called: a softmax raises later
i = Input((4,))
layers.Softmax(i)

# %% keras-layer-not-called: a layer of one's own may take a tensor
class Dense(layers.Layer):
    def __init__(self, tensor):
        super().__init__()
i = Input((4,))
Dense(i)

# %% keras-missing-return-sequences: no recurrent layer is before it
model = Sequential([Input((4,)), layers.Conv1D(4, 3)])

# %% keras-missing-return-sequences: the layer behind is not over time
model = Sequential([Input((5, 4)), layers.LSTM(3), layers.Conv2D(4, 3)])

# %% keras-missing-return-sequences: another layer took the steps away
model = Sequential([Input((5, 4)), layers.Flatten(), layers.LSTM(3)])

# %% keras-positional-strides: one of them may be meant
model = Sequential([Input((28, 28, 1)), layers.Conv2D(4, 3, 3)])

# %% keras-positional-strides: two are a habit
model = Sequential([Input((28, 28, 1)),
    layers.Conv2D(4, 3, 3),  # expect: keras-positional-strides
    layers.Conv2D(4, 3, 3)])  # expect: keras-positional-strides

# %% keras-shape-not-tuple: whatever else the program does wrong
model = Sequential([Input((4,)), Dense(1)])
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-shape-not-tuple: a layer of one's own may make a tuple of it
class Own(layers.Layer):
    def __init__(self, input_shape):
        super().__init__(input_shape=(input_shape,))
    def call(self, inputs):
        return inputs
model = Sequential([Own(input_shape=4), Dense(1)])

# %% keras-shape-not-tuple: what is used
model = Sequential([Dense(4, input_shape=4)])  # expect: keras-shape-not-tuple

# %% keras-shape-not-tuple: another number of an input
model = Sequential([layers.InputLayer((4,), batch_size=32), Dense(1)])

# %% keras-shape-not-tuple on 2.15: Keras 2 makes a tuple for an input, and for no other layer
model = Sequential([layers.InputLayer(input_shape=4), Dense(1)])
model = Sequential([Dense(4, input_shape=4)])  # expect: keras-shape-not-tuple

# %% keras-stateful-batch-size: a part whose layers are read by themselves
part = Sequential([Input((4,)), Dense(4)])
model = Sequential([Input((4,)), part, Dense(1)])

# %% keras-stateful-batch-size: convolutions in a cell were not tried
model = Sequential([Input((5, 8, 8, 1)), layers.ConvLSTM2D(4, 3, stateful=True)])

# %% keras-unpacked-layer-output: whatever else the program does wrong
model = Sequential([Input((4,)), Dense(1)])
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-unused-branch: a layer that another rule speaks of
i = Input((4,))
x = Dense(4)
model = Model(i, Dense(1)(x))

# %% keras-disconnected-graph: two inputs are missing, and one is told
i, j, k = Input((4,)), Input((4,)), Input((4,), name="k")
model = Model(i, layers.Add()([i, j, k]))  # expect: keras-disconnected-graph
# says: (line 6)

# %% keras-embedding-too-small: as many rows as words, of which only the Tokenizer knows how many
from tensorflow.keras.preprocessing.text import Tokenizer
texts = open("texts.txt").read().splitlines()
words = Tokenizer()
words.fit_on_texts(texts)
count = len(words.word_index)
x = keras.utils.pad_sequences(words.texts_to_sequences(texts), maxlen=20)
model = keras.Sequential(
    [
        keras.layers.Embedding(count, 8),  # expect: keras-embedding-too-small
        keras.layers.Flatten(),
        keras.layers.Dense(1),
    ]
)
model.compile(loss="mse")
model.fit(x, np.zeros(len(texts)))
# says: the indices count from 1
# fixed: Embedding(count + 1, 8)

# %% keras-embedding-too-small: a row more, a limit, or the words of another Tokenizer
from tensorflow.keras.preprocessing.text import Tokenizer
texts = open("texts.txt").read().splitlines()
words, limited, other = Tokenizer(), Tokenizer(num_words=500), Tokenizer()
words.fit_on_texts(texts)
limited.fit_on_texts(texts)
other.fit_on_texts(texts[:100])
for made, rows in (
    (words, len(words.word_index) + 1),
    (limited, len(limited.word_index)),
    (words, len(other.word_index)),
):
    x = keras.utils.pad_sequences(made.texts_to_sequences(texts), maxlen=20)
    model = keras.Sequential([keras.layers.Embedding(rows, 8), keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile(loss="mse")
    model.fit(x, np.zeros(len(texts)))

# %% keras-unused-branch: a variable of a module may be imported
inputs = Input((4,))
left = Dense(3)(inputs)
model = Model(inputs, Dense(1)(inputs))

# %% keras-unused-branch: a variable that the function sets twice, or that another function reads
def build(wide):
    inputs = Input((4,))
    side = Dense(3)(inputs)
    if wide:
        side = Dense(5)(inputs)
    extra = Dense(2)(inputs)

    def end():
        return Dense(1)(extra)

    return Model(inputs, end())

# %% keras-layer-not-called: a layer in arithmetic with a tensor, which only training refuses
i = Input((4,))
d = Dense(4)  # expect: keras-layer-not-called
keras.Model(i, i + d)

# %% keras-layer-not-called: on the left of an operator
i = Input((4,))
d = Dense(4)  # expect: keras-layer-not-called
keras.Model(i, d * i)

# %% keras-stateful-batch-size: both ways
i = Input((5, 3))
layers.Bidirectional(layers.LSTM(2, stateful=True))(i)  # expect: keras-stateful-batch-size
layers.Bidirectional(layers.LSTM(2))(i)
layers.Bidirectional(layers.LSTM(2, stateful=True))(Input(batch_shape=(8, 5, 3)))

# %% keras-add-returns-none: what a class keeps in an attribute
class Agent:
    def __init__(self):
        self.model = self.build()  # expect: keras-add-returns-none
    def build(self):
        model = Sequential([Input((4,)), Dense(2)])
        model.compile("adam", "mse")
    def learn(self, x, y):
        self.model.fit(x, y)
agent = Agent()
agent.learn(np.zeros((8, 4)), np.zeros((8, 2)))

# %% keras-add-returns-none: an attribute that is set once more
class Agent:
    def __init__(self):
        self.model = self.build()
    def build(self):
        model = Sequential([Input((4,)), Dense(2)])
        model.compile("adam", "mse")
    def load(self, path):
        self.model = keras.models.load_model(path)
    def learn(self, x, y):
        self.model.fit(x, y)
agent = Agent()
agent.learn(np.zeros((8, 4)), np.zeros((8, 2)))

# %% keras-unpacked-layer-output: a cell gives its states, too
def step(cells, inputs, states):
    cell = layers.StackedRNNCells(cells) if isinstance(cells, list) else cells
    output, states = cell(inputs, states)
    return output
step([layers.GRUCell(4), layers.GRUCell(4)], Input((8,)), [Input((4,)), Input((4,))])
