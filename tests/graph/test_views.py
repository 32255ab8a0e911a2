"""Views through the reader's face: what a rule is told about small programs."""

from __future__ import annotations

from textwrap import dedent

import pytest

from keraslint import reader
from keraslint.graph import (
    Argument,
    Array,
    Call,
    Fact,
    Fit,
    KerasObject,
    Layer,
    Model,
    Program,
    Shape,
    Span,
    Step,
    Tensor,
    Training,
    Unknown,
)
from keraslint.graph.facts import NOWHERE
from keraslint.graph.views import (
    Activation,
    Callback,
    Data,
    Head,
    Observation,
    Optimizer,
    Run,
    Weights,
    Wiring,
    are_about_the_same,
    belongs_to,
    name_of,
)
from keraslint.rules import all_rules

IMPORTS = """
import numpy as np
import keras
from keras import Input, Model, Sequential, callbacks, layers, metrics, optimizers
from keras.layers import Activation, BatchNormalization, Dense, Dropout, Flatten
"""
SMALL = "model = Sequential([Input((8,)), Dense(16, 'relu'), Dense(1)])\n"


def read(*parts: str) -> Program:
    return reader.read(IMPORTS + "".join(map(dedent, parts)), "program.py")


# every kind ----------------------------------------------------------------------------------------------------

KINDS = (
    *(Program, Training, Fit, Model, Call, Layer, KerasObject),
    *(Activation, Callback, Data, Head, Observation, Optimizer, Run, Weights, Wiring),
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_enumerates_itself_and_gives_only_its_own(kind: type) -> None:
    program = read(
        SMALL,
        """
        stop = callbacks.EarlyStopping()
        model.compile(optimizers.Adam(), "mse")
        model.fit(np.zeros((10, 8)), np.zeros((10, 1)), callbacks=[stop])
        model.layers[0].trainable = False
        model.fit(np.zeros((10, 8)), np.zeros((10, 1)))
        """,
    )
    found = list(kind.of(program))
    assert found
    assert all(isinstance(part, kind) for part in found)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_empty_program_has_none(kind: type) -> None:
    program = Program("empty.py")
    assert list(kind.of(program)) == ([program] if kind is Program else [])


def test_every_rule_looks_at_a_kind_that_enumerates_itself() -> None:
    assert all(callable(getattr(rule.looks_at, "of", None)) for rule in all_rules())


# heads and labels ----------------------------------------------------------------------------------------------


def heads(source: str) -> list[Head]:
    return list(Head.of(read(source)))


def test_a_head_knows_its_labels() -> None:
    (head,) = heads(
        """
        (x, y), _ = keras.datasets.mnist.load_data()
        model = Sequential([Input((28, 28)), Flatten(), Dense(10, "softmax")])
        model.compile("adam", "sparse_categorical_crossentropy")
        model.fit(x, y)
        """
    )
    assert (head.labels.encoding, head.labels.classes, head.labels.exclusive) == ("integer", 10, True)
    assert head.labels.fit is not None


def test_labels_that_are_not_known_are_unknown_and_compare_to_nothing() -> None:
    (head,) = heads(SMALL + 'model.compile("adam", "mse")\nmodel.fit(load(), load())\n')
    labels = head.labels
    assert isinstance(labels.encoding, Unknown)
    assert isinstance(labels.exclusive, Unknown)
    assert not labels.range_is_known
    assert not labels.lie_within(0, 1)
    assert not labels.leave(0, 1)


def test_heads_of_two_outputs_have_their_names_losses_and_labels() -> None:
    first, second = heads(
        """
        x = Input((4,))
        model = Model(x, [Dense(1, name="a")(x), Dense(3, "softmax", name="b")(x)])
        model.compile("adam", {"a": "mse", "b": "categorical_crossentropy"}, metrics={"b": ["accuracy"]})
        model.fit(np.zeros((9, 4)), {"b": np.eye(3)[[0, 1, 2]], "a": np.zeros((9, 1))})
        """
    )
    assert (first.name, second.name) == ("a", "b")
    assert first.loss_is("MeanSquaredError")
    assert second.measures("accuracy")
    assert first.labels.lie_within(0, 0)
    assert are_about_the_same(first, first)
    assert not are_about_the_same(first, second)
    assert are_about_the_same(first.training, second)


# activations ---------------------------------------------------------------------------------------------------


def activations(source: str) -> list[Activation]:
    return [found for found in Activation.of(read(source)) if found.name != "linear"]


def test_an_activation_is_at_an_output_hidden_or_of_no_model() -> None:
    hidden, output, lonely = activations(
        """
        model = Sequential([Input((8,)), Dense(4, "relu"), Dense(1, "sigmoid")])
        model.compile("adam", "binary_crossentropy")
        alone = Dense(3, "tanh")
        """
    )
    assert (hidden.is_hidden, output.is_hidden, lonely.is_hidden) == (True, False, False)
    assert hidden.head is None
    assert output.head is not None
    assert output.head.activation_is("sigmoid")
    assert lonely.head is None


def test_an_activation_knows_what_it_is_stacked_on() -> None:
    relu, softmax, over = activations(
        """
        model = Sequential([
            Input((8,)), Dense(4, "relu"), Dense(3, "softmax"), Dropout(0.5), Activation("sigmoid"),
        ])
        """
    )
    assert relu.below is None
    assert softmax.below is None
    assert over.below is not None
    assert over.below.name == "softmax"


def test_the_same_activations_in_sequence_are_counted_up_to_a_normalization() -> None:
    found = activations(
        """
        model = Sequential([
            Input((8,)), Dense(4, "tanh"), Dense(4, "tanh"), Dropout(0.5), Dense(4, "tanh"), Dense(4, "relu"),
            Dense(4, "tanh"), BatchNormalization(), Dense(4, "tanh"),
        ])
        """
    )
    assert [activation.in_sequence for activation in found] == [1, 2, 3, 1, 1, 1]


# optimizers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "kind", "is_class"),
    [
        ('"adam"', "Adam", False),
        ("optimizers.SGD(0.1)", "SGD", False),
        ("optimizers.Adam", "Adam", True),
        ("load()", "", False),
    ],
)
def test_an_optimizer_is_known_however_it_is_given(written: str, kind: str, is_class: bool) -> None:
    (optimizer,) = Optimizer.of(read(SMALL + f'model.compile({written}, "mse")'))
    assert (optimizer.kind, optimizer.is_class) == (kind, is_class)
    assert optimizer.training is not None


