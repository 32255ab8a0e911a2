"""Undecided branches: variants are kept apart, tests on the same unknown agree, and confidence says so."""

from __future__ import annotations

from reading import model, models, outputs, read, reasons, variants

from keraslint.graph import ONE_OF_SEVERAL, Confidence, Unknown


def test_the_same_flag_asked_twice_never_mixes_its_arms() -> None:
    source = """
    def build(use_bn):
        x = i = Input((3,))
        if use_bn:
            x = layers.BatchNormalization()(x)
        x = Dense(4)(x)
        if use_bn:
            x = layers.BatchNormalization()(x)
        return Model(i, x)
    """
    assert variants(source) == {
        ("Dense(None, 4)",),
        ("BatchNormalization(None, 3)", "Dense(None, 4)", "BatchNormalization(None, 4)"),
    }


def test_a_flag_and_its_negation_agree() -> None:
    source = """
    def build(wide):
        m = Sequential([Input((3,))])
        if wide:
            m.add(Dense(8))
        if not wide:
            m.add(Dense(2))
    """
    assert variants(source) == {("Dense(None, 8)",), ("Dense(None, 2)",)}


def test_equality_with_different_constants_keeps_arms_apart() -> None:
    source = """
    def build(kind):
        if kind == "binary":
            units, loss = 1, "binary_crossentropy"
        elif kind == "many":
            units, loss = 10, "categorical_crossentropy"
        else:
            raise ValueError(kind)
        m = Sequential([Input((3,)), Dense(units)])
        m.compile(loss=loss)
    """
    pairs = {(str(t.model.output_shape), t.compiled.argument("loss").value) for t in read(source).trainings}
    assert pairs == {("(None, 1)", "binary_crossentropy"), ("(None, 10)", "categorical_crossentropy")}


def test_units_and_activation_of_one_arm_stay_together() -> None:
    source = """
    def build(binary):
        units = 1 if binary else 10
        activation = "sigmoid" if binary else "softmax"
        Sequential([Input((3,)), Dense(units, activation=activation)])
    """
    seen = {
        (m.calls[0].layer.argument("units").value, m.calls[0].layer.argument("activation").value)
        for m in read(source).models
    }
    assert seen == {(1, "sigmoid"), (10, "softmax")}


def test_an_early_return_leaves_the_rest_to_the_other_arm() -> None:
    source = """
    def build(small):
        i = Input((3,))
        if small:
            return Model(i, Dense(1)(i))
        x = Dense(4)(i)
        return Model(i, Dense(2)(x))
    """
    assert variants(source) == {("Dense(None, 1)",), ("Dense(None, 4)", "Dense(None, 2)")}


def test_an_arm_that_raises_does_not_go_on() -> None:
    source = """
    def build(n):
        if n < 1:
            raise ValueError
        else:
            units = 4
        return Sequential([Input((3,)), Dense(units)])
    """
    assert variants(source) == {("Dense(None, 4)",)}


def test_a_known_test_takes_only_its_arm() -> None:
    assert variants("deep = False\nm = Sequential([Input((3,))])\nif deep:\n    m.add(Dense(9))\nm.add(Dense(1))") == {
        ("Dense(None, 1)",)
    }


FOUR_TESTS = """
def build(wide, deep, biased, named):
    units = 8 if wide else 4
    activation = "relu" if deep else "tanh"
    bias = True if biased else False
    name = "a" if named else "b"
    Sequential([Input((3,)), Dense(units, activation=activation, use_bias=bias, name=name)])
"""


def test_open_branches_prove_and_many_at_once_are_control_flow() -> None:
    three = FOUR_TESTS.replace(' if named else "b"', "")
    for source, count, sure in (
        (three, 8, [Confidence.INFERENCE, Confidence.HIGH]),
        (FOUR_TESTS, 16, [Confidence.CONTROL_FLOW, Confidence.CONTROL_FLOW]),
    ):
        every = read(source).models
        assert len(every) == count
        assert [[made.calls[0].layer.argument("units").confidence, made.confidence] for made in every] == [sure] * count


def test_a_model_behind_one_of_several_tensors_is_control_flow() -> None:
    tests = "".join(f"    if tests[{n}]:\n        x = Dense({n}, name='same')(x)\n" for n in range(1, 12))
    made = model(f"def build(tests):\n    x = i = Input((3,))\n{tests}    return Model(i, x)\n")
    assert any(call.layer.class_name == ONE_OF_SEVERAL for call in made.calls)
    assert made.confidence is Confidence.CONTROL_FLOW


