"""Text backbones of KerasHub as models: their inputs, their outputs and how these depend on the arguments."""

from __future__ import annotations

from astroid import nodes

from keraslint.graph import Argument, Fact, Tensor, Unknown
from keraslint.graph.build import base_name
from keraslint.graph.shape import Shape
from keraslint.keras_api.backbones import BACKBONES, PACKAGES, Backbone
from keraslint.reader.keras.binding import auto_name, fact_of
from keraslint.reader.keras.models import register
from keraslint.reader.keras.prebuilt import builder, take
from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.library import NativeCall, by_path
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.places import span_of
from keraslint.reader.machine.values import DictValue, ModelState, ModelValue, Value


@by_path(*PACKAGES)
def backbone_call(path: str) -> NativeCall | None:
    """What calling ``keras_hub.models.BertBackbone`` or its ``from_preset`` means."""
    package = next((package for package in PACKAGES if path.startswith(package)), None)
    kind, _, method = path.removeprefix(package or "").partition(".")
    known = BACKBONES.get(kind) if package else None
    if known is None or method not in ("", "from_preset"):
        return None
    width = _width_of_preset if method else _width
    return lambda machine, arguments, node: _backbone(
        machine, kind, known, width(machine, known, arguments, node), arguments, node
    )


def _width(machine: Machine, known: Backbone, arguments: Arguments, node: nodes.NodeNG) -> Argument:
    place = known.place if known.place < len(arguments.positional) else None
    given = arguments.positional[place] if place is not None else arguments.keywords.get("hidden_dim")
    if given is None:
        return Argument("hidden_dim", Fact(Unknown("`hidden_dim` of a backbone"), span_of(node)))
    return Argument("hidden_dim", fact_of(machine, given), None, given.span, place)


def _width_of_preset(machine: Machine, known: Backbone, arguments: Arguments, node: nodes.NodeNG) -> Argument:
    preset = machine.need(arguments.get(0, "preset"))
    if "hidden_dim" in arguments.keywords:
        given = arguments.keywords["hidden_dim"]
        return Argument("hidden_dim", fact_of(machine, given), "hidden_dim", given.span)
    what = f"the preset {preset}" if isinstance(preset, str) else "a preset that is not known"
    return Argument("hidden_dim", Fact(Unknown(f"`hidden_dim` of {what}"), span_of(node)))


def _backbone(
    machine: Machine, kind: str, known: Backbone, width: Argument, arguments: Arguments, node: nodes.NodeNG
) -> ModelValue:
    span = machine.place(node)
    names = sorted(known.inputs)
    sources = tuple(Tensor(Shape.of(None, None), span, dtype="int32", name=name) for name in names)
    build = builder(machine, span)
    tensors = list(build.call(build.layer(PACKAGES[0] + kind, (width,), name=base_name(kind)), sources))
    take(machine, build)
    if len(tensors) < len(known.outputs):  # a width beyond all bounds
        tensors *= len(known.outputs)
    outputs: Value = DictValue(dict(zip(sorted(known.outputs), tensors, strict=True)))
    given = machine.need(arguments.get(None, "name"))
    state = ModelState(
        inputs=DictValue(dict(zip(names, sources, strict=True))),
        outputs=tensors[0] if len(tensors) == 1 else outputs,
        opaque=kind,
    )
    return register(machine, ModelValue("functional", auto_name(machine, kind, given), span, state), node)
