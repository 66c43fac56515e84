"""A number of seats as people write it: a total ("12") or a difference ("+5", "-3")."""

import re
from dataclasses import dataclass

# More than anybody buys, and less than a number of seats may be in the database.
MOST = 999_999_999
_WRITTEN = re.compile(r"(?P<sign>[+\-−]?)\s*(?P<digits>[0-9]{1,9})")
_TOO_LONG = re.compile(r"[+\-−]?\s*[0-9]{10,}")


@dataclass(frozen=True)
class Quantity:
    """``relative`` means that ``number`` is added to what is there."""

    number: int
    relative: bool = False

    def total(self, present: int) -> int:
        """The number of seats afterwards."""
        return present + self.number if self.relative else self.number

    def __str__(self) -> str:
        return f"{self.number:+d}" if self.relative else str(self.number)


def parse(text: str) -> Quantity | None:
    """Read what was typed; None if it is neither a total nor a difference in digits."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    number = int(found["digits"])
    sign = found["sign"]
    return Quantity(number if sign in ("", "+") else -number, relative=bool(sign))


def misread(text: str) -> str:
    """What is wrong with what ``parse`` cannot read: a word of ``orders.refusals``."""
    return "too_many" if _TOO_LONG.fullmatch(text.strip()) else "digits"
