"""gym and gymnasium: the sizes of well-known environments by name, as asked by `tools/generate_environments.py`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from astroid import nodes

from keraslint.reader.machine.arguments import Arguments
from keraslint.reader.machine.library import known
from keraslint.reader.machine.machine import Machine
from keraslint.reader.machine.values import Fields, Value

Space = int | list[int] | None
"""The number of values of a discrete space, or the shape of a box."""


@cache
def _environments() -> dict[str, tuple[Space, Space]]:
    """What each environment observes, and its actions."""
    text = Path(__file__).with_name("environments.json").read_text(encoding="utf-8")
    return {name: (observed, actions) for name, (observed, actions) in json.loads(text).items()}


def _make(machine: Machine, arguments: Arguments, node: nodes.NodeNG) -> Value:
    """``gym.make("CartPole-v1")``; options may change an environment."""
    name = machine.need(arguments.get(0, "id"))
    spaces = _environments().get(name) if isinstance(name, str) else None
    options = set(arguments.keywords) - {"id", "render_mode", "max_episode_steps"}
    if spaces is None or options or arguments.open_ended:
        return machine.unknown(f"the environment `{name}`" if isinstance(name, str) else "an environment", node)
    observed, actions = map(_space, spaces)
    return Fields({"observation_space": observed, "action_space": actions}, "the environment's")


def _space(space: Space) -> Fields:
    if isinstance(space, int):
        return Fields({"n": space, "shape": ()}, "the space's")
    return Fields({} if space is None else {"shape": tuple(space)}, "the space's")


known("data", {"gym.make": _make, "gymnasium.make": _make})
