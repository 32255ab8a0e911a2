"""Faults of shapes and of how layers are put together."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from keraslint.edits import replace
from keraslint.graph import Layer, Model
from mutators.architecture import RECURRENT
from mutators.source import Fault, Source, injects, is_number, keyword, last_name

SHAPE_PRESERVING = ("Dropout", "BatchNormalization", "Activation", "LayerNormalization", "ReLU", "LeakyReLU")
WEIGHTED = ("Dense", "Conv1D", "Conv2D", "LSTM", "GRU", "Embedding", "Conv2DTranspose", "SeparableConv2D")
REFUSED = (
    "incompatible-shape",
    "empty-feature-map",
    "missing-return-sequences",
    "unflattened-output",
    "dense-on-feature-map",
)


def input_shapes(source: Source) -> Iterator[ast.Tuple]:
    """The shapes of inputs that are written as tuples, for trained models."""
    places = {tensor.span for training in source.program.trainings for tensor in training.model.inputs}
    lines = source.trained_lines | {place.line for place in places if not place.file}
    for call in source.calls("Input", "InputLayer"):
        given = keyword(call, "shape")
        shape = given.value if given else call.args[0] if call.args else None
        if isinstance(shape, ast.Tuple) and call.lineno in lines:
            yield shape
    for call in source.layer_calls("Dense", "Conv2D", "Conv1D", "LSTM", "GRU", "Flatten"):
        given = keyword(call, "input_shape")
        if given is not None and isinstance(given.value, ast.Tuple):
            yield given.value


def is_image(source: Source, shape: ast.Tuple) -> bool:
    """Whether it is height, width and channels in numbers that tell them apart, before a convolution."""
    if len(shape.elts) != 3 or not any(source.layer_calls("Conv2D")):
        return False
    sizes = [size.value if isinstance(size, ast.Constant) else None for size in shape.elts]
    return isinstance(sizes[2], int) and sizes[2] <= 4 and all(size is None or size > 8 for size in sizes[:2])  # type: ignore[operator]


@injects("incompatible-shape", "fit-argument-conflict", *REFUSED, "disconnected-graph", "channels-first-input")
def one_axis_less(source: Source) -> Iterator[Fault]:
    for shape in input_shapes(source):
        if is_image(source, shape):
            yield source.swap(shape, f"({', '.join(source.said(size) for size in shape.elts[:2])})", anywhere=True)


@injects("channels-first-input", *REFUSED)
def channels_first(source: Source) -> Iterator[Fault]:
    for shape in input_shapes(source):
        if is_image(source, shape):
            first, second, last = (source.said(size) for size in shape.elts)
            yield source.swap(shape, f"({last}, {first}, {second})", anywhere=True)


@injects("batch-in-input-shape", *REFUSED)
def batch_in_input_shape(source: Source) -> Iterator[Fault]:
    for shape in input_shapes(source):
        if is_image(source, shape):
            yield source.swap(shape, f"(None, {source.said(shape)[1:]}", anywhere=True)


@injects("incompatible-shape", "embedding-too-small", *REFUSED)
def another_size(source: Source) -> Iterator[Fault]:
    """The data of a fit have another number of features than the input."""
    fitted = {t.span for training in source.program.trainings if training.fits for t in training.model.inputs}
    for shape in input_shapes(source):
        last = shape.elts[-1]
        call = source.parents[shape] if not isinstance(source.parents[shape], ast.keyword) else None
        call = call or source.parents[source.parents[shape]]
        here = any(span.line == call.lineno for span in fitted)
        if here and is_number(last) and isinstance(last, ast.Constant) and len(shape.elts) == 1:
            yield source.swap(last, str(last.value + 3), anywhere=True)


@injects("missing-return-sequences", *REFUSED)
def missing_return_sequences(source: Source) -> Iterator[Fault]:
    for call in source.layer_calls(*RECURRENT):
        given = keyword(call, "return_sequences")
        inside = {id(inner.layer): inner.layer.span for inner in source.program.calls}
        if (
            given is not None
            and source.said(given.value) == "True"
            and inside
            and keyword(call, "return_state") is None
        ):
            yield source.without(given, anywhere=True)


@injects("empty-feature-map", "incompatible-shape")
def kernel_larger_than_the_map(source: Source) -> Iterator[Fault]:
    for call in source.layer_calls("Conv2D", "Conv1D"):
        given = keyword(call, "kernel_size")
        size = given.value if given else call.args[1] if len(call.args) > 1 else None
        made = [made for made in source.program.calls if made.layer.span == source.span(call)]
        known = made and made[0].input_shape.rank_known and isinstance(made[0].input_shape[1], int)
        if size is not None and keyword(call, "padding") is None and known:
            yield source.swap(size, "999")


@injects("positional-strides")
def positional_strides(source: Source) -> Iterator[Fault]:
    for call in source.layer_calls("Conv2D"):
        if len(call.args) == 2 and keyword(call, "strides") is None:
            size = call.args[1]
            if isinstance(size, ast.Tuple) and len(size.elts) == 2 and all(source.said(e) == "3" for e in size.elts):
                yield source.swap(size, "3, 3")


@injects("embedding-too-small")
def embedding_too_small(source: Source) -> Iterator[Fault]:
    """Only the table of a model's own input: of what is added, as positions, the shapes may not fit either."""
    for call in source.layer_calls("Embedding"):
        rows = keyword(call, "input_dim")
        size = rows.value if rows else call.args[0] if call.args else None
        made = [made for made in source.program.calls if made.layer.span == source.span(call)]
        fitted = [t for t in source.program.trainings if any(fit.trains for fit in t.fits)]
        inputs = {id(tensor) for training in fitted for tensor in training.model.inputs}
        if size is not None and made and any(id(tensor) in inputs for one in made for tensor in one.inputs):
            yield source.swap(size, "2", anywhere=True)


