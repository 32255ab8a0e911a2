"""Signatures by version: order, names, defaults, and what each symbol is."""

import ast

import pytest

from keraslint.keras_api import NEWEST, OPAQUE, REQUIRED, VERSIONS, Parameter, Symbol, catalogue, symbol, symbols


def known(name: str) -> Symbol:
    found = symbol(name)
    assert found is not None, name
    return found


def names(name: str, version: str | None = None) -> list[str]:
    return [parameter.name for parameter in known(name).parameters(version)]


def test_versions_ascend_and_end_with_the_newest() -> None:
    assert VERSIONS == ("1.2", "2.2", "2.12", "2.15", "3.0", "3.15")
    assert NEWEST == "3.15"


def test_keras_1_has_its_own_positional_order() -> None:
    assert names("keras.layers.Conv2D", "1.2")[:3] == ["nb_filter", "nb_row", "nb_col"]
    assert names("keras.layers.Conv2D", NEWEST)[:3] == ["filters", "kernel_size", "strides"]
    assert names("keras.Model.fit", "1.2")[:4] == ["x", "y", "batch_size", "nb_epoch"]


def test_the_newest_version_is_the_default() -> None:
    assert names("keras.layers.Dense") == names("keras.layers.Dense", NEWEST)
    assert names("keras.Model.fit_generator")[0] == "generator"


def test_a_version_without_the_symbol_has_no_parameters() -> None:
    assert known("keras.layers.MultiHeadAttention").parameters("1.2") == ()


def test_defaults_are_plain_values_or_sentinels() -> None:
    units, activation, *_ = known("keras.layers.Dense").parameters()
    assert units == Parameter("units", REQUIRED, "positional")
    assert activation == Parameter("activation", None, "positional")
    strides = known("keras.layers.Conv2D").parameters()[2]
    assert strides.default == (1, 1)
    dtype = next(p for p in known("keras.Input").parameters("1.2") if p.name == "dtype")
    assert dtype.default is OPAQUE


def test_kinds_of_parameters_are_kept() -> None:
    assert known("keras.layers.Dense").parameters()[-1].kind == "var_keyword"
    kinds = {p.name: p.kind for p in known("keras.layers.BatchNormalization").parameters("2.15")}
    assert kinds["synchronized"] in {"positional", "keyword_only"}


def test_every_signature_in_the_catalogue_decodes() -> None:
    for short in catalogue.symbol_lines():
        found = known(f"keras.{short}")
        for version in found.versions + found.only_tensorflow:
            parameter_names = [parameter.name for parameter in found.parameters(version)]
            assert len(parameter_names) == len(set(parameter_names)), (short, version)


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("keras.layers.Rescaling", "layer"),
        ("keras.Sequential", "model"),
        ("keras.losses.Huber", "loss"),
        ("keras.losses.mean_squared_error", "loss"),
        ("keras.metrics.AUC", "metric"),
        ("keras.optimizers.Adam", "optimizer"),
        ("keras.optimizers.schedules.ExponentialDecay", "schedule"),
        ("keras.callbacks.EarlyStopping", "callback"),
        ("keras.initializers.HeNormal", "initializer"),
        ("keras.regularizers.L2", "regularizer"),
        ("keras.constraints.MaxNorm", "constraint"),
        ("keras.activations.softmax", "activation"),
        ("keras.applications.ResNet50", "application"),
        ("keras.applications.vgg16.preprocess_input", "preprocessing"),
        ("keras.datasets.mnist.load_data", "dataset"),
        ("keras.ops.softmax", "op"),
        ("keras.utils.to_categorical", "preprocessing"),
        ("keras.layers.Merge", "layer"),
    ],
)
def test_a_symbol_knows_its_category(name: str, category: str) -> None:
    assert known(name).category == category


def test_base_classes_tell_what_a_layer_is() -> None:
    assert known("keras.layers.LSTM").bases[:2] == ("keras.layers.RNN", "keras.Layer")


def test_image_data_generator_left_keras_but_not_tf_keras() -> None:
    generator = known("keras.preprocessing.image.ImageDataGenerator")
    assert generator.removed_in == "3.0"
    assert "3.15" not in generator.versions
    assert "3.15" in generator.only_tensorflow
    assert generator.successor == "keras.utils.image_dataset_from_directory"
    assert names(generator.name, "3.15")[0] == "featurewise_center"


def test_successors_are_removed_names_with_living_ones() -> None:
    from keraslint.keras_api.symbols import SUCCESSORS

    for old, new in SUCCESSORS.items():
        assert known(old).removed_in is not None, old
        assert NEWEST in known(new).versions, new


@pytest.mark.parametrize("name", ["", "Dense", "layers.Dense", "keras.layers.Dance", "tensorflow.keras.layers.Dense"])
def test_only_canonical_names_are_symbols(name: str) -> None:
    assert symbol(name) is None


def test_signatures_are_decoded_as_python_reads_them() -> None:
    lines = [line.split("\t")[4:] for line in catalogue.symbol_lines().values()]
    signatures = {field.partition(":")[2] for fields in lines for field in fields}
    assert len(signatures) > 1000
    for signature in signatures:
        given = ast.parse(f"lambda {signature}: 0", mode="eval").body.args  # type: ignore[attr-defined]
        names = [argument.arg for argument in (*given.posonlyargs, *given.args)]
        defaults = [*[None] * (len(names) - len(given.defaults)), *given.defaults]
        expected = [(name, literal(node), "positional") for name, node in zip(names, defaults, strict=True)]
        if given.vararg:
            expected.append((given.vararg.arg, symbols.REQUIRED, "var_positional"))
        expected += [
            (argument.arg, literal(node), "keyword_only")
            for argument, node in zip(given.kwonlyargs, given.kw_defaults, strict=True)
        ]
        if given.kwarg:
            expected.append((given.kwarg.arg, symbols.REQUIRED, "var_keyword"))
        decoded = [(p.name, p.default, p.kind) for p in symbols.decoded(signature)]
        assert list(map(repr, decoded)) == list(map(repr, expected)), signature


def literal(node: ast.expr | None) -> object:
    if node is None:
        return symbols.REQUIRED
    value: object = ast.literal_eval(node)
    return symbols.OPAQUE if value is Ellipsis else value
