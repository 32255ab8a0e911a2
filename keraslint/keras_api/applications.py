"""What is known of the models of `keras.applications`; recorded from real Keras by `tools/generate_applications.py`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from keraslint.keras_api.catalogue import DATA


@dataclass(frozen=True, slots=True)
class Application:
    """A model of `keras.applications` with its default arguments, for images of three channels."""

    name: str
    input_shape: tuple[int | None, int | None, int]
    """With the top; None where any size fits."""
    features: int
    """Channels of the last feature map."""
    offset: int
    stride: int
    """A feature map has ``(size + offset) // stride`` rows for an image of ``size`` rows."""
    body_params: int
    body_frozen: int
    """Weights without the top, and those of them that never train."""
    body_fits_open_size: bool
    """Whether it has the same weights when the image size is left open."""
    top_params: int
    top_frozen: int
    """The same with the top, but for the last layer, which depends on `classes`."""
    bottleneck: int
    """Units that the last layer sees."""
    top_fits_any_size: bool
    """Whether the top's weights are the same for every image size."""

    def feature_size(self, size: int) -> int:
        """Rows of the feature map for so many rows of the image."""
        return (size + self.offset) // self.stride


@cache
def _applications() -> dict[str, Application]:
    text = (DATA / "applications.json").read_text(encoding="utf-8")
    return {name: _from_facts(name, facts) for name, facts in json.loads(text).items()}


def _from_facts(name: str, facts: dict[str, Any]) -> Application:
    offset, stride = facts["size"]
    return Application(
        name=name,
        input_shape=tuple(facts["input"]),
        features=facts["features"],
        offset=offset,
        stride=stride,
        body_params=facts["body"][0],
        body_frozen=facts["body"][1],
        body_fits_open_size=facts["body_fits_open_size"],
        top_params=facts["top"][0],
        top_frozen=facts["top"][1],
        bottleneck=facts["bottleneck"],
        top_fits_any_size=facts["top_fits_any_size"],
    )


def application(name: str) -> Application | None:
    """The model that a builder makes, by the builder's last name: ``ResNet50``."""
    return _applications().get(name)


def application_names() -> frozenset[str]:
    """The builders that are known."""
    return frozenset(_applications())
