"""Every id and every chance of the emulator, from one seed."""

from random import Random
from threading import Lock


def seeded(*parts: object) -> Random:
    """Return a generator that depends on nothing but ``parts``."""
    return Random(":".join(map(str, parts)))  # noqa: S311 - repeatable data, no secret


def guid(random: Random) -> str:
    """Return a version 4 GUID in lower case."""
    text = f"{random.getrandbits(128):032x}"
    variant = "89ab"[int(text[16], 16) & 3]
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"


def short_id(random: Random) -> str:
    """Return twelve hexadecimal digits, the form of a new-commerce order id."""
    return f"{random.getrandbits(48):012x}"


class Ids:
    """Ids drawn while the emulator runs, in the order in which they are asked for."""

    def __init__(self, seed: int) -> None:
        self._random = seeded(seed, "ids")
        self._lock = Lock()

    def leap(self, *parts: object) -> None:
        """Go on with another sequence, for one that other runs have used."""
        with self._lock:
            self._random = seeded(*parts)

    def guid(self) -> str:
        with self._lock:
            return guid(self._random)

    def chance(self) -> float:
        """Return a number from 0 up to 1."""
        with self._lock:
            return self._random.random()

    def below(self, limit: int) -> int:
        """Return a whole number from 0 up to ``limit``."""
        with self._lock:
            return self._random.randrange(limit)
