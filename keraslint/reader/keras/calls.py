"""What calling a name of another package means: Keras's classes and functions first, then the data libraries.

What few programs use (applications, tuners, copies of models) is loaded by the first call of it: loading costs more
than reading such a call.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from astroid import nodes

from keraslint import keras_api
from keraslint.graph import OPEN, Array, KerasObject, OneOf, Tensor, Unknown
from keraslint.graph.shape import Shape
from keraslint.graph.shapes import has_rule
from keraslint.reader.keras import dtypes
from keraslint.reader.keras import identifiers as identified
from keraslint.reader.keras.binding import make_object
from keraslint.reader.keras.copies import clone_model, from_config
from keraslint.reader.keras.layers import call_layer, make_input, make_layer
from keraslint.reader.keras.metric_uses import note_use
from keraslint.reader.keras.model_methods import compile_unknown
from keraslint.reader.keras.models import make_functional, make_sequential
from keraslint.reader.keras.observing import note, note_none_as_model
from keraslint.reader.keras.old_merging import call_merge, make_merge
from keraslint.reader.keras.ops import call_op, op_on_data
from keraslint.reader.keras.optimizers import Optimizers, get_value, set_value
from keraslint.reader.keras.own_steps import loss_of
from keraslint.reader.keras.private_helpers import image_data_format, public_path
from keraslint.reader.keras.saved import load, save
from keraslint.reader.keras.versions import backend_of, today
from keraslint.reader.language.assignment import change_elements
from keraslint.reader.language.functions import for_its_cause, tensors_in, unknown_result
from keraslint.reader.libraries.arrays.facts import as_array
from keraslint.reader.libraries.arrays.history import after_call
from keraslint.reader.libraries.arrays.operations import changed_in_place
from keraslint.reader.machine.arguments import Arguments, Given
from keraslint.reader.machine.iteration import items_of
from keraslint.reader.machine.library import NativeCall, handler, rare
from keraslint.reader.machine.machine import Machine, attributes_of, calls_of
from keraslint.reader.machine.places import span_of
from keraslint.reader.machine.protocols import NOT_GIVEN
from keraslint.reader.machine.values import (
    MORE,
    Config,
    DictValue,
    External,
    Fields,
    Instance,
    ListValue,
    ModelValue,
    Native,
    Sizes,
    Table,
    Value,
)
from keraslint.reader.project.first_party import first_party
from keraslint.reader.project.pasted import member_of_short_name

KerasCall = Callable[[Machine, str, Arguments, nodes.NodeNG], Value]

OBJECTS = frozenset(("loss", "metric", "optimizer", "schedule", "callback", "initializer", "regularizer", "constraint"))


@calls_of(External)
def call_external(machine: Machine, callee: External, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """What calling a name of another package gives, from the specific to the general: what is known whatever it is
    given, parts of Keras, what is known of data and of plain values, operations on tensors."""
    machine.burn()
    name = keras_api.canonical(callee.path) or public_path(callee.path)
    whatever = handler("any", callee.path) or (handler("any", name) if name is not None else None)
    if whatever is not None:
        return whatever(machine, arguments, node)
    if callee.path.endswith(".from_config") and (made := _from_config(machine, arguments, node)) is not NOT_UNDERSTOOD:
        return made
    path = name or callee.path
    if name is not None or path in _SPECIAL:
        path, arguments = today(machine, callee.path, path, arguments, node)
        result = _call_keras(machine, path, arguments, node)
        if result is not NOT_UNDERSTOOD:
            return result
    arguments = _without_tables(machine, callee.path, arguments)
    known = _handler(machine, path, arguments)
    if known is not None:
        _written_to(machine, arguments)
        made = after_call(machine, known(machine, arguments, node), path, arguments, node)
        return for_its_cause(machine, made, arguments, node)
    own = first_party(machine, callee, node)
    if own is not callee:
        return machine.call(own, arguments, node)
    if path.startswith(("tensorflow.", "keras.")):
        return _operation(machine, callee, path, arguments, node)
    imported = _imported_by_name(machine, callee.path, arguments)
    if imported is not None:
        return imported
    only_reads = callee.path.partition(".")[0] in _ONLY_READ or callee.path.startswith("tensorflow.compat.v1.logging.")
    return unknown_result(machine, callee.path, arguments, node, only_reads=only_reads)


def _operation(machine: Machine, callee: External, path: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """An operation of Keras or TensorFlow: on symbolic tensors, on data as far as it has a shape rule, else unknown."""
    if any(tensors_in(machine, value) for value in arguments.values):
        return call_op(machine, path, arguments, node)
    made = op_on_data(machine, path, arguments, node)
    if made is not None:
        return made
    result = machine.unknown(f"result of {callee.path}", node)
    return for_its_cause(machine, result, arguments, node) if has_rule(path) else result


_ONLY_READ = frozenset(
    (
        *("absl", "colorlog", "datetime", "hashlib", "IPython", "json", "logging", "logzero", "loguru", "math"),
        *("matplotlib", "mlflow", "pickle", "pprint", "re", "rich", "seaborn", "tabulate", "termcolor", "time"),
        *("tqdm", "wandb", "warnings", "yaml"),
    )
)
"""Packages that show, write or keep what they are given, and change none of it."""


def _imported_by_name(machine: Machine, path: str, arguments: Arguments) -> Value:
    """``keras_import("layers", "Input", "Dense")`` of another package: the helpers of programs for several Keras
    versions. What they are asked for by name is what they give, where Keras has all of it."""
    helper = path.rpartition(".")[2].lower()
    given = [machine.need(value) for value in arguments.values]
    if "import" not in helper or not all(isinstance(name, str) for name in given) or arguments.keywords:
        return None
    if not given:
        return External("keras") if "keras" in helper else None
    module, *names = given
    if not keras_api.is_keras_module(module):
        module = f"keras.{module}" if "keras" in helper else ""
    if not names:
        return External(module) if keras_api.is_keras_module(module) else None
    found = [keras_api.canonical(f"{module}.{name}") for name in names]
    if not all(found):
        return None
    symbols = tuple(External(symbol) for symbol in found if symbol)
    return symbols[0] if len(symbols) == 1 else symbols


def _from_config(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    config = machine.need(arguments.get(0, "config"))
    return from_config(machine, config, node) if isinstance(config, Config) else NOT_UNDERSTOOD


rare(
    {
        "keras.preprocessing.image.": "keraslint.reader.keras.loaders",
        "keras.preprocessing.text.": "keraslint.reader.keras.tokenizer",
        "keras.utils.": "keraslint.reader.keras.loaders",
        "keras_hub.": "keraslint.reader.keras.backbones",
        "keras_nlp.": "keraslint.reader.keras.backbones",
        "keras_tuner.": "keraslint.reader.libraries.keras_tuner",
        "kerastuner.": "keraslint.reader.libraries.keras_tuner",
        "gym.": "keraslint.reader.libraries.gym",
        "gymnasium.": "keraslint.reader.libraries.gym",
        "tensorflow_datasets.": "keraslint.reader.libraries.tfds",
        "pandas.": "keraslint.reader.libraries.pandas",
        "sklearn.": "keraslint.reader.libraries.sklearn",
        "tensorflow.data.": "keraslint.reader.libraries.tensorflow.files",
        "tensorflow.image.": "keraslint.reader.libraries.tensorflow.files",
        "tensorflow.io.": "keraslint.reader.libraries.tensorflow.files",
        "tensorflow.strings.": "keraslint.reader.libraries.tensorflow.strings",
    }
)


def _handler(machine: Machine, path: str, arguments: Arguments) -> NativeCall | None:
    """What we know of a function: on data, on plain values; on symbolic tensors it is an operation of the graph."""
    plain = handler("plain", path)
    on_data = handler("data", path)
    of_graph = (plain is None or path.startswith(("keras.", "tensorflow."))) and not path.startswith("tensorflow.data.")
    if of_graph and (plain or on_data) and any(tensors_in(machine, value) for value in arguments.values):
        return None
    if plain is None or on_data is None:
        return plain or on_data
    return on_data if any(isinstance(machine.need(value), Array) for value in arguments.values) else plain


def _without_tables(machine: Machine, path: str, arguments: Arguments) -> Arguments:
    """Tables as arrays, for all that make arrays of them."""
    if not any(isinstance(value, Table) for value in arguments.values) or path.partition(".")[0] not in ARRAY_MAKERS:
        return arguments

    def plain(given: Given) -> Given:
        return replace(given, value=as_array(machine, given.value))

    return replace(
        arguments,
        positional=[plain(given) for given in arguments.positional],
        keywords={name: plain(given) for name, given in arguments.keywords.items()},
    )


ARRAY_MAKERS = ("keras", "numpy", "tensorflow")


def _written_to(machine: Machine, arguments: Arguments) -> None:
    """``np.divide(x, 255, out=x)`` changes the array in place."""
    target = machine.need(arguments.get(None, "out"))
    if isinstance(target, Array):
        changed_in_place(machine, target, Array(target.shape, target.dtype))


NOT_UNDERSTOOD = object()

CUSTOM_NAMES = frozenset(
    ("keras.saving.CustomObjectScope", "keras.saving.get_custom_objects", "keras.saving.register_keras_serializable")
)
"""What gives strings a meaning of the program's own."""


