"""A place where Keras and TensorFlow are installed, as far as pylint can see: the files that list their names."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from astroid.exceptions import AstroidImportError
from astroid.interpreter._import.spec import ModuleSpec
from astroid.manager import AstroidManager
from pylint.message import Message

from keraslint.brain.installed import PACKAGES

LISTS = {
    "keras/__init__.py": [
        "name_scope=keras.src",
        "version=keras.src",
        "callbacks=keras",
        "layers",
        "losses",
        "Input=keras.src.layers",
        "Model=keras.src.models",
    ],
    "keras/callbacks/__init__.py": ["ModelCheckpoint=keras.src.callbacks"],
    "keras/layers/__init__.py": ["Dense=keras.src.layers.core.dense", "Layer=keras.src.layers.layer"],
    "keras/utils/__init__.py": ["to_categorical=keras.src.utils"],
    "keras/losses/__init__.py": ["MeanSquaredError=keras.src.losses.losses"],
    "keras/_tf_keras/keras/__init__.py": [
        *("Model=keras.src.models", "Sequential=keras.src.models", "Input=keras.src.layers"),
        *("__version__=keras.src.version", "layers=keras", "optimizers=keras"),
    ],
    "keras/_tf_keras/keras/layers/__init__.py": [
        *(f"{name}=keras.src.layers" for name in ("Dense", "Conv2D", "LSTM", "LSTMCell", "RNN", "Layer", "Flatten")),
        "brand_new=keras.src.layers",
    ],
    **{
        f"keras/_tf_keras/keras/{module}/__init__.py": [f"{name}=keras.src" for name in names]
        for module, names in {
            "callbacks": ["Callback", "EarlyStopping"],
            "datasets": [],
            "datasets/mnist": ["load_data"],
            "initializers": ["Zeros", "Initializer"],
            "losses": ["Loss", "MeanSquaredError"],
            "metrics": ["Metric", "Mean"],
            "models": ["Model", "Sequential", "load_model"],
            "optimizers": ["Adam", "Optimizer", "schedules"],
            "optimizers/schedules": ["LearningRateSchedule"],
            "utils": ["Sequence", "PyDataset", "to_categorical"],
        }.items()
    },
    "tensorflow/__init__.py": [
        *("nn=tensorflow._api.v2", "lite=tensorflow._api.v2", "compat=tensorflow._api.v2"),
        *("function=tensorflow.python.eager", "GradientTape=tensorflow.python.eager", "Tensor=tensorflow.python"),
        *("Module=tensorflow.python", "Variable=tensorflow.python", "test=tensorflow._api.v2"),
        *("TypeSpec=tensorflow.python.framework.type_spec", "errors=tensorflow._api.v2"),
        *("random_uniform_initializer=tensorflow.python.ops", "train=tensorflow._api.v2"),
    ],
    "tensorflow/_api/v2/errors/__init__.py": [
        f"{name}=tensorflow.python.framework.errors_impl" for name in ("OpError", "NotFoundError", "AbortedError")
    ],
    "tensorflow/_api/v2/train/__init__.py": ["CheckpointManager=tensorflow.python.checkpoint"],
    "tensorflow/python/__init__.py": [],
    "tensorflow/python/ops/__init__.py": [],
    "tensorflow/core/__init__.py": [],
    "tensorflow/_api/v2/test/__init__.py": ["TestCase=tensorflow.python"],
    "tensorflow/_api/v2/compat/v1/train/__init__.py": ["SessionRunHook=tensorflow.python"],
    "tensorflow/_api/__init__.py": [],
    "tensorflow/_api/v2/__init__.py": [],
    "tensorflow/_api/v2/nn/__init__.py": ["relu=tensorflow.python.ops"],
    "tensorflow/_api/v2/lite/__init__.py": ["TFLiteConverter=tensorflow.lite.python"],
    "tensorflow/_api/v2/compat/__init__.py": ["v1=tensorflow._api.v2.compat", "v2=tensorflow._api.v2.compat"],
    "tensorflow/_api/v2/compat/v1/__init__.py": ["Session=tensorflow.python.client"],
    "tensorflow/lite/__init__.py": [],
    "tensorflow/lite/python/__init__.py": [],
}
"""`name=module` for what is imported, as in the real files; what they import is not there: nobody can read it."""


SOURCES = {
    "tensorflow/_api/v2/compat/v2/__init__.py": """\
import sys
from tensorflow.python.ops.variables import Variable as Variable
me = sys.modules[__name__]
setattr(me, "keras", object())
setattr(me, "losses", object())
""",
    "tensorflow/core/graph_pb2.py": """\
from google.protobuf import descriptor_pool
DESCRIPTOR = descriptor_pool.Default().AddSerializedFile(
    b'\\n\\x07a.proto"\\n\\n\\x08GraphDef*\\x0f\\n\\x04Kind\\x12\\x07\\n\\x03ONE\\x10\\x01'
)
""",
    "tensorflow/core/damaged_pb2.py": "D = pool.AddSerializedFile(b'\\n\\x07a')\n",
    "tensorflow/python/ops/cells.py": """\
import abc
from tensorflow.python.ops import bases
class Cell(bases.Base, metaclass=abc.ABCMeta):
    def zero_state(self, batch_size, dtype):
        return batch_size, dtype
    @property
    def state_size(self):
        return 3
    @abc.abstractmethod
    def step(self, inputs):
        pass
""",
    "tensorflow/python/ops/bases.py": """\
from tensorflow.python.module.module import Module
class Plain:
    def __init__(self):
        raise NotImplementedError
class Base(Module):
    def trace(self, *, level):
        return level
    @staticmethod
    def made(value):
        return value
