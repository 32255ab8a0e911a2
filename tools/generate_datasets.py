"""Writes what the examples of tensorflow_datasets hold, by the data sets' names: dtypes, shapes and numbers of classes.

    pip install tensorflow-datasets && python tools/generate_datasets.py

Nothing is downloaded: each data set is asked for its description, in its default configuration. Data sets whose
examples hold no classes or images and no pair of known shape are left out, as are those that want other packages.
"""

from __future__ import annotations

import json
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow_datasets as tfds

TARGET = Path(__file__).parent.parent / "keraslint" / "reader" / "libraries" / "datasets.json"

Described = list[Any] | None


def described(feature: Any) -> Described:
    """``[dtype, shape, number of classes or None, whether it holds pixels]``, None where nothing is told."""
    features = tfds.features
    if isinstance(feature, features.ClassLabel):
        return ["int64", [], feature.num_classes, False] if feature.num_classes else None
    if not isinstance(feature, features.Image | features.Tensor) or isinstance(feature, features.Text):
        return None
    dtype = np.dtype(feature.np_dtype).name
    if feature.shape is None or not dtype.startswith(("uint", "int", "float")):
        return None
    return [dtype, list(feature.shape), None, type(feature) is features.Image]


def main() -> None:
    warnings.simplefilter("ignore")
    found = {}
    with tempfile.TemporaryDirectory() as nowhere:
        for name in tfds.list_builders(with_community_datasets=False):
            try:
                info = tfds.builder(name, data_dir=nowhere, try_gcs=False).info
            except Exception:
                continue
            if not isinstance(info.features, tfds.features.FeaturesDict):
                continue
            keys = info.supervised_keys
            pair = list(keys) if keys and len(keys) == 2 and all(isinstance(key, str) for key in keys) else []
            facts = {key: described(feature) for key, feature in info.features.items()}
            told = {key: fact if fact and (key in pair or any(fact[2:])) else None for key, fact in facts.items()}
            if any(told.values()):
                found[name] = [pair, told]
    rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(facts)}" for name, facts in sorted(found.items()))
    TARGET.write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
