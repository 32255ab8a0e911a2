"""The strings that Keras understands ("mse", "adam"), and the classes behind loss and metric functions."""

import re
from difflib import get_close_matches
from functools import cache

from keraslint.keras_api import catalogue
from keraslint.keras_api.names import canonical
from keraslint.keras_api.symbols import VERSIONS, symbol

# `compile` gives these metric names a meaning of its own, after the loss and the shape of the output.
CHOSEN_BY_COMPILE = {
    "accuracy": "accuracy",
    "acc": "accuracy",
    "crossentropy": "crossentropy",
    "ce": "crossentropy",
}


def from_identifier(category: str, identifier: str, version: str | None = None) -> str | None:
    """The canonical name that Keras finds for a string: ("loss", "mse") -> "keras.losses.MeanSquaredError".

    Without a version the string may be of any; with one, None means that this Keras rejects it. The metrics
    "accuracy" and "crossentropy" (also "acc", "ce") are returned as such, because `compile` decides what
    they mean. Optimizers are case-insensitive, as in Keras.
    """
    if category == "metric" and identifier in CHOSEN_BY_COMPILE:
        return CHOSEN_BY_COMPILE[identifier]
    found = identifiers().get((category, identifier.lower() if category == "optimizer" else identifier))
    if found is None or (version is not None and str(VERSIONS.index(version)) not in found[1]):
        return None
    return wrappers().get((category, found[0]), found[0])


def loss_class(name: str) -> str | None:
    """The class of a loss function or class, however spelled: "keras.losses.mse" -> "MeanSquaredError"."""
    return class_of("loss", name)


def metric_class(name: str) -> str | None:
    """The class of a metric function or class, however spelled: "keras.metrics.AUC" -> "AUC"."""
    return class_of("metric", name)


def class_of(category: str, name: str) -> str | None:
    path = canonical(name)
    if path is None:
        return None
    path = wrappers().get((category, path), path)
    found = symbol(path)
    if found is None or found.kind != "class" or found.category != category:
        return None
    return path.rpartition(".")[2]


def is_class_of(category: str, identifier: str) -> bool:
    """Whether a string is the name of a class of that category, as it is or in small letters with underscores: Keras
    finds it, though it may not be able to make one without arguments."""
    names = {path.rpartition(".")[2] for (kind, _), (path, _) in identifiers().items() if kind == category}
    module = f"{'losses' if category == 'loss' else f'{category}s'}."
    names |= {name.removeprefix(module) for name in catalogue.symbol_lines() if name.startswith(module)}
    return category != "activation" and any(identifier in (name, snake_case(name)) for name in names)


def snake_case(name: str) -> str:
    """As Keras makes a name of a class: ``MeanIoU`` -> ``mean_io_u``."""
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)).lower()


def nearest_identifier(category: str, identifier: str, version: str) -> str | None:
    """The string of that version that was most likely meant: the same in other letters, else a similar one."""
    known = [
        text
        for (kind, text), (_, digits) in identifiers().items()
        if kind == category and str(VERSIONS.index(version)) in digits
    ]
    if category == "metric":
        known += CHOSEN_BY_COMPILE

    def plain(text: str) -> str:
        return text.lower().replace("_", "").replace("-", "").replace(" ", "")

    known.sort(key=lambda text: (not text.islower(), len(text)))
    same = next((text for text in known if plain(text) == plain(identifier)), None)
    close = get_close_matches(identifier.lower(), [text for text in known if text.islower()], 1, 0.75)
    return same or next(iter(close), None)


@cache
def identifiers() -> dict[tuple[str, str], tuple[str, str]]:
    """(category, string) -> (canonical name, version digits)."""
    rows = (line.split("\t") for line in catalogue.lines("identifiers.txt"))
    return {(category, text): (catalogue.ROOT + name, digits) for category, text, digits, name in rows}


@cache
def wrappers() -> dict[tuple[str, str], str]:
    """("loss" or "metric", canonical function) -> the canonical class that wraps it."""
    rows = (line.split("\t") for line in catalogue.lines("wrappers.txt"))
    return {(kind, catalogue.ROOT + function): catalogue.ROOT + cls for kind, function, cls in rows}
