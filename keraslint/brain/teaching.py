"""Gives astroid the small modules in place of the installed ones, for one run of pylint, and takes them back.

An installed file that lists public names is read by astroid as ever; then the tree is filled with our module, so that
what the file imports is never looked at. Paths that exist only while TensorFlow runs, as `tensorflow.keras.layers`, get
a module of their own. Where Keras and TensorFlow are not installed, nothing of this happens.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from astroid import nodes
from astroid.builder import AstroidBuilder
from astroid.context import InferenceContext
from astroid.exceptions import AstroidBuildingError, AstroidImportError
from astroid.manager import AstroidManager
from astroid.util import Uninferable, safe_infer

from keraslint.brain import installed, protobuf, stubs
from keraslint.brain.installed import ALIASES, PACKAGES, Unlisted, path_in_keras
from keraslint.brain.sources import Source
from keraslint.keras_api import VERSIONS, below_root, imports, versions_with

VERSION_1 = "tensorflow.compat.v1.keras"

TF_KERAS = "2.15"
"""What `tf_keras` is for good, whatever number it has."""

SELVES = ("tensorflow", *(f"tensorflow.{api}compat.{version}" for api in ("", "_api.v2.") for version in ("v1", "v2")))
"""The modules that have all of TensorFlow, Keras too."""

PROTOCOL_BUFFERS = "_pb2"
"""How modules are called whose names are made when they are imported."""

STANDARD_LIBRARY = os.path.dirname(os.__file__)


@dataclass(frozen=True, eq=False)
class Lesson:
    """What astroid is taught in a run."""

    packages: Collection[str]
    """`keras`, and `tensorflow` for the names of TensorFlow, too."""

    asked: Callable[[], str]
    """The version of Keras that the user or the project asks for; empty for the installed one."""

    checked: Callable[[], str]
    """The file that pylint is at."""

    failed: Callable[[str, Exception], None]
    """Told of a module for which no stub could be made; pylint then does without."""

    sources: dict[str, Source] = field(default_factory=dict)
    """The modules in whose place a stub has come."""

    def changes(self) -> list[tuple[type[nodes.NodeNG], Callable[..., object], Callable[..., bool]]]:
        """What is done to which nodes that astroid reads."""
        return [(nodes.Module, self.fill, self.concerns), (nodes.Call, doubted, asks)]

    def concerns(self, module: nodes.Module) -> bool:
        """Whether a module that astroid has read is one of those that have a stub."""
        name = module.name
        if name.partition(".")[0] not in PACKAGES or not module.file or not self._is_taught(name):
            return False
        return self._site(name.partition(".")[0], module.file) is not None

    def fill(self, module: nodes.Module) -> None:
        """Put the stub in the place of what an installed module holds; called by astroid."""
        try:
            stub = self._in_place_of(module)
        except Exception as error:
            self.failed(module.name, error)
            return
        if module.name != "tensorflow" or "tensorflow" in self.packages:
            module.locals.clear()
            module.body.clear()
        _add(module, stub)

    def _in_place_of(self, module: nodes.Module) -> nodes.Module:
        name, names = module.name, tuple(module.locals)
        site = installed.site_of(module.file)
        assert site is not None
        if name == "tensorflow" and "tensorflow" not in self.packages:
            of_keras = _of_keras(name, (), (*ALIASES, "keras"))
            return self._built("".join(stubs.of_module(path, one) for one, path in of_keras.items()), name, module.file)
        with suppress(Unlisted):  # `tensorflow.lite` is a folder, and a public module with other names
            names += installed.listing(name, site, module.file)[1]
        if _lacks_names(module):
            names += tuple(_names_in(path_in_keras(name) or "", VERSIONS))
        if name.endswith(PROTOCOL_BUFFERS):
            names += tuple(protobuf.names_in(module))
        self.sources[name] = Source(module, dict(module.locals))
        return self._built(self._text(name, site, module.file, names), name, module.file)

    def missing(self, name: str) -> nodes.Module:
        """A module that no file has, as `tensorflow.keras`; called by astroid.

        Raises:
            AstroidImportError: there is none of that name.
        """
        try:
            return self._without_file(name)
        except AstroidImportError:
            raise
        except Exception as error:
            self.failed(name, error)
            raise AstroidImportError("No stub of {modname}", modname=name) from error

    def _without_file(self, name: str) -> nodes.Module:
        package, _, rest = name.partition(".")
        site = self._site(package) if rest and package in PACKAGES and self._is_taught(name) else None
        if site is None:
            raise AstroidImportError("No stub of {modname}", modname=name)
        root = root_of(name)
        if name.startswith(f"{root}.{stubs.SYMBOLS}."):
            return self._symbol(root, name.removeprefix(f"{root}.{stubs.SYMBOLS}."), site)
        try:
            file, names = installed.listing(name, site)
        except Unlisted as error:
            file, names = __file__, ()
            if not self._asked_names(name):
                raise AstroidImportError("No stub of {modname}", modname=name) from error
        return self._built(self._text(name, site, file, names), name, file)

    def _symbol(self, root: str, short: str, site: str) -> nodes.Module:
        text = stubs.of_symbol(root, short, self._edition(root, site))
        place, _, last = short.rpartition(".")
        if text is None and place in self.sources:
            cls = self.sources[place].known(root, last)
            text = stubs.of_class(cls) if cls else None
        if text is None:
            raise AstroidImportError("No stub of {modname}", modname=short)
        built = self._built(text, f"{root}.{stubs.SYMBOLS}.{short}", __file__)
        for statement in built.body:
            if isinstance(statement, nodes.ClassDef):
                _forget_signatures(statement)
        return built

    def _is_taught(self, name: str) -> bool:
        return name == "tensorflow" or "tensorflow" in self.packages or path_in_keras(name) is not None

    def _site(self, package: str, file: str = "") -> str | None:
        """Where a package is installed; None when it is not, or is what pylint checks."""
        if not file:
            try:
                file = AstroidManager().file_from_module_name(package, None).location or ""
            except AstroidBuildingError:
                return None
        site = installed.site_of(file)
        if site is None or self.checked().startswith(os.path.join(site, package, "")):
            return None
        return site

    def _edition(self, root: str, site: str) -> stubs.Edition:
        if root == "tf_keras":
            return stubs.Edition.of(TF_KERAS)
        if asked := self.asked():
            return stubs.Edition.of(asked)
        may_be_keras_2 = root == "tensorflow.keras" and installed.version_of("tf_keras", site)
        return stubs.Edition.of(installed.version_of("keras", site), *([TF_KERAS] if may_be_keras_2 else []))

    def _text(self, name: str, site: str, file: str, names: Collection[str]) -> str:
        """The stub of a public module, with the names that installed files list, and those of the version asked for."""
        modules = sorted(installed.modules_beside(name, file, site).intersection(names))
        of_keras = _of_keras(name, modules, {*names, *(ALIASES if name == "tensorflow" else ()), "keras"})
        found = dict.fromkeys(one for one in (*names, *self._asked_names(name)) if one not in {*modules, *of_keras})
        source = self.sources.get(name)
        origins = {one: source.origin(one) or "" for one in source.classes()} if source else {}
        root = root_of(name)
        lines = [stubs.module(root, path_in_keras(name) or name, found, self._edition(root, site), origins)]
        lines += [stubs.of_module(f"{name}.{one}", one) for one in modules]
        lines += [stubs.of_module(path, one) for one, path in of_keras.items()]
        if name.endswith(PROTOCOL_BUFFERS):
            lines.append(stubs.ANY_NAME)
        return "".join(lines)

    def _asked_names(self, name: str) -> list[str]:
        """What a module has in the version that is asked for, or in TensorFlow 1, and the installed one may lack."""
        asked, path = self.asked(), path_in_keras(name) or ""
        if path.startswith(VERSION_1):
            return _names_in(path, VERSIONS)
        return _names_in(path, stubs.Edition.of(asked).versions) if asked else []

    @staticmethod
    def _built(text: str, name: str, file: str) -> nodes.Module:
        return AstroidBuilder(AstroidManager(), apply_transforms=False).string_build(text, name, file)


def _names_in(path: str, versions: Collection[str]) -> list[str]:
    """The names that a module of Keras has in any of these versions."""
    short = below_root(path)
    known = imports.members(short) if short is not None else ()
    return [name for name in known if not {*versions}.isdisjoint(versions_with(f"{path}.{name}"))]


def _lacks_names(module: nodes.Module) -> bool:
    """Whether it takes all the names of a module that is not there."""
    for statement in module.body:
        if isinstance(statement, nodes.ImportFrom) and statement.names[0][0] == "*":
            try:
                statement.do_import_module()
            except AstroidBuildingError:
                return True
    return False


def root_of(name: str) -> str:
    package = name.partition(".")[0]
    return "tensorflow.keras" if package == "tensorflow" else package


def _of_keras(name: str, modules: Collection[str], names: Collection[str]) -> dict[str, str]:
    """What TensorFlow puts into itself, and where it is, but for modules of its own, as TensorFlow 1 has them."""
    if name not in SELVES:
        return {}
    keras = VERSION_1 if name.endswith("v1") else "tensorflow.keras"
    paths = {"keras": keras, **{one: f"{keras}.{one}" for one in ALIASES}}
    return {one: path for one, path in paths.items() if one in names and one not in modules}


def asks(call: nodes.Call) -> bool:
    """Whether a program asks if something has a name."""
    match call:
        case nodes.Call(func=nodes.Name(name="getattr"), args=[_, _, _]) | nodes.Call(func=nodes.Name(name="hasattr")):
            return bool(call.args)
    return False


def doubted(call: nodes.Call) -> None:
    """Let the answer be unknown where it is asked of Keras or TensorFlow: not every version has the name."""
    known = call._explicit_inference

    def infer(node: nodes.Call, context: InferenceContext | None = None, **more: object) -> Iterator[object]:
        asked = safe_infer(node.args[0])
        if isinstance(asked, nodes.Module) and asked.name.partition(".")[0] in PACKAGES:
            return iter((Uninferable,))
        found: Iterator[object] = (known or nodes.Call._infer)(node, context, **more)
        return found

    call._explicit_inference = infer


def _add(module: nodes.Module, stub: nodes.Module) -> None:
    """Let a module, which others may have by now, hold what the stub holds."""
    module.locals.update(stub.locals)
    module.body += stub.body
    for statement in stub.body:
        statement.parent = module


def _forget_signatures(cls: nodes.ClassDef) -> None:
    """Let methods take anything, as far as pylint sees, and yet have the names of what Keras gives them.

    So it neither compares the parameters of `call` in a user's layer with any other, nor reports those not used.
    """
    for method in cls.body:
        if isinstance(method, nodes.FunctionDef) and not method.args.args:
            method.args.args = None


_current: list[Lesson] = []
"""The lesson that astroid, of which a process has one, holds now."""


def begin(lesson: Lesson) -> None:
    """Teach astroid."""
    end()
    if not lesson.packages:
        return
    manager = AstroidManager()
    _forget(manager)
    for change in lesson.changes():
        manager.register_transform(*change)
    manager.register_failed_import_hook(lesson.missing)
    _current.append(lesson)


def end() -> None:
    """Take back what astroid has been taught, and forget every tree that may have been read with it."""
    manager = AstroidManager()
    for lesson in _current:
        for kind, change, is_meant in lesson.changes():
            if (change, is_meant) in manager._transform.transforms[kind]:  # `clear_cache` drops all
                manager.unregister_transform(kind, change, is_meant)
        manager._failed_import_hooks.remove(lesson.missing)
    if _current:
        _current.clear()
        _forget(manager)


def _forget(manager: AstroidManager) -> None:
    """Forget the trees of Keras and TensorFlow, and of the project: what was inferred stays with their nodes."""
    for name, module in list(manager.astroid_cache.items()):
        file = module.file or ""
        is_of_project = file.endswith(".py") and not (file.startswith(STANDARD_LIBRARY) or installed.site_of(file))
        if is_of_project or name.partition(".")[0] in PACKAGES:
            del manager.astroid_cache[name]
