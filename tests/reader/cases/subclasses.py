"""Subclasses of Model and Layer: where layers are kept, how they are called, how their weights are counted."""

# %% a model called on zeros
class Net(Model):
    def __init__(self):
        super().__init__()
        self.conv = Conv2D(4, 3, activation="relu")
        self.flat = Flatten()
        self.fc = Dense(10)
    def call(self, x):
        return self.fc(self.flat(self.conv(x)))
model = Net()
model(tf.zeros((1, 28, 28, 1)))

# %% a model that is built
class Net(keras.Model):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.d1 = Dense(units, activation="relu")
        self.drop = Dropout(0.5)
        self.d2 = Dense(2)
    def call(self, inputs, training=None, mask=None):
        x = self.d1(inputs)
        if training:
            x = self.drop(x, training=training)
        return self.d2(x)
model = Net(8, name="mine")
model.build((None, 5))
model.summary()
model(np.zeros((2, 5)))

# %% a model fitted on known arrays
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.d = Dense(3)
    def call(self, x):
        return self.d(x)
model = Net()
model.compile("sgd", "mse")
model.fit(np.zeros((8, 4)), np.zeros((8, 3)), verbose=0)

# %% layers in a list attribute with a loop in call
class Mlp(keras.Model):
    def __init__(self, sizes):
        super().__init__()
        self.hidden = [Dense(s, activation="relu") for s in sizes]
        self.out = Dense(1)
    def call(self, x):
        for layer in self.hidden:
            x = layer(x)
        return self.out(x)
model = Mlp([8, 4])
model(tf.zeros((1, 3)))

# %% layers appended to a list attribute
class Mlp(keras.Model):
    def __init__(self, n):
        super().__init__()
        self.blocks = []
        for i in range(n):
            self.blocks.append(Dense(4 * (i + 1)))
    def call(self, x):
        for b in self.blocks:
            x = b(x)
        return x
model = Mlp(3)
model(np.ones((2, 5)))

# %% layers in a dict attribute
class Multi(keras.Model):
    def __init__(self):
        super().__init__()
        self.heads = {"a": Dense(2), "b": Dense(3)}
    def call(self, x):
        return {k: h(x) for k, h in self.heads.items()}
model = Multi()
model(np.ones((2, 5)))

# %% setattr with numbered names
class Net(keras.Model):
    def __init__(self, n=2):
        super().__init__()
        self.n = n
        for i in range(n):
            setattr(self, f"conv{i}", Conv2D(4, 3, padding="same"))
    def call(self, x):
        for i in range(self.n):
            x = getattr(self, f"conv{i}")(x)
        return x
model = Net()
model(np.ones((1, 8, 8, 3)))

# %% a Sequential inside, and a nested subclass
class Block(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.seq = Sequential([Dense(units), BatchNormalization(), Activation("relu")])
    def call(self, x):
        return self.seq(x)
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.b1 = Block(8)
        self.b2 = Block(4)
        self.top = Sequential([Dense(6), Dense(1)])
    def call(self, x):
        return self.top(self.b2(self.b1(x)))
model = Net()
model(np.ones((2, 3)))

# %% weights made in build
class Linear(layers.Layer):
    def __init__(self, units=32, **kwargs):
        super().__init__(**kwargs)
        self.units = units
    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer="random_normal", trainable=True)
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", trainable=True)
    def call(self, inputs):
        return tf.matmul(inputs, self.w) + self.b
i = Input((5,))
model = Model(i, Dense(2)(Linear(4)(i)))

# %% weights made in the constructor, one of them frozen
class Scale(layers.Layer):
    def __init__(self, dim):
        super().__init__()
        self.s = self.add_weight(shape=(dim,), initializer="ones")
        self.total = self.add_weight(shape=(), initializer="zeros", trainable=False)
    def call(self, x):
        return x * self.s
model = Sequential([Input((4,)), Dense(3), Scale(3)])

# %% named weight, by position, and add_weight without a shape
class W(layers.Layer):
    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel", shape=(int(input_shape[1]), 3), initializer="uniform")
        self.gamma = self.add_weight(name="gamma")
        super().build(input_shape)
    def call(self, x):
        return keras.ops.dot(x, self.kernel) * self.gamma
i = Input((5,))
model = Model(i, W()(i))

# %% nested custom layers with weights
class Inner(layers.Layer):
    def build(self, s):
        self.w = self.add_weight(shape=(s[-1],))
    def call(self, x): return x * self.w
class Outer(layers.Layer):
    def __init__(self):
        super().__init__()
        self.a, self.b = Inner(), Inner()
        self.d = Dense(3)
    def call(self, x): return self.b(self.d(self.a(x)))
i = Input((5,))
model = Model(i, Outer()(i))

# %% tf.Variable weights in a layer
class Shift(layers.Layer):
    def __init__(self, n):
        super().__init__()
        self.d = Dense(n)
    def call(self, x):
        return self.d(x) + tf.constant(1.0)
i = Input((5,))
model = Model(i, Shift(4)(i))

# %% compute_output_shape and get_config beside call
class Pool(layers.Layer):
    def __init__(self, k=2, **kw):
        super().__init__(**kw)
        self.k = k
    def call(self, x):
        return tf.reduce_max(x, axis=1)
    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[2])
    def get_config(self):
        config = super().get_config()
        config.update({"k": self.k})
        return config