def test_literals_are_high_and_names_are_inference() -> None:
    layer = model("n = 4\nSequential([Input((3,)), Dense(n, activation='relu')])").calls[0].layer
    assert layer.argument("units").confidence is Confidence.INFERENCE
    assert layer.argument("activation").confidence is Confidence.HIGH


def test_a_default_of_the_command_line_is_inference() -> None:
    source = """
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.01)
    args = parser.parse_args()
    keras.optimizers.Adam(learning_rate=args.lr)
    """
    (adam,) = read(source).objects
    rate = adam.argument("learning_rate")
    assert (rate.value, rate.confidence) == (0.01, Confidence.INFERENCE)


def test_a_flag_of_the_command_line_is_undecided() -> None:
    source = """
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("--deep", action="store_true")
    args = parser.parse_args()
    m = Sequential([Input((3,))])
    if args.deep:
        m.add(Dense(4))
    m.add(Dense(1))
    """
    assert variants(source) == {("Dense(None, 1)",), ("Dense(None, 4)", "Dense(None, 1)")}


def test_a_value_of_a_loop_whose_turns_are_known_is_an_inference() -> None:
    source = "m = Sequential([Input((3,))])\nfor n in (4, 8):\n    m.add(Dense(n))"
    assert [c.layer.argument("units").confidence for c in model(source).calls] == [Confidence.INFERENCE] * 2
    source = "n = 4\nm = Sequential([Input((3,)), *[Dense(n) for _ in range(2)]])"
    assert [c.layer.argument("units").confidence for c in model(source).calls] == [Confidence.INFERENCE] * 2


def test_turns_that_each_make_a_model_are_alternatives() -> None:
    source = "for n in (4, 8):\n    m = Sequential([Input((3,)), Dense(n)])"
    assert [c.layer.argument("units").confidence for c in model(source).calls] == [Confidence.CONTROL_FLOW]


def test_a_layer_added_in_a_loop_of_unknown_length_leaves_the_end_open() -> None:
    source = """
    def build(depth):
        x = i = Input((3,))
        for _ in range(depth):
            x = Dense(8)(x)
        return Model(i, Dense(1)(x))
    """
    assert outputs(source) == "(None, 1)"
    dims = model(source).calls[-1].input_shape
    assert dims.rank_known
    assert not dims.known


def test_many_flags_end_in_one_model_or_few() -> None:
    flags = [f"f{n}" for n in range(12)]
    body = "\n".join(f"    if {flag}:\n        m.add(Dense({n}))" for n, flag in enumerate(flags))
    source = f"def build({', '.join(flags)}):\n    m = Sequential([Input((3,))])\n{body}\n    m.add(Dense(1))\n"
    assert 1 <= len(read(source).models) <= 64


def test_a_rate_that_one_arm_sets_is_kept_apart() -> None:
    source = """
    def build(slow):
        optimizer = keras.optimizers.SGD(0.1)
        if slow:
            optimizer.learning_rate = optimizer.learning_rate / 2
        Sequential([Input((3,)), Dense(1)]).compile(optimizer, "mse")
    """
    assert {found.optimizer.value.argument("learning_rate").value for found in read(source).trainings} == {0.1, 0.05}


def test_a_rate_that_too_many_branches_set_is_not_read_as_the_first() -> None:
    source = """
    def build(a, b, c, d, e):
        optimizer = keras.optimizers.SGD(0.1)
        if a:
            if b:
                if c:
                    if d:
                        if e:
                            optimizer.learning_rate = 0.7
                            optimizer.learning_rate = optimizer.learning_rate / 2
        optimizer.learning_rate = optimizer.learning_rate * 2
        Sequential([Input((3,)), Dense(1)]).compile(optimizer, "mse")
    """
    optimizers = [found.optimizer for found in read(source).trainings]
    rates = [optimizer.value.argument("learning_rate").value for optimizer in optimizers if optimizer.known]
    assert optimizers
    assert 0.1 not in rates


def test_a_list_that_one_arm_fills_has_no_known_length() -> None:
    source = """
    def build(columns):
        found = [column.size for column in columns] if columns else []
        if len(found) > 0:
            raise ValueError("no columns are allowed")
        return Sequential([Input((3,)), Dense(4)])
    """
    assert outputs(source) == "(None, 4)"


