"""Columns that the lists of this app share."""

import datetime as dt

from django.utils.html import format_html
from django.utils.safestring import SafeString

from orders.models import Subscription
from portal.ui import formats, tables


class TermDateColumn(tables.DateColumn):
    """A day of Partner Center's, and how far away it is by its clock on the connection."""

    def render(self, value: dt.date, record: Subscription) -> SafeString:  # type: ignore[override] # the table passes what is named
        """Two lines."""
        away = formats.days_away(value, record.connection.today())
        return format_html("{}<small>{}</small>", formats.date_short(value), away)
