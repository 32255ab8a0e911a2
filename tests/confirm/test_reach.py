"""What can be rebuilt and trained: large models are made smaller alike on both sides, custom layers are opened."""

from __future__ import annotations

import importlib.util
from textwrap import dedent

import pytest

from keraslint.confirm import limits
from keraslint.confirm.plan import Json, Plan, Unplannable
from keraslint.confirm.planning import plan_sides
from keraslint.graph import Training
from keraslint.reader import read

KERAS = [
    pytest.mark.keras,
    pytest.mark.skipif(importlib.util.find_spec("keras") is None, reason="Keras is not installed"),
]
COMPILE = """
model.compile(optimizer="adam", loss="binary_crossentropy")
"""
HEADER = """
import keras
from keras import layers, ops
"""


def training(code: str) -> Training:
    return read(HEADER + dedent(code) + COMPILE, "program.py").trainings[-1]


def stack(*lines: str) -> Training:
    return training(f"model = keras.Sequential([{', '.join(lines)}])")


def planned(side: Training, **settings: bool) -> Plan:
    return plan_sides(side, None, **settings)[0]


def sizes(plan: Plan, *names: str) -> list[Json]:
    """The values of these arguments, layer by layer."""
    return [
        layer["arguments"][name] for layer in plan.document["layers"] for name in names if name in layer["arguments"]
    ]


def inputs(plan: Plan) -> list[Json]:
    return [data["shape"] for data in plan.document["inputs"]]


PHOTO = "keras.Input((224, 224, 3))"
SIEVE = ("layers.Conv2D(32, 3)", "layers.MaxPooling2D()", "layers.Conv2D(64, 3)", "layers.Flatten()")
HEAD = 'layers.Dense(1, activation="sigmoid")'


def test_a_small_model_stays_as_it_is() -> None:
    plan = planned(stack("keras.Input((28, 28, 1))", "layers.Conv2D(32, 3)", "layers.Flatten()", HEAD))
    assert inputs(plan) == [[28, 28, 1]]
    assert plan.document["batch"] == 32
    assert not plan.assumptions


def test_a_photo_is_shrunk_and_this_is_said() -> None:
    plan = planned(stack(PHOTO, *SIEVE, HEAD))
    assert inputs(plan) == [[48, 48, 3]]
    assert "input (224, 224, 3) shrunk to (48, 48, 3)" in plan.assumptions


def test_the_sides_are_made_smaller_by_the_same_sizes() -> None:
    flagged = stack(PHOTO, *SIEVE, 'layers.Dense(4096, activation="relu")', "layers.Dense(2)")
    twin = stack(PHOTO, *SIEVE, "layers.Dense(4096)", "layers.Dense(1)")
    one, other = plan_sides(flagged, twin)
    assert inputs(one) == inputs(other) == [[48, 48, 3]]
    assert sizes(one, "filters") == sizes(other, "filters")
    assert sizes(one, "units")[0] == sizes(other, "units")[0] < 4096
    assert (sizes(one, "units")[1], sizes(other, "units")[1]) == (2, 1)


def test_a_width_that_the_fix_changes_is_left_alone_on_both_sides() -> None:
    wide = stack("keras.Input((2000,))", "layers.Dense(4096)", "layers.Dense(1024)", "layers.Dense(1)")
    narrow = stack("keras.Input((2000,))", "layers.Dense(4096)", "layers.Dense(512)", "layers.Dense(1)")
    one, other = plan_sides(wide, narrow)
    assert (sizes(one, "units")[1], sizes(other, "units")[1]) == (1024, 512)
    assert sizes(one, "units")[0] == sizes(other, "units")[0] < 4096


def test_the_part_at_fault_is_left_alone() -> None:
    side = stack("keras.Input((2000,))", "layers.Dense(4096)", "layers.Dense(1024)", "layers.Dense(1)")
    plan = plan_sides(side, None, subject=side.model.calls[1].layer)[0]
    assert sizes(plan, "units")[1] == 1024
    assert sizes(plan, "units")[0] < 4096


def test_classes_are_never_fewer() -> None:
    plan = planned(stack("keras.Input((2000,))", "layers.Dense(4096)", 'layers.Dense(1000, activation="softmax")'))
    assert sizes(plan, "units")[1] == 1000
    assert plan.document["labels"][0]["shape"] == [1000]


