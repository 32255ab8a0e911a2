"""Programs that a careless reader gets wrong without noticing: order, sharing, mutation, late binding."""

# %% a loop that goes over a list while it grows
xs = [3, 2]
model = Sequential([Input((3,))])
for n in xs:
    if len(xs) < 5:
        xs.append(n + 1)
    model.add(Dense(n))

# %% an iterator is used up by the first loop
it = iter([4, 3])
model = Sequential([Input((3,))])
for n in it:
    model.add(Dense(n))
for n in it:
    model.add(Dense(n * 10))
model.add(Dense(1))

# %% a map is used up as well
ms = map(lambda n: n * 2, [2, 3])
a = list(ms)
b = list(ms)
model = Sequential([Input((3,))] + [Dense(n) for n in a] + [Dense(n) for n in b] + [Dense(1)])

# %% zip stops a shared iterator early
it = iter([1, 2, 3, 4])
pairs = list(zip(it, it))
model = Sequential([Input((3,))] + [Dense(a + b) for a, b in pairs])

# %% a break leaves the rest of an iterator
it = iter([4, 3, 2])
for n in it:
    break
model = Sequential([Input((3,)), Dense(n)] + [Dense(k) for k in it])

# %% a default list is shared by all calls
def add(n, acc=[]):
    acc.append(n)
    return acc
add(4)
model = Sequential([Input((3,))] + [Dense(n) for n in add(2)])

# %% a list multiplied holds one list many times
rows = [[]] * 2
rows[0].append(4)
model = Sequential([Input((3,))] + [Dense(n) for row in rows for n in row])

# %% a slice is a copy and an alias is not
a = [4, 3]
b = a[:]
c = a
a[0] = 9
model = Sequential([Input((3,)), Dense(b[0]), Dense(c[0])])

# %% augmented assignment changes the list that others see
a = [4]
b = a
a += [3]
a = a + [2]
model = Sequential([Input((3,))] + [Dense(n) for n in b])

# %% a tuple with += is a new one
a = (4,)
b = a
a += (3,)
model = Sequential([Input((3,))] + [Dense(n) for n in b] + [Dense(len(a))])

# %% nested functions see the last value of a name
def outer():
    n = 2
    def inner(): return n
    n = 7
    return inner()
model = Sequential([Input((3,)), Dense(outer())])

# %% a class attribute found through an instance is shared until it is set
class C:
    n = 2
a, b = C(), C()
a.n += 5
model = Sequential([Input((3,)), Dense(a.n), Dense(b.n), Dense(C.n)])

# %% a method replaced on one instance
class C:
    def n(self): return 2
a, b = C(), C()
a.n = lambda: 7
model = Sequential([Input((3,)), Dense(a.n()), Dense(b.n())])

# %% a name of a loop lives on
for n in (2, 5): pass
model = Sequential([Input((3,)), Dense(n)])

# %% finally wins over return
def f():
    try:
        return 4
    finally:
        return 6
model = Sequential([Input((3,)), Dense(f())])

# %% an exception in the middle keeps what was done before
xs = []
try:
    xs.append(4)
    xs.append(int("a"))
    xs.append(9)
except ValueError:
    xs.append(2)
model = Sequential([Input((3,))] + [Dense(n) for n in xs])

# %% exceptions caught by a base class, others pass
class Small(ValueError): pass
def f(n):
    try:
        raise Small(n)
    except KeyError:
        return 1
    except ValueError:
        return 5
model = Sequential([Input((3,)), Dense(f(0))])

# %% nested try hands on what it does not take
def f():
    try:
        try:
            {}["a"]
        except IndexError:
            return 1
    except LookupError:
        return 8
model = Sequential([Input((3,)), Dense(f())])

# %% else of a loop without break
def find(xs, k):
    for i, x in enumerate(xs):
        if x == k:
            r = i
            break
    else:
        r = 9
    return r
model = Sequential([Input((3,)), Dense(find([4, 5], 5)), Dense(find([4], 5))])

# %% break leaves only the inner loop
model = Sequential([Input((3,))])
for a in (1, 2):
    for b in (1, 2, 3):
        if b > a: break
        model.add(Dense(a * 10 + b))

# %% return out of two loops
def f():
    for a in range(1, 4):
        for b in range(1, 4):
            if a * b == 6: return a * 10 + b
model = Sequential([Input((3,)), Dense(f())])

# %% and, or and not give values
model = Sequential([Input((3,)), Dense((None or 0 or 4) and 5), Dense([] or (not [] and 3))])