def _call_keras(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    if name in CUSTOM_NAMES:
        note(machine, "custom-objects", None, name, span_of(node))
    elif name == "keras.config.enable_unsafe_deserialization":
        note(machine, "unsafe-loading", None, name, span_of(node))
    special = _SPECIAL.get(name)
    if special is not None:
        return special(machine, name, arguments, node)
    symbol = keras_api.symbol(name)
    if symbol is None:
        return NOT_UNDERSTOOD
    if name.startswith("keras.layers."):
        if symbol.kind == "class":
            return make_layer(machine, name, arguments, node)
        return _functional_layer(machine, name, arguments, node)
    if symbol.category in OBJECTS:
        return _object_or_op(machine, name, symbol.kind, arguments, node)
    if symbol.category == "application" and symbol.kind == "function":
        return _application(machine, name, arguments, node)
    return NOT_UNDERSTOOD


def _application(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """A builder of a model is named like a class; the helpers beside it are not."""
    if not name.rpartition(".")[2][0].isupper():
        return NOT_UNDERSTOOD
    from keraslint.reader.keras.applications import make_application

    return make_application(machine, name, arguments, node)


def _object_or_op(machine: Machine, name: str, kind: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """A class makes an object; a loss or metric function applied to tensors is an operation."""
    if any(tensors_in(machine, value) for value in arguments.values):
        return call_op(machine, name, arguments, node)
    if kind == "class" or name.startswith(("keras.regularizers.", "keras.initializers.", "keras.constraints.")):
        return make_object(machine, name, arguments, node)
    return NOT_UNDERSTOOD


def _functional_layer(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``keras.layers.concatenate([a, b])``: a merging layer made and called at once."""
    class_name = _LAYER_FUNCTIONS.get(name.rpartition(".")[2])
    if class_name is None:
        return NOT_UNDERSTOOD
    tensors = Arguments(arguments.positional[:1], {})
    if not tensors.positional and "inputs" in arguments.keywords:
        tensors = Arguments([arguments.keywords["inputs"]])
    rest = Arguments(
        arguments.positional[1:],
        {key: given for key, given in arguments.keywords.items() if key != "inputs"},
        arguments.open_ended,
    )
    return call_layer(machine, make_layer(machine, f"keras.layers.{class_name}", rest, node), tensors, node)


_LAYER_FUNCTIONS = {
    "add": "Add",
    "average": "Average",
    "concatenate": "Concatenate",
    "dot": "Dot",
    "maximum": "Maximum",
    "minimum": "Minimum",
    "multiply": "Multiply",
    "subtract": "Subtract",
}


# what is neither a layer nor an object -------------------------------------------------------------------------


def _sequential(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return make_sequential(machine, arguments, node)


def _model(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return make_functional(machine, arguments, node)


def _input(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return make_input(machine, arguments, node)


def _loaded(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return machine.unknown(f"a model loaded by {name}", node)


def _save(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    model = machine.need(arguments.get(0, "model"))
    model = model.model if isinstance(model, Instance) else model
    if isinstance(model, ModelValue):
        save(machine, model, name, arguments, node)
    return None


def _graph(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return machine.unknown("a Graph, the model of several inputs that Keras had before version 1", node)


def _clone(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return clone_model(machine, machine.need(arguments.get(0, "model")), arguments.get(1, "input_tensors"), node)


def _get(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``keras.optimizers.get("adam")`` and the like give what they were given."""
    return arguments.get(0, "identifier")


def _get_activation(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``keras.activations.get("relu")``: the function."""
    given = machine.need(arguments.get(0, "identifier"))
    if given is None:
        return External("keras.activations.linear")
    path = f"keras.activations.{given}"
    return External(path) if isinstance(given, str) and keras_api.symbol(path) else given


def _get_layer(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    given = machine.need(arguments.get(0, "identifier"))
    return _deserialize(machine, name, arguments, node) if isinstance(given, str | DictValue) else given


def _deserialize(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``layers.deserialize({"class_name": "Dense", "config": {"units": 4}})``."""
    config = machine.need(arguments.get(0, "config"))
    if isinstance(config, str):
        config = DictValue({"class_name": config, "config": DictValue({})})
    if not isinstance(config, DictValue) or config.has_more:
        return machine.unknown("a layer made from a configuration", node)
    kind, given = (machine.need(config.entries.get(key)) for key in ("class_name", "config"))
    path = f"keras.layers.{kind}"
    known = isinstance(kind, str) and keras_api.symbol(path) and isinstance(given, DictValue) and not given.has_more
    if not known:
        return machine.unknown("a layer made from a configuration", node)
    keywords = {str(key): Given(value, node) for key, value in given.entries.items()}
    return machine.call(External(path), Arguments([], keywords), node)


def _activation(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    if any(tensors_in(machine, value) for value in arguments.values):
        return call_op(machine, name, arguments, node)
    return NOT_UNDERSTOOD


def _image_data_format(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    layout = image_data_format(machine, arguments, node)
    return ORDERINGS.get(layout, layout) if name.endswith("dim_ordering") and isinstance(layout, str) else layout


def _set_image_data_format(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """Every image layer made from here on has this layout, unless it says otherwise."""
    given = machine.need(arguments.get(0, "data_format", "dim_ordering"))
    layouts = {ordering: layout for layout, ordering in ORDERINGS.items()}
    layout = layouts.get(given, given) if isinstance(given, str) else machine.unknown("the layout of images", node)
    machine.journal.set(machine.config, "image_data_format", layout)
    return None


ORDERINGS = {"channels_last": "tf", "channels_first": "th"}
"""Today's layouts of images and Keras 1's names for them."""


def _int_shape(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    tensor = machine.need(arguments.get(0, "x"))
    return machine.attribute(tensor, "shape", node)


def _ndim(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    return machine.attribute(arguments.get(0, "x"), "ndim", node)


def _is_tensor(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    value = machine.need(arguments.get(0, "x"))
    return machine.derived(value, "is a tensor") if isinstance(value, Unknown) else isinstance(value, Tensor)


def _dynamic_shape(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``tf.shape(x)``: the sizes that are known are constants, as TensorFlow folds them; the others are open."""
    tensor = machine.need(arguments.get(0, "input", "x"))
    if isinstance(tensor, Unknown):
        return machine.unknown(tensor.reason, node)
    if not isinstance(tensor, Tensor | Array):
        return NOT_UNDERSTOOD
    if not tensor.shape.rank_known:
        return machine.unknown(tensor.shape.reason, node)
    sizes = (OPEN if size is None else size for size in tensor.shape.dims)
    return tuple(sizes) if name == "keras.ops.shape" else Sizes(sizes)


def _joined_sizes(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``tf.stack([b, h * w, c])`` and ``tf.concat([tf.shape(x)[:-1], [n]], 0)`` of sizes are sizes."""
    given = machine.need_all(arguments.get(0, "values", "tensors", "x", "xs"))
    parts = items_of(machine, given) if isinstance(given, ListValue | tuple) else None
    if parts is None:
        return NOT_UNDERSTOOD
    if name.endswith("stack"):
        joined: Sequence[Value] = parts
    else:
        lists = [items_of(machine, part) if isinstance(part, ListValue | tuple) else None for part in parts]
        joined = [item for items in lists for item in items or (None,)]
    sure = joined and all(isinstance(item, int | Unknown) for item in joined)
    are_sizes = any(item is OPEN or isinstance(item, int) for item in joined)  # tensors that are unknown are none
    return Sizes(joined) if sure and are_sizes else NOT_UNDERSTOOD


def _compiled(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``tf.function(step)`` and ``tf.function(jit_compile=True)(step)`` do what the function does."""
    if arguments.given(0, "func"):
        return arguments.get(0, "func")
    return Native(name, lambda machine, arguments, node: arguments.get(0, "func"))


def _input_spec(machine: Machine, name: str, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``InputSpec(shape=[None, 32])``: a record of what is asked of an input."""
    given = {key: machine.need_all(arguments.get(place, key)) for place, key in enumerate(_SPEC)}
    if isinstance(given["shape"], ListValue) and MORE not in given["shape"].items:
        given["shape"] = tuple(given["shape"].items)
    return Fields(given, "an InputSpec's")


_SPEC = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes")

_SPECIAL: dict[str, KerasCall] = {
    "keras.Sequential": _sequential,
    "keras.Model": _model,
    "keras.Input": _input,
    "keras.InputSpec": _input_spec,
    "keras.DTypePolicy": dtypes.make_policy,
    **dict.fromkeys(
        (f"keras.dtype_policies.{kind}DTypePolicy" for kind in ("Quantized", "QuantizedFloat8", "Int4", "GPTQ", "AWQ")),
        dtypes.make_quantized,
    ),
    "keras.config.dtype_policy": dtypes.policy,
    "keras.config.epsilon": dtypes.epsilon,
    "keras.config.floatx": dtypes.floatx,
    "keras.config.set_dtype_policy": dtypes.set_policy,
    "keras.config.set_epsilon": dtypes.set_epsilon,
    "keras.config.set_floatx": dtypes.set_floatx,
    "keras.layers.Merge": make_merge,
    "keras.layers.merge": call_merge,
    "keras.models.Graph": _graph,
    "keras.legacy.models.Graph": _graph,
    "keras.saving.load_model": load,
    "keras.saving.save_model": _save,
    "keras.models.model_from_json": _loaded,
    "keras.models.model_from_yaml": _loaded,
    "tensorflow_hub.KerasLayer": _loaded,
    "tensorflow_hub.load": _loaded,
    "keras.models.clone_model": _clone,
    "keras.optimizers.get": _get,
    "keras.losses.get": _get,
    **dict.fromkeys(
        (
            *("keras.initializers.get", "keras.initializers.deserialize"),
            *("keras.regularizers.get", "keras.regularizers.deserialize"),
            *("keras.constraints.get", "keras.constraints.deserialize"),
        ),
        identified.get,
    ),
    "keras.activations.get": _get_activation,
    "keras.layers.deserialize": _deserialize,
    "keras.layers.get": _get_layer,
    "keras.backend.image_dim_ordering": _image_data_format,
    "keras.backend.set_image_dim_ordering": _set_image_data_format,
    "keras.config.image_data_format": _image_data_format,
    "keras.config.set_image_data_format": _set_image_data_format,
    "keras.backend.get_value": get_value,
    "keras.backend.set_value": set_value,
    "keras.backend.int_shape": _int_shape,
    "keras.backend.shape": _dynamic_shape,
    "keras.ops.shape": _dynamic_shape,
    "tensorflow.shape": _dynamic_shape,
    "tensorflow.function": _compiled,
    "tensorflow.concat": _joined_sizes,
    "tensorflow.stack": _joined_sizes,
    "keras.backend.concatenate": _joined_sizes,
    "keras.backend.stack": _joined_sizes,
    **dict.fromkeys(("keras.utils.is_keras_tensor", "keras.ops.is_tensor", "tensorflow.is_tensor"), _is_tensor),
    "keras.backend.backend": lambda machine, name, arguments, node: backend_of(machine, node),
    "keras.config.backend": lambda machine, name, arguments, node: backend_of(machine, node),
    "keras.backend.ndim": _ndim,
    "keras.ops.ndim": _ndim,
}


WHOLE = ("mean", "mean_with_sample_weight", "sum", "sum_over_batch_size")
"""Reductions of a loss that give one number."""


@calls_of(KerasObject)
def _call_object(machine: Machine, value: KerasObject, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """A loss, initializer or activation object applied to something."""
    note_use(machine, value, "update_state", node)
    tensors = [tensor for given in arguments.values for tensor in tensors_in(machine, given)]
    if tensors and value.class_name.startswith("keras.losses.") and not value.in_file:
        whole = value.argument("reduction") in WHOLE
        shape = Shape(()) if whole else Shape.unknown(f"a {value.kind} with a reduction of its own")
        return loss_of(machine, value, arguments, tuple(tensors), shape, span_of(node))
    if tensors:
        return machine.opaque_tensor(value.kind, tuple(tensors), span_of(node))
    return machine.unknown(f"result of a {value.kind}", node)


@attributes_of(KerasObject)
def _object_attribute(machine: Machine, value: KerasObject, name: str, node: nodes.NodeNG) -> Value:
    set_beside = machine.memory(Optimizers).set_beside
    if (value, name) in set_beside:
        return set_beside[value, name]
    now = machine.need(machine.changed.get(value, value))
    if not isinstance(now, KerasObject):
        return machine.unknown(f"attribute `{name}` of a {value.kind} that was changed", node)
    note_use(machine, value, name, node)
    value = now
    if name == "__class__" and not value.in_file:
        return External(value.class_name)
    if name == "get_config" and not value.in_file:
        return Native(name, lambda machine, arguments, node: Config(now))
    if name == "lr" and value.class_name.startswith("keras.optimizers."):
        name = "learning_rate"
    given = value.given(name)
    if given is not None:
        return given.value.value
    default = value.argument(name).value
    if not isinstance(default, Unknown):
        return default
    return machine.unknown(f"attribute `{name}` of a {value.kind}", node)


@attributes_of(type(None))
def _member_of_none(machine: Machine, value: None, name: str, node: nodes.NodeNG) -> Value:
    """Where None has attributes, something out of sight has set the name since."""
    known = member_of_short_name(node, name)
    if known is None:
        note_none_as_model(machine, name, node)
    return known or machine.unknown(f"attribute `{name}` of None", node)


CHANGING = frozenset(("add", "append", "clear", "extend", "insert", "pop", "popitem", "remove", "setdefault", "update"))
"""Methods by which lists, sets and dicts are changed."""


@attributes_of(Unknown, OneOf)
def _unknown_attribute(machine: Machine, value: Unknown, name: str, node: nodes.NodeNG) -> Value:
    if name == "compile":

        def compile_it(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
            compile_unknown(machine, arguments, node)
            return None

        return Native("compile", compile_it)
    if name in CHANGING and value in machine.part_of:
        change_elements(machine, value)
    known = member_of_short_name(node, name)
    if known is not None:
        return known
    return machine.derived(value, ".", name)


@NOT_GIVEN.answers
def _hyperparameters(
    machine: Machine, name: str, annotation: nodes.NodeNG | None, reason: str, node: nodes.NodeNG
) -> Unknown | None:
    """The ``hp`` of KerasTuner, by its name or its annotation."""
    if name != "hp" and (annotation is None or not annotation.as_string().endswith("HyperParameters")):
        return None
    from keraslint.reader.libraries.keras_tuner import hyperparameters

    return hyperparameters(machine, reason, node)
