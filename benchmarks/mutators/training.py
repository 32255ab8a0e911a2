"""Faults of compile, fit, callbacks and data sets."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keraslint.edits import replace
from keraslint.graph import Array, Fit, KerasObject
from mutators.source import Fault, Source, injects, is_number, is_text, keyword, last_name


def fits(source: Source) -> Iterator[tuple[Fit, ast.Call]]:
    """The fits that train a compiled model, each with its call."""
    trained = [fit for training in source.program.trainings for fit in training.fits if fit.trains]
    for span, fit in {fit.span: fit for fit in trained}.items():
        call = source.call_at(span)
        if call is not None and last_name(call.func) == "fit":
            yield fit, call


def own_compiles(source: Source) -> Iterator[ast.Call]:
    """The compiles of Keras's own, of models that are fitted."""
    fitted = {t.span for t in source.program.trainings if any(fit.trains for fit in t.fits) and not t.ignores_loss}
    return (call for call in source.calls("compile") if source.span(call) in fitted)


@injects("fit-before-compile")
def never_compiled(source: Source) -> Iterator[Fault]:
    for call in own_compiles(source):
        statement = source.statement(call)
        alike = [other for other in source.calls("compile") if source.said(other.func) == source.said(call.func)]
        if isinstance(statement, ast.Expr) and len(alike) == 1:
            yield source.swap(statement, "pass", anywhere=True)


@injects("compile-without-loss")
def compiled_without_loss(source: Source) -> Iterator[Fault]:
    """Unless a regularizer or `add_loss` gives Keras something to train by all the same."""
    if "regularizer" in source.text or "add_loss" in source.text:
        return
    for call in own_compiles(source):
        given = keyword(call, "loss")
        if given is not None:
            yield source.without(given, anywhere=True)


@injects("monitor-unknown-metric")
def slip_in_monitor(source: Source) -> Iterator[Fault]:
    for call in source.calls("EarlyStopping", "ReduceLROnPlateau", "ModelCheckpoint"):
        given = keyword(call, "monitor")
        if given is not None and is_text(given.value):
            yield source.swap(given.value, '"val_los"')
        elif given is None:
            yield source.with_argument(call, 'monitor="val_los"')


@injects("monitor-unknown-metric")
def no_validation_for_the_monitor(source: Source) -> Iterator[Fault]:
    for fit, call in fits(source):
        given = keyword(call, "validation_data", "validation_split")
        watches = [
            callback.value
            for callback in fit.callbacks or ()
            if getattr(callback.value, "kind", "") in ("EarlyStopping", "ReduceLROnPlateau", "ModelCheckpoint")
        ]
        if given is not None and any(watch.argument("monitor") == "val_loss" and _minds(watch) for watch in watches):
            yield source.without(given, anywhere=True)


def _minds(callback: KerasObject) -> bool:
    """Whether it does anything by what it monitors."""
    return callback.kind != "ModelCheckpoint" or callback.argument("save_best_only").value is True


@injects("monitor-wrong-direction")
def wrong_direction(source: Source) -> Iterator[Fault]:
    for call in source.calls("EarlyStopping", "ReduceLROnPlateau"):
        given, mode = keyword(call, "monitor"), keyword(call, "mode")
        if given is not None and is_text(given.value) and "loss" in source.said(given.value):
            if mode is not None:
                yield source.swap(mode.value, '"max"')
            else:
                yield source.with_argument(call, 'mode="max"')


@injects("checkpoint-filename")
def checkpoint_filename(source: Source) -> Iterator[Fault]:
    for call in source.calls("ModelCheckpoint"):
        if call.args and is_text(call.args[0]):
            yield source.swap(call.args[0], '"best.hdf5"')


@injects("validation-is-training-data")
def validation_is_training_data(source: Source) -> Iterator[Fault]:
    """Not with random numbers of a size that is written down: nothing new can be learned of these anyway."""
    for fit, call in fits(source):
        data = fit.x.value if fit.x is not None else None
        if isinstance(data, Array) and not data.origin and isinstance(data.shape[0], int):
            continue
        has_none = keyword(call, "validation_data", "validation_split", "validation_steps") is None
        named = call.args and all(isinstance(given, (ast.Name, ast.List)) for given in call.args[:2])
        unpacked = any(given.arg is None for given in call.keywords)
        if named and has_none and not unpacked and isinstance(call.args[0], ast.Name):
            x = source.said(call.args[0])
            pair = x if len(call.args) == 1 else f"({x}, {source.said(call.args[1])})"
            if fit.dataset is not None or len(call.args) == 2:
                yield source.with_argument(call, f"validation_data={pair}")


@injects("fit-argument-conflict")
def labels_beside_a_data_set(source: Source) -> Iterator[Fault]:
    for fit, call in fits(source):
        if fit.dataset is not None and len(call.args) == 1:
            yield source.swap(call.args[0], f"{source.said(call.args[0])}, np.zeros(8)")


@injects("fit-argument-conflict", "incompatible-shape")
def steps_by_true_division(source: Source) -> Iterator[Fault]:
    for fit, call in fits(source):
        if fit.dataset is None and call.args and keyword(call, "steps_per_epoch") is None:
            yield source.with_argument(call, f"steps_per_epoch=len({source.said(call.args[0])}) / 32")


@injects("class-weight-misuse")
def class_weights_as_a_list(source: Source) -> Iterator[Fault]:
    for fit, call in fits(source):
        if keyword(call, "class_weight") is None and len(fit.model.outputs) == 1:
            yield source.with_argument(call, "class_weight=[1.0, 2.0]")


