"""Environments of gym: their sizes by name, and an unknown for those that nobody knows."""

from __future__ import annotations

import pytest
from reading import model, summary

PROGRAM = """
import gym
env = gym.make({name})
size, actions = env.observation_space.shape, env.action_space.n
model = keras.Sequential([Dense(24, input_shape=size), Flatten(), Dense(actions)])
"""


def test_a_well_known_environment_has_its_sizes() -> None:
    assert summary(model(PROGRAM.format(name="'CartPole-v1'"))) == [
        "Dense(None, 24)",
        "Flatten(None, 24)",
        "Dense(None, 2)",
    ]
    assert summary(model(PROGRAM.format(name="'BreakoutNoFrameskip-v4', render_mode='human'")))[-1] == "Dense(None, 4)"


@pytest.mark.parametrize("name", ["'MyEnv-v0'", "name", "'CartPole-v1', continuous=True"])
def test_another_stays_unknown(name: str) -> None:
    assert "?" in summary(model(PROGRAM.format(name=name)))[-1]


def test_what_is_drawn_from_it_stays_unknown() -> None:
    program = "import gymnasium as gym\nn = gym.make('CartPole-v1').reset()[0]\nSequential([Input((3,)), Dense(n)])"
    assert "?" in summary(model(program))[-1]
