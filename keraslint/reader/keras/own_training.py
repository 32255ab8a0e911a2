"""Model subclasses with a `train_step` or `compute_loss` of their own: whether the loss given to compile counts."""

from __future__ import annotations

from collections.abc import Iterator

from astroid import nodes

from keraslint.reader.machine.places import nodes_in
from keraslint.reader.machine.values import ClassValue, FunctionValue

STEPS = ("train_step", "compute_loss")
"""What `fit` calls in each step, and what that calls for the loss where the class does not say otherwise."""

LOSS = frozenset({*STEPS, "_compile_loss", "compiled_loss", "loss"})
"""Attributes that Keras itself gives a model, by which a step comes to the loss that `compile` was given."""


def has_own_step(cls: ClassValue) -> bool:
    """Whether the class, or a base of it in the file, says for itself what a step does or what is logged of it."""
    return any(cls.lookup(name) is not None for name in (*STEPS, "compute_metrics", "fit", "metrics", "test_step"))


def ignores_compiled_loss(cls: ClassValue) -> bool:
    """Whether the step that `fit` runs is the class's own, and nothing in it asks for the loss given to `compile`.

    A step that hands the model to a function, as ``step(self, data)``, may ask for it there.
    """
    step = _method(cls, STEPS[0]) or _method(cls, STEPS[1])
    if step is None:
        return False
    waiting, seen = [step], {step.node}
    while waiting:
        method = waiting.pop()
        if _gives_model_away(method.node):
            return False
        for name, of_base in _asked_of_model(method.node):
            helper = _method(cls, name, method.owner if of_base else None)
            if helper is None and name in LOSS:
                return False
            if helper is not None and helper.node not in seen:
                seen.add(helper.node)
                waiting.append(helper)
    return True


def _method(cls: ClassValue, name: str, after: ClassValue | None = None) -> FunctionValue | None:
    found = cls.lookup(name, after)
    return found[0] if found is not None and isinstance(found[0], FunctionValue) else None


def _asked_of_model(method: nodes.NodeNG) -> Iterator[tuple[str, bool]]:
    """The attributes that a method asks of the model, and whether by way of `super`."""
    for attribute in nodes_in(method, nodes.Attribute):
        if _is_super(attribute.expr):
            yield attribute.attrname, True
        elif isinstance(attribute.expr, nodes.Name) and attribute.expr.name == _receiver(method):
            yield attribute.attrname, False


def _gives_model_away(method: nodes.NodeNG) -> bool:
    receiver = _receiver(method)
    return any(
        isinstance(given, nodes.Name) and given.name == receiver and not _is_super(call)
        for call in nodes_in(method, nodes.Call)
        for given in (*call.args, *(keyword.value for keyword in call.keywords))
    )


def _receiver(method: nodes.NodeNG) -> str | None:
    first = next(iter(method.args.posonlyargs + (method.args.args or [])), None)
    return str(first.name) if first is not None else None


def _is_super(node: nodes.NodeNG) -> bool:
    return isinstance(node, nodes.Call) and isinstance(node.func, nodes.Name) and node.func.name == "super"
