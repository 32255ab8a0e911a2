"""A loss of one's own is larger the better the predictions are.

## What it does
Reports a loss that is a function of the program and returns a measure of likeness as it is: the Dice or Jaccard
coefficient (an overlap of labels and predictions over their sums), a log likelihood without its minus, or a squared or
absolute error, or a loss of Keras, with one. In a training loop of one's own it reports the divergence of a variational
autoencoder with the wrong sign: `0.5 * (1 + log_var - mean² - exp(log_var))`.

## Why training fails
Training makes the loss as small as it can, and a small overlap is the worst. The loss falls to zero, and the network
learns to avoid what it shall find: in segmentation every mask is empty. A negative error and a negative divergence fall
without end: the loss is negative and grows until it is not finite. Observed on Keras 3.15.

## Example
```python
def dice(y_true, y_pred):
    overlap = ops.sum(y_true * y_pred)
    return (2.0 * overlap + 1.0) / (ops.sum(y_true) + ops.sum(y_pred) + 1.0)

model.compile("adam", loss=dice)
```

## Use instead
```python
def dice_loss(y_true, y_pred):
    return 1.0 - dice(y_true, y_pred)

model.compile("adam", loss=dice_loss, metrics=[dice])
```

## What it cannot see
Losses of other files, and other measures. It is silent where labels and predictions meet in more than one way of which
one is the right way round, and on plain products, which are a loss in themselves where the labels are -1 and 1.

## References
- <https://keras.io/api/losses/regression_losses/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.graph import Call, Op, OwnFunction, OwnStep, Program, Tensor, calls_behind
from keraslint.graph.views import DIFFERENCES, PRODUCTS, QUOTIENTS, Term, comes_from, operands, terms_of
from keraslint.rules.framework import Finding, Symptom, found, rule

KEEPS = frozenset(
    (
        *("abs", "absolute", "add", "cast", "clip", "convert_to_tensor", "expand_dims", "flatten", "identity", "log"),
        *("log1p", "mean", "pos", "reduce_mean", "reduce_sum", "reshape", "sqrt", "squeeze", "sum"),
    )
)
"""What is larger where that is larger of which it is made."""
LOGS = frozenset(("log", "log1p"))


DISTANCES = frozenset(("abs", "absolute", "square", "squared_difference"))
"""What is larger the farther two things are apart, as far as it is asked of their difference."""


@rule("W7906", symptom=(Symptom.DIVERGES, Symptom.NAN, Symptom.PLATEAU, Symptom.SLOWER))
def keras_loss_sign(program: Program) -> Iterator[Finding]:
    for own in program.own_functions:
        if own.role == "loss" and own.result is not None:
            yield from _of_likeness(own, own.result)
            yield from _of_distance(own, own.result)
    for step in program.own_steps:
        yield from _of_divergence(step)


def _of_distance(own: OwnFunction, result: Tensor) -> Iterator[Finding]:
    """A loss that is smaller the larger the error is, and by nothing else of the predictions."""
    terms = [term for term in terms_of(result) if comes_from(term.tensor, own.y_pred)]
    if terms and all(term.sign < 0 and _is_distance(term, own) for term in terms):
        yield found(
            own.span,
            f"`{own.name}` returns the negative of an error, and training makes it small: the error grows without end; "
            "return it without the minus",
            own.confidence,
            about=own,
        )


def _is_distance(term: Term, own: OwnFunction) -> bool:
    made = term.tensor.producer
    if made is None or not isinstance(made.layer, Op) or not _has_both(term.tensor, own):
        return False
    name = made.layer.class_name
    return term.kind in DISTANCES or (name.startswith("keras.losses.") and "cosine" not in name.lower())


def _of_divergence(step: OwnStep) -> Iterator[Finding]:
    """``+ log_var`` and ``- exp(log_var)``, which in the divergence of a variational autoencoder stand the other way
    round."""
    terms = terms_of(step.loss)
    added = [term.tensor for term in terms if term.sign > 0]
    for term in terms:
        made = term.tensor.producer
        if term.sign > 0 or term.kind != "exp" or made is None or made.inputs[0] not in added:
            continue
        if not step.assumed and any(step.trains(call.layer) for call in calls_behind(made.inputs[0])):
            yield found(
                made.span,
                "the divergence stands in the loss with the wrong sign: `-exp(…)` falls without end as the encoder's "
                "output grows, and the loss with it; give it a minus: `-0.5 * (1 + log_var - mean**2 - exp(log_var))`",
                step.confidence,
                about=step,
            )


def _of_likeness(own: OwnFunction, result: Tensor) -> Iterator[Finding]:
    signs = set(_overlaps(result, own, rising=True, depth=0))
    if signs != {(True, "overlap")} and signs != {(True, "likelihood")}:
        return
    ((_, kind),) = signs
    what = "an overlap of labels and predictions" if kind == "overlap" else "a log likelihood"
    yield found(
        own.span,
        f"`{own.name}` returns {what}, which is larger the better the predictions are, and training makes it small: "
        f"the network learns the opposite; return {'`1 - …`' if kind == 'overlap' else '`-…`'}",
        own.confidence,
        about=own,
    )


DEEPEST = 40
Overlap = tuple[bool, str]


def _overlaps(tensor: Tensor, own: OwnFunction, *, rising: bool, depth: int, over: bool = False) -> Iterator[Overlap]:
    """Where labels and predictions meet, and whether the result is larger where they do more; ``over`` says that what
    is looked at is divided by sums of the predictions."""
    call = tensor.producer
    if call is None or not _has_both(tensor, own):
        return
    layer = call.layer
    if not isinstance(layer, Op) or layer.in_file or depth > DEEPEST:
        yield rising, "unknown"
        return
    told = {"own": own, "depth": depth + 1, "over": over}
    if layer.kind in KEEPS or layer.kind == "neg":
        for one in call.inputs:
            yield from _overlaps(one, rising=rising is not (layer.kind == "neg"), **told)  # type: ignore[arg-type]
    elif layer.kind in PRODUCTS:
        yield from _of_product(call, own, rising, depth, over)
    elif layer.kind in DIFFERENCES:
        yield from _of_difference(call, own, rising, depth, over)
    elif layer.kind in QUOTIENTS and len(call.inputs) == 2:
        above, below = call.inputs
        summed = comes_from(below, own.y_pred)
        yield from _overlaps(above, own, rising=rising, depth=depth + 1, over=summed)
        # The overlap that a union leaves out makes the quotient larger, too.
        yield from _overlaps(below, own, rising=not rising, depth=depth + 1, over=summed)
    else:
        yield rising, "unknown"


def _of_product(call: Call, own: OwnFunction, rising: bool, depth: int, over: bool) -> Iterator[Overlap]:
    assert isinstance(call.layer, Op)
    numbers = [given.value.value for given in call.layer.arguments if isinstance(given.value.value, int | float)]
    if len(call.inputs) == 1:
        if len(numbers) == 1 and numbers[0] != 0:
            straight = numbers[0] > 0
            yield from _overlaps(call.inputs[0], own, rising=rising is straight, depth=depth + 1, over=over)
        else:
            yield rising, "unknown"
        return
    one, other = call.inputs[0], call.inputs[-1]
    if _has_both(one, own) or _has_both(other, own):
        yield rising, "unknown"
        return
    labels, predictions = (one, other) if comes_from(one, own.y_true) else (other, one)
    is_log = _is_log(predictions)
    of_labels = _same_way(labels, own.y_true)
    of_predictions = _same_way(_inside_log(predictions), own.y_pred)
    if of_labels is None or of_predictions is None:
        yield rising, "unknown"
    else:
        yield rising is (of_labels is of_predictions), "likelihood" if is_log else "overlap" if over else "product"


def _of_difference(call: Call, own: OwnFunction, rising: bool, depth: int, over: bool) -> Iterator[Overlap]:
    """``a - b``, also with a number on one side."""
    assert isinstance(call.layer, Op)
    for place, value in enumerate(operands(call.layer)):
        if isinstance(value, Tensor):
            if place == 0 and _is_direct_error(call, own):
                yield rising, "error"
                return
            yield from _overlaps(value, own, rising=rising is (place == 0), depth=depth + 1, over=over)


def _is_direct_error(call: Call, own: OwnFunction) -> bool:
    """Whether it is how far predictions are off."""
    one, other = call.inputs[0], call.inputs[-1]
    return len(call.inputs) == 2 and not _has_both(one, own) and not _has_both(other, own)


def _has_both(tensor: Tensor, own: OwnFunction) -> bool:
    return comes_from(tensor, own.y_true) and comes_from(tensor, own.y_pred)


SAME = frozenset(("abs", "cast", "clip", "clip_by_value", "convert_to_tensor", "flatten", "reshape", "squeeze"))
"""What leaves labels and probabilities what they are, in the order of their size."""


def _same_way(tensor: Tensor, source: Tensor) -> bool | None:
    """Whether it is labels or predictions as they are, perhaps in another shape (True), or what they lack of a number
    (False); None where it is something else."""
    straight = True
    while tensor is not source:
        call = tensor.producer
        if call is None or not isinstance(call.layer, Op) or len(call.inputs) != 1:
            return None
        if call.layer.kind in DIFFERENCES:
            from_number = not isinstance(operands(call.layer)[0], Tensor)
            straight = straight is not from_number
        elif call.layer.kind not in SAME and call.layer.kind != "add":
            return None
        tensor = call.inputs[0]
    return straight


def _is_log(tensor: Tensor) -> bool:
    return tensor.producer is not None and tensor.producer.layer.kind in LOGS


def _inside_log(tensor: Tensor) -> Tensor:
    return tensor.producer.inputs[0] if tensor.producer is not None and _is_log(tensor) else tensor
