"""Validation data are not scaled as the training data are: the scores say nothing.

## What it does
Reports `validation_data`, and what `evaluate` or `predict` is given afterwards, where they come from the same place as
the training data (one data set, one split, images from folders) and are scaled otherwise: `/ 255` on one only,
`rescale=` of one `ImageDataGenerator` and not of the other, `preprocess_input` or a `StandardScaler` for one only,
`featurewise_center` or its likes on one generator only.

## Why training fails
Training goes well, and is judged on pictures that are 255 times too bright, or on features that were never
standardized: the validation loss is huge or the accuracy that of guessing, as if the network had learned by heart.
EarlyStopping and checkpoints that watch it then keep the wrong weights. Observed on Keras 3.15: a network that tells
all training pictures right has 0.5 of two classes on the same pictures when these are not divided by 255.

## Example
```python
train = ImageDataGenerator(rescale=1 / 255, horizontal_flip=True).flow_from_directory("train")
test = ImageDataGenerator().flow_from_directory("test")
model.fit(train, validation_data=test)
```

## Use instead
```python
train = ImageDataGenerator(rescale=1 / 255, horizontal_flip=True).flow_from_directory("train")
test = ImageDataGenerator(rescale=1 / 255).flow_from_directory("test")
model.fit(train, validation_data=test)
```
There is no fix: the step that is missing stands elsewhere. A `Rescaling` or an adapted `Normalization` inside the model
treats all data alike.

## What it cannot see
Data of different sources, as two files: one of them may have been scaled before it was written. It is silent where a
function out of sight works on one of the two, and on random augmentation, which is for training alone.

## References
- <https://keras.io/api/layers/preprocessing_layers/image_preprocessing/rescaling/>
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from keraslint.graph import Array, Program, Step, Training
from keraslint.graph.views import Data, Total, total_of
from keraslint.rules.framework import Finding, Symptom, found, rule

FAR = 10
"""A factor that no change of brightness or contrast has."""
LEAST, MOST = 100, 300
"""What brings values of 0 to 255 near 1 divides them by something between."""


@rule("W7926", symptom=Symptom.METRIC)
def keras_validation_preprocessing_mismatch(program: Program) -> Iterator[Finding]:
    trained: dict[tuple[Training, int], list[Data]] = {}
    for data in Data.of(program):
        training = data.run.training
        if data.role != "x" or training is None:
            continue
        before = trained.setdefault((training, data.index), [])
        if data.run.fit.trains and not data.validates:
            before.append(data)
            continue
        judged = [one for one in before if not data.validates or one.run is data.run]
        told = [_difference(one.array, data.array) for one in judged]
        if told and all(told):
            first = judged[-1]
            what = "validation data" if data.validates else f"the data of `{data.run.fit.method}`"
            yield found(
                data.span,
                f"{what} {told[-1]}: the network never saw such values, and what it says of them means nothing; "
                "treat both alike",
                min(data.confidence, first.confidence),
                about=data,
            )


def _difference(trained: Array, judged: Array) -> str:
    """How the scaling of two arrays of one source differs, for a message; empty if it does not, or is not known."""
    if not _have_one_source(trained, judged):
        return ""
    steps = zip(trained.steps, judged.steps, strict=False)
    shared = len([*takewhile(lambda pair: _are_one(*pair), steps)])
    own, other = total_of(trained.steps[shared:]), total_of(judged.steps[shared:])
    if own is None or other is None:
        return ""
    if own.names != other.names:
        return _other_names(own.names, other.names)
    if not own.factor or not other.factor:
        return ""
    ratio = abs(other.factor / own.factor)
    if ratio >= FAR:
        return f"are {ratio:g} times as large as the training data"
    if ratio <= 1 / FAR:
        return f"are divided by {1 / ratio:g} beside the training data"
    if _is_scaled(own) and _is_scaled(other) and abs(own.offset - other.offset) >= 0.5:
        return f"are scaled to {_range(other)}, and the training data to {_range(own)}"
    return ""


def _other_names(own: tuple[str, ...], other: tuple[str, ...]) -> str:
    missing = [name for name in own if name not in other]
    if missing:
        return f"did not go through {_shown(missing[0])} as the training data did"
    added = [name for name in other if name not in own]
    return f"went through {_shown(added[0])}, and the training data did not" if added else ""


def _shown(name: str) -> str:
    return f"the `preprocess_input` of mode `{name}`" if name in ("caffe", "torch") else f"`{name}`"


def _is_scaled(total: Total) -> bool:
    return LEAST <= abs(1 / total.factor) <= MOST


def _range(total: Total) -> str:
    """What 0 to 255 become."""
    return f"{total.offset:.3g}..{255 * total.factor + total.offset:.3g}"


def _have_one_source(one: Array, other: Array) -> bool:
    """Whether both surely come from where values are alike: one data set, parts of a split, folders of images."""
    if one.origin and other.origin:
        return one.origin == other.origin
    if not one.steps or not other.steps or one.steps[0].kind not in ("made", "shuffled", "split"):
        return False
    return _are_one(one.steps[0], other.steps[0])


def _are_one(one: Step, other: Step) -> bool:
    """Whether two steps are the same line of the program doing the same."""
    return (one.kind, one.by, one.span, one.scaling) == (other.kind, other.by, other.span, other.scaling)
