"""What makes a layer keep other weights than its shapes tell: quantized dtypes, `quantize` and `enable_lora`."""

from __future__ import annotations

from astroid import nodes

from keraslint.reader.keras.dtypes import policy_of
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.memory import remembered
from keraslint.reader.machine.places import nodes_in
from keraslint.reader.machine.values import Value

_QUANTIZED = frozenset(
    f"keras.layers.{kind}"
    for kind in (
        *("Dense", "EinsumDense", "Embedding", "ReversibleEmbedding"),
        *("MultiHeadAttention", "GroupQueryAttention", "GroupedQueryAttention"),
    )
)
"""The layers that keep other weights in a quantized dtype; the others of Keras 3.15 take no notice of it."""
_CONVOLUTIONS = frozenset(f"keras.layers.Conv{rank}D" for rank in (1, 2, 3))
_CHANGES = frozenset(("quantize", "enable_lora"))


def why_reweighed(machine: Machine, class_name: str, dtype: Value, node: nodes.NodeNG) -> str:
    """Why the weights of a layer with this ``dtype`` are not those that its shapes tell; empty when they are."""
    if class_name not in _QUANTIZED | _CONVOLUTIONS:
        return ""
    policy = policy_of(machine, machine.need(dtype), node)
    if class_name in _QUANTIZED and isinstance(policy, str) and "_from_" in policy:
        return f"the weights of a layer in {policy}"
    return "the program calls `quantize` or `enable_lora`" if _changes_weights(machine, node.root()) else ""


@remembered
def _changes_weights(machine: Machine, module: nodes.NodeNG) -> bool:
    """Whether a file has layers change their weights, on any of them."""
    found = [call.func for call in nodes_in(module, nodes.Call)] if _mentions_a_change(module) else []
    machine.burn(len(found))
    return any(getattr(called, "attrname", None) in _CHANGES for called in found)


def _mentions_a_change(module: nodes.NodeNG) -> bool:
    """Whether the text has one of the words at all: most have not, and to search it costs next to nothing."""
    text = module.file_bytes
    if isinstance(text, str):
        return any(word in text for word in _CHANGES)
    return text is None or any(word.encode() in text for word in _CHANGES)
