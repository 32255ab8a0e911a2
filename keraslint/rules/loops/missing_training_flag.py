"""A training loop of one's own calls a network with Dropout or BatchNormalization without `training=True`.

## What it does
Reports `model(x)` under a `tf.GradientTape`, in a loop or a `train_step`, where the weights of the model are trained,
it holds layers that do something else in training, and the call does not say which of the two it is.

## Why training fails
Only `fit` with Keras's own `train_step` tells a network that it is trained. Any other call is taken for inference:
Dropout drops nothing, and BatchNormalization goes by its moving averages, which begin at 0 and 1 and are not updated,
so that nothing is normalized. Keras says nothing. Observed on Keras 3.15: in such a loop a Dropout gives what it is
given, and the moving averages of a BatchNormalization stay at 0 and 1.

## Example
```python
with tf.GradientTape() as tape:
    predictions = model(x)
    loss = loss_fn(y, predictions)
```

## Use instead
```python
with tf.GradientTape() as tape:
    predictions = model(x, training=True)
    loss = loss_fn(y, predictions)
```
The fix adds the argument.

## What it cannot see
Networks that are not in sight, and layers of one's own that behave in two ways. It is silent on networks whose weights
the tape is not asked for, such as the critic in the generator's step; where `call` gives the layers a `training` of its
own; and on layers that do nothing (`Dropout(0)`), or that are frozen.

## References
- <https://keras.io/guides/writing_a_custom_training_loop_in_tensorflow/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, add_argument
from keraslint.graph import Call, Confidence, Layer, Model, OwnStep
from keraslint.graph.views import calls_in, unwrapped
from keraslint.rules.framework import Finding, Symptom, found, rule

DROPS = frozenset(
    (
        *("AlphaDropout", "Dropout", "GaussianDropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"),
        "GaussianNoise",
    )
)
NORMALIZES = "BatchNormalization"


@rule("W7901", symptom=Symptom.NONE)
def keras_missing_training_flag(step: OwnStep) -> Iterator[Finding]:
    for call in step.calls:
        model = call.layer
        if not isinstance(model, Model) or not step.trains(model) or _says(call):
            continue
        idle = _idle(model)
        if idle is None:
            continue
        effect = (
            f"`{idle.kind}` goes by moving averages that are never updated, and normalizes nothing"
            if idle.kind == NORMALIZES
            else f"`{idle.kind}` does nothing"
        )
        yield found(
            call.span,
            f"outside of `fit` a model is called as for inference, so {effect}; say `training=True`",
            call.confidence,
            step.confidence,
            Confidence.INFERENCE if step.assumed else step.confidence,
            fix=Fix("say that it is trained", (add_argument(call.span, "training=True"),)),
            about=step,
        )


def _says(call: Call) -> bool:
    """Whether a call says, or may say, whether it is for training."""
    names = [given.name for given in call.arguments]
    return "training" in names or len(call.arguments) > 1 or not call.arguments


def _idle(model: Model) -> Layer | None:
    """A layer that would do something else in training, and goes by what the call of the model says."""
    if model.unknowns or not model.outputs:
        return None
    for call in calls_in(model):
        layer = unwrapped(call.layer)
        if isinstance(layer, Layer) and _is_active(layer) and _follows(call):
            return layer
    return None


def _is_active(layer: Layer) -> bool:
    if layer.in_file or layer.trainable is not True:
        return False
    if layer.kind == NORMALIZES:
        return True
    amount = layer.argument("stddev" if layer.kind == "GaussianNoise" else "rate").value
    return layer.kind in DROPS and isinstance(amount, int | float) and amount > 0


def _follows(call: Call) -> bool:
    """Whether a call inside leaves it to the outer one, by saying nothing or by handing on that nothing was said."""
    told = call.argument("training")
    return told is None or told.is_a(type(None))
