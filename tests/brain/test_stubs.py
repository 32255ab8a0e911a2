"""The text of the modules that stand for Keras: what is in it, in which version."""

from __future__ import annotations

import ast
import runpy
from pathlib import Path

import pytest

from keraslint.brain import installed, stubs
from keraslint.keras_api import VERSIONS, catalogue

ROOT = Path(__file__).parents[2]
NEWEST = stubs.Edition.of(VERSIONS[-1])


def parsed(short: str, edition: stubs.Edition = NEWEST) -> ast.Module:
    text = stubs.of_symbol("keras", short, edition)
    assert text is not None
    return ast.parse(text)


def arguments(short: str, *versions: str) -> str:
    edition = stubs.Edition.of(*versions)
    [constructor] = [
        node
        for node in ast.walk(parsed(short, edition))
        if isinstance(node, ast.FunctionDef) and node.name in ("__init__", short.rpartition(".")[2])
    ]
    return ast.unparse(constructor.args)


def test_every_class_and_function_of_the_catalogue_makes_a_module_that_can_be_parsed() -> None:
    for edition in (NEWEST, stubs.Edition()):
        for short in catalogue.symbol_lines():
            text = stubs.of_symbol("keras", short, edition)
            assert text is None or ast.parse(text).body


def test_a_class_is_derived_from_the_nearest_that_the_catalogue_names() -> None:
    base, cls = parsed("layers.Dense").body
    assert ast.unparse(base) == "from keras.keraslint.Layer import Layer as _Base0"
    assert isinstance(cls, ast.ClassDef)
    assert [ast.unparse(one) for one in cls.bases] == ["_Base0"]


def test_the_constructor_has_the_arguments_of_its_version() -> None:
    assert arguments("layers.Dense", "1.2").startswith("self, output_dim, init='glorot_uniform'")
    assert arguments("layers.Dense", "2.2").startswith("self, units, activation=None")


def test_what_two_versions_do_not_share_is_open() -> None:
    assert arguments("layers.Dense", "1.2", "3.15") == "self, *args, **kwargs"
    between = arguments("layers.Dense", "3.10")
    assert between.startswith("self, units, activation=..., use_bias=...")
    assert between.endswith("*args, **kwargs")
    assert "lora_alpha" not in between


def test_of_a_version_newer_than_the_catalogue_only_what_comes_first_is_taken_for_granted() -> None:
    newest, newer = arguments("layers.Flatten", VERSIONS[-1]), arguments("layers.Flatten", "3.99")
    assert not newest.startswith("self, *args")
    assert newer.endswith("*args, **kwargs")


@pytest.mark.parametrize("unknown", ["", "0.3"])
def test_an_unknown_version_may_be_any(unknown: str) -> None:
    assert stubs.Edition.of("3.15", unknown) == stubs.Edition(VERSIONS, is_open=True)


def test_a_name_that_is_unknown_is_there_and_nothing_more() -> None:
    text = stubs.module("keras", "keras.layers", ["Dense", "brand_new"], NEWEST)
    assert text == ("from keras.keraslint.layers.Dense import Dense as Dense\nbrand_new = unknown_to_keraslint\n")


def test_a_function_that_may_not_be_there_is_unknown() -> None:
    both = stubs.Edition.of("2.15", "3.15")
    assert "import version as version" in stubs.module("keras", "keras", ["version"], NEWEST)
    assert stubs.module("keras", "keras", ["version"], both) == "version = unknown_to_keraslint\n"
    assert "import Operation as Operation" in stubs.module("keras", "keras", ["Operation"], both)


def test_a_class_of_today_that_older_versions_have_as_a_function_is_a_class() -> None:
    [cls] = parsed("backend.name_scope").body
    assert isinstance(cls, ast.ClassDef)
    assert "import name_scope as name_scope" in stubs.module("keras", "keras", ["name_scope"], NEWEST)


def test_private_methods_and_variadic_parameters_are_there_to_be_overridden() -> None:
    assert "def _save_model(*, batch, epoch, logs)" in (
        stubs.of_symbol("keras", "callbacks.ModelCheckpoint", NEWEST) or ""
    )
    assert "def add_endpoint(*, fn, input_signature, kwargs, name)" in (
        stubs.of_symbol("keras", "export.ExportArchive", NEWEST) or ""
    )


def test_every_class_of_tensorflow_makes_a_module_that_can_be_parsed() -> None:
    for name in stubs.of_tensorflow().classes:
        text = stubs.of_symbol("tensorflow.keras", name, NEWEST)
        assert text is not None
        assert isinstance(ast.parse(text).body[-1], ast.ClassDef)


@pytest.mark.parametrize(
    "path",
    [
        "tensorflow.Variable",
        "tensorflow.compat.v1.Variable",
        "tensorflow.compat.v2.Variable",
        "tensorflow.python.ops.variables.Variable",
        "tensorflow.python.ops.variable_v1.VariableV1",
    ],
)
def test_a_class_of_tensorflow_is_known_by_all_its_paths(path: str) -> None:
    assert stubs.known_class(path) == "tensorflow.Variable"


def test_an_old_place_has_the_class_of_today() -> None:
    assert "from keras.keraslint.layers.Conv2D import Conv2D as Convolution2D" in stubs.module(
        "keras", "keras.layers", ["Convolution2D"], NEWEST
    )


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import os\nimport a.b\nimport c.d as e\n", ["os", "a", "e"]),
        ("from x import y, z as w\n", ["y", "w"]),
        ("def f(): pass\nclass C: pass\nn = 1\n", ["f", "C", "n"]),
        ("setattr(me, 'lazy', 1)\nsetattr(me, name, 1)\n", ["lazy"]),
        ("if x:\n import p\nelse:\n import q\n", ["p", "q"]),
        ("try:\n import p\nexcept ImportError:\n p = None\n r = 1\n", ["p", "r"]),
    ],
)
def test_names_are_read_off_a_file(source: str, names: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(source)
    assert list(installed.names_in(str(tmp_path / "a.py"))) == names


def test_a_file_that_takes_all_of_another_lists_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("from x import *\n")
    with pytest.raises(installed.Unlisted):
        installed.names_in(str(tmp_path / "a.py"))


@pytest.mark.keras
@pytest.mark.parametrize("library", ["keras", "tensorflow"])
def test_members_are_those_of_the_installed_library(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "tools")
    generated = runpy.run_path(str(ROOT / "tools" / f"generate_{library}_members.py"))
    assert generated["TARGET"].read_text(encoding="utf-8").splitlines() == generated["lines"]()


@pytest.mark.keras
def test_real_tensorflow_agrees_with_what_was_mended() -> None:
    import keras
    import tensorflow as tf

    assert issubclass(tf.errors.NotFoundError, tf.errors.OpError)
    assert float(-tf.Variable(1.0)) == -1.0
    with pytest.raises(TypeError, match="unary"):
        +tf.Variable(1.0)
    assert isinstance(keras.name_scope, type)
    assert {"losses", "metrics", "optimizers", "initializers", "keras"} <= {*dir(tf.compat.v2)}
    with pytest.raises(TypeError, match="abstract"):
        type("Mine", (tf.data.Dataset,), {})(1)
