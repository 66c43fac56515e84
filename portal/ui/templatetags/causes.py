"""Why something failed, in the reader's language where the words are ours."""

from django import template

from portal.ui import causes

register = template.Library()


@register.filter
def cause(message: object) -> str:
    """A cause as ``portal.ui.causes`` words it; nothing for no message."""
    return causes.worded(str(message)) if message else ""
