"""Writes what the environments of gymnasium observe and which actions they take, by their names.

    pip install gymnasium ale-py && python tools/generate_environments.py

Each is made once. Those that want more than that to be made (Box2D) are taken from gymnasium's pages:
https://gymnasium.farama.org/environments/box2d/ . An old gym has the same by the same names.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import ale_py
import gymnasium

TARGET = Path(__file__).parent.parent / "keraslint" / "reader" / "libraries" / "environments.json"
BOX2D = {
    "BipedalWalker-v3": [[24], [4]],
    "BipedalWalkerHardcore-v3": [[24], [4]],
    "CarRacing-v2": [[96, 96, 3], [3]],
    "CarRacing-v3": [[96, 96, 3], [3]],
    **{f"LunarLander-v{version}": [[8], 4] for version in (2, 3)},
    **{f"LunarLanderContinuous-v{version}": [[8], [2]] for version in (2, 3)},
}


def described(space: gymnasium.Space) -> int | list[int] | None:
    """The number of values of a discrete space, the shape of a box, None for another."""
    if isinstance(space, gymnasium.spaces.Discrete):
        return int(space.n)
    return list(map(int, space.shape)) if isinstance(space, gymnasium.spaces.Box) else None


def main() -> None:
    warnings.simplefilter("ignore")
    gymnasium.logger.min_level = gymnasium.logger.ERROR
    gymnasium.register_envs(ale_py)
    found = dict(BOX2D)
    for name in gymnasium.registry:
        try:
            made = gymnasium.make(name)
        except Exception:
            continue  # it wants packages that are not there
        found[name] = [described(made.observation_space), described(made.action_space)]
    rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(spaces)}" for name, spaces in sorted(found.items()))
    TARGET.write_text(f"{{\n{rows}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
