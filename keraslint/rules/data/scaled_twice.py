"""Images are scaled twice: what the network sees is nearly 0 everywhere.

## What it does
Reports images that are divided by 255 (or 127.5, 256 …) a second time: in the data and again by a `Rescaling`, by
`ImageDataGenerator(rescale=…)`, by `preprocess_input` or inside the model; images that were divided before they reach a
model of `keras.applications` that scales them itself (EfficientNet, EfficientNetV2, ConvNeXt, MobileNetV3); and the
`preprocess_input` of another family than that of the pretrained model behind it.

## Why training fails
Values between 0 and 0.004 carry hardly any signal: all pictures look alike, the first outputs are those of the biases,
and the loss falls slowly or not at all. A `preprocess_input` that subtracts the mean colors from pictures of 0 to 1
leaves -104 to -103 everywhere. A pretrained network knows pictures only as they were scaled when it was trained:
`resnet_v2` wants -1 to 1, `resnet` wants the mean colors taken out of 0 to 255, and with the other's function its
features are worth little. Observed on Keras 3.15, dark and light slopes, 60 steps of SGD: with pictures that are
divided twice the loss stays at that of guessing (0.69), with those that are divided once it falls to 0.004.

## Example
```python
(x_train, y_train), _ = keras.datasets.cifar10.load_data()
x_train = x_train / 255
model = keras.Sequential([keras.Input((32, 32, 3)), layers.Rescaling(1 / 255), layers.Conv2D(32, 3, activation="relu")])
model.fit(x_train, y_train)
```

## Use instead
```python
(x_train, y_train), _ = keras.datasets.cifar10.load_data()
model = keras.Sequential([keras.Input((32, 32, 3)), layers.Rescaling(1 / 255), layers.Conv2D(32, 3, activation="relu")])
model.fit(x_train, y_train)
```
There is no fix: which of the two goes depends on how data for prediction are made. The layer does it for all of them.

## What it cannot see
Files that hold scaled values, functions out of sight, and factors that are not known. It is silent where a
standardization follows (an adapted `Normalization`, a `StandardScaler`), which does not mind, and where the range of
the data says that the first division left large values, as of pictures of 16 bits.

## References
- <https://keras.io/api/layers/preprocessing_layers/image_preprocessing/rescaling/>
- <https://keras.io/api/applications/>
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keraslint.graph import Confidence, Program, Scaling
from keraslint.graph.views import Change, Data, Way, changes_of, ways_of
from keraslint.keras_api import NO_PREPROCESSING, preprocessing_family, preprocessing_for, preprocessing_of
from keraslint.rules.framework import Finding, Symptom, found, rule

LEAST, MOST = 100, 300
"""What brings values of 0 to 255 near 1 divides them by something between."""
NEAR_ONE = 1.5
"""Values up to it were scaled."""
SMALL = 0.1
"""Values below it were scaled twice."""
COLORS = ("caffe", "torch")


@rule("W7925", symptom=(Symptom.SLOWER, Symptom.PLATEAU))
def keras_scaled_twice(program: Program) -> Iterator[Finding]:
    for model in program.models:
        for way in ways_of(model):
            yield from _judged((), way, model, model.confidence)
    for data in Data.of(program):
        model = data.run.fit.model
        ways = ways_of(model) if model.inputs else ()
        if data.role == "x":
            way = ways[data.index] if data.index < len(ways) else Way()
            yield from _judged(_of_images(data), way, data, data.confidence)


def _of_images(data: Data) -> tuple[Change, ...]:
    """What became of data; no more of it than their range allows, where that is known: pictures of 16 bits are large
    after one division."""
    changes = changes_of(data.steps)
    ends = [abs(end) for end in (data.array.low, data.array.high) if isinstance(end, int | float)]
    if len(ends) < 2 or max(ends) < SMALL:
        return changes
    return tuple(change for change in changes if _shrinks(change.scaling))[-1:] if max(ends) <= NEAR_ONE else ()


def _judged(before: tuple[Change, ...], way: Way, about: object, confidence: Confidence) -> Iterator[Finding]:
    changes = (*before, *way.changes)
    twice = _twice(changes)
    if twice is not None and (before or twice[1] in way.changes):
        first, second = twice
        if second.application:
            yield found(
                first.span,
                f"`{second.application}` scales images from 0 to 255 itself, and they are scaled already by "
                f"{_shown(first)}: all that it sees is nearly the same; give it the images as they are",
                confidence,
                about=about,
            )
            return
        yield found(
            second.span,
            f"images are scaled here by {_shown(second)}, and they were already by {_shown(first)} in line "
            f"{first.span.line}: what the network sees is nearly the same everywhere and the loss falls slowly; "
            "scale once",
            confidence,
            about=about,
        )
        return
    yield from _of_another_family(changes, way, about, confidence)


def _twice(changes: Iterable[Change]) -> tuple[Change, Change] | None:
    """The scaling that left values small, and the next one, which expects them large; the last word has what
    standardizes."""
    first, twice = None, None
    for change in changes:
        scaling = change.scaling
        if change.application:
            if twice is None and first is not None and (_shrinks(scaling) or scaling.name):
                twice = (first, change)
            return twice
        if _shrinks(scaling) or scaling.name in COLORS:
            if first is not None and twice is None:
                twice = (first, change)
            first = first or change
        elif scaling.name or scaling.factor is None or abs(scaling.factor) > NEAR_ONE * 2:
            first, twice = None, None
    return twice


def _shrinks(scaling: Scaling) -> bool:
    """Whether it brings values of 0 to 255 near 1."""
    return bool(scaling.factor) and scaling.factor is not None and LEAST <= abs(1 / scaling.factor) <= MOST


def _of_another_family(
    changes: tuple[Change, ...], way: Way, about: object, confidence: Confidence
) -> Iterator[Finding]:
    """A `preprocess_input` that the pretrained model behind it was not trained with."""
    own = [change for change in changes if not change.application]
    mode, wanted = preprocessing_of(own[-1].by) if own else None, preprocessing_for(way.application)
    if mode is None or wanted is None or mode == wanted or not way.is_pretrained:
        return
    family = preprocessing_family(way.application)
    told = f"was trained with that of `{family}`" if wanted != NO_PREPROCESSING else "wants images from 0 to 255"
    yield found(
        own[-1].span,
        f"`{own[-1].by.removeprefix('keras.applications.')}` before `{way.application}`, which {told}: to its "
        "pretrained weights all images look wrong; use the function of its own module",
        confidence,
        about=about,
    )


def _shown(change: Change) -> str:
    """What scales, for a message."""
    if change.by and not change.by.startswith(("operator.", "tensorflow.", "keras.ops.")):
        name = change.by.removeprefix("keras.applications.").removeprefix("keras.layers.")
        return f"`{name}`"
    factor = change.scaling.factor
    return f"1/{1 / factor:g}" if factor else "a function"