# %% chained comparisons with side effects and equality of types
model = Sequential([Input((3,)), Dense(4 if 1 == 1.0 == True else 2), Dense(3 if "1" == 1 else 5), Dense(2 if [1] == (1,) else 6)])

# %% integer division and modulo of negative numbers
model = Sequential([Input((3,)), Dense(-7 // -2), Dense(-7 % 4), Dense(round(2.5)), Dense(round(3.5)), Dense(int(-2.7) + 5)])

# %% dict order after update and deletion
d = {"a": 1, "b": 2, "c": 3}
d["a"] = 9
del d["b"]
d["b"] = 4
model = Sequential([Input((3,))] + [Dense(v, name=k) for k, v in d.items()])

# %% True and 1 are one key
d = {1: 4, True: 5}
model = Sequential([Input((3,)), Dense(d[1]), Dense(len(d))])

# %% popping from a list that is iterated by index
xs = [2, 3, 4]
model = Sequential([Input((3,))])
while len(xs) > 1:
    model.add(Dense(xs.pop(0)))
model.add(Dense(xs[-1]))

# %% layers of one model reused in another share their weights
d = Dense(3)
a = Sequential([Input((3,)), d, Dense(2)])
d.trainable = False
model = Sequential([Input((3,)), d, d, Dense(1)])

# %% trainable set after the functional model was made
i = Input((3,))
d = Dense(4)
model = Model(i, Dense(2)(d(i)))
d.trainable = False

# %% a base model frozen after it was put in
base = Sequential([Input((4,)), Dense(3), Dense(2)])
i = Input((4,))
model = Model(i, Dense(1)(base(i)))
base.trainable = False

# %% a base model frozen and its last layer thawed
base = Sequential([Input((4,)), Dense(3), Dense(2)])
base.trainable = False
base.layers[-1].trainable = True
i = Input((4,))
model = Model(i, Dense(1)(base(i)))

# %% freezing a clone leaves the original alone
base = Sequential([Input((4,)), Dense(3)], name="base")
copy = keras.models.clone_model(base)
copy.trainable = False
model = Sequential([base, Dense(1)])

# %% batch normalization in a frozen part
model = Sequential([Input((4,)), Dense(3), BatchNormalization(), Dense(1)])
model.layers[0].trainable = False
model.layers[1].trainable = False

# %% one layer with two inputs of different rank
d = Dense(4)
a, b = Input((3,)), Input((5, 3))
model = Model([a, b], [d(a), d(b)])

# %% outputs of a dict model by key
i = Input((3,))
base = Model(i, {"a": Dense(2)(i), "b": Dense(5)(i)})
out = base(i)
model = Model(i, Dense(1)(out["b"]))

# %% a model called on two inputs gives two outputs
inner = Sequential([Input((3,)), Dense(2)])
a, b = Input((3,)), Input((3,))
model = Model([a, b], layers.concatenate([inner(a), inner(b)]))

# %% training argument defaults to none
class Drop(layers.Layer):
    def __init__(self):
        super().__init__()
        self.d = Dense(4)
        self.e = Dense(4)
    def call(self, x, training=False):
        if training is None: x = x[:, :2]
        return self.e(self.d(x))
i = Input((3,))
model = Model(i, Drop()(i))

# %% a custom layer called twice counts once
class Block(layers.Layer):
    def __init__(self, n):
        super().__init__()
        self.d = Dense(n)
    def call(self, x): return self.d(x)
b = Block(3)
i = Input((3,))
model = Model(i, b(b(i)))

# %% add_weight in a loop and a frozen custom layer
class Many(layers.Layer):
    def build(self, s):
        self.ws = [self.add_weight(shape=(s[-1], k), name=f"w{k}") for k in (1, 2)]
    def call(self, x):
        return ops.concatenate([ops.matmul(x, w) for w in self.ws], axis=-1)
m = Many()
m.trainable = False
i = Input((4,))
model = Model(i, Dense(2)(m(i)))

# %% compile in a loop over optimizers keeps the last
model = Sequential([Input((3,)), Dense(1)])
for opt in ("sgd", keras.optimizers.Adam(0.1), keras.optimizers.RMSprop(learning_rate=0.02)):
    model.compile(optimizer=opt, loss="mse")

# %% learning rate assigned after the optimizer was made
opt = keras.optimizers.SGD(0.1)
opt.learning_rate = 0.3
model = Sequential([Input((3,)), Dense(1)])
model.compile(opt, "mse")
