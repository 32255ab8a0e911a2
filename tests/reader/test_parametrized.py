"""Tests that a framework runs with several arguments are read with some of them."""

from __future__ import annotations

import pytest
from reading import models

BODY = """
{imports}

class NetTest(parameterized.TestCase):
    {decorator}
    def test_net(self, units, deep):
        hidden = [Dense(4)] if deep else []
        Sequential([Input((3,)), *hidden, Dense(units)])
"""
ABSL = "from absl.testing import parameterized"


def outputs(decorator: str, imports: str = ABSL) -> set[tuple[str, int]]:
    found = models(BODY.format(imports=imports, decorator=decorator))
    return {(str(model.output_shape), len(model.layers)) for model in found}


@pytest.mark.parametrize(
    "decorator",
    [
        pytest.param("@parameterized.parameters((1, True), (2, False))", id="tuples"),
        pytest.param("@parameterized.parameters([(1, True), (2, False)])", id="one list of tuples"),
        pytest.param("@parameterized.parameters(dict(units=1, deep=True), dict(units=2, deep=False))", id="dicts"),
        pytest.param("@parameterized.named_parameters(('a', 1, True), ('b', 2, False))", id="with names"),
        pytest.param(
            "@parameterized.named_parameters("
            "dict(testcase_name='a', units=1, deep=True), dict(testcase_name='b', units=2, deep=False))",
            id="dicts with names",
        ),
        pytest.param("@parameterized.product(units=(1, 2), deep=(True, False))", id="a product"),
    ],
)
def test_cases_of_absl(decorator: str) -> None:
    assert outputs(decorator) == {("(None, 1)", 2), ("(None, 2)", 1)}


@pytest.mark.parametrize(
    "decorator",
    [
        pytest.param("@pytest.mark.parametrize('units, deep', [(1, True), (2, False)])", id="names in one text"),
        pytest.param("@pytest.mark.parametrize(['units', 'deep'], [(1, True), pytest.param(2, False)])", id="param"),
        pytest.param(
            "@pytest.mark.parametrize('units', [1, 2])\n    @pytest.mark.parametrize('deep', [True, False])",
            id="one decorator for each",
        ),
    ],
)
def test_cases_of_pytest(decorator: str) -> None:
    assert outputs(decorator, f"import pytest\n{ABSL}") == {("(None, 1)", 2), ("(None, 2)", 1)}


def test_combinations_of_tensorflow() -> None:
    decorator = "@combinations.generate(combinations.combine(units=[1, 2], deep=[True, False], mode='eager'))"
    imports = f"{ABSL}\nfrom tensorflow.python.distribute import combinations"
    found = models(BODY.replace("deep)", "deep, mode)").format(imports=imports, decorator=decorator))
    assert {str(model.output_shape) for model in found} == {"(None, 1)", "(None, 2)"}


def test_what_no_case_gives_is_unknown() -> None:
    assert outputs("@parameterized.parameters((1,))") == {("(None, 1)", 1), ("(None, 1)", 2)}


def test_cases_that_are_not_known_leave_the_parameters_open() -> None:
    assert ("(None, ?)", 1) in outputs("@parameterized.parameters(*load())")
