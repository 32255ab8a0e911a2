"""scikit-learn: data sets, scalers and label encoders (facts asked of scikit-learn 1.7)."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from astroid import nodes

from keraslint.graph import STANDARDIZED, Array, Scaling, Unknown
from keraslint.graph.objects import StepKind
from keraslint.graph.shape import Dim, Shape
from keraslint.reader.libraries import splitting
from keraslint.reader.libraries.arrays.facts import (
    array,
    as_array,
    given_size,
    is_float,
    is_number,
    number_of_classes,
    samples,
)
from keraslint.reader.libraries.arrays.history import with_step
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.iteration import cause_of, items_of
from keraslint.reader.machine.library import NativeCall, known
from keraslint.reader.machine.machine import Machine, attributes_of
from keraslint.reader.machine.values import DictValue, ListValue, Native, Value

_SETS: dict[str, tuple[tuple[int, int], float, float, int | None, float, float]] = {
    "load_breast_cancer": ((569, 30), 0.0, 4254.0, 2, 0, 1),
    "load_diabetes": ((442, 10), -0.138, 0.199, None, 25.0, 346.0),
    "load_digits": ((1797, 64), 0.0, 16.0, 10, 0, 9),
    "load_iris": ((150, 4), 0.1, 7.9, 3, 0, 2),
    "load_wine": ((178, 13), 0.13, 1680.0, 3, 0, 2),
}
"""Shape and range of the features, number of classes (None: regression), range of the targets."""


_SORTED = ("load_iris", "load_wine")
"""Those in which one class lies behind the other."""


class Bunch(DictValue):
    """What ``load_iris()`` returns: a dict whose keys are attributes, too."""


@attributes_of(Bunch)
def _bunch_attribute(machine: Machine, value: Bunch, name: str, node: nodes.NodeNG) -> Value:
    return value.entries.get(name, machine.unknown(f"`{name}` of a data set", node))


def _loaded(name: str) -> NativeCall:
    shape, low, high, classes, least, most = _SETS[name]
    origin = f"sklearn.datasets.{name}"

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        if set(arguments.keywords) - {"return_X_y"} or arguments.positional or arguments.open_ended:
            return machine.unknown(f"result of {origin} with arguments", node)
        kind = "continuous" if classes is None else "binary" if classes == 2 else "integer"
        data = array(Shape(shape), "float64", low, high, origin=origin)
        dtype = "float64" if classes is None else "int64"
        target: Value = array(Shape(shape[:1]), dtype, least, most, kind, classes, origin)
        if name in _SORTED:
            target = with_step(machine, target, (), "sorted", origin, node)
        if machine.need(arguments.get(None, "return_X_y")) is True:
            return (data, target)
        found: dict[Hashable, Value] = {"data": data, "target": target}
        if name == "load_digits":
            found["images"] = array(Shape((shape[0], 8, 8)), "float64", low, high, origin=origin)
        return Bunch(found, has_more=True)

    return call


def _made_classification(features: int, classes_name: str | None, classes: int) -> NativeCall:
    """``make_classification`` and the like: features of open range and class indices."""

    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        if {"return_X_y", "return_centers"} & set(arguments.keywords) or arguments.open_ended:
            return machine.unknown("a made data set", node)
        count = given_size(machine, arguments, 0, "n_samples", 100)
        columns: Dim = features
        if classes_name is not None:
            columns = given_size(machine, arguments, 1, "n_features", features)
        many: Value = classes
        if classes_name is not None and arguments.given(2 if classes_name == "centers" else None, classes_name):
            many = machine.need(arguments.get(2 if classes_name == "centers" else None, classes_name))
        known = many if isinstance(many, int) and many > 1 else None
        return (
            array(Shape((count, columns)), "float64"),
            array(
                Shape((count,)),
                "int64",
                0,
                known - 1 if known else None,
                "binary" if known == 2 else "integer",
                known,
            ),
        )

    return call


def _made_regression(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    if "coef" in arguments.keywords or arguments.open_ended:
        return machine.unknown("a made data set", node)
    count = given_size(machine, arguments, 0, "n_samples", 100)
    columns = given_size(machine, arguments, 1, "n_features", 100)
    targets = given_size(machine, arguments, None, "n_targets", 1)
    shape = Shape((count,)) if targets == 1 else Shape((count, targets))
    if isinstance(targets, Unknown):
        shape = Shape.unknown("as many targets as are asked for")
    return array(Shape((count, columns)), "float64", encoding="continuous"), array(
        shape, "float64", encoding="continuous"
    )


# transformers ------------------------------------------------------------------------------------------------


Transform = Callable[[Machine, "Transformer", Value, bool], Value]
"""Of the data, and whether they are the data that it was fitted on."""


@dataclass(eq=False, repr=False)
class Transformer:
    """A scaler or encoder; ``state["fitted"]`` is what it was fitted on."""

    transform: Transform
    arguments: Arguments
    does: StepKind = "encoded"
    standardizes: bool = False
    name: str = ""
    """Of the class, where it scales."""
    state: dict[str, Value] = field(default_factory=dict)


def _transformer(transform: Transform) -> NativeCall:
    return lambda machine, arguments, node: Transformer(transform, arguments)


def _scaler(name: str, transform: Transform) -> NativeCall:
    return lambda machine, arguments, node: Transformer(transform, arguments, "scaled", name=name)


def _standard_scaler(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """Takes the mean away and divides by the deviation, where it is not asked for less."""
    standardizes = not arguments.values and not arguments.unpacks
    return Transformer(_standardized, arguments, "scaled", standardizes, "StandardScaler")


@attributes_of(Transformer)
def _transformer_attribute(machine: Machine, value: Transformer, name: str, node: nodes.NodeNG) -> Value:
    def call(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
        data = as_array(machine, machine.need_all(arguments.get(0, "X", "y")))
        if name != "transform":
            machine.journal.set(value.state, "fitted", data)
        if name == "fit":
            return value
        made = value.transform(machine, value, data, value.state.get("fitted") is data)
        by = STANDARDIZED if value.standardizes else f"sklearn.{name}"
        scaling = Scaling(name=value.name) if value.does == "scaled" else None
        return with_step(machine, made, [data], value.does, by, node, scaling)

    if name == "classes_" and (classes := _labels_in(value.state.get("fitted"))[1]) is not None:
        return array(Shape((classes,)))
    known = name in ("fit", "transform", "fit_transform")
    return Native(name, call) if known else machine.unknown(f"`{name}` of a transformer", node)


def _same_shape(data: Value) -> tuple[Shape, str | Unknown]:
    if not isinstance(data, Array):
        return Shape.unknown(cause_of(data) or "the shape of what is scaled"), "float64"
    return data.shape, data.dtype if is_float(data.dtype) else "float64" if isinstance(data.dtype, str) else data.dtype


def _reduced(default: int | None, name: str = "n_components") -> Transform:
    """``PCA(n_components=8)``: so many columns."""

    def transform(machine: Machine, reducer: Transformer, data: Value, fitted: bool) -> Value:
        at_first = reducer.arguments.given(0, name)
        count = machine.need(reducer.arguments.get(0, name)) if at_first else default
        rows = samples(data) if isinstance(data, Array) else Unknown("the number of samples")
        known = isinstance(count, int) and not isinstance(count, bool)
        columns: Dim = count if known else Unknown(cause_of(count) or "how many columns are left")
        return array(Shape((rows, columns)), "float64")

    return transform


def _piped(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``make_pipeline(StandardScaler(), PCA(8))``, ``Pipeline([("scale", StandardScaler()), …])``."""
    given = [machine.need_all(each.value) for each in arguments.positional]
    named = items_of(machine, machine.need_all(arguments.get(0, "steps"))) if len(given) < 2 else None
    steps = [item[1] if isinstance(item, tuple) and len(item) == 2 else item for item in named or given]
    if not steps or not all(isinstance(step, Transformer) for step in steps):
        return machine.unknown("a pipeline with a step that is not known", node)

    def transform(machine: Machine, pipeline: Transformer, data: Value, fitted: bool) -> Value:
        for step in steps:
            if fitted:
                machine.journal.set(step.state, "fitted", data)
            data = step.transform(machine, step, data, fitted)
        return data

    return Transformer(transform, arguments)


