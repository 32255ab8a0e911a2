"""Files that models are written to and read from, and what of the program itself such a file holds by name only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from keraslint.graph.facts import Confidence, Fact, Span
from keraslint.graph.objects import Argument

if TYPE_CHECKING:
    from keraslint.graph.program import Program

FileMethod = Literal["checkpoint", "export", "load_model", "load_weights", "save", "save_weights"]
PartKind = Literal["activation", "function", "layer", "loss", "metric", "model", "optimizer", "schedule"]


@dataclass(frozen=True, eq=False, repr=False)
class OwnPart:
    """A class or function of the program, of which a saved model holds the name and no more."""

    kind: PartKind
    name: str
    """As it was defined; ``<lambda>`` for a lambda."""
    compiled: bool = False
    """It was given to compile."""
    alone: bool = True
    """It was given by itself, and not in a list or dict."""
    at_hand: bool = False
    """The module has it under that name."""
    of_lambda_layer: bool = False
    """It is what a `Lambda` layer calls."""

    @property
    def is_lambda(self) -> bool:
        return self.name == "<lambda>"


@dataclass(frozen=True, eq=False, repr=False)
class Saved:
    """A model as it was written to a file."""

    path: Fact[Any]
    parts: tuple[OwnPart, ...]
    short_losses: tuple[Fact[Any], ...] = ()
    """Losses that compile was given by name, wherever they stand."""
    with_optimizer: bool = True


@dataclass(frozen=True, eq=False, repr=False)
class Unmakable:
    """A layer or model of the program's own that cannot be made again of what a file tells of it."""

    name: str
    """Of its class."""
    why: Literal["argument", "keywords", "required", "untold"]
    """
    | why | what | Keras 3.15 |
    |---|---|---|
    | ``argument`` | it was given what is no plain value, and has no `get_config` | saving raises |
    | ``keywords`` | its `__init__` takes neither ``**kwargs`` nor `trainable` and `dtype` | loading raises |
    | ``required`` | a model whose `__init__` requires arguments, without a `get_config` | saving raises |
    | ``untold`` | its `get_config`, or that of Keras's class, does not tell a required argument | loading raises |
    """
    parameter: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class FileCall:
    """One call that writes a model or its weights to a file, or reads them from one."""

    method: FileMethod
    """Whatever it is spelled like: ``keras.saving.save_model`` is ``save``."""
    path: Fact[Any]
    """The place as given; it may be an unknown text of which the end is known."""
    arguments: tuple[Argument, ...]
    span: Span
    confidence: Confidence = Confidence.HIGH
    open_ended: bool = False
    assumed: bool = False
    """As in `Call`: read by defaults that nobody may use, or where the program expects an error."""
    saved: Saved | None = None
    """Of a load: what the program itself has last written there."""
    unmakable: tuple[Unmakable, ...] = ()
    """Of a whole model that is written: each class once."""

    @classmethod
    def of(cls, program: Program) -> Iterator[FileCall]:
        return iter(program.files)

    def argument(self, name: str) -> Fact[Any] | None:
        """The argument as given, or None."""
        return next((given.value for given in self.arguments if given.name == name), None)

    @property
    def ending(self) -> str:
        """As much of the end of the path as is known; empty when nothing is."""
        value = self.path.value
        end = value if isinstance(value, str) else getattr(value, "end", "")
        return end if isinstance(end, str) else ""
