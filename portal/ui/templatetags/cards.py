"""The cards that higher rooms add to a page: ``{% cards "customer" customer %}``."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from portal.ui import cards as registry

register = template.Library()


@register.simple_tag(takes_context=True)
def cards(context: template.Context, name: str, obj: object) -> SafeString:
    """Every card of a place, one below the other."""
    engine = template.Engine.get_default()
    made = []
    for path, found in registry.filled(context["request"], name, obj):
        with context.push(**found):
            made.append((engine.get_template(path).render(context),))
    return format_html_join("", "{}", made)
