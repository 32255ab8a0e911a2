"""The catalogue compared with the Keras that is installed: it must say what Keras itself says."""

import inspect
from contextlib import suppress
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace
from typing import Any

import pytest

from keraslint.keras_api import (
    OPAQUE,
    REQUIRED,
    VERSIONS,
    accepts,
    canonical,
    dropped_in_silence,
    from_identifier,
    modern_argument,
    symbol,
)
from keraslint.keras_api.arguments import vocabulary

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def keras() -> Any:
    return pytest.importorskip("keras")


@pytest.fixture(scope="module")
def version(keras: Any) -> str:
    installed = ".".join(keras.__version__.split(".")[:2])
    if installed not in VERSIONS:
        pytest.skip(f"the catalogue does not have Keras {installed}")
    return installed


def public_classes(keras: Any) -> dict[str, type]:
    return {
        f"keras.{module}.{name}": cls
        for module in (
            "layers",
            "losses",
            "metrics",
            "optimizers",
            "callbacks",
            "initializers",
            "regularizers",
        )
        for name, cls in vars(getattr(keras, module)).items()
        if inspect.isclass(cls)
    }


def test_every_public_class_is_in_the_catalogue(keras: Any, version: str) -> None:
    classes = public_classes(keras)
    assert len(classes) > 200
    missing = [path for path in classes if canonical(path) is None]
    assert missing == []


def test_signatures_are_those_of_keras(keras: Any, version: str) -> None:
    for path, cls in public_classes(keras).items():
        found = symbol(canonical(path) or "")
        assert found is not None, path
        init: Any = vars(cls).get("__init__")
        if init is None or str(inspect.signature(init)) == "(self, *args, **kwargs)":
            continue  # a base class speaks for it
        expected = list(inspect.signature(init).parameters.values())[1:]
        parameters = found.parameters(version)
        assert [parameter.name for parameter in parameters] == [real.name for real in expected], path
        for parameter, real in zip(parameters, expected, strict=True):
            if parameter.default is REQUIRED:
                assert real.default is inspect.Parameter.empty, (path, real)
            elif parameter.default is not OPAQUE:
                assert parameter.default == real.default, (path, real)


@pytest.mark.parametrize(
    ("category", "plural"),
    [
        ("loss", "losses"),
        ("activation", "activations"),
        ("optimizer", "optimizers"),
        ("initializer", "initializers"),
    ],
)
def test_identifiers_mean_what_keras_makes_of_them(keras: Any, version: str, category: str, plural: str) -> None:
    from keraslint.keras_api.identifiers import identifiers

    get = getattr(keras, plural).get
    checked = 0
    for known_category, identifier in identifiers():
        if known_category != category:
            continue
        name = from_identifier(category, identifier, version)
        if name is None:
            with pytest.raises((ValueError, TypeError, KeyError)):
                get(identifier)
            continue
        last = name.rpartition(".")[2].lower().replace("_", "")
        got = get(identifier)
        spelled = getattr(got, "__name__", type(got).__name__).lower().replace("_", "")
        assert spelled == last, identifier
        checked += 1
    assert checked > 10


def test_optimizer_keywords_are_refused_and_dropped_as_here(keras: Any, version: str) -> None:
    if version.startswith("2"):
        pytest.skip("Keras 2 warns through logging")
    assert accepts("keras.optimizers.Adam", "lr", version) is False
    with pytest.raises(ValueError, match="lr"):
        keras.optimizers.Adam(lr=0.1)
    assert dropped_in_silence("keras.optimizers.Adam", "decay", version)
    with pytest.warns(UserWarning, match="decay"):
        keras.optimizers.Adam(decay=0.1)


@pytest.mark.parametrize(
    "argument", ["name", "dtype", "trainable", "input_shape", "weights", "input_length", "alpha", "rate"]
)
def test_layer_keywords_are_taken_and_refused_as_here(keras: Any, version: str, argument: str) -> None:
    values = {
        "dtype": "float32",
        "trainable": True,
        "input_shape": (4,),
        "weights": [],
        "alpha": 0.1,
        "rate": 0.1,
    }
    value = values.get(argument, "probe")
    if accepts("keras.layers.Dense", argument, version):
        keras.layers.Dense(2, **{argument: value})
    else:
        with pytest.raises((TypeError, ValueError)):
            keras.layers.Dense(2, **{argument: value})


@pytest.fixture(scope="module")
def generator() -> Any:
    """The generator's ways to construct a class: sample arguments, and values to try a keyword with."""
    return SimpleNamespace(**run_path(str(Path(__file__).parents[2] / "tools" / "generate_keras_api.py")))


def keywords_to_ask(generator: Any, name: str, cls: type) -> set[str]:
    """What the class takes in any version, what its bases name, and what some other class takes."""
    found = symbol(name)
    assert found is not None
    own = {
        parameter.name
        for version in VERSIONS
        for parameter in found.parameters(version)
        if not parameter.kind.startswith("var_")
    }
    looked_up = {keyword for keyword in vocabulary() if modern_argument(name, keyword)}
    return {*generator.keywords_of(cls), *own, *looked_up, "implementation", "zero_output_for_mask", "lr"}


def taken(generator: Any, cls: type, needed: dict[str, Any], keyword: str) -> bool:
    for value in (*generator.values_for(keyword)[:3], None):
        with suppress(Exception):
            generator.sample(cls, **needed, **{keyword: value})
            return True
    return False


@pytest.mark.filterwarnings("ignore")
def test_no_keyword_that_keras_takes_counts_as_refused(keras: Any, version: str, generator: Any) -> None:
    asked, wrong = 0, []
    for path, cls in public_classes(keras).items():
        name = canonical(path) or ""
        try:
            needed = generator.wrapped_layer(keras, cls)
            generator.sample(cls, **needed)
        except Exception:
            continue  # it needs arguments that only its user knows
        for keyword in sorted(keywords_to_ask(generator, name, cls) - needed.keys()):
            verdict = accepts(name, keyword, version)
            asked += 1
            # Keras may take a keyword of values that are not tried here, so only a refusal is held to account.
            if verdict is False and taken(generator, cls, needed, keyword):
                wrong.append((name, keyword))
    assert asked > 2000
    assert wrong == []


@pytest.mark.parametrize("layer", ["LSTM", "GRU", "SimpleRNN"])
def test_a_keyword_of_the_base_class_is_taken(keras: Any, version: str, layer: str) -> None:
    getattr(keras.layers, layer)(2, zero_output_for_mask=True)
    assert accepts(f"keras.layers.{layer}", "zero_output_for_mask", version)
