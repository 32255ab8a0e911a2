"""Where Keras and TensorFlow are installed, which version that is, and the public names that their own files list."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from keraslint import bounded
from keraslint.keras_api import below_root

PACKAGES = frozenset({"keras", "tensorflow", "tf_keras"})

INSTALLED = frozenset({"site-packages", "dist-packages"})
"""Folders of packages that are used, not worked on: Keras in a clone of its own repository is left alone."""

LISTS_OF_KERAS = ("keras/{}", "keras/api/{}", "keras/api/_v2/keras/{}")
LISTS_OF_TF_KERAS = ("tf_keras/{}", "tf_keras/api/_v2/keras/{}")
LISTS_OF_TENSORFLOWS_KERAS = (
    "keras/_tf_keras/keras/{}",
    "keras/api/_tf_keras/keras/{}",
    "keras/api/_v2/keras/{}",
    "tensorflow/python/keras/api/_v2/keras/{}",
    "tf_keras/api/_v2/keras/{}",  # what `tf.keras` is when TF_USE_LEGACY_KERAS is set; seen only where it is installed
)
LISTS_OF_TENSORFLOW = ("tensorflow/_api/v2/{}", "tensorflow/_api/v1/{}")
"""Where, by their public path, the files lie that list the names of modules, as far as these are no modules themselves.
Each major version has had its own places."""

ALIASES = ("initializers", "losses", "metrics", "optimizers")
"""Modules of Keras that TensorFlow puts into itself when it is imported, where no reader of its source finds them."""


class Unlisted(Exception):
    """No installed file says which names a module has."""


@cache
def site_of(file: str) -> str | None:
    """The folder into which the package that a file belongs to was installed; None when it is no installed one."""
    parts = Path(file).parts
    found = [index for index, part in enumerate(parts) if part in INSTALLED]
    return os.path.join(*parts[: found[-1] + 1]) if found else None


def path_in_keras(module: str) -> str | None:
    """A module of a Keras under a path by which the catalogue knows it; None for one that is not Keras's."""
    path = module.replace("tensorflow._api.v2.", "tensorflow.", 1)
    return path if below_root(path) is not None else None


def lists_of(module: str) -> tuple[str, ...]:
    """The places, below the folder of packages, of the files that may list the names of a public module."""
    package, _, rest = module.partition(".")
    path = path_in_keras(module)
    places: tuple[str, ...] = LISTS_OF_TENSORFLOW
    if package in ("keras", "tf_keras"):
        places = LISTS_OF_KERAS if package == "keras" else LISTS_OF_TF_KERAS
    elif path is not None:
        places, rest = LISTS_OF_TENSORFLOWS_KERAS, below_root(path) or ""
    return tuple(place.format(rest.replace(".", "/")).rstrip("/") for place in places)


def listing(module: str, site: str, read: str = "") -> tuple[str, tuple[str, ...]]:
    """The first file that lists the names of a public module, and the names that any such file has.

    One that was read already, by astroid, is left out.

    Raises:
        Unlisted: there is no such file.
    """
    files = [os.path.join(site, place, "__init__.py") for place in lists_of(module)]
    files = [file for file in files if file != read and os.path.isfile(file)]
    if not files:
        raise Unlisted(module)
    return files[0], tuple(dict.fromkeys(name for file in files for name in names_in(file)))


@cache
def names_in(file: str) -> tuple[str, ...]:
    """The names that a file binds at its top level.

    Raises:
        Unlisted: it cannot be read, or takes whatever another module has.
    """
    try:
        tree = ast.parse(bounded.read_bytes(Path(file)), file)
    except (OSError, SyntaxError, ValueError) as error:
        raise Unlisted(file) from error
    return tuple(dict.fromkeys(bound(tree.body)))


def bound(statements: list[ast.stmt]) -> Iterator[str]:
    for statement in statements:
        match statement:
            case ast.Import(names) | ast.ImportFrom(names=names):
                for alias in names:
                    if alias.name == "*":
                        raise Unlisted
                    yield alias.asname or alias.name.partition(".")[0]
            case ast.FunctionDef(name) | ast.ClassDef(name):
                yield name
            case ast.Assign(targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))
            case ast.Expr(ast.Call(ast.Name("setattr"), [ast.Name(), ast.Constant(str(name)), _])):
                yield name  # of the module itself, as TensorFlow gets Keras
            case ast.If(_, body, orelse):
                yield from bound(body)
                yield from bound(orelse)
            case ast.Try(body, handlers, orelse):
                for block in (body, *(handler.body for handler in handlers), orelse):
                    yield from bound(block)


def modules_beside(module: str, file: str, site: str) -> frozenset[str]:
    """The modules in a package, by the file that lists its names: each will be asked for by its own path."""
    folders = {os.path.dirname(file)} if os.path.basename(file) == "__init__.py" else set()
    return frozenset().union(*map(_modules_in, folders | {os.path.join(site, place) for place in lists_of(module)}))


@cache
def _modules_in(folder: str) -> frozenset[str]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return frozenset()
    return frozenset(
        entry.name.removesuffix(".py") for entry in entries if entry.name.endswith(".py") or entry.is_dir()
    )


@cache
def version_of(package: str, site: str) -> str:
    """The version of an installed package, by the name of the folder with its metadata; empty when there is none."""
    found = [
        match[1]
        for entry in os.listdir(site)
        if (match := re.fullmatch(rf"{package}-(\d+\.\d+)[\w.+!-]*\.(?:dist|egg)-info", entry, re.IGNORECASE))
    ]
    return found[0] if len(found) == 1 else ""