def test_a_vocabulary_is_cut_where_the_tokens_come_from_the_input() -> None:
    plan = planned(stack("keras.Input((200,))", "layers.Embedding(50000, 300)", "layers.LSTM(64)", HEAD))
    assert sizes(plan, "input_dim") == [limits.VOCABULARY]
    assert plan.document["inputs"][0]["high"] == limits.VOCABULARY - 1
    assert "a vocabulary of 50,000 tokens shrunk to 2,000" in plan.assumptions


def test_tokens_that_the_model_computes_keep_their_vocabulary() -> None:
    side = training(
        """
        i = keras.Input((200,))
        x = layers.Embedding(50000, 300)(ops.cast(i, "int32"))
        model = keras.Model(i, layers.Dense(1)(layers.GlobalAveragePooling1D()(x)))
        """
    )
    assert sizes(planned(side), "input_dim") == [50000]


def test_two_embeddings_of_one_input_get_tokens_that_both_know() -> None:
    side = training(
        """
        i = keras.Input((10,), dtype="int32")
        x = layers.Concatenate()([layers.Embedding(90, 4)(i), layers.Embedding(50, 4)(i)])
        model = keras.Model(i, layers.Dense(1)(layers.Flatten()(x)))
        """
    )
    assert planned(side).document["inputs"][0]["high"] == 49


@pytest.mark.parametrize(
    ("shape", "layer", "small"),
    [
        pytest.param((16000, 1), "layers.LSTM(64)", [32, 1], id="time steps"),
        pytest.param((32, 64, 64, 1), "layers.Conv3D(32, 3)", [16, 16, 16, 1], id="a volume"),
        pytest.param((50000,), "layers.Dense(8)", [2048], id="a long row"),
    ],
)
def test_what_is_long_is_cut(shape: tuple[int, ...], layer: str, small: list[int]) -> None:
    assert inputs(planned(stack(f"keras.Input({shape})", layer, "layers.Flatten()", HEAD))) == [small]


def test_a_size_that_the_code_relies_on_is_not_cut() -> None:
    plan = planned(stack(PHOTO, "layers.Reshape((112, 448, 3))", *SIEVE, HEAD))
    assert inputs(plan) == [[224, 224, 3]]


UNET = """
i = keras.Input((256, 256, 3))
down, x = [], i
for width in (8, 16, 16, 16, 16, 16):
    x = layers.Conv2D(width, 3, padding="same", activation="relu")(x)
    down.append(x)
    x = layers.MaxPooling2D()(x)
for skip in reversed(down):
    x = layers.Concatenate()([layers.UpSampling2D()(x), skip])
    x = layers.Conv2D(16, 3, padding="same", activation="relu")(x)
model = keras.Model(i, layers.Conv2D(1, 1, activation="sigmoid")(x))
"""


def test_a_side_is_chosen_that_skips_fit_and_masks_follow() -> None:
    plan = planned(training(UNET))
    assert inputs(plan) == [[64, 64, 3]]
    assert plan.document["labels"][0]["shape"] == [64, 64, 1]


def test_labels_of_the_program_follow_the_output() -> None:
    data = "import numpy as np\nx, y = np.zeros((9, 256, 256, 3)), np.zeros((9, 256, 256, 1))\n"
    code = HEADER + UNET + COMPILE + data + "model.fit(x, y)\n"
    assert planned(read(code, "program.py").trainings[0]).document["labels"][0]["shape"] == [64, 64, 1]


def test_nothing_is_shrunk_where_an_error_about_sizes_may_be_on_trial() -> None:
    side = stack(PHOTO, "layers.MaxPooling2D(4)", "layers.Conv2D(8, 3)", "layers.Flatten()", HEAD)
    plan = planned(side, exact=True)
    assert inputs(plan) == [[224, 224, 3]]


def test_an_application_starts_from_random_weights_and_says_so() -> None:
    side = training(
        """
        base = keras.applications.ResNet50(include_top=False, pooling="avg", input_shape=(224, 224, 3))
        base.trainable = False
        model = keras.Sequential([base, layers.Dense(1)])
        """
    )
    plan = planned(side)
    assert inputs(plan) == [[48, 48, 3]]
    assert any("pre-trained ones are never loaded" in text for text in plan.assumptions)
    assert [layer["frozen"] for layer in plan.document["layers"] if "model" in layer] == [True]