def test_an_optimizer_of_a_schedule_starts_where_that_does() -> None:
    program = read(
        SMALL,
        """
        decay = optimizers.schedules.ExponentialDecay(0.5, 100, 0.9)
        model.compile(optimizers.SGD(decay, momentum=0.9, clipnorm=1.0), "mse")
        """,
    )
    (optimizer,) = Optimizer.of(program)
    assert optimizer.start == 0.5
    assert optimizer.schedule is not None
    assert optimizer.momentum == 0.9
    assert optimizer.clips is True


def test_one_optimizer_of_two_models_is_shared_and_one_that_nothing_compiles_has_no_training() -> None:
    program = read(
        """
        optimizer, idle = optimizers.Adam(), optimizers.RMSprop()
        one, other = Sequential([Input((2,)), Dense(1)]), Sequential([Input((3,)), Dense(1)])
        one.compile(optimizer, "mse")
        other.compile(optimizer, "mse")
        """
    )
    shared, idle = Optimizer.of(program)
    assert shared.is_shared
    assert len(shared.trainings) == 2
    assert idle.training is None
    assert are_about_the_same(shared, program.trainings[1])


# fits, callbacks and logs --------------------------------------------------------------------------------------


def fit(written: str) -> Fit:
    program = read(SMALL + f'x, y = np.zeros((100, 8)), np.ones((100, 1))\nmodel.compile("adam", "mse")\n{written}')
    return program.fits[-1]


