"""The generator of `keraslint/keras_api/data`: it asks real Keras versions for their public API and merges
the answers.

Only this program may look at Keras for the catalogue; what it writes is committed and never edited by hand.
To rerun, make one environment per importable version, unpack the two old releases, and then:

    python3.11 -m venv k315 && k315/bin/pip install keras==3.15.1 tensorflow==2.21.0
    python3.11 -m venv k30  && k30/bin/pip install keras==3.0.5 tensorflow-cpu==2.16.2
    python3.11 -m venv k215 && k215/bin/pip install tensorflow-cpu==2.15.1 "numpy<2"
    python3.11 -m venv k212 && k212/bin/pip install tensorflow-cpu==2.12.1 "numpy<2"
    pip download --no-deps Keras==2.2.4 keras-applications==1.0.6 keras-preprocessing==1.0.5  # unzip: src22
    pip download --no-deps --no-build-isolation Keras==1.2.2  # untar: src12

    for each ENV: ENV/bin/python tools/generate_keras_api.py dump --out ENV.json
    python tools/generate_keras_api.py source src22 2.2 --out 22.json
    python tools/generate_keras_api.py source src12 1.2 --out 12.json
    for each ENV: ENV/bin/python tools/generate_keras_api.py dump --known *.json --out ENV.json   # see below
    python tools/generate_keras_api.py merge *.json          # the order of the files does not matter

The second `dump` asks every class that has **kwargs for every keyword of any version; `merge` refuses dumps
that did not. `dump` needs nothing of keraslint, `source` and `merge` need nothing but Python. The result
depends on the inputs alone.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import json
import pkgutil
import re
import sys
import types
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "keraslint" / "keras_api" / "data"

# Roots under which the same names live; what follows the root is what counts.
PUBLIC_ROOTS = {3: ("keras", "keras._tf_keras.keras"), 2: ("keras.api._v2.keras", "keras.api._v1.keras")}
PRIVATE_ROOTS = ("keras.src.", "keras.", "tensorflow.python.keras.")

# Classes whose methods a reader of programs has to understand.
METHOD_OWNERS = {
    "Model", "Sequential", "Layer", "ImageDataGenerator", "Tokenizer", "TextVectorization", "Normalization",
    "StringLookup", "IntegerLookup", "Discretization", "Optimizer", "Callback",
}  # fmt: skip

# Values with which a class can be constructed, by the name of the required parameter.
SAMPLE_VALUES: dict[str, Any] = {
    "units": 2, "filters": 2, "kernel_size": 1, "rate": 0.5, "stddev": 0.5, "pool_size": 2, "input_dim": 4,
    "output_dim": 2, "target_shape": (4,), "dims": (1,), "n": 2, "function": abs, "activation": "relu",
    "axes": 1, "num_heads": 2, "key_dim": 2, "height": 4, "width": 4, "factor": 0.5, "scale": 0.5,
    "height_factor": 0.5, "width_factor": 0.5, "bin_boundaries": [0.0, 1.0], "num_tokens": 4, "num_bins": 4,
    "groups": 1, "seed": 1, "monitor": "loss", "filepath": "probe.keras", "schedule": abs,
    "sequence_length": 4, "vocabulary_size": 4, "head_dim": 2, "num_query_heads": 2,
    "num_key_value_heads": 1, "learning_rate": 0.01, "num_classes": 2, "target_class_ids": [0],
    "recall": 0.5, "precision": 0.5, "specificity": 0.5, "sensitivity": 0.5, "fn": abs,
    "initial_learning_rate": 0.1, "decay_steps": 5, "decay_rate": 0.5, "end_learning_rate": 0.01,
    "tensor_shape": (4,), "max_value": 1.0, "crossing_bins": 4,
}  # fmt: skip

# Keywords that some Keras version takes through **kwargs, each with a value that differs from its default.
PROBES: dict[str, Any] = {
    "name": "other", "dtype": "float64", "trainable": False, "input_shape": (4, 4, 4),
    "batch_input_shape": (2, 4, 4, 4), "batch_shape": (2, 4, 4, 4), "batch_size": 2, "input_dim": 4,
    "input_length": 4, "weights": [], "autocast": False, "activity_regularizer": "l2", "dynamic": True,
    "implementation": 2, "input_dtype": "float64", "time_major": True, "input_tensor": None, "sparse": True,
    "lr": 0.5, "decay": 0.5, "schedule_decay": 0.5, "clipnorm": 0.5, "clipvalue": 0.5,
    "global_clipnorm": 0.5, "weight_decay": 0.5, "use_ema": True, "ema_momentum": 0.5, "jit_compile": False,
    "loss_scale_factor": 2.0, "gradient_accumulation_steps": 2, "gradient_aggregator": None, "epsilon": 0.5,
    "reduction": "sum", "from_logits": True, "period": 2, "save_freq": 5, "unknown_keyword": 1,
}  # fmt: skip
LAYER_SETTINGS = {"name", "dtype", "trainable", "autocast"}
COMPANIONS: dict[str, dict[str, Any]] = {
    "batch_size": {"input_shape": (4, 4, 4)},
    "input_length": {"input_dim": 4},
}
REFUSAL = re.compile("recogni|not understood|not a valid|no longer|deprecated|nvalid keyword|keyword argument")

Signature = str
Record = dict[str, Any]


# --- signatures as text -------------------------------------------------------------------------------------


def plain(value: object) -> str:
    """The default as a literal, or `...` when it is no plain value."""
    if value is None or isinstance(value, bool | int | str):
        return repr(value)
    if isinstance(value, float):
        return repr(float(value)).replace("inf", "1e999")
    if isinstance(value, tuple | list) and all(plain(item) != "..." for item in value):
        items = ", ".join(plain(item) for item in value)
        if isinstance(value, list):
            return f"[{items}]"
        return f"({items},)" if len(value) == 1 else f"({items})"
    return "..."


def written(parameters: Iterable[tuple[str, str, str | None]]) -> Signature:
    """`units, activation=None, *, kernel=..., **kwargs` for (name, kind, default) triples."""
    parts: list[str] = []
    star = False
    for name, kind, default in parameters:
        if kind == "keyword_only" and not star:
            parts.append("*")
            star = True
        star = star or kind == "var_positional"
        prefix = {"var_positional": "*", "var_keyword": "**"}.get(kind, "")
        parts.append(prefix + name + ("" if default is None else f"={default}"))
    return ", ".join(parts)


# --- dump: one installed Keras ------------------------------------------------------------------------------

KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: "positional",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional",
    inspect.Parameter.KEYWORD_ONLY: "keyword_only",
    inspect.Parameter.VAR_POSITIONAL: "var_positional",
    inspect.Parameter.VAR_KEYWORD: "var_keyword",
}


def signature_of(obj: Any, drop_self: bool) -> Signature | None:
    try:
        parameters = list(inspect.signature(obj).parameters.values())
    except (TypeError, ValueError):
        return None
    empty = inspect.Parameter.empty
    return written(
        (p.name, KINDS[p.kind], None if p.default is empty else plain(p.default))
        for p in parameters[1 if drop_self else 0 :]
    )


def class_signature(keras: Any, cls: Any) -> Signature | None:
    if cls is keras.Model:
        # Model.__init__ takes anything and becomes a Functional; that is what programs write.
        functional = sys.modules.get("keras.src.models.functional") or sys.modules.get("keras.src.engine.functional")
        functional = functional or sys.modules["keras.engine.functional"]
        return signature_of(functional.Functional.__init__, True)
    if cls.__init__ is object.__init__:
        return ""
    # An `__init__(*args, **kwargs)` only passes on to the one of a base class.
    inits = (signature_of(vars(base)["__init__"], True) for base in cls.__mro__[:-1] if "__init__" in vars(base))
    return next((signature for signature in inits if signature != "*args, **kwargs"), None)


def walk(module: Any, root: str, path: str, seen: set[str]) -> Iterator[tuple[str, Any]]:
    """Every public class and function under a public module, as (path below the root, object)."""
    seen.add(path)
    for name in sorted(vars(module)):
        value = vars(module)[name]
        if name.startswith("_") or name in {"src", "api", "dtensor", "estimator"}:
            continue
        if isinstance(value, types.ModuleType):
            if value.__name__.startswith(root) and f"{path}.{name}" not in seen:
                yield from walk(value, root, f"{path}.{name}", seen)
        elif inspect.isclass(value) or callable(value):
            yield f"{path}.{name}", value


def category_of(bases: dict[str, Any], obj: Any, path: str) -> str:
    if inspect.isclass(obj):
        for category, base in bases.items():
            if base is not None and issubclass(obj, base):
                return category
    return category_of_path(path)


HELPERS = {
    "get",
    "serialize",
    "deserialize",
    "deserialize_keras_object",
    "serialize_keras_object",
    "get_from_module",
}


def category_of_path(path: str) -> str:
    last = path.rsplit(".", 1)[-1]
    function = last[:1].islower()
    if last in HELPERS:
        return "other"
    match path.split(".")[1:]:
        case ["activations", _]:
            return "activation"
        case ["losses" | "objectives", _]:
            return "loss"
        case ["metrics", _]:
            return "metric"
        case ["applications", *_] if last in {"preprocess_input", "decode_predictions"}:
            return "preprocessing"
        case ["applications", *_] if not function:
            return "application"
        case ["datasets", *_]:
            return "dataset"
        case ["ops" | "backend" | "random", *_]:
            return "op"
        case ["preprocessing", *_]:
            return "preprocessing"
        case ["utils", name] if name.endswith("_from_directory") or name in {
            "to_categorical",
            "normalize",
            "pad_sequences",
        }:
            return "preprocessing"
        case ["initializers" | "initializations", _]:
            return "initializer"
        case [("regularizers" | "constraints") as kind, _]:
            return kind[:-1]
    return "other"


def base_classes(keras: Any) -> dict[str, Any]:
    def find(path: str) -> Any:
        value: Any = keras
        for part in path.split("."):
            value = getattr(value, part, None)
        return value

    return {
        "model": find("Model"),
        "metric": find("metrics.Metric"),
        "layer": find("layers.Layer"),
        "loss": find("losses.Loss"),
        "schedule": find("optimizers.schedules.LearningRateSchedule"),
        "optimizer": find("optimizers.Optimizer"),
        "callback": find("callbacks.Callback"),
        "initializer": find("initializers.Initializer"),
        "regularizer": find("regularizers.Regularizer"),
        "constraint": find("constraints.Constraint"),
    }


def private_paths(known: dict[int, Record]) -> None:
    """Adds the paths inside Keras's own packages, as programs that import from private modules write them."""
    for module_name in sorted(sys.modules):
        module = sys.modules[module_name]
        root = next((root for root in PRIVATE_ROOTS if module_name.startswith(root)), None)
        if (
            root is None
            or module is None
            or module_name.startswith(("keras.api", "keras._tf_keras"))
            or module_name == "keras.src"
        ):
            continue
        for name, value in sorted(vars(module).items()):
            record = known.get(id(value))
            defined_here = getattr(value, "__module__", None) == module_name
            if record is not None and not name.startswith("_") and (defined_here or hasattr(module, "__path__")):
                record["private"].add(f"keras.{module_name[len(root) :]}.{name}")


