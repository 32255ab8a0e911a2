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
