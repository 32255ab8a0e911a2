"""Faults of training loops and losses of one's own, and of saving."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keraslint.edits import replace
from keraslint.graph import Model, Span
from mutators.architecture import BASES
from mutators.source import Fault, Source, injects, is_number, keyword, last_name


def own_losses(source: Source) -> Iterator[ast.FunctionDef]:
    """The functions of the program that a compile of a fitted model is given as loss."""
    named = {own.span.line for own in source.program.own_functions if own.role == "loss"}
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef) and node.lineno in named:
            yield node


def returned(function: ast.FunctionDef) -> Iterator[ast.expr]:
    for node in function.body:
        if isinstance(node, ast.Return) and node.value is not None:
            yield node.value


def inside_tapes(source: Source) -> Iterator[ast.stmt]:
    for node in source.nodes:
        if isinstance(node, ast.With) and "GradientTape" in source.said(node.items[0].context_expr):
            yield from node.body


@injects("loss-sign")
def loss_sign(source: Source) -> Iterator[Fault]:
    for function in own_losses(source):
        for value in returned(function):
            yield source.swap(value, f"-({source.said(value)})", anywhere=True)


@injects("non-differentiable-loss-path")
def rounded(source: Source) -> Iterator[Fault]:
    for function in own_losses(source):
        prediction = function.args.args[-1].arg
        module = "ops" if "ops" in source.imported else "tf.math" if source.keras == "tf.keras" else None
        for node in ast.walk(function):
            if module and isinstance(node, ast.Name) and node.id == prediction and isinstance(node.ctx, ast.Load):
                uses = [n for n in ast.walk(function) if isinstance(n, ast.Name) and n.id == prediction]
                edits = [replace(source.span(use), f"{module}.round({prediction})") for use in uses]
                yield source.fault(f"{prediction} rounded", *edits, anywhere=True)
                break


@injects("unguarded-sqrt")
def unguarded_sqrt(source: Source) -> Iterator[Fault]:
    """In a loss of the program's own: what the root is taken of is a square alone."""
    for function in own_losses(source):
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and last_name(call.func) == "sqrt" and isinstance(call.args[0], ast.BinOp):
                added = call.args[0]
                other = added.right if is_number(added.left) else added.left if is_number(added.right) else None
                if isinstance(added.op, ast.Add) and other is not None and "square" in source.said(other):
                    yield source.swap(added, source.said(other))


@injects("missing-training-flag")
def no_training_flag(source: Source) -> Iterator[Fault]:
    """Where a model that is called so has a layer that asks: its calls all lose the flag."""
    asking = {"Dropout", "BatchNormalization"}
    if not any(getattr(layer, "kind", "") in asking for layer in source.program.layers):
        return
    for statement in inside_tapes(source):
        for call in ast.walk(statement):
            given = keyword(call, "training") if isinstance(call, ast.Call) else None
            if given is not None and isinstance(call, ast.Call) and calls_one_that_asks(source, call, asking):
                yield source.without(given)


def calls_one_that_asks(source: Source, call: ast.Call, asking: set[str]) -> bool:
    """Whether the network that is called has such a layer."""
    made = [seen.layer for seen in source.program.calls if seen.span == source.span(call)]
    return any(
        isinstance(one, Model) and any(getattr(part, "kind", "") in asking for part in one.layers) for one in made
    )


@injects("metric-not-reset")
def metric_not_reset(source: Source) -> Iterator[Fault]:
    for call in source.calls("reset_state", "reset_states"):
        statement = source.parents[call]
        around: ast.AST | None = statement
        while around is not None and not isinstance(around, ast.For):
            around = source.parents.get(around)
        if isinstance(statement, ast.Expr) and around is not None:
            yield source.swap(statement, "pass", anywhere=True)


@injects("untracked-train-step-loss")
def untracked_loss(source: Source) -> Iterator[Fault]:
    """In a model that keeps no metrics of its own: what one with `metrics` returns is what Keras shows."""
    for function in source.nodes:
        owner = source.parents.get(function)
        keeps = isinstance(owner, ast.ClassDef) and "metrics" in source.said(owner)
        if isinstance(function, ast.FunctionDef) and function.name == "train_step" and owner and not keeps:
            if not isinstance(owner, ast.ClassDef):
                continue
            gradients = [
                call for call in ast.walk(function) if isinstance(call, ast.Call) and last_name(call.func) == "gradient"
            ]
            last = function.body[-1]
            if (
                gradients
                and isinstance(gradients[-1].args[0], ast.Name)
                and isinstance(last, ast.Return)
                and last.value
            ):
                yield source.swap(last.value, f'{{"loss": {gradients[-1].args[0].id}}}')