def test_a_fit_counts_its_updates() -> None:
    assert fit("model.fit(x, y)").updates == 4
    assert fit("model.fit(x, y, epochs=5, batch_size=50)").updates == 10
    assert fit("model.fit(x, y, validation_split=0.5)").updates == 2
    assert fit("model.fit(x, y, steps_per_epoch=7, epochs=2)").updates == 14
    assert isinstance(fit("model.fit(x, y, epochs=some())").updates, Unknown)
    assert isinstance(fit("model.train_on_batch(x, y)").updates, Unknown)


@pytest.mark.parametrize(
    ("given", "expected"),
    [("", False), ("validation_split=0.1", True), ("validation_data=(x, y)", True), ("validation_data=None", False)],
)
def test_a_fit_knows_whether_it_validates(given: str, expected: bool) -> None:
    assert fit(f"model.fit(x, y, {given})").validates is expected


def test_validation_that_is_not_known_is_unknown() -> None:
    assert isinstance(fit("model.fit(x, y, validation_data=some())").validates, Unknown)


def test_the_generator_of_old_is_data_too() -> None:
    given = fit("model.fit_generator(some())")
    assert given.x is not None
    assert given.trains


def logs(compiled: str = '"adam", "mse"', fitted: str = "", version: str = "3.15") -> frozenset[str] | None:
    program = read(SMALL + f"x = np.zeros((9, 8))\nmodel.compile({compiled})\nmodel.fit(x, x[:, :1], {fitted})")
    (run,) = Run.of(program)
    return run.logs.names(version)


@pytest.mark.parametrize(
    ("compiled", "fitted", "names"),
    [
        ('"adam", "mse"', "", "loss"),
        ('"adam", "mse", metrics=["accuracy"]', "validation_split=0.5", "loss accuracy val_loss val_accuracy"),
        ('"adam", "mse", metrics=["acc", "mse"]', "", "loss acc mse"),
        ('"adam", "mse", metrics=[metrics.AUC(), metrics.MeanSquaredError(name="m")]', "", "loss auc m"),
        ('"adam", "mse", metrics=["mae"], weighted_metrics=["mae", "mse"]', "", "loss mae weighted_mae mse"),
        ('"adam", "mse", metrics=["mae", "mae"]', "", "loss mae mae_1"),
        ('"adam", "mse"', "callbacks=[callbacks.ReduceLROnPlateau()]", "loss learning_rate"),
    ],
)
def test_a_fit_logs(compiled: str, fitted: str, names: str) -> None:
    assert logs(compiled, fitted) == set(names.split())


@pytest.mark.parametrize(
    ("compiled", "fitted"),
    [
        ('"adam", "mse", metrics=some()', ""),
        ('"adam", "mse", metrics=["accuracy", some()]', ""),
        ('"adam", "mse", metrics=[metrics.AUC(), metrics.AUC()]', ""),
        ('"adam", "mse", **some()', ""),
        ('"adam", "mse"', "callbacks=some()"),
        ('"adam", "mse"', "callbacks=[Own()]"),
        ('"adam", "mse"', "callbacks=[callbacks.LambdaCallback(some)]"),
        ('"adam", "mse"', "validation_data=some()"),
    ],
)
def test_what_a_fit_logs_is_not_known_with(compiled: str, fitted: str) -> None:
    assert logs(compiled, fitted) is None


def test_old_versions_of_keras_log_other_names() -> None:
    compiled = '"adam", "mse", metrics=["accuracy", "mae"]'
    assert logs(compiled, version="2.2") == {"loss", "acc", "mean_absolute_error"}
    assert logs(compiled, version="2.15") == {"loss", "accuracy", "mae"}


def test_several_outputs_are_logged_under_their_names() -> None:
    program = read(
        """
        i = Input((4,))
        model = Model(i, [Dense(1, name="a")(i), Dense(1, name="b")(i)])
        model.compile("sgd", "mse", metrics={"a": ["accuracy"]})
        model.fit(load(), load())
        """
    )
    (run,) = Run.of(program)
    assert run.logs.names() == {"loss", "a_loss", "b_loss", "a_accuracy"}


