"""Which Keras a project pins, by every kind of file that may say so."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from keraslint import bounded, keras_api, target

NEWEST = keras_api.NEWEST


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    target.forget()
    return tmp_path


def write(name: str, text: str | bytes) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def version(path: str = "a.py") -> str | None:
    found = target.of_file(path)
    return found.version if found else None


@pytest.mark.parametrize(
    ("requirement", "keras"),
    [
        ("keras==2.15", "2.15"),
        ("keras==2.15.0 --hash=sha256:00", "2.15"),
        ("Keras == 2.2.4  # old", "2.2"),
        ("keras==3.20", NEWEST),
        ("keras<3", "2.15"),
        ("keras>=2.4,<2.14", "2.13"),
        ("keras~=2.10.0", "2.10"),
        ("keras!=3.1", None),
        ("keras>=2", None),
        ("keras", None),
        ("keras<4", None),
        ("tensorflow==2.10", "2.10"),
        ("tensorflow==2.10.*", "2.10"),
        ("tensorflow==2.10.0rc1", "2.10"),
        ("tensorflow~=2.10.0", "2.10"),
        ("tensorflow~=2.4", None),
        ("tensorflow<2.16", "2.15"),
        ("tensorflow>=2.8,<2.12", "2.11"),
        ("tensorflow>=2.16", None),
        ("tensorflow>=2.4,<3", None),
        ("tensorflow==2.16.1", NEWEST),
        ("tensorflow==2.99.1", NEWEST),
        ("tensorflow[and-cuda]==2.14.0; python_version > '3.8'", "2.14"),
        ("tensorflow-gpu==1.15.2", "2.2"),
        ("tensorflow_cpu==2.3.1", "2.4"),
        ("tensorflow-datasets==4.9", None),
        ("keras-tuner==1.1", None),
        ("tensorflow @ https://example.org/tensorflow-2.10-py3-none-any.whl", None),
        ("-e git+https://example.org/keras#egg=keras", None),
        ("tensorflow==two", None),
        ("tensorflow>=2.16\ntf-keras", "2.15"),
        ("tensorflow==2.18.0\ntf_keras>=2.16", "2.15"),
        ("tensorflow\ntensorflow-addons", "2.15"),
        ("tensorflow==2.10\ntensorflow_addons==0.20.0", "2.10"),
        ("keras>=3.0\ntf-keras", None),
        ("keras>=2.4\ntf-keras", "2.15"),
    ],
)
def test_a_requirement_allows_as_its_newest(requirement: str, keras: str | None) -> None:
    write("requirements.txt", f"numpy\n{requirement}\n")
    assert version() == keras


def test_what_a_setup_names_is_read() -> None:
    write("setup.py", "EXTRAS = {'tf': ['tensorflow<2.16']}\n\nsetup(install_requires=[], extras_require=EXTRAS)\n")
    assert version() == "2.15"


def test_what_developers_test_against_is_not_what_the_project_is_for() -> None:
    write("pyproject.toml", "[dependency-groups]\ndev = ['tf-keras']\n")
    assert version() is None
    write("pyproject.toml", "[project.optional-dependencies]\nmodels = ['tf-keras']\n")
    target.forget()
    assert version() == "2.15"


def test_the_sources_of_keras_are_for_themselves() -> None:
    write("keras/__init__.py", "from . import layers\r\n__version__ = '2.2.4'\r\n")
    write("setup.py", "setup(install_requires=['numpy'])")
    assert version("keras/layers/core.py") == "2.2"
    assert version("tests/test_core.py") == "2.2"


def test_a_folder_called_keras_without_a_version_says_nothing() -> None:
    write("keras/__init__.py", "import keras.layers\n")
    assert version("keras/a.py") is None


# tensorflow's own requirement, by its metadata on PyPI: 2.12.0 `keras<2.13,>=2.12.0`, 2.15.1 `keras<2.16,>=2.15.0`,
# 2.16.1 `keras>=3.0.0`.
@pytest.mark.parametrize(("tensorflow", "keras"), [("2.12", "2.12"), ("2.15", "2.15"), ("2.16", NEWEST)])
def test_keras_of_a_tensorflow(tensorflow: str, keras: str) -> None:
    assert target.KERAS_OF_TENSORFLOW[tensorflow] == keras


FILES = {
    "requirements.txt": "tensorflow==2.10.1\n",
    "requirements-gpu.txt": "tensorflow-gpu==2.10.1\n",
    "requirements/base.txt": "tensorflow==2.10.1\n",
    "pyproject.toml": '[project]\ndependencies = [\n  "numpy",\n  "tensorflow==2.10.1",\n]\n',
    "setup.cfg": "[options]\ninstall_requires =\n    numpy\n    tensorflow==2.10.1\n",
    "setup.py": "from setuptools import setup\nsetup(install_requires=['numpy', 'tensorflow==2.10.1'])\n",
    "environment.yml": "dependencies:\n  - python=3.9\n  - conda-forge::tensorflow=2.10.1=gpu_py39\n",
    "environment.yaml": "dependencies:\n  - pip:\n    - tensorflow==2.10.1\n",
    "Pipfile": '[packages]\ntensorflow = "==2.10.1"\n',
    "Pipfile.lock": json.dumps({"default": {"tensorflow": {"hashes": ["sha256:0"], "version": "==2.10.1"}}}, indent=1),
    "poetry.lock": '[[package]]\nname = "tensorflow"\nversion = "2.10.1"\n',
    "uv.lock": 'version = 1\n\n[[package]]\nname = "tensorflow"\nversion = "2.10.1"\n',
}


@pytest.mark.parametrize(("name", "text"), FILES.items(), ids=FILES)
def test_every_kind_of_file_is_understood_and_named_with_its_line(name: str, text: str) -> None:
    write(name, text)
    found = target.of_file("src/deep/a.py")
    assert found is not None
    assert found.version == "2.10"
    place, _, stated = found.reason.partition(": ")
    file, _, line = place.rpartition(":")
    assert file == name
    assert "tensorflow" in text.splitlines()[int(line) - 1]
    assert "2.10.1" in stated


@pytest.mark.parametrize(
    ("text", "keras"),
    [
        ('[project.optional-dependencies]\ntrain = ["tensorflow==2.10"]\n', "2.10"),
        ('[dependency-groups]\ndev = [{include-group = "x"}, "tensorflow==2.10"]\n', "2.10"),
        ('[tool.poetry.dependencies]\npython = "^3.9"\ntensorflow = "2.10.1"\n', "2.10"),
        ('[tool.poetry.dependencies]\ntensorflow = "~2.10"\n', "2.10"),
        ('[tool.poetry.dependencies]\ntensorflow = "^2.10"\n', None),
        ('[tool.poetry.dependencies]\nkeras = "^2.10"\n', "2.15"),
        ('[tool.poetry.group.dev.dependencies]\nkeras = {version = "2.12.*", optional = true}\n', "2.12"),
    ],
)
def test_groups_extras_and_the_notation_of_poetry(text: str, keras: str | None) -> None:
    write("pyproject.toml", text)
    assert version() == keras


def test_a_lock_says_what_is_installed_and_decides() -> None:
    write("pyproject.toml", '[project]\ndependencies = ["tensorflow<2.16"]\n')
    write("uv.lock", FILES["uv.lock"])
    assert version() == "2.10"


def test_both_packages_must_agree_and_of_two_pins_of_one_the_newest_counts() -> None:
    write(
        "requirements.txt", "keras<3\ntensorflow==2.10; python_version<'3.8'\ntensorflow==2.12; python_version>='3.8'\n"
    )
    assert version() == "2.12"


def test_the_nearest_directory_decides_up_to_the_root_of_the_repository(repository: Path) -> None:
    write("requirements.txt", "keras==2.12\n")
    write("old/requirements.txt", "keras==2.2\n")
    write("inner/.git/HEAD", "")
    assert (version("a.py"), version("src/a.py"), version("old/x/a.py")) == ("2.12", "2.12", "2.2")
    assert version("inner/a.py") is None


BROKEN = [name for name in FILES if not name.endswith((".txt", "yml", "yaml"))]


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize(
    "text", ["keras [[[ = \x00", '["keras"]', '"keras"', 'project = "keras"', 'package = ["keras"]']
)
def test_a_file_that_cannot_be_understood_says_nothing(name: str, text: str) -> None:
    write(name, text)
    assert version() is None


def test_requirements_in_utf_16_as_powershell_writes_them() -> None:
    write("requirements.txt", "tensorflow==2.10.1\r\n".encode("utf-16"))
    assert version() == "2.10"


def test_versions_of_the_catalogue_around_one() -> None:
    assert keras_api.neighbors("2.15.3") == ("2.15",)
    assert keras_api.neighbors("2.10") == ("2.2", "2.12")
    assert keras_api.neighbors("2") == ("2.15",)
    assert keras_api.neighbors("0.3") == ()
    assert keras_api.neighbors("99.1") == (NEWEST,)


@pytest.mark.parametrize("name", ["uv.lock", "poetry.lock", "pdm.lock", "pylock.toml"])
@pytest.mark.parametrize(
    "entry",
    [
        'name = 1\nversion = "2.10"',
        'name = "keras"\nversion = [1]',
        'name = "keras"\nversion = {a = "2.10"}',
        'version = "2.10"',
    ],
)
def test_a_malformed_entry_of_a_lock_is_passed_over(name: str, entry: str) -> None:
    write(name, f'[[package]]\n{entry}\n[[package]]\nname = "keras"\nversion = "2.12.0"\n')
    assert version() == "2.12"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("uv.lock", "package = 1 # keras"),
        ("uv.lock", "package = [1, 'keras']"),
        ("Pipfile.lock", '["keras"]'),
        ("Pipfile.lock", '{"default": {"keras": {"version": [1]}}, "develop": 1}'),
        ("Pipfile", "packages = 'keras'"),
        ("pyproject.toml", "project = 'keras'"),
        ("pyproject.toml", "[project]\ndependencies = 1\noptional-dependencies = ['keras']"),
        ("pyproject.toml", "tool = 'keras'"),
        ("pyproject.toml", "[tool.poetry]\ngroup = {keras = 1}\ndependencies = [1]"),
        ("pyproject.toml", "[tool.poetry.dependencies]\nkeras = {version = {a = 1}}\ntensorflow = [[1]]"),
    ],
)
def test_a_malformed_file_says_nothing(name: str, text: str) -> None:
    write(name, text)
    write("requirements-all.txt", "keras==2.11\n")
    assert version() == "2.11"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", "keras==" + "9" * 100_000),
        ("requirements.txt", "keras==" + "9" * 9_000),
        ("uv.lock", f'[[package]]\nname = "keras"\nversion = "{"9" * 9_000}"'),
        ("pyproject.toml", f'[tool.poetry.dependencies]\nkeras = "^{"9" * 9_000}"'),
        ("requirements.txt", "keras" + ",".join(["!=1.0"] * 100_000)),
        ("requirements.txt", "keras" + " " * 9_000 + "@"),
        ("requirements.txt", "keras<3\n" + "#" * bounded.MOST_BYTES),
        ("pyproject.toml", "project.dependencies = ['keras<x']\n" + "a." * 100_000 + "b = 1"),
        ("pyproject.toml", "project.dependencies = ['keras<x']\n" + ("a." * 4_000 + "b = 1\n") * 100),
    ],
)
def test_an_absurd_pin_says_nothing_and_takes_no_time(name: str, text: str) -> None:
    write(name, text)
    before = time.process_time()
    assert version() is None
    assert time.process_time() - before < 5


def test_absurd_lines_do_not_hide_the_others() -> None:
    write("requirements.txt", "keras==" + "9" * 100_000 + "\nkeras==2.12\n")
    found = target.of_file("a.py")
    assert found is not None
    assert (found.version, found.reason) == ("2.12", "requirements.txt:2: keras==2.12")


def test_of_a_long_pin_the_beginning_is_shown() -> None:
    write("requirements.txt", "keras==2.12" + ",!=2.10" * 50 + "\n")
    found = target.of_file("a.py")
    assert found is not None
    assert len(found.reason) < 150


def test_many_pins_take_no_time() -> None:
    write("requirements.txt", "".join(f"keras==1.0.{n}\n" for n in range(50_000)))
    before = time.process_time()
    version()
    assert time.process_time() - before < 10