def test_a_list_that_arms_fill_differently_keeps_its_common_beginning() -> None:
    source = """
    def build(deep):
        sizes = [4]
        if deep:
            sizes.append(5)
            sizes.append(6)
        model = Sequential([Input((3,)), Dense(sizes[0]), Dense(len(sizes))])
        return model
    """
    assert {calls[0] for calls in variants(source)} == {"Dense(None, 4)"}
    assert not any(call.startswith("Dense(None, 2)") for calls in variants(source) for call in calls)


def test_what_is_added_to_one_of_several_lists_may_be_in_any() -> None:
    source = """
    def build(which):
        parts = [[Dense(4)], [Dense(5)]]
        parts[which].append(Dense(6))
        return Sequential([Input((3,)), *parts[0]])
    """
    assert "parameter `which`" in reasons(source)


def test_what_a_defaultdict_gets_under_an_unknown_key_is_among_its_values() -> None:
    source = """
    from collections import defaultdict
    def build(column):
        groups = defaultdict(list)
        groups[column.name].append(Dense(6))
        return Sequential([Input((3,)), *[layer for layers in groups.values() for layer in layers]])
    """
    assert "parameter `column`" in reasons(source)


def test_freezing_one_of_the_layers_leaves_open_whether_each_trains() -> None:
    source = """
    def build(which):
        model = Sequential([Input((3,)), Dense(4), Dense(5)])
        model.layers[which].trainable = False
        return model
    """
    assert [type(layer.trainable) for layer in model(source).layers] == [Unknown, Unknown]


def test_checks_that_raise_in_an_expression_leave_what_passes_them() -> None:
    source = """
    def fail(error):
        if isinstance(error, BaseException):
            raise error
        raise ValueError(error)

    def build(size, name=None, folder="."):
        name is None or (isinstance(name, str) and len(name) > 0) or fail(ValueError("name"))
        isinstance(folder, str) or fail("folder")
        size > 0 and size < 10 or fail(ValueError("size"))
        (size.a > 0 and size.b > 0 and size.c > 0) or fail(ValueError("size"))
        return Sequential([Input((3,)), Dense(4)])
    """
    assert outputs(source) == "(None, 4)"


def test_an_error_made_elsewhere_is_caught_by_its_class() -> None:
    source = """
    def fail(error):
        raise error
    try:
        fail(KeyError("x"))
        units = 1
    except (ValueError, LookupError):
        units = 2
    model = Sequential([Input((3,)), Dense(units)])
    """
    assert outputs(source) == "(None, 2)"


def test_a_check_that_raises_settles_its_test_for_what_follows() -> None:
    source = """
    def build(include_top, classes=None):
        if include_top and not classes:
            raise ValueError("how many classes?")
        x = i = Input((3,))
        if include_top:
            x = Dense(classes)(x)
        return Model(i, Dense(4)(x))
    """
    assert variants(source) == {("Dense(None, 4)",)}


def test_an_assertion_settles_its_test() -> None:
    source = """
    def build(wide):
        assert wide
        return Sequential([Input((3,)), Dense(8 if wide else 2)])
    """
    assert variants(source) == {("Dense(None, 8)",)}


def test_a_check_in_a_try_settles_nothing() -> None:
    source = """
    def build(wide):
        try:
            if wide:
                raise ValueError
        except ValueError:
            pass
        return Sequential([Input((3,)), Dense(8 if wide else 2)])
    """
    assert variants(source) == {("Dense(None, 8)",), ("Dense(None, 2)",)}


def test_a_check_in_a_loop_that_may_have_no_turn_settles_nothing() -> None:
    source = """
    def build(wide, names):
        for name in names:
            if wide:
                raise ValueError
        return Sequential([Input((3,)), Dense(8 if wide else 2)])
    """
    assert variants(source) == {("Dense(None, 8)",), ("Dense(None, 2)",)}


def test_a_check_in_one_arm_settles_nothing_behind_it() -> None:
    source = """
    def build(wide, strict):
        if strict:
            if wide:
                raise ValueError
        return Sequential([Input((3,)), Dense(8 if wide else 2)])
    """
    assert variants(source) == {("Dense(None, 8)",), ("Dense(None, 2)",)}


def test_a_check_in_a_function_that_nothing_calls_settles_nothing_outside() -> None:
    source = """
    import os
    wide = os.environ.get("WIDE")
    def check():
        assert not wide
    def build():
        return Sequential([Input((3,)), Dense(8 if wide else 2)])
    """
    assert variants(source) == {("Dense(None, 8)",), ("Dense(None, 2)",)}


