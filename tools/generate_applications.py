"""Write `keraslint/keras_api/data/applications.json`: what real Keras says of each model of `keras.applications`.

    python tools/generate_applications.py

Asked of each model, without weights in memory: the default input size, the channels of its features, how an input
size becomes an output size, how many layers and weights it has, and how its top depends on `classes`.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

TARGET = Path(__file__).parent.parent / "keraslint" / "keras_api" / "data" / "applications.json"
CHECKED_SIZES = (224, 299, 333)


def size_rule(output_size: Callable[[int], int]) -> list[int]:
    """``[offset, stride]`` with output = (input + offset) // stride.

    Layers that pad, crop and stride each compute such a floor, and such floors compose to one.
    """
    start = 256
    here = output_size(start)
    stride = 1024 // (output_size(start + 1024) - here)
    low, high = start, start + stride
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if output_size(middle) == here else (low, middle)
    offset = (here + 1) * stride - high
    return [offset, stride]


def agrees(rule: list[int], built_size: Callable[[int], int]) -> bool:
    """Whether models that are built for a fixed size follow the rule."""
    return all((size + rule[0]) // rule[1] == built_size(size) for size in CHECKED_SIZES)


def counts(model: Any) -> list[int]:
    """All weights, and those that do not train."""
    return [model.count_params(), sum(math.prod(weight.shape) for weight in model.non_trainable_weights)]


def describe(build: Callable[..., Any]) -> dict[str, Any]:
    top = build(weights=None)
    few = build(weights=None, classes=10)
    body = build(weights=None, include_top=False, input_shape=(None, None, 3))
    default = list(top.input_shape[1:])
    larger = build(weights=None, input_shape=(CHECKED_SIZES[-1], CHECKED_SIZES[-1], 3))
    total, fixed = counts(top)
    per_class = (total - few.count_params()) // 990
    assert total - few.count_params() == per_class * 990
    try:
        rule = size_rule(lambda size: int(body.compute_output_shape((1, size, size, 3))[1]))
    except ValueError:  # it fits only the sizes that it is built for
        rule = [31, 32]

    def built_size(size: int) -> int:
        return int(build(weights=None, include_top=False, input_shape=(size, size, 3)).output_shape[1])

    if not agrees(rule, built_size):
        rule = [rule[1] - 1, rule[1]]  # its padding depends on the size that it is built for, so as to round up
        assert agrees(rule, built_size), rule
    shaped = build(weights=None, include_top=False, input_shape=(224, 224, 3))
    return {
        "input": default,
        "features": body.output_shape[-1],
        "size": rule,
        "body": counts(shaped),
        "body_fits_open_size": counts(body) == counts(shaped),
        "top": [total - 1000 * per_class, fixed],
        "bottleneck": per_class - 1,
        "top_fits_any_size": larger.count_params() == total,
        "layers": [len(top.layers), len(body.layers)],
    }


def builders() -> dict[str, Callable[..., Any]]:
    """The public functions of `keras.applications` that make a model."""
    import keras

    return {
        name: build for name, build in sorted(vars(keras.applications).items()) if callable(build) and name[0].isupper()
    }


def main() -> None:
    import keras
    from keras.src.backend import StatelessScope

    found: dict[str, Any] = {}
    for name, build in builders().items():
        with StatelessScope(initialize_variables=False):
            found[name] = describe(build)
        print(name, found[name], file=sys.stderr, flush=True)
        keras.backend.clear_session()
    lines = [f'"{name}": {json.dumps(facts)}' for name, facts in found.items()]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
