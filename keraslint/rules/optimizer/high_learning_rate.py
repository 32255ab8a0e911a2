"""A learning rate so high that the optimizer jumps over what it should find.

## What it does
Reports the learning rate of Adam, AdamW, Nadam, Adamax, RMSprop and Lion, also as the start of a schedule,
when it is

- 0.01 or more (option `keras-max-adaptive-learning-rate`) on a model with three or more trained
  layers with kernels in sequence and no normalization layer, or
- 0.1 or more on any model with more than one layer with a kernel, or with no model in sight;

and a rate of 1.0 or more with SGD (option `keras-max-sgd-learning-rate`).

## Why training fails
Adam and its kin step by about the learning rate whatever the gradient is. With a rate of 0.1 a weight that
should be 0.05 can only jump over its place; the jumps of several layers multiply, units of a relu die,
sigmoids saturate, and the loss stays at what a constant predictor reaches. Observed on Keras 3.15, three
seeds each:

| network | rate | last loss | with the default |
|---|---|---|---|
| 6 relu layers of 128, `mse` (a constant reaches 3.87) | 0.1 | 3.4 to 4.0 | 0.02 to 0.20 |
| 6 relu layers of 128, `binary_crossentropy` (0.69) | 0.1 | 0.68 to 0.70 | 0.0002 to 0.006 |
| 8 relu layers of 256, `binary_crossentropy` (0.69) | 0.01 | 0.10 to 0.63 | 0.01 to 0.03 |
| SGD, 2 relu layers of 64, `mse` | 1.0 | NaN | 0.13 |

Depth decides: at 0.01 three or four narrow layers learned as well as at 0.001 or better in a short
training, so at that rate the finding is a warning of what the next layer will do, not a proof.

## Example
```python
hidden = [layers.Dense(64, activation="relu") for _ in range(4)]
model = keras.Sequential([keras.Input((8,)), *hidden, layers.Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(0.1), loss="mse")
```

## Use instead
```python
model.compile(optimizer=keras.optimizers.Adam(0.001), loss="mse")
```

## What it cannot see
The data: at 0.01 to 0.1 some small networks train well, so a single layer, a network with normalization and
one with a layer that is not understood stay silent below 0.1. A schedule that warms up is silent, as are
frozen layers, Adadelta (whose habit is 1.0), Adagrad and Ftrl. An optimizer that is never compiled is
reported only in a file that has models: elsewhere it may well optimize an image, where high rates are
normal.

## References
- <https://keras.io/api/optimizers/adam/>
- Goodfellow, Bengio, Courville: Deep Learning, section 11.4.1
- Bengio: Practical Recommendations for Gradient-Based Training of Deep Architectures, 2012
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keraslint.graph import Program
from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.optimizer.rates import harm, rates, second_suspect
from keraslint.settings import Options


@rule("W7830", symptom=(Symptom.PLATEAU, Symptom.NAN, Symptom.SLOWER))
def keras_high_learning_rate(program: Program, options: Options, findings: Sequence[Finding]) -> Iterator[Finding]:
    for rate in rates(program):
        because = [rate.confidence]
        if consequence := harm(rate, options):
            message = f"{rate.shown}: {consequence}; start from `{rate.default}`"
        elif other := second_suspect(rate, options, findings):
            because.append(other.confidence)
            name = other.rule.symbol if other.rule else "the other fault"
            message = f"{rate.shown}; once {name} is mended, start from `{rate.default}`"
        else:
            continue
        yield found(rate.value, message, *because, fix=rate.fix, about=rate.training)
