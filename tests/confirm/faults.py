"""The findings that the tests judge, each as a rule that looks at one setting of `builders`."""

from __future__ import annotations

from collections.abc import Callable

from builders import fault, ratings, rule

from keraslint.graph import Program
from keraslint.rules.framework import Finding, Symptom

SOFTMAX = rule("keras-softmax-on-one-unit", "E7800", Symptom.CONSTANT, Symptom.NO_GRADIENT)
ACCURACY = rule("keras-accuracy-with-regression-loss", "W7820", Symptom.METRIC)
RATE = rule("keras-high-learning-rate", "W7830", Symptom.PLATEAU, Symptom.NAN, Symptom.SLOWER)
SPELLING = rule("keras-removed-argument", "E7835", Symptom.RAISES)
HEAD = rule("keras-some-head", "W7801", Symptom.PLATEAU)
MODEL = rule("keras-some-shape", "E7860", Symptom.RAISES)
STYLE = rule("keras-monitor-wrong-direction", "W7883", Symptom.NONE)

RATINGS_FAULTS = (
    fault(SOFTMAX, "head", "softmax", '"linear"'),
    fault(ACCURACY, "metrics", "accuracy", '"mae"'),
    fault(RATE, "learning_rate", 0.01, "0.003"),
    fault(SPELLING, "rate_keyword", "lr", '"learning_rate"'),
)


class Reader:
    """Stands in for the reader and the rules: remembers which source each program came from."""

    def __init__(self, *faults: object, build: Callable[[str, str], Program] = ratings) -> None:
        self.faults = faults
        self.build = build
        self.sources: list[tuple[Program, str]] = []

    def read(self, source: str, path: str) -> Program:
        program = self.build(source, path)
        self.sources.append((program, source))
        return program

    def check(self, program: Program) -> list[Finding]:
        source = next(source for known, source in self.sources if known is program)
        return [finding for find in self.faults for finding in find(source, program)]  # type: ignore[operator]
