"""Faults of optimizers and their learning rates."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keraslint.graph.views import Optimizer
from mutators.source import Fault, Source, injects, is_number, keyword, last_name

ADAPTIVE = ("Adam", "AdamW", "RMSprop", "Nadam", "Adamax")


def trained(source: Source, *kinds: str) -> Iterator[tuple[Optimizer, ast.Call]]:
    """The optimizers of trainings by compile, each with the call that makes it."""
    done = set()
    for optimizer in Optimizer.of(source.program):
        made = optimizer.instance
        call = source.call_at(made.span) if made is not None and optimizer.trainings else None
        if call is not None and call not in done and (not kinds or optimizer.is_a(*kinds)):
            done.add(call)
            yield optimizer, call


def rates(source: Source, *kinds: str) -> Iterator[tuple[Optimizer, ast.expr]]:
    """Where the learning rates of fitted models are written, unless a callback sets them anew before the first step."""
    if any(source.calls("LearningRateScheduler")):
        return
    for optimizer, call in trained(source, *kinds):
        given = keyword(call, "learning_rate")
        rate = given.value if given else call.args[0] if call.args else None
        if not any(fit.trains for training in optimizer.trainings for fit in training.fits):
            continue
        plain = is_number(rate) or isinstance(rate, (ast.Name, ast.Attribute))
        if rate is not None and plain and optimizer.schedule is None:
            yield optimizer, rate


@injects("high-learning-rate", "elevated-learning-rate")
def high_learning_rate(source: Source) -> Iterator[Fault]:
    for _, rate in rates(source, *ADAPTIVE):
        yield source.swap(rate, "1.0")


@injects("elevated-learning-rate", "high-learning-rate")
def elevated_learning_rate(source: Source) -> Iterator[Fault]:
    for _, rate in rates(source, *ADAPTIVE):
        yield source.swap(rate, "0.05")


@injects("useless-learning-rate")
def useless_learning_rate(source: Source) -> Iterator[Fault]:
    """Below zero only with a loss of Keras's: one of the program's own may be there to be maximized."""
    for optimizer, rate in rates(source):
        losses = [head.loss for head in source.heads if head.training in optimizer.trainings]
        yield source.swap(rate, "0.0")
        if losses and all(loss is not None and isinstance(loss.name, str) for loss in losses):
            yield source.swap(rate, "-1e-3")


@injects("tiny-learning-rate")
def tiny_learning_rate(source: Source) -> Iterator[Fault]:
    """Of optimizers that step by the rate: a step of SGD may be as large as the data make its gradient."""
    for _, rate in rates(source, *ADAPTIVE):
        yield source.swap(rate, "1e-9")


@injects("invalid-hyperparameter")
def never_forgets(source: Source) -> Iterator[Fault]:
    for optimizer, call in trained(source):
        name = "beta_1" if optimizer.is_a("Adam", "AdamW", "Nadam", "Adamax") else "momentum"
        given = keyword(call, name)
        if optimizer.is_a("SGD", "Adam", "AdamW", "Nadam", "Adamax") and given is not None:
            yield source.swap(given.value, "1.5")
        elif optimizer.is_a("SGD", "Adam", "AdamW", "Nadam", "Adamax"):
            yield source.with_argument(call, f"{name}=1.5")


@injects("removed-argument")
def old_name_of_the_rate(source: Source) -> Iterator[Fault]:
    for _, call in trained(source):
        given = keyword(call, "learning_rate")
        if given is not None:
            yield source.swap(given, f"lr={source.said(given.value)}")


@injects("removed-argument")
def old_decay(source: Source) -> Iterator[Fault]:
    for _, call in trained(source, "Adam", "SGD", "RMSprop"):
        yield source.with_argument(call, "decay=1e-6")


@injects("optimizer-class-not-instance")
def class_not_instance(source: Source) -> Iterator[Fault]:
    for _, call in trained(source):
        if last_name(call.func) in ("Adam", "AdamW", "SGD", "RMSprop", "Nadam", "Adagrad"):
            yield source.swap(call, source.said(call.func), anywhere=True)


@injects("schedule-conflict")
def callback_beside_a_schedule(source: Source) -> Iterator[Fault]:
    for fit in source.program.fits:
        scheduled = [
            optimizer
            for optimizer in Optimizer.of(source.program)
            if optimizer.schedule is not None and any(training.model is fit.model for training in optimizer.trainings)
        ]
        call = source.call_at(fit.span)
        if scheduled and call is not None and fit.trains and source.keras and keyword(call, "callbacks") is None:
            callback = f'{source.keras}.callbacks.ReduceLROnPlateau(monitor="loss")'
            yield source.with_argument(call, f"callbacks=[{callback}]", anywhere=True)


@injects("optimizer-lr-attribute")
def lr_attribute(source: Source) -> Iterator[Fault]:
    for call in source.calls("fit"):
        model = call.func.value if isinstance(call.func, ast.Attribute) else None
        compiled = any(last_name(other.func) == "compile" for other in source.calls("compile"))
        if isinstance(model, ast.Name) and compiled and source.span(call) in {fit.span for fit in source.program.fits}:
            yield source.before(source.statement(call), f"{model.id}.optimizer.lr = 1e-4")


@injects("optimizer-reused")
def one_optimizer_for_two(source: Source) -> Iterator[Fault]:
    """In a loop of one's own, where two optimizers of the program each apply the gradients of one network."""
    applied = [
        call.func.value for call in source.calls("apply_gradients", "apply") if isinstance(call.func, ast.Attribute)
    ]
    names = sorted({source.said(owner) for owner in applied})
    if len(names) == 2:
        for owner in applied:
            if source.said(owner) == names[1]:
                yield source.swap(owner, names[0], anywhere=True)


@injects("schedule-not-callable")
def schedule_not_callable(source: Source) -> Iterator[Fault]:
    for call in source.calls("LearningRateScheduler"):
        if call.args:
            yield source.swap(call.args[0], "0.1")
