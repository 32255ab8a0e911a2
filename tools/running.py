"""Runs fixtures in real Keras, statement by statement on made-up data, and prints what each raised and warned of.

    python tools/running.py [FILE…]

One line of JSON for each file; without arguments the files are read from stdin, a path a line. What raises does not
end the program: the names that the statement would have bound are unbound, and what only misses these is passed over.
A file that is called `observed.py` compares by itself: its `bad()` and `good()` are called, and `is_seen` says whether
they differ as it promises.
"""

from __future__ import annotations

import ast
import functools
import json
import os
import re
import signal
import sys
import tempfile
import traceback
import types
import warnings
from collections.abc import Callable, Iterator
from itertools import chain, product
from pathlib import Path
from typing import Any

SECONDS = 20
"""What a statement may take; data without an end take for ever."""

NOISE = r" \(/[^)]*\)| at 0x[0-9a-f]+"
"""Places on this machine's disk and in its memory."""

SAMPLES = 256
"""Of the data that fixtures import from `my_data`."""


class Endless(Exception):
    """A statement that goes on and on."""


def run(path: Path) -> dict[str, Any]:
    """What the statements of a program raise and warn of, each at its line."""
    source = path.read_text(encoding="utf-8")
    scope: dict[str, Any] = {"__name__": "fixture", "__file__": str(path)}
    raised: list[dict[str, Any]] = []
    warned: list[dict[str, Any]] = []
    missing: set[str] = set()
    COMPILED.clear()
    RUNNING.append(str(path))
    for statement, do in chain(_statements(source, path, scope), _calls(source, path, scope), _fits(source, path)):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            error = _outcome(do)
        warned += [_event(statement, statement.lineno, str(one.message)) for one in caught if _is_told(one)]
        if error is None:
            missing -= _bound(statement)
            continue
        for name in _bound(statement):
            scope.pop(name, None)
        missing |= _bound(statement)
        if not (isinstance(error, NameError) and error.name in missing):
            raised.append(_event(statement, _line(error, path) or statement.lineno, _told(error)))
    return {"path": str(path), "raised": raised, "warned": warned}


def observe(path: Path) -> dict[str, Any]:
    """What a program that compares by itself saw."""
    scope: dict[str, Any] = {"__name__": "fixture", "__file__": str(path)}
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), scope)
    bad, good = scope["bad"](), scope["good"]()
    seen = bool(scope["is_seen"](bad, good))
    return {"path": str(path), "symptom": scope["SYMPTOM"], "bad": bad, "good": good, "seen": seen}


def _statements(source: str, path: Path, scope: dict[str, Any]) -> Iterator[tuple[ast.stmt, Callable[[], None]]]:
    for statement in ast.parse(source).body:
        code = compile(ast.Module([statement], []), str(path), "exec")
        yield statement, lambda code=code: exec(code, scope)  # type: ignore[misc]


def _calls(source: str, path: Path, scope: dict[str, Any]) -> Iterator[tuple[ast.stmt, Callable[[], None]]]:
    """Functions that nothing calls, with made-up arguments by their names."""
    body = ast.parse(source).body
    used = {node.id for node in ast.walk(ast.Module(body, [])) if isinstance(node, ast.Name)}
    given = vars(_my_data())
    for statement in body:
        if not isinstance(statement, ast.FunctionDef) or statement.name in used:
            continue
        needed = statement.args.args[: len(statement.args.args) - len(statement.args.defaults)]
        arguments = [given.get(parameter.arg) for parameter in needed]
        if all(argument is not None for argument in arguments):
            yield statement, lambda name=statement.name, arguments=arguments: scope[name](*arguments)  # type: ignore[misc]


COMPILED: list[tuple[Any, int]] = []
"""Every model that is compiled, and the line of the program where that is."""


RUNNING = [""]
"""The files so far; the last is the one that runs."""


def _fits(source: str, path: Path) -> Iterator[tuple[ast.stmt, Callable[[], None]]]:
    """A step of every model that the program compiles and leaves untrained."""
    body = ast.parse(source).body
    for model, line in COMPILED:
        if getattr(model, "inputs", None) and not int(model.optimizer.iterations):
            statement = next(one for one in body if one.lineno <= line <= (one.end_lineno or line))
            yield statement, lambda model=model: _fit(model)  # type: ignore[misc]


