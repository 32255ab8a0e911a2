"""Classes of the file that are no Keras classes: builders, trainers, mixins, properties, dunder methods."""

# %% a trainer with self.model and methods that call one another
class Trainer:
    lr = 1e-3
    def __init__(self, n_in, n_out, hidden=(8, 4)):
        self.n_in, self.n_out = n_in, n_out
        self.hidden = hidden
        self.model = self._build()
        self._compile()
    def _build(self):
        m = Sequential()
        m.add(Input((self.n_in,)))
        for h in self.hidden:
            m.add(Dense(h, activation="relu"))
        m.add(Dense(self.n_out, activation="softmax"))
        return m
    def _compile(self):
        self.model.compile(keras.optimizers.Adam(self.lr), "categorical_crossentropy")
t = Trainer(5, 3)
model = t.model

# %% builder pattern with method chaining
class Builder:
    def __init__(self, shape):
        self.layers = [Input(shape)]
    def dense(self, n, act="relu"):
        self.layers.append(Dense(n, activation=act))
        return self
    def drop(self, rate):
        self.layers.append(Dropout(rate))
        return self
    def build(self):
        return Sequential(self.layers)
model = Builder((4,)).dense(8).drop(0.2).dense(2, act="softmax").build()

# %% a chained builder that keeps the tensor
class Net:
    def __init__(self, shape):
        self.inp = Input(shape)
        self.x = self.inp
    def add(self, layer):
        self.x = layer(self.x)
        return self
    def model(self):
        return Model(self.inp, self.x)
model = Net((8, 8, 1)).add(Conv2D(4, 3)).add(Flatten()).add(Dense(2)).model()

# %% properties with setters
class Config:
    def __init__(self):
        self._units = 2
    @property
    def units(self):
        return self._units * 2
    @units.setter
    def units(self, value):
        self._units = value + 1
c = Config()
c.units = 4
model = Sequential([Input((3,)), Dense(c.units)])

# %% cached_property builds once
from functools import cached_property
class Lazy:
    @cached_property
    def model(self):
        return Sequential([Input((3,)), Dense(4)])
l = Lazy()
l.model.add(Dense(2))
model = l.model

# %% class attributes changed by class and instance
class C:
    units = 4
    sizes = [1]
a, b = C(), C()
a.units = 5
C.units = 6
a.sizes.append(2)
model = Sequential([Input((3,)), Dense(a.units), Dense(b.units), Dense(len(b.sizes))])

# %% classmethod builder and subclass that overrides a constant
class Base:
    UNITS = 4
    def __init__(self, n): self.n = n
    @classmethod
    def create(cls, extra=1):
        return cls(cls.UNITS + extra)
    def build(self):
        return Sequential([Input((3,)), Dense(self.n)])
class Big(Base):
    UNITS = 32
model = Big.create(extra=2).build()

# %% staticmethod called through instance and class
class Blocks:
    @staticmethod
    def fc(x, n): return Dense(n)(x)
    def two(self, x): return Blocks.fc(self.fc(x, 4), 2)
i = Input((3,))
model = Model(i, Blocks().two(i))

# %% super chain with three levels
class A:
    def __init__(self, n):
        self.sizes = [n]
    def head(self, x): return Dense(1)(x)
class B(A):
    def __init__(self, n, m):
        super().__init__(n)
        self.sizes.append(m)
class C(B):
    def __init__(self, n):
        super(C, self).__init__(n, n * 2)
    def head(self, x):
        x = Dense(7)(x)
        return super().head(x)
c = C(3)
x = i = Input((2,))
for s in c.sizes: x = Dense(s)(x)
model = Model(i, c.head(x))

# %% mixins and the method resolution order
class Norm:
    def block(self, x): return BatchNormalization()(super().block(x))
class Base:
    def block(self, x): return Dense(4)(x)
class Net(Norm, Base):
    def build(self):
        i = Input((3,))
        return Model(i, self.block(i))
model = Net().build()

# %% a diamond
class A:
    def parts(self): return [4]
class B(A):
    def parts(self): return super().parts() + [3]
class C(A):
    def parts(self): return super().parts() + [2]
