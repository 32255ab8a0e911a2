"""The names that a fit logs, as the rules about monitors and histories ask for them."""

from __future__ import annotations

from keraslint.graph.views import Run

SPELLINGS = {
    "acc": "accuracy",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "mse": "mean_squared_error",
    "msle": "mean_squared_logarithmic_error",
}
"""Metrics of two names: what Keras logs is the one that `compile` was given."""


def names_logged(run: Run, targets: tuple[str, ...]) -> frozenset[str] | None:
    """What any of the targets logs; None where one of them may log something that is not known."""
    names = [name for target in targets if (name := run.logs.names(target)) is not None]
    return frozenset().union(*names) if len(names) == len(targets) else None


def logged_instead(name: str, logged: frozenset[str]) -> str | None:
    """What is logged of the same thing: by its other name, with its number, or else of the training data."""
    start, base = ("val_", name[4:]) if name.startswith("val_") else ("", name)
    others = {**SPELLINGS, **{long: short for short, long in SPELLINGS.items()}}
    same = [base, others.get(base, base)]
    for prefix in dict.fromkeys((start, "")):
        for candidate in same:
            if prefix + candidate in logged:
                return prefix + candidate
        if base in others:
            ending = "accuracy" if "acc" in base else base
            found = sorted(
                one for one in logged if one.removeprefix(prefix).endswith(ending) and one.startswith(prefix)
            )
            found = [one for one in found if prefix or not one.startswith("val_")]
            if len(found) == 1:
                return found[0]
    return None
