"""Write `keraslint/keras_api/data/preprocessing.json`: what each `preprocess_input` of `keras.applications` does.

    python tools/generate_preprocessing.py

Asked of each module by one picture: which of the three known ways its function goes, or whether it leaves images alone;
and which models it is for.
"""

from __future__ import annotations

import inspect
import json
import os
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

TARGET = Path(__file__).parent.parent / "keraslint" / "keras_api" / "data" / "preprocessing.json"


def families() -> dict[str, dict[str, Any]]:
    """Each module with the mode of its function, and the models that are made for it."""
    import keras

    found: dict[str, dict[str, Any]] = {}
    for name, module in inspect.getmembers(keras.applications, inspect.ismodule):
        if hasattr(module, "preprocess_input") and name != "imagenet_utils":
            models = [model for model in dir(keras.applications) if _is_for(model, name, module)]
            found[name] = {"mode": mode_of(module.preprocess_input), "models": models}
    return found


def _is_for(model: str, name: str, module: Any) -> bool:
    """A model stands in its module; of MobileNetV3 the module has the function alone."""
    if not model[0].isupper():
        return False
    return hasattr(module, model) or (name == "mobilenet_v3" and model.startswith("MobileNetV3"))


def mode_of(function: Any) -> str:
    """By what becomes of one picture: ``caffe``, ``tf``, ``torch``, or ``none``."""
    import numpy as np
    from keras.applications.imagenet_utils import preprocess_input

    image = np.random.default_rng(0).uniform(0, 255, (1, 2, 2, 3))
    made = function(image.copy())
    if np.array_equal(made, image):
        return "none"
    return next(
        mode for mode in ("caffe", "tf", "torch") if np.allclose(made, preprocess_input(image.copy(), mode=mode))
    )


def main() -> None:
    lines = [f'"{name}": {json.dumps(facts)}' for name, facts in families().items()]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
