"""The lists of weights that models and layers have: whose they are, which is all that is known of them."""

from __future__ import annotations

from astroid import nodes

from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import ListValue, Value, WeightsOf

LISTS = frozenset(("trainable_variables", "trainable_weights", "variables", "weights"))


def weights_of(machine: Machine, owner: Value, name: str, node: nodes.NodeNG) -> Value:
    """``model.trainable_variables``."""
    return machine.unknown(f"`{name}` of a model or layer", node, lambda *made: WeightsOf(*made, owners=(owner,)))


def owners_of(machine: Machine, weights: Value) -> tuple[Value, ...]:
    """Whose weights these are, sums and lists of such lists included; empty where not all of them are known."""
    match machine.need(weights):
        case WeightsOf(owners=owners):
            return owners
        case (tuple() as items) | ListValue(items=items):
            parts = [owners_of(machine, item) for item in items]
            return tuple(owner for part in parts for owner in part) if all(parts) else ()
    return ()
