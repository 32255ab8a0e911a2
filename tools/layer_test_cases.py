"""Cases for `benchmarks/layer_tests.py`: the layers that Keras's own tests call, and what came of it.

Keras's wheel ships its unit tests. They run here in real Keras, `run_layer_test` cut down to its calls (no
training, no serialization), with each outermost call of a public layer recorded: arguments, input shapes, and
either the output shapes and the number of weights or the error. It needs Keras and pytest:

    python tools/layer_test_cases.py cases.json [part of a test file's path]
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import json
import math
import os
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import pytest
from keras.src.testing import test_case

TENSOR_ARGUMENTS = ("inputs", "sequences", "query", "value", "key")
IGNORED_ARGUMENTS = (
    "training",
    "mask",
    "attention_mask",
    "query_mask",
    "value_mask",
    "key_mask",
    "use_causal_mask",
)
OPAQUE = {"opaque": True}


# --- arguments ----------------------------------------------------------------------------------------------


def public_layers() -> dict[type, str]:
    """Every class in `keras.layers`, with its public name: as the class calls itself, where it goes by that."""
    public = {name: value for name, value in vars(keras.layers).items() if inspect.isclass(value)}
    layers = {name: cls for name, cls in public.items() if issubclass(cls, keras.Layer)}
    return {cls: cls.__name__ if layers.get(cls.__name__) is cls else name for name, cls in layers.items()}


PUBLIC = public_layers()


def encoded(value: Any) -> Any:
    """A value as JSON: sequences as lists, layers with their arguments, what is no plain value as opaque."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [encoded(item) for item in value]
    if isinstance(value, keras.Layer) and type(value) in PUBLIC and hasattr(value, "_given"):
        return {"layer": PUBLIC[type(value)], "arguments": value._given}
    return OPAQUE


