"""Named places in a text that staff write: ``{{ name }}`` and nothing else.

No language stands behind it: a place is a word from a list. Values are put in once and as they are,
so that braces in a value mean nothing.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_ANYTHING = re.compile(r"\{\{([^{}]*)\}\}")
EMPTY = "–"


def names(text: str) -> list[str]:
    """What stands between double braces, in the order of the text; it need not be a name."""
    return [found.strip() for found in _ANYTHING.findall(text)]


def fill(text: str, values: Mapping[str, Any]) -> str:
    """The text with its places filled in; a dash for a value that is empty or that nobody gave."""
    return _PLACE.sub(lambda place: _shown(values.get(place[1])), text)


def problem(text: str, allowed: Collection[str]) -> str:
    """What is wrong with a text, in words that name the places allowed; "" if nothing is."""
    listed = ", ".join(f"{{{{ {name} }}}}" for name in allowed)
    unknown = [name for name in names(text) if name not in allowed]
    if unknown:
        return _("%(unknown)s is no placeholder of this field. Allowed: %(allowed)s.") % {
            "unknown": f"{{{{ {unknown[0]} }}}}",
            "allowed": listed,
        }
    rest = _ANYTHING.sub("", text)
    if "{{" in rest or "}}" in rest:
        return _("Double braces are only for placeholders. Allowed: %(allowed)s.") % {
            "allowed": listed
        }
    return ""


def _shown(value: Any) -> str:
    return str(value) if value is not None and str(value) else EMPTY
