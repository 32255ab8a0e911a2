"""Imports of the program's own files: which are followed, how far, and what is said about what stands in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from keraslint import reader, rules
from keraslint.graph import Program
from keraslint.reader.project import files as project
from keraslint.reader.project import first_party
from keraslint.settings import Options
from keraslint.summary import describe

BLOCKS = """
from keras import layers

FILTERS = 16

def conv_block(x, filters=FILTERS):
    x = layers.Conv2D(filters, 3, padding="same")(x)
    return layers.ReLU()(x)

class Residual(layers.Layer):
    def __init__(self, filters):
        super().__init__()
        self.conv = layers.Conv2D(filters, 3, padding="same")

    def call(self, x):
        return x + self.conv(x)

def plain():
    return keras_model_from_nowhere()
"""

FACTORY = """
import keras
from . import blocks
from .blocks import Residual

def build_model(classes, head="softmax"):
    inputs = keras.Input((8, 8, 3))
    x = Residual(blocks.FILTERS)(blocks.conv_block(inputs))
    x = keras.layers.Flatten()(x)
    return keras.Model(inputs, keras.layers.Dense(classes, activation=head)(x))
"""

SIZED = "import keras\nm = keras.Sequential([keras.Input((4,)), keras.layers.Dense({})])\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A package with a factory of models, and nothing that trains them yet."""
    package = tmp_path / "shop"
    (package / "nets").mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    (package / "__init__.py").write_text("from .nets import build_model\ndef train_on(data):\n    pass\n")
    (package / "nets" / "__init__.py").write_text("from .factory import build_model\nfrom .blocks import *\n")
    (package / "nets" / "blocks.py").write_text(BLOCKS)
    (package / "nets" / "factory.py").write_text(FACTORY)
    return package


def read(path: Path, source: str) -> Program:
    path.write_text(source)
    return reader.read(source, str(path))


TRAIN = """
model = build_model(10)
model.compile("adam", "mse", metrics=["accuracy"])
"""
# 16 filters on 3 channels, 16 on 16, and 8 · 8 · 16 features to 10 classes.
WEIGHTS = (27 * 16 + 16) + (9 * 16 * 16 + 16) + (1024 * 10 + 10)


@pytest.mark.parametrize(
    "imports",
    [
        pytest.param("from shop.nets.factory import build_model", id="the function from its own module"),
        pytest.param("from shop.nets import build_model", id="the function from a package that imports it"),
        pytest.param("from .nets import build_model", id="relative"),
        pytest.param("from . import train_on, build_model", id="from the package around"),
        pytest.param("import shop.nets\nbuild_model = shop.nets.build_model", id="through the module's name"),
        pytest.param("import shop.nets.factory as f\nbuild_model = f.build_model", id="through an alias"),
        pytest.param("from shop.nets.factory import *", id="with a star"),
    ],
)
def test_a_builder_beside_the_file_is_followed(shop: Path, imports: str) -> None:
    program = read(shop / "train.py", imports + TRAIN)
    [model] = describe(program, imports + TRAIN)["models"]
    assert (model["complete"], model["params"], model["outputs"]) == (True, WEIGHTS, [[None, 10]])
    assert [layer["class"] for layer in model["layers"]] == [
        "InputLayer", "Conv2D", "ReLU", "Residual", "Flatten", "Dense"
    ]  # fmt: skip


def test_a_script_finds_the_modules_in_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "blocks.py").write_text(BLOCKS)
    source = "from blocks import FILTERS\n" + SIZED.format("FILTERS")
    [model] = read(tmp_path / "train.py", source).models
    assert model.output_shape.dims == (None, 16)


def test_everything_that_is_followed_is_placed_at_the_call_in_this_file(shop: Path) -> None:
    source = "from shop.nets import build_model\n\n" + TRAIN.strip()
    [model] = describe(read(shop / "train.py", source), source)["models"]
    assert model["line"] == 3
    assert {layer["line"] for layer in model["layers"]} == {3}
    assert model["compile"] is not None
    assert model["compile"]["line"] == 4