def remember_arguments(cls: type) -> None:
    """Keep the constructor's arguments, bound to their names, on each instance of exactly this class."""
    original = cls.__init__
    signature = inspect.signature(original)

    def remembering(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        if type(self) is cls:
            bound = dict(signature.bind(self, *args, **kwargs).arguments)
            bound.pop(next(iter(signature.parameters)))
            bound.update(bound.pop("kwargs", {}))
            object.__setattr__(self, "_given", {name: encoded(value) for name, value in bound.items()})

    remembering.__signature__ = signature  # type: ignore[attr-defined]
    cls.__init__ = remembering  # type: ignore[misc]


# --- calls --------------------------------------------------------------------------------------------------


def shapes(structure: Any) -> list[list[int | None]] | None:
    """Shapes of all tensors in a structure; None when one has no static shape."""
    found = []
    for leaf in keras.tree.flatten(structure):
        shape = getattr(leaf, "shape", None)
        if shape is None or "Ragged" in type(leaf).__name__ or "Sparse" in type(leaf).__name__:
            return None
        if getattr(leaf, "ragged", False) or getattr(leaf, "sparse", False):
            return None
        found.append([None if size is None else int(size) for size in shape])
    return found


def tensors(args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[Any]:
    return [*args, *(kwargs[name] for name in TENSOR_ARGUMENTS if kwargs.get(name) is not None)]


def counted(variables: list[Any]) -> int:
    return sum(math.prod(variable.shape) for variable in variables)


def rebuilt(layer: Any) -> bool:
    """Whether quantization or LoRA has changed the layer's weights."""
    return bool(getattr(layer, "quantization_mode", None) or getattr(layer, "lora_enabled", False))


class Recorder:
    """Wraps `Layer.__call__` and keeps what the outermost calls did."""

    def __init__(self) -> None:
        self.cases: dict[str, dict[str, Any]] = {}
        self.depth = 0
        self.test = ""

    def wrap(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(layer: Any, *args: Any, **kwargs: Any) -> Any:
            if self.depth or type(layer) not in PUBLIC or not hasattr(layer, "_given"):
                return original(layer, *args, **kwargs)
            self.depth += 1
            try:
                result = original(layer, *args, **kwargs)
            except Exception as error:
                self.add(layer, args, kwargs, error=str(error).strip().split("\n")[0][:200])
                raise
            else:
                self.add(layer, args, kwargs, outputs=shapes(result))
                return result
            finally:
                self.depth -= 1

        return call

    def add(self, layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any], **outcome: Any) -> None:
        given = tensors(args, kwargs)
        inputs = None if any(isinstance(item, dict) for item in given) else shapes(given)
        others = sorted(set(kwargs) - {*TENSOR_ARGUMENTS, *IGNORED_ARGUMENTS})
        if inputs is None or ("outputs" in outcome and outcome["outputs"] is None) or others:
            return
        if any(map(rebuilt, layer._flatten_layers())) or ("error" in outcome and kwargs.get("mask") is not None):
            return
        symbolic = any(isinstance(leaf, keras.KerasTensor) for leaf in keras.tree.flatten(given))
        outcome["symbolic"] = symbolic
        case = {"layer": PUBLIC[type(layer)], "arguments": layer._given, "inputs": inputs, **outcome}
        if "outputs" in outcome:
            case["params"] = counted(layer.weights)
            case["non_trainable_params"] = counted(layer.non_trainable_weights) if layer.trainable else None
        with contextlib.suppress(TypeError):
            self.cases.setdefault(json.dumps(case, sort_keys=True), {**case, "test": self.test})


# --- running Keras's tests ----------------------------------------------------------------------------------


def called_only(recorder: Recorder) -> Callable[..., None]:
    """What stands in for `run_layer_test`: one symbolic call, one on real data."""

    def run_layer_test(
        self: Any,
        layer_cls: type,
        init_kwargs: dict[str, Any],
        input_shape: Any = None,
        input_dtype: Any = None,
        input_sparse: bool = False,
        input_ragged: bool = False,
        input_data: Any = None,
        call_kwargs: dict[str, Any] | None = None,
        **expected: Any,
    ) -> None:
        if input_sparse or input_ragged or (input_shape is None and input_data is None):
            return
        if input_shape is not None:
            dtype = input_dtype or keras.tree.map_shape_structure(lambda _: "float32", input_shape)
            symbolic = test_case.create_keras_tensors(input_shape, dtype, False, False)
            input_data = test_case.create_eager_tensors(input_shape, dtype, False, False)
        else:
            symbolic = keras.tree.map_structure(
                lambda x: test_case.create_keras_tensors(keras.ops.shape(x), x.dtype, False, False),
                input_data,
            )
        for given in (symbolic, input_data):
            layer = layer_cls(**(init_kwargs or {}))
            layer(**given, **(call_kwargs or {})) if isinstance(given, dict) else layer(given, **(call_kwargs or {}))

    return run_layer_test


class CurrentTest:
    """A pytest plugin that tells the recorder which test runs."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        self.recorder.test = f"{item.path.stem}::{item.name}"
        yield


def stand_in_for_missing_modules() -> None:
    """The wheel leaves out Keras's `conftest.py`, and `grain` is optional; few tests use them."""
    module = types.ModuleType("conftest")
    vars(module)["skip_if_backend"] = lambda given, reason: pytest.mark.skipif(
        given == keras.backend.backend(), reason=reason
    )
    sys.modules["conftest"] = module
    with contextlib.suppress(ImportError):
        importlib.import_module("grain")
    sys.modules.setdefault("grain", types.ModuleType("grain"))


def collect(part: str = "") -> list[dict[str, Any]]:
    stand_in_for_missing_modules()
    recorder = Recorder()
    for cls in PUBLIC:
        remember_arguments(cls)
    keras.Layer.__call__ = recorder.wrap(keras.Layer.__call__)
    test_case.TestCase.run_layer_test = called_only(recorder)
    root = Path(inspect.getfile(keras)).parent / "src" / "layers"
    files = [str(path) for path in sorted(root.rglob("*_test.py")) if part in str(path)]
    options = [
        "-q",
        "--no-header",
        "--tb=no",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:warnings",
        "--import-mode=importlib",
        "--continue-on-collection-errors",
    ]
    pytest.main([*options, f"--rootdir={root}", "-c", os.devnull, *files], plugins=[CurrentTest(recorder)])
    return list(recorder.cases.values())


if __name__ == "__main__":
    cases = collect(*sys.argv[2:3])
    Path(sys.argv[1]).write_text(json.dumps(cases, indent=0), encoding="utf-8")
    print(f"{len(cases)} cases")
