"""What keras-monitor-unknown-metric and keras-history-key name instead of a name that fit does not log."""

from __future__ import annotations

import pytest

from keraslint.rules.training.logged import logged_instead


@pytest.mark.parametrize(
    ("name", "logged", "instead"),
    [
        pytest.param("acc", {"accuracy", "loss"}, "accuracy", id="the long name for the short"),
        pytest.param("mean_absolute_error", {"mae", "loss"}, "mae", id="the short name for the long"),
        pytest.param("val_acc", {"accuracy", "val_accuracy"}, "val_accuracy", id="of the validation data"),
        pytest.param("val_acc", {"accuracy", "loss"}, "accuracy", id="of the training data where nothing validates"),
        pytest.param("acc", {"binary_accuracy", "loss"}, "binary_accuracy", id="a kind of it"),
        pytest.param("mae", {"mae_of_head", "head_mae", "loss"}, "head_mae", id="of an output"),
        pytest.param("acc", {"a_accuracy", "b_accuracy"}, None, id="of either output"),
        pytest.param("acc", {"binary_accuracy", "val_binary_accuracy"}, "binary_accuracy", id="not the validation's"),
        pytest.param(
            "val_acc", {"binary_accuracy", "val_binary_accuracy"}, "val_binary_accuracy", id="a kind, validated"
        ),
        pytest.param("val_acc", {"binary_accuracy", "loss"}, "binary_accuracy", id="a kind, nothing validates"),
        pytest.param("recall", {"head_recall", "loss"}, None, id="a name of which there is no other"),
        pytest.param("mae", {"loss"}, None, id="nothing like it"),
    ],
)
def test_the_same_thing_under_the_name_that_is_logged(name: str, logged: set[str], instead: str | None) -> None:
    assert logged_instead(name, frozenset(logged)) == instead
