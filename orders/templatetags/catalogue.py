"""Words of the catalogue for templates."""

from collections.abc import Iterable

from django import template

from orders.catalogue import words
from portal.ui.columns import Text

register = template.Library()

register.filter("segment_word", words.segment)
register.filter("view_word", words.view)
register.filter("kind_words", lambda row: words.listed(words.kinds(row)))
register.filter("quantity_words", words.quantity)
register.filter("refund_word", words.refund)


@register.filter
def segment_words(values: Iterable[str] | None) -> str:
    """Segments with commas."""
    return words.listed(map(words.segment, values or ()))


@register.filter
def cycle_words(values: list[str] | None) -> Text:
    """Ways of billing with commas."""
    return words.cycles([values])
