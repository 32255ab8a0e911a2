"""A graph made by hand: the names, shapes and weights that Keras gives to the same calls."""

from __future__ import annotations

import pytest
from helpers.graph_parts import NOWHERE

from keraslint.graph import Confidence, Fact, Model, Unknown, parameters
from keraslint.graph.build import Builder, Names, base_name, outputs_of, shapes_through
from keraslint.graph.declared import declared_input_shape, shape_from
from keraslint.graph.shape import Shape
from keraslint.graph.shapes import Inferred


def builder() -> Builder:
    return Builder(NOWHERE)


def stack(build: Builder) -> Model:
    """A classifier of images, with a model in the model."""
    convolution = build.layer("keras.layers.Conv2D", {"filters": 8, "kernel_size": 3})
    normalization = build.layer("keras.layers.BatchNormalization")
    features = build.sequential([convolution, normalization], build.input(Shape.of(None, 12, 12, 3), name="images"))
    pooled = build.layer("keras.layers.GlobalAveragePooling2D")
    hidden = build.layer("keras.layers.Dense", {"units": 5, "activation": "relu"})
    head = build.layer("keras.layers.Dense", {"units": 2})
    return build.sequential([features, pooled, hidden, head], build.input(Shape.of(None, 12, 12, 3)))


def branches(build: Builder) -> Model:
    """Two inputs through one shared layer."""
    inputs = [build.input(Shape.of(None, 4)) for _ in range(2)]
    shared = build.layer("keras.layers.Dense", {"units": 3})
    both = [build.call(shared, [one])[0] for one in inputs]
    merged = build.call(build.layer("keras.layers.Concatenate"), both)
    scaled = build.op("keras.ops.multiply", [*merged, 2.0])
    return build.functional(inputs, build.call(build.layer("keras.layers.Dense", {"units": 1}), [scaled]))


def test_names_count_the_layers_of_each_kind() -> None:
    names = Names({"dense": 2})
    assert [names.next(f"keras.layers.{kind}") for kind in ("Dense", "Conv2D", "Dense", "PReLU", "Conv2D")] == [
        "dense_2", "conv2d", "dense_3", "p_re_lu", "conv2d_1",
    ]  # fmt: skip
    assert names.used == {"dense": 4, "conv2d": 2, "p_re_lu": 1}


def test_numbers_count_from_what_was_used_before() -> None:
    names = Names({"add": 1})
    assert [names.at("Add", place) for place in (1, 0)] == ["add_2", "add_1"]
    assert names.next("Add") == "add_3"


def test_a_stack_of_layers() -> None:
    model = stack(builder())
    assert [layer.name for layer in model.layers] == ["sequential", "global_average_pooling2d", "dense", "dense_1"]
    assert model.name == "sequential_1"
    assert model.output_shape.dims == (None, 2)
    assert parameters(model) == (313, 297)


def test_branches_that_share_a_layer() -> None:
    model = branches(builder())
    assert [tensor.name for tensor in model.inputs] == ["input_layer", "input_layer_1"]
    assert [layer.name for layer in model.layers] == ["dense", "concatenate", "dense_1"]
    assert [call.layer.name for call in model.calls if not isinstance(call.layer, Model) and call.params] == [
        "dense", "dense", "dense_1",
    ]  # fmt: skip
    assert parameters(model) == (22, 22)


@pytest.mark.keras
def test_real_keras_builds_the_same() -> None:
    import keras
    from keras import layers

    keras.utils.clear_session()
    body = [layers.Conv2D(8, 3), layers.BatchNormalization()]
    inner = keras.Sequential([keras.Input((12, 12, 3), name="images"), *body])
    stacked = keras.Sequential([keras.Input((12, 12, 3)), inner, layers.GlobalAveragePooling2D(), layers.Dense(5)])
    stacked.add(layers.Dense(2))
    own = stack(builder())
    assert [layer.name for layer in stacked.layers] == [layer.name for layer in own.layers]
    assert (stacked.name, stacked.count_params()) == (own.name, parameters(own)[0])

    keras.utils.clear_session()
    inputs = [keras.Input((4,)) for _ in range(2)]
    shared = layers.Dense(3)
    merged = layers.Concatenate()([shared(one) for one in inputs])
    model = keras.Model(inputs, layers.Dense(1)(keras.ops.multiply(merged, 2.0)))
    own = branches(builder())
    made = [layer.name for layer in model.layers if not isinstance(layer, layers.InputLayer)]
    assert made == [layer.name for layer in own.layers]
    assert (model.name, model.count_params()) == (own.name, parameters(own)[0])
    inputs = [layer.name for layer in model.layers if isinstance(layer, layers.InputLayer)]
    assert inputs == [tensor.name for tensor in own.inputs]


