"""Faults of heads: the last activation, the loss, and the labels that a correct program's loss tells of."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keraslint.edits import add_argument, replace
from keraslint.graph import Span
from keraslint.graph.views import Head
from mutators.source import Fault, Source, injects, keyword, last_name

REGRESSION = ("MeanSquaredError", "MeanAbsoluteError", "Huber")
BINARY = ("BinaryCrossentropy",)
CATEGORICAL, SPARSE = ("CategoricalCrossentropy",), ("SparseCategoricalCrossentropy",)
SNAKE = {
    "BinaryCrossentropy": "binary_crossentropy",
    "CategoricalCrossentropy": "categorical_crossentropy",
    "SparseCategoricalCrossentropy": "sparse_categorical_crossentropy",
    "Hinge": "hinge",
    "KLDivergence": "kl_divergence",
    "MeanSquaredError": "mse",
}


def with_loss(source: Source, *names: str, activation: tuple[str, ...] = ()) -> Iterator[Head]:
    """One head for each place where a loss is given, when all heads there have one of these."""
    places: dict[Span, list[Head]] = {}
    for head in source.heads:
        assert head.loss is not None
        places.setdefault(head.loss.at.span, []).append(head)
    for heads in places.values():
        fits = (head.loss_is(*names) and (not activation or head.activation_is(*activation)) for head in heads)
        if all(fits):
            yield heads[0]


def other_loss(source: Source, head: Head, name: str) -> Iterator[Fault]:
    """The loss in place of what is written: the string, or the name of the class that is called."""
    assert head.loss is not None
    if source.literal(head.loss.at, str):
        yield source.swap(head.loss.at.span, f'"{SNAKE[name]}"', near=near(source, head))
    elif (call := source.call_at(head.loss.at.span)) and last_name(call.func) == head.loss.name:
        yield source.swap(name_of(source, call), name, near=near(source, head))


def name_of(source: Source, call: ast.Call) -> Span:
    """The last name of what is called."""
    func = source.span(call.func)
    return func._replace(line=func.end_line, column=func.end_column - len(last_name(call.func)))


def near(source: Source, head: Head) -> list[Span]:
    """Where else a finding about a head may stand: at its compile, its activation, its last weights, its fits."""
    places = [head.training.span, head.span, *(fit.span for fit in head.training.fits)]
    places += [head.activation.span] if head.activation else []
    places += [head.weights.span, head.weights.layer.span] if head.weights else []
    return [place for place in places if place.is_known and not place.file]


def other_activation(source: Source, head: Head, name: str) -> Iterator[Fault]:
    """The activation in place of the one that is written, or given where there was none."""
    if head.activation is None:
        return
    shared = (other.activation for other in source.heads)
    if len({id(other) for other in shared if other and other.span == head.activation.span}) > 1:
        return
    if source.literal(head.activation.name, str):
        yield source.swap(head.activation.span, f'"{name}"', near=near(source, head))
    elif head.activation.name.is_default and head.activation.is_argument and not head.after:
        layer = source.call_at(head.activation.layer.span)
        if layer is not None and keyword(layer, "activation") is None:
            places = near(source, head)
            edit = add_argument(source.span(layer), f'activation="{name}"')
            yield source.fault(f'activation="{name}" added', edit, near=places)


def behind(source: Source, head: Head, layer: str) -> Iterator[Fault]:
    """Another layer behind the last one, where its class is at hand."""
    made = source.call_at(head.weights.layer.span) if head.weights and not head.after else None
    if made is None or head.activation is None or head.activation.call is not head.weights:
        return
    kind = layer.partition("(")[0]
    prefix = source.said(made.func)[: -len(last_name(made.func))]
    if not prefix and kind not in source.imported:
        return
    parent, text = source.parents[made], source.said(made)
    if isinstance(parent, ast.Call) and parent.func is made and head.weights is not None:
        yield source.swap(parent, f"{prefix}{layer}({source.said(parent)})", near=near(source, head))
    elif isinstance(parent, ast.List):
        yield source.swap(made, f"{text}, {prefix}{layer}", near=near(source, head))
    elif isinstance(parent, ast.Call) and last_name(parent.func) == "add":
        model = source.said(parent.func)
        yield source.swap(parent, f"{source.said(parent)}; {model}({prefix}{layer})", near=near(source, head))


@injects("softmax-on-one-unit", "output-range-excludes-labels", "softmax-with-binary-loss")
def softmax_on_one_unit(source: Source) -> Iterator[Fault]:
    for head in source.heads:
        if head.units == 1:
            yield from other_activation(source, head, "softmax")


@injects("categorical-loss-on-one-unit", "metric-label-mismatch", "crossentropy-on-raw-output")
def categorical_loss_on_one_unit(source: Source) -> Iterator[Fault]:
    for head in with_loss(source, *BINARY):
        if head.units == 1:
            yield from other_loss(source, head, "CategoricalCrossentropy")


@injects("sparse-categorical-loss-on-one-unit", "metric-label-mismatch", "crossentropy-on-raw-output")
def sparse_categorical_loss_on_one_unit(source: Source) -> Iterator[Fault]:
    for head in with_loss(source, *BINARY):
        if head.units == 1:
            yield from other_loss(source, head, "SparseCategoricalCrossentropy")


@injects("crossentropy-on-raw-output", "probability-metric-on-logits", "accuracy-threshold-on-logits")
def logits_taken_for_probabilities(source: Source) -> Iterator[Fault]:
    for head in with_loss(source, *BINARY, *CATEGORICAL, *SPARSE):
        call = source.call_at(head.loss.at.span) if head.loss else None
        given = keyword(call, "from_logits") if call else None
        if given is not None and head.loss is not None and head.loss.takes_logits:
            yield source.without(given)


@injects("crossentropy-on-raw-output", "probability-metric-on-logits", "accuracy-threshold-on-logits")
def no_last_activation(source: Source) -> Iterator[Fault]:
    for head in with_loss(source, *BINARY, *CATEGORICAL, *SPARSE, activation=("sigmoid", "softmax")):
        layer = source.call_at(head.activation.layer.span) if head.activation else None
        given = keyword(layer, "activation") if layer else None
        if given is not None:
            at = [source.span(given), *near(source, head)]
            fault = source.without(given)
            yield source.fault(fault.what, *fault.edits, near=at)


@injects("logits-loss-on-probabilities", "accuracy-threshold-on-logits", "probability-metric-on-logits")
def probabilities_for_logits(source: Source) -> Iterator[Fault]:
    for head in with_loss(source, *BINARY, *CATEGORICAL, *SPARSE):
        if head.loss is None or head.after:
            continue
        call = source.call_at(head.loss.at.span)
        if head.loss.takes_logits and head.activation_is("linear"):
            yield from other_activation(source, head, "sigmoid" if head.loss.is_a(*BINARY) else "softmax")
        elif call is not None and head.loss.takes_probabilities and head.activation_is("sigmoid", "softmax"):
            given = keyword(call, "from_logits")
            if given is not None:
                yield source.swap(given.value, "True")
            else:
                yield source.with_argument(call, "from_logits=True")
        elif source.literal(head.loss.at, str) and source.keras and head.activation_is("sigmoid", "softmax"):
            text = f"{source.keras}.losses.{head.loss.name}(from_logits=True)"
            yield source.swap(head.loss.at.span, text, near=near(source, head))


@injects("sigmoid-with-categorical-loss")
def sigmoid_with_categorical_loss(source: Source) -> Iterator[Fault]:
    for head in with_loss(source, *CATEGORICAL, *SPARSE, activation=("softmax",)):
        yield from other_activation(source, head, "sigmoid")


@injects("softmax-with-binary-loss", "softmax-on-one-unit", "metric-label-mismatch")
def softmax_with_binary_loss(source: Source) -> Iterator[Fault]:
    for head in with_loss(source, *CATEGORICAL, activation=("softmax",)):
        yield from other_loss(source, head, "BinaryCrossentropy")


@injects("sigmoid-on-single-label", "sigmoid-with-categorical-loss")
def sigmoid_and_binary_loss_for_classes(source: Source) -> Iterator[Fault]:
    """Only where the labels are known: without them it may be several labels at once."""
    for head in with_loss(source, *CATEGORICAL, activation=("softmax",)):
        for loss in other_loss(source, head, "BinaryCrossentropy"):
            for activation in other_activation(source, head, "sigmoid"):
                if head.labels.exclusive is True:
                    what = f"{loss.what}, {activation.what}"
                    yield source.fault(what, *loss.edits, *activation.edits, near=near(source, head))


@injects("softmax-with-regression-loss", "output-range-excludes-labels", "softmax-on-one-unit")
def softmax_with_regression_loss(source: Source) -> Iterator[Fault]:
    for head in with_loss(source, *REGRESSION, activation=("linear",)):
        if head.has_units(2):
            yield from other_activation(source, head, "softmax")


@injects("bounded-regression-output", "output-range-excludes-labels")
def bounded_regression_output(source: Source) -> Iterator[Fault]:
    """Unless the labels are known to lie where a sigmoid reaches."""
    for head in with_loss(source, *REGRESSION, activation=("linear",)):
        if not head.labels.lie_within(0, 1):
            yield from other_activation(source, head, "sigmoid")


@injects("output-range-excludes-labels", "bounded-regression-output")
def output_range_excludes_labels(source: Source) -> Iterator[Fault]:
    """Where the labels are known to leave what a relu can put out."""
    for head in with_loss(source, *REGRESSION, activation=("linear",)):
        if head.labels.low < 0:
            yield from other_activation(source, head, "relu")


@injects("binary-loss-on-regression", "crossentropy-on-raw-output")
def binary_loss_on_regression(source: Source) -> Iterator[Fault]:
    for head in with_loss(source, *REGRESSION, activation=("linear",)):
        yield from other_loss(source, head, "BinaryCrossentropy")


@injects("divergence-loss-on-regression", "crossentropy-on-raw-output")
def divergence_loss_on_regression(source: Source) -> Iterator[Fault]:
    for head in with_loss(source, *REGRESSION, activation=("linear",)):
        yield from other_loss(source, head, "KLDivergence")


@injects("hinge-on-probabilities", "softmax-on-one-unit")
def hinge_on_probabilities(source: Source) -> Iterator[Fault]:
    for head in with_loss(source, *BINARY, activation=("sigmoid",)):
        yield from other_loss(source, head, "Hinge")


@injects("units-do-not-match-classes", "incompatible-shape", "fit-argument-conflict")
def one_unit_too_few(source: Source) -> Iterator[Fault]:
    """For one-hot labels of a fit: how many class numbers there are does not show in their shape."""
    for head in source.heads:
        categorical = head.loss_is(*CATEGORICAL)
        if categorical and head.size is not None and head.has_units(3) and any(f.trains for f in head.training.fits):
            layer = source.call_at(head.weights.layer.span) if head.weights else None
            if layer is None or not (layer.args or keyword(layer, "units", "filters")):
                continue
            given = keyword(layer, "units", "filters")
            size = given.value if given else layer.args[0]
            if isinstance(size, ast.Call) and source.call_at(source.span(size)) in list(source.layer_calls("Dense")):
                continue  # a wrapper, around the layer that has the size
            less = str(size.value - 1) if isinstance(size, ast.Constant) else f"{source.said(size)} - 1"
            yield source.swap(size, less, near=near(source, head))


@injects("label-encoding-mismatch", "metric-label-mismatch", "units-do-not-match-classes", "unflattened-output")
def other_encoding(source: Source) -> Iterator[Fault]:
    for head in with_loss(source, *CATEGORICAL, *SPARSE):
        other = "SparseCategoricalCrossentropy" if head.loss_is(*CATEGORICAL) else "CategoricalCrossentropy"
        yield from other_loss(source, head, other)


@injects(
    "label-encoding-mismatch",
    "units-do-not-match-classes",
    "metric-label-mismatch",
    "incompatible-shape",
    "softmax-on-one-unit",
    "categorical-loss-on-one-unit",
)
def not_one_hot(source: Source) -> Iterator[Fault]:
    if [head for head in source.heads if head.loss_is(*CATEGORICAL)]:
        for call in source.calls("to_categorical"):
            if call.args and isinstance(source.statement(call), ast.Assign) and "test" not in source.said(call):
                yield source.swap(call, source.said(call.args[0]), anywhere=True)


@injects(
    "unflattened-output",
    "dense-on-feature-map",
    "incompatible-shape",
    "label-broadcast",
    "units-do-not-match-classes",
    "label-encoding-mismatch",
    "missing-return-sequences",
    "positional-strides",
    "fit-argument-conflict",
)
def not_flattened(source: Source) -> Iterator[Fault]:
    """In models whose output is compared with labels by a loss of Keras's."""
    judged = {
        layer.span.line
        for head in source.heads
        if head.loss and isinstance(head.loss.name, str)
        for layer in head.training.model.layers
    }
    for call in source.layer_calls("Flatten", "GlobalAveragePooling2D", "GlobalAveragePooling1D", "GlobalMaxPooling1D"):
        parent = source.parents[call]
        if call.lineno not in judged:
            continue
        if isinstance(parent, ast.Call) and parent.func is call and parent.args:
            yield source.swap(parent, source.said(parent.args[0]), anywhere=True)
        elif isinstance(parent, ast.List) and call is not parent.elts[-1] and call is not parent.elts[0]:
            following = parent.elts[parent.elts.index(call) + 1]
            span = source.span(call)
            yield source.swap(
                span._replace(end_line=following.lineno, end_column=following.col_offset), "", anywhere=True
            )
        elif isinstance(parent, ast.Call) and last_name(parent.func) == "add" and not call.keywords:
            yield source.swap(source.statement(call), "pass", anywhere=True)


@injects("dropout-on-output", "loss-count-mismatch")
def dropout_on_output(source: Source) -> Iterator[Fault]:
    for head in source.heads:
        yield from behind(source, head, "Dropout(0.5)")


@injects("stacked-activations", "softmax-on-one-unit", "loss-count-mismatch", "high-learning-rate")
def softmax_twice(source: Source) -> Iterator[Fault]:
    for head in source.heads:
        if head.activation_is("softmax") and head.activation and head.activation.is_argument:
            yield from behind(source, head, 'Activation("softmax")')


@injects("argmax-on-one-unit")
def argmax_on_one_unit(source: Source) -> Iterator[Fault]:
    for fit in source.program.fits:
        one = len(fit.model.outputs) == 1 and fit.model.outputs[0].shape[-1] == 1
        call = source.call_at(fit.span) if fit.method == "predict" and one else None
        if call is not None:
            yield source.fault("argmax of it", replace(source.span(call), f"{source.said(call)}.argmax(axis=1)"))