BLOCK = """
class Block(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.first = layers.Dense(units, activation="relu")
        self.norm = layers.LayerNormalization()

    def call(self, x, training=None):
        return self.norm(x + self.first(x), training=training)
"""
OPENED = f"""
{BLOCK}
i = keras.Input((8,))
block = Block(8)
x = block(block(i))
x = layers.Lambda(lambda t: ops.abs(t) * 2.0)(x)
model = keras.Model(i, layers.Dense(1)(x))
"""


def test_a_custom_layer_is_what_its_call_does_and_shares_its_weights() -> None:
    document = planned(training(OPENED)).document
    kinds = [layer["class"].rpartition(".")[2] for layer in document["layers"]]
    assert kinds.count("Dense") == 2
    assert kinds.count("LayerNormalization") == 1
    assert "Lambda" not in kinds
    numbers = [call["layer"] for call in document["graph"]["calls"]]
    assert numbers.count(kinds.index("LayerNormalization")) == 2


def test_layers_in_a_frozen_custom_layer_are_frozen() -> None:
    side = training(
        f"{BLOCK}\ni = keras.Input((8,))\nblock = Block(8)\nblock.trainable = False\n"
        "model = keras.Model(i, layers.Dense(1)(block(i)))"
    )
    layers = planned(side).document["layers"]
    frozen = {layer["class"].rpartition(".")[2] for layer in layers if layer.get("frozen")}
    assert frozen == {"Dense", "LayerNormalization"}
    assert not layers[-1].get("frozen")


def test_a_frozen_model_is_still_connected() -> None:
    side = training(
        """
        i = keras.Input((8,))
        base = keras.Model(i, ops.add(layers.Dense(4)(i), 3.0))
        base.trainable = False
        model = keras.Sequential([keras.Input((8,)), base, layers.Dense(1)])
        """
    )
    assert "stray" not in str(planned(side).document)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        pytest.param(
            """
            class Scale(layers.Layer):
                def build(self, shape):
                    self.w = self.add_weight(shape=(shape[-1],))
                def call(self, x):
                    return x * self.w
            model = keras.Sequential([keras.Input((8,)), Scale(), layers.Dense(1)])
            """,
            "the custom layer `Scale` makes weights of its own",
            id="weights of a custom layer",
        ),
        pytest.param(
            "model = keras.Sequential([keras.Input((8,)), layers.Lambda(elsewhere), layers.Dense(1)])",
            "what the Lambda layer in line 4 computes is not fully understood",
            id="a Lambda of unknown code",
        ),
        pytest.param(
            """
            model = keras.Sequential([keras.Input((8,)), layers.RepeatVector(10**8), layers.LSTM(4)])
            """,
            "values between the layers for each sample .* most of them by",
            id="too many values between layers",
        ),
        pytest.param(
            """
            model = keras.Sequential([keras.Input((8,))] + [layers.Dense(8) for _ in range(400)] + [layers.Dense(1)])
            """,
            "802 arrays of weights to train",
            id="too many layers",
        ),
        pytest.param(
            """
            i = keras.Input((1,), dtype="string")
            model = keras.Model(i, layers.Dense(1)(layers.TextVectorization(output_sequence_length=4)(i)))
            """,
            "reads text",
            id="text",
        ),
    ],
)
def test_what_cannot_be_tried_says_why(code: str, reason: str) -> None:
    with pytest.raises(Unplannable, match=reason):
        planned(training(code))


class TestInKeras:
    pytestmark = KERAS

    @pytest.mark.parametrize("code", [pytest.param(UNET, id="U-Net"), pytest.param(OPENED, id="custom layers")])
    def test_the_plan_builds_with_the_shapes_it_says(self, code: str) -> None:
        from keraslint.confirm.child.building import build

        document = planned(training(code)).document
        model, _ = build(document)
        assert list(model.output_shape[1:]) == document["labels"][0]["shape"]

    def test_an_opened_layer_computes_what_its_class_does(self) -> None:
        import numpy as np

        from keraslint.confirm.child.building import build

        names: dict[str, Json] = {}
        exec(HEADER + OPENED, names)
        real, (made, _) = names["model"], build(planned(training(OPENED)).document)
        assert sorted(tuple(w.shape) for w in made.weights) == sorted(tuple(w.shape) for w in real.weights)
        for weights in (made.weights, real.weights):
            for weight in weights:
                weight.assign(np.linspace(-1, 1, int(np.prod(weight.shape))).reshape(weight.shape))
        x = np.random.default_rng(0).standard_normal((4, 8))
        np.testing.assert_allclose(made(x), real(x), rtol=1e-5)
