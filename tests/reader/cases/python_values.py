"""Plain Python that decides sizes: collections, strings, comprehensions, itertools, records, settings."""

# %% comprehension with condition and else
model = Sequential([Input((3,))] + [Dense(n if n % 2 else n * 2) for n in range(1, 6) if n != 3])

# %% nested comprehension, dict and set
grid = {(a, b): a * b for a in (1, 2) for b in (3, 4)}
uniq = {n % 3 for n in range(9)}
model = Sequential([Input((len(uniq),)), Dense(grid[2, 4]), Dense(grid[(1, 3)])])

# %% comprehension scope does not leak
n = 7
sizes = [n for n in range(3)]
model = Sequential([Input((3,)), Dense(n)])

# %% zip, enumerate, reversed
model = Sequential([Input((3,))])
for i, (u, a) in enumerate(zip(reversed([2, 4, 8]), ["relu", "tanh", None]), start=1):
    model.add(Dense(u * i, activation=a, name=f"d{i}"))

# %% range with negative steps
model = Sequential([Input((3,))])
for n in range(10, 1, -3):
    model.add(Dense(n))

# %% while with a counter and a break
model = Sequential([Input((3,))])
n = 64
while True:
    n //= 2
    if n < 8:
        break
    model.add(Dense(n))

# %% while with else and continue
model = Sequential([Input((3,))])
k = 0
while k < 5:
    k += 1
    if k % 2:
        continue
    model.add(Dense(k))
else:
    model.add(Dense(1))

# %% walrus in a condition and in a comprehension
model = Sequential([Input((3,))])
sizes = [4, 2]
if (n := len(sizes)) > 1:
    model.add(Dense(n))
model.add(Dense(sum(m for s in sizes if (m := s * 2) > 3)))

# %% chained comparison and boolean operators with values
lo, n, hi = 1, 5, 9
model = Sequential([Input((3,)), Dense(8 if lo < n <= hi else 2), Dense(0 or n), Dense(n and hi)])

