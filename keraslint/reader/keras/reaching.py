"""By which names of a file a network may be reached, as its text shows: what holds it, and what it is made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from astroid import nodes

from keraslint.reader.machine.places import nodes_in, text_of

LIBRARIES = frozenset(("keras", "tensorflow", "tf_keras"))
"""Packages whose classes are what one takes them for."""
KEEPS_NOTHING = (*LIBRARIES, "numpy")
"""Packages whose functions remember nothing of what they are given."""
GIVES = frozenset(("call", "predict", "predict_on_batch"))
"""Methods that give tensors or arrays."""

Binding = tuple[str, nodes.NodeNG, bool]
"""A name, as it is written; a value that it has somewhere; whether that is one of the items of what stands there."""


def functions_of(module: nodes.Module) -> frozenset[str]:
    return frozenset(str(made.name) for made in nodes_in(module, nodes.FunctionDef, nodes.ClassDef))


class Ties:
    """What the names of a file have to do with each other. Two that are called the same in different functions are
    taken for one."""

    def __init__(self, module: nodes.Module) -> None:
        self._module = module
        self._imports = dict(_imports(module))
        self._bindings = [
            made for made in _bindings(module) if self._imports.get(made[0].split(".")[0]) not in KEEPS_NOTHING
        ]
        self._values: dict[str, list[nodes.NodeNG]] = defaultdict(list)
        for name, value, _ in self._bindings:
            self._values[name].append(value)

    def is_imported(self, network: nodes.NodeNG) -> bool:
        """Whether it comes from a file out of sight, whose functions may all know it."""
        return any(name.name in self._imports for name in nodes_in(network, nodes.Name))

    def is_of_keras(self, network: nodes.NodeNG) -> bool:
        """Whether a class of Keras, or one of the file, is seen to make it."""
        waiting, seen = [network], set()
        while waiting:
            node = waiting.pop()
            if isinstance(node, nodes.Call):
                made = next(iter(nodes_in(node.func, nodes.Name)), None)
                if made is not None and self._imports.get(made.name) in LIBRARIES:
                    return True
                if isinstance(made, nodes.Name) and self._is_class(made.name):
                    return True
                node = node.func
            if text_of(node) not in seen:
                seen.add(text_of(node))
                waiting += self._values[text_of(node)]
        return False

    def _is_class(self, name: str) -> bool:
        return any(made.name == name for made in nodes_in(self._module, nodes.ClassDef))

    def holding(self, network: nodes.NodeNG) -> frozenset[str]:
        """The names of what is made of the network, or is what it is kept in; not of what a call of it gives, unless a
        model is made of that."""
        holding, given = {*self._aliases(network), *_owners(network)}, set[str]()
        before = None
        while before != (before := (len(holding), len(given))):
            for name, value, _ in self._bindings:
                if any(_is_held(part, value, holding) for part in _mentions(value, holding)) or (
                    _is_model(value) and any(_mentions(value, given | holding))
                ):
                    holding.add(name)
                elif any(_mentions(value, given | holding)):
                    given.add(name)
        return frozenset(holding - {text_of(network)})

    def _aliases(self, network: nodes.NodeNG) -> set[str]:
        """The names of the network itself: what it is assigned from, and handed over as."""
        names, waiting = set[str](), [text_of(network)]
        while waiting:
            name = waiting.pop()
            if name not in names:
                names.add(name)
                bare = (value for value in self._values[name] if isinstance(value, nodes.Name | nodes.Attribute))
                waiting += [text_of(value) for value in bare if not _is_given_to(value, name)]
        return names

    def parts(self, network: nodes.NodeNG) -> frozenset[str]:
        """The names of what the network is made of, and of what is taken from that."""
        parts, waiting = set[str](), [text_of(network), *_owners(network)]
        while waiting:
            for value in self._values[waiting.pop()]:
                for name in nodes_in(value, nodes.Name, nodes.Attribute):
                    if text_of(name) not in parts and not self.is_imported(name):
                        parts.add(text_of(name))
                        waiting.append(text_of(name))
        return frozenset(
            parts | {name for name, value, is_item in self._bindings if is_item and any(_mentions(value, parts))}
        )


def _owners(network: nodes.NodeNG) -> Iterator[str]:
    """``models`` of ``models[key]`` and ``trainer`` of ``trainer.net``; of an attribute of `self` nothing."""
    while isinstance(network, nodes.Attribute | nodes.Subscript):
        network = network.expr if isinstance(network, nodes.Attribute) else network.value
        if text_of(network) != "self":
            yield text_of(network)


def _is_given_to(value: nodes.NodeNG, name: str) -> bool:
    """Whether it is no other name of something, but what a method of that gets: ``net.fit(x)``."""
    func = value.parent.func if isinstance(value.parent, nodes.Call) else None
    return isinstance(func, nodes.Attribute) and text_of(func.expr) == name


def _mentions(value: nodes.NodeNG, names: Iterable[str]) -> Iterator[nodes.NodeNG]:
    return (part for part in nodes_in(value, nodes.Name, nodes.Attribute) if text_of(part) in names)


def _is_held(part: nodes.NodeNG, value: nodes.NodeNG, names: set[str]) -> bool:
    """Whether a value keeps what it mentions, and is not just what a call of it gives, or a gradient."""
    around = whole = part
    while isinstance(whole.parent, nodes.Attribute | nodes.Subscript) and next(whole.parent.get_children()) is whole:
        whole = whole.parent
    is_called = isinstance(whole.parent, nodes.Call) and whole.parent.func is whole
    is_held = not (is_called and (text_of(whole) in names or getattr(whole, "attrname", "") in GIVES))
    while around is not value:
        around = around.parent
        if isinstance(around, nodes.Lambda):
            return True
        if isinstance(around, nodes.Call) and getattr(around.func, "attrname", "") == "gradient":
            is_held = False
    return is_held


def _is_model(value: nodes.NodeNG) -> bool:
    func = value.func if isinstance(value, nodes.Call) else None
    return str(getattr(func, "attrname", None) or getattr(func, "name", "")).endswith("Model")


def _bindings(module: nodes.Module) -> Iterator[Binding]:
    for node in nodes_in(module, nodes.Assign, nodes.AnnAssign, nodes.AugAssign, nodes.NamedExpr):
        for target in node.targets if isinstance(node, nodes.Assign) else [node.target]:
            for name in _targets(target):
                if node.value is not None:
                    yield name, node.value, False
    for node in nodes_in(module, nodes.For, nodes.Comprehension):
        for name in _targets(node.target):
            yield name, node.iter, True
    for block in nodes_in(module, nodes.With):
        yield from ((text_of(target), context, False) for context, target in block.items if target is not None)
    for function in nodes_in(module, nodes.FunctionDef):
        yield from _defaults(function)
        for node in nodes_in(function, nodes.Return):
            if node.value is not None:
                yield str(function.name), node.value, False
    functions: dict[str, list[nodes.FunctionDef]] = defaultdict(list)
    for function in nodes_in(module, nodes.FunctionDef):
        functions[_called_by(function)].append(function)
    for call in nodes_in(module, nodes.Call):
        yield from _given(call, functions)


def _targets(target: nodes.NodeNG) -> Iterator[str]:
    """The names that an assignment binds; the owner of ``owner[key]``."""
    match target:
        case nodes.Tuple(elts=parts) | nodes.List(elts=parts):
            for part in parts:
                yield from _targets(part)
        case nodes.Subscript(value=owner):
            yield text_of(owner)
        case nodes.Starred(value=part):
            yield from _targets(part)
        case _:
            yield text_of(target)


def _defaults(function: nodes.FunctionDef) -> Iterator[Binding]:
    own, values = list(reversed(function.args.arguments)), list(reversed(function.args.defaults))
    for parameter, value in zip(own, values, strict=False):
        yield str(parameter.name), value, False


def _called_by(function: nodes.FunctionDef) -> str:
    """The name by which one calls it: that of the class for its ``__init__``."""
    return str(function.parent.name if function.name == "__init__" else function.name)


def _given(call: nodes.Call, functions: dict[str, list[nodes.FunctionDef]]) -> Iterator[Binding]:
    """The parameters of a function of the file that is called, and what a method is given, which may keep it."""
    bare = [given for given in call.args if isinstance(given, nodes.Name | nodes.Attribute)]
    match call.func:
        case nodes.Name(name="setattr"):
            yield from ((text_of(call.args[0]), given, False) for given in call.args)
        case nodes.Attribute(attrname=name, expr=owner) if name != "gradient":
            yield from ((text_of(owner), given, False) for given in bare)
    match call.func:
        case nodes.Attribute(attrname=name) | nodes.Name(name=name):
            for function in functions.get(name, ()):
                is_method = isinstance(function.parent, nodes.ClassDef)
                names = [parameter.name for parameter in function.args.arguments][is_method:]
                yield from ((given, value, False) for given, value in zip(names, call.args, strict=False))
                yield from ((word.arg, word.value, False) for word in call.keywords if word.arg in names)


def _imports(module: nodes.Module) -> Iterator[tuple[str, str]]:
    """Names that imports bind, each with the package that it is of."""
    for node in nodes_in(module, nodes.Import, nodes.ImportFrom):
        for name, alias in node.names:
            path = str(node.modname) if isinstance(node, nodes.ImportFrom) else name
            package = "" if getattr(node, "level", None) else path.partition(".")[0]
            bound = alias or (name if isinstance(node, nodes.ImportFrom) else package)
            yield bound, package