@injects("disconnected-graph", "unused-branch")
def one_input_too_few(source: Source) -> Iterator[Fault]:
    for call in source.calls("Model"):
        given = keyword(call, "inputs")
        inputs = given.value if given else call.args[0] if call.args else None
        named = isinstance(inputs, ast.List) and all(isinstance(one, ast.Name) for one in inputs.elts)
        if named and len(inputs.elts) > 1 and len(call.args) + len(call.keywords) >= 2:
            yield source.swap(inputs, f"[{', '.join(source.said(e) for e in inputs.elts[:-1])}]", anywhere=True)


def bound(source: Source, *kinds: str) -> Iterator[tuple[ast.Assign, ast.Call, ast.Call]]:
    """Statements ``x = Layer(…)(x)`` of trained models, with the calls that make the layer and apply it."""
    for made in source.layer_calls(*kinds):
        applied = source.parents[made]
        statement = source.parents.get(applied)
        is_applied = isinstance(applied, ast.Call) and applied.func is made and bool(applied.args)
        if is_applied and isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            yield statement, made, applied


@injects("unused-branch", "linear-stack", "bias-before-batch-norm", "crossentropy-on-raw-output")
def result_never_used(source: Source) -> Iterator[Fault]:
    """In a function: a name of the module may be there for who imports it."""
    for statement, _, applied in bound(source, *SHAPE_PRESERVING):
        if not statement.col_offset or isinstance(source.parents[statement], ast.Module):
            continue
        if source.said(applied.args[0]) == source.said(statement.targets[0]):
            yield source.swap(statement.targets[0], "unused")


@injects("layer-not-called", "incompatible-shape", "unused-branch", "loss-count-mismatch")
def layer_not_called(source: Source) -> Iterator[Fault]:
    for _, made, applied in bound(source, *WEIGHTED, "Flatten", "Dropout"):
        yield source.swap(applied, source.said(made), anywhere=True)


@injects("add-returns-none")
def add_returns_none(source: Source) -> Iterator[Fault]:
    """The last layer is added, and what `add` returns is bound to the model's name."""
    adds: dict[str, ast.Expr] = {}
    for call in source.calls("add"):
        statement = source.parents[call]
        if (
            isinstance(statement, ast.Expr)
            and isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
        ):
            adds[call.func.value.id] = statement
    for name, statement in adds.items():
        yield source.swap(statement, f"{name} = {source.said(statement)}", anywhere=True)


