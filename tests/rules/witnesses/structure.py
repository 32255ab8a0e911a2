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
