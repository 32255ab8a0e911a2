"""Valid but strange Python: recursion through special methods, things that grow, calls that make no sense."""

# ruff: noqa: E501 (a program in a table is one string)
from __future__ import annotations

STRANGE = {
    "getattr that recurses": ("class A:\n    def __getattr__(self, n):\n        return getattr(self, n)\nA().x"),
    "setattr that recurses": ("class A:\n    def __setattr__(self, n, v):\n        self.n = v\nA().x = 1"),
    "bool recursion": ("class A:\n    def __bool__(self):\n        return bool(self)\nif A():\n    x = 1"),
    "iter returns self": (
        "class A:\n"
        "    def __iter__(self):\n"
        "        return self\n"
        "    def __next__(self):\n"
        "        return 1\n"
        "for a in A():\n"
        "    pass\n"
        "list(A())"
    ),
    "eq recursion": ("class A:\n    def __eq__(self, o):\n        return self == o\nA() == A()"),
    "str recursion": ("class A:\n    def __str__(self):\n        return f'{self}'\nstr(A())\nf'{A()}'"),
    "metaclass": (
        "class M(type):\n    def __call__(cls, *a):\n        return cls\nclass A(metaclass=M):\n    pass\nA().x"
    ),
    "decorator recursion": ("def d(f):\n    return d(f)\n@d\ndef g():\n    return 1\ng()"),
    "exec and eval": ("exec('m = 1')\neval('1+1')\nn = __import__('os')"),
    "star imports": ("from keras.layers import *\nfrom keras import *\nfrom nowhere import *\nfrom .x import *"),
    "dict with itself as key holder": ("d = {}\nd[1] = d\nd[2] = [d]\nstr(d)\nsorted(d.values())\nd == d\nf'{d}'"),
    "list in itself compared": ("a = []\na.append(a)\na == a\nsum(a)\nsorted(a)\nf'{a}'\nset(a)\n'%s' % a\nlen(a)"),
    "generator of generators": ("def g(n):\n    yield n\n    yield from g(n + 1)\nlist(g(0))\nnext(g(0))"),
    "generator doubling": (
        "def g():\n    x = [1]\n    while True:\n        x = x + x\n        yield x\nfor a in g():\n    pass"
    ),
    "itertools explosion": (
        "import itertools\n"
        "list(itertools.product(range(999), repeat=9))\n"
        "list(itertools.permutations(range(50)))\n"
        "list(itertools.combinations(range(10**6), 3))"
    ),
    "itertools endless chain": (
        "import itertools\n"
        "list(itertools.chain.from_iterable(itertools.repeat([1])))\n"
        "list(itertools.accumulate(itertools.count()))"
    ),
    "reduce explosion": ("from functools import reduce\nreduce(lambda a, b: a + a, range(10000), [1])"),
    "str mult": (
        "'x'.ljust(10**12)\n"
        "'{:>999999999}'.format(1)\n"
        "'%999999999d' % 1\n"
        "'x'.center(10**10)\n"
        "'x' * 10**5 * 10**5\n"
        "'a'.zfill(10**9)\n"
        "'ab'.join(['x'*9999]*9999)\n"
        "'a'.replace('', 'x' * 9999).replace('x', 'y' * 9999).replace('y', 'z' * 9999)"
    ),
    "fstring nested": ("w = 10**9\nf'{1:{w}}'\nf'{1:.{w}f}'"),
    "format big": ("format(1, '999999999')\nstr(10**5000)\nint('9' * 9999) ** 64\nbytes(10**11)"),
    "json": ("import json\njson.loads('[' * 9000)\njson.loads('1e999')\njson.loads('{\"a\": 1' )"),
    "defaultdict of itself": (
        "from collections import defaultdict\n"
        "t = lambda: defaultdict(t)\n"
        "d = t()\n"
        "d[1][2][3] = 4\n"
        "for _ in range(50):\n"
        "    d = d[1]"
    ),
    "enum odd": (
        "from enum import Enum\n"
        "class E(Enum):\n"
        "    A = 1\n"
        "    B = A\n"
        "    def f(self):\n"
        "        return self.f()\n"
        "E(7)\n"
        "E['Z']\n"
        "E.A.f()\n"
        "list(E)\n"
        "E.A < E.B\n"
        "E.A == 1"
    ),
    "dataclass cycle": (
        "from dataclasses import dataclass, asdict\n"
        "@dataclass\n"
        "class A:\n"
        "    a: object = None\n"
        "x = A()\n"
        "x.a = x\n"
        "asdict(x)\n"
        "x == x\n"
        "x == A()\n"
        "f'{x}'"
    ),
    "init recursion": ("class A:\n    def __init__(self):\n        self.a = A()\nA()"),
    "new recursion": ("class A:\n    def __new__(cls):\n        return A()\nA()"),
    "init_subclass makes subclass": (
        "class A:\n    def __init_subclass__(cls):\n        class B(A):\n            pass\nclass C(A):\n    pass"
    ),
    "mro conflict": ("class A: pass\nclass B(A): pass\nclass C(A, B): pass\nC().x\nsuper(C, C()).y"),
    "class loop": (
        "class A: pass\n"
        "for _ in range(300):\n"
        "    class A(A):\n"
        "        def f(self):\n"
        "            return super().f()\n"
        "A().f()"
    ),
    "layer mutual": (
        "class A(layers.Layer):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.b = B(self)\n"
        "    def call(self, x):\n"
        "        return self.b(x)\n"
        "class B(layers.Layer):\n"
        "    def __init__(self, a):\n"
        "        super().__init__()\n"
        "        self.a = a\n"
        "    def call(self, x):\n"
        "        return self.a(x)\n"
        "A()(Input((3,)))"
    ),
    "sequential owns itself frozen": (
        "m = Sequential()\nm.add(m)\nm.trainable = False\nm.compile(loss='mse')\nkeras.models.clone_model(m)"
    ),
    "layers cycle frozen": (
        "a = Sequential([Input((3,))])\n"
        "b = Sequential([a])\n"
        "a.add(b)\n"
        "b.trainable = False\n"
        "b.summary()\n"
        "keras.models.clone_model(b)"
    ),
    "match odd": (
        "def f(x):\n"
        "    match x:\n"
        "        case [*_, 1]:\n"
        "            return 1\n"
        "        case {'a': [b, *c], **d}:\n"
        "            return 2\n"
        "        case int(n) | str(n):\n"
        "            return n\n"
        "        case Foo(a=1):\n"
        "            return 3\n"
        "f([1])\n"
        "f({'a': [1]})\n"
        "f(2)\n"
        "f(f)\n"
        "f(None)"
    ),
    "return in finally in loop": (
        "def f():\n"
        "    for i in range(3):\n"
        "        try:\n"
        "            return i\n"
        "        finally:\n"
        "            continue\n"
        "f()"
    ),
    "break in unknown nested loops": (
        "def f(a, b, c, d, e, g, h):\n"
        "    for i in range(50):\n"
        "        if a[i]: break\n"
        "        for j in range(50):\n"
        "            if b[j]: continue\n"
        "            if c[i][j]: return 1\n"
        "            while d[j]:\n"
        "                if e: break\n"
        "                if g: return 2\n"
        "    return 3\n"
        "x = f(*z)"
    ),
    "many early returns": (
        "def f(a0,a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14,a15,a16,a17,a18,a19,a20,a21,a22,a23,a24,a25,a26,a27,a28,a29):\n"
        "    if a0:\n"
        "        return Dense(0+1)\n"
        "    if a1:\n"
        "        return Dense(1+1)\n"
        "    if a2:\n"
        "        return Dense(2+1)\n"
        "    if a3:\n"
        "        return Dense(3+1)\n"
        "    if a4:\n"
        "        return Dense(4+1)\n"
        "    if a5:\n"
        "        return Dense(5+1)\n"
        "    if a6:\n"
        "        return Dense(6+1)\n"
        "    if a7:\n"
        "        return Dense(7+1)\n"
        "    if a8:\n"
        "        return Dense(8+1)\n"
        "    if a9:\n"
        "        return Dense(9+1)\n"
        "    if a10:\n"
        "        return Dense(10+1)\n"
        "    if a11:\n"
        "        return Dense(11+1)\n"
        "    if a12:\n"
        "        return Dense(12+1)\n"
        "    if a13:\n"
        "        return Dense(13+1)\n"
        "    if a14:\n"
        "        return Dense(14+1)\n"
        "    if a15:\n"
        "        return Dense(15+1)\n"
        "    if a16:\n"
        "        return Dense(16+1)\n"
        "    if a17:\n"
        "        return Dense(17+1)\n"
        "    if a18:\n"
        "        return Dense(18+1)\n"
        "    if a19:\n"
        "        return Dense(19+1)\n"
        "    if a20:\n"
        "        return Dense(20+1)\n"
        "    if a21:\n"
        "        return Dense(21+1)\n"
        "    if a22:\n"
        "        return Dense(22+1)\n"
        "    if a23:\n"
        "        return Dense(23+1)\n"
        "    if a24:\n"
        "        return Dense(24+1)\n"
        "    if a25:\n"
        "        return Dense(25+1)\n"
        "    if a26:\n"
        "        return Dense(26+1)\n"
        "    if a27:\n"
        "        return Dense(27+1)\n"
        "    if a28:\n"
        "        return Dense(28+1)\n"
        "    if a29:\n"
        "        return Dense(29+1)\n"
        "    return Dense(99)\n"
        "m = Sequential([Input((3,)), f(*q)])"
    ),
    "deep lambda": (
        "f = lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: lambda x: x\n"
        "f(1)"
    ),
    "lambda y": (
        "Y = lambda f: (lambda x: f(lambda v: x(x)(v)))(lambda x: f(lambda v: x(x)(v)))\n"
        "Y(lambda self: lambda n: 1 if n == 0 else n * self(n - 1))(10)"
    ),
    "ackermann": (
        "def A(m, n):\n"
        "    if m == 0: return n + 1\n"
        "    if n == 0: return A(m - 1, 1)\n"
        "    return A(m - 1, A(m, n - 1))\n"
        "A(3, 6)"
    ),
    "collatz": ("n = 837799\nk = 0\nwhile n != 1:\n    n = n // 2 if n % 2 == 0 else 3 * n + 1\n    k += 1"),
    "mutating while iterating": ("xs = [1]\nfor x in xs:\n    xs.append(x)\nd = {1: 1}\nfor k in d:\n    d[k + 1] = 1"),
    "async": (
        "import asyncio\n"
        "async def f():\n"
        "    async with a as b:\n"
        "        async for x in b:\n"
        "            await x\n"
        "    return [y async for y in b]\n"
        "asyncio.run(f())"
    ),
    "walrus everywhere": (
        "def f(a=(b := 3), *c, d=(e := 4), **g):\n    return [h := i for i in range(3)], {j: (k := j) for j in c}\nf()"
    ),
    "unusual targets": (
        "[a, (b, *c)], d.e, f[0] = [1, (2, 3)], 4, 5\n"
        "for x.y in range(3): pass\n"
        "for z[0], in [(1,)]: pass\n"
        "with open('x') as (p, q): pass"
    ),
    "call everything": (
        "(1)()\n"
        "'a'()\n"
        "None()\n"
        "[]()\n"
        "{}()\n"
        "(lambda: 0)(1, 2)\n"
        "len()\n"
        "range()\n"
        "sorted()\n"
        "max()\n"
        "zip()\n"
        "map()\n"
        "filter()\n"
        "reversed()\n"
        "isinstance()\n"
        "getattr()\n"
        "setattr()\n"
        "hasattr()\n"
        "next()\n"
        "iter()\n"
        "super()\n"
        "type()\n"
        "callable()\n"
        "vars()\n"
        "enumerate()\n"
        "sum()\n"
        "any()\n"
        "dict(1)\n"
        "set(1)\n"
        "str(1,2,3,4)\n"
        "int('z', 99)\n"
        "open()\n"
        "print(*q)\n"
        "min(1)\n"
        "abs('x')\n"
        "round()\n"
        "chr(-1)\n"
        "ord('ab')"
    ),
    "attributes of everything": (
        "(1).x\n"
        "'a'.x\n"
        "None.x\n"
        "[].x\n"
        "{}.x\n"
        "(1,).x\n"
        "len.x\n"
        "range(3).x\n"
        "slice(1).x\n"
        "Ellipsis.x\n"
        "b''.x\n"
        "(lambda: 0).x.y.z\n"
        "Input.x\n"
        "Dense(3).x.y\n"
        "Input((3,)).x.y\n"
        "Sequential().x.y\n"
        "keras.losses.MSE.x"
    ),
    "subscript everything": (
        "(1)[0]\n"
        "'a'[9]\n"
        "None[0]\n"
        "[][0]\n"
        "{}[0]\n"
        "(1,)[None]\n"
        "len[0]\n"
        "range(3)[9]\n"
        "range(9)[::0]\n"
        "'abc'[::0]\n"
        "[1,2][::0]\n"
        "Dense(3)[0]\n"
        "Sequential()[0]\n"
        "Input((3,))[0, 0, 0, 0]\n"
        "Input((3,))[...,...]\n"
        "Input((3,))[[1]]"
    ),
    "itertools without args": (
        "import itertools, functools, operator\n"
        "itertools.islice()\n"
        "itertools.count()\n"
        "itertools.cycle([])\n"
        "itertools.repeat()\n"
        "itertools.chain(1)\n"
        "itertools.product(1)\n"
        "itertools.accumulate()\n"
        "itertools.takewhile()\n"
        "itertools.starmap()\n"
        "functools.reduce()\n"
        "functools.partial()\n"
        "operator.add()\n"
        "operator.itemgetter()()\n"
        "operator.attrgetter('a.b')(1)\n"
        "operator.methodcaller('x')(1)\n"
        "itertools.zip_longest([1], [2, 3], fillvalue=0)\n"
        "list(itertools.islice(itertools.count(), 3, None, 0))\n"
        "itertools.islice([1], -1)"
    ),
    "model methods odd": (
        "m = Sequential()\n"
        "m.add()\n"
        "m.pop()\n"
        "m.build()\n"
        "m.compile()\n"
        "m.fit()\n"
        "m.get_layer()\n"
        "m()\n"
        "m(1)\n"
        "m.layers\n"
        "m.output\n"
        "m.call()\n"
        "m.get_config()['x']\n"
        "Sequential.from_config()\n"
        "Model()\n"
        "Model(1, 2)\n"
        "Model([], [])\n"
        "Model(m, m)\n"
        "keras.models.clone_model()\n"
        "keras.layers.deserialize()\n"
        "keras.layers.deserialize({'class_name': 'Nope', 'config': {}})\n"
        "layers.TimeDistributed()\n"
        "layers.RNN()\n"
        "layers.Lambda()(Input((3,)))\n"
        "layers.Wrapper(1)"
    ),
    "subclass odd": (
        "class A(layers.Layer):\n"
        "    pass\n"
        "A()(Input((3,)))\n"
        "class B(layers.Dense):\n"
        "    def call(self):\n"
        "        return 1\n"
        "B()(Input((3,)))\n"
        "B(3)(Input((3,)))\n"
        "class C(Model):\n"
        "    def call(self, x):\n"
        "        raise ValueError\n"
        "C()(Input((3,)))\n"
        "C().build(3)\n"
        "class D(Model):\n"
        "    call = 3\n"
        "D()(1)\n"
        "class E(layers.Layer):\n"
        "    def build(self, s):\n"
        "        self.w = self.add_weight(s)\n"
        "        self.v = self.add_weight(shape=(None, 'x'))\n"
        "    def call(self, x, *a, **k):\n"
        "        return {'a': [x, (self.w, None)], 'b': 3}\n"
        "E()([Input((3,)), Input((4,))])\n"
        "E()({'a': Input((3,))})\n"
        "E()(inputs=Input((3,)))\n"
        "E()()"
    ),
}
