"""Every function that the reader knows is given what is not known: it must answer, not fail."""

from __future__ import annotations

import pytest

from keraslint import keras_api
from keraslint.graph.shapes import registry
from keraslint.reader import read
from keraslint.reader.keras import calls as keras_calls
from keraslint.reader.keras import creation, loaders
from keraslint.reader.keras import datasets as keras_data
from keraslint.reader.keras import tokenizer as text
from keraslint.reader.libraries import numpy, sklearn
from keraslint.reader.libraries.tensorflow import data as pipelines
from keraslint.reader.stdlib import builtins as python
from keraslint.reader.stdlib import functional as iterators
from keraslint.reader.stdlib import methods
from keraslint.reader.stdlib import records as settings
from keraslint.rules import Options, check

DATA = (keras_data, loaders, numpy, pipelines, sklearn, text)
KNOWN = (*(module.EXTERNAL for module in (python, settings, iterators, creation, *DATA)), keras_calls._SPECIAL)
FUNCTIONS = sorted({*python.BUILTINS, *(name for table in KNOWN for name in table)})
METHODS = {
    "'text'": methods._TEXT_METHODS,
    "[1, u]": methods._LIST_METHODS,
    "{'a': u}": methods._DICT_METHODS,
    "{u: 1}": methods._DICT_METHODS,
}
ARGUMENTS = (
    *("", "u", "u, u", "u, u, u", "3, u", "'a', u", "[u]", "[1, u]", "[], u", "(u, 2), 1", "{'a': u}", "{u: 1}"),
    *("*u", "**u", "*[u, 2]", "key=u", "x, u", "x, axis=u", "x[u]", "t", "t, u", "u, t", "[t, u]", "lambda: u, u"),
    *("[1, 2], -1", "[1, 2], 1.5", "1, 2, 3, 4, 5", "1, 0", "'a', -1", "2, 0, 0", "(1, 2), (3,)", "x, 0", "x, (0, 9)"),
    *("None", "-1", "0", "'a'", "len", "range(u)", "[x, None]", "(3, u), dtype=u"),
)
HEAD = "import numpy as np\nimport keras\nx = np.zeros((3, 4))\nt = keras.Input((4,))\n"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_bears_unknown_arguments(name: str) -> None:
    imported = f"import {name.partition('.')[0]}\n" if "." in name else ""
    read(HEAD + imported + "".join(f"r = {name}({given})\nr[0]\nr.shape\n" for given in ARGUMENTS), "program.py")


@pytest.mark.parametrize("owner", METHODS)
def test_a_method_bears_unknown_arguments(owner: str) -> None:
    calls = [f"r = {owner}.{name}({given})\n" for name in METHODS[owner] for given in ARGUMENTS]
    read(HEAD + "".join(calls), "program.py")


LAYERS = sorted(name for name in registry.RULES if name.startswith(registry.LAYERS) and keras_api.symbol(name))


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_bears_unknown_arguments(name: str) -> None:
    known = keras_api.symbol(name)
    assert known is not None
    names = [one.name for one in known.parameters() if one.name.isidentifier()]
    given = [", ".join(f"{one}=u" for one in names), *(f"{one}=u" for one in names)]
    given += [f"{one}=u, vocabulary=['a', 'b']" for one in names if "vocabulary" in names and one != "vocabulary"]
    calls = (f"layer = {name}({arguments})\nlayer(t)\nlayer(i)\nlayer([t, t])\n" for arguments in given)
    source = HEAD + "i = keras.Input((8, 8, 3))\ndef made(u):\n"
    program = read(source + "".join(f"    {line}\n" for call in calls for line in call.splitlines()), "program.py")
    check(program, Options())
