"""Chains: what the rules of this family ask of layers that follow each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from keraslint.graph import Call, Fact, KerasObject, Layer
from keraslint.graph.once import once
from keraslint.graph.views import NOISE, Activation, Link, Wiring, activation_of, applies_kernel

DENSE = frozenset({"keras.layers.Dense"})
CONVOLUTIONS = frozenset(f"keras.layers.Conv{n}D{kind}" for n in (1, 2, 3) for kind in ("", "Transpose"))
DENSE_OR_CONVOLUTION = DENSE | CONVOLUTIONS

ACTIVATION = frozenset({"keras.layers.Activation"})

PASSES_ON = NOISE | frozenset(
    f"keras.layers.{name}" for name in ("Flatten", "Identity", "Permute", "Reshape", "ActivityRegularization")
)
"""Layers that leave values as they are, or drop some of them."""

AFFINE = PASSES_ON | frozenset(
    f"keras.layers.{name}{n}D"
    for name in ("AveragePooling", "Cropping", "GlobalAveragePooling", "UpSampling", "ZeroPadding")
    for n in (1, 2, 3)
)
"""Layers that keep a chain of linear layers linear."""


def is_a(call: Call, kinds: frozenset[str]) -> bool:
    """Whether the call's layer is one of Keras's classes ``kinds``."""
    return isinstance(call.layer, Layer) and not call.layer.in_file and call.layer.class_name in kinds


def is_own(call: Call) -> bool:
    """Whether the program made the layer itself; those of an application it took as they are."""
    return isinstance(call.layer, KerasObject) and not call.layer.origin


def argument(call: Call, name: str) -> Fact[Any] | None:
    """An argument of the call's layer, as given or by default; None for what is no layer."""
    return call.layer.argument(name) if isinstance(call.layer, Layer) else None


def is_linear(call: Call) -> bool:
    """Whether it is known to apply no activation."""
    activation = activation_of(call)
    return activation is not None and activation.name == "linear"


def applies_nothing(call: Call) -> bool:
    """Whether it is a layer between others that is no more than affine."""
    return is_a(call, AFFINE) or (is_a(call, ACTIVATION) and is_linear(call))


@once
def links(wiring: Wiring) -> tuple[Link, ...]:
    """The pairs of Dense and convolution layers of the program's own that follow each other."""
    return tuple(link for link in wiring.kernels_in_sequence if _is_ours(link.first) and _is_ours(link.second))


def _is_ours(call: Call) -> bool:
    return is_a(call, DENSE_OR_CONVOLUTION) and is_own(call)


def is_same_kind(link: Link) -> bool:
    """Whether both are Dense, or both the same convolution."""
    first, second = link.first.layer, link.second.layer
    return isinstance(first, Layer) and isinstance(second, Layer) and first.class_name == second.class_name


def stacked(wiring: Wiring) -> Iterator[tuple[Activation, Activation, bool]]:
    """Each activation that stands on another with no weights in between, and whether the two make an output.

    Only on plain chains: what else looks at the values below may have them for its own use. One inside the model
    counts where a plain chain goes on behind it; a gate does not.
    """
    for chain in wiring.chains:
        below: Activation | None = None
        for call in chain:
            found = activation_of(call)
            if found is None:
                below = below if is_a(call, PASSES_ON) else None
            elif applies_kernel(call):
                below = found
            else:
                is_last = call is chain[-1]
                if below is not None and (not is_last or wiring.makes_output(call)):
                    yield below, found, is_last
                below = below if found.name == "linear" else found