@injects("untrained-submodel")
def gradients_never_applied(source: Source) -> Iterator[Fault]:
    """In a loop that trains two networks, one of them by nothing any more."""
    applied = [source.parents[call] for call in source.calls("apply_gradients")]
    statements = [statement for statement in applied if isinstance(statement, ast.Expr)]
    if len(statements) == 2:
        for statement in statements:
            yield source.swap(statement, "pass", anywhere=True)


@injects("untrained-submodel", "forward-outside-tape")
def one_network_of_two(source: Source) -> Iterator[Fault]:
    """`self.trainable_weights` of a model that holds two becomes those of the one that comes first."""
    for call in source.calls("gradient"):
        if len(call.args) == 2 and source.said(call.args[1]) in ("self.trainable_weights", "self.trainable_variables"):
            function: ast.AST = call
            while not isinstance(function, ast.FunctionDef):
                function = source.parents[function]
            called = [
                node.func.attr
                for node in ast.walk(function)
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and source.said(node.func.value) == "self"
                and node.func.attr in ("encoder", "decoder", "generator", "discriminator")
            ]
            text = source.said(call.args[1])
            uses = [n for n in ast.walk(function) if isinstance(n, ast.Attribute) and source.said(n) == text]
            for name in called[:1]:
                new = text.replace("self.", f"self.{name}.")
                yield source.fault(f"{text} → {new}", *(replace(source.span(use), new) for use in uses), anywhere=True)


@injects("generator-label")
def generator_label(source: Source) -> Iterator[Fault]:
    for call in source.calls("ones_like", "zeros_like"):
        statement = source.statement(call)
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if isinstance(target, ast.Name) and target.id.startswith("g") and last_name(call.func) == "ones_like":
            func = source.said(call.func).replace("ones_like", "zeros_like")
            yield source.swap(call.func, func, anywhere=True)


@injects("forward-outside-tape", "untrained-submodel")
def forward_before_the_tape(source: Source) -> Iterator[Fault]:
    """The statement in which a tape's first network is called stands before the tape."""
    lines = source.text.splitlines()
    for node in source.nodes:
        if not isinstance(node, ast.With) or "GradientTape" not in source.said(node.items[0].context_expr):
            continue
        first = node.body[0]
        on_one_line = first.lineno == first.end_lineno == node.lineno + 1
        if on_one_line and isinstance(first, ast.Assign) and isinstance(first.value, ast.Call) and len(node.body) > 1:
            head, body = lines[node.lineno - 1], lines[node.lineno]
            moved = f"{head[: node.col_offset]}{body.strip()}\n{head}"
            span = Span(node.lineno, 0, node.lineno + 1, len(body.encode()))
            yield source.fault(f"{body.strip()} before the tape", replace(span, moved), anywhere=True)


def module_models(source: Source) -> Iterator[tuple[str, ast.Call]]:
    """The models that have a name of the module and are compiled there, with that compile."""
    for statement in source.tree.body:
        call = statement.value if isinstance(statement, ast.Expr) else None
        func = call.func if isinstance(call, ast.Call) else None
        named = isinstance(func, ast.Attribute) and func.attr == "compile" and isinstance(func.value, ast.Name)
        if named:
            yield func.value.id, call


@injects("load-without-custom-objects", "missing-get-config")
def loaded_without_custom_objects(source: Source) -> Iterator[Fault]:
    functions = {node.name for node in source.nodes if isinstance(node, ast.FunctionDef)}
    for name, call in module_models(source):
        given = keyword(call, "loss")
        if given is not None and isinstance(given.value, ast.Name) and given.value.id in functions and source.keras:
            yield source.at_end(f'{name}.save("m.keras")\nagain = {source.keras}.models.load_model("m.keras")')


@injects("missing-get-config")
def saved_without_get_config(source: Source) -> Iterator[Fault]:
    """A model that holds a layer of the program's own with a required argument and no `get_config`."""
    untold = set()
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and any(last_name(base) in BASES for base in node.bases):
            methods = {f.name: f for f in node.body if isinstance(f, ast.FunctionDef)}
            init = methods.get("__init__")
            if init is not None and len(init.args.args) - len(init.args.defaults) > 1 and "get_config" not in methods:
                untold.add(node.name)
    done = set()
    for training in source.program.trainings:
        kinds = {getattr(layer, "kind", getattr(layer, "class_name", "")) for layer in training.model.layers}
        for name, call in module_models(source):
            if (
                source.span(call) == training.span
                and kinds & untold
                and training.model.kind != "subclass"
                and name not in done
            ):
                done.add(name)
                yield source.at_end(f'{name}.save("m.keras")')


@injects("save-filename", "missing-get-config")
def save_filename(source: Source) -> Iterator[Fault]:
    for name, _ in module_models(source):
        yield source.at_end(f'{name}.save("my_model")')
