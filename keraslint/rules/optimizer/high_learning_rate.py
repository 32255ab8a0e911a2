"""A learning rate so high that the kind of network at hand does not learn with it.

## What it does
Reports the learning rate of Adam, AdamW, Nadam, Adamax, RMSprop and Lion, also as the start of a schedule,
where measurement shows that the network does not bear it:

- 0.01 or more (option `keras-max-adaptive-learning-rate`) on convolutions that end in Flatten and a Dense
  layer with a relu, without normalization;
- 0.1 or more on such convolutions with normalization, on recurrent layers of 16 units or more, on attention, and,
  without normalization, on six layers or more and on a classifier with a hidden layer of 64 units or
  more; in a regression such a layer must be one of two, or have 256;
- 1.0 or more on anything that is not linear.

SGD is reported at 1.0 or more (option `keras-max-sgd-learning-rate`), without normalization, on regressions that are
not linear, since a squared error makes the gradient as large as the outputs are wrong; on anything not linear with
a momentum of 0.9 or more; and on convolutions that end in Flatten and a Dense layer with a relu.

A rate of 0.01 or more is also a second suspect: where another finding already says why the same training
cannot learn, such as a softmax over one unit, the message names it and says where to start once it is mended. It
does not claim that the rate does harm.

## Why training fails
Adam and its kin step by about the learning rate whatever the gradient is. With a rate of 0.1 a weight that
should be 0.05 can only jump over its place; units of a relu die, gates saturate, and the loss stays at what a
constant predictor reaches. How much is too much depends on the network. Share of trainings that came to harm: after
400 updates of 32 standardized samples no better than a constant, or worse by 0.1 of a constant's loss or more
than with the same weights at 0.001:

| network, with Adam | 0.003 | 0.01 | 0.03 | 0.1 | 1.0 |
|---|---|---|---|---|---|
| Dense, regression, 2 to 6 layers of 8 or 64, relu | 0 % | 0 % | 0 % | 0 to 17 % (6 of 64: 100 %) | 75 to 100 % |
| Dense, regression, layers of 256 | 0 % | 0 % (6: 8 %) | 0 % (6: 42 %) | 17 % (2), 58 % (3), 100 % (4, 6) | 100 % |
| Dense, 5 classes, layers of 8 | 0 % | 0 % | 0 % | 0 to 25 % | 100 % |
| Dense, 5 classes, layers of 64 | 0 % | 0 to 25 % | 67 to 92 % | 100 % | 100 % |
| Dense, 5 classes, layers of 256 | 0 to 8 % | 25 to 67 % | 75 to 100 % | 100 % | 100 % |
| the same with BatchNormalization | 0 % | 0 % (2 of 256: 33 %) | 0 to 50 % | 0 to 42 % (2 of 256: 100 %) | 0 to 100 % |
| one linear layer | 0 % | 0 % | 0 % | 0 % | 88 to 100 % |
| Conv2D, Flatten, Dense(64, relu), regression | 0 to 8 % | 67 to 100 % | 100 % | 100 % | 100 % |
| the same, 5 classes | 55 to 92 % | 91 to 100 % | 100 % | 100 % | 100 % |
| the same with BatchNormalization, regression | 0 to 58 % | 25 to 83 % | 75 to 92 % | 100 % | 100 % |
| the same with BatchNormalization, 5 classes | 0 % | 0 to 11 % | 50 to 89 % | 100 % | 100 % |
| LSTM or GRU, regression | 0 % | 0 % | 0 to 60 % | 60 to 100 % | 100 % |
| LSTM or GRU of 16 units, 5 classes | 0 % | 0 to 20 % | 80 to 100 % | 100 % | 100 % |
| LSTM or GRU of 64 units, 5 classes | 0 to 40 % | 0 or 100 %, by the data | 100 % | 100 % | 100 % |
| LSTM of 4 units, regression | | | | 0 % | |
| SimpleRNN of 64 units, 5 classes | | 100 % | | 100 % | |
| 4 Conv2D, a mean, 5 classes | | 0 % | | 100 % | |
| Conv2D, Flatten, 5 classes | | 100 % | | | |
| a Transformer block of 32 with LayerNormalization, regression | | | | 100 % | |
| the same, 5 classes | | 0 % | | 100 % | |
| 2 residual blocks of 32 (`x + …`), without normalization | | 0 % | | 33 % | 100 % |
| the same of 128 | | 0 % | | 67 to 100 % | 100 % |
| 2 residual blocks of 32, with LayerNormalization | | 0 % | | 0 % | 100 % |
| the same of 128 | | 0 % | | 0 to 67 % | 67 to 100 % |

With SGD, beside its default of 0.01, three seeds each:

| network, with SGD | 0.1 | 1.0 |
|---|---|---|
| Dense, regression, 2 hidden layers of 64 | 0 % | 100 % (NaN) |
| Dense, 5 classes, 2 or 4 hidden layers of 64 | 0 % (2) | 0 % |
| Dense, 5 classes, 2 hidden layers of 64, with a momentum of 0.9 | 100 % | 100 % |
| Conv2D, Flatten, Dense(64, relu), 5 classes | | 100 % |

Images within 0 and 1 are smaller than standardized data, and a classifier with convolutions, Flatten and a relu bears
0.01 with them: of 20 trainings (scikit-learn's digits at 28 x 28 pixels, patches of its two photographs) none stayed
where a constant is. It is silent where the data are known to be such.

Layers are counted with the output where nothing else is said. Recurrent networks were trained from 5 seeds, those of
the last ten rows from 2 to 4, the others from 12; `benchmarks/learning_rates.py` measures such tables again. A
regression with two hidden layers of 64 at 0.1 is seldom harmed by that measure, but after 2,000 updates most
of its trainings are a quarter worse than at 0.001.

## Example
```python
convolutions = [layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D(), layers.Flatten()]
head = [layers.Dense(64, activation="relu"), layers.Dense(10, activation="softmax")]
model = keras.Sequential([keras.Input((28, 28, 1)), *convolutions, *head])
model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
```

## Use instead
```python
model.compile(optimizer=keras.optimizers.Adam(0.001), loss="sparse_categorical_crossentropy")
```
or let `keraslint confirm` try both.

## What it cannot see
The data: inputs that are not standardized, one-hot ones and other batch sizes were not measured, and Adamax, Lion and
RMSprop count like Adam though they were not measured on every kind. Wide recurrent classifiers at 0.01 are
silent: on one set of series all came to harm, on two others none did, and Keras's own generator of text trains
well with it.

Silent are a network with a layer that is not understood, towers of embeddings, a linear stack, whatever its depth,
and, below 1.0, Dense layers with normalization or behind embeddings, and narrow convolutions that end in a mean.
So are frozen layers, Adadelta (whose habit is 1.0), Adagrad and Ftrl; a rate that something else sets: a schedule with
a warm-up, a LearningRateScheduler or a callback of one's own; a sweep that trains at several rates; and an optimizer
that is never compiled, since it may well optimize an image, where high rates are normal. ReduceLROnPlateau is no
excuse: it waits for epochs without progress, and a unit that has died by then stays dead.

## References
- <https://keras.io/api/optimizers/adam/>
- Goodfellow, Bengio, Courville: Deep Learning, section 11.4.1
- Bengio: Practical Recommendations for Gradient-Based Training of Deep Architectures, 2012
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keraslint.rules.framework import Finding, Symptom, found, rule
from keraslint.rules.optimizer.rates import Rate, harm, second_suspect
from keraslint.settings import Options


@rule("W7830", symptom=(Symptom.PLATEAU, Symptom.NAN, Symptom.DIVERGES, Symptom.SLOWER))
def keras_high_learning_rate(rate: Rate, options: Options, findings: Sequence[Finding]) -> Iterator[Finding]:
    because = [rate.confidence]
    if consequence := harm(rate, options):
        message = f"{rate.shown}: {consequence}; start from `{rate.default}`"
    elif other := second_suspect(rate, options, findings):
        because.append(other.confidence)
        name = other.rule.symbol if other.rule else "the other fault"
        message = f"{rate.shown}; once {name} is mended, start from `{rate.default}`"
    else:
        return
    yield found(rate.value, message, *because, fix=rate.fix, about=rate.training)
