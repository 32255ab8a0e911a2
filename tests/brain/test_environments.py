"""What pylint is taught where nothing is installed, an old Keras, or the real one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from helpers.taught import OF_SMALL_SOURCES, PROGRAMS, SLIPS, UNTAUGHT, install, said
from pylint.message import Message

Lint = Callable[..., list[Message]]

FALSE = "E,W0201,W0221,W0222,W0223,W0236,W0237,R0901"
"""Messages that rest on what pylint believes of other modules."""

REAL = ("generative/gan_class.py", "structure/custom_layers.py", "agents/actor_critic.py", "training/custom_loop.py")


def test_the_installed_version_decides_where_nothing_is_asked_for(
    lint: Lint, nothing_installed: None, tmp_path: Path
) -> None:
    install(tmp_path, "1.2.2")
    assert "no-value-for-parameter" not in dict(
        said(lint("from keras.layers import Dense\nprint(Dense(output_dim=3))\n"))
    )


def test_a_module_of_which_not_all_names_can_be_seen_has_those_of_all_versions(
    lint: Lint, nothing_installed: None, tmp_path: Path
) -> None:
    site = install(tmp_path, "2.4.3")
    (site / "keras" / "layers" / "__init__.py").write_text("from missing_tensorflow.keras.layers import *\n")
    source = "import keras\nfrom keras.layers import Dense, LTSM\nprint(Dense(3), LTSM, keras.layers.Layer)\n"
    errors = [text for symbol, text in said(lint(source)) if symbol.startswith(("no-", "import-e"))]
    assert errors == ["No name 'LTSM' in module 'keras.layers'"]


@pytest.mark.parametrize("version", ["3.3.3", "2.15.0"])
def test_names_are_found_where_other_versions_list_them(
    version: str, lint: Lint, nothing_installed: None, tmp_path: Path
) -> None:
    site = install(tmp_path, version)
    place = {"3.3.3": "keras/api", "2.15.0": "keras/api/_v2/keras"}[version]
    (site / "keras" / "layers").rename(site / "moved")
    (site / place).mkdir(parents=True)
    (site / "moved").rename(site / place / "layers")
    source = "import keras\nfrom keras.layers import Dense, LTSM\nprint(Dense(3), LTSM, keras.layers.Layer)\n"
    errors = [text for symbol, text in said(lint(source)) if symbol.startswith(("no-", "import-e"))]
    assert errors == ["No name 'LTSM' in module 'keras.layers'"]


def test_nothing_changes_where_nothing_is_installed(lint: Lint, nothing_installed: None) -> None:
    source = "import tensorflow as tf\nfrom tensorflow.keras.layers import LTSM\nprint(tf.keras.Nothing, LTSM)\n"
    taught = said(lint(source))
    assert taught == said(lint(source, UNTAUGHT))
    assert [symbol for symbol, _ in taught].count("import-error") == 2


def test_a_file_of_ones_own_that_is_called_keras_is_read_as_it_is(
    lint: Lint, nothing_installed: None, tmp_path: Path
) -> None:
    (tmp_path / "keras.py").write_text('"""Mine."""\nMINE = 1\n')
    assert said(lint('"""It."""\nimport keras\nprint(keras.MINE)\n', "--disable=keraslint")) == []


@pytest.mark.keras
def test_of_real_keras_pylint_says_nothing_false(lint: Lint) -> None:
    for name in REAL:
        messages = lint(PROGRAMS / name, "--disable=all", f"--enable={FALSE}", "--disable=keraslint")
        assert said(messages) == [], name


@pytest.mark.keras
def test_slips_are_found_in_real_keras(lint: Lint) -> None:
    slips = [slip for name, slip in SLIPS.items() if name not in OF_SMALL_SOURCES]
    slips.append(
        (
            "from tensorflow.core.framework.graph_pb2 import GrafDef",
            ("no-name-in-module", "No name 'GrafDef' in module 'tensorflow.core.framework.graph_pb2'"),
        )
    )
    source = "\n".join(source for source, _ in slips)
    assert {expected for _, expected in slips} <= set(said(lint(source + "\n")))