class D(B, C):
    pass
model = Sequential([Input((3,)), *[Dense(n) for n in D().parts()]])

# %% abstract base with template method
from abc import ABC, abstractmethod
class BaseModel(ABC):
    def __init__(self, shape):
        self.shape = shape
    @abstractmethod
    def body(self, x):
        raise NotImplementedError
    @property
    @abstractmethod
    def units(self): ...
    def build(self):
        i = Input(self.shape)
        return Model(i, Dense(self.units)(self.body(i)))
class Mlp(BaseModel):
    units = 2
    def body(self, x):
        return Dense(8, activation="relu")(x)
model = Mlp((3,)).build()

# %% __call__ blocks
class ConvBlock:
    def __init__(self, filters, pool=True):
        self.filters = filters
        self.pool = pool
    def __call__(self, x):
        x = Conv2D(self.filters, 3, padding="same")(x)
        x = Activation("relu")(x)
        return layers.MaxPooling2D()(x) if self.pool else x
i = Input((16, 16, 3))
x = i
for block in (ConvBlock(4), ConvBlock(8, pool=False)):
    x = block(x)
model = Model(i, x)

# %% dunder methods: len, getitem, iter, contains
class Sizes:
    def __init__(self, *s): self.s = s
    def __len__(self): return len(self.s)
    def __getitem__(self, i): return self.s[i]
    def __iter__(self): return iter(self.s)
    def __contains__(self, n): return n in self.s
s = Sizes(4, 3, 2)
model = Sequential([Input((len(s),)), Dense(s[0])] + [Dense(n) for n in s] + [Dense(9 if 3 in s else 1)])

# %% dunder operators and comparison
class Width:
    def __init__(self, n): self.n = n
    def __add__(self, other): return Width(self.n + other.n)
    def __mul__(self, k): return Width(self.n * k)
    def __eq__(self, other): return self.n == other.n
    def __int__(self): return self.n
    def __bool__(self): return self.n > 0
w = (Width(2) + Width(1)) * 2
model = Sequential([Input((3,)), Dense(int(w)), Dense(5 if w == Width(6) else 1), Dense(3 if Width(0) else 7)])

# %% __enter__ and __exit__ of the file
class Scope:
    def __init__(self, n): self.n = n
    def __enter__(self): return self
    def __exit__(self, *a): return False
with Scope(4) as s:
    model = Sequential([Input((3,)), Dense(s.n)])

# %% __getattr__ as a settings object
class Settings:
    def __init__(self, **kw): self.__dict__.update(kw)
s = Settings(units=4, rate=0.1)
model = Sequential([Input((3,)), Dense(s.units), Dropout(s.rate)])

# %% a dict that is an attribute namespace
class AttrDict(dict):
    def __getattr__(self, name): return self[name]
    def __setattr__(self, name, value): self[name] = value
cfg = AttrDict(units=4)
cfg.out = 2
model = Sequential([Input((3,)), Dense(cfg.units), Dense(cfg["out"])])

# %% setattr and getattr with computed names
class Net: pass
n = Net()
for i, u in enumerate((4, 2)):
    setattr(n, f"fc{i}", Dense(u))
x = inp = Input((3,))
for i in range(2):
    x = getattr(n, "fc%d" % i)(x)
model = Model(inp, x)

# %% a factory class with dispatch by name
class Factory:
    def make(self, kind, **kw):
        return getattr(self, "_make_" + kind)(**kw)
    def _make_dense(self, units=3): return Dense(units)
    def _make_drop(self, rate): return Dropout(rate)
f = Factory()
model = Sequential([Input((3,)), f.make("dense", units=4), f.make("drop", rate=0.1), f.make("dense")])

# %% a class stored in a dict and instantiated
class Small:
    sizes = [4]
class Large(Small):
    sizes = Small.sizes * 3
kinds = {"s": Small, "l": Large}
model = Sequential([Input((3,))] + [Dense(n) for n in kinds["l"]().sizes])

# %% inner class of settings
class Net:
    class Config:
        units = 4
    def __init__(self):
        self.cfg = self.Config()
    def build(self):
        return Sequential([Input((3,)), Dense(self.cfg.units), Dense(Net.Config.units * 2)])
