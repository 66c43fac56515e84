"""Values of the wire as plain JSON, for the columns that keep them."""

import json
from typing import Any

from portal.partnercenter import wire


def plain(value: Any) -> Any:
    """The same value without the wire's own types: a Decimal becomes the number it stands for."""
    return json.loads(wire.encode(value))