""",
}
"""Files that hold more than a list of names."""


def write_lists(site: Path) -> None:
    for file, names in LISTS.items():
        path = site / file
        path.parent.mkdir(parents=True, exist_ok=True)
        package = file.removesuffix("/__init__.py").replace("/", ".")
        pairs = (name.partition("=") for name in names)
        path.write_text("".join(f"from {module or package} import {name} as {name}\n" for name, _, module in pairs))
    for file, text in SOURCES.items():
        (site / file).parent.mkdir(parents=True, exist_ok=True)
        (site / file).write_text(text)


@contextmanager
def without_packages(folder: Path) -> Iterator[None]:
    """An environment where astroid finds Keras and TensorFlow in this folder, if anywhere."""
    find = AstroidManager.file_from_module_name

    def found(self: AstroidManager, name: str, file: str | None) -> ModuleSpec:
        spec = find(self, name, file)
        if name.partition(".")[0] in PACKAGES and not str(spec.location).startswith(str(folder)):
            raise AstroidImportError("not installed: {modname}", modname=name)
        return spec

    before = sys.path[:]
    AstroidManager().clear_cache()
    with patch.object(AstroidManager, "file_from_module_name", found):
        try:
            yield
        finally:
            sys.path[:] = before
            AstroidManager().clear_cache()


def install(folder: Path, version: str) -> Path:
    """TensorFlow, and Keras of that version."""
    site = folder / "lib" / "site-packages"
    write_lists(site)
    (site / f"keras-{version}.dist-info").mkdir()
    sys.path.insert(0, str(site))
    return site


PROGRAMS = Path(__file__).parents[2] / "fixtures" / "programs"
UNTAUGHT = "--keras-teach-pylint=no"

OF_SMALL_SOURCES = ("an abstract method that is missing", "a message that protocol buffers have not")
"""Slips about modules that only the small TensorFlow of these tests has."""

SLIPS = {
    "a class that is not there": (
        "from keras.layers import LTSM",
        ("no-name-in-module", "No name 'LTSM' in module 'keras.layers'"),
    ),
    "a class that tf.keras has not": (
        "from tensorflow.keras.layers import Densee",
        ("no-name-in-module", "No name 'Densee' in module 'tensorflow.keras.layers'"),
    ),
    "a module that is not there": (
        "import tensorflow.keras.layer",
        ("import-error", "Unable to import 'tensorflow.keras.layer'"),
    ),
    "an attribute of a module": (
        "import tensorflow as tf\ntf.keras.layers.Conv2d(3, 3)",
        ("no-member", "Module 'tensorflow.keras.layers' has no 'Conv2d' member; maybe 'Conv2D'?"),
    ),
    "an attribute of the root": (
        "import tensorflow as tf\ntf.keras.Sequentiel()",
        ("no-member", "Module 'tensorflow.keras' has no 'Sequentiel' member; maybe 'Sequential'?"),
    ),
    "a name of TensorFlow's own": (
        "import tensorflow as tf\ntf.nn.rellu(3)",
        ("no-member", "Module 'tensorflow.nn' has no 'rellu' member; maybe 'relu'?"),
    ),
    "an argument that is missing": (
        "from keras.layers import Dense\nDense()",
        ("no-value-for-parameter", "No value for argument 'units' in constructor call"),
    ),
    "an argument too many": (
        "from keras.utils import to_categorical\nto_categorical([1], 2, 3)",
        ("too-many-function-args", "Too many positional arguments for function call"),
    ),
    "the general error before the special one": (
        "import tensorflow as tf\ntry:\n    pass\nexcept tf.errors.OpError:\n    pass\n"
        "except tf.errors.NotFoundError:\n    pass",
        (
            "bad-except-order",
            "Bad except clauses order (OpError is an ancestor class of NotFoundError)",
        ),
    ),
    "an abstract method that is missing": (
        "from tensorflow.python.ops.cells import Cell\nclass Mine(Cell):\n    pass",
        ("abstract-method", "Method 'step' is abstract in class 'Cell' but is not overridden in child class 'Mine'"),
    ),
    "a message that protocol buffers have not": (
        "from tensorflow.core.graph_pb2 import GrafDef",
        ("no-name-in-module", "No name 'GrafDef' in module 'tensorflow.core.graph_pb2'"),
    ),
    "no super().__init__ of a class of TensorFlow's": (
        "import tensorflow as tf\nclass Mine(tf.train.CheckpointManager):\n    def __init__(self):\n        self.a = 1",
        ("super-init-not-called", "__init__ method from base class 'CheckpointManager' is not called"),
    ),
    "a name of Keras in compat.v2": (
        "import tensorflow.compat.v2 as tf\ntf.keras.layers.Conv2d(3)",
        ("no-member", "Module 'tensorflow.keras.layers' has no 'Conv2d' member; maybe 'Conv2D'?"),
    ),
    "a loss in compat.v2": (
        "import tensorflow.compat.v2 as tf\ntf.losses.Losss()",
        ("no-member", "Module 'tensorflow.keras.losses' has no 'Losss' member; maybe 'Loss'?"),
    ),
    "an operator that a variable has not": (
        "import tensorflow as tf\nprint(+tf.Variable(1.0))",
        ("invalid-unary-operand-type", "bad operand type for unary +: Variable"),
    ),
    "no super().__init__": (
        "import tensorflow as tf\nclass Mine(tf.keras.layers.Layer):\n    def __init__(self):\n        self.a = 1",
        ("super-init-not-called", "__init__ method from base class 'Layer' is not called"),
    ),
}


def said(messages: list[Message]) -> list[tuple[str, str]]:
    return [(message.symbol, message.msg.partition("\n")[0]) for message in messages]
