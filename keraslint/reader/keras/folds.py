"""Cross-validations: models that are kept over the folds, so that each is tested on what it was trained on before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from astroid import nodes

from keraslint.graph import Fit, Model, Observation, Span
from keraslint.reader.machine.places import nodes_in, span_of, text_of

FOLDS = ("Fold", "LeaveOneOut", "LeavePOut", "LeaveOneGroupOut", "LeavePGroupsOut")
"""How the names of scikit-learn's splitters end whose parts are each trained on in other turns."""
_FOLD = re.compile(r"(?<![a-z])(?<!per_)k?folds?(?![a-z])", re.IGNORECASE)
"""``fold``, ``n_folds``, ``kfold``; neither a folder nor what there is of for each of them."""
SCORES = frozenset(("evaluate", "evaluate_generator", "predict", "predict_classes", "predict_proba", "score"))
RENEWS = frozenset(
    (
        "assign",
        "clone_model",
        "deepcopy",
        "from_config",
        "load_model",
        "load_weights",
        "model_from_json",
        "restore",
        "set_value",
        "set_weights",
    )
)
"""With these a model may begin anew in each turn."""
_LEAVES_OUT = frozenset(("delete", "drop", "setdiff1d"))


def kept_over_folds(module: nodes.Module, fits: Iterable[Fit]) -> Iterator[Observation]:
    """Models that are fitted and judged in each fold of a cross-validation and were made before it, or whose layers
    were."""
    by_place = {fit.span: fit for fit in fits if fit.trains and not fit.assumed}
    loops = nodes_in(module, nodes.For) if by_place and _may_have_folds(module) else []
    for loop in loops:
        if not _goes_over_folds(loop) or _is_cut_short(loop):
            continue
        for call in _methods_called(loop):
            fit = by_place.get(span_of(call))
            if fit is None or not _is_judged(call, loop) or _is_conditional(call, loop):
                continue
            name = text_of(call.func.expr)
            bound = _bound_in(loop, name)
            if _may_begin_anew(loop, name):
                continue
            if bound is None:
                if not _is_given_away(loop, name):
                    yield Observation("model-kept", fit.span, fit, "model", confidence=fit.confidence)
            elif _layers_are_older(fit.model, span_of(loop), loop):
                yield Observation("model-kept", span_of(bound), fit, "layers", confidence=fit.confidence)


def _may_have_folds(module: nodes.Module) -> bool:
    """Whether a file splits anything, or speaks of folds."""
    names = (*nodes_in(module, nodes.Name), *nodes_in(module, nodes.AssignName))
    return any(part.attrname == "split" for part in nodes_in(module, nodes.Attribute)) or any(
        _FOLD.search(name.name) for name in names
    )


# Which loops go over folds -----------------------------------------------------------------------------------


def _goes_over_folds(loop: nodes.For) -> bool:
    """``for train, test in KFold(5).split(x):``, also by way of `enumerate` or `zip`, and of a variable; or a loop that
    goes over what is called folds, or takes parts of ``folds``, and trains on all but one."""
    if nodes_in(loop.iter, nodes.Slice) or "islice" in text_of(loop.iter):
        return False  # perhaps no more than the first
    splits = [call for call in _calls_behind(loop.iter) if getattr(call.func, "attrname", "") == "split"]
    if splits:
        return any(_is_of_folds(call.func.expr) for call in splits)
    return _speaks_of_folds(loop) and _leaves_one_out(loop)


def _calls_behind(given: nodes.NodeNG) -> Iterator[nodes.Call]:
    """The calls in an expression, and in what its variables are set to."""
    yield from nodes_in(given, nodes.Call)
    for name in nodes_in(given, nodes.Name):
        for value in _values_of(name):
            yield from nodes_in(value, nodes.Call)


def _values_of(name: nodes.Name) -> Iterator[nodes.NodeNG]:
    for bound in nodes_in(name.root(), nodes.AssignName):
        if bound.name == name.name and isinstance(bound.parent, nodes.Assign):
            yield bound.parent.value


def _is_of_folds(splitter: nodes.NodeNG) -> bool:
    """By what makes it, here or where its variable is set; else by its name."""
    values = [splitter] if isinstance(splitter, nodes.Call) else []
    if isinstance(splitter, nodes.Name):
        values += [value for value in _values_of(splitter) if isinstance(value, nodes.Call)]
    makers = [text_of(value.func) for value in values]
    return any(maker.endswith(FOLDS) for maker in makers) or (
        not makers and _FOLD.search(text_of(splitter)) is not None
    )


def _speaks_of_folds(loop: nodes.For) -> bool:
    taken = [name for part in nodes_in(loop, nodes.Subscript) for name in nodes_in(part.value, nodes.Name)]
    names = (*nodes_in(loop.target, nodes.AssignName), *nodes_in(loop.iter, nodes.Name), *taken)
    return any(_FOLD.search(name.name) for name in names)