def frozen_tensorflow_copy(known: dict[int, Record]) -> None:
    """The paths of TensorFlow's own frozen copy of Keras 2.5, `tensorflow.python.keras`, by class name."""
    try:
        package = importlib.import_module("tensorflow.python.keras")
    except ImportError:
        return
    by_name: dict[str, list[Record]] = {}
    for record in known.values():
        by_name.setdefault(record["name"], []).append(record)
    for info in pkgutil.walk_packages(package.__path__, "tensorflow.python.keras."):
        with suppress(Exception):
            module = importlib.import_module(info.name)
            for name, value in vars(module).items():
                here = getattr(value, "__module__", "") == info.name or (
                    info.ispkg and str(getattr(value, "__module__", "")).startswith(info.name)
                )
                records = by_name.get(name, [])
                if here and callable(value) and len(records) == 1:
                    records[0]["private"].add(f"keras.{info.name.removeprefix('tensorflow.python.keras.')}.{name}")


def methods_of(cls: type) -> dict[str, Signature]:
    found: dict[str, Signature] = {}
    for name in sorted(dir(cls)):
        value = inspect.getattr_static(cls, name)
        if name.startswith("_") or not callable(getattr(cls, name, None)):
            continue
        bound = isinstance(value, classmethod | staticmethod)
        signature = signature_of(getattr(cls, name), not bound)
        if signature is not None:
            found[name] = signature
    return found


