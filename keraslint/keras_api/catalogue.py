"""The generated data files as tables of undecoded lines; each file is read once, when first asked for."""

from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("data")

ROOT = "keras."  # left out of every name in the data


def lines(file: str) -> list[str]:
    return (DATA / file).read_text(encoding="utf-8").splitlines()


@cache
def symbol_lines() -> dict[str, str]:
    """Short canonical name -> kind, category, codes, bases and signatures, separated by tabs."""
    return dict(line.split("\t", 1) for line in lines("symbols.txt")[1:])


@cache
def versions() -> tuple[str, ...]:
    """The Keras versions that were asked, in ascending order; everywhere else in the data they are digits."""
    with (DATA / "symbols.txt").open(encoding="utf-8") as file:
        return tuple(file.readline().split())


@cache
def spelling_lines() -> dict[str, tuple[str, ...]]:
    """Short module name -> its lines: codes, then `Name=canonical` for each name that is spelled there."""
    found: dict[str, tuple[str, ...]] = {}
    for line in lines("spellings.txt"):
        module, _, rest = line.partition("\t")
        found[module] = (*found.get(module, ()), rest)
    return found


@cache
def modules() -> frozenset[str]:
    """Every short module name that holds a symbol or a spelling, with the packages around it."""
    found: set[str] = {""}
    for module in {name.rpartition(".")[0] for name in symbol_lines()} | spelling_lines().keys():
        add_module(found, module)
    return frozenset(found - symbol_lines().keys())  # the owner of a method is a class


def add_module(found: set[str], module: str) -> None:
    while module not in found:
        found.add(module)
        module = module.rpartition(".")[0]
