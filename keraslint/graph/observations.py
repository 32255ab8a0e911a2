"""Observations: what was seen in a program that is no object of Keras, in the order in which it happens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from keraslint.graph.facts import Confidence, Span

if TYPE_CHECKING:
    from keraslint.graph.program import Program
    from keraslint.graph.training import Training

Kind = Literal[
    "argmax-of-one",
    "argument-in-format",
    "branch-lost",
    "broadcast",
    "custom-objects",
    "dataset-step-dropped",
    "eager",
    "files-listed",
    "forward-outside-tape",
    "fit-without-compile",
    "history-key",
    "layer-as-tensor",
    "layer-made-in-call",
    "layers-changed",
    "loss-added",
    "missing-super-init",
    "logs-untracked",
    "metric-never-reset",
    "model-discarded",
    "model-in-loop",
    "model-in-try",
    "model-kept",
    "name-gone",
    "never-adapted",
    "none-as-model",
    "not-a-layer",
    "optimizer-lr",
    "renamed",
    "result-dropped",
    "result-used",
    "shape-not-tuple",
    "tensor-unpacked",
    "trainable-after-compile",
    "trainable-after-fit",
    "weights-given",
    "unsafe-loading",
]
"""
| kind | what happened | Keras 3.15 |
|---|---|---|
| ``argmax-of-one`` | the largest of the one column of predictions is looked for | nothing: it is always column 0 |
| ``argument-in-format`` | an argument stands inside the `format` of a text beside it | nothing: `format` ignores it |
| ``branch-lost`` | the variable of a layer's result is bound anew before anything used it, or never read | nothing |
| ``broadcast`` | predictions of shape (n, 1) meet labels of shape (n,) | nothing: a matrix of n rows and columns |
| ``dataset-step-dropped`` | what a step of a tf.data pipeline gives is not used | nothing |
| ``eager`` | functions run eagerly, by `tf.config.run_functions_eagerly` | nothing is traced |
| ``forward-outside-tape`` | a network is called where the tape that differentiates it sees nothing | `ValueError` |
| ``files-listed`` | the files of a loader are listed that shuffles them, and predicted | nothing: two orders |
| ``fit-without-compile`` | a model is trained or judged that surely was never compiled | `ValueError` |
| ``history-key`` | a name is looked up in the history of a fit | `KeyError` if nothing was logged under it |
| ``custom-objects`` | names for strings are registered, or taken from out of sight | nothing |
| ``layer-as-tensor`` | a layer that was not called goes where a tensor is needed | `ValueError` |
| ``layer-made-in-call`` | a layer is made inside `call` of a Layer or Model | raises in `fit` if it has weights |
| ``layers-changed`` | `pop`, `del` or the like on ``model.layers``, which is a copy | nothing: the model keeps them |
| ``missing-super-init`` | an instance whose `__init__` never came to Keras's | `RuntimeError` or `AttributeError` |
| ``logs-untracked`` | a `train_step` gives a loss that no metric keeps | the history says 0.0 |
| ``metric-never-reset`` | a metric is updated in an inner loop and read in the outer, never reset | it goes on |
| ``model-discarded`` | the variable of a Sequential is bound anew before anything but `add` used it | nothing |
| ``model-in-loop`` | each turn of a loop makes and compiles a model, and nothing clears the session | nothing |
| ``model-kept`` | a model that is fitted and judged in each fold is older than the loop, or its layers are | nothing |
| ``model-in-try`` | a model is made where an error is expected, as in a `try` | nothing |
| ``loss-added`` | `add_loss` of a model is called | it trains without a loss of `compile` |
| ``name-gone`` | a name, or a method of a model, that today's Keras no longer has | `AttributeError` |
| ``never-adapted`` | a layer that learns from data by `adapt` never did, and is used | raises, or does nothing |
| ``optimizer-lr`` | ``lr`` of an optimizer is set | no effect |
| ``none-as-model`` | a method of models is asked of None, which is what a call in sight gave | `AttributeError` |
| ``not-a-layer`` | a Sequential gets what is no layer: a tensor, a text, a list, a class, None | `ValueError` |
| ``renamed`` | a layer or model is given another name after it was made | it has that name |
| ``result-dropped`` | what a model gives for its input is not used | nothing |
| ``result-used`` | a value is made of what `add` or `compile` give, which is None | raises where it is used |
| ``shape-not-tuple`` | a number is given to `Input` for a shape | `ValueError` |
| ``tensor-unpacked`` | the one tensor of a layer is unpacked | `NotImplementedError` |
| ``trainable-after-compile`` | ``trainable`` set between compile and the first fit | takes effect |
| ``weights-given`` | weights are set, loaded or trained in a way that is not in sight | nothing |
| ``trainable-after-fit`` | ``trainable`` set after a fit, and fitted again without a compile | no effect |
| ``unsafe-loading`` | files with Python lambdas in them are allowed | `load_model` reads them |
"""


@dataclass(frozen=True, eq=False, repr=False)
class Observation:
    """Something that happened at a place."""

    kind: Kind
    span: Span
    subject: object = None
    """What it happened to: a `Layer`, `Model` or `KerasObject`; None where the graph has no part for it."""
    name: str = ""
    """For messages: the class, method or layer that it is about."""
    training: Training | None = None
    """The compile that it concerns, where there is one."""
    confidence: Confidence = Confidence.HIGH
    assumed: bool = False
    """As in `Call`: seen by defaults that nobody may use, or where the program expects an error."""

    @classmethod
    def of(cls, program: Program) -> Iterator[Observation]:
        return iter(program.observations)

    @property
    def about(self) -> tuple[object, ...]:
        return (self, self.subject) if self.subject is not None else (self,)

    @property
    def trainings(self) -> tuple[Training, ...]:
        return (self.training,) if self.training is not None else ()
