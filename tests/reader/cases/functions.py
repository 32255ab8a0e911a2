"""Functions and their callers: defaults, closures, stars, decorators, partial, generators, recursion."""

# %% a builder with a default and another with a keyword
def build(units=8, activation="relu"):
    return Sequential([Input((3,)), Dense(units, activation=activation)])
first = build()
model = build(units=5)

# %% a builder that returns model and optimizer as a tuple
def make(lr):
    m = Sequential([Input((4,)), Dense(2, activation="softmax")])
    return m, keras.optimizers.RMSprop(lr)
model, opt = make(0.02)
model.compile(opt, "categorical_crossentropy")

# %% a function that compiles what another one builds
def get_model():
    inp = Input(shape=(10,))
    x = Dense(16, activation="relu")(inp)
    return Model(inp, Dense(1, activation="sigmoid")(x))
def compile_model(m, lr=1e-3, loss="binary_crossentropy"):
    m.compile(optimizer=keras.optimizers.Adam(learning_rate=lr), loss=loss, metrics=["accuracy"])
    return m
model = compile_model(get_model(), lr=5e-4)

# %% closures over the loop variable, called later
makers = []
for width in (3, 5, 7):
    makers.append(lambda x: Dense(width)(x))
i = Input((2,))
x = i
for make in makers:
    x = make(x)
model = Model(i, x)

# %% closures over a default argument bind early
makers = []
for width in (3, 5, 7):
    makers.append(lambda x, width=width: Dense(width)(x))
x = i = Input((2,))
for make in makers:
    x = make(x)
model = Model(i, x)

# %% star args and double star through two levels
def conv(*args, **kwargs):
    kwargs.setdefault("padding", "same")
    return Conv2D(*args, **kwargs)
def block(x, filters, *more, **kw):
    x = conv(filters, *more, **kw)(x)
    return BatchNormalization()(x)
inp = Input((16, 16, 3))
x = block(inp, 8, 3, activation="relu")
x = block(x, 16, 3, 2, use_bias=False)
model = Model(inp, Dense(2)(Flatten()(x)))

# %% kwargs popped with defaults
def dense_block(x, **kwargs):
    n = kwargs.pop("n", 2)
    units = kwargs.pop("units")
    for _ in range(n):
        x = Dense(units, **kwargs)(x)
    return x
i = Input((4,))
model = Model(i, dense_block(i, units=6, n=3, use_bias=False))

# %% a mutable default shared by calls
def stack(m, sizes=[]):
    sizes.append(4)
    for s in sizes:
        m.add(Dense(s))
    return m
model = stack(stack(Sequential([Input((3,))])))

# %% functools.partial of a layer and of a function
from functools import partial
conv3 = partial(Conv2D, kernel_size=3, padding="same", activation="relu")
def unit(x, f, pool=True):
    x = conv3(f)(x)
    return layers.MaxPooling2D()(x) if pool else x
flat = partial(unit, pool=False)
inp = Input((8, 8, 1))
model = Model(inp, flat(unit(inp, 4), 6))

# %% partial overridden by a later keyword
import functools
D = functools.partial(Dense, 4, activation="relu", use_bias=False)
model = Sequential([Input((3,)), D(), D(use_bias=True)])

# %% reduce over layers
from functools import reduce
inp = Input((6,))
parts = [Dense(5), Activation("relu"), Dense(2)]
out = reduce(lambda t, l: l(t), parts, inp)
model = Model(inp, out)

# %% compose written by hand
from functools import reduce
def compose(*funcs):
    if funcs:
        return reduce(lambda f, g: lambda *a, **kw: g(f(*a, **kw)), funcs)
    raise ValueError("Composition of empty sequence not supported.")
inp = Input((6, 6, 1))
model = Model(inp, compose(Conv2D(4, 3), BatchNormalization(), layers.LeakyReLU())(inp))

