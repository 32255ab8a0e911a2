"""Of the rules about training loops, losses and metrics of one's own."""

# %% keras-forward-outside-tape: a network that the class is given, beside others that do not hold it
class Gan(keras.Model):
    def __init__(self, discriminator, generator):
        super().__init__()
        self.discriminator = discriminator
        self.generator = generator
    def compile(self, g_optimizer, loss_fn):
        super().compile()
        self.g_optimizer = g_optimizer
        self.loss_fn = loss_fn
    def train_step(self, real):
        fake = self.generator(tf.random.normal((8, 4)))  # expect: keras-forward-outside-tape
        with tf.GradientTape() as tape:
            logits = self.discriminator(fake)
            loss = self.loss_fn(tf.ones_like(logits), logits)
        grads = tape.gradient(loss, self.generator.trainable_weights)
        self.g_optimizer.apply_gradients(zip(grads, self.generator.trainable_weights))
        return {"g_loss": loss}
gan = Gan(Sequential([Input((2,)), Dense(1)]), Sequential([Input((4,)), Dense(2)]))
gan.compile(keras.optimizers.Adam(), keras.losses.BinaryCrossentropy(from_logits=True))

# %% keras-forward-outside-tape: another network that holds it
class Gan(keras.Model):
    def __init__(self, both, generator):
        super().__init__()
        self.both = both
        self.generator = generator
    def train_step(self, noise):
        fake = self.generator(noise)
        with tf.GradientTape() as tape:
            loss = keras.ops.mean(self.both(noise)) + keras.ops.mean(fake)
        grads = tape.gradient(loss, self.generator.trainable_weights)
        self.optimizer.apply_gradients(zip(grads, self.generator.trainable_weights))
        return {"g_loss": loss}
generator = Sequential([Input((4,)), Dense(2)])
gan = Gan(Sequential([generator, Dense(1)]), generator)

# %% keras-forward-outside-tape: who knows what is called
class Gan(keras.Model):
    def __init__(self, critic, generator):
        super().__init__()
        self.critic = critic
        self.generator = generator
    def train_step(self, noise):
        fake = self.generator(noise)
        with tf.GradientTape() as tape:
            loss = keras.ops.mean(self.critic(fake))
        grads = tape.gradient(loss, self.generator.trainable_weights)
        self.optimizer.apply_gradients(zip(grads, self.generator.trainable_weights))
        return {"g_loss": loss}

# %% keras-forward-outside-tape: a loss of Keras that is made where it is called
net = Sequential([Input((4,)), Dense(1)])
def learn(states, targets):
    found = net(states)  # expect: keras-forward-outside-tape
    with tf.GradientTape() as tape:
        loss = keras.losses.Huber()(targets, found)
    net.optimizer.apply_gradients(zip(tape.gradient(loss, net.trainable_variables), net.trainable_variables))

# %% keras-loss-sign: a loss of Keras with a minus
def masked(y_true, y_pred):  # expect: keras-loss-sign
    return -ops.sum(keras.losses.mean_squared_error(y_true, y_pred))
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", masked)
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-loss-sign: the negative mean of a loss over all that is no padding
def masked(y_true, y_pred):  # expect: keras-loss-sign
    mask = ops.cast(ops.not_equal(y_true, 0), "float32")
    return -ops.sum(ops.square(y_true - y_pred) * mask) / ops.sum(mask)
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", masked)
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-loss-sign: weights of which nobody knows the sign
def weighted(y_true, y_pred):
    return -ops.sum(ops.square(y_true - y_pred) * y_true)
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", weighted)
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-loss-sign: what is taken from one is an error
def similarity(y_true, y_pred):  # expect: keras-loss-sign
    return 1 - ops.mean(ops.abs(y_true - y_pred)) / 2
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", similarity)
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))
# says: the negative of an error

# %% keras-loss-sign: an error that outweighs what is taken off
def spread(y_true, y_pred):
    return ops.mean(ops.square(y_true - y_pred)) - ops.mean(ops.square(y_pred))
model = Sequential([Input((4,)), Dense(1)])
model.compile("adam", spread)
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))

# %% keras-loss-sign: predictions alone, and Keras's cosine, which is smaller the better
def small(y_true, y_pred):
    return -ops.mean(ops.square(y_pred))
def alike(y_true, y_pred):
    return -keras.losses.cosine_similarity(y_true, y_pred)
for loss in (small, alike):
    model = Sequential([Input((4,)), Dense(2)])
    model.compile("adam", loss)
    model.fit(np.zeros((8, 4)), np.zeros((8, 2)))

# %% keras-non-differentiable-loss-path: one of the losses of a model whose outputs are not all known
from mine import more
inputs = Input((4,))
model = Model(inputs, [Dense(1)(inputs), *more(inputs)])
model.compile("adam", ["mse", lambda y_true, y_pred: ops.zeros_like(y_pred)])
model.fit(np.zeros((8, 4)), np.zeros((8, 1)))