def sample(cls: Any, **extra: Any) -> Any:
    """An instance built from the sample values, or an exception when they do not suffice."""
    values: dict[str, Any] = {}
    for parameter in list(inspect.signature(cls.__init__).parameters.values())[1:]:
        required = parameter.default is inspect.Parameter.empty and not KINDS[parameter.kind].startswith("var_")
        if required and parameter.name not in extra:
            values[parameter.name] = SAMPLE_VALUES[parameter.name]
    return cls(**values, **extra)


def wrapped_layer(keras: Any, cls: Any) -> dict[str, Any]:
    """The layer that a wrapper such as TimeDistributed needs, in whatever way it calls it."""
    needed = inspect.signature(cls.__init__).parameters
    if "cell" in needed:
        return {"cell": keras.layers.LSTMCell(2)}
    if "layer" in needed and needed["layer"].default is inspect.Parameter.empty:
        return {"layer": keras.layers.LSTM(2)}
    return {}


def described(instance: Any) -> str:
    """What an instance remembers of its arguments, with nothing in it that changes from one instance to the
    next."""
    state = repr(sorted((key, repr(value)) for key, value in vars(instance).items()))
    with suppress(Exception):
        state += repr(sorted(instance.get_config().items()))
    return re.sub(r"0x[0-9a-f]+|_\d+|\d{6,}", "", state)


def keywords_looked_up(cls: type) -> set[str]:
    """The names that the constructors of a class and of its bases look up in their **kwargs."""
    found: set[str] = set()
    for base in cls.__mro__:
        with suppress(OSError, TypeError):
            source = inspect.getsource(vars(base)["__init__"]) if "__init__" in vars(base) else ""
            found.update(re.findall(r'kwargs(?:\.\w+\(|\[)\s*["\'](\w+)["\']', source))
            found.update(re.findall(r'["\'](\w+)["\'] (?:not )?in kwargs', source))
    return found


def keywords_of(cls: type) -> set[str]:
    """Every keyword that a constructor of the class or of a base, public or not, names or looks up."""
    found = keywords_looked_up(cls)
    for base in cls.__mro__[:-1]:
        if "__init__" in vars(base):
            found.update(named_in(signature_of(vars(base)["__init__"], True) or ""))
    return found


def named_in(signature: Signature) -> set[str]:
    """The names of the parameters that can be given by keyword."""
    if not signature:
        return set()
    arguments = ast.parse(f"lambda {signature}: 0", mode="eval").body
    assert isinstance(arguments, ast.Lambda)
    return {argument.arg for argument in (*arguments.args.args, *arguments.args.kwonlyargs)}


def vocabulary(records: Iterable[Record]) -> set[str]:
    """Every keyword that the constructors of some version know, by their signatures and in **kwargs."""
    found: set[str] = set()
    for record in records:
        if record["kind"] == "class":
            found |= named_in(record["signature"] or "")
            found.update((record.get("keywords") or {}).get("accepted", ()))
            found.update(record.get("renamed", {}).get("", ()))
    return found


def values_for(keyword: str) -> list[Any]:
    """Values of many types to try a keyword with, one that is known to suit it first."""
    known = [table[keyword] for table in (PROBES, SAMPLE_VALUES) if keyword in table]
    return [*known, True, 1, 0.5, "l2", (1, 1), [1]]


def outcome_of(build: Callable[..., Any], keyword: str, unknown: str | None) -> tuple[str, Any]:
    """What the constructor makes of a keyword, and the instance if there is one.

    Refused is only what Keras refuses in the words that it has for a keyword nobody knows (`unknown`), or
    in which it names the keyword as one that it does not take. An instance from any value is an acceptance.
    """
    verdict = "unclear"
    for value in values_for(keyword):
        try:
            return "accepted", build(**{keyword: value})
        except Exception as error:
            words = str(error)
        if unknown is not None and without_keyword(words, keyword, value) == unknown:
            return "refused", None
        if keyword in words and REFUSAL.search(words):
            verdict = "refused"
    if verdict == "unclear":
        with suppress(Exception):
            return "accepted", build(**{keyword: None})
    return verdict, None


def without_keyword(words: str, keyword: str, value: object) -> str:
    """An error message with the keyword and its value taken out, to compare it with another keyword's."""
    return re.sub(rf"\b{keyword}\b|{re.escape(repr(value))}", "", re.sub(r"0x[0-9a-f]+", "", words))