# %% integer division, power, modulo, bit operations
model = Sequential([Input((3,)), Dense(2 ** 5 // 3), Dense(17 % 5), Dense(1 << 3), Dense(6 & 3 | 8), Dense(int(7 / 2))])

# %% string methods
spec = " 16-8-4 "
model = Sequential([Input((3,)), *[Dense(int(s)) for s in spec.strip().split("-")]])

# %% more string methods
parts = "conv1,fc_2".upper().lower().partition(",")
model = Sequential([Input((3,)), Dense(int(parts[0][-1]), name=parts[0].capitalize()), Dense(int(parts[2].rsplit("_", 1)[1]), name=parts[2].zfill(6))])

# %% str predicates, count, find, ljust
s = "abcabc"
model = Sequential([Input((3,)), Dense(s.count("a")), Dense(s.find("c")), Dense(5 if "12".isdigit() else 1), Dense(len(s.ljust(9)))])

# %% slices with steps and negative indices
sizes = [1, 2, 3, 4, 5, 6]
model = Sequential([Input((3,)), *[Dense(n) for n in sizes[::-2]], Dense(sizes[-2])])

# %% slice assignment and del
sizes = [1, 2, 3, 4]
sizes[1:3] = [9]
del sizes[0]
model = Sequential([Input((3,)), *[Dense(n) for n in sizes]])

# %% star unpacking in the middle
first, *mid, last = [2, 3, 4, 5]
model = Sequential([Input((first,)), *[Dense(m) for m in mid], Dense(last)])

# %% nested unpacking
(a, (b, c)), *d = ((1, (2, 3)), 4, 5)
model = Sequential([Input((b,)), Dense(c), Dense(d[1]), Dense(a)])

# %% set operations
a, b = {1, 2, 3}, {2, 3, 4}
model = Sequential([Input((3,)), Dense(len(a & b)), Dense(len(a | b)), Dense(len(a ^ b)), Dense(max(a - b))])

# %% a set removes duplicates
model = Sequential([Input((len({1, 1, 2}),)), Dense(len(set([3, 3, 3]))), Dense(len(set("hello")))])

# %% sorted with key and reverse
cfg = {"a": 3, "b": 1, "c": 2}
model = Sequential([Input((3,))])
for k in sorted(cfg, key=cfg.get, reverse=True):
    model.add(Dense(cfg[k], name=k))

# %% sorted with lambda over tuples
items = [("x", 3), ("y", 1)]
model = Sequential([Input((3,)), *[Dense(n, name=k) for k, n in sorted(items, key=lambda t: t[1])]])

# %% list methods
sizes = [3, 1]
sizes.append(2)
sizes.insert(0, 5)
sizes.extend([7, 8])
sizes.remove(1)
sizes.sort()
sizes.reverse()
sizes.pop()
sizes.pop(0)
model = Sequential([Input((3,)), *[Dense(n) for n in sizes], Dense(1 + sizes.index(5)), Dense(sizes.count(7))])

# %% list clear and copy
a = [1, 2]
b = a.copy()
a.clear()
model = Sequential([Input((3,)), *[Dense(n) for n in a + b]])

# %% aliasing of a list
a = [4]
b = a
b.append(2)
model = Sequential([Input((3,)), *[Dense(n) for n in a]])

# %% dict methods
cfg = {"units": 4}
cfg.update(rate=0.5, act="relu")
cfg.setdefault("units", 9)
cfg.setdefault("out", 2)
rate = cfg.pop("rate")
model = Sequential([Input((3,)), Dense(cfg["units"], activation=cfg.get("act")), Dropout(rate), Dense(cfg.get("x", cfg["out"]))])

# %% dict iteration with items, keys, values
cfg = {"a": 4, "b": 2}
model = Sequential([Input((3,))])
for k, v in cfg.items():
    model.add(Dense(v, name=k))
for v in cfg.values():
    model.add(Dense(v))
model.add(Dense(len(cfg.keys())))

# %% dict merge operators
base = {"units": 4, "activation": "relu"}
over = {"units": 6}
merged = base | over
base |= {"units": 2}
model = Sequential([Input((3,)), Dense(**merged), Dense(**base), Dense(**{**base, "use_bias": False})])

# %% fromkeys, del, in
cfg = dict.fromkeys(["a", "b"], 3)
cfg["b"] += 1
del cfg["a"]
model = Sequential([Input((3,)), Dense(cfg["b"]), Dense(1 if "a" in cfg else 2)])

# %% nested settings
CONFIG = {"model": {"conv": [{"filters": 4, "kernel_size": 3}, {"filters": 8, "kernel_size": 1}], "head": {"units": 2}}, "lr": 1e-2}
inp = Input((8, 8, 1))
x = inp
for kw in CONFIG["model"]["conv"]:
    x = Conv2D(**kw)(x)
x = layers.GlobalAveragePooling2D()(x)
model = Model(inp, Dense(**CONFIG["model"]["head"])(x))
model.compile(optimizer=keras.optimizers.SGD(CONFIG["lr"]), loss="mse")

# %% defaultdict and Counter
from collections import Counter, defaultdict
d = defaultdict(list)
d["a"].append(4)
d["a"].append(2)
c = Counter("aab")
model = Sequential([Input((3,)), *[Dense(n) for n in d["a"]], Dense(c["a"])])

# %% deque
from collections import deque
q = deque([1, 2, 3])
q.appendleft(9)
q.pop()
model = Sequential([Input((3,)), *[Dense(n) for n in q], Dense(q.popleft())])

# %% itertools chain, repeat, product
from itertools import chain, product, repeat
model = Sequential([Input((3,)), *[Dense(n) for n in chain([4, 3], repeat(2, 2))], *[Dense(a + b) for a, b in product((1, 2), repeat=2)]])

# %% itertools accumulate, islice, count, cycle
import itertools
model = Sequential([Input((3,))])
for n in itertools.accumulate([1, 2, 3]):
    model.add(Dense(n))
for n in itertools.islice(itertools.count(5, 5), 2):
    model.add(Dense(n))
for n, a in zip((2, 3, 4), itertools.cycle(["relu", "tanh"])):
    model.add(Dense(n, activation=a))

# %% itertools chain.from_iterable, pairwise, combinations, takewhile
import itertools
model = Sequential([Input((3,))])
for n in itertools.chain.from_iterable([[2], [3, 4]]):
    model.add(Dense(n))
for a, b in itertools.combinations([1, 2, 3], 2):
    model.add(Dense(a + b))
for n in itertools.takewhile(lambda n: n < 4, range(2, 10)):
    model.add(Dense(n))

# %% the operator module
import operator
from functools import reduce
get = operator.itemgetter("units")
model = Sequential([Input((3,)), Dense(reduce(operator.mul, [2, 3])), Dense(get({"units": 4})), Dense(operator.add(1, 2))])

# %% math and numpy scalars
import math
model = Sequential([Input((3,)), Dense(math.ceil(7 / 2)), Dense(int(math.log2(16))), Dense(int(np.sqrt(25))), Dense(int(np.prod((2, 3))))])

# %% rounding, divmod, abs, min, max, sum
q, r = divmod(17, 5)
model = Sequential([Input((3,)), Dense(round(2.6)), Dense(q), Dense(r), Dense(abs(-4)), Dense(max(2, 3, key=lambda v: -v)), Dense(sum([1, 2], 3))])

# %% max and min with default and over dict values
acc = {"a": 3, "b": 5}
model = Sequential([Input((3,)), Dense(max(acc.values())), Dense(len(max(acc, key=acc.get))), Dense(min([], default=2))])

# %% all, any, isinstance, type
sizes = (4, 2)
cfg = 3
model = Sequential([Input((3,)), Dense(2 if all(s > 1 for s in sizes) else 1)])
if isinstance(sizes, (list, tuple)):
    model.add(Dense(len(sizes)))
if isinstance(cfg, int) and not isinstance(cfg, bool) and type(cfg) is int:
    model.add(Dense(cfg))
if any(s == 4 for s in sizes) and callable(Dense) and hasattr(model, "add"):
    model.add(Dense(9))

# %% dataclass with field, factory and post init
from dataclasses import dataclass, field
@dataclass
class Config:
    inputs: int = 3
    hidden: list = field(default_factory=lambda: [8, 4])
    outputs: int = field(default=2)
    total: int = field(init=False)
    def __post_init__(self):
        self.total = sum(self.hidden) + self.outputs
cfg = Config(inputs=5)
model = Sequential([Input((cfg.inputs,)), *[Dense(h) for h in cfg.hidden], Dense(cfg.total)])

# %% dataclass replace, asdict and inheritance
import dataclasses
@dataclasses.dataclass(frozen=True)
class Base:
    units: int
    activation: str = "relu"
@dataclasses.dataclass(frozen=True)
class More(Base):
    use_bias: bool = True
cfg = More(4)
new = dataclasses.replace(cfg, units=6, use_bias=False)
model = Sequential([Input((3,)), Dense(**dataclasses.asdict(cfg)), Dense(**dataclasses.asdict(new))])

# %% dataclass fields and instances do not share factory lists
from dataclasses import dataclass, field
@dataclass
class C:
    sizes: list = field(default_factory=list)
a, b = C(), C()
a.sizes.append(4)
model = Sequential([Input((3,)), Dense(2 + len(b.sizes)), *[Dense(s) for s in a.sizes]])

# %% dataclass with a method and class variable
from dataclasses import dataclass
from typing import ClassVar
@dataclass
class Net:
    KIND: ClassVar[str] = "net"
    units: int = 4
    depth: int = 2
    def build(self):
        m = Sequential(name=self.KIND)
        m.add(Input((3,)))
        for _ in range(self.depth):
            m.add(Dense(self.units))
        return m
model = Net(units=5, depth=3).build()

# %% namedtuple with _replace, _asdict, defaults
from collections import namedtuple
Cfg = namedtuple("Cfg", "units activation", defaults=["relu"])
c = Cfg(4)
d = c._replace(units=2)
u, a = d
model = Sequential([Input((3,)), Dense(**c._asdict()), Dense(u, activation=a), Dense(c[0])])

# %% NamedTuple class with defaults and a list of them
from typing import NamedTuple
class Block(NamedTuple):
    filters: int
    kernel: int = 3
    strides: int = 1
ARCH = [Block(4), Block(8, strides=2), Block(filters=6, kernel=1)]
i = Input((16, 16, 1))
x = i
for filters, kernel, strides in ARCH:
    x = Conv2D(filters, kernel, strides=strides)(x)
model = Model(i, layers.GlobalMaxPooling2D()(x))

# %% SimpleNamespace and argparse.Namespace
from types import SimpleNamespace
import argparse
hp = SimpleNamespace(units=4, lr=0.01)
ns = argparse.Namespace(out=2)
hp.units += 1
model = Sequential([Input((3,)), Dense(hp.units), Dense(ns.out)])
model.compile(keras.optimizers.Adam(hp.lr), "mse")

# %% vars of a namespace as keywords
from types import SimpleNamespace
hp = SimpleNamespace(units=4, activation="relu")
model = Sequential([Input((3,)), Dense(**vars(hp)), Dense(2)])

# %% Enum members
from enum import Enum, IntEnum
class Size(IntEnum):
    SMALL = 4
    BIG = 16
class Act(Enum):
    RELU = "relu"
    NONE = None
model = Sequential([Input((3,)), Dense(Size.BIG.value, activation=Act.RELU.value), Dense(int(Size.SMALL)), Dense(len(Size))])

# %% Enum lookup, names, iteration, identity
from enum import Enum, auto
class Kind(Enum):
    A = auto()
    B = auto()
def head(kind):
    if kind is Kind.A:
        return Dense(3)
    elif kind == Kind.B:
        return Dense(5)
model = Sequential([Input((3,)), head(Kind.B), head(Kind["A"])])
for k in Kind:
    model.add(Dense(k.value, name=k.name))

# %% a str Enum used as a string
from enum import Enum
class Loss(str, Enum):
    MSE = "mse"
model = Sequential([Input((3,)), Dense(1)])
model.compile(loss=Loss.MSE.value, optimizer="sgd")

# %% typed dict style and constants class
class Hyper:
    UNITS = [4, 2]
    RATE = 0.1
    LR = 10 ** -2
model = Sequential([Input((3,))] + [Dense(u) for u in Hyper.UNITS])
model.compile(keras.optimizers.Adam(Hyper.LR), "mae")

# %% argparse with every usual option
import argparse
p = argparse.ArgumentParser(description="x")
p.add_argument("--units", "-u", type=int, default=4, help="units")
p.add_argument("--lr", type=float, default=1e-2)
g = p.add_argument_group("model")
g.add_argument("--sizes", nargs="+", type=int, default=[3, 2])
args = p.parse_args([])
model = Sequential([Input((3,)), Dense(args.units), *[Dense(s) for s in args.sizes]])
model.compile(keras.optimizers.SGD(args.lr), "mse")

# %% vars of the parsed command line
import argparse
p = argparse.ArgumentParser()
p.add_argument("--units", type=int, default=4)
cfg = vars(p.parse_args([]))
model = Sequential([Input((3,)), Dense(cfg["units"])])

# %% match on strings with or and guard
def act(kind, n):
    match kind:
        case "small" | "tiny":
            return Dense(1)
        case "wide" if n > 3:
            return Dense(n)
        case "wide":
            return Dense(3)
        case _:
            return Dense(7)
model = Sequential([Input((3,)), act("tiny", 0), act("wide", 2), act("wide", 5), act("?", 0)])

# %% match on sequences
def layer(spec):
    match spec:
        case ["dense", units]:
            return Dense(units)
        case ["conv", f, k, *rest]:
            return Conv2D(f, k, padding="same", strides=rest[0] if rest else 1)
        case ("flatten",):
            return Flatten()
model = Sequential([Input((8, 8, 1))] + [layer(s) for s in (["conv", 4, 3], ["conv", 2, 3, 2], ("flatten",), ["dense", 5])])

# %% match on mappings and classes
from dataclasses import dataclass
@dataclass
class Fc:
    units: int
    act: str = None
def make(spec):
    match spec:
        case {"type": "dense", "units": u, **kw}:
            return Dense(u, **kw)
        case {"type": "drop"}:
            return Dropout(spec.get("rate", 0.5))
        case Fc(units=u, act="relu"):
            return Dense(u, activation="relu", name="r")
        case Fc(u):
            return Dense(u)
        case int() | float():
            return Dense(int(spec))
model = Sequential([Input((3,)), make({"type": "dense", "units": 4, "use_bias": False}), make({"type": "drop"}), make(Fc(5, "relu")), make(Fc(6)), make(7)])

# %% match as-patterns and nested
def f(spec):
    match spec:
        case [("dense" | "fc") as kind, [units, *_]]:
            return Dense(units, name=kind)
        case str(name):
            return Activation(name)
model = Sequential([Input((3,)), f(["fc", [4, 1]]), f("relu"), f(["dense", (2,)])])

# %% try with an error that really happens
try:
    n = {}["units"]
except KeyError:
    n = 4
try:
    k = int("x")
except (TypeError, ValueError) as e:
    k = 5
else:
    k = 6
model = Sequential([Input((3,)), Dense(n), Dense(k)])

# %% try else finally without an error
try:
    n = int("4")
except ValueError:
    n = 9
else:
    n += 1
finally:
    n *= 2
model = Sequential([Input((3,)), Dense(n)])

# %% an index error and an attribute error in try
xs = [1]
try:
    n = xs[3]
except IndexError:
    n = 2
class C: pass
try:
    m = C().units
except AttributeError:
    m = 3
model = Sequential([Input((3,)), Dense(n), Dense(m)])

# %% division by zero in try and a raise in a called function
def check(n):
    if n < 0:
        raise ValueError("negative")
    return n
try:
    n = check(-1)
except ValueError:
    n = 6
try:
    k = 1 // 0
except ZeroDivisionError:
    k = 7
model = Sequential([Input((3,)), Dense(n), Dense(k)])

# %% assert and del and pass
n = 4
assert n > 0, "n"
tmp = 3
del tmp
model = Sequential([Input((3,)), Dense(n)])
if n: pass

# %% multiple assignment and augmented attribute and element
class O: pass
o = O()
o.n = a = b = 2
o.n *= 3
sizes = [1, 2]
sizes[0] += a
d = {"k": 1}
d["k"] <<= 2
model = Sequential([Input((b,)), Dense(o.n), Dense(sizes[0]), Dense(d["k"])])

# %% tuple arithmetic of shapes
shape = (8, 8)
full = shape + (3,)
inp = Input(full)
x = Conv2D(4, (3,) * 2)(inp)
model = Model(inp, layers.Reshape((x.shape[1] * x.shape[2], -1))(x))

# %% numpy shape of known data
x_train = np.zeros((10, 7, 5))
y_train = np.zeros((10, 3))
model = Sequential([Input(x_train.shape[1:]), Flatten(), Dense(y_train.shape[-1])])

# %% json loads of a literal
import json
cfg = json.loads('{"units": 4, "layers": [3, 2], "act": null, "bias": true}')
model = Sequential([Input((3,)), Dense(cfg["units"], activation=cfg["act"], use_bias=cfg["bias"]), *[Dense(n) for n in cfg["layers"]]])

# %% bool arithmetic and formatting of numbers
use_bn = True
model = Sequential([Input((3,)), Dense(4 + use_bn), Dense(len(f"{3.14159:.2f}")), Dense(len("%05d" % 42))])

# %% format with names, percent with a dict
n1 = "fc_{i}_{name}".format(i=1, name="a")
n2 = "fc_%(i)d" % {"i": 2}
n3 = "{0}-{1:>3}-{0}".format("z", 5).replace(" ", "0")
model = Sequential([Input((3,)), Dense(4, name=n1), Dense(3, name=n2), Dense(2, name=n3)])

# %% f-string with a width, nested, debug and conversion
w = 4
names = [f"{i:0{w}d}_{w=}" for i in (1, 2)]
model = Sequential([Input((3,)), Dense(4, name=names[0].replace("=", "_")), Dense(2, name=f"{names[1]!s:.4}")])

# %% string join and multiplication
name = "_".join(["fc"] + [str(i) for i in range(2)]) + "x" * 2
model = Sequential([Input((3,)), Dense(4, name=name)])

# %% ternaries nested and in keywords
depth = 2
model = Sequential([Input((3,)), Dense(1 if depth == 1 else 2 if depth == 2 else 3, use_bias=not depth)])

# %% deepcopy and copy of settings
import copy
base = {"sizes": [4]}
deep = copy.deepcopy(base)
flat = copy.copy(base)
base["sizes"].append(2)
model = Sequential([Input((3,)), *[Dense(n) for n in deep["sizes"]], *[Dense(n, use_bias=False) for n in flat["sizes"]]])

# %% iter and next
it = iter([4, 3, 2])
first = next(it)
model = Sequential([Input((3,)), Dense(first), *[Dense(n) for n in it]])

# %% zip star transposes
pairs = [(4, "relu"), (2, None)]
units, acts = zip(*pairs)
model = Sequential([Input((3,)), Dense(units[0], activation=acts[0]), Dense(units[1], activation=acts[1])])

# %% enumerate from the end and last element test
sizes = [4, 3, 2]
model = Sequential([Input((3,))])
for i, n in enumerate(sizes):
    last = i == len(sizes) - 1
    model.add(Dense(n, activation=None if last else "relu"))
    if not last:
        model.add(Dropout(0.1))

# %% loop over a dict of lists with unpacking and continue
arch = {"a": [4, True], "b": [3, False], "c": [2, True]}
model = Sequential([Input((3,))])
for name, (n, keep) in arch.items():
    if not keep:
        continue
    model.add(Dense(n, name=name))

# %% global constants computed from one another
IMG = 32
PATCH = 8
N = (IMG // PATCH) ** 2
DIM = 16
UNITS = [DIM * 2, DIM]
inp = Input((N, DIM))
x = inp
for u in UNITS:
    x = Dense(u)(x)
model = Model(inp, x)

# %% os.path and sys functions around do not matter
import os, sys, pathlib
base = os.path.join(os.path.dirname("/a/b"), "c")
p = pathlib.Path(base) / "m.keras"
model = Sequential([Input((3,)), Dense(4)])

# %% bytes, complex numbers, hex literals, underscores
model = Sequential([Input((3,)), Dense(0x10), Dense(len(b"abc")), Dense(1_0), Dense(int(abs(3 + 4j)))])

# %% int of a string with base, float parsing, ord, chr
model = Sequential([Input((3,)), Dense(int("101", 2)), Dense(int(float("4.0"))), Dense(ord("a") - 90), Dense(int(chr(52)))])

# %% tests of all elements of an array
import numpy as np
strides = [2, 2]
sizes = [
    3 if np.all(np.array(strides) == 1) else 4,
    5 if np.any(np.array(strides) != 2) else 6,
    7 if np.all(1 < np.array([2, 3, 4])) else 8,
    9 if np.any(np.array([2, 3, 4]) >= 5) else 10,
    11 if np.all(np.zeros(3)) else 12,
]
model = Sequential([Input((2,)), *(Dense(n) for n in sizes)])

# %% flags of the command line
from absl import flags
FLAGS = flags.FLAGS
if "keraslint_units" not in FLAGS:
    flags.DEFINE_integer("keraslint_units", 6, "units")
_WIDE = flags.DEFINE_float("keraslint_wide", 0.5, "share", flag_values=flags.FlagValues())
FLAGS(["program"])
model = Sequential([Input((3,)), Dense(FLAGS.keraslint_units), Dense(int(8 * _WIDE.default))])

# %% lists that are logged, timed or written
import logging, json, warnings, pprint
logger = logging.getLogger(__name__)
sizes = [3, 4]
logger.info("sizes: %s", sizes)
logging.getLogger("absl").debug(sizes)
json.dumps(sizes), pprint.pformat(sizes)
warnings.warn_explicit
model = keras.Sequential([Input((2,))] + [Dense(n) for n in sizes])
logger.warning("%s", model)
model.add(Dense(1))

# %% what a shape of TensorFlow says of itself
import tensorflow as tf
shapes = [tf.TensorShape([2, 3]), tf.TensorShape([None, 3]), tf.TensorShape([])]
units = [1 if s.is_fully_defined() else 2 for s in shapes] + [shapes[0].num_elements(), shapes[2].num_elements()]
units += [5 if shapes[1].num_elements() is None else 6]
model = Sequential([Input((4,))] + [Dense(n) for n in units])

# %% ranges and dicts as programs of two Pythons have them
import six
from six.moves import xrange, zip as izip
from six import iteritems
x = i = Input((3,))
for n in xrange(2, 4):
    x = Dense(n)(x)
for name, units in six.iteritems({"a": 5, "b": 6}):
    x = Dense(units, name=name)(x)
for a, (_, b) in izip([1, 2], iteritems({"c": 3, "d": 4})):
    x = Dense(a + b)(x)
model = Model(i, x)

# %% a question for the backend
n = 4 if keras.backend.backend() == "theano" else 5
model = Sequential([Input((n,)), Dense(3 if keras.config.backend() == "tensorflow" else 2)])
