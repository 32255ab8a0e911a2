"""Files of models: what is known of their places, and what is read from the same place again."""

from __future__ import annotations

import pytest

from keraslint.graph import Ended, FileCall
from keraslint.reader import read

IMPORTS = """\
import os
import sys
import keras
from keras import Input, Sequential
from keras.layers import Dense
name = sys.argv[1]
model = Sequential([Input((4,)), Dense(1)])
"""


def files(program: str) -> tuple[FileCall, ...]:
    return read(IMPORTS + program, "program.py").files


@pytest.mark.parametrize(
    ("written", "end"),
    [
        ('name + "/a.h5"', "/a.h5"),
        ('name + "/a" + ".h5"', "/a.h5"),
        ('f"{name}/a.h5"', "/a.h5"),
        ('f"{name}/{name}.h5"', ".h5"),
        ('"a/{}.h5".format(name)', ".h5"),
        ('"a/%s_%d.h5" % name', ".h5"),
        ('os.path.join("a", name, "b.h5")', "/b.h5"),
        ('os.path.join("a", name + ".h5")', ".h5"),
    ],
)
def test_the_end_of_a_text_is_known_where_it_is_written(written: str, end: str) -> None:
    (call,) = files(f"model.save({written})\n")
    assert isinstance(call.path.value, Ended)
    assert call.ending == end


@pytest.mark.parametrize(
    "written", ["name", '"/a.h5" + name', 'f"a.h5{name}"', 'os.path.join("a.h5", name)', '(name + ".h5").strip("5")']
)
def test_the_end_of_another_text_is_not(written: str) -> None:
    (call,) = files(f"model.save({written})\n")
    assert call.ending == ""


def test_of_two_texts_only_an_end_that_both_have_is_known() -> None:
    chosen = 'if sys.argv[2]:\n    path = name + "/a.h5"\nelse:\n    path = name + "/{}"\nmodel.save(path)\n'
    assert [call.ending for call in files(chosen.format("a.h5"))] == ["/a.h5"]
    assert [call.ending for call in files(chosen.format("b.h5"))] == [""]


def test_what_is_written_to_a_place_is_what_is_read_from_it() -> None:
    written, read_back, elsewhere = files(
        'model.save("a.keras")\nkeras.models.load_model("a.keras")\nkeras.models.load_model("b.keras")\n'
    )
    assert (written.method, read_back.method) == ("save", "load_model")
    assert read_back.saved is not None
    assert read_back.saved.path.value == "a.keras"
    assert elsewhere.saved is None


def test_calls_that_are_given_no_path_are_no_files() -> None:
    assert files("model.save()\nmodel.load_weights()\n") == ()
