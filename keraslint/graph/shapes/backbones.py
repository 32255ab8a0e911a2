"""Text backbones of KerasHub: sequences as wide as ``hidden_dim``, and one vector of that size for the whole."""

from __future__ import annotations

from keraslint.graph.facts import Unknown
from keraslint.graph.objects import KerasObject
from keraslint.graph.shape import Shape, join
from keraslint.graph.shapes.reading import positive
from keraslint.graph.shapes.registry import Inferred, op
from keraslint.keras_api.backbones import BACKBONES, PACKAGES

WEIGHTS = Unknown("the weights of a backbone are not counted")


@op(*(PACKAGES[0] + kind for kind in BACKBONES))
def backbone(layer: KerasObject, inputs: tuple[Shape, ...]) -> Inferred:
    """Inputs and outputs come by name in alphabetical order, as Keras flattens a dict."""
    known = BACKBONES[layer.kind]
    width = positive(layer, "hidden_dim")
    given = dict(zip(sorted(known.inputs), inputs, strict=False))
    return Inferred(tuple(_output(name, given, width) for name in sorted(known.outputs)), WEIGHTS)


def _output(name: str, given: dict[str, Shape], width: int | Unknown) -> Shape:
    side = name.partition("_")[0] if name.startswith(("encoder", "decoder")) else ""
    shapes = [shape for key, shape in given.items() if key.startswith(side)]
    tokens = shapes[0] if shapes else Shape.unknown("the backbone has no input in sight")
    for shape in shapes[1:]:
        tokens = join(tokens, shape)
    return Shape.of(tokens[0], width) if name == "pooled_output" else Shape.of(tokens[0], tokens[1], width)
