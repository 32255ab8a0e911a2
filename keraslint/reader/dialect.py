"""Keras 1's positional arguments, brought into today's order."""

from __future__ import annotations

from keraslint.reader.machine import Arguments, Given

_KERNEL_AXES = {"Convolution2D": 2, "Convolution3D": 3, "Deconvolution2D": 2, "SeparableConvolution2D": 2}
"""Keras 1's convolutions take the number of filters, then the kernel's sizes one by one."""


def today(path: str, arguments: Arguments) -> Arguments:
    """The arguments of a call as today's Keras would take them: ``Convolution2D(32, 3, 3)`` has one kernel size.

    Only under Keras 1's own names: Keras 2 still takes this order there, and ``tf.keras`` never did.
    """
    root, _, name = path.partition(".")
    axes = _KERNEL_AXES.get(name.rpartition(".")[2])
    given = arguments.positional
    if root != "keras" or axes is None or len(given) < 1 + axes:
        return arguments
    sizes = tuple(size.value for size in given[1 : 1 + axes])
    if not all(isinstance(size, int) for size in sizes):
        return arguments
    kernel = Given(sizes, given[1].node)
    return Arguments([given[0], kernel, *given[1 + axes :]], arguments.keywords, arguments.open_ended)