def _leaves_one_out(loop: nodes.For) -> bool:
    """``folds != k``, ``~mask``, `np.delete`, or what is before the part beside what is behind it."""
    turns = _differing(loop)
    different = [part for part in nodes_in(loop, nodes.Compare) if any(operator == "!=" for operator, _ in part.ops)]
    inverted = [part for part in nodes_in(loop, nodes.UnaryOp) if part.op == "~"]
    dropped = [call for call in _methods_called(loop) if call.func.attrname in _LEAVES_OUT]
    if any(_mentions(part, turns) for part in (*different, *inverted, *dropped)):
        return True
    slices = nodes_in(loop, nodes.Slice)
    before = [part for part in slices if part.lower is None and part.upper is not None and _mentions(part, turns)]
    behind = [part for part in slices if part.upper is None and part.lower is not None and _mentions(part, turns)]
    return bool(before and behind)


def _differing(loop: nodes.For) -> frozenset[str]:
    """The names of what is another one in each turn."""
    turns = {target.name for target in nodes_in(loop.target, nodes.AssignName)}
    for made in nodes_in(loop, nodes.Assign, nodes.For):
        value, targets = (made.iter, [made.target]) if isinstance(made, nodes.For) else (made.value, made.targets)
        if _mentions(value, turns):
            turns |= {name.name for target in targets for name in nodes_in(target, nodes.AssignName)}
    return frozenset(turns)


def _mentions(part: nodes.NodeNG, names: frozenset[str] | set[str]) -> bool:
    return any(name.name in names for name in nodes_in(part, nodes.Name))


def _is_cut_short(loop: nodes.For) -> bool:
    """Whether some turns may be left out, so that perhaps one alone trains."""
    for part in nodes_in(loop, nodes.Break, nodes.Continue, nodes.Return):
        around = part.parent
        while not isinstance(around, nodes.For | nodes.While | nodes.FunctionDef):
            around = around.parent
        if around is loop or (isinstance(part, nodes.Return) and part.scope() is loop.scope()):
            return True
    return False


def _is_conditional(call: nodes.Call, loop: nodes.For) -> bool:
    around = call.parent
    while around is not loop:
        if isinstance(around, nodes.If):
            return True
        around = around.parent
    return False


# What becomes of the model in each turn ----------------------------------------------------------------------


def _methods_called(loop: nodes.For) -> list[nodes.Call]:
    return [call for call in nodes_in(loop, nodes.Call) if isinstance(call.func, nodes.Attribute)]


def _is_judged(fit: nodes.Call, loop: nodes.For) -> bool:
    """Whether the model, which is a variable, is judged on data of the turn that are not those of the fit."""
    turns, model, trained = _differing(loop), fit.func.expr, {text_of(given) for given in fit.args}
    return any(
        call.func.attrname in SCORES
        and isinstance(model, nodes.Name)
        and text_of(call.func.expr) == model.name
        and _mentions(call, turns)
        and not any(text_of(given) in trained for given in call.args)
        for call in _methods_called(loop)
    )


def _bound_in(loop: nodes.For, name: str) -> nodes.NodeNG | None:
    """Where a loop sets a variable."""
    return next((bound for bound in nodes_in(loop, nodes.AssignName) if bound.name == name), None)


def _may_begin_anew(loop: nodes.For, name: str) -> bool:
    """Whether the loop sets weights or copies a model, or names a function or class of the file that does, or that
    makes the model anew."""
    waiting: list[nodes.NodeNG] = [loop]
    seen: set[nodes.NodeNG] = {loop}
    made = nodes_in(loop.root(), nodes.FunctionDef, nodes.ClassDef)
    while waiting:
        part = waiting.pop()
        named = {named.attrname for named in nodes_in(part, nodes.Attribute)}
        named |= {named.name for named in nodes_in(part, nodes.Name)}
        if named & RENEWS or any(name in known.names for known in nodes_in(part, nodes.Global, nodes.Nonlocal)):
            return True
        called = [function for function in made if function.name in named and function not in seen]
        waiting += called
        seen |= set(called)
    return False


def _is_given_away(loop: nodes.For, name: str) -> bool:
    """Whether a function gets the model, which may set its weights anew."""
    for call in nodes_in(loop, nodes.Call):
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        if any(isinstance(argument, nodes.Name) and argument.name == name for argument in given):
            return True
    return False


def _layers_are_older(model: Model, body: Span, loop: nodes.For) -> bool:
    """Whether the layers of a model that is made in a turn stand in the same scope before the loop, once for all
    turns."""
    scope = span_of(loop.scope()) if not isinstance(loop.scope(), nodes.Module) else None
    functions = (nodes.FunctionDef, nodes.ClassDef, nodes.Lambda)
    loops = (nodes.For, nodes.While, nodes.ListComp, nodes.DictComp, nodes.GeneratorExp)
    apart = [span for part in nodes_in(loop.root(), *functions) if not (span := span_of(part)).holds(body)]
    again = [span for part in nodes_in(loop.root(), *loops) if not (span := span_of(part)).holds(body)]
    if not (body.holds(model.span) or any(part.holds(model.span) for part in apart)):
        return False  # one of several that were made before
    return bool(model.layers) and all(
        not layer.span.file
        and layer.span.line < body.line
        and (scope is None or scope.holds(layer.span))
        and not any(part.holds(layer.span) for part in (*apart, *again))
        for layer in model.layers
    )
