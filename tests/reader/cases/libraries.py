# %% a check that raises settles what follows
import os
wide = "KERASLINT_WIDE" in os.environ
deep = "KERASLINT_DEEP" in os.environ
units = 8 if wide else 3
if wide:
    raise ValueError("not here")
assert not deep
i = Input((4,))
x = Dense(units)(i)
if wide:
    x = Dense(64)(x)
if deep:
    x = Dense(65)(x)
model = Model(i, x)

# %% functions and classes are equal to themselves and to nothing else
def own(x):
    return ops.relu(x)
def size_of(activation):
    if activation == keras.activations.gelu:
        return 2
    if activation == keras.layers.ReLU or activation == "relu" or activation == None:
        return 3
    return 5 if activation != own else 7
sizes = [size_of(a) for a in (keras.activations.gelu, own, keras.activations.swish, layers.ReLU, "relu", None)]
model = Sequential([Input((4,)), *(Dense(n) for n in sizes), Dense(6 if keras.activations.silu == keras.activations.swish else 8)])

# %% a module under one of two names
import os
if "KERASLINT_PLAIN" in os.environ:
    import keras as k
else:
    from tensorflow import keras as k
i = k.Input((4,))
x = k.layers.Dense(3, activation=k.activations.relu)(i)
model = k.Model(i, k.layers.Dense(2)(x))