# %% a decorator of the file that wraps a builder
import functools
def logged(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        print("building", fn.__name__)
        return fn(*args, **kwargs)
    return wrapper
@logged
def build(units):
    return Sequential([Input((3,)), Dense(units)])
model = build(7)

# %% a decorator that changes the result
def compiled(fn):
    def wrapper(*args):
        m = fn(*args)
        m.compile("sgd", "mse")
        return m
    return wrapper
@compiled
def build(units):
    return Sequential([Input((3,)), Dense(units)])
model = build(4)

# %% a decorator with arguments
def repeat(times):
    def decorate(block):
        def inner(x, units):
            for _ in range(times):
                x = block(x, units)
            return x
        return inner
    return decorate
@repeat(3)
def block(x, units):
    return Dense(units, activation="relu")(x)
i = Input((2,))
model = Model(i, block(i, 5))

# %% a registry filled by a decorator
MODELS = {}
def register(name):
    def add(fn):
        MODELS[name] = fn
        return fn
    return add
@register("small")
def small():
    return Sequential([Input((3,)), Dense(1)])
@register("big")
def big():
    return Sequential([Input((3,)), Dense(64), Dense(1)])
model = MODELS["big"]()

# %% a decorator that is a class
class Counted:
    def __init__(self, fn):
        self.fn = fn
        self.calls = 0
    def __call__(self, *args):
        self.calls += 1
        return self.fn(*args)
@Counted
def build(n):
    return Sequential([Input((3,)), Dense(n)])
build(1)
model = build(2 + build.calls)

# %% lru_cache on a builder
from functools import lru_cache
@lru_cache(maxsize=None)
def units(n):
    return n if n < 2 else units(n - 1) + units(n - 2)
model = Sequential([Input((3,)), Dense(units(6))])

# %% layers from a generator of the file
def make_layers(sizes):
    for s in sizes:
        yield Dense(s, activation="relu")
        yield Dropout(0.2)
model = Sequential()
model.add(Input((10,)))
for layer in make_layers([8, 4]):
    model.add(layer)
model.add(Dense(1))

# %% a generator unpacked into a list
def body():
    yield Input((5,))
    yield Dense(4)
    yield from (Dense(n) for n in (3, 2))
model = Sequential(list(body()))

# %% a longer generator, with a loop and a state
def widths(start, n):
    w = start
    for _ in range(n):
        yield w
        w *= 2
model = Sequential([Input((3,)), *[Dense(w) for w in widths(2, 6)]])

# %% next on a generator
def names():
    k = 0
    while True:
        k += 1
        yield f"fc{k}"
gen = names()
model = Sequential([Input((3,)), Dense(4, name=next(gen)), Dense(2, name=next(gen))])

# %% nonlocal counter names layers
def namer(prefix):
    n = 0
    def name():
        nonlocal n
        n += 1
        return f"{prefix}_{n}"
    return name
fc = namer("fc")
model = Sequential([Input((3,)), Dense(4, name=fc()), Dense(2, name=fc())])

# %% a global that a function changes
depth = 1
def deeper():
    global depth
    depth += 2
deeper()
model = Sequential([Input((3,))] + [Dense(4) for _ in range(depth)])

# %% recursion that builds a tower
def tower(x, n):
    if n == 0:
        return x
    return tower(Dense(2 ** n)(x), n - 1)
i = Input((3,))
model = Model(i, tower(i, 4))

# %% mutual recursion
def even(x, n):
    return x if n == 0 else odd(Dense(2)(x), n - 1)
def odd(x, n):
    return x if n == 0 else even(Dense(3)(x), n - 1)
i = Input((3,))
model = Model(i, even(i, 5))

# %% a recursive unet
def level(x, filters, depth):
    if depth == 0:
        return Conv2D(filters, 3, padding="same")(x)
    skip = Conv2D(filters, 3, padding="same", activation="relu")(x)
    down = layers.MaxPooling2D()(skip)
    up = level(down, filters * 2, depth - 1)
    up = layers.UpSampling2D()(up)
    x = layers.Concatenate()([skip, up])
    return Conv2D(filters, 3, padding="same")(x)
inp = Input((32, 32, 1))
model = Model(inp, Conv2D(1, 1, activation="sigmoid")(level(inp, 4, 3)))

# %% early return from a helper with several exits
def norm(x, kind):
    if kind is None:
        return x
    if kind == "batch":
        return BatchNormalization()(x)
    elif kind == "layer":
        return layers.LayerNormalization()(x)
    raise ValueError(kind)
i = Input((4,))
model = Model(i, norm(norm(norm(i, None), "layer"), "batch"))

# %% positional only and keyword only parameters
def head(x, /, units, *, activation=None, bias=True):
    return Dense(units, activation=activation, use_bias=bias)(x)
i = Input((4,))
model = Model(i, head(head(i, 3, bias=False), units=2, activation="softmax"))

# %% functions in a dict, dispatched by name
def mlp(n): return Sequential([Input((n,)), Dense(4)])
def cnn(n): return Sequential([Input((n, n, 1)), Conv2D(4, 3), Flatten(), Dense(4)])
builders = {"mlp": mlp, "cnn": cnn}
model = builders["cnn"](8)

# %% globals by name
def build_tiny():
    return Sequential([Input((3,)), Dense(1)])
which = "tiny"
model = globals()["build_" + which]()

# %% getattr on the module of layers
cfg = [("Dense", {"units": 4}), ("Dropout", {"rate": 0.5}), ("Dense", {"units": 2})]
model = Sequential([Input((3,))])
for name, kw in cfg:
    model.add(getattr(layers, name)(**kw))

# %% eval of a plain name is not followed but the rest is
model = Sequential([Input((3,)), Dense(4), Dense(2)])

# %% a function called with unpacked dict and list
def build(inputs, hidden, *rest, out=1, **opts):
    m = Sequential([Input((inputs,)), Dense(hidden, **opts)])
    for r in rest:
        m.add(Dense(r))
    m.add(Dense(out))
    return m
args = [3, 8, 6]
kw = {"out": 2, "activation": "tanh"}
model = build(*args, 4, **kw)

# %% a function attribute as a setting
def build():
    return Sequential([Input((3,)), Dense(build.units)])
build.units = 9
model = build()

# %% lambda with conditional and default
act = lambda name=None: Activation(name) if name else Activation("linear")
model = Sequential([Input((3,)), Dense(4), act("relu"), Dense(2), act()])

# %% immediately invoked lambda
model = (lambda n: Sequential([Input((n,)), Dense(n * 2)]))(3)

# %% a nested function that uses its own recursion and a closure
def build(depths):
    def go(x, rest):
        if not rest:
            return x
        head, *tail = rest
        return go(Dense(head)(x), tail)
    i = Input((3,))
    return Model(i, go(i, depths))
model = build([4, 3, 2])

# %% annotations and docstrings everywhere
from typing import Optional, Sequence, Tuple
def build(shape: Tuple[int, ...], hidden: Sequence[int] = (8, 4), dropout: Optional[float] = None) -> keras.Model:
    """Build it.

    Args: ...
    """
    inputs: keras.KerasTensor = Input(shape)
    x = inputs
    h: int
    for h in hidden:
        x = Dense(h)(x)
        if dropout is not None:
            x = Dropout(dropout)(x)
    return Model(inputs, x)
model = build((3,), dropout=0.1)

# %% a lambda per activation in a dict
acts = {"relu": lambda: layers.ReLU(), "leaky": lambda a=0.2: layers.LeakyReLU(negative_slope=a)}
model = Sequential([Input((3,)), Dense(4), acts["leaky"](0.1), Dense(2), acts["relu"]()])

# %% a function that takes layers by class
def stack(x, cls, sizes, **kw):
    for s in sizes:
        x = cls(s, **kw)(x)
    return x
i = Input((5, 3))
x = stack(i, layers.LSTM, (4, 6), return_sequences=True)
model = Model(i, stack(x, layers.GRU, [2]))

# %% a try inside a builder with return in finally's path
def build():
    m = Sequential([Input((3,))])
    try:
        m.add(Dense(4))
        return m
    finally:
        m.add(Dense(2))
model = build()

# %% a context manager of the file
from contextlib import contextmanager
@contextmanager
def scope(name):
    print("enter", name)
    yield 4
    print("leave")
with scope("a") as n:
    model = Sequential([Input((3,)), Dense(n)])

# %% map and filter over layers
sizes = [0, 4, 0, 2]
model = Sequential([Input((3,)), *map(Dense, filter(None, sizes))])

# %% map with two sequences and a starred call
units = [4, 3]
acts = ["relu", "tanh"]
model = Sequential([Input((2,)), *map(lambda u, a: Dense(u, activation=a), units, acts)])

# %% default None replaced inside
def build(hidden=None, name=None):
    hidden = hidden or [6]
    if name is None:
        name = "net"
    m = Sequential(name=name)
    m.add(Input((3,)))
    for h in hidden:
        m.add(Dense(h))
    return m
model = build()

# %% inner function defined in a branch
flag = True
if flag:
    def head(x): return Dense(2)(x)
else:
    def head(x): return Dense(3)(x)
i = Input((4,))
model = Model(i, head(i))

# %% function composition through a list of tuples of functions
steps = [(Dense, 4), (Dense, 2)]
i = Input((3,))
x = i
for f, arg in steps:
    x = f(arg)(x)
model = Model(inputs=[i], outputs=[x])

# %% string format of layer names in three styles
i = Input((3,), name="in_%d" % 0)
x = Dense(4, name="block{}_fc{:02d}".format(1, 7))(i)
x = Dense(2, name=f"head_{2:03d}_{'x'!r:.2}".replace("'", ""))(x)
model = Model(i, x)

# %% generators make what they are asked for, when they are asked
units = 4
gen = (Dense(units * k) for k in (1, 2))
units = 8
m = [Input((3,))]
seen = []
for layer in gen:
    m.append(layer)
    m.append(Dense(5))
big = (Dense(2 ** k) for k in range(20))
first = next(big)
m.append(first)
m.append(next(d for d in big if d.units > 4))
made = map(lambda k: seen.append(k) or Dense(k), [7, 9, 11])
n0 = len(seen)
m.append(next(made))
m.append(Dense(len(seen) + 20 + n0))
model = Sequential(m)
