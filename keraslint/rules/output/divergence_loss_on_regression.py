"""KL divergence compares distributions, and the head puts out none.

## What it does
Reports `kl_divergence` on a head without activation, or with one whose values are no probabilities, such as relu or
tanh.

## Why training fails
Keras clips labels and outputs to 1e-7 … 1 and takes the logarithm of their quotient. Outputs below 0 or above
1 get no gradient, and nothing asks the outputs of a sample to sum to 1: the loss becomes 0 or negative as
soon as they are large, whatever the labels are. Observed on Keras 3.15, three classes, the same data and
steps: without activation, with relu and with tanh the squared error of the predictions is more than three
times that of a softmax.

## Example
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(3)])
model.compile(loss="kl_divergence")
```

## Use instead
```python
model = keras.Sequential([keras.Input((8,)), layers.Dense(3, activation="softmax")])
model.compile(loss="kl_divergence")
```
For real-valued targets use `mse` or `mae`.

## What it cannot see
A custom activation, and a sigmoid head, where each unit may be meant as a probability of its own.

## References
- <https://keras.io/api/losses/probabilistic_losses/#kldivergence-class>
"""

from __future__ import annotations

from collections.abc import Iterator

from keraslint.edits import Fix
from keraslint.graph.views import Head
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.losses import NO_PROBABILITIES
from keraslint.rules.remedies import fix, set_activation, set_loss


@rule("W7814", symptom=(Symptom.PLATEAU, Symptom.NAN))
def keras_divergence_loss_on_regression(head: Head) -> Iterator[Finding]:
    loss, activation = head.loss, head.activation
    if loss and activation and loss.is_a("KLDivergence") and head.activation_is(*NO_PROBABILITIES):
        shown = "no activation" if head.activation_is("linear") else f"`{activation.name.value}`"
        yield found(
            loss.at,
            f"`{loss.shown}` compares distributions and the head has {shown}: outputs outside 0..1 get no gradient and "
            "the loss says nothing; use `softmax`, or `mse` for a regression",
            activation.name,
            head.confidence,
            fix=_remedy(head),
        )


def _remedy(head: Head) -> Fix | None:
    if head.has_units(2) and head.labels.encoding != "continuous":
        return fix("use a softmax", set_activation(head.activation, "softmax"))
    return fix("use mse", set_loss(head.loss, "mse"))