@injects("add-returns-none")
def builder_without_return(source: Source) -> Iterator[Fault]:
    for node in source.nodes:
        last = node.body[-1] if isinstance(node, ast.FunctionDef) else None
        if isinstance(last, ast.Return) and isinstance(last.value, ast.Name) and isinstance(node, ast.FunctionDef):
            compiled = [
                call for call in ast.walk(node) if isinstance(call, ast.Call) and last_name(call.func) == "compile"
            ]
            used = list(source.calls(node.name))
            if used and any(source.said(call.func) == f"{last.value.id}.compile" for call in compiled):
                yield source.swap(last, "pass", anywhere=True)


@injects("shape-not-tuple")
def shape_not_tuple(source: Source) -> Iterator[Fault]:
    for shape in input_shapes(source):
        if len(shape.elts) == 1 and source.said(shape.elts[0]) != "None":
            yield source.swap(shape, f"({source.said(shape.elts[0])})")


@injects("stateful-batch-size")
def stateful(source: Source) -> Iterator[Fault]:
    for call in source.layer_calls(*RECURRENT):
        yield source.with_argument(call, "stateful=True")


@injects("unpacked-layer-output", "missing-return-sequences", "incompatible-shape")
def states_not_returned(source: Source) -> Iterator[Fault]:
    for call in source.layer_calls(*RECURRENT):
        given = keyword(call, "return_state")
        applied = source.parents[call]
        target = source.parents[applied].targets[0] if isinstance(source.parents.get(applied), ast.Assign) else None  # type: ignore[attr-defined]
        if given is not None and isinstance(applied, ast.Call) and isinstance(target, ast.Tuple):
            yield source.without(given)


@injects("fit-on-symbolic-tensor")
def fit_on_symbolic_tensor(source: Source) -> Iterator[Fault]:
    """Where the model and its fit stand in one scope: the module, in which the input has a name of its own."""
    for fit in source.program.fits:
        call = source.call_at(fit.span)
        if call is None or not fit.trains or not call.args or len(fit.model.inputs) != 1:
            continue
        made = fit.model.inputs[0].span
        for statement in source.tree.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                is_input = isinstance(statement.value, ast.Call) and last_name(statement.value.func) == "Input"
                if is_input and source.span(statement.value) == made and source.statement(call) in source.tree.body:
                    rebound = [
                        n
                        for n in source.nodes
                        if isinstance(n, ast.Name) and n.id == statement.targets[0].id and isinstance(n.ctx, ast.Store)
                    ]
                    if len(rebound) == 1:
                        yield source.swap(call.args[0], statement.targets[0].id)


@injects("backend-op-on-symbolic-tensor")
def backend_op(source: Source) -> Iterator[Fault]:
    """`tf.nn.relu` in the place of a layer, where the program has TensorFlow as ``tf``."""
    names = {
        n.asname for node in source.nodes if isinstance(node, ast.Import) for n in node.names if n.name == "tensorflow"
    }
    symbolic = {call.span for model in source.program.models if model.kind == "functional" for call in model.calls}
    if "tf" in names:
        for _, made, applied in bound(source, "Activation", "ReLU", "Flatten", "Dropout"):
            if source.span(applied) in symbolic:
                op = "tf.reshape({}, [-1, 16])" if last_name(made.func) == "Flatten" else "tf.nn.relu({})"
                yield source.swap(applied, op.format(source.said(applied.args[0])), anywhere=True)


@injects("duplicate-layer-name", "loss-count-mismatch")
def duplicate_layer_name(source: Source) -> Iterator[Fault]:
    """A subclass may have two of one name."""
    for training in source.program.trainings:
        if training.model.kind == "subclass":
            continue
        named = []
        for layer in training.model.layers:
            given = layer.given("name") if isinstance(layer, Layer) and not isinstance(layer, Model) else None
            if given is not None and source.literal(given.value, str):
                named.append(given.value)
        for first, second in pairwise(named):
            edit = replace(second.span, source.written(first.span))
            yield source.fault(f"two named {source.written(first.span)}", edit, near=[first.span], anywhere=True)