def _standardized(machine: Machine, scaler: Transformer, data: Value, fitted: bool) -> Value:
    return array(*_same_shape(data))


def _to_range(machine: Machine, scaler: Transformer, data: Value, fitted: bool) -> Value:
    """Within the range for the data that it was fitted on; other data may lie outside."""
    ends: tuple[float, float] = (0, 1)
    if scaler.arguments.given(0, "feature_range"):
        asked = items_of(machine, machine.need_all(scaler.arguments.get(0, "feature_range")))
        numbers = [end for end in asked or () if isinstance(end, int | float)]
        if len(numbers) != 2:
            return array(*_same_shape(data))
        ends = (numbers[0], numbers[1])
    return array(*_same_shape(data), *(ends if fitted else (None, None)))


def _labels_in(data: Value) -> tuple[Dim, int | None]:
    """How many labels there are, and how many classes surely occur among them."""
    if isinstance(data, Array):
        return samples(data), number_of_classes(data)
    items = data.items if isinstance(data, ListValue) else data if isinstance(data, tuple) else ()
    if items and (all(isinstance(item, str) for item in items) or all(map(is_number, items))):
        return len(items), len(set(items))
    return Unknown("the number of samples"), None


def _to_indices(machine: Machine, encoder: Transformer, data: Value, fitted: bool) -> Value:
    _, classes = _labels_in(encoder.state.get("fitted"))
    count, _ = _labels_in(data)
    high = classes - 1 if classes else None
    return array(Shape((count,)), "int64", 0, high, "binary" if classes == 2 else "integer", classes)