def test_a_fault_is_reported_where_it_stands_and_not_once_more_at_each_import(shop: Path) -> None:
    source = "from shop.nets import build_model" + TRAIN.replace("(10)", '(1, head="softmax")')
    findings = rules.check(read(shop / "train.py", source), Options())
    assert all(not finding.span.file for finding in findings)
    assert [finding.rule.symbol for finding in findings if finding.rule] == ["keras-accuracy-with-regression-loss"]


def test_a_fault_that_two_files_make_together_is_reported_in_the_one_that_compiles(shop: Path) -> None:
    source = "from shop.nets import build_model\nmodel = build_model(3, head=None)\n"
    source += 'model.compile("adam", "categorical_crossentropy")\n'
    [finding] = rules.check(read(shop / "train.py", source), Options())
    assert finding.rule is not None
    assert (finding.rule.symbol, finding.span.line) == ("keras-crossentropy-on-raw-output", 3)


def test_classes_of_other_files_are_bases(shop: Path) -> None:
    source = """
import keras
from shop.nets.blocks import Residual

class Scaled(Residual):
    def call(self, x):
        return 2 * super().call(x)

inputs = keras.Input((8, 8, 4))
model = keras.Model(inputs, Scaled(4)(inputs))
"""
    [model] = describe(read(shop / "train.py", source), source)["models"]
    assert (model["complete"], model["params"]) == (True, 9 * 4 * 4 + 4)


def test_names_that_the_other_file_does_not_have_are_unknown_with_a_reason(shop: Path) -> None:
    source = "from shop.nets.blocks import UNITS\n" + SIZED.format("UNITS")
    description = describe(read(shop / "train.py", source), source)
    assert "`UNITS` is not defined in blocks.py" in {unknown["reason"] for unknown in description["unknowns"]}