def probe(keras: Any, cls: type, signature: Signature, keywords: Iterable[str]) -> Record | None:
    """Which extra keywords a class with **kwargs accepts, drops without effect, or refuses; None if it can't
    be built."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            needed = wrapped_layer(keras, cls)
            usual = described(sample(cls, **needed))
        except Exception:
            return None
        build = partial(sample, cls, **needed)
        unknown = None
        try:
            build(unknown_keyword=1)
        except Exception as error:
            unknown = without_keyword(str(error), "unknown_keyword", 1)
        outcome: Record = {"accepted": [], "dropped": [], "refused": [], "unclear": []}
        for keyword in sorted({*keywords, *PROBES} - named_in(signature)):
            without, companions = usual, COMPANIONS.get(keyword, {})
            if companions:
                with suppress(Exception):
                    without = described(build(**companions))
            verdict, instance = outcome_of(partial(build, **companions), keyword, unknown)
            if verdict != "accepted" and companions:
                without = usual
                verdict, instance = outcome_of(build, keyword, unknown)
            if verdict == "accepted" and keyword in PROBES and described(instance) == without:
                verdict = "dropped"
            outcome[verdict].append(keyword)
    return outcome


def identifiers(keras: Any, known: dict[int, Record]) -> dict[str, dict[str, str]]:
    """Every string that `get` of a category understands, with the object that it means."""
    answers: dict[str, dict[str, str]] = {}
    for plural in (
        "losses",
        "metrics",
        "activations",
        "optimizers",
        "initializers",
        "regularizers",
        "constraints",
    ):
        module = getattr(keras, plural)
        found: dict[str, str] = {}
        for candidate in sorted(candidates(plural, module)):
            with warnings.catch_warnings(), suppress(Exception):
                warnings.simplefilter("ignore")
                result = module.get(candidate)
                record = known.get(id(result)) or known.get(id(type(result)))
                if record is not None:
                    found[candidate] = record["paths"][0]
        answers[plural] = found
    return answers


def candidates(plural: str, module: Any) -> set[str]:
    names = {name for name in dir(module) if not name.startswith("_")}
    for source in (f"keras.src.{plural}", f"keras.{plural}", f"tensorflow.keras.{plural}"):
        inner = sys.modules.get(source)
        if inner is not None:
            names |= set(getattr(inner, "ALL_OBJECTS_DICT", ())) | {n for n in dir(inner) if not n.startswith("_")}
    snake = {re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower() for name in names}
    names |= snake | {name.lower() for name in names}
    return {n for n in names if n.lower() not in {"get", "serialize", "deserialize"}}


def wrapped_functions(known: dict[int, Record]) -> dict[str, list[list[str]]]:
    """Pairs (function, class) where the loss or metric class is only a wrapper of the function."""
    pairs: dict[str, list[list[str]]] = {"loss": [], "metric": []}
    for record in known.values():
        cls = record["object"]
        if record["category"] in pairs and inspect.isclass(cls):
            with suppress(Exception):
                instance = sample(cls)
                function = getattr(instance, "fn", None) or getattr(instance, "_fn", None)
                wrapped = known.get(id(function))
                if wrapped is not None:
                    pairs[record["category"]].append([wrapped["paths"][0], record["paths"][0]])
    return pairs


def public_objects(root: str, only_tensorflow: bool, known: dict[int, Record], claimed: set[str]) -> None:
    """Adds what one public root offers; a path that an earlier root has already claimed keeps its meaning."""
    offered: dict[int, list[str]] = {}
    objects: dict[int, Any] = {}
    for path, obj in walk(importlib.import_module(root), root, "keras", set()):
        offered.setdefault(id(obj), []).append(path)
        objects[id(obj)] = obj
    for key, paths in offered.items():
        if key not in known and any(path in claimed for path in paths):
            continue
        if (
            objects[key].__name__ == "LegacyOptimizerWarning"
        ):  # what Keras 3 leaves at keras.optimizers.legacy.*: it only raises
            continue
        record = known.setdefault(key, {"object": objects[key], "paths": [], "tensorflow": [], "private": set()})
        record["tensorflow" if only_tensorflow else "paths"] += [path for path in paths if path not in claimed]
    claimed.update(path for paths in offered.values() for path in paths)


def finish(keras: Any, record: Record, bases: dict[str, Any], known: dict[int, Record]) -> None:
    """Fills in what a record says about its object."""
    obj = record["object"]
    path = (record["paths"] + record["tensorflow"])[0]
    record["kind"] = "class" if inspect.isclass(obj) else "function"
    record["category"] = category_of(bases, obj, path)
    if inspect.isclass(obj):
        record["signature"] = class_signature(keras, obj)
        record["bases"] = [
            (known[id(base)]["paths"] + known[id(base)]["tensorflow"])[0]
            for base in obj.__mro__[1:]
            if id(base) in known
        ]
        if record["name"] in METHOD_OWNERS:
            record["methods"] = methods_of(obj)
    else:
        record["signature"] = signature_of(obj, False)


def probe_all(keras: Any, records: Iterable[Record], earlier: list[Path]) -> list[str]:
    """Asks each class with **kwargs for every keyword of any class here or in the earlier dumps; returns
    them."""
    classes = [record for record in records if record["kind"] == "class"]
    keywords = {*PROBES, *vocabulary(classes)}
    for record in classes:
        keywords |= keywords_of(record["object"])
    for file in earlier:
        keywords.update(json.loads(file.read_text())["vocabulary"])
    for record in classes:
        if record["signature"] and "**" in record["signature"] and record["category"] != "model":
            record["keywords"] = probe(keras, record["object"], record["signature"], keywords)
    return sorted(keywords)


def dump(out: Path, earlier: list[Path]) -> None:
    keras = importlib.import_module("keras")
    importlib.import_module("tensorflow")
    release = keras.__version__.split(".")
    known: dict[int, Record] = {}
    claimed: set[str] = set()
    for root in PUBLIC_ROOTS[int(release[0])]:
        public_objects(root, root == "keras._tf_keras.keras", known, claimed)
    if release[0] == "2":
        keras = importlib.import_module("keras.api._v2.keras")
    registered = getattr(sys.modules.get("keras.src.api_export"), "REGISTERED_OBJS_TO_NAMES", {})
    for record in known.values():
        first = registered.get(record["object"])
        record["name"] = getattr(record["object"], "__name__", "")
        for paths in (record["paths"], record["tensorflow"]):
            paths.sort(key=partial(preference, name=record["name"], registered=first))
    bases = base_classes(keras)
    for record in known.values():
        finish(keras, record, bases, known)
    probed = probe_all(keras, known.values(), earlier)
    private_paths(known)
    if release[0] == "2":
        frozen_tensorflow_copy(known)
    answers = {
        "version": ".".join(release[:2]),
        "vocabulary": probed,
        "identifiers": identifiers(keras, {key: record for key, record in known.items() if record["paths"]}),
        "wrapped": wrapped_functions({key: record for key, record in known.items() if record["paths"]}),
        "objects": [{key: value for key, value in record.items() if key != "object"} for record in known.values()],
    }
    out.write_text(json.dumps(answers, indent=1, sort_keys=True, default=sorted))


def preference(path: str, name: str, registered: str | None) -> tuple[bool, int, bool, bool, bool, str]:
    """Orders the spellings of one object: out of the way ones last, then short ones, then Keras's own
    choice."""
    aside = any(part in {"legacy", "experimental", "estimator", "objectives"} for part in path.split("."))
    return (
        aside,
        path.count("."),
        path.startswith("keras.metrics.") and name[:1].islower(),
        not path.endswith("." + name),
        path != registered,
        path,
    )


# --- source: a release too old to import, read by its syntax trees ------------------------------------------


class Definition:
    """A class or function of an old release: its node and the module that holds it."""

    def __init__(self, module: str, node: ast.ClassDef | ast.FunctionDef) -> None:
        self.module, self.node = module, node


Namespace = dict[str, "Definition | str"]  # a definition, or the name of a module


class Archive:
    """The modules of an unpacked release and what every name in them stands for."""

    def __init__(self, folder: Path) -> None:
        self.trees: dict[str, ast.Module] = {}
        self.packages: set[str] = set()
        self.spaces: dict[str, Namespace] = {}
        for top in ("keras", "keras_applications", "keras_preprocessing"):
            for file in sorted((folder / top).rglob("*.py")):
                parts = file.relative_to(folder).with_suffix("").parts
                if parts[-1] == "__init__":
                    parts = parts[:-1]
                    self.packages.add(".".join(parts))
                self.trees[".".join(parts)] = ast.parse(file.read_text(encoding="utf-8"))

    def namespace(self, module: str) -> Namespace:
        if module not in self.spaces:
            # Entered before it is filled: imports run in circles here as they do in Python.
            space = self.spaces[module] = {}
            for statement in flattened(self.trees[module].body):
                self.execute(module, statement, space)
        return self.spaces[module]

    def execute(self, module: str, statement: ast.stmt, space: Namespace) -> None:
        match statement:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                space[name] = Definition(module, statement)
            case ast.Assign(targets=targets, value=ast.Name(id=source)) if source in space:
                space.update({target.id: space[source] for target in targets if isinstance(target, ast.Name)})
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Attribute() as value):
                definition = self.resolve(module, value)
                if definition is not None:
                    space[name] = definition
            case ast.ImportFrom():
                self.import_from(module, statement, space)

    def import_from(self, module: str, statement: ast.ImportFrom, space: Namespace) -> None:
        base = statement.module or ""
        if statement.level:
            above = statement.level - (module in self.packages)
            base = ".".join([*module.split(".")[: len(module.split(".")) - above], *filter(None, [base])])
        if base not in self.trees:
            return
        for alias in statement.names:
            if alias.name == "*":
                space.update({name: value for name, value in self.namespace(base).items() if not name.startswith("_")})
            elif f"{base}.{alias.name}" in self.trees:
                space[alias.asname or alias.name] = f"{base}.{alias.name}"
            elif alias.name in self.namespace(base):
                space[alias.asname or alias.name] = self.namespace(base)[alias.name]

    def resolve(self, module: str, expression: ast.expr) -> Definition | None:
        match expression:
            case ast.Name(id=name):
                found = self.namespace(module).get(name)
            case ast.Attribute(value=ast.Name(id=inner), attr=name):
                owner = self.namespace(module).get(inner)
                found = self.namespace(owner).get(name) if isinstance(owner, str) else None
            case _:
                found = None
        return found if isinstance(found, Definition) else None

    def ancestry(self, definition: Definition) -> list[Definition]:
        chain = [definition]
        if isinstance(definition.node, ast.ClassDef):
            for base in definition.node.bases:
                parent = self.resolve(definition.module, base)
                if parent is not None:
                    chain += self.ancestry(parent)
        return chain


def flattened(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        match statement:
            case ast.If():
                yield from flattened(statement.body + statement.orelse)
            case ast.Try():
                yield from flattened(statement.body)
            case _:
                yield statement


def literal(node: ast.expr) -> str:
    try:
        return plain(ast.literal_eval(node))
    except ValueError:
        return "..."


def ast_signature(function: ast.FunctionDef, drop_self: bool) -> Signature:
    arguments = function.args
    names = [argument.arg for argument in arguments.args]
    defaults: list[str | None] = [None] * (len(names) - len(arguments.defaults)) + [
        literal(d) for d in arguments.defaults
    ]
    triples: list[tuple[str, str, str | None]] = [
        (name, "positional", default) for name, default in zip(names, defaults, strict=True)
    ][1 if drop_self else 0 :]
    if arguments.vararg:
        triples.append((arguments.vararg.arg, "var_positional", None))
    if arguments.kwarg:
        triples.append((arguments.kwarg.arg, "var_keyword", None))
    return written(triples)


def functions_of(definition: Definition) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in definition.node.body if isinstance(node, ast.FunctionDef)}


def source_signature(archive: Archive, definition: Definition) -> Signature | None:
    if isinstance(definition.node, ast.ClassDef):
        for ancestor in archive.ancestry(definition):
            if "__init__" in functions_of(ancestor):
                return ast_signature(functions_of(ancestor)["__init__"], True)
        return None
    signature = ast_signature(definition.node, False)
    match definition.node.body[-1]:
        case ast.Return(value=ast.Call(func=callee)) if signature == "*args, **kwargs":
            target = archive.resolve(definition.module, callee)
            return ast_signature(target.node, False) if target and isinstance(target.node, ast.FunctionDef) else None
    return signature


def source_keywords(archive: Archive, definition: Definition, signature: Signature) -> Record | None:
    """The keywords that the constructors along the class hierarchy look up in **kwargs; None when the set
    isn't closed."""
    accepted: set[str] = set()
    filled: set[str] = set()  # what a subclass itself hands to its base class cannot be given a second time
    closed = False
    for ancestor in archive.ancestry(definition):
        init = functions_of(ancestor).get("__init__")
        if init is None:
            continue
        accepted |= {argument.arg for argument in init.args.args[1:]}
        for node in ast.walk(init):
            match node:
                case ast.Call(func=ast.Attribute(attr="__init__"), keywords=given):
                    filled |= {keyword.arg for keyword in given if keyword.arg}
                case ast.Assign(targets=[ast.Name(id="allowed_kwargs")], value=ast.Set(elts=items)):
                    closed = True
                    accepted |= {str(ast.literal_eval(item)) for item in items}
                case ast.Call(func=ast.Attribute(value=ast.Name(id="kwargs")), args=[ast.Constant(value=str(key)), *_]):
                    accepted.add(key)
                case ast.Compare(left=ast.Constant(value=str(key)), comparators=[ast.Name(id="kwargs")]):
                    accepted.add(key)
    named = re.findall(r"\w+", re.sub(r"=[^,]*", "", signature))
    accepted -= {*named, *filled - {"name", "dtype", "trainable"}}
    return (
        {"accepted": sorted(accepted), "dropped": [], "refused": ["unknown_keyword"], "unclear": []} if closed else None
    )


