"""Programs that were pasted without some of their imports."""

from __future__ import annotations

import pytest
from reading import read_bare

from keraslint.graph import Confidence

MODEL = "model = Sequential()\nmodel.add(Dense(1, input_dim=3))\n"


@pytest.mark.parametrize(
    "above",
    [
        "",
        "import numpy as np",
        "from sklearn.model_selection import train_test_split",
        "from keras.models import Sequential",
        "from keras.layers import *",
        "def other(Dense): pass",
    ],
)
def test_a_name_that_nothing_binds_is_the_one_of_keras(above: str) -> None:
    (found,) = read_bare(f"{above}\n{MODEL}").models
    assert str(found.output_shape) == "(None, 1)"


@pytest.mark.parametrize(
    "above",
    [
        "from mine import *",
        "import torch.nn as nn",
        "from chainer.links import Linear",
        "exec(open('layers.py').read())",
        "def define():\n    global Dense\n    Dense = make()",
        "if UNKNOWN:\n    from mine import Dense",
        "def later():\n    from mine import Dense",
        "class Dense: pass",
    ],
)
def test_a_name_that_something_may_bind_is_not_guessed(above: str) -> None:
    shapes = [str(model.output_shape) for model in read_bare(f"{above}\n{MODEL}").models]
    assert "(None, 1)" not in shapes


@pytest.mark.parametrize("name", ["Layer", "Mean", "Variable", "Add"])
def test_words_that_mean_much_else_are_not_guessed(name: str) -> None:
    (model,) = read_bare(f"x = {name}()\nmodel = Sequential([x])").models
    assert f"`{name}` is not defined in this file" in " ".join(unknown.reason for unknown in model.unknowns)


def test_what_is_guessed_is_an_inference() -> None:
    (guessed,) = read_bare(f"import numpy\n{MODEL}").models
    (imported,) = read_bare(f"from keras.models import Sequential\nfrom keras.layers import Dense\n{MODEL}").models
    assert (guessed.confidence, imported.confidence) == (Confidence.INFERENCE, Confidence.HIGH)


def test_a_name_that_is_left_out_says_nothing_of_the_version_of_keras() -> None:
    program = read_bare("from keras.layers import Dense\nx = K.sigmoid(1)\ny = K.learning_phase()")
    assert not [seen for seen in program.observations if seen.kind == "name-gone"]
    program = read_bare("from keras import backend as K\ny = K.learning_phase()")
    assert [seen for seen in program.observations if seen.kind == "name-gone"]