def _fit(model: Any) -> None:
    """Train on what has the shapes of its inputs and outputs; it raises where it takes neither values nor classes."""
    import numpy as np

    x = [np.zeros([8, *(size or 8 for size in tensor.shape[1:])]) for tensor in model.inputs]
    shapes = [[8, *(size or 8 for size in tensor.shape[1:])] for tensor in model.outputs]
    errors = []
    for ends in product((None, -1), repeat=len(shapes)):
        y = [np.zeros(shape[:end]) for shape, end in zip(shapes, ends, strict=True)]
        try:
            model.fit(x[0] if len(x) == 1 else x, y[0] if len(y) == 1 else y, verbose=0)
            return
        except Exception as error:
            errors.append(error)
    raise errors[0]


def _remember_compiled() -> None:
    import keras

    owner = next(cls for cls in keras.Model.__mro__ if "compile" in vars(cls))  # an overridden one is not restored
    compile_it = owner.compile

    @functools.wraps(compile_it)
    def remember(model: Any, *arguments: Any, **keywords: Any) -> Any:
        lines = [frame.lineno for frame in traceback.extract_stack() if frame.filename == RUNNING[-1]]
        COMPILED.extend((model, line) for line in lines[-1:] if line)
        return compile_it(model, *arguments, **keywords)

    owner.compile = remember


def _outcome(do: Callable[[], None]) -> Exception | None:
    signal.setitimer(signal.ITIMER_REAL, SECONDS, 1)  # again and again: an error in a callback may be swallowed
    try:
        do()
    except Exception as error:
        return error
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return None


def _bound(statement: ast.stmt) -> set[str]:
    """Names that a statement binds at the margin."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    nodes = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
    return {node.id for node in nodes if isinstance(node.ctx, ast.Store)}


def _event(statement: ast.stmt, line: int, text: str) -> dict[str, Any]:
    return {"first": statement.lineno, "last": statement.end_lineno, "line": line, "text": text}


def _line(error: Exception, path: Path) -> int | None:
    """The last line of the program that the error came through."""
    frames = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return frames[-1] if frames else None


def _told(error: Exception) -> str:
    """Its kind, and the line that says what is wrong rather than where."""
    from keraslint.confirm.child.raised import first_line

    said = re.sub(NOISE, "", first_line(error))
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def _is_told(warning: warnings.WarningMessage) -> bool:
    return issubclass(warning.category, UserWarning)


def _my_data() -> types.ModuleType:
    """The module of which many fixtures take their data."""
    import numpy as np

    rng = np.random.default_rng(0)
    made = types.ModuleType("my_data")
    features = rng.normal(size=(SAMPLES, 8)).astype("float32")
    labels = (features[:, :3].sum(axis=1, keepdims=True) > 0).astype("float32")
    vars(made).update(features=features, labels=labels, data=features)
    return made


def _prepare() -> None:
    """In an empty folder, with data in the place of downloads."""
    os.chdir(tempfile.mkdtemp())
    import numpy as np
    from keras.src.datasets import boston_housing, cifar10, cifar100, fashion_mnist, imdb, mnist, reuters

    rng = np.random.default_rng(0)
    arrays: dict[str, Any] = {}
    for name, size in {"train": 512, "test": 128}.items():
        arrays[f"x_{name}"] = rng.integers(0, 256, (size, 28, 28)).astype("uint8")
        arrays[f"y_{name}"] = (np.arange(size) % 10).astype("uint8")
    np.savez("mnist.npz", **arrays)
    for one in (boston_housing, cifar10, cifar100, fashion_mnist, imdb, reuters):
        one.get_file = _no_download
    mnist.get_file = lambda *_, **__: os.path.abspath("mnist.npz")
    sys.modules["my_data"] = _my_data()


def _no_download(*_: object, **__: object) -> str:
    raise FileNotFoundError("nothing is downloaded")


def _endless(*_: object) -> None:
    raise Endless(f"it goes on after {SECONDS} seconds")


def main(files: list[str]) -> None:
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    os.environ.update({"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "OMP_NUM_THREADS": "1"})
    here = Path.cwd()
    _prepare()
    import keras

    _remember_compiled()
    signal.signal(signal.SIGALRM, _endless)
    for name in files or sys.stdin:
        path = here / name.strip()
        keras.utils.set_random_seed(0)
        keras.utils.clear_session()
        events.write(json.dumps(observe(path) if path.name == "observed.py" else run(path)) + "\n")
        events.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
