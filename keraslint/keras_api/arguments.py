"""Which keywords a Keras callable takes, by version: its signature, and what its **kwargs let through."""

from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Final, NamedTuple

from keraslint.keras_api import catalogue
from keraslint.keras_api.symbols import VERSIONS, symbol

WORKERS: Final = ("max_queue_size", "use_multiprocessing", "workers")
SEPARABLE: Final = {
    f"kernel_{setting}": f"`depthwise_{setting}` and `pointwise_{setting}`"
    for setting in ("initializer", "regularizer", "constraint")
}
IN_DATA: Final = "the same argument of a `PyDataset`"

CONVOLUTION: Final = {"nb_row": "kernel_size", "nb_col": "kernel_size"}

DEPTHWISE: Final = {
    f"kernel_{setting}": f"depthwise_{setting}" for setting in ("initializer", "regularizer", "constraint")
}

# Renames that Keras makes in code instead of a table that could be read; everything else is in
# `data/renamed.txt`. Sources: the preprocessors in Keras 2.2's legacy/interfaces.py, Model.fit there, and
# the Keras 3 migration guide.
RENAMED_IN_CODE: Final[dict[str, dict[str, str]]] = {
    "keras.Input": {"batch_input_shape": "batch_shape", "input_shape": "shape"},
    "keras.Model": {"input": "inputs", "output": "outputs"},
    "keras.Model.fit": {"nb_epoch": "epochs"},
    "keras.callbacks.ReduceLROnPlateau": {"epsilon": "min_delta"},
    "keras.datasets.imdb.load_data": {"nb_words": "num_words"},
    "keras.datasets.reuters.load_data": {"nb_words": "num_words"},
    "keras.layers.Conv1D": {"atrous_rate": "dilation_rate"},
    "keras.layers.Conv2D": CONVOLUTION | {"atrous_rate": "dilation_rate"},
    "keras.layers.Conv2DTranspose": CONVOLUTION,
    "keras.layers.Conv3D": dict.fromkeys(("kernel_dim1", "kernel_dim2", "kernel_dim3"), "kernel_size"),
    "keras.layers.ConvLSTM2D": CONVOLUTION,
    "keras.layers.DepthwiseConv1D": DEPTHWISE,
    "keras.layers.DepthwiseConv2D": DEPTHWISE,
    "keras.layers.InputLayer": {"batch_input_shape": "batch_shape", "input_shape": "shape"},
    "keras.layers.LeakyReLU": {"alpha": "negative_slope"},
    "keras.layers.LocallyConnected2D": CONVOLUTION,
    "keras.layers.SeparableConv2D": CONVOLUTION,
    "keras.preprocessing.image.ImageDataGenerator": {"dim_ordering": "data_format"},
    "keras.preprocessing.text.Tokenizer": {"nb_words": "num_words"},
    "keras.regularizers.L1": {"l": "l1"},
    "keras.regularizers.L2": {"l": "l2"},
    "keras.utils.to_categorical": {"nb_classes": "num_classes"},
}
OPTIMIZER_RENAMES: Final = {"lr": "learning_rate"}

INSTEAD: Final[dict[str, dict[str, str]]] = {
    "layer": {
        "batch_input_shape": "`keras.Input(batch_shape=…)` before the layer",
        "input_length": "`keras.Input(shape=…)` before the layer",
        "weights": "`set_weights` once the layer is built",
    },
    "optimizer": {"decay": "a schedule such as `InverseTimeDecay` as its `learning_rate`"},
    "keras.Model.fit": dict.fromkeys(WORKERS, IN_DATA),
    "keras.Model.evaluate": dict.fromkeys(WORKERS, IN_DATA),
    "keras.Model.predict": dict.fromkeys(WORKERS, IN_DATA),
    "keras.layers.SeparableConv1D": SEPARABLE,
    "keras.layers.SeparableConv2D": SEPARABLE,
    "keras.callbacks.ModelCheckpoint": {
        "load_weights_on_restart": "the callback `BackupAndRestore`",
        "period": '`save_freq`, which counts batches (`"epoch"` for every epoch)',
    },
}
"""What serves the purpose of a dropped argument and is no argument that means the same; by callable or category.
Kept by hand: no Keras says it. `tests/keras_api` tries every entry in real Keras."""


