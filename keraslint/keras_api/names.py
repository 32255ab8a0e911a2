"""From the many spellings of a Keras name, across twelve years of imports, to the one canonical name."""

from functools import cache, lru_cache
from typing import Final

from keraslint.keras_api import catalogue
from keraslint.keras_api.symbols import VERSIONS, symbol

# Module paths that all show the same API, longest first. Kept by hand: no Keras knows under which names
# others re-export it.
ROOTS: Final = (
    "tensorflow.contrib.keras.api.keras",
    "tensorflow.contrib.keras.python.keras",
    "tensorflow.contrib.keras",
    "tensorflow.compat.v1.keras",
    "tensorflow.compat.v2.keras",
    "tensorflow._api.v1.keras",
    "tensorflow._api.v2.keras",
    "tensorflow._api.v2.v2.keras",
    "tensorflow.python.keras.api._v1.keras",
    "tensorflow.python.keras.api._v2.keras",
    "tensorflow.python.keras",
    "tensorflow.keras",
    "tf_keras.api._v1.keras",
    "tf_keras.api._v2.keras",
    "tf_keras.src",
    "tf_keras",
    "keras._tf_keras.keras",
    "keras.api._v1.keras",
    "keras.api._v2.keras",
    "keras.api._tf_keras.keras",
    "keras.api",
    "keras.src",
    "keras",
)

FROZEN: Final = ("tf_keras", "tensorflow.contrib.", "tensorflow.python.keras", "tensorflow.compat.v1.keras")
"""Packages that stopped at some Keras 2: the newest Keras says nothing about them."""

# Names that mean something else in much other code, so that a snippet without imports proves nothing by them.
ORDINARY_WORDS: Final = frozenset(
    {
        "Accuracy",
        "Add",
        "Attention",
        "Average",
        "AUC",
        "Callback",
        "Circle",
        "CTC",
        "Dice",
        "Discretization",
        "Dot",
        "Equalization",
        "Function",
        "Hashing",
        "Highway",
        "Hinge",
        "History",
        "Identity",
        "Layer",
        "Loss",
        "Maximum",
        "Mean",
        "Merge",
        "Metric",
        "Minimum",
        "Multiply",
        "Normalization",
        "Operation",
        "Optimizer",
        "Permute",
        "Pipeline",
        "Poisson",
        "Precision",
        "Recall",
        "Resizing",
        "Sum",
        "Subtract",
        "Tversky",
        "Variable",
        "Wrapper",
    }
)

# The functions and the generator class that pasted snippets use by their bare names; the classes need no
# list.
WELL_KNOWN_FUNCTIONS: Final = frozenset(
    {
        "Input",
        "ImageDataGenerator",
        "image_dataset_from_directory",
        "load_model",
        "model_from_json",
        "pad_sequences",
        "plot_model",
        "to_categorical",
    }
)

WELL_KNOWN_CATEGORIES: Final = frozenset(
    {"layer", "model", "loss", "metric", "optimizer", "schedule", "callback", "application"}
)


EXPORTED: Final = ("initializers.", "losses.", "metrics.", "optimizers.")
"""Modules whose classes TensorFlow 2 offers by itself: `tf.metrics.Mean`. The functions there are TensorFlow 1's."""


def is_keras_module(path: str) -> bool:
    """Whether a dotted path lies in a Keras namespace, by its text alone."""
    return below_root(path) is not None


@lru_cache(maxsize=4096)
def below_root(path: str) -> str | None:
    """What follows the Keras root: "layers.Dense", "" for the root itself, None for what isn't Keras."""
    if not path.startswith(("keras", "tensorflow.", "tf_keras")):
        return None
    for root in ROOTS:
        if path == root:
            return ""
        if path.startswith(root) and path[len(root)] == ".":
            return path[len(root) + 1 :] or None
    package, _, rest = path.partition(".")
    if package == "tensorflow" and rest.startswith(EXPORTED) and rest.rpartition(".")[2][0].isupper():
        return rest
    return None


