"""What pylint says of Keras programs when it is taught Keras: no more and no less than is true."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from astroid import nodes
from astroid.manager import AstroidManager
from helpers.taught import PROGRAMS, SLIPS, UNTAUGHT, said
from pylint.message import Message

from keraslint import brain
from keraslint.brain import stubs
from keraslint.problem import RAISE

Lint = Callable[..., list[Message]]

SOUND = {
    "a layer with build and call": """\
        from tensorflow.keras.layers import Layer
        class Mine(Layer):
            def build(self, input_shape):
                self.kernel = self.add_weight(shape=(3, 4), name="kernel")
                super().build(input_shape)
            def call(self, inputs, training=None, mask=None):
                return inputs @ self.kernel
            def compute_output_shape(self, input_shape):
                return (3, 4)
            def compute_mask(self, inputs, mask=None):
                return mask
            def get_config(self):
                return {**super().get_config(), "units": 3}
            @classmethod
            def from_config(cls, config):
                return cls(**config)
        print(Mine()(3), Mine(name="mine").weights[0].shape, Mine().kernel)
        """,
    "a call that takes one tensor by a name of its own": """\
        import tensorflow as tf
        class Mine(tf.keras.layers.Layer):
            def call(self, x):
                return x
        class Two(tf.keras.layers.Layer):
            def call(self, query, *, bias, **kwargs):
                return query + bias + len(kwargs)
        print(Mine()(3), Two()(3, bias=4))
        """,
    "a model with compile and train_step": """\
        import tensorflow as tf
        class Mine(tf.keras.Model):
            def __init__(self, inner, **kwargs):
                super().__init__(**kwargs)
                self.inner = inner
            def compile(self, d_optimizer, g_optimizer):
                super().compile()
                self.d_optimizer = d_optimizer
                self.g_optimizer = g_optimizer
            @property
            def metrics(self):
                return [self.inner]
            def train_step(self, data):
                return {metric.name: metric.result() for metric in self.metrics}
            def test_step(self, data):
                return {"d": self.d_optimizer, "g": self.g_optimizer, "is": self.optimizer}
            def call(self, inputs, training=False):
                return self.inner(inputs)
        mine = Mine(3)
        mine.compile(d_optimizer=1, g_optimizer=2)
        history = mine.fit([1], [2], epochs=3, callbacks=[])
        print(history.history["loss"][-1], mine.predict([1]).argmax(axis=1), mine.layers[0].units, mine.anything)
        """,
    "a functional model": """\
        import tensorflow as tf
        inputs = tf.keras.Input(shape=(3,))
        x = tf.keras.layers.Dense(3, activation="relu")(inputs)
        x = x[:, 1:] + 3
        model = tf.keras.Model(inputs, x, name="model")
        named = tf.keras.Model(inputs=inputs, outputs=[x])
        for layer in model.layers[:-1]:
            layer.trainable = False
        print(model.summary(), named.get_layer("dense").output, model.count_params())
        """,
    "a callback": """\
        from tensorflow import keras
        class Mine(keras.callbacks.Callback):
            def on_train_begin(self, logs=None):
                self.losses = []
            def on_epoch_end(self, epoch, logs=None):
                self.losses.append(logs["loss"])
                self.model.stop_training = True
            def on_batch_end(self, batch, logs=None):
                print(self.params["epochs"])
        """,
    "a metric, a loss, an initializer and a schedule": """\
        import tensorflow as tf
        class Mine(tf.keras.metrics.Metric):
            def __init__(self, name="mine", **kwargs):
                super().__init__(name=name, **kwargs)
                self.total = self.add_weight(name="total", initializer="zeros")
            def update_state(self, y_true, y_pred, sample_weight=None):
                self.total.assign_add(y_true - y_pred)
            def result(self):
                return self.total / 2
            def reset_state(self):
                self.total.assign(0)
        class Far(tf.keras.losses.Loss):
            def call(self, y_true, y_pred):
                return y_true - y_pred
        class Ones(tf.keras.initializers.Initializer):
            def __call__(self, shape, dtype=None):
                return [1] * shape[0]
        class Warm(tf.keras.optimizers.schedules.LearningRateSchedule):
            def __call__(self, step):
                return step * 0.1
        print(Far()(1, 2), Mine()(1, 2), Ones()((3,)), Warm()(1), tf.losses.MeanSquaredError()(1, 2))
        """,
    "a sequence of batches": """\
        import tensorflow as tf
        class Mine(tf.keras.utils.Sequence):
            def __init__(self, x):
                super().__init__()
                self.x = x
            def __len__(self):
                return len(self.x)
            def __getitem__(self, index):
                return self.x[index]
            def on_epoch_end(self):
                self.x = self.x[::-1]
        print(Mine([1])[0], len(Mine([1])))
        """,
    "a cell": """\
        import tensorflow as tf
        class Mine(tf.keras.layers.LSTMCell):
            def call(self, inputs, states, training=None):
                output, [state, carry] = super().call(inputs, states, training=training)
                return output, [state, carry, self.units]
        print(tf.keras.layers.RNN(Mine(3), return_state=True)([1]))
        """,
    "TensorFlow's own names": """\
        import tensorflow as tf
        import tensorflow.lite as tflite
        @tf.function
        def _step(x: tf.Tensor):
            with tf.GradientTape() as tape:
                loss = tf.nn.relu(x) + x
            return tape.gradient(loss, [x])[0]
        print(_step(3), tflite.TFLiteConverter, tf.lite.TFLiteConverter.from_keras_model(3).convert())
        print(tf.compat.v1.Session().run([]))
        """,
    "TensorFlow's classes that are derived from": """\
        import tensorflow as tf
        class Mine(tf.Module):
            def __init__(self):
                super().__init__()
                self.weight = tf.Variable(3.0)
            def __call__(self, x):
                return self.weight * x
        class MineTest(tf.test.TestCase):
            def setUp(self):
                super().setUp()
                self.mine = Mine()
            def test_one(self):
                'One.'
                self.assertAllClose(self.mine(1), -self.mine.weight, atol=3)
        class Hook(tf.compat.v1.train.SessionRunHook):
            def before_run(self, run_context):
                return tf.compat.v1.Session()
        """,
    "everything of a package": """\
        from tensorflow.keras import *  # pylint: disable=wildcard-import,unused-wildcard-import
        from tensorflow import *  # pylint: disable=wildcard-import,unused-wildcard-import
        print(layers.Dense(3), Sequential([optimizers.schedules]), nn.relu(3), keras.Model)
        """,
    "data, and names that only the installed version has": """\
        from tensorflow.keras.datasets import mnist
        from tensorflow.keras.layers import brand_new
        from tensorflow.keras import __version__
        (x, y), (a, b) = mnist.load_data()
        print(x.shape[0], y + a + b, brand_new(3)(4), __version__.split("."))
        """,
    "TensorFlow 1's Keras": """\
        import tensorflow.compat.v1 as tf
        print(tf.keras.layers.CuDNNLSTM(3), tf.keras.layers.Dense(3)(4))
        """,
}

OF_TENSORFLOW = {
    "what TensorFlow puts into compat.v2": """\
        import tensorflow.compat.v2 as tf
        print(tf.losses.MeanSquaredError(), tf.keras.layers.Dense(3), tf.Variable)
        """,
    "a variable with a sign": """\
        import tensorflow as tf
        class Mine(tf.Variable):
            'A variable.'
        print(-Mine(1.0), ~Mine(1), abs(Mine(2.0)))
        """,
    "what overrides a method of TensorFlow's": """\
        import tensorflow as tf
        class Manager(tf.train.CheckpointManager):
            def save(self, checkpoint_number=None, check_interval=True, options=None):
                print("saved")
        class Twice(tf.random_uniform_initializer):
            def __call__(self, shape, dtype=tf.Tensor, **kwargs):
                return super().__call__(shape, dtype, **kwargs) * 2
            def get_config(self):
                return {}
        """,
    "an empty class with the methods of its base": """\
        import tensorflow as tf
        class Mine(tf.train.CheckpointManager):
            'Mine.'
        """,
    "what overrides a private method, or one with variadic parameters": """\
        import keras
        class Mine(keras.callbacks.ModelCheckpoint):
            def _save_model(self, epoch, batch, logs):
                print("saved")
        """,
    "what overrides a method of a private class": """\
        from tensorflow.python.ops import cells
        class Mine(cells.Cell):
            def zero_state(self, batch_size, dtype):
                return 1
            @property
            def state_size(self):
                return 4
            def step(self, inputs):
                return 2
            def trace(self, *, level):
                return 3
            @staticmethod
            def made(value):
                return 4
        print(Mine().anything)
        """,
    "a constructor where the base has none": """\
        from tensorflow.python.ops import bases
        import tensorflow as tf
        class Mine(bases.Plain):
            def __init__(self):
                self.value = tf.keras.layers.Dense(3)
            def one(self):
                'One.'
            def two(self):
                'Two.'
        """,
    "names of protocol buffers": """\
        from tensorflow.core import graph_pb2
        from tensorflow.core.graph_pb2 import GraphDef, Kind, ONE
        from tensorflow.core import damaged_pb2
        print(graph_pb2.GraphDef().node, graph_pb2.ONE, graph_pb2.later, GraphDef, Kind, ONE, damaged_pb2.anything)
        """,
    "a name that may not be there": """\
        import keras
        def _version():
            found = getattr(keras, "version", None)
            if found:
                return found()
            is_new = hasattr(keras, "ops")
            return "3" if is_new else "2"
        print(_version())
        """,
    "a class that older versions have as a function": """\
        import keras
        class Scope(keras.name_scope):
            'A scope.'
            def enter(self):
                'Enter.'
            def leave(self):
                'Leave.'
        """,
    "errors from the special to the general": """\
        import tensorflow as tf
        try:
            print(tf.Tensor)
        except tf.errors.NotFoundError as error:
            print(error.message)
        except tf.errors.OpError:
            raise tf.errors.AbortedError(None, None, "x") from None
        """,
}

STYLE = (
    "--disable=missing-module-docstring,missing-class-docstring,too-few-public-methods,invalid-name,line-too-long",
    "--disable=keraslint,consider-using-from-import",
)


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_found(slip: str, lint: Lint, site: Path) -> None:
    source, expected = SLIPS[slip]
    assert expected in said(lint(source + "\n"))


@pytest.mark.parametrize("name", SOUND)
def test_nothing_is_said_of_sound_code(name: str, lint: Lint, site: Path) -> None:
    assert said(lint(textwrap.dedent(SOUND[name]), *STYLE)) == []


@pytest.mark.parametrize("name", OF_TENSORFLOW)
def test_nothing_is_said_of_what_is_there_in_tensorflow(name: str, lint: Lint, site: Path) -> None:
    style = [option.replace("too-few-public-methods,", "") for option in STYLE]
    assert said(lint(textwrap.dedent(OF_TENSORFLOW[name]), *style)) == []


def test_a_question_about_anything_else_is_answered_as_ever(lint: Lint, site: Path) -> None:
    source = "import os\nfound = getattr(os, 'getcwd', None)\nif found:\n    print(found())\n"
    assert said(lint(source)) == said(lint(source, UNTAUGHT))
    assert "using-constant-test" in dict(said(lint(source)))


def test_without_being_taught_pylint_says_much_of_the_same_code(lint: Lint, site: Path) -> None:
    silent = [name for name in SOUND if not lint(textwrap.dedent(SOUND[name]), UNTAUGHT, *STYLE)]
    assert silent == []


def test_keras_can_be_taught_without_tensorflow(lint: Lint, site: Path) -> None:
    source = "import tensorflow as tf\nfrom tensorflow import nn\ntf.keras.layers.Conv2d(3, 3)\nnn.rellu(3)\n"
    assert [message.line for message in lint(source, "--keras-teach-pylint=keras", "--disable=all", "--enable=E")] == [
        3,
        4,
    ]
    assert "tensorflow._api.v2.nn" in str(said(lint(source, "--keras-teach-pylint=keras")))


@pytest.mark.parametrize("choice", ["keras", "keras,tensorflow"])
def test_what_tensorflow_has_of_keras_is_no_module_of_its_own(choice: str, lint: Lint, site: Path) -> None:
    source = "import tensorflow as tf\nfrom tensorflow import metrics\nimport tensorflow.losses\nprint(tf.losses.Los)\n"
    found = dict(said(lint(source + "print(metrics.Mean, tf.keras)\n", f"--keras-teach-pylint={choice}")))
    assert found["import-error"] == "Unable to import 'tensorflow.losses'"
    assert found["no-member"] == "Module 'tensorflow.keras.losses' has no 'Los' member; maybe 'Loss'?"


def test_what_keras_imports_is_never_read(lint: Lint, site: Path) -> None:
    (site / "keras" / "src").mkdir()
    (site / "keras" / "src" / "__init__.py").write_text("")
    (site / "keras" / "src" / "models.py").write_text("class Model:\n    pass\n")
    lint("import keras\nkeras.Model().anything\n")
    assert "keras.src.models" not in AstroidManager().astroid_cache


def test_the_option_says_which_names_there_are(lint: Lint, site: Path) -> None:
    source = "from keras.layers import CuDNNLSTM, fit_everything\nprint(CuDNNLSTM, fit_everything)\n"
    gone = {
        version: [
            text.split("'")[1]
            for symbol, text in said(lint(source, f"--keras-version={version}"))
            if symbol == "no-name-in-module"
        ]
        for version in ("3.15", "2.2")
    }
    assert gone == {"3.15": ["CuDNNLSTM", "fit_everything"], "2.2": ["fit_everything"]}


def test_the_project_says_which_arguments_there_are(
    lint: Lint, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "from keras.layers import Dense\nprint(Dense(output_dim=3))\n"
    assert "no-value-for-parameter" in dict(said(lint(source)))
    (tmp_path / "requirements.txt").write_text("keras==1.2.2\n")
    monkeypatch.chdir(tmp_path)
    assert "no-value-for-parameter" not in dict(said(lint(source)))


def test_a_module_of_the_version_asked_for_need_not_be_installed(lint: Lint, site: Path) -> None:
    source = "from keras.layers.core import Dense\nprint(Dense)\n"
    assert "import-error" in dict(said(lint(source)))
    assert "import-error" not in dict(said(lint(source, "--keras-version=2.2")))


def test_keras_itself_can_be_checked(lint: Lint, site: Path) -> None:
    file = site / "keras" / "layers" / "__init__.py"
    file.write_text("from keras import missing\nVALUE = missing.value\n")
    assert said(lint(file)) == said(lint(file, UNTAUGHT))
    assert ("no-name-in-module", "No name 'missing' in module 'keras'") in said(lint(file))


def taught() -> list[object]:
    """What astroid would ask of us."""
    manager = AstroidManager()
    changes = manager._transform.transforms[nodes.Module]
    asked = [*manager._failed_import_hooks, *(function for pair in changes for function in pair)]
    return [function for function in asked if isinstance(getattr(function, "__self__", None), brain.Lesson)]


def test_nothing_is_left_after_a_run(lint: Lint, site: Path) -> None:
    source = "import tensorflow as tf\nfrom tensorflow.keras import layers\nprint(tf.keras.layers, layers)\n"
    before = said(lint(source, UNTAUGHT))
    assert said(lint(source)) != before
    assert taught() == []
    assert not [name for name in AstroidManager().astroid_cache if name.startswith(("keras", "tensorflow"))]
    assert said(lint(source, UNTAUGHT)) == before
    assert said(lint(source)) != before


def test_a_second_run_may_ask_for_another_version(lint: Lint, site: Path) -> None:
    source = "from keras.layers import Dense\nprint(Dense(output_dim=3))\n"
    told = [
        "no-value-for-parameter" in dict(said(lint(source, f"--keras-version={v}"))) for v in ("3.15", "1.2", "2.2")
    ]
    assert told == [True, False, True]


def test_pylint_may_forget_everything_after_a_run(lint: Lint, site: Path) -> None:
    for _ in range(2):
        assert dict(said(lint("from keras.layers import LTSM\n", "--clear-cache-post-run=y")))["no-name-in-module"]
    assert taught() == []


def test_pylint_is_taught_where_no_rule_is_wanted(lint: Lint, site: Path) -> None:
    messages = lint("from keras.layers import LTSM\nLTSM()\n", "--disable=all", "--enable=no-name-in-module")
    assert [symbol for symbol, _ in said(messages)] == ["no-name-in-module"]


def test_processes_are_taught_and_agree(site: Path, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"part{number}.py").write_text(
            "from tensorflow.keras.layers import LTSM, Dense\nprint(LTSM, Dense)\n"
        )
    files = [str(tmp_path / f"part{number}.py") for number in range(3)]
    place = [str(Path(__file__).parents[2]), str(site)]
    options = ["--load-plugins=keraslint", "--disable=all", "--enable=E", "--score=n"]
    for jobs in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-m", "pylint", f"--rcfile={os.devnull}", *options, f"-j{jobs}", *files],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(place)},
        )
        assert done.stdout.count("No name 'LTSM' in module 'tensorflow.keras.layers'") == 3, done.stdout + done.stderr
        assert done.stdout.count(": E") == 3


def test_a_failure_is_told_once_and_pylint_goes_on(lint: Lint, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> str:
        raise ZeroDivisionError("for a test")

    monkeypatch.delenv(RAISE)
    monkeypatch.setattr(stubs, "module", fail)
    found = said(lint("import keras\nprint(keras.Nothing, keras.Input)\n"))
    told = [text for symbol, text in found if symbol == "keras-not-taught"]
    assert len(told) == 1
    assert told[0].startswith("pylint goes by the installed source of `keras`, because keraslint failed with `Zero")
    assert "no-member" in dict(found)


def test_the_findings_are_the_same(lint: Lint, site: Path) -> None:
    only = ("--disable=all", "--enable=keraslint")
    for program in sorted(PROGRAMS.rglob("*_faulty.py")):
        findings = [
            [(message.line, message.column, *said([message])[0]) for message in lint(program, *only, *choice)]
            for choice in ([UNTAUGHT], [])
        ]
        assert findings[0] == findings[1] != [], program.name


def test_a_lesson_without_packages_teaches_nothing() -> None:
    brain.begin(brain.Lesson(frozenset(), str, str, lambda *_: None))
    assert taught() == []


def test_a_lesson_is_in_force_until_it_ends() -> None:
    brain.begin(brain.Lesson(frozenset({"keras"}), str, str, lambda *_: None))
    try:
        assert len(taught()) == 3
    finally:
        brain.end()
    assert taught() == []
