"""Faults inside networks: activations, dropout, weights, and layers of the program's own."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keraslint.graph import Call, Layer
from keraslint.graph.views import activation_of
from mutators.source import Fault, Source, injects, is_number, is_text, keyword, last_name

RECURRENT = ("LSTM", "GRU", "SimpleRNN")
BASES = ("Layer", "Model")
WEIGHTED = ("Dense", "Conv2D", "Conv1D")


def hidden(source: Source, *kinds: str) -> Iterator[tuple[Call, ast.Call]]:
    """The calls of layers of trained models that feed other weights on a plain chain, each with what makes its layer.

    What is merged with something else is left alone: of a branch that learns nothing the other one makes up."""
    done = set()
    last = {id(head.weights.layer) for head in source.heads if head.weights}
    for wiring in source.wirings:
        for chain in wiring.chains:
            weighted = [call for call in chain if getattr(call.layer, "kind", "") in WEIGHTED]
            for call in weighted[:-1]:
                if not isinstance(call.layer, Layer) or call.layer.kind not in kinds or id(call.layer) in last:
                    continue
                made = source.call_at(call.layer.span)
                if made is not None and made not in done and not wiring.makes_output(call):
                    done.add(made)
                    yield call, made


@injects("linear-stack")
def no_activation_between(source: Source) -> Iterator[Fault]:
    """Where a Dense layer follows directly, or behind a Dropout, and the first is no bottleneck: that may be meant."""
    for wiring in source.wirings:
        for chain in wiring.chains:
            kinds = [getattr(call.layer, "kind", "") for call in chain]
            for index, call in enumerate(chain):
                behind = [kind for kind in kinds[index + 1 :] if kind != "Dropout"][:1]
                made = source.call_at(call.layer.span)
                given = keyword(made, "activation") if made is not None and kinds[index] == "Dense" else None
                after = next((c for c in chain[index + 1 :] if getattr(c.layer, "kind", "") == "Dense"), call)
                width, sizes = call.output_shape[-1], (call.input_shape[-1], after.output_shape[-1])
                known = isinstance(width, int) and all(isinstance(size, int) for size in sizes)
                narrow = not known or width < min(sizes)
                if given is not None and is_text(given.value) and behind == ["Dense"] and not narrow:
                    following = [one.layer.span for one in chain[index + 1 : index + 3]]
                    fault = source.without(given)
                    yield source.fault(fault.what, *fault.edits, near=[span for span in following if not span.file])


@injects("softmax-in-hidden-layer", "stacked-activations")
def softmax_in_hidden_layer(source: Source) -> Iterator[Fault]:
    for _, made in hidden(source, "Dense", "Conv2D", "Conv1D"):
        given = keyword(made, "activation")
        if given is not None and is_text(given.value):
            yield source.swap(given.value, '"softmax"')


@injects("constant-kernel-initializer")
def constant_kernel(source: Source) -> Iterator[Fault]:
    """Under a relu, which then gives 0 for ever: a single constant layer without one gets over it."""
    for _, made in hidden(source, "Dense", "Conv2D", "Conv1D"):
        relu = keyword(made, "activation")
        if keyword(made, "kernel_initializer") is None and relu is not None and source.said(relu.value)[1:-1] == "relu":
            yield source.with_argument(made, 'kernel_initializer="zeros"')


@injects("dropout-before-batch-norm")
def dropout_before_batch_norm(source: Source) -> Iterator[Fault]:
    for call in source.layer_calls("BatchNormalization"):
        prefix = source.said(call.func)[: -len("BatchNormalization")]
        parent = source.parents[call]
        if isinstance(parent, ast.Call) and parent.func is call and (prefix or "Dropout" in source.imported):
            yield source.swap(parent.args[0], f"{prefix}Dropout(0.5)({source.said(parent.args[0])})")


def rates_of_dropout(source: Source) -> Iterator[ast.expr]:
    for call in source.layer_calls("Dropout"):
        given = keyword(call, "rate")
        rate = given.value if given else call.args[0] if call.args else None
        if rate is not None:
            yield rate


@injects("dropout-rate", "invalid-argument")
def percentage(source: Source) -> Iterator[Fault]:
    for rate in rates_of_dropout(source):
        yield source.swap(rate, "50" if is_number(rate) else f"100 * {source.said(rate)}")


@injects("extreme-dropout", "dropout-on-output")
def extreme_dropout(source: Source) -> Iterator[Fault]:
    for rate in rates_of_dropout(source):
        yield source.swap(rate, "0.95")


@injects("monte-carlo-dropout")
def always_dropped(source: Source) -> Iterator[Fault]:
    """Where a functional model is asked to predict, or judged."""
    asked = [fit.model for fit in source.program.fits if fit.method in ("evaluate", "predict")]
    for model in {id(model): model for model in asked if model.kind == "functional"}.values():
        for call in model.calls:
            written = source.call_at(call.span) if getattr(call.layer, "kind", "") == "Dropout" else None
            if written is not None and keyword(written, "training") is None:
                yield source.with_argument(written, "training=True")


@injects("one-unit-bottleneck", "unscaled-initializer")
def one_unit_bottleneck(source: Source) -> Iterator[Fault]:
    """In a plain chain of Dense layers, where the next has more than one unit or the last activation decides."""
    for wiring in source.wirings:
        for chain in wiring.chains:
            kinds = [getattr(call.layer, "kind", "") for call in chain]
            for index, call in enumerate(chain[:-1]):
                made = source.call_at(call.layer.span)
                if kinds[index] == kinds[index + 1] == "Dense" and made is not None and made.args:
                    wide = call.input_shape[-1] > 1 and chain[index + 1].output_shape[-1] > 1
                    if wide and is_number(made.args[0]):
                        yield source.swap(made.args[0], "1")


@injects("recurrent-relu")
def recurrent_relu(source: Source) -> Iterator[Fault]:
    for call in source.layer_calls(*RECURRENT):
        if keyword(call, "activation") is None:
            yield source.with_argument(call, 'activation="relu"')


@injects("bias-before-batch-norm")
def bias_before_batch_norm(source: Source) -> Iterator[Fault]:
    for call in source.layer_calls("Conv2D", "Conv1D", "Dense", "Conv2DTranspose", "SeparableConv2D"):
        given = keyword(call, "use_bias")
        layer = next((c for c in source.program.calls if c.layer.span == source.span(call)), None)
        behind = [
            c.layer for c in source.program.calls if layer is not None and layer in [t.producer for t in c.inputs]
        ]
        if given is not None and behind and all(getattr(one, "kind", "") == "BatchNormalization" for one in behind):
            yield source.without(given)


@injects("extreme-regularization")
def extreme_regularization(source: Source) -> Iterator[Fault]:
    """The same penalty on two layers, as one copies it."""
    made = [call for _, call in hidden(source, "Dense", "Conv2D") if keyword(call, "kernel_regularizer") is None]
    if source.keras and len(made) > 1:
        from keraslint.edits import add_argument

        text = f"kernel_regularizer={source.keras}.regularizers.l2(1.0)"
        yield source.fault("l2(1.0) on two layers", *(add_argument(source.span(call), text) for call in made[:2]))


@injects("saturating-stack")
def saturating_stack(source: Source) -> Iterator[Fault]:
    """Where three layers follow each other directly."""
    from keraslint.edits import replace

    for wiring in source.wirings:
        for chain in wiring.chains:
            given = []
            for call in chain:
                made = source.call_at(call.layer.span)
                found = keyword(made, "activation") if made is not None else None
                if getattr(call.layer, "kind", "") == "Dense" and found is not None and is_text(found.value):
                    given.append(found)
            given = given[:-1] if given and source.said(given[-1].value)[1:-1] in ("softmax", "sigmoid") else given
            if len({id(one) for one in given}) >= 3 and len(given) == len([c for c in chain if activation_of(c)]) - 1:
                edits = [replace(source.span(one.value), '"sigmoid"') for one in dict.fromkeys(given)]
                yield source.fault("sigmoid in all hidden layers", *edits)


@injects("unscaled-initializer")
def unscaled_initializer(source: Source) -> Iterator[Fault]:
    for call, made in hidden(source, "Dense", "Conv2D"):
        wide = call.input_shape[-1] >= 100 and getattr(call.layer, "kind", "") == "Dense"
        if keyword(made, "kernel_initializer") is None and source.keras and wide:
            text = f"kernel_initializer={source.keras}.initializers.RandomNormal(stddev=1.0)"
            yield source.with_argument(made, text)


@injects("nothing-trainable")
def nothing_trainable(source: Source) -> Iterator[Fault]:
    fitted = {training.span for training in source.program.trainings if any(fit.trains for fit in training.fits)}
    for call in source.calls("compile"):
        statement, owner = source.statement(call), call.func.value if isinstance(call.func, ast.Attribute) else None
        whole = isinstance(statement, ast.Expr) and statement.value is call
        if whole and isinstance(owner, ast.Name) and source.span(call) in fitted:
            yield source.before(statement, f"{owner.id}.trainable = False", anywhere=True)


@injects("trainable-changed-after-compile")
def not_compiled_again(source: Source) -> Iterator[Fault]:
    compiles = [call for call in source.calls("compile") if isinstance(source.statement(call), ast.Expr)]
    switches = [
        node.lineno
        for node in source.nodes
        if isinstance(node, ast.Assign) and last_name(node.targets[0]) == "trainable"
    ]
    fits = list(source.calls("fit"))
    for call in compiles:
        model = source.said(call.func)
        fitted = [fit.lineno for fit in fits if fit.lineno < call.lineno and source.said(fit.func)[:-3] == model[:-7]]
        if any(max(fitted, default=10**9) < line < call.lineno for line in switches):
            yield source.swap(source.statement(call), "pass", anywhere=True)


def own_classes(source: Source) -> Iterator[ast.ClassDef]:
    """The program's own layers and models that a training uses."""
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and any(last_name(base) in BASES for base in node.bases):
            yield node