model = Net().build()

# %% instances that share a list of layers
class Shared:
    def __init__(self):
        self.l1 = Dense(4)
        self.l2 = Dense(2)
    def __call__(self, x): return self.l2(self.l1(x))
a, b = Input((3,)), Input((3,))
s = Shared()
model = Model([a, b], layers.add([s(a), s(b)]))

# %% GAN class with two models
class GAN:
    def __init__(self):
        self.latent = 10
        opt = keras.optimizers.Adam(0.0002, 0.5)
        self.discriminator = self.build_discriminator()
        self.discriminator.compile(loss="binary_crossentropy", optimizer=opt, metrics=["accuracy"])
        self.generator = self.build_generator()
        z = Input(shape=(self.latent,))
        img = self.generator(z)
        self.discriminator.trainable = False
        valid = self.discriminator(img)
        self.combined = Model(z, valid)
        self.combined.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(0.0002, 0.5))
    def build_generator(self):
        m = Sequential()
        m.add(Dense(16, input_dim=self.latent))
        m.add(layers.LeakyReLU(0.2))
        m.add(Dense(int(np.prod((4, 4, 1))), activation="tanh"))
        m.add(layers.Reshape((4, 4, 1)))
        noise = Input(shape=(self.latent,))
        return Model(noise, m(noise))
    def build_discriminator(self):
        m = Sequential()
        m.add(Flatten(input_shape=(4, 4, 1)))
        m.add(Dense(8))
        m.add(Dense(1, activation="sigmoid"))
        img = Input(shape=(4, 4, 1))
        return Model(img, m(img))
model = GAN().combined

# %% private names are mangled
class A:
    def __init__(self):
        self.__units = 4
    def build(self):
        return Sequential([Input((3,)), Dense(self.__units)])
model = A().build()

# %% singleton through __new__
class Cfg:
    _it = None
    def __new__(cls):
        if cls._it is None:
            cls._it = super().__new__(cls)
            cls._it.units = 4
        return cls._it
Cfg().units += 1
model = Sequential([Input((3,)), Dense(Cfg().units)])

# %% __init_subclass__ as a registry
class Base:
    registry = {}
    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        Base.registry[cls.__name__.lower()] = cls
class Tiny(Base):
    def build(self): return Sequential([Input((3,)), Dense(2)])
model = Base.registry["tiny"]().build()

# %% __slots__, __repr__, __str__ are harmless
class P:
    __slots__ = ("units", "name")
    def __init__(self, units, name):
        self.units = units
        self.name = name
    def __str__(self): return f"{self.name}_{self.units}"
p = P(4, "fc")
model = Sequential([Input((3,)), Dense(p.units, name=str(p)), Dense(2, name=f"{p}_out")])

# %% a class decorator that adds an attribute
def with_units(n):
    def deco(cls):
        cls.units = n
        return cls
    return deco
@with_units(6)
class Net:
    def build(self): return Sequential([Input((3,)), Dense(self.units)])
model = Net().build()

# %% methods stored and bound later
class Net:
    def __init__(self):
        self.steps = [self.first, self.second]
    def first(self, x): return Dense(4)(x)
    def second(self, x): return Dense(2)(x)
x = i = Input((3,))
for step in Net().steps: x = step(x)
model = Model(i, x)

# %% unbound method called with an instance
class Net:
    def __init__(self, n): self.n = n
    def head(self, x): return Dense(self.n)(x)
i = Input((3,))
model = Model(i, Net.head(Net(4), i))

# %% isinstance on classes of the file decides
class Spec: pass
class Fc(Spec):
    def __init__(self, n): self.n = n
class Drop(Spec):
    def __init__(self, r): self.r = r
model = Sequential([Input((3,))])
for s in [Fc(4), Drop(0.1), Fc(2)]:
    if isinstance(s, Fc):
        model.add(Dense(s.n))
    elif isinstance(s, Spec):
        model.add(Dropout(s.r))

# %% type(self) and __class__ names
class Mlp:
    units = 4
    def build(self):
        return Sequential([Input((3,)), Dense(type(self).units)], name=self.__class__.__name__.lower())