def test_a_fit_behind_two_arms_that_compile_trains_with_both() -> None:
    source = """
    def train(fast, x, y):
        model = Sequential([Input((3,)), Dense(1)])
        if fast:
            model.compile("sgd", "mse")
        else:
            model.compile("adam", "mae")
        model.fit(x, y)
    """
    assert {found.optimizer.value: len(found.fits) for found in read(source).trainings} == {"sgd": 1, "adam": 1}


def test_a_fit_trains_with_the_last_compile_and_with_the_one_that_an_arm_leaves() -> None:
    source = """
    def train(slow, x, y):
        model = Sequential([Input((3,)), Dense(1)])
        model.compile("adam", "mse")
        model.compile("sgd", "mse")
        if slow:
            model.compile("rmsprop", "mse")
        model.fit(x, y)
    """
    fits = {found.optimizer.value: len(found.fits) for found in read(source).trainings}
    assert fits == {"adam": 0, "sgd": 1, "rmsprop": 1}


def test_a_rate_set_behind_compile_is_what_the_next_fit_trains_with() -> None:
    source = """
    from tensorflow.keras import backend as K
    def train(slow, x, y):
        model = Sequential([Input((3,)), Dense(1)])
        model.compile(keras.optimizers.SGD(0.4), "mse")
        K.set_value(model.optimizer.lr, 0.2)
        if slow:
            model.optimizer.lr = K.get_value(model.optimizer.lr) / 2
        model.fit(x, y)
        model.optimizer.learning_rate.assign(0.05)
        model.fit(x, y)
    """
    rates = [
        (found.optimizer.value.argument("learning_rate").value, len(found.fits)) for found in read(source).trainings
    ]
    assert set(rates) == {(0.2, 1), (0.1, 1), (0.05, 1)}


def test_where_branches_kept_apart_ask_for_too_much_work_fewer_are() -> None:
    program = read("""
    def build(settings):
        x = inputs = Input((3,))
        if settings.drop:
            x = layers.Dropout(0.5)(x)
        if settings.noise:
            x = layers.GaussianNoise(0.5)(x)
        if settings.scale:
            x = layers.Rescaling(0.5)(x)
        for units in range(4, 154):
            x = Dense(units)(layers.BatchNormalization()(x))
        return Model(inputs, x)
    """)
    assert {(str(made.output_shape), made.unknowns) for made in program.models} == {("(None, 153)", ())}
    assert all(len(made.calls) > 300 for made in program.models)


def test_sizes_behind_a_loop_say_why_its_turns_are_not_known() -> None:
    source = """
    def build(blocks):
        x = i = Input((4,))
        for _ in range(blocks):
            x = layers.concatenate([x, Dense(2)(x)])
        return Model(i, x)
    """
    assert "parameter `blocks` of build" in reasons(source)


def test_a_concatenation_of_an_unknown_number_of_tensors_says_why() -> None:
    source = """
    def build(blocks):
        i = Input((4,))
        return Model(i, keras.ops.concatenate([part for part in blocks], axis=-1))
    """
    assert "parameter `blocks` of build" in reasons(source)


def test_what_is_put_into_a_dict_under_unknown_keys_says_where_it_comes_from() -> None:
    source = """
    def build(encoder):
        i = Input((4,))
        outputs = {"body": Dense(2)(i)}
        outputs.update(encoder(i))
        return Model(i, outputs)
    """
    assert "parameter `encoder` of build" in reasons(source)


def test_a_loop_of_unknown_length_that_adds_either_of_two_layers() -> None:
    source = """
    def build(depth, wide):
        model = Sequential([Input((3,))])
        layer = Dense if wide else layers.LayerNormalization
        for _ in range(depth):
            model.add(Dense(8) if wide else Dropout(0.1))
            model.add(Dropout(0.2))
        model.add(Dense(2))
        return model
    """
    found = models(source)
    assert {str(made.output_shape) for made in found} == {"(None, 2)"}
    assert {unknown.reason for made in found for unknown in made.unknowns} == {"parameter `depth` of build"}


def test_one_setting_of_a_package_that_is_not_read_decides_all_tests_on_it_alike() -> None:
    program = read(
        """
        import keras
        from elsewhere import settings

        wide = 4 if settings.MODE == "wide" else 3
        layers = [keras.Input((wide,)), keras.layers.Dense(2 if settings.MODE != "wide" else 5)]
        model = keras.Sequential(layers)
        model.compile(loss="mse")
        """
    )
    shapes = {(str(model.input_shape), str(model.output_shape)) for model in program.models}
    assert shapes == {("(None, 4)", "(None, 5)"), ("(None, 3)", "(None, 2)")}