class Extra(NamedTuple):
    """What **kwargs of one class let through in one version; "*" stands for every keyword not named.

    Without a "*" all other keywords of the vocabulary were tried and refused; of the rest nothing is known.
    """

    accepted: frozenset[str]
    dropped: frozenset[str]
    unclear: frozenset[str]
    refused: frozenset[str]

    def verdict(self, argument: str) -> str:
        fields = self._asdict()
        named = next((name for name, keywords in fields.items() if argument in keywords), None)
        rest = "refused" if argument in vocabulary() else "unclear"
        return named or next((name for name, keywords in fields.items() if "*" in keywords), rest)


@lru_cache(maxsize=4096)
def accepts(name: str, argument: str, version: str) -> bool | None:
    """Whether a call of `name` with that keyword passes in that version; None when the catalogue cannot tell.

    A keyword that Keras takes and then ignores passes too: see `dropped_in_silence`. Where **kwargs decide,
    the answer is False only for a keyword that the generator saw Keras refuse.
    """
    found = symbol(name)
    if found is None or version not in found.versions + found.only_tensorflow:
        return None
    parameters = found.parameters(version)
    if any(parameter.name == argument and not parameter.kind.startswith("var_") for parameter in parameters):
        return True
    if not any(parameter.kind == "var_keyword" for parameter in parameters):
        return False if found.signatures else None
    extra = extras().get((name, version))
    verdict = extra.verdict(argument) if extra else "unclear"
    return None if verdict == "unclear" else verdict != "refused"


def refuses(name: str, argument: str, version: str) -> bool:
    """Whether a call with that keyword is known to raise: its **kwargs let through no keyword but named ones."""
    verdict = accepts(name, argument, version)
    extra = extras().get((name, version))
    if verdict is not None or extra is None or argument in vocabulary():
        return verdict is False
    return "*" not in extra.accepted | extra.dropped | extra.unclear and argument not in extra.unclear


@lru_cache(maxsize=4096)
def known_to_no_version(name: str, argument: str) -> bool:
    """Whether a call with that keyword is known to raise, and no older version took it, under whatever name today."""
    if modern_argument(name, argument) is not None or not refuses(name, argument, VERSIONS[-1]):
        return False
    return not any(accepts(name, argument, version) for version in VERSIONS)


def nearest_argument(name: str, argument: str, version: str) -> str | None:
    """The keyword of that version that was most likely meant by one that it does not know."""
    found = symbol(name)
    known = [parameter.name for parameter in found.parameters(version)] if found else []
    if found is not None and found.category == "layer":
        known += ["name", "dtype", "trainable", "input_shape"]
    return next(iter(get_close_matches(argument, known, 1, 0.7)), None)


def dropped_in_silence(name: str, argument: str, version: str) -> bool:
    """Whether Keras takes the keyword without an error and ignores it, as Adam(decay=) in Keras 3."""
    found = symbol(name)
    if found is None or any(parameter.name == argument for parameter in found.parameters(version)):
        return False
    extra = extras().get((name, version))
    return extra is not None and extra.verdict(argument) == "dropped"


def modern_argument(name: str, argument: str) -> str | None:
    """Today's name of a Keras 1 or 2 keyword: ("keras.layers.Dense", "output_dim") -> "units"."""
    new = renamed().get(name, {}).get(argument) or RENAMED_IN_CODE.get(name, {}).get(argument)
    if new is not None:
        return new
    found = symbol(name)
    return OPTIMIZER_RENAMES.get(argument) if found is not None and found.category == "optimizer" else None


def instead_of(name: str, argument: str) -> str | None:
    """What to use for the purpose of an argument that has no successor of the same meaning, as a phrase."""
    found = symbol(name)
    by_category = INSTEAD.get(found.category, {}) if found is not None else {}
    return (INSTEAD.get(name, {}) | by_category).get(argument)


@cache
def renamed() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = {}
    for line in catalogue.lines("renamed.txt"):
        name, *pairs = line.split("\t")
        table[catalogue.ROOT + name] = {old: new for old, _, new in (pair.partition("=") for pair in pairs)}
    return table


@cache
def vocabulary() -> frozenset[str]:
    """Every keyword of any version: those that each class with **kwargs was tried with."""
    return frozenset(catalogue.lines("vocabulary.txt"))


@cache
def extras() -> dict[tuple[str, str], Extra]:
    """(canonical name, version) -> what its **kwargs let through."""
    table: dict[tuple[str, str], Extra] = {}
    for line in catalogue.lines("keywords.txt"):
        digit, accepted, dropped, unclear, refused, names = line.split("\t")
        extra = Extra(*(frozenset(field.split()) for field in (accepted, dropped, unclear, refused)))
        table |= {(catalogue.ROOT + name, VERSIONS[int(digit)]): extra for name in names.split()}
    return table