class Deep(Mlp):
    units = 8
model = Deep().build()

# %% class level comprehension and constants used in methods
class Net:
    BASE = 4
    SIZES = [4, 8]
    NAMES = [f"fc{i}" for i in range(2)]
    def build(self):
        return Sequential([Input((3,))] + [Dense(s, name=n) for s, n in zip(self.SIZES, self.NAMES)])
model = Net().build()

# %% a generator method
class Net:
    def __init__(self, sizes): self.sizes = sizes
    def layers(self):
        for s in self.sizes:
            yield Dense(s)
    def build(self):
        return Sequential([Input((3,)), *self.layers()])
model = Net([4, 2]).build()

# %% attributes through kwargs in a loop
class Cfg:
    def __init__(self, **kwargs):
        self.units = kwargs.get("units", 2)
        for k, v in kwargs.items():
            setattr(self, k, v)
c = Cfg(units=4, act="relu")
model = Sequential([Input((3,)), Dense(c.units, activation=c.act)])

# %% a class that counts its instances
class Block:
    count = 0
    def __init__(self):
        Block.count += 1
        self.units = Block.count * 2
model = Sequential([Input((3,))] + [Dense(b.units) for b in (Block(), Block(), Block())])

# %% builders registered under the name that their class statement gives
class Builder:
    registry = {}
    def __init_subclass__(cls, name=None, **kw):
        super().__init_subclass__(**kw)
        if name:
            Builder.registry[name] = cls
    @classmethod
    def create(cls, kind, *args):
        return cls.registry[kind](*args).build()
class Small(Builder, name="small"):
    def __init__(self, units): self.units = units
    def stem(self, x): return Dense(self.units)(x)
    def build(self):
        i = Input((4,))
        return Model(i, Dense(2)(self.stem(i)), name=type(self).__name__.lower())
class Large(Small, name="large"):
    def stem(self, x): return Dense(self.units)(super().stem(x))
model = Builder.create("large", 5)

# %% classes built on named tuples
from collections import namedtuple
class Feat(namedtuple("Feat", ["name", "size", "width"])):
    __slots__ = ()
    def __new__(cls, name, size, width=None):
        if width is None:
            width = size * 2
        return super(Feat, cls).__new__(cls, name, size, width)
    @property
    def both(self):
        return self.size + self.width
class Plain(namedtuple("Plain", "a b", defaults=(7,))):
    def total(self):
        return self.a + self.b
class Deep(Feat):
    def area(self):
        return self.size * self.width
f = Feat("x", 3); g = Feat("y", 2, width=5); p = Plain(1); d = Deep("z", 2)
h = g._replace(width=9)
name, size, width = f
units = [f.width, g.width, p.total(), d.area(), f.both, h.width, size, len(f), g[1], p._asdict()["b"]]
model = Sequential([Input((2,))] + [Dense(n) for n in units])

# %% isinstance on Python's abstract classes decides
import collections.abc
from collections.abc import Mapping, Sequence
from numbers import Integral, Number
from typing import Callable

import keras
from keras import layers


class First(layers.Layer):
    def build(self, input_shape):
        self.inner = layers.Dense(4)

    def call(self, inputs):
        first = inputs[0] if isinstance(inputs, Sequence) else inputs
        return self.inner(first) if not isinstance(inputs, Mapping) else self.inner(inputs["a"])


def widths(units):
    if isinstance(units, Integral):
        return [units]
    if isinstance(units, collections.abc.Sequence) and not isinstance(units, str):
        return list(units)
    raise TypeError(units)


def part(kind):
    return kind if isinstance(kind, Callable) else layers.Activation(kind)


a, b = keras.Input((4,)), keras.Input((3,))
x = layers.Concatenate()([First()(a), First()([a, b]), First()({"a": b})])
for units in (5, (6, 7)):
    for width in widths(units):
        x = layers.Dense(width * (2 if isinstance(width, Number) else 1))(x)
x = part(layers.Dropout(0.5))(x)
x = part("relu")(x)
model = keras.Model([a, b], x)
