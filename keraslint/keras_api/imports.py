"""Which imports of Keras work in which version, and from where today one takes what is gone."""

from functools import cache, lru_cache
from typing import Final

from keraslint.keras_api import catalogue
from keraslint.keras_api.names import below_root, canonical, spellings, versions_with
from keraslint.keras_api.symbols import VERSIONS, symbol

FOLLOWING: Final = ("keras.", "tensorflow.keras.")
"""The packages that follow the Keras that is installed. `tf_keras`, `tensorflow.python.keras`, `compat.v1` and
`contrib` stopped at some Keras 2, and `keras.src` never promised anything."""

PRIVATE: Final = ("keras.api", "keras.src", "keras._tf_keras")

STUBS: Final = ("optimizers.legacy",)
"""A module that Keras 3 still has, with classes that raise only when they are called; the catalogue lists none."""


NOT_OFFERED: Final = frozenset(
    {
        "keras.backend.name_scope",
        "tensorflow.keras.losses.kl_divergence",
        "tensorflow.keras.losses.log_cosh",
        *(f"tensorflow.keras.losses.mean_{kind}_error" for kind in ("absolute", "squared")),
        "tensorflow.keras.losses.mean_absolute_percentage_error",
        "tensorflow.keras.losses.mean_squared_logarithmic_error",
    }
)
"""Canonical names that Keras 3 does not offer there, but as `keras.name_scope`, and as `mse` and the like. A test
imports every successor."""


@lru_cache(maxsize=1024)
def versions_importing(path: str) -> tuple[str, ...]:
    """The versions in which a name can be imported out of a module, or a module by itself.

    All of them for what the catalogue does not know, so that nothing is said of it.
    """
    short = below_root(path)
    if not short or not path.startswith(FOLLOWING) or _lies_in(path, PRIVATE) or _lies_in(short, STUBS):
        return VERSIONS
    found = {version for member in members(short) for version in versions_with(f"{path}.{member}")}
    if short not in catalogue.modules():
        found.update(versions_with(path))
    return tuple(version for version in VERSIONS if version in found) or VERSIONS


def _lies_in(path: str, modules: tuple[str, ...]) -> bool:
    return any(path == module or path.startswith(f"{module}.") for module in modules)


@cache
def members(module: str) -> tuple[str, ...]:
    """The names that a module has directly, in any version, modules apart.

    One that today's Keras has not, as `layers.merge`, may in another version have been a function of that name.
    """
    if module not in catalogue.modules():
        return tuple(name for name, _, _ in spellings(module))
    own = (name.rpartition(".") for name in catalogue.symbol_lines())
    return (*(name for owner, _, name in own if owner == module), *(name for name, _, _ in spellings(module)))


def gone_from(path: str, version: str) -> bool:
    """Whether an import worked before that version, and no longer does."""
    having = versions_importing(path)
    return version not in having and VERSIONS.index(having[-1]) < VERSIONS.index(version)


def successor_of_import(path: str, version: str) -> str | None:
    """Where the version has what an import that is gone gave: the name, or the module with all that is left of one."""
    kept = f"tensorflow.{path}"
    if path.startswith("keras.") and _has(kept, version):
        return kept  # tensorflow.keras kept some names that keras dropped: `ImageDataGenerator`
    short = below_root(path) or ""
    found = _module_of_members(path, short, version) if short in catalogue.modules() else _today(path, version)
    if found is not None and path.startswith("tensorflow."):
        found = f"tensorflow.{found}"
    return None if found in NOT_OFFERED else found


def _has(path: str, version: str) -> bool:
    """Whether a name, or a module with names, is known to be there in a version."""
    short = below_root(path) or ""
    if short in catalogue.modules():
        return any(version in versions_with(f"{path}.{member}") for member in members(short))
    return version in versions_with(path)


def _today(path: str, version: str) -> str | None:
    """The name that the catalogue has for it today, or what took its place."""
    found = symbol(canonical(path) or "")
    if found is None or version in found.versions:
        return found.name if found else None
    return found.successor if found.successor and _has(found.successor, version) else None


def _module_of_members(path: str, short: str, version: str) -> str | None:
    """The module that has, under the same names, everything of this one that is still there."""
    today = {member: _today(f"{path}.{member}", version) for member in members(short)}
    left = {member: name for member, name in today.items() if name and name.rpartition(".")[2] == member}
    modules = sorted({name.rpartition(".")[0] for name in left.values()}, key=len, reverse=True)
    return next((module for module in modules if all(_has(f"{module}.{member}", version) for member in left)), None)
