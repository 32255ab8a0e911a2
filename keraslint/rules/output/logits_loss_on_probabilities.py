"""A loss with `from_logits=True` gets probabilities, and squashes them a second time.

## What it does
Reports a crossentropy with `from_logits=True` on a head that ends in sigmoid or softmax.

## Why training fails
The loss applies its own softmax to values between 0 and 1, so even a perfect prediction of three classes
looks like `softmax([1, 0, 0])`, which is 58 %: the loss cannot fall below 0.55 and its gradients are small.
Observed on Keras 3.15, three classes, the same data and steps: 0.62 after training, 0.12 without
`from_logits`.

Keras 3 on TensorFlow repairs the plain case: it warns (`received from_logits=True, but the output argument
was produced by a Softmax activation`) and goes back to the logits. It does so only while nothing stands
between the activation and the loss; a Reshape, Flatten or slice is enough to lose them, and so is the JAX
or PyTorch backend.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")])
model.compile(loss=keras.losses.CategoricalCrossentropy(from_logits=True))
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")])
model.compile(loss=keras.losses.CategoricalCrossentropy())
```
Or keep `from_logits=True`, which is more exact, and give the head no activation.

## What it cannot see
`from_logits` through a value that is unknown; a loss of the file's own; a custom activation.

## References
- <https://keras.io/api/losses/probabilistic_losses/>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix, replace
from keraslint.graph.views import Head
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import CATEGORICAL, CROSSENTROPIES, PROBABILITIES, SPARSE
from keraslint.rules.remedies import fix, set_activation


@rule("W7804", symptom=(Symptom.SLOWER, Symptom.NONE))
def keras_logits_loss_on_probabilities(head: Head) -> Iterator[Finding]:
    loss, activation = head.loss, head.activation
    if loss and loss.is_a(*CROSSENTROPIES) and loss.takes_logits and activation and head.activation_is(*PROBABILITIES):
        yield found(
            loss.from_logits,
            f"`from_logits=True` on a head that ends in `{activation.name.value}`: the loss squashes "
            "probabilities a second time and stays high; drop `from_logits` or the activation",
            activation.name,
            head.confidence,
            fix=_remedy(head),
        )


def _remedy(head: Head) -> Fix | None:
    """Probabilities for the loss; no activation where that is a sigmoid and the loss asks for a softmax."""
    if head.activation_is("sigmoid") and head.loss_is(*CATEGORICAL, *SPARSE):
        return fix("put out logits", set_activation(head.activation, "linear"))
    return Fix("expect probabilities", (replace(head.loss.from_logits.span, "False"),)) if head.loss else None