@lru_cache(maxsize=4096)
def canonical(path: str) -> str | None:
    """Today's name of what an absolute dotted path means; None when the catalogue knows no such name.

    `tensorflow.keras.layers.Convolution2D` -> "keras.layers.Conv2D", `keras.models.Sequential` ->
    "keras.Sequential", `tf_keras` -> "keras". A module keeps its own path below "keras".
    """
    short = below_root(path)
    if short is None:
        return None
    if short == "":
        return "keras"
    found = spelled(short) or method(short)
    if found is not None:
        return catalogue.ROOT + found
    return catalogue.ROOT + short if short in catalogue.modules() else None


def is_frozen(path: str) -> bool:
    """Whether a dotted path lies in a package that is Keras 2 for good, as `tf_keras`."""
    return path.startswith(FROZEN)


def spelled(short: str) -> str | None:
    if short in catalogue.symbol_lines():
        return short
    module, _, name = short.rpartition(".")
    return next((target for key, target, _ in spellings(module) if key == name), None)


@cache
def spellings(module: str) -> tuple[tuple[str, str, str], ...]:
    """What a module offers besides its canonical names: (name, canonical short name, version codes)."""
    found: list[tuple[str, str, str]] = []
    for line in catalogue.spelling_lines().get(module or "keras", ()):
        codes, *names = line.split("\t")
        found += [(name, target, codes) for name, _, target in (entry.partition("=") for entry in names)]
    return tuple(found)


def method(short: str) -> str | None:
    """A method by the class that defines it: `Sequential.fit` -> `Model.fit`."""
    owner, _, name = short.rpartition(".")
    cls = symbol(catalogue.ROOT + (spelled(owner) or ""))
    if cls is None or cls.kind != "class":
        return None
    candidates = (f"{base.removeprefix(catalogue.ROOT)}.{name}" for base in (cls.name, *cls.bases))
    return next((candidate for candidate in candidates if candidate in catalogue.symbol_lines()), None)


def versions_with(path: str) -> tuple[str, ...]:
    """The versions in which this very spelling exists: `keras.layers.core.Dense` dates a file.

    The packages in `FROZEN` are Keras 2 for good.
    """
    versions = versions_spelling(path)
    if is_frozen(path):
        return tuple(version for version in versions if version.startswith("2."))
    return versions


def versions_spelling(path: str) -> tuple[str, ...]:
    """The versions that have what follows the root, whatever package the root is."""
    short = below_root(path)
    name = canonical(path)
    if short is None or name is None:
        return ()
    module, _, last = short.rpartition(".")
    codes = "".join(codes for key, _, codes in spellings(module) if key == last)
    if not codes:
        found = symbol(name)
        return found.versions + (found.only_tensorflow if path.startswith("tensorflow") else ()) if found else ()
    digits = "".join(str("abcdefghij".index(code)) if code.isalpha() and path[0] == "t" else code for code in codes)
    return tuple(version for index, version in enumerate(VERSIONS) if str(index) in digits)


def well_known(name: str) -> str | None:
    """The Keras name that a bare name means in a snippet without imports, if it is unmistakably Keras.

    Layers, models, losses, metrics, optimizers, schedules, callbacks and applications count, unless the word
    is an ordinary one (`Add`, `Layer`, `Accuracy`): a wrong guess there would read foreign code as a model.
    """
    return "keras" if name == "keras" else well_known_names().get(name)


@cache
def well_known_names() -> dict[str, str]:
    found: dict[str, str] = {}
    for short, line in catalogue.symbol_lines().items():
        kind, category, _ = line.split("\t", 2)
        owner, _, name = short.rpartition(".")
        if name in WELL_KNOWN_FUNCTIONS or (
            category in WELL_KNOWN_CATEGORIES and (kind == "class" or category == "application") and name[0].isupper()
        ):
            # A loss and a metric share many names; the loss is what a snippet compiles with.
            found[name] = short if owner != "metrics" else found.get(name, short)
    for module in ("layers", "optimizers", "keras", "callbacks", "models"):
        found |= {
            name: target for name, target, _ in spellings(module) if name[0].isupper() and target in found.values()
        }
    return {name: catalogue.ROOT + target for name, target in sorted(found.items()) if name not in ORDINARY_WORDS}
