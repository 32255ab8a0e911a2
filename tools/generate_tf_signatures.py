"""The generator of `keraslint/graph/shapes/tf_signatures.txt`: parameters of TensorFlow's functions.

Keras's own functions are in `keraslint.keras_api`; those of `tf.*` that people put between layers are asked
here from real TensorFlow, one a line: name, tab, parameters with their plain defaults (`...` for others).

    python tools/generate_tf_signatures.py
"""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import tensorflow as tf

TARGET = Path(__file__).parent.parent / "keraslint" / "graph" / "shapes" / "tf_signatures.txt"
MODULES = {
    "": tf,
    "math.": tf.math,
    "nn.": tf.nn,
    "linalg.": tf.linalg,
    "image.": tf.image,
    "random.": tf.random,
}
KEPT = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.POSITIONAL_ONLY)


def written(parameter: inspect.Parameter) -> str:
    default = parameter.default
    if default is inspect.Parameter.empty:
        return parameter.name
    plain = default is None or isinstance(default, bool | int | float | str)
    return f"{parameter.name}={default!r}" if plain and "inf" not in repr(default) else f"{parameter.name}=..."


def parameters(function: Any) -> str:
    return ", ".join(map(written, (p for p in inspect.signature(function).parameters.values() if p.kind in KEPT)))


def lines() -> list[str]:
    found = []
    for prefix, module in MODULES.items():
        for name, function in vars(module).items():
            if name.startswith("_") or inspect.isclass(function) or not callable(function):
                continue
            try:
                found.append(f"{prefix}{name}\t{parameters(function)}")
            except (TypeError, ValueError):
                continue
    return sorted(found)


if __name__ == "__main__":
    TARGET.write_text("\n".join(lines()) + "\n", encoding="utf-8")
