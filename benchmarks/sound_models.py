"""Sound Keras programs as text, each with one harmless change of its source: what `false_confirmations.py` judges.

Nothing here is left to chance: the number of a program decides all of it. A program either carries a *claim*,
something that a rule of keraslint may object to although it does no harm on the program's own data, or it is one
side of a *pair*: two sound models that differ by a neutral change (another activation, a little more dropout).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle

OPEN, BETWEEN, CLOSE = "‹|›"
"""Around the place of a draft that is changed: ``‹relu|elu›`` is `relu` in the program and `elu` in its twin."""

PAIRS = 220
CLAIMS_EACH = 12
"""How many programs are made for each claim."""

EVERYWHERE = ("tensorflow", "jax", "torch")
TENSORFLOW = ("tensorflow",)


@dataclass(frozen=True)
class Input:
    """What is fed at one input; token numbers where it has a vocabulary."""

    name: str
    shape: tuple[int, ...]
    vocabulary: int | None = None

    @property
    def declared(self) -> str:
        dtype = ', dtype="int32"' if self.vocabulary else ""
        return f"keras.Input({self.shape}{dtype})"


@dataclass(frozen=True)
class Task:
    """The end of a model: head, loss and metrics as source text, and what its labels really are."""

    name: str
    head: str
    loss: str
    metrics: str
    labels: str
    """``real``, ``unit`` (0..1), ``signed`` (-1..1), ``binary``, ``sparse``, ``one-hot`` or ``multi-label``."""
    columns: int = 1
    behind: str = ""
    """A layer behind the head, if there is one."""


@dataclass(frozen=True)
class Sound:
    """One program, and the change of it that a finding proposes."""

    name: str
    kind: str
    source: str
    at: int
    """Where in the source the text to change begins."""
    old: str
    new: str
    change: str
    """The neutral change, or the symbol of the rule that may object."""
    is_claim: bool
    inputs: tuple[Input, ...]
    tasks: tuple[Task, ...]
    backends: tuple[str, ...] = EVERYWHERE
    """Where the program is sound; some live by a kindness of TensorFlow."""

    @property
    def twin(self) -> str:
        """The source with the change made."""
        return self.source[: self.at] + self.new + self.source[self.at + len(self.old) :]


class Draft:
    """Decides the details of one program, and marks the first place where the wanted change can be made."""

    def __init__(self, number: int, change: str, depth: int | None = None) -> None:
        self.number = number
        self.change = change
        self.depth = depth
        """Hidden layers of a plain stack that is not normalized; None leaves both to choice."""
        self.marked = False
        self.choose = random.Random(f"{number} {change}")

    def slot(self, change: str, old: object, new: object) -> str:
        if change != self.change or self.marked:
            return str(old)
        self.marked = True
        return f"{OPEN}{old}{BETWEEN}{new}{CLOSE}"

    def wants(self, change: str, chance: float) -> bool:
        """Whether the program has the part that this change is about."""
        return self.change == change or self.choose.random() < chance

    def activation(self) -> str:
        pairs = [("relu", "elu"), ("relu", "gelu"), ("elu", "relu"), ("gelu", "silu"), ("tanh", "relu")]
        return self.slot("activation", *self.choose.choice(pairs))

    def width(self, *widths: int) -> str:
        old = self.choose.choice(widths or (16, 24, 32, 48))
        return self.slot("width", old, self.choose.choice([old * 3 // 4, old * 4 // 3]))

    def dense(self) -> str:
        width, activation, more = self.width(), self.activation(), ""
        if self.wants("initializer", 0.1):
            more = f', kernel_initializer="{self.slot("initializer", "glorot_uniform", "he_normal")}"'
        return f'layers.Dense({width}, activation="{activation}"{more})'

    def dropout(self, chance: float = 0.3) -> Iterator[str]:
        if self.depth is None and self.wants("dropout", chance):
            yield f"layers.Dropout({self.slot('dropout', 0.1, 0.2)})"

    def normalization(self, chance: float = 0.3) -> Iterator[str]:
        if self.depth is None and self.wants("normalization", chance):
            yield f"layers.{self.slot('normalization', 'BatchNormalization', 'LayerNormalization')}()"

    def optimizer(self) -> str:
        if self.change == "optimizer":
            pairs = [("adam", "rmsprop"), ("rmsprop", "adam"), ("adam", "nadam")]
            return f'"{self.slot("optimizer", *self.choose.choice(pairs))}"'
        if self.change == "momentum":
            return f"keras.optimizers.SGD(learning_rate=0.05, momentum={self.slot('momentum', 0.9, 0.8)})"
        if self.wants("rate", 0.4):
            rate, times = self.choose.choice([0.001, 0.002, 0.003]), self.choose.choice([0.7, 1.4])
            kind = self.choose.choice(["Adam", "Adam", "RMSprop", "AdamW", "Nadam"])
            return f"keras.optimizers.{kind}(learning_rate={self.slot('rate', rate, round(rate * times, 5))})"
        return self.choose.choice(['"adam"', '"adam"', '"rmsprop"', "keras.optimizers.Adam()"])


# The ends of models.


def regression(d: Draft) -> Task:
    columns = d.choose.choice([1, 1, 2])
    loss = d.slot("loss", *d.choose.choice([("mse", "mae"), ("mae", "mse"), ("huber", "mse")]))
    metric = d.slot("metrics", "mae", "mse")
    return Task("regression", f"layers.Dense({columns})", f'"{loss}"', f'["{metric}"]', "real", columns)


def binary(d: Draft) -> Task:
    loss = d.slot("loss", "binary_crossentropy", "binary_focal_crossentropy")
    metric = d.slot("metrics", "accuracy", d.choose.choice(["AUC", "Recall", "binary_crossentropy"]))
    return Task("binary", 'layers.Dense(1, activation="sigmoid")', f'"{loss}"', f'["{metric}"]', "binary")


def sparse(d: Draft) -> Task:
    classes = d.choose.choice([3, 4])
    metric = d.slot("metrics", "accuracy", "sparse_categorical_accuracy")
    if d.choose.random() < 0.3:
        loss = "keras.losses.SparseCategoricalCrossentropy(from_logits=True)"
        return Task("multi-class", f"layers.Dense({classes})", loss, f'["{metric}"]', "sparse", classes)
    head = f'layers.Dense({classes}, activation="softmax")'
    return Task("multi-class", head, '"sparse_categorical_crossentropy"', f'["{metric}"]', "sparse", classes)


def one_hot(d: Draft) -> Task:
    classes = d.choose.choice([3, 4])
    loss = d.slot("loss", "categorical_crossentropy", "categorical_focal_crossentropy")
    metric = d.slot("metrics", "accuracy", d.choose.choice(["AUC", "categorical_crossentropy"]))
    head = f'layers.Dense({classes}, activation="softmax")'
    return Task("one-hot", head, f'"{loss}"', f'["{metric}"]', "one-hot", classes)


def multi_label(d: Draft) -> Task:
    columns = d.choose.choice([3, 5])
    loss = d.slot("loss", "binary_crossentropy", "binary_focal_crossentropy")
    metric = d.slot("metrics", "binary_accuracy", d.choose.choice(["AUC", "Precision"]))
    head = f'layers.Dense({columns}, activation="sigmoid")'
    return Task("multi-label", head, f'"{loss}"', f'["{metric}"]', "multi-label", columns)


TASKS = (regression, binary, sparse, one_hot, multi_label)

# What comes before: a stack of layers, or lines of the functional API that lead to `h`.


@dataclass(frozen=True)
class Body:
    """Layers in a row when ``stack`` is given, else lines that make `h` from inputs by name."""

    inputs: tuple[Input, ...]
    stack: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def mlp(d: Draft) -> Body:
    features = d.choose.choice([6, 8, 12, 20])
    stack: list[str] = []
    for _ in range(d.depth or d.choose.choice([1, 2, 2, 3])):
        stack += [d.dense(), *d.normalization(), *d.dropout()]
    return Body((Input("x", (features,)),), tuple(stack))


def cnn(d: Draft) -> Body:
    shape = d.choose.choice([(8, 8, 1), (8, 8, 3), (10, 10, 3)])
    kernel = d.slot("kernel", 3, 5)
    filters, activation = d.width(8, 12), d.activation()
    pool = f"layers.{d.slot('pooling', 'MaxPooling2D', 'AveragePooling2D')}(2)"
    stack = [f'layers.Conv2D({filters}, {kernel}, padding="same", activation="{activation}")']
    stack += [*d.normalization(), pool]
    if d.choose.random() < 0.5:
        stack += [f'layers.Conv2D({d.width(8, 16)}, 3, activation="{d.activation()}")']
    # The mean of gray pixels tells too little of what is where.
    flat = shape[-1] == 1 or d.choose.random() < 0.5
    stack += ["layers.Flatten()" if flat else "layers.GlobalAveragePooling2D()", d.dense(), *d.dropout()]
    return Body((Input("x", shape),), tuple(stack))


def series_cnn(d: Draft) -> Body:
    kernel = d.slot("kernel", 3, 5)
    stack = [f'layers.Conv1D({d.width(16, 24)}, {kernel}, padding="causal", activation="{d.activation()}")']
    stack += [*d.normalization(), f"layers.{d.slot('pooling', 'GlobalAveragePooling1D', 'GlobalMaxPooling1D')}()"]
    stack += [*d.dropout(), d.dense()]
    return Body((Input("x", (d.choose.choice([8, 12]), 4)),), tuple(stack))


def rnn(d: Draft) -> Body:
    cell = d.slot("cell", *d.choose.choice([("GRU", "LSTM"), ("LSTM", "GRU"), ("SimpleRNN", "GRU")]))
    units = d.width(8, 12, 16)
    match d.choose.choice(["one", "one", "one", "both ways", "two"]):
        case "both ways":
            stack = [f"layers.Bidirectional(layers.{cell}({units}))"]
        case "two":
            stack = [f"layers.{cell}({units}, return_sequences=True)", "layers.GRU(12)"]
        case _:
            stack = [f"layers.{cell}({units})"]
    return Body((Input("x", (d.choose.choice([5, 6]), 4)),), (*stack, *d.dropout(), d.dense()))


def text(d: Draft) -> Body:
    vocabulary = d.choose.choice([40, 100, 200])
    stack = [f"layers.Embedding({vocabulary}, {d.slot('embedding', 16, 8)})", *d.dropout(0.1)]
    match d.choose.choice(["mean", "mean", "flat", "convolution", "recurrent"]):
        case "mean":
            stack += [f"layers.{d.slot('pooling', 'GlobalAveragePooling1D', 'GlobalMaxPooling1D')}()"]
        case "flat":
            stack += ["layers.Flatten()"]
        case "convolution":
            stack += [f'layers.Conv1D(16, {d.slot("kernel", 3, 5)}, activation="{d.activation()}")']
            stack += ["layers.GlobalMaxPooling1D()"]
        case "recurrent":
            stack += [f"layers.{d.slot('cell', 'GRU', 'LSTM')}({d.width(8, 12)})"]
    return Body((Input("x", (10,), vocabulary),), (*stack, d.dense(), *d.dropout()))


def attention(d: Draft) -> Body:
    """A block of a transformer over a series or over tokens."""
    tokens = d.choose.random() < 0.4
    start = f"layers.Embedding(60, {d.slot('embedding', 16, 8)})(x)" if tokens else "x"
    heads = d.slot("heads", 2, 4)
    lines = [
        f"h = layers.Dense(16)({start})",
        f"a = layers.MultiHeadAttention(num_heads={heads}, key_dim=8)(h, h)",
        "h = layers.LayerNormalization()(h + a)" if d.choose.random() < 0.5 else "h = layers.Add()([h, a])",
        *(f"h = {layer}(h)" for layer in d.dropout()),
    ]
    if d.choose.random() < 0.5:
        lines += [f"f = {d.dense()}(h)", "f = layers.Dense(16)(f)", "h = layers.LayerNormalization()(h + f)"]
    lines += ["h = layers.GlobalAveragePooling1D()(h)", f"h = {d.dense()}(h)"]
    x = Input("x", (8,), 60) if tokens else Input("x", (d.choose.choice([6, 8]), 4))
    return Body((x,), lines=tuple(lines))


def recommender(d: Draft) -> Body:
    """Two inputs with an embedding each."""
    size = d.slot("embedding", 8, 12)
    lines = [
        f"u = layers.Flatten()(layers.Embedding(40, {size})(user))",
        f"i = layers.Flatten()(layers.Embedding(60, {d.choose.choice([8, 12])})(item))",
        "h = layers.Concatenate()([u, i])",
        *(f"h = {layer}(h)" for layer in (d.dense(), *d.normalization(0.1), *d.dropout())),
    ]
    return Body((Input("user", (1,), 40), Input("item", (1,), 60)), lines=tuple(lines))


def two_inputs(d: Draft) -> Body:
    """Columns and a series, each with a branch of its own."""
    branch = f"layers.{d.slot('pooling', 'GlobalAveragePooling1D', 'GlobalMaxPooling1D')}()"
    lines = [
        f"a = {d.dense()}(columns)",
        f'b = {branch}(layers.Conv1D({d.width(8, 12)}, {d.slot("kernel", 3, 5)}, padding="same")(series))',
        "h = layers.concatenate([a, b])",
        *(f"h = {layer}(h)" for layer in (d.dense(), *d.dropout())),
    ]
    return Body((Input("columns", (6,)), Input("series", (8, 3))), lines=tuple(lines))


def residual(d: Draft) -> Body:
    lines = [
        f'h = layers.Dense(24, activation="{d.activation()}")(x)',
        f"r = {d.dense()}(h)",
        "r = layers.Dense(24)(r)",
        *(f"r = {layer}(r)" for layer in (*d.normalization(0.5), *d.dropout(0.2))),
        "h = layers.Add()([h, r])",
        f'h = layers.Activation("{d.activation()}")(h)',
    ]
    return Body((Input("x", (d.choose.choice([8, 12]),)),), lines=tuple(lines))


def trunk(d: Draft) -> Body:
    """What two heads stand on."""
    return d.choose.choice([mlp, series_cnn, residual, text])(d)


KINDS: dict[str, Callable[[Draft], Body]] = {
    "mlp": mlp,
    "cnn": cnn,
    "text": text,
    "rnn": rnn,
    "recommender": recommender,
    "series-cnn": series_cnn,
    "attention": attention,
    "residual": residual,
    "two-inputs": two_inputs,
    "two-heads": trunk,
}

# The whole text.


def write(d: Draft, body: Body, tasks: tuple[Task, ...], optimizer: str) -> str:
    """The program, with the place of its change still marked."""
    names = [given.name for given in body.inputs]
    labels = ["y"] if len(tasks) == 1 else [f"y{n}" for n, _ in enumerate(tasks)]
    parts = [
        "import numpy as np\nimport keras\nfrom keras import layers\n",
        *(f'{name}_data = np.load("{name}.npy")' for name in names),
        *(f'{label} = np.load("{label}.npy")' for label in labels),
        "",
    ]
    style = d.choose.choice(["list", "add", "functional", "functional", "class"])
    if body.lines or len(tasks) > 1 or style == "functional":
        parts += _functional(body, tasks)
    else:
        layers = [*body.stack, tasks[0].head, *filter(None, [tasks[0].behind])]
        parts += {"list": _list, "add": _add, "class": _class}[style](d, body.inputs[0], layers)
    loss, metrics = (_of_all([getattr(task, what) for task in tasks]) for what in ("loss", "metrics"))
    given = f"optimizer={optimizer}, loss={loss}" + (f", metrics={metrics}" if metrics else "")
    parts += [f"model.compile({given})"]
    x = _of_all([f"{name}_data" for name in names])
    parts += [f"model.fit({x}, {_of_all(labels)}, epochs=20, batch_size=32)", ""]
    return "\n".join(parts)


def _of_all(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"[{', '.join(parts)}]"


def _functional(body: Body, tasks: tuple[Task, ...]) -> Iterator[str]:
    yield from (f"{given.name} = {given.declared}" for given in body.inputs)
    yield from body.lines
    if body.stack:
        yield f"h = {body.stack[0]}({body.inputs[0].name})"
        yield from (f"h = {layer}(h)" for layer in body.stack[1:])
    outputs = _of_all([_ended_by(task) for task in tasks])
    yield f"model = keras.Model({_of_all([given.name for given in body.inputs])}, {outputs})"


def _ended_by(task: Task) -> str:
    output = f"{task.head}(h)"
    return f"{task.behind}({output})" if task.behind else output


def _list(d: Draft, given: Input, stack: list[str]) -> Iterator[str]:
    yield "model = keras.Sequential(["
    yield from (f"    {layer}," for layer in (given.declared, *stack))
    yield "])"


def _add(d: Draft, given: Input, stack: list[str]) -> Iterator[str]:
    yield "model = keras.Sequential()"
    yield from (f"model.add({layer})" for layer in (given.declared, *stack))


def _class(d: Draft, given: Input, stack: list[str]) -> Iterator[str]:
    yield f"class Net{d.number}(keras.Model):"
    yield "    def __init__(self):"
    yield "        super().__init__()"
    yield from (f"        self.part{n} = {layer}" for n, layer in enumerate(stack))
    yield ""
    yield "    def call(self, inputs):"
    yield "        h = self.part0(inputs)"
    yield from (f"        h = self.part{n}(h)" for n in range(1, len(stack)))
    yield "        return h"
    yield ""
    yield f"model = Net{d.number}()"
    yield f"model.build((None, {', '.join(map(str, given.shape))}))"


def finish(d: Draft, kind: str, body: Body, tasks: tuple[Task, ...], draft: str, **more: object) -> Sound:
    """Take the marks out of the draft and remember where they were."""
    at = draft.index(OPEN)
    old, new = draft[at + 1 : draft.index(CLOSE)].split(BETWEEN)
    source = draft[:at] + old + draft[draft.index(CLOSE) + 1 :]
    short = d.change.removeprefix("keras-")
    name = f"{d.number:03}-{kind}-{tasks[-1].name}-{short}"
    plain = tuple(Task(t.name, "", "", "", t.labels, t.columns) for t in tasks)
    is_claim = d.change.startswith("keras-")
    return Sound(name, kind, source, at, old, new, d.change, is_claim, body.inputs, plain, **more)  # type: ignore[arg-type]


# Pairs of sound models.

CHANGES = (
    "activation",
    "width",
    "optimizer",
    "rate",
    "dropout",
    "initializer",
    "metrics",
    "loss",
    "normalization",
    "pooling",
    "kernel",
    "cell",
    "embedding",
    "heads",
    "momentum",
)


def pairs(count: int = PAIRS) -> Iterator[Sound]:
    """Pairs of sound models: every kind in turn, with each of the changes that it can bear."""
    turns = {kind: cycle(CHANGES[n:] + CHANGES[:n]) for n, kind in enumerate(KINDS)}
    for number, kind in zip(range(count), cycle(KINDS), strict=False):
        found = None
        while found is None:
            found = _pair(number, kind, next(turns[kind]))
        yield found


BEARS_MOMENTUM = ("mlp", "residual", "series-cnn")
"""Plain SGD is a poor choice for embeddings and attention."""


def _pair(number: int, kind: str, change: str) -> Sound | None:
    """None when the program has no place for the change."""
    if change == "momentum" and kind not in BEARS_MOMENTUM:
        return None
    d = Draft(number, change)
    body = KINDS[kind](d)
    tasks: tuple[Task, ...] = (_any(d),)
    if kind == "two-heads":
        tasks = (*tasks, binary(d) if tasks[0].name != "binary" else regression(d))
    draft = write(d, body, tasks, d.optimizer())
    return finish(d, kind, body, tasks, draft) if d.marked else None


# Claims: what a rule may object to, on data where it does no harm.


def _classes(d: Draft) -> int:
    return d.choose.choice([3, 4])


def _zero_or_one(d: Draft) -> Task:
    metric = f'["{d.slot(d.change, "accuracy", "mae")}"]'
    return Task("0-1-under-mse", "layers.Dense(1)", '"mse"', metric, "binary")


def _within_bounds(d: Draft) -> Task:
    activation, labels = d.choose.choice([("sigmoid", "unit"), ("sigmoid", "binary"), ("tanh", "signed")])
    head = f'layers.Dense(1, activation="{d.slot(d.change, activation, "linear")}")'
    return Task("bounded", head, d.choose.choice(['"mse"', '"mae"']), "", labels)


def _logits(d: Draft) -> Task:
    flag = d.slot(d.change, "True", "False")
    k = _classes(d)
    return d.choose.choice(
        [
            Task("binary", *_ended(1, "sigmoid", f"keras.losses.BinaryCrossentropy(from_logits={flag})"), "binary"),
            Task(
                "one-hot",
                *_ended(k, "softmax", f"keras.losses.CategoricalCrossentropy(from_logits={flag})"),
                "one-hot",
                k,
            ),
            Task(
                "multi-class",
                *_ended(k, "softmax", f"keras.losses.SparseCategoricalCrossentropy(from_logits={flag})"),
                "sparse",
                k,
            ),
        ]
    )


def _ended(units: int, activation: str, loss: str) -> tuple[str, str, str]:
    return f'layers.Dense({units}, activation="{activation}")', loss, '["accuracy"]'


def _sigmoid_classes(d: Draft) -> Task:
    k = _classes(d)
    name, loss, labels = d.choose.choice(
        [
            ("one-hot", '"categorical_crossentropy"', "one-hot"),
            ("multi-class", '"sparse_categorical_crossentropy"', "sparse"),
        ]
    )
    return Task(name, *_ended(k, d.slot(d.change, "sigmoid", "softmax"), loss), labels, k)


def _softmax_binary(d: Draft) -> Task:
    k = _classes(d)
    loss = f'"{d.slot(d.change, "binary_crossentropy", "categorical_crossentropy")}"'
    return Task("one-hot", *_ended(k, "softmax", loss), "one-hot", k)


def _softmax_squared(d: Draft) -> Task:
    k = _classes(d)
    if d.choose.random() < 0.5:
        loss = f'"{d.slot(d.change, "mse", "categorical_crossentropy")}"'
        return Task("one-hot", *_ended(k, "softmax", loss), "one-hot", k)
    head, loss, _ = _ended(k, d.slot(d.change, "softmax", "linear"), '"mse"')
    return Task("one-hot", head, loss, "", "one-hot", k)


def _noise(d: Draft) -> Task:
    """A little noise on finished predictions; Keras takes it away when the model is used."""
    layer = f"layers.GaussianNoise({d.slot(d.change, d.choose.choice([0.02, 0.05]), 0.0)})"
    return Task("regression", "layers.Dense(1)", '"mse"', '["mae"]', "real", behind=layer)


def _any(d: Draft) -> Task:
    return d.choose.choice(TASKS)(d)


def _own(d: Draft) -> str:
    return d.optimizer()


def _elevated(d: Draft) -> str:
    kind = d.choose.choice(["Adam", "Adam", "Nadam", "AdamW"])
    return f"keras.optimizers.{kind}(learning_rate={d.slot(d.change, 0.01, 0.001)})"


def _high(d: Draft) -> str:
    return _elevated(d) if d.number % 3 else f"keras.optimizers.SGD({d.slot(d.change, 1.0, 0.01)})"


def _for_high(d: Draft) -> Task:
    return _any(d) if d.number % 3 else d.choose.choice([binary, sparse, one_hot])(d)


@dataclass(frozen=True)
class Claim:
    """How programs with one harmless cause for a rule are made."""

    symbol: str
    kinds: tuple[str, ...]
    end: Callable[[Draft], Task] = _any
    optimizer: Callable[[Draft], str] = _own
    depths: tuple[int | None, ...] = (None,)
    """In turn."""
    backends: tuple[str, ...] = EVERYWHERE


ALL = tuple(kind for kind in KINDS if kind != "two-heads")

CLAIMS = (
    Claim("keras-accuracy-with-regression-loss", ALL, _zero_or_one),
    Claim("keras-bounded-regression-output", ALL, _within_bounds),
    Claim("keras-elevated-learning-rate", ("mlp", "text", "recommender", "cnn", "residual"), optimizer=_elevated),
    Claim("keras-high-learning-rate", ("mlp",), _for_high, _high, depths=(1, 3, 3)),
    Claim("keras-logits-loss-on-probabilities", ALL, _logits, backends=TENSORFLOW),
    Claim("keras-sigmoid-with-categorical-loss", ALL, _sigmoid_classes, backends=TENSORFLOW),
    Claim("keras-softmax-with-binary-loss", ALL, _softmax_binary),
    Claim("keras-softmax-with-regression-loss", ALL, _softmax_squared),
    Claim("keras-dropout-on-output", ALL, _noise),
)


def claims(first: int = PAIRS, each: int = CLAIMS_EACH) -> Iterator[Sound]:
    """For each claim its programs, over the kinds of model in turn."""
    for turn in range(each):
        for n, claim in enumerate(CLAIMS):
            kind = claim.kinds[turn % len(claim.kinds)]
            number = first + turn * len(CLAIMS) + n
            d = Draft(number, claim.symbol, claim.depths[number % len(claim.depths)])
            body = KINDS[kind](d)
            tasks = (claim.end(d),)
            draft = write(d, body, tasks, claim.optimizer(d))
            yield finish(d, kind, body, tasks, draft, backends=claim.backends)


def programs() -> list[Sound]:
    """All of them, pairs and claims mixed, so that a part of the list has some of everything."""
    everything = [*pairs(), *claims()]
    return sorted(everything, key=lambda sound: random.Random(sound.name).random())
