"""Why something failed, in the reader's language where the words are ours.

``{{ error.message|cause }}`` is the cause alone, ``{% upstream_error error %}`` our words with Partner Center's beside.
"""

from collections.abc import Mapping
from typing import Any

from django import template

from portal.ui import causes, upstream

register = template.Library()


@register.filter
def cause(message: object) -> str:
    """A cause as ``portal.ui.causes`` words it; nothing for no message."""
    return causes.worded(str(message)) if message else ""


@register.inclusion_tag("components/upstream.html")
def upstream_error(error: Mapping[str, Any]) -> dict[str, Any]:
    """What Partner Center said to a question or a reading."""
    return {"refused": upstream.refused(error)}
