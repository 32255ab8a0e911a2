"""Programs as strangers write them, read statically and compared with what real Keras made of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from cases import programs

from keraslint import keras_api, reader
from keraslint.summary import JsonModel, describe

PROGRAMS = programs()
RECORDED = Path(__file__).parent / "cases" / "recorded.json"
"""What real Keras made of each program; the tests marked ``keras`` say when it is stale."""


def read_statically(source: str, name: str) -> dict[str, Any]:
    """The model of this name as keraslint reads it, in the words of `real_keras.run`."""
    described = describe(reader.read(source, "program.py"), source)
    found = [model for model in described["models"] if _name_of(model["name"]) == name]
    if not found:
        return {"name": [model["name"] for model in described["models"]]}
    model = found[-1]
    return {
        "name": _name_of(model["name"]),
        "params": model["params"],
        "trainable": model["trainable_params"],
        "layers": sorted(f"{layer['class']} {_name_of(layer['name'])}" for layer in _layers(model)),
        "outputs": [shape[1:] if isinstance(shape, list) else shape for shape in model["outputs"]],
        **_compiled(model),
    }


def _name_of(name: str) -> str:
    return re.sub(r"^functional_\d+$", "functional", name)


def _layers(model: JsonModel) -> list[Any]:
    return [layer for layer in model["layers"] if layer["class"] != "InputLayer"]


def _compiled(model: JsonModel) -> dict[str, Any]:
    compiled = model["compile"]
    if compiled is None:
        return {}
    return {
        "loss": compiled["loss"],
        "optimizer": _class_of(compiled["optimizer"]),
        "rate": compiled["learning_rate"],
    }


def _class_of(optimizer: object) -> object:
    """The class of an optimizer that may be named by its identifier."""
    if not isinstance(optimizer, str):
        return optimizer
    name = keras_api.from_identifier("optimizer", optimizer)
    return name.rpartition(".")[2] if name else optimizer


@pytest.mark.parametrize("title", PROGRAMS)
def test_the_reader_makes_of_a_program_what_keras_makes_of_it(title: str) -> None:
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    assert title in recorded, f"record it: python {Path(__file__).with_name('real_keras.py')}"
    assert read_statically(PROGRAMS[title], recorded[title]["name"]) == recorded[title]


def test_nothing_is_recorded_of_programs_that_are_gone() -> None:
    assert set(json.loads(RECORDED.read_text(encoding="utf-8"))) == set(PROGRAMS)


@pytest.mark.keras
@pytest.mark.parametrize("title", PROGRAMS)
def test_keras_makes_of_a_program_what_is_recorded(title: str) -> None:
    from real_keras import run

    assert run(PROGRAMS[title]) == json.loads(RECORDED.read_text(encoding="utf-8"))[title]
