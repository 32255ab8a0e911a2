"""Symbols of Keras and their signatures by version, decoded from the catalogue when they are asked for."""

import ast
import re
from dataclasses import dataclass, field
from enum import Enum
from functools import cache, lru_cache
from typing import Final, Literal, NamedTuple, TypeAlias, cast

from keraslint.keras_api import catalogue

VERSIONS: Final = catalogue.versions()
NEWEST: Final = VERSIONS[-1]

Kind: TypeAlias = Literal["class", "function", "constant", "module"]
ParameterKind: TypeAlias = Literal["positional", "keyword_only", "var_positional", "var_keyword"]
Category: TypeAlias = Literal[
    "layer",
    "model",
    "loss",
    "metric",
    "optimizer",
    "schedule",
    "callback",
    "initializer",
    "regularizer",
    "constraint",
    "activation",
    "application",
    "dataset",
    "op",
    "preprocessing",
    "other",
]


class Default(Enum):
    """Stands where a parameter has no default value that could be written down."""

    REQUIRED = "required"
    OPAQUE = "opaque"


REQUIRED: Final = Default.REQUIRED  # no default: the caller must give the argument
OPAQUE: Final = Default.OPAQUE  # a default that is no plain literal

# What to use instead of names that Keras dropped. Kept by hand: the old Keras had no successor to name yet,
# the new one no longer knows the name. Sources: the Keras 2 release notes, the Keras 3 migration guide.
SUCCESSORS: Final = {
    "keras.Model.fit_generator": "keras.Model.fit",
    "keras.Model.evaluate_generator": "keras.Model.evaluate",
    "keras.Model.predict_generator": "keras.Model.predict",
    "keras.Sequential.predict_classes": "keras.Model.predict",
    "keras.Sequential.predict_proba": "keras.Model.predict",
    "keras.layers.AtrousConvolution1D": "keras.layers.Conv1D",
    "keras.layers.AtrousConvolution2D": "keras.layers.Conv2D",
    "keras.layers.CuDNNGRU": "keras.layers.GRU",
    "keras.layers.CuDNNLSTM": "keras.layers.LSTM",
    "keras.layers.Merge": "keras.layers.Concatenate",
    "keras.layers.ThresholdedReLU": "keras.layers.ReLU",
    "keras.layers.TimeDistributedDense": "keras.layers.Dense",
    "keras.layers.merge": "keras.layers.concatenate",
    "keras.preprocessing.image.ImageDataGenerator": "keras.utils.image_dataset_from_directory",
    "keras.preprocessing.text.Tokenizer": "keras.layers.TextVectorization",
    "keras.wrappers.scikit_learn.KerasClassifier": "keras.wrappers.SKLearnClassifier",
    "keras.wrappers.scikit_learn.KerasRegressor": "keras.wrappers.SKLearnRegressor",
}


class Parameter(NamedTuple):
    """One parameter of a signature. `default` is a plain value, REQUIRED or OPAQUE."""

    name: str
    default: object
    kind: ParameterKind


@dataclass(frozen=True, eq=False, slots=True)
class Symbol:
    """A public name of Keras under today's spelling, in all the versions that have it."""

    name: str
    kind: Kind
    category: Category
    versions: tuple[str, ...]
    only_tensorflow: tuple[str, ...] = ()  # versions in which `tf.keras` has it and `keras` has not
    bases: tuple[str, ...] = ()  # canonical names, nearest base class first
    signatures: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # (version digits, signature as text)

    def parameters(self, version: str | None = None) -> tuple[Parameter, ...]:
        """The parameters in order, without `self`: of that version, or of the newest that has the symbol.

        Empty when the version doesn't have the symbol, and when Keras itself doesn't say.
        """
        if version is not None and version not in self.versions + self.only_tensorflow:
            return ()
        if not self.signatures:
            return ()
        return nearest(self.signatures, len(VERSIONS) - 1 if version is None else VERSIONS.index(version))

    @property
    def removed_in(self) -> str | None:
        """The first version that no longer has the symbol; None when the newest still does."""
        last = max((VERSIONS.index(version) for version in self.versions), default=-1)
        return VERSIONS[last + 1] if 0 <= last < len(VERSIONS) - 1 else None

    @property
    def successor(self) -> str | None:
        """The canonical name that took the place of a removed symbol, where there is one."""
        return SUCCESSORS.get(self.name)


@cache
def nearest(signatures: tuple[tuple[str, str], ...], asked: int) -> tuple[Parameter, ...]:
    """The parameters in the version that is nearest to the one asked for, the newer of two."""
    best = min((abs(int(digit) - asked), -int(digit)) for digits, _ in signatures for digit in digits)[1]
    return next(decoded(text) for digits, text in signatures if str(-best) in digits)


@lru_cache(maxsize=4096)
def symbol(name: str) -> Symbol | None:
    """The symbol of a canonical name; None when there is none of that name."""
    short = name.removeprefix(catalogue.ROOT)
    if short == name and name != "keras":
        return None
    line = catalogue.symbol_lines().get(short)
    if line is not None:
        return decoded_symbol(name, line)
    if name == "keras" or short in catalogue.modules():
        return Symbol(name, "module", "other", VERSIONS)
    return None


def decoded_symbol(name: str, line: str) -> Symbol:
    kind, category, codes, bases, *signatures = line.split("\t")
    return Symbol(
        name=name,
        kind=cast(Kind, kind),
        category=cast(Category, category),
        versions=tuple(VERSIONS[int(code)] for code in codes if code.isdigit()),
        only_tensorflow=tuple(VERSIONS["abcdefghij".index(code)] for code in codes if code.isalpha()),
        bases=tuple(catalogue.ROOT + base for base in bases.split()),
        signatures=tuple((digits, text) for digits, _, text in (field.partition(":") for field in signatures)),
    )


_PARAMETER = re.compile(
    r"(?P<stars>\*{0,2})(?P<name>\w*)"
    r"(?:=(?P<default>'(?:[^'\\]|\\.)*'|\"[^\"]*\"|[(\[{](?:[^()]|\([^()]*\))*[)\]}]|[^,]+))?(?:, |$)"
)


@cache
def decoded(signature: str) -> tuple[Parameter, ...]:
    """The parameters of a signature in the data: Python's notation, with `...` for an opaque default.

    Python's own parser would take five times as long, which every run of pylint on Keras code would pay.
    """
    parameters: list[Parameter] = []
    kind: ParameterKind = "positional"
    for part in _PARAMETER.finditer(signature):
        stars, name = part["stars"], part["name"]
        if stars and name:
            parameters.append(Parameter(name, REQUIRED, "var_positional" if stars == "*" else "var_keyword"))
        elif name:
            default = REQUIRED if part["default"] is None else default_value(part["default"])
            parameters.append(Parameter(name, default, kind))
        if stars == "*":
            kind = "keyword_only"
    return tuple(parameters)


@cache
def default_value(written: str) -> object:
    value: object = ast.literal_eval(written)
    return OPAQUE if value is Ellipsis else value