i = Input((5, 3))
model = Model(i, Dense(2)(Pool(name="pool")(i)))

# %% a custom layer wrapped in TimeDistributed
class Sq(layers.Layer):
    def __init__(self):
        super().__init__()
        self.d = Dense(4)
    def build(self, s):
        self.d.build(s)
    def call(self, x): return self.d(x)
    def compute_output_shape(self, s): return (*s[:-1], 4)
i = Input((6, 3))
model = Model(i, layers.TimeDistributed(Sq())(i))

# %% transformer block of the Keras examples
class TransformerBlock(layers.Layer):
    def __init__(self, embed_dim, num_heads, ff_dim, rate=0.1):
        super().__init__()
        self.att = layers.MultiHeadAttention(num_heads=num_heads, key_dim=embed_dim)
        self.ffn = keras.Sequential([layers.Dense(ff_dim, activation="relu"), layers.Dense(embed_dim)])
        self.layernorm1 = layers.LayerNormalization(epsilon=1e-6)
        self.layernorm2 = layers.LayerNormalization(epsilon=1e-6)
        self.dropout1 = layers.Dropout(rate)
        self.dropout2 = layers.Dropout(rate)
    def call(self, inputs):
        attn_output = self.att(inputs, inputs)
        attn_output = self.dropout1(attn_output)
        out1 = self.layernorm1(inputs + attn_output)
        ffn_output = self.ffn(out1)
        ffn_output = self.dropout2(ffn_output)
        return self.layernorm2(out1 + ffn_output)
class TokenAndPositionEmbedding(layers.Layer):
    def __init__(self, maxlen, vocab_size, embed_dim):
        super().__init__()
        self.token_emb = layers.Embedding(input_dim=vocab_size, output_dim=embed_dim)
        self.pos_emb = layers.Embedding(input_dim=maxlen, output_dim=embed_dim)
    def call(self, x):
        maxlen = ops.shape(x)[-1]
        positions = ops.arange(start=0, stop=maxlen, step=1)
        positions = self.pos_emb(positions)
        x = self.token_emb(x)
        return x + positions
inputs = layers.Input(shape=(20,))
x = TokenAndPositionEmbedding(20, 100, 8)(inputs)
x = TransformerBlock(8, 2, 16)(x)
x = layers.GlobalAveragePooling1D()(x)
x = layers.Dropout(0.1, name="drop")(x)
x = layers.Dense(20, activation="relu")(x)
outputs = layers.Dense(2, activation="softmax")(x)
model = keras.Model(inputs=inputs, outputs=outputs)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])

# %% vision transformer patches
class Patches(layers.Layer):
    def __init__(self, patch_size):
        super().__init__()
        self.patch_size = patch_size
    def call(self, images):
        input_shape = ops.shape(images)
        batch_size = input_shape[0]
        height = input_shape[1]
        width = input_shape[2]
        channels = input_shape[3]
        num_patches_h = height // self.patch_size
        num_patches_w = width // self.patch_size
        patches = keras.ops.image.extract_patches(images, size=self.patch_size)
        patches = ops.reshape(patches, (batch_size, num_patches_h * num_patches_w, self.patch_size * self.patch_size * channels))
        return patches
class PatchEncoder(layers.Layer):
    def __init__(self, num_patches, projection_dim):
        super().__init__()
        self.num_patches = num_patches
        self.projection = layers.Dense(units=projection_dim)
        self.position_embedding = layers.Embedding(input_dim=num_patches, output_dim=projection_dim)
    def call(self, patch):
        positions = ops.expand_dims(ops.arange(start=0, stop=self.num_patches, step=1), axis=0)
        projected_patches = self.projection(patch)
        encoded = projected_patches + self.position_embedding(positions)
        return encoded
inputs = Input((32, 32, 3))
p = Patches(8)(inputs)
model = Model(inputs, Dense(4)(PatchEncoder(16, 12)(p)))