def test_a_call_that_keras_rejects_says_why() -> None:
    build = builder()
    build.call(build.layer("keras.layers.Conv2D", {"filters": 8, "kernel_size": 3}), [build.input(Shape.of(None, 4))])
    (call,) = build.made
    assert call.error is not None
    assert not call.output_shape.rank_known


def test_what_no_rule_knows_is_told() -> None:
    build = Builder(NOWHERE, origin="keras.applications")
    scale = build.layer("LayerScale", name="scale", in_file=True)
    source = build.input(Shape.of(None, 7))
    (unknown,) = build.call(scale, [source])
    (known,) = build.call(scale, [source], known=Inferred((source.shape,), 7, 2))
    assert not unknown.shape.rank_known
    assert known.shape == source.shape
    assert parameters(build.functional([source], [known])) == (7, 5)
    assert scale.origin == "keras.applications"


def test_every_call_is_kept_in_order_with_its_tensors() -> None:
    build = builder()
    model = branches(build)
    assert list(build.made) == list(model.calls)
    assert build.made[model.calls[-1]] == model.outputs
    recurrent = build.layer("keras.layers.LSTM", {"units": 3, "return_state": True})
    state = build.call(recurrent, [build.input(Shape.of(None, 5, 2))])
    assert [(tensor.shape.dims, tensor.index) for tensor in state] == [((None, 3), place) for place in range(3)]
    (*_, last) = build.made
    assert [tensor.shape for tensor in outputs_of(last)] == [tensor.shape for tensor in state]


def test_arguments_are_as_sure_as_they_are_said_to_be() -> None:
    build = Builder(NOWHERE, Confidence.HIGH, Confidence.INFERENCE)
    written = Fact(3, NOWHERE, Confidence.HIGH)
    layer = build.layer("keras.layers.Dense", {"units": written, "use_bias": False})
    assert [argument.value.confidence for argument in layer.arguments] == [Confidence.HIGH, Confidence.INFERENCE]
    assert layer.argument("use_bias") == False  # noqa: E712 (a fact)


def test_a_model_takes_other_sizes_than_it_was_built_on() -> None:
    build = builder()
    source = build.input(Shape.of(None, None, 4))
    model = build.functional(
        [source], build.call(build.layer("keras.layers.Conv1D", {"filters": 2, "kernel_size": 3}), [source])
    )
    turns: list[None] = []
    assert shapes_through(model, (Shape.of(8, 10, 4),), lambda: turns.append(None)) == (Shape.of(8, 8, 2),)
    assert len(turns) == 1
    (output,) = build.call(model, [build.input(Shape.of(None, 10, 4))])
    assert output.shape.dims == (None, 8, 2)


def test_a_model_without_outputs_says_why() -> None:
    model = Model("subclass", "own", NOWHERE, unknowns=(Unknown("a call that is not read"),))
    assert shapes_through(model, (Shape.of(None, 2),))[0].reason == "a call that is not read"


@pytest.mark.parametrize(
    ("kind", "given", "dims"),
    [
        ("InputLayer", {"batch_shape": (None, 28, 28)}, (None, 28, 28)),
        ("Dense", {"input_shape": (3,)}, (None, 3)),
        ("Dense", {"input_shape": [3], "batch_size": 8}, (8, 3)),
        ("LSTM", {"input_dim": 5}, (None, None, 5)),
        ("Embedding", {"input_dim": 50, "input_length": 7}, (None, 7)),
        ("Dense", {"input_dim": 5}, (None, 5)),
    ],
)
def test_a_first_layer_declares_what_comes_in(kind: str, given: dict[str, object], dims: tuple[object, ...]) -> None:
    declared = declared_input_shape(builder().layer(f"keras.layers.{kind}", given))
    assert declared is not None
    assert declared.dims == dims


def test_a_layer_that_declares_nothing() -> None:
    assert declared_input_shape(builder().layer("keras.layers.Dense", {"units": 3})) is None


def test_a_stated_shape_that_is_none_keeps_its_reason() -> None:
    assert shape_from(Fact(Unknown("from a file"), NOWHERE)).reason == "from a file"
    assert shape_from(Fact("abc", NOWHERE)).reason == "a shape that is not understood"
    assert not shape_from(Fact([1] * 65, NOWHERE)).rank_known


def test_the_last_name_of_a_class_counts() -> None:
    assert base_name("keras.layers.GlobalMaxPooling1D") == base_name("GlobalMaxPooling1D") == "global_max_pooling1d"