def test_a_step_of_its_own_may_log_anything() -> None:
    program = read(
        """
        class Own(Model):
            def train_step(self, data):
                return {"mine": 0.0}
        i = Input((4,))
        model = Own(i, Dense(1)(i))
        model.compile("sgd", "mse")
        model.fit(load(), load())
        """
    )
    (run,) = Run.of(program)
    assert run.logs.names() is None


def test_a_fit_without_a_compile_is_a_run_without_a_training() -> None:
    (run,) = Run.of(read(SMALL + "model.fit(load(), load())"))
    assert run.training is None
    assert run.logs.names() is None


def test_a_fit_of_an_idle_compile_is_no_run_without_one() -> None:
    program = read(SMALL + 'model.compile("adam", "mse")\nmodel.predict(load())')
    assert [run.training for run in Run.of(program)] == list(program.trainings)
    assert list(Run.of(program.trained)) == []


def test_a_callback_knows_its_fits_and_what_it_watches() -> None:
    program = read(
        SMALL,
        """
        stop = callbacks.EarlyStopping()
        save = callbacks.ModelCheckpoint("best.keras", monitor="loss")
        model.compile("adam", "mse")
        model.fit(load(), load(), callbacks=[stop])
        model.fit(load(), load(), callbacks=[stop])
        """,
    )
    stop, save = Callback.of(program)
    assert stop.is_a("EarlyStopping")
    assert len(stop.runs) == 2
    assert stop.monitor == "val_loss"
    assert stop.trainings == program.trainings
    assert save.runs == ()
    assert save.file == "best.keras"
    assert belongs_to(stop, program.trainings[0])


# data ----------------------------------------------------------------------------------------------------------


def test_data_come_with_role_and_place_in_the_model() -> None:
    program = read(
        SMALL,
        """
        x, y = np.zeros((10, 8)), np.zeros((10, 1))
        model.compile("adam", "mse")
        model.fit(x, y, validation_data=(x, y))
        """,
    )
    found = list(Data.of(program))
    assert [(data.role, data.validates) for data in found] == [("x", False), ("y", False), ("x", True), ("y", True)]
    assert found[0].array is found[2].array
    assert found[0].input is program.trainings[0].model.inputs[0]
    assert found[1].head is not None
    assert all(data.span.is_known for data in found)


def test_data_tell_how_they_came_to_be() -> None:
    steps = (Step("scaled", 255, NOWHERE), Step("sorted", "numpy.sort", NOWHERE))
    array = Array(Shape((10, 8)), steps=steps)
    model = Model("functional", "", NOWHERE)
    given = Fit("fit", model, (Argument("x", Fact(array, NOWHERE)),), NOWHERE)
    compiled = KerasObject("keras.Model.compile", (), NOWHERE)
    (data,) = Data.of(Program("", trainings=(Training(model, compiled, (given,)),)))
    assert data.steps == steps
    assert [step.by for step in data.steps_of("scaled", "cast")] == [255]


# wiring --------------------------------------------------------------------------------------------------------


def wiring(source: str) -> Wiring:
    return list(Wiring.of(read(source)))[-1]


def kinds(calls: tuple[Call, ...]) -> list[str]:
    return [call.layer.kind for call in calls if isinstance(call.layer, KerasObject)]


def test_a_model_is_cut_into_plain_chains() -> None:
    found = wiring(
        """
        i = Input((8,))
        x = Dense(8)(i)
        x = Dropout(0.5)(x)
        y = Dense(8)(x)
        model = Model(i, layers.Add()([x, y]))
        """
    )
    assert [kinds(chain) for chain in found.chains] == [["Dense", "Dropout"], ["Dense"], ["Add"]]
    first = found.chains[0][1]
    assert kinds(found.after(first)) == ["Dense", "Add"]
    assert kinds(found.before(first)) == ["Dense"]
    assert kinds(found.consumers(found.model.inputs[0])) == ["Dense"]
    assert found.makes_output(found.chains[2][0])
    assert found.depends_on(found.model.outputs[0], first)
    assert found.depends_on(found.model.outputs[0], found.model.inputs[0])


