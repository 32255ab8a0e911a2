"""Runs a program in real Keras and describes the model that it leaves in ``model``; nothing here reads source.

Run as a script it records what Keras makes of every program of cases/, with ``--new`` of those without a record."""

from __future__ import annotations

import contextlib
import io
import json
import re
import sys
from collections.abc import Iterator
from typing import Any


def run(source: str) -> dict[str, Any]:
    """The model that a program binds to ``model``, as plain data."""
    import keras

    keras.utils.clear_session(free_memory=False)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    with _outputs_of_calls() as seen, contextlib.redirect_stdout(io.StringIO()):
        exec(compile(source, "program.py", "exec", dont_inherit=True), namespace)
    model = namespace["model"]
    return {
        "name": _name_of(model),
        "params": model.count_params(),
        "trainable": sum(weight.numpy().size for weight in model.trainable_weights),
        "layers": sorted(f"{type(layer).__name__} {_name_of(layer)}" for layer in model.layers if not _is_input(layer)),
        "outputs": _outputs(model, seen),
        **_compiled(model),
    }


def _name_of(layer: Any) -> str:
    """A layer's name; a Sequential builds functional models for itself, so their numbers tell nothing."""
    return re.sub(r"^functional_\d+$", "functional", str(layer.name))


def _is_input(layer: Any) -> bool:
    import keras

    return isinstance(layer, keras.layers.InputLayer)


@contextlib.contextmanager
def _outputs_of_calls() -> Iterator[dict[int, Any]]:
    """What each model gave when it was last called: a subclass tells no output shape of its own."""
    import keras

    seen: dict[int, Any] = {}
    original = keras.Layer.__call__

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(self, *args, **kwargs)
        if isinstance(self, keras.Model):
            seen[id(self)] = result
        return result

    keras.Layer.__call__ = call
    try:
        yield seen
    finally:
        keras.Layer.__call__ = original


def _outputs(model: Any, seen: dict[int, Any]) -> list[list[int | None]]:
    """The output shapes without their batch axis."""
    import keras

    functional = hasattr(model, "_functional") or type(model).__name__ == "Functional"
    made = model.outputs if functional or getattr(model, "outputs", None) else seen.get(id(model))
    return [list(tensor.shape)[1:] for tensor in keras.tree.flatten(made)] if made is not None else []


def _compiled(model: Any) -> dict[str, Any]:
    if not model.compiled:
        return {}
    rate = model.optimizer._learning_rate
    return {
        "loss": _name(model.loss),
        "optimizer": type(model.optimizer).__name__,
        "rate": round(float(rate), 7) if not type(rate).__module__.endswith("learning_rate_schedule") else None,
    }


def _name(loss: Any) -> Any:
    match loss:
        case None | str():
            return loss
        case dict():
            return {key: _name(value) for key, value in loss.items()}
        case list() | tuple():
            return [_name(value) for value in loss]
    return getattr(loss, "__name__", type(loss).__name__)


def _record(*, again: bool) -> None:
    from cases import FOLDER, programs

    file = FOLDER / "recorded.json"
    before = {} if again else json.loads(file.read_text(encoding="utf-8"))
    recorded = {title: before.get(title) or run(source) for title, source in programs().items()}
    lines = (f" {json.dumps(title)}: {json.dumps(found)}" for title, found in recorded.items())
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    _record(again="--new" not in sys.argv[1:])