def _to_rows(machine: Machine, encoder: Transformer, data: Value, fitted: bool) -> Value:
    """``LabelBinarizer``: one-hot rows, or one column of 0 and 1 for two classes."""
    _, classes = _labels_in(encoder.state.get("fitted"))
    if classes is None or encoder.arguments.values or not isinstance(data, Array | ListValue | tuple):
        return Unknown("binarized labels of unknown classes")
    count, _ = _labels_in(data)
    columns = 1 if classes <= 2 else classes
    kind = "binary" if classes <= 2 else "one-hot"
    return array(Shape((count, columns)), "int64", 0, 1, kind, classes if classes > 2 else None)


def _to_one_hot(machine: Machine, encoder: Transformer, data: Value, fitted: bool) -> Value:
    """``OneHotEncoder`` on one column; several columns give several ones a row."""
    if not isinstance(data, Array) or data.shape.rank != 2 or data.shape[1] != 1:
        return Unknown("one-hot columns of unknown features")
    if {"drop", "handle_unknown", "categories"} & set(encoder.arguments.keywords):
        return Unknown("one-hot columns with some left out")
    fitted_on = encoder.state.get("fitted")
    classes = number_of_classes(fitted_on) if isinstance(fitted_on, Array) else None
    count: Dim = classes if classes else Unknown("the number of classes")
    return array(Shape((samples(data), count)), None, 0, 1, "one-hot", classes)


def _to_multi_hot(machine: Machine, encoder: Transformer, data: Value, fitted: bool) -> Value:
    count = samples(data) if isinstance(data, Array) else Unknown("the number of samples")
    return array(Shape((count, Unknown("the number of classes"))), "int64", 0, 1, "multi-hot")


EXTERNAL: dict[str, NativeCall] = {
    **splitting.EXTERNAL,
    **{f"sklearn.datasets.{name}": _loaded(name) for name in _SETS},
    "sklearn.datasets.make_blobs": _made_classification(2, "centers", 3),
    "sklearn.datasets.make_circles": _made_classification(2, None, 2),
    "sklearn.datasets.make_classification": _made_classification(20, "n_classes", 2),
    "sklearn.datasets.make_moons": _made_classification(2, None, 2),
    "sklearn.datasets.make_regression": _made_regression,
    "sklearn.preprocessing.LabelBinarizer": _transformer(_to_rows),
    "sklearn.preprocessing.LabelEncoder": _transformer(_to_indices),
    "sklearn.preprocessing.MinMaxScaler": _scaler("MinMaxScaler", _to_range),
    "sklearn.preprocessing.MultiLabelBinarizer": _transformer(_to_multi_hot),
    "sklearn.preprocessing.OneHotEncoder": _transformer(_to_one_hot),
    **{
        f"sklearn.preprocessing.{name}": _scaler(name, _standardized)
        for name in ("MaxAbsScaler", "PowerTransformer", "QuantileTransformer", "RobustScaler")
    },
    "sklearn.preprocessing.StandardScaler": _standard_scaler,
    **{
        f"sklearn.decomposition.{name}": _transformer(_reduced(None)) for name in ("FastICA", "KernelPCA", "NMF", "PCA")
    },
    "sklearn.decomposition.TruncatedSVD": _transformer(_reduced(2)),
    "sklearn.feature_selection.SelectKBest": _transformer(_reduced(10, "k")),
    "sklearn.pipeline.Pipeline": _piped,
    "sklearn.pipeline.make_pipeline": _piped,
}

known("data", EXTERNAL)