def test_files_that_import_each_other_end(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("from b import units\n")
    (tmp_path / "b.py").write_text("from a import units\n")
    source = "from a import units\n" + SIZED.format("units")
    [model] = read(tmp_path / "train.py", source).models
    assert not model.output_shape.known


def test_a_file_with_faults_of_its_own_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def f(:\n")
    (tmp_path / "latin.py").write_bytes(b"units = '\xff'\n")
    source = "from broken import f\nfrom latin import units\n" + SIZED.format("f(units)")
    assert read(tmp_path / "train.py", source).models


def test_installed_packages_are_not_looked_into(tmp_path: Path) -> None:
    packages = tmp_path / "site-packages"
    for name in ("mine", "other"):
        (packages / name).mkdir(parents=True)
        (packages / name / "__init__.py").write_text("UNITS = 5\n")
    source = "from {} import UNITS\n" + SIZED.format("UNITS")
    [own] = read(packages / "mine" / "train.py", source.format("mine")).models
    [foreign] = read(packages / "mine" / "train.py", source.format("other")).models
    assert own.output_shape.dims == (None, 5)
    assert not foreign.output_shape.known


def test_text_without_a_place_on_disk_follows_nothing(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shop.parent)
    [training] = reader.read("from shop.nets import build_model" + TRAIN, "<stdin>").trainings
    assert not training.model.outputs


def test_the_number_of_files_read_for_one_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = 2 * first_party.MOST_FILES
    for index in range(count):
        (tmp_path / f"m{index}.py").write_text(f"from m{index + 1} import units as u\nunits = u\n")
    (tmp_path / f"m{count}.py").write_text("units = 3\n")
    read_files: list[Path] = []
    real = first_party._tree
    monkeypatch.setattr(first_party, "_tree", lambda file, *rest: read_files.append(file) or real(file, *rest))
    source = "from m0 import units\n" + SIZED.format("units")
    [model] = read(tmp_path / "train.py", source).models
    assert not model.output_shape.known
    assert len(read_files) <= first_party.MOST_FILES


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    source = "from sizes import UNITS\n" + SIZED.format("UNITS")
    for units in (3, 44):
        (tmp_path / "sizes.py").write_text(f"UNITS = {units}\n")
        [model] = read(tmp_path / "train.py", source).models
        assert model.output_shape.dims == (None, units)


def test_roots_end_at_the_project(tmp_path: Path) -> None:
    inner = tmp_path / "work" / "project" / "pkg"
    inner.mkdir(parents=True)
    (tmp_path / "work" / "project" / "setup.py").touch()
    assert list(project.roots_of(inner)) == [inner, inner.parent]


def test_the_file_itself_may_be_imported_by_another(tmp_path: Path) -> None:
    (tmp_path / "heads.py").write_text("import train\ndef head(x):\n    return train.layers.Dense(train.UNITS)(x)\n")
    source = "import keras\nfrom keras import layers\nUNITS = 7\nfrom heads import head\n"
    source += "x = keras.Input((3,))\nm = keras.Model(x, head(x))\n"
    [model] = read(tmp_path / "train.py", source).models
    assert model.output_shape.dims == (None, 7)


def test_the_root_of_a_package_is_found_from_its_deepest_folder(tmp_path: Path) -> None:
    deepest = tmp_path / "shop"
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "sizes.py").write_text("WIDTH = 24\n")
    for folder in ("src", "models", "object_detection", "one_stage", "nano", "heads"):
        (deepest / "__init__.py").touch()
        deepest = deepest / folder
        deepest.mkdir()
    (deepest / "__init__.py").touch()
    program = read(deepest / "head.py", "from shop.sizes import WIDTH\n" + SIZED.format("WIDTH"))
    assert str(program.models[0].output_shape) == "(None, 24)"


ADDING = """
from keras.layers import Dense

def hidden_layers(model, count):
    for _ in range(count):
        model.add(Dense(4))
"""
USING = """
from keras import Input, Sequential
from tools.model import hidden_layers
model = Sequential([Input((3,))])
hidden_layers(model, 2)
"""


@pytest.mark.parametrize(
    "package", ["from .hidden_layers import hidden_layers", "from tools.model.hidden_layers import *"]
)
def test_a_package_may_give_a_function_the_name_of_its_module(tmp_path: Path, package: str) -> None:
    folder = tmp_path / "tools" / "model"
    folder.mkdir(parents=True)
    (tmp_path / "tools" / "__init__.py").write_text("")
    (folder / "__init__.py").write_text(package)
    (folder / "hidden_layers.py").write_text(ADDING)
    script = tmp_path / "train.py"
    script.write_text(USING)
    (model,) = reader.read(USING, str(script)).models
    known = package.startswith("from .")
    assert (str(model.output_shape) == "(None, 4)") is known
    assert bool(model.unknowns) is not known


def test_a_name_that_the_tests_own_module_has_not_is_looked_for_in_the_package(tmp_path: Path) -> None:
    for folder in (tmp_path / "rl", tmp_path / "tests" / "rl"):
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("")
    (tmp_path / "setup.py").write_text("")
    (tmp_path / "tests" / "rl" / "util.py").write_text("def seed():\n    pass\n")
    (tmp_path / "rl" / "util.py").write_text(ADDING)
    source = USING.replace("tools.model", "rl.util")
    script = tmp_path / "tests" / "rl" / "test_util.py"
    script.write_text(source)
    (model,) = reader.read(source, str(script)).models
    assert (str(model.output_shape), model.unknowns) == ("(None, 4)", ())


def test_a_dataclass_of_another_file_is_one(shop: Path) -> None:
    (shop / "settings.py").write_text(
        "import dataclasses\n@dataclasses.dataclass\nclass Settings:\n    units: int = dataclasses.field(default=7)\n"
    )
    program = read(
        shop / "train.py",
        "import keras\n"
        "from .settings import Settings\n"
        "m = keras.Sequential([keras.Input((4,)), keras.layers.Dense(Settings().units)])\n",
    )
    assert [str(model.output_shape) for model in program.models] == ["(None, 7)"]
