"""Having price sheets read: those of a month, of one market or of all in which there are customers."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from orders.prices import queries
from orders.prices.models import PriceSheet, SheetView
from orders.prices.part import SHEETS, month_of, sheet_id
from orders.prices.queries import COST_RIGHT
from portal.access.scope import Scope
from portal.mirror import refresh

SEE, READ = COST_RIGHT, "mirror.refresh"
MOST = 40
EARLIEST = dt.date(2019, 1, 1)


def ask(scope: Scope, market: str, month: dt.date) -> int:
    """Keep the sheets of a month from now on, and have them read at once; of how many markets."""
    places = queries.sheets_of(scope, market)[:MOST]
    for connection, name in places:
        for view in SheetView.values:
            sheet = sheet_id(name, view, month)
            kept = {"market": name, "view": view, "month": month}
            PriceSheet.objects.get_or_create(connection=connection, pc_id=sheet, defaults=kept)
            refresh.ask([refresh.Target(connection, SHEETS, parent=sheet)])
    return len(places)


def month(text: str) -> dt.date | None:
    """A month as 2026-11, this one where nothing is said; None for what is none or too far away."""
    this = month_of(timezone.now().date())
    if not text:
        return this
    try:
        found = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    upcoming = month_of(this + dt.timedelta(days=32))
    return found if EARLIEST <= found <= upcoming else None


def wrong_month() -> str:
    """What to write instead."""
    return _("Write a month as 2026-11.")
