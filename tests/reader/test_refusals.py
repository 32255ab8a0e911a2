"""Calls that Keras raises on are read as such: what they would make is not known, and why is said."""

from __future__ import annotations

import pytest
from reading import read_bare

HEAD = """\
from tensorflow.keras import Input, Model, Sequential
from tensorflow.keras.layers import *
i, s = Input((28, 28, 1)), Input((12, 3))
"""
REFUSED = {
    "an argument of Keras 1": "model = Model(i, Conv2D(8, 3, border_mode='same')(i))",
    "an argument of Keras 1 in a wrapper": "model = Model(s, Bidirectional(LSTM(4, inner_activation='tanh'))(s))",
    "an argument that the layer never had": "model = Model(i, DepthwiseConv2D(3, lora_rank=2)(i))",
    "inputs by their name in Keras 1": "model = Model(input=i, output=Dense(1)(i))",
    "one layer on all that another gives": "model = Model(s, Dense(1)(LSTM(16, return_state=True)(s)))",
    "the same in a sequential model": "model = Sequential([Input((12, 3)), GRU(16, return_state=True), Dense(1)])",
    "a recurrent layer on output and state": (
        "model = Model(s, GRU(3)(GRU(16, return_state=True, return_sequences=True)(s)))"
    ),
    "a bidirectional layer on two tensors": "model = Model(s, Bidirectional(LSTM(3))([s, s]))",
    **{
        f"{layer} on two tensors": f"model = Model(s, {layer}([s, s]))"
        for layer in (
            *("Flatten()", "Masking()", "Conv1D(3, 3)", "MaxPooling1D()", "GlobalAveragePooling1D()", "PReLU()"),
            *("BatchNormalization()", "Permute((2, 1))", "Reshape((-1,))", "ZeroPadding1D()", "UpSampling1D()"),
        )
    },
}


@pytest.mark.parametrize("program", REFUSED.values(), ids=REFUSED)
def test_what_keras_refuses_is_not_known(program: str) -> None:
    (model,) = read_bare(HEAD + program).models
    reasons = [call.error for call in model.calls if call.error] + [unknown.reason for unknown in model.unknowns]
    assert any("refuses" in reason or "one tensor is expected" in reason for reason in reasons)


@pytest.mark.keras
@pytest.mark.parametrize("program", REFUSED.values(), ids=REFUSED)
def test_keras_refuses_it(program: str) -> None:
    with pytest.raises((AttributeError, IndexError, TypeError, ValueError)):
        exec(compile(HEAD + program, "program.py", "exec"), {})


@pytest.mark.parametrize(
    "imports",
    [
        "from keras.layers import *\nfrom keras.models import *",
        "from keras.layers.core import Dense\nfrom keras.layers import *\nfrom keras.models import *",
    ],
)
def test_a_keras_before_2_4_translates_arguments_of_keras_1(imports: str) -> None:
    program = "i = Input((28, 28, 1))\nmodel = Model(input=i, output=Conv2D(8, 3, 3, border_mode='same')(i))"
    (model,) = read_bare(f"{imports}\n{program}").models
    assert (str(model.output_shape), model.unknowns) == ("(None, 28, 28, 8)", ())


RATES = "m = Sequential([Dense(1, input_shape=(3,))])\nm.compile({optimizer}, 'mse')\n{setting}\nm.fit(x, y)"


@pytest.mark.parametrize(
    ("imports", "optimizer", "setting", "rate"),
    [
        ("tensorflow.keras", "SGD()", "m.optimizer.lr = 0.5", 0.01),
        ("tensorflow.keras", "SGD()", "m.optimizer.lr = 0.5\nm.optimizer.learning_rate = m.optimizer.lr", 0.5),
        ("tensorflow.keras", "SGD(lr=0.1)", "m.optimizer.lr = 0.5", 0.5),
        ("tensorflow.keras", "SGD()", "m.optimizer.lr = m.optimizer.lr * 50", 0.5),
        ("tf_keras", "SGD()", "m.optimizer.lr = 0.5", 0.5),
    ],
)
def test_lr_of_an_optimizer_is_its_rate_until_keras_2(imports: str, optimizer: str, setting: str, rate: float) -> None:
    names = "".join(
        f"from {imports}.{module} import {name}\n"
        for module, name in (("models", "Sequential"), ("layers", "Dense"), ("optimizers", "SGD"))
    )
    (training,) = [t for t in read_bare(names + RATES.format(optimizer=optimizer, setting=setting)).trainings if t.fits]
    assert training.optimizer.value.argument("learning_rate").value == rate