def test_kernels_in_sequence_are_linked_with_what_is_between() -> None:
    found = wiring("model = Sequential([Input((8,)), Dense(4), Dropout(0.5), Dense(3), layers.ReLU(), Dense(1)])")
    assert [kinds(link.between) for link in found.kernels_in_sequence] == [["Dropout"], ["ReLU"]]


def test_what_no_output_depends_on_is_unused() -> None:
    found = wiring("a, b = Input((8,)), Input((8,))\nmodel = Model([a, b], Dense(1)(a))")
    assert found.unused_inputs == (found.model.inputs[1],)
    assert found.unused_layers == ()


def test_a_model_that_differs_between_branches_is_wired_each_way() -> None:
    program = read(
        """
        import sys
        units = [Dense(1)] if len(sys.argv) > 1 else [Dense(4), Dense(1)]
        model = Sequential([Input((8,)), *units])
        model.compile("adam", "mse")
        spare = Sequential([Input((8,)), Dense(2)])
        """
    )
    found = [(len(wiring.model.calls), len(wiring.trainings)) for wiring in Wiring.of(program)]
    assert sorted(found) == [(1, 0), (1, 1), (2, 1)]


def test_ten_thousand_layers_are_walked_without_recursion() -> None:
    tensor = first = Tensor(Shape((None, 8)), NOWHERE)
    for _ in range(10_000):
        layer = Layer("keras.layers.Dense", (), NOWHERE)
        tensor = Tensor(tensor.shape, NOWHERE, Call(layer, (tensor,), (tensor.shape,), NOWHERE))
    (deep,) = Wiring.of(Program("", models=(Model("functional", "", NOWHERE, (first,), (tensor,)),)))
    assert len(deep.chains[0]) == 10_000
    assert len(deep.kernels_in_sequence) == 9_999
    assert deep.depends_on(tensor, first)


# weights -------------------------------------------------------------------------------------------------------


def test_weights_know_what_they_begin_with_and_whether_they_train() -> None:
    program = read(
        """
        frozen = Dense(4, kernel_initializer="zeros", kernel_regularizer="l2")
        frozen.trainable = False
        last = Dense(1, kernel_initializer=keras.initializers.HeNormal())
        model = Sequential([Input((8,)), frozen, Dropout(0.5), last])
        """
    )
    first, second = Weights.of(program)
    assert first.kernel_initializer is not None
    assert first.kernel_initializer.is_a("Zeros")
    assert [regularizer.value for regularizer in first.regularizers] == ["l2"]
    assert (first.trainable, second.trainable) == (False, True)
    assert (first.count, second.count) == (36, 5)
    assert second.kernel_initializer is not None
    assert second.kernel_initializer.kind == "HeNormal"


# observations --------------------------------------------------------------------------------------------------


def observed(source: str) -> list[tuple[str, str]]:
    return [(seen.kind, seen.name) for seen in Observation.of(read(source))]


START = SMALL + 'model.compile("adam", "mse")\n'
FIT = "model.fit(load(), load())\n"
FREEZE = "model.layers[0].trainable = False\n"


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        pytest.param(START + FREEZE + FIT, ["trainable-after-compile"], id="before the first fit"),
        pytest.param(START + FIT + FREEZE + FIT, ["trainable-after-fit"], id="after a fit"),
        pytest.param(START + FIT + "model.trainable = False\n" + FIT, ["trainable-after-fit"], id="the whole model"),
        pytest.param(START + FREEZE + 'model.compile("adam", "mse")\n' + FIT, [], id="compiled again"),
        pytest.param(SMALL + FREEZE + 'model.compile("adam", "mse")\n' + FIT, [], id="before compile"),
        pytest.param(START + FIT + FREEZE, [], id="not fitted again"),
        pytest.param(START + "model.trainable = True\n" + FIT, [], id="nothing changes"),
    ],
)
def test_trainable_set_after_compile_is_seen(source: str, kinds: list[str]) -> None:
    assert [kind for kind, _ in observed(source)] == kinds


