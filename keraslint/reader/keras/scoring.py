"""How scores come about: files that are shuffled before they are predicted, models that are kept over folds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from astroid import nodes

from keraslint.graph import Fit, Model, Observation, Span
from keraslint.graph.training import PREDICTING
from keraslint.reader.libraries.tensorflow.data import Pipelines
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import nodes_in, span_of

FOLDS = ("Fold", "LeaveOneOut", "LeavePOut", "LeaveOneGroupOut", "LeavePGroupsOut")
"""How the names of scikit-learn's splitters end whose parts are each trained on in other turns."""
_FOLD = re.compile(r"(?<![a-z])k?folds?(?![a-z])", re.IGNORECASE)
"""``fold``, ``n_folds``, ``kfold``; not a folder."""
SCORES = frozenset(("evaluate", "evaluate_generator", "predict", "predict_classes", "predict_proba", "score"))
RENEWS = frozenset(("clone_model", "load_model", "load_weights", "model_from_json", "set_weights"))
"""With these a model may begin anew in each turn."""


def listed_files(machine: Machine, module: nodes.Module, fits: Iterable[Fit]) -> Iterator[Observation]:
    """Loaders that shuffle, are asked for their files or classes in order, and are predicted."""
    pipelines = machine.memory(Pipelines)
    if not pipelines.listed or any(set_.attrname == "shuffle" for set_ in nodes_in(module, nodes.AssignAttr)):
        return
    for fit in fits:
        data = fit.dataset
        if data not in pipelines.listed or data not in pipelines.loaders:
            continue
        if fit.method in PREDICTING and not fit.assumed:
            asked, loader = pipelines.listed[data], span_of(pipelines.loaders[data])
            yield Observation("files-listed", loader, fit, asked.attrname, confidence=fit.confidence)


def kept_over_folds(module: nodes.Module, fits: Iterable[Fit]) -> Iterator[Observation]:
    """Models that are fitted and judged in each fold of a cross-validation and were made before it, or whose layers
    were."""
    loops = [loop for loop in nodes_in(module, nodes.For) if _goes_over_folds(loop)]
    if not loops:
        return
    by_place = {fit.span: fit for fit in fits if fit.trains and not fit.assumed}
    for loop in loops:
        calls = [call for call in nodes_in(loop, nodes.Call) if isinstance(call.func, nodes.Attribute)]
        names = {call.func.attrname for call in calls} | {name.name for name in nodes_in(loop, nodes.Name)}
        if not SCORES & names or RENEWS & names:
            continue
        for call in calls:
            fit = by_place.get(span_of(call))
            if fit is None or not isinstance(call.func.expr, nodes.Name):
                continue
            name = call.func.expr.name
            bound = _bound_in(loop, name)
            if bound is None and _is_given_away(loop, name):
                continue
            if bound is None:
                yield Observation("model-kept", fit.span, fit, "model", confidence=fit.confidence)
            elif _layers_are_older(fit.model, span_of(loop), loop):
                yield Observation("model-kept", span_of(bound), fit, "layers", confidence=fit.confidence)


def _goes_over_folds(loop: nodes.For) -> bool:
    """``for train, test in KFold(5).split(x):``, also by way of `enumerate` or `zip`, and of a variable; or a loop that
    goes over what is called folds, or takes ``folds[k]`` in turn ``k``."""
    targets = nodes_in(loop.target, nodes.AssignName)
    turns = {target.name for target in targets}
    taken = [part.value for part in nodes_in(loop, nodes.Subscript) if getattr(part.slice, "name", "") in turns]
    names = (*targets, *nodes_in(loop.iter, nodes.Name), *taken)
    return any(_FOLD.search(getattr(name, "name", "")) for name in names) or any(
        isinstance(call.func, nodes.Attribute)
        and call.func.attrname == "split"
        and any(name.endswith(FOLDS) for name in _made_by(call.func.expr))
        for call in nodes_in(loop.iter, nodes.Call)
    )


def _made_by(owner: nodes.NodeNG) -> Iterator[str]:
    """The names of what is called to make a value: here and now, or where its variable is set."""
    if isinstance(owner, nodes.Call):
        yield str(getattr(owner.func, "attrname", None) or getattr(owner.func, "name", ""))
    elif isinstance(owner, nodes.Name):
        for bound in nodes_in(owner.root(), nodes.AssignName):
            value = bound.parent.value if isinstance(bound.parent, nodes.Assign) else None
            if bound.name == owner.name and isinstance(value, nodes.Call):
                yield from _made_by(value)


def _bound_in(loop: nodes.For, name: str) -> nodes.NodeNG | None:
    """Where a loop sets a variable."""
    return next((bound for bound in nodes_in(loop, nodes.AssignName) if bound.name == name), None)


def _is_given_away(loop: nodes.For, name: str) -> bool:
    """Whether a function gets the model, which may set its weights anew."""
    given = (argument for call in nodes_in(loop, nodes.Call) for argument in call.args)
    return any(isinstance(argument, nodes.Name) and argument.name == name for argument in given)


def _layers_are_older(model: Model, body: Span, loop: nodes.For) -> bool:
    """Whether the layers of a model that is made in a turn stand in the same scope before the loop."""
    scope = span_of(loop.scope()) if not isinstance(loop.scope(), nodes.Module) else None
    inside = [span_of(part) for part in nodes_in(loop.root(), nodes.FunctionDef, nodes.ClassDef)]
    return bool(model.layers) and all(
        not layer.span.file
        and layer.span.line < body.line
        and (scope is None or scope.holds(layer.span))
        and not any(part.holds(layer.span) and not part.holds(body) for part in inside)
        for layer in model.layers
    )