ROOT_CLASSES = {
    "Sequential": "model", "Model": "model", "Optimizer": "optimizer", "Callback": "callback",
    "Initializer": "initializer", "Regularizer": "regularizer", "Constraint": "constraint", "Layer": "layer",
}  # fmt: skip


def conversions(archive: Archive) -> dict[str, dict[str, str]]:
    """The tables of Keras 2's `legacy/interfaces.py`: for each decorator, the Keras 1 keyword and what it
    became."""
    tables: dict[str, dict[str, str]] = {}
    for statement in archive.trees.get("keras.legacy.interfaces", ast.Module([], [])).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(keywords=keywords)):
                for keyword in keywords:
                    if keyword.arg == "conversions":
                        tables[name] = dict(ast.literal_eval(keyword.value))
    return tables


def converted(function: ast.FunctionDef | None, tables: dict[str, dict[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for decorator in function.decorator_list if function else ():
        if isinstance(decorator, ast.Attribute):
            found |= tables.get(decorator.attr, {})
    return found


def source_record(
    archive: Archive, definition: Definition, paths: dict[str, bool], tables: dict[str, dict[str, str]]
) -> Record:
    """What is known of one definition; `paths` tells which of its spellings are public."""
    node = definition.node
    public = sorted(
        (path for path, is_public in paths.items() if is_public),
        key=lambda path: preference(path, node.name, None),
    )
    record: Record = {
        "name": node.name,
        "kind": "class" if isinstance(node, ast.ClassDef) else "function",
        "paths": public,
        "tensorflow": [],
        "private": sorted(path for path, is_public in paths.items() if not is_public),
        "signature": source_signature(archive, definition),
        "category": category_of_path((public or [""])[0]),
        "renamed": {},
    }
    if isinstance(node, ast.ClassDef):
        chain = archive.ancestry(definition)
        names = [ancestor.node.name for ancestor in chain]
        record["category"] = next(
            (category for root, category in ROOT_CLASSES.items() if root in names), record["category"]
        )
        inits = (functions_of(ancestor).get("__init__") for ancestor in chain)
        record["renamed"][""] = converted(next(filter(None, inits), None), tables)
        if record["signature"] and "**" in record["signature"] and record["category"] != "model":
            record["keywords"] = source_keywords(archive, definition, record["signature"])
        if node.name in METHOD_OWNERS:
            methods = {
                name: function for ancestor in reversed(chain) for name, function in functions_of(ancestor).items()
            }
            record["methods"] = {name: ast_signature(f, True) for name, f in sorted(methods.items()) if name[0] != "_"}
            record["renamed"] |= {name: converted(function, tables) for name, function in methods.items()}
    return record


def source_paths(archive: Archive) -> dict[int, tuple[Definition, dict[str, bool]]]:
    """Every spelling of every definition of the package, with whether it is a public one."""
    found: dict[int, tuple[Definition, dict[str, bool]]] = {}
    for module in sorted(tree for tree in archive.trees if tree.split(".")[0] == "keras"):
        inner = any(part in {"engine", "legacy"} or part.endswith("_backend") for part in module.split("."))
        for name, value in archive.namespace(module).items():
            if isinstance(value, str) or name.startswith("_") or value.module.endswith("legacy.interfaces"):
                continue
            shallow = module.count(".") <= 1
            home = value.module == module and module.split(".")[1:2] != ["backend"]
            # Programs import classes from where Keras itself does: `from keras.layers.core import Layer`.
            passing = isinstance(value.node, ast.ClassDef) and module.split(".")[1:2] in (
                ["layers"],
                ["engine"],
                ["legacy"],
            )
            if shallow or home or passing or module in archive.packages:
                _, paths = found.setdefault(id(value.node), (value, {}))
                paths[f"{module}.{name}"] = not inner and (shallow or home)
    return found


def source_identifiers(archive: Archive, records: list[Record]) -> dict[str, dict[str, str]]:
    """Old releases look an identifier up in the globals of the category's module, optimizers by lower case
    name."""
    spelled = {path: record for record in records for path in record["paths"]}
    modules = {"losses": ("losses", "objectives"), "initializers": ("initializers", "initializations")}
    answers: dict[str, dict[str, str]] = {}
    for plural in (
        "losses",
        "metrics",
        "activations",
        "optimizers",
        "initializers",
        "regularizers",
        "constraints",
    ):
        found: dict[str, str] = {}
        for module in modules.get(plural, (plural,)):
            for path, record in spelled.items():
                owner, _, name = path.rpartition(".")
                if owner == f"keras.{module}" and record["category"] in {plural[:-1], "loss", "metric"} | {
                    "initializer"
                }:
                    found[name.lower() if plural == "optimizers" else name] = record["paths"][0]
        answers[plural] = found
    return answers


def read_source(folder: Path, version: str, out: Path) -> None:
    archive = Archive(folder)
    tables = conversions(archive)
    records = [
        source_record(archive, definition, paths, tables) for definition, paths in source_paths(archive).values()
    ]
    records = [record for record in records if record["paths"]]
    answers = {
        "version": version,
        "read": True,
        "vocabulary": sorted(vocabulary(records)),
        "objects": records,
        "identifiers": source_identifiers(archive, records),
        "wrapped": {},
    }
    out.write_text(json.dumps(answers, indent=1, sort_keys=True))


# --- merge: all answers into the package data ---------------------------------------------------------------

PLURALS = {
    "losses": "loss", "metrics": "metric", "activations": "activation", "optimizers": "optimizer",
    "initializers": "initializer", "regularizers": "regularizer", "constraints": "constraint",
}  # fmt: skip

# Modules whose name changed between releases that share no spelling; no single Keras knows both.
RENAMED_MODULES = {"keras.initializations.": "keras.initializers.", "keras.objectives.": "keras.losses."}


class Entry:
    """One symbol over all versions. A code is the version's digit, or its letter where only `tf.keras` has
    the name."""

    def __init__(self, record: Record) -> None:
        self.kind, self.category = record["kind"], record["category"]
        self.codes: set[str] = set()
        self.bases: list[str] = []
        self.signatures: dict[int, Signature] = {}
        self.keywords: dict[int, Record] = {}
        self.renamed: dict[str, str] = {}
        self.spellings: dict[str, set[str]] = {}


class Catalogue:
    """The merged symbols, and for every spelling the symbol that it means in the newest version that has
    it."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.where: dict[str, str] = {}
        self.identifiers: dict[tuple[str, str], tuple[str, set[str]]] = {}
        self.wrappers: dict[tuple[str, str], str] = {}

    def target(self, record: Record) -> tuple[str, bool]:
        """The canonical name of a record, and whether the record is only another implementation of that
        symbol."""
        paths = record["paths"] + record["tensorflow"]
        plain_paths = [re.sub(r"\.(legacy|experimental)\b", "", path) for path in paths]
        if not set(paths) & set(plain_paths):
            for path in plain_paths:
                if path in self.where:
                    return self.where[path], True
        renamed = [
            new + path[len(old) :] for path in paths for old, new in RENAMED_MODULES.items() if path.startswith(old)
        ]
        known = [self.where[path] for path in [*paths, *renamed, *record["private"]] if path in self.where]
        return (known or paths)[0], False

    def add(self, index: int, record: Record) -> None:
        name, other = self.target(record)
        entry = self.entries.setdefault(name, Entry(record))
        digit, letter = str(index), "abcdefghij"[index]
        for path in [*record["paths"], *record["tensorflow"]]:
            if self.where.setdefault(path, name) == name:
                entry.spellings.setdefault(path, set()).add(letter if path in record["tensorflow"] else digit)
        record["canonical"] = name
        if other:
            return
        entry.codes.add(digit if record["paths"] else letter)
        # `*args, **kwargs` says nothing; a neighboring version then speaks for this one.
        if record["signature"] not in {None, "*args, **kwargs"} and index not in entry.signatures:
            entry.signatures[index] = record["signature"]
        if record.get("keywords"):
            entry.keywords.setdefault(index, record["keywords"])
        entry.renamed.update(record.get("renamed", {}).get("", {}))

    def add_private_paths(self, index: int, record: Record) -> None:
        """Where Keras keeps the object, unless another symbol is public under that very path."""
        name = record["canonical"]
        for path in record["private"]:
            if self.where.setdefault(path, name) == name:
                self.entries[name].spellings.setdefault(path, set()).add(str(index))

    def add_methods(self, index: int, record: Record) -> None:
        entry = self.entries[record["canonical"]]
        entry.bases = entry.bases or [self.where[base] for base in record.get("bases", []) if base in self.where]
        for method, signature in record.get("methods", {}).items():
            inherited = [f"{base}.{method}" for base in entry.bases if f"{base}.{method}" in self.entries]
            if inherited and (
                record["canonical"] == "keras.Sequential"
                or self.entries[inherited[0]].signatures.get(index) == signature
            ):
                continue
            name = f"{record['canonical']}.{method}"
            found = self.entries.setdefault(name, Entry({"kind": "function", "category": "other"}))
            found.codes.add(str(index) if record["paths"] else "abcdefghij"[index])
            found.signatures[index] = signature
            found.renamed.update(record.get("renamed", {}).get(method, {}))

    def add_identifiers(self, index: int, answers: dict[str, dict[str, str]]) -> None:
        for plural, found in answers.items():
            for identifier, path in found.items():
                category, name = PLURALS[plural], self.where.get(path, "")
                if name.count(".") > 1 and self.entries[name].category in {
                    category,
                    "loss" if category == "metric" else category,
                }:
                    key = (category, identifier.lower() if category == "optimizer" else identifier)
                    self.identifiers.setdefault(key, (name, set()))[1].add(str(index))


def merge(files: list[Path]) -> None:
    dumps = sorted((json.loads(file.read_text()) for file in files), key=lambda dump: version_key(dump["version"]))
    versions = [answers["version"] for answers in dumps]
    keywords = sorted({keyword for answers in dumps for keyword in answers["vocabulary"]})
    for answers in dumps:
        # What `source` reads is a closed list, which settles every keyword; what `dump` asks settles only that.
        if not answers.get("read") and answers["vocabulary"] != keywords:
            sys.exit(f"{answers['version']} was not asked for every keyword: dump it again with --known")
    catalogue = Catalogue()
    for index, answers in reversed(list(enumerate(dumps))):
        # A record that still carries its symbol's own name speaks for it before a namesake does.
        where = dict(catalogue.where)
        for record in sorted(
            answers["objects"], key=lambda r: (not any(where.get(p) == p for p in r["paths"]), first_path(r))
        ):
            catalogue.add(index, record)
        for record in sorted(answers["objects"], key=first_path):
            catalogue.add_private_paths(index, record)
        for record in sorted(answers["objects"], key=lambda r: (len(r.get("bases", [])), first_path(r))):
            catalogue.add_methods(index, record)
        catalogue.add_identifiers(index, answers["identifiers"])
        for kind, pairs in answers["wrapped"].items():
            for function, cls in pairs:
                catalogue.wrappers.setdefault((kind, catalogue.where[function]), catalogue.where[cls])
    write(catalogue, versions, keywords)


def version_key(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def first_path(record: Record) -> str:
    return str((record["paths"] + record["tensorflow"])[0])


def short(path: str) -> str:
    return path.removeprefix("keras.")


def write(catalogue: Catalogue, versions: list[str], keywords: list[str]) -> None:
    entries = dict(sorted(catalogue.entries.items()))
    DATA.mkdir(exist_ok=True)
    files = {
        "symbols.txt": ["\t".join(versions), *(symbol_line(name, entry) for name, entry in entries.items())],
        "spellings.txt": spelling_lines(entries),
        "keywords.txt": keyword_lines(entries),
        "vocabulary.txt": keywords,
        "renamed.txt": [
            "\t".join([short(name), *(f"{old}={new}" for old, new in sorted(entry.renamed.items()))])
            for name, entry in entries.items()
            if entry.renamed
        ],
        "identifiers.txt": [
            f"{category}\t{identifier}\t{''.join(sorted(codes))}\t{short(name)}"
            for (category, identifier), (name, codes) in sorted(catalogue.identifiers.items())
        ],
        "wrappers.txt": [
            f"{kind}\t{short(function)}\t{short(cls)}" for (kind, function), cls in sorted(catalogue.wrappers.items())
        ],
    }
    for file, lines in files.items():
        (DATA / file).write_text("\n".join(lines) + "\n", encoding="utf-8")


def symbol_line(name: str, entry: Entry) -> str:
    """name, kind, category, codes, bases, then each distinct signature after the digits of its versions."""
    by_signature: dict[str, str] = {}
    for index, signature in sorted(entry.signatures.items()):
        by_signature[signature] = by_signature.get(signature, "") + str(index)
    signatures = [f"{digits}:{signature}" for signature, digits in by_signature.items()]
    bases = " ".join(short(base) for base in entry.bases)
    return "\t".join([short(name), entry.kind, entry.category, "".join(sorted(entry.codes)), bases, *signatures])


def spelling_lines(entries: dict[str, Entry]) -> list[str]:
    """module, codes, then `Name=canonical` for every spelling that is not the canonical one in just those
    versions."""
    lines: dict[tuple[str, str], list[str]] = {}
    for name, entry in entries.items():
        for path, codes in sorted(entry.spellings.items()):
            if path == name and codes == entry.codes:
                continue
            module, _, last = path.rpartition(".")
            lines.setdefault((module, "".join(sorted(codes))), []).append(f"{last}={short(name)}")
    return ["\t".join([short(module), codes, *sorted(names)]) for (module, codes), names in sorted(lines.items())]


def keyword_lines(entries: dict[str, Entry]) -> list[str]:
    """version digit, accepted, dropped, unclear, refused where everything else passes; then the classes it
    holds for."""
    lines: dict[tuple[str, ...], list[str]] = {}
    for name, entry in entries.items():
        for index, found in entry.keywords.items():
            closed = "unknown_keyword" in found["refused"]
            # A class may set such a keyword itself, or was asked with its default: nobody misses an effect.
            without_effect = [k for k in found["dropped"] if k in PROBES and k not in LAYER_SETTINGS]
            # A class that drops whatever it doesn't know drops what it was tried with beyond PROBES, too.
            open_ended = "unknown_keyword" in found["dropped"]
            obeyed = [k for k in found["accepted"] if k in PROBES or not open_ended]
            accepted = [*obeyed, *(k for k in found["dropped"] if k not in without_effect)]
            kept = (accepted, without_effect, found["unclear"], [] if closed else found["refused"])
            fields = ("*" if "unknown_keyword" in keywords else " ".join(sorted(keywords)) for keywords in kept)
            lines.setdefault((str(index), *fields), []).append(short(name))
    return ["\t".join([*fields, " ".join(names)]) for fields, names in sorted(lines.items())]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    asked = commands.add_parser("dump", help="ask the Keras installed here")
    asked.add_argument("--out", type=Path, required=True)
    asked.add_argument("--known", type=Path, nargs="*", default=[], help="the first answers of all versions")
    read = commands.add_parser("source", help="read a release that no longer imports")
    read.add_argument("archive", type=Path)
    read.add_argument("version")
    read.add_argument("--out", type=Path, required=True)
    merged = commands.add_parser("merge", help="write the package data")
    merged.add_argument("dumps", type=Path, nargs="+")
    arguments = parser.parse_args()
    match arguments.command:
        case "dump":
            dump(arguments.out, arguments.known)
        case "source":
            read_source(arguments.archive, arguments.version, arguments.out)
        case _:
            merge(arguments.dumps)


if __name__ == "__main__":
    main()