@injects("class-weight-by-name", "class-weight-misuse")
def class_weights_by_name(source: Source) -> Iterator[Fault]:
    for fit, call in fits(source):
        if keyword(call, "class_weight") is None and len(fit.model.outputs) == 1:
            yield source.with_argument(call, 'class_weight={"cat": 1.0, "dog": 2.0}')


@injects("no-epochs-left")
def no_epochs_left(source: Source) -> Iterator[Fault]:
    for _, call in fits(source):
        epochs = keyword(call, "epochs")
        if epochs is not None and keyword(call, "initial_epoch") is None:
            yield source.with_argument(call, f"initial_epoch={source.said(epochs.value)}")


@injects("too-many-steps")
def too_many_steps(source: Source) -> Iterator[Fault]:
    for fit, call in fits(source):
        finite = isinstance(fit.samples, int) or fit.dataset is not None
        if finite and keyword(call, "steps_per_epoch") is None:
            yield source.with_argument(call, "steps_per_epoch=100_000")


@injects("history-key")
def history_key(source: Source) -> Iterator[Fault]:
    for node in source.nodes:
        if isinstance(node, ast.Subscript) and last_name(node.value) == "history" and is_text(node.slice):
            yield source.swap(node.slice, '"val_acuracy"')


@injects("layers-pop")
def layers_pop(source: Source) -> Iterator[Fault]:
    for call in own_compiles(source):
        statement, owner = source.statement(call), call.func.value if isinstance(call.func, ast.Attribute) else None
        if isinstance(statement, ast.Expr) and isinstance(owner, ast.Name):
            yield source.before(statement, f"{owner.id}.layers.pop()")


@injects("model-discarded", "add-returns-none", "incompatible-shape", "fit-argument-conflict")
def model_begun_again(source: Source) -> Iterator[Fault]:
    adds: dict[str, list[ast.Expr]] = {}
    for call in source.calls("add"):
        statement = source.parents[call]
        if (
            isinstance(statement, ast.Expr)
            and isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
        ):
            adds.setdefault(call.func.value.id, []).append(statement)
    made = {
        node.targets[0].id: source.said(node.value)
        for node in source.nodes
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Call)
        and last_name(node.value.func) == "Sequential"
        and not node.value.args
    }
    for name, statements in adds.items():
        if name in made and len(statements) > 3:
            yield source.before(statements[-2], f"{name} = {made[name]}", anywhere=True)


def batches(source: Source) -> Iterator[ast.Call]:
    """``….batch(n)`` of tf.data in programs that fit data sets alone, without steps."""
    every = list(fits(source))
    if every and all(fit.dataset is not None and keyword(call, "steps_per_epoch") is None for fit, call in every):
        for call in source.calls("batch"):
            if isinstance(call.func, ast.Attribute) and call.args:
                yield call


def is_of_training(source: Source, call: ast.Call) -> bool:
    """Whether it makes what is trained on, not what validates, by the names that the program gives."""
    return "val" not in source.said(source.statement(call)) and "test" not in source.said(source.statement(call))


@injects("endless-dataset")
def endless(source: Source) -> Iterator[Fault]:
    for call in batches(source):
        if is_of_training(source, call):
            yield source.swap(call, f"{source.said(call)}.repeat()", anywhere=True)


@injects("unbatched-dataset", "incompatible-shape")
def unbatched(source: Source) -> Iterator[Fault]:
    """The last `batch` before the fit: one before a `window` or another `batch` makes no batches of samples."""
    for call in list(batches(source))[-1:]:
        if isinstance(call.func, ast.Attribute) and is_of_training(source, call):
            yield source.swap(call, source.said(call.func.value), anywhere=True)


@injects("shuffle-after-batch")
def shuffle_after_batch(source: Source) -> Iterator[Fault]:
    for call in batches(source):
        inner = call.func.value if isinstance(call.func, ast.Attribute) else None
        if isinstance(inner, ast.Call) and last_name(inner.func) == "shuffle" and isinstance(inner.func, ast.Attribute):
            data, shuffled = (
                source.said(inner.func.value),
                ", ".join(source.said(given) for given in [*inner.args, *inner.keywords]),
            )
            size = ", ".join(source.said(given) for given in [*call.args, *call.keywords])
            yield source.swap(call, f"{data}.batch({size}).shuffle({shuffled})", anywhere=True)


def scaled(source: Source) -> Iterator[ast.BinOp]:
    """Where the program itself divides what it trains on by 255, not inside a model."""
    for node in source.nodes:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and is_number(node.right):
            by_255 = source.said(node.right).rstrip(".0") == "255"
            if by_255 and "test" not in source.said(source.statement(node)):
                if isinstance(source.parents[node], ast.Lambda):
                    continue
                yield node


@injects("unscaled-inputs")
def not_scaled(source: Source) -> Iterator[Fault]:
    for node in scaled(source):
        yield source.swap(node, source.said(node.left), anywhere=True)


@injects("integer-truncated-input")
def truncated(source: Source) -> Iterator[Fault]:
    for node in scaled(source):
        yield source.swap(node, f'({source.said(node)}).astype("uint8")', anywhere=True)


@injects("removed-name")
def fit_generator(source: Source) -> Iterator[Fault]:
    for _, call in fits(source):
        assert isinstance(call.func, ast.Attribute)
        span = source.span(call.func)
        name = span._replace(line=span.end_line, column=span.end_column - len("fit"))
        yield source.fault("fit → fit_generator", replace(name, "fit_generator"))


@injects("removed-name")
def old_module(source: Source) -> Iterator[Fault]:
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and node.module in ("keras.layers", "tensorflow.keras.layers"):
            names = ", ".join(name.name for name in node.names)
            if "\n" not in source.said(node) and names != "*":
                yield source.swap(node, f"from {node.module}.core import {names}")
