"""Versions of Keras as a user writes them, against those that the catalogue knows."""

from keraslint.keras_api.symbols import VERSIONS


def neighbors(version: str) -> tuple[str, ...]:
    """The version of the catalogue that this is, or the two between which it lies: what both say is true of it.

    A major version alone stands for its last release. Nothing is known of one older than the catalogue; one newer
    is taken for the newest.
    """
    asked = _key(version)
    if any(_key(known) == asked for known in VERSIONS):
        return tuple(known for known in VERSIONS if _key(known) == asked)
    below = [known for known in VERSIONS if _key(known) < asked]
    if not below:
        return ()
    above = [] if "." not in version else [known for known in VERSIONS if _key(known) > asked]
    return (below[-1], *above[:1])


def _key(version: str) -> tuple[float, float]:
    """Major and minor number; patches change no signature that the catalogue has."""
    major, *rest = version.split(".")
    return float(major), float(rest[0]) if rest else float("inf")