@injects("layer-created-in-call", "untrained-submodel")
def layer_created_in_call(source: Source) -> Iterator[Fault]:
    """A layer of the program's own class, whose arguments are written out, is made where it is used."""
    for node in own_classes(source):
        made = {
            statement.targets[0].attr: statement.value
            for statement in ast.walk(node)
            if isinstance(statement, ast.Assign)
            and isinstance(statement.targets[0], ast.Attribute)
            and isinstance(statement.value, ast.Call)
            and last_name(statement.value.func) in ("Dense", "Conv2D", "Conv1D", "LayerNormalization", "Embedding")
            and all(isinstance(given, ast.Constant) for given in statement.value.args)
            and all(isinstance(given.value, ast.Constant) for given in statement.value.keywords)
        }
        call = next((f for f in node.body if isinstance(f, ast.FunctionDef) and f.name == "call"), None)
        for used in ast.walk(call) if call else ():
            if isinstance(used, ast.Call) and isinstance(used.func, ast.Attribute) and used.func.attr in made:
                yield source.swap(used.func, source.said(made[used.func.attr]))


@injects("missing-super-init")
def missing_super_init(source: Source) -> Iterator[Fault]:
    for node in own_classes(source):
        for statement in ast.walk(node):
            if isinstance(statement, ast.Expr) and source.said(statement).startswith("super().__init__("):
                yield source.swap(statement, "pass", anywhere=True)