# %% variational autoencoder with Sampling and train_step
class Sampling(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seed_generator = keras.random.SeedGenerator(1337)
    def call(self, inputs):
        z_mean, z_log_var = inputs
        batch = ops.shape(z_mean)[0]
        dim = ops.shape(z_mean)[1]
        epsilon = keras.random.normal(shape=(batch, dim), seed=self.seed_generator)
        return z_mean + ops.exp(0.5 * z_log_var) * epsilon
latent_dim = 2
encoder_inputs = keras.Input(shape=(28, 28, 1))
x = layers.Conv2D(8, 3, activation="relu", strides=2, padding="same")(encoder_inputs)
x = layers.Flatten()(x)
x = layers.Dense(16, activation="relu")(x)
z_mean = layers.Dense(latent_dim, name="z_mean")(x)
z_log_var = layers.Dense(latent_dim, name="z_log_var")(x)
z = Sampling()([z_mean, z_log_var])
model = keras.Model(encoder_inputs, [z_mean, z_log_var, z], name="encoder")

# %% a VAE class that wraps encoder and decoder
class VAE(keras.Model):
    def __init__(self, encoder, decoder, **kwargs):
        super().__init__(**kwargs)
        self.encoder = encoder
        self.decoder = decoder
        self.total_loss_tracker = keras.metrics.Mean(name="total_loss")
    @property
    def metrics(self):
        return [self.total_loss_tracker]
    def train_step(self, data):
        return {}
    def call(self, x):
        return self.decoder(self.encoder(x))
enc = Sequential([Input((6,)), Dense(2)])
dec = Sequential([Input((2,)), Dense(6, activation="sigmoid")])
model = VAE(enc, dec)
model.compile(optimizer=keras.optimizers.Adam())
model(np.zeros((1, 6)))

# %% functional subclass
class Net(keras.Model):
    def __init__(self, shape, classes):
        inputs = keras.Input(shape)
        x = Dense(8)(inputs)
        outputs = Dense(classes)(x)
        super().__init__(inputs=inputs, outputs=outputs, name="functional_net")
model = Net((4,), 3)

# %% functional subclass with extra attributes and train_step
class Net(keras.Model):
    def __init__(self, n, **kw):
        i = keras.Input((n,))
        super().__init__(i, Dense(2)(i), **kw)
        self.n = n
    def train_step(self, data):
        return super().train_step(data)
model = Net(5, name="x")
model.compile(keras.optimizers.RMSprop(0.1), "mae")

# %% super().__init__ with name passed and kwargs
class Net(tf.keras.Model):
    def __init__(self, classes=3, name="resnetish", **kwargs):
        super(Net, self).__init__(name=name, **kwargs)
        self.a = tf.keras.layers.Dense(classes, name="logits")
    def call(self, inputs, **kwargs):
        return self.a(inputs)
model = Net()
_ = model(tf.random.normal([4, 7]))

# %% two inputs as a list
class Two(keras.Model):
    def __init__(self):
        super().__init__()
        self.a, self.b = Dense(4), Dense(4)
        self.out = Dense(1)
    def call(self, inputs):
        x, y = inputs
        return self.out(layers.concatenate([self.a(x), self.b(y)]))
model = Two()
model([np.zeros((2, 3)), np.zeros((2, 5))])

# %% two inputs as a dict
class Two(keras.Model):
    def __init__(self):
        super().__init__()
        self.u = layers.Embedding(10, 4)
        self.m = layers.Embedding(20, 4)
        self.dot = layers.Dot(axes=1)
    def call(self, inputs):
        return self.dot([self.u(inputs["user"]), self.m(inputs["movie"])])
model = Two()
model({"user": np.zeros((2,)), "movie": np.zeros((2,))})

# %% recommender net with slicing of inputs
class RecommenderNet(keras.Model):
    def __init__(self, num_users, num_movies, embedding_size, **kwargs):
        super().__init__(**kwargs)
        self.user_embedding = layers.Embedding(num_users, embedding_size, embeddings_initializer="he_normal")
        self.user_bias = layers.Embedding(num_users, 1)
        self.movie_embedding = layers.Embedding(num_movies, embedding_size)
        self.movie_bias = layers.Embedding(num_movies, 1)
    def call(self, inputs):
        user_vector = self.user_embedding(inputs[:, 0])
        user_bias = self.user_bias(inputs[:, 0])
        movie_vector = self.movie_embedding(inputs[:, 1])
        movie_bias = self.movie_bias(inputs[:, 1])
        dot_user_movie = ops.tensordot(user_vector, movie_vector, 2)
        x = dot_user_movie + user_bias + movie_bias
        return ops.nn.sigmoid(x)
model = RecommenderNet(10, 20, 5)
model(np.zeros((4, 2), dtype="int32"))
model.compile(loss=keras.losses.BinaryCrossentropy(), optimizer=keras.optimizers.Adam(learning_rate=0.001))

# %% residual block with projection decided in build
class Residual(layers.Layer):
    def __init__(self, channels, strides=1):
        super().__init__()
        self.c1 = Conv2D(channels, 3, padding="same", strides=strides)
        self.c2 = Conv2D(channels, 3, padding="same")
        self.c3 = Conv2D(channels, 1, strides=strides) if strides != 1 else None
        self.bn = BatchNormalization()
    def call(self, x):
        y = self.bn(self.c2(tf.nn.relu(self.c1(x))))
        if self.c3 is not None:
            x = self.c3(x)
        return tf.nn.relu(y + x)
i = Input((16, 16, 4))
model = Model(i, layers.GlobalAveragePooling2D()(Residual(8, 2)(Residual(4)(i))))

# %% d2l style residual with self.conv1 kwargs and use_1x1conv
class Residual(tf.keras.Model):
    def __init__(self, num_channels, use_1x1conv=False, strides=1):
        super().__init__()
        self.conv1 = tf.keras.layers.Conv2D(num_channels, padding='same', kernel_size=3, strides=strides)
        self.conv2 = tf.keras.layers.Conv2D(num_channels, kernel_size=3, padding='same')
        self.conv3 = None
        if use_1x1conv:
            self.conv3 = tf.keras.layers.Conv2D(num_channels, kernel_size=1, strides=strides)
        self.bn1 = tf.keras.layers.BatchNormalization()
        self.bn2 = tf.keras.layers.BatchNormalization()
    def call(self, X):
        Y = tf.keras.activations.relu(self.bn1(self.conv1(X)))
        Y = self.bn2(self.conv2(Y))
        if self.conv3 is not None:
            X = self.conv3(X)
        Y += X
        return tf.keras.activations.relu(Y)
class ResnetBlock(tf.keras.layers.Layer):
    def __init__(self, num_channels, num_residuals, first_block=False, **kwargs):
        super(ResnetBlock, self).__init__(**kwargs)
        self.residual_layers = []
        for i in range(num_residuals):
            if i == 0 and not first_block:
                self.residual_layers.append(Residual(num_channels, use_1x1conv=True, strides=2))
            else:
                self.residual_layers.append(Residual(num_channels))
    def call(self, X):
        for layer in self.residual_layers:
            X = layer(X)
        return X
b1 = tf.keras.models.Sequential([Conv2D(8, 7, strides=2, padding='same'), BatchNormalization(), Activation('relu')])
model = tf.keras.Sequential([Input((32, 32, 1)), b1, ResnetBlock(8, 2, first_block=True), ResnetBlock(16, 2), layers.GlobalAvgPool2D(), Dense(units=10)])

# %% model attributes assigned outside of init
class Net(keras.Model):
    def call(self, x):
        return self.head(self.body(x))
model = Net()
model.body = Dense(4)
model.head = Dense(2)
model(np.zeros((1, 3)))

# %% call with default arguments and helper methods
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.e = Dense(4)
        self.d = Dense(6)
    def encode(self, x, scale=1.0):
        return self.e(x) * scale
    def decode(self, z, apply_sigmoid=False):
        logits = self.d(z)
        return tf.sigmoid(logits) if apply_sigmoid else logits
    def call(self, x):
        return self.decode(self.encode(x), apply_sigmoid=True)
model = Net()
model(np.zeros((1, 6)))

# %% an encoder decoder pair with GRU states
class Encoder(keras.Model):
    def __init__(self, vocab, dim, units):
        super().__init__()
        self.embedding = layers.Embedding(vocab, dim)
        self.gru = layers.GRU(units, return_sequences=True, return_state=True)
    def call(self, x):
        x = self.embedding(x)
        output, state = self.gru(x)
        return output, state
model = Encoder(50, 8, 16)
model(np.zeros((2, 5), dtype="int32"))

# %% additive attention from the tutorial
class BahdanauAttention(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.W1 = Dense(units)
        self.W2 = Dense(units)
        self.V = Dense(1)
    def call(self, query, values):
        query_with_time_axis = tf.expand_dims(query, 1)
        score = self.V(tf.nn.tanh(self.W1(query_with_time_axis) + self.W2(values)))
        attention_weights = tf.nn.softmax(score, axis=1)
        context_vector = attention_weights * values
        context_vector = tf.reduce_sum(context_vector, axis=1)
        return context_vector, attention_weights
q, v = Input((16,)), Input((10, 8))
ctx, w = BahdanauAttention(4)(q, v)
model = Model([q, v], [ctx, w])

# %% a custom layer with keyword tensor
class Gate(layers.Layer):
    def __init__(self, n):
        super().__init__()
        self.g = Dense(n, activation="sigmoid")
    def call(self, x, context=None):
        return x * self.g(context) if context is not None else x
a, c = Input((4,)), Input((3,))
model = Model([a, c], Gate(4)(a, context=c))

# %% inheritance between layers
class Base(layers.Layer):
    def __init__(self, units, **kw):
        super().__init__(**kw)
        self.units = units
        self.inner = self.make()
    def make(self): return Dense(self.units)
    def call(self, x): return self.inner(x)
class Wide(Base):
    def make(self): return Dense(self.units * 2, use_bias=False)
i = Input((3,))
model = Model(i, Wide(2)(Base(4)(i)))

# %% subclass of a built-in layer
class MyDense(layers.Dense):
    def __init__(self, units, **kw):
        super().__init__(units * 2, activation="relu", **kw)
i = Input((3,))
model = Model(i, MyDense(4)(i))

# %% subclass of a built-in layer without its own methods
class Same(layers.Conv2D):
    pass
i = Input((8, 8, 1))
model = Model(i, Same(4, 3, padding="same")(i))

# %% subclass of a built-in layer that changes call
class Twice(layers.Dense):
    def call(self, x):
        return super().call(x) * 2
i = Input((3,))
model = Model(i, Twice(4)(i))

# %% subclass of Sequential with layers in init
class Stack(keras.Sequential):
    def __init__(self, *sizes):
        super().__init__([Dense(s) for s in sizes])
model = Stack(4, 2)
model.build((None, 3))

# %% subclass of Sequential that adds
class ConvBnRelu(keras.Sequential):
    def __init__(self, f, k=3):
        super().__init__()
        self.add(Conv2D(f, k, padding="same"))
        self.add(BatchNormalization())
        self.add(layers.ReLU())
i = Input((8, 8, 3))
model = Model(i, ConvBnRelu(6)(ConvBnRelu(4, k=1)(i)))

# %% a mixin before the Keras base
class Named:
    def title(self): return type(self).__name__
class Net(Named, keras.Model):
    def __init__(self, n):
        super().__init__()
        self.d = Dense(n)
    def call(self, x): return self.d(x)
model = Net(4)
model(np.zeros((1, 3)))

# %% registered serializable layer
@keras.saving.register_keras_serializable(package="my")
class Double(layers.Layer):
    def __init__(self, n, **kw):
        super().__init__(**kw)
        self.d = Dense(n * 2)
    def call(self, x): return self.d(x)
i = Input((3,))
model = Model(i, Double(2)(i))

# %% tf.function on call and a static helper
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.d = Dense(4)
    @staticmethod
    def norm(x): return x / 255.0
    @tf.function
    def call(self, x):
        return self.d(self.norm(x))
model = Net()
model(np.zeros((1, 3), dtype="float32"))

# %% shared layer called twice inside call
class Siamese(keras.Model):
    def __init__(self, base):
        super().__init__()
        self.base = base
    def call(self, inputs):
        a = self.base(inputs[0])
        b = self.base(inputs[1])
        return tf.abs(a - b)
model = Siamese(Sequential([Dense(4), Dense(2)]))
model([np.zeros((1, 3)), np.zeros((1, 3))])

# %% a frozen layer inside a model
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.base = Dense(8)
        self.base.trainable = False
        self.head = Dense(2)
    def call(self, x): return self.head(self.base(x))
model = Net()
model(np.zeros((1, 3)))

# %% unused layer of a subclass stays unbuilt
class Net(keras.Model):
    def __init__(self, deep):
        super().__init__()
        self.deep = deep
        self.d1 = Dense(4)
        if deep:
            self.d2 = Dense(4)
        self.out = Dense(1)
    def call(self, x):
        x = self.d1(x)
        if self.deep:
            x = self.d2(x)
        return self.out(x)
model = Net(deep=False)
model(np.zeros((1, 3)))

# %% build method of a model makes layers
class Net(keras.Model):
    def __init__(self, out):
        super().__init__()
        self.out_units = out
    def build(self, input_shape):
        self.a = Dense(input_shape[-1] * 2)
        self.b = Dense(self.out_units)
    def call(self, x):
        return self.b(self.a(x))
model = Net(3)
model(np.zeros((2, 5)))

# %% custom RNN cell
class MinimalRNNCell(keras.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = units
    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(input_shape[-1], self.units), initializer='uniform', name='kernel')
        self.recurrent_kernel = self.add_weight(shape=(self.units, self.units), initializer='uniform', name='recurrent_kernel')
    def call(self, inputs, states):
        prev_output = states[0]
        h = ops.matmul(inputs, self.kernel)
        output = h + ops.matmul(prev_output, self.recurrent_kernel)
        return output, [output]
x = keras.Input((None, 5))
model = Model(x, layers.RNN(MinimalRNNCell(4))(x))

# %% squeeze and excite with shapes from build
class SE(layers.Layer):
    def __init__(self, ratio=4, **kw):
        super().__init__(**kw)
        self.ratio = ratio
    def build(self, input_shape):
        channels = input_shape[-1]
        self.pool = layers.GlobalAveragePooling2D(keepdims=True)
        self.fc = Sequential([Dense(channels // self.ratio, activation="relu"), Dense(channels, activation="sigmoid")])
    def call(self, x):
        return x * self.fc(self.pool(x))
i = Input((8, 8, 16))
model = Model(i, SE()(i))

# %% conv-norm-act layer with activation from get
class CNA(layers.Layer):
    def __init__(self, filters, kernel, act="relu"):
        super().__init__()
        self.conv = Conv2D(filters, kernel, use_bias=False)
        self.norm = BatchNormalization()
        self.act = keras.activations.get(act)
    def call(self, x, training=False):
        return self.act(self.norm(self.conv(x), training=training))
i = Input((8, 8, 3))
model = Model(i, CNA(4, 3, "gelu")(CNA(2, 1)(i)))

# %% calling model.call directly
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.d = Dense(4)
    def call(self, x): return self.d(x)
net = Net()
i = Input((3,))
model = Model(i, net.call(i))

# %% model method that wraps itself into a functional model
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a, self.b = Dense(4), Dense(2)
    def call(self, x): return self.b(self.a(x))
    def build_graph(self, shape):
        x = Input(shape=shape)
        return keras.Model(inputs=[x], outputs=self.call(x))
model = Net().build_graph((3,))

# %% build reads a shape as TensorFlow 2's Keras gave it, and the layer's dtype
import tensorflow as tf

class Scaled(layers.Layer):
    def build(self, input_shape):
        last = tf.TensorShape(input_shape).as_list()[-1]
        self.gain = self.add_weight(shape=(last,), name="gain")
        self.project = Dense(2 * last)

    def call(self, x):
        if self.compute_dtype == "float16":
            x = tf.clip_by_value(x, -1.0, 1.0)
        return self.project(x) * tf.concat([self.gain, self.gain], 0)

i = Input((5, 4))
model = Model(i, Scaled()(i))

# %% an InputSpec gives the shape of the input
spec = layers.InputSpec(shape=(None, 6, 2))
i = Input(spec.shape[1:])
model = Model(i, Dense(3)(i))

# %% a custom layer that is given the mask of an embedding behind other layers
class Mean(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
    def call(self, x, mask=None):
        if mask is None:
            raise ValueError("padding would count")
        weights = ops.expand_dims(ops.cast(mask, "float32"), -1)
        return ops.sum(x * weights, axis=1) / ops.sum(weights, axis=1)
    def compute_mask(self, x, mask=None):
        return None
words = Input((7,))
x = layers.Embedding(50, 4, mask_zero=True)(words)
x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
model = Model(words, Dense(2)(Mean()(x)))

# %% a mask that a convolution has lost, and one that dropout has not
class Shaped(layers.Layer):
    def call(self, x, mask=None):
        return x if mask is None else ops.expand_dims(x, 1)
words = Input((7,))
x = layers.Embedding(50, 4, mask_zero=True)(words)
plain = layers.Embedding(50, 4)(words)
outputs = [Shaped()(layers.Conv1D(2, 3)(x)), Shaped()(Dropout(0.1)(x)), Shaped()(plain)]
model = Model(words, outputs)

# %% masks of several inputs come as a list
class Both(layers.Layer):
    def call(self, inputs, mask=None):
        a, b = inputs
        weights = ops.expand_dims(ops.cast(mask[0], "float32"), -1)
        return ops.sum(a * weights, axis=1) + (ops.mean(b, axis=1) if mask[1] is None else b)
words = Input((7,))
model = Model(words, Both()([layers.Embedding(9, 4, mask_zero=True)(words), layers.Embedding(9, 4)(words)]))

# %% a flag for training where a layer takes one
class Stack(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.parts = [part for _ in range(6) for part in (Dense(5), Dropout(0.1), Activation("relu"))]
    def call(self, x, training=None):
        import inspect
        for part in self.parts:
            if "training" in dict(inspect.signature(part.call).parameters):
                x = part(x, training=training)
            else:
                x = part(x)
        return x
inputs = Input((3,))
model = Model(inputs, Dense(1)(Stack()(inputs)))

# %% layers built by hand, one on the shape that the one before computes
class Block(layers.Layer):
    def __init__(self, n, **kw):
        super().__init__(**kw); self.n = n; self.convs=[]
    def _add(self, layer):
        self.convs.append(layer)
        layer.build(self.shape)
        self.shape = layer.compute_output_shape(self.shape)
    def build(self, shape):
        self.shape = shape
        self.scale = self.add_weight(shape=(shape[-1],), name="s")
        for k in range(2):
            self._add(layers.Conv1D(self.n, 3, dilation_rate=2))
            self._add(layers.BatchNormalization())
        self.match = None if self.n == shape[-1] else layers.Conv1D(self.n, 9)
    def call(self, x):
        y = x * self.scale
        for c in self.convs: y = c(y)
        return y + (x[:, 8:] if self.match is None else self.match(x))
class Stack(layers.Layer):
    def build(self, shape):
        self.blocks = []
        for n in (4, 4, 6):
            self.blocks.append(Block(n))
            self.blocks[-1].build(shape)
            shape = tuple(self.blocks[-1].shape)
        self.head = layers.Dense(shape[-1])
    def call(self, x):
        for b in self.blocks: x = b(x)
        return self.head(x)
inputs = Input((40, 4))
s = Stack()
model = Model(inputs, s(inputs))

# %% slices of a tensor one by one, in a model that runs eagerly
class Kernels(keras.Model):
    def __init__(self):
        super().__init__()
        self.scales = self.add_weight(shape=(3,), name="scales", initializer="ones")
    def build(self, shape):
        self.built = True
    def call(self, x):
        gamma = tf.constant(1.0 / (2.0 * tf.math.exp(self.scales) ** 2), dtype=x.dtype)
        stacked = tf.concat([(g * x)[None, :, :] for g in gamma], axis=0)
        for g in gamma:
            x = x + g
        return tf.tile(x + tf.reduce_mean(stacked, axis=0), [1, len(gamma)])
model = Kernels()
model(np.zeros((4, 5), "float32"))
# %% a layer that wraps Keras's own __call__
class Wrapped(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.dense = Dense(units)
    def __call__(self, inputs, *args, **kwargs):
        outputs = super().__call__(inputs, *args, **kwargs)
        return outputs, ops.shape(outputs)[-1]
    def call(self, x):
        return self.dense(x)
i = Input((3,))
x, size = Wrapped(4)(i)
model = Model(i, Dense(size * 2)(x))

# %% a base class whose __call__ passes named arguments on
class Base(layers.Layer):
    def __call__(self, inputs, scale=1):
        return super().__call__(**{"inputs": inputs, "scale": scale})
class Scaled(Base):
    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], 5))
    def call(self, inputs, scale):
        return ops.matmul(inputs, self.w) * scale
i = Input((3,))
model = Model(i, Scaled()(i, scale=3))


# %% a layer used directly and twice inside a custom layer
class Twice(layers.Layer):
    def __init__(self, inner, **kw):
        super().__init__(**kw); self.inner = inner; self.own = Dense(2)
    def call(self, x):
        return self.own(self.inner(self.inner(x)))
d = Dense(3)
i = Input((3,))
model = Model(i, [Twice(d)(i), d(i)])

# %% a layer that a model holds for itself and in a Sequential
d = Dense(3)
class Net(keras.Model):
    def __init__(self):
        super().__init__(); self.a = d; self.b = keras.Sequential([d, Dense(2)]); 
    def call(self, x): return self.b(self.a(x))
model = Net()
model.build((None, 3))
model(keras.ops.zeros((1,3)))

# %% a layer before a model that has it too
d = Dense(3)
inner = keras.Sequential([Input((3,)), d, Dense(2)])
i = Input((3,))
model = Model(i, inner(d(i)))

# %% an embedding whose table is the kernel of the output
class Tied(layers.Layer):
    def __init__(self, embedding, **kw):
        super().__init__(**kw); self.embedding = embedding
    def build(self, s):
        self.bias = self.add_weight(shape=(50,), name="b")
    def call(self, x):
        return keras.ops.matmul(x, keras.ops.transpose(self.embedding.embeddings)) + self.bias
e = layers.Embedding(50, 8)
i = Input((5,))
model = Model(i, Tied(e)(e(i)))

# %% a layer that two custom layers and a TimeDistributed share
class Enc(layers.Layer):
    def __init__(self, inner, **kw):
        super().__init__(**kw); self.inner = inner
    def call(self, x):
        return self.inner(x)
d = Dense(3)
i = Input((4, 3))
model = Model(i, [Enc(d)(i), Enc(d)(i), layers.TimeDistributed(d)(i)])

# %% a frozen custom layer inside and outside of a model
class Enc(layers.Layer):
    def __init__(self, **kw):
        super().__init__(**kw); self.inner = Dense(3); self.bn = layers.BatchNormalization()
    def call(self, x):
        return self.bn(self.inner(x))
i = Input((3,))
e = Enc()
e.trainable = False
a = Model(i, e(i))
model = Model(i, Dense(1)(a(e(i))))

# %% an attention with its own call on the parts of Keras's
class Mine(layers.MultiHeadAttention):
    def call(self, query, value, key=None, attention_mask=None, training=None):
        key = value if key is None else key
        query = self._query_dense(query)
        key = self._key_dense(key)
        value = self._value_dense(value)
        query = query * (1.0 / float(self._key_dim))
        out, scores = self._compute_attention(query, key, value, attention_mask, training)
        return self._output_dense(out)
a, b = Input((6, 8)), Input((9, 10))
x = Mine(num_heads=3, key_dim=4, value_dim=5)(a, b)
x = Mine(2, 4, use_bias=False, output_shape=7)(x, x)
model = Model([a, b], Dense(1)(x))

# %% the scores of an attention by Keras's own equations
class Mine(layers.MultiHeadAttention):
    def call(self, query, value, key=None):
        q, k, v = self._query_dense(query), self._key_dense(value), self._value_dense(value)
        scores = keras.ops.softmax(keras.ops.einsum(self._dot_product_equation, k, q))
        out = keras.ops.einsum(self._combine_equation, scores, v)
        return self._output_dense(out) + float(self._num_heads)
a, b = Input((6, 8)), Input((9, 10))
model = Model([a, b], Mine(num_heads=3, key_dim=4)(a, b))

# %% a layer that states its output shape, with a call that says nothing of it
class Odd(layers.Layer):
    def call(self, x):
        return keras.ops.scan(lambda c, x: (c, x), 0, x)[1]
    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[1] * 2, 5)
x = Input((6, 8))
model = Model(x, Odd()(x))

# %% a layer that states the shapes of two outputs
class Two(layers.Layer):
    def call(self, x):
        return keras.ops.scan(lambda c, x: (c, x), 0, x)[1], x
    def compute_output_shape(self, s):
        return [s[:-1] + (3,), s]
x = Input((6, 8))
model = Model(x, Two()(x))

# %% a layer with a call of its own, of the shape that its base states
class Mapped(layers.Conv2D):
    def call(self, x):
        return keras.ops.vectorized_map(lambda t: t, super().call(x))
i = Input((10, 10, 3))
model = Model(i, Mapped(4, 3)(i))

# %% a layer that states the shape of its base on a larger input
class Padded(layers.Conv2D):
    def call(self, x):
        x = keras.ops.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]])
        return super().call(x)
    def compute_output_shape(self, s):
        return super().compute_output_shape((s[0], s[1] + 2, s[2] + 2, s[3]))
i = Input((10, 10, 3))
model = Model(i, Padded(4, 3)(i))

# %% positions in a batch of which the size is open
class Rows(layers.Layer):
    def call(self, x, places):
        shape = keras.ops.shape(x)
        first = keras.ops.reshape(keras.ops.arange(0, shape[0]) * shape[1], [-1, 1])
        flat = keras.ops.reshape(places + keras.ops.cast(first, "int32"), [-1])
        return keras.ops.take(keras.ops.reshape(x, [-1, 5]), flat, axis=0)
a, b = Input((6, 5)), Input((2,), dtype="int32")
model = Model([a, b], Rows()(a, b))

# %% layers of the file that lose a mask, give it on, and say so either way
class Lost(layers.Layer):
    def call(self, x):
        return x * 2
class Kept(layers.Layer):
    def __init__(self, **kw):
        super().__init__(**kw); self.supports_masking = True
    def call(self, x):
        return x * 2
class Ends(layers.Layer):
    def call(self, x, mask=None):
        return x if mask is None else keras.ops.concatenate([x, x])
    def compute_mask(self, x, mask=None):
        return None
class GivesOn(layers.Layer):
    def call(self, x):
        return x
    def compute_mask(self, x, mask=None):
        return mask
class Asks(layers.Layer):
    def call(self, x, mask=None):
        return x if mask is None else keras.ops.expand_dims(x, 1)
words = Input((7,))
x = layers.Embedding(50, 4, mask_zero=True)(words)
outputs = [Asks()(wrap(x)) for wrap in (Lost(), Kept(), Ends(), GivesOn())]
model = Model(words, [*outputs, Asks()(Kept()(Lost()(x)))])

# %% shapes that layers compute for one another, a Lambda among them
class Block(layers.Layer):
    def __init__(self, filters, **kw):
        super().__init__(**kw)
        self.filters = filters
    def build(self, shape):
        self.inner = []
        self.shape = shape
        for layer in (layers.Conv1D(self.filters, 3, padding="same"), layers.Activation("relu")):
            layer.build(self.shape)
            self.shape = layer.compute_output_shape(self.shape)
            self.inner.append(layer)
        same = shape[-1] == self.filters
        self.match = layers.Lambda(lambda x: x) if same else layers.Conv1D(self.filters, 1)
        self.match.build(shape)
        self.shape = self.match.compute_output_shape(shape)
    def call(self, x):
        y = x
        for layer in self.inner:
            y = layer(y)
        return y + self.match(x)
    def compute_output_shape(self, shape):
        return self.shape
i = Input((None, 3))
model = Model(i, Dense(2)(Block(4)(Block(4)(i))))

# %% an attention that makes its own projections
class Narrow(layers.MultiHeadAttention):
    def build(self, query_shape, value_shape, key_shape=None):
        self._query_dense = layers.EinsumDense("abc,cde->abde", (None, self._num_heads, self._key_dim))
        self._query_dense.build(query_shape)
        self._value_dense = layers.EinsumDense("abc,cde->abde", (None, self._num_heads, self._value_dim))
        self._value_dense.build(value_shape)
        width = query_shape[-1] if self._output_shape is None else self._output_shape
        self._output_dense = layers.EinsumDense("abcd,cde->abe", (None, width), bias_axes="e")
        self._output_dense.build((None, None, self._num_heads, self._value_dim))
    def call(self, query, value, key=None):
        q, v = self._query_dense(query), self._value_dense(value)
        scores = keras.ops.softmax(keras.ops.einsum("aecd,abcd->acbe", v, q))
        return self._output_dense(keras.ops.einsum("acbe,aecd->abcd", scores, v))
a, b = Input((6, 8)), Input((9, 10))
model = Model([a, b], Narrow(num_heads=3, key_dim=4)(a, b))

# %% a build that asks for the shapes of two inputs by name
class Cross(layers.Layer):
    def build(self, query_shape, context_shape=None):
        self.one = Dense(4)
        self.one.build(query_shape)
        self.other = Dense(4) if context_shape is not None else None
        if self.other is not None:
            self.other.build(context_shape)
    def call(self, query, context=None):
        x = self.one(query)
        return x if context is None else x + keras.ops.mean(self.other(context), axis=1, keepdims=True)
a, b = Input((6, 8)), Input((9, 10))
model = Model([a, b], [Cross()(a, context=b), Cross()(a)])

# %% axes moved in pairs, and a Fourier transform of pairs
class Moved(layers.Layer):
    def call(self, x):
        y = keras.ops.moveaxis(x, (3, 1), (1, 2))
        z = keras.ops.moveaxis(x, -1, 1)
        real, imaginary = keras.ops.fft2((x, keras.ops.zeros_like(x)))
        return y, z, real + imaginary
i = Input((2, 4, 6))
model = Model(i, Moved()(i))

# %% a layer built by hand that is called where the number of features is open
class Heads(layers.Layer):
    def __init__(self, **kw):
        super().__init__(**kw); self.query, self.out = Dense(8), Dense(5)
    def build(self, shape):
        self.query.build(shape)
        self.out.build((None, None, 8))
    def call(self, x):
        q = self.query(x)
        b, s = keras.ops.shape(q)[:2]
        q = keras.ops.reshape(q, (b, s, 2, 4))
        return self.out(keras.ops.reshape(q, (b, s, -1)))
i = Input((None, 6))
model = Model(i, Heads()(i))

# %% an attention that masks and drops its scores itself
class Scored(layers.MultiHeadAttention):
    def call(self, query, value, key=None, training=None):
        q, k, v = self._query_dense(query), self._key_dense(value), self._value_dense(value)
        scores = self._masked_softmax(keras.ops.einsum(self._dot_product_equation, k, q))
        scores = self._dropout_layer(scores, training=training)
        return self._output_dense(keras.ops.einsum(self._combine_equation, scores, v))
a, b = Input((6, 8)), Input((9, 10))
model = Model([a, b], Scored(num_heads=3, key_dim=4, dropout=0.1)(a, b))

# %% a layer that is asked for its methods, and never called
class Windows(layers.Layer):
    def __init__(self, size, **kw):
        super().__init__(**kw); self.size = size
    def cut(self, x):
        return keras.ops.reshape(x, (-1, self.size, x.shape[-1]))
    def mend(self, x, length):
        return keras.ops.reshape(x, (-1, length, x.shape[-1]))
class Block(layers.Layer):
    def __init__(self, **kw):
        super().__init__(**kw); self.windows, self.inner = Windows(4), Dense(6)
    def call(self, x):
        return self.windows.mend(self.inner(self.windows.cut(x)), x.shape[1])
i = Input((8, 3))
model = Model(i, Block()(i))

# %% attributes of a layer that sound like those that Keras keeps for itself
class Mixed(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = units
        self._base = Dense(4)
        self.weights_ = [1]
    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], self.units))
    def call(self, x):
        return ops.matmul(self._base(x), self.w)
model = Sequential([Input((4,)), Mixed(3)])

# %% a model that nothing compiles, fits or calls has the weights of its layers once
class Own(layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(shape=(4, 8))
    def call(self, x):
        return x @ self.w
model = Sequential([Input((4,)), Own()])