def test_trainable_set_in_a_branch_that_is_never_both_is_not_seen() -> None:
    source = START + FIT + "if flag:\n    " + FREEZE + "else:\n    " + FIT
    assert observed("import sys\nflag = len(sys.argv) > 1\n" + source) == []


def test_the_observation_concerns_its_training() -> None:
    program = read(START + FIT + FREEZE + FIT)
    (seen,) = program.observations
    assert seen.trainings == program.trainings
    assert belongs_to(seen, program.trainings[0])
    (first, second) = Weights.of(program)
    assert isinstance(first.trainable_at_compile, Unknown)
    assert second.trainable_at_compile is True


BLOCK = """
class Block(layers.Layer):
    def __init__(self):
        super().__init__()
        {init}
    def build(self, shape):
        {build}
    def call(self, x):
        {call}
model = Sequential([Input((8,)), Block(), Dense(1)])
"""


def block(init: str = "pass", build: str = "pass", call: str = "return x") -> list[tuple[str, str]]:
    return observed(BLOCK.format(init=init, build=build, call=call))


def test_a_layer_made_in_call_is_seen_once() -> None:
    assert [kind for kind, _ in block(call="return Dense(3)(x)")] == ["layer-made-in-call"]


def test_a_layer_made_in_a_lambda_is_seen() -> None:
    found = observed("model = Sequential([Input((8,)), layers.Lambda(lambda x: Dense(3)(x)), Dense(1)])")
    assert [kind for kind, _ in found] == ["layer-made-in-call"]


def test_layers_made_before_call_are_none() -> None:
    assert block(init="self.d = Dense(3)", call="return self.d(x)") == []
    assert block(build="self.d = Dense(3)", call="return self.d(x)") == []


INIT = """
class Own({base}):
    def __init__(self):
        {first}
        self.dense = Dense(3)
    def call(self, x):
        return self.dense(x)
own = Own()
"""


@pytest.mark.parametrize(
    ("base", "first", "missing"),
    [
        ("layers.Layer", "pass", True),
        ("Model", "self.units = 3", True),
        ("layers.Layer", "super(layers.Layer, self).__init__()", True),
        ("layers.Layer", "super().__init__()", False),
        ("Model", "super(Own, self).__init__()", False),
        ("Model", "Model.__init__(self)", False),
        ("object", "pass", False),
        ("Mixin", "pass", False),
    ],
)
def test_a_class_that_forgets_the_init_of_keras_is_seen(base: str, first: str, missing: bool) -> None:
    found = observed(INIT.format(base=base, first=first))
    assert found == ([("missing-super-init", "Own")] if missing else [])


def test_a_base_in_the_file_that_forgets_it_is_seen() -> None:
    found = observed(INIT.format(base="Model", first="pass").replace("own = Own()", "class Sub(Own):\n    pass\nSub()"))
    assert [kind for kind, _ in found] == ["missing-super-init"]


def test_what_add_and_compile_give_is_nothing_to_use() -> None:
    assert [name for _, name in observed("model = Sequential()\nmodel = model.add(Dense(3))")] == ["add"]
    assert [name for _, name in observed(SMALL + 'model = model.compile("adam", "mse")')] == ["compile"]
    assert observed("model = Sequential()\nmodel.add(Dense(3))") == []


def test_a_result_of_a_model_that_is_dropped_is_seen() -> None:
    assert [kind for kind, _ in observed(SMALL + "model(Input((8,)))")] == ["result-dropped"]
    assert observed(SMALL + "y = model(Input((8,)))") == []


# subjects ------------------------------------------------------------------------------------------------------


def test_what_has_no_place_has_a_name() -> None:
    layer = Layer("keras.layers.Dense", (), NOWHERE, name="dense_1")
    assert name_of(layer) == "dense_1"
    assert not NOWHERE.is_known


def test_spans_meet_where_they_share_text() -> None:
    outer, inner, after = Span(1, 0, 3, 5), Span(2, 0, 2, 9), Span(3, 5, 3, 9)
    assert outer.meets(inner)
    assert inner.meets(outer)
    assert not outer.meets(after)
    assert not outer.meets(inner._replace(file="other.py"))
